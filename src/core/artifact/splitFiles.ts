/**
 * Several files in one block: where lines that hold a file's name and nothing else divide it, and where a shell script writes them.
 *
 * A comment may also speak of another file. So a block is divided only where its first line is such a line, and then by each that names a
 * file not yet named, where what lies before it is closed: a name within a page or a function divides nothing.
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

/** So many names that divide nothing are a list or a trap: each costs a look at what lies before it. */
const MAX_MENTIONS = 20;

interface Mark {
  readonly name: string;
  readonly languageId: string;
  readonly start: number;
  readonly end: number;
}

/** What once divides goes on to do so, whatever follows: a file that was complete while the answer streamed stays as it was. */
function dividedFiles(content: string): readonly Piece[] {
  const marks: Mark[] = [];
  const names = new Set<string>();
  let ruleAt: number | undefined;
  let mentions = 0;
  for (
    let at = 0, newline = content.indexOf('\n');
    newline >= 0 && mentions < MAX_MENTIONS;
    at = newline + 1, newline = content.indexOf('\n', at)
  ) {
    const line = content.slice(at, Math.min(newline, at + 500));
    const name = nameInMarker(line);
    if (name !== undefined) {
      const mark = { name, languageId: languageIdOf(name, ''), start: ruleAt ?? at, end: newline + 1 };
      const last = marks.at(-1);
      const isNew = !names.has(name.toLowerCase()) && beginsAsNamed(content, mark);
      if (isNew && (!last || isWhole(content.slice(last.end, mark.start), last.languageId))) {
        marks.push(mark);
        names.add(name.toLowerCase());
      } else if (!last) return [];
      else mentions += 1;
    } else if (marks.length === 0 && ruleAt === undefined && line.trim() !== '' && !RULE.test(line)) return [];
    ruleAt = RULE.test(line) ? at : undefined;
  }
  if (marks.length < 2) return [];
  return marks.map(({ name, languageId, start, end }, index): Piece => {
    const mark = content.slice(start, end);
    const isComment = scan(mark, languageId)?.comments.length !== 0;
    const text = `${isComment ? mark : ''}${content.slice(end, marks[index + 1]?.start)}`;
    return { name, content: index < marks.length - 1 ? `${text.trimEnd()}\n` : text };
  });
}

/** A style sheet or a script does not begin with a tag: a comment above `<style>` is of the page. Nothing is no beginning. */
function beginsAsNamed(content: string, { end, languageId }: Mark): boolean {
  const first = /\S/g;
  first.lastIndex = end;
  const sign = first.exec(content)?.[0];
  return sign !== undefined && !(sign === '<' && /^(?:css|scss|less|javascript|typescript|json)/.test(languageId));
}

/** Has something in it, and all that it opens it closes. */
function isWhole(text: string, languageId: string): boolean {
  if (text.trim() === '' || scan(text, languageId)?.open !== undefined) return false;
  const lower = text.toLowerCase();
  return ['html', 'head', 'body'].every((tag) => {
    const open = Math.max(...[' ', '>', '\n'].map((next) => lower.lastIndexOf(`<${tag}${next}`)));
    return open < 0 || lower.includes(`</${tag}`, open);
  });
}

const HEREDOC = /^(?:cat|tee)[ \t][^\n]{0,300}<<-?[ \t]?(["']?)([A-Za-z_]\w{0,40})\1[^\n]{0,300}\n/gm;

/** The file behind `>` or `tee`, but for what is appended, or written to another stream. */
const WRITTEN = /(?:^tee\s+|^cat[^\n]*?(?<![>\d&])>\s?)(?:"([^"$\n]{1,200})"|'([^'\n]{1,200})'|([\w./][\w./-]{0,199}))/;

/** What `cat > name << EOF` writes. */
function writtenFiles(script: string): readonly Piece[] {
  const pieces: Piece[] = [];
  HEREDOC.lastIndex = 0;
  for (let match = HEREDOC.exec(script); match; match = HEREDOC.exec(script)) {
    const path = WRITTEN.exec(match[0])
      ?.slice(1)
      .find((part) => part !== undefined);
    const from = HEREDOC.lastIndex;
    const end = new RegExp(`^\\t*${match[2]}[ \\t]*$`, 'm').exec(script.slice(from));
    const to = end ? from + end.index : script.length;
    if (path !== undefined) pieces.push({ name: path.replace(/^\.\//, ''), content: script.slice(from, to) });
    HEREDOC.lastIndex = to;
  }
  return pieces;
}
