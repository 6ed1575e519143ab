/**
 * The rules of the budget, pure: what a call is settled at when it ends, what a refusal says, and what would have fitted.
 *
 * A settlement is exact where the provider reported, nothing where it refused to work, and an estimate on the safe side everywhere else;
 * an estimate never exceeds what was reserved, an exact figure is recorded in full.
 */
import { LANE_LABEL, type LaneId } from '../../shared/comparison.ts';
import { formatCount } from '../../shared/figures.ts';
import type { FinishReason, ModelError, Usage } from '../../shared/model.ts';
import { type Cost, inPriceClass, type NanoUsd, usdDown, usdUp } from '../../shared/money.ts';
import type { BudgetWindow, Price, Refusal } from '../contracts.ts';
import { limitSetting } from './limits.ts';
import type { SafeUsage } from './meter.ts';
import { costAt } from './pricing.ts';

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
  /** The meter's count on the safe side. */
  readonly safeUsage: SafeUsage;
  /** Undefined: nobody knows the price. */
  readonly price: Price | undefined;
  /** What was reserved; absent when nothing was. */
  readonly holdNanoUsd?: NanoUsd;
  /** What the provider says it charged. */
  readonly billedNanoUsd?: NanoUsd;
  /** The price class it says it served; absent: the one that lists name. */
  readonly serviceTier?: string;
}

/**
 * What a call cost. In this order: not sent, 0; charged by the provider's word, that; price unknown, unknown; on this machine, 0;
 * refused before any work, 0; counted by the provider, its usage times the price; failed without a word from the server, what was
 * reserved; anything else (stopped, cut, no usage reported, an error of the server's own), the meter's count on the safe side, at most what
 * was reserved. What was served in a price class that no list knows is an estimate at the most that class may cost.
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
  const hold = facts.holdNanoUsd;
  const served = priceClass(facts.serviceTier, price);
  if (exact !== undefined) return served ? inClass(at(exact, 'estimated'), served, hold) : at(exact, 'computed');
  const isSilent = !facts.began && facts.finish !== 'aborted' && facts.error?.status === undefined;
  if (isSilent && hold !== undefined) return at(hold, 'estimated');
  const metered = price.costOf(facts.safeUsage);
  const estimate = metered === undefined ? hold : Math.min(hold ?? metered, metered);
  if (estimate === undefined) return { basis: 'unknown' };
  return served ? inClass(at(estimate, 'estimated'), served, hold) : at(estimate, 'estimated');
}

/** A price class that no price list knows. */
interface PriceClass {
  /** The vendor's word. */
  readonly name: string;
  /** How many times the listed price it may cost; absent: nobody says. */
  readonly factor?: number;
}

/** The words for the class that lists price: OpenAI `default`, Anthropic `standard`, Groq `on_demand`. */
const LISTED_CLASS: ReadonlySet<string> = new Set(['default', 'standard', 'standard_only', 'on_demand', 'auto']);

/**
 * The most a class costs, in listed prices. Flex and batch are cheaper (half) or, on Groq, the same. Priority is 1.7 to 2.5 times the
 * listed price by model (openai.com/api-priority-processing); Anthropic's fast mode and OpenAI's ultrafast are 6 times.
 */
const CLASS_FACTOR: Readonly<Record<string, number>> = { flex: 1, batch: 1, priority: 2.5, fast: 6, ultrafast: 6 };

/** The class that was served, where the price does not hold for it. A price the person wrote is what the person pays. */
function priceClass(serviceTier: string | undefined, price: Price | undefined): PriceClass | undefined {
  const name = serviceTier?.toLowerCase();
  if (!name || LISTED_CLASS.has(name) || !price || price.basis === 'local' || price.source === 'settings') return undefined;
  return Object.hasOwn(CLASS_FACTOR, name) ? { name, factor: CLASS_FACTOR[name] ?? 1 } : { name };
}

/**
 * A usage at another class's price: the most that class is known to cost, or else what was reserved, and never less than the listed price.
 * What was reserved is no limit here: it was reckoned at the listed price, and a dear class may exceed it.
 */
function inClass(listed: Cost, { name, factor }: PriceClass, holdNanoUsd: NanoUsd | undefined): Cost {
  const nanoUsd = listed.nanoUsd ?? 0;
  const most = factor === undefined ? Math.max(nanoUsd, holdNanoUsd ?? nanoUsd) : Math.ceil(nanoUsd * factor);
  return { ...listed, nanoUsd: most, priceSource: inPriceClass(listed.priceSource, name) };
}

/** What to tell the person of a price class for which the price does not hold; undefined where it does. */
export function priceClassNotice(serviceTier: string | undefined, price: Price | undefined): string | undefined {
  const served = priceClass(serviceTier, price);
  if (!served) return undefined;
  const { name, factor } = served;
  const amount =
    factor === undefined
      ? 'nobody publishes its price, so the cost shown is an estimate: what was reserved'
      : factor > 1
        ? `it costs up to ${factor} times the listed price, and the cost shown is an estimate of that`
        : 'it costs no more than the listed price, and the cost shown is an estimate by that price';
  return `Served in the price class “${name}”: ${amount}.`;
}

/** Statuses with which servers turn a request away without working on it, and without charging; a redirect points elsewhere. */
const isRefusedBeforeWork = (error: ModelError | undefined): boolean =>
  error?.status !== undefined && ((error.status >= 300 && error.status < 500) || error.status === 503 || error.status === 529);

/**
 * False for our own counts, and for one that cannot be of the whole answer: a placeholder of no or one token under a text, or, where the
 * stream broke off, a running total far behind the text that was seen after it.
 */
export function isWhole(usage: Usage, { finish, meterUsage }: Pick<SettlementFacts, 'finish' | 'meterUsage'>): boolean {
  if (usage.basis !== 'reported') return false;
  const answered = (meterUsage.outputTokens ?? 0) - (meterUsage.reasoningTokens ?? 0);
  return (usage.outputTokens ?? 0) * (finish === 'error' ? 2 : 4) >= answered;
}

const WINDOW_NAME: Record<BudgetWindow, string> = { run: 'one comparison', day: 'today', month: 'this month' };

/** What is left in the refused window; never negative. */
export const headroomOf = ({ limitNanoUsd, spentNanoUsd, heldNanoUsd }: Refusal): NanoUsd =>
  Math.max(0, limitNanoUsd - spentNanoUsd - heldNanoUsd);

/** A refusal with its figures and the ways out, for the person. `fits`: smaller output limits that would be admitted. */
export function refusalSentence(refusal: Refusal, fits?: readonly FittingLimit[]): string {
  const { window, endpoint, limitNanoUsd, spentNanoUsd, heldNanoUsd, askedNanoUsd } = refusal;
  const where = endpoint === undefined ? '' : ` at ${endpoint}`;
  const used = [
    ...(spentNanoUsd > 0 ? [`${usdUp(spentNanoUsd)} is spent`] : []),
    ...(heldNanoUsd > 0 ? [`${usdUp(heldNanoUsd)} is reserved by running lanes`] : []),
  ];
  const left = used.length > 0 ? `: ${used.join(' and ')}, ${usdDown(headroomOf(refusal))} is left` : '';
  const lower =
    fits && fits.length > 0
      ? `Lower the output limit to ${fits.map(({ lane, maxOutputTokens }) => `${formatCount(maxOutputTokens)} tokens (${LANE_LABEL[lane].toLowerCase()})`).join(' and ')}`
      : 'Lower the output limit';
  return (
    `This could cost up to ${usdUp(askedNanoUsd)}${where}; the limit for ${WINDOW_NAME[window]}${where} is ${usdDown(limitNanoUsd)}${left}. ` +
    `${lower}, choose cheaper models, or raise the limit in the settings (${limitSetting(refusal)}).`
  );
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
const LEAST_OUTPUT_TOKENS = 1000;
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
