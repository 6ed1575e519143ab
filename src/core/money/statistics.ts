/**
 * What the ledger's rows say when they are asked: by period, model and role, what reasoning costs against fast, and where the month leads.
 *
 * Pure, and in whole nano-dollars, so that every sum here equals the ledger's own to the last unit. Exact, estimated and unknown are kept
 * apart: an estimate that was made right later counts as exact, and what nobody knows is counted as calls, never as money.
 */
import { LANES, type LaneId } from '../../shared/comparison.ts';
import type { NanoUsd } from '../../shared/money.ts';
import type { LedgerEntry, Spending } from '../contracts.ts';

/** What some calls come to. */
export interface Tally {
  /** All that is known: exact and estimated together. */
  readonly settledNanoUsd: NanoUsd;
  /** From usage that the provider reported, or as it billed. */
  readonly exactNanoUsd: NanoUsd;
  /** From our own count of tokens, on the safe side. */
  readonly estimatedNanoUsd: NanoUsd;
  /** Calls that cost more than nothing, stopped and failed ones included. A call refused before any work cost nothing and is none. */
  readonly paidCalls: number;
  /** Calls whose cost nobody knows. They are in no sum. */
  readonly unknownCalls: number;
}

/** One model's or one role's part of the month. */
export interface Part extends Tally {
  /** Of the month's settled money, 0 to 1. Absent while nothing was spent. */
  readonly share?: number;
}

/** What a paid call of reasoning costs against one of fast. */
export interface Multiplier {
  /** Average of reasoning by average of fast. Absent: one of them has no paid call. */
  readonly ratio?: number;
  readonly fastCalls: number;
  readonly reasoningCalls: number;
  /** True when fewer than {@link ENOUGH_CALLS} of either were paid for. */
  readonly isFew: boolean;
  /** True when an estimate is among the figures. */
  readonly isEstimated: boolean;
}

/** What the month comes to if it goes on as it went until now. */
export interface Projection {
  /** Absent: money was spent on fewer than {@link ENOUGH_DAYS} days of the month. */
  readonly nanoUsd?: NanoUsd;
  /** Of the month until now, the part of today included. */
  readonly elapsedDays: number;
  readonly daysInMonth: number;
}

export interface Statistics {
  readonly today: Tally;
  readonly month: Tally;
  /** Today and the 29 days before. */
  readonly last30Days: Tally;
  /** Of this month, dearest first. The model as `endpoint:model`. */
  readonly byModel: readonly (Part & { readonly model: string })[];
  /** Of this month: fast, reasoning, and whatever else the book names. */
  readonly byRole: readonly (Part & { readonly lane: string })[];
  readonly multiplier: Multiplier;
  readonly projection: Projection;
}

/** From here on an average says something. */
export const ENOUGH_CALLS = 3;
/** One day is no rate. */
export const ENOUGH_DAYS = 2;

/** The first day whose entries {@link statisticsOf} needs, for a {@link Spending}'s day and month. */
export function firstDayNeeded({ day, month }: Pick<Spending, 'day' | 'month'>): string {
  const monthStart = `${month}-01`;
  const thirtyDays = thirtyDaysStart(day);
  return monthStart < thirtyDays ? monthStart : thirtyDays;
}

/** `entries` from {@link firstDayNeeded} on, in any order; `date` is now. */
export function statisticsOf(entries: readonly LedgerEntry[], { day, month }: Spending, date: Date): Statistics {
  const calls = callsOf(entries);
  const thisMonth = calls.filter((call) => call.day.startsWith(month));
  const monthTally = tallyOf(thisMonth);
  const partOf = (own: readonly Call[]): Part => {
    const tally = tallyOf(own);
    const { settledNanoUsd } = monthTally;
    return settledNanoUsd > 0 ? { ...tally, share: tally.settledNanoUsd / settledNanoUsd } : tally;
  };
  const byModel = [...grouped(thisMonth, (call) => call.model)].map(([model, own]) => ({ model, ...partOf(own) }));
  const byLane = grouped(thisMonth, (call) => call.lane);
  const lanes = [...new Set(['fast', 'reasoning', ...byLane.keys()])].filter((lane) => byLane.has(lane));
  return {
    today: tallyOf(calls.filter((call) => call.day === day)),
    month: monthTally,
    last30Days: tallyOf(calls.filter((call) => call.day >= thirtyDaysStart(day) && call.day <= day)),
    byModel: byModel.sort((a, b) => b.settledNanoUsd - a.settledNanoUsd || (a.model < b.model ? -1 : 1)),
    byRole: lanes.map((lane) => ({ lane, ...partOf(byLane.get(lane) ?? []) })),
    multiplier: multiplierOf(tallyOf(byLane.get('fast') ?? []), tallyOf(byLane.get('reasoning') ?? [])),
    projection: projectionOf(thisMonth, monthTally, day, date),
  };
}

/** What one paid call cost on the average, to a whole nano-dollar. Undefined without one. */
export const averageNanoUsd = ({ settledNanoUsd, paidCalls }: Tally): NanoUsd | undefined =>
  paidCalls === 0 ? undefined : Math.round(settledNanoUsd / paidCalls);

/** False for money whose run nobody can name: it was carried over from a ledger that was set aside. */
export const isLane = (lane: string): lane is LaneId => LANES.some((known) => known === lane);

/** One call with its corrections in it. */
interface Call {
  readonly day: string;
  readonly lane: string;
  readonly model: string;
  /** Absent: unknown. */
  readonly nanoUsd?: NanoUsd;
  readonly isEstimated: boolean;
  /** True for a sum of calls that are no longer known one by one. */
  readonly isSum: boolean;
}

/** A correction is a difference, and exact: with it the call it belongs to is exact too. */
function callsOf(entries: readonly LedgerEntry[]): readonly Call[] {
  const corrections = grouped(
    entries.filter((entry) => entry.isCorrection),
    (entry) => entry.callId,
  );
  const made = new Set(entries.flatMap((entry) => (entry.isCorrection ? [] : [entry.callId])));
  return entries.flatMap((entry) => {
    if (entry.isCorrection && made.has(entry.callId)) return [];
    const { day, lane, endpoint, model, cost, callId } = entry;
    const later = callId === undefined || entry.isCorrection ? [] : (corrections.get(callId) ?? []);
    const known = [entry, ...later].flatMap((part) => part.cost.nanoUsd ?? []);
    const nanoUsd = known.length === 0 ? {} : { nanoUsd: sumOf(known) };
    const isEstimated = cost.basis === 'estimated' && later.length === 0;
    return [{ day, lane, model: `${endpoint}:${model}`, ...nanoUsd, isEstimated, isSum: !isLane(lane) }];
  });
}

function tallyOf(calls: readonly Call[]): Tally {
  const sum = (chosen: readonly Call[]): NanoUsd => sumOf(chosen.flatMap((call) => call.nanoUsd ?? []));
  return {
    settledNanoUsd: sum(calls),
    exactNanoUsd: sum(calls.filter((call) => !call.isEstimated)),
    estimatedNanoUsd: sum(calls.filter((call) => call.isEstimated)),
    paidCalls: calls.filter(isPaid).length,
    unknownCalls: calls.filter((call) => call.nanoUsd === undefined).length,
  };
}

const isPaid = ({ nanoUsd, isSum }: Call): boolean => nanoUsd !== undefined && nanoUsd > 0 && !isSum;

const sumOf = (amounts: readonly NanoUsd[]): NanoUsd => amounts.reduce((sum, amount) => sum + amount, 0);

function multiplierOf(fast: Tally, reasoning: Tally): Multiplier {
  const counts = { fastCalls: fast.paidCalls, reasoningCalls: reasoning.paidCalls };
  const isFew = Math.min(fast.paidCalls, reasoning.paidCalls) < ENOUGH_CALLS;
  const isEstimated = fast.estimatedNanoUsd > 0 || reasoning.estimatedNanoUsd > 0;
  if (fast.paidCalls === 0 || reasoning.paidCalls === 0) return { ...counts, isFew, isEstimated };
  const ratio = reasoning.settledNanoUsd / reasoning.paidCalls / (fast.settledNanoUsd / fast.paidCalls);
  return { ...counts, isFew, isEstimated, ratio };
}

function projectionOf(calls: readonly Call[], { settledNanoUsd }: Tally, day: string, date: Date): Projection {
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number);
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  // The book's day runs ahead of a clock that was put back; then all of its day counts.
  const isToday = date.getFullYear() === year && date.getMonth() + 1 === month && date.getDate() === dayOfMonth;
  const partOfToday = isToday ? (date.getHours() * 60 + date.getMinutes()) / (24 * 60) : 1;
  const elapsedDays = dayOfMonth - 1 + partOfToday;
  const daysWithCalls = new Set(calls.filter(isPaid).map((call) => call.day)).size;
  if (daysWithCalls < ENOUGH_DAYS) return { elapsedDays, daysInMonth };
  return { elapsedDays, daysInMonth, nanoUsd: Math.round((settledNanoUsd / elapsedDays) * daysInMonth) };
}

function thirtyDaysStart(day: string): string {
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, dayOfMonth - 29)).toISOString().slice(0, 10);
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
