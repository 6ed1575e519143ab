/** The task of a command line: one spec, or several files, with what they are to be built with. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { contextPiece } from '../core/contextFiles.ts';
import { imageMediaType } from '../core/inputs/decode.ts';
import { readMaterial, withRoles } from '../core/inputs/detect.ts';
import type { Piece } from '../core/inputs/piece.ts';
import { kindOf, TaskProblem, taskFromBytes, taskFromMaterials, withMaterials } from '../core/task.ts';
import { TARGETS, type TargetId } from '../shared/design.ts';
import type { Task, TaskSource } from '../shared/task.ts';
import { Unusable } from './exit.ts';
import { reasonOf } from './session.ts';

export interface TaskOptions {
  /** What should be done, in the person's words. */
  readonly task?: string | undefined;
  /** Files that the design is built with. */
  readonly context?: readonly string[] | undefined;
  /** A file with the person's standing instructions. */
  readonly instructions?: string | undefined;
  /** What a design is to be built in; absent: what the configuration says, else what fits its folder. */
  readonly target?: string | undefined;
  /** Of a Figma file: the id of the frame that is meant. */
  readonly frame?: string | undefined;
}

/** Beyond this a file is not even read; what can be sent is far less, and said with its size. */
const MAX_SPEC_BYTES = 64 * 1024 * 1024;

/** `fallback`: the target where the options name none; absent: it has none yet. Throws {@link Unusable}. */
export async function readTask(specs: readonly string[], options: TaskOptions, fallback?: TargetId): Promise<Task> {
  const target = options.target === undefined ? fallback : TARGETS.find((known) => known === options.target);
  if (options.target !== undefined && target === undefined)
    throw new Unusable(`--target takes ${TARGETS.join(', ')}; "${options.target}" is none of them.`);
  try {
    const context = await Promise.all((options.context ?? []).map((file) => pieceOf(file, undefined, 'context')));
    const beside = [...context, ...(options.instructions === undefined ? [] : [await instructionsOf(options.instructions)])];
    const [spec] = specs;
    if (specs.length === 1 && spec !== undefined) {
      const bytes = readFile(spec);
      const source = sourceOf(spec);
      const instruction = options.task ?? '';
      if (kindOf(source.name, instruction, imageMediaType(bytes) !== undefined) === 'code')
        return withMaterials(taskFromBytes({ source, bytes, instruction }), beside);
    }
    const designs = await Promise.all(specs.map((file) => pieceOf(file, options.frame)));
    return taskFromMaterials({
      pieces: [...(designs.length > 1 ? withRoles(designs) : designs), ...beside],
      instruction: options.task ?? '',
      ...(target === undefined ? {} : { target }),
    });
  } catch (error) {
    if (error instanceof TaskProblem) throw new Unusable(error.message);
    throw error;
  }
}

async function pieceOf(file: string, frame?: string, role: 'design' | 'context' = 'design'): Promise<Piece> {
  return readMaterial({ ...sourceOf(file), bytes: readFile(file), role, frame });
}

async function instructionsOf(file: string): Promise<Piece> {
  const { uri, name } = sourceOf(file);
  const made = await contextPiece({ path: name, uri, bytes: readFile(file) }, 'instructions');
  if ('problem' in made) throw new Unusable(`${file} is not sent: ${made.problem}`);
  return made.piece;
}

const sourceOf = (file: string): TaskSource => ({ uri: pathToFileURL(file).href, name: path.basename(file) });

function readFile(file: string): Uint8Array {
  try {
    const stat = fs.statSync(file);
    if (stat.isDirectory()) throw new Unusable(`${file} is a folder. Name the file with the spec.`);
    if (stat.size > MAX_SPEC_BYTES) throw new Unusable(`${file} is far too large for a spec. Choose a smaller file.`);
    return fs.readFileSync(file);
  } catch (error) {
    if (error instanceof Unusable) throw error;
    throw new Unusable(`${file} cannot be read: ${reasonOf(error)}`);
  }
}
