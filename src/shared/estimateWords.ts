/**
 * What is said of an estimate: what the runs may cost together, how many tokens go in, who counted them, and where the likely figure comes
 * from. A guess is said in round figures with its band, so that nobody takes it for a count.
 */
import { type ComparisonState, LANE_LABEL, LANES, type LanePlan } from './comparison.ts';
import { formatCount } from './figures.ts';
import { formatUsd, type NanoUsd } from './money.ts';
import type { Estimate } from './sending.ts';

/** What the current runs could cost together, as estimated before they were sent. Absent when a price is unknown or illustrative. */
export interface EstimatedCost {
  readonly floorNanoUsd: NanoUsd;
  readonly likelyNanoUsd: NanoUsd;
  readonly ceilingNanoUsd: NanoUsd;
}

export function estimatedCost(state: ComparisonState): EstimatedCost | undefined {
  const sum = { floorNanoUsd: 0, likelyNanoUsd: 0, ceilingNanoUsd: 0 };
  for (const { plan } of Object.values(state.runs)) {
    const { floorNanoUsd, likelyNanoUsd, ceilingNanoUsd } = plan.estimate;
    if (plan.scripted || floorNanoUsd === undefined || likelyNanoUsd === undefined || ceilingNanoUsd === undefined)
      return undefined;
    sum.floorNanoUsd += floorNanoUsd;
    sum.likelyNanoUsd += likelyNanoUsd;
    sum.ceilingNanoUsd += ceilingNanoUsd;
  }
  return sum.ceilingNanoUsd > 0 ? sum : undefined;
}

/** The estimate in words; empty when there is none. */
export function estimateSentence(state: ComparisonState): string {
  const estimate = estimatedCost(state);
  if (!estimate) return '';
  const { floorNanoUsd, likelyNanoUsd, ceilingNanoUsd } = estimate;
  const likely = `likely ${formatUsd(likelyNanoUsd)}${likelyBasis(Object.values(state.runs).map(({ plan }) => plan.estimate))}`;
  const money = `Estimated before the run: at least ${formatUsd(floorNanoUsd)}, ${likely}, at most ${formatUsd(ceilingNanoUsd)}.`;
  const inputs = LANES.flatMap((lane) => {
    const plan = state.runs[lane]?.plan;
    return plan?.estimate.inputTokensRange ? [`${LANE_LABEL[lane]}: ${inputWords(plan)}.`] : [];
  });
  return [money, ...inputs].join(' ');
}

/** `about 3,400 tokens in (2,700 to 4,300)`, or `3,412 tokens in, counted by Anthropic`. */
export function inputWords({ estimate, endpointLabel }: Pick<LanePlan, 'estimate' | 'endpointLabel'>): string {
  const { inputTokens, inputTokensRange: range } = estimate;
  if (estimate.inputBasis === 'counted') return `${formatCount(inputTokens)} tokens in, counted by ${endpointLabel}`;
  const about = `about ${formatCount(rounded(inputTokens, Math.round))} tokens in`;
  if (!range) return about;
  return `${about} (${formatCount(rounded(range[0], Math.floor))} to ${formatCount(rounded(range[1], Math.ceil))})`;
}

/** `, by your last 7 answers`, to stand after the likely figure; empty when it stands on typical answers, for one lane or more. */
export function likelyBasis(estimates: readonly Estimate[]): string {
  const runs = estimates.map(({ likelyFromRuns }) => likelyFromRuns);
  const [first] = runs;
  if (first === undefined || runs.includes(undefined)) return '';
  return runs.length === 1 ? `, by your last ${first} answers` : ', by your earlier answers';
}

/** To two significant digits. */
function rounded(tokens: number, round: (value: number) => number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, tokens))) - 1);
  return round(tokens / unit) * unit;
}
