/**
 * Says once for each limit and each day or month that much of it is spent. It never blocks: the limit does that.
 */
import * as vscode from 'vscode';
import { LedgerUnavailable, type Spending } from '../core/contracts.ts';
import { limitWarnings } from '../core/money/limits.ts';
import type { Settings } from '../core/settings.ts';

export interface LimitWarningsDeps {
  /** Throws `LedgerUnavailable`. */
  readonly spending: () => Spending;
  readonly settings: () => Settings;
  /** What was warned of, so that no window says it again. */
  readonly memory: vscode.Memento;
}

const WARNED_KEY = 'warnedLimits';

/** Returns what is to be called whenever spending or settings may have changed. */
export function createLimitWarnings({ spending, settings, memory }: LimitWarningsDeps): () => void {
  return () => {
    const due = warningsNow(spending, settings());
    const warned = memory.get<readonly string[]>(WARNED_KEY, []);
    const fresh = due.filter(({ key }) => !warned.includes(key));
    if (fresh.length === 0) return;
    // What is no longer due is of a day that has passed, or of a limit that is no more.
    void memory.update(
      WARNED_KEY,
      due.map(({ key }) => key),
    );
    for (const { sentence } of fresh) warn(sentence);
  };
}

function warn(sentence: string): void {
  const show = 'Show Spending';
  const change = 'Change Limits…';
  void vscode.window.showWarningMessage(`Second Thought: ${sentence}`, show, change).then((choice) => {
    if (choice === show) void vscode.commands.executeCommand('secondThought.showSpending');
    if (choice === change) void vscode.commands.executeCommand('secondThought.changeLimits');
  });
}

function warningsNow(spending: () => Spending, { limits, warnAtShare }: Settings): ReturnType<typeof limitWarnings> {
  try {
    return limitWarnings(limits, spending(), warnAtShare);
  } catch (error) {
    if (error instanceof LedgerUnavailable) return []; // the status bar says so
    throw error;
  }
}
