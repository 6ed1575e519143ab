/**
 * One piece of material from a document or an address, as VS Code shows it: the buffer where there is one, else the file. Where a Figma
 * file holds several frames, the person is asked which one.
 */
import * as vscode from 'vscode';
import { decodeText, imageMediaType } from '../core/inputs/decode.ts';
import { framesToChoose, type Given, readMaterial } from '../core/inputs/detect.ts';
import { MAX_INPUT_BYTES, megabytes, type Piece, safeName } from '../core/inputs/piece.ts';
import { TaskProblem } from '../core/inputs/problem.ts';
import type { TaskSource } from '../shared/task.ts';
import { sha256 } from './applyTargets.ts';
import { pickFigmaFrame } from './figma.ts';

export interface Found {
  readonly piece: Piece;
  readonly source: TaskSource;
}

/** From any resource VS Code can read. Undefined: the person chose no frame. Throws {@link TaskProblem}. */
export async function materialFromUri(uri: vscode.Uri): Promise<Found | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return materialFromDocument(open);
  const name = nameOf(uri);
  const bytes = await readBytes(uri);
  if (imageMediaType(bytes)) {
    const source = { uri: uri.toString(), name };
    return { piece: await readMaterial({ name, bytes, uri: source.uri }), source };
  }
  decodeText(safeName(name), bytes); // refused in our own words before VS Code refuses it in its own
  // As a document it has the encoding and the line ends that an apply will meet.
  return materialFromDocument(await vscode.workspace.openTextDocument(uri));
}

/** From a document, or the selected part of it. */
export async function materialFromDocument(
  document: vscode.TextDocument,
  selection?: vscode.Selection,
): Promise<Found | undefined> {
  const source = sourceOf(document, selection);
  const bytes = new TextEncoder().encode(document.getText(selection));
  const piece = await materialFromBytes({ name: source.name, bytes, uri: source.uri });
  return piece && { piece, source };
}

/** From bytes alone. Undefined: the person chose no frame. Throws {@link TaskProblem}. */
export async function materialFromBytes(given: Given): Promise<Piece | undefined> {
  const frames = framesToChoose(given);
  if (frames.length === 0) return readMaterial(given);
  const chosen = await pickFigmaFrame(frames);
  return chosen && readMaterial({ ...given, frame: chosen.id });
}

export function sourceOf(document: vscode.TextDocument, selection?: vscode.Selection): TaskSource {
  return {
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
}

/** The bytes of a file that can be looked into. Throws {@link TaskProblem}. */
export async function readBytes(uri: vscode.Uri): Promise<Uint8Array> {
  const name = safeName(nameOf(uri));
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (type & vscode.FileType.Directory) throw new TaskProblem(`${name} is a folder. Choose the files in it that matter.`);
    if (size > MAX_INPUT_BYTES)
      throw new TaskProblem(
        `${name} is ${megabytes(size)} MB; files up to ${megabytes(MAX_INPUT_BYTES)} MB can be read. Export the part that matters.`,
      );
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof TaskProblem) throw error;
    throw new TaskProblem(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1) || uri.toString();
