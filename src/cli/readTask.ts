/** The task of a command line: one spec, or several files, with what they are to be built with. */
import fs from 'node:fs';
import path from 'node:path';
import { imageMediaType } from '../core/inputs/decode.ts';
import { readMaterial, withRoles } from '../core/inputs/detect.ts';
import type { Piece } from '../core/inputs/piece.ts';
import { kindOf, TaskProblem, taskFromBytes, taskFromMaterials, withMaterials } from '../core/task.ts';
import type { Task, TaskSource } from '../shared/comparison.ts';
import type { TargetId } from '../shared/design.ts';
import { Unusable } from './exit.ts';
import { reasonOf } from './session.ts';

export interface TaskOptions {
  /** What should be done, in the person's words. */
  readonly task?: string | undefined;
  /** Files that the design is built with. */
  readonly context?: readonly string[] | undefined;
  /** Of a Figma file: the id of the frame that is meant. */
  readonly frame?: string | undefined;
}

/** Beyond this a file is not even read; what can be sent is far less, and said with its size. */
const MAX_SPEC_BYTES = 64 * 1024 * 1024;

/** Throws {@link Unusable}. */
export async function readTask(specs: readonly string[], options: TaskOptions, target?: TargetId): Promise<Task> {
  try {
    const context = await Promise.all((options.context ?? []).map((file) => pieceOf(file, undefined, 'context')));
    const [spec] = specs;
    if (specs.length === 1 && spec !== undefined) {
      const bytes = readFile(spec);
      const source = sourceOf(spec);
      const instruction = options.task ?? '';
      if (kindOf(source.name, instruction, imageMediaType(bytes) !== undefined) === 'code')
        return withMaterials(taskFromBytes({ source, bytes, instruction }), context);
    }
    const designs = await Promise.all(specs.map((file) => pieceOf(file, options.frame)));
    return taskFromMaterials({
      pieces: [...(designs.length > 1 ? withRoles(designs) : designs), ...context],
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

const sourceOf = (file: string): TaskSource => ({ uri: path.resolve(file), name: path.basename(file) });

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
