/**
 * The published prices as this machine has them: the list that came with this version, or a newer one that the person had fetched, which
 * lies in one file of the state directory, for every window and the command line.
 */
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { Clock, Fetch } from '../contracts.ts';
import type { PriceRows } from './genaiPrices.ts';
import { isDay } from './overlay.ts';
import { type CheckedRows, checkRows, fetchRows } from './priceUpdate.ts';
import { loadBundledList } from './pricing.ts';
import type { PriceList } from './rates.ts';

/** The published prices of this machine. */
export interface PriceLists {
  /** The list in use. Reads the file again when it has changed. */
  current(): Promise<PriceList>;
  /** The day the list in use was fetched; undefined for the one that came with this version. */
  updatedOn(): string | undefined;
  /** Fetches, checks and stores the newest list. Throws a `PriceUpdateProblem`, and then the list in use stays. */
  update(url: string, signal: AbortSignal): Promise<PriceList>;
  /** Forgets what was fetched. */
  useBuiltIn(): void;
}

export interface PriceListsOptions {
  /** Where a fetched list lies. */
  readonly file: string;
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, 'date'>;
  /** Told when a stored list cannot be read and the bundled one is used instead. */
  readonly onNote: (sentence: string, error: unknown) => void;
}

/** Where the publisher keeps the newest list. */
export const newestListUrl = async (): Promise<string> => (await import('./genaiPrices.ts')).NEWEST_LIST_URL;

export function createPriceLists({ file, fetch, clock, onNote }: PriceListsOptions): PriceLists {
  let read: { readonly mark: string; readonly list: Promise<PriceList>; readonly day: string | undefined } | undefined;

  const stored = (): NonNullable<typeof read> => {
    const mark = markOf(file);
    if (read?.mark === mark) return read;
    const found = mark === '' ? undefined : readStored(file, onNote);
    read = { mark, list: found ? listFrom(found) : loadBundledList(), day: found?.fetchedOn };
    return read;
  };

  return {
    current: () => stored().list,
    updatedOn: () => stored().day,
    async update(url, signal) {
      const providers = await fetchRows(fetch, url, signal);
      const found: StoredList = { schema: 1, fetchedOn: clock.date().toISOString().slice(0, 10), providers };
      fs.mkdirSync(path.dirname(file), { recursive: true });
      const draft = `${file}.${process.pid}.new`;
      fs.writeFileSync(draft, JSON.stringify(found), { mode: 0o600 });
      fs.renameSync(draft, file);
      read = undefined;
      return stored().list;
    },
    useBuiltIn() {
      fs.rmSync(file, { force: true });
      read = undefined;
    },
  };
}

interface StoredList {
  readonly schema: 1;
  readonly fetchedOn: string;
  readonly providers: CheckedRows;
}

const Stored = v.object({ schema: v.literal(1), fetchedOn: v.pipe(v.string(), v.check(isDay)), providers: v.array(v.unknown()) });

/** The stored list, checked as it was when it came: the file may have been damaged or written by hand. */
function readStored(file: string, onNote: PriceListsOptions['onNote']): StoredList | undefined {
  try {
    const { fetchedOn, providers } = v.parse(Stored, JSON.parse(fs.readFileSync(file, 'utf8')));
    return { schema: 1, fetchedOn, providers: checkRows(providers) };
  } catch (error) {
    onNote('The updated price list cannot be read; the built-in one is used.', error);
    return undefined;
  }
}

async function listFrom({ fetchedOn, providers }: StoredList): Promise<PriceList> {
  const { listFromRows } = await import('./genaiPrices.ts');
  // What the package types further is not used for finding a price by vendor and id.
  const rows = providers.map((provider) => ({ ...provider, api_pattern: '' })) as unknown as PriceRows;
  return listFromRows(rows, `genai-prices, updated ${fetchedOn}`, fetchedOn);
}

/** Tells one state of the file from another; empty when there is none. */
function markOf(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : '';
}
