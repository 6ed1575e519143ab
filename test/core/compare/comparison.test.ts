/** A comparison from quotes to its last event: money held before anything is sent, settled once, lanes apart from each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Comparison, newComparisonId } from '../../../src/core/compare/comparison.ts';
import { INTERRUPTED } from '../../../src/core/compare/interrupted.ts';
import { type Quote, quoteLane } from '../../../src/core/compare/quote.ts';
import type { Ledger, Limits, Price, Provider } from '../../../src/core/contracts.ts';
import { fold, type LaneId } from '../../../src/shared/comparison.ts';
import type { ModelError, StreamEvent } from '../../../src/shared/model.ts';
import { deps, endpoint, fakeLedger, price, scripted, TASK } from './fakes.ts';

const USAGE = { inputTokens: 100, outputTokens: 50, basis: 'reported' } as const;
const answer = (text: string): StreamEvent[] => [
  { type: 'first-byte' },
  { type: 'response-start', servedModel: 'served' },
  { type: 'text-delta', text },
  { type: 'usage', usage: USAGE },
  { type: 'finish', reason: 'stop' },
];
const failure = (error: Partial<ModelError>): StreamEvent => ({
  type: 'finish',
  reason: 'error',
  error: { kind: 'overloaded', message: 'The server is busy.', retryable: true, ...error },
});

const quote = (lane: LaneId, at?: Price | undefined): Promise<Quote> =>
  quoteLane(
    TASK,
    { lane, ref: { endpoint: 'fake', model: lane }, endpoint, maxOutputTokens: 1000 },
    { priceFor: async () => at },
    new Date(),
  );

async function run(
  providers: Partial<Record<LaneId, Provider>>,
  options: { price?: Price | undefined; limitNanoUsd?: number; during?: (comparison: Comparison) => void } = {},
) {
  const books = fakeLedger(options.limitNanoUsd);
  const harness = deps(providers, books.ledger);
  const comparison = new Comparison(harness.deps, { id: 'x', task: TASK });
  const at = 'price' in options ? options.price : price;
  const lanes = Object.keys(providers) as LaneId[]; // the keys are lanes by its type
  const refusal = comparison.start(await Promise.all(lanes.map((lane) => quote(lane, at))), {});
  options.during?.(comparison);
  await comparison.settled();
  return { ...harness, ...books, comparison, refusal, state: fold(harness.events) };
}

test('both lanes run, settle exactly, and the log folds to the live state', async () => {
  const { state, comparison, settled, events } = await run({ fast: scripted(answer('A')), reasoning: scripted(answer('B')) });
  assert.equal(state.runs.fast?.text, 'A');
  assert.equal(state.runs.reasoning?.text, 'B');
  assert.deepEqual(state, comparison.state);
  assert.equal(events.at(-1)?.type, 'comparison-end');
  assert.deepEqual(
    settled.map(({ cost }) => [cost.nanoUsd, cost.basis]),
    [
      [300_000, 'computed'],
      [300_000, 'computed'],
    ],
  );
});

test('another price class than the listed one makes the cost an estimate, and is said', async () => {
  const listed: Price = { ...price, source: 'genai-prices 0.1.8' };
  const served = (serviceTier: string): StreamEvent[] => [{ type: 'response-start', serviceTier }, ...answer('A')];
  const { state, settled } = await run(
    { fast: scripted(served('priority')), reasoning: scripted(served('default')) },
    { price: listed },
  );
  assert.deepEqual(
    settled.map(({ cost }) => [cost.nanoUsd, cost.basis]),
    [
      [750_000, 'estimated'],
      [300_000, 'computed'],
    ],
  );
  assert.match(state.runs.fast?.notices.join() ?? '', /price class “priority”: it costs up to 2\.5 times/);
  assert.deepEqual(state.runs.reasoning?.notices, []);
});

test('hold before spend: a refusal starts nothing and writes nothing', async () => {
  const fast = scripted(answer('A'));
  const { refusal, events, holds } = await run({ fast }, { limitNanoUsd: 1 });
  assert.equal(refusal?.window, 'run');
  assert.equal(fast.calls, 0);
  assert.deepEqual(events, []);
  assert.deepEqual(holds, []);
});

test('one lane cannot fail the other', async () => {
  const { state } = await run({
    fast: scripted([failure({ retryable: false, kind: 'auth' })]),
    reasoning: scripted(answer('B')),
  });
  assert.equal(state.runs.fast?.finish, 'error');
  assert.equal(state.runs.fast?.error?.kind, 'auth');
  assert.equal(state.runs.reasoning?.finish, 'stop');
});

test('retries happen while nothing was shown, and only then, each on a hold of its own', async () => {
  const retried = await run({
    fast: scripted([failure({ status: 529 })], [failure({ status: 429, retryAfterMs: 5000 })], answer('A')),
  });
  assert.equal(retried.state.runs.fast?.text, 'A');
  assert.equal(retried.state.runs.fast?.attempts, 3);
  assert.equal(retried.slept[1], 5000);
  assert.equal(retried.holds.length, 3);
  assert.deepEqual(
    retried.settled.map(({ cost }) => cost.nanoUsd),
    [0, 0, 300_000],
  );

  const overloadedInside = await run({
    fast: scripted([{ type: 'first-byte' }, { type: 'response-start', servedModel: 'busy' }, failure({})], answer('A')),
  });
  const { fast } = overloadedInside.state.runs;
  assert.equal(fast?.text, 'A');
  assert.equal(fast?.attempts, 2);
  assert.equal(fast?.servedModel, 'served');
  assert.ok((fast?.firstByteMs ?? 0) > (fast?.attemptMs ?? 0), 'the first byte is that of the attempt that counts');
  assert.equal(fast?.cost?.basis, 'estimated');
  assert.ok((fast?.cost?.nanoUsd ?? 0) > 300_000, 'the first attempt is in the sum');

  const shownThinking = await run({
    fast: scripted([{ type: 'first-byte' }, { type: 'reasoning-delta', text: 'hm' }, failure({})], answer('A')),
  });
  assert.equal(shownThinking.state.runs.fast?.attempts, 1);

  const wrongPage = await run({ fast: scripted([{ type: 'first-byte' }, failure({ kind: 'protocol' })], answer('A')) });
  assert.equal(wrongPage.state.runs.fast?.attempts, 1);

  const shown = await run({
    fast: scripted([{ type: 'first-byte' }, { type: 'text-delta', text: 'half' }, failure({})], answer('A')),
  });
  assert.equal(shown.state.runs.fast?.text, 'half');
  assert.equal(shown.state.runs.fast?.finish, 'error');
  assert.equal(shown.state.runs.fast?.cost?.basis, 'estimated');

  const tooLong = await run({ fast: scripted([failure({ status: 429, retryAfterMs: 3_600_000 })], answer('A')) });
  assert.equal(tooLong.state.runs.fast?.attempts, 1);
});

test('a count by the model’s own tokenizer replaces ours, and stays an estimate', async () => {
  const counted = { inputTokens: 777, outputTokens: 55, reasoningTokens: 5, basis: 'estimated' } as const;
  const { state } = await run({
    fast: scripted([
      { type: 'first-byte' },
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'text-delta', text: 'A' },
      { type: 'usage', usage: counted },
      { type: 'finish', reason: 'stop' },
    ]),
  });
  assert.deepEqual(state.runs.fast?.usage, counted);
  assert.equal(state.runs.fast?.cost?.basis, 'estimated');
});

test('a person stops one lane; its text is kept and its cost is an estimate', async () => {
  const fast = scripted([{ type: 'first-byte' }, { type: 'text-delta', text: 'so far' }, 'wait']);
  const { state, settled } = await run(
    { fast, reasoning: scripted(answer('B')) },
    { during: (comparison) => setTimeout(() => comparison.stop('fast'), 20) },
  );
  assert.equal(state.runs.fast?.finish, 'aborted');
  assert.equal(state.runs.fast?.error, undefined);
  assert.equal(state.runs.fast?.text, 'so far');
  assert.equal(state.runs.reasoning?.finish, 'stop');
  assert.equal(settled.length, 2);
  assert.equal(state.runs.fast?.cost?.basis, 'estimated');
});

test('a window that goes away leaves an interrupted lane', async () => {
  const fast = scripted([{ type: 'first-byte' }, { type: 'text-delta', text: 'so far' }, 'wait']);
  const during = (comparison: Comparison) => setTimeout(() => comparison.interrupt(), 20);
  const { state, settled } = await run({ fast }, { during });
  const free = await run({ fast }, { during, price: undefined });
  assert.equal(free.state.runs.fast?.settled, undefined, 'of what they were not told they say nothing');
  assert.deepEqual(state.runs.fast?.error, INTERRUPTED);
  assert.deepEqual(state.runs.fast?.settled, state.runs.fast?.cost, 'the books say the same, and the log knows it');
  assert.equal(settled.length, 1);
});

test('a lane that crosses its cap is stopped mid-stream, its text kept', async () => {
  const flood: StreamEvent[] = Array.from({ length: 3000 }, () => ({ type: 'text-delta', text: 'word word ' }));
  const { state, settled } = await run({ fast: scripted([{ type: 'first-byte' }, ...flood, 'wait']) });
  assert.equal(state.runs.fast?.finish, 'aborted');
  assert.equal(state.runs.fast?.error?.kind, 'budget');
  assert.ok((state.runs.fast?.text.length ?? 0) > 0);
  assert.equal(settled[0]?.cost.basis, 'estimated');
});

test('an unknown price stays unknown, never 0', async () => {
  const { state, unpriced, settled } = await run({ fast: scripted(answer('A')) }, { price: undefined });
  assert.deepEqual(state.runs.fast?.cost, { basis: 'unknown' });
  assert.deepEqual(unpriced, ['fast']);
  assert.deepEqual(settled, []);
});

test('a provider that breaks its promise cannot break the comparison', async () => {
  const silent = scripted([]);
  const throwing: Provider = {
    prepare: async () => undefined,
    stream() {
      throw new Error('a bug');
    },
    listModels: async () => [],
  };
  const { state } = await run({ fast: silent, reasoning: throwing });
  assert.equal(state.runs.fast?.error?.kind, 'protocol');
  assert.equal(state.runs.reasoning?.error?.kind, 'unknown');
  assert.equal(state.running, false);
});

test('a lane runs again in the same log', async () => {
  const books = fakeLedger();
  const harness = deps({ fast: scripted(answer('one'), answer('two')) }, books.ledger);
  const comparison = new Comparison(harness.deps, { id: 'x', task: TASK });
  comparison.start([await quote('fast', price)], {});
  await comparison.settled();
  const again = new Comparison(harness.deps, { stored: comparison.state });
  again.start([await quote('fast', price)], {});
  await again.settled();
  const state = fold(harness.events);
  assert.equal(state.runs.fast?.text, 'two');
  assert.equal(state.earlier[0]?.text, 'one');
});

test('a limit that is changed in mid-run holds for the retry', async () => {
  const books = fakeLedger();
  const asked: Limits[] = [];
  const ledger: Ledger = {
    ...books.ledger,
    reserve: (id, holds, limits) => {
      asked.push(limits);
      return books.ledger.reserve(id, holds, limits);
    },
  };
  const harness = deps({ fast: scripted([failure({ status: 529 })], answer('A')) }, ledger);
  const comparison = new Comparison(harness.deps, { id: 'x', task: TASK });
  let limits: Limits = { perDayNanoUsd: 2 };
  comparison.start([await quote('fast', price)], () => limits);
  limits = { perDayNanoUsd: 1 };
  await comparison.settled();
  assert.deepEqual(asked, [{ perDayNanoUsd: 2 }, { perDayNanoUsd: 1 }]);
});

test('ids sort by time', () => {
  const early = newComparisonId(new Date('2026-01-01T00:00:00.001Z'), () => 0.9);
  const late = newComparisonId(new Date('2026-01-01T00:00:00.002Z'), () => 0.1);
  assert.ok(early < late);
  assert.match(early, /^[\w-]+$/);
});
