/** What is said before a run: sums of what is known, nothing where anything is not; a guess with its band, a count with who counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComparisonEvent, EMPTY, fold, type LaneId } from '../../src/shared/comparison.ts';
import { estimatedCost, estimateSentence, inputWords, likelyBasis } from '../../src/shared/estimateWords.ts';
import type { Estimate } from '../../src/shared/sending.ts';

test('tokens in', async (t) => {
  const cases: readonly (readonly [string, Estimate, string])[] = [
    ['a guess with its band', { inputTokens: 3412, inputTokensRange: [2729, 4265] }, 'about 3,400 tokens in (2,700 to 4,300)'],
    ['a small one', { inputTokens: 42, inputTokensRange: [30, 99] }, 'about 42 tokens in (30 to 99)'],
    ['a large one', { inputTokens: 123_456, inputTokensRange: [0, 161_000] }, 'about 120,000 tokens in (0 to 170,000)'],
    ['of an old log', { inputTokens: 3450 }, 'about 3,500 tokens in'],
    [
      'a count',
      { inputTokens: 3412, inputTokensRange: [3412, 3497], inputBasis: 'counted' },
      '3,412 tokens in, counted by Anthropic',
    ],
  ];
  for (const [name, estimate, expected] of cases)
    await t.test(name, () => assert.equal(inputWords({ estimate, endpointLabel: 'Anthropic' }), expected));
});

test('where the likely figure comes from', () => {
  const typical: Estimate = { inputTokens: 1, likelyOutputTokens: 4000 };
  const usual: Estimate = { ...typical, likelyFromRuns: 7 };
  assert.equal(likelyBasis([usual]), ', by your last 7 answers');
  assert.equal(likelyBasis([usual, usual]), ', by your earlier answers');
  assert.equal(likelyBasis([usual, typical]), '');
  assert.equal(likelyBasis([typical]), '');
  assert.equal(likelyBasis([]), '');
});

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
