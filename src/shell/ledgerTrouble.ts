/**
 * What to do when there is no ledger: the sentence that says why, and a button for the way out. Nothing is ever spent without one.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { type LedgerProblem, LedgerUnavailable } from '../core/contracts.ts';
import type { Engine } from '../core/engine.ts';
import { formatUsd } from '../shared/money.ts';

const ASIDE = 'Set the Damaged Ledger Aside…';
const AGAIN = 'Try Again';

const WAY_OUT: Record<LedgerProblem, string> = {
  damaged: ASIDE,
  busy: AGAIN,
  'disk-full': AGAIN,
  replaced: AGAIN,
  unusable: AGAIN,
};

/** Says what is wrong and offers the way out; nothing waits for the answer. `again`: what was to be done; absent where nothing was. */
export function explainLedger(error: LedgerUnavailable, again?: () => unknown): void {
  const wayOut = WAY_OUT[error.problem];
  const offered = wayOut === AGAIN && !again ? [] : [wayOut];
  void vscode.window.showErrorMessage(error.message, ...offered).then((choice) => {
    if (choice === AGAIN) again?.();
    if (choice === ASIDE) void vscode.commands.executeCommand('secondThought.setLedgerAside');
  });
}

/** "Set the Damaged Ledger Aside…": asks with the figures in sight. */
export async function askToSetAside(engine: Engine, refresh: () => void): Promise<void> {
  if (!isDamaged(engine)) {
    void vscode.window.showInformationMessage('The spending ledger is in order. There is nothing to set aside.');
    return;
  }
  const { todayNanoUsd, monthNanoUsd, basis, readableRows } = engine.carriedOver();
  const figures = `${formatUsd(todayNanoUsd)} today and ${formatUsd(monthNanoUsd)} this month`;
  const set = 'Set It Aside';
  const choice = await vscode.window.showWarningMessage(
    'Set the damaged spending ledger aside and begin a new one?',
    {
      modal: true,
      detail: [
        basis === 'known'
          ? `The new ledger begins with the last known sums as spent: ${figures}. Money that was reserved for running lanes counts in full.`
          : `What was spent cannot be told any more, so the new ledger begins with your limits as spent: ${figures}. To go on before they begin anew, raise them.`,
        `${readableRows} rows of the damaged ledger can be read. It is kept beside the new one.`,
      ].join('\n\n'),
    },
    set,
  );
  if (choice !== set) return;
  const kept = engine.setLedgerAside();
  refresh();
  if (kept !== undefined) {
    void vscode.window.showInformationMessage(
      `A new spending ledger is in use. The damaged one is kept as ${path.basename(kept)}.`,
    );
  }
}

/** Throws `LedgerUnavailable` when something else is the matter. */
function isDamaged(engine: Engine): boolean {
  try {
    engine.ledger().spending();
    return false;
  } catch (error) {
    if (error instanceof LedgerUnavailable && error.problem === 'damaged') return true;
    throw error;
  }
}
