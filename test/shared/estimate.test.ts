/** What is said of money before a run: sums of what is known, nothing where anything is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComparisonEvent, EMPTY, type Estimate, fold, type LaneId } from '../../src/shared/comparison.ts';
import { estimatedCost, estimateSentence } from '../../src/shared/metrics.ts';

const known: Estimate = { inputTokens: 1, floorNanoUsd: 1_000_000, likelyNanoUsd: 20_000_000, ceilingNanoUsd: 600_000_000 };

function state(estimates: Partial<Record<LaneId, Estimate>>, scripted = false) {
  const starts = Object.entries(estimates).map(([lane, estimate], i) => {
    const plan = { lane, model: 'a:b', endpointLabel: 'A', scripted, maxOutputTokens: 1, system: '', prompt: '', estimate };
    return { seq: i + 1, atMs: 0, type: 'lane', lane, event: { type: 'start', plan } } as ComparisonEvent; // lanes are lanes by its type
  });
  return fold([{ seq: 0, atMs: 0, type: 'comparison-start', schema: 1, id: 'x', startedAt: '', task: EMPTY.task }, ...starts]);
}

test('both lanes together', () => {
  assert.equal(
    estimateSentence(state({ fast: known, reasoning: known })),
    'Estimated before the run: at least $0.0020, likely $0.0400, at most $1.20.',
  );
});

for (const [what, estimates, scripted] of [
  ['an unknown price', { fast: known, reasoning: { inputTokens: 1 } }, false],
  ['the scripted sample', { fast: known, reasoning: known }, true],
  ['nothing started', {}, false],
] as const) {
  test(`${what} has no estimate`, () => {
    assert.equal(estimatedCost(state(estimates, scripted)), undefined);
    assert.equal(estimateSentence(state(estimates, scripted)), '');
  });
}
