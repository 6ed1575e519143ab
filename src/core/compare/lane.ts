/**
 * One lane: a model call with its money held, its clock stamped and its failures retried only while nothing was shown.
 *
 * Every attempt stands on a hold of its own: the first was made together with the other lanes', a retry after an attempt that may have
 * cost something holds again. Every way out settles exactly once. A lane never throws; whatever happens becomes its `end`.
 */
import type { LaneEvent, LanePlan } from '../../shared/comparison.ts';
import type { ErrorKind, FinishReason, ModelError, ModelRequest, StreamEvent, Usage } from '../../shared/model.ts';
import type { Cost } from '../../shared/money.ts';
import type { Clock, Ledger, Price, Provider, StreamLimits } from '../contracts.ts';
import { settlement } from '../money/budget.ts';
import { createMeter, HIDDEN_TOKENS_PER_SECOND, type Meter } from '../money/meter.ts';
import { INTERRUPTED } from './interrupted.ts';

/** At most this many calls for one answer. */
const MAX_ATTEMPTS = 3;
/** A server that asks for a longer wait is not waited for. */
const MAX_RETRY_AFTER_MS = 120_000;
/** The live estimate in the log is renewed at most this often. */
const METER_INTERVAL_MS = 250;

export interface LaneJob {
  readonly plan: LanePlan;
  readonly request: ModelRequest;
  readonly provider: Provider;
  /** Undefined: unknown, and agreed to. */
  readonly price: Price | undefined;
  readonly limits: StreamLimits;
  readonly money: LaneMoney;
}

/** The lane's access to money; the lane cannot call a model without it. */
export interface LaneMoney {
  /** The first attempt's hold; undefined when nothing is at stake (sample, local) or the price is unknown. */
  readonly holdId: string | undefined;
  /** Holds again for a retry. Returns the hold, or the sentence of the refusal. */
  holdAgain(): { readonly holdId: string } | { readonly refusal: string };
  readonly ledger: Ledger | undefined;
}

export interface LaneDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly emit: (event: LaneEvent) => void;
  /** Resolves after that time or when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1), for the jitter of a retry. */
  readonly random: () => number;
  /** Told when the books refused what they must record. */
  readonly onLedgerProblem: (error: unknown) => void;
}

/** What one attempt came to. */
interface Attempt {
  readonly finish: FinishReason;
  readonly error?: ModelError;
  readonly usage?: Usage;
  readonly cost: Cost;
  /** True when a byte of the answer arrived. */
  readonly began: boolean;
  /** True when text or thinking arrived: then there is no other attempt. */
  readonly shown: boolean;
}

export async function runLane(job: LaneJob, deps: LaneDeps): Promise<void> {
  const { emit, signal } = deps;
  let holdId = job.money.holdId;
  let spent: Cost | undefined;
  for (let number = 1; ; number++) {
    emit({ type: 'attempt', number, ...(holdId === undefined ? {} : { holdId }) });
    const attempt = await runAttempt(job, holdId, spent, deps);
    settle(job, holdId, attempt, deps);
    spent = addCosts(spent, attempt.cost);
    const waitMs = number < MAX_ATTEMPTS && !signal.aborted ? retryWaitMs(attempt, number, deps.random) : undefined;
    if (attempt.error === undefined || waitMs === undefined) {
      emit({ type: 'usage', usage: attempt.usage ?? { basis: 'estimated' } });
      emit({ type: 'cost', cost: spent });
      emit({ type: 'end', reason: attempt.finish, ...(attempt.error ? { error: attempt.error } : {}) });
      return;
    }
    emit({ type: 'retry', waitMs, error: attempt.error });
    await deps.sleep(waitMs, signal);
    if (signal.aborted) {
      emit({ type: 'cost', cost: spent });
      emit({ type: 'end', reason: 'aborted', ...reasonOf(signal) });
      return;
    }
    if (holdId !== undefined) {
      const again = job.money.holdAgain();
      if ('refusal' in again) {
        emit({ type: 'cost', cost: spent });
        emit({ type: 'end', reason: 'error', error: { kind: 'budget', message: again.refusal, retryable: false } });
        return;
      }
      holdId = again.holdId;
    }
  }
}

/** `spent` is what earlier attempts cost. */
async function runAttempt(job: LaneJob, holdId: string | undefined, spent: Cost | undefined, deps: LaneDeps): Promise<Attempt> {
  const { clock, emit } = deps;
  const startedMs = clock.nowMs();
  const budget = new AbortController();
  const meter = createMeter({
    inputTokens: job.plan.estimate.inputTokens,
    price: job.price,
    thinks: job.plan.lane === 'reasoning' && job.request.effort !== 'none',
    maxOutputTokens: job.request.maxOutputTokens,
    startedMs,
    ...(job.plan.estimate.ceilingNanoUsd === undefined ? {} : { ceilingNanoUsd: job.plan.estimate.ceilingNanoUsd }),
  });
  let began = false;
  let shown = false;
  let usage: Usage | undefined;
  let billedNanoUsd: number | undefined;
  let finish: Extract<StreamEvent, { type: 'finish' }> = { type: 'finish', reason: 'error', error: NO_END };
  let meteredMs = clock.nowMs();

  const readMeter = (): void => {
    const nowMs = clock.nowMs();
    if (meter.crossed(nowMs)) budget.abort();
    if (nowMs - meteredMs < METER_INTERVAL_MS) return;
    meteredMs = nowMs;
    const reading = meter.read(nowMs);
    emit({ type: 'usage', usage: reading.usage });
    if (reading.cost) emit({ type: 'cost', cost: addCosts(spent, reading.cost) });
    if (holdId !== undefined && reading.cost?.nanoUsd !== undefined) beat(job, holdId, reading.cost.nanoUsd, deps);
  };
  const ticking = setInterval(readMeter, METER_INTERVAL_MS);
  try {
    const signal = AbortSignal.any([deps.signal, budget.signal]);
    for await (const event of job.provider.stream(job.request, { signal, limits: job.limits })) {
      switch (event.type) {
        case 'first-byte':
          began = true;
          emit({ type: 'first-byte' });
          break;
        case 'first-event':
        case 'alive':
          emit({ type: event.type });
          break;
        case 'response-start':
          emit({
            type: 'served',
            ...(event.servedModel === undefined ? {} : { model: event.servedModel }),
            ...(event.responseId === undefined ? {} : { responseId: event.responseId }),
            ...(event.serviceTier === undefined ? {} : { serviceTier: event.serviceTier }),
            ...(event.fromCache === undefined ? {} : { fromCache: event.fromCache }),
          });
          break;
        case 'reasoning-delta':
          shown = true;
          meter.addReasoning(event.text, clock.nowMs());
          emit({ type: 'reasoning', text: event.text, ...cursorOf(event) });
          readMeter();
          break;
        case 'text-delta':
          shown = true;
          meter.addText(event.text, clock.nowMs());
          emit({ type: 'text', text: event.text, ...cursorOf(event) });
          readMeter();
          break;
        case 'usage':
          usage = event.usage;
          billedNanoUsd = event.billedNanoUsd ?? billedNanoUsd;
          break;
        case 'finish':
          finish = event;
          break;
      }
    }
  } finally {
    clearInterval(ticking);
  }
  const stopped = deps.signal.aborted ? reasonOf(deps.signal).error : budget.signal.aborted ? BUDGET_STOP : undefined;
  return concludeAttempt({ startedMs, job, meter, began, shown, usage, billedNanoUsd, finish, stopped, nowMs: clock.nowMs() });
}

const cursorOf = ({ cursor }: { readonly cursor?: number }) => (cursor === undefined ? {} : { cursor });

function concludeAttempt(facts: {
  readonly job: LaneJob;
  readonly meter: Meter;
  readonly began: boolean;
  readonly shown: boolean;
  readonly usage: Usage | undefined;
  readonly billedNanoUsd: number | undefined;
  readonly finish: Extract<StreamEvent, { type: 'finish' }>;
  /** Why the stream was aborted, when it was not the person's wish. */
  readonly stopped: ModelError | undefined;
  readonly startedMs: number;
  readonly nowMs: number;
}): Attempt {
  const { job, meter, began, finish } = facts;
  const error = finish.reason === 'aborted' ? facts.stopped : finish.error;
  const reading = meter.read(facts.nowMs);
  const isFinal = facts.usage?.inputTokens !== undefined && facts.usage.outputTokens !== undefined && finish.reason !== 'aborted';
  const usage = isFinal ? facts.usage : began ? reading.usage : undefined;
  const cost = settlement({
    sent: true,
    began,
    finish: finish.reason,
    ...(finish.error ? { error: finish.error } : {}),
    ...(isFinal && facts.usage ? { usage: facts.usage } : {}),
    meterUsage: began ? reading.usage : withWaiting(reading.usage, facts.nowMs - facts.startedMs),
    price: job.price,
    ...(job.plan.estimate.ceilingNanoUsd === undefined ? {} : { holdNanoUsd: job.plan.estimate.ceilingNanoUsd }),
    ...(facts.billedNanoUsd === undefined ? {} : { billedNanoUsd: facts.billedNanoUsd }),
  });
  return { finish: finish.reason, began, shown: facts.shown, cost, ...(error ? { error } : {}), ...(usage ? { usage } : {}) };
}

/** While nothing has arrived the model may be at work all the same: counted as if it had generated for all that time. */
const withWaiting = (usage: Usage, waitedMs: number): Usage => ({
  ...usage,
  outputTokens: Math.max(usage.outputTokens ?? 0, Math.ceil((waitedMs / 1000) * HIDDEN_TOKENS_PER_SECOND)),
});

/** A stream that breaks its promise of one `finish`. */
const NO_END: ModelError = {
  kind: 'protocol',
  message: 'The answer stopped without an end. Run this lane again.',
  retryable: true,
};

const BUDGET_STOP: ModelError = {
  kind: 'budget',
  message: 'Stopped at its budget: this lane reached the most it was allowed to cost. The text so far is kept.',
  retryable: false,
};

/** Whoever stops a lane for a reason of its own says so by the signal's reason; a person's stop has none. */
const reasonOf = (signal: AbortSignal): { readonly error?: ModelError } =>
  signal.reason === INTERRUPTED ? { error: INTERRUPTED } : {};

/** What a server may say inside an answer that it has begun, before it showed anything, and do better a moment later. */
const TRANSIENT: ReadonlySet<ErrorKind> = new Set(['overloaded', 'rate-limit', 'unknown']);

/** How long to wait before another attempt; undefined: there is none. Nothing that was shown is ever taken back. */
function retryWaitMs(attempt: Attempt, number: number, random: () => number): number | undefined {
  if (!attempt.error?.retryable || attempt.shown) return undefined;
  if (attempt.began && !TRANSIENT.has(attempt.error.kind)) return undefined;
  const asked = attempt.error.retryAfterMs;
  if (asked !== undefined && asked > MAX_RETRY_AFTER_MS) return undefined;
  if (asked !== undefined && asked > 0) return asked;
  return Math.round(random() * 1000 * 2 ** (number - 1)) + 100;
}

function settle(job: LaneJob, holdId: string | undefined, attempt: Attempt, deps: LaneDeps): void {
  const { ledger } = job.money;
  if (!ledger) return;
  try {
    if (holdId !== undefined) ledger.settle(holdId, attempt.cost, attempt.usage);
  } catch (error) {
    deps.onLedgerProblem(error);
  }
}

function beat(job: LaneJob, holdId: string, meterNanoUsd: number, deps: LaneDeps): void {
  try {
    job.money.ledger?.beat(holdId, meterNanoUsd);
  } catch (error) {
    deps.onLedgerProblem(error);
  }
}

/** The cost of all attempts of a lane: unknown if one is, an estimate if one is. */
function addCosts(sum: Cost | undefined, next: Cost): Cost {
  if (!sum || sum.nanoUsd === 0) return next;
  if (sum.nanoUsd === undefined || next.nanoUsd === undefined) return { basis: 'unknown' };
  const basis = sum.basis === 'estimated' || next.basis === 'estimated' ? 'estimated' : next.basis;
  return { ...next, nanoUsd: sum.nanoUsd + next.nanoUsd, basis };
}
