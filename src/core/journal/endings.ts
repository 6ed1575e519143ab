/**
 * What is written into a log in place of a writer that is gone: the ends of the lanes that died with it, and what the books settled them at.
 */
import {
  type ComparisonEvent,
  type ComparisonState,
  LANES,
  type LaneEvent,
  type LaneId,
  type Run,
} from '../../shared/comparison.ts';
import type { ModelError } from '../../shared/model.ts';
import type { Cost } from '../../shared/money.ts';
import { INTERRUPTED, leftLanes } from '../compare/interrupted.ts';
import type { JournalRecord } from './reading.ts';

/** What the books count a run at that was interrupted; undefined while nobody knows. */
export type SettlementOf = (run: Run) => Cost | undefined;

/**
 * The events that end what died with a log's writer; the log itself ends when nothing of it is left to go on. The cost stays the last
 * estimate, or unknown.
 */
export function interruption({ state, damage }: JournalRecord): readonly ComparisonEvent[] {
  if (!state.running) return [];
  const left = leftLanes(state);
  const bodies = LANES.flatMap((lane) => {
    const run = state.runs[lane];
    if (!run || run.status === 'ended' || left.includes(lane)) return [];
    return [{ type: 'lane', lane, event: { type: 'end', reason: 'aborted', error: damage ? UNREADABLE : INTERRUPTED } } as const];
  });
  const end = left.length > 0 ? [] : [{ type: 'comparison-end' } as const];
  return after(state, [...bodies, ...end]);
}

/** What interrupted lanes were settled at meanwhile, where the log does not say so yet. */
export function settlements(state: ComparisonState, settlementOf: SettlementOf): readonly ComparisonEvent[] {
  const bodies = LANES.flatMap((lane) => {
    const run = state.runs[lane];
    const isAsked = run?.error?.kind === 'interrupted' && run.settled === undefined;
    const cost = isAsked ? settlementOf(run) : undefined;
    return cost ? [{ type: 'lane', lane, event: { type: 'settled', cost } } as const] : [];
  });
  return after(state, bodies);
}

/** As the next lines of that log. */
const after = (
  { seq, atMs }: ComparisonState,
  bodies: readonly (
    | { readonly type: 'lane'; readonly lane: LaneId; readonly event: LaneEvent }
    | { readonly type: 'comparison-end' }
  )[],
): readonly ComparisonEvent[] => bodies.map((body, i) => ({ ...body, seq: seq + 1 + i, atMs }));

/** The end of a lane whose end could not be read. */
const UNREADABLE: ModelError = {
  kind: 'interrupted',
  message:
    'The rest of this lane could not be read: its file is damaged. What came before is kept; run the lane again for a whole answer.',
  retryable: true,
};
