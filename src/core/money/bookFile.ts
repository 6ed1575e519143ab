/**
 * The file under the book: one SQLite database, checked when opened and at every transaction, appended to and never changed.
 *
 * A rollback journal with full synchronous writes is used because a write-ahead log drops damaged frames silently, and with them money
 * that was spent. Whatever cannot be trusted or written throws `LedgerUnavailable`, with the place and the way out.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { LedgerUnavailable } from '../contracts.ts';
import { Book, BookDamaged, type BookRow, EMPTY_HEAD, ROW_FIELDS, type RowDraft, sealRow } from './book.ts';
import { isBusy, unavailable } from './bookFailure.ts';
import { knownOf, riseOf, writeKnown } from './known.ts';

export interface BookFileOptions {
  readonly path: string;
  readonly date: () => Date;
  readonly busyTimeoutMs: number;
}

/** Opens the file, or makes it, and checks all of it. Throws {@link LedgerUnavailable}. */
export function openBookFile(options: BookFileOptions): BookFile {
  const { DatabaseSync } = loadSqlite();
  let db: DatabaseSync | undefined;
  try {
    fs.mkdirSync(path.dirname(options.path), { recursive: true });
    db = new DatabaseSync(options.path, { timeout: options.busyTimeoutMs });
    db.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON');
    db.exec('PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF');
    return new BookFile(db, options);
  } catch (error) {
    db?.close();
    throw unavailable(options.path, error);
  }
}

/** Probed, not inferred from a version: some hosts are built without it. */
export function loadSqlite(): typeof import('node:sqlite') {
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

/** A transaction's access to the file. */
export interface Transaction {
  /** Adds the row that follows, for good when the transaction ends well. */
  append(draft: RowDraft): void;
}

export class BookFile {
  /** What the rows come to, as of the last transaction. */
  readonly book = new Book();
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #fileId: string;
  readonly #busyTimeoutMs: number;
  #isOpen = true;

  constructor(db: DatabaseSync, { path, date, busyTimeoutMs }: BookFileOptions) {
    this.#db = db;
    this.#path = path;
    db.exec('BEGIN IMMEDIATE');
    if (fs.statSync(path).size === 0) this.#create(date());
    else this.#verify();
    writeKnown(path, knownOf(this.book, []));
    // On a file that may not be written SQLite makes this a reading transaction and says nothing: a write must be seen to work.
    db.exec("UPDATE meta SET value = value WHERE key = 'head'");
    db.exec('COMMIT');
    if (readSince(path) === undefined) fs.writeFileSync(sinceFile(path), `${date().toISOString()}\n`);
    this.#fileId = fileId(path);
    this.#busyTimeoutMs = busyTimeoutMs;
    db.exec('PRAGMA busy_timeout = 0'); // from here on #patiently waits
  }

  /** Runs the work on the book as it is now, with everything other processes appended. */
  read<T>(work: () => T): T {
    return this.#within('BEGIN', work);
  }

  /** One immediate transaction: all of it on the platter when this returns, or none. The book takes the new rows only then. */
  write<T>(work: (transaction: Transaction) => T): T {
    const added: BookRow[] = [];
    const result = this.#within('BEGIN IMMEDIATE', () => {
      const insert = this.#db.prepare(`INSERT INTO entry VALUES (${ROW_FIELDS.map(() => '?').join(', ')})`);
      const done = work({
        append: (draft) => {
          const row = sealRow(draft, added.at(-1) ?? this.book.head);
          insert.run(...ROW_FIELDS.map((field) => row[field]));
          added.push(row);
        },
      });
      const last = added.at(-1);
      if (last) this.#keepKnown(added);
      if (last) this.run("UPDATE meta SET value = ? WHERE key = 'head'", JSON.stringify({ seq: last.seq, hash: last.hash }));
      return done;
    });
    for (const row of added) this.book.add(row);
    if (added.some((row) => row.kind === 'settle')) this.#lowerKnown();
    return result;
  }

  /** One statement; in no transaction, it is one of its own. */
  run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#guard();
    try {
      this.#db.prepare(sql).run(...values);
    } catch (error) {
      throw unavailable(this.#path, error);
    }
  }

  /** As {@link run}, for what may as well be missed: returns false when another process is writing. */
  runIfFree(sql: string, ...values: readonly SQLInputValue[]): boolean {
    try {
      this.run(sql, ...values);
      return true;
    } catch (error) {
      if (error instanceof LedgerUnavailable && isBusy(error.cause)) return false;
      throw error;
    }
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Readonly<Record<string, unknown>> | undefined {
    return this.#db.prepare(sql).get(...values);
  }

  /** Rows of the table `entry`. */
  rows(select: string, ...values: readonly SQLInputValue[]): readonly BookRow[] {
    // The columns are those of BookRow, by a STRICT table whose text was verified; their content is verified by the hash of each row.
    return this.#db.prepare(select).all(...values) as unknown as readonly BookRow[];
  }

  close(): void {
    if (this.#isOpen) this.#db.close();
    this.#isOpen = false;
  }

  #create(date: Date): void {
    const since = readSince(this.#path);
    if (since !== undefined) throw new BookDamaged(`it is empty, but was in use since ${since}`);
    for (const statement of SCHEMA) this.#db.exec(statement);
    this.#db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    const insert = this.#db.prepare('INSERT INTO meta VALUES (?, ?)');
    insert.run('schema', String(SCHEMA_VERSION));
    insert.run('created', date.toISOString());
    insert.run('head', JSON.stringify(EMPTY_HEAD));
  }

  #verify(): void {
    if (this.#pragma('application_id') !== APPLICATION_ID) throw new BookDamaged('it is not a spending ledger');
    const version = Number(this.#pragma('user_version'));
    if (version !== Number(this.#meta('schema'))) throw new BookDamaged('its version is not known');
    if (version > SCHEMA_VERSION) {
      throw new LedgerUnavailable(
        `The spending ledger at ${this.#path} was written by a newer version. Nothing can be spent: update Second Thought.`,
      );
    }
    if (version !== SCHEMA_VERSION) throw new BookDamaged('its version is not known');
    const found = this.#db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid').all();
    if (JSON.stringify(found.map((row) => row.sql)) !== JSON.stringify(SCHEMA)) throw new BookDamaged('its tables were changed');
    const check = this.#pragma('integrity_check(1)');
    if (check !== 'ok') throw new BookDamaged(String(check));
    this.#catchUp();
  }

  /** Folds in what others appended, and checks that nothing that was there is gone. */
  #catchUp(): void {
    for (const row of this.rows('SELECT * FROM entry WHERE seq > ? ORDER BY seq', this.book.head.seq)) this.book.add(row);
    if (this.#meta('head') !== JSON.stringify(this.book.head)) throw new BookDamaged('its last rows are missing');
  }

  #within<T>(begin: string, work: () => T): T {
    this.#guard();
    try {
      this.#patiently(() => this.#begin(begin));
      this.#guard(); // it may have been replaced while this waited for it
      const result = work();
      this.#patiently(() => this.#db.exec('COMMIT'));
      return result;
    } catch (error) {
      this.#rollBack();
      throw unavailable(this.#path, error);
    }
  }

  #begin(begin: string): void {
    this.#db.exec(begin);
    try {
      this.#catchUp(); // reading takes its lock here
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /**
   * Tries again while other processes write. SQLite's own waiting sleeps longer and longer, up to 100 ms, so that on a slow disk whoever
   * came first waits longest; here all ask about equally often.
   */
  #patiently(work: () => void): void {
    const untilMs = performance.now() + this.#busyTimeoutMs;
    for (;;) {
      try {
        work();
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > untilMs) throw error;
      }
      Atomics.wait(NOBODY, 0, 0, 1 + Math.random() * 3); // synchronous, as the transactions are
    }
  }

  /** A transaction that stays open would hold the file against everybody: where it cannot be rolled back, closing lets go of it. */
  #rollBack(): void {
    for (let tries = 0; this.#db.isTransaction && tries < 2; tries++) {
      try {
        this.#db.exec('ROLLBACK');
      } catch {
        if (tries > 0) this.close();
      }
    }
  }

  /** What these rows add is known before they are in the ledger; where they add nothing, a disk that is full must not stop a settlement. */
  #keepKnown(added: readonly BookRow[]): void {
    try {
      writeKnown(this.#path, knownOf(this.book, added));
    } catch (error) {
      if (added.some((row) => riseOf(this.book, row) > 0)) throw error;
    }
  }

  /** What a settlement gave back is known when it is committed; a process that writes meanwhile knows it by then. */
  #lowerKnown(): void {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#guard();
      this.#catchUp();
      writeKnown(this.#path, knownOf(this.book, []));
    } catch {
      return; // what is known stays too high, never too low
    } finally {
      this.#rollBack();
    }
  }

  /** A file that was deleted or replaced while open would still be written to, unseen by everybody else. */
  #guard(): void {
    if (!this.#isOpen)
      throw new LedgerUnavailable('The spending ledger is closed. Run the command again.', { problem: 'replaced' });
    if (fileId(this.#path) === this.#fileId) return;
    throw new LedgerUnavailable(
      `The spending ledger at ${this.#path} was removed or replaced while in use. Nothing was spent: try again to open it anew.`,
      { problem: 'replaced' },
    );
  }

  #meta(key: string): unknown {
    return this.get('SELECT value FROM meta WHERE key = ?', key)?.value;
  }

  #pragma(name: string): unknown {
    return Object.values(this.get(`PRAGMA ${name}`) ?? {})[0];
  }
}

/** Nobody wakes who waits on it: a sleep. */
const NOBODY = new Int32Array(new SharedArrayBuffer(4));

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
export function fileId(file: string): string {
  const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : '';
}
