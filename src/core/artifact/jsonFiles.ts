/**
 * Files that an answer wraps in JSON: a list of objects with a path and a content, one object with a name for each text, or one with a
 * language for each (`{"html": "...", "css": "..."}`).
 *
 * It is read sign by sign, not parsed, so that an answer which still streams, or was cut, shows the files it has so far. JSON that is a
 * file itself has no such pairs and is left alone.
 */
import { familyOfFence, hasKnownExtension, sniffLanguageId } from './languages.ts';

export interface WrappedFile {
  /** Absent: it is told by its language alone. */
  readonly name?: string;
  /** The word of its language, as behind a fence; empty where the name tells it, or its text has to. */
  readonly info: string;
  readonly content: string;
  /** True when the end of its text was seen. */
  readonly closed: boolean;
}

export interface Wrapping {
  readonly files: readonly WrappedFile[];
  /** Offset after the JSON; the length of the text where its end was not seen. */
  readonly end: number;
}

const NAME_KEY = /^(?:path|file|name|file_?name|file_?path)$/i;
const CONTENT_KEY = /^(?:content|contents|code|text|source)$/i;
const LANGUAGE_KEY = /^(?:lang|language|type|file_?type)$/i;
/** What a page and a component are called beside the words of languages. */
const PARTS: ReadonlyMap<string, string> = new Map(
  Object.entries({ style: 'css', styles: 'css', script: 'js', component: 'jsx', markup: 'html' }),
);
/** Deeper wrapping than this is data. */
const MAX_DEPTH = 8;
/** Texts without a name lie in the outermost object, or in the one wrapping in it: deeper ones are data. */
const MAX_DEPTH_UNNAMED = 2;

interface Level {
  readonly isList: boolean;
  key?: string;
  name?: string;
  language?: string;
  text?: Text;
}

interface Text {
  readonly value: string;
  readonly closed: boolean;
}

/** The files in the JSON that begins at `from`, or in the beginning of it; none in any other text. */
export function wrappedFiles(text: string, from = 0): Wrapping {
  const files: WrappedFile[] = [];
  const levels: Level[] = [];
  /** A pair is whole where its object ends, or where the text does. */
  const closeLevel = (isEnded: boolean): void => {
    const level = levels.pop();
    if (!level?.text) return;
    // Its name may still come.
    if (!isEnded && level.name === undefined) level.text = { ...level.text, closed: false };
    const name = level.name ?? levels.at(-1)?.key;
    if (name !== undefined && isFileName(name) && isCode(level.text)) files.push(fileOf(level.text, '', name));
    else if (level.language !== undefined ? isCode(level.text) : levels.length < MAX_DEPTH_UNNAMED && readsAsFile(level.text))
      files.push(fileOf(level.text, level.language ?? ''));
  };
  let at = text[from] === '\uFEFF' ? from + 1 : from;
  while (at < text.length) {
    const char = text.charAt(at);
    const level = levels.at(-1);
    if (char === '{' || char === '[') {
      if (levels.length >= MAX_DEPTH) return { files: [], end: text.length };
      levels.push({ isList: char === '[' });
    } else if (char === '}' || char === ']') {
      closeLevel(true);
      if (levels.length === 0) return { files, end: at + 1 };
    } else if (char === '"' || char === '`') {
      const value = readText(text, at);
      at = value.end;
      if (!level || level.isList) continue;
      const { key } = level;
      if (key === undefined) {
        level.key = value.value;
        continue;
      }
      const language = PARTS.get(key.toLowerCase()) ?? key;
      if (!value.closed && (NAME_KEY.test(key) || LANGUAGE_KEY.test(key))) continue; // half a name is another one
      if (CONTENT_KEY.test(key)) level.text = value;
      else if (isFileName(key) && isCode(value)) files.push(fileOf(value, '', key));
      else if (NAME_KEY.test(key)) level.name = value.value;
      else if (LANGUAGE_KEY.test(key) && isCodeWord(value.value)) level.language = value.value;
      else if (
        levels.length <= MAX_DEPTH_UNNAMED &&
        isCodeWord(language) &&
        isCode(value) &&
        (levels.length === 1 || hasLines(value))
      )
        files.push(fileOf(value, language));
      delete level.key;
      continue;
    } else if (char === ',' && level) delete level.key;
    else if (levels.length === 0 && char.trim() !== '') return { files: [], end: text.length };
    at += 1;
  }
  while (levels.length > 0) closeLevel(false);
  return { files, end: text.length };
}

const isFileName = (name: string): boolean => name.length <= 300 && !/[\n\r]/.test(name) && hasKnownExtension(name);

/** Captions and paths are texts too: "Markup (new); see below". */
const isCode = ({ value }: Text): boolean => /\n|<[a-z!/?]|[{}]|;\s{0,9}$|\w\(/i.test(value);

/** Commands and captions have one line, and no tag at their beginning. */
const hasLines = ({ value }: Text): boolean => /^\s*<|\n/.test(value);

/** A text of which neither name nor language is told has to tell it. */
const readsAsFile = (text: Text): boolean => hasLines(text) && !/^(?:plaintext|json)$/.test(sniffLanguageId(text.value));

const isCodeWord = (word: string): boolean => /^(?:markup|style|script)$/.test(familyOfFence(word) ?? '');

const fileOf = ({ value, closed }: Text, info: string, name?: string): WrappedFile => ({
  ...(name === undefined ? {} : { name: name.replace(/^\.?\/(?=[^/])/, '') }),
  info,
  content: closed && !value.endsWith('\n') ? `${value}\n` : value,
  closed,
});

/**
 * The string that begins at `start`. Line breaks and tabs as they are, and backticks around it, which JSON forbids and models write, are
 * taken as meant.
 */
function readText(json: string, start: number): Text & { readonly end: number } {
  let end = start + 1;
  while (end < json.length && json[end] !== json[start]) end += json[end] === '\\' ? 2 : 1;
  const value = json
    .slice(start + 1, end)
    .replace(ESCAPE, signOf)
    .replace(/\r\n/g, '\n');
  return { value, closed: end < json.length, end: end + 1 };
}

const ESCAPE = /\\(?:u([\da-fA-F]{4})|([\s\S])|$)/g;
const SIGNS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

const signOf = (_: string, code: string | undefined, sign: string | undefined): string =>
  code ? String.fromCharCode(Number.parseInt(code, 16)) : sign === undefined || sign === 'u' ? '' : (SIGNS[sign] ?? sign);
