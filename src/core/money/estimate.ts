/**
 * What a run may cost, before it: a floor, a likely figure and the worst case, which is what gets reserved.
 *
 * The worst case must hold without asking anybody, so it takes the upper bound of the input, at the dearer of the input and the cache
 * write price, and the whole output limit, which every vendor says contains the thinking.
 */
import type { Estimate, LaneId } from '../../shared/comparison.ts';
import type { ModelRequest } from '../../shared/model.ts';
import type { NanoUsd } from '../../shared/money.ts';
import type { Price } from '../contracts.ts';
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

/** Input tokens of a request: `likely` within about 25 % for text, `upper` at least what a vendor counts. */
export function inputTokens(request: ModelRequest): { readonly likely: number; readonly upper: number } {
  const counts = request.parts.map((part) => {
    if (part.type === 'image') return imageTokens(part.base64, request.model);
    const { likely, upper } = countTokens(part.text);
    return { likely, upper: upper * TOKENIZER_MARGIN };
  });
  const system = countTokens(request.system);
  const frame = FRAME_TOKENS + PART_FRAME_TOKENS * request.parts.length;
  const sum = (first: number, of: (count: (typeof counts)[number]) => number): number =>
    counts.reduce((total, count) => total + of(count), first);
  return {
    likely: Math.ceil(sum(frame + system.likely, (count) => count.likely)),
    upper: Math.ceil(sum(2 * frame + system.upper * TOKENIZER_MARGIN, (count) => count.upper)),
  };
}

/** Floor (input alone), likely and ceiling in nano-dollars; all absent when the price is unknown. `lane` sets what output is likely. */
export function estimateRun(request: ModelRequest, price: Price | undefined, lane: LaneId): Estimate {
  const input = inputTokens(request);
  const likelyOutput = Math.min(LIKELY_OUTPUT_TOKENS[lane], request.maxOutputTokens);
  const floorNanoUsd = price?.costOf({ inputTokens: input.likely, outputTokens: 0 });
  const likelyNanoUsd = price?.costOf({ inputTokens: input.likely, outputTokens: likelyOutput });
  const ceilingNanoUsd = price && worstCase(price, input.upper, request.maxOutputTokens);
  if (floorNanoUsd === undefined || likelyNanoUsd === undefined || ceilingNanoUsd === undefined)
    return { inputTokens: input.likely };
  return { inputTokens: input.likely, floorNanoUsd, likelyNanoUsd, ceilingNanoUsd };
}

/** The worst case as a function of the output limit, for finding a limit that fits; the input is counted once. */
export function ceilingByOutput(request: ModelRequest, price: Price): (maxOutputTokens: number) => NanoUsd | undefined {
  const { upper } = inputTokens(request);
  return (maxOutputTokens) => worstCase(price, upper, maxOutputTokens);
}

function worstCase(price: Price, inputUpper: number, outputTokens: number): NanoUsd | undefined {
  const plain = price.costOf({ inputTokens: inputUpper, outputTokens });
  const cached = price.costOf({ inputTokens: inputUpper, outputTokens, cacheWriteTokens: inputUpper });
  return plain === undefined || cached === undefined ? undefined : Math.max(plain, cached);
}
