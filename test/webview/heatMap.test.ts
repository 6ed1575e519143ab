/** The heat map against pictures whose differences are known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pixelmatch from 'pixelmatch';
import { heatMap, type Pixels, shareWords } from '../../src/webview/preview/heatMap.ts';

const now = (): Promise<void> => Promise.resolve();

function picture(width: number, height: number, shade: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set([shade(x, y), shade(x, y), shade(x, y), 255], (y * width + x) * 4);
  return { width, height, data };
}
const white = (width: number, height: number) => picture(width, height, () => 255);
const block = (x: number, y: number) => (x >= 20 && x < 30 && y >= 40 && y < 60 ? 0 : 255);
/** Smoothed shapes: rings whose edges pixelmatch takes for smoothing, and noise that it does not. */
const rings = (shift: number) => (x: number, y: number) =>
  Math.round(127 + 127 * Math.sin(Math.hypot(x - 50 - shift, y - 90) / 2.5)) ^ ((x * 7 + y * 13) % 97 === shift ? 64 : 0);

const CASES: readonly { name: string; one: Pixels; other: Pixels; differing: number; unmatched?: number }[] = [
  { name: 'the same', one: white(100, 120), other: white(100, 120), differing: 0 },
  { name: 'a block of 10 by 20', one: white(100, 120), other: picture(100, 120, block), differing: 200 },
  { name: 'a longer page', one: white(100, 120), other: white(100, 150), differing: 3000, unmatched: 30 },
  { name: 'a shorter page', one: white(100, 150), other: white(100, 120), differing: 3000, unmatched: 30 },
  { name: 'a longer page with a block', one: white(100, 120), other: picture(100, 150, block), differing: 3200, unmatched: 30 },
  { name: 'one pixel', one: white(1, 1), other: picture(1, 1, () => 0), differing: 1 },
];

for (const { name, one, other, differing, unmatched = 0 } of CASES)
  test(`${name}: ${differing} pixels differ`, async () => {
    const found = await heatMap(one, other, undefined, now);
    assert.equal(found?.differingPixels, differing);
    assert.equal(found?.unmatchedRows, unmatched);
    assert.equal(found?.share, differing / (one.width * Math.max(one.height, other.height)));
  });

test('slices come out as the whole would', async () => {
  const [one, other] = [picture(100, 200, rings(0)), picture(100, 200, rings(1))];
  const whole = new Uint8ClampedArray(one.data.length);
  const expected = pixelmatch(one.data, other.data, whole, 100, 200, { diffMask: true, threshold: 0.03 });
  assert.ok(expected > 100, 'the case has something to find');
  const found = await heatMap(one, other, undefined, now);
  assert.equal(found?.differingPixels, expected);
  for (let at = 3; at < whole.length; at += 4)
    assert.equal((found?.map.data[at] ?? 0) > 0, (whole[at] ?? 0) > 0, `pixel ${at >> 2}`);
});

test('it waits before each slice, and stops where it is told to', async () => {
  const stop = new AbortController();
  let pauses = 0;
  const pause = async (): Promise<void> => {
    if (++pauses === 2) stop.abort();
  };
  assert.equal(await heatMap(white(10, 480), white(10, 480), stop.signal, pause), undefined);
  assert.equal(pauses, 2);
});

test('pictures of other widths are refused', () =>
  assert.rejects(heatMap(white(10, 5), white(11, 5), undefined, now), RangeError));

for (const [share, differingPixels, words] of [
  [0, 0, 'No pixels differ'],
  [0.000001, 1, 'Less than 0.1 % of pixels differ'],
  [0.0123, 99, '1.2 % of pixels differ'],
  [0.456, 99, '46 % of pixels differ'],
  [0.9999, 99, '99 % of pixels differ'],
  [1, 99, '100 % of pixels differ'],
] as const)
  test(`a share of ${share}: ${words}`, () => assert.equal(shareWords({ share, differingPixels }), words));
