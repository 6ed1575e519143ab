/** Bytes in, a task or one sentence out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptFor, promptParts } from '../../src/core/prompt.ts';
import { TaskProblem, taskFromBytes } from '../../src/core/task.ts';

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
const task = (name: string, content: string | Uint8Array, instruction?: string) =>
  taskFromBytes({
    source: { uri: `/${name}`, name },
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ...(instruction === undefined ? {} : { instruction }),
  });

test('what a file is decides what is asked', () => {
  assert.equal(task('a.md', '# A').kind, 'design');
  assert.equal(task('a.html', '<p>').kind, 'design');
  assert.equal(task('a.html', '<p>', 'make it blue').kind, 'code');
  assert.equal(task('a.ts', 'x', 'rename').kind, 'code');
  assert.equal(task('misnamed.txt', PNG).parts[0]?.type, 'image');
});

const REFUSED: readonly [string, string | Uint8Array, RegExp][] = [
  ['empty.md', ' \n', /empty/],
  ['a.bin', Uint8Array.from([0xff, 0xfe, 0x00]), /neither UTF-8 text nor/],
  ['a.md', 'a\0b', /binary/],
  ['a.pdf', '%PDF', /models cannot read/],
  ['a.ts', 'x', /needs an instruction/],
  ['big.md', 'x'.repeat(2 * 1024 * 1024 + 1), /2\.0 MB of text/],
  ['big.png', Uint8Array.from([...PNG, ...new Uint8Array(4 * 1024 * 1024)]), /4\.0 MB/],
];
for (const [name, content, expected] of REFUSED) {
  test(`refuses ${name} in one sentence`, () =>
    assert.throws(
      () => task(name, content),
      (error) => error instanceof TaskProblem && expected.test(error.message),
    ));
}

test('material is fenced longer than any fence inside it, and pictures come first', () => {
  const design = task('a.md', 'text\n````\ncode\n````\n');
  const [part] = promptParts(design, promptFor(design).text);
  assert.ok(part?.type === 'text' && part.text.includes('\n`````\n'));
  const picture = task('a.png', PNG);
  assert.deepEqual(
    promptParts(picture, 'build').map(({ type }) => type),
    ['image', 'text'],
  );
});

test('the prompt does not depend on the lane', () => {
  const design = task('a.md', '# A');
  assert.deepEqual(promptFor(design), promptFor(structuredClone(design)));
});
