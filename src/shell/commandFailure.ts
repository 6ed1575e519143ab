/**
 * What a person is told when a command or a button fails: bad input is its own sentence, a ledger that cannot be used comes with its way
 * out, and a bug is a sentence with the way to the log.
 */
import * as vscode from 'vscode';
import { LedgerUnavailable } from '../core/contracts.ts';
import { redact } from '../core/providers/redact.ts';
import { TaskProblem } from '../core/task.ts';
import type { Keys } from './keys.ts';
import { explainLedger } from './ledgerTrouble.ts';
import type { Log } from './log.ts';

/** Says what went wrong. `again`: does what was to be done once more; absent where that makes no sense. */
export async function explainFailure(
  error: unknown,
  { keys, log }: { readonly keys: Keys; readonly log: Log },
  again?: () => unknown,
): Promise<void> {
  if (error instanceof LedgerUnavailable) {
    explainLedger(error, again);
    return;
  }
  const secrets = await keys.all();
  const message = redact(error instanceof Error ? error.message : String(error), secrets);
  if (error instanceof TaskProblem) {
    void vscode.window.showErrorMessage(message);
    return;
  }
  log.error(error instanceof Error ? (error.stack ?? message) : message);
  const show = 'Show Log';
  if ((await vscode.window.showErrorMessage(`Second Thought could not do that: ${message}`, show)) === show) log.show();
}
