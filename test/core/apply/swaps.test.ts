/** Links swapped in during an apply: some races; a thousand run with the thorough tests. */
import { test } from 'node:test';
import { raceSwaps } from './swaps.ts';

test('60 races against a swapped link leave everything outside as it was', async () => {
  await raceSwaps(3, 60);
});
