/** The short form of `npm run soak`: the same plays, a few of each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PartId, playAll } from './parts.ts';
import { simulateSettlements } from './settlement.ts';

const SEED = 20261122;
/** What must have happened, so that nothing is proved by plays in which nothing does. */
const SHORT: readonly (readonly [PartId, plays: number, happens: readonly string[]])[] = [
  ['schedules', 300, ['admissions', 'refusals', 'unavailable', 'kills', 'orphans']],
  ['processes', 10, ['kills', 'reserved', 'settled']],
  ['runs', 10, ['shownEvents', 'killed', 'interrupted', 'settled']],
];

for (const [part, plays, happens] of SHORT) {
  test(`${plays} ${part}`, async (t) => {
    const { failures, failed, figures } = await playAll(part, SEED, 0, plays);
    t.diagnostic(JSON.stringify(figures));
    assert.equal(failures, 0, JSON.stringify(failed, undefined, 1));
    for (const name of happens) assert.ok((figures[name] ?? 0) > 0, `no ${name}`);
    assert.equal(figures.overspentNanoUsd ?? 0, 0);
    assert.equal(figures.falseRefusals ?? 0, 0);
  });
}

test('what a stopped lane is settled at covers its true cost', (t) => {
  const settlements = simulateSettlements(SEED, 1500);
  t.diagnostic(JSON.stringify(settlements));
  assert.ok(settlements.coveredShare >= 0.99, `${settlements.coveredShare}`);
  assert.ok(settlements.medianRatio <= 1.5, `${settlements.medianRatio}`);
  assert.equal(settlements.inexact, 0);
});
