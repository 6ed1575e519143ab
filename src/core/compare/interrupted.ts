/**
 * What becomes of a lane whose process went away before its model was done. Most end there: that end is written on the way out where there
 * is time, else by whoever reads the log next. A background run goes on on the provider's side and is picked up.
 */
import { type ComparisonState, LANES, type LaneId, type Run } from '../../shared/comparison.ts';
import type { ModelError } from '../../shared/model.ts';

export const INTERRUPTED: ModelError = {
  kind: 'interrupted',
  message:
    'Interrupted: the window closed or reloaded before this lane was done. What was shown is kept; run the lane again for a whole answer.',
  retryable: true,
};

/** The end of a background run that nobody could pick up. `problem` is a sentence. */
export const notPickedUp = (problem: string): ModelError => ({
  kind: 'interrupted',
  message: `Interrupted, and not picked up again: ${problem} What was shown is kept; run the lane again for a whole answer.`,
  retryable: true,
});

/** A run that goes on on the provider's side, and of whose answer it is known up to where it was read. */
export type LeftRun = Run & { readonly responseId: string };

export const isLeft = (run: Run | undefined): run is LeftRun =>
  run !== undefined &&
  run.status !== 'ended' &&
  run.plan.background === true &&
  run.responseId !== undefined &&
  (run.cursor !== undefined || run.text + run.reasoning === '');

/** The lanes of a log without a writer that can be picked up. */
export const leftLanes = (state: ComparisonState): readonly LaneId[] => LANES.filter((lane) => isLeft(state.runs[lane]));

/** A left run in the hands of the process that goes on with it. */
export interface PickedUp {
  /** As the log has it. */
  readonly run: LeftRun;
  /** What the clock reads at the log's zero: may lie before this process began. */
  readonly zeroMs: number;
}

/** Why a lane was stopped, where the process said so by the signal's reason; a person's stop has none. */
export const interruptionOf = (signal: AbortSignal): ModelError | undefined =>
  signal.reason === INTERRUPTED ? INTERRUPTED : undefined;
