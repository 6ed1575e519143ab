/**
 * How the two lanes compare, in words. Only what is certain is claimed: a ratio of a lane that still runs says "at least", and a lane that
 * did not finish, or that no model answered, is compared with nobody.
 */
import { assertNever } from './assertNever.ts';
import { isComplete, type Run } from './comparison.ts';
import { elapsedMs, formatCount, formatDuration, formatElapsed, isLive, knownNanoUsd } from './figures.ts';
import { formatUsd, isIllustrative } from './money.ts';

/**
 * How the two lanes compare, in one line. Ratios of total time and of cost, the fast lane being one; "at least" while a lane runs,
 * a tilde while money is estimated. Empty when there is nothing to compare.
 */
export function ratioLine(fast: Run | undefined, reasoning: Run | undefined, nowMs: number): string {
  if (!fast || !reasoning) return fast || reasoning ? `Only the ${fast ? 'fast' : 'reasoning'} lane has run.` : '';
  if (isLive(fast) && isLive(reasoning) && doing(fast) === doing(reasoning)) return `Both are ${doing(fast)}.`;
  if (isLive(fast) && isLive(reasoning)) return `Fast is ${doing(fast)}; reasoning is ${doing(reasoning)}.`;
  const failed = [fast, reasoning].filter((run) => !isLive(run) && !isComplete(run));
  if (failed.length === 2) return 'No ratio: neither answer is complete.';
  if (failed[0]) return `No ratio: ${failed[0] === fast ? 'fast' : 'reasoning'} ${failure(failed[0])}.`;
  const cached = [fast, reasoning].filter((run) => run.fromCache);
  if (cached.length === 2) return 'No ratio: both answers came from a cache.';
  if (cached[0]) return `No ratio: ${cached[0] === fast ? 'fast' : 'reasoning'} came from a cache.`;
  if (isLive(reasoning)) return `Reasoning so far: ${soFar(reasoning, fast, 'fast', nowMs)}`;
  if (isLive(fast)) return `Fast so far: ${soFar(fast, reasoning, 'reasoning', nowMs)}`;
  return `Reasoning: ${timeRatio(fast, reasoning, nowMs)}, ${costRatio(fast, reasoning)}${illustrativeNote(fast, reasoning)}.`;
}

function doing(run: Run): string {
  switch (run.status) {
    case 'waiting':
      return 'waiting';
    case 'retrying':
      return 'about to try again';
    case 'thinking':
      return 'thinking';
    case 'answering':
      return 'answering';
    case 'ended':
      return 'done';
    default:
      return assertNever(run.status);
  }
}

function failure(run: Run): string {
  if (run.finish === 'length') return 'was cut at its output limit';
  if (run.finish === 'content-filter') return 'was refused';
  if (run.finish !== 'aborted') return 'failed';
  if (run.error?.kind === 'interrupted') return 'was interrupted';
  return run.error?.kind === 'budget' ? 'was stopped by the budget' : 'was stopped';
}

/** `running` against a lane that is done: only what can no longer become less may be said. */
function soFar(running: Run, done: Run, doneName: 'fast' | 'reasoning', nowMs: number): string {
  const mine = elapsedMs(running, nowMs);
  const theirs = elapsedMs(done, nowMs);
  const parts: string[] = [];
  if (mine !== undefined && theirs !== undefined && theirs > 0) {
    if (mine / theirs >= 1.05) parts.push(`at least ${formatRatio(mine / theirs)} slower`);
    else parts.push(`${formatElapsed(mine)} of the ${formatDuration(theirs)} that ${doneName} took`);
  }
  const dear = costs(running, done);
  if (typeof dear !== 'string' && dear.base > 0 && dear.other / dear.base >= 1.05)
    parts.push(`~${formatRatio(dear.other / dear.base)} dearer`);
  parts.push(`still ${doing(running)}`);
  return `${parts.join(', ')}${illustrativeNote(running, done)}.`;
}

function timeRatio(fast: Run, reasoning: Run, nowMs: number): string {
  const base = elapsedMs(fast, nowMs);
  const other = elapsedMs(reasoning, nowMs);
  if (!base || !other) return 'times not comparable';
  return compared(other / base, 'slower', 'faster', 'as fast');
}

function costRatio(fast: Run, reasoning: Run): string {
  const money = costs(reasoning, fast);
  if (typeof money === 'string') return money;
  const { base, other, tilde } = money;
  if (base === 0 && other === 0) return 'both free';
  if (base === 0) return `${tilde}${formatUsd(other)} where fast is free`;
  if (other === 0) return `free where fast costs ${tilde}${formatUsd(base)}`;
  const words = compared(other / base, 'dearer', 'cheaper', 'at the same price');
  return words.startsWith('at') ? words : `${tilde}${words}`;
}

/** The two costs, or the words that say why they cannot be compared. */
function costs(of: Run, against: Run): { base: number; other: number; tilde: '~' | '' } | string {
  const other = knownNanoUsd(of.cost);
  const base = knownNanoUsd(against.cost);
  if (base === undefined || other === undefined) return 'price unknown';
  if (isIllustrative(of.cost) !== isIllustrative(against.cost)) return 'prices not comparable';
  return { base, other, tilde: [of, against].some((run) => run.cost?.basis === 'estimated') ? '~' : '' };
}

const illustrativeNote = (one: Run, two: Run): string =>
  isIllustrative(one.cost) && isIllustrative(two.cost) ? ' (illustrative prices)' : '';

/** `6.2x slower`, `14x dearer`; within five per cent neither is. */
export function compared(ratio: number, more: string, less: string, equal: string): string {
  if (ratio >= 1.05) return `${formatRatio(ratio)} ${more}`;
  if (ratio <= 1 / 1.05) return `${formatRatio(1 / ratio)} ${less}`;
  return equal;
}

/** `1.3x`, `9.9x`, `14x`, `1,200x`. */
const formatRatio = (ratio: number): string => `${ratio < 9.95 ? ratio.toFixed(1) : formatCount(ratio)}x`;
