/**
 * Prices the person wrote into the settings: one row a model, or several that hold at different times.
 *
 * The first row that holds when the run begins counts, so rows for some hours or a season stand before the one for the rest. When none
 * holds, the person has said nothing about that time, and the next source of prices is asked.
 */
import type { Rate, Rates } from './rates.ts';
import { everyFigure, isSaneUsdPerMTok, MAX_USD_PER_MTOK, MIN_USD_PER_MTOK } from './rates.ts';

/** In US dollars per million tokens. */
export interface PriceFigures {
  readonly inputUsdPerMTok: number;
  readonly outputUsdPerMTok: number;
  /** Absent: cached tokens cost what input costs. */
  readonly cacheReadUsdPerMTok?: number | undefined;
  readonly cacheWriteUsdPerMTok?: number | undefined;
}

export interface PriceOverlayRow extends PriceFigures {
  /** The first and the last day on which the row holds, in UTC, e.g. `2026-11-22`. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** The hours of each day in which it holds, in UTC, e.g. `16:30-00:30`; the end is not among them. */
  readonly hoursUtc?: string | undefined;
  /** Prices of whole requests with more input tokens than that. */
  readonly tiers?: readonly PriceTier[] | undefined;
  /** The day the person looked it up. */
  readonly asOf?: string | undefined;
}

export interface PriceTier extends PriceFigures {
  readonly aboveInputTokens: number;
}

/** Rows by `endpoint:model`. */
export type PriceOverlay = Readonly<Record<string, PriceOverlayRow | readonly PriceOverlayRow[]>>;

/** The person's row for a model at a moment; undefined when there is none. */
export function overlayRowAt(overlay: PriceOverlay, key: string, at: Date): PriceOverlayRow | undefined {
  const rows = Object.hasOwn(overlay, key) ? rowsOf(overlay[key]) : [];
  return rows.find((row) => holdsAt(row, at));
}

/** What is wrong with the rows of one model, in one sentence; undefined when they can be used. Zero is allowed: some servers are free. */
export function overlayProblem(rows: PriceOverlayRow | readonly PriceOverlayRow[]): string | undefined {
  const list = rowsOf(rows);
  for (const [index, row] of list.entries()) {
    const problem = rowProblem(row);
    if (problem) return list.length === 1 ? problem : `Row ${index + 1}: ${problem} None of its rows is used.`;
  }
  return undefined;
}

export function overlayRates(row: PriceOverlayRow): Rates {
  const tiers = [...(row.tiers ?? [])].sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  const rate = (of: (figures: PriceFigures) => number): Rate =>
    tiers.length === 0
      ? of(row)
      : { base: of(row), tiers: tiers.map((tier) => ({ above: tier.aboveInputTokens, price: of(tier) })) };
  const isSet = (name: 'cacheReadUsdPerMTok' | 'cacheWriteUsdPerMTok') =>
    [row, ...tiers].some((part) => part[name] !== undefined);
  return {
    input: rate((figures) => figures.inputUsdPerMTok),
    output: rate((figures) => figures.outputUsdPerMTok),
    ...(isSet('cacheReadUsdPerMTok')
      ? { cacheRead: rate((figures) => figures.cacheReadUsdPerMTok ?? figures.inputUsdPerMTok) }
      : {}),
    ...(isSet('cacheWriteUsdPerMTok')
      ? { cacheWrite: rate((figures) => figures.cacheWriteUsdPerMTok ?? figures.inputUsdPerMTok) }
      : {}),
  };
}

const rowsOf = (rows: PriceOverlay[string] | undefined): readonly PriceOverlayRow[] =>
  rows === undefined ? [] : 'inputUsdPerMTok' in rows ? [rows] : rows;

function rowProblem(row: PriceOverlayRow): string | undefined {
  const isUsable = (usd: number): boolean => usd === 0 || isSaneUsdPerMTok(usd);
  if (!everyFigure(overlayRates(row), isUsable))
    return `Prices are in US dollars per million tokens, from ${MIN_USD_PER_MTOK} to ${MAX_USD_PER_MTOK}, or 0. A price per token must be multiplied by 1000000.`;
  for (const name of ['from', 'until'] as const)
    if (row[name] !== undefined && !isDay(row[name])) return `"${name}" must be a day such as 2026-11-22.`;
  if (row.from !== undefined && row.until !== undefined && row.from > row.until) return '"from" is after "until".';
  if (row.hoursUtc !== undefined && !hoursOf(row.hoursUtc)) return '"hoursUtc" must be hours such as 16:30-00:30.';
  return undefined;
}

function holdsAt(row: PriceOverlayRow, at: Date): boolean {
  const day = at.toISOString().slice(0, 10);
  if ((row.from !== undefined && day < row.from) || (row.until !== undefined && day > row.until)) return false;
  if (row.hoursUtc === undefined) return true;
  const hours = hoursOf(row.hoursUtc);
  if (!hours) return false;
  const minute = at.getUTCHours() * 60 + at.getUTCMinutes();
  const [start, end] = hours;
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}

/** True for a day that exists, written as ISO 8601 has it. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Minutes of the day at which a span begins and ends; it may go over midnight. */
function hoursOf(text: string): readonly [number, number] | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!found) return undefined;
  const [startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = found.slice(1).map(Number);
  const [start, end] = [startHour * 60 + startMinute, endHour * 60 + endMinute];
  return start === end ? undefined : [start, end];
}
