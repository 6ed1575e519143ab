/** Times and counts as people read them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfBase64, countLines, formatCount, formatDuration, formatElapsed, kilobytes } from '../../src/shared/figures.ts';

test('durations', () => {
  const cases: [number | undefined, string][] = [
    [undefined, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
    [-1, '–'],
    [0, '0.00 s'],
    [1, '<0.01 s'],
    [410, '0.41 s'],
    [994, '0.99 s'],
    [996, '1.0 s'],
    [9800, '9.8 s'],
    [62_600, '62.6 s'],
    [119_940, '119.9 s'],
    [119_960, '2 min 00 s'],
    [725_000, '12 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [3_720_000, '1 h 02 min'],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text, String(ms));
});

test('clocks round down, counts are grouped', () => {
  assert.equal(formatElapsed(2999), '2 s');
  assert.equal(formatElapsed(-5), '0 s');
  assert.equal(formatElapsed(65_900), '1 min 05 s');
  assert.equal(formatCount(1_234_567), '1,234,567');
  assert.equal(formatCount(999), '999');
  assert.equal(formatCount(undefined), '–');
  assert.equal(formatCount(Number.NaN), '–');
  for (const [text, lines] of [
    ['', 0],
    ['a', 1],
    ['a\n', 1],
    ['a\n\nb', 3],
    ['\n', 1],
  ] as const)
    assert.equal(countLines(text), lines, JSON.stringify(text));
});

test('sizes of files, and of what base64 stands for', () => {
  for (const [bytes, text] of [
    [0, '0 KB'],
    [1, '1 KB'],
    [1024, '1 KB'],
    [1025, '2 KB'],
    [3_932_160, '3,840 KB'],
  ] as const)
    assert.equal(kilobytes(bytes), text);
  for (const bytes of [0, 1, 2, 3, 1024]) assert.equal(bytesOfBase64(Buffer.alloc(bytes).toString('base64')), bytes);
});
