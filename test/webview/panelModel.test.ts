/** The page's clock: the log's, at the pace of a replay. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, LANES } from '../../src/shared/comparison.ts';
import type { PanelContext, ToWebview } from '../../src/shared/protocol.ts';
import { PanelModel } from '../../src/webview/panelModel.ts';

const snapshot = (replay: PanelContext['replay'], nowMs: number): Extract<ToWebview, { type: 'snapshot' }> => ({
  type: 'snapshot',
  state: { ...EMPTY, seq: 0, id: 'x', atMs: 1000 },
  context: { files: {}, laneOrder: LANES, canUndoApply: false, ...(replay ? { replay } : {}) },
  nowMs,
});

const CASES: readonly (readonly [name: string, replay: PanelContext['replay'], after100Ms: number])[] = [
  ['a comparison', undefined, 2100],
  ['a replay at its own pace', { speed: 1, hasEnded: false }, 2100],
  ['a replay eight times as fast', { speed: 8, hasEnded: false }, 2800],
  ['a replay that stands still', { speed: 0, hasEnded: false }, 2000],
];
for (const [name, replay, after100Ms] of CASES)
  test(`the clock of ${name}`, () => {
    const model = new PanelModel();
    model.receive(snapshot(replay, 2000), 500);
    assert.equal(model.nowMs(500), 2000);
    assert.equal(model.nowMs(600), after100Ms);
    model.receive({ type: 'events', events: [{ seq: 1, atMs: 5000, type: 'comparison-end' }] }, 600);
    assert.equal(model.nowMs(600), 5000, 'never before the last event');
  });

test('a change of pace goes on from where it was', () => {
  const model = new PanelModel();
  model.receive(snapshot({ speed: 1, hasEnded: false }, 2000), 500);
  model.receive(snapshot({ speed: 8, hasEnded: false }, 2100), 600);
  assert.equal(model.nowMs(700), 2900);
});
