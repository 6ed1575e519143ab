/** The decisions of review, apply and undo, without an editor. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AnswerFile } from '../../../src/core/artifact/artifact.ts';
import {
  changedSpan,
  decideUndo,
  documentPaths,
  offsetAt,
  pairFiles,
  parseUndoRecord,
  pushApply,
  replaceSelection,
  type UndoEntry,
  withLineEnds,
} from '../../../src/core/artifact/review.ts';

const file = (name: string, languageId = 'html', replaces = false): AnswerFile => ({
  name,
  named: true,
  languageId,
  content: '',
  complete: true,
  replaces,
});
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

test('files of two answers are paired by name, by last segment, by language, and the rest stand alone', () => {
  const cases: readonly (readonly [readonly AnswerFile[], readonly AnswerFile[], string])[] = [
    [[file('a.html')], [file('a.html')], 'a.html|a.html'],
    [[file('a.html')], [file('b.html')], 'a.html|b.html'],
    [[file('a.css', 'css')], [file('b.html')], 'a.css|b.html'],
    [[file('a.html'), file('b.css', 'css')], [file('src/b.css', 'css'), file('c.html')], 'a.html|c.html b.css|src/b.css'],
    [[file('a.html'), file('b.css', 'css')], [file('a.html')], 'a.html|a.html b.css|'],
    [[file('a.html')], [file('a.html'), file('b.css', 'css')], 'a.html|a.html |b.css'],
    [[], [file('a.html')], '|a.html'],
    [[], [], ''],
  ];
  for (const [left, right, expected] of cases) {
    assert.equal(
      pairFiles(left, right)
        .map((pair) => `${pair.left?.name ?? ''}|${pair.right?.name ?? ''}`)
        .join(' '),
      expected,
    );
  }
});

test('virtual documents of one answer never share a path', () => {
  assert.deepEqual(
    [...documentPaths([file('../a.html'), file('a.html'), file('/a.html'), file('b/c.css')]).keys()],
    ['a.html', '2-a.html', '3-a.html', 'b/c.css'],
  );
});

test('offsets of positions', () => {
  const text = 'ab\r\ncd\rd\n\nx';
  const cases: readonly (readonly [number, number, number | undefined])[] = [
    [0, 0, 0],
    [0, 2, 2],
    [0, 3, undefined],
    [1, 0, 4],
    [1, 2, 6],
    [2, 1, 8],
    [3, 0, 9],
    [4, 1, 11],
    [4, 2, undefined],
    [5, 0, undefined],
  ];
  for (const [line, character, expected] of cases)
    assert.equal(offsetAt(text, line, character), expected, `${line}:${character}`);
});

const range = (startLine: number, startCharacter: number, endLine: number, endCharacter: number) => ({
  startLine,
  startCharacter,
  endLine,
  endCharacter,
});

test('an answer takes the place of a selection', () => {
  const cases: readonly (readonly [string, ReturnType<typeof range>, string, string | undefined, string | undefined])[] = [
    ['a\nb\nc\n', range(1, 0, 1, 1), 'B\n', 'b', 'a\nB\nc\n'],
    ['a\nb\nc\n', range(1, 0, 2, 0), 'B\n', 'b\n', 'a\nB\nc\n'],
    ['a\nb\nc\n', range(1, 0, 2, 0), 'B', 'b\n', 'a\nB\nc\n'],
    ['a\r\nb\r\n', range(0, 0, 0, 1), 'x\ny\n', 'a', 'x\r\ny\r\nb\r\n'],
    ['a\r\nb\r\n', range(0, 0, 1, 1), 'x\n', 'a\nb', 'x\r\n'],
    ['a\nb\n', range(0, 0, 0, 1), 'x', 'other', undefined],
    ['a\nb\n', range(5, 0, 6, 1), 'x', undefined, undefined],
    ['a', range(0, 0, 0, 1), 'x\n', undefined, 'x'],
  ];
  for (const [text, selection, replacement, selected, expected] of cases) {
    const placed = replaceSelection(text, selection, replacement, selected);
    assert.equal(placed.ok ? placed.text : undefined, expected);
  }
});

const texts = fc
  .array(fc.constantFrom('a', 'b', 'x y', '\n', '\r\n', '😀', '\n\n', '}'), { maxLength: 14 })
  .map((parts) => parts.join(''));

test('the changed span rebuilds the text, on whole lines', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const { start, end, text } = changedSpan(before, after);
      assert.ok(start <= end);
      assert.equal(before.slice(0, start) + text + before.slice(end), after);
      assert.ok(start === 0 || before[start - 1] === '\n');
      assert.ok(end === before.length || end === start || before[end - 1] === '\n');
    }),
    { seed: 20261122, numRuns: 5000 },
  );
  assert.deepEqual(changedSpan('a\nb\nc\n', 'a\nX\nc\n'), { start: 2, end: 4, text: 'X\n' });
  assert.deepEqual(changedSpan('a\n', 'a\n'), { start: 2, end: 2, text: '' });
});

test('line ends follow the document', () => {
  assert.equal(withLineEnds('a\nb\r\nc', '\r\n'), 'a\r\nb\r\nc');
  assert.equal(withLineEnds('a\r\nb\rc', '\n'), 'a\nb\nc');
});

const entry: UndoEntry = {
  at: '2026-11-22T00:00:00.000Z',
  lane: 'fast',
  files: [
    { uri: 'file:///a', path: 'a', before: 'old', afterHash: sha('new'), wasDirty: false },
    { uri: 'file:///b', path: 'b', before: null, afterHash: sha('made'), wasDirty: false },
  ],
  folders: [],
};

test('undo touches only what is still as the apply left it', () => {
  const cases: readonly (readonly [string | undefined, string | undefined, string])[] = [
    ['new', 'made', 'restore:a,b changed: done:'],
    ['edited', 'made', 'restore:b changed:a done:'],
    ['old', undefined, 'restore: changed: done:a,b'],
    [undefined, 'edited', 'restore: changed:a,b done:'],
  ];
  for (const [a, b, expected] of cases) {
    const present: Record<string, string | undefined> = { 'file:///a': a, 'file:///b': b };
    const hashOf = (uri: string) => (present[uri] === undefined ? undefined : sha(present[uri]));
    const decision = decideUndo(entry, hashOf, sha);
    const list = (kind: 'restore' | 'changed' | 'done') => `${kind}:${decision[kind].map((one) => one.path).join()}`;
    assert.equal([list('restore'), list('changed'), list('done')].join(' '), expected);
  }
});

test('undo records survive storage, and damage is no record', () => {
  const record = pushApply(parseUndoRecord(undefined), entry);
  assert.deepEqual(parseUndoRecord(JSON.parse(JSON.stringify(record))), record);
  for (const damaged of [null, 7, {}, { schema: 2, applies: [] }, { schema: 1, applies: [{}] }])
    assert.deepEqual(parseUndoRecord(damaged).applies, []);
});
