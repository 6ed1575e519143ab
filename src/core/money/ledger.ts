/**
 * The spending ledger: one SQLite file a person, shared by all windows and the command line, so that a limit holds however many run.
 *
 * Every decision is one immediate transaction: read the rows the others wrote, check the limits, append, commit to the platter; only then
 * may a request leave. Rows are only ever added. A rollback journal with full synchronous writes is used because a write-ahead log drops
 * damaged frames silently, and with them money that was spent. Whatever cannot be trusted or written throws `LedgerUnavailable`.
 */
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Usage } from '../../shared/model.ts';
import { type Cost, type CostBasis, isIllustrative, type NanoUsd } from '../../shared/money.ts';
import {
  type Clock,
  type HoldRequest,
  type Ledger,
  type LedgerEntry,
  LedgerUnavailable,
  type Limits,
  type Spending,
} from '../contracts.ts';
import { isAlive, type ProcessId, thisProcess } from '../processId.ts';
import { Book, BookDamaged, type BookRow, EMPTY_HEAD, type Head, ROW_FIELDS, type RowDraft, sealRow } from './book.ts';
import { TOKENIZER_MARGIN } from './tokens.ts';

export interface LedgerOptions {
  /** The file; its directory is made when it is missing. Beside it lie `-journal`, SQLite's own, and `.since`, which proves that it was. */
  readonly path: string;
  readonly clock: Clock;
  /** Who makes the reservations; default: this process. */
  readonly owner?: ProcessId;
  readonly isAlive?: (owner: ProcessId) => boolean;
  /** How long to wait for another window's transaction: short, because the caller's thread waits too. */
  readonly busyTimeoutMs?: number;
}

/** Opens the ledger, or makes it, and checks all of it. Throws {@link LedgerUnavailable}. */
export function openLedger(options: LedgerOptions): Ledger {
  const { DatabaseSync } = loadSqlite();
  const file = options.path;
  let db: DatabaseSync | undefined;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    db = new DatabaseSync(file, { timeout: options.busyTimeoutMs ?? 1000 });
    db.exec(
      'PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF',
    );
    return new SqliteLedger(db, options);
  } catch (error) {
    db?.close();
    throw unavailable(file, error);
  }
}

/** Probed, not inferred from a version: some hosts are built without it. */
function loadSqlite(): typeof import('node:sqlite') {
  try {
    const sqlite = process.getBuiltinModule('node:sqlite');
    new sqlite.DatabaseSync(':memory:').close();
    return sqlite;
  } catch (error) {
    throw new LedgerUnavailable(
      `The spending ledger needs SQLite, which this program (Node ${process.versions.node}) does not have. ` +
        'Nothing that costs money can run: update VS Code, or use Node 22.13 or newer.',
      { cause: error },
    );
  }
}

const APPLICATION_ID = 0x32_54_48_21; // "2TH!", so that the file says what it is
const SCHEMA_VERSION = 1;

const SCHEMA = [
  'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT',
  `CREATE TABLE entry (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, holdId TEXT, comparisonId TEXT NOT NULL, lane TEXT NOT NULL, endpoint TEXT NOT NULL,
    model TEXT NOT NULL, at TEXT NOT NULL, offsetMinutes INTEGER NOT NULL, day TEXT NOT NULL, month TEXT NOT NULL, nanoUsd INTEGER,
    basis TEXT, priceSource TEXT, priceAsOf TEXT, assumedModel TEXT, usage TEXT, note TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT`,
  'CREATE UNIQUE INDEX entry_once ON entry (holdId, kind)',
  `CREATE TRIGGER entry_follows BEFORE INSERT ON entry WHEN new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry)
    BEGIN SELECT raise(ABORT, 'rows are added at the end'); END`,
  `CREATE TRIGGER entry_settles BEFORE INSERT ON entry WHEN new.kind = 'settle'
    AND NOT EXISTS (SELECT 1 FROM entry WHERE holdId = new.holdId AND kind = 'reserve')
    BEGIN SELECT raise(ABORT, 'nothing to settle'); END`,
  "CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'rows are never removed'); END",
  "CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'rows are never changed'); END",
  `CREATE TABLE heartbeat (
    holdId TEXT PRIMARY KEY, pid INTEGER NOT NULL, startedAt TEXT, atMs INTEGER NOT NULL, meterNanoUsd INTEGER, checksum TEXT NOT NULL
  ) STRICT`,
];

/** A heartbeat is written at most this often. */
const BEAT_INTERVAL_MS = 2_000;
/** A hold is orphaned when its owner is gone and silent for this long... */
const DEAD_AFTER_MS = 30_000;
/** ...or, alive by all we can see (asleep, or its number taken by another process), silent for this long. */
const SILENT_AFTER_MS = 15 * 60_000;

interface Beat {
  readonly owner: ProcessId;
  readonly atMs: number;
  /** The most the hold cost by its meter; undefined before the first reading. */
  readonly meterNanoUsd: NanoUsd | undefined;
}

class SqliteLedger implements Ledger {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #owner: ProcessId;
  readonly #isAlive: (owner: ProcessId) => boolean;
  readonly #book = new Book();
  /** When this process last wrote the heartbeat of a hold, on the monotonic clock. */
  readonly #beatAtMs = new Map<string, number>();
  readonly #fileId: string;

  constructor(db: DatabaseSync, options: LedgerOptions) {
    this.#db = db;
    this.#path = options.path;
    this.#clock = options.clock;
    this.#owner = options.owner ?? thisProcess();
    this.#isAlive = options.isAlive ?? isAlive;
    db.exec('BEGIN IMMEDIATE');
    if (this.#pragma('page_count') === 0) this.#create();
    else this.#verify();
    db.exec('COMMIT');
    if (!fs.existsSync(sinceFile(this.#path))) fs.writeFileSync(sinceFile(this.#path), `${this.#clock.date().toISOString()}\n`);
    this.#fileId = fileId(this.#path);
  }

  reserve(comparisonId: string, holds: readonly HoldRequest[], limits: Limits): ReturnType<Ledger['reserve']> {
    for (const { ceilingNanoUsd } of holds) {
      if (!isAmount(ceilingNanoUsd))
        throw new RangeError(`${ceilingNanoUsd} is no amount to reserve: an unknown price is noted, not reserved`);
    }
    const asked = holds.reduce((sum, hold) => sum + hold.ceilingNanoUsd, 0);
    return this.#transact((append) => {
      const now = this.#now();
      const refusal = this.#book.refusal(asked, { run: comparisonId, day: now.day, month: now.month }, limits);
      if (refusal) return { ok: false, refusal };
      const holdIds = holds.map(({ lane, endpoint, model, ceilingNanoUsd }) => {
        const holdId = randomUUID();
        append({ ...BLANK, ...now, kind: 'reserve', holdId, comparisonId, lane, endpoint, model, nanoUsd: ceilingNanoUsd });
        this.#writeBeat(holdId, undefined);
        return holdId;
      });
      return { ok: true, holdIds };
    });
  }

  beat(holdId: string, meterNanoUsd: NanoUsd): void {
    const lastMs = this.#beatAtMs.get(holdId);
    if (lastMs !== undefined && this.#clock.nowMs() - lastMs < BEAT_INTERVAL_MS) return;
    if (!this.#book.open.has(holdId)) return;
    this.#beatAtMs.set(holdId, this.#clock.nowMs());
    this.#guard();
    try {
      this.#writeBeat(holdId, isAmount(meterNanoUsd) ? meterNanoUsd : undefined);
    } catch (error) {
      if (primaryCode(error) !== SQLITE.busy) throw unavailable(this.#path, error); // a beat missed is made up for by the next
    }
  }

  settle(holdId: string, cost: Cost, usage: Usage | undefined): boolean {
    if (isIllustrative(cost)) throw new RangeError('the price of a sample never enters the ledger');
    const settled = this.#transact((append) => {
      const hold = this.#book.open.get(holdId);
      if (!hold) return false;
      append(this.#settlementOf(hold, sound(cost, hold), usage, null));
      return true;
    });
    if (settled) this.#beatAtMs.delete(holdId);
    return settled;
  }

  settleOrphans(): ReturnType<Ledger['settleOrphans']> {
    if (this.#read(() => this.#orphans().length) === 0) return [];
    return this.#transact((append) =>
      this.#orphans().map(({ hold, beat }) => {
        const cost: Cost = { nanoUsd: orphanNanoUsd(hold, beat), basis: 'estimated' };
        append(this.#settlementOf(hold, cost, undefined, 'orphaned'));
        return { holdId: hold.holdId ?? '', comparisonId: hold.comparisonId, lane: hold.lane, cost };
      }),
    );
  }

  noteUnpriced(comparisonId: string, lane: string, endpoint: string, model: string, usage: Usage | undefined): void {
    this.#transact((append) =>
      append({
        ...BLANK,
        ...this.#now(),
        kind: 'unpriced',
        comparisonId,
        lane,
        endpoint,
        model,
        basis: 'unknown',
        usage: json(usage),
      }),
    );
  }

  spending(): Spending {
    return this.#read(() => {
      const { day, month } = this.#now();
      return {
        day,
        todayNanoUsd: this.#book.settled('day', day),
        heldTodayNanoUsd: this.#book.held('day', day),
        month,
        monthNanoUsd: this.#book.settled('month', month),
        heldMonthNanoUsd: this.#book.held('month', month),
        unknownThisMonth: this.#book.unknownRuns('month', month),
      };
    });
  }

  entries(limit: number): readonly LedgerEntry[] {
    const select = "SELECT * FROM entry WHERE kind <> 'reserve' ORDER BY seq DESC LIMIT ?";
    return this.#read(() => this.#rows(select, Math.max(0, Math.trunc(limit))).map(entryOf));
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #create(): void {
    const since = readSince(this.#path);
    if (since !== undefined) throw new BookDamaged(`it is empty, but was in use since ${since}`);
    for (const statement of SCHEMA) this.#db.exec(statement);
    this.#db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    const insert = this.#db.prepare('INSERT INTO meta VALUES (?, ?)');
    insert.run('schema', String(SCHEMA_VERSION));
    insert.run('created', this.#clock.date().toISOString());
    insert.run('head', JSON.stringify(EMPTY_HEAD));
  }

  #verify(): void {
    if (this.#pragma('application_id') !== APPLICATION_ID) throw new BookDamaged('it is not a spending ledger');
    const version = Math.max(Number(this.#pragma('user_version')), Number(this.#meta('schema')));
    if (version > SCHEMA_VERSION) {
      throw new LedgerUnavailable(
        `The spending ledger at ${this.#path} was written by a newer version. Update Second Thought to spend.`,
      );
    }
    if (this.#pragma('user_version') !== SCHEMA_VERSION || version !== SCHEMA_VERSION)
      throw new BookDamaged('its version is not known');
    const found = this.#db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid').all();
    if (JSON.stringify(found.map((row) => row['sql'])) !== JSON.stringify(SCHEMA))
      throw new BookDamaged('its tables were changed');
    const check = this.#pragma('integrity_check(1)');
    if (check !== 'ok') throw new BookDamaged(String(check));
    this.#catchUp();
  }

  /** Folds in what others appended, and checks that nothing that was there is gone. */
  #catchUp(): void {
    for (const row of this.#rows('SELECT * FROM entry WHERE seq > ? ORDER BY seq', this.#book.head.seq)) this.#book.add(row);
    if (this.#meta('head') !== JSON.stringify(this.#book.head)) throw new BookDamaged('its last rows are missing');
  }

  /** One immediate transaction: all of it on disk, or none. The book takes the new rows only when they are. */
  #transact<T>(work: (append: (draft: RowDraft) => void) => T): T {
    const added: BookRow[] = [];
    const result = this.#within('BEGIN IMMEDIATE', () => {
      const insert = this.#db.prepare(`INSERT INTO entry VALUES (${ROW_FIELDS.map(() => '?').join(', ')})`);
      const done = work((draft) => {
        const row = sealRow(draft, added.at(-1) ?? this.#book.head);
        insert.run(...ROW_FIELDS.map((field) => row[field]));
        if (row.kind === 'settle') this.#db.prepare('DELETE FROM heartbeat WHERE holdId = ?').run(row.holdId);
        added.push(row);
      });
      const last = added.at(-1);
      if (last) this.#db.prepare("UPDATE meta SET value = ? WHERE key = 'head'").run(JSON.stringify(headOf(last)));
      return done;
    });
    for (const row of added) this.#book.add(row);
    return result;
  }

  #read<T>(work: () => T): T {
    return this.#within('BEGIN', work);
  }

  #within<T>(begin: string, work: () => T): T {
    this.#guard();
    try {
      this.#db.exec(begin);
      this.#catchUp();
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw unavailable(this.#path, error);
    }
  }

  /** A file that was deleted or replaced while open would still be written to, unseen by everybody else. */
  #guard(): void {
    if (!this.#db.isOpen) throw new LedgerUnavailable('The spending ledger is closed. Run the command again.');
    if (fileId(this.#path) === this.#fileId) return;
    throw new LedgerUnavailable(
      `The spending ledger at ${this.#path} was removed or replaced while in use. Reload the window to open it anew.`,
    );
  }

  /** The moment, and the day and month that money spent now belongs to. */
  #now(): Pick<RowDraft, 'at' | 'offsetMinutes' | 'day' | 'month'> {
    const date = this.#clock.date();
    const two = (value: number): string => String(value).padStart(2, '0');
    const today = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const day = today > this.#book.lastDay ? today : this.#book.lastDay;
    return { at: date.toISOString(), offsetMinutes: -date.getTimezoneOffset(), day, month: day.slice(0, 7) };
  }

  #settlementOf(hold: BookRow, cost: Cost, usage: Usage | undefined, note: string | null): RowDraft {
    const { seq: _seq, previous: _previous, hash: _hash, ...rest } = hold;
    const { at, offsetMinutes } = this.#now();
    return {
      ...rest,
      kind: 'settle',
      at,
      offsetMinutes,
      nanoUsd: cost.nanoUsd ?? 0,
      basis: cost.basis,
      priceSource: cost.priceSource ?? null,
      priceAsOf: cost.priceAsOf ?? null,
      assumedModel: cost.assumedModel ?? null,
      usage: json(usage),
      note,
    };
  }

  #orphans(): readonly { readonly hold: BookRow; readonly beat: Beat | undefined }[] {
    const nowMs = this.#clock.date().getTime();
    return [...this.#book.open.values()].flatMap((hold) => {
      const beat = this.#readBeat(hold.holdId ?? '');
      const silentMs = nowMs - (beat?.atMs ?? Date.parse(hold.at));
      // A beat from the future means that the clock went back: only a dead owner's hold may be taken by it.
      const isDead = Math.abs(silentMs) > DEAD_AFTER_MS && beat !== undefined && !this.#isAlive(beat.owner);
      return isDead || silentMs > SILENT_AFTER_MS ? [{ hold, beat }] : [];
    });
  }

  #writeBeat(holdId: string, meterNanoUsd: NanoUsd | undefined): void {
    const beat: Beat = { owner: this.#owner, atMs: this.#clock.date().getTime(), meterNanoUsd };
    this.#db
      .prepare('REPLACE INTO heartbeat VALUES (?, ?, ?, ?, ?, ?)')
      .run(holdId, beat.owner.pid, beat.owner.startedAt ?? null, beat.atMs, meterNanoUsd ?? null, checksumOf(holdId, beat));
  }

  /** Undefined when there is none or it is damaged: then the hold counts in full. */
  #readBeat(holdId: string): Beat | undefined {
    const row = this.#db.prepare('SELECT * FROM heartbeat WHERE holdId = ?').get(holdId);
    if (!row) return undefined;
    const startedAt = row['startedAt'];
    const meter = row['meterNanoUsd'];
    const beat: Beat = {
      owner: { pid: Number(row['pid']), ...(typeof startedAt === 'string' ? { startedAt } : {}) },
      atMs: Number(row['atMs']),
      meterNanoUsd: typeof meter === 'number' ? meter : undefined,
    };
    return row['checksum'] === checksumOf(holdId, beat) ? beat : undefined;
  }

  #rows(select: string, ...values: readonly SQLInputValue[]): readonly BookRow[] {
    // The columns are those of BookRow, by a STRICT table whose text was verified; their content is verified by the hash of each row.
    return this.#db.prepare(select).all(...values) as unknown as readonly BookRow[];
  }

  #meta(key: string): unknown {
    return this.#db.prepare('SELECT value FROM meta WHERE key = ?').get(key)?.['value'];
  }

  #pragma(name: string): unknown {
    return Object.values(this.#db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  }
}

const headOf = ({ seq, hash }: BookRow): Head => ({ seq, hash });

const BLANK = {
  holdId: null,
  nanoUsd: null,
  basis: null,
  priceSource: null,
  priceAsOf: null,
  assumedModel: null,
  usage: null,
  note: null,
};

const isAmount = (nanoUsd: number | undefined): nanoUsd is NanoUsd =>
  nanoUsd !== undefined && Number.isSafeInteger(nanoUsd) && nanoUsd >= 0;

const json = (usage: Usage | undefined): string | null => (usage === undefined ? null : JSON.stringify(usage));

/** A figure that is none (a bug upstream) must not set money free: what was reserved stands, as an estimate. */
const sound = (cost: Cost, hold: BookRow): Cost =>
  cost.basis === 'unknown' || isAmount(cost.nanoUsd) ? cost : { ...cost, nanoUsd: hold.nanoUsd ?? 0, basis: 'estimated' };

const checksumOf = (holdId: string, beat: Beat): string =>
  createHash('sha256')
    .update(JSON.stringify([holdId, beat.owner.pid, beat.owner.startedAt ?? null, beat.atMs, beat.meterNanoUsd ?? null]))
    .digest('hex');

/**
 * What a hold whose owner is gone is settled at: what its meter said last, raised by the margin of an estimate, and 30 s more at the pace
 * it had had until then; at most what was reserved, and all of it when there never was a reading.
 */
function orphanNanoUsd(hold: BookRow, beat: Beat | undefined): NanoUsd {
  const held = hold.nanoUsd ?? 0;
  if (!beat?.meterNanoUsd) return held;
  const ranMs = Math.max(1000, beat.atMs - Date.parse(hold.at));
  return Math.min(held, Math.ceil(beat.meterNanoUsd * (TOKENIZER_MARGIN + DEAD_AFTER_MS / ranMs)));
}

function entryOf(row: BookRow): LedgerEntry {
  const cost: Cost =
    row.basis === 'unknown' || row.nanoUsd === null
      ? { basis: 'unknown' }
      : {
          nanoUsd: row.nanoUsd,
          basis: row.basis as CostBasis, // written from a Cost, and unchanged since by the row's hash
          ...(row.priceSource === null ? {} : { priceSource: row.priceSource }),
          ...(row.priceAsOf === null ? {} : { priceAsOf: row.priceAsOf }),
          ...(row.assumedModel === null ? {} : { assumedModel: row.assumedModel }),
        };
  const { at, day, comparisonId, lane, endpoint, model } = row;
  const usage: Usage | undefined = row.usage === null ? undefined : JSON.parse(row.usage);
  return { at, day, comparisonId, lane, endpoint, model, cost, ...(usage ? { usage } : {}) };
}

/** A small file that outlives the ledger: when the ledger is gone or empty and this is there, money was spent that nobody counts. */
const sinceFile = (file: string): string => `${file}.since`;

function readSince(file: string): string | undefined {
  try {
    return fs.readFileSync(sinceFile(file), 'utf8').trim() || 'an unknown day';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Which file a path leads to; empty when there is none. */
function fileId(file: string): string {
  const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : '';
}

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const SQLITE = { perm: 3, busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

/** An extended code holds the primary one in its low byte. */
function primaryCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** The failure as a sentence: what is wrong, where, and the way out. */
function unavailable(file: string, error: unknown): unknown {
  if (error instanceof LedgerUnavailable || error instanceof RangeError) return error;
  const because = (message: string): LedgerUnavailable => new LedgerUnavailable(message, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  const code = primaryCode(error);
  const systemCode = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === SQLITE.busy || code === SQLITE.locked) {
    return because(`The spending ledger at ${file} is in use by another window. Nothing was spent: try again in a moment.`);
  }
  if (code === SQLITE.full || systemCode === 'ENOSPC') {
    return because(
      `The disk is full, so the spending ledger at ${file} cannot be written. Nothing can be spent until there is room.`,
    );
  }
  if (
    code === SQLITE.readOnly ||
    code === SQLITE.perm ||
    code === SQLITE.cannotOpen ||
    (code === undefined && systemCode !== undefined)
  ) {
    return because(
      `The spending ledger at ${file} cannot be opened for writing (${reason}). Nothing can be spent: check the permissions of the file and its folder.`,
    );
  }
  if (code === SQLITE.ioError) {
    return because(
      `The spending ledger at ${file} cannot be read or written (${reason}). Nothing can be spent: check the disk, then try again.`,
    );
  }
  return because(
    `The spending ledger at ${file} is damaged (${reason}). Nothing can be spent. Put back a copy of it, or, to begin a new one and forget ` +
      `what was spent, remove it and ${path.basename(sinceFile(file))}.`,
  );
}
