/**
 * From what the person pointed at (a selection, an editor, files in the explorer) to a task. The text comes from the editor's buffer,
 * saved or not, because that is what the person sees; its hash is what an apply is checked against later.
 */
import * as vscode from 'vscode';
import { kindOf, TaskProblem, taskFromBytes, taskFromMaterials } from '../core/task.ts';
import type { Task } from '../shared/task.ts';
import { materialFromDocument, materialFromUri, nameOf, readBytes, sourceOf } from './materialInput.ts';

/** A task from the active editor's selection; undefined when the person gave up. Throws {@link TaskProblem}. */
export async function taskFromSelection(): Promise<Task | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor)
    throw new TaskProblem('There is no text editor in front. Open a spec, select the part you want built, and try again.');
  if (editor.selection.isEmpty)
    throw new TaskProblem('Nothing is selected. Select the part you want built, or compare on the whole file.');
  const found = await materialFromDocument(editor.document, editor.selection);
  return found && taskFromMaterials({ pieces: [found.piece], source: found.source });
}

/** A task from a file: the one clicked in the explorer, or the one in front. Undefined when the person chose none. */
export async function taskFromFile(clicked: vscode.Uri | undefined): Promise<Task | undefined> {
  const [uri] = clicked ? [clicked] : await orAsk(activeResource());
  return uri && taskFromUri(uri, { kind: 'design' });
}

/** A code task: the selection or the file, and what should change. Undefined when the person gave up. */
export async function codeTask(clicked: vscode.Uri | undefined): Promise<Task | undefined> {
  const editor = vscode.window.activeTextEditor;
  const uri = clicked ?? editor?.document.uri ?? (await askForFiles({ openLabel: 'Choose Code' }))[0];
  if (!uri) return undefined;
  const selection =
    editor && editor.document.uri.toString() === uri.toString() && !editor.selection.isEmpty ? editor.selection : undefined;
  const name = nameOf(uri);
  const instruction = await vscode.window.showInputBox({
    title: 'Compare Models on a Code Task',
    prompt: `What should change in ${selection ? 'the selected lines' : 'the whole file'} of ${name}?`,
    placeHolder: 'For example: handle negative values and add tests for them',
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? 'Say in a few words what should change.' : undefined),
  });
  if (!instruction) return undefined;
  if (editor && selection) return codeTaskFromDocument(editor.document, instruction, selection);
  return taskFromUri(uri, { kind: 'code', instruction });
}

/** A task from any resource VS Code can read; undefined when the person gave up. Throws {@link TaskProblem}. */
export async function taskFromUri(
  uri: vscode.Uri,
  { kind, instruction = '' }: { readonly kind: Task['kind']; readonly instruction?: string },
): Promise<Task | undefined> {
  if (kind === 'design') {
    const found = await materialFromUri(uri);
    return found && taskFromMaterials({ pieces: [found.piece], source: found.source, instruction });
  }
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return codeTaskFromDocument(open, instruction);
  // Refused in our own words before VS Code refuses it in its own.
  taskFromBytes({ source: { uri: uri.toString(), name: nameOf(uri) }, bytes: await readBytes(uri), kind, instruction });
  return codeTaskFromDocument(await vscode.workspace.openTextDocument(uri), instruction);
}

function codeTaskFromDocument(document: vscode.TextDocument, instruction: string, selection?: vscode.Selection): Task {
  const bytes = new TextEncoder().encode(document.getText(selection));
  return taskFromBytes({ source: sourceOf(document, selection), bytes, kind: 'code', instruction });
}

/** What a plain "compare" on that name is: a design to build. Code needs an instruction, so it goes through the code task. */
export const isCode = (uri: vscode.Uri): boolean => kindOf(nameOf(uri), '', false) === 'code';

/** The resource in front: a text editor's, or a picture's preview tab. */
export function activeResource(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return vscode.window.activeTextEditor?.document.uri;
}

const orAsk = async (uri: vscode.Uri | undefined): Promise<readonly vscode.Uri[]> =>
  uri ? [uri] : askForFiles({ openLabel: 'Compare' });

/** The files a person chooses; none when they chose none. */
export async function askForFiles(options: {
  readonly openLabel: string;
  readonly several?: true;
}): Promise<readonly vscode.Uri[]> {
  const extensions = 'md txt html svg png jpg jpeg webp gif json jsx tsx vue svelte css scss'.split(' ');
  return (
    (await vscode.window.showOpenDialog({
      title: options.several ? 'Choose designs, and what they are built with' : 'Choose a design spec or a screenshot',
      openLabel: options.openLabel,
      canSelectMany: options.several === true,
      filters: { 'Specs and screenshots': extensions, 'All files': ['*'] },
    })) ?? []
  );
}
