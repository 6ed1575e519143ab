/**
 * The published price list: `@pydantic/genai-prices`, half a megabyte of rows, so it is a bundle of its own, loaded at the first price
 * that only it knows. The package finds the row and the rates that held at a time; the arithmetic is ours (rates.ts), because its
 * own is in floating point.
 */
import {
  calcPrice,
  findProvider,
  type MatchLogic,
  type ModelPrice,
  type Provider,
  REMOTE_DATA_JSON_URL,
  waitForUpdate,
} from '@pydantic/genai-prices';
import type { PriceList, Rate, Rates } from './rates.ts';

/** What a published list is made of, as far as it is used here: whose models, how their ids are matched, what they cost. */
export type PriceRows = readonly Provider[];

/** The list that came with this version. The rows carry no common date; this is the day version 0.1.8 was published to the npm registry. */
export const bundledList: PriceList = listOf((id) => findProvider({ providerId: id }), 'genai-prices 0.1.8', '2026-09-23');

/** Where the publisher keeps the newest list. */
export const NEWEST_LIST_URL = REMOTE_DATA_JSON_URL;

/** The rows of the bundled list; nothing is fetched, whatever the package's name for it says. */
export const bundledRows = async (): Promise<PriceRows> => (await waitForUpdate()) ?? [];

/** A list made of rows that were fetched and checked. */
export const listFromRows = (rows: PriceRows, source: string, asOf: string): PriceList =>
  listOf((id) => rows.find((provider) => provider.id === id), source, asOf);

function listOf(providerOf: (id: string) => Provider | undefined, source: string, asOf: string): PriceList {
  return {
    source,
    asOf,
    find(id, model, at) {
      try {
        const provider = providerOf(id);
        const result = provider && calcPrice({}, model, { provider, timestamp: at });
        // For some hosts the package falls back to another vendor's rows: that would be a guess.
        if (!result?.provider.models.includes(result.model)) return undefined;
        const rates = ratesFrom(result.model_price);
        const isExact = result.model.id === model || listsExactly(result.model.match, model.toLowerCase());
        return rates && { modelId: result.model.id, isExact, rates };
      } catch {
        return undefined; // the package throws on a row it cannot read: no price is known
      }
    },
  };
}

/** True when a row holds this very id, and not only what it begins with. */
function listsExactly(match: MatchLogic, model: string): boolean {
  if ('or' in match) return match.or.some((part) => listsExactly(part, model));
  return 'equals' in match && match.equals.toLowerCase() === model;
}

/**
 * Charges that text and pictures in, text out, without tools, never meet. Cache writes that live an hour are among them: nothing here
 * asks for caching, and a vendor that caches unasked writes for its standard time.
 */
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
