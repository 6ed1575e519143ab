/** How two lanes compare in one line, and when they do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../src/shared/comparison.ts';
import type { Cost } from '../../src/shared/money.ts';
import { ratioLine } from '../../src/shared/ratio.ts';
import { DONE, error, live, REASONED, thinking, vary, waiting } from './runs.ts';

test('the ratio line', () => {
  const free: Cost = { nanoUsd: 0, basis: 'local' };
  const shown: Cost = { nanoUsd: 1_000_000, basis: 'computed', priceSource: 'illustrative' };
  const soFar = vary(thinking, { cost: { nanoUsd: 45_200_000, basis: 'estimated' } });
  const cases: [Run | undefined, Run | undefined, string][] = [
    [undefined, undefined, ''],
    [DONE, undefined, 'Only the fast lane has run.'],
    [undefined, REASONED, 'Only the reasoning lane has run.'],
    [DONE, REASONED, 'Reasoning: 6.4x slower, 14x dearer.'],
    [REASONED, DONE, 'Reasoning: 6.4x faster, 14x cheaper.'],
    [DONE, DONE, 'Reasoning: as fast, at the same price.'],
    [DONE, vary(REASONED, { cost: { nanoUsd: 85_400_000, basis: 'estimated' } }), 'Reasoning: 6.4x slower, ~14x dearer.'],
    [DONE, vary(REASONED, { cost: { basis: 'unknown' } }), 'Reasoning: 6.4x slower, price unknown.'],
    [vary(DONE, { cost: undefined }), REASONED, 'Reasoning: 6.4x slower, price unknown.'],
    [vary(DONE, { cost: free }), REASONED, 'Reasoning: 6.4x slower, $0.0854 where fast is free.'],
    [DONE, vary(REASONED, { cost: free }), 'Reasoning: 6.4x slower, free where fast costs $0.0061.'],
    [vary(DONE, { cost: free }), vary(REASONED, { cost: free }), 'Reasoning: 6.4x slower, both free.'],
    [vary(DONE, { cost: shown }), REASONED, 'Reasoning: 6.4x slower, prices not comparable.'],
    [
      vary(DONE, { cost: shown }),
      vary(REASONED, { cost: { ...shown, nanoUsd: 14_000_000 } }),
      'Reasoning: 6.4x slower, 14x dearer (illustrative prices).',
    ],
    [vary(DONE, { endedMs: 0 }), REASONED, 'Reasoning: times not comparable, 14x dearer.'],
    [vary(DONE, { cost: { nanoUsd: 1, basis: 'computed' } }), REASONED, 'Reasoning: 6.4x slower, 85,400,000x dearer.'],
    [DONE, soFar, 'Reasoning so far: at least 2.4x slower, ~7.4x dearer, still thinking.'],
    [DONE, thinking, 'Reasoning so far: at least 2.4x slower, still thinking.'],
    [vary(DONE, { endedMs: 40_000 }), thinking, 'Reasoning so far: 23 s of the 40.0 s that fast took, still thinking.'],
    [live({}), REASONED, 'Fast so far: 23 s of the 62.6 s that reasoning took, still answering.'],
    [live({}), soFar, 'Fast is answering; reasoning is thinking.'],
    [waiting, waiting, 'Both are waiting.'],
    [DONE, vary(REASONED, { finish: 'aborted' }), 'No ratio: reasoning was stopped.'],
    [vary(DONE, { finish: 'length' }), REASONED, 'No ratio: fast was cut at its output limit.'],
    [DONE, vary(REASONED, { finish: 'aborted', error: error('budget', 'x') }), 'No ratio: reasoning was stopped by the budget.'],
    [DONE, vary(REASONED, { finish: 'aborted', error: error('interrupted', 'x') }), 'No ratio: reasoning was interrupted.'],
    [vary(DONE, { finish: 'error' }), soFar, 'No ratio: fast failed.'],
    [vary(DONE, { finish: 'error' }), vary(REASONED, { finish: 'error' }), 'No ratio: neither answer is complete.'],
  ];
  for (const [fast, reasoning, text] of cases) assert.equal(ratioLine(fast, reasoning, 23_200), text);
});
