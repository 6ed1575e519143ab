/**
 * A tolerant look at a file's text: its comments, the words between its tags, and what is still open where it ends.
 *
 * It is no parser. Answers are cut, mixed and sloppy, and a wrong alarm costs more than a missed one; so whatever can be read in two ways
 * is read as sound: a string ends with its line, an apostrophe after a letter opens nothing, a tag that HTML lets go unclosed is closed.
 * One pass, in time proportional to the text.
 */

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

interface Syntax {
  readonly line: readonly string[];
  readonly block: boolean;
  readonly quotes: string;
  readonly isScript: boolean;
  readonly tripleQuotes?: true;
  /** `'x'` is one sign, and what lies between backticks is as it stands. */
  readonly isCLike?: true;
  /** What a statement does not end with. */
  readonly unfinished: string;
}

const SCRIPT: Syntax = { line: ['//'], block: true, quotes: '"\'', isScript: true, unfinished: '=,+&|.' };
const STYLE: Syntax = { line: [], block: true, quotes: '"\'', isScript: false, unfinished: '' };
const NESTED_STYLE: Syntax = { ...STYLE, line: ['//'] };
const HASH: Syntax = { line: ['#'], block: false, quotes: '"\'', isScript: false, tripleQuotes: true, unfinished: '=,+.' };
const PYTHON: Syntax = { ...HASH, unfinished: '=,+.:' };
const C_LIKE: Syntax = { line: ['//'], block: true, quotes: '"', isScript: false, isCLike: true, unfinished: '=,+&|.' };
const SQL: Syntax = { line: ['--'], block: true, quotes: "'", isScript: false, unfinished: ',' };

const SYNTAX: Readonly<Record<string, Syntax>> = {
  javascript: SCRIPT,
  javascriptreact: SCRIPT,
  typescript: SCRIPT,
  typescriptreact: SCRIPT,
  css: STYLE,
  scss: NESTED_STYLE,
  less: NESTED_STYLE,
  python: PYTHON,
  ruby: HASH,
  shellscript: HASH,
  yaml: HASH,
  toml: HASH,
  elixir: HASH,
  go: C_LIKE,
  rust: C_LIKE,
  java: C_LIKE,
  kotlin: C_LIKE,
  swift: C_LIKE,
  dart: C_LIKE,
  c: C_LIKE,
  cpp: C_LIKE,
  csharp: C_LIKE,
  php: { ...C_LIKE, line: ['//', '#'] },
  sql: SQL,
  lua: SQL,
  haskell: SQL,
  jsonc: C_LIKE,
  json: C_LIKE,
};

const MARKUP: ReadonlySet<string> = new Set(['html', 'xml', 'svg', 'vue', 'svelte', 'astro', 'handlebars', 'razor']);

/** True for languages of which tags are the body. */
const isMarkup = (languageId: string): boolean => MARKUP.has(languageId);

/** Looks at a file in the language of that id; undefined for one we know no syntax of. */
export function scan(content: string, languageId: string): Scan | undefined {
  if (isMarkup(languageId)) return scanMarkup(content, languageId);
  const syntax = SYNTAX[languageId];
  return syntax && scanCode(content, 0, content.length, syntax);
}

const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };
const NAMES: Readonly<Record<string, string>> = { '{': 'a brace', '(': 'a bracket', '[': 'a bracket' };

function scanCode(text: string, from: number, to: number, syntax: Syntax): Scan {
  const comments: Stretch[] = [];
  const stack: string[] = [];
  let open: string | undefined;
  /** The last sign that is neither white space nor a comment. */
  let last = '';
  let at = from;
  while (at < to) {
    const char = text.charAt(at);
    if (isPlain(text.charCodeAt(at))) {
      if (char > ' ') last = char;
      at += 1;
      continue;
    }
    const line = syntax.line.find((mark) => text.startsWith(mark, at));
    if (line && (line !== '//' || text[at - 1] !== ':')) {
      const end = endOfLine(text, at, to);
      comments.push({ text: text.slice(at + line.length, end), start: at, end });
      at = end;
      continue;
    }
    if (syntax.block && char === '/' && text[at + 1] === '*') {
      const close = text.indexOf('*/', at + 2);
      const isOpen = close < 0 || close >= to;
      const end = isOpen ? to : close + 2;
      comments.push({ text: text.slice(at + 2, isOpen ? to : close), start: at, end });
      if (isOpen) open = 'a comment';
      at = end;
      continue;
    }
    if (syntax.tripleQuotes && (text.startsWith('"""', at) || text.startsWith("'''", at))) {
      const close = text.indexOf(text.slice(at, at + 3), at + 3);
      if (close < 0 || close >= to) return { comments, open: 'a text' };
      at = close + 3;
      last = '"';
      continue;
    }
    if (syntax.quotes.includes(char) && !(char === "'" && isApostrophe(text, at, syntax))) {
      at = endOfString(text, at, to);
      last = char;
      continue;
    }
    if (syntax.isCLike && char === "'") {
      at += /^'(?:\\.|[^\\'\n])'/.exec(text.slice(at, at + 4))?.[0].length ?? 1;
      last = char;
      continue;
    }
    if (syntax.isCLike && char === '`') {
      at = endOfRaw(text, at, to);
      last = char;
      continue;
    }
    if (syntax.isScript && char === '`') {
      stack.push('`');
      at = endOfTemplatePart(text, at + 1, to);
      if (text[at] === '`' && at < to) stack.pop();
      else if (at < to) stack.push('{');
      at += text[at] === '$' ? 2 : 1;
      last = '`';
      continue;
    }
    if (syntax.isScript && char === '/' && text[at + 1] !== '>' && mayBeginPattern(text, at, last)) {
      at = endOfPattern(text, at, to);
      last = '/';
      continue;
    }
    if (char in CLOSERS) stack.push(char);
    else if (char === '}' || char === ')' || char === ']') {
      if (CLOSERS[stack.at(-1) ?? ''] === char) stack.pop();
      if (char === '}' && stack.at(-1) === '`') {
        at = endOfTemplatePart(text, at + 1, to);
        if (text[at] === '`' && at < to) stack.pop();
        else if (at < to) stack.push('{');
        at += text[at] === '$' ? 2 : 1;
        last = '`';
        continue;
      }
    }
    if (char > ' ') last = char;
    at += 1;
  }
  const inner = stack.at(-1);
  const unclosed = open ?? (inner === '`' ? 'a text' : inner === undefined ? undefined : NAMES[inner]);
  if (unclosed === undefined && last !== '') {
    if (syntax === STYLE && from === 0 && !'};'.includes(last)) return { comments, open: 'a rule' };
    const isPlaceholder = syntax.tripleQuotes && /\.{3}\s*$/.test(text.slice(Math.max(from, to - 200), to));
    if (syntax.unfinished.includes(last) && !isPlaceholder) return { comments, open: 'a statement' };
  }
  if (unclosed === undefined || (open === undefined && looksClosed(text, from, to))) return { comments };
  return { comments, open: unclosed };
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

const endOfLine = (text: string, at: number, to: number): number => {
  const newline = text.indexOf('\n', at);
  return newline < 0 || newline > to ? to : newline;
};

/** Offset after the string that begins at `at`; at the end of the line for one that is not closed on it. */
function endOfString(text: string, start: number, to: number): number {
  const quote = text[start];
  for (let at = start + 1; at < to; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n') return at;
  }
  return to;
}

/** Offset after the next backtick, over lines. */
const endOfRaw = (text: string, start: number, to: number): number => {
  const close = text.indexOf('`', start + 1);
  return close < 0 || close >= to ? to : close + 1;
};

/** Offset of the next `${` or backtick. */
function endOfTemplatePart(text: string, start: number, to: number): number {
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

const VOID = new Set('area base br col embed hr img input link meta param source track wbr !doctype ?xml'.split(' '));
/** Elements that HTML closes by itself, or that nobody misses. */
const OPTIONAL = new Set(
  'html head body p li dt dd tr td th thead tbody tfoot colgroup caption option optgroup rp rt'.split(' '),
);
const TEMPLATE_COMMENTS: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<%--', '--%>'],
  ['{{!--', '--}}'],
  ['{{--', '--}}'],
  ['{#', '#}'],
  ['@*', '*@'],
];

function scanMarkup(text: string, languageId: string): Scan {
  const comments: Stretch[] = [];
  const stack: string[] = [];
  const hasBraces = languageId === 'svelte' || languageId === 'astro' || languageId === 'vue';
  const folds = languageId === 'html';
  const counts = new Map<string, number>();
  /** Marks of comments that are closed nowhere further on. */
  const unclosed = new Set<string>();
  const braces = createBraceReader(text);
  let blocks = 0;
  let at = 0;
  let open: string | undefined;
  const isCommentAt = (index: number): readonly [string, string] | undefined => {
    const char = text[index];
    if (char !== '<' && char !== '{' && char !== '@') return undefined;
    return TEMPLATE_COMMENTS.find(
      ([mark]) =>
        text.startsWith(mark, index) &&
        !unclosed.has(mark) &&
        !(mark === '{#' && languageId === 'svelte') &&
        !(mark === '@*' && languageId !== 'razor'),
    );
  };
  while (at < text.length) {
    const next = nextMark(text, at);
    if (next < 0) break;
    at = next;
    const mark = isCommentAt(at);
    if (mark) {
      const close = text.indexOf(mark[1], at + mark[0].length);
      if (close < 0 && mark[0] !== '<!--') {
        unclosed.add(mark[0]);
        at += 1;
        continue;
      }
      const end = close < 0 ? text.length : close + mark[1].length;
      comments.push({ text: text.slice(at + mark[0].length, close < 0 ? text.length : close), start: at, end });
      if (close < 0) open = 'a comment';
      at = end;
    } else if (text[at] === '{' && hasBraces) {
      if (languageId === 'svelte' && text[at + 1] === '#') blocks += 1;
      if (languageId === 'svelte' && text[at + 1] === '/') blocks -= 1;
      const end = braces(at);
      const inside = scanCode(text, at + 1, end, SCRIPT);
      comments.push(...inside.comments);
      if (end >= text.length && text[text.length - 1] !== '}') open = 'a brace';
      at = Math.max(at + 1, end);
    } else if (text[at] === '<') {
      const tag = /^<(\/?)([a-zA-Z!?][\w:.-]{0,80})/.exec(text.slice(at, at + 90));
      if (!tag) {
        if (at + 1 >= text.length || (text[at + 1] === '/' && at + 2 >= text.length)) open = 'a tag';
        at += 1;
        continue;
      }
      const name = folds ? (tag[2] ?? '').toLowerCase() : (tag[2] ?? '');
      const end = endOfTag(text, at + tag[0].length, hasBraces ? braces : undefined);
      if (end === undefined) {
        open = `<${name}>`;
        break;
      }
      const isClosed = text[end - 2] === '/';
      at = end;
      if (tag[1] === '/') {
        while ((counts.get(name) ?? 0) > 0) {
          const popped = stack.pop() ?? name;
          counts.set(popped, (counts.get(popped) ?? 1) - 1);
          if (popped === name) break;
        }
      } else if (!isClosed && !VOID.has(name.toLowerCase())) {
        const raw = /^(?:script|style)$/i.test(name);
        if (!raw) {
          stack.push(name);
          counts.set(name, (counts.get(name) ?? 0) + 1);
        } else {
          const close = indexOfClosing(text, at, name);
          const body = scanCode(text, at, close ?? text.length, /^style$/i.test(name) ? STYLE : SCRIPT);
          comments.push(...body.comments);
          if (close === undefined) {
            open = body.open ?? `<${name}>`;
            break;
          }
          at = close;
        }
      }
    } else at += 1;
  }
  const isDocument = /^\s{0,200}<(?:!doctype\s|html[\s>])/i.test(text.slice(0, 400));
  const isEnded = isDocument && /<\/html\s{0,20}>\s*(?:<!--|$)/i.test(text.slice(-2000));
  const left = isEnded ? undefined : stack.findLast((name) => !OPTIONAL.has(name.toLowerCase()));
  const misses = isDocument && !isEnded && /<html[\s>]/i.test(text.slice(0, 2000)) ? '<html>' : undefined;
  const last = open ?? (left === undefined ? misses : `<${left}>`) ?? (blocks > 0 ? 'a {#block}' : undefined);
  return last === undefined ? { comments } : { comments, open: last };
}

function nextMark(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '<' || char === '{' || char === '@') return at;
  }
  return -1;
}

/**
 * Reads from a brace to after the one that closes it, strings respected. What is not closed within some thousand signs is no pair, and no
 * brace in that stretch is tried again, so that all of it takes time in proportion to the text. Without a pair it is one sign on.
 */
function createBraceReader(text: string): (start: number) => number {
  let hopelessUntil = 0;
  return (start) => {
    if (start < hopelessUntil) return start + 1;
    const limit = Math.min(text.length, start + 5000);
    let depth = 0;
    for (let at = start; at < limit; at += 1) {
      const char = text[at];
      if (char === '{') depth += 1;
      else if (char === '}') {
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (char === '`') {
        at = endOfRaw(text, at, limit) - 1;
      } else if (char === '"' || (char === "'" && !/\p{L}/u.test(text[at - 1] ?? ''))) {
        at = Math.max(at, endOfString(text, at, limit) - 1);
      }
    }
    if (limit === text.length) return text.length;
    hopelessUntil = limit;
    return start + 1;
  };
}

/** Offset after the tag's `>`; undefined when the text ends inside of it. */
function endOfTag(text: string, from: number, braces: ((start: number) => number) | undefined): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '>') return at + 1;
    if (char === '<' && !braces) return at; // a sloppy tag: the next one begins
    if (braces && char === '{') at = Math.max(at, braces(at) - 1);
    else if ((char === '"' || char === "'") && /[=\s]/.test(text[at - 1] ?? '')) {
      const close = text.indexOf(char, at + 1);
      if (close < 0) return undefined;
      at = close;
    }
  }
  return undefined;
}

function indexOfClosing(text: string, from: number, name: string): number | undefined {
  const pattern = new RegExp(`</${name}(?=[\\s>/])`, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
}
