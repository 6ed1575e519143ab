/**
 * The meter of a running lane: what was probably generated and spent so far, and whether the lane must be stopped.
 *
 * No vendor says during a stream what it has counted, so text is counted as it arrives and thinking that is not shown by the time it
 * takes. Two readings differ on purpose. What is shown is the likely one. What stops a lane is only what the meter can vouch for:
 * text counted low and thinking counted slow, so that a healthy run under its output limit is not stopped by an error of estimation,
 * and a provider that ignores the limit is stopped at about 1.2 to 1.5 times the limit in text, or after that many slow seconds of silence.
 */
import type { Usage } from '../../shared/model.ts';
import type { Cost, NanoUsd } from '../../shared/money.ts';
import type { Price } from '../contracts.ts';
import { costAt } from './pricing.ts';
import { addTokens, countTokens, NO_TOKENS, TOKENIZER_MARGIN, type TokenCount } from './tokens.ts';

/** Thinking that is not shown, in tokens per second: an ordinary pace, for the shown estimate. */
const HIDDEN_TOKENS_PER_SECOND = 60;
/** A pace that few models exceed: where nothing says how fast a model thinks, an uncounted call is settled by it. */
const SAFE_HIDDEN_TOKENS_PER_SECOND = 200;
/** A model thinks about as fast as it answers. So long it must have answered for its pace to be known; what came in a burst tells none. */
const PACE_KNOWN_MS = 1_000;
/** What was buffered on its way looks faster than any model thinks. */
const MOST_PACE_TOKENS_PER_SECOND = 400;
/** The slowest pace at which a served model thinks, for the decision to stop: 24,000 tokens take 16 silent minutes. */
const VOUCHED_HIDDEN_TOKENS_PER_SECOND = 25;
/** Text is counted in pieces of about this many characters. */
const PIECE_LENGTH = 128;
/** Whether the cap is crossed is looked at once in so many characters or milliseconds, not at every delta. */
const CHECK_LENGTH = 64;
const CHECK_INTERVAL_MS = 50;

export interface MeterOptions {
  /** Likely tokens of the request. */
  readonly inputTokens: number;
  /** Undefined: unknown; tokens are metered all the same. */
  readonly price: Price | undefined;
  /** True for a lane that is expected to think before it says anything; another one thinks once it shows thinking. */
  readonly thinks: boolean;
  readonly maxOutputTokens: number;
  /** True for a run that may wait on the provider's side before it works: silence then vouches for nothing. */
  readonly queues?: boolean;
  /** When the request was sent, on the clock that all other times are from. */
  readonly startedMs: number;
  /** What the lane was allowed to cost. Absent: only the output limit counts. */
  readonly ceilingNanoUsd?: NanoUsd;
}

export interface MeterReading {
  /** Never less than an earlier reading. */
  readonly usage: Usage;
  /** Absent when the price is unknown. */
  readonly cost?: Cost;
  /** At least the truth in all but rare cases: what an uncounted call is settled by. */
  readonly safeUsage: SafeUsage;
}

export type SafeUsage = Required<Pick<Usage, 'inputTokens' | 'outputTokens'>>;

/** What may have been generated, unseen, in that time. */
export const safeHiddenTokens = (ms: number): number => Math.ceil((ms / 1000) * SAFE_HIDDEN_TOKENS_PER_SECOND);

export interface Meter {
  addText(text: string, atMs: number): void;
  addReasoning(text: string, atMs: number): void;
  read(atMs: number): MeterReading;
  /** The machine slept so long: whether a model was thinking meanwhile nobody can vouch for. */
  slept(ms: number): void;
  /**
   * True once the lane surely generated more than its output limit, or surely cost more than its ceiling; said up to 50 ms and 64
   * characters late. Never for a free model.
   */
  crossed(atMs: number): boolean;
}

export function createMeter(options: MeterOptions): Meter {
  const { inputTokens, price, maxOutputTokens, ceilingNanoUsd } = options;
  const text = createCounter();
  const reasoning = createCounter();
  /** Since when the model thinks without an end; undefined while it answers. */
  let thinkingSinceMs = options.thinks ? options.startedMs : undefined;
  let thoughtMs = 0;
  let sleptMs = 0;
  /** For how long it answered, without the thinking in between. */
  let answeredMs = 0;
  let answeringSinceMs: number | undefined;
  let shownOutput = 0;
  let shownReasoning = 0;
  let uncheckedLength = 0;
  let checkedMs = Number.NEGATIVE_INFINITY;

  const thinkingSeconds = (atMs: number): number => (thoughtMs + Math.max(0, atMs - (thinkingSinceMs ?? atMs))) / 1000;

  /** Tokens a second, raised by the margin of an estimate. */
  const safePace = (): number =>
    answeredMs < PACE_KNOWN_MS
      ? SAFE_HIDDEN_TOKENS_PER_SECOND
      : Math.min(MOST_PACE_TOKENS_PER_SECOND, (text.count().likely * TOKENIZER_MARGIN * 1000) / answeredMs);

  /** Text by its margin; thinking at least by its time. More than the output limit only where it was seen. */
  const safeUsage = (atMs: number): SafeUsage => {
    const said = text.count().likely * TOKENIZER_MARGIN;
    const thought = reasoning.count().likely * TOKENIZER_MARGIN;
    const hidden = Math.max(thought, thinkingSeconds(atMs) * safePace());
    const output = Math.max(said + thought, shownOutput, Math.min(said + hidden, maxOutputTokens));
    return { inputTokens: Math.ceil(inputTokens * TOKENIZER_MARGIN), outputTokens: Math.ceil(output) };
  };

  /** Silent thinking is believed up to the output limit and no further: time alone is no proof of more. */
  const measure = (atMs: number): void => {
    const said = text.count().likely;
    const thought = reasoning.count().likely;
    const hidden = Math.max(thought, thinkingSeconds(atMs) * HIDDEN_TOKENS_PER_SECOND);
    const output = Math.max(said + thought, Math.min(said + hidden, maxOutputTokens));
    shownOutput = Math.max(shownOutput, Math.ceil(output));
    shownReasoning = Math.min(shownOutput, Math.max(shownReasoning, Math.ceil(output - said)));
  };

  return {
    addText(delta, atMs) {
      text.add(delta);
      uncheckedLength += delta.length;
      answeredMs += Math.max(0, atMs - (answeringSinceMs ?? atMs));
      answeringSinceMs = atMs;
      if (thinkingSinceMs === undefined) return;
      thoughtMs += Math.max(0, atMs - thinkingSinceMs);
      thinkingSinceMs = undefined;
    },
    addReasoning(delta, atMs) {
      reasoning.add(delta);
      uncheckedLength += delta.length;
      answeringSinceMs = undefined;
      thinkingSinceMs ??= atMs;
    },
    read(atMs) {
      measure(atMs);
      const usage: Usage = {
        inputTokens,
        outputTokens: shownOutput,
        ...(shownReasoning > 0 ? { reasoningTokens: shownReasoning } : {}),
        basis: 'estimated',
      };
      const nanoUsd = price?.costOf(usage);
      const safe = { safeUsage: safeUsage(atMs) };
      if (!price || nanoUsd === undefined) return { usage, ...safe };
      return { usage, ...safe, cost: costAt(price, nanoUsd, price.basis === 'local' ? 'local' : 'estimated') };
    },
    slept(ms) {
      sleptMs += ms;
    },
    crossed(atMs) {
      if (price?.basis === 'local' || (uncheckedLength < CHECK_LENGTH && atMs - checkedMs < CHECK_INTERVAL_MS)) return false;
      uncheckedLength = 0;
      checkedMs = atMs;
      const hidden = options.queues ? 0 : Math.max(0, thinkingSeconds(atMs) - sleptMs / 1000) * VOUCHED_HIDDEN_TOKENS_PER_SECOND;
      const vouched = Math.floor(text.count().vouched + Math.max(reasoning.count().vouched, hidden));
      if (vouched > maxOutputTokens) return true;
      if (ceilingNanoUsd === undefined || !price) return false;
      return (price.costOf({ inputTokens: Math.floor(inputTokens / 1.25), outputTokens: vouched }) ?? 0) > ceilingNanoUsd;
    },
  };
}

interface Counter {
  add(delta: string): void;
  count(): TokenCount;
}

/**
 * Counts a growing text in pieces, each once; only the last, unfinished piece is looked at again. Pieces end where a word begins, where
 * the count of the whole equals the sum of the counts of its parts; text without spaces is cut at a length.
 */
function createCounter(): Counter {
  let counted = NO_TOKENS;
  let piece = '';
  let current: TokenCount | undefined = NO_TOKENS;
  return {
    add(delta) {
      piece += delta;
      current = undefined;
      if (piece.length < PIECE_LENGTH) return;
      const cut = lastWordStart(piece) || (piece.length >= 4 * PIECE_LENGTH ? piece.length : 0);
      counted = addTokens(counted, countTokens(piece.slice(0, cut)));
      piece = piece.slice(cut);
    },
    count() {
      current ??= addTokens(counted, countTokens(piece));
      return current;
    },
  };
}

/** Index of the last character that follows white space and is none itself; 0 when there is none. */
function lastWordStart(text: string): number {
  for (let i = text.length - 1; i > 0; i--) if (!isSpace(text.charCodeAt(i)) && isSpace(text.charCodeAt(i - 1))) return i;
  return 0;
}

const isSpace = (unit: number): boolean => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
