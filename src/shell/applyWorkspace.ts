/**
 * VS Code as the place where answers are applied: the port of `core/apply`, and nothing decided here.
 *
 * An edit checks the documents and hands itself to VS Code in one turn, so that nobody can type in between; from then on VS Code guards
 * the versions of the documents it was made for. New files are made with the edit and never overwrite.
 */
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { cannotBeLookedAt, checkRealPath, type Disk, type RealPath } from '../core/apply/links.ts';
import { type Change, Moved, type Workspace } from '../core/apply/workspace.ts';
import { changedSpan, sameText } from '../core/artifact/review.ts';
import { isMissing, readPresent, sha256, textOnDisk } from './applyTargets.ts';

const parse = (uri: string): vscode.Uri => vscode.Uri.parse(uri, true);

export const WINDOW_WORKSPACE: Workspace = {
  get isTrusted() {
    return vscode.workspace.isTrusted;
  },
  get folders() {
    return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString());
  },
  folderOf: (uri) => {
    const own = vscode.workspace.getWorkspaceFolder(parse(uri));
    return own && own.uri.path !== parse(uri).path ? own.uri.toString() : undefined;
  },
  parentOf: (uri) => vscode.Uri.joinPath(parse(uri), '..').toString(),
  join: (folder, name) => vscode.Uri.joinPath(parse(folder), ...name.split('/')).toString(),
  relative: (folder, uri) => parse(uri).path.slice(parse(folder).path.replace(/\/$/, '').length + 1),
  read: async (uri) => {
    const present = await readPresent(parse(uri));
    return present && { text: present.text, isDirty: present.isDirty };
  },
  isReadOnly: async (uri) => {
    const target = parse(uri);
    if (target.scheme === 'untitled') return false;
    if (vscode.workspace.fs.isWritableFileSystem(target.scheme) === false) return true;
    const stat = await Promise.resolve(vscode.workspace.fs.stat(target)).catch(() => undefined);
    return ((stat?.permissions ?? 0) & vscode.FilePermission.Readonly) !== 0;
  },
  realPath: async (root, uri) => {
    const [folder, target] = [parse(root), parse(uri)];
    if (target.scheme !== 'file' || folder.scheme !== 'file') return virtualPath(folder, target);
    return checkRealPath(folder.fsPath, target.fsPath, DISK);
  },
  missingFolders: async (root, uri) => {
    const missing: string[] = [];
    const top = parse(root).path;
    for (let folder = up(parse(uri)); folder.path.length > top.length; folder = up(folder)) {
      if (await exists(folder)) break;
      missing.unshift(folder.toString());
    }
    return missing;
  },
  edit,
  save: async (texts) => {
    const wanted = new Map([...texts].map(([uri, text]) => [parse(uri).toString(), text]));
    for (const document of vscode.workspace.textDocuments) {
      const isWanted = wanted.get(document.uri.toString()) === document.getText();
      if (isWanted && document.isDirty && !document.isUntitled) await document.save();
    }
  },
  get savesRefactorings() {
    return vscode.workspace.getConfiguration('files').get<boolean>('refactoring.autoSave', true);
  },
  removeEmptyFolder: async (uri) => {
    const folder = parse(uri);
    const isEmpty = (await vscode.workspace.fs.readDirectory(folder)).length === 0;
    if (isEmpty) await vscode.workspace.fs.delete(folder, { recursive: false });
  },
  openUntitled: async (texts) => {
    for (const { content, languageId } of texts) {
      const language = languageId === 'svg' ? 'xml' : languageId;
      const document = await vscode.workspace.openTextDocument({ content, language });
      await vscode.window.showTextDocument(document, { preview: false });
    }
  },
  hash: sha256,
};

async function edit(changes: readonly Change[], previewTitle: string | undefined): Promise<boolean> {
  const documents = new Map<string, vscode.TextDocument>();
  for (const { uri, from, to } of changes) {
    const document = from === null ? undefined : await vscode.workspace.openTextDocument(parse(uri));
    if (document) documents.set(uri, document);
    else if (await exists(parse(uri))) throw new Moved(uri);
    if (document && to === null && !sameText(await textOnDisk(document), from ?? '')) throw new Moved(uri);
  }
  // From here to the end nothing waits.
  const whole = new vscode.WorkspaceEdit();
  // VS Code shows its preview when some entry needs confirmation, and leaves such entries unticked. An entry that creates a folder which
  // is there already needs confirmation here, is not listed and does nothing: so the preview opens with the real changes ticked.
  const opener = previewTitle === undefined ? undefined : openerOf(changes);
  if (opener) whole.createFile(opener, { ignoreIfExists: true }, { needsConfirmation: true, label: previewTitle ?? '' });
  const metadata = ({ label = '', description = '' }: Change): vscode.WorkspaceEditEntryMetadata => ({
    needsConfirmation: previewTitle !== undefined && !opener,
    label,
    description,
  });
  for (const change of changes) {
    if (change.from === null && change.to !== null)
      whole.createFile(parse(change.uri), { overwrite: false, contents: Buffer.from(change.to) }, metadata(change));
  }
  for (const change of changes) {
    const document = documents.get(change.uri);
    if (change.from === null || !document) continue;
    if (document.getText() !== change.from || (change.isSaved && document.isDirty)) throw new Moved(change.uri);
    if (change.to === null) {
      whole.deleteFile(parse(change.uri), { ignoreIfNotExists: true });
      continue;
    }
    const { start, end, text } = changedSpan(change.from, change.to);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    whole.replace(parse(change.uri), range, text, metadata(change));
  }
  return vscode.workspace.applyEdit(whole);
}

/** A folder that exists: a workspace folder, or that of the first document. */
function openerOf(changes: readonly Change[]): vscode.Uri | undefined {
  const first = changes.find(({ uri }) => !uri.startsWith('untitled:'));
  if (!first) return undefined;
  return vscode.workspace.getWorkspaceFolder(parse(first.uri))?.uri ?? up(parse(first.uri));
}

const up = (uri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(uri, '..');

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

const DISK: Disk = {
  rules: path,
  lstat: async (name) => {
    const found = await lstat(name).catch(nothingThere);
    if (!found) return undefined;
    const kind = found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
    return { kind, names: found.nlink };
  },
  realpath: (name) => realpath(name).catch(nothingThere),
};

function nothingThere(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException; // Node's own errors carry a code
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}

/** On other file systems there is no real path to ask for: links are refused where the file system shows them. */
async function virtualPath(root: vscode.Uri, target: vscode.Uri): Promise<RealPath> {
  const relative = path.posix.relative(root.path, target.path);
  if (relative === '' || relative.startsWith('..') || root.authority !== target.authority || root.scheme !== target.scheme) {
    return { reason: 'it is outside the folder.' };
  }
  const segments = relative.split('/');
  for (let depth = 1; depth <= segments.length; depth += 1) {
    try {
      const stat = await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, ...segments.slice(0, depth)));
      if (stat.type & vscode.FileType.SymbolicLink) return { reason: 'a link is on its path.' };
    } catch (error) {
      if (!isMissing(error)) return cannotBeLookedAt(error);
      break;
    }
  }
  return { realRelative: relative };
}
