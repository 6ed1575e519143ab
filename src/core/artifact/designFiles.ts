/** Which blocks of an answer to a design are its files. The rules are told in `artifact.ts`. */
import { type AnswerFile, type ExtractOptions, proposedName } from './answerFile.ts';
import { type Candidate, chooseBody, fileOf, namedFiles } from './candidates.ts';
import { languageIdOf } from './languages.ts';
import { applyHunks, baseOf, type Patched, readPatch } from './patches.ts';

/** The files among the blocks. Adds to `problems` what a person should know of the choice. */
export function designFiles(candidates: readonly Candidate[], options: ExtractOptions, problems: string[]): AnswerFile[] {
  const whole = wholeFiles(candidates, options, problems);
  return [...whole, ...patchedFiles(candidates, new Set(whole.map(({ name }) => name)), options, problems)];
}

function wholeFiles(candidates: readonly Candidate[], options: ExtractOptions, problems: string[]): AnswerFile[] {
  const named = candidates.filter(({ found, isPatch }) => found && !isPatch);
  if (named.length > 0) return [...unnamedPage(candidates, named, options), ...namedFiles(named, problems)];
  const useful = candidates.filter(({ worth }) => worth === 'code' || worth === 'data');
  const code = useful.filter(({ worth, languageId }) => worth === 'code' && languageId !== 'plaintext');
  const groups = Map.groupBy(code.length > 0 ? code : useful, ({ languageId }) => languageId);
  const bodies = [...groups.values()].flatMap((group) => chooseBody(group) ?? []);
  const chosen = bodies.filter((body) => !bodies.some((other) => isQuoted(body, other)));
  const page = chosen.find(({ languageId }) => languageId !== 'css')?.block.content ?? '';
  return chosen.map((candidate) => fileOf(candidate, proposedName(candidate.languageId, options, page)));
}

/** The page that nobody named, beside files of other kinds that it loads by their names. */
function unnamedPage(candidates: readonly Candidate[], named: readonly Candidate[], options: ExtractOptions): AnswerFile[] {
  if (named.some(({ languageId }) => languageId === 'html')) return [];
  const names = named.flatMap(({ found }) => found?.name.split('/').at(-1) ?? []);
  const pages = candidates.filter(({ found, languageId, isPatch }) => !found && !isPatch && languageId === 'html');
  const page = chooseBody(pages.filter(({ block }) => names.some((name) => block.content.includes(name))));
  return page ? [fileOf(page, proposedName('html', options, ''))] : [];
}

/** A few lines of a page that are shown again, to explain them. */
function isQuoted({ block, languageId }: Candidate, page: Candidate): boolean {
  if (page.languageId !== 'html' || languageId === 'html' || !block.closed) return false;
  const [words, whole] = [block.content, page.block.content].map((text) => text.replace(/\s+/g, ' ').trim());
  return words !== undefined && words !== '' && words.length * 2 < (whole?.length ?? 0) && whole?.includes(words) === true;
}

/** Signs of files that patches are tried on, all together, in one answer. */
const MAX_WORK = 20_000_000;
const TOO_MUCH: Patched = { ok: false, reason: 'the answer has too many patches' };

/**
 * What patches add, and what they make of the files that they add or that were sent; what fits neither is told of. A patch for a file that
 * is there as a `whole` explains it.
 */
function patchedFiles(
  candidates: readonly Candidate[],
  whole: ReadonlySet<string>,
  { sent = [], finished }: ExtractOptions,
  problems: string[],
): AnswerFile[] {
  const files = new Map<string, AnswerFile>();
  let work = 0;
  for (const { block, found } of candidates.filter(({ isPatch }) => isPatch)) {
    const patches = readPatch(block.content);
    for (const [index, { hunks, added, name = found?.name }] of patches.entries()) {
      const complete = block.closed || index < patches.length - 1;
      if (name === undefined || whole.has(name) || (added === undefined && !complete)) continue;
      const base = files.get(name)?.content ?? sent.find((file) => baseOf(file.name) === baseOf(name))?.text;
      const patched =
        added === undefined && base !== undefined ? (work < MAX_WORK ? applyHunks(base, hunks) : TOO_MUCH) : undefined;
      work += patched ? (base?.length ?? 0) : 0;
      const text = added ?? (patched?.ok ? patched.text : undefined);
      if (text !== undefined) {
        const content = complete ? text : text.replace(/\n$/, '');
        files.set(name, { name, named: true, languageId: languageIdOf(name, ''), content, complete, replaces: false });
      } else if (finished) {
        const why = patched?.ok === false ? `that does not fit it: ${patched.reason}.` : 'which was not sent.';
        problems.push(`The answer has a patch for ${name}${patched ? ' ' : ', '}${why} It can be read, but not applied.`);
      }
    }
  }
  return [...files.values()];
}
