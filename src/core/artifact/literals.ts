/** Where texts and patterns within code end. Template texts are left to the caller, as there is code within them. */
import type { Syntax } from './syntax.ts';

interface LiteralEnd {
  readonly end: number;
  /** True when the code ends within it. */
  readonly isOpen?: boolean;
}

/** The end of the text, sign or pattern that begins at `at`; undefined when none does. `last`: the sign before it. */
export function endOfLiteral(text: string, at: number, to: number, syntax: Syntax, last: string): LiteralEnd | undefined {
  const char = text.charAt(at);
  if (syntax.tripleQuotes && (text.startsWith('"""', at) || text.startsWith("'''", at))) {
    const close = text.indexOf(text.slice(at, at + 3), at + 3);
    return close < 0 || close >= to ? { end: to, isOpen: true } : { end: close + 3 };
  }
  if (syntax.quotes.includes(char) && !(char === "'" && isApostrophe(text, at, syntax))) {
    const end = endOfString(text, at, to);
    const isClosed = end - at > 1 && text[end - 1] === char;
    return { end, isOpen: syntax.endsStrings === true && !isClosed && isBlank(text, end, to) };
  }
  if (syntax.isCLike && char === "'") return { end: at + (/^'(?:\\.|[^\\'\n])'/.exec(text.slice(at, at + 4))?.[0].length ?? 1) };
  if (syntax.isCLike && char === '`') {
    const end = endOfRaw(text, at, to);
    return { end, isOpen: end === to && text[to - 1] !== '`' };
  }
  if (syntax.isScript && char === '/' && text[at + 1] !== '>' && mayBeginPattern(text, at, last))
    return { end: endOfPattern(text, at, to) };
  return undefined;
}

const isBlank = (text: string, from: number, to: number): boolean => to - from < 200 && text.slice(from, to).trim() === '';

/** Offset of the line's end. */
export const endOfLine = (text: string, at: number, to: number): number => {
  const length = text.slice(at, to).indexOf('\n');
  return length < 0 ? to : at + length;
};

/** Offset after the string that begins at `at`; at the end of the line for one that is not closed on it. */
export function endOfString(text: string, start: number, to: number): number {
  const quote = text[start];
  for (let at = start + 1; at < to; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n') return at;
  }
  return to;
}

/** Offset after the text that `<<WORD` begins at `start`; -1 where its word does not come again; undefined: it begins none. */
export function endOfHereText(text: string, start: number, to: number): number | undefined {
  const word = /^<<[-~]?\s?(["']?)([A-Za-z_]\w{0,60})\1/.exec(text.slice(start, Math.min(to, start + 80)))?.[2];
  if (word === undefined) return undefined;
  const end = new RegExp(`^[ \\t]*${word}$`, 'gm');
  end.lastIndex = endOfLine(text, start, to);
  const found = end.exec(text);
  return found && found.index < to ? found.index + found[0].length : -1;
}

/** Offset after the next backtick, over lines. */
export const endOfRaw = (text: string, start: number, to: number): number => {
  const close = text.indexOf('`', start + 1);
  return close < 0 || close >= to ? to : close + 1;
};

/** Offset of the next `${` or backtick. */
export function endOfTemplatePart(text: string, start: number, to: number): number {
  for (let at = start; at < to; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`' || (text[at] === '$' && text[at + 1] === '{')) return at;
  }
  return to;
}

/** Offset after a regular expression; one sign on when it does not end on its line. */
function endOfPattern(text: string, start: number, to: number): number {
  let inClass = false;
  const limit = Math.min(to, start + 500);
  for (let at = start + 1; at < limit; at += 1) {
    const char = text[at];
    if (char === '\n') break;
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
  }
  return start + 1;
}

/** A slash divides after a value, and begins a pattern after anything else. */
const mayBeginPattern = (text: string, at: number, last: string): boolean =>
  '(,=:[!&|?{;\n'.includes(last || '\n') ||
  /(?:=>|(?:^|[^\w$])(?:return|case|typeof))\s*$/.test(text.slice(Math.max(0, at - 40), at));

/** After a letter that is no keyword and no prefix of a string. */
const isApostrophe = (text: string, at: number, syntax: Syntax): boolean =>
  /[\p{L}\d]/u.test(text[at - 1] ?? '') &&
  !isKeywordBefore(text, at) &&
  !(syntax.tripleQuotes && /(?:^|[^\w])[bfru]{1,2}$/i.test(text.slice(Math.max(0, at - 3), at)));

const isKeywordBefore = (text: string, at: number): boolean =>
  /(?:^|[^\w$])(?:return|case|typeof|in|of|from|import|else)$/.test(text.slice(Math.max(0, at - 8), at));
