/**
 * One task of several files: what shows the design, and what it is to be built with. Which is which is found from the files; where they
 * were chosen for this, the person confirms it.
 */
import * as vscode from 'vscode';
import { withRoles } from '../core/inputs/detect.ts';
import type { Piece } from '../core/inputs/piece.ts';
import { MAX_PIECES, TaskProblem, taskFromMaterials } from '../core/task.ts';
import { MATERIAL_KIND_LABEL } from '../shared/design.ts';
import type { Task, TaskSource } from '../shared/task.ts';
import { type Found, materialFromUri } from './materialInput.ts';
import { activeResource, askForFiles } from './taskInput.ts';

/** A task on all of these, the roles as the files suggest them. Undefined when the person gave up. Throws {@link TaskProblem}. */
export async function taskFromUris(uris: readonly vscode.Uri[]): Promise<Task | undefined> {
  const found = await findAll(uris);
  return found && taskOf(withRoles(found.map(({ piece }) => piece)), found);
}

/** Lets the person choose files, the one in front among them, and say which of them show the design. */
export async function askForSeveral(clicked: readonly vscode.Uri[]): Promise<Task | undefined> {
  const chosen = clicked.length > 1 ? clicked : await askForFiles({ openLabel: 'Choose Files', several: true });
  if (chosen.length === 0) return undefined;
  const front = clicked[0] ?? activeResource();
  const isChosen = chosen.some((uri) => uri.toString() === front?.toString());
  const found = await findAll(front && !isChosen && clicked.length > 0 ? [front, ...chosen] : chosen);
  if (!found) return undefined;
  const pieces = withRoles(found.map(({ piece }) => piece));
  const roles = await askForRoles(pieces);
  return roles && taskOf(roles, found);
}

function taskOf(pieces: readonly Piece[], found: readonly Found[]): Task {
  const design = pieces.findIndex(({ material }) => material.role === 'design');
  const source: TaskSource | undefined = found[design]?.source;
  return taskFromMaterials({ pieces, ...(source ? { source } : {}) });
}

async function findAll(uris: readonly vscode.Uri[]): Promise<readonly Found[] | undefined> {
  if (uris.length > MAX_PIECES)
    throw new TaskProblem(`These are ${uris.length} files; up to ${MAX_PIECES} can be sent together. Choose those that matter.`);
  const found: Found[] = [];
  for (const uri of uris) {
    const each = await materialFromUri(uri);
    if (!each) return undefined;
    found.push(each);
  }
  return found;
}

/** The ticked ones are the design; undefined when the person gave up. Throws {@link TaskProblem} where none is. */
async function askForRoles(pieces: readonly Piece[]): Promise<readonly Piece[] | undefined> {
  const items = pieces.map((piece) => ({
    label: piece.material.name,
    description: MATERIAL_KIND_LABEL[piece.material.kind],
    picked: piece.material.role === 'design',
    piece,
  }));
  const designs = await vscode.window.showQuickPick(items, {
    title: 'Which of These Show the Design?',
    placeHolder: 'The others are sent as context: what the design is built with',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!designs) return undefined;
  if (designs.length === 0)
    throw new TaskProblem('No file was marked as the design. Tick the picture, page or spec that is to be built.');
  return pieces.map((piece) => {
    const role = designs.some((design) => design.piece === piece) ? 'design' : 'context';
    return { ...piece, material: { ...piece.material, role } };
  });
}
