/**
 * One meaning of usage for all vendors: `inputTokens` and `outputTokens` are totals, the other counts are parts of them.
 *
 * OpenAI's two wires count that way already; Anthropic leaves cached input out of its input count. Some hosts put a part beside the
 * total instead of inside it (reasoning on some xAI hosts, cache on some proxies): a part that does not fit inside stands beside.
 */
import type { Usage } from '../../shared/model.ts';
import { nanoFromUsd } from '../../shared/money.ts';
import { asCount, asObject, type Json } from './json.ts';

/**
 * How a server of the Chat wire counts thoughts apart from the answer: in the total alone (Gemini: `total_tokens` 627 of `prompt_tokens`
 * 16 and `completion_tokens` 9), or as `reasoning_tokens` that neither the answer's count nor the total holds (Perplexity).
 */
export type ThoughtCount = 'in-total' | 'beside';

/**
 * Usage of the Responses and the Chat wire, which differ in names only. Undefined when it holds no count.
 *
 * Reasoning counts as a part of the output unless the numbers, or what is known of the server (`thoughts`), say otherwise.
 */
export function openAiUsage(value: unknown, thoughts?: ThoughtCount): Usage | undefined {
  const raw = asObject(value);
  if (!raw) return undefined;
  const inputDetails = asObject(raw.input_tokens_details) ?? asObject(raw.prompt_tokens_details);
  const outputDetails = asObject(raw.output_tokens_details) ?? asObject(raw.completion_tokens_details);
  const saidInput = first(raw, 'input_tokens', 'prompt_tokens');
  const saidOutput = first(raw, 'output_tokens', 'completion_tokens');
  const total = asTokens(raw.total_tokens);
  // DeepSeek says `prompt_cache_hit_tokens`, Moonshot `cached_tokens` beside the totals. LiteLLM hands on Anthropic's names, whose
  // counts it has added to `prompt_tokens` (docs.litellm.ai, completion/prompt_caching).
  const cacheRead =
    first(inputDetails, 'cached_tokens') ?? first(raw, 'prompt_cache_hit_tokens', 'cache_read_input_tokens', 'cached_tokens');
  const cacheWrite =
    first(inputDetails, 'cache_write_tokens', 'cache_creation_tokens') ?? first(raw, 'cache_creation_input_tokens');
  const reasoning =
    asTokens(outputDetails?.reasoning_tokens) ??
    asTokens(raw.reasoning_tokens) ??
    (thoughts === 'in-total' ? difference(total, saidInput, saidOutput) : undefined);

  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  const input = saidInput !== undefined && cached > saidInput ? saidInput + cached : saidInput;
  const reasoningIsBeside =
    saidOutput !== undefined &&
    reasoning !== undefined &&
    (thoughts !== undefined ||
      reasoning > saidOutput ||
      (reasoning > 0 && saidInput !== undefined && total === saidInput + saidOutput + reasoning));
  const output = reasoningIsBeside ? saidOutput + reasoning : saidOutput;
  return usage({ input, output, reasoning, cacheRead, cacheWrite });
}

/**
 * What the provider says it charges, in nano-dollars; fees beside the tokens are in it.
 *
 * OpenRouter: `cost`, in dollars; with a key of one's own at the upstream vendor (`is_byok`) that is OpenRouter's fee alone, and the
 * vendor's charge stands beside it (openrouter.ai, usage accounting). Perplexity: `cost.total_cost`, in dollars, with its fee for the
 * search (docs.perplexity.ai, changelog of July 2025). xAI: `cost_in_usd_ticks`, ten thousand million to the dollar (docs.x.ai, cost tracking).
 */
export function billedCost(value: unknown): number | undefined {
  const raw = asObject(value);
  if (!raw) return undefined;
  const ticks = asCount(raw.cost_in_usd_ticks);
  if (ticks !== undefined) return Math.round(ticks / 10);
  const itemised = asObject(raw.cost);
  const isDollars = itemised === undefined || itemised.currency === undefined || itemised.currency === 'USD';
  const cost = isDollars ? dollars(itemised ? itemised.total_cost : raw.cost) : undefined;
  if (cost === undefined || raw.is_byok !== true) return cost === undefined ? undefined : nanoFromUsd(cost);
  const upstream = dollars(asObject(raw.cost_details)?.upstream_inference_cost);
  return upstream === undefined ? undefined : nanoFromUsd(cost + upstream);
}

const dollars = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 1_000_000 ? value : undefined;

/** Counts of an Anthropic stream, collected from its events. A later event replaces; a placeholder never does. */
export class AnthropicCounts {
  #input: number | undefined;
  #cacheRead: number | undefined;
  #cacheWrite: number | undefined;
  #output: number | undefined;
  #thinking: number | undefined;

  /** `message_start`: its output count is a placeholder, so only the input side is taken. */
  start(value: unknown): void {
    this.#takeInput(asObject(value));
  }

  /** `message_delta` or a whole message: cumulative, so it replaces. The output of one answer cannot shrink. */
  update(value: unknown): void {
    const raw = asObject(value);
    this.#takeInput(raw);
    const output = asTokens(raw?.output_tokens);
    if (output !== undefined) this.#output = Math.max(output, this.#output ?? 0);
    const thinking = asTokens(asObject(raw?.output_tokens_details)?.thinking_tokens);
    if (thinking !== undefined) this.#thinking = Math.max(thinking, this.#thinking ?? 0);
  }

  read(): Usage | undefined {
    const beside = (this.#cacheRead ?? 0) + (this.#cacheWrite ?? 0);
    const reasoning = this.#thinking;
    const output = reasoning !== undefined && this.#output !== undefined ? Math.max(this.#output, reasoning) : this.#output;
    const input = this.#input === undefined ? undefined : this.#input + beside;
    return usage({ input, output, reasoning, cacheRead: this.#cacheRead, cacheWrite: this.#cacheWrite });
  }

  #takeInput(raw: Json | undefined): void {
    if (!raw) return;
    const input = asTokens(raw.input_tokens);
    const cacheRead = asTokens(raw.cache_read_input_tokens);
    const split = asObject(raw.cache_creation);
    const cacheWrite =
      asTokens(raw.cache_creation_input_tokens) ??
      sum(asTokens(split?.ephemeral_5m_input_tokens), asTokens(split?.ephemeral_1h_input_tokens));
    const next = { input: input ?? this.#input, read: cacheRead ?? this.#cacheRead, write: cacheWrite ?? this.#cacheWrite };
    const total = (next.input ?? 0) + (next.read ?? 0) + (next.write ?? 0);
    // Some proxies repeat fields as zeros at the end; no request has no input, and what was sent cannot shrink.
    if (total === 0 || total < (this.#input ?? 0) + (this.#cacheRead ?? 0) + (this.#cacheWrite ?? 0)) return;
    this.#input = next.input;
    this.#cacheRead = next.read;
    this.#cacheWrite = next.write;
  }
}

interface Counts {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly reasoning: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
}

function usage(counts: Counts): Usage | undefined {
  const { output, reasoning, cacheRead, cacheWrite } = counts;
  // A request without input does not exist: servers that do not count report 0, and then 0 output means nothing either.
  const input = counts.input === 0 ? undefined : counts.input;
  if (input === undefined && (output === undefined || output === 0)) return undefined;
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
    ...(cacheRead === undefined ? {} : { cacheReadTokens: cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWriteTokens: cacheWrite }),
    basis: 'reported',
  };
}

const first = (raw: Json | undefined, ...names: readonly string[]): number | undefined => {
  for (const name of names) {
    const count = asTokens(raw?.[name]);
    if (count !== undefined) return count;
  }
  return undefined;
};

/** A count of tokens. No call has a thousand million of them: what claims so has not counted, and would be priced. */
const asTokens = (value: unknown): number | undefined => {
  const count = asCount(value);
  return count !== undefined && count < 1_000_000_000 ? count : undefined;
};

/** What a total has over its parts; undefined when one of them is unknown or nothing is left. */
const difference = (total: number | undefined, input: number | undefined, output: number | undefined): number | undefined =>
  total !== undefined && input !== undefined && output !== undefined && total > input + output
    ? total - input - output
    : undefined;

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

export const sameUsage = (a: Usage | undefined, b: Usage | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.inputTokens === b.inputTokens &&
    a.outputTokens === b.outputTokens &&
    a.reasoningTokens === b.reasoningTokens &&
    a.cacheReadTokens === b.cacheReadTokens &&
    a.cacheWriteTokens === b.cacheWriteTokens);
