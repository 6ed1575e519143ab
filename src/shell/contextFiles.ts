/**
 * The person's standing instructions and context files, read from the workspace folder of a design: beside what is sent, shown on the
 * task card, refused with a sentence. Which files these are is said in the person's own settings only; a workspace cannot name any. Each
 * must lie inside the folder when all links are followed.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { contextPiece, MAX_CONTEXT_FILES, whyNotSent, whyTooLarge } from '../core/contextFiles.ts';
import type { Piece } from '../core/inputs/piece.ts';
import type { Settings } from '../core/settings.ts';
import { TaskProblem, withMaterials } from '../core/task.ts';
import type { Material } from '../shared/design.ts';
import type { Task } from '../shared/task.ts';

/** The design itself, and what is attached already, may be among what a glob finds. */
const MOST_FOUND = 100;

/** The task with what the settings attach to it; the same task where that is nothing, or there already. Throws {@link TaskProblem}. */
export async function withContextFiles(
  task: Task,
  { instructionsFile, contextFiles }: Pick<Settings, 'instructionsFile' | 'contextFiles'>,
): Promise<Task> {
  const folder = folderOf(task);
  if (!folder) return task;
  const instructions = instructionsFile === '' ? [] : await find(folder, instructionsFile);
  const context = task.kind === 'code' ? [] : (await Promise.all(contextFiles.map((each) => find(folder, each)))).flat();
  const there = new Set([task.source?.uri, ...(task.materials?.map(({ uri }) => uri) ?? [])]);
  const wanted = new Map<string, { readonly uri: vscode.Uri; readonly role: Exclude<Material['role'], 'design'> }>();
  for (const uri of context) wanted.set(uri.toString(), { uri, role: 'context' });
  for (const uri of instructions) wanted.set(uri.toString(), { uri, role: 'instructions' });
  const missing = [...wanted].filter(([uri]) => !there.has(uri));
  if (missing.filter(([, { role }]) => role === 'context').length > MAX_CONTEXT_FILES)
    throw new TaskProblem(
      `"secondThought.contextFiles" finds more than ${MAX_CONTEXT_FILES} files in ${folder.name}; up to ${MAX_CONTEXT_FILES} can be sent along. Name fewer.`,
    );
  return withMaterials(task, await Promise.all(missing.map(([, { uri, role }]) => read(folder, uri, role))));
}

/** The workspace folder of the design, or the only one for what has no document. */
export function folderOf({ source }: Task): vscode.WorkspaceFolder | undefined {
  const own = source && vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(source.uri));
  const folders = vscode.workspace.workspaceFolders ?? [];
  return own ?? (folders.length === 1 ? folders[0] : undefined);
}

/** Files of the folder by a path or a glob; none where there are none: settings hold for all folders. */
async function find(folder: vscode.WorkspaceFolder, pattern: string): Promise<readonly vscode.Uri[]> {
  const plain = pattern.replaceAll('\\', '/').replace(/^\.\//, '');
  if (/[*?[{]/.test(plain)) {
    const found = await vscode.workspace.findFiles(
      new vscode.RelativePattern(folder, plain),
      '**/{node_modules,.*}/**',
      MOST_FOUND,
    );
    return found.toSorted((a, b) => a.path.localeCompare(b.path));
  }
  if (path.isAbsolute(plain) || plain.split('/').includes('..'))
    throw new TaskProblem(`${pattern} is not sent: it is not inside the workspace folder. Change it in the settings.`);
  const uri = vscode.Uri.joinPath(folder.uri, plain);
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    return type & vscode.FileType.Directory ? [] : [uri];
  } catch {
    return [];
  }
}

async function read(folder: vscode.WorkspaceFolder, uri: vscode.Uri, role: Exclude<Material['role'], 'design'>): Promise<Piece> {
  const shown = vscode.workspace.asRelativePath(uri, false);
  const refuse = (reason: string): TaskProblem =>
    new TaskProblem(
      `${shown} is not sent: ${reason} Take it out of "secondThought.contextFiles" or "secondThought.instructionsFile".`,
    );
  const named = whyNotSent(path.posix.relative(folder.uri.path, uri.path));
  const real = named ?? (uri.scheme === 'file' ? whyNotSent(await realPathIn(folder.uri.fsPath, uri.fsPath)) : undefined);
  if (real) throw refuse(real);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const tooLarge = open ? undefined : whyTooLarge((await vscode.workspace.fs.stat(uri)).size);
  if (tooLarge !== undefined) throw refuse(tooLarge);
  const bytes = open ? new TextEncoder().encode(open.getText()) : await vscode.workspace.fs.readFile(uri);
  const made = await contextPiece({ path: shown, uri: uri.toString(), bytes }, role);
  if ('problem' in made) throw refuse(made.problem);
  return made.piece;
}

/** Where the file really lies, seen from where the folder really lies, with `/`. */
async function realPathIn(folder: string, file: string): Promise<string> {
  const [realFolder, realFile] = await Promise.all([fs.realpath(folder), fs.realpath(file)]);
  return path.relative(realFolder, realFile).split(path.sep).join('/');
}
