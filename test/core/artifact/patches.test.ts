/** Patches in, the whole file out, or the reason why not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractFiles } from '../../../src/core/artifact/artifact.ts';

const F = '```';
const SOURCE = 'import a from "a";\n\nexport function one() {\n  return 1;\n}\n\nexport function two() {\n  return 1;\n}\n';
const CHANGED = SOURCE.replace('one() {\n  return 1;', 'one() {\n  return 11;');

interface Case {
  readonly name: string;
  readonly text: string;
  /** The file, or what is said instead. */
  readonly gives: string | RegExp;
  readonly source?: string;
}

const HUNK = '@@ -3,3 +3,3 @@\n export function one() {\n-  return 1;\n+  return 11;\n }\n';

const CASES: readonly Case[] = [
  { name: 'unified diff', text: `${F}diff\n--- a/x.ts\n+++ b/x.ts\n${HUNK}${F}`, gives: CHANGED },
  { name: 'unified diff without names', text: `Here:\n${F}diff\n${HUNK}${F}\nDone.`, gives: CHANGED },
  {
    name: 'git diff in a fence of the language',
    text: `${F}ts\ndiff --git a/x.ts b/x.ts\nindex 1a..2b 100644\n--- a/x.ts\n+++ b/x.ts\n${HUNK}${F}`,
    gives: CHANGED,
  },
  {
    name: 'signs without a place',
    text: `${F}diff\n export function one() {\n-  return 1;\n+  return 11;\n${F}`,
    gives: CHANGED,
  },
  { name: 'wrong line numbers', text: `${F}diff\n${HUNK.replace('-3,3 +3,3', '-90,3 +90,3')}${F}`, gives: CHANGED },
  {
    name: 'a comment that looks like a header',
    text: `${F}diff\n--- a/x.ts\n+++ b/x.ts\n@@ -1,3 +1,3 @@\n SELECT 1;\n--- old\n+-- new\n SELECT 2;\n${F}`,
    source: 'SELECT 1;\n-- old\nSELECT 2;\n',
    gives: 'SELECT 1;\n-- new\nSELECT 2;\n',
  },
  { name: 'half a header, behind words', text: `Here it is:\n+++ b/x.ts\n${HUNK}`, gives: CHANGED },
  {
    name: 'two places, the nearer one',
    text: `${F}diff\n@@ -8,1 +8,1 @@\n-  return 1;\n+  return 2;\n${F}`,
    gives: SOURCE.replace('two() {\n  return 1;', 'two() {\n  return 2;'),
  },
  { name: 'two places and no line', text: `${F}diff\n-  return 1;\n+  return 2;\n${F}`, gives: /several places/ },
  {
    name: 'search and replace',
    text: `x.ts\n${F}ts\n<<<<<<< SEARCH\nexport function one() {\n  return 1;\n=======\nexport function one() {\n  return 11;\n>>>>>>> REPLACE\n${F}`,
    gives: CHANGED,
  },
  {
    name: 'search and replace without a fence',
    text: `x.ts\n<<<<<<< SEARCH\nexport function one() {\n  return 1;\n=======\nexport function one() {\n  return 11;\n>>>>>>> REPLACE\n`,
    gives: CHANGED,
  },
  {
    name: 'two blocks in two fences',
    text: `${F}\n<<<<<<< SEARCH\nexport function one() {\n  return 1;\n=======\nexport function one() {\n  return 11;\n>>>>>>> REPLACE\n${F}\nand\n${F}\n<<<<<<< SEARCH\nimport a from "a";\n=======\nimport a from "b";\n>>>>>>> REPLACE\n${F}`,
    gives: CHANGED.replace('"a"', '"b"'),
  },
  {
    name: 'begin patch',
    text: `*** Begin Patch\n*** Update File: src/x.ts\n@@ export function one()\n export function one() {\n-  return 1;\n+  return 11;\n }\n*** End Patch\n`,
    gives: CHANGED,
  },
  {
    name: 'begin patch in a fence, another file beside it',
    text: `${F}\n*** Begin Patch\n*** Update File: y.ts\n@@\n-no\n+yes\n*** Update File: x.ts\n@@\n export function one() {\n-  return 1;\n+  return 11;\n*** End Patch\n${F}`,
    gives: CHANGED,
  },
  { name: 'Windows line ends', source: SOURCE.replaceAll('\n', '\r\n'), text: `${F}diff\n${HUNK}${F}`, gives: CHANGED },
  {
    name: 'context that does not match',
    text: `${F}diff\n${HUNK.replace('one()', 'three()')}${F}`,
    gives: /part 1 of 1 does not match/,
  },
  {
    name: 'a changed space is no match',
    text: `${F}diff\n${HUNK.replace('-  return', '-   return')}${F}`,
    gives: /does not match/,
  },
  {
    name: 'only another file',
    text: `${F}diff\n--- a/y.ts\n+++ b/y.ts\n@@ -1 +1 @@\n-a\n+b\n--- a/z.ts\n+++ b/z.ts\n@@ -1 +1 @@\n-a\n+b\n${F}`,
    gives: /changes nothing/,
  },
  { name: 'the whole code beside a diff', text: `${F}ts\n${CHANGED}${F}\nThe change:\n${F}diff\n-x\n+y\n${F}`, gives: CHANGED },
];

for (const { name, text, gives, source = SOURCE } of CASES) {
  test(`patch: ${name}`, () => {
    const { files, problems } = extractFiles(text, { kind: 'code', finished: true, sourceName: 'x.ts', sourceText: source });
    if (typeof gives === 'string') {
      assert.equal(files[0]?.content, gives, problems.join(' '));
      assert.deepEqual([files.length, files[0]?.replaces, files[0]?.complete, files[0]?.name], [1, true, true, 'x.ts']);
    } else {
      assert.deepEqual(files, []);
      assert.match(problems.join(' '), gives);
    }
  });
}

test('a patch that is still being written is no file yet, at any of its signs', () => {
  const { text } = CASES[0] as Case; // there is one
  for (let length = 0; length < text.length; length += 1) {
    const { files } = extractFiles(text.slice(0, length), {
      kind: 'code',
      finished: false,
      sourceName: 'x.ts',
      sourceText: SOURCE,
    });
    assert.deepEqual(files, []);
  }
});

test('a patch is never a file of a design', () => {
  const { files } = extractFiles(CASES[0]?.text ?? '', { kind: 'design', finished: true, sourceName: 'x.ts' });
  assert.deepEqual(files, []);
});
