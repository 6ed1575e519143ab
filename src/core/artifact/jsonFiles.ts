/**
 * Files that an answer wraps in JSON: a list of objects with a path and a content, or one object with a name for each text.
 *
 * It is read sign by sign, not parsed, so that an answer which still streams, or was cut, shows the files it has so far. JSON that is a
 * file itself has no such pairs and is left alone.
 */
import { hasKnownExtension } from './languages.ts';

export interface WrappedFile {
  readonly name: string;
  readonly content: string;
  /** True when the end of its text was seen. */
  readonly closed: boolean;
}

const NAME_KEY = /^(?:path|file|name|file_?name|file_?path)$/i;
const CONTENT_KEY = /^(?:content|contents|code|text|source)$/i;
/** Deeper wrapping than this is data. */
const MAX_DEPTH = 8;

interface Level {
  readonly isList: boolean;
  key?: string;
  name?: string;
  text?: Text;
}

interface Text {
  readonly value: string;
  readonly closed: boolean;
}

/** The files in a text that is JSON, or the beginning of it; empty for any other. */
export function wrappedFiles(json: string): readonly WrappedFile[] {
  const files: WrappedFile[] = [];
  const levels: Level[] = [];
  /** A pair is whole where its object ends, or where the text does. */
  const closeLevel = (): void => {
    const level = levels.pop();
    const name = level?.name ?? levels.at(-1)?.key;
    if (level?.text && name !== undefined && isFileName(name) && isCode(level.text)) files.push(fileOf(name, level.text));
  };
  for (let at = json.startsWith('\uFEFF') ? 1 : 0; at < json.length; ) {
    const char = json.charAt(at);
    const level = levels.at(-1);
    if (char === '{' || char === '[') {
      if (levels.length >= MAX_DEPTH) return [];
      levels.push({ isList: char === '[' });
    } else if (char === '}' || char === ']') {
      closeLevel();
    } else if (char === '"') {
      const text = readText(json, at);
      at = text.end;
      if (!level || level.isList) continue;
      if (level.key === undefined) level.key = text.value;
      else {
        if (CONTENT_KEY.test(level.key)) level.text = text;
        else if (isFileName(level.key) && isCode(text)) files.push(fileOf(level.key, text));
        else if (NAME_KEY.test(level.key)) level.name = text.value;
        delete level.key;
      }
      continue;
    } else if (char === ',' && level) delete level.key;
    else if (levels.length === 0 && char.trim() !== '') return [];
    at += 1;
  }
  while (levels.length > 0) closeLevel();
  return files;
}

const isFileName = (name: string): boolean => name.length <= 300 && !/[\n\r]/.test(name) && hasKnownExtension(name);

/** Captions and paths are texts too. */
const isCode = ({ value }: Text): boolean => /[\n<{(;]/.test(value);

const fileOf = (name: string, { value, closed }: Text): WrappedFile => ({
  name: name.replace(/^\.?\/(?=[^/])/, ''),
  content: closed && !value.endsWith('\n') ? `${value}\n` : value,
  closed,
});

/** The string that begins at `start`. Line breaks and tabs as they are, which JSON forbids and models write, are taken as meant. */
function readText(json: string, start: number): Text & { readonly end: number } {
  let end = start + 1;
  while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
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
