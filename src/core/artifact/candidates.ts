/** What each block of an answer is good for: its name, its language, and which of several is the one meant. */
import type { AnswerFile, ExtractOptions } from './answerFile.ts';
import { type Block, type Blocks, readBlocks } from './blocks.ts';
import { type FoundName, nameInFirstComment, nameInInfo, nameInLine } from './fileNames.ts';
import { type WrappedFile, type Wrapping, wrappedFiles } from './jsonFiles.ts';
import { familyOfFence, fenceWord, languageIdOf, sniffLanguageId } from './languages.ts';
import { beginsAsPatch, isPatchText } from './patches.ts';
import { splitBlock } from './splitFiles.ts';

/** A block that may be a file. */
export interface Candidate {
  readonly block: Block;
  readonly found?: FoundName;
  readonly languageId: string;
  /** What an unnamed block is good for. */
  readonly worth: 'code' | 'data' | 'shell' | 'none';
  readonly isPatch: boolean;
}

/** The block as a candidate; none for an empty one without a name. `isWhole`: no more of the answer will come. */
export function candidateOf(block: Block, isWhole: boolean): Candidate | [] {
  const found = findName(block, isWhole);
  if (block.content.trim() === '' && !found) return [];
  const family = familyOfFence(block.info);
  const mayHold = family === undefined || family === 'output';
  const isPatch = family === 'patch' || (mayHold ? isPatchText(block.content) : beginsAsPatch(block.content));
  const fenceLanguage = languageIdOf('', block.info);
  let languageId = languageIdOf(found?.name ?? '', block.info);
  if (!found && !isPatch && /^(?:te?xt|plain(?:text)?|xml)$/.test(fenceWord(block.info)) && isPage(block.content))
    languageId = 'html';
  const isOutput = family === 'output' && languageId !== 'html';
  const worth = isPatch || isOutput ? 'none' : family === 'shell' ? 'shell' : family === 'data' ? 'data' : 'code';
  if (languageId === 'plaintext' && fenceLanguage === 'plaintext' && !family) languageId = sniffLanguageId(block.content);
  return { block, ...(found ? { found } : {}), languageId, worth, isPatch };
}

/** A whole page, whatever its fence calls it. */
const isPage = (content: string): boolean => /^\s{0,200}<(?:!doctype\s+html|html[\s>])/i.test(content);

/** What the one wrapping around an answer holds, where there is one, and the files of each block that holds several. */
export function blocksOf(text: string, options: ExtractOptions): Blocks {
  const { blocks, prose } = unwrapped(text, readBlocks(text, options.finished), options);
  if (blocks.length === 0) {
    const whole: Block = { form: 'fence', info: '', before: '', heading: '', content: prose, closed: options.finished };
    const parts = splitBlock(whole, undefined, options);
    return parts.length > 1 ? { blocks: parts, prose: '' } : { blocks, prose };
  }
  const nameOf = (block: Block): string | undefined => {
    const found = findName(block, options.finished);
    return found?.certainty === 'stated' ? found.name : undefined;
  };
  const split = (block: Block): readonly Block[] => splitBlock(block, nameOf(block), options);
  const opened = (block: Block): readonly Block[] => {
    const inner = nameOf(block) === undefined ? innerBlocks(block, options) : [];
    return inner.length > 0 ? inner : [block];
  };
  return { blocks: blocks.flatMap(opened).flatMap(split), prose };
}

/** The blocks of a fence in a fence, and the named files of one JSON among others. */
function innerBlocks({ form, info, content, closed }: Block, { kind, finished }: ExtractOptions): readonly Block[] {
  if (form !== 'fence') return [];
  if (/^\s{0,20}(?:```|~~~)/.test(content))
    return readBlocks(content, finished || closed).blocks.filter((block) => block.content.trim() !== '');
  const files = kind === 'design' && /^jsonc?$/.test(languageIdOf('', info)) ? wrappedFiles(content.trim()).files : [];
  return files.every(({ name }) => name !== undefined) ? files.map(blockOf) : [];
}

function unwrapped(text: string, read: Blocks, { kind, finished, sourceName = '' }: ExtractOptions): Blocks {
  const { blocks, prose } = read;
  const mayBeJson = !(kind === 'code' && /^json/.test(languageIdOf(sourceName, '')));
  const code = blocks.filter(({ info }) => !/^(?:shell|output)$/.test(familyOfFence(info) ?? ''));
  if (mayBeJson && code.every(({ form }) => form === 'document')) {
    const own = code.length > 0 ? text : prose; // a page in it was read as a block; commands beside it are none of it
    const from = own.search(BARE_JSON);
    const { files, end } = from < 0 ? NO_FILES : wrappedFiles(own, from);
    if (files.length > 0) return { blocks: files.map(blockOf), prose: own.slice(0, from) + own.slice(end) };
  }
  const [only, second] = code;
  if (only?.form !== 'fence' || second || findName(only, finished) !== undefined) return read;
  const language = languageIdOf('', only.info);
  if (language === 'markdown' && !(kind === 'code' && languageIdOf(sourceName, '') === 'markdown')) {
    const inner = readBlocks(only.content, finished && only.closed);
    const holdsFiles = inner.blocks.some((block) => findName(block, finished)?.certainty === 'stated');
    return holdsFiles ? { blocks: inner.blocks, prose: `${prose}${inner.prose}` } : read;
  }
  if (!mayBeJson || !(/^jsonc?$/.test(language) || only.info === '') || !/^\s{0,200}\uFEFF?[{[]/.test(only.content)) return read;
  const { files } = wrappedFiles(only.content.trim());
  return files.length > 0 ? { blocks: files.map(blockOf), prose } : read;
}

/** Where JSON without a fence begins, behind any words. */
const BARE_JSON = /^[ \t\uFEFF]*[[{]\s*["`{[]/m;
const NO_FILES: Wrapping = { files: [], end: 0 };

const blockOf = ({ name, info, content, closed }: WrappedFile): Block => ({
  form: name === undefined ? 'fence' : 'section',
  info,
  before: name ?? '',
  heading: '',
  content,
  closed,
});

/**
 * The one of several blocks that is the answer: complete before cut, and the last unless it is a fragment beside the longest. A fence
 * without a language, beside one with it, is rather what the code prints.
 */
export function chooseBody(candidates: readonly Candidate[]): Candidate | undefined {
  const complete = candidates.filter(({ block }) => block.closed);
  const pool = complete.length > 0 ? complete : candidates;
  const last = pool.findLast(({ block }) => block.info !== '') ?? pool.at(-1);
  const longest = pool.reduce((a, b) => (b.block.content.length > a.block.content.length ? b : a), pool[0] as Candidate);
  return last && last.block.content.length * 2 >= longest.block.content.length ? last : longest;
}

/** One file for each name, in the order the names first came. */
export function namedFiles(named: readonly Candidate[], problems: string[]): AnswerFile[] {
  const files: AnswerFile[] = [];
  for (const [name, all] of Map.groupBy(named, ({ found }) => found?.name ?? '')) {
    const stated = all.filter(({ found }) => found?.certainty === 'stated');
    const versions = stated.length > 0 ? stated : all;
    const chosen = versions.findLast(({ block }) => block.closed) ?? versions.at(-1);
    if (!chosen) continue;
    if (versions.length > 1) problems.push(`${name} comes ${versions.length} times; the last complete one is used.`);
    files.push(fileOf(chosen, name));
  }
  return files;
}

/** The candidate as a file of that name. */
export function fileOf({ block, found, languageId }: Candidate, name: string): AnswerFile {
  return { name, named: found !== undefined, languageId, content: block.content, complete: block.closed, replaces: false };
}

function findName({ form, info, before, heading, content, closed }: Block, isWhole: boolean): FoundName | undefined {
  if (form === 'section') return { name: before, certainty: 'stated' };
  const stated = nameInInfo(info);
  if (stated !== undefined) return { name: stated, certainty: 'stated' };
  const line = nameInLine(before, info);
  if (line?.certainty === 'stated') return line;
  const above = heading === before ? undefined : nameInLine(heading, info);
  if (above?.certainty === 'stated') return above;
  const comment = nameInFirstComment(content, info, closed || isWhole);
  return comment === undefined ? line : { name: comment, certainty: 'stated' };
}
