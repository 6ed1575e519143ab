/**
 * What every reader of an input gives: one part of the message with what is known of it, and the few rules all of them share.
 */
import type { Material } from '../../shared/design.ts';
import type { MessagePart } from '../../shared/model.ts';
import { TaskProblem } from './problem.ts';

/** A part of a task, and its description. */
export interface Piece {
  readonly part: MessagePart;
  readonly material: Material;
}

/** Text beyond this is more than the models in question read well, and is refused rather than cut. */
export const MAX_TEXT_BYTES = 2 * 1024 * 1024;
/** Beyond this a file is not even looked into. */
export const MAX_INPUT_BYTES = 20 * 1024 * 1024;

const MAX_NAME = 200;

/** A name as it may be shown and sent: one line, nothing that a terminal obeys or that turns the direction of writing. */
export const safeName = (name: string): string =>
  name
    .slice(0, MAX_NAME * 4)
    .replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME) || 'unnamed';

/** A piece of text. Throws {@link TaskProblem} where it is too much even after what could be left out was left out. */
export function textPiece(text: string, material: Omit<Material, 'role'>): Piece {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_TEXT_BYTES) {
    throw new TaskProblem(
      `${material.name} is ${megabytes(bytes)} MB of text; up to ${megabytes(MAX_TEXT_BYTES)} MB can be sent. Select the part that matters.`,
    );
  }
  if (text.trim() === '') throw new TaskProblem(`${material.name} is empty. Write a spec first, or choose another file.`);
  return { part: { type: 'text', text }, material: { ...material, role: 'design' } };
}

export const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

/** Phrases for what was left out: `3 comments`; nothing for what was not there. `noun` may be given in both forms. */
export function leftOutPhrases(
  counts: Readonly<Record<string, number>>,
  plurals: Readonly<Record<string, string>> = {},
): string[] {
  return Object.entries(counts).flatMap(([noun, count]) =>
    count > 0 ? [`${count.toLocaleString('en-US')} ${count === 1 ? noun : (plurals[noun] ?? `${noun}s`)}`] : [],
  );
}
