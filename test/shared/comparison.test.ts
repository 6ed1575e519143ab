/** The fold: events in, state out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComparisonEvent, EMPTY, fold, type LaneEvent, type LanePlan, reduce } from '../../src/shared/comparison.ts';

const plan: LanePlan = {
  lane: 'fast',
  model: 'a:b',
  endpointLabel: 'A',
  scripted: false,
  maxOutputTokens: 10,
  system: '',
  prompt: '',
  estimate: { inputTokens: 1 },
};

/** A log of one lane: each event a millisecond after the other. */
function log(...events: LaneEvent[]): ComparisonEvent[] {
  return [
    { seq: 0, atMs: 0, type: 'comparison-start', schema: 1, id: 'x', startedAt: '2026-01-01T00:00:00Z', task: EMPTY.task },
    ...events.map((event, i) => ({ seq: i + 1, atMs: i + 1, type: 'lane', lane: 'fast', event }) as const),
  ];
}
const run = (...events: LaneEvent[]) => fold(log({ type: 'start', plan }, ...events)).runs.fast;

test('facts are folded as they happened', () => {
  const state = run(
    { type: 'attempt', number: 1 },
    { type: 'first-byte' },
    { type: 'reasoning', text: 'a' },
    { type: 'reasoning', text: 'b' },
    { type: 'text', text: 'c' },
    { type: 'reasoning', text: 'late' },
    { type: 'usage', usage: { outputTokens: 1, basis: 'estimated' } },
    { type: 'usage', usage: { outputTokens: 5, basis: 'reported' } },
    { type: 'end', reason: 'stop' },
  );
  assert.deepEqual(
    { ...state, plan: undefined },
    {
      plan: undefined,
      status: 'ended',
      attempts: 1,
      text: 'c',
      reasoning: 'ablate',
      startedMs: 1,
      attemptMs: 2,
      firstByteMs: 3,
      firstReasoningMs: 4,
      lastReasoningMs: 7,
      lastSignMs: 7,
      lastDeltaMs: 7,
      firstTextMs: 6,
      notices: [],
      usage: { outputTokens: 5, basis: 'reported' },
      finish: 'stop',
      endedMs: 10,
    },
  );
});

test('a gap is an error, never a guess', () => {
  const [first, second, third] = log({ type: 'start', plan }, { type: 'first-byte' });
  assert.ok(first && second && third);
  assert.throws(() => reduce(reduce(EMPTY, first), third), RangeError);
  assert.throws(() => reduce(reduce(EMPTY, first), first), RangeError);
  assert.equal(reduce(reduce(EMPTY, first), second).seq, 1);
});

test('a lane that starts again keeps what it was', () => {
  const state = fold(
    log({ type: 'start', plan }, { type: 'text', text: 'one' }, { type: 'end', reason: 'stop' }, { type: 'start', plan }),
  );
  assert.equal(state.runs.fast?.text, '');
  assert.deepEqual(
    state.earlier.map((earlier) => earlier.text),
    ['one'],
  );
  assert.equal(state.running, true);
});

test('an attempt after a retry is not timed from the first', () => {
  const error = { kind: 'overloaded', message: 'busy', retryable: true } as const;
  const state = run(
    { type: 'attempt', number: 1 },
    { type: 'first-byte' },
    { type: 'served', model: 'a', responseId: 'b' },
    { type: 'retry', waitMs: 5, error },
    { type: 'attempt', number: 2 },
  );
  assert.equal(state?.attemptMs, 6);
  assert.deepEqual([state?.firstByteMs, state?.servedModel, state?.responseId], [undefined, undefined, undefined]);
  assert.equal(state?.attempts, 2);
  assert.equal(state?.retry, undefined);
});
