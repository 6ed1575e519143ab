/** What a page says was dropped, believed only where every field is as the page writes it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDropped } from '../../../src/core/inputs/dropped.ts';
import { TaskProblem } from '../../../src/core/inputs/problem.ts';

const item = { name: 'a.md', mediaType: 'text/markdown', base64: Buffer.from('# A').toString('base64') };

test('files and addresses come through, each address once', () => {
  const dropped = readDropped({ type: 'add-material', items: [item], uris: ['file:///a%20b.png', 'file:///a%20b.png'] });
  assert.deepEqual(dropped.uris, ['file:///a%20b.png']);
  assert.deepEqual(
    dropped.items.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]),
    [['a.md', '# A']],
  );
});

const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ['nothing', { items: [], uris: [] }, /Nothing/],
  ['no message', undefined, /cannot be read/],
  ['no lists', { type: 'add-material' }, /cannot be read/],
  ['lists that are none', { items: { length: 1, 0: item }, uris: 'file:///a' }, /cannot be read/],
  ['too many files', { items: Array(21).fill(item), uris: [] }, /cannot be read/],
  ['too many addresses', { items: [], uris: Array.from({ length: 21 }, (_, i) => `file:///${i}`) }, /cannot be read/],
  ['a name that is no text', { items: [{ ...item, name: 7 }], uris: [] }, /cannot be read/],
  ['a name without end', { items: [{ ...item, name: 'a'.repeat(1001) }], uris: [] }, /cannot be read/],
  ['no base64', { items: [{ ...item, base64: 'not base64!' }], uris: [] }, /cannot be read/],
  ['a file the page found too large', { items: [{ name: 'a.mov', mediaType: 'video/quicktime' }], uris: [] }, /a\.mov is larger/],
  ['a path', { items: [], uris: ['/etc/passwd'] }, /cannot be read/],
  ['an address of two lines', { items: [], uris: ['file:///a\nfile:///b'] }, /cannot be read/],
  ['an address without end', { items: [], uris: [`file:///${'a'.repeat(4000)}`] }, /cannot be read/],
];
for (const [what, message, expected] of REFUSED) {
  test(`refused in a sentence: ${what}`, () =>
    assert.throws(
      () => readDropped(message),
      (error) => error instanceof TaskProblem && expected.test(error.message),
    ));
}
