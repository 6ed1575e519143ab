/**
 * What a person should know of an answer's code before relying on it: parts left out, ends that are missing, loops, and what it would
 * fetch from elsewhere. Each finding is a sentence, with its file and line where it has one.
 *
 * Every rule takes time in proportion to the text, whatever the text. What stands in the design itself is never held against an answer.
 */
import { isComplete, type Run } from '../../shared/comparison.ts';
import { type Finding, TARGET_LABEL, type TargetId } from '../../shared/design.ts';
import type { FinishReason } from '../../shared/model.ts';
import type { Task } from '../../shared/task.ts';
import { TARGET_RULES } from '../targets.ts';
import { type AnswerFile, type Artifact, artifactOf } from './artifact.ts';
import { elisionsInProse, elisionsOf, plainWords } from './elisions.ts';
import { externalUses, isPlaceholderService } from './external.ts';
import { perRun } from './perRun.ts';
import { findLoop, type Loop } from './repetition.ts';
import { type Scan, scan } from './scan.ts';

/** What is known of the answer that the files are from. */
export interface AnswerState {
  /** The whole text. */
  readonly text: string;
  /** How it ended; absent while it streams. */
  readonly finish?: FinishReason;
  /** Everything that was sent, as one text. */
  readonly design: string;
  /** Names of the files that were sent along and may be imported. */
  readonly known?: readonly string[];
  /** What the answer was to be built in: it says which packages may be imported. */
  readonly target?: TargetId;
}

/** More of one kind in one file says nothing new. */
const MAX_OF_A_KIND = 5;
const MAX_FINDINGS = 60;
/** Words beside the code that are more than the few sentences asked for. */
const MANY_WORDS = 250;

/** The findings of a lane's answer so far. */
export const findingsOfRun = (task: Task, run: Run | undefined): readonly Finding[] =>
  run && run.text !== '' ? ofRun(task, run) : [];

const ofRun = perRun((task, run): readonly Finding[] => {
  const design = task.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const known = task.materials?.map(({ name }) => name) ?? [];
  const ended = run.status === 'ended' ? { finish: isComplete(run) ? ('stop' as const) : (run.finish ?? 'error') } : {};
  const target = task.target ? { target: task.target } : {};
  return findingsOf(artifactOf(task, run), { text: run.text, design, known, ...target, ...ended });
});

/** The findings of an answer and its files, the gravest first. */
export function findingsOf(artifact: Artifact, answer: AnswerState): readonly Finding[] {
  const hasEnded = answer.finish !== undefined;
  const design = plainWords(answer.design);
  const files = artifact.files.map((file) => ({ file, scan: scan(file.content, file.languageId) }));
  const isCut = hasEnded && (answer.finish !== 'stop' || files.some(({ file }) => !file.complete));
  const isWhole = files.length > 0 && files.every(({ scan: seen }) => seen?.open === undefined);
  const loop = hasEnded ? findLoop(answer.text, isCut ? 'cut' : isWhole ? 'whole' : 'ended', design) : undefined;
  return [
    ...(hasEnded ? cutAnswer(artifact, answer.finish) : []),
    ...(loop ? [loopFinding(answer.text, loop)] : []),
    ...files.flatMap(({ file, scan: seen }) => [
      ...(hasEnded && file.complete ? missingEnd(file, seen, answer.design) : []),
      ...(seen ? elisions(file, seen, design) : []),
      ...external(file, seen, design),
      ...packages(file, answer.target, design),
    ]),
    ...(hasEnded && files.length > 0 ? proseElisions(artifact.prose, design) : []),
    ...(hasEnded ? missingFiles(artifact.files, answer.known ?? [], design) : []),
    ...(hasEnded ? chatter(artifact) : []),
  ].slice(0, MAX_FINDINGS);
}

/** What the way it ended says of the answer as a whole. */
function cutAnswer({ files }: Artifact, finish: FinishReason | undefined): readonly Finding[] {
  const open = files.filter(({ complete }) => !complete);
  const where = open.map(({ name }) => name).join(', ');
  switch (finish) {
    case 'length':
      return [{ kind: 'cut', message: `The answer was cut at its output limit${where && `, in ${where}`}.`, ...inFile(open[0]) }];
    case 'aborted':
      return [{ kind: 'cut', message: `The answer was stopped before its end${where && `, in ${where}`}.`, ...inFile(open[0]) }];
    case 'error':
    case 'content-filter':
      return [{ kind: 'cut', message: `The answer broke off before its end${where && `, in ${where}`}.`, ...inFile(open[0]) }];
    case 'stop':
      return open.map(({ name }) => ({
        kind: 'cut',
        message: `${name} is not whole: the answer ends before its code does.`,
        file: name,
      }));
    case undefined:
      return [];
  }
}

const inFile = (file: AnswerFile | undefined) => (file ? { file: file.name } : {});

/** A fence that is closed around code that is not. A part of a file may be as open as the part it takes the place of. */
function missingEnd(
  { name, content, languageId, replaces }: AnswerFile,
  seen: Scan | undefined,
  sent: string,
): readonly Finding[] {
  if (!seen?.open || (replaces && scan(sent, languageId)?.open !== undefined)) return [];
  return [
    {
      kind: 'cut',
      message: `${name} ends inside ${seen.open}: its end is missing.`,
      file: name,
      line: lineAt(content.trimEnd(), content.length),
    },
  ];
}

function elisions({ name, content }: AnswerFile, seen: Scan, design: string): readonly Finding[] {
  const found = elisionsOf(content, seen, design);
  return found.slice(0, MAX_OF_A_KIND).map(({ words, start }) => ({
    kind: 'elision',
    message: `Something is left out: "${shortened(words)}".`,
    file: name,
    line: lineAt(content, start),
  }));
}

function proseElisions(prose: string, design: string): readonly Finding[] {
  const found = elisionsInProse(prose, design);
  return found.slice(0, 1).map((words) => ({
    kind: 'elision',
    message: `The answer says that it leaves something out: "${shortened(words)}".`,
  }));
}

const shortened = (words: string): string => (words.length > 80 ? `${words.slice(0, 79)}…` : words);

/** One for each host. Code that was changed may go on to load what it loaded before. */
function external({ name, content, replaces }: AnswerFile, seen: Scan | undefined, design: string): readonly Finding[] {
  const uses = externalUses(content, seen).filter(({ host }) => !(replaces && design.includes(host)));
  const hosts = Map.groupBy(uses, ({ host }) => host);
  return [...hosts].slice(0, MAX_OF_A_KIND).map(([host, uses]) => {
    const kinds = [...new Set(uses.map(({ what }) => what))].join(', ');
    const count = uses.length === 1 ? '' : `, ${uses.length} times`;
    const message = isPlaceholderService(host)
      ? `A placeholder picture is loaded from ${host}${count}: without a network there is none.`
      : `It loads from ${host} (${kinds}${count}), which is missing without a network.`;
    return { kind: 'external', message, file: name, line: lineAt(content, uses[0]?.start ?? 0) };
  });
}

/** Packages beside those that the target has; none that the design or its context speak of. */
function packages({ name, content, languageId }: AnswerFile, target: TargetId | undefined, design: string): readonly Finding[] {
  if (!target || !/^(?:vue|svelte|(?:java|type)script(?:react)?)$/.test(languageId)) return [];
  const there = [...TARGET_RULES[target].imports, 'react-dom'];
  const found = [...content.slice(0, 400_000).matchAll(PACKAGE)]
    .map((match) => ({ id: match[1] ?? '', start: match.index }))
    .filter(({ id }) => !there.some((own) => id === own || id.startsWith(`${own}/`)) && !design.includes(id.toLowerCase()));
  return found.slice(0, MAX_OF_A_KIND).map(({ id, start }) => ({
    kind: 'external',
    message: `It imports the package ${id}, which is not part of ${TARGET_LABEL[target]}.`,
    file: name,
    line: lineAt(content, start) + (content[start] === '\n' ? 1 : 0),
  }));
}

const PACKAGE = /^[ \t]{0,8}import\s(?:[^'"\n;]{0,300}\sfrom\s{1,3})?['"](@?[a-z][\w./@-]{0,100})['"]/gm;

function loopFinding(text: string, { unit, times, start, isCounting }: Loop): Finding {
  const words = unit.replace(/\s+/g, ' ').trim();
  const shown = words.length > 60 ? `${words.slice(0, 59)}…` : words;
  const what = isCounting ? 'The answer repeats itself, counting on' : 'The answer repeats itself';
  return { kind: 'loop', message: `${what}: "${shown}" ${times} times.`, line: lineAt(text, start) };
}

/** Files that the answer's own code wants and that are neither in it nor were sent. */
function missingFiles(files: readonly AnswerFile[], known: readonly string[], design: string): readonly Finding[] {
  const there = new Set([...files.map(({ name }) => name), ...known].map(stemOf));
  return files.flatMap(({ name, content, languageId }) => {
    if (!/^(?:html|vue|svelte|(?:java|type)script(?:react)?)$/.test(languageId)) return [];
    const wanted = languageId === 'html' ? LINKED : IMPORTED;
    const missing = [...content.slice(0, 400_000).matchAll(wanted)]
      .map((match) => ({ path: match[1] ?? '', start: match.index }))
      .filter(({ path }) => !there.has(stemOf(path)) && !design.includes(path.toLowerCase()));
    return missing.slice(0, MAX_OF_A_KIND).map(({ path, start }) => ({
      kind: 'other' as const,
      message: `${name} needs ${path}, which is not in the answer.`,
      file: name,
      line: lineAt(content, start),
    }));
  });
}

const IMPORTED = /^\s{0,8}import\s[^'"\n]{0,300}?['"](\.{1,2}\/[^'"\n]{1,200}\.(?:css|vue|svelte|tsx?|jsx?))['"]/gm;
const LINKED =
  /<(?:link\s[^<>]{0,200}?href|script\s[^<>]{0,200}?src)\s?=\s?["'](?:\.\/)?([\w-][\w./-]{0,200}\.(?:css|m?js))["']/gi;

/** The last name of a path, without its extension: `.js` may stand for `.ts`. */
const stemOf = (path: string): string =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.(?:[cm]?[jt]sx?)$/i, '')
    .toLowerCase();

function chatter({ files, prose }: Artifact): readonly Finding[] {
  if (files.length === 0) return [];
  const words = prose.slice(0, 100_000).match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return words < MANY_WORDS ? [] : [{ kind: 'other', message: `Beside its code the answer has about ${words} words.` }];
}

/** From 1. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
