/** What a document holds now: the open buffer, saved or not, else the disk. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { NotText, type Present } from '../core/apply/workspace.ts';
import { sameText } from '../core/artifact/review.ts';

/** SHA-256 of a text as UTF-8, in hex: the hash of `TaskSource.baseHash`. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const CATCH_UP_TRIES = 30;
const CATCH_UP_MS = 100;

export interface PresentText extends Present {
  readonly document: vscode.TextDocument;
}

/**
 * The text of a document as it is now: the open buffer, saved or not; else what is on the disk. A saved buffer that has
 * fallen behind the disk is waited for. Undefined when there is no such document. Throws {@link NotText} for folders, binary files
 * and files that do not come to rest.
 */
export async function readPresent(uri: vscode.Uri): Promise<PresentText | undefined> {
  const open = vscode.workspace.textDocuments.find(
    (document) => !document.isClosed && document.uri.toString() === uri.toString(),
  );
  if (open && (open.isDirty || open.isUntitled)) return { text: open.getText(), isDirty: true, document: open };
  if (uri.scheme === 'untitled') return undefined;
  let stat: vscode.FileStat;
  try {
    stat = await vscode.workspace.fs.stat(uri);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  if (stat.type & vscode.FileType.Directory) throw new NotText('it is a folder.');
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch {
    throw new NotText('it cannot be opened as text.');
  }
  // A saved buffer follows the disk a moment later than the disk changes.
  for (let tries = 0; tries < CATCH_UP_TRIES; tries += 1) {
    if (document.isDirty) return { text: document.getText(), isDirty: true, document };
    if (sameText(await textOnDisk(document), document.getText())) return { text: document.getText(), isDirty: false, document };
    await delay(CATCH_UP_MS);
  }
  throw new NotText('it has just changed on disk. Try again in a moment.');
}

/** True where the file system says that nothing is there; anything else, a missing permission above all, is no such word. */
export const isMissing = (error: unknown): boolean =>
  error instanceof vscode.FileSystemError && /NotFound|ENOENT|ENOTDIR/i.test(`${error.code} ${error.message}`);

/** What a document's file holds, which its buffer may be ahead of, or behind. */
export async function textOnDisk({ uri, encoding }: vscode.TextDocument): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  return (await vscode.workspace.decode(bytes, { encoding })).replace(/^\uFEFF/, '');
}

/** {@link readPresent} for those who only show it: undefined for anything that is not there or not text. */
export async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return (await readPresent(uri))?.text;
  } catch {
    return undefined;
  }
}
