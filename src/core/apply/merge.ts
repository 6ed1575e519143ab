/**
 * The three-way check of a document that changed since a run began: `base` is what the model was sent, `present` what is there now,
 * `answer` what the model made of the base. Line ends are the present text's; no conflict marker is ever written.
 *
 * The texts are cut at lines that each of them has exactly once, and every piece is merged by itself: the merge's search for common lines
 * takes time with the third power of its length where many lines are alike.
 */
import { diff3Merge, diffIndices } from 'node-diff3';
import { lineEndOf, withLineEnds } from '../artifact/review.ts';

export type Merge =
  /** `keptLines`: lines that were changed, added or removed since, and are kept. */
  | { readonly ok: true; readonly text: string; readonly keptLines: number }
  | { readonly ok: false; readonly reason: 'conflict' | 'too-long' };

type Lines = string[];

/** The longest piece that is merged: about a second when most of its lines are alike. */
const MAX_PIECE_LINES = 1_500;

export function mergeTexts(base: string, present: string, answer: string): Merge {
  const merged: Lines = [];
  let keptLines = 0;
  for (const [old, ours, theirs] of piecesOf(linesOf(base), linesOf(present), linesOf(answer))) {
    if (Math.max(old.length, ours.length, theirs.length) > MAX_PIECE_LINES) return { ok: false, reason: 'too-long' };
    for (const { ok } of diff3Merge(ours, old, theirs, { excludeFalseConflicts: true })) {
      if (!ok) return { ok: false, reason: 'conflict' };
      merged.push(...ok);
    }
    for (const { buffer1, buffer2 } of diffIndices(old, ours)) keptLines += Math.max(buffer1[1], buffer2[1]);
  }
  return { ok: true, text: withLineEnds(merged.join('\n'), lineEndOf(present)), keptLines };
}

const linesOf = (text: string): Lines => withLineEnds(text, '\n').split('\n');

/** The three texts in pieces that belong together; each but the first begins with a line that all three have once. */
function piecesOf(old: Lines, ours: Lines, theirs: Lines): [Lines, Lines, Lines][] {
  const [inOurs, inTheirs, inOld] = [uniqueLines(ours), uniqueLines(theirs), uniqueLines(old)];
  const pieces: [Lines, Lines, Lines][] = [];
  let [a, b, c] = [0, 0, 0];
  for (const [line, at] of inOld) {
    const [ourAt = -1, theirAt = -1] = [inOurs.get(line), inTheirs.get(line)];
    if (ourAt < b || theirAt < c) continue;
    pieces.push([old.slice(a, at), ours.slice(b, ourAt), theirs.slice(c, theirAt)]);
    [a, b, c] = [at, ourAt, theirAt];
  }
  pieces.push([old.slice(a), ours.slice(b), theirs.slice(c)]);
  return pieces;
}

/** Where each line stands that a text has once, in order. */
function uniqueLines(lines: Lines): Map<string, number> {
  const places = new Map<string, number>();
  for (const [index, line] of lines.entries()) places.set(line, places.has(line) ? -1 : index);
  return new Map([...places].filter(([, index]) => index >= 0).sort(([, one], [, other]) => one - other));
}
