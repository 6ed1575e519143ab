/**
 * Answers that say what to change instead of writing the code anew: unified diffs, search and replace blocks, and the `*** Begin Patch`
 * form. A patch becomes the whole text when every part of it fits exactly; else the person is told, and nothing is guessed. A file that
 * a patch adds is whole as it is. Line numbers are only a hint, as models count badly: lines must match, and must match in one place.
 * White space at their ends may differ, as long as the code's own tells what it should be.
 */

export type Patched = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

interface Hunk {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Line of `before`, from 1, where the patch names one. */
  readonly line?: number;
}

/** What a patch does to one file. */
export interface FilePatch {
  /** As the patch names it; absent: it names none. */
  readonly name?: string;
  readonly hunks: readonly Hunk[];
  /** The whole text of a file that is new; absent: the file is there and is changed. */
  readonly added?: string;
}

/** Lines to compare, at worst, beyond which a patch is not tried. */
const MAX_WORK = 200_000_000;

const SEARCH = /^<{5,9}\s?(?:SEARCH|ORIGINAL|BEFORE)\b/;
const MIDDLE = /^={5,9}\s*$/;
const REPLACE = /^>{5,9}\s?(?:REPLACE|UPDATED|AFTER)\b/;
const HUNK = /^@@ -(\d{1,7})(?:,\d{1,7})? \+\d{1,7}(?:,\d{1,7})? @@/;

/** True for text that is a patch by its marks. */
export const isPatchText = (text: string): boolean =>
  /^\*\*\* (?:Begin Patch\b|(?:Add|Update) File: \S)|^diff --git |^--- \S[^\n]{0,400}\n\+\+\+ \S/m.test(text) ||
  /^@@ -\d{1,7}(?:,\d{1,7})? \+\d{1,7}/m.test(text) ||
  (/^<{5,9}\s?(?:SEARCH|ORIGINAL|BEFORE)\b/m.test(text) && /^>{5,9}\s?(?:REPLACE|UPDATED|AFTER)\b/m.test(text));

/** True for text that is a patch from its first line, but for a name above it: code may have one in it, as a text. */
export function beginsAsPatch(text: string): boolean {
  const [first = '', second = ''] = text
    .slice(0, 2_000)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const isName = /^(?:\W{1,6}\s)?[\w@./\-[\]()]{1,200}\.\w{1,10}(?:\s\W{1,6})?\s*$/.test(first);
  return isPatchText(text) && FIRST_MARK.test(isName ? second : first);
}

const FIRST_MARK = /^(?:\*\*\* |diff --git |--- \S|@@ -|<{5,9}\s?(?:SEARCH|ORIGINAL|BEFORE)\b)/;

/** Applies patches, in order, to the text of that name. What they say of other files is left alone. */
export function applyPatches(source: string, patches: readonly string[], sourceName: string | undefined): Patched {
  const files = patches.flatMap(readPatch);
  const own = files.filter(({ name }) => name === undefined || sourceName === undefined || baseOf(name) === baseOf(sourceName));
  return applyHunks(
    source,
    (own.length > 0 ? own : files.length === 1 ? files : []).flatMap((file) => file.hunks),
  );
}

/** The text with those changes, in order. */
export function applyHunks(source: string, hunks: readonly Hunk[]): Patched {
  if (hunks.length === 0) return { ok: false, reason: 'it changes nothing in this file' };
  let lines: readonly string[] = source.replaceAll('\r\n', '\n').split('\n');
  const work = hunks.reduce((sum, { before }) => sum + before.length, 0) * lines.length;
  if (work > MAX_WORK || hunks.length > 1_000 || hunks.length * lines.length > MAX_WORK / 10)
    return { ok: false, reason: 'it has too many parts' };
  let shift = 0;
  for (const [index, given] of hunks.entries()) {
    const place = placeOf(lines, given, shift);
    const hunk = place === NO_MATCH ? respaced(lines, given) : given;
    const at = place === NO_MATCH && hunk ? placeOf(lines, hunk, shift) : place;
    if (typeof at === 'string' || !hunk) return { ok: false, reason: `part ${index + 1} of ${hunks.length} ${at}` };
    lines = [...lines.slice(0, at), ...hunk.after, ...lines.slice(at + hunk.before.length)];
    shift += hunk.after.length - hunk.before.length;
  }
  return { ok: true, text: lines.join('\n') };
}

const NO_MATCH = 'does not match the code';

/**
 * The hunk with the white space of the only place where its lines fit but for that. Lines that it adds are indented as the code is where
 * the hunk has the same indentation; undefined when that cannot be told.
 */
function respaced(lines: readonly string[], { before, after, line }: Hunk): Hunk | undefined {
  const wanted = before.map((text) => text.trim());
  if (wanted.every((text) => text === '')) return undefined;
  const bare = lines.map((text) => text.trim());
  const places = bare.flatMap((_, at) => (wanted.every((text, index) => bare[at + index] === text) ? [at] : []));
  const [at, second] = places;
  if (at === undefined || second !== undefined) return undefined;
  const found = lines.slice(at, at + before.length);
  const indents = new Map<string, string>();
  for (const [index, text] of before.entries()) {
    if (text.trim() === '') continue;
    const own = indentOf(found[index] ?? '');
    if ((indents.get(indentOf(text)) ?? own) !== own) return undefined;
    indents.set(indentOf(text), own);
  }
  const placeInHunk = new Map(before.map((text, index) => [text, index]));
  const inserted = after.map((text) => {
    const same = placeInHunk.get(text);
    if (same !== undefined) return found[same];
    const indent = indents.get(indentOf(text));
    return text.trim() === '' ? '' : indent === undefined ? undefined : indent + text.trimStart();
  });
  if (inserted.includes(undefined)) return undefined;
  return { before: found, after: inserted.map((text) => text ?? ''), ...(line === undefined ? {} : { line }) };
}

const indentOf = (text: string): string => /^[ \t]*/.exec(text)?.[0] ?? '';

/** Index of the first line of the only place where the hunk fits; with several, the nearest to where it says it is. Else why not. */
function placeOf(lines: readonly string[], { before, line }: Hunk, shift: number): number | string {
  if (before.length === 0) {
    if (line !== undefined) return Math.min(lines.length, Math.max(0, line + shift));
    return lines.length === 1 && lines[0] === '' ? 0 : 'does not say where it belongs';
  }
  const places: number[] = [];
  for (let at = 0; at + before.length <= lines.length; at += 1) {
    if (before.every((text, index) => lines[at + index] === text)) places.push(at);
  }
  const [only] = places;
  if (only === undefined) return NO_MATCH;
  if (places.length === 1) return only;
  if (line === undefined) return 'matches the code in several places';
  const wanted = line - 1 + shift;
  const byDistance = places.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  const [nearest = only, second = only] = byDistance;
  return Math.abs(nearest - wanted) === Math.abs(second - wanted) ? 'matches the code in several places' : nearest;
}

/** What a patch does to which file. Lines that belong to no form are passed over. */
export function readPatch(text: string): readonly FilePatch[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.some((line) => SEARCH.test(line))) {
    const hunks = readSearchBlocks(lines);
    const [only, second] = hunks;
    const isNew = only && !second && only.before.every((line) => line === '');
    return [{ hunks, ...(isNew ? { added: only.after.map((line) => `${line}\n`).join('') } : {}) }];
  }
  const files: OpenPatch[] = [];
  let before: string[] = [];
  let after: string[] = [];
  let line: number | undefined;
  /** Between two headers: there a line with three signs is one that is taken away, as of a comment in SQL, or one that is added. */
  let isInside = false;
  const close = (): void => {
    // The last line of a fence is its end, and not an empty line of the code.
    const changes = before.join('\n') !== after.join('\n');
    if (changes) file().hunks.push({ before, after, ...(line === undefined ? {} : { line }) });
    before = [];
    after = [];
    line = undefined;
  };
  const file = (): OpenPatch => {
    const current = files.at(-1) ?? { hunks: [] };
    if (files.length === 0) files.push(current);
    return current;
  };
  for (const [index, text] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const isChange: boolean =
      isInside &&
      ((text.startsWith('--- ') && !lines[index + 1]?.startsWith('+++ ')) ||
        (text.startsWith('+++ ') && !lines[index - 1]?.startsWith('--- ')));
    const named: RegExpExecArray | null = isChange ? null : FILE.exec(text);
    const hunk = HUNK.exec(text);
    const wasInside: boolean = isInside;
    isInside = named === null && (wasInside || files.at(-1)?.lines !== undefined || /^(?:@@|[+\- ])/.test(text));
    if (named?.[2] !== undefined) {
      close();
      const isNew = named[1] === 'Add' || /^--- \/dev\/null/.test(lines[index - 1] ?? '');
      files.push({ name: named[2].replace(/\t.*$/, '').trimEnd(), hunks: [], ...(isNew ? { lines: [] } : {}) });
    } else if (hunk) {
      close();
      line = Number(hunk[1]);
    } else if (text.startsWith('@@')) close();
    else if (!isChange && /^(?:--- |diff --git |index [\da-f]+\.\.|\*\*\* |\\ No newline)/.test(text)) {
      isInside = wasInside && text.startsWith('\\');
      if (!text.startsWith('\\')) close();
      if (text.startsWith('*** End Patch')) files.push({ hunks: [] });
    } else if (files.at(-1)?.lines) {
      if (!isLast || text !== '') files.at(-1)?.lines?.push(text);
    } else if (text.startsWith('+')) after.push(text.slice(1));
    else if (text.startsWith('-')) before.push(text.slice(1));
    else if (text.startsWith(' ') || (text === '' && !isLast)) {
      before.push(text.slice(1));
      after.push(text.slice(1));
    }
  }
  close();
  return files.flatMap(({ name, hunks, lines }) => {
    if (name === undefined && hunks.length === 0) return [];
    const added = lines ? { added: addedText(lines) } : {};
    return [{ ...(name === undefined ? {} : { name }), hunks: hunks.map(withoutEmptyEnds), ...added }];
  });
}

interface OpenPatch {
  readonly name?: string;
  readonly hunks: Hunk[];
  /** Of a file that is new: its lines as they stand in the patch. */
  readonly lines?: string[];
}

const FILE = /^(?:\+\+\+ (?:b\/)?|\*\*\* (Update|Add) File: )(\S.*)$/;

/** Each line has a `+` before it, or, as models write it too, none has. An empty line may lack it. */
function addedText(lines: readonly string[]): string {
  const isMarked = lines.find((line) => line !== '')?.startsWith('+') === true;
  const last = lines.findLastIndex((line) => line !== '');
  const own = isMarked
    ? lines.slice(0, last + 1).flatMap((line) => (line === '' || line.startsWith('+') ? [line.slice(1)] : []))
    : lines;
  return own.map((line) => `${line}\n`).join('');
}

/** Empty context lines at the ends of a hunk are often the model's own white space: they are no part of what must match. */
function withoutEmptyEnds({ before, after, line }: Hunk): Hunk {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === '' && after[from] === '') from += 1;
  let tail = 0;
  while (tail < before.length - from && tail < after.length - from && before.at(-1 - tail) === '' && after.at(-1 - tail) === '')
    tail += 1;
  const trimmed = { before: before.slice(from, before.length - tail), after: after.slice(from, after.length - tail) };
  if (trimmed.before.length === 0) return { before, after, ...(line === undefined ? {} : { line }) };
  return { ...trimmed, ...(line === undefined ? {} : { line: line + from }) };
}

function readSearchBlocks(lines: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let before: string[] | undefined;
  let after: string[] | undefined;
  for (const line of lines) {
    if (SEARCH.test(line)) {
      before = [];
      after = undefined;
    } else if (before && !after && MIDDLE.test(line)) after = [];
    else if (before && after && REPLACE.test(line)) {
      hunks.push({ before, after });
      before = undefined;
      after = undefined;
    } else if (after) after.push(line);
    else before?.push(line);
  }
  return hunks;
}

/** The last name of a path, by which a patch and a file are known to be of each other. */
export const baseOf = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
