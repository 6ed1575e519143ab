/**
 * A comparison while it lives: lanes start, stop and run again; everything that happens leaves as batches of numbered events.
 *
 * The worst case of all lanes that start together is reserved in one transaction before the first byte is sent; if the limits do not
 * allow it, nothing starts. One lane cannot fail another. Whoever made the comparison calls {@link Comparison.stop} or waits for
 * {@link Comparison.settled}.
 */
import {
  type ComparisonEvent,
  type ComparisonState,
  EMPTY,
  type LaneEvent,
  type LaneId,
  type LanePlan,
  reduce,
  SCHEMA_VERSION,
} from '../../shared/comparison.ts';
import type { ModelError } from '../../shared/model.ts';
import type { Task } from '../../shared/task.ts';
import type { Clock, Endpoint, Ledger, Limits, Provider, Refusal, StreamLimits } from '../contracts.ts';
import { refusalSentence } from '../money/budget.ts';
import { EventBatcher } from './batch.ts';
import { INTERRUPTED, isLeft, leftLanes, notPickedUp, type PickedUp } from './interrupted.ts';
import { runLane } from './lane.ts';
import { holdsFor, isPaid, type Quote } from './quote.ts';

/** Limits as they were when the lanes started, or a way to read them anew for each reservation. */
export type LimitsNow = Limits | (() => Limits);

export interface ComparisonDeps {
  readonly clock: Clock;
  /** Opens the books, once. Throws `LedgerUnavailable`; asked only when money is at stake or a price is unknown. */
  readonly ledger: () => Ledger;
  readonly providerFor: (endpoint: Endpoint, model: string) => Promise<Provider>;
  readonly limitsFor: (plan: LanePlan) => StreamLimits;
  /** True where an answer that repeats itself is to be stopped; absent: it goes on. */
  readonly stopsLoops?: () => boolean;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly every: (ms: number, call: () => void) => () => void;
  readonly random: () => number;
  /** Gets every batch, in order: the journal first, then whoever shows it. Must not throw. */
  readonly sink: (batch: readonly ComparisonEvent[], state: ComparisonState) => void;
  /** Told when the books could not record a settlement. */
  readonly onLedgerProblem: (error: unknown) => void;
}

/** A new id: start time first, so that ids sort by it, then four random letters. */
export function newComparisonId(date: Date, random: () => number): string {
  const stamp = date.toISOString().replace(/[-:]/g, '').replace('T', '-').replace('.', '').slice(0, 18);
  const letters = Array.from({ length: 4 }, () => 'abcdefghijkmnpqrstuvwxyz'[Math.floor(random() * 24)]).join('');
  return `${stamp}-${letters}`;
}

export class Comparison {
  readonly id: string;
  readonly #deps: ComparisonDeps;
  readonly #batcher: EventBatcher;
  readonly #zeroMs: number;
  /** The task, until its first lane is admitted and the log begins. */
  #unbegun: Task | undefined;
  /** What lanes that have ended still have to say to their providers. */
  readonly #lingering = new Set<Promise<void>>();
  readonly #running = new Map<LaneId, { readonly controller: AbortController; readonly done: Promise<void> }>();
  #state: ComparisonState;

  /** Begins a comparison of that task, or goes on with one that was stored. `nowMs`: what its clock reads; absent: it stood still since. */
  constructor(
    deps: ComparisonDeps,
    from: { readonly id: string; readonly task: Task } | { readonly stored: ComparisonState; readonly nowMs?: number },
  ) {
    this.#deps = deps;
    const stored = 'stored' in from ? from.stored : undefined;
    this.#state = stored ?? EMPTY;
    this.#zeroMs = deps.clock.nowMs() - Math.max(stored?.atMs ?? 0, ('stored' in from && from.nowMs) || 0);
    this.#batcher = new EventBatcher((batch) => this.#emit(batch), deps.clock, this.#zeroMs, this.#state.seq + 1);
    this.id = 'stored' in from ? from.stored.id : from.id;
    this.#unbegun = 'stored' in from ? undefined : from.task;
  }

  /** Everything emitted so far, folded. */
  get state(): ComparisonState {
    return this.#state;
  }

  /** Now, on the log's own clock. */
  get nowMs(): number {
    return this.#deps.clock.nowMs() - this.#zeroMs;
  }

  isRunning(lane?: LaneId): boolean {
    return lane === undefined ? this.#running.size > 0 : this.#running.has(lane);
  }

  /**
   * Reserves the worst case of these lanes, all or none, and sends them; the log begins with the first. Returns the refusal when a limit
   * forbids it; throws `LedgerUnavailable` when money is at stake and the books cannot be kept. A lane that is running must be stopped
   * first. Limits given as a function are read anew for each retry, so that a change takes effect at once.
   */
  start(quotes: readonly Quote[], limits: LimitsNow): Refusal | undefined {
    for (const quote of quotes)
      if (this.isRunning(quote.plan.lane)) throw new Error(`the ${quote.plan.lane} lane is still running`);
    const needsBooks = quotes.some((quote) => isPaid(quote) || quote.price === undefined);
    const ledger = needsBooks ? this.#deps.ledger() : undefined;
    const holds = holdsFor(quotes);
    ledger?.settleOrphans(); // what a dead window still holds must not refuse this run
    const reserved = ledger && holds.length > 0 ? ledger.reserve(this.id, holds, asOfNow(limits)) : undefined;
    if (reserved && !reserved.ok) return reserved.refusal;
    this.#begin();
    const holdIds = new Map(holds.map((hold, i) => [hold.lane, reserved?.holdIds[i]]));
    const providers = quotes.map((quote) => this.#prepare(quote));
    const allReady = Promise.allSettled(providers);
    quotes.forEach((quote, i) => {
      const ready = allReady.then(() => providers[i] as Promise<Provider>); // one for each quote
      this.#startLane(quote, ready, { holdId: holdIds.get(quote.plan.lane), ledger, limits });
    });
    return undefined;
  }

  /**
   * Goes on with background runs that another process left: nothing is sent anew, and they stand on the holds they had. A lane that cannot
   * be picked up ends, with the sentence that says why.
   */
  pickUp(lanes: readonly (Quote | { readonly lane: LaneId; readonly problem: string })[], limits: LimitsNow): void {
    for (const quote of lanes) {
      const lane = 'lane' in quote ? quote.lane : quote.plan.lane;
      const run = this.#state.runs[lane];
      if (!isLeft(run) || this.isRunning(lane)) continue;
      if ('problem' in quote) {
        const error = notPickedUp(quote.problem);
        this.#batcher.add({ type: 'lane', lane, event: { type: 'end', reason: 'aborted', error } });
        continue;
      }
      const ledger = run.holdId !== undefined || quote.price === undefined ? this.#adopt(run.holdId) : undefined;
      const money = { holdId: run.holdId, ledger, limits };
      this.#startLane(quote, this.#prepare(quote), money, { run, zeroMs: this.#zeroMs });
    }
    this.#endIfIdle();
  }

  /** Stops a lane, or all; what was shown is kept. */
  stop(lane?: LaneId): void {
    for (const [id, running] of this.#running) if (lane === undefined || id === lane) running.controller.abort();
  }

  /** Stops everything because the process is going away; background runs are left to go on. */
  interrupt(): void {
    for (const running of this.#running.values()) running.controller.abort(INTERRUPTED);
  }

  /** Resolves when no lane is running, and providers were told so where they must be. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map((running) => running.done));
    await Promise.all(this.#lingering);
  }

  /** Resolves when that lane is not running. */
  async settledLane(lane: LaneId): Promise<void> {
    await this.#running.get(lane)?.done;
  }

  #begin(): void {
    if (!this.#unbegun) return;
    const startedAt = this.#deps.clock.date().toISOString();
    this.#batcher.add({ type: 'comparison-start', schema: SCHEMA_VERSION, id: this.id, startedAt, task: this.#unbegun });
    this.#unbegun = undefined;
  }

  async #prepare({ setup }: Quote): Promise<Provider> {
    const provider = await this.#deps.providerFor(setup.endpoint, setup.ref.model);
    await provider.prepare();
    return provider;
  }

  #startLane(quote: Quote, ready: Promise<Provider>, money: LaneBooks, pickedUp?: PickedUp): void {
    const { holdId, ledger, limits } = money;
    const { lane } = quote.plan;
    const { clock, sleep, every, random, onLedgerProblem } = this.#deps;
    const controller = new AbortController();
    const emit = (event: LaneEvent, atMs?: number): void => this.#batcher.add({ type: 'lane', lane, event }, atMs);
    const linger = (work: Promise<void>): void => {
      this.#lingering.add(work);
      void work.finally(() => this.#lingering.delete(work));
    };
    const patience = this.#deps.limitsFor(quote.plan);
    if (!pickedUp) emit({ type: 'start', plan: { ...quote.plan, patience } });
    const run = async (): Promise<void> => {
      let hasEnded = true;
      try {
        const provider = await ready;
        hasEnded = await runLane(
          {
            plan: quote.plan,
            request: quote.request,
            provider,
            price: quote.price,
            limits: patience,
            stopsLoops: this.#deps.stopsLoops?.() ?? false,
            money: { holdId, ledger, holdAgain: () => this.#holdAgain(quote, ledger, limits) },
            ...(pickedUp ? { pickedUp } : {}),
          },
          { clock, sleep, every, linger, random, onLedgerProblem, emit, signal: controller.signal },
        );
      } catch (error) {
        emit({ type: 'end', reason: 'error', error: unexpected(error) }); // a bug: shown, and its hold stays until it is settled as an orphan
      } finally {
        if (hasEnded && ledger && quote.price === undefined) this.#noteUnpriced(quote, ledger);
        this.#running.delete(lane);
        this.#endIfIdle();
      }
    };
    this.#running.set(lane, { controller, done: run() });
  }

  /** The log ends with its last lane; while one is left to go on elsewhere it has no end yet. */
  #endIfIdle(): void {
    this.#batcher.flush();
    if (this.#state.running && this.#running.size === 0 && leftLanes(this.#state).length === 0)
      this.#batcher.add({ type: 'comparison-end' });
  }

  /** The books, with that hold in this process's name. Without them a run that is paid for already is read all the same. */
  #adopt(holdId: string | undefined): Ledger | undefined {
    try {
      const ledger = this.#deps.ledger();
      if (holdId !== undefined) ledger.adopt(holdId);
      return ledger;
    } catch (error) {
      this.#deps.onLedgerProblem(error);
      return undefined;
    }
  }

  #noteUnpriced({ setup }: Quote, ledger: Ledger): void {
    try {
      ledger.noteUnpriced(this.id, setup.lane, setup.endpoint.id, setup.ref.model, this.#state.runs[setup.lane]?.usage);
    } catch (error) {
      this.#deps.onLedgerProblem(error);
    }
  }

  #holdAgain(quote: Quote, ledger: Ledger | undefined, limits: LimitsNow): { holdId: string } | { refusal: string } {
    const result = ledger?.reserve(this.id, holdsFor([quote]), asOfNow(limits));
    if (!result) return { refusal: 'The retry could not be paid for: the spending ledger is closed.' };
    if (!result.ok) return { refusal: refusalSentence(result.refusal) };
    const [holdId] = result.holdIds;
    return holdId === undefined ? { refusal: 'The retry could not be paid for: nothing was reserved.' } : { holdId };
  }

  #emit(batch: readonly ComparisonEvent[]): void {
    for (const event of batch) this.#state = reduce(this.#state, event);
    this.#deps.sink(batch, this.#state);
  }
}

/** What a lane needs of the books. */
interface LaneBooks {
  readonly holdId: string | undefined;
  readonly ledger: Ledger | undefined;
  readonly limits: LimitsNow;
}

const asOfNow = (limits: LimitsNow): Limits => (typeof limits === 'function' ? limits() : limits);

function unexpected(error: unknown): ModelError {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'unknown', message: `Something went wrong in Second Thought: ${message}`, retryable: false };
}
