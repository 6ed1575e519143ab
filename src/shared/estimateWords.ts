/**
 * What is said of an estimate beside its dollars: how many tokens go in, who counted them, and where the likely figure comes from. A guess
 * is said in round figures with its band, so that nobody takes it for a count.
 */
import type { Estimate, LanePlan } from './comparison.ts';

/** `about 3,400 tokens in (2,700 to 4,300)`, or `3,412 tokens in, counted by Anthropic`. */
export function inputWords({ estimate, endpointLabel }: Pick<LanePlan, 'estimate' | 'endpointLabel'>): string {
  const { inputTokens, inputTokensRange: range } = estimate;
  if (estimate.inputBasis === 'counted') return `${grouped(inputTokens)} tokens in, counted by ${endpointLabel}`;
  const about = `about ${grouped(rounded(inputTokens, Math.round))} tokens in`;
  if (!range) return about;
  return `${about} (${grouped(rounded(range[0], Math.floor))} to ${grouped(rounded(range[1], Math.ceil))})`;
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

const grouped = (tokens: number): string => tokens.toLocaleString('en-US');
