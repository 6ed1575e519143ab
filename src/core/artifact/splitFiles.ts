/**
 * Several files in one block: where lines that hold a file's name and nothing else divide it, and where a shell script writes them.
 *
 * A comment may also speak of another file. So a block is divided only where its first line is such a line, where each names another file,
 * and where what lies between two of them is closed: a name within a page or a function divides nothing.
 */
import type { ExtractOptions } from './answerFile.ts';
import type { Block } from './blocks.ts';
import { nameInMarker } from './fileNames.ts';
import { familyOfFence, fenceWord, languageIdOf } from './languages.ts';
import { baseOf } from './patches.ts';
import { scan } from './scan.ts';

interface Piece {
  readonly name: string;
  readonly content: string;
}

/**
 * The files of a block, each as a block of its own; the block itself where it is one file. `stated`: the name beside the block, which then
 * has to be one of them. Of an answer about code, one has to be the code asked about.
 */
export function splitBlock(block: Block, stated: string | undefined, { kind, sourceName }: ExtractOptions): readonly Block[] {
  if (block.form !== 'fence' || /^(?:md|markdown|mdx|diff|patch)$/.test(fenceWord(block.info))) return [block];
  const pieces = familyOfFence(block.info) === 'shell' ? writtenFiles(block.content) : dividedFiles(block.content);
  const has = (name: string): boolean => pieces.some((piece) => baseOf(piece.name) === baseOf(name));
  if (pieces.length === 0 || (stated !== undefined && !has(stated)) || (kind === 'code' && !has(sourceName ?? '')))
    return [block];
  return pieces.map(({ name, content }, index) => ({
    form: 'section',
    info: '',
    before: name,
    heading: '',
    content,
    closed: block.closed || index < pieces.length - 1,
  }));
}

/** A line of signs above or below a name, in a comment. */
const RULE = /^(?:\/\/|#|\/\*|<!--)\s?[=\-*#~]{5,}\s?(?:\*\/|-->)?\s*$/;

function dividedFiles(content: string): readonly Piece[] {
  const marks: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  let ruleAt: number | undefined;
  for (let at = 0, newline = content.indexOf('\n'); newline >= 0; at = newline + 1, newline = content.indexOf('\n', at)) {
    const line = content.slice(at, Math.min(newline, at + 500));
    const name = nameInMarker(line);
    if (name !== undefined) marks.push({ name, start: ruleAt ?? at, end: newline + 1 });
    else if (marks.length === 0 && ruleAt === undefined && line.trim() !== '' && !RULE.test(line)) return [];
    ruleAt = RULE.test(line) ? at : undefined;
  }
  if (marks.length < 2 || new Set(marks.map(({ name }) => name.toLowerCase())).size < marks.length) return [];
  const bodies = marks.map(({ end }, index) => content.slice(end, marks[index + 1]?.start));
  const isFile = ({ name }: { name: string }, index: number): boolean => {
    const [body = '', languageId] = [bodies[index], languageIdOf(name, '')];
    return fits(body, languageId) && (index === marks.length - 1 || isWhole(body, languageId));
  };
  if (!marks.every(isFile)) return [];
  return marks.map(({ name, start, end }, index): Piece => {
    const mark = content.slice(start, end);
    const isComment = scan(mark, languageIdOf(name, ''))?.comments.length !== 0;
    const text = `${isComment ? mark : ''}${bodies[index]}`;
    return { name, content: index < marks.length - 1 ? `${text.trimEnd()}\n` : text };
  });
}

/** Has begun as its name says. A style sheet or a script does not begin with a tag: a comment above `<style>` is of the page. */
const fits = (text: string, languageId: string): boolean =>
  text.trim() !== '' && !(/^\s*</.test(text) && /^(?:css|scss|less|javascript|typescript|json)/.test(languageId));

/** All that it opens it closes. */
function isWhole(text: string, languageId: string): boolean {
  if (scan(text, languageId)?.open !== undefined) return false;
  const lower = text.toLowerCase();
  return ['html', 'head', 'body'].every((tag) => {
    const open = Math.max(...[' ', '>', '\n'].map((next) => lower.lastIndexOf(`<${tag}${next}`)));
    return open < 0 || lower.includes(`</${tag}`, open);
  });
}

const HEREDOC = /^(?:cat|tee)[ \t][^\n]{0,300}<<-?[ \t]?(["']?)([A-Za-z_]\w{0,40})\1[^\n]{0,300}\n/gm;

/** What `cat > name << EOF` writes. */
function writtenFiles(script: string): readonly Piece[] {
  const pieces: Piece[] = [];
  HEREDOC.lastIndex = 0;
  for (let match = HEREDOC.exec(script); match; match = HEREDOC.exec(script)) {
    const name = /^tee\s+([\w./-]{1,200})|(?<!>)>\s?["']?([\w./-]{1,200})/.exec(match[0]);
    const from = HEREDOC.lastIndex;
    const end = new RegExp(`^\\t*${match[2]}[ \\t]*$`, 'm').exec(script.slice(from));
    const to = end ? from + end.index : script.length;
    const path = name?.[1] ?? name?.[2];
    if (path !== undefined) pieces.push({ name: path.replace(/^\.\//, ''), content: script.slice(from, to) });
    HEREDOC.lastIndex = to;
  }
  return pieces;
}
