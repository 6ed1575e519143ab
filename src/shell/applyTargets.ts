/**
 * What is where now: the present text of a document, and whether a path really lies inside its workspace folder.
 *
 * Links are found here, by asking the disk: the lexical rules of `core/artifact/paths.ts` cannot see them. Nothing can be made atomic
 * against a link that is swapped during a write; therefore the same questions are asked again after writing.
 */
import { createHash } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { changedSpan, sameText } from '../core/artifact/review.ts';
import type { TaskSource } from '../shared/comparison.ts';

/** SHA-256 of a text as UTF-8, in hex: the hash of `TaskSource.baseHash`. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const CATCH_UP_TRIES = 30;
const CATCH_UP_MS = 100;

export interface PresentText {
  readonly text: string;
  /** The document has edits that are not saved. */
  readonly isDirty: boolean;
  readonly document: vscode.TextDocument;
}

/** A file is there but is not text that can be shown, or is a folder. The message completes "`path`: ...". */
export class NotText extends Error {}

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
    if (error instanceof vscode.FileSystemError && /NotFound|ENOENT|ENOTDIR/i.test(`${error.code} ${error.message}`))
      return undefined;
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
    const bytes = await vscode.workspace.fs.readFile(uri);
    const onDisk = (await vscode.workspace.decode(bytes, { encoding: document.encoding })).replace(/^\uFEFF/, '');
    if (sameText(onDisk, document.getText())) return { text: document.getText(), isDirty: false, document };
    await delay(CATCH_UP_MS);
  }
  throw new NotText('it has just changed on disk. Try again in a moment.');
}

/** {@link readPresent} for those who only show it: undefined for anything that is not there or not text. */
export async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return (await readPresent(uri))?.text;
  } catch {
    return undefined;
  }
}

/**
 * Why a path may not be written although its name is fine: a link on its way leads out of `root`, or the file itself is a link to
 * nowhere. Undefined when it may. Also gives the path below the real root, for the red list.
 */
export async function checkRealPath(
  root: vscode.Uri,
  target: vscode.Uri,
): Promise<{ readonly reason: string } | { readonly realRelative: string }> {
  if (target.scheme !== 'file' || root.scheme !== 'file') return checkVirtualLinks(root, target);
  const realRoot = await realpath(root.fsPath);
  const missing: string[] = [];
  let existing = target.fsPath;
  for (;;) {
    const link = await lstat(existing).catch(() => undefined);
    if (link) break;
    missing.unshift(path.basename(existing));
    const parent = path.dirname(existing);
    if (parent === existing) return { reason: 'its folder cannot be found.' };
    existing = parent;
  }
  const real = await realpath(existing).catch(() => undefined);
  if (real === undefined) return { reason: 'it is a link that leads nowhere.' };
  if (missing.length > 0 && !(await lstat(real)).isDirectory()) return { reason: 'a file stands where it needs a folder.' };
  const relative = path.relative(realRoot, path.join(real, ...missing));
  const isInside = relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return isInside
    ? { realRelative: relative.split(path.sep).join('/') }
    : { reason: 'a link on its path leads out of the folder.' };
}

/** On other file systems there is no real path to ask for: links are refused where the file system shows them. */
async function checkVirtualLinks(
  root: vscode.Uri,
  target: vscode.Uri,
): Promise<{ readonly reason: string } | { readonly realRelative: string }> {
  const relative = path.posix.relative(root.path, target.path);
  if (relative === '' || relative.startsWith('..') || root.authority !== target.authority || root.scheme !== target.scheme) {
    return { reason: 'it is outside the folder.' };
  }
  const segments = relative.split('/');
  for (let depth = 1; depth <= segments.length; depth += 1) {
    try {
      const stat = await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, ...segments.slice(0, depth)));
      if (stat.type & vscode.FileType.SymbolicLink) return { reason: 'a link is on its path.' };
    } catch {
      break;
    }
  }
  return { realRelative: relative };
}

/** The folders on the way to `target` that do not exist yet, outermost first. */
export async function missingFolders(root: vscode.Uri, target: vscode.Uri): Promise<vscode.Uri[]> {
  const missing: vscode.Uri[] = [];
  for (
    let folder = vscode.Uri.joinPath(target, '..');
    folder.path.length > root.path.length;
    folder = vscode.Uri.joinPath(folder, '..')
  ) {
    try {
      await vscode.workspace.fs.stat(folder);
      break;
    } catch {
      missing.unshift(folder);
    }
  }
  return missing;
}

export interface TargetFolder {
  /** The workspace folder that nothing may leave. */
  readonly root: vscode.Uri;
  /** The folder that relative names start from. */
  readonly folder: vscode.Uri;
}

/**
 * Where the new files of an answer go: beside the spec if that lies in the workspace, else to the workspace's folder. Undefined when no
 * folder is open, and when several are and the spec lies in none of them: then somebody must be
 * asked.
 */
export function targetFolder(source: TaskSource | undefined): TargetFolder | undefined {
  const uri = source && /^[a-z][a-z\d+.-]+:/i.test(source.uri) ? vscode.Uri.parse(source.uri, true) : undefined;
  const own = uri && uri.scheme !== 'untitled' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
  if (uri && own && own.uri.path !== uri.path) return { root: own.uri, folder: vscode.Uri.joinPath(uri, '..') };
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [only] = folders;
  return only && folders.length === 1 ? { root: only.uri, folder: only.uri } : undefined;
}

/** The edit of one document from `before`, its whole present text, to `after`: only the lines that differ. */
export async function replacement(uri: vscode.Uri, before: string, after: string): Promise<[vscode.Range, string]> {
  const document = await vscode.workspace.openTextDocument(uri);
  const { start, end, text } = changedSpan(before, after);
  return [new vscode.Range(document.positionAt(start), document.positionAt(end)), text];
}
