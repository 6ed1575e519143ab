/**
 * Where two pictures of the same width differ, pixel by pixel, worked out in slices so that the page stays quick meanwhile.
 *
 * This counts pixels and judges nothing: a text moved down by one line differs in most of its pixels and may be just as good. Where one
 * picture is longer, what the other does not have counts as differing, and is said.
 */
import pixelmatch from 'pixelmatch';

/** Pixels as of a canvas: four bytes each, red, green, blue, alpha, row by row from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export interface HeatMap {
  /** As wide as both, as high as the longer one; what is alike is transparent. */
  readonly map: Pixels;
  readonly differingPixels: number;
  /** Of all pixels of the longer picture: 0 to 1. */
  readonly share: number;
  /** How much longer one of the two is. */
  readonly unmatchedRows: number;
}

const SLICE_ROWS = 96;
/** pixelmatch tells smoothed edges by their neighbours' neighbours: with these rows around it, a slice comes out as in the whole. */
const HALO_ROWS = 3;
/** Colour of a pixel that differs: red, green, blue, alpha. */
const MARK = [230, 0, 92, 255] as const;
/** Of pixelmatch, 0 to 1: a step of eight of 255 in grey counts, noise of a saved picture mostly does not. */
const THRESHOLD = 0.03;
const STRIPE_PX = 12;

/** When the browser has nothing better to do, at the latest soon. */
const idle = (): Promise<void> => new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: 40 }));

/**
 * @param pause waited for before each slice
 * @returns undefined when `signal` stopped it
 * @throws RangeError when the widths differ
 */
export async function heatMap(
  one: Pixels,
  other: Pixels,
  signal?: AbortSignal,
  pause: () => Promise<void> = idle,
): Promise<HeatMap | undefined> {
  if (one.width !== other.width) throw new RangeError(`pictures of ${one.width} and ${other.width} pixels width`);
  const { width } = one;
  const common = Math.min(one.height, other.height);
  const height = Math.max(one.height, other.height);
  const data = new Uint8ClampedArray(width * height * 4);
  let differingPixels = (height - common) * width;
  for (let top = 0; top < common; top += SLICE_ROWS) {
    await pause();
    if (signal?.aborted) return undefined;
    differingPixels += matchSlice(one, other, data, top, Math.min(common, top + SLICE_ROWS), common);
  }
  hatch(data, width, common, height);
  const share = differingPixels / Math.max(1, width * height);
  return { map: { width, height, data }, differingPixels, share, unmatchedRows: height - common };
}

/** Marks rows `top` to `bottom` in `into`; how many pixels of them differ. */
function matchSlice(one: Pixels, other: Pixels, into: Uint8ClampedArray, top: number, bottom: number, common: number): number {
  const { width } = one;
  const [from, to] = [Math.max(0, top - HALO_ROWS), Math.min(common, bottom + HALO_ROWS)];
  const rows = ({ data }: Pixels): Uint8ClampedArray => data.subarray(from * width * 4, to * width * 4);
  const mask = new Uint8ClampedArray((to - from) * width * 4);
  pixelmatch(rows(one), rows(other), mask, width, to - from, { threshold: THRESHOLD, diffMask: true });
  let differing = 0;
  for (let at = (top - from) * width * 4, end = (bottom - from) * width * 4; at < end; at += 4) {
    if (mask[at + 3] === 0) continue;
    differing++;
    into.set(MARK, from * width * 4 + at);
  }
  return differing;
}

/** Rows that only one picture has, as stripes. */
function hatch(data: Uint8ClampedArray, width: number, top: number, bottom: number): void {
  for (let y = top; y < bottom; y++)
    for (let x = 0; x < width; x++) if ((x + y) % STRIPE_PX < STRIPE_PX / 3) data.set(MARK, (y * width + x) * 4);
}

/** Share in words: never `0 %` while something differs, and never `100 %` while something is alike. */
export function shareWords({ share, differingPixels }: Pick<HeatMap, 'share' | 'differingPixels'>): string {
  if (differingPixels === 0) return 'No pixels differ';
  const percent = share * 100;
  if (percent < 0.1) return 'Less than 0.1 % of pixels differ';
  const shown = percent < 10 ? percent.toFixed(1) : String(share < 1 ? Math.min(99, Math.round(percent)) : 100);
  return `${shown} % of pixels differ`;
}
