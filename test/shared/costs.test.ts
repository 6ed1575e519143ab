/** Sums that tell known from unknown, and real money from an illustration. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, type Run } from '../../src/shared/comparison.ts';
import { comparisonCost } from '../../src/shared/costs.ts';
import { DONE, REASONED, vary, waiting } from './runs.ts';

test('the cost of a comparison', () => {
  const sum = (...runs: Run[]) => comparisonCost({ ...EMPTY, runs: runs[0] ? { fast: runs[0] } : {}, earlier: runs.slice(1) });
  assert.deepEqual(sum(), { isEstimate: false, unknownRuns: 0 });
  assert.deepEqual(sum(DONE, REASONED), { nanoUsd: 91_500_000, isEstimate: false, unknownRuns: 0 });
  assert.deepEqual(sum(vary(DONE, { cost: { nanoUsd: 5, basis: 'estimated' } })), {
    nanoUsd: 5,
    isEstimate: true,
    unknownRuns: 0,
  });
  assert.deepEqual(sum(DONE, vary(DONE, { cost: undefined })), { nanoUsd: 6_100_000, isEstimate: false, unknownRuns: 1 });
  assert.deepEqual(sum(vary(DONE, { cost: { basis: 'unknown' } })), { isEstimate: false, unknownRuns: 1 });
  assert.deepEqual(sum(waiting), { isEstimate: false, unknownRuns: 0 });
  const shown = vary(DONE, { cost: { nanoUsd: 7, basis: 'computed', priceSource: 'illustrative' } });
  assert.deepEqual(sum(shown), { illustrativeNanoUsd: 7, isEstimate: false, unknownRuns: 0 });
});
