/**
 * What a run may cost, before it: a floor, a likely figure and the worst case, which is what gets reserved.
 *
 * The worst case must hold without asking anybody, so it takes the upper bound of the input, at the dearer of the input and the cache
 * write price, and the whole output limit, which every vendor says contains the thinking. Where the vendor counted the input, its count
 * takes the place of the bound; where the model has answered this person before, those answers say what is likely.
 */
import type { LaneId } from '../../shared/comparison.ts';
import type { ModelRequest } from '../../shared/model.ts';
import type { NanoUsd } from '../../shared/money.ts';
import { type Estimate, LARGER_LIMIT } from '../../shared/sending.ts';
import type { LedgerEntry, Price } from '../contracts.ts';
import { imageTokens } from './images.ts';
import { countTokens, TOKENIZER_MARGIN } from './tokens.ts';

/**
 * Output tokens of an ordinary answer with its thinking: about 4,000 of answer, and as much again twice for thinking. Only for the
 * likely figure; a smaller output limit lowers it.
 */
const LIKELY_OUTPUT_TOKENS: Readonly<Record<LaneId, number>> = { fast: 4_000, reasoning: 12_000 };

/** What the wire's frame of roles and separators adds to a message and to each part of it. */
const FRAME_TOKENS = 8;
const PART_FRAME_TOKENS = 8;

/** How far the count of a text may be off, either way, in the vocabulary it was measured against (tokens.ts). */
const BAND = 1.25;
/** Models of that vocabulary's family; tokenizers of others make up to {@link TOKENIZER_MARGIN} times as many. */
const MEASURED_FAMILY = /(?:^|\/)(?:chat)?gpt-|(?:^|\/)o[134](?:-|$)/i;

/** How much more than its count a vendor may bill: the count is an estimate "by a small amount" (platform.claude.com, "Token counting"). */
const COUNT_MARGIN = 1.02;
const COUNT_MARGIN_TOKENS = 16;

/** This many answers say what is usual, the newest ones; fewer say nothing. */
const LEAST_ANSWERS = 3;
const MOST_ANSWERS = 20;

/** What the vendor counted and what the person's earlier answers by this model came to, where either is known. */
export interface KnownTokens {
  readonly countedInput?: number;
  readonly usualOutput?: UsualOutput;
}

/** The median of earlier answers. */
export interface UsualOutput {
  readonly tokens: number;
  readonly answers: number;
}

export interface InputTokens {
  /** What the vendor counted, or what is probable. */
  readonly likely: number;
  /** The band that the truth is expected in. */
  readonly range: readonly [number, number];
  /** At least what a vendor bills. */
  readonly upper: number;
}

/** Input tokens of a request: counted by the vendor, or by a light tokenizer and the formulas of pictures. */
export function inputTokens(request: ModelRequest, countedInput?: number): InputTokens {
  if (countedInput !== undefined) {
    const upper = Math.ceil(countedInput * COUNT_MARGIN) + COUNT_MARGIN_TOKENS;
    return { likely: countedInput, range: [countedInput, upper], upper };
  }
  const high = MEASURED_FAMILY.test(request.model) ? BAND : BAND * TOKENIZER_MARGIN;
  const frame = FRAME_TOKENS + PART_FRAME_TOKENS * request.parts.length;
  const total = { least: frame / 2, likely: frame, most: 2 * frame, upper: 2 * frame };
  const addText = (text: string): void => {
    const { likely, upper } = countTokens(text);
    total.least += likely / BAND;
    total.likely += likely;
    total.most += likely * high;
    total.upper += upper * TOKENIZER_MARGIN;
  };
  addText(request.system);
  for (const part of request.parts) {
    if (part.type === 'text') {
      addText(part.text);
      continue;
    }
    const { least, likely, upper } = imageTokens(part.base64, request.model);
    total.least += least;
    total.likely += likely;
    total.most += upper;
    total.upper += upper;
  }
  const upper = Math.ceil(total.upper);
  return {
    likely: Math.ceil(total.likely),
    range: [Math.floor(total.least), Math.min(upper, Math.ceil(total.most))],
    upper,
  };
}

/** Likely tokens of each text among these parts, by its index; what a picture comes to depends on the model. */
export const partTokens = (parts: ModelRequest['parts']): Readonly<Record<number, number>> =>
  Object.fromEntries(parts.flatMap((part, index) => (part.type === 'text' ? [[index, countTokens(part.text).likely]] : [])));

/** Floor (input alone), likely and ceiling in nano-dollars; all absent when the price is unknown. `lane` sets what output is likely. */
export function estimateRun(request: ModelRequest, price: Price | undefined, lane: LaneId, known: KnownTokens = {}): Estimate {
  const input = inputTokens(request, known.countedInput);
  const { usualOutput } = known;
  const likelyOutputTokens = Math.min(usualOutput?.tokens ?? LIKELY_OUTPUT_TOKENS[lane], request.maxOutputTokens);
  const tokens: Estimate = {
    inputTokens: input.likely,
    inputTokensRange: input.range,
    ...(known.countedInput === undefined ? {} : { inputBasis: 'counted' }),
    likelyOutputTokens,
    ...(usualOutput ? { likelyFromRuns: usualOutput.answers } : {}),
  };
  const floorNanoUsd = price?.costOf({ inputTokens: input.likely, outputTokens: 0 });
  const likelyNanoUsd = price?.costOf({ inputTokens: input.likely, outputTokens: likelyOutputTokens });
  const ceilingNanoUsd = price && worstCase(price, input.upper, request.maxOutputTokens);
  if (floorNanoUsd === undefined || likelyNanoUsd === undefined || ceilingNanoUsd === undefined) return tokens;
  const largerCeilingNanoUsd = price && worstCase(price, input.upper, request.maxOutputTokens * LARGER_LIMIT);
  return {
    ...tokens,
    floorNanoUsd,
    likelyNanoUsd,
    ceilingNanoUsd,
    ...(largerCeilingNanoUsd === undefined ? {} : { largerCeilingNanoUsd }),
  };
}

/** The same estimate after the vendor counted the input. */
export function withCountedInput(
  estimate: Estimate,
  countedInput: number,
  { request, price, lane }: { readonly request: ModelRequest; readonly price: Price | undefined; readonly lane: LaneId },
): Estimate {
  const { likelyOutputTokens: tokens, likelyFromRuns: answers } = estimate;
  const usualOutput = tokens === undefined || answers === undefined ? undefined : { tokens, answers };
  return estimateRun(request, price, lane, { countedInput, ...(usualOutput ? { usualOutput } : {}) });
}

/** The worst case as a function of the output limit, for finding a limit that fits; the input is counted once. */
export function ceilingByOutput(
  request: ModelRequest,
  price: Price,
  countedInput?: number,
): (maxOutputTokens: number) => NanoUsd | undefined {
  const { upper } = inputTokens(request, countedInput);
  return (maxOutputTokens) => worstCase(price, upper, maxOutputTokens);
}

/** What answers by a model usually come to, by what its provider reported; `entries` are the newest first. */
export function usualOutput(entries: readonly LedgerEntry[], endpoint: string, model: string): UsualOutput | undefined {
  const counts: number[] = [];
  for (const entry of entries) {
    const { basis, outputTokens } = entry.usage ?? { basis: 'estimated' };
    if (entry.endpoint !== endpoint || entry.model !== model || basis !== 'reported' || !outputTokens) continue;
    if (counts.push(outputTokens) === MOST_ANSWERS) break;
  }
  if (counts.length < LEAST_ANSWERS) return undefined;
  counts.sort((a, b) => a - b);
  const middle = counts.length >> 1;
  const [below = 0, above = 0] =
    counts.length % 2 === 1 ? [counts[middle], counts[middle]] : counts.slice(middle - 1, middle + 1);
  return { tokens: Math.round((below + above) / 2), answers: counts.length };
}

function worstCase(price: Price, inputUpper: number, outputTokens: number): NanoUsd | undefined {
  const plain = price.costOf({ inputTokens: inputUpper, outputTokens });
  const cached = price.costOf({ inputTokens: inputUpper, outputTokens, cacheWriteTokens: inputUpper });
  return plain === undefined || cached === undefined ? undefined : Math.max(plain, cached);
}
