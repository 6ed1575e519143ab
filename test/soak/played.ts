/** What every part of the soak comes to: figures that are summed, and what was wrong, with what led to it. */

export interface Played {
  readonly figures: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
  /** What happened, one line a step; told of a play that failed. */
  readonly log: readonly string[];
}

export interface Failed extends Played {
  readonly seed: number;
}

/** The sums of many plays, and the first few that failed. */
export interface Tally {
  plays: number;
  failures: number;
  readonly figures: Record<string, number>;
  readonly failed: Failed[];
}

const KEPT_FAILURES = 3;

export const newTally = (): Tally => ({ plays: 0, failures: 0, figures: {}, failed: [] });

export function count(tally: Tally, seed: number, played: Played): void {
  tally.plays += 1;
  add(tally.figures, played.figures);
  if (played.problems.length === 0) return;
  tally.failures += 1;
  if (tally.failed.length < KEPT_FAILURES) tally.failed.push({ seed, ...played });
}

export function merge(tally: Tally, more: Tally): void {
  tally.plays += more.plays;
  tally.failures += more.failures;
  add(tally.figures, more.figures);
  tally.failed.push(...more.failed.slice(0, KEPT_FAILURES - tally.failed.length));
}

function add(sums: Record<string, number>, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) sums[name] = (sums[name] ?? 0) + value;
}
