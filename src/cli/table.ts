/** The result of a comparison and its fairness sheet as tables for the terminal, and what they come to in a sentence. */
import { findingsOfRun } from '../core/artifact/findings.ts';
import { type ComparisonState, LANE_LABEL, LANES } from '../shared/comparison.ts';
import type { Finding } from '../shared/design.ts';
import { fairnessSheet } from '../shared/fairness.ts';
import { fairnessVerdict } from '../shared/fairnessVerdict.ts';
import { plural } from '../shared/figures.ts';
import { METRICS, type Metric } from '../shared/metrics.ts';
import { ratioLine } from '../shared/ratio.ts';
import { laneStatus } from '../shared/sentences.ts';

export function resultTable(state: ComparisonState): string {
  const lanes = LANES.filter((lane) => state.runs[lane]);
  const cell = (read: (run: NonNullable<ComparisonState['runs']['fast']>) => string) =>
    lanes.map((lane) => {
      const run = state.runs[lane];
      return run ? read(run) : '–';
    });
  /** A detail is told when a lane has one. */
  const isTold = (metric: Metric): boolean =>
    !metric.isDetail || lanes.some((lane) => state.runs[lane] && metric.read(state.runs[lane], state.atMs).value);
  const rows: readonly (readonly string[])[] = [
    ['', ...lanes.map((lane) => LANE_LABEL[lane])],
    ['Model', ...cell((run) => run.plan.model)],
    ['Served by', ...cell((run) => (run.plan.scripted ? 'scripted sample, not a model' : (run.servedModel ?? 'unknown')))],
    ...METRICS.filter(isTold).map((metric) => [metric.label, ...cell((run) => metric.read(run, state.atMs).text)]),
    ['End', ...cell((run) => laneStatus(run, state.atMs))],
  ];
  return ['', state.task.title, '', ...aligned(rows), '', ratioLine(state.runs.fast, state.runs.reasoning, state.atMs), ''].join(
    '\n',
  );
}

/** What should be known of each lane's code; empty where there is nothing. */
export function findingsList(state: ComparisonState): string {
  const lines = LANES.flatMap((lane) => {
    const findings = findingsOfRun(state.task, state.runs[lane]);
    const place = ({ file, line }: Finding): string =>
      file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`;
    return findings.length === 0
      ? []
      : [
          `${LANE_LABEL[lane]}, ${plural(findings.length, 'finding')}:`,
          ...findings.map((found) => `  ${found.message}${place(found)}`),
        ];
  });
  return lines.length === 0 ? '' : ['', ...lines, ''].join('\n');
}

/** What each model really received. */
export function fairnessTable(state: ComparisonState): string {
  const rows = fairnessSheet(state).flatMap((row) => {
    const height = Math.max(...LANES.map((lane) => row[lane].length));
    return Array.from({ length: height }, (_, line) => [
      line === 0 ? row.label : '',
      ...LANES.map((lane) => row[lane][line] ?? ''),
    ]);
  });
  return ['', fairnessVerdict(state), '', ...aligned([['', ...LANES.map((lane) => LANE_LABEL[lane])], ...rows]), ''].join('\n');
}

/** Columns that stand under each other. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => Array.from(row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
