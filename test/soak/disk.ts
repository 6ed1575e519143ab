/**
 * A disk that fails on purpose, under the real SQLite: at the n-th statement it is full, cannot be written or is locked, or the process
 * dies there, before that statement or after it was done. It works by standing in front of every statement of this process.
 */
import { DatabaseSync, StatementSync } from 'node:sqlite';

export type FaultKind = 'full' | 'io' | 'busy' | 'dies' | 'dies after';

/** Result codes of SQLite (sqlite.org/rescode.html): SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_BUSY. */
const CODE = { full: 13, io: 778, busy: 5 } as const;

interface Armed {
  readonly kind: FaultKind;
  statementsLeft: number;
  fired: boolean;
}

let armed: Armed | undefined;
let newest: DatabaseSync | undefined;
let isInstalled = false;

/** Stands in front of SQLite in this process, once. */
export function installDisk(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
    newest = this;
    faulty(() => exec.call(this, sql));
  };
  // The parameters pass through as they are, whichever overload was called.
  for (const name of ['run', 'get', 'all'] as const) {
    const call = StatementSync.prototype[name] as (...values: unknown[]) => unknown;
    Object.assign(StatementSync.prototype, {
      [name](this: StatementSync, ...values: unknown[]) {
        return faulty(() => call.apply(this, values));
      },
    });
  }
}

/** The connection that worked last: that of a ledger which was just opened. */
export const newestConnection = (): DatabaseSync | undefined => newest;

/** Runs the work with a fault at that statement; says whether it came to it. */
export function withFault<T>(
  kind: FaultKind,
  atStatement: number,
  work: () => T,
): { readonly fired: boolean; readonly result?: T } {
  const own: Armed = { kind, statementsLeft: atStatement, fired: false };
  armed = own;
  try {
    const result = work();
    return { fired: own.fired, result };
  } catch (error) {
    if (own.fired) return { fired: true };
    throw error;
  } finally {
    armed = undefined;
  }
}

function faulty<T>(call: () => T): T {
  if (!armed) return call();
  const { kind } = armed;
  const isDeath = kind === 'dies' || kind === 'dies after';
  if (armed.fired) {
    if (isDeath) throw new Error('this process is dead');
    return call();
  }
  if (armed.statementsLeft > 0) {
    armed.statementsLeft -= 1;
    return call();
  }
  armed.fired = true;
  if (kind === 'dies after') call();
  if (isDeath) throw new Error('this process dies');
  throw Object.assign(new Error(`injected: ${kind}`), { code: 'ERR_SQLITE_ERROR', errcode: CODE[kind] });
}
