/**
 * The way out of a damaged ledger: it is kept under another name, and a new one begins with all that is known to be spent, so that what is
 * left never rises. What is known: every row that can still be read and is whole, and the sums that were written beside the ledger. Where
 * not even those can be read, the limits themselves count as spent, and only raising them makes room.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { NanoUsd } from '../../shared/money.ts';
import type { Limits } from '../contracts.ts';
import { type BookRow, isSound, type RowDraft } from './book.ts';
import { isBusy, unavailable } from './bookFailure.ts';
import { type BookFileOptions, fileId, loadSqlite, openBookFile } from './bookFile.ts';
import { dayOf } from './calendar.ts';
import { type Known, knownFile, readKnown } from './known.ts';

/** What a new ledger would begin with. */
export interface CarriedOver {
  readonly day: string;
  readonly month: string;
  readonly todayNanoUsd: NanoUsd;
  readonly monthNanoUsd: NanoUsd;
  /** Where the figures come from: `known` to the last reservation, or nothing was, and then they are the `limits`. */
  readonly basis: 'known' | 'limits';
  /** Whole rows that could be read. */
  readonly readableRows: number;
}

/** Note on the rows that a new ledger begins with. */
export const CARRIED_OVER = 'carried over';

/** Money of one run, or of runs that nobody can name any more. */
interface Amount extends Pick<BookRow, 'comparisonId' | 'lane' | 'endpoint' | 'model' | 'day'> {
  readonly nanoUsd: NanoUsd;
}

/** What setting the ledger aside would carry over, for the question. Changes nothing. */
export function wouldCarryOver(options: BookFileOptions, limits: Limits): CarriedOver {
  const db = openDamaged(options);
  try {
    return carry(db, options, limits).summary;
  } finally {
    db?.close();
  }
}

/**
 * Sets the ledger aside and begins a new one. Returns what the old one is now called; undefined when there is nothing to do, because
 * another window was first. Throws `LedgerUnavailable` when another window is writing, or the disk does not take it.
 */
export function setAside(options: BookFileOptions, limits: Limits): string | undefined {
  const { path } = options;
  const id = fileId(path);
  if (isUsable(options)) return undefined;
  const db = openDamaged(options);
  try {
    lock(db, path); // from here on nobody else writes to the old one
    const { amounts } = carry(db, options, limits);
    const fresh = `${path}.new`;
    remove(fresh);
    begin({ ...options, path: fresh }, amounts);
    if (fileId(path) !== id && id !== '') return undefined;
    const kept = `${path}.damaged-${options.date().toISOString().replace(/[:.]/g, '-')}`;
    for (const end of ['', '-journal']) if (fs.existsSync(path + end)) fs.copyFileSync(path + end, kept + end);
    if (process.platform === 'win32') db?.close(); // a file that is open there cannot be replaced
    fs.rmSync(`${path}-journal`, { force: true }); // it would be played back into the new one
    fs.renameSync(fresh, path);
    fs.renameSync(knownFile(fresh), knownFile(path));
    return kept;
  } catch (error) {
    throw unavailable(path, error);
  } finally {
    if (db?.isOpen) db.close();
    remove(`${path}.new`);
  }
}

function isUsable(options: BookFileOptions): boolean {
  try {
    openBookFile(options).close();
    return true;
  } catch {
    return false;
  }
}

/** Undefined when there is no file, or SQLite will have nothing to do with it. */
function openDamaged({ path, busyTimeoutMs }: BookFileOptions): DatabaseSync | undefined {
  try {
    return fs.existsSync(path) ? new (loadSqlite().DatabaseSync)(path, { timeout: busyTimeoutMs }) : undefined;
  } catch {
    return undefined;
  }
}

/** What is too damaged to be locked is too damaged to be written to. */
function lock(db: DatabaseSync | undefined, path: string): void {
  try {
    db?.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    if (isBusy(error)) throw unavailable(path, error);
  }
}

function carry(
  db: DatabaseSync | undefined,
  { path, date }: BookFileOptions,
  limits: Limits,
): { readonly amounts: readonly Amount[]; readonly summary: CarriedOver } {
  const rows = db ? readableRows(db) : [];
  const known = readKnown(path);
  const day = [dayOf(date()), known?.day ?? '', ...rows.map((row) => row.day)].reduce((a, b) => (a > b ? a : b));
  const month = day.slice(0, 7);
  const amounts = amountsOf(rows.filter((row) => row.month === month));
  const spent = (window: 'day' | 'month', endpoint?: string): NanoUsd =>
    amounts
      .filter((amount) => (window === 'month' || amount.day === day) && (endpoint === undefined || amount.endpoint === endpoint))
      .reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  const raiseTo = (window: 'day' | 'month', nanoUsd: NanoUsd | undefined, endpoint?: string): void => {
    const missing = (nanoUsd ?? 0) - spent(window, endpoint);
    // What belongs to no known day of the month is put on its first.
    const on = window === 'day' ? day : `${month}-01`;
    if (missing > 0) amounts.push({ ...NAMELESS, endpoint: endpoint ?? NAMELESS.endpoint, day: on, nanoUsd: missing });
  };
  for (const window of ['day', 'month'] as const) {
    if (known) for (const [endpoint, nanoUsd] of sumsAt(known, window, day)) raiseTo(window, nanoUsd, endpoint);
    const name = window === 'day' ? 'perDayNanoUsd' : 'perMonthNanoUsd';
    if (!known) for (const [endpoint, own] of Object.entries(limits.perEndpoint ?? {})) raiseTo(window, own[name], endpoint);
    if (!known) raiseTo(window, limits[name]);
  }
  const sums = { todayNanoUsd: spent('day'), monthNanoUsd: spent('month') };
  return { amounts, summary: { day, month, ...sums, basis: known ? 'known' : 'limits', readableRows: rows.length } };
}

/** The known sums, where they are of that very day or its month. */
function sumsAt(known: Known, window: 'day' | 'month', day: string): readonly (readonly [string, NanoUsd])[] {
  if (window === 'day') return known.day === day ? Object.entries(known.dayNanoUsd) : [];
  return known.month === day.slice(0, 7) ? Object.entries(known.monthNanoUsd) : [];
}

const NAMELESS = { comparisonId: CARRIED_OVER, lane: CARRIED_OVER, endpoint: 'unknown', model: 'unknown' };

/** From both ends, each up to the damage. */
function readableRows(db: DatabaseSync): readonly BookRow[] {
  const found = new Map<string, BookRow>();
  const readFrom = (direction: 'ASC' | 'DESC'): void => {
    try {
      for (const row of db.prepare(`SELECT * FROM entry NOT INDEXED ORDER BY seq ${direction}`).iterate()) {
        const read = row as unknown as BookRow; // a row that is not one has another hash
        if (isSound(read)) found.set(read.hash, read);
      }
    } catch {
      return; // as far as the damage
    }
  };
  readFrom('ASC');
  readFrom('DESC');
  return [...found.values()];
}

/** What each hold came to: what it was settled at, or all of it where that cannot be read; a correction that takes money back is left out. */
function amountsOf(rows: readonly BookRow[]): Amount[] {
  const byHold = new Map<string, BookRow>();
  for (const row of rows) {
    if (row.holdId !== null && (row.kind === 'settle' || !byHold.has(row.holdId))) byHold.set(row.holdId, row);
  }
  return [...byHold.values()].flatMap(({ comparisonId, lane, endpoint, model, day, nanoUsd }) =>
    nanoUsd !== null && nanoUsd > 0 ? [{ comparisonId, lane, endpoint, model, day, nanoUsd }] : [],
  );
}

/** Makes a ledger that begins with these amounts, settled. */
function begin(options: BookFileOptions, amounts: readonly Amount[]): void {
  const file = openBookFile(options);
  try {
    const date = options.date();
    file.write(({ append }) => {
      for (const { nanoUsd, ...amount } of amounts) {
        const draft: Omit<RowDraft, 'kind' | 'nanoUsd' | 'basis'> = {
          ...amount,
          holdId: `${CARRIED_OVER}:${randomUUID()}`,
          at: date.toISOString(),
          offsetMinutes: -date.getTimezoneOffset(),
          month: amount.day.slice(0, 7),
          priceSource: null,
          priceAsOf: null,
          assumedModel: null,
          usage: null,
          note: CARRIED_OVER,
        };
        append({ ...draft, kind: 'reserve', nanoUsd: 0, basis: null });
        append({ ...draft, kind: 'settle', nanoUsd, basis: 'estimated' });
      }
    });
  } finally {
    file.close();
  }
}

const remove = (ledger: string): void => {
  for (const end of ['', '-journal', '.since', '.known']) fs.rmSync(ledger + end, { force: true });
};
