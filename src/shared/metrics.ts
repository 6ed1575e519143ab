/**
 * The listed metrics: every number shown of a run, in display order, derived from the run's facts and from nothing else.
 *
 * Panel, command line and reports read the same list, so a figure means the same everywhere and a new metric works on old runs.
 * A dash for unknown, a tilde for an estimate; a figure that is still growing says `atLeast`.
 */
import { isComplete, type LaneId, type Run } from './comparison.ts';
import {
  countOf,
  elapsedMs,
  endOrNowMs,
  formatCount,
  formatDuration,
  hiddenThinking,
  isLive,
  knownNanoUsd,
  momentsOf,
  UNKNOWN,
  waitedMs,
} from './figures.ts';
import { type Cost, formatUsd, isIllustrative, type NanoUsd } from './money.ts';

/** One figure of one run. */
export interface Reading {
  /** In the metric's unit. Absent: unknown. */
  readonly value?: number;
  /** The figure for people, with tilde and note: `~$0.0452`, `$0.0061, illustrative`, `–`. */
  readonly text: string;
  /** The figure alone, where the note is shown apart. */
  readonly figure: string;
  /** What the figure must not be read without: `illustrative`, `from a cache`, `hidden by the provider`. */
  readonly note?: string;
  /** `estimated`: our own count. `atLeast`: still growing. Absent: exact, or unknown. */
  readonly basis?: 'estimated' | 'atLeast';
  /** What a figure that is not there yet can no longer be less than. Never shown; it decides who is better. */
  readonly floor?: number;
}

export type MetricId =
  | 'first-byte'
  | 'first-event'
  | 'first-thinking'
  | 'first-answer'
  | 'thinking'
  | 'total'
  | 'waited'
  | 'speed'
  | 'input-tokens'
  | 'output-tokens'
  | 'reasoning-tokens'
  | 'cost';

export interface Metric {
  readonly id: MetricId;
  readonly label: string;
  /** One plain sentence that explains it. */
  readonly title: string;
  readonly unit: 'ms' | 'tokens/s' | 'tokens' | 'nano-usd';
  /** Which direction is better; absent where neither is. */
  readonly better?: 'lower' | 'higher';
  /** Told where there is room and something to tell: it explains another figure. */
  readonly isDetail?: true;
  read(run: Run, nowMs: number): Reading;
}

/** The note of thinking that was reported but not shown. */
export const HIDDEN = 'hidden by the provider';

const DASH: Reading = { text: UNKNOWN, figure: UNKNOWN };

const exact = (value: number, text: string): Reading => ({ value, text, figure: text });
const estimated = (value: number, text: string): Reading => ({ value, text: `~${text}`, figure: `~${text}`, basis: 'estimated' });
const atLeast = (value: number, text: string): Reading => ({ value, text, figure: text, basis: 'atLeast' });
const noted = (reading: Reading, note: string): Reading => ({ ...reading, text: `${reading.text}, ${note}`, note });
/** A time or a speed of an answer that no model made says so. */
const timed = (run: Run, reading: Reading): Reading =>
  run.fromCache && reading.value !== undefined ? noted(reading, 'from a cache') : reading;
/** A moment of the attempt that counts, as a time since it was sent. */
const moment = (run: Run, atMs: number | undefined): Reading =>
  atMs === undefined ? DASH : timed(run, exact(atMs - run.attemptMs, formatDuration(atMs - run.attemptMs)));

/** In display order. */
export const METRICS: readonly Metric[] = [
  {
    id: 'first-byte',
    label: 'First byte',
    title: 'Time from sending the request to the first byte of the response.',
    unit: 'ms',
    isDetail: true,
    read: (run) => moment(run, momentsOf(run).firstByteMs),
  },
  {
    id: 'first-event',
    label: 'First event',
    title: 'Time from sending the request to the first event of the protocol, whatever it says.',
    unit: 'ms',
    isDetail: true,
    read: (run) => moment(run, momentsOf(run).firstEventMs),
  },
  {
    id: 'first-thinking',
    label: 'First thinking',
    title: 'Time from sending the request to the first token of thinking that was shown.',
    unit: 'ms',
    isDetail: true,
    read: (run) => moment(run, momentsOf(run).firstReasoningMs),
  },
  {
    id: 'first-answer',
    label: 'First answer',
    title: 'Time from sending the request to the first token of the answer; thinking comes before it.',
    unit: 'ms',
    better: 'lower',
    read(run, nowMs) {
      const { firstTextMs } = momentsOf(run);
      if (firstTextMs !== undefined) return moment(run, firstTextMs);
      const elapsed = isLive(run) ? elapsedMs(run, nowMs) : undefined;
      return elapsed === undefined ? DASH : { ...DASH, floor: elapsed };
    },
  },
  {
    id: 'thinking',
    label: 'Thinking',
    title:
      'Time from the first token of thinking to the first token of the answer. A tilde: hidden by the provider, and inferred from the pauses of the stream and the reported tokens.',
    unit: 'ms',
    read: (run, nowMs) => timed(run, readThinking(run, nowMs)),
  },
  {
    id: 'total',
    label: 'Total',
    title: 'Time from sending the request to the end of the answer, without earlier attempts that failed.',
    unit: 'ms',
    better: 'lower',
    read(run, nowMs) {
      const elapsed = elapsedMs(run, nowMs);
      if (elapsed === undefined) return DASH;
      return timed(run, isLive(run) ? atLeast(elapsed, formatDuration(elapsed)) : exact(elapsed, formatDuration(elapsed)));
    },
  },
  {
    id: 'waited',
    label: 'Retries',
    title: 'Time lost to earlier attempts and to waiting between them: in no other figure, because it is not the model’s.',
    unit: 'ms',
    isDetail: true,
    read(run, nowMs) {
      const waited = waitedMs(run, nowMs);
      if (run.attempts < 2 && !run.retry) return exact(0, 'none');
      return run.retry && isLive(run) ? atLeast(waited, formatDuration(waited)) : exact(waited, formatDuration(waited));
    },
  },
  {
    id: 'speed',
    label: 'Speed',
    title: 'Tokens of the answer, without thinking, per second from its first token to its end.',
    unit: 'tokens/s',
    better: 'higher',
    read: (run, nowMs) => timed(run, readSpeed(run, nowMs)),
  },
  {
    id: 'input-tokens',
    label: 'In',
    title: 'Tokens sent: the instructions, the task and its pictures, cached ones included.',
    unit: 'tokens',
    read(run) {
      const reported = countOf(run.usage?.inputTokens);
      const cached = countOf(run.usage?.cacheReadTokens);
      const total = reported === undefined ? undefined : tokens(reported, run.usage?.basis === 'estimated');
      if (total) return cached ? noted(total, `${formatCount(cached)} cached`) : total;
      const guess = countOf(run.plan.estimate.inputTokens);
      return guess ? tokens(guess, true) : DASH;
    },
  },
  {
    id: 'output-tokens',
    label: 'Out',
    title: 'Tokens generated, thinking included. This is what is billed as output.',
    unit: 'tokens',
    read: (run) => tokensSoFar(run, countOf(run.usage?.outputTokens)),
  },
  {
    id: 'reasoning-tokens',
    label: 'Thinking tokens',
    title: 'Tokens generated while thinking: a part of the tokens out, billed even where the thinking is not shown.',
    unit: 'tokens',
    read: readReasoningTokens,
  },
  {
    id: 'cost',
    label: 'Cost',
    title: 'What this run cost in US dollars. A tilde: our estimate; a dash: the price is not known.',
    unit: 'nano-usd',
    better: 'lower',
    read: (run) => readCost(run.cost),
  },
];

/** The details of a run in one sentence, for who asks: what came when, and what was lost before. Empty when there are none. */
export function detailSentence(run: Run, nowMs: number): string {
  const details = METRICS.flatMap((each) => {
    const reading = each.isDetail ? each.read(run, nowMs) : DASH;
    return reading.value ? [`${each.label.toLowerCase()} ${reading.figure}`] : [];
  });
  const picked = run.resumes ? [`picked up again ${run.resumes === 1 ? 'once' : `${run.resumes} times`}`] : [];
  const sentence = [...details, ...picked].join(', ');
  return sentence && `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** The metric of that id. */
export function metric(id: MetricId): Metric {
  const found = METRICS.find((candidate) => candidate.id === id);
  if (!found) throw new RangeError(`no metric ${id}`);
  return found;
}

function readThinking(run: Run, nowMs: number): Reading {
  const { firstReasoningMs, firstTextMs } = momentsOf(run);
  if (firstReasoningMs !== undefined) {
    // Thinking that only began after the answer had: its span is mixed with the answer's, so nobody can say.
    if (firstTextMs !== undefined && firstReasoningMs > firstTextMs) return DASH;
    const span = Math.max(0, (firstTextMs ?? endOrNowMs(run, nowMs)) - firstReasoningMs);
    return firstTextMs === undefined && isLive(run) ? atLeast(span, formatDuration(span)) : exact(span, formatDuration(span));
  }
  const hidden = hiddenThinking(run);
  if (hidden) return noted(estimated(hidden.toMs - hidden.fromMs, formatDuration(hidden.toMs - hidden.fromMs)), HIDDEN);
  if (run.usage?.basis === 'reported' && countOf(run.usage.reasoningTokens) === 0 && !isLive(run)) return exact(0, 'none');
  return DASH;
}

/** Tokens of thinking that nobody saw: whose count it is must be said, the provider's or ours. */
function readReasoningTokens(run: Run): Reading {
  const reading = tokensSoFar(run, countOf(run.usage?.reasoningTokens));
  if (!reading.value || momentsOf(run).firstReasoningMs !== undefined) return reading;
  return noted(reading, run.usage?.basis === 'reported' ? HIDDEN : 'our estimate');
}

/** An answer that is whole so soon after its first token was held back and sent in one piece: the pace would be the line's. */
const ALL_AT_ONCE_MS = 50;

function readSpeed(run: Run, nowMs: number): Reading {
  const { firstReasoningMs, firstTextMs } = momentsOf(run);
  const output = countOf(run.usage?.outputTokens);
  // Thinking was seen but not counted: its tokens are somewhere in the output, and no honest figure is left.
  const reasoning = countOf(run.usage?.reasoningTokens) ?? (firstReasoningMs === undefined ? 0 : undefined);
  if (firstTextMs === undefined || output === undefined || reasoning === undefined) return DASH;
  const spanMs = endOrNowMs(run, nowMs) - firstTextMs;
  const answer = output - reasoning;
  // Less than a character a token: the output holds thinking that was neither shown nor counted apart.
  if (run.usage?.reasoningTokens === undefined && run.usage?.basis === 'reported' && run.text.length < answer) return DASH;
  // Under a third of a second a running figure jumps too much to be read; an answer that came all at once has no pace at all.
  if (answer <= 0 || spanMs < (isLive(run) ? 300 : ALL_AT_ONCE_MS)) return DASH;
  const speed = answer / (spanMs / 1000);
  const text = `${speed < 10 ? speed.toFixed(1) : formatCount(speed)} tok/s`;
  return isLive(run) || run.usage?.basis === 'estimated' ? estimated(speed, text) : exact(speed, text);
}

const tokens = (count: number, isEstimate: boolean): Reading =>
  isEstimate ? estimated(count, formatCount(count)) : exact(count, formatCount(count));

/** Generated tokens: whatever was counted before the end is not the last word. */
const tokensSoFar = (run: Run, count: number | undefined): Reading =>
  count === undefined ? DASH : tokens(count, run.usage?.basis === 'estimated' || isLive(run));

/** A cost as a reading, with what it must not be read without. */
function readCost(cost: Cost | undefined): Reading {
  const nanoUsd = knownNanoUsd(cost);
  if (!cost || nanoUsd === undefined) return DASH;
  if (isIllustrative(cost)) return noted(money(nanoUsd, cost.basis === 'estimated'), 'illustrative');
  if (cost.basis === 'local') return { value: nanoUsd, text: 'free, local', figure: 'free', note: 'local' };
  return money(nanoUsd, cost.basis === 'estimated');
}

const money = (nanoUsd: NanoUsd, isEstimate: boolean): Reading =>
  isEstimate ? estimated(nanoUsd, formatUsd(nanoUsd)) : exact(nanoUsd, formatUsd(nanoUsd));

/**
 * The lane that is better by that metric, or undefined while that is not certain: both figures must be known (or one of them
 * already past the other), a run that failed or came from a cache is compared with nobody, and a tie as shown is a tie.
 */
export function betterLane(measure: Metric, runs: Partial<Record<LaneId, Run>>, nowMs: number): LaneId | undefined {
  const { fast, reasoning } = runs;
  if (!fast || !reasoning) return undefined;
  if (beats(measure, fast, reasoning, nowMs)) return 'fast';
  return beats(measure, reasoning, fast, nowMs) ? 'reasoning' : undefined;
}

function beats(measure: Metric, winner: Run, loser: Run, nowMs: number): boolean {
  const mine = measure.read(winner, nowMs);
  const theirs = measure.read(loser, nowMs);
  const settled = isComplete(winner) || (measure.id === 'first-answer' && isLive(winner));
  const fair = isComplete(loser) || isLive(loser);
  if (winner.fromCache || loser.fromCache) return false;
  if (!settled || !fair || mine.value === undefined || mine.text === theirs.text) return false;
  if (measure.id === 'cost' && isIllustrative(winner.cost) !== isIllustrative(loser.cost)) return false;
  if (measure.better === 'higher') return isComplete(loser) && theirs.value !== undefined && mine.value > theirs.value;
  const bound = theirs.value ?? theirs.floor;
  return measure.better === 'lower' && bound !== undefined && mine.value < bound;
}
