/**
 * The rules of the budget, pure: what a call is settled at when it ends, what a refusal says, and what would have fitted.
 *
 * A settlement is exact where the provider reported, nothing where it refused to work, and an estimate on the safe side everywhere else;
 * an estimate never exceeds what was reserved, an exact figure is recorded in full.
 */
import { LANE_LABEL, type LaneId } from '../../shared/comparison.ts';
import type { FinishReason, ModelError, Usage } from '../../shared/model.ts';
import { type Cost, formatUsd, NANO_PER_USD, type NanoUsd } from '../../shared/money.ts';
import type { BudgetWindow, Price, Refusal } from '../contracts.ts';
import { costAt } from './pricing.ts';
import { TOKENIZER_MARGIN } from './tokens.ts';

/** What is known of one call when it has ended. */
export interface SettlementFacts {
  /** True when the request left this machine. */
  readonly sent: boolean;
  /** True when a byte of an answer came back. */
  readonly began: boolean;
  readonly finish: FinishReason;
  readonly error?: ModelError;
  /** The provider's own count of the whole call; absent when it came only in part or not at all. */
  readonly usage?: Usage;
  /** The meter's last reading: the likely count. */
  readonly meterUsage: Usage;
  /** Undefined: nobody knows the price. */
  readonly price: Price | undefined;
  /** What was reserved; absent when nothing was. */
  readonly holdNanoUsd?: NanoUsd;
  /** What the provider says it charged. */
  readonly billedNanoUsd?: NanoUsd;
}

/**
 * What a call cost. In this order: not sent, 0; charged by the provider's word, that; price unknown, unknown; on this machine, 0;
 * refused before any work, 0; counted by the provider, its usage times the price; failed without a word from the server, what was reserved;
 * anything else (stopped, cut, no usage reported, an error of the server's own), the meter's count with its margin, at most what was reserved.
 */
export function settlement(facts: SettlementFacts): Cost {
  const { price, billedNanoUsd } = facts;
  const at = (nanoUsd: NanoUsd, basis: 'computed' | 'estimated' | 'billed'): Cost =>
    price ? costAt(price, nanoUsd, price.basis === 'local' ? 'local' : basis) : { nanoUsd, basis };
  if (!facts.sent || facts.error?.neverSent) return at(0, 'computed');
  if (billedNanoUsd !== undefined && Number.isSafeInteger(billedNanoUsd) && billedNanoUsd >= 0) {
    return { nanoUsd: billedNanoUsd, basis: 'billed' };
  }
  if (!price) return { basis: 'unknown' };
  if (price.basis === 'local') return at(0, 'computed');
  if (facts.finish === 'error' && isRefusedBeforeWork(facts.error)) return at(0, 'computed');
  const exact = facts.usage && isWhole(facts.usage, facts) ? price.costOf(facts.usage) : undefined;
  if (exact !== undefined) return at(exact, 'computed');
  const hold = facts.holdNanoUsd;
  const isSilent = !facts.began && facts.finish !== 'aborted' && facts.error?.status === undefined;
  if (isSilent && hold !== undefined) return at(hold, 'estimated');
  const metered = price.costOf(withMargin(facts.meterUsage));
  const estimate = metered === undefined ? hold : Math.min(hold ?? metered, metered);
  return estimate === undefined ? { basis: 'unknown' } : at(estimate, 'estimated');
}

/** Statuses with which servers turn a request away without working on it, and without charging; a redirect points elsewhere. */
const isRefusedBeforeWork = (error: ModelError | undefined): boolean =>
  error?.status !== undefined && ((error.status >= 300 && error.status < 500) || error.status === 503 || error.status === 529);

/**
 * False for our own counts, and, where the stream broke off, for a count that came early: a placeholder of one token, or a running total
 * far behind the text that was seen after it.
 */
function isWhole(usage: Usage, { finish, meterUsage }: SettlementFacts): boolean {
  if (usage.basis !== 'reported') return false;
  const answered = (meterUsage.outputTokens ?? 0) - (meterUsage.reasoningTokens ?? 0);
  return finish !== 'error' || (usage.outputTokens ?? 0) * 2 >= answered;
}

/** The count that is at least the truth in all but rare cases: tokenizers differ by up to 35 %, shown thinking is shortened. */
function withMargin(usage: Usage): Pick<Usage, 'inputTokens' | 'outputTokens'> {
  const raise = (tokens: number | undefined): number | undefined => tokens && Math.ceil(tokens * TOKENIZER_MARGIN);
  const inputTokens = raise(usage.inputTokens);
  const outputTokens = raise(usage.outputTokens);
  return { ...(inputTokens === undefined ? {} : { inputTokens }), ...(outputTokens === undefined ? {} : { outputTokens }) };
}

const WINDOW_NAME: Record<BudgetWindow, string> = { run: 'one comparison', day: 'today', month: 'this month' };
const WINDOW_SETTING: Record<BudgetWindow, string> = { run: 'perRunUsd', day: 'perDayUsd', month: 'perMonthUsd' };

/** What is left in the refused window; never negative. */
export const headroomOf = ({ limitNanoUsd, spentNanoUsd, heldNanoUsd }: Refusal): NanoUsd =>
  Math.max(0, limitNanoUsd - spentNanoUsd - heldNanoUsd);

/** A refusal with its figures and the ways out, for the person. `fits`: smaller output limits that would be admitted. */
export function refusalSentence(refusal: Refusal, fits?: readonly FittingLimit[]): string {
  const { window, limitNanoUsd, spentNanoUsd, heldNanoUsd, askedNanoUsd } = refusal;
  const used = [
    ...(spentNanoUsd > 0 ? [`${usdUp(spentNanoUsd)} is spent`] : []),
    ...(heldNanoUsd > 0 ? [`${usdUp(heldNanoUsd)} is reserved by running lanes`] : []),
  ];
  const left = used.length > 0 ? `: ${used.join(' and ')}, ${usdDown(headroomOf(refusal))} is left` : '';
  const lower =
    fits && fits.length > 0
      ? `Lower the output limit to ${fits.map(({ lane, maxOutputTokens }) => `${maxOutputTokens} tokens (${LANE_LABEL[lane].toLowerCase()})`).join(' and ')}`
      : 'Lower the output limit';
  return (
    `This could cost up to ${usdUp(askedNanoUsd)}; the limit for ${WINDOW_NAME[window]} is ${usdDown(limitNanoUsd)}${left}. ` +
    `${lower}, choose cheaper models, or raise the limit in the settings (budget.${WINDOW_SETTING[window]}).`
  );
}

/** Two decimals from a dollar on, four below; what is asked or spent is rounded up, what is allowed or left is rounded down, never to 0. */
const usdUp = (nano: NanoUsd): string => formatUsd(roundTo(nano, Math.ceil));
const usdDown = (nano: NanoUsd): string => formatUsd(roundTo(nano, Math.floor) || nano);

function roundTo(nano: NanoUsd, round: (value: number) => number): NanoUsd {
  const unit = nano >= NANO_PER_USD ? NANO_PER_USD / 100 : NANO_PER_USD / 10_000;
  return round(nano / unit) * unit;
}

/** One lane of a refused comparison. */
export interface LaneToFit {
  readonly lane: LaneId;
  readonly maxOutputTokens: number;
  /** The worst case at an output limit, e.g. from `ceilingByOutput`; grows with it. */
  readonly ceiling: (maxOutputTokens: number) => NanoUsd | undefined;
}

export interface FittingLimit {
  readonly lane: LaneId;
  readonly maxOutputTokens: number;
}

/** Below this an answer is not worth its input. */
const LEAST_OUTPUT_TOKENS = 256;
/** Fitting limits are offered in round hundreds. */
const STEP_TOKENS = 100;

/**
 * The largest output limits, lowered in proportion for all lanes, whose worst case fits into the headroom. Undefined when even short
 * answers do not fit, or a price is unknown.
 */
export function fittingOutputLimits(lanes: readonly LaneToFit[], headroomNanoUsd: NanoUsd): readonly FittingLimit[] | undefined {
  const limitsAt = (share: number): readonly FittingLimit[] =>
    lanes.map(({ lane, maxOutputTokens }) => {
      const rounded = Math.floor((maxOutputTokens * share) / STEP_TOKENS) * STEP_TOKENS;
      return { lane, maxOutputTokens: Math.min(maxOutputTokens, Math.max(LEAST_OUTPUT_TOKENS, rounded)) };
    });
  const fits = (share: number): boolean => {
    let total = 0;
    for (const [i, { maxOutputTokens }] of limitsAt(share).entries())
      total += lanes[i]?.ceiling(maxOutputTokens) ?? Number.POSITIVE_INFINITY;
    return total <= headroomNanoUsd;
  };
  if (lanes.length === 0 || !fits(0)) return undefined;
  let [low, high] = [0, 1];
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return limitsAt(fits(1) ? 1 : low);
}
