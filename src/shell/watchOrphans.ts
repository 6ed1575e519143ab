/**
 * Windows that died leave money reserved. It is settled by whoever lives: at its start, and again once they are surely gone. Where there is
 * no ledger nothing is held, and none is made.
 */
import fs from 'node:fs';
import type * as vscode from 'vscode';
import { LedgerUnavailable } from '../core/contracts.ts';
import type { Engine } from '../core/engine.ts';
import type { Log } from './log.ts';

/** How often runs are looked for whose window died; their money is held until then. */
const ORPHAN_INTERVAL_MS = 40_000;

export interface WatchOrphansDeps {
  readonly engine: Engine;
  readonly log: Log;
  /** True while the ledger must be left alone. */
  readonly isPaused: () => boolean;
  readonly onSettled: (comparisonIds: readonly string[]) => void;
}

/** Settles what is left open now, and again and again until it is disposed of. */
export function watchOrphans({ engine, log, isPaused, onSettled }: WatchOrphansDeps): vscode.Disposable {
  const look = (): void => {
    if (isPaused() || !fs.existsSync(engine.ledgerFile)) return;
    try {
      const settled = engine.ledger().settleOrphans();
      for (const { lane, comparisonId } of settled) log.info(`settled the ${lane} lane of ${comparisonId}, whose window is gone`);
      if (settled.length > 0) onSettled(settled.map(({ comparisonId }) => comparisonId));
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      log.warn(error.message); // shown in the status bar, and again when something would be spent
    }
  };
  look();
  const timer = setInterval(look, ORPHAN_INTERVAL_MS);
  return { dispose: () => clearInterval(timer) };
}
