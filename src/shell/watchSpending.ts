/**
 * Tells when the sums in the ledger have changed, whoever changed them: other windows and the command line spend from the same one. Only the
 * file's size and time are looked at, by the system's own watching of a path, which works on every disk and outlives a file that is set aside
 * or deleted; the sums are read when these moved. A sign of life of a running lane moves them too, and changes no sum.
 */
import fs from 'node:fs';
import { LedgerUnavailable, type Spending } from '../core/contracts.ts';

export interface WatchSpendingDeps {
  readonly file: string;
  /** Throws `LedgerUnavailable`. Not called where there is no file: that would make one. */
  readonly spending: () => Spending;
  /** True while the file must be left alone. */
  readonly isPaused: () => boolean;
  readonly onChange: () => void;
}

/** How often the file is looked at, in milliseconds. */
const INTERVAL_MS = 2_000;

/** Watches until it is disposed. `intervalMs`: how often the file is looked at. */
export function watchSpending(deps: WatchSpendingDeps, intervalMs = INTERVAL_MS): { dispose(): void } {
  let known = sums(deps);
  const look = ({ nlink }: fs.Stats): void => {
    if (nlink === 0 || deps.isPaused()) return; // there is no file now
    const now = sums(deps);
    if (now === known) return;
    known = now;
    deps.onChange();
  };
  fs.watchFile(deps.file, { interval: intervalMs, persistent: false }, look);
  return { dispose: () => fs.unwatchFile(deps.file, look) };
}

/** All sums as one value that can be compared; where they cannot be read, why. */
function sums({ file, spending }: WatchSpendingDeps): string {
  if (!fs.existsSync(file)) return '';
  try {
    return JSON.stringify(spending());
  } catch (error) {
    if (error instanceof LedgerUnavailable) return error.message;
    throw error;
  }
}
