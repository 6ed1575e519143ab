/**
 * Taking an apply back. VS Code's own undo asks, fails when one of several files changed, and cannot be reached from the panel; this
 * compares hashes, restores what nobody changed since, and names what it leaves alone. It works after a reload, because what was there
 * before is stored.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { decideUndo, parseUndoRecord, popApply, type UndoEntry, type UndoFile } from '../core/artifact/review.ts';
import { readPresent, replacement, sha256 } from './applyTargets.ts';
import type { ReviewDialogs } from './reviewDialogs.ts';

/** Keeps one JSON value for each comparison, on disk. `value` undefined removes it. */
export interface UndoStore {
  read(comparisonId: string): Promise<unknown>;
  write(comparisonId: string, value: unknown): Promise<void>;
}

/** One file for each comparison in `directory`, replaced as a whole, readable by this person only. */
export function undoStoreIn(directory: string): UndoStore {
  const fileOf = (comparisonId: string): string => {
    if (!/^[\w-]+$/.test(comparisonId)) throw new RangeError(`not a comparison id: ${comparisonId}`);
    return path.join(directory, `${comparisonId}.undo.json`);
  };
  return {
    read: async (comparisonId) => {
      try {
        return JSON.parse(await fs.readFile(fileOf(comparisonId), 'utf8')) as unknown;
      } catch {
        return undefined; // No record, or one cut short: nothing can be undone by it.
      }
    },
    write: async (comparisonId, value) => {
      const file = fileOf(comparisonId);
      if (value === undefined) return fs.rm(file, { force: true });
      await fs.mkdir(directory, { recursive: true, mode: 0o700 });
      await fs.writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600, flush: true });
      await fs.rename(`${file}.new`, file);
    },
  };
}

export interface UndoDependencies {
  readonly dialogs: ReviewDialogs;
  readonly undo: UndoStore;
  readonly log: (line: string) => void;
}

/** True while {@link undoApply} would have something to take back. */
export async function canUndoApply(comparisonId: string, undo: UndoStore): Promise<boolean> {
  return parseUndoRecord(await undo.read(comparisonId)).applies.length > 0;
}

/** Takes the latest apply of a comparison back, as far as nobody has changed its files since, and says what happened. */
export async function undoApply(
  comparisonId: string,
  { dialogs, undo, log }: UndoDependencies,
): Promise<{ readonly undone: readonly string[]; readonly message: string }> {
  const say = (message: string, undone: readonly string[] = []): { undone: readonly string[]; message: string } => {
    void dialogs.tell(message);
    return { undone, message };
  };
  const record = parseUndoRecord(await undo.read(comparisonId));
  const entry = record.applies.at(-1);
  if (!entry) return say('There is no apply to undo.');
  const forget = async (): Promise<void> => {
    const rest = popApply(record);
    await undo.write(comparisonId, rest.applies.length > 0 ? rest : undefined);
  };

  const { restore, changed } = await decide(entry);
  if (restore.length === 0 && changed.length === 0) {
    await forget();
    return say('Nothing to undo: the files are as they were before the apply.');
  }
  if (changed.length > 0) {
    const names = changed.map(({ path }) => path).join(', ');
    if (restore.length === 0) return say(`Nothing was undone: ${names} changed since the apply.`);
    const question = {
      message: `${names} changed since the apply and will be left as ${changed.length === 1 ? 'it is' : 'they are'}.`,
      detail: `Undo the rest: ${restore.map(({ path }) => path).join(', ')}.`,
      action: 'Undo the Rest',
    };
    if (!(await dialogs.confirm(question))) return say(`Nothing was undone: ${names} changed since the apply.`);
  }

  const edit = new vscode.WorkspaceEdit();
  for (const file of restore) {
    const uri = vscode.Uri.parse(file.uri, true);
    if (file.before === null) edit.deleteFile(uri, { ignoreIfNotExists: true });
    else {
      const present = await readPresent(uri);
      if (present) edit.replace(uri, ...(await replacement(uri, present.text, file.before)));
    }
  }
  await vscode.workspace.applyEdit(edit);
  await saveRestored(restore);
  await removeEmptyFolders(entry.folders);

  const after = await decide({ ...entry, files: [...restore] });
  const undone = after.done.map(({ path }) => path);
  log(`undo ${comparisonId}: ${undone.length} of ${entry.files.length} files`);
  if (undone.length === restore.length) await forget();
  const failed = [...after.restore, ...after.changed].map(({ path }) => path);
  const what = undone.length === 1 ? undone[0] : `${undone.length} files`;
  if (failed.length > 0)
    return say(`Could not undo ${failed.join(', ')}.${undone.length > 0 ? ` ${what} restored.` : ''}`, undone);
  return say(`Undone: ${what} ${undone.length === 1 ? 'is' : 'are'} as before.`, undone);
}

async function decide(entry: UndoEntry): Promise<ReturnType<typeof decideUndo>> {
  const hashes = new Map<string, string | undefined>();
  for (const { uri } of entry.files) {
    const present = await readPresent(vscode.Uri.parse(uri, true)).catch(() => ({ text: undefined }));
    hashes.set(uri, present === undefined ? undefined : present.text === undefined ? 'unreadable' : sha256(present.text));
  }
  return decideUndo(entry, (uri) => hashes.get(uri), sha256);
}

/** Documents that were saved before the apply are saved again; unsaved ones stay unsaved. */
async function saveRestored(files: readonly UndoFile[]): Promise<void> {
  for (const file of files) {
    if (file.before === null || file.wasDirty) continue;
    const document = vscode.workspace.textDocuments.find(
      (one) => one.uri.toString() === vscode.Uri.parse(file.uri, true).toString(),
    );
    if (document?.isDirty && !document.isUntitled) await document.save();
  }
}

/** Folders made by the apply go when nothing else came into them, innermost first. */
async function removeEmptyFolders(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].reverse()) {
    const uri = vscode.Uri.parse(folder, true);
    try {
      if ((await vscode.workspace.fs.readDirectory(uri)).length === 0)
        await vscode.workspace.fs.delete(uri, { recursive: false });
    } catch {
      // Not there, or not ours to remove: either way it stays as it is.
    }
  }
}
