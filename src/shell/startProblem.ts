/** What keeps lanes from being sent, as a person is told it: one sentence, with the ways out as its buttons. */
import * as vscode from 'vscode';
import { LedgerUnavailable } from '../core/contracts.ts';
import type { FittingLimit } from '../core/money/budget.ts';
import type { LaneId } from '../shared/comparison.ts';
import { explainLedger } from './ledgerTrouble.ts';

/** Output limits that take the place of the settings'. */
export type OutputLimits = Partial<Record<LaneId, number>>;

/** Why nothing was started, and where it can be mended. */
export class StartProblem extends Error {
  readonly about: 'limits' | 'models';
  /** Smaller output limits that would be admitted. */
  readonly fits: readonly FittingLimit[] | undefined;
  constructor(message: string, about: 'limits' | 'models', fits?: readonly FittingLimit[]) {
    super(message);
    this.about = about;
    this.fits = fits;
  }
}

/** Says what stood in the way, and offers to mend it; nothing waits for the answer. What is not known is thrown on. */
export function explainStart(error: unknown, again: (smaller: OutputLimits) => Promise<void>): void {
  if (error instanceof LedgerUnavailable) {
    explainLedger(error, () => again({}));
    return;
  }
  if (!(error instanceof StartProblem)) throw error;
  const { fits = [] } = error;
  const tokens = fits.map(({ maxOutputTokens }) => maxOutputTokens.toLocaleString('en-US')).join(' and ');
  const smaller = Object.fromEntries(fits.map(({ lane, maxOutputTokens }) => [lane, maxOutputTokens]));
  const offers = [
    ...(fits.length > 0 ? [{ label: `Run with ${tokens} Tokens`, run: () => again(smaller) }] : []),
    error.about === 'limits'
      ? { label: 'Change Limits…', run: () => vscode.commands.executeCommand('secondThought.changeLimits') }
      : { label: 'Choose Models', run: () => vscode.commands.executeCommand('secondThought.choosePreset') },
  ];
  void vscode.window
    .showErrorMessage(error.message, ...offers.map(({ label }) => label))
    .then((choice) => offers.find(({ label }) => label === choice)?.run());
}
