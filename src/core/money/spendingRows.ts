/**
 * The spending view in words: what a person reads of the book, as rows within rows. The editor's view and the command line show these
 * same rows, so that a figure means the same in both. A tilde marks a sum with an estimate in it; what is unknown is counted beside it.
 */
import { LANE_LABEL } from '../../shared/comparison.ts';
import { costSource } from '../../shared/costs.ts';
import { formatCount, plural } from '../../shared/figures.ts';
import { formatCost, formatUsd, NANO_PER_USD, type NanoUsd } from '../../shared/money.ts';
import { compared } from '../../shared/ratio.ts';
import type { Ledger, LedgerEntry, Limits, Spending } from '../contracts.ts';
import { type LimitState, leftOf, limitStates } from './limits.ts';
import {
  averageNanoUsd,
  ENOUGH_CALLS,
  ENOUGH_DAYS,
  firstDayNeeded,
  isLane,
  type Multiplier,
  type Part,
  type Projection,
  type Statistics,
  statisticsOf,
  type Tally,
} from './statistics.ts';

export interface SpendingRow {
  /** Stays the same while the figures change. */
  readonly id: string;
  readonly kind:
    | 'period'
    | 'short'
    | 'limit'
    | 'exact'
    | 'estimated'
    | 'held'
    | 'unknown'
    | 'multiplier'
    | 'projection'
    | 'models'
    | 'roles'
    | 'recent'
    | 'call'
    | 'nothing';
  readonly label: string;
  /** Follows the label, weaker. Label and description together say all that the row's sign and colour do. */
  readonly description?: string;
  /** How the figure came about, in sentences. */
  readonly detail?: string;
  /** The comparison it belongs to. */
  readonly comparisonId?: string;
  readonly children?: readonly SpendingRow[];
  /** Children are shown at first. */
  readonly isOpen?: true;
}

export interface SpendingFigures {
  readonly statistics: Statistics;
  readonly spending: Spending;
  readonly limits: Limits;
  /** From this share of a limit on, what is left is called little. Absent: when nothing is. */
  readonly warnAtShare?: number;
  /** Newest first. */
  readonly recent: readonly LedgerEntry[];
}

/** The rows of that ledger now, with so many of its latest entries. Throws `LedgerUnavailable`. */
export function readSpendingRows(
  ledger: Ledger,
  { limits, warnAtShare }: Pick<SpendingFigures, 'limits' | 'warnAtShare'>,
  { date, shownEntries }: { readonly date: Date; readonly shownEntries: number },
): readonly SpendingRow[] {
  const spending = ledger.spending();
  const statistics = statisticsOf(ledger.entriesSince(firstDayNeeded(spending)), spending, date);
  const warning = warnAtShare === undefined ? {} : { warnAtShare };
  return spendingRows({ statistics, spending, limits, ...warning, recent: ledger.entries(shownEntries) });
}

export function spendingRows({ statistics, spending, limits, warnAtShare = 1, recent }: SpendingFigures): readonly SpendingRow[] {
  const { today, month, last30Days, byModel, byRole } = statistics;
  const states = limitStates(limits, spending);
  const period = (window: 'day' | 'month', name: string, tally: Tally): SpendingRow => {
    const own = states.filter((state) => state.window === window);
    return periodRow(window, name, tally, own, warnAtShare);
  };
  const group = (kind: 'models' | 'roles', label: string, children: readonly SpendingRow[]): readonly SpendingRow[] =>
    children.length === 0 ? [] : [{ id: kind, kind, label, description: 'this month', children, isOpen: true }];
  return [
    period('day', 'Today', today),
    period('month', 'This month', month),
    periodRow('last30Days', 'Last 30 days', last30Days),
    multiplierRow(statistics.multiplier),
    projectionRow(statistics.projection, month),
    ...group(
      'models',
      'By model',
      byModel.map((part) => partRow(`model:${part.model}`, part.model, part)),
    ),
    ...group(
      'roles',
      'By role',
      byRole.map((part) => partRow(`role:${part.lane}`, laneLabel(part.lane), part)),
    ),
    recent.length === 0 ? NOTHING_SPENT : { id: 'recent', kind: 'recent', label: 'Recent', children: recent.map(callRow) },
  ];
}

/** Stands where no run was paid for. */
export const NOTHING_SPENT: SpendingRow = {
  id: 'nothing',
  kind: 'nothing',
  label: 'No paid run yet',
  description: 'the sample costs nothing and is not counted',
};

/** `states`: what limits it, for all endpoints together and for one; none for a period that cannot be limited. */
function periodRow(id: string, name: string, tally: Tally, states: readonly LimitState[] = [], warnAtShare = 1): SpendingRow {
  const { settledNanoUsd, unknownCalls } = tally;
  const all = states.find(({ endpoint }) => endpoint === undefined);
  const heldNanoUsd = all?.heldNanoUsd ?? 0;
  const limitNanoUsd = all?.limitNanoUsd;
  const description = [
    all && leftWords(all, warnAtShare),
    heldNanoUsd > 0 && `${formatUsd(heldNanoUsd)} held`,
    unknownCalls > 0 && `${formatCalls(unknownCalls)} of unknown cost`,
  ].filter(Boolean);
  const detail = [
    `${name}: ${sumWords(tally)}.`,
    heldNanoUsd > 0 &&
      `Running answers hold ${formatUsd(heldNanoUsd)} more, their worst case: it comes to ${formatUsd(settledNanoUsd + heldNanoUsd)} at most.`,
    limitNanoUsd !== undefined && all && `${formatUsd(leftOf(all))} is left of the limit of ${formatUsd(limitNanoUsd)}.`,
    unknownCalls > 0 && `The cost of ${formatCalls(unknownCalls)} is unknown and in no sum.`,
  ].filter(Boolean);
  const ofEndpoints = states.flatMap((state) => limitRow(id, state, warnAtShare));
  const children = [...basisRows(id, tally, heldNanoUsd), ...ofEndpoints];
  return {
    id,
    kind: all && isShort(all, warnAtShare) ? 'short' : 'period',
    label: `${name}: ${sumOf(tally)}${limitNanoUsd === undefined ? '' : ` of ${formatUsd(limitNanoUsd)}`}`,
    ...(description.length > 0 ? { description: description.join(', ') } : {}),
    detail: detail.join('\n'),
    ...(children.length > 0 ? { children } : {}),
  };
}

/** What is exact, estimated, held and unknown, apart. */
function basisRows(id: string, tally: Tally, heldNanoUsd: NanoUsd): readonly SpendingRow[] {
  const row = (kind: 'exact' | 'estimated' | 'held' | 'unknown', label: string, detail: string): SpendingRow => ({
    id: `${id}:${kind}`,
    kind,
    label,
    detail,
  });
  return [
    tally.exactNanoUsd !== 0 &&
      row(
        'exact',
        `Exact: ${formatUsd(tally.exactNanoUsd)}`,
        'From usage that the provider reported, at its price; or as it billed.',
      ),
    tally.estimatedNanoUsd !== 0 &&
      row(
        'estimated',
        `Estimated: ~${formatUsd(tally.estimatedNanoUsd)}`,
        'Calls that ended without a bill, reckoned on the safe side: stopped, cut off, or left by a window that died.',
      ),
    heldNanoUsd > 0 &&
      row('held', `Held: ${formatUsd(heldNanoUsd)}`, 'The worst case of what runs now. It is settled when it ends.'),
    tally.unknownCalls > 0 &&
      row('unknown', `Unknown: ${formatCalls(tally.unknownCalls)}`, 'No price was known. They are in no sum and no average.'),
  ].filter((child) => child !== false);
}

/** The limit of one endpoint, where it has one. */
function limitRow(id: string, state: LimitState, warnAtShare: number): readonly SpendingRow[] {
  const { window, endpoint, limitNanoUsd, spentNanoUsd, heldNanoUsd } = state;
  if (endpoint === undefined || limitNanoUsd === undefined) return [];
  const held = heldNanoUsd > 0 ? `, ${formatUsd(heldNanoUsd)} held` : '';
  return [
    {
      id: `${id}:limit:${endpoint}`,
      kind: isShort(state, warnAtShare) ? 'short' : 'limit',
      label: `${endpoint}: ${formatUsd(spentNanoUsd)} of ${formatUsd(limitNanoUsd)}`,
      description: `${leftWords(state, warnAtShare)}${held}`,
      detail: `The limit of the endpoint ${endpoint} for one ${window}.`,
    },
  ];
}

/** True when much of it is spent, or nothing is left. */
function isShort(state: LimitState, warnAtShare: number): boolean {
  const { limitNanoUsd, spentNanoUsd } = state;
  return limitNanoUsd !== undefined && (leftOf(state) === 0 || spentNanoUsd >= limitNanoUsd * warnAtShare);
}

function leftWords(state: LimitState, warnAtShare: number): string {
  const left = leftOf(state);
  if (left === undefined) return 'no limit';
  return left === 0 ? 'nothing left' : `${isShort(state, warnAtShare) ? 'only ' : ''}${formatUsd(left)} left`;
}

function multiplierRow({ ratio, fastCalls, reasoningCalls, isFew, isEstimated }: Multiplier): SpendingRow {
  const base = { id: 'multiplier', kind: 'multiplier' } as const;
  if (ratio === undefined) {
    const missing = fastCalls === 0 && reasoningCalls === 0 ? 'either' : fastCalls === 0 ? 'fast' : 'reasoning';
    const detail = 'The average of all paid calls of reasoning this month, by that of fast. It takes one of each.';
    const description = `no paid call of ${missing} this month`;
    return { ...base, label: 'Reasoning against fast: not known yet', description, detail };
  }
  const words = `${isEstimated ? '~' : ''}${compared(ratio, 'dearer', 'cheaper', 'equally dear')}`;
  const counts = `${formatCount(reasoningCalls)} and ${formatCount(fastCalls)} this month`;
  const detail = [
    `The average of ${plural(reasoningCalls, 'paid call')} of reasoning this month, by the average of ${plural(fastCalls, 'paid call')} of fast.`,
    'A paid call is a request that cost something, whether its answer was whole or not.',
    isEstimated && 'Some of the costs are estimates.',
    isFew && `Fewer than ${ENOUGH_CALLS} of each say little.`,
  ].filter(Boolean);
  return {
    ...base,
    label: isFew ? 'Reasoning against fast: too few to say' : `Reasoning: ${words}`,
    description: isFew ? `${words} per paid call so far, from ${counts}` : `against fast, per paid call, from ${counts}`,
    detail: detail.join('\n'),
  };
}

function projectionRow({ nanoUsd, elapsedDays, daysInMonth }: Projection, month: Tally): SpendingRow {
  const base = { id: 'projection', kind: 'projection' } as const;
  if (nanoUsd === undefined) {
    const description = `it takes ${ENOUGH_DAYS} days with paid calls this month`;
    return {
      ...base,
      label: 'At this rate: too early to say',
      description,
      detail: `A rate is told from ${ENOUGH_DAYS} days on.`,
    };
  }
  const unknown = month.unknownCalls > 0 ? ` ${formatCalls(month.unknownCalls)} of unknown cost are not in it.` : '';
  return {
    ...base,
    label: `At this rate: about ${aboutUsd(nanoUsd)}`,
    description: `this month, of which ${formatCount(Math.floor(elapsedDays))} of ${daysInMonth} days are over`,
    detail: `${sumOf(month)} in ${elapsedDays.toFixed(1)} days of this month, for all ${daysInMonth} of them.${unknown}`,
  };
}

/** One model or one role, with its part of the month. */
function partRow(id: string, name: string, tally: Part): SpendingRow {
  const average = averageNanoUsd(tally);
  const isOnlyUnknown = tally.unknownCalls > 0 && tally.paidCalls === 0 && tally.settledNanoUsd === 0;
  const description = [
    tally.share !== undefined && tally.settledNanoUsd > 0 && percent(tally.share),
    tally.paidCalls > 0 && plural(tally.paidCalls, 'paid call'),
    average !== undefined && `${formatUsd(average)} each`,
    tally.unknownCalls > 0 && `${formatCalls(tally.unknownCalls)} of unknown cost`,
  ].filter(Boolean);
  return {
    id,
    kind: isOnlyUnknown ? 'unknown' : 'call',
    label: `${name}: ${isOnlyUnknown ? 'unknown' : sumOf(tally)}`,
    ...(description.length > 0 ? { description: description.join(', ') } : {}),
    detail: `${name}, this month: ${sumWords(tally)}.`,
  };
}

/** Among equal entries the place tells them apart. */
function callRow(entry: LedgerEntry, place: number): SpendingRow {
  const { cost, isCorrection, isCarriedOver, comparisonId, endpoint, model, lane, at, day } = entry;
  const figure = cost.basis === 'unknown' ? 'unknown' : formatCost(cost);
  return {
    id: `recent:${place}:${entry.callId ?? at}:${isCorrection ? 'correction' : ''}`,
    kind: cost.basis === 'unknown' ? 'unknown' : cost.basis === 'estimated' ? 'estimated' : 'call',
    label: `${endpoint}:${model}: ${figure}`,
    description: [laneLabel(lane), day, isCorrection && 'correction of an estimate', isCarriedOver && 'from a ledger set aside']
      .filter(Boolean)
      .join(', '),
    detail: [
      `${laneLabel(lane)}, ${new Date(at).toLocaleString()}.`,
      isCorrection && 'It makes an estimate right.',
      costSource(cost, 'settled'),
    ]
      .filter(Boolean)
      .join('\n'),
    ...(isLane(lane) ? { comparisonId } : {}),
  };
}

/** `~` where an estimate is in it. */
const sumOf = ({ settledNanoUsd, estimatedNanoUsd }: Tally): string =>
  `${estimatedNanoUsd > 0 ? '~' : ''}${formatUsd(settledNanoUsd)}`;

function sumWords(tally: Tally): string {
  const { settledNanoUsd, exactNanoUsd, estimatedNanoUsd, paidCalls } = tally;
  if (settledNanoUsd === 0) return 'nothing was spent';
  const parts =
    estimatedNanoUsd === 0 ? 'exact' : `${formatUsd(exactNanoUsd)} exact and ~${formatUsd(estimatedNanoUsd)} estimated`;
  return `${sumOf(tally)} in ${plural(paidCalls, 'paid call')}, ${parts}`;
}

/** What is no lane is money whose run nobody can name any more; it is called as the book calls it. */
const laneLabel = (lane: string): string => (isLane(lane) ? LANE_LABEL[lane] : lane);

const formatCalls = (count: number): string => plural(count, 'call');

/** `74 %`, `<1 %`, `>99 %`: all and nothing only where it is that. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share < 1 && share > 0.99) return '>99 %';
  return `${Math.round(share * 100)} %`;
}

/** Two figures are all that a projection is worth: `$12`, `$4.30`, `$0.43`. */
function aboutUsd(nanoUsd: NanoUsd): string {
  const usd = Number((nanoUsd / NANO_PER_USD).toPrecision(2));
  return usd >= 10 ? `$${formatCount(usd)}` : formatUsd(Math.round(usd * NANO_PER_USD));
}
