/**
 * How times and counts are measured from a run's facts and written for people.
 *
 * The one place that decides what counts as the model's time: everything is measured from the start of the attempt that counted,
 * so that waiting for a retry is never held against the model. A figure nobody knows is undefined, and is written as a dash.
 */
import type { Run } from './comparison.ts';
import type { Cost, NanoUsd } from './money.ts';

/** What stands where a figure is not known. */
export const UNKNOWN = '–';

const known = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value) && value >= 0;

/** `value` if it is a finite number not below zero: what a log or a server wrote is checked before it is shown. */
export const countOf = (value: number | undefined): number | undefined => (known(value) ? value : undefined);

/** What it cost, where that is known. */
export const knownNanoUsd = (cost: Cost | undefined): NanoUsd | undefined =>
  cost?.basis === 'unknown' ? undefined : countOf(cost?.nanoUsd);

/** `0.41 s`, `9.8 s`, `62.6 s`, `12 min 05 s`, `1 h 02 min`: about three digits, never a false one. */
export function formatDuration(ms: number | undefined): string {
  if (!known(ms)) return UNKNOWN;
  const seconds = ms / 1000;
  if (ms > 0 && seconds < 0.01) return '<0.01 s';
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 119.95) return `${seconds.toFixed(1)} s`;
  return minutesAndSeconds(Math.round(seconds));
}

/** Whole seconds for a clock that is still running: `3 s`, `1 min 05 s`. Rounded down, as clocks are. */
export function formatElapsed(ms: number): string {
  const seconds = Math.floor(Math.max(0, known(ms) ? ms : 0) / 1000);
  return seconds < 60 ? `${seconds} s` : minutesAndSeconds(seconds);
}

function minutesAndSeconds(seconds: number): string {
  const two = (count: number) => String(count).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
}

/** `1,204`: whole, grouped by thousands, the same in every locale because the words around it are English. */
export function formatCount(count: number | undefined): string {
  return known(count) ? String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',') : UNKNOWN;
}

/** `1 line`, `41 lines`. */
export const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `84 KB`: 1,024 bytes each, and what is begun counts. */
export const kilobytes = (bytes: number): string => `${formatCount(Math.ceil(bytes / 1024))} KB`;

/** Bytes that base64 stands for. */
export const bytesOfBase64 = (base64: string): number =>
  Math.floor(((base64.length - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)) * 3) / 4);

/** Lines a person would count: a last line without its newline counts, the empty rest after a newline does not. */
export function countLines(text: string): number {
  let lines = text.length > 0 && !text.endsWith('\n') ? 1 : 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** True for a moment that belongs to the attempt that counts; an earlier attempt's first byte does not. */
const inAttempt = (run: Run, atMs: number | undefined): atMs is number => known(atMs) && atMs >= run.attemptMs;

/** The moments of the attempt that counts; absent where they did not happen in it. */
export function momentsOf(run: Run): {
  firstByteMs: number | undefined;
  firstEventMs: number | undefined;
  firstReasoningMs: number | undefined;
  firstTextMs: number | undefined;
} {
  const own = (atMs: number | undefined) => (inAttempt(run, atMs) ? atMs : undefined);
  return {
    firstByteMs: own(run.firstByteMs),
    firstEventMs: own(run.firstEventMs),
    firstReasoningMs: own(run.firstReasoningMs),
    firstTextMs: own(run.firstTextMs),
  };
}

/** The end of the run, or now while it lasts. Never before the attempt began. */
export const endOrNowMs = (run: Run, nowMs: number): number =>
  Math.max(run.attemptMs, known(run.endedMs) ? run.endedMs : known(nowMs) ? nowMs : run.attemptMs);

/**
 * Milliseconds from the start of the attempt that counts to the end, or to now while it runs.
 * Undefined while a retry is awaited, and when the run ended during that wait: no attempt of it counted.
 */
export const elapsedMs = (run: Run, nowMs: number): number | undefined =>
  run.retry ? undefined : endOrNowMs(run, nowMs) - run.attemptMs;

/**
 * Milliseconds that retries cost: earlier attempts and the waiting between them, none of it the model's time. While a retry is awaited
 * the present attempt is lost too. A first attempt that counts has none, whatever was prepared before it was sent.
 */
export function waitedMs(run: Run, nowMs: number): number {
  if (run.retry) return Math.max(0, endOrNowMs(run, nowMs) - run.startedMs);
  return run.attempts > 1 ? Math.max(0, run.attemptMs - run.startedMs) : 0;
}

/** Nobody thinks slower or faster than this; a span that says so holds something else than thinking. In tokens per second. */
const THINKING_PACE = { least: 10, most: 5000 };
/** A shorter span is no sign of thinking: it may lie in how bytes travel. */
const LEAST_HIDDEN_MS = 100;

/**
 * When the model thought unseen, as its reported tokens of thinking and the pauses of the stream let it be inferred: from the first byte
 * to the first token of the answer, or, where the first byte too was held back until the model had thought, from sending. Undefined when
 * thinking was shown, when none was reported, and when no pause fits the count.
 */
export function hiddenThinking(run: Run): { readonly fromMs: number; readonly toMs: number } | undefined {
  const { firstByteMs, firstReasoningMs, firstTextMs } = momentsOf(run);
  // Our own count of hidden thinking is made from that very time, so only the provider's word lets it be inferred.
  const reasoningTokens = run.usage?.basis === 'reported' ? countOf(run.usage.reasoningTokens) : undefined;
  const toMs = firstTextMs ?? (isLive(run) ? undefined : run.endedMs);
  if (!reasoningTokens || firstReasoningMs !== undefined || firstByteMs === undefined || toMs === undefined) return undefined;
  const fromMs = [firstByteMs, run.attemptMs].find((startMs) => {
    const spanMs = toMs - startMs;
    const pace = reasoningTokens / (spanMs / 1000);
    return spanMs >= LEAST_HIDDEN_MS && pace >= THINKING_PACE.least && pace <= THINKING_PACE.most;
  });
  return fromMs === undefined ? undefined : { fromMs, toMs };
}

export const isLive = (run: Run | undefined): boolean => run !== undefined && run.status !== 'ended';
