/** Which block of an answer about code takes that code's place, or which patch. The rules are told in `artifact.ts`. */
import type { AnswerFile, ExtractOptions } from './answerFile.ts';
import { type Candidate, chooseBody, fileOf, namedFiles } from './candidates.ts';
import { areCompatible, defaultFileName, familyOfFence, languageIdOf } from './languages.ts';
import { applyPatches, baseOf, readPatch } from './patches.ts';

/** The files among the blocks, the one that replaces the code first. Adds to `problems` what a person should know of the choice. */
export function codeFiles(candidates: readonly Candidate[], options: ExtractOptions, problems: string[]): AnswerFile[] {
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
export function patchedFile(patches: readonly string[], options: ExtractOptions, problems: string[]): AnswerFile[] {
  const { sourceText, sourceName, languageId, finished } = options;
  if (sourceText === undefined || !finished) return [];
  const patched = applyPatches(sourceText, patches, sourceName);
  if (!patched.ok) {
    problems.push(`The answer is a patch that does not fit the code: ${patched.reason}. It can be read, but not applied.`);
    return [];
  }
  const id = languageId ?? languageIdOf(sourceName ?? '', '');
  const content = patched.text.endsWith('\n') ? patched.text : `${patched.text}\n`;
  const name = sourceName ?? defaultFileName(id);
  const added = patches.flatMap(readPatch).flatMap((file): AnswerFile[] => {
    if (file.name === undefined || file.added === undefined || isSameFile(file.name, name)) return [];
    const languageId = languageIdOf(file.name, '');
    return [{ name: file.name, named: true, languageId, content: file.added, complete: true, replaces: false }];
  });
  return [{ name, named: false, languageId: id, content, complete: true, replaces: true }, ...added];
}

/** The model names the source by its name, or by a path that ends in it. */
const isSameFile = (name: string, sourceName: string): boolean => baseOf(name) === baseOf(sourceName);
