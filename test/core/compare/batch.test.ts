/** Events in, batches out: nothing lost, nothing reordered in a lane, the first delta at once. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { EventBatcher } from '../../../src/core/compare/batch.ts';
import { type ComparisonEvent, fold, type LaneEvent, type LaneId, SCHEMA_VERSION } from '../../../src/shared/comparison.ts';
import { plan } from './fakes.ts';

function harness() {
  mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  const batches: ComparisonEvent[][] = [];
  const batcher = new EventBatcher((batch) => batches.push([...batch]), { nowMs: () => nowMs, date: () => new Date(0) }, 0);
  const lane = (id: LaneId, event: LaneEvent): void => batcher.add({ type: 'lane', lane: id, event });
  const tick = (ms: number): void => {
    nowMs += ms;
    mock.timers.tick(ms);
  };
  batcher.add({
    type: 'comparison-start',
    schema: SCHEMA_VERSION,
    id: 'x',
    startedAt: '',
    task: { kind: 'design', title: '', instruction: '', parts: [] },
  });
  return { batcher, batches, lane, tick };
}

test('the first delta of a kind leaves at once, later ones once a frame, joined', (t) => {
  const { batches, lane, tick } = harness();
  t.after(() => mock.timers.reset());
  lane('fast', { type: 'start', plan: plan('fast') });
  const before = batches.length;
  lane('fast', { type: 'text', text: 'a' });
  assert.equal(batches.length, before + 1);
  for (const text of 'bcd') lane('fast', { type: 'text', text });
  assert.equal(batches.length, before + 1);
  tick(16);
  assert.equal(batches.length, before + 2);
  assert.equal(batches.at(-1)?.length, 1);
  assert.equal(fold(batches.flat()).runs.fast?.text, 'abcd');
});

test('a busy stream flushes without its timer', (t) => {
  const { batches, lane } = harness();
  t.after(() => mock.timers.reset());
  let nowMs = 0;
  const seen: ComparisonEvent[][] = [];
  const batcher = new EventBatcher((batch) => seen.push([...batch]), { nowMs: () => nowMs, date: () => new Date(0) }, 0);
  for (let i = 0; i < 100; i++) {
    nowMs += 1;
    batcher.add({ type: 'lane', lane: 'fast', event: { type: 'text', text: 'x' } });
  }
  assert.ok(seen.length >= 6 && seen.length <= 8, String(seen.length));
  lane('fast', { type: 'start', plan: plan('fast') });
  assert.ok(batches.length > 0);
});

test('two lanes that alternate stay two events a frame, each in its own order', (t) => {
  const { batches, lane, tick, batcher } = harness();
  t.after(() => mock.timers.reset());
  for (const id of ['fast', 'reasoning'] as const) lane(id, { type: 'start', plan: plan(id) });
  lane('fast', { type: 'text', text: '0' });
  lane('reasoning', { type: 'reasoning', text: '0' });
  for (let i = 1; i < 9; i++) {
    lane('fast', { type: 'text', text: String(i) });
    lane('reasoning', { type: 'reasoning', text: String(i) });
  }
  tick(16);
  assert.equal(batches.at(-1)?.length, 2);
  lane('reasoning', { type: 'reasoning', text: 'R' });
  lane('reasoning', { type: 'text', text: 'T' });
  lane('reasoning', { type: 'reasoning', text: 'S' });
  batcher.flush();
  const state = fold(batches.flat());
  assert.equal(state.runs.fast?.text, '012345678');
  assert.equal(state.runs.reasoning?.reasoning, '012345678RS');
  assert.equal(state.runs.reasoning?.text, 'T');
});
