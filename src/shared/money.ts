/**
 * Money in integer nano-dollars (1 USD = 1e9), so that sums are exact, and always with the basis of the figure.
 */

/** Integer billionths of a US dollar. */
export type NanoUsd = number;
export const NANO_PER_USD = 1_000_000_000;

/**
 * Where a cost comes from: `billed` the provider said so; `computed` reported usage times a known price; `estimated` our own
 * count times a known price; `local` a model on this machine, free; `unknown` no price known, and then there is no figure.
 */
export type CostBasis = 'billed' | 'computed' | 'estimated' | 'local' | 'unknown';

export interface Cost {
  /** Absent if and only if the basis is `unknown`. */
  readonly nanoUsd?: NanoUsd;
  readonly basis: CostBasis;
  /** Who published the price: `settings`, `genai-prices 0.1.8`, `illustrative`, `local`; with {@link inPriceClass}, what was served. */
  readonly priceSource?: string;
  /** ISO day on which the price was known to hold. */
  readonly priceAsOf?: string;
  /** The price row used, where it is not the row of the very model asked for. */
  readonly assumedModel?: string;
}

const CLASS_MARK = ', served as ';

/** A source of prices for an answer that was served in a price class the source does not know, e.g. `priority`. */
export const inPriceClass = (priceSource: string | undefined, priceClass: string): string =>
  `${priceSource ?? 'a list'}${CLASS_MARK}${priceClass}`;

/** True where the tokens may be exact and the price is an assumption all the same. */
export const isOtherPriceClass = (cost: Cost): boolean => cost.priceSource?.includes(CLASS_MARK) === true;

/** True for the scripted sample, whose price illustrates a ratio and was never charged to anybody. */
export const isIllustrative = (cost: Cost | undefined): boolean => cost?.priceSource === 'illustrative';

export const nanoFromUsd = (usd: number): NanoUsd => Math.round(usd * NANO_PER_USD);
export const usdFromNano = (nano: NanoUsd): number => nano / NANO_PER_USD;

/** `$12.34`, `$0.0061`, `<$0.0001`, `$0`: four decimals under a dollar, two above. Undefined shows as a dash. */
export function formatUsd(nano: NanoUsd | undefined): string {
  if (nano === undefined) return '–';
  if (nano === 0) return '$0';
  if (nano < 0) return `-${formatUsd(-nano)}`;
  if (nano < 100_000) return '<$0.0001';
  const fourth = Math.round(nano / 100_000) / 10_000;
  return fourth < 1 ? `$${fourth.toFixed(4)}` : `$${(Math.round(nano / 10_000_000) / 100).toFixed(2)}`;
}

/** Two decimals from a dollar on, four below; what is asked or spent is rounded up, what is allowed or left is rounded down, never to 0. */
export const usdUp = (nano: NanoUsd): string => formatUsd(roundTo(nano, Math.ceil));
export const usdDown = (nano: NanoUsd): string => formatUsd(roundTo(nano, Math.floor) || nano);

function roundTo(nano: NanoUsd, round: (value: number) => number): NanoUsd {
  const unit = nano >= NANO_PER_USD ? NANO_PER_USD / 100 : NANO_PER_USD / 10_000;
  return round(nano / unit) * unit;
}

/** As {@link formatUsd}, with a tilde before an estimate. */
export function formatCost(cost: Cost | undefined): string {
  if (!cost) return '–';
  return `${cost.basis === 'estimated' ? '~' : ''}${formatUsd(cost.nanoUsd)}`;
}
