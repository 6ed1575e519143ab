/**
 * What a person should know of an answer's code before relying on it: parts left out, ends that are missing, loops, and what it would
 * fetch from elsewhere. Each finding is a sentence, with its file and line where it has one.
 *
 * Every rule takes time in proportion to the text, whatever the text. What stands in the design itself is never held against an answer.
 */
import { isComplete, type Run, type Task } from '../../shared/comparison.ts';
import type { Finding } from '../../shared/design.ts';
import type { FinishReason } from '../../shared/model.ts';
import { type AnswerFile, type Artifact, artifactOf } from './artifact.ts';
import { elisionsOf, plainWords } from './elisions.ts';
import { externalUses, isPlaceholderService } from './external.ts';
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
}

/** More of one kind in one file says nothing new. */
const MAX_OF_A_KIND = 5;
const MAX_FINDINGS = 60;
/** Words beside the code that are more than the few sentences asked for. */
const MANY_WORDS = 250;

/** The findings of a lane's answer so far. */
export function findingsOfRun(task: Task, run: Run | undefined): readonly Finding[] {
  if (!run || run.text === '') return [];
  const design = task.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const known = task.materials?.map(({ name }) => name) ?? [];
  const ended = run.status === 'ended' ? { finish: isComplete(run) ? ('stop' as const) : (run.finish ?? 'error') } : {};
  return findingsOf(artifactOf(task, run), { text: run.text, design, known, ...ended });
}

/** The findings of an answer and its files, the gravest first. */
export function findingsOf(artifact: Artifact, answer: AnswerState): readonly Finding[] {
  const hasEnded = answer.finish !== undefined;
  const design = plainWords(answer.design);
  const files = artifact.files.map((file) => ({ file, scan: scan(file.content, file.languageId) }));
  const isCut = hasEnded && (answer.finish !== 'stop' || files.some(({ file }) => !file.complete));
  const loop = hasEnded ? findLoop(answer.text, isCut, design) : undefined;
  return [
    ...(hasEnded ? cutAnswer(artifact, answer.finish) : []),
    ...(loop ? [loopFinding(answer.text, loop)] : []),
    ...files.flatMap(({ file, scan: seen }) => [
      ...(hasEnded && file.complete ? missingEnd(file, seen) : []),
      ...(seen ? elisions(file, seen, design) : []),
      ...external(file, seen),
    ]),
    ...(hasEnded ? missingFiles(artifact.files, answer.known ?? []) : []),
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

/** A fence that is closed around code that is not. */
function missingEnd({ name, content }: AnswerFile, seen: Scan | undefined): readonly Finding[] {
  if (!seen?.open) return [];
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
    message: `Something is left out: "${words.length > 80 ? `${words.slice(0, 79)}…` : words}".`,
    file: name,
    line: lineAt(content, start),
  }));
}

/** One for each host. */
function external({ name, content }: AnswerFile, seen: Scan | undefined): readonly Finding[] {
  const hosts = Map.groupBy(externalUses(content, seen), ({ host }) => host);
  return [...hosts].slice(0, MAX_OF_A_KIND).map(([host, uses]) => {
    const kinds = [...new Set(uses.map(({ what }) => what))].join(', ');
    const count = uses.length === 1 ? '' : `, ${uses.length} times`;
    const message = isPlaceholderService(host)
      ? `A placeholder picture is loaded from ${host}${count}: without a network there is none.`
      : `It loads from ${host} (${kinds}${count}): without a network that is missing.`;
    return { kind: 'external', message, file: name, line: lineAt(content, uses[0]?.start ?? 0) };
  });
}

function loopFinding(text: string, { unit, times, start, isCounting }: Loop): Finding {
  const words = unit.replace(/\s+/g, ' ').trim();
  const shown = words.length > 60 ? `${words.slice(0, 59)}…` : words;
  const what = isCounting ? 'The answer repeats itself, counting on' : 'The answer repeats itself';
  return { kind: 'loop', message: `${what}: "${shown}" ${times} times.`, line: lineAt(text, start) };
}

/** Files that the answer's own code wants and that are neither in it nor were sent. */
function missingFiles(files: readonly AnswerFile[], known: readonly string[]): readonly Finding[] {
  const there = new Set([...files.map(({ name }) => name), ...known].map(stemOf));
  return files.flatMap(({ name, content, languageId }) => {
    if (!/^(?:html|vue|svelte|(?:java|type)script(?:react)?)$/.test(languageId)) return [];
    const wanted = languageId === 'html' ? LINKED : IMPORTED;
    const missing = [...content.slice(0, 400_000).matchAll(wanted)]
      .map((match) => ({ path: match[1] ?? '', start: match.index }))
      .filter(({ path }) => !there.has(stemOf(path)));
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
