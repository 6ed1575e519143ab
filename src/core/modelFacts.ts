/**
 * What is known of a model before it is chosen, in words: for the picker and the command line. Unknown facts are left out, but for the
 * price, whose absence has a consequence.
 */
import { EFFORTS, type Effort } from '../shared/model.ts';
import type { Endpoint, ModelInfo, Price } from './contracts.ts';
import { effortsOf } from './providers/index.ts';

/** The efforts a model takes, by its endpoint's word or else its family; undefined: nobody knows. */
export const knownEfforts = (endpoint: Endpoint, model: ModelInfo): readonly Effort[] | undefined =>
  endpoint.api === 'vscode-lm' ? [] : (model.efforts ?? effortsOf(endpoint, model.id));

export function modelFacts(endpoint: Endpoint, model: ModelInfo, price: Price | undefined): readonly string[] {
  const { contextTokens, maxOutputTokens, imageInput } = model;
  const efforts = knownEfforts(endpoint, model);
  return [
    contextTokens === undefined ? undefined : `${inThousands(contextTokens)} context`,
    maxOutputTokens === undefined ? undefined : `${inThousands(maxOutputTokens)} out`,
    priceFact(model, price),
    efforts && efforts.length > 0 ? `effort ${effortRange(efforts)}` : undefined,
    imageInput === undefined ? undefined : imageInput ? 'reads pictures' : 'text only',
  ].filter((fact) => fact !== undefined);
}

/** What a run is reckoned with; a price that only the endpoint's own list names is said to be that. */
function priceFact({ price: listed }: ModelInfo, price: Price | undefined): string {
  if (price?.basis === 'local') return 'free on this machine';
  if (price?.usdPerMTok) {
    const assumed = price.assumedModel === undefined ? '' : `, as ${price.assumedModel}`;
    return `${perMTok(price.usdPerMTok)}${assumed}`;
  }
  if (listed) return `listed at ${perMTok({ input: listed.inputUsdPerMTok, output: listed.outputUsdPerMTok })}`;
  return price ? 'price known' : 'price unknown';
}

const perMTok = ({ input, output }: { readonly input: number; readonly output: number }): string =>
  `${inUsd(input)} in, ${inUsd(output)} out per million tokens`;

/** Whole dollars without cents; as many places as a price list has. */
const inUsd = (usd: number): string =>
  `$${usd.toLocaleString('en-US', { minimumFractionDigits: Number.isInteger(usd) ? 0 : 2, maximumFractionDigits: 4 })}`;

/** 131072 is spoken of as 131k, 1048576 as 1M. */
const inThousands = (tokens: number): string =>
  tokens >= 999_500 ? `${Math.round(tokens / 100_000) / 10}M` : tokens >= 1000 ? `${Math.round(tokens / 1000)}k` : String(tokens);

function effortRange(efforts: readonly Effort[]): string {
  const words = EFFORTS.filter((effort) => efforts.includes(effort));
  const first = words[0] ?? '';
  const last = words.at(-1) ?? '';
  if (words.length < 3) return words.join(' or ');
  const span = EFFORTS.indexOf(last as Effort) - EFFORTS.indexOf(first as Effort) + 1; // both are of the list
  return span === words.length ? `${first} to ${last}` : `${words.slice(0, -1).join(', ')} or ${last}`;
}
