/**
 * A deep run in a real workbench: it goes on at the provider while the window reloads and while its line is cut, comes whole, says when it
 * is done, and stops at the provider when it is stopped. The provider is a server on loopback that implements OpenAI's background mode.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import type { LaneId, Run } from '../../src/shared/comparison.ts';
import { openProduct, type Product, see, seen, until } from '../lab/product.ts';
import { type BackgroundServer, startBackgroundServer } from '../servers/background.ts';
import type { ModelScript } from '../servers/models.ts';

const LINES = 80;
const page = (name: string): string =>
  `### card.html\n\n\`\`\`html\n${Array.from({ length: LINES }, (_, i) => `<p>${name} line ${i}.</p>`).join('\n')}\n\`\`\`\n`;

const FAST: ModelScript = { text: page('swift'), usage: { inputTokens: 400, outputTokens: 900 }, tokensPerSecond: 2000 };
const DEEP: ModelScript = {
  text: page('deep'),
  reasoning: 'First I read the spec. Then I measure the card. '.repeat(6),
  usage: { inputTokens: 400, outputTokens: 1500, reasoningTokens: 600 },
  firstDelayMs: 300,
  tokensPerSecond: 40,
};
/** 400 tokens in at 5 dollars a million, 1,500 out at 25. */
const DEEP_COST = '$0.0395';

let workbench: Product;
let server: BackgroundServer;

before(async () => {
  server = await startBackgroundServer(FAST);
  pace(0.4);
  workbench = await openProduct({
    name: 'deep',
    settings: {
      'secondThought.endpoints': {
        swift: { api: 'openai-responses', baseUrl: `${server.url}/v1` },
        deep: { api: 'openai-responses', dialect: 'openai', baseUrl: `${server.url}/v1` },
      },
      'secondThought.prices': {
        'swift:m': { inputUsdPerMTok: 1, outputUsdPerMTok: 5 },
        'deep:m': { inputUsdPerMTok: 5, outputUsdPerMTok: 25 },
      },
      'secondThought.fastModel': 'swift:m',
      'secondThought.reasoningModel': 'deep:m',
      'secondThought.deepRuns': true,
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

/** Multiplies the pace of the deep run. */
function pace(times: number): void {
  server.script((request) => {
    const isDeep = (request.json as { readonly background?: boolean } | undefined)?.background === true;
    return isDeep ? { ...DEEP, tokensPerSecond: (DEEP.tokensPerSecond ?? 1) * times } : FAST;
  });
}

const lane = (panel: FrameLocator, id: LaneId): Locator => workbench.lane(id, panel);
const answer = (panel: FrameLocator): Locator => lane(panel, 'reasoning').locator('article.answer .stream-frame');
const status = (panel: FrameLocator, id: LaneId = 'reasoning'): Locator => workbench.status(id, panel);
const cost = (panel: FrameLocator): Locator => lane(panel, 'reasoning').locator('[data-metric="cost"] .figure');

/** The newest comparison's deep run, as it is stored. */
function stored(): Run {
  const journal = workbench.journal();
  const run = journal.read(journal.list()[0] ?? '')?.state.runs.reasoning;
  assert.ok(run, 'a deep run is stored');
  return run;
}

/** Nothing lost and nothing doubled: on disk to the letter, in the page each line once. */
async function comesWhole(panel: FrameLocator): Promise<void> {
  await see(status(panel), 'Done');
  const run = stored();
  assert.equal(run.text, DEEP.text);
  assert.equal(run.reasoning, DEEP.reasoning);
  const shown = (await answer(panel).allTextContents()).join('\n');
  for (let i = 0; i < LINES; i++) assert.equal(shown.split(`deep line ${i}.`).length, 2, `line ${i} is there once`);
  assert.equal(await cost(panel).innerText(), DEEP_COST);
}

async function start(): Promise<FrameLocator> {
  await workbench.openFile('pricing-card.md');
  await workbench.run('Compare Models on File');
  return workbench.webview();
}

test('what a deep run leaves at the provider is said before it is sent', () =>
  workbench.check(async () => {
    await start();
    const dialog = workbench.dialog('Send pricing-card.md');
    await seen(dialog);
    assert.match(await dialog.innerText(), /Reasoning runs in the background: .*stores the request and the answer/);
    await workbench.screenshot('consent');
    assert.equal(server.runs.length, 0);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  }));

test('a window reloaded in mid-run brings the deep run back, and it comes whole', () =>
  workbench.check(async () => {
    const panel = workbench.webview();
    await see(status(panel, 'fast'), 'Done');
    await see(answer(panel), 'deep line 3.');
    await workbench.reload();
    const [run] = server.runs;
    assert.equal(run?.status, 'in_progress', 'it goes on without the window');
    await workbench.tab('Pricing card').first().click();
    const again = workbench.webview();
    await see(answer(again), 'deep line 3.');
    await see(status(again), 'Answering');
    await see(lane(again, 'reasoning'), 'went on while its window was away');
    await workbench.screenshot('picked-up');
    await comesWhole(again);
    assert.equal(run?.listeners.length, 2);
    assert.ok((run?.listeners[1]?.after ?? -1) > 0, 'only the rest is asked for');
    assert.equal(stored().resumes, 1);
    assert.equal(stored().attempts, 1);
    await see(status(again, 'fast'), 'Done');
    await see(workbench.statusBarItem('left'), '$0.0444');
    await workbench.screenshot('done');
    await workbench.closeEditors();
  }));

test('a run that ends while the window is away is read when it comes back', () =>
  workbench.check(async () => {
    pace(2);
    const panel = await start();
    await see(answer(panel), 'deep line 2.');
    server.cutEvery(0); // nobody gets through until the run has ended
    server.cutLines();
    await workbench.reload();
    await until('it has ended there', () => server.runs.at(-1)?.status === 'completed');
    server.cutEvery(undefined);
    await workbench.tab('Pricing card').first().click();
    await comesWhole(workbench.webview());
    await workbench.closeEditors();
  }));

test('a cut line is made again, and its end is announced to whoever looks elsewhere', () =>
  workbench.check(async () => {
    pace(2);
    const panel = await start();
    await see(answer(panel), 'deep line 2.');
    server.cutLines();
    await see(answer(panel), 'deep line 8.');
    await workbench.openFile('pricing-card.md');
    const toast = workbench.toast('has ended');
    await seen(toast);
    await workbench.screenshot('announced');
    await toast.first().getByRole('button', { name: 'Show' }).click();
    await comesWhole(workbench.webview());
    assert.equal(stored().resumes, 1);
    await workbench.closeEditors();
  }));

test('stopping it stops it at the provider', () =>
  workbench.check(async () => {
    pace(0.5);
    const panel = await start();
    await see(answer(panel), 'deep line 1.');
    await lane(panel, 'reasoning').getByRole('button', { name: /stop/i }).first().click();
    await see(status(panel), 'Stopped');
    await until('it is stopped there', () => server.runs.at(-1)?.status === 'cancelled');
    assert.match(await cost(panel).innerText(), /^~\$/);
    await workbench.screenshot('stopped');
  }));
