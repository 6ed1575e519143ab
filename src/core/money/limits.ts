/**
 * The limits as a list: of a run, a day and a month, for all endpoints together and for one; what is spent of each and left, when to warn,
 * and what changing one means. Pure; the checking itself is one transaction of the ledger.
 */
import { NANO_PER_USD, type NanoUsd, usdDown, usdFromNano, usdUp } from '../../shared/money.ts';
import type { BudgetWindow, Limits, Spending } from '../contracts.ts';

/** Which limit. A run has none of an endpoint's own. */
export interface LimitName {
  readonly window: BudgetWindow;
  /** Absent: for all endpoints together. */
  readonly endpoint?: string;
}

export interface Limit extends LimitName {
  readonly limitNanoUsd: NanoUsd;
}

/** A limit, set or not, with the figures of its window; those of a run belong to no one run and are 0. */
export interface LimitState extends LimitName {
  readonly limitNanoUsd?: NanoUsd;
  readonly spentNanoUsd: NanoUsd;
  readonly heldNanoUsd: NanoUsd;
}

/** The limits that are set, in the order in which they are checked. */
export function limitList(limits: Limits): readonly Limit[] {
  const { perRunNanoUsd, perDayNanoUsd, perMonthNanoUsd, perEndpoint = {} } = limits;
  return [
    { window: 'run' as const, limitNanoUsd: perRunNanoUsd },
    { window: 'day' as const, limitNanoUsd: perDayNanoUsd },
    { window: 'month' as const, limitNanoUsd: perMonthNanoUsd },
    ...Object.entries(perEndpoint).flatMap(([endpoint, own]) => [
      { window: 'day' as const, endpoint, limitNanoUsd: own.perDayNanoUsd },
      { window: 'month' as const, endpoint, limitNanoUsd: own.perMonthNanoUsd },
    ]),
  ].flatMap(({ limitNanoUsd, ...name }) => (limitNanoUsd === undefined ? [] : [{ ...name, limitNanoUsd }]));
}

/** All limits a person can set, with what they hold now: the three, and two for each of those endpoints. */
export function limitStates(limits: Limits, spending: Spending, endpoints: readonly string[] = []): readonly LimitState[] {
  const named = [...new Set([...Object.keys(limits.perEndpoint ?? {}), ...endpoints])];
  const names: readonly LimitName[] = [
    { window: 'run' },
    { window: 'day' },
    { window: 'month' },
    ...named.flatMap((endpoint) => [
      { window: 'day' as const, endpoint },
      { window: 'month' as const, endpoint },
    ]),
  ];
  const set = limitList(limits);
  return names.map((name) => {
    const limit = set.find(({ window, endpoint }) => window === name.window && endpoint === name.endpoint);
    return { ...name, ...(limit ? { limitNanoUsd: limit.limitNanoUsd } : {}), ...figuresOf(name, spending) };
  });
}

function figuresOf({ window, endpoint }: LimitName, spending: Spending): Pick<LimitState, 'spentNanoUsd' | 'heldNanoUsd'> {
  const own = endpoint === undefined ? spending : spending.endpoints[endpoint];
  if (window === 'run' || !own) return { spentNanoUsd: 0, heldNanoUsd: 0 };
  return window === 'day'
    ? { spentNanoUsd: own.todayNanoUsd, heldNanoUsd: own.heldTodayNanoUsd }
    : { spentNanoUsd: own.monthNanoUsd, heldNanoUsd: own.heldMonthNanoUsd };
}

/** What could be spent from now on; undefined without a limit. */
export const leftOf = ({ limitNanoUsd, spentNanoUsd, heldNanoUsd }: LimitState): NanoUsd | undefined =>
  limitNanoUsd === undefined ? undefined : Math.max(0, limitNanoUsd - spentNanoUsd - heldNanoUsd);

/** A limit of which much is spent. */
export interface LimitWarning {
  /** The same for the same limit in the same day or month: whoever has warned of it remembers this. */
  readonly key: string;
  readonly sentence: string;
}

/**
 * The limits of which at least that share is spent. Settled money alone counts: what running lanes hold is their worst case, and most of it
 * comes back. A limit that was changed is a new one.
 */
export function limitWarnings(limits: Limits, spending: Spending, warnAtShare: number | undefined): readonly LimitWarning[] {
  if (warnAtShare === undefined) return [];
  return limitStates(limits, spending).flatMap((state) => {
    const { window, endpoint, limitNanoUsd, spentNanoUsd } = state;
    if (!limitNanoUsd || spentNanoUsd < limitNanoUsd * warnAtShare) return [];
    const key = [window === 'day' ? spending.day : spending.month, endpoint ?? '', limitNanoUsd].join(' ');
    const percent = Math.floor((spentNanoUsd / limitNanoUsd) * 100);
    const sentence = `${percent} % of ${POSSESSIVE[window]} ${usdDown(limitNanoUsd)}${at(endpoint)} is spent.`;
    return [{ key, sentence }];
  });
}

/** An amount as a person writes one: `5`, `0.50`, `$2`, `2,50`; empty: none. Or what is wrong with it. */
export function parseLimit(text: string): { readonly nanoUsd: NanoUsd | undefined } | { readonly problem: string } {
  const bare = text
    .trim()
    .replace(/^\$\s*/, '')
    .replace(/^(\d*),(\d{1,2})$/, '$1.$2');
  if (bare === '') return { nanoUsd: undefined };
  if (!/^(\d+\.?\d*|\.\d+)$/.test(bare))
    return { problem: 'Write an amount in US dollars, for example 5 or 0.50; empty for no limit.' };
  const nanoUsd = Math.round(Number(bare) * NANO_PER_USD);
  if (!Number.isSafeInteger(nanoUsd))
    return { problem: 'That is more than can be counted exactly. Leave it empty for no limit.' };
  return { nanoUsd };
}

/** What a person must agree to before a limit is raised or removed; undefined where it is lowered or stays. */
export interface Raise {
  readonly question: string;
  readonly detail: string;
  readonly button: string;
}

/** `others`: the limits that hold beside this one. */
export function raiseOf(state: LimitState, newNanoUsd: NanoUsd | undefined, others: readonly LimitState[]): Raise | undefined {
  const { limitNanoUsd: old, endpoint } = state;
  if (old === undefined || (newNanoUsd !== undefined && newNanoUsd <= old)) return undefined;
  const name = limitTitle(state);
  const used = state.window === 'run' ? [] : [usedSentence(state)];
  if (newNanoUsd === undefined) {
    const left = others.filter((other) => other.limitNanoUsd !== undefined && other.endpoint === undefined);
    const rest = left.map((other) => `${limitTitle(other)} (${usdDown(other.limitNanoUsd ?? 0)})`).join(' and ');
    const then = rest === '' ? 'Then nothing limits what can be spent.' : `Then only these hold: ${rest}.`;
    return {
      question: `Remove the limit for ${name}, now ${usdDown(old)}?`,
      detail: [...used, then].join(' '),
      button: 'Remove the Limit',
    };
  }
  const from = usdDown(leftOf({ ...state, limitNanoUsd: newNanoUsd }) ?? 0);
  const could =
    state.window === 'run'
      ? `From now on one comparison may cost up to ${usdDown(newNanoUsd)}.`
      : `From now on up to ${from} more could be spent ${SPAN[state.window]}${at(endpoint)}; until now it was ${usdDown(leftOf(state) ?? 0)}.`;
  return {
    question: `Raise the limit for ${name} from ${usdDown(old)} to ${usdDown(newNanoUsd)}?`,
    detail: [...used, could].join(' '),
    button: `Raise to ${usdDown(newNanoUsd)}`,
  };
}

/** Today's figures of a limit, in a line. */
export function usedSentence({ spentNanoUsd, heldNanoUsd }: LimitState): string {
  const held = heldNanoUsd > 0 ? `, ${usdUp(heldNanoUsd)} is reserved by running lanes` : '';
  return `${usdUp(spentNanoUsd)} is spent${held}.`;
}

const TITLE: Record<BudgetWindow, string> = { run: 'one comparison', day: 'a day', month: 'a month' };
const SPAN: Record<BudgetWindow, string> = { run: 'in one comparison', day: 'today', month: 'this month' };
const POSSESSIVE: Record<BudgetWindow, string> = { run: 'one comparison’s', day: 'today’s', month: 'this month’s' };

const at = (endpoint: string | undefined): string => (endpoint === undefined ? '' : ` at ${endpoint}`);

/** `a day`, `a month at openai`. */
export const limitTitle = ({ window, endpoint }: LimitName): string => `${TITLE[window]}${at(endpoint)}`;

/** The name of a limit's setting, without the prefix. */
export function limitSetting({ window, endpoint }: LimitName): string {
  const name = { run: 'perRunUsd', day: 'perDayUsd', month: 'perMonthUsd' }[window];
  return endpoint === undefined ? `budget.${name}` : `budget.endpoints.${endpoint}.${name}`;
}

/** The setting `budget.endpoints` with one limit of it changed; what else is in it stays as the person wrote it. */
export function withEndpointLimit(
  rows: Readonly<Record<string, unknown>>,
  { window, endpoint = '' }: LimitName,
  newNanoUsd: NanoUsd | undefined,
): Readonly<Record<string, unknown>> {
  const own = rows[endpoint];
  const name = window === 'day' ? 'perDayUsd' : 'perMonthUsd';
  const row: Record<string, unknown> = typeof own === 'object' && own !== null ? { ...own } : {};
  delete row[name];
  if (newNanoUsd !== undefined) row[name] = usdFromNano(newNanoUsd);
  const { [endpoint]: _, ...rest } = rows;
  return Object.keys(row).length === 0 ? rest : { ...rest, [endpoint]: row };
}
