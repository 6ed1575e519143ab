/**
 * The listed metrics: every number shown of a run, in display order, derived from the run's facts and from nothing else.
 *
 * Panel, command line and reports read the same list, so a figure means the same everywhere and a new metric works on old runs.
 * A dash for unknown, a tilde for an estimate; a figure that is still growing says `atLeast`.
 */
import { type ComparisonState, isComplete, type LaneId, type Run } from './comparison.ts';
import { countOf, elapsedMs, endOrNowMs, formatCount, formatDuration, isLive, momentsOf, UNKNOWN } from './figures.ts';
import { type Cost, formatUsd, isIllustrative, type NanoUsd } from './money.ts';

export { formatCount, formatDuration } from './figures.ts';
export { type LaneTone, laneAnnouncement, laneStatus, laneTone, ratioLine } from './sentences.ts';

/** One figure of one run. */
export interface Reading {
  /** In the metric's unit. Absent: unknown. */
  readonly value?: number;
  /** The figure for people, with tilde and note: `~$0.0452`, `$0.0061, illustrative`, `–`. */
  readonly text: string;
  /** The figure alone, where the note is shown apart. */
  readonly figure: string;
  /** What the figure must not be read without: `illustrative`, `local`. */
  readonly note?: string;
  /** `estimated`: our own count. `atLeast`: still growing. Absent: exact, or unknown. */
  readonly basis?: 'estimated' | 'atLeast';
  /** What a figure that is not there yet can no longer be less than. Never shown; it decides who is better. */
  readonly floor?: number;
}

export type MetricId =
  | 'first-answer'
  | 'thinking'
  | 'total'
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
  read(run: Run, nowMs: number): Reading;
}

const DASH: Reading = { text: UNKNOWN, figure: UNKNOWN };

const exact = (value: number, text: string): Reading => ({ value, text, figure: text });
const estimated = (value: number, text: string): Reading => ({ value, text: `~${text}`, figure: `~${text}`, basis: 'estimated' });
const atLeast = (value: number, text: string): Reading => ({ value, text, figure: text, basis: 'atLeast' });

/** In display order. */
export const METRICS: readonly Metric[] = [
  {
    id: 'first-answer',
    label: 'First answer',
    title: 'Time from sending the request to the first token of the answer; thinking comes before it.',
    unit: 'ms',
    better: 'lower',
    read(run, nowMs) {
      const { firstTextMs } = momentsOf(run);
      if (firstTextMs !== undefined) return exact(firstTextMs - run.attemptMs, formatDuration(firstTextMs - run.attemptMs));
      const elapsed = isLive(run) ? elapsedMs(run, nowMs) : undefined;
      return elapsed === undefined ? DASH : { ...DASH, floor: elapsed };
    },
  },
  {
    id: 'thinking',
    label: 'Thinking',
    title: 'Time from the first token of thinking to the first token of the answer. A tilde: inferred, the thinking was hidden.',
    unit: 'ms',
    read: readThinking,
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
      return isLive(run) ? atLeast(elapsed, formatDuration(elapsed)) : exact(elapsed, formatDuration(elapsed));
    },
  },
  {
    id: 'speed',
    label: 'Speed',
    title: 'Tokens of the answer, without thinking, per second from its first token to its end.',
    unit: 'tokens/s',
    better: 'higher',
    read: readSpeed,
  },
  {
    id: 'input-tokens',
    label: 'In',
    title: 'Tokens sent: the instructions, the task and its pictures, cached ones included.',
    unit: 'tokens',
    read(run) {
      const reported = countOf(run.usage?.inputTokens);
      if (reported !== undefined) return tokens(reported, run.usage?.basis === 'estimated');
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
    label: 'Reasoning',
    title: 'Tokens generated while thinking: a part of the tokens out, billed even where the thinking is not shown.',
    unit: 'tokens',
    read: (run) => tokensSoFar(run, countOf(run.usage?.reasoningTokens)),
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

/** The metric of that id. */
export function metric(id: MetricId): Metric {
  const found = METRICS.find((candidate) => candidate.id === id);
  if (!found) throw new RangeError(`no metric ${id}`);
  return found;
}

function readThinking(run: Run, nowMs: number): Reading {
  const { firstByteMs, firstReasoningMs, firstTextMs } = momentsOf(run);
  const reasoningTokens = countOf(run.usage?.reasoningTokens);
  if (firstReasoningMs !== undefined) {
    // Thinking that only began after the answer had: its span is mixed with the answer's, so nobody can say.
    if (firstTextMs !== undefined && firstReasoningMs > firstTextMs) return DASH;
    const span = Math.max(0, (firstTextMs ?? endOrNowMs(run, nowMs)) - firstReasoningMs);
    return firstTextMs === undefined && isLive(run) ? atLeast(span, formatDuration(span)) : exact(span, formatDuration(span));
  }
  // Our own count of hidden thinking is made from that very time, so only the provider's word lets it be inferred.
  const isReported = run.usage?.basis === 'reported';
  if (
    isReported &&
    reasoningTokens !== undefined &&
    reasoningTokens > 0 &&
    firstByteMs !== undefined &&
    firstTextMs !== undefined
  )
    return estimated(Math.max(0, firstTextMs - firstByteMs), formatDuration(Math.max(0, firstTextMs - firstByteMs)));
  if (isReported && reasoningTokens === 0 && !isLive(run)) return exact(0, 'none');
  return DASH;
}

function readSpeed(run: Run, nowMs: number): Reading {
  const { firstReasoningMs, firstTextMs } = momentsOf(run);
  const output = countOf(run.usage?.outputTokens);
  // Thinking was seen but not counted: its tokens are somewhere in the output, and no honest figure is left.
  const reasoning = countOf(run.usage?.reasoningTokens) ?? (firstReasoningMs === undefined ? 0 : undefined);
  if (firstTextMs === undefined || output === undefined || reasoning === undefined) return DASH;
  const spanMs = endOrNowMs(run, nowMs) - firstTextMs;
  const answer = output - reasoning;
  // Under a third of a second a running figure jumps too much to be read.
  if (answer <= 0 || spanMs <= 0 || (isLive(run) && spanMs < 300)) return DASH;
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
export function readCost(cost: Cost | undefined): Reading {
  const nanoUsd = cost?.basis === 'unknown' ? undefined : countOf(cost?.nanoUsd);
  if (!cost || nanoUsd === undefined) return DASH;
  if (isIllustrative(cost)) return { ...money(nanoUsd, cost.basis === 'estimated'), ...withNote(nanoUsd, cost, 'illustrative') };
  if (cost.basis === 'local') return { value: nanoUsd, text: 'free, local', figure: 'free', note: 'local' };
  return money(nanoUsd, cost.basis === 'estimated');
}

const money = (nanoUsd: NanoUsd, isEstimate: boolean): Reading =>
  isEstimate ? estimated(nanoUsd, formatUsd(nanoUsd)) : exact(nanoUsd, formatUsd(nanoUsd));

const withNote = (nanoUsd: NanoUsd, cost: Cost, note: string) => ({
  text: `${money(nanoUsd, cost.basis === 'estimated').figure}, ${note}`,
  note,
});

/** Where a cost comes from, in one sentence. */
export function costSource(cost: Cost | undefined): string {
  if (!cost || cost.basis === 'unknown') return 'No price is known for this model, so its cost is unknown.';
  if (isIllustrative(cost)) return 'An illustrative price: a scripted sample is not a model, and nothing was billed.';
  if (cost.basis === 'local') return 'A model on this machine: free.';
  if (cost.basis === 'billed') return 'As billed by the provider.';
  const what = cost.basis === 'computed' ? 'Reported tokens times the price' : 'Our own count of tokens times the price';
  const whose = cost.priceSource ? ` from ${cost.priceSource}` : '';
  const asOf = cost.priceAsOf ? ` as of ${cost.priceAsOf}` : '';
  const assumed = cost.assumedModel ? `, taken from ${cost.assumedModel}` : '';
  return `${what}${whose}${asOf}${assumed}.`;
}

/**
 * The lane that is better by that metric, or undefined while that is not certain: both figures must be known (or one of them
 * already past the other), a run that failed is compared with nobody, and a tie as shown is a tie.
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
  if (!settled || !fair || mine.value === undefined || mine.text === theirs.text) return false;
  if (measure.id === 'cost' && isIllustrative(winner.cost) !== isIllustrative(loser.cost)) return false;
  if (measure.better === 'higher') return isComplete(loser) && theirs.value !== undefined && mine.value > theirs.value;
  const bound = theirs.value ?? theirs.floor;
  return measure.better === 'lower' && bound !== undefined && mine.value < bound;
}

/** What a whole comparison cost so far, runs that were repeated included. */
export interface ComparisonCost {
  /** Sum of the known costs that somebody charges. Absent when there is none. */
  readonly nanoUsd?: NanoUsd;
  readonly isEstimate: boolean;
  /** Runs without a known cost: they are in no sum. */
  readonly unknownRuns: number;
  /** Sum of illustrative prices. Absent when there is none. */
  readonly illustrativeNanoUsd?: NanoUsd;
}

/** Adds up a comparison. A run that has sent nothing yet, or was refused before it did, cost nothing and is not unknown. */
export function comparisonCost(state: ComparisonState): ComparisonCost {
  let nanoUsd: number | undefined;
  let illustrativeNanoUsd: number | undefined;
  let isEstimate = false;
  let unknownRuns = 0;
  for (const run of [...state.earlier, ...Object.values(state.runs)]) {
    const cost = run.cost?.basis === 'unknown' ? undefined : countOf(run.cost?.nanoUsd);
    if (cost === undefined) {
      if (run.cost || (run.attempts > 0 && !isLive(run) && (run.text || run.reasoning))) unknownRuns++;
      continue;
    }
    isEstimate ||= run.cost?.basis === 'estimated';
    if (isIllustrative(run.cost)) illustrativeNanoUsd = (illustrativeNanoUsd ?? 0) + cost;
    else nanoUsd = (nanoUsd ?? 0) + cost;
  }
  return {
    isEstimate,
    unknownRuns,
    ...(nanoUsd === undefined ? {} : { nanoUsd }),
    ...(illustrativeNanoUsd === undefined ? {} : { illustrativeNanoUsd }),
  };
}

/** What the current runs could cost together, as estimated before they were sent. Absent when a price is unknown or illustrative. */
export interface EstimatedCost {
  readonly floorNanoUsd: NanoUsd;
  readonly likelyNanoUsd: NanoUsd;
  readonly ceilingNanoUsd: NanoUsd;
}

export function estimatedCost(state: ComparisonState): EstimatedCost | undefined {
  const sum = { floorNanoUsd: 0, likelyNanoUsd: 0, ceilingNanoUsd: 0 };
  for (const { plan } of Object.values(state.runs)) {
    const { floorNanoUsd, likelyNanoUsd, ceilingNanoUsd } = plan.estimate;
    if (plan.scripted || floorNanoUsd === undefined || likelyNanoUsd === undefined || ceilingNanoUsd === undefined)
      return undefined;
    sum.floorNanoUsd += floorNanoUsd;
    sum.likelyNanoUsd += likelyNanoUsd;
    sum.ceilingNanoUsd += ceilingNanoUsd;
  }
  return sum.ceilingNanoUsd > 0 ? sum : undefined;
}

/** The estimate in words; empty when there is none. */
export function estimateSentence(state: ComparisonState): string {
  const estimate = estimatedCost(state);
  if (!estimate) return '';
  const { floorNanoUsd, likelyNanoUsd, ceilingNanoUsd } = estimate;
  return `Estimated before the run: at least ${formatUsd(floorNanoUsd)}, likely ${formatUsd(likelyNanoUsd)}, at most ${formatUsd(ceilingNanoUsd)}.`;
}
