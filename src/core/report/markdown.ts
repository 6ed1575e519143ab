/**
 * A comparison as Markdown: the same figures and sentences as the HTML report, for an issue, a review or a notebook. Pictures are named
 * and not carried. Whatever a model or a file said stands in code blocks or escaped, so that no reader loads or runs any of it.
 */
import { type ComparisonState, LANE_LABEL, LANES } from '../../shared/comparison.ts';
import type { FairnessCell } from '../../shared/fairness.ts';
import { formatCount } from '../../shared/figures.ts';
import type { Task } from '../../shared/task.ts';
import type { AnswerFile } from '../artifact/artifact.ts';
import { type About, type Report, type ReportLane, reportOf } from './report.ts';

/** `state`: folded from a log that was cleaned before, see `clean.ts`. */
export function markdownOf(state: ComparisonState, about: About): string {
  const report = reportOf(state, about);
  const blocks = [
    `# ${escaped(report.title)}`,
    report.facts.map(escaped).join('  \n'),
    ...(report.ratio ? [`**${escaped(report.ratio)}**`] : []),
    meters(report),
    '## What was asked',
    ...task(state.task, report),
    ...report.lanes.flatMap(answer),
    ...fairness(report),
    ...(report.earlier.length > 0 ? ['## Earlier runs', list(report.earlier)] : []),
    '## Where the figures come from',
    list(report.basis),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Text in one line that no Markdown reader takes for anything but text. */
export const escaped = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\\`*_{}[\]()#+!|<>~&@]/g, '\\$&')
    // A bare address would become a link.
    .replace(/:(?=\/\/)/g, '\\:')
    // What would begin a list or a rule.
    .replace(/^\s*([-=])/, '\\$1')
    .replace(/^\s*(\d+)([.)])(?=\s|$)/, '$1\\$2');

const list = (sentences: readonly string[]): string => sentences.map((sentence) => `- ${escaped(sentence)}`).join('\n');

/** A code block that its own text cannot end. */
function code(text: string, language = ''): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${/^[\w+-]+$/.test(language) ? language : ''}\n${text.replace(/\n$/, '')}\n${fence}`;
}

const folded = (summary: string, text: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${code(text)}\n\n</details>`;

const table = (rows: readonly (readonly string[])[]): string => {
  const lines = rows.map((row) => `| ${row.join(' | ')} |`);
  return [lines[0], `|${' --- |'.repeat(rows[0]?.length ?? 0)}`, ...lines.slice(1)].join('\n');
};

const HEAD = ['', ...LANES.map((lane) => LANE_LABEL[lane])];

const meters = ({ meters: rows }: Report): string =>
  table([
    HEAD,
    ...rows.map((row) => [
      escaped(row.label),
      ...LANES.map((lane) => (row.better === lane ? `**${escaped(row[lane])}** (better)` : escaped(row[lane]))),
    ]),
  ]);

function task({ instruction }: Task, { materials }: Report): readonly string[] {
  return [
    ...(instruction ? [code(instruction)] : []),
    ...materials.flatMap(({ part, about, change }) => [
      part.type === 'text'
        ? folded(escaped(about), part.text)
        : `${escaped(about)} (${part.mediaType}): it is in the HTML report and in the JSON.`,
      ...(change === undefined ? [] : [escaped(change)]),
    ]),
  ];
}

function answer({ lane, run, who, status, files, problems, findings }: ReportLane): readonly string[] {
  const notes = [...run.notices, ...problems, ...findings];
  return [
    `## ${LANE_LABEL[lane]}: ${escaped(who)}`,
    escaped(status),
    ...(notes.length > 0 ? [list(notes)] : []),
    ...(files.length > 0 ? [list(files.map(fileLine))] : []),
    run.text ? code(run.text, 'markdown') : 'There is no answer.',
    ...(run.reasoning ? [folded(`Thinking, ${formatCount(run.reasoning.length)} characters`, run.reasoning)] : []),
    folded('System prompt', run.plan.system),
    folded('Prompt', run.plan.prompt),
  ];
}

const fileLine = ({ name, content, complete }: AnswerFile): string =>
  `${name}, ${formatCount(content.length)} characters${complete ? '' : ', not closed'}`;

function fairness({ fairness: verdict, sheet }: Report): readonly string[] {
  if (sheet.length === 0) return [];
  const lines = (cell: FairnessCell): string => cell.map(escaped).join('<br>');
  return [
    '## Fairness',
    escaped(verdict),
    table([HEAD, ...sheet.map((row) => [escaped(row.label), ...LANES.map((lane) => lines(row[lane]))])]),
  ];
}
