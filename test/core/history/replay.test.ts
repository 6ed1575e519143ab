/** A replay hands on every event of a log, in order, at its time divided by the pace, and waits for nothing in between. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Replay } from '../../../src/core/history/replay.ts';
import { type ComparisonEvent, fold, SCHEMA_VERSION } from '../../../src/shared/comparison.ts';
import { plan, TASK } from '../compare/fakes.ts';

const DAY_MS = 86_400_000;
const lane = (seq: number, atMs: number, event: object): ComparisonEvent =>
  ({ seq, atMs, type: 'lane', lane: 'fast', event }) as ComparisonEvent; // the test's own shapes
const LOG: readonly ComparisonEvent[] = [
  { seq: 0, atMs: 0, type: 'comparison-start', schema: SCHEMA_VERSION, id: 'x', startedAt: '2026-01-01T00:00:00Z', task: TASK },
  lane(1, 0, { type: 'start', plan: plan('fast') }),
  lane(2, 1000, { type: 'text', text: 'one' }),
  lane(3, 4000, { type: 'end', reason: 'stop' }),
  { seq: 4, atMs: 4000, type: 'comparison-end' },
  lane(5, DAY_MS, { type: 'start', plan: plan('fast') }),
  lane(6, DAY_MS + 2000, { type: 'end', reason: 'stop' }),
  { seq: 7, atMs: DAY_MS + 2000, type: 'comparison-end' },
];

function lab() {
  let nowMs = 5000;
  let frame: (() => void) | undefined;
  const seen: number[] = [];
  const changes: number[] = [];
  const replay: Replay = new Replay(LOG, {
    clock: { nowMs: () => nowMs },
    everyFrame: (call) => {
      frame = call;
      return () => {
        frame = undefined;
      };
    },
    onBatch: (batch) => seen.push(...batch.map(({ seq }) => seq)),
    onChange: () => changes.push(replay.speed),
  });
  const wait = (ms: number): void => {
    nowMs += ms;
    frame?.();
  };
  return { replay, seen, changes, wait };
}

test('events come at their times, and a pause without a run is left out', () => {
  const { replay, seen, changes, wait } = lab();
  replay.play(1);
  assert.deepEqual(seen, [0, 1]);
  wait(999);
  assert.deepEqual(seen, [0, 1]);
  wait(1);
  assert.deepEqual(seen, [0, 1, 2]);
  wait(3000);
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5], 'the next run begins at once');
  wait(2000);
  assert.equal(replay.hasEnded, true);
  assert.deepEqual(replay.state, fold(LOG));
  assert.deepEqual(changes, [1, 0]);
});

test('a faster pace divides the times; a change of pace goes on from where it is', () => {
  const { replay, seen, wait } = lab();
  replay.play(8);
  wait(124);
  assert.deepEqual(seen, [0, 1]);
  wait(1);
  assert.deepEqual(seen, [0, 1, 2]);
  replay.play(2);
  assert.equal(replay.nowMs, 1000);
  wait(1499);
  assert.deepEqual(seen, [0, 1, 2]);
  wait(1);
  assert.equal(seen.at(-1), 5);
});

test('stopped, it stands still; played after its end, it begins again', () => {
  const { replay, seen, wait } = lab();
  replay.play(1);
  wait(500);
  replay.play(0);
  wait(60_000);
  assert.equal(replay.nowMs, 500);
  assert.deepEqual(seen, [0, 1]);
  replay.play(8);
  for (let frames = 0; frames < 100 && !replay.hasEnded; frames++) wait(100);
  assert.equal(replay.hasEnded, true);
  seen.length = 0;
  replay.play(1);
  assert.deepEqual(seen, [0, 1]);
  assert.equal(replay.state.seq, 1);
});
