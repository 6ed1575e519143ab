/**
 * One attempt of a lane: a call whose stream is heard to its end, each event passed on as it arrives, its cost metered while it runs.
 *
 * The meter is looked at a few times a second, whether anything comes or not: it renews the estimate in the log and stops the call before
 * it can cost more than was reserved. A loop beyond doubt is said, and stops the call where that is wished: what would come is paid for,
 * and is more of the same.
 */
import type { LaneEvent, LanePlan } from '../../shared/comparison.ts';
import type { ModelError, ModelRequest, Served } from '../../shared/model.ts';
import { type Cost, isOtherPriceClass, type NanoUsd } from '../../shared/money.ts';
import { plainWords } from '../artifact/elisions.ts';
import { watchRepetition } from '../artifact/repetition.ts';
import type { Clock, Price, Provider, StreamLimits } from '../contracts.ts';
import { priceClassNotice } from '../money/budget.ts';
import { createMeter, type Meter } from '../money/meter.ts';
import { INTERRUPTED, interruptionOf, type PickedUp } from './interrupted.ts';
import { type Attempt, addCosts, concludeAttempt, type Heard } from './outcome.ts';
import { steadyStream } from './steadyStream.ts';

/** A provider that is told to stop a run is waited for this long. */
const CANCEL_MS = 5_000;
/** The live estimate in the log is renewed at most this often. */
const METER_INTERVAL_MS = 250;
/** A gap this long between two looks at the meter is no delay: the machine slept. */
const SLEPT_MS = 5_000;

/** What is sent, to whom, at what price, and how long it is waited for. */
export interface Call {
  readonly plan: LanePlan;
  readonly request: ModelRequest;
  readonly provider: Provider;
  /** Undefined: unknown, and agreed to. */
  readonly price: Price | undefined;
  readonly limits: StreamLimits;
  /** An answer that repeats itself beyond doubt is stopped. */
  readonly stopsLoops?: boolean;
}

export interface AttemptStart {
  /** What the attempts before it cost. */
  readonly spent: Cost | undefined;
  /** Goes on with a background run that another process began. */
  readonly pickedUp: PickedUp | undefined;
  /** Told now and then what this attempt has come to, by the meter. */
  readonly onMetered: (nanoUsd: NanoUsd) => void;
}

export interface AttemptDeps {
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
}

/** Undefined: the run was left to go on on the provider's side. */
export async function runAttempt(call: Call, start: AttemptStart, deps: AttemptDeps): Promise<Attempt | undefined> {
  const { clock, emit, sleep } = deps;
  const { provider, request, limits, price } = call;
  const { pickedUp } = start;
  const startedMs = pickedUp ? pickedUp.zeroMs + pickedUp.run.attemptMs : clock.nowMs();
  const meter = startMeter(call, startedMs, pickedUp);
  const heard = heardBefore(pickedUp);
  let resumeAfter: 'reload' | 'connection' = pickedUp ? 'reload' : 'connection';
  const budget = new AbortController();
  const readMeter = meterReader(meter, () => budget.abort(), start, deps);
  const stopTicking = deps.every(METER_INTERVAL_MS, readMeter);
  const loop = new AbortController();
  const watchLoops = loopWatcher(call, heard.shown ? (pickedUp?.run.text ?? '') : '', emit, () => loop.abort());
  try {
    const signal = AbortSignal.any([deps.signal, budget.signal, loop.signal]);
    const onSent = (): void => emit({ type: 'sent' });
    const options = { signal, limits, onSent, clock, sleep, ...(pickedUp ? { resume: placeOf(pickedUp) } : {}) };
    for await (const event of steadyStream(provider, request, options)) {
      switch (event.type) {
        case 'resume':
          emit({ type: 'resume', after: resumeAfter });
          if (resumeAfter === 'reload') emit({ type: 'notice', text: TIMED_WHEN_READ });
          resumeAfter = 'connection';
          break;
        case 'lost':
          heard.lost = true;
          break;
        case 'first-byte':
          heard.began = true;
          emit({ type: 'first-byte' });
          break;
        case 'first-event':
        case 'alive':
          emit({ type: event.type });
          break;
        case 'response-start':
          heard.responseId = event.responseId ?? heard.responseId;
          heard.serviceTier = event.serviceTier ?? heard.serviceTier;
          emit(servedBy(event));
          break;
        case 'reasoning-delta':
          heard.shown = true;
          meter.addReasoning(event.text, clock.nowMs());
          emit({ type: 'reasoning', text: event.text, ...cursorOf(event) });
          readMeter();
          break;
        case 'text-delta':
          heard.shown = true;
          meter.addText(event.text, clock.nowMs());
          emit({ type: 'text', text: event.text, ...cursorOf(event) });
          readMeter();
          watchLoops(event.text);
          break;
        case 'usage':
          heard.usage = event.usage;
          heard.billedNanoUsd = event.billedNanoUsd ?? heard.billedNanoUsd;
          break;
        case 'finish':
          heard.finish = event;
          break;
      }
    }
  } finally {
    stopTicking();
  }
  const ours = budget.signal.aborted ? BUDGET_STOP : loop.signal.aborted ? LOOP_STOP : undefined;
  const stopped = deps.signal.aborted ? interruptionOf(deps.signal) : ours;
  const endedMs = clock.nowMs() - (heard.finish.settlingMs ?? 0);
  if (request.background && heard.responseId !== undefined && (heard.finish.reason === 'aborted' || heard.lost)) {
    if (deps.signal.reason === INTERRUPTED) return undefined;
    deps.linger(cancel(provider, heard.responseId));
  }
  const attempt = concludeAttempt(call, heard, { metered: meter.read(endedMs), stopped, startedMs, endedMs });
  const notice = isOtherPriceClass(attempt.cost) ? priceClassNotice(heard.serviceTier, price) : undefined;
  if (notice) emit({ type: 'notice', text: notice });
  return attempt;
}

function startMeter({ plan, request, price }: Call, startedMs: number, pickedUp: PickedUp | undefined): Meter {
  const { inputTokens, ceilingNanoUsd } = plan.estimate;
  const meter = createMeter({
    inputTokens,
    price,
    thinks: plan.lane === 'reasoning' && request.effort !== 'none',
    maxOutputTokens: request.maxOutputTokens,
    queues: request.background === true,
    startedMs,
    ...(ceilingNanoUsd === undefined ? {} : { ceilingNanoUsd }),
  });
  if (pickedUp) catchUp(meter, pickedUp);
  return meter;
}

/** Counts what was shown before, at its times. */
function catchUp(meter: Meter, { run, zeroMs }: PickedUp): void {
  if (run.reasoning !== '') meter.addReasoning(run.reasoning, zeroMs + (run.firstReasoningMs ?? run.attemptMs));
  if (run.text !== '') meter.addText(run.text, zeroMs + (run.firstTextMs ?? run.attemptMs));
}

/** Looks at the meter: stops what has crossed its budget, and renews the live estimate where it is due. */
function meterReader(
  meter: Meter,
  stop: () => void,
  { spent, onMetered }: AttemptStart,
  { clock, emit }: AttemptDeps,
): () => void {
  let meteredMs = clock.nowMs();
  let lookedMs = meteredMs;
  return () => {
    const nowMs = clock.nowMs();
    // Looked at four times a second, except while the machine sleeps.
    if (nowMs - lookedMs > SLEPT_MS) meter.slept(nowMs - lookedMs);
    lookedMs = nowMs;
    if (meter.crossed(nowMs)) stop();
    if (nowMs - meteredMs < METER_INTERVAL_MS) return;
    meteredMs = nowMs;
    const { usage, cost } = meter.read(nowMs);
    emit({ type: 'usage', usage });
    if (cost) emit({ type: 'cost', cost: addCosts(spent, cost) });
    if (cost?.nanoUsd !== undefined) onMetered(cost.nanoUsd);
  };
}

/** Listens to the answer for a loop; says one once, and stops the call where that is wished. */
function loopWatcher(
  { request, stopsLoops }: Call,
  before: string,
  emit: AttemptDeps['emit'],
  stop: () => void,
): (text: string) => void {
  const sent = request.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const watch = watchRepetition(plainWords(sent));
  let isSaid = false;
  const listen = (text: string): void => {
    const found = watch.add(text);
    if (!found || isSaid) return;
    isSaid = true;
    if (stopsLoops) stop();
    else emit({ type: 'notice', text: `The answer repeats itself: the same part has come ${found.times} times.` });
  };
  if (before !== '') listen(before);
  return listen;
}

const heardBefore = (pickedUp: PickedUp | undefined): Heard => ({
  began: pickedUp?.run.firstByteMs !== undefined,
  shown: pickedUp !== undefined && pickedUp.run.text + pickedUp.run.reasoning !== '',
  lost: false,
  responseId: pickedUp?.run.responseId,
  serviceTier: pickedUp?.run.serviceTier,
  usage: undefined,
  billedNanoUsd: undefined,
  finish: { type: 'finish', reason: 'error', error: NO_END },
});

/** From where the stored response is read on. */
const placeOf = ({ run: { responseId, cursor } }: PickedUp) => ({
  responseId,
  ...(cursor === undefined ? {} : { after: cursor }),
});

const servedBy = ({ servedModel, responseId, serviceTier, fromCache }: Served): LaneEvent => ({
  type: 'served',
  ...(servedModel === undefined ? {} : { model: servedModel }),
  ...(responseId === undefined ? {} : { responseId }),
  ...(serviceTier === undefined ? {} : { serviceTier }),
  ...(fromCache === undefined ? {} : { fromCache }),
});

const cursorOf = ({ cursor }: { readonly cursor?: number }) => (cursor === undefined ? {} : { cursor });

/** Best effort: a run that cannot be stopped ends by itself at its output limit, which is reserved. */
async function cancel(provider: Provider, responseId: string): Promise<void> {
  await provider.cancel?.(responseId, AbortSignal.timeout(CANCEL_MS)).catch(() => undefined);
}

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

const LOOP_STOP: ModelError = {
  kind: 'unknown',
  message:
    'Stopped because the answer repeats itself: the same part came again and again. The text so far is kept; "secondThought.stopLoops" lets such answers go on.',
  retryable: false,
};
