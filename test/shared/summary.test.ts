/** What scripts are told of a comparison: stable names, times from the sending, nothing made up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, fold, type LaneEvent, type LanePlan } from '../../src/shared/comparison.ts';
import { type LaneSummary, summarise } from '../../src/shared/summary.ts';

const PLAN: LanePlan = {
  lane: 'fast',
  model: 'mine:m',
  endpointLabel: 'Mine',
  scripted: false,
  maxOutputTokens: 100,
  system: '',
  prompt: '',
  estimate: { inputTokens: 1 },
};
const BUSY = { kind: 'overloaded', message: 'Busy.', retryable: true } as const;

function check(events: readonly (readonly [number, LaneEvent])[], expected: Partial<LaneSummary>): void {
  const log = events.map(([atMs, event], i) => ({ seq: i + 1, atMs, type: 'lane', lane: 'fast', event }) as const);
  const start = { seq: 0, atMs: 0, type: 'comparison-start', schema: 1, id: 'x', startedAt: '', task: EMPTY.task } as const;
  const { fast } = summarise(fold([start, ...log]));
  assert.ok(fast);
  const told = Object.fromEntries(Object.keys(expected).map((key) => [key, fast[key as keyof LaneSummary]])); // its own keys
  assert.deepEqual(told, expected);
}

test('times count from the sending of the attempt that counts; what was lost before stands apart', () => {
  check(
    [
      [0, { type: 'start', plan: PLAN }],
      [5, { type: 'attempt', number: 1 }],
      [10, { type: 'sent' }],
      [110, { type: 'first-byte' }],
      [120, { type: 'retry', waitMs: 1000, error: BUSY }],
      [1120, { type: 'attempt', number: 2 }],
      [1130, { type: 'sent' }],
      [1230.5, { type: 'first-byte' }],
      [1240, { type: 'first-event' }],
      [1250, { type: 'served', model: 'm-1', serviceTier: 'flex' }],
      [1330, { type: 'reasoning', text: 'hm' }],
      [1400, { type: 'resume', after: 'connection' }],
      [1530, { type: 'text', text: 'a' }],
      [2130, { type: 'end', reason: 'stop' }],
    ],
    {
      timingsMs: { firstByte: 100.5, firstEvent: 110, firstReasoning: 200, firstText: 400, end: 1000 },
      attempts: 2,
      waitedMs: 1130,
      resumes: 1,
      servedModel: 'm-1',
      serviceTier: 'flex',
      fromCache: false,
    },
  );
});

test('what did not happen is null, and what was prepared before a first sending is no waiting', () => {
  check(
    [
      [0, { type: 'start', plan: PLAN }],
      [5, { type: 'attempt', number: 1 }],
      [40, { type: 'sent' }],
      [50, { type: 'served', fromCache: true }],
      [60, { type: 'end', reason: 'aborted' }],
    ],
    {
      timingsMs: { firstByte: null, firstEvent: null, firstReasoning: null, firstText: null, end: 20 },
      waitedMs: 0,
      resumes: 0,
      serviceTier: null,
      fromCache: true,
    },
  );
});

test('a run that ended while a retry was awaited was all waiting', () => {
  check(
    [
      [0, { type: 'start', plan: PLAN }],
      [5, { type: 'attempt', number: 1 }],
      [120, { type: 'retry', waitMs: 1000, error: BUSY }],
      [500, { type: 'end', reason: 'aborted' }],
    ],
    { waitedMs: 500 },
  );
});
