/**
 * Applying as a person meets it: the questions, what happened in a message, and what they may want next as its buttons. What is decided
 * and done is in `core/apply`.
 */
import * as vscode from 'vscode';
import { type ApplyOutcome, applyAnswer } from '../core/apply/apply.ts';
import type { ApplyDependencies } from '../core/apply/workspace.ts';
import type { ComparisonState, LaneId } from '../shared/comparison.ts';

/** What the buttons of the message do. */
export interface AfterApply {
  undo(): unknown;
  format(): unknown;
  takeHunks(): unknown;
}

/** Plans, asks, applies and says what happened. */
export async function applyAndTell(
  state: ComparisonState,
  lane: LaneId,
  dependencies: ApplyDependencies,
  after: AfterApply,
): Promise<ApplyOutcome> {
  const outcome = await applyAnswer(state, lane, dependencies);
  tellOutcome(outcome, dependencies, after);
  return outcome;
}

/** Says what an apply did; nothing when the person said no to a question. The buttons work whenever they are pressed. */
export function tellOutcome(outcome: ApplyOutcome, { dialogs }: ApplyDependencies, after: AfterApply): void {
  const { applied, first, message, conflict } = outcome;
  if (message === '') return;
  const actions = applied.length > 0 ? ['Undo', 'Format', 'Open'] : conflict ? ['Take Hunks…'] : [];
  void dialogs.tell(message, ...actions).then(async (action) => {
    if (action === 'Undo') await after.undo();
    if (action === 'Format') await after.format();
    if (action === 'Take Hunks…') await after.takeHunks();
    if (action === 'Open' && first) await vscode.window.showTextDocument(vscode.Uri.parse(first, true), { preview: false });
  });
}
