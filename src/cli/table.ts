/** The result of a comparison as a table for the terminal, and what it comes to in a sentence. */
import { type ComparisonState, LANE_LABEL, LANES } from '../shared/comparison.ts';
import { laneStatus, METRICS, ratioLine } from '../shared/metrics.ts';

export function resultTable(state: ComparisonState): string {
  const lanes = LANES.filter((lane) => state.runs[lane]);
  const cell = (read: (run: NonNullable<ComparisonState['runs']['fast']>) => string) =>
    lanes.map((lane) => {
      const run = state.runs[lane];
      return run ? read(run) : '–';
    });
  const rows: readonly (readonly string[])[] = [
    ['', ...lanes.map((lane) => LANE_LABEL[lane])],
    ['Model', ...cell((run) => run.plan.model)],
    ['Served by', ...cell((run) => (run.plan.scripted ? 'scripted sample, not a model' : (run.servedModel ?? 'unknown')))],
    ...METRICS.map((metric) => [metric.label, ...cell((run) => metric.read(run, state.atMs).text)]),
    ['End', ...cell((run) => laneStatus(run, state.atMs))],
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => Array.from(row[column] ?? '').length)));
  const body = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return ['', state.task.title, '', ...body, '', ratioLine(state.runs.fast, state.runs.reasoning, state.atMs), ''].join('\n');
}
