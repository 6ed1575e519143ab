/**
 * Cuts an answer into blocks of code and prose: one pass over its lines, for any prefix of a streaming answer.
 *
 * Fences follow CommonMark (backticks or tildes, closed by at least as many of the same), with four allowances for how models write:
 * - a fence may be indented by any amount, as in lists, and its content is moved left by as much; it may stand in a quotation;
 * - a fence with a language inside a fence opens a nested one, so that a README with shell fences in a fence of three holds together.
 *   If that leaves the outer fence open at the end, CommonMark's reading is taken instead (except in Markdown, where nesting is sure);
 * - a fence line that names a file begins the next file even if the last fence was never closed (again except in Markdown);
 * - `=== name ===` lines, tags such as `<file path="name">`, a bare `<!doctype html>` and `*** Begin Patch` begin code that has no fence;
 * - a fence that nothing else closes is closed by marks behind its last line of code;
 * - what a model's own marks (`<|im_end|>`, `</file>`) leave behind a closing fence does not keep it open.
 */
import { nameInInfo, nameInSeparator, nameInTag, nameInTags } from './fileNames.ts';
import { fenceWord, isLanguageWord } from './languages.ts';

export interface Block {
  readonly form: 'fence' | 'section' | 'document';
  /** The info string of a fence; empty for other forms. */
  readonly info: string;
  /** The line that may name it: the last line of prose before a fence, or the name in a separator. */
  readonly before: string;
  /** The heading a fence stands under, when it is the first below it; empty when there is none. */
  readonly heading: string;
  /** With `\n` line ends. */
  readonly content: string;
  /** True when its end was seen. */
  readonly closed: boolean;
}

export interface Blocks {
  readonly blocks: readonly Block[];
  /** Everything outside the blocks. */
  readonly prose: string;
}

interface Fence {
  readonly char: string;
  readonly length: number;
  /** Columns before the fence's first character, list markers included. */
  readonly indent: number;
  /** True within a quotation: each line has a `>` before it. */
  readonly isQuoted: boolean;
  readonly info: string;
}

interface OpenFence extends Fence {
  readonly start: number;
  readonly before: string;
  readonly heading: string;
  /** Lengths of the fences opened inside, innermost last. */
  nested: number[];
  /** Where plain CommonMark would have closed it, although it is nested. */
  couldEnd: boolean;
}

interface OpenSection {
  readonly name: string;
  readonly isPatch?: true;
  /** The tag that ends it; absent: the next separator, or the end of the text. */
  readonly endTag?: string;
  readonly start: number;
  isEmpty: boolean;
}

/** Each is read from anew to the end of the text. No sound answer has as many fences closed in this way. */
const MAX_GLUED = 10;

/** What a model thought before it answered, where its server left that in the text. */
const THOUGHT = /^\s{0,20}<(think|thinking)>[\s\S]*?<\/\1>/;

/** Cuts `text` up. `finished`: no more text will come, so a last line without its end counts as a line. */
export function readBlocks(text: string, finished: boolean): Blocks {
  const blocks: Block[] = [];
  const prose: string[] = [];
  const open: { fence: OpenFence | undefined; section: OpenSection | undefined } = { fence: undefined, section: undefined };
  let at = THOUGHT.exec(text)?.[0].length ?? (text.startsWith('\uFEFF') ? 1 : 0);
  let nesting = true;
  let before = '';
  let heading = '';
  let blankLines = 0;
  let gluedCount = 0;

  const openFence = (mark: Fence, start: number, name: string): void => {
    open.fence = { ...mark, start, before: name, heading, nested: [], couldEnd: false };
    before = '';
    heading = '';
  };
  const closeFence = (fence: OpenFence, end: number, closed: boolean): void => {
    const content = dedent(fence.isQuoted ? unquoted(text.slice(fence.start, end)) : text.slice(fence.start, end), fence.indent);
    blocks.push({ form: 'fence', info: fence.info, before: fence.before, heading: fence.heading, content, closed });
    open.fence = undefined;
  };
  const closeSection = (end: number, closed: boolean): void => {
    if (!open.section) return;
    const content = dedent(text.slice(open.section.start, end), 0)
      .replace(/^\s{0,20}<!\[CDATA\[/, '')
      .replace(/\]\]>\s{0,20}$/, '')
      .replace(/^(?:[ \t]*\n)+/, '');
    const whole = closed ? endWithOneNewline(content) : content;
    const form = open.section.isPatch ? { form: 'fence' as const, info: 'diff' } : { form: 'section' as const, info: '' };
    blocks.push({ ...form, before: open.section.name, heading: '', content: whole, closed });
    open.section = undefined;
  };

  for (;;) {
    while (at < text.length) {
      const newline = text.indexOf('\n', at);
      const isWholeLine = newline >= 0 || finished;
      const start = at;
      const next = newline < 0 ? text.length : newline + 1;
      const end = newline < 0 ? text.length : text[newline - 1] === '\r' ? Math.max(start, newline - 1) : newline;
      at = next;
      const { fence, section } = open;
      const mark = readFence(text, start, end, fence === undefined);

      if (fence) {
        if (mark?.char !== fence.char || mark.isQuoted !== fence.isQuoted) continue;
        const isCloser =
          mark.info === '' && mark.length >= (fence.nested.at(-1) ?? fence.length) && mark.indent <= fence.indent + 3;
        if (isCloser && fence.nested.length > 0) {
          fence.couldEnd ||= mark.length >= fence.length;
          fence.nested.pop();
        } else if (isCloser) {
          if (isWholeLine) closeFence(fence, start, true);
        } else if (mark.info !== '' && isWholeLine && mark.length >= fence.length) {
          if (!isMarkdown(fence) && mark.indent <= fence.indent && nameInInfo(mark.info) !== undefined) {
            closeFence(fence, start, false);
            openFence(mark, next, '');
          } else if ((nesting || isMarkdown(fence)) && isLanguageWord(mark.info)) {
            fence.nested.push(mark.length);
          }
        }
        continue;
      }

      const line = text.slice(start, Math.min(end, start + 500));
      const endTag = section?.endTag === undefined ? -1 : text.slice(start, end).indexOf(section.endTag);
      if (section?.endTag !== undefined && endTag >= 0) {
        if (section.isEmpty && endTag === 0) open.section = undefined;
        else closeSection(start + endTag, true);
        at = start + endTag + section.endTag.length;
        continue;
      }
      const tag =
        section === undefined && isWholeLine && end - start < 500 ? (nameInTag(line) ?? nameInTags(before, line)) : undefined;
      if (tag) {
        open.section = { name: tag.name, endTag: `</${tag.tag}>`, start: start + tag.length, isEmpty: true };
        at = start + tag.length;
        before = '';
        continue;
      }
      const separator = section?.endTag === undefined && isWholeLine && end - start < 500 ? nameInSeparator(line) : undefined;
      if (separator !== undefined) {
        closeSection(start, true);
        if (separator !== '') open.section = { name: separator, start: next, isEmpty: true };
        before = '';
      } else if (section) {
        if (mark && section.isEmpty) {
          if (isWholeLine) {
            open.section = undefined;
            openFence(mark, next, section.name);
          }
        } else if (line.trim() !== '') section.isEmpty = false;
      } else if (isWholeLine && /^\*\*\* (?:Begin Patch\s*$|Add File: \S)/.test(line)) {
        open.section = { name: '', isPatch: true, endTag: '*** End Patch', start, isEmpty: false };
        before = '';
      } else if (mark) {
        if (isWholeLine) openFence(mark, next, blankLines <= 2 ? before : '');
      } else if (/^\s{0,20}<(?:!doctype\s+html|html[\s>])/i.test(line)) {
        const closing = /<\/html\s{0,20}>/gi;
        closing.lastIndex = start;
        const closed = closing.exec(text) !== null;
        at = closed ? closing.lastIndex : text.length;
        const content = dedent(text.slice(start, at), 0);
        if (text.startsWith('\n', at)) at += 1;
        blocks.push({
          form: 'document',
          info: 'html',
          before: '',
          heading: '',
          content: closed ? endWithOneNewline(content) : content,
          closed,
        });
      } else {
        prose.push(text.slice(start, next));
        if (/^\s*>?\s*$/.test(line)) blankLines += 1;
        else {
          before = line;
          if (/^ {0,3}#{1,6}\s/.test(line)) heading = line;
          blankLines = 0;
        }
      }
    }
    const glued = open.fence && gluedCount < MAX_GLUED && marksBehindCode(text, open.fence, finished);
    if (open.fence && glued) {
      gluedCount += 1;
      closeFence(open.fence, glued.start, finished); // its true end may still come
      at = glued.end;
      continue;
    }
    // Nesting that never came back is given up, once, for the rest of the text: two passes at most.
    if (!(finished && nesting && open.fence?.couldEnd && !isMarkdown(open.fence))) break;
    nesting = false;
    at = open.fence.start;
    open.fence = { ...open.fence, nested: [], couldEnd: false };
  }

  if (open.fence) closeFence(open.fence, withoutPartialFence(text, open.fence, finished), false);
  closeSection(text.length, finished && (open.section?.endTag === undefined || open.section.isPatch === true));
  return { blocks, prose: prose.join('') };
}

/** Where the fence's marks stand at the end of a line of code, as behind `</html>`. */
function marksBehindCode(text: string, fence: OpenFence, finished: boolean): { start: number; end: number } | undefined {
  const pattern = new RegExp(`(?<=[>;})\\]])${fence.char}{${fence.length}}[ \\t]*(?:\\r?\\n${finished ? '|$' : ''})`, 'g');
  pattern.lastIndex = fence.start;
  const match = isMarkdown(fence) ? null : pattern.exec(text);
  return match ? { start: match.index, end: match.index + match[0].length } : undefined;
}

const isMarkdown = (fence: Fence): boolean => /^(?:md|markdown|mdx)$/.test(fenceWord(fence.info));

/**
 * A fence line: its marks after any indent, and, where `mayOpen`, after a list marker. Undefined for any other line.
 * A backtick fence has no backtick in its info string (CommonMark 4.5).
 */
function readFence(text: string, start: number, end: number, mayOpen: boolean): Fence | undefined {
  const limit = Math.min(end, start + 60);
  let at = pastBlanks(text, start, limit);
  const isQuoted = text[at] === '>';
  const from = isQuoted ? at + (text[at + 1] === ' ' ? 2 : 1) : start;
  if (isQuoted) at = pastBlanks(text, from, limit);
  if (mayOpen && text[at] !== '`' && text[at] !== '~') {
    const marker = /^(?:[-*+]|\d{1,3}[.)])[ \t]{1,4}/.exec(text.slice(at, Math.min(at + 10, end)));
    if (marker) at += marker[0].length;
  }
  const char = text[at];
  if (char !== '`' && char !== '~') return undefined;
  let after = at;
  while (after < end && text[after] === char) after += 1;
  if (after - at < 3) return undefined;
  const info = text.slice(after, end).trim().replace(LEFT_BEHIND, '');
  if (char === '`' && info.includes('`')) return undefined;
  return { char, length: after - at, indent: at - from, isQuoted, info };
}

function pastBlanks(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && (text[at] === ' ' || text[at] === '\t')) at += 1;
  return at;
}

/** Without the `>` before each line. */
const unquoted = (content: string): string => content.replace(/^[ \t]*> ?/gm, '');

/** Marks of the model's own, and closing tags, where an info string would stand. */
const LEFT_BEHIND = /^(?:<[|｜][^<>\n]{1,40}[|｜]>|<\/\w{1,40}>)+$/;

/** While streaming, the first marks of a closing fence are not code yet. */
function withoutPartialFence(text: string, fence: OpenFence, finished: boolean): number {
  if (finished) return text.length;
  const lineStart = Math.max(fence.start, text.lastIndexOf('\n') + 1);
  const tail = text.slice(lineStart, lineStart + 100).trim();
  return tail !== '' && tail.length < 60 && [...tail].every((char) => char === fence.char) ? lineStart : text.length;
}

/** `\n` line ends, and up to `indent` columns of white space off every line. */
function dedent(content: string, indent: number): string {
  const lines = content.includes('\r') ? content.replaceAll('\r\n', '\n') : content;
  return indent === 0 ? lines : lines.replace(new RegExp(`^[ \\t]{1,${Math.min(indent, 60)}}`, 'gm'), '');
}

const endWithOneNewline = (content: string): string => `${content.trimEnd()}\n`;
