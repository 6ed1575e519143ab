/** Code: comments, and brackets and texts that are open at the end. Of markup, the scripts and styles within it. */
import { endOfHereText, endOfLine, endOfLiteral, endOfTemplatePart } from './literals.ts';
import { STYLE, type Syntax } from './syntax.ts';

export interface Stretch {
  readonly text: string;
  readonly start: number;
  /** Offset after its closing mark. */
  readonly end: number;
}

export interface Scan {
  readonly comments: readonly Stretch[];
  /** What is not closed where the text ends, in words: `a brace`, `<section>`; the innermost. Undefined: all is closed. */
  readonly open?: string;
}

const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };
const NAMES: Readonly<Record<string, string>> = { '{': 'a brace', '(': 'a bracket', '[': 'a bracket', '`': 'a text' };

/** So many `<<WORD` whose word does not come again are shifts of numbers: each costs a look through all that follows. */
const MAX_UNENDED = 20;

/** Looks at the stretch of `text` from `from` to `to`, in one language. */
export function scanCode(text: string, from: number, to: number, syntax: Syntax): Scan {
  const comments: Stretch[] = [];
  const stack: string[] = [];
  let open: string | undefined;
  /** The last sign that is neither white space nor a comment; `"` for a text. */
  let last = '';
  let unended = 0;
  let at = from;
  /** Passes a part of a template text, up to the expression in it or to its end. */
  const passTemplatePart = (start: number): void => {
    at = endOfTemplatePart(text, start, to);
    if (text[at] === '`' && at < to) stack.pop();
    else if (at < to) stack.push('{');
    at += text[at] === '$' ? 2 : 1;
    last = '`';
  };
  while (at < to) {
    const char = text.charAt(at);
    if (isPlain(text.charCodeAt(at))) {
      if (char > ' ') last = char;
      at += 1;
      continue;
    }
    const comment = commentAt(text, at, to, syntax);
    if (comment) {
      comments.push(comment);
      if (comment.isOpen) open = 'a comment';
      at = comment.end;
      continue;
    }
    const hereEnd = syntax.hereTexts && char === '<' && unended < MAX_UNENDED ? endOfHereText(text, at, to) : undefined;
    if (hereEnd === -1) unended += 1;
    else if (hereEnd !== undefined) {
      at = hereEnd;
      last = '"';
      continue;
    }
    const literal = endOfLiteral(text, at, to, syntax, last);
    if (literal) {
      if (literal.isOpen) open = 'a text';
      at = literal.end;
      last = '"';
      continue;
    }
    if (syntax.isScript && char === '`') {
      stack.push('`');
      passTemplatePart(at + 1);
      continue;
    }
    if (char in CLOSERS) stack.push(char);
    else if (char === '}' || char === ')' || char === ']') {
      if (CLOSERS[stack.at(-1) ?? ''] === char) stack.pop();
      if (char === '}' && stack.at(-1) === '`') {
        passTemplatePart(at + 1);
        continue;
      }
    }
    if (char > ' ') last = char;
    at += 1;
  }
  if (open !== undefined) return { comments, open };
  const inner = stack.at(-1);
  const unclosed =
    inner === undefined
      ? halfStatement(text, from, to, syntax, last, comments)
      : looksClosed(text, from, to)
        ? undefined
        : NAMES[inner];
  return unclosed === undefined ? { comments } : { comments, open: unclosed };
}

/** The comment that begins at `at`. */
function commentAt(text: string, at: number, to: number, syntax: Syntax): (Stretch & { readonly isOpen: boolean }) | undefined {
  const line = syntax.line.find((mark) => text.startsWith(mark, at));
  if (line && (line !== '//' || text[at - 1] !== ':')) {
    const end = endOfLine(text, at, to);
    return { text: text.slice(at + line.length, end), start: at, end, isOpen: false };
  }
  if (!syntax.block || text[at] !== '/' || text[at + 1] !== '*') return undefined;
  const length = text.slice(at + 2, to).indexOf('*/');
  const close = length < 0 ? to : at + 2 + length;
  return { text: text.slice(at + 2, close), start: at, end: length < 0 ? to : close + 2, isOpen: length < 0 };
}

/** What ends too early although no bracket is open. `last`: the last sign of the code. */
function halfStatement(
  text: string,
  from: number,
  to: number,
  syntax: Syntax,
  last: string,
  comments: readonly Stretch[],
): string | undefined {
  if (last === '') return undefined;
  if (syntax === STYLE && from === 0 && !'};'.includes(last)) return 'a rule';
  const isPlaceholder = syntax.tripleQuotes && /\.{3}\s*$/.test(text.slice(Math.max(from, to - 200), to));
  if (syntax.unfinished.includes(last) && !isPlaceholder) return 'a statement';
  const isHalf = syntax.isScript && from === 0 && HALF_STATEMENT.test(codeBefore(text, to, comments));
  return isHalf ? 'a statement' : undefined;
}

/** Words and signs of a script after which something has to come. */
const HALF_STATEMENT =
  /(?:^|\s)(?:import|from|extends|implements|new|typeof|await|const|let|var|function|class|interface|export(?: default)?)$|=>$/;

/** The last line of code, without what comes behind it. */
function codeBefore(text: string, to: number, comments: readonly Stretch[]): string {
  const from = Math.max(0, to - 200);
  const tail = text.slice(from, to).trimEnd();
  return (comments.at(-1)?.end ?? 0) >= from + tail.length ? '' : tail.slice(tail.lastIndexOf('\n') + 1);
}

/** Letters, digits and spaces open and close nothing: most signs are told by this alone. */
const isPlain = (code: number): boolean =>
  code === 32 || code === 10 || (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** Where our reading says open, but as many signs open as close and the last line is a closing one: then our reading is wrong. */
function looksClosed(text: string, from: number, to: number): boolean {
  const last = text.slice(Math.max(from, to - 200), to).trimEnd();
  if (!/[})\];]$/.test(last)) return false;
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const char = text[at];
    if (char === '{' || char === '(' || char === '[') depth += 1;
    else if (char === '}' || char === ')' || char === ']') depth -= 1;
  }
  return depth === 0;
}
