/**
 * "Delete All Local Data": everything Second Thought keeps on this machine, named before it goes.
 */
import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Keys } from './keys.ts';

export interface LocalDataDeps {
  readonly stateDirectory: string;
  readonly keys: Keys;
  readonly memory: readonly vscode.Memento[];
  /** Stops runs and closes every file, so that deleting works on all systems. */
  readonly closeEverything: () => Promise<void>;
  /** Reads the sums again, which makes empty books, and closes these. */
  readonly showNothingSpent: () => void;
}

/** True when the data is gone. Settings stay: they are the person's, and VS Code keeps them. */
export async function deleteLocalData(deps: LocalDataDeps): Promise<boolean> {
  const remove = 'Delete Everything';
  const choice = await vscode.window.showWarningMessage(
    'Delete all data of Second Thought on this machine?',
    {
      modal: true,
      detail: [
        'All comparisons with their answers, the spending ledger and those that were set aside, all API keys and remembered answers to questions are deleted. Running comparisons are stopped. Other windows lose them too.',
        '',
        'With the ledger go the sums that your day and month limits count, those of single endpoints too: they begin again at zero. Settings stay.',
        '',
        `Folder: ${deps.stateDirectory}`,
      ].join('\n'),
    },
    remove,
  );
  if (choice !== remove) return false;
  await deps.closeEverything();
  const removeFolder = (): Promise<void> => fs.rm(deps.stateDirectory, { recursive: true, force: true });
  await removeFolder();
  await deps.keys.removeAll();
  for (const memento of deps.memory) for (const key of memento.keys()) await memento.update(key, undefined);
  deps.showNothingSpent();
  await removeFolder();
  void vscode.window.showInformationMessage('All local data of Second Thought is deleted.');
  return true;
}
