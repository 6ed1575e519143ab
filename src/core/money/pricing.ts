/**
 * Where the price of a model comes from: the person's own row, the sample's illustration, this machine, or the public price list; never a
 * guess from one vendor to another.
 */
import type { Cost, CostBasis, NanoUsd } from '../../shared/money.ts';
import type { Endpoint, Price, Pricing } from '../contracts.ts';
import { isLoopbackUrl } from '../providers/baseUrl.ts';
import {
  costOf,
  everyFigure,
  isSaneUsdPerMTok,
  MAX_USD_PER_MTOK,
  MIN_USD_PER_MTOK,
  type PriceList,
  type Rates,
} from './rates.ts';

/** A price the person wrote into the settings, in US dollars per million tokens. */
export interface PriceOverlayRow {
  readonly inputUsdPerMTok: number;
  readonly outputUsdPerMTok: number;
  readonly cacheReadUsdPerMTok?: number | undefined;
  readonly cacheWriteUsdPerMTok?: number | undefined;
  /** The day the person looked it up. */
  readonly asOf?: string | undefined;
}

export interface PricingOptions {
  /** Rows by `endpoint:model`. */
  readonly overlay: Readonly<Record<string, PriceOverlayRow>>;
  /** The published list, loaded when first needed. */
  readonly loadPriceList?: () => Promise<PriceList>;
}

/** Prices in this order: the person's own row, the sample, this machine, the published list. Nothing is remembered but the list. */
export function createPricing({ overlay, loadPriceList = loadBundledList }: PricingOptions): Pricing {
  let list: Promise<PriceList> | undefined;
  return {
    async priceFor(endpoint, model, at) {
      const key = `${endpoint.id}:${model}`;
      const own = Object.hasOwn(overlay, key) ? overlay[key] : undefined;
      if (own) return overlayPrice(own, endpoint, at);
      if (endpoint.scripted)
        return price(ILLUSTRATIVE[model] ?? ILLUSTRATIVE_DEFAULT, { source: 'illustrative', asOf: ILLUSTRATIVE_AS_OF });
      if (isLoopbackUrl(endpoint.baseUrl)) return localPrice(at);
      const provider = PROVIDER_OF_HOST[URL.parse(endpoint.baseUrl)?.hostname ?? ''];
      if (provider === undefined) return undefined;
      list ??= loadPriceList();
      const { source, asOf, find } = await list;
      const found = find(provider, model, at);
      if (!found || !everyFigure(found.rates, isSaneUsdPerMTok)) return undefined;
      return price(found.rates, { source, asOf, ...(found.modelId === model ? {} : { assumedModel: found.modelId }) });
    },
  };
}

/** A cost that says which price it stands on. */
export function costAt(price: Price, nanoUsd: NanoUsd, basis: CostBasis): Cost {
  return {
    nanoUsd,
    basis,
    priceSource: price.source,
    priceAsOf: price.asOf,
    ...(price.assumedModel === undefined ? {} : { assumedModel: price.assumedModel }),
  };
}

/** What is wrong with a row of the settings, in one sentence; undefined when it can be used. Zero is allowed: some servers are free. */
export function overlayProblem(row: PriceOverlayRow): string | undefined {
  const isUsable = (usd: number): boolean => usd === 0 || isSaneUsdPerMTok(usd);
  if (everyFigure(overlayRates(row), isUsable)) return undefined;
  return `Prices are in US dollars per million tokens, from ${MIN_USD_PER_MTOK} to ${MAX_USD_PER_MTOK}, or 0. A price per token must be multiplied by 1000000.`;
}

const loadBundledList = async (): Promise<PriceList> => (await import('./genaiPrices.ts')).priceList;

/** Prices that show a ratio and were never charged to anybody; the order of magnitude of a small and a large model of 2026. */
const ILLUSTRATIVE: Readonly<Record<string, Rates>> = {
  fast: { input: 0.25, output: 1.25 },
  reasoning: { input: 5, output: 25 },
};
const ILLUSTRATIVE_DEFAULT: Rates = { input: 1, output: 5 };
const ILLUSTRATIVE_AS_OF = '2026-11-22';

/**
 * Whose prices hold at a host, as the ids of the price list. Only the vendors' own hosts: a proxy may charge what it likes, and an
 * endpoint that borrows a built-in name is judged by where it leads.
 */
const PROVIDER_OF_HOST: Readonly<Partial<Record<string, string>>> = {
  'api.openai.com': 'openai',
  'api.anthropic.com': 'anthropic',
  'generativelanguage.googleapis.com': 'google',
  'openrouter.ai': 'openrouter',
  'api.deepseek.com': 'deepseek',
  'api.groq.com': 'groq',
  'api.mistral.ai': 'mistral',
  'api.x.ai': 'x-ai',
  'api.together.xyz': 'together',
  'api.fireworks.ai': 'fireworks',
  'api.cerebras.ai': 'cerebras',
  'api.perplexity.ai': 'perplexity',
  'api.moonshot.ai': 'moonshotai',
};

const isoDay = (at: Date): string => at.toISOString().slice(0, 10);

const localPrice = (at: Date): Price => ({ basis: 'local', source: 'local', asOf: isoDay(at), costOf: () => 0 });

function overlayRates(row: PriceOverlayRow): Rates {
  return {
    input: row.inputUsdPerMTok,
    output: row.outputUsdPerMTok,
    ...(row.cacheReadUsdPerMTok === undefined ? {} : { cacheRead: row.cacheReadUsdPerMTok }),
    ...(row.cacheWriteUsdPerMTok === undefined ? {} : { cacheWrite: row.cacheWriteUsdPerMTok }),
  };
}

/** A row that cannot be right is no price; the sample stays an illustration whatever its row says, so that it never enters the books. */
function overlayPrice(row: PriceOverlayRow, endpoint: Endpoint, at: Date): Price | undefined {
  if (overlayProblem(row) !== undefined) return undefined;
  return price(overlayRates(row), { source: endpoint.scripted ? 'illustrative' : 'settings', asOf: row.asOf ?? isoDay(at) });
}

function price(rates: Rates, origin: Pick<Price, 'source' | 'asOf' | 'assumedModel'>): Price {
  return { basis: 'computed', ...origin, costOf: (usage) => costOf(rates, usage) };
}
