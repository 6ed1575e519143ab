/**
 * One apply, undo or formatting of a comparison at a time, among all windows: each reads what can be undone, changes files and writes it
 * again, and what the other had written in between would be lost with the texts in it.
 */
import { type ApplyDependencies, reasonOf } from './workspace.ts';

/** Does the work, or says why it cannot be done now. */
export async function alone(
  comparisonId: string,
  { undo, dialogs }: Pick<ApplyDependencies, 'undo' | 'dialogs'>,
  work: () => Promise<unknown>,
): Promise<void> {
  let release: (() => void) | undefined;
  try {
    release = await undo.lock(comparisonId);
  } catch (error) {
    void dialogs.tell(`Nothing was done: what is needed to undo it could not be kept: ${reasonOf(error)}`);
    return;
  }
  if (!release) {
    void dialogs.tell(UNDER_WAY);
    return;
  }
  try {
    await work();
  } finally {
    release();
  }
}

export const UNDER_WAY =
  'An apply of this comparison is still under way, in this window or another. Finish or discard its preview first.';
