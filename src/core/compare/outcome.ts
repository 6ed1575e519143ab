/**
 * What one attempt came to: from what was heard of it, the usage and the cost that go into the log and into the books.
 */
import type { LanePlan } from '../../shared/comparison.ts';
import type { FinishReason, ModelError, StreamEvent, Usage } from '../../shared/model.ts';
import type { Cost, NanoUsd } from '../../shared/money.ts';
import type { Price } from '../contracts.ts';
import { isWhole, settlement } from '../money/budget.ts';
import { type MeterReading, type SafeUsage, safeHiddenTokens } from '../money/meter.ts';

/** What is known of an attempt from its stream, filled in while it runs. */
export interface Heard {
  /** True when a byte of the answer arrived. */
  began: boolean;
  /** True when text or thinking arrived. */
  shown: boolean;
  /** True when the run may still go on on the provider's side, unheard. */
  lost: boolean;
  responseId: string | undefined;
  serviceTier: string | undefined;
  usage: Usage | undefined;
  billedNanoUsd: NanoUsd | undefined;
  finish: Extract<StreamEvent, { type: 'finish' }>;
}

export interface Attempt {
  readonly finish: FinishReason;
  readonly error?: ModelError;
  readonly usage?: Usage;
  readonly cost: Cost;
  readonly began: boolean;
  /** True when something was shown: then there is no other attempt. */
  readonly shown: boolean;
  /** True when no other attempt may come beside a run that nobody hears. */
  readonly lost: boolean;
  /** When the end arrived: before the books were written. */
  readonly endedMs: number;
}

/** `metered`: our own count at the end. `stopped`: why the stream was aborted, when it was not the person's wish. */
export function concludeAttempt(
  { plan, price }: { readonly plan: LanePlan; readonly price: Price | undefined },
  heard: Readonly<Heard>,
  ended: {
    readonly metered: MeterReading;
    readonly stopped: ModelError | undefined;
    readonly startedMs: number;
    readonly endedMs: number;
  },
): Attempt {
  const { began, shown, lost, finish, billedNanoUsd, serviceTier } = heard;
  const { startedMs, endedMs } = ended;
  const { usage: meterUsage, safeUsage } = ended.metered;
  const error = finish.reason === 'aborted' ? ended.stopped : finish.error;
  const isFinal =
    heard.usage?.inputTokens !== undefined &&
    heard.usage.outputTokens !== undefined &&
    finish.reason !== 'aborted' &&
    isWhole(heard.usage, { finish: finish.reason, meterUsage });
  const usage = isFinal ? heard.usage : began ? withCounts(meterUsage, heard.usage) : undefined;
  const cost = settlement({
    sent: true,
    // A run that nobody hears may come to all that was reserved; what the line's last server said is not about its cost.
    began: began && !lost,
    finish: finish.reason,
    ...(finish.error && !lost ? { error: finish.error } : {}),
    ...(isFinal && heard.usage ? { usage: heard.usage } : {}),
    meterUsage,
    safeUsage: began ? safeUsage : withWaiting(safeUsage, endedMs - startedMs),
    price,
    ...(plan.estimate.ceilingNanoUsd === undefined ? {} : { holdNanoUsd: plan.estimate.ceilingNanoUsd }),
    ...(billedNanoUsd === undefined ? {} : { billedNanoUsd }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  });
  return {
    finish: finish.reason,
    began,
    shown,
    lost,
    endedMs,
    cost,
    ...(error ? { error } : {}),
    ...(usage ? { usage } : {}),
  };
}

/** The cost of all attempts of a lane: unknown if one is, an estimate if one is. */
export function addCosts(sum: Cost | undefined, next: Cost): Cost {
  if (!sum || sum.nanoUsd === 0) return next;
  if (sum.nanoUsd === undefined || next.nanoUsd === undefined) return { basis: 'unknown' };
  const basis = sum.basis === 'estimated' || next.basis === 'estimated' ? 'estimated' : next.basis;
  return { ...next, nanoUsd: sum.nanoUsd + next.nanoUsd, basis };
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
const withWaiting = (usage: SafeUsage, waitedMs: number): SafeUsage => ({
  ...usage,
  outputTokens: Math.max(usage.outputTokens, safeHiddenTokens(waitedMs)),
});
