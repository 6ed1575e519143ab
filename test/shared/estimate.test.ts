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

test('with the tokens in, and where the likely figure comes from', () => {
  const usual: Estimate = { ...known, likelyOutputTokens: 100, likelyFromRuns: 7 };
  const guess: Estimate = { ...usual, inputTokens: 3412, inputTokensRange: [2729, 4265] };
  const counted: Estimate = { ...usual, inputTokens: 3398, inputTokensRange: [3398, 3482], inputBasis: 'counted' };
  assert.equal(
    estimateSentence(state({ fast: guess })),
    'Estimated before the run: at least $0.0010, likely $0.0200, by your last 7 answers, at most $0.6000. Fast: about 3,400 tokens in (2,700 to 4,300).',
  );
  assert.equal(
    estimateSentence(state({ fast: guess, reasoning: counted })),
    'Estimated before the run: at least $0.0020, likely $0.0400, by your earlier answers, at most $1.20. ' +
      'Fast: about 3,400 tokens in (2,700 to 4,300). Reasoning: 3,398 tokens in, counted by A.',
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
