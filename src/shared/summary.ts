/**
 * A comparison's outcome for scripts: stable names, `null` for whatever is not known. Times are milliseconds since the attempt that
 * counts was sent; retries and waiting before it are not in them and stand apart, in `waitedMs`.
 */
import { type ComparisonState, LANES, type LaneId, type Run } from './comparison.ts';
import { momentsOf, waitedMs } from './figures.ts';
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
  /** The price class that was used, in the vendor's word. */
  readonly serviceTier: string | null;
  /** The answer came from a cache of whole answers: its times are not a model's. */
  readonly fromCache: boolean;
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
    readonly firstEvent: number | null;
    readonly firstReasoning: number | null;
    readonly firstText: number | null;
    readonly end: number | null;
  };
  readonly attempts: number;
  /** Milliseconds lost to earlier attempts and to waiting between them; 0 when the first attempt counted. */
  readonly waitedMs: number;
  /** How often a run on the provider's side was picked up again. */
  readonly resumes: number;
}

export type Summary = Partial<Record<LaneId, LaneSummary>>;

export function summarise(state: ComparisonState): Summary {
  return Object.fromEntries(
    LANES.flatMap((lane) => (state.runs[lane] ? [[lane, summariseRun(state.runs[lane], state.atMs)]] : [])),
  );
}

const hasCounts = (usage: Usage): boolean => usage.inputTokens !== undefined || usage.outputTokens !== undefined;

function summariseRun(run: Run, nowMs: number): LaneSummary {
  const moments = momentsOf(run);
  const since = (atMs: number | undefined): number | null => (atMs === undefined ? null : toMicros(atMs - run.attemptMs));
  const { usage, cost } = run;
  return {
    model: run.plan.model,
    scripted: run.plan.scripted,
    finish: run.finish ?? null,
    errorKind: run.error?.kind ?? null,
    errorMessage: run.error?.message ?? null,
    servedModel: run.servedModel ?? null,
    serviceTier: run.serviceTier ?? null,
    fromCache: run.fromCache === true,
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
      firstByte: since(moments.firstByteMs),
      firstEvent: since(moments.firstEventMs),
      firstReasoning: since(moments.firstReasoningMs),
      firstText: since(moments.firstTextMs),
      end: since(run.endedMs),
    },
    attempts: run.attempts,
    waitedMs: toMicros(waitedMs(run, nowMs)),
    resumes: run.resumes ?? 0,
  };
}

/** Milliseconds to the microsecond, as the log has them. */
const toMicros = (ms: number): number => Math.round(Math.max(0, ms) * 1000) / 1000;
