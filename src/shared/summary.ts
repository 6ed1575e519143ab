/**
 * A comparison's outcome for scripts: stable names, `null` for whatever is not known. Times are milliseconds since the attempt that
 * counts was sent; retries and waiting before it are not in them.
 */
import { type ComparisonState, LANES, type LaneId, type Run } from './comparison.ts';
import type { ErrorKind, FinishReason, Usage } from './model.ts';
import { type CostBasis, usdFromNano } from './money.ts';

export interface LaneSummary {
  readonly model: string;
  /** True for the scripted sample: not a model, and its price is an illustration. */
  readonly scripted: boolean;
  readonly finish: FinishReason | null;
  readonly errorKind: ErrorKind | null;
  readonly errorMessage: string | null;
  readonly servedModel: string | null;
  readonly text: string;
  readonly reasoning: string;
  readonly usage: {
    readonly inputTokens: number | null;
    readonly outputTokens: number | null;
    readonly reasoningTokens: number | null;
    readonly cacheReadTokens: number | null;
    readonly cacheWriteTokens: number | null;
    readonly basis: 'reported' | 'estimated';
  } | null;
  readonly costUsd: number | null;
  readonly costBasis: CostBasis;
  /** Where the price came from; `illustrative` for the scripted sample. */
  readonly priceSource: string | null;
  readonly priceAsOf: string | null;
  readonly assumedModel: string | null;
  readonly timingsMs: {
    readonly firstByte: number | null;
    readonly firstReasoning: number | null;
    readonly firstText: number | null;
    readonly end: number | null;
  };
  readonly attempts: number;
}

export type Summary = Partial<Record<LaneId, LaneSummary>>;

export function summarise(state: ComparisonState): Summary {
  return Object.fromEntries(LANES.flatMap((lane) => (state.runs[lane] ? [[lane, summariseRun(state.runs[lane])]] : [])));
}

const hasCounts = (usage: Usage): boolean => usage.inputTokens !== undefined || usage.outputTokens !== undefined;

function summariseRun(run: Run): LaneSummary {
  const since = (atMs: number | undefined): number | null =>
    atMs === undefined ? null : Math.round(Math.max(0, atMs - run.attemptMs) * 1000) / 1000;
  const { usage, cost } = run;
  return {
    model: run.plan.model,
    scripted: run.plan.scripted,
    finish: run.finish ?? null,
    errorKind: run.error?.kind ?? null,
    errorMessage: run.error?.message ?? null,
    servedModel: run.servedModel ?? null,
    text: run.text,
    reasoning: run.reasoning,
    usage:
      usage && hasCounts(usage)
        ? {
            inputTokens: usage.inputTokens ?? null,
            outputTokens: usage.outputTokens ?? null,
            reasoningTokens: usage.reasoningTokens ?? null,
            cacheReadTokens: usage.cacheReadTokens ?? null,
            cacheWriteTokens: usage.cacheWriteTokens ?? null,
            basis: usage.basis,
          }
        : null,
    costUsd: cost?.nanoUsd === undefined ? null : usdFromNano(cost.nanoUsd),
    costBasis: cost?.basis ?? 'unknown',
    priceSource: cost?.priceSource ?? null,
    priceAsOf: cost?.priceAsOf ?? null,
    assumedModel: cost?.assumedModel ?? null,
    timingsMs: {
      firstByte: since(run.firstByteMs),
      firstReasoning: since(run.firstReasoningMs),
      firstText: since(run.firstTextMs),
      end: since(run.endedMs),
    },
    attempts: run.attempts,
  };
}
