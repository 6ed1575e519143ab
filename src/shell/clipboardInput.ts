/**
 * What is in the clipboard as a task, and what was dropped on the panel or pasted into it. VS Code gives extensions the clipboard's text
 * alone: a picture comes through the panel's page, which is told of a paste.
 */
import * as vscode from 'vscode';
import { withRoles } from '../core/inputs/detect.ts';
import { readDropped } from '../core/inputs/dropped.ts';
import { parseFigmaLink } from '../core/inputs/figmaLink.ts';
import type { Piece } from '../core/inputs/piece.ts';
import { TaskProblem, taskFromMaterials } from '../core/task.ts';
import type { Task } from '../shared/task.ts';
import { materialFromBytes, materialFromUri } from './materialInput.ts';

/** The task that a link to a Figma file means; undefined when the person gave up. */
export type FigmaTask = (link: string) => Promise<Task | undefined>;

/** A task from the clipboard's text; undefined when there is none, or the person gave up. Throws {@link TaskProblem}. */
export async function taskFromClipboard(figmaTask: FigmaTask, openEmptyPanel: () => void): Promise<Task | undefined> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() === '') {
    const open = 'Open Panel';
    const choice = await vscode.window.showInformationMessage(
      'The clipboard holds no text. A picture can be pasted into the comparison panel itself.',
      open,
    );
    if (choice === open) openEmptyPanel();
    return undefined;
  }
  if (parseFigmaLink(text)) return figmaTask(text.trim());
  const piece = await materialFromBytes({ name: 'clipboard', bytes: new TextEncoder().encode(text) });
  return piece && taskFromMaterials({ pieces: [piece] });
}

/** A task from what the panel's page says was dropped or pasted. Undefined when the person gave up. Throws {@link TaskProblem}. */
export async function taskFromDropped(message: unknown, figmaTask: FigmaTask): Promise<Task | undefined> {
  const { items, uris } = readDropped(message);
  const [first] = uris;
  if (uris.length === 1 && items.length === 0 && first !== undefined && parseFigmaLink(first)) return figmaTask(first);
  const pieces: (Piece | undefined)[] = [];
  for (const address of uris) {
    const uri = vscode.Uri.parse(address, true);
    if (!isLocalScheme(uri.scheme))
      throw new TaskProblem(`Nothing is fetched from ${uri.scheme} addresses. Save the file first, then drop it.`);
    pieces.push((await materialFromUri(uri))?.piece);
  }
  for (const item of items) pieces.push(await materialFromBytes(item));
  const all = pieces.filter((piece) => piece !== undefined);
  return all.length < pieces.length ? undefined : taskFromMaterials({ pieces: withRoles(all) });
}

/** Schemes that VS Code reads files of; in a browser it reads web addresses as well, and those are nobody's files. */
const isLocalScheme = (scheme: string): boolean =>
  !/^https?$/i.test(scheme) && (scheme === 'untitled' || vscode.workspace.fs.isWritableFileSystem(scheme) !== undefined);
