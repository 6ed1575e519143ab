/**
 * A background run is whole however its line is cut and whoever goes on with it: nothing lost, nothing doubled, paid for once. The wire is
 * the real one; its bytes are cut by hand.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Comparison } from '../../../src/core/compare/comparison.ts';
import { type Quote, quoteLane } from '../../../src/core/compare/quote.ts';
import type { Endpoint, Fetch, Price } from '../../../src/core/contracts.ts';
import { Journal } from '../../../src/core/journal/journal.ts';
import { thisProcess } from '../../../src/core/processId.ts';
import { createProvider } from '../../../src/core/providers/index.ts';
import { type ComparisonState, fold, type LaneEvent } from '../../../src/shared/comparison.ts';
import { deps, fakeLedger, price, TASK } from './fakes.ts';

const ENDPOINT: Endpoint = {
  id: 'deep',
  label: 'Deep',
  api: 'openai-responses',
  dialect: 'openai',
  baseUrl: 'https://deep.test/v1',
  needsKey: false,
};
const ID = 'resp_1';
const USAGE = { input_tokens: 100, output_tokens: 60, output_tokens_details: { reasoning_tokens: 20 } };
const THOUGHTS = ['First the grid. ', 'Then the colours. '];
const TEXT = '### card.html\n\n```html\n<p>Grüße, 世界 🎈</p>\n```\n';
const WHOLE = { text: TEXT, reasoning: THOUGHTS.join('\n\n') };

/** The stored events: two parts of thinking, an answer, its copies in `*.done` and in the end. */
const EVENTS: readonly string[] = [
  { type: 'response.queued', response: { id: ID, model: 'm', status: 'queued' } },
  { type: 'response.created', response: { id: ID, model: 'm', status: 'in_progress' } },
  { type: 'response.in_progress', response: { id: ID, model: 'm', status: 'in_progress' } },
  { type: 'response.output_item.added', output_index: 0, item: { id: 'rs', type: 'reasoning', summary: [] } },
  ...THOUGHTS.flatMap((thought, summary_index) => {
    const at = { item_id: 'rs', output_index: 0, summary_index };
    return [
      { type: 'response.reasoning_summary_part.added', ...at, part: { type: 'summary_text', text: '' } },
      ...pieces(thought).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
      { type: 'response.reasoning_summary_text.done', ...at, text: thought },
      { type: 'response.reasoning_summary_part.done', ...at, part: { type: 'summary_text', text: thought } },
    ];
  }),
  { type: 'response.output_item.added', output_index: 1, item: { id: 'msg', type: 'message', content: [] } },
  { type: 'response.content_part.added', item_id: 'msg', output_index: 1, content_index: 0, part: { type: 'output_text' } },
  ...pieces(TEXT).map((delta) => ({
    type: 'response.output_text.delta',
    item_id: 'msg',
    output_index: 1,
    content_index: 0,
    delta,
  })),
  { type: 'response.output_text.done', item_id: 'msg', output_index: 1, content_index: 0, text: TEXT },
  {
    type: 'response.completed',
    response: {
      id: ID,
      model: 'm',
      status: 'completed',
      usage: USAGE,
      output: [
        { type: 'reasoning', summary: THOUGHTS.map((text) => ({ type: 'summary_text', text })) },
        { type: 'message', content: [{ type: 'output_text', text: TEXT }] },
      ],
    },
  },
].map((event, sequence_number) => `data: ${JSON.stringify({ sequence_number, ...event })}\n\n`);

function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,5}/gu) ?? [];
}

/** How one connection goes: whole, cut after so many bytes, or refused. */
interface Line {
  readonly bytes?: number;
  readonly ending?: 'reset' | 'end' | 'silence';
  readonly status?: number;
  /** A server that does not know `starting_after`, and tells it all again. */
  readonly fromStart?: true;
  /** The machine sleeps for so long meanwhile. */
  readonly asleepMs?: number;
}

/** A server that keeps the run; connections go as given, and whole after that. */
function server(lines: readonly Line[], sleep: (ms: number) => void) {
  const calls: string[] = [];
  const fetch: Fetch = async (input, init) => {
    const url = new URL(String(input));
    const line = lines[calls.length] ?? {};
    calls.push(`${init?.method} ${url.pathname.replace('/v1', '')}${url.search}`);
    if (line.status !== undefined) return Response.json({ error: { message: 'no' } }, { status: line.status });
    const after = line.fromStart ? -1 : Number(url.searchParams.get('starting_after') ?? -1);
    const bytes = Buffer.from(EVENTS.slice(after + 1).join('')).subarray(0, line.bytes);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(bytes);
        if (line.ending === 'silence') return;
        if (line.ending === 'reset') {
          const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
          // What was written arrives first.
          setTimeout(() => {
            sleep(line.asleepMs ?? 0);
            controller.error(new TypeError('terminated', { cause: reset }));
          }, 1);
        } else controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  return { fetch, calls };
}

const quote = (at: Price = price): Promise<Quote> =>
  quoteLane(
    TASK,
    { lane: 'reasoning', ref: { endpoint: 'deep', model: 'm' }, endpoint: ENDPOINT, maxOutputTokens: 1000, background: true },
    { priceFor: async () => at },
    new Date(),
  );

interface Play {
  readonly during?: (comparison: Comparison) => void;
  readonly stored?: { readonly state: ComparisonState; readonly nowMs?: number };
  readonly price?: Price;
}

async function play(lines: readonly Line[], options: Play = {}) {
  const books = fakeLedger();
  const harness = deps({}, books.ledger);
  let sleptMs = 0;
  const { fetch, calls } = server(lines, (ms) => {
    sleptMs += ms;
  });
  const { clock } = harness.deps;
  const comparison = new Comparison(
    {
      ...harness.deps,
      clock: { ...clock, nowMs: () => clock.nowMs() + sleptMs },
      limitsFor: () => ({ firstByteMs: 60_000, idleMs: 60_000, progressMs: 60_000 }),
      sleep: async (ms) => {
        harness.slept.push(ms);
        sleptMs += ms;
      },
      providerFor: async () => createProvider(ENDPOINT, { fetch }),
    },
    options.stored ? { ...options.stored, stored: options.stored.state } : { id: 'x', task: TASK },
  );
  const quoted = await quote(options.price);
  if (options.stored) comparison.pickUp([quoted], {});
  else assert.equal(comparison.start([quoted], {}), undefined);
  options.during?.(comparison);
  await comparison.settled();
  const run = comparison.state.runs.reasoning;
  assert.ok(run);
  return { ...harness, ...books, calls, comparison, run };
}

const partsOf = ({ text, reasoning }: { text: string; reasoning: string }) => ({ text, reasoning });
/** Where each event ends, in bytes. */
const ENDS = EVENTS.map((_, i) => Buffer.byteLength(EVENTS.slice(0, i + 1).join('')));
/** After the event that names the response. */
const NAMED = ENDS[0] ?? 0;

test('uncut, it is one call that stores and goes on by itself', async () => {
  const { run, calls, settled, events } = await play([]);
  assert.deepEqual(partsOf(run), WHOLE);
  assert.deepEqual(calls, ['POST /responses']);
  assert.equal(run.resumes, undefined);
  assert.equal(settled.length, 1);
  const cursors = events.flatMap((event) =>
    event.type === 'lane' && (event.event.type === 'text' || event.event.type === 'reasoning') ? [event.event.cursor] : [],
  );
  assert.ok(cursors.length > 0 && cursors.every((cursor) => cursor !== undefined));
});

test('cut at and inside every event, once and again, it comes whole', async () => {
  const cuts = ENDS.flatMap((end, i) => [end, end + Math.floor((Buffer.byteLength(EVENTS[i + 1] ?? '') * 2) / 3)]);
  for (const bytes of cuts.filter((cut) => cut >= NAMED && cut < (ENDS.at(-1) ?? 0))) {
    for (const lines of [
      [{ bytes, ending: 'reset' }],
      [{ bytes, ending: 'end' }],
      [{ bytes, ending: 'reset' }, { bytes: 700, ending: 'end' }, { status: 503 }, { bytes: 90, ending: 'reset' }],
      [{ bytes, ending: 'reset' }, { fromStart: true }],
    ] as const) {
      const { run, settled, calls, slept } = await play(lines);
      const name = `${bytes} ${JSON.stringify(lines)}`;
      assert.deepEqual(partsOf(run), WHOLE, name);
      assert.equal(run.finish, 'stop', name);
      assert.equal(run.attempts, 1, name);
      assert.deepEqual(
        settled.map(({ cost }) => `${cost.nanoUsd} ${cost.basis}`),
        ['340000 computed'],
        name,
      );
      assert.equal(slept.length, calls.length - 1, name);
    }
  }
});

test('it is listened to again after its cursor, with growing waits', async () => {
  const cut = { bytes: ENDS[6] ?? 0, ending: 'reset' } as const;
  const { calls, slept, run } = await play([cut, { status: 502 }, { status: 429 }, { ...cut, bytes: 500 }]);
  const after = `GET /responses/${ID}?stream=true&starting_after=`;
  assert.deepEqual(calls.slice(0, 4), ['POST /responses', `${after}6`, `${after}6`, `${after}6`]);
  assert.ok(calls[4]?.startsWith(after) && calls[4] !== calls[3]);
  assert.deepEqual(slept, [1000, 2000, 4000, 1000]);
  assert.equal(run.resumes, 2, 'refused tries are none');
});

test('a machine that slept for longer than any limit hears the rest', async () => {
  const { run } = await play([{ bytes: ENDS[8] ?? 0, ending: 'reset', asleepMs: 3_600_000 }]);
  assert.deepEqual(partsOf(run), WHOLE);
  const dark = await play([{ bytes: ENDS[8] ?? 0, ending: 'reset', asleepMs: 3_600_000 }, { status: 503 }]);
  assert.equal(dark.run.error?.kind, 'overloaded', 'once');
});

test('a cut before the response is named is an ordinary failure', async () => {
  const { run, calls } = await play([{ bytes: 20, ending: 'end' }]);
  assert.deepEqual(calls, ['POST /responses']);
  assert.equal(run.error?.kind, 'protocol');
});

test('what ends a run that can no longer be heard', async (t) => {
  const cut: Line = { bytes: ENDS[8] ?? 0, ending: 'reset' };
  const forever: readonly Line[] = [cut, ...Array.from({ length: 20 }, () => ({ status: 503 }))];
  const cases: readonly (readonly [string, readonly Line[], string, RegExp])[] = [
    ['the provider forgot it', [cut, { status: 404 }], 'protocol', /no longer has this run/],
    ['the key is no longer taken', [cut, { status: 401 }], 'auth', /key/],
    ['nothing for longer than the limit', forever, 'overloaded', /overloaded/],
    ['the same, before anything was shown', [{ bytes: NAMED, ending: 'reset' }, ...forever.slice(1)], 'overloaded', /overloaded/],
  ];
  for (const [name, lines, kind, sentence] of cases) {
    await t.test(name, async () => {
      const { run, settled, holds, calls } = await play(lines);
      assert.equal(run.finish, 'error');
      assert.equal(run.error?.kind, kind);
      assert.match(run.error?.message ?? '', sentence);
      assert.equal(run.reasoning !== '', lines[0] === cut);
      assert.ok(WHOLE.reasoning.startsWith(run.reasoning), 'what came is kept');
      assert.equal(run.attempts, 1, 'nothing is sent beside a run that may go on');
      assert.deepEqual(
        settled.map(({ cost }) => [cost.nanoUsd, cost.basis]),
        [[holds[0]?.ceilingNanoUsd, 'estimated']],
      );
      assert.equal(calls.at(-1), `POST /responses/${ID}/cancel`);
    });
  }
});

test('a stop by the person or by the budget stops it at the provider; its end does not wait for that', async () => {
  const silent: readonly Line[] = [{ bytes: ENDS[8] ?? 0, ending: 'silence' }];
  const stopped = await play(silent, { during: (comparison) => setTimeout(() => comparison.stop(), 20) });
  assert.equal(stopped.run.finish, 'aborted');
  assert.equal(stopped.run.error, undefined);
  assert.deepEqual(stopped.calls, ['POST /responses', `POST /responses/${ID}/cancel`]);
  assert.equal(stopped.settled.length, 1);

  const dear: Price = { ...price, costOf: ({ outputTokens }) => (outputTokens === 1000 ? 1 : (outputTokens ?? 0) * 1_000_000) };
  const budget = await play([{ bytes: ENDS.at(-2) ?? 0, ending: 'silence' }], { price: dear });
  assert.equal(budget.run.error?.kind, 'budget');
  assert.equal(budget.calls.at(-1), `POST /responses/${ID}/cancel`);
});

test('a window that goes away leaves it open, and another one picks it up', async () => {
  const left = await play([{ bytes: ENDS[8] ?? 0, ending: 'silence' }], {
    during: (comparison) => setTimeout(() => comparison.interrupt(), 20),
  });
  assert.equal(left.run.finish, undefined);
  assert.equal(left.comparison.state.running, true);
  assert.equal(left.comparison.isRunning(), false);
  assert.deepEqual(left.settled, []);
  assert.deepEqual(left.calls, ['POST /responses'], 'it is not stopped at the provider');

  const nowMs = left.comparison.state.atMs + 90_000;
  const again = await play([], { stored: { state: left.comparison.state, nowMs } });
  assert.deepEqual(partsOf(again.run), WHOLE);
  assert.equal(again.run.resumes, 1);
  assert.equal(again.run.firstEventMs, left.run.firstEventMs);
  assert.ok((again.run.endedMs ?? 0) >= nowMs, 'the time away is part of its time');
  assert.deepEqual(again.calls, [`GET /responses/${ID}?stream=true&starting_after=${left.run.cursor}`]);
  assert.deepEqual(again.adopted, ['h1']);
  assert.deepEqual(again.settled, [{ holdId: 'h1', cost: again.run.cost }]);
  assert.deepEqual(again.events.at(-1)?.type, 'comparison-end');

  const second = { ...left.run, attempts: 2, spent: { nanoUsd: 5, basis: 'estimated' } as const };
  const stored = { state: { ...left.comparison.state, runs: { reasoning: second } } };
  const { run, settled } = await play([], { stored });
  assert.deepEqual(
    [run.cost?.nanoUsd, run.cost?.basis, run.attempts],
    [340_005, 'estimated', 2],
    'earlier attempts are in the sum',
  );
  assert.equal(settled[0]?.cost.nanoUsd, 340_000, 'and not in what this one settles');
});

test('a run that cannot be picked up ends, with the reason and with what was shown', async () => {
  const left = await play([{ bytes: ENDS[8] ?? 0, ending: 'silence' }], {
    during: (comparison) => setTimeout(() => comparison.interrupt(), 20),
  });
  const harness = deps({}, fakeLedger().ledger);
  const comparison = new Comparison(harness.deps, { stored: left.comparison.state });
  comparison.pickUp([{ lane: 'reasoning', problem: 'There is no key for Deep.' }], {});
  await comparison.settled();
  const run = comparison.state.runs.reasoning;
  assert.deepEqual([run?.finish, run?.error?.kind], ['aborted', 'interrupted']);
  assert.match(run?.error?.message ?? '', /not picked up again: There is no key for Deep\..*run the lane again/);
  assert.equal(run?.reasoning, left.run.reasoning);
  assert.equal(comparison.state.running, false);
});

test('a log torn at every byte of its end comes whole when it is picked up', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-deep-'));
  const dead = new Journal(directory, { pid: 2 ** 30 });
  const { events: told } = await play([]);
  const begun = told.slice(
    0,
    told.findIndex((event) => event.type === 'lane' && event.event.type === 'reasoning'),
  );
  // Piece by piece, as a slow model speaks: a line of the log for each.
  let part = 0;
  const spoken = EVENTS.flatMap((line, cursor): LaneEvent[] => {
    const { type, delta, summary_index } = JSON.parse(line.slice(6));
    if (!type.endsWith('.delta')) return [];
    const gap = summary_index > part ? '\n\n' : '';
    part = summary_index;
    return [{ type: type.includes('reasoning') ? 'reasoning' : 'text', text: gap + delta, cursor }];
  });
  const { seq, atMs } = begun.at(-1) ?? { seq: 0, atMs: 0 };
  const living = [
    ...begun,
    ...spoken.map((event, i) => ({ type: 'lane', lane: 'reasoning', event, seq: seq + 1 + i, atMs }) as const),
  ];
  const writer = dead.open('x', new Date(Date.now() - 60_000));
  writer.append(living);
  writer.close();
  const file = dead.fileOf('x');
  const whole = fs.readFileSync(file);
  const reader = new Journal(directory, thisProcess());
  const seen = new Set<number | undefined>();
  for (let length = whole.length; ; length -= length > whole.length - 250 ? 1 : 131) {
    fs.writeFileSync(file, whole.subarray(0, length));
    const found = reader.takeOver('x');
    if (!found) break; // torn before the response was named
    const before = found.state.runs.reasoning;
    seen.add(before?.cursor);
    assert.ok(WHOLE.text.startsWith(before?.text ?? '') && WHOLE.reasoning.startsWith(before?.reasoning ?? ''));
    const { run, events } = await play([], { stored: found });
    assert.deepEqual(partsOf(run), WHOLE, `torn at ${length}`);
    assert.deepEqual(partsOf(fold([...found.events, ...events]).runs.reasoning ?? run), WHOLE, 'as it is stored');
  }
  assert.ok(seen.size > 15, `torn in ${seen.size} places of the answer`);
  fs.rmSync(directory, { recursive: true });
});
