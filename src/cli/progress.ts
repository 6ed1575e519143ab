/**
 * Live progress of both lanes: two lines that are redrawn on a terminal, a line now and then anywhere else.
 */
import { type ComparisonState, LANE_LABEL, LANES } from '../shared/comparison.ts';
import { metric } from '../shared/metrics.ts';
import { formatCost } from '../shared/money.ts';
import { laneStatus } from '../shared/sentences.ts';

export interface Progress {
  /** Begins to ask for the state and draw it. */
  start(read: () => { readonly state: ComparisonState; readonly nowMs: number }): void;
  /** Draws the last state and lets go of the terminal. */
  stop(): void;
}

const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5000;

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const draw = stream.isTTY ? terminal(stream) : plain(stream);
  let timer: NodeJS.Timeout | undefined;
  let tick = (): void => undefined;
  return {
    start(read) {
      tick = () => {
        const { state, nowMs } = read();
        draw(state, nowMs);
      };
      tick();
      timer = setInterval(tick, stream.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS);
    },
    stop() {
      clearInterval(timer);
      tick();
    },
  };
}

/** Redraws its lines in place. */
function terminal(stream: NodeJS.WriteStream): (state: ComparisonState, nowMs: number) => void {
  let drawn = 0;
  return (state, nowMs) => {
    const width = Math.max(20, stream.columns - 1);
    const lines = laneLines(state, nowMs).map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
    const up = drawn > 0 ? `\x1b[${drawn}A` : '';
    stream.write(up + lines.map((line) => `\x1b[2K${line}\n`).join(''));
    drawn = lines.length;
  };
}

/** Writes a line when a lane's state changed, and now and then while it goes on. */
function plain(stream: NodeJS.WriteStream): (state: ComparisonState, nowMs: number) => void {
  let before: readonly string[] = [];
  return (state, nowMs) => {
    const lines = laneLines(state, nowMs);
    const changed = lines.filter((line) => !before.includes(line));
    if (changed.length > 0) stream.write(`${changed.join('\n')}\n`);
    before = lines;
  };
}

function laneLines(state: ComparisonState, nowMs: number): readonly string[] {
  return LANES.flatMap((lane) => {
    const run = state.runs[lane];
    if (!run) return [];
    const elapsed = metric('total').read(run, nowMs).figure;
    const model = run.plan.scripted ? `${run.plan.model} (scripted sample, not a model)` : run.plan.model;
    return [
      `${LANE_LABEL[lane].padEnd(9)}  ${elapsed.padStart(8)}  ${formatCost(run.cost).padStart(9)}  ${model}: ${laneStatus(run, nowMs)}`,
    ];
  });
}
