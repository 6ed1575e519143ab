/**
 * From an answer's text to named files: what is shown, diffed, applied and written by the command line.
 *
 * It is a pure function of the text so far, cheap enough to call again as the answer streams: one pass to find the blocks
 * (`blocks.ts`), one short look at each for its name (`fileNames.ts`), and then the choice made here.
 *
 * Design answers:
 * - Patches, and fences of shell, console or plain text that nobody named, are never files. A fence that is named is.
 * - Once some fence is named, unnamed ones are examples. A name stated beside the fence wins over one that a sentence mentions.
 * - With no names at all, there is one file for each language, under a proposed name; data (JSON, YAML...) is an example when there is code.
 *   Of several fences in one language the last is taken, unless an earlier one is more than twice as long: the last is then a fragment.
 * - A name that comes twice: the last complete one holds.
 * - With no fence at all, the whole answer is the file if it reads as code.
 * - Files wrapped in JSON, or in one fence of Markdown around the whole answer, are taken out of it.
 * - An unnamed style or script that quotes the page is an example.
 *
 * Code answers: exactly one block takes the place of the code asked about (`replaces`): the last one with the source's name; else an
 * unnamed one of its language, chosen as above; else any of its language; else the only code there is. Others with stated names of
 * their own are new files. A patch that fits the code exactly takes its place too, unless the answer has the whole code as well.
 */
import type { Run, Task } from '../../shared/comparison.ts';
import { isComplete } from '../../shared/comparison.ts';
import type { TargetId } from '../../shared/design.ts';
import { TARGET_RULES } from '../targets.ts';
import { type Block, type Blocks, readBlocks } from './blocks.ts';
import { type FoundName, nameInFirstComment, nameInInfo, nameInLine } from './fileNames.ts';
import { wrappedFiles } from './jsonFiles.ts';
import { areCompatible, defaultFileName, familyOfFence, languageIdOf, sniffLanguageId } from './languages.ts';
import { applyPatches, isPatchText } from './patches.ts';
import { perRun } from './perRun.ts';

export { defaultFileName, languageIdOf } from './languages.ts';

export interface AnswerFile {
  /** As the model wrote it (a leading `./` taken off), or a proposed name. Untrusted: see `paths.ts`. */
  readonly name: string;
  /** True when the model gave the name. */
  readonly named: boolean;
  readonly languageId: string;
  /** With `\n` line ends; ends as the block did, so with one `\n` unless it was cut. */
  readonly content: string;
  /** True when the block's end was seen. A complete file of an answer that was cut later is still complete. */
  readonly complete: boolean;
  /** True for the one file of a code answer that takes the place of the code it was asked about. */
  readonly replaces: boolean;
}

export interface Artifact {
  readonly files: readonly AnswerFile[];
  /** What the answer says outside its code. */
  readonly prose: string;
  /** Sentences for the person, about what was left out or is not whole. */
  readonly problems: readonly string[];
}

export interface ExtractOptions {
  readonly kind: Task['kind'];
  /** Name of the spec or of the code that was sent. */
  readonly sourceName?: string;
  /** Language of the code that was sent. */
  readonly languageId?: string;
  /** The code that was sent, for patches. */
  readonly sourceText?: string;
  /** What a design was to be built in: it names a file nobody named. */
  readonly target?: TargetId;
  /** True once the answer ended normally. An answer that was cut or stopped is not finished, however long ago that was. */
  readonly finished: boolean;
}

/** More files than this in one answer is a fault of the answer. */
const MAX_FILES = 200;
const MAX_PROBLEMS = 20;

/** The files of a lane's answer so far; empty for a lane that has not run. */
export const artifactOf = (task: Task, run: Run | undefined): Artifact => (run ? artifactOfRun(task, run) : NOTHING);
const NOTHING: Artifact = { files: [], prose: '', problems: [] };

const artifactOfRun = perRun(
  (task, run): Artifact =>
    extractFiles(run.text, {
      kind: task.kind,
      ...(task.source ? { sourceName: task.source.name } : {}),
      ...(task.source?.languageId ? { languageId: task.source.languageId } : {}),
      ...(task.kind === 'code' ? codeSent(task) : {}),
      ...(task.target ? { target: task.target } : {}),
      finished: isComplete(run),
    }),
);

function codeSent({ parts, materials }: Task): { readonly sourceText?: string } {
  const [code, ...others] = parts.filter((_, index) => (materials?.[index]?.role ?? 'design') === 'design');
  return code?.type === 'text' && others.length === 0 ? { sourceText: code.text } : {};
}

/** Finds the files in an answer, or in any beginning of one. Never throws; takes time in proportion to the text. */
export function extractFiles(text: string, options: ExtractOptions): Artifact {
  const { blocks, prose } = unwrapped(readBlocks(text, options.finished), options);
  const candidates = blocks.flatMap((block) => candidateOf(block, options.finished));
  const problems: string[] = [];
  const files =
    candidates.length > 0
      ? options.kind === 'code'
        ? codeFiles(candidates, options, problems)
        : designFiles(candidates, options, problems)
      : options.kind === 'code' && isPatchText(prose)
        ? patchedFile([prose], options, problems)
        : bareFile(prose, options);
  const isBare = candidates.length === 0 && files.length > 0;
  if (options.finished && (files.length > 0 || problems.length === 0)) problems.push(...endProblems(files, candidates));
  if (files.length > MAX_FILES) problems.push(`The answer has ${files.length} files; the first ${MAX_FILES} are shown.`);
  return { files: files.slice(0, MAX_FILES), prose: isBare ? '' : prose, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** What the one wrapping around an answer holds, where there is one. */
function unwrapped(read: Blocks, { kind, finished, sourceName = '' }: ExtractOptions): Blocks {
  const { blocks, prose } = read;
  const [only, second] = blocks;
  if (second) return read;
  const isFence = only?.form === 'fence' && findName(only, finished) === undefined;
  const language = isFence ? languageIdOf('', only.info) : undefined;
  if (isFence && language === 'markdown' && !(kind === 'code' && languageIdOf(sourceName, '') === 'markdown')) {
    const inner = readBlocks(only.content, finished && only.closed);
    const holdsFiles = inner.blocks.some((block) => findName(block, finished)?.certainty === 'stated');
    return holdsFiles ? { blocks: inner.blocks, prose: `${prose}${inner.prose}` } : read;
  }
  if (kind === 'code' && /^json/.test(languageIdOf(sourceName, ''))) return read;
  const json = only === undefined ? prose : language === 'json' || language === 'jsonc' || only.info === '' ? only.content : '';
  if (!/^\s{0,200}\uFEFF?[{[]/.test(json) || (only && !isFence)) return read;
  const files = wrappedFiles(json.trim());
  if (files.length === 0) return read;
  const form = 'section';
  return {
    blocks: files.map(({ name, content, closed }) => ({ form, info: '', before: name, heading: '', content, closed })),
    prose: only === undefined ? '' : prose,
  };
}

interface Candidate {
  readonly block: Block;
  readonly found?: FoundName;
  readonly languageId: string;
  /** What an unnamed block is good for. */
  readonly worth: 'code' | 'data' | 'shell' | 'none';
  readonly isPatch: boolean;
}

function candidateOf(block: Block, isWhole: boolean): Candidate | [] {
  const found = findName(block, isWhole);
  if (block.content.trim() === '' && !found) return [];
  const family = familyOfFence(block.info);
  const isPatch = family === 'patch' || isPatchText(block.content);
  const fenceLanguage = languageIdOf('', block.info);
  const languageId = languageIdOf(found?.name ?? '', block.info);
  const worth = isPatch || family === 'output' ? 'none' : family === 'shell' ? 'shell' : family === 'data' ? 'data' : 'code';
  return {
    block,
    ...(found ? { found } : {}),
    languageId:
      languageId === 'plaintext' && fenceLanguage === 'plaintext' && !family ? sniffLanguageId(block.content) : languageId,
    worth,
    isPatch,
  };
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

function designFiles(candidates: readonly Candidate[], options: ExtractOptions, problems: string[]): AnswerFile[] {
  const named = candidates.filter(({ found, isPatch }) => found && !isPatch);
  if (named.length > 0) return namedFiles(named, problems);
  const useful = candidates.filter(({ worth }) => worth === 'code' || worth === 'data');
  const code = useful.filter(({ worth, languageId }) => worth === 'code' && languageId !== 'plaintext');
  const groups = Map.groupBy(code.length > 0 ? code : useful, ({ languageId }) => languageId);
  const bodies = [...groups.values()].flatMap((group) => chooseBody(group) ?? []);
  const chosen = bodies.filter((body) => !bodies.some((other) => isQuoted(body, other)));
  const page = chosen.find(({ languageId }) => languageId !== 'css')?.block.content ?? '';
  return chosen.map((candidate) => fileOf(candidate, proposedName(candidate.languageId, options, page)));
}

/** A few lines of a page that are shown again, to explain them. */
function isQuoted({ block, languageId }: Candidate, page: Candidate): boolean {
  if (page.languageId !== 'html' || languageId === 'html' || !block.closed) return false;
  const [words, whole] = [block.content, page.block.content].map((text) => text.replace(/\s+/g, ' ').trim());
  return words !== undefined && words !== '' && words.length * 2 < (whole?.length ?? 0) && whole?.includes(words) === true;
}

/** One file for each name, in the order the names first came. */
function namedFiles(named: readonly Candidate[], problems: string[]): AnswerFile[] {
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

function codeFiles(candidates: readonly Candidate[], options: ExtractOptions, problems: string[]): AnswerFile[] {
  const code = candidates.filter(({ isPatch }) => !isPatch);
  const { sourceName, languageId } = options;
  const own = languageId ?? (sourceName ? languageIdOf(sourceName, '') : 'plaintext');
  const isOfLanguage = (candidate: Candidate): boolean =>
    candidate.languageId === 'plaintext'
      ? familyOfFence(candidate.block.info) === undefined || own === 'plaintext'
      : areCompatible(candidate.languageId, own);
  const withSourceName = sourceName ? code.filter(({ found }) => found && isSameFile(found.name, sourceName)) : [];
  const unnamed = code.filter((candidate) => !candidate.found && isOfLanguage(candidate));
  const chosen =
    withSourceName.findLast(({ block }) => block.closed) ??
    withSourceName.at(-1) ??
    chooseBody(unnamed) ??
    chooseBody(code.filter(isOfLanguage)) ??
    chooseBody(code.filter(({ worth }) => worth === 'code' || worth === 'data'));
  const isWhole = chosen && chosen.block.content.length * 2 >= (options.sourceText?.length ?? 0);
  const patches = candidates.filter(({ isPatch, block }) => isPatch && block.closed).map(({ block }) => block.content);
  if (!isWhole && patches.length > 0) {
    const patched = patchedFile(patches, options, problems);
    if (patched.length > 0 || !chosen) return patched;
  }
  if (!chosen) return [];
  if (!isOfLanguage(chosen)) problems.push(`The answer is in ${chosen.languageId}, the code it was asked about is in ${own}.`);
  if (withSourceName.length > 1)
    problems.push(`${sourceName} comes ${withSourceName.length} times; the last complete one is used.`);
  const name = sourceName ?? chosen.found?.name ?? defaultFileName(chosen.languageId);
  const versions = new Set(withSourceName);
  const others = code.filter((other) => other !== chosen && other.found?.certainty === 'stated' && !versions.has(other));
  const replacement = { ...fileOf(chosen, name), languageId: own === 'plaintext' ? chosen.languageId : own, replaces: true };
  return [replacement, ...namedFiles(others, problems).filter((file) => file.name !== name)];
}

/** The code that was sent, with the patches applied; nothing, and why, where they do not fit. */
function patchedFile(patches: readonly string[], options: ExtractOptions, problems: string[]): AnswerFile[] {
  const { sourceText, sourceName, languageId, finished } = options;
  if (sourceText === undefined || !finished) return [];
  const patched = applyPatches(sourceText, patches, sourceName);
  if (!patched.ok) {
    problems.push(`The answer is a patch that does not fit the code: ${patched.reason}. It can be read, but not applied.`);
    return [];
  }
  const id = languageId ?? languageIdOf(sourceName ?? '', '');
  const content = patched.text.endsWith('\n') ? patched.text : `${patched.text}\n`;
  return [{ name: sourceName ?? defaultFileName(id), named: false, languageId: id, content, complete: true, replaces: true }];
}

/** The one of several blocks that is the answer: complete before cut, and the last unless it is a fragment beside the longest. */
function chooseBody(candidates: readonly Candidate[]): Candidate | undefined {
  const complete = candidates.filter(({ block }) => block.closed);
  const pool = complete.length > 0 ? complete : candidates;
  const last = pool.at(-1);
  const longest = pool.reduce((a, b) => (b.block.content.length > a.block.content.length ? b : a), pool[0] as Candidate);
  return last && last.block.content.length * 2 >= longest.block.content.length ? last : longest;
}

/** An answer with no block at all. */
function bareFile(prose: string, options: ExtractOptions): AnswerFile[] {
  if (!readsAsCode(prose)) return [];
  const content = `${prose
    .replace(/^(?:[ \t]*\r?\n)+/, '')
    .replaceAll('\r\n', '\n')
    .trimEnd()}${options.finished ? '\n' : ''}`;
  const sniffed = sniffLanguageId(content);
  const isCode = options.kind === 'code';
  const languageId = isCode
    ? (options.languageId ?? (options.sourceName ? languageIdOf(options.sourceName, '') : sniffed))
    : sniffed;
  const name = isCode ? (options.sourceName ?? defaultFileName(languageId)) : proposedName(languageId, options, '');
  return [{ name, named: false, languageId, content, complete: options.finished, replaces: isCode }];
}

function fileOf({ block, found, languageId }: Candidate, name: string): AnswerFile {
  return { name, named: found !== undefined, languageId, content: block.content, complete: block.closed, replaces: false };
}

/**
 * A name for a file nobody named: what the page itself links to or imports; for a component the name its target asks for; else the spec's
 * name with the extension of the language, never the spec itself; else the usual name of that language.
 */
function proposedName(languageId: string, { sourceName, target }: ExtractOptions, page: string): string {
  const usual = defaultFileName(languageId);
  const extension = usual.slice(usual.lastIndexOf('.'));
  const entry = target && TARGET_RULES[target].entry;
  if (entry && languageId !== 'html' && areCompatible(languageIdOf(entry, ''), languageId) && !/^(?:css|html)$/.test(languageId))
    return languageIdOf(entry, '') === languageId ? entry : usual;
  if (page && languageId !== 'html') {
    const linked = [
      ...page
        .slice(0, 200_000)
        .matchAll(/\b(?:(?:href|src)=|from\s|import\s)["']?(?:\.\/)?([\w-]{1,60}(?:[./][\w-]{1,60}){1,6})["'\s>]/g),
    ];
    const match = linked.find(([, link]) => link?.endsWith(extension))?.[1];
    if (match) return match;
  }
  const dot = sourceName?.lastIndexOf('.') ?? -1;
  const stem = dot > 0 ? sourceName?.slice(0, dot) : sourceName;
  if (!stem) return usual;
  return `${stem}${extension}` === sourceName ? `${stem}-new${extension}` : `${stem}${extension}`;
}

/** The model names the source by its name, or by a path that ends in it. */
function isSameFile(name: string, sourceName: string): boolean {
  const base = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  return base(name) === base(sourceName);
}

/** Half of the lines, or more, look like code; sentences do not. */
function readsAsCode(text: string): boolean {
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .map((line) => line.slice(0, 300).trimEnd())
    .filter((line) => line.trim() !== '')
    .slice(0, 60);
  const code = lines.filter(
    (line) =>
      /^\s*(?:<[a-z!/?]|[@.#][\w-]+\s*[{(]|\/[/*]|\*\s|import\s|export\s|const\s|let\s|var\s|def\s|class\s+\w+\s*[:({<]|function\b|return\b|#include|package\s|using\s|if\s*\(|for\s*\(|\})/i.test(
        line,
      ) || /[{};,]$|=>|\)\s*:?$|^\s{2,}\S|^[\w.-]+\s*[:=]\s*\S+;?$/.test(line),
  );
  return lines.length > 0 && code.length * 2 >= lines.length;
}

function endProblems(files: readonly AnswerFile[], candidates: readonly Candidate[]): string[] {
  const open = files
    .filter(({ complete }) => !complete)
    .map(({ name }) => `${name} is not whole: the answer ends before its code does.`);
  const cut = files
    .filter(
      ({ complete, languageId, content }) =>
        complete && languageId === 'html' && /^\s{0,200}<(?:!doctype\s|html[\s>])/i.test(content),
    )
    .filter(({ content }) => !/<\/html\s{0,20}>/i.test(content))
    .map(({ name }) => `${name} has no </html>: it may have been cut.`);
  if (files.length > 0) return [...open, ...cut];
  if (candidates.some(({ isPatch }) => isPatch))
    return ['The answer is a patch, not whole files: it can be read, but not applied.'];
  return ['The answer has no code that could be a file.'];
}
