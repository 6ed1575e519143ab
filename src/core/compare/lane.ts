/**
 * One lane: a model call with its money held, its clock stamped and its failures retried only while nothing was shown.
 *
 * Every attempt stands on a hold of its own: the first was made together with the other lanes', a retry after an attempt that may have
 * cost something holds again. Every way out settles exactly once. A lane never throws; whatever happens becomes its `end`. Only a background
 * run whose process goes away has none yet: it is left as it is, for whoever picks it up.
 */
import type { LaneEvent, LanePlan } from '../../shared/comparison.ts';
import type { ErrorKind, FinishReason, ModelError, ModelRequest, Served, StreamEvent, Usage } from '../../shared/model.ts';
import { type Cost, isOtherPriceClass } from '../../shared/money.ts';
import type { Clock, Ledger, Price, Provider, StreamLimits } from '../contracts.ts';
import { isWhole, priceClassNotice, settlement } from '../money/budget.ts';
import { createMeter, HIDDEN_TOKENS_PER_SECOND, type Meter } from '../money/meter.ts';
import { MAX_RETRY_AFTER_MS } from '../providers/errors.ts';
import { INTERRUPTED, type LeftRun } from './interrupted.ts';
import { steadyStream } from './steadyStream.ts';

/** At most this many calls for one answer. */
const MAX_ATTEMPTS = 3;
/** No server gets requests faster than one a second after it failed, whatever it says of waiting. */
const LEAST_RETRY_MS = 1_000;
/** A provider that is told to stop a run is waited for this long. */
const CANCEL_MS = 5_000;
/** The live estimate in the log is renewed at most this often. */
const METER_INTERVAL_MS = 250;
/** A gap this long between two looks at the meter is no delay: the machine slept. */
const SLEPT_MS = 5_000;

export interface LaneJob {
  readonly plan: LanePlan;
  readonly request: ModelRequest;
  readonly provider: Provider;
  /** Undefined: unknown, and agreed to. */
  readonly price: Price | undefined;
  readonly limits: StreamLimits;
  readonly money: LaneMoney;
  /** Goes on with a background run that another process began. */
  readonly pickedUp?: PickedUp;
}

export interface PickedUp {
  /** As the log has it. */
  readonly run: LeftRun;
  /** What the clock reads at the log's zero: may lie before this process began. */
  readonly zeroMs: number;
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
  /** `atMs`: when it happened, on the clock. Absent: now. */
  readonly emit: (event: LaneEvent, atMs?: number) => void;
  /** Resolves after that time or when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls back again and again after that time, until the returned function is called. */
  readonly every: (ms: number, call: () => void) => () => void;
  /** Takes work that outlives the lane's end, and is bounded and cannot fail. */
  readonly linger: (work: Promise<void>) => void;
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
  /** When the end arrived: before the books were written. */
  readonly endedMs: number;
  /** True when the run may still go on on the provider's side, unheard: no other attempt may come beside it. */
  readonly lost: boolean;
}

/** Resolves with false when the lane was left to go on on the provider's side. */
export async function runLane(job: LaneJob, deps: LaneDeps): Promise<boolean> {
  const { emit, signal } = deps;
  const { pickedUp } = job;
  let holdId = job.money.holdId;
  let spent = pickedUp?.run.spent;
  const first = pickedUp?.run.attempts ?? 1;
  for (let number = first; ; number++) {
    const isPickedUp = pickedUp !== undefined && number === first;
    if (!isPickedUp) {
      emit({ type: 'attempt', number, ...(holdId === undefined ? {} : { holdId }), ...(spent === undefined ? {} : { spent }) });
    }
    const attempt = await runAttempt(job, holdId, spent, deps, isPickedUp ? pickedUp : undefined);
    if (!attempt) return false;
    settle(job, holdId, attempt, deps);
    spent = addCosts(spent, attempt.cost);
    const waitMs = number < MAX_ATTEMPTS && !signal.aborted ? retryWaitMs(attempt, number, deps.random) : undefined;
    if (attempt.error === undefined || waitMs === undefined) {
      emit({ type: 'usage', usage: attempt.usage ?? { basis: 'estimated' } }, attempt.endedMs);
      emit({ type: 'cost', cost: spent }, attempt.endedMs);
      emit({ type: 'end', reason: attempt.finish, ...(attempt.error ? { error: attempt.error } : {}) }, attempt.endedMs);
      return true;
    }
    emit({ type: 'retry', waitMs, error: attempt.error });
    await deps.sleep(waitMs, signal);
    if (signal.aborted) {
      emit({ type: 'cost', cost: spent });
      emit({ type: 'end', reason: 'aborted', ...reasonOf(signal) });
      return true;
    }
    if (holdId !== undefined) {
      const again = job.money.holdAgain();
      if ('refusal' in again) {
        emit({ type: 'cost', cost: spent });
        emit({ type: 'end', reason: 'error', error: { kind: 'budget', message: again.refusal, retryable: false } });
        return true;
      }
      holdId = again.holdId;
    }
  }
}

/** `spent` is what earlier attempts cost. Undefined: the run was left to go on on the provider's side. */
async function runAttempt(
  job: LaneJob,
  holdId: string | undefined,
  spent: Cost | undefined,
  deps: LaneDeps,
  pickedUp: PickedUp | undefined,
): Promise<Attempt | undefined> {
  const { clock, emit, sleep } = deps;
  const startedMs = pickedUp ? pickedUp.zeroMs + pickedUp.run.attemptMs : clock.nowMs();
  const budget = new AbortController();
  const meter = createMeter({
    inputTokens: job.plan.estimate.inputTokens,
    price: job.price,
    thinks: job.plan.lane === 'reasoning' && job.request.effort !== 'none',
    maxOutputTokens: job.request.maxOutputTokens,
    queues: job.request.background === true,
    startedMs,
    ...(job.plan.estimate.ceilingNanoUsd === undefined ? {} : { ceilingNanoUsd: job.plan.estimate.ceilingNanoUsd }),
  });
  if (pickedUp) catchUp(meter, pickedUp);
  let began = pickedUp?.run.firstByteMs !== undefined;
  let shown = pickedUp !== undefined && pickedUp.run.text + pickedUp.run.reasoning !== '';
  let lost = false;
  let responseId = pickedUp?.run.responseId;
  let serviceTier = pickedUp?.run.serviceTier;
  let resumeAfter: 'reload' | 'connection' = pickedUp ? 'reload' : 'connection';
  let usage: Usage | undefined;
  let billedNanoUsd: number | undefined;
  let finish: Extract<StreamEvent, { type: 'finish' }> = { type: 'finish', reason: 'error', error: NO_END };
  let meteredMs = clock.nowMs();
  let lookedMs = meteredMs;

  const readMeter = (): void => {
    const nowMs = clock.nowMs();
    // Looked at four times a second, except while the machine sleeps.
    if (nowMs - lookedMs > SLEPT_MS) meter.slept(nowMs - lookedMs);
    lookedMs = nowMs;
    if (meter.crossed(nowMs)) budget.abort();
    if (nowMs - meteredMs < METER_INTERVAL_MS) return;
    meteredMs = nowMs;
    const reading = meter.read(nowMs);
    emit({ type: 'usage', usage: reading.usage });
    if (reading.cost) emit({ type: 'cost', cost: addCosts(spent, reading.cost) });
    if (holdId !== undefined && reading.cost?.nanoUsd !== undefined) beat(job, holdId, reading.cost.nanoUsd, deps);
  };
  const stopTicking = deps.every(METER_INTERVAL_MS, readMeter);
  try {
    const signal = AbortSignal.any([deps.signal, budget.signal]);
    const onSent = (): void => emit({ type: 'sent' });
    const resume = pickedUp ? { responseId: pickedUp.run.responseId, ...afterOf(pickedUp.run) } : undefined;
    const options = { signal, limits: job.limits, onSent, clock, sleep, ...(resume ? { resume } : {}) };
    for await (const event of steadyStream(job.provider, job.request, options)) {
      switch (event.type) {
        case 'resume':
          emit({ type: 'resume', after: resumeAfter });
          if (resumeAfter === 'reload') emit({ type: 'notice', text: TIMED_WHEN_READ });
          resumeAfter = 'connection';
          break;
        case 'lost':
          lost = true;
          break;
        case 'first-byte':
          began = true;
          emit({ type: 'first-byte' });
          break;
        case 'first-event':
        case 'alive':
          emit({ type: event.type });
          break;
        case 'response-start':
          responseId = event.responseId ?? responseId;
          serviceTier = event.serviceTier ?? serviceTier;
          emit(servedBy(event));
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
    stopTicking();
  }
  const stopped = deps.signal.aborted ? reasonOf(deps.signal).error : budget.signal.aborted ? BUDGET_STOP : undefined;
  const nowMs = clock.nowMs();
  if (job.request.background && responseId !== undefined && (finish.reason === 'aborted' || lost)) {
    if (deps.signal.reason === INTERRUPTED) return undefined;
    deps.linger(cancel(job.provider, responseId));
  }
  const served = { usage, billedNanoUsd, serviceTier };
  const attempt = concludeAttempt({ startedMs, job, meter, began, shown, lost, ...served, finish, stopped, nowMs });
  const notice = isOtherPriceClass(attempt.cost) ? priceClassNotice(serviceTier, job.price) : undefined;
  if (notice) emit({ type: 'notice', text: notice });
  return attempt;
}

/** Best effort: a run that cannot be stopped ends by itself at its output limit, which is reserved. */
async function cancel(provider: Provider, responseId: string): Promise<void> {
  await provider.cancel?.(responseId, AbortSignal.timeout(CANCEL_MS)).catch(() => undefined);
}

/** Counts what was shown before, at its times. */
function catchUp(meter: Meter, { run, zeroMs }: PickedUp): void {
  if (run.reasoning !== '') meter.addReasoning(run.reasoning, zeroMs + (run.firstReasoningMs ?? run.attemptMs));
  if (run.text !== '') meter.addText(run.text, zeroMs + (run.firstTextMs ?? run.attemptMs));
}

const afterOf = ({ cursor }: LeftRun) => (cursor === undefined ? {} : { after: cursor });

const servedBy = ({ servedModel, responseId, serviceTier, fromCache }: Served): LaneEvent => ({
  type: 'served',
  ...(servedModel === undefined ? {} : { model: servedModel }),
  ...(responseId === undefined ? {} : { responseId }),
  ...(serviceTier === undefined ? {} : { serviceTier }),
  ...(fromCache === undefined ? {} : { fromCache }),
});

const cursorOf = ({ cursor }: { readonly cursor?: number }) => (cursor === undefined ? {} : { cursor });

function concludeAttempt(facts: {
  readonly job: LaneJob;
  readonly meter: Meter;
  readonly began: boolean;
  readonly shown: boolean;
  readonly lost: boolean;
  readonly usage: Usage | undefined;
  readonly billedNanoUsd: number | undefined;
  readonly serviceTier: string | undefined;
  readonly finish: Extract<StreamEvent, { type: 'finish' }>;
  /** Why the stream was aborted, when it was not the person's wish. */
  readonly stopped: ModelError | undefined;
  readonly startedMs: number;
  readonly nowMs: number;
}): Attempt {
  const { job, meter, began, lost, finish } = facts;
  const error = finish.reason === 'aborted' ? facts.stopped : finish.error;
  const reading = meter.read(facts.nowMs);
  const isFinal =
    facts.usage?.inputTokens !== undefined &&
    facts.usage.outputTokens !== undefined &&
    finish.reason !== 'aborted' &&
    isWhole(facts.usage, { finish: finish.reason, meterUsage: reading.usage });
  const usage = isFinal ? facts.usage : began ? withCounts(reading.usage, facts.usage) : undefined;
  const cost = settlement({
    sent: true,
    // A run that nobody hears may come to all that was reserved; what the line's last server said is not about its cost.
    began: began && !lost,
    finish: finish.reason,
    ...(finish.error && !lost ? { error: finish.error } : {}),
    ...(isFinal && facts.usage ? { usage: facts.usage } : {}),
    meterUsage: began ? reading.usage : withWaiting(reading.usage, facts.nowMs - facts.startedMs),
    price: job.price,
    ...(job.plan.estimate.ceilingNanoUsd === undefined ? {} : { holdNanoUsd: job.plan.estimate.ceilingNanoUsd }),
    ...(facts.billedNanoUsd === undefined ? {} : { billedNanoUsd: facts.billedNanoUsd }),
    ...(facts.serviceTier === undefined ? {} : { serviceTier: facts.serviceTier }),
  });
  return {
    finish: finish.reason,
    began,
    shown: facts.shown,
    lost,
    endedMs: facts.nowMs,
    cost,
    ...(error ? { error } : {}),
    ...(usage ? { usage } : {}),
  };
}

/** Where the model's own tokenizer counted what was seen, its count replaces ours; thinking that nobody saw stays the meter's. */
function withCounts(metered: Usage, counted: Usage | undefined): Usage {
  if (counted?.basis !== 'estimated') return metered;
  const unseen = counted.reasoningTokens === undefined ? (metered.reasoningTokens ?? 0) : 0;
  return {
    ...metered,
    ...counted,
    ...(counted.outputTokens === undefined ? {} : { outputTokens: counted.outputTokens + unseen }),
  };
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

/** Nobody stamped what came while no process listened. */
const TIMED_WHEN_READ =
  'This run went on while its window was away. What came meanwhile is timed by when it was read: those times are upper bounds.';

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
  if (!attempt.error?.retryable || attempt.shown || attempt.lost) return undefined;
  if (attempt.began && !TRANSIENT.has(attempt.error.kind)) return undefined;
  const asked = attempt.error.retryAfterMs;
  if (asked !== undefined && asked > MAX_RETRY_AFTER_MS) return undefined;
  if (asked !== undefined && asked > 0) return Math.max(asked, LEAST_RETRY_MS);
  return LEAST_RETRY_MS + Math.round(random() * 1000 * 2 ** (number - 1));
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
