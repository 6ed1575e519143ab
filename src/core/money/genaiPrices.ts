/**
 * The published price list: `@pydantic/genai-prices`, half a megabyte of rows, so it is a bundle of its own, loaded at the first price
 * that only it knows. The package finds the row and the rates that held at a time; the arithmetic is ours (rates.ts), because its
 * own is in floating point.
 */
import { calcPrice, type ModelPrice } from '@pydantic/genai-prices';
import type { PriceList, Rate, Rates } from './rates.ts';

export const priceList: PriceList = {
  source: 'genai-prices 0.1.8',
  /** The rows carry no common date; this is the day version 0.1.8 was published to the npm registry. */
  asOf: '2026-09-23',
  find(provider, model, at) {
    try {
      const result = calcPrice({}, model, { providerId: provider, timestamp: at });
      // For some hosts the package falls back to another vendor's rows: that would be a guess.
      if (!result?.provider.models.includes(result.model)) return undefined;
      const rates = ratesFrom(result.model_price);
      return rates && { modelId: result.model.id, rates };
    } catch {
      return undefined; // the package throws on a row it cannot read: no price is known
    }
  },
};

/** Charges that text and pictures in, text out, without tools, never meet. */
const NOT_OURS = /audio|video|web_searches|storage_searches|cache_write_1h/;

/** Undefined when a rate is missing, or when the model charges for something that our usage does not count (requests, citations...). */
function ratesFrom(row: ModelPrice): Rates | undefined {
  const { input_mtok, output_mtok, cache_read_mtok, cache_write_mtok, ...rest } = row;
  if (Object.keys(rest).some((key) => !NOT_OURS.test(key))) return undefined;
  if (input_mtok === undefined || output_mtok === undefined) return undefined;
  return {
    input: rateFrom(input_mtok),
    output: rateFrom(output_mtok),
    ...(cache_read_mtok === undefined ? {} : { cacheRead: rateFrom(cache_read_mtok) }),
    ...(cache_write_mtok === undefined ? {} : { cacheWrite: rateFrom(cache_write_mtok) }),
  };
}

function rateFrom(price: NonNullable<ModelPrice[string]>): Rate {
  if (typeof price === 'number') return price;
  const tiers = price.tiers.map(({ start, price: usdPerMTok }) => ({ above: start, price: usdPerMTok }));
  return { base: price.base, tiers: tiers.sort((a, b) => a.above - b.above) };
}
