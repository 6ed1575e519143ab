/** Bytes in, a task or one sentence out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMaterial } from '../../src/core/inputs/detect.ts';
import type { Piece } from '../../src/core/inputs/piece.ts';
import { promptFor, promptParts } from '../../src/core/prompt.ts';
import { isSameTask, TaskProblem, taskFromBytes, taskFromMaterials, withMaterials } from '../../src/core/task.ts';
import type { Material } from '../../src/shared/design.ts';
import { materialsOf, namesOf } from '../../src/shared/materials.ts';

const PNG = Uint8Array.from(
  Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001080600000000000000000049454e44ae426082', 'hex'),
);
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

const piece = (name: string, content: string | Uint8Array, role: Material['role'] = 'design'): Promise<Piece> =>
  readMaterial({
    name,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    uri: `file:///srv/${name}`,
    role,
  });

test('several pieces are one task: pictures, then texts of the design, then context, then instructions', async () => {
  const pieces = await Promise.all([
    piece('rules.md', 'Use our words.', 'instructions'),
    piece('Card.tsx', 'export const Card = () => <p />;', 'context'),
    piece('spec.md', '# Plans\n'),
    piece('tokens.json', '{"a":{"$value":"1"}}', 'context'),
    piece('hero.png', PNG),
  ]);
  const made = taskFromMaterials({ pieces, instruction: ' sticky header ', target: 'vue' });
  assert.deepEqual(
    made.materials?.map(({ name, role }) => `${name} ${role}`),
    ['hero.png design', 'spec.md design', 'Card.tsx context', 'tokens.json context', 'rules.md instructions'],
  );
  assert.deepEqual(
    made.parts.map((part) => (part.type === 'text' ? part.text : part.mediaType)),
    ['image/png', '# Plans\n', 'export const Card = () => <p />;', 'a: 1\n', 'Use our words.'],
  );
  assert.deepEqual(
    [made.kind, made.title, made.instruction, made.target, made.source],
    ['design', 'hero.png', 'sticky header', 'vue', { uri: 'file:///srv/hero.png', name: 'hero.png' }],
  );
});

test('a task needs a design, and has limits for all together', async () => {
  const refused = (pieces: readonly Piece[], expected: RegExp) =>
    assert.throws(
      () => taskFromMaterials({ pieces }),
      (error) => error instanceof TaskProblem && expected.test(error.message),
    );
  const text = await piece('a.md', 'x'.repeat(1.5 * 1024 * 1024));
  const picture = await piece('a.png', Uint8Array.from([...PNG, ...new Uint8Array(3 * 1024 * 1024)]));
  refused([], /no design among these/);
  refused([await piece('t.json', '{"a":{"$value":"1"}}', 'context')], /no design among these/);
  refused([text, text], /3\.0 MB of text together/);
  refused(Array(6).fill(picture), /MB together as they are sent/);
  refused(Array(21).fill(await piece('a.md', '# A')), /21 files; up to 20/);
});

test('standing instructions and context come beside any task, described or not', async () => {
  const rules = await piece('rules.md', 'Use our words.', 'instructions');
  const code = task('a.ts', 'let a = 1;', 'rename');
  const both = withMaterials(code, [rules]);
  assert.deepEqual(
    both.materials?.map(({ kind, role, name }) => [kind, role, name]),
    [
      ['code', 'design', 'a.ts'],
      ['text', 'instructions', 'rules.md'],
    ],
  );
  assert.deepEqual(both.parts.slice(0, 1), code.parts);
  assert.equal(withMaterials(code, []), code);
  assert.equal(both.source, code.source);
});

test('a log from before materials is described by what it says', () => {
  assert.deepEqual(materialsOf(task('a.md', '# A')), [{ kind: 'text', role: 'design', name: 'a.md', uri: '/a.md', leftOut: [] }]);
  assert.deepEqual(
    materialsOf(task('a.png', PNG)).map(({ kind }) => kind),
    ['picture'],
  );
});

test('a second press on what runs is known as that, and anything else is not', () => {
  const at = (startLine: number) => ({ startLine, startCharacter: 0, endLine: startLine + 1, endCharacter: 0 });
  const piece = (name: string, role: Material['role'] = 'design'): Piece => ({
    part: { type: 'text', text: name },
    material: { kind: 'text', role, name, uri: `file:///${name}`, leftOut: [] },
  });
  const source = { uri: 'file:///a.md', name: 'a.md', baseHash: 'h' };
  const design = (pieces: readonly Piece[], more: Partial<Parameters<typeof taskFromMaterials>[0]> = {}) =>
    taskFromMaterials({ pieces, source, ...more });
  const asked = design([piece('a.md')]);
  const running = { ...withMaterials(asked, [piece('tokens.css', 'context')]), target: 'vue' as const };
  assert.ok(isSameTask(running, asked));
  assert.ok(isSameTask(running, { ...asked, target: 'vue' }));
  for (const [what, other] of Object.entries({
    'an edited document': design([piece('a.md')], { source: { ...source, baseHash: 'i' } }),
    'a selection of it': design([piece('a.md')], { source: { ...source, selection: at(1) } }),
    'a wish': design([piece('a.md')], { instruction: 'in blue' }),
    'another file beside it': design([piece('a.md'), piece('b.md', 'context')]),
    'another target': design([piece('a.md')], { target: 'svelte' }),
    'no document': taskFromMaterials({
      pieces: [{ ...piece('a.md'), material: { kind: 'text', role: 'design', name: 'a.md', leftOut: [] } }],
    }),
  }))
    assert.ok(!isSameTask(running, other), what);
  const two = design([piece('a.md'), piece('b.md')]);
  assert.ok(!isSameTask(two, asked), 'one of the two designs that run');
  const code = (startLine: number, instruction: string) =>
    taskFromBytes({
      source: { uri: 'file:///a.ts', name: 'a.ts', selection: at(startLine) },
      bytes: new TextEncoder().encode('x'),
      instruction,
    });
  assert.ok(isSameTask(code(1, 'rename'), code(1, 'rename')));
  assert.ok(!isSameTask(code(1, 'rename'), code(9, 'rename')));
});

test('the names of what is sent, all of them or the first', () => {
  const materials = ['a', 'b', 'c', 'd'].map((name): Material => ({ kind: 'text', role: 'design', name, leftOut: [] }));
  assert.equal(namesOf(materials), 'a, b, c, d');
  assert.equal(namesOf(materials, 3), 'a, b, c, 1 more');
  assert.equal(namesOf(materials.slice(0, 1), 3), 'a');
});
