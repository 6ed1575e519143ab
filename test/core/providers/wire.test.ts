/** Every fixture gives its golden events, whole, cut in two at every byte, and byte by byte. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DIALECTS } from '../../../src/core/providers/dialects.ts';
import { APIS } from '../../../src/shared/model.ts';
import { cut, fixture } from '../../servers/transcript.ts';
import { apiOf, dialectIdOf, FIXTURES, golden, goldens, playFixture, same, updateGolden } from './wireCase.ts';

test('every wire and every dialect has a fixture, and every fixture is of one', () => {
  const none = { dialects: [] as string[], wires: [] as string[], strangers: [] as string[] };
  const known = DIALECTS.map(({ id }) => id);
  for (const id of known) if (!FIXTURES.some((name) => dialectIdOf(name) === id)) none.dialects.push(id);
  for (const api of APIS) if (!FIXTURES.some((name) => apiOf(name) === api)) none.wires.push(api);
  // Of no vendor: what compatible servers are known to leave out.
  for (const name of FIXTURES) if (![...known, 'proxy'].includes(dialectIdOf(name))) none.strangers.push(name);
  assert.deepEqual(none, { dialects: [], wires: [], strangers: [] });
});

test('every fixture has golden events, and no other file has', async () => {
  for (const name of FIXTURES) await updateGolden(name, fixture(`${name}.sse`));
  assert.deepEqual(goldens(), FIXTURES);
});

for (const name of FIXTURES) {
  describe(name, () => {
    const bytes = fixture(`${name}.sse`);
    const check = async (pieces: readonly Uint8Array[], what: string): Promise<void> =>
      same(await playFixture(name, pieces), golden(name), what);

    test('gives its golden events', () => check([bytes], 'whole'));

    test('gives the same events when cut in two at any byte', async () => {
      for (let at = 1; at < bytes.byteLength; at++) await check([bytes.subarray(0, at), bytes.subarray(at)], `cut at ${at}`);
    });

    test('gives the same events byte by byte', () => check(cut(bytes, [1]), 'byte by byte'));
  });
}
