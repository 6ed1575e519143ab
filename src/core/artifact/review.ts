/**
 * The decisions of review and apply that need no editor: which files are compared with which, what a text becomes when an answer takes
 * the place of a selection, whether an apply can still be taken back.
 *
 * Hashes are made by the caller; here they are only compared.
 */
import * as v from 'valibot';
import { LANES } from '../../shared/comparison.ts';
import type { Task, TaskSource } from '../../shared/task.ts';
import type { AnswerFile } from './artifact.ts';
import { displayPath } from './paths.ts';

export interface FilePair {
  readonly left?: AnswerFile;
  readonly right?: AnswerFile;
}

/**
 * Pairs the files of two answers: by name, then by last name segment, then what is left in one language, in order. Files without a
 * partner come last, alone.
 */
export function pairFiles(left: readonly AnswerFile[], right: readonly AnswerFile[]): readonly FilePair[] {
  const partnerOf = new Map<AnswerFile, AnswerFile>();
  const free = new Set(right);
  const base = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const match = (fits: (a: AnswerFile, b: AnswerFile) => boolean): void => {
    for (const file of left) {
      if (partnerOf.has(file)) continue;
      const partner = [...free].find((other) => fits(file, other));
      if (!partner) continue;
      partnerOf.set(file, partner);
      free.delete(partner);
    }
  };
  match((a, b) => a.replaces && b.replaces);
  match((a, b) => a.name === b.name);
  match((a, b) => base(a.name) === base(b.name));
  match((a, b) => a.languageId === b.languageId);
  if (left.length === 1 && right.length === 1) match(() => true);
  const pairs = left.map((file) => {
    const partner = partnerOf.get(file);
    return partner ? { left: file, right: partner } : { left: file };
  });
  return [
    ...pairs.filter((pair) => pair.right),
    ...pairs.filter((pair) => !pair.right),
    ...[...free].map((file) => ({ right: file })),
  ];
}

/** The path of each file as a virtual document: {@link displayPath}, made different where two names would be shown the same. */
export function documentPaths(files: readonly AnswerFile[]): ReadonlyMap<string, AnswerFile> {
  const byPath = new Map<string, AnswerFile>();
  for (const file of files) {
    const path = displayPath(file.name);
    const slash = path.lastIndexOf('/') + 1;
    let free = path;
    for (let number = 2; byPath.has(free); number += 1) free = `${path.slice(0, slash)}${number}-${path.slice(slash)}`;
    byPath.set(free, file);
  }
  return byPath;
}

/** UTF-16 offset of a zero-based position; undefined when the text has no such position. Lines end at `\r\n`, `\n` or `\r`. */
export function offsetAt(text: string, line: number, character: number): number | undefined {
  const ends = /\r\n|\n|\r/g;
  let start = 0;
  for (let index = 0; index < line; index += 1) {
    if (!ends.exec(text)) return undefined;
    start = ends.lastIndex;
  }
  const end = ends.exec(text)?.index ?? text.length;
  return start + character <= end ? start + character : undefined;
}

export type Placement = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/**
 * The whole text with the selection replaced. The answer's line ends become the text's; no line end is added to a selection that had
 * none, and none is lost that it had. `selected` is what was sent: when given, the range must still hold it, line ends apart.
 */
export function replaceSelection(
  text: string,
  selection: NonNullable<TaskSource['selection']>,
  replacement: string,
  selected?: string,
): Placement {
  const start = offsetAt(text, selection.startLine, selection.startCharacter);
  const end = offsetAt(text, selection.endLine, selection.endCharacter);
  const reason = 'the selected lines are no longer where they were';
  if (start === undefined || end === undefined || end < start) return { ok: false, reason };
  const present = text.slice(start, end);
  if (selected !== undefined && unix(present) !== unix(selected)) return { ok: false, reason };
  const body = replacement.endsWith('\n') ? replacement.slice(0, -1) : replacement;
  const fitted = /[\r\n]$/.test(present) ? `${body}\n` : body;
  return { ok: true, text: text.slice(0, start) + withLineEnds(fitted, lineEndOf(text)) + text.slice(end) };
}

/** The text that was sent, when it was one text: the whole document, or the selection of it. */
export function sentText({ parts, materials }: Task): string | undefined {
  const own = parts.filter((_, index) => (materials?.[index]?.role ?? 'design') === 'design');
  const texts = own.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length === 1 ? texts[0] : undefined;
}

/** The line end a text uses: that of its first line. */
export const lineEndOf = (text: string): '\n' | '\r\n' => (/^[^\n]*\r\n/.test(text) ? '\r\n' : '\n');

export const withLineEnds = (text: string, lineEnd: '\n' | '\r\n'): string =>
  lineEnd === '\n' ? unix(text) : unix(text).replaceAll('\n', '\r\n');

/** True when two texts differ in nothing but line ends. */
export const sameText = (a: string, b: string): boolean => a === b || unix(a) === unix(b);

const unix = (text: string): string => text.replace(/\r\n?/g, '\n');

/**
 * The smallest range of whole lines that differs, as offsets into `before`, and what stands there in `after`. Cursors, folds and
 * breakpoints outside of it stay where they are.
 */
export function changedSpan(
  before: string,
  after: string,
): { readonly start: number; readonly end: number; readonly text: string } {
  const most = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < most && before[prefix] === after[prefix]) prefix += 1;
  const start = prefix === 0 ? 0 : before.lastIndexOf('\n', prefix - 1) + 1;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const isLineStart = (text: string, at: number): boolean => at === start || text[at - 1] === '\n';
  if (!(isLineStart(before, before.length - tail) && isLineStart(after, after.length - tail))) {
    const lineEnd = before.indexOf('\n', before.length - tail);
    tail = lineEnd < 0 ? 0 : before.length - lineEnd - 1;
  }
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

const UndoFile = v.object({
  uri: v.string(),
  /** Path to show. */
  path: v.string(),
  /** The text before; null when there was no file. */
  before: v.nullable(v.string()),
  /** Hash of the text after. */
  afterHash: v.string(),
  /** True when the document had unsaved edits before: it is then left unsaved again. */
  wasDirty: v.boolean(),
  /** The folder it may not leave; absent for a document outside of every workspace folder, and in old records. */
  root: v.optional(v.string()),
  /** True when the text after was not the answer's, so that a formatter or the person wrote in it too. */
  altered: v.optional(v.boolean()),
});

const UndoEntry = v.object({
  at: v.string(),
  lane: v.picklist(LANES),
  files: v.array(UndoFile),
  /** URIs of folders made for it, outermost first. */
  folders: v.array(v.string()),
});

const UndoRecordSchema = v.object({ schema: v.literal(1), applies: v.array(UndoEntry) });

export type UndoFile = v.InferOutput<typeof UndoFile>;
export type UndoEntry = v.InferOutput<typeof UndoEntry>;
/** What can be taken back of one comparison, oldest first. Plain JSON; `schema` is raised when an older reader would misread it. */
export type UndoRecord = v.InferOutput<typeof UndoRecordSchema>;

/** Applies kept for each comparison. */
const MAX_APPLIES = 10;

/** Reads a stored record; anything else is no record. */
export function parseUndoRecord(stored: unknown): UndoRecord {
  const result = v.safeParse(UndoRecordSchema, stored);
  return result.success ? result.output : { schema: 1, applies: [] };
}

export const pushApply = (record: UndoRecord, entry: UndoEntry): UndoRecord => ({
  schema: 1,
  applies: [...record.applies, entry].slice(-MAX_APPLIES),
});

/** The record with one of its applies reduced to what is still to be taken back; gone when that is nothing. */
export const replaceApply = (record: UndoRecord, entry: UndoEntry, rest: readonly UndoFile[]): UndoRecord => ({
  schema: 1,
  applies: record.applies.flatMap((one) => (one !== entry ? [one] : rest.length > 0 ? [{ ...one, files: [...rest] }] : [])),
});

export interface UndoDecision {
  /** Still as the apply left them. */
  readonly restore: readonly UndoFile[];
  /** As they were when the apply ended, but with more than the answer in them: restored after a question of their own. */
  readonly altered: readonly UndoFile[];
  /** Changed, or removed, since: never touched without a question. */
  readonly changed: readonly UndoFile[];
  /** Already as they were before the apply. */
  readonly done: readonly UndoFile[];
}

/** What an undo may do. `hashOf` gives the hash of the present text, undefined when there is no file; `hash` hashes a text. */
export function decideUndo(
  entry: UndoEntry,
  hashOf: (uri: string) => string | undefined,
  hash: (text: string) => string,
): UndoDecision {
  const kindOf = (file: UndoFile): keyof UndoDecision => {
    const present = hashOf(file.uri);
    const beforeHash = file.before === null ? undefined : hash(file.before);
    if (present === beforeHash) return 'done';
    if (present !== file.afterHash) return 'changed';
    return file.altered ? 'altered' : 'restore';
  };
  const groups = Map.groupBy(entry.files, kindOf);
  const group = (kind: keyof UndoDecision): readonly UndoFile[] => groups.get(kind) ?? [];
  return { restore: group('restore'), altered: group('altered'), changed: group('changed'), done: group('done') };
}
