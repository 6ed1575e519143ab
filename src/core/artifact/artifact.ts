/**
 * From an answer's text to named files: what is shown, diffed, applied and written by the command line.
 *
 * It is a pure function of the text so far, cheap enough to call again as the answer streams: one pass to find the blocks
 * (`blocks.ts`), one short look at each for its name (`fileNames.ts`), and then the choice: `designFiles.ts` and `codeFiles.ts`.
 *
 * Design answers:
 * - Fences of shell, console or plain text that nobody named are never files, but for a whole page in them. A fence that is named is.
 * - A patch is no file, but what it adds is one, and so is what it changes in a file that was sent or that it added itself.
 * - One fence in which lines with nothing but a name divide several files is those files.
 * - Once some fence is named, unnamed ones are examples, save the page that loads the named ones. A name stated beside the fence wins over one that a sentence mentions.
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
import type { Run } from '../../shared/comparison.ts';
import { isComplete } from '../../shared/comparison.ts';
import type { Task } from '../../shared/task.ts';
import type { AnswerFile, ExtractOptions } from './answerFile.ts';
import { bareFile } from './bareFile.ts';
import { blocksOf, type Candidate, candidateOf } from './candidates.ts';
import { codeFiles, patchedFile } from './codeFiles.ts';
import { designFiles } from './designFiles.ts';
import { isPatchText } from './patches.ts';
import { perRun } from './perRun.ts';

export type { AnswerFile, ExtractOptions } from './answerFile.ts';
export { defaultFileName, languageIdOf } from './languages.ts';

export interface Artifact {
  readonly files: readonly AnswerFile[];
  /** What the answer says outside its code. */
  readonly prose: string;
  /** Sentences for the person, about what was left out or is not whole. */
  readonly problems: readonly string[];
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
      ...(task.kind === 'code' ? codeSent(task) : { sent: filesSent(task) }),
      ...(task.target ? { target: task.target } : {}),
      finished: isComplete(run),
    }),
);

function codeSent({ parts, materials }: Task): { readonly sourceText?: string } {
  const [code, ...others] = parts.filter((_, index) => (materials?.[index]?.role ?? 'design') === 'design');
  return code?.type === 'text' && others.length === 0 ? { sourceText: code.text } : {};
}

/** A selection is not the file it is from. */
function filesSent({ parts, materials = [], source }: Task): NonNullable<ExtractOptions['sent']> {
  return materials.flatMap(({ name, role, leftOut }, index) => {
    const part = parts[index];
    if (part?.type !== 'text' || leftOut.length > 0 || (role === 'design' && source?.selection)) return [];
    return [{ name, text: part.text }];
  });
}

/** Finds the files in an answer, or in any beginning of one. Never throws; takes time in proportion to the text. */
export function extractFiles(text: string, options: ExtractOptions): Artifact {
  const { blocks, prose } = blocksOf(text, options);
  const fenced = blocks.flatMap((block) => candidateOf(block, options.finished));
  const patch = { form: 'fence', info: 'diff', before: '', heading: '', content: prose, closed: options.finished } as const;
  const isBarePatch = options.kind === 'design' && fenced.length === 0 && isPatchText(prose);
  const candidates = isBarePatch ? [candidateOf(patch, options.finished)].flat() : fenced;
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
