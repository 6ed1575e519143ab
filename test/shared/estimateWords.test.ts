/** An estimate in words: a guess with its band, a count with who counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Estimate } from '../../src/shared/comparison.ts';
import { inputWords, likelyBasis } from '../../src/shared/estimateWords.ts';

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
