/**
 * The state of a lane in words: what it is doing, how it ended, and what could be done about it.
 *
 * The same sentences stand in the panel, in the terminal and in reports. They claim only what the facts carry.
 */
import { assertNever } from './assertNever.ts';
import { LANE_LABEL, type LaneId, type Run } from './comparison.ts';
import {
  countLines,
  countOf,
  formatCount,
  formatDuration,
  formatElapsed,
  isLive,
  knownNanoUsd,
  momentsOf,
  plural,
} from './figures.ts';
import { formatUsd, isIllustrative, usdUp } from './money.ts';
import { LARGER_LIMIT } from './sending.ts';

/** What the caller has counted already; absent figures are counted from the text or left out. */
export interface LaneCounts {
  /** Lines of the answer so far. */
  readonly lines?: number;
  /** Named files found in the answer. */
  readonly files?: readonly { readonly complete: boolean }[];
}

/** How a lane's state is to be read at a glance. */
export type LaneTone = 'waiting' | 'thinking' | 'answering' | 'done' | 'stopped' | 'warning' | 'error';

/** `nowMs`: a lane that has shown nothing for half of what it is given is a warning. */
export function laneTone(run: Run, nowMs = 0): LaneTone {
  if (isLive(run) && (silenceOf(run, nowMs)?.share ?? 0) >= 0.5) return 'warning';
  switch (run.status) {
    case 'waiting':
      return 'waiting';
    case 'retrying':
      return 'warning';
    case 'thinking':
      return 'thinking';
    case 'answering':
      return 'answering';
    case 'ended':
      break;
    default:
      return assertNever(run.status);
  }
  if (run.finish === 'stop') return run.text ? 'done' : 'warning';
  if (run.finish === 'length' || run.finish === 'content-filter') return 'warning';
  if (run.finish === 'aborted') return run.error ? 'warning' : 'stopped';
  return 'error';
}

/** The state of a lane in words, with nothing in it that moves faster than a person reads. */
export function laneStatus(run: Run, nowMs: number, counts: LaneCounts = {}): string {
  const silence = isLive(run) ? silenceOf(run, nowMs) : undefined;
  if (silence) return silence.words;
  switch (run.status) {
    case 'waiting': {
      const waited = formatElapsed(nowMs - run.attemptMs);
      if (momentsOf(run).firstByteMs !== undefined) return `Connected, waiting for the first token, ${waited}`;
      return run.attempts > 1
        ? `Attempt ${run.attempts}: waiting for the first byte, ${waited}`
        : `Waiting for the first byte, ${waited}`;
    }
    case 'retrying': {
      const left = Math.max(0, Math.ceil(((run.retry?.untilMs ?? nowMs) - nowMs) / 1000));
      const when = left > 0 ? `Trying again in ${left < 60 ? `${left} s` : formatElapsed(left * 1000)}` : 'Trying again';
      return run.retry ? `${sentence(run.retry.error.message)} ${when}` : when;
    }
    case 'thinking':
      return `Thinking for ${formatElapsed(nowMs - (momentsOf(run).firstReasoningMs ?? run.attemptMs))}`;
    case 'answering':
      return `Answering, ${plural(counts.lines ?? countLines(run.text), 'line')}`;
    case 'ended':
      return endStatus(run, counts) + attemptsNote(run);
    default:
      return assertNever(run.status);
  }
}

/** From so much silence on a lane says so. */
const SILENCE_MS = 30_000;

/**
 * What is said of a running lane that has shown nothing for a while, and how much of its patience is used up (0 when that is not known).
 * A line on which nothing comes and one on which only signs of life come are told apart.
 */
function silenceOf(run: Run, nowMs: number): { readonly words: string; readonly share: number } | undefined {
  if (run.status === 'retrying') return undefined;
  const { firstByteMs } = momentsOf(run);
  const { patience } = run.plan;
  const since = (atMs: number | undefined): number => nowMs - Math.max(run.attemptMs, firstByteMs ?? 0, atMs ?? 0);
  const silentMs = since(run.lastSignMs);
  const wordlessMs = since(run.lastDeltaMs);
  const limitMs = firstByteMs === undefined ? patience?.firstByteMs : patience?.idleMs;
  const share = Math.max(
    silentMs / (limitMs ?? Number.POSITIVE_INFINITY),
    wordlessMs / (patience?.progressMs ?? Number.POSITIVE_INFINITY),
  );
  const until = (ms: number | undefined): string => (ms === undefined ? '' : ` Given up after ${formatLimit(ms)}.`);
  if (silentMs >= SILENCE_MS) {
    const why = run.plan.lane === 'reasoning' ? 'the model may be thinking' : 'the provider may be busy';
    return { words: `Nothing received for ${formatElapsed(silentMs)}; ${why}.${until(limitMs)}`, share };
  }
  if (wordlessMs < SILENCE_MS) return undefined;
  const what = run.text === '' && run.reasoning === '' ? 'no text' : 'no more text';
  return {
    words: `Connection alive ${formatElapsed(silentMs)} ago, ${what} for ${formatElapsed(wordlessMs)}.${until(patience?.progressMs)}`,
    share,
  };
}

/** `45 s`, `5 min`, `2 min 30 s`. */
const formatLimit = (ms: number): string => (ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : formatElapsed(ms));

function endStatus(run: Run, counts: LaneCounts): string {
  const kept = run.text ? 'text kept' : run.reasoning ? 'thinking kept, no answer' : 'no answer';
  switch (run.finish) {
    case 'stop':
      return run.text ? `Done. ${doneWith(run, counts)}` : 'Done, but the answer is empty.';
    case 'length':
      return cutStatus(run);
    case 'content-filter':
      return run.text
        ? 'Refused by the provider’s content filter: the answer is not complete.'
        : 'Refused by the provider’s content filter: there is no answer.';
    case 'aborted':
      if (!run.error) return `Stopped by you; ${kept}.`;
      if (run.error.kind === 'interrupted') return `Interrupted: the window closed. ${keptAndBilled(run)}`;
      return failedWith(run, run.error.message);
    case 'error':
    case undefined:
      return failedWith(run, run.error?.message ?? 'It failed, and no reason was given.');
    default:
      return assertNever(run.finish);
  }
}

/** What cut the answer, and how much of the limit went into thinking, where it was counted. */
function cutStatus(run: Run): string {
  const outcome = run.text ? 'the answer is not complete' : 'there is no answer';
  const limit = run.plan.maxOutputTokens;
  const { basis, outputTokens, reasoningTokens } = run.usage ?? {};
  const counted = basis === 'reported' ? outputTokens : undefined;
  if (counted !== undefined && !isAtLimit(run))
    return `Cut by the provider after ${plural(counted, 'token')}, before the output limit of ${formatCount(limit)}: ${outcome}.`;
  const thought = basis === 'reported' ? reasoningTokens : undefined;
  if (!run.text && thought !== undefined && counted !== undefined && thought >= counted * 0.98)
    return `Cut at the output limit: all ${plural(counted, 'token')} went into thinking, ${outcome}.`;
  const share = thought ? `, ${formatCount(thought)} of them for thinking` : run.text ? '' : ' while thinking';
  return `Cut at the output limit of ${plural(limit, 'token')}${share}: ${outcome}.`;
}

/** False when the provider's own count says that a cut answer ended well before the limit that was sent. */
const isAtLimit = ({ usage, plan }: Run): boolean =>
  usage?.basis !== 'reported' || usage.outputTokens === undefined || usage.outputTokens >= plan.maxOutputTokens * 0.9;

/**
 * What a lane that was cut at its output limit could be given instead: twice as much, and the most that may cost at the price of the run
 * that was cut. The cost is absent where it is unknown or nothing. Undefined where more would not help.
 */
export function largerLimit(run: Run): { readonly maxOutputTokens: number; readonly label: string } | undefined {
  if (run.finish !== 'length' || !isAtLimit(run)) return undefined;
  const maxOutputTokens = run.plan.maxOutputTokens * LARGER_LIMIT;
  const ceiling = countOf(run.plan.estimate.largerCeilingNanoUsd);
  const cost = ceiling ? ` (at most ${usdUp(ceiling)})` : '';
  return { maxOutputTokens, label: `Run with ${plural(maxOutputTokens, 'token')}${cost}` };
}

function doneWith(run: Run, counts: LaneCounts): string {
  const files = counts.files ?? [];
  if (files.length === 0) return `${plural(counts.lines ?? countLines(run.text), 'line')}, complete.`;
  const open = files.filter((file) => !file.complete).length;
  return `${plural(files.length, 'file')}, ${open === 0 ? 'complete' : `${open} of them not closed`}.`;
}

/** The reason, and that the text is kept unless the reason says so itself. */
function failedWith(run: Run, reason: string): string {
  const why = sentence(reason) || 'It failed, and no reason was given.';
  return run.text && !/\bkept\b/.test(why) ? `${why} The text so far is kept; it is not complete.` : why;
}

/** What was kept, what came of it on the bill, and what the limits count where that is more: nobody heard how the run went on. */
function keptAndBilled(run: Run): string {
  const kept = run.text || run.reasoning ? 'Kept what was shown' : 'Nothing had been shown';
  if (run.plan.scripted || isIllustrative(run.cost)) return `${kept}; nothing is billed for a scripted sample.`;
  if (run.cost?.basis === 'local') return `${kept}; a local model is free.`;
  const { settled } = run;
  const arrived = knownNanoUsd(run.cost);
  const counted = knownNanoUsd(settled);
  if (counted !== undefined && settled?.basis !== 'estimated') return `${kept}, ${formatUsd(counted)} billed.`;
  const billed = arrived === undefined ? '; what was billed is not known' : `, about ${formatUsd(arrived)} billed`;
  if (counted !== undefined && formatUsd(counted) === formatUsd(arrived)) return `${kept}${billed}.`;
  const forWhatArrived = `${kept}${billed}${arrived === undefined ? '' : ' for what arrived'}`;
  if (counted !== undefined) return `${forWhatArrived}; the limits count ${formatUsd(counted)}, to be on the safe side.`;
  return run.holdId === undefined ? `${kept}${billed}.` : `${forWhatArrived}; the limits may count more.`;
}

/** Retries are told apart from the model's own time. */
function attemptsNote(run: Run): string {
  const lost = run.attemptMs - run.startedMs;
  if (run.attempts < 2) return '';
  return lost > 0 ? ` Attempt ${run.attempts}, after ${formatDuration(lost)} of retries.` : ` Attempt ${run.attempts}.`;
}

/** As a sentence: trimmed, with an end. */
function sentence(message: string): string {
  const trimmed = message.trim();
  return /[.!?…)]”?$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`;
}

/** What a screen reader is told when a lane reaches a new stage; undefined between stages. Never the streaming text. */
export function laneAnnouncement(lane: LaneId, before: Run | undefined, after: Run | undefined): string | undefined {
  if (!after) return undefined;
  const name = LANE_LABEL[lane];
  if (before?.startedMs !== after.startedMs) before = undefined;
  if (after.status === 'ended')
    return before?.status === 'ended' ? undefined : `${name}: ${laneStatus(after, after.endedMs ?? 0)}`;
  if (after.firstTextMs !== undefined)
    return before?.firstTextMs === undefined
      ? `${name}: first answer after ${formatDuration(after.firstTextMs - after.attemptMs)}.`
      : undefined;
  if (after.status === 'retrying')
    return before?.status === 'retrying' ? undefined : `${name}: ${after.retry?.error.message ?? ''}`;
  return before ? undefined : `${name}: started.`;
}
