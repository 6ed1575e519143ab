/** A thousand links swapped in at every step of an apply, with real files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raceSwaps } from './swaps.ts';

test('1,000 races against a swapped link leave everything outside as it was', async (context) => {
  const counts = await raceSwaps(20_261_122, 1_000);
  assert.ok(counts.swapped > 500 && counts.restored > 50 && counts.refused > 50, JSON.stringify(counts));
  context.diagnostic(JSON.stringify(counts));
});
