/**
 * Rates of a model, and what they make of a usage. All arithmetic is exact (integers of 1e-30 nano-dollars), rounded up once, at the end,
 * so that a thousand small runs add up to what they cost.
 */
import type { Usage } from '../../shared/model.ts';
import type { NanoUsd } from '../../shared/money.ts';

/** US dollars per million tokens; with tiers, the highest tier whose `above` the whole input exceeds prices the whole request. */
export type Rate =
  | number
  | { readonly base: number; readonly tiers: readonly { readonly above: number; readonly price: number }[] };

/** The rates of one model. Without its own rate a cached token costs what any input token costs. */
export interface Rates {
  readonly input: Rate;
  readonly output: Rate;
  readonly cacheRead?: Rate;
  readonly cacheWrite?: Rate;
}

/** A published list of prices. */
export interface PriceList {
  /** Its name and version, as shown to the person. */
  readonly source: string;
  /** ISO day of its publication. */
  readonly asOf: string;
  /** The row that matches and what it says for a moment. */
  find(provider: string, model: string, at: Date): FoundRates | undefined;
}

export interface FoundRates {
  /** The id the row is filed under, which may not be the id asked for. */
  readonly modelId: string;
  /** True when the row holds the very id asked for, and not only one that it begins with. */
  readonly isExact: boolean;
  readonly rates: Rates;
}

/** The range in which a real price lies: 1e-9 to 1e-2 dollars per token. Outside it somebody mistook the unit. */
export const MIN_USD_PER_MTOK = 0.001;
export const MAX_USD_PER_MTOK = 10_000;
export const isSaneUsdPerMTok = (usd: number): boolean => usd >= MIN_USD_PER_MTOK && usd <= MAX_USD_PER_MTOK;

/**
 * Cost of a usage in nano-dollars, rounded up. Cached tokens are parts of the input and take its place at their own rate. Undefined when
 * input or output is unknown, when a count is not a whole number, or when the parts exceed the whole.
 */
export function costOf(
  rates: Rates,
  usage: Pick<Usage, 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'>,
): NanoUsd | undefined {
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  if (![inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens].every((count) => Number.isSafeInteger(count) && count >= 0))
    return undefined;
  const plainTokens = inputTokens - cacheReadTokens - cacheWriteTokens;
  if (plainTokens < 0) return undefined;
  const at = (rate: Rate, tokens: number): bigint => BigInt(tokens) * scaledNanoPerToken(usdPerMTokAt(rate, inputTokens));
  const scaled =
    at(rates.input, plainTokens) +
    at(rates.cacheRead ?? rates.input, cacheReadTokens) +
    at(rates.cacheWrite ?? rates.input, cacheWriteTokens) +
    at(rates.output, outputTokens);
  const nano = Number((scaled + SCALE - 1n) / SCALE);
  return Number.isSafeInteger(nano) ? nano : undefined;
}

/** What a short request pays. */
export const baseOf = (rate: Rate): number => (typeof rate === 'number' ? rate : rate.base);

function usdPerMTokAt(rate: Rate, inputTokens: number): number {
  if (typeof rate === 'number') return rate;
  return rate.tiers.reduce((price, tier) => (inputTokens > tier.above ? tier.price : price), rate.base);
}

const SCALE_DIGITS = 30;
const SCALE = 10n ** BigInt(SCALE_DIGITS);

/**
 * A price as an exact integer. A price is a decimal that somebody wrote; the number in memory is the binary fraction nearest to it, and
 * its shortest decimal form gives back what was written (0.1, not 0.1000000000000000055). One dollar per million tokens is 1000
 * nano-dollars per token.
 */
function scaledNanoPerToken(usdPerMTok: number): bigint {
  const [, whole = '0', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(usdPerMTok)) ?? [];
  return BigInt(whole + fraction) * 10n ** BigInt(SCALE_DIGITS + 3 - fraction.length + Number(exponent));
}

/** True when the test holds for each figure of the rates. */
export function everyFigure(rates: Rates, test: (usdPerMTok: number) => boolean): boolean {
  const figures = (rate: Rate | undefined): readonly number[] =>
    rate === undefined ? [] : typeof rate === 'number' ? [rate] : [rate.base, ...rate.tiers.map((tier) => tier.price)];
  return [rates.input, rates.output, rates.cacheRead, rates.cacheWrite].flatMap(figures).every(test);
}
