/**
 * Where models write the name of a file: in the fence's info string, in the line before the fence, or in the first comment of the code.
 *
 * Every rule looks at one short line, so that no text, however hostile, costs more than its length. A name found here is what the model
 * wrote, nothing more: whether it may be written to is decided in `paths.ts`.
 */
import { areCompatible, fenceWord, hasKnownExtension, isBareFileName, isLanguageWord, languageIdOf } from './languages.ts';

/** Longer lines than this hold no name. In UTF-16 units. */
const MAX_LINE = 400;
const MAX_NAME = 300;

/**
 * A name and how sure it is. `stated`: the name stands where a name stands (info string, heading, label, first comment).
 * `mentioned`: a sentence before the fence speaks of it, which may also introduce a fragment.
 */
export interface FoundName {
  readonly name: string;
  readonly certainty: 'stated' | 'mentioned';
}

const ATTRIBUTE = /(?:^|[\s{,;])(file[-_]?name|file[-_]?path|file|title|path|name)\s?[=:]\s?(?:"([^"]*)"|'([^']*)'|([^\s,;}]+))/i;

/** The name in an info string: `html index.html`, `html title="x.html"`, `html:src/x.html`, `src/App.tsx`, `tsx {1,3} file=x.tsx`. */
export function nameInInfo(info: string): string | undefined {
  if (info.length > MAX_LINE) return undefined;
  const attribute = ATTRIBUTE.exec(info);
  if (attribute) {
    const value = (attribute[2] ?? attribute[3] ?? attribute[4] ?? '').trim();
    const isExplicit = /^(?:file|path)/i.test(attribute[1] ?? '');
    if (value !== '' && value.length <= MAX_NAME && (isExplicit || looksLikeName(value))) return tidy(value);
  }
  const [first = '', ...others] = info.trim().split(/\s+/);
  const colon = first.indexOf(':');
  if (colon > 0 && isLanguageWord(first)) {
    const rest = first.slice(colon + 1);
    if (looksLikeName(rest) || hasFolder(rest)) return tidy(rest);
  }
  const tokens = isLanguageWord(first) && !looksLikeName(first) ? others : [first, ...others];
  for (const token of tokens) {
    if (token.startsWith('{')) continue;
    const bare = token.replace(/^[("'`[*]+|[)"'`\]*,;:]+$/g, '');
    if (looksLikeName(bare) || (hasFolder(bare) && !bare.startsWith('//'))) return tidy(bare);
  }
  return undefined;
}

const LABEL =
  /^(?:the )?(?:new |updated |modified |complete |full )?(?:file[ -]?name|file[ -]?path|file|path)(?:\s+\d{1,3})?\s?[:=–—-]\s*/i;
const ORDINAL = /^(?:(?:file|step|part)\s+)?\d{1,3}\s?[.):–—-]?\s+/i;
const VERB = /^(?:create|save (?:it |this )?as|write) (?:a |the )?(?:new )?(?:file )?(?:called |named )?(?=\S+$)/i;
/** `[src/x.ts](src/x.ts)` is `src/x.ts`. */
const LINK = /\[([^[\]]{1,300})\]\([^()\s]{1,300}\)/g;
/** Little pictures that some models put before a name. */
const PICTURES = /^(?:\p{Extended_Pictographic}[\uFE0F\u200D]*)+\s{0,3}/u;
const MARKERS = /^(?:>\s{0,3}|\/\/\s{0,3}|<!--\s{0,3}|#{1,6}\s{1,3}|[-*+]\s{1,3}|\d{1,3}[.)]\s{1,3}|=+\s{0,3})+/;
/** Sentences that announce a fragment or a use, not a file. */
const USAGE =
  /\b(?:us(?:e|es|age|ing)|examples?|add|insert|append|import(?:ing)?|includ(?:e|ing)|call|run|running|snippet|fragment|output|inside|link)\b/i;

/**
 * The name in the line before a fence: a heading, bold, backticks, a label, a numbered entry, or a sentence with exactly one name in
 * backticks or bold. A name of another kind of language than the fence's is not its name.
 */
export function nameInLine(line: string, fenceInfo: string): FoundName | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.length > MAX_LINE) return undefined;
  const found = readLine(trimmed);
  if (!found) return undefined;
  const fits = areCompatible(languageIdOf(found.name, ''), languageIdOf('', fenceInfo));
  return fits ? { ...found, name: tidy(found.name) } : undefined;
}

function readLine(line: string): FoundName | undefined {
  const isHeading = /^#{1,6}\s/.test(line);
  const body = line
    .replace(MARKERS, '')
    .replace(PICTURES, '')
    .replace(/(?:[#=\s]|-->)+$/, '');
  const unlabelled = strip(
    body
      .replace(LINK, '$1')
      .replace(/\*\*|__(?=\s|$)|(?<=\s|^)__/g, '')
      .replace(VERB, ''),
  );
  if (looksLikeName(unlabelled) && !isProductName(unlabelled)) return { name: unlabelled, certainty: 'stated' };

  const marked = [...body.matchAll(/`([^`]{1,300})`|\*\*([^*]{1,300})\*\*/g)]
    .map((match) => ({ name: strip((match[1] ?? match[2] ?? '').replace(/`/g, '')), whole: match[0], at: match.index }))
    .filter(({ name }) => looksLikeName(name));
  const [only] = marked;
  if (only && marked.every(({ name }) => name === only.name)) {
    const before = body
      .slice(0, only.at)
      .replace(LABEL, '')
      .replace(ORDINAL, '')
      .replace(/[*_\s:([]/g, '');
    const after = body.slice(only.at + only.whole.length).replace(/^[*_\s]+/, '');
    if (isHeading || (before === '' && (after === '' || /^[-–—(:,]/.test(after))))
      return { name: only.name, certainty: 'stated' };
    return USAGE.test(line) ? undefined : { name: only.name, certainty: 'mentioned' };
  }
  if (marked.length > 0 || !(isHeading || /^\*\*.*\*\*:?$/.test(line))) return undefined;

  const plain = unlabelled
    .split(/\s+/)
    .map((token) => token.replace(/^[([<"']+|[)\]>"',:;.]+$/g, ''))
    .filter((token) => looksLikeName(token) && hasKnownExtension(token) && !isProductName(token));
  return plain.length === 1 && plain[0] ? { name: plain[0], certainty: USAGE.test(line) ? 'mentioned' : 'stated' } : undefined;
}

const COMMENTS: readonly RegExp[] = [
  /^<!--\s?(.*?)\s?-->/,
  /^\{?\/\*+\s?(.*?)\s?\*\//,
  /^\/\/+\s?(.*)$/,
  /^#+\s(.*)$/,
  /^--\s(.*)$/,
  /^[;%]+\s(.*)$/,
  /^"""\s?(.*?)\s?"""$/,
];

/**
 * The name in the first comment of the code, which may follow a `#!`, a doctype or an XML declaration: the comment must hold the name
 * and nothing else. `isWhole` is false while more of the code may still come: then a line without its end is not yet read.
 */
export function nameInFirstComment(content: string, fenceInfo: string, isWhole: boolean): string | undefined {
  if (fenceWord(fenceInfo) === 'markdown' || fenceWord(fenceInfo) === 'md') return undefined;
  const head = content.slice(0, 2 * MAX_LINE);
  const lines = head.split('\n', 3);
  for (const [index, raw] of lines.slice(0, 2).entries()) {
    if (index === lines.length - 1 && !(isWhole && head.length === content.length)) return undefined;
    const line = raw.trim();
    if (line.length > MAX_LINE) return undefined;
    if (index === 0 && /^(?:#!|<!doctype|<\?xml)/i.test(line)) continue;
    const comment = COMMENTS.map((pattern) => pattern.exec(line)?.[1]).find((text) => text !== undefined);
    if (comment === undefined) return undefined;
    const name = strip(comment.trim());
    return !name.includes(' ') && looksLikeName(name) && !isProductName(name) ? tidy(name) : undefined;
  }
  return undefined;
}

/**
 * The name in a line that begins one of several files in one text: a comment at the line's start, or a separator, that holds the name and
 * nothing else but signs around it.
 */
export function nameInMarker(line: string): string | undefined {
  if (line.length > MAX_LINE || !/^[<{/#;%"=-]/.test(line)) return undefined;
  const whole = line.trimEnd();
  const comment = COMMENTS.map((pattern) => pattern.exec(whole)).find((match) => match?.[0].length === whole.length)?.[1];
  const name = nameInSeparator(whole) ?? strip((comment ?? '').replace(/^[=\-*#~\s]+|[=\-*#~:\s]+$/g, ''));
  return !/\s/.test(name) && looksLikeName(name) && hasKnownExtension(name) && !isProductName(name) ? tidy(name) : undefined;
}

/** The name between the signs of a separator line, `=== src/x.css ===` or `--- x.css ---`; `''` for `=== end ===`. */
export function nameInSeparator(line: string): string | undefined {
  if (line.length > MAX_LINE) return undefined;
  const trimmed = line.trim();
  const sign = trimmed[0];
  if ((sign !== '=' && sign !== '-') || !trimmed.startsWith(sign.repeat(3)) || !trimmed.endsWith(sign.repeat(3)))
    return undefined;
  const middle = strip(trimmed.replace(/^[=-]+|[=-]+$/g, '').trim());
  if (/^(?:end|eof)(?: of files?)?$/i.test(middle)) return '';
  return looksLikeName(middle) || hasFolder(middle) ? tidy(middle) : undefined;
}

/** The file that a line of the form `<file path="name">` begins: its tag, its name and how long the tag is, white space before it included. */
export function nameInTag(line: string): { readonly tag: string; readonly name: string; readonly length: number } | undefined {
  const match =
    /^\s{0,20}<((?:\w{1,20}[-_])?(?:file|write)|document|code|artifact|antArtifact|boltAction)(\s[^<>]{1,300})>/i.exec(line);
  const [whole, tag, attributes = ''] = match ?? [];
  if (whole === undefined || tag === undefined || attributes.endsWith('/')) return undefined;
  const name = /\s(?:file[-_]?path|file[-_]?name|path|name|src|title)\s?=\s?(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
  const value = (name?.[1] ?? name?.[2] ?? '').trim();
  return looksLikeName(value) && hasKnownExtension(value) ? { tag, name: tidy(value), length: whole.length } : undefined;
}

/**
 * The file that a tag for its content begins, where the line before it is a tag with its name: `<path>src/x.ts</path>`, then `<content>`.
 * Several makers' own forms for files and for tools that write them are made so.
 */
export function nameInTags(
  before: string,
  line: string,
): { readonly tag: string; readonly name: string; readonly length: number } | undefined {
  const content = /^\s{0,20}<((?:\w{1,20}_)?(?:contents?|text|code))>/i.exec(line);
  const name =
    content && /^\s{0,20}<(path|source|name|file|file_?path|file_?name|target_?file)>([^<>]{1,300})<\/\1>\s*$/i.exec(before)?.[2];
  const [whole, tag] = content ?? [];
  if (!name || whole === undefined || tag === undefined || !looksLikeName(name.trim())) return undefined;
  return { tag, name: tidy(name.trim()), length: whole.length };
}

/** Takes labels, numbers, quotes, brackets and a final colon off a name. */
function strip(text: string): string {
  let name = text.trim().replace(PICTURES, '').replace(/:+$/, '').replace(ORDINAL, '').replace(LABEL, '').trim();
  for (;;) {
    const inner = /^(?:`([^`]+)`|"([^"]+)"|'([^']+)'|\(([^()]+)\)|\[([^[\]]+)\]|\*([^*]+)\*|_([^\s]+)_)$/.exec(name);
    if (!inner) return name;
    name = inner.slice(1).find((part) => part !== undefined) ?? name;
  }
}

/** `./index.html` is `index.html`. Nothing else is repaired. */
const tidy = (name: string): string => (/^\.\/[^/]/.test(name) ? name.slice(2) : name);

/** True for what reads as a file's name: an extension, or a known bare name, or a path that can be nothing else. */
function looksLikeName(text: string): boolean {
  if (text === '' || text.length > MAX_NAME || text.includes('://') || /[\n\r\t`<>|*?"]/.test(text)) return false;
  if (isBareFileName(text)) return true;
  const base = text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
  if (/^[^\s].{0,200}\.[a-z][a-z0-9]{0,11}$/i.test(base) || /^\.[a-z][\w.-]{0,60}$/i.test(base)) {
    return !/\s/.test(text) || hasKnownExtension(text);
  }
  return (
    !/\s/.test(text) &&
    base !== '' &&
    (/^(?:\.{1,2}|~)?[/\\]/.test(text) || /^\.[a-z]+\//i.test(text) || text.split('/').length > 2)
  );
}

const hasFolder = (text: string): boolean =>
  text.length <= MAX_NAME && !/\s/.test(text) && !text.includes('://') && /^[^/\\]*[/\\].*[^/\\]$/.test(text);

/** Libraries that are called like a script. */
const isProductName = (name: string): boolean =>
  /^(?:Node|Vue|Next|Nuxt|React|Express|Three|D3|Chart|Alpine|Ember|Backbone|Moment|Discord|Deno|Nest|p5|Solid|Angular)\.(?:js|io)$/.test(
    name,
  ) || /^(?:e\.g|i\.e|etc)\.?$/i.test(name);
