/**
 * From what the person pointed at (a selection, an editor, a file in the explorer) to a task. The text comes from the editor's buffer,
 * saved or not, because that is what the person sees; its hash is what an apply is checked against later.
 */
import * as vscode from 'vscode';
import { kindOf, TaskProblem, taskFromBytes } from '../core/task.ts';
import type { Task, TaskSource } from '../shared/comparison.ts';
import { sha256 } from './applyTargets.ts';

/** A task from the active editor's selection. Throws {@link TaskProblem}. */
export function taskFromSelection(): Task {
  const editor = vscode.window.activeTextEditor;
  if (!editor)
    throw new TaskProblem('There is no text editor in front. Open a spec, select the part you want built, and try again.');
  if (editor.selection.isEmpty)
    throw new TaskProblem('Nothing is selected. Select the part you want built, or compare on the whole file.');
  return taskFromDocument(editor.document, { selection: editor.selection, kind: 'design' });
}

/** A task from a file: the one clicked in the explorer, or the one in front. Undefined when the person chose none. */
export async function taskFromFile(clicked: vscode.Uri | undefined): Promise<Task | undefined> {
  const uri = clicked ?? activeResource() ?? (await askForFile('Compare'));
  if (!uri) return undefined;
  return taskFromUri(uri, { kind: 'design' });
}

/** A code task: the selection or the file, and what should change. Undefined when the person gave up. */
export async function codeTask(clicked: vscode.Uri | undefined): Promise<Task | undefined> {
  const editor = vscode.window.activeTextEditor;
  const uri = clicked ?? editor?.document.uri ?? (await askForFile('Choose Code'));
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
  if (editor && selection) return taskFromDocument(editor.document, { selection, kind: 'code', instruction });
  return taskFromUri(uri, { kind: 'code', instruction });
}

interface Options {
  readonly kind: Task['kind'];
  readonly selection?: vscode.Selection;
  readonly instruction?: string;
}

/** A task from any resource VS Code can read. */
export async function taskFromUri(uri: vscode.Uri, options: Options): Promise<Task> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return taskFromDocument(open, options);
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    throw new TaskProblem(`${nameOf(uri)} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const probe = taskFromBytes({ source: { uri: uri.toString(), name: nameOf(uri) }, bytes, ...taskWords(options) });
  if (probe.parts.some((part) => part.type === 'image')) return probe;
  // As a document it has the encoding and the line ends that an apply will meet.
  return taskFromDocument(await vscode.workspace.openTextDocument(uri), options);
}

function taskFromDocument(document: vscode.TextDocument, options: Options): Task {
  const { selection } = options;
  const text = document.getText(selection);
  const source: TaskSource = {
    uri: document.uri.toString(),
    name: nameOf(document.uri),
    languageId: document.languageId,
    baseHash: sha256(document.getText()),
    ...(selection
      ? {
          selection: {
            startLine: selection.start.line,
            startCharacter: selection.start.character,
            endLine: selection.end.line,
            endCharacter: selection.end.character,
          },
        }
      : {}),
  };
  return taskFromBytes({ source, bytes: new TextEncoder().encode(text), ...taskWords(options) });
}

const taskWords = ({ kind, instruction }: Options): { kind: Task['kind']; instruction?: string } =>
  instruction === undefined ? { kind } : { kind, instruction };

/** What a plain "compare" on that name is: a design to build. Code needs an instruction, so it goes through the code task. */
export const isCode = (uri: vscode.Uri): boolean => kindOf(nameOf(uri), '', false) === 'code';

export const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1) || uri.toString();

/** The resource in front: a text editor's, or a picture's preview tab. */
export function activeResource(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return vscode.window.activeTextEditor?.document.uri;
}

async function askForFile(openLabel: string): Promise<vscode.Uri | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Choose a design spec or a screenshot',
      openLabel,
      canSelectMany: false,
      filters: {
        'Specs and screenshots': [
          'md',
          'txt',
          'html',
          'svg',
          'png',
          'jpg',
          'jpeg',
          'webp',
          'gif',
          'json',
          'jsx',
          'tsx',
          'vue',
          'svelte',
        ],
        'All files': ['*'],
      },
    })) ?? [];
  return uri;
}
