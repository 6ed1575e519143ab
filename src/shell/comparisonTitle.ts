/** The name under which a person finds a comparison among tabs and in the path of its results. */
import type { ComparisonState } from '../shared/comparison.ts';

/** The task, and when it began, which tells comparisons of one file apart. */
export function titleOf(state: ComparisonState | undefined): string {
  if (!state?.startedAt) return 'Comparison';
  return `${state.task.title || 'Comparison'} · ${clockTime(state.startedAt)}`;
}

/** `14:32`, as the clock on the wall. */
export const clockTime = (at: string): string => new Date(at).toTimeString().slice(0, 5);
