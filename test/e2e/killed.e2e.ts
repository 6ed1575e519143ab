/**
 * The extension host killed in mid-run, in a real workbench, from the packaged extension: nothing that the page showed is lost, the lane
 * says what became of it and offers to run again, and the ledger balances once whoever lives has settled what the dead one held. Every
 * message to the page is read in the page itself, so what was shown is known to the event.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalRecord } from '../../src/core/journal/reading.ts';
import { type ComparisonEvent, type ComparisonState, LANES, type LaneId } from '../../src/shared/comparison.ts';
import type { ToWebview } from '../../src/shared/protocol.ts';
import { openProduct, type Product, see, seen, swiftAndCareful, until } from '../lab/product.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';
import { imbalance, openIn, readRows } from '../soak/books.ts';
import { randomOf, seedOf } from '../soak/random.ts';

const KILLS = 5;
/** Of the moments of the kills: another one gives other moments. */
const SEED = Number(process.env.SECOND_THOUGHT_SEED ?? 20261122);
/** Within so many events the fast lane may end; the reasoning lane never does. */
const MOST_EVENTS = 60;
/** A minute is promised, and the next look of a living window may be a while after what it looks for. */
const SETTLED_MS = 60_000 + 40_000;
const TEXT = 'The card holds three plans, each with a price, a list of features and one button.\n';
const THOUGHT = 'First I read the spec, then I measure the card. ';

let workbench: Product;
let server: ModelServer;
/** What the host told the page of the present comparison, oldest first. */
let told: ToWebview[] = [];
/** What is shown of each killed comparison after it was opened again. */
const reopened: ComparisonState[] = [];

before(async () => {
  server = await startModelServer((request) =>
    request.path.endsWith('/messages')
      ? {
          text: TEXT.repeat(300),
          reasoning: THOUGHT.repeat(4),
          usage: { inputTokens: 400, outputTokens: 6000 },
          tokensPerSecond: 60,
        }
      : { text: TEXT.repeat(6), usage: { inputTokens: 400, outputTokens: 120 }, tokensPerSecond: 60 },
  );
  workbench = await openProduct({
    name: 'killed',
    settings: {
      ...swiftAndCareful(server.url),
      'secondThought.budget.perDayUsd': 20,
    },
  });
  await workbench.context.exposeBinding('tellTest', (_source, message: ToWebview) => told.push(message));
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const ledgerFile = (): string => join(workbench.stateFolder, 'ledger.sqlite');
const journal: Product['journal'] = () => workbench.journal();
const lane: Product['lane'] = (id) => workbench.lane(id);
const eventsTold = (): readonly ComparisonEvent[] => told.flatMap((message) => (message.type === 'events' ? message.events : []));

/** Starts a comparison and listens to what its page is told. */
async function compare(): Promise<JournalRecord> {
  const before = journal().list()[0];
  told = [];
  await workbench.openFile('pricing-card.md');
  await workbench.run('Compare Models on File');
  if (before === undefined) {
    const consent = workbench.dialog('Send pricing-card.md');
    await consent.getByRole('button', { name: 'Send', exact: true }).click();
  }
  await seen(lane('reasoning'));
  await workbench.webview().locator('body').evaluate("addEventListener('message', ({ data }) => tellTest(data))"); // the binding made above
  await until('a comparison is stored', () => journal().list()[0] !== before);
  const record = journal().read(journal().list()[0] ?? '');
  assert.ok(record);
  return record;
}

/** SIGKILL for the process that writes the comparison, which is this profile's extension host. */
async function kill({ owner }: JournalRecord): Promise<void> {
  assert.ok(owner && owner.pid !== process.pid);
  const { pid } = owner;
  process.kill(pid, 'SIGKILL');
  await until('the process is gone', () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
}

/** What a page shows of a lane, thinking and answer, without what is between the blocks. */
async function shownText(id: LaneId): Promise<string> {
  const texts = await lane(id).locator('.stream-frame .stream-place').allTextContents();
  return texts.join('').replace(/\s/g, '');
}

for (let n = 0; n < KILLS; n++) {
  const random = randomOf(seedOf(SEED, n));
  const events = random.int(1, MOST_EVENTS);
  const laterMs = random.next() * 50;
  const isReloaded = n % 2 === 0;
  test(`killed ${laterMs.toFixed(1)} ms after event ${events}, then ${isReloaded ? 'reloaded' : 'restarted by VS Code'}: nothing shown is lost`, () =>
    workbench.check(async () => {
      const record = await compare();
      const { id } = record.state;
      await until(`${events} events to the page`, () => eventsTold().length >= events);
      await sleep(laterMs);
      await kill(record);
      // What was on its way to the page arrives; the page stays as it is, for nobody tells it more.
      const shown = Object.fromEntries(await Promise.all(LANES.map(async (each) => [each, await shownText(each)] as const)));
      await workbench.screenshot(`killed-${n}`);
      if (isReloaded) await workbench.reload();
      await workbench.closeEditors();
      await workbench.run('Open Last Comparison');

      const status = lane('reasoning').locator('.status');
      await see(
        status,
        /Interrupted: the window closed\. (Kept what was shown|Nothing had been shown)[,;] (about \$\d|what was billed is not known)/,
      );
      await seen(status.getByText('Run again'));
      await workbench.screenshot(`reopened-${n}`);
      const stored = journal().read(id);
      assert.ok(stored && !stored.damage && !stored.state.running);
      reopened.push(stored.state);
      for (const event of eventsTold()) assert.deepEqual(stored.events[event.seq], event);
      for (const each of LANES) {
        const kept = await shownText(each);
        assert.ok(kept.startsWith(shown[each] ?? '?'), `${each} showed ${shown[each]?.slice(-80)}, and now ${kept.slice(-80)}`);
      }
    }));
}

test('a minute later every hold of the dead is settled once, and the ledger balances', () =>
  workbench.check(async () => {
    await until('all holds are settled', () => openIn(readRows(ledgerFile())).length === 0, SETTLED_MS);
    assert.equal(reopened.length, KILLS);
    assert.deepEqual(imbalance(readRows(ledgerFile()), reopened), []);
    await workbench.screenshot('settled');
  }));
