/**
 * A newer price list, fetched when the person asks for it and at no other time.
 *
 * What comes is a stranger's file: it is bounded, only the parts that are used are kept, rows that make no sense are left out, and a list
 * that lost half of what the bundled one has is refused as a whole.
 */
import type { MatchLogic } from '@pydantic/genai-prices';
import * as v from 'valibot';
import type { Fetch } from '../contracts.ts';
import { readBounded } from '../providers/call.ts';
import type { PriceRows } from './genaiPrices.ts';
import { isDay } from './overlay.ts';
import { MAX_USD_PER_MTOK } from './rates.ts';

/** Why there is no newer list, in one sentence for the person. */
export class PriceUpdateProblem extends Error {}

/** The vendors of a list with their models, of which only what finding a price needs is kept. */
export type CheckedRows = readonly CheckedProvider[];

/** Fetches and checks a list. Throws {@link PriceUpdateProblem}. */
export async function fetchRows(fetch: Fetch, url: string, signal: AbortSignal): Promise<CheckedRows> {
  const text = await download(fetch, url, signal);
  const { bundledRows } = await import('./genaiPrices.ts');
  return checkedRows(text, countsOf(await bundledRows()), url);
}

/** Those rows of a list, whoever wrote it, that make sense. */
export const checkRows = (given: readonly unknown[]): CheckedRows => given.flatMap(usableProvider);

/** A list is read up to this size and waited for this long; today's has 0.4 MB. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MS = 30_000;

async function download(fetch: Fetch, url: string, signal: AbortSignal): Promise<string> {
  const host = new URL(url).host;
  const patience = AbortSignal.timeout(MAX_MS);
  const both = AbortSignal.any([signal, patience]);
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal: both });
    if (!response.ok) throw new PriceUpdateProblem(`${host} answered with status ${response.status}. ${UNCHANGED}`);
    const { text, whole } = await readBounded(response, MAX_BYTES, MAX_MS, both);
    both.throwIfAborted();
    if (!whole) throw new PriceUpdateProblem(`The price list of ${host} did not come whole. ${UNCHANGED}`);
    return text;
  } catch (error) {
    if (error instanceof PriceUpdateProblem) throw error;
    if (signal.aborted) throw new PriceUpdateProblem(`The update was stopped. ${UNCHANGED}`);
    if (patience.aborted)
      throw new PriceUpdateProblem(`${host} did not send the price list within ${MAX_MS / 1000} s. ${UNCHANGED}`);
    throw new PriceUpdateProblem(`The price list could not be fetched from ${host}. Check the connection. ${UNCHANGED}`, {
      cause: error,
    });
  }
}

const UNCHANGED = 'The prices in use stay as they are.';

/** What a file of the publisher comes to: rows with sense in them, or a {@link PriceUpdateProblem}. */
function checkedRows(text: string, bundled: Counts, url: string): CheckedRows {
  const host = new URL(url).host;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new PriceUpdateProblem(`What ${host} sent is not a price list. ${UNCHANGED}`);
  }
  const rows = Array.isArray(given) ? checkRows(given) : [];
  const counts = countsOf(rows);
  if (counts.providers * 2 < bundled.providers || counts.models * 2 < bundled.models) {
    throw new PriceUpdateProblem(
      `The list from ${host} has ${counts.providers} vendors and ${counts.models} models with a usable price, less than half of the built-in list. ${UNCHANGED}`,
    );
  }
  return rows;
}

interface Counts {
  readonly providers: number;
  readonly models: number;
}

const countsOf = (rows: PriceRows | CheckedRows): Counts => ({
  providers: rows.length,
  models: rows.reduce((sum, { models }) => sum + models.length, 0),
});

/** Ids are compared with patterns of the list: short ones only, so that no pattern takes long. */
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const usd = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(MAX_USD_PER_MTOK));
const Prices = v.record(
  text,
  v.union([
    usd,
    v.object({
      base: usd,
      tiers: v.array(v.object({ start: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), price: usd })),
    }),
  ]),
);
const time = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/));
const day = v.pipe(v.string(), v.check(isDay));
const Constraint = v.union([v.object({ start_date: day }), v.object({ start_time: time, end_time: time })]);

/** Only patterns that read a text once: no repeated groups, no references back. */
const pattern = v.pipe(
  text,
  v.check((source) => !/\)[*+{]|\\[1-9k]/.test(source) && (source.match(/[*+{]/g)?.length ?? 0) <= 3 && isPattern(source)),
);
const Match: v.GenericSchema<MatchLogic> = v.lazy(() =>
  v.union([
    v.strictObject({ equals: text }),
    v.strictObject({ starts_with: text }),
    v.strictObject({ ends_with: text }),
    v.strictObject({ contains: text }),
    v.strictObject({ regex: pattern }),
    v.strictObject({ or: v.array(Match) }),
    v.strictObject({ and: v.array(Match) }),
  ]),
);
const Model = v.object({
  id: text,
  match: Match,
  prices: v.union([v.pipe(v.array(v.object({ constraint: v.optional(Constraint), prices: Prices })), v.minLength(1)), Prices]),
});
const ProviderRow = v.object({ id: text, name: text, models: v.array(v.unknown()) });

interface CheckedProvider {
  readonly id: string;
  readonly name: string;
  readonly models: readonly v.InferOutput<typeof Model>[];
}

/** A vendor with those of its models that make sense; nothing when none does. */
function usableProvider(given: unknown): CheckedRows {
  const provider = v.safeParse(ProviderRow, given);
  if (!provider.success) return [];
  const models = provider.output.models.flatMap((model) => {
    try {
      const parsed = v.safeParse(Model, model);
      return parsed.success ? [parsed.output] : [];
    } catch {
      return []; // nested deeper than a stack reaches
    }
  });
  return models.length === 0 ? [] : [{ id: provider.output.id, name: provider.output.name, models }];
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
