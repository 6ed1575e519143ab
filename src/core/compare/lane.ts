/**
 * One lane: attempts until one counts, each on money of its own, and one end.
 *
 * Every attempt stands on a hold of its own: the first was made together with the other lanes', a retry after an attempt that may have
 * cost something holds again. Every way out settles exactly once. A lane never throws; whatever happens becomes its `end`. Only a background
 * run whose process goes away has none yet: it is left as it is, for whoever picks it up.
 */
import type { FinishReason, ModelError, Usage } from '../../shared/model.ts';
import type { Cost, NanoUsd } from '../../shared/money.ts';
import type { Ledger } from '../contracts.ts';
import { type AttemptDeps, type Call, runAttempt } from './attempt.ts';
import { interruptionOf, type PickedUp } from './interrupted.ts';
import { addCosts } from './outcome.ts';
import { retryWaitMs } from './retry.ts';

export interface LaneJob extends Call {
  readonly money: LaneMoney;
  /** Goes on with a background run that another process began. */
  readonly pickedUp?: PickedUp;
}

/** The lane's access to money; the lane cannot call a model without it. */
export interface LaneMoney {
  /** The first attempt's hold; undefined when nothing is at stake (sample, local) or the price is unknown. */
  readonly holdId: string | undefined;
  /** Holds again for a retry. Returns the hold, or the sentence of the refusal. */
  holdAgain(): { readonly holdId: string } | { readonly refusal: string };
  readonly ledger: Ledger | undefined;
}

export interface LaneDeps extends AttemptDeps {
  /** In [0, 1), for the jitter of a retry. */
  readonly random: () => number;
  /** Told when the books refused what they must record. */
  readonly onLedgerProblem: (error: unknown) => void;
}

/** Resolves with false when the lane was left to go on on the provider's side. */
export async function runLane(job: LaneJob, deps: LaneDeps): Promise<boolean> {
  const { emit, signal } = deps;
  const { money, pickedUp } = job;
  let { holdId } = money;
  let spent = pickedUp?.run.spent;
  const first = pickedUp?.run.attempts ?? 1;
  /** Of what the books are told nothing, they say nothing. */
  let isInBooks = holdId !== undefined;
  const end = (cost: Cost, reason: FinishReason, error?: ModelError, atMs?: number): true => {
    emit({ type: 'cost', cost }, atMs);
    if (isInBooks && error?.kind === 'interrupted') emit({ type: 'settled', cost }, atMs);
    emit({ type: 'end', reason, ...(error ? { error } : {}) }, atMs);
    return true;
  };
  for (let number = first; ; number++) {
    const goesOn = number === first ? pickedUp : undefined;
    if (!goesOn) {
      emit({ type: 'attempt', number, ...(holdId === undefined ? {} : { holdId }), ...(spent === undefined ? {} : { spent }) });
    }
    const inBooks = booksOf(holdId, money.ledger, deps);
    const attempt = await runAttempt(job, { spent, pickedUp: goesOn, onMetered: inBooks.beat }, deps);
    if (!attempt) return false;
    isInBooks = inBooks.settle(attempt.cost, attempt.usage) && isInBooks;
    spent = addCosts(spent, attempt.cost);
    const waitMs = signal.aborted ? undefined : retryWaitMs(attempt, number, deps.random);
    if (attempt.error === undefined || waitMs === undefined) {
      emit({ type: 'usage', usage: attempt.usage ?? { basis: 'estimated' } }, attempt.endedMs);
      return end(spent, attempt.finish, attempt.error, attempt.endedMs);
    }
    emit({ type: 'retry', waitMs, error: attempt.error });
    await deps.sleep(waitMs, signal);
    if (signal.aborted) return end(spent, 'aborted', interruptionOf(signal));
    if (holdId !== undefined) {
      const again = money.holdAgain();
      if ('refusal' in again) return end(spent, 'error', { kind: 'budget', message: again.refusal, retryable: false });
      holdId = again.holdId;
    }
  }
}

/**
 * What one attempt writes into the books on its hold; nothing where there is none, and then nothing is settled. What they refuse is told,
 * and ends no lane.
 */
function booksOf(
  holdId: string | undefined,
  ledger: Ledger | undefined,
  { onLedgerProblem }: Pick<LaneDeps, 'onLedgerProblem'>,
): { readonly beat: (nanoUsd: NanoUsd) => void; readonly settle: (cost: Cost, usage: Usage | undefined) => boolean } {
  const write = <T>(what: (books: Ledger, id: string) => T): T | undefined => {
    if (!ledger || holdId === undefined) return undefined;
    try {
      return what(ledger, holdId);
    } catch (error) {
      onLedgerProblem(error);
      return undefined;
    }
  };
  return {
    beat: (nanoUsd) => write((books, id) => books.beat(id, nanoUsd)),
    settle: (cost, usage) => write((books, id) => books.settle(id, cost, usage)) ?? false,
  };
}
