/**
 * How a person wants to see the previews: one set for all of them, so that what differs is the answers. Kept over a reload of the page, but
 * for the scripts, which are off until somebody turns them on.
 */
import type { PreviewSide } from '../../shared/preview.ts';

export const COMPARE_MODES = ['side', 'swipe', 'onion', 'blink', 'pixels'] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];
const ZOOMS = ['fit', '50', '75', '100'] as const;
const SCHEMES = ['vscode', 'light', 'dark'] as const;
/** What is laid over what; the first is under or left. */
const PAIRS = ['fast-reasoning', 'design-fast', 'design-reasoning'] as const;
export type PairId = (typeof PAIRS)[number];

export interface BoardSettings {
  /** The window the pages believe in, in CSS pixels; `fit`: as wide as there is room. */
  readonly width: 'fit' | number;
  /** In per cent; `fit`: as large as fits, never larger than it is. */
  readonly zoom: (typeof ZOOMS)[number];
  readonly scheme: (typeof SCHEMES)[number];
  readonly scripts: boolean;
  /** The design stands beside the answers. */
  readonly design: boolean;
  readonly pair: PairId;
  readonly mode: CompareMode;
  /** Where the line of a swipe stands, from the left: 0 to 1. */
  readonly swipe: number;
  /** How much of the upper picture is seen: 0 to 1. */
  readonly opacity: number;
  /** What turning scripts on means was read and agreed to. */
  readonly scriptsExplained: boolean;
}

/** As kept. What nobody chose is absent: it follows from the design and from the room there is. */
export type KeptSettings = Omit<BoardSettings, 'width' | 'design'> & Partial<Pick<BoardSettings, 'width' | 'design'>>;

export const WIDTHS = { Phone: 390, Tablet: 768, Desktop: 1280 } as const;
export const LEAST_WIDTH_PX = 200;
export const MOST_WIDTH_PX = 3840;

const DEFAULT_SETTINGS: KeptSettings = {
  zoom: 'fit',
  scheme: 'vscode',
  scripts: false,
  pair: 'fast-reasoning',
  mode: 'side',
  swipe: 0.5,
  opacity: 0.5,
  scriptsExplained: false,
};

export const sidesOf = (pair: PairId): readonly [PreviewSide, PreviewSide] => {
  switch (pair) {
    case 'fast-reasoning':
      return ['fast', 'reasoning'];
    case 'design-fast':
      return ['design', 'fast'];
    case 'design-reasoning':
      return ['design', 'reasoning'];
  }
};

/** From what the page kept: whatever does not fit is as by default. */
export function readSettings(stored: unknown): KeptSettings {
  const found: Partial<Record<keyof BoardSettings, unknown>> = typeof stored === 'object' && stored !== null ? stored : {};
  const one = <T>(allowed: readonly T[], value: unknown, otherwise: T): T => allowed.find((each) => each === value) ?? otherwise;
  const { zoom, scheme, pair, mode, swipe, opacity } = DEFAULT_SETTINGS;
  return {
    ...(found.width === 'fit' ? { width: 'fit' } : typeof found.width === 'number' ? { width: clampWidth(found.width) } : {}),
    zoom: one(ZOOMS, found.zoom, zoom),
    scheme: one(SCHEMES, found.scheme, scheme),
    scripts: false,
    ...(typeof found.design === 'boolean' ? { design: found.design } : {}),
    pair: one(PAIRS, found.pair, pair),
    mode: one(COMPARE_MODES, found.mode, mode),
    swipe: share(found.swipe, swipe),
    opacity: share(found.opacity, opacity),
    scriptsExplained: found.scriptsExplained === true,
  };
}

/**
 * What holds: what was chosen, else the design beside the answers where there is room for three, and pages as wide as the design, so that
 * one can be held against the other. A design wider than a desktop is likely a picture of one at twice its pixels.
 */
export function settle(kept: KeptSettings, roomForThree: boolean, designWidthPx: number | undefined): BoardSettings {
  const isUsual = designWidthPx !== undefined && designWidthPx <= WIDTHS.Desktop;
  return { width: isUsual ? clampWidth(designWidthPx) : WIDTHS.Desktop, design: roomForThree, ...kept };
}

const share = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : otherwise;

export const clampWidth = (widthPx: number): number =>
  Math.round(Math.min(MOST_WIDTH_PX, Math.max(LEAST_WIDTH_PX, widthPx || WIDTHS.Desktop)));
