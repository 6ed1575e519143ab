/**
 * What a comparison cost, and where each figure comes from: a sum tells known from unknown, and real money from an illustration.
 */
import type { ComparisonState, Run } from './comparison.ts';
import { isLive, knownNanoUsd } from './figures.ts';
import { type Cost, isIllustrative, isOtherPriceClass, type NanoUsd } from './money.ts';

/** What a whole comparison cost so far, runs that were repeated included. */
export interface ComparisonCost {
  /** Sum of the known costs that somebody charges. Absent when there is none. */
  readonly nanoUsd?: NanoUsd;
  readonly isEstimate: boolean;
  /** Runs without a known cost: they are in no sum. */
  readonly unknownRuns: number;
  /** Sum of illustrative prices. Absent when there is none. */
  readonly illustrativeNanoUsd?: NanoUsd;
}

/** Adds up a comparison. A run that has sent nothing yet, or was refused before it did, cost nothing and is not unknown. */
export function comparisonCost(state: ComparisonState): ComparisonCost {
  let nanoUsd: number | undefined;
  let illustrativeNanoUsd: number | undefined;
  let isEstimate = false;
  let unknownRuns = 0;
  for (const run of [...state.earlier, ...Object.values(state.runs)]) {
    const cost = knownNanoUsd(run.cost);
    if (cost === undefined) {
      if (run.cost || (run.attempts > 0 && !isLive(run) && (run.text || run.reasoning))) unknownRuns++;
      continue;
    }
    isEstimate ||= run.cost?.basis === 'estimated';
    if (isIllustrative(run.cost)) illustrativeNanoUsd = (illustrativeNanoUsd ?? 0) + cost;
    else nanoUsd = (nanoUsd ?? 0) + cost;
  }
  return {
    isEstimate,
    unknownRuns,
    ...(nanoUsd === undefined ? {} : { nanoUsd }),
    ...(illustrativeNanoUsd === undefined ? {} : { illustrativeNanoUsd }),
  };
}

/** How far a cost has come: an estimate of a lane that was interrupted may be the last one of its run, or what it was settled at. */
export type CostStage = 'running' | 'interrupted' | 'settled';

export const costStage = (run: Run | undefined): CostStage =>
  isLive(run) ? 'running' : run?.error?.kind === 'interrupted' ? 'interrupted' : 'settled';

const ESTIMATE: Readonly<Record<CostStage, string>> = {
  running: 'Our own count of tokens so far times the price',
  interrupted: 'An estimate from our own count of tokens, by the price',
  settled: 'An estimate on the safe side, with a margin over the tokens shown, by the price',
};

/** Where a cost comes from, in one sentence. */
export function costSource(cost: Cost | undefined, stage: CostStage): string {
  if (!cost || cost.basis === 'unknown') return 'No price is known for this model, so its cost is unknown.';
  if (isIllustrative(cost)) return 'An illustrative price: a scripted sample is not a model, and nothing was billed.';
  if (cost.basis === 'local') return 'A model on this machine: free.';
  if (cost.basis === 'billed') return 'As billed by the provider.';
  const what = isOtherPriceClass(cost)
    ? 'An estimate on the safe side, by the price'
    : cost.basis === 'computed'
      ? 'Reported tokens times the price'
      : ESTIMATE[stage];
  const whose = cost.priceSource ? ` from ${cost.priceSource}` : '';
  const asOf = cost.priceAsOf ? ` as of ${cost.priceAsOf}` : '';
  const assumed = cost.assumedModel ? `, taken from ${cost.assumedModel}` : '';
  return `${what}${whose}${asOf}${assumed}.`;
}
