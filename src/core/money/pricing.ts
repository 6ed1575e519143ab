/**
 * Where the price of a model comes from: the person's own row, the sample's illustration, this machine, or the public price list; never a
 * guess from one vendor to another.
 */
import type { Cost, CostBasis, NanoUsd } from '../../shared/money.ts';
import type { Endpoint, Price, Pricing } from '../contracts.ts';
import { isLoopbackUrl } from '../providers/baseUrl.ts';
import { overlayProblem, overlayRates, overlayRowAt, type PriceOverlay, type PriceOverlayRow } from './overlay.ts';
import { baseOf, costOf, everyFigure, isSaneUsdPerMTok, type PriceList, type Rates } from './rates.ts';

export interface PricingOptions {
  /** The person's rows. */
  readonly overlay: PriceOverlay;
  /** The published list, loaded when first needed. */
  readonly loadPriceList?: () => Promise<PriceList>;
}

/** Prices in this order: the person's own row, the sample, this machine, the published list. Nothing is remembered but the list. */
export function createPricing({ overlay, loadPriceList = loadBundledList }: PricingOptions): Pricing {
  let list: Promise<PriceList> | undefined;
  return {
    async priceFor(endpoint, model, at) {
      const own = overlayRowAt(overlay, `${endpoint.id}:${model}`, at);
      if (own) return overlayPrice(own, endpoint);
      if (endpoint.scripted)
        return price(ILLUSTRATIVE[model] ?? ILLUSTRATIVE_DEFAULT, { source: 'illustrative', asOf: ILLUSTRATIVE_AS_OF });
      if (isLoopbackUrl(endpoint.baseUrl)) return localPrice(at);
      const vendor = vendorOf(endpoint);
      if (!vendor) return undefined;
      list ??= loadPriceList();
      const { source, asOf, find } = await list;
      // Gemini's list of models gives ids with this prefix, and its servers take them with and without it.
      const asked = vendor.provider === 'google' ? model.replace(/^models\//, '') : model;
      const found = find(vendor.provider, asked, at);
      if (!found || !everyFigure(found.rates, isSaneUsdPerMTok)) return undefined;
      if (!vendor.namesModels)
        return found.isExact ? price(found.rates, { source, asOf, assumedModel: found.modelId }) : undefined;
      return price(found.rates, { source, asOf, ...(found.modelId === asked ? {} : { assumedModel: found.modelId }) });
    },
  };
}

/** The published list that came with this version. */
export const loadBundledList = async (): Promise<PriceList> => (await import('./genaiPrices.ts')).bundledList;

/** A cost that says which price it stands on. */
export function costAt(price: Price, nanoUsd: NanoUsd, basis: CostBasis): Cost {
  return {
    nanoUsd,
    basis,
    priceSource: price.source,
    ...(price.asOf === undefined ? {} : { priceAsOf: price.asOf }),
    ...(price.assumedModel === undefined ? {} : { assumedModel: price.assumedModel }),
  };
}

/** Prices that show a ratio and were never charged to anybody; the order of magnitude of a small and a large model of 2026. */
const ILLUSTRATIVE: Readonly<Record<string, Rates>> = {
  fast: { input: 0.25, output: 1.25 },
  reasoning: { input: 5, output: 25 },
};
const ILLUSTRATIVE_DEFAULT: Rates = { input: 1, output: 5 };
const ILLUSTRATIVE_AS_OF = '2026-11-22';

/** Whose prices hold at a host. */
interface Vendor {
  /** The id in the price list. */
  readonly provider: string;
  /** False where the person names the models (Azure's deployments): only an id the list holds word for word is priced, as an assumption. */
  readonly namesModels: boolean;
}

/**
 * Only the vendors' own hosts: a proxy may charge what it likes, and an endpoint that borrows a built-in name is judged by where it
 * leads. Alibaba's Model Studio (DashScope) is in no list, so the price of its models is unknown.
 */
function vendorOf(endpoint: Endpoint): Vendor | undefined {
  const host = URL.parse(endpoint.baseUrl)?.hostname ?? '';
  if (/^[^.]+\.(?:openai\.azure\.com|services\.ai\.azure\.com|cognitiveservices\.azure\.com)$/.test(host))
    return { provider: 'azure', namesModels: false };
  const provider = Object.hasOwn(PROVIDER_OF_HOST, host) ? PROVIDER_OF_HOST[host] : undefined;
  return provider === undefined ? undefined : { provider, namesModels: true };
}

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

/** A row that cannot be right is no price; the sample stays an illustration whatever its row says, so that it never enters the books. */
function overlayPrice(row: PriceOverlayRow, endpoint: Endpoint): Price | undefined {
  if (overlayProblem(row) !== undefined) return undefined;
  const source = endpoint.scripted ? 'illustrative' : 'settings';
  const asOf = row.asOf ?? row.from;
  return price(overlayRates(row), { source, ...(asOf === undefined ? {} : { asOf }) });
}

function price(rates: Rates, origin: Pick<Price, 'source' | 'asOf' | 'assumedModel'>): Price {
  const usdPerMTok = { input: baseOf(rates.input), output: baseOf(rates.output) };
  return { basis: 'computed', ...origin, usdPerMTok, costOf: (usage) => costOf(rates, usage) };
}
