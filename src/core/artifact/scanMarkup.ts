/** Markup: its comments, those of the scripts and styles within it, and the tags and blocks that are open at the end. */
import { endOfRaw, endOfString } from './literals.ts';
import { type Scan, type Stretch, scanCode } from './scanCode.ts';
import { SCRIPT, STYLE } from './syntax.ts';

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

/** Looks at a whole file of tags. */
export function scanMarkup(text: string, languageId: string): Scan {
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
