/**
 * The book inside the ledger: rows that follow each other, and the sums that they come to. Pure; where the rows lie is ledger.ts.
 *
 * Balances are a fold of the rows, never stored: a stored sum could be wrong. Each row carries a hash of itself and of the row before,
 * so that a row that was changed, lost or put in between is seen when the rows are read, and the book is refused.
 */
import { createHash } from 'node:crypto';
import type { NanoUsd } from '../../shared/money.ts';
import type { BudgetWindow, HoldRequest, Limits, Refusal } from '../contracts.ts';
import { limitList } from './limits.ts';

/** The fields of a row, in the order of the table, of the statements and of the hash. */
export const ROW_FIELDS = [
  'seq',
  'kind',
  'holdId',
  'comparisonId',
  'lane',
  'endpoint',
  'model',
  'at',
  'offsetMinutes',
  'day',
  'month',
  'nanoUsd',
  'basis',
  'priceSource',
  'priceAsOf',
  'assumedModel',
  'usage',
  'note',
  'previous',
  'hash',
] as const;

/** One row. `reserve` opens a hold, `settle` closes it once and for all, `unpriced` notes a run in no sum. */
export interface BookRow {
  /** 1, 2, 3... without a gap. */
  readonly seq: number;
  readonly kind: 'reserve' | 'settle' | 'unpriced';
  readonly holdId: string | null;
  readonly comparisonId: string;
  readonly lane: string;
  readonly endpoint: string;
  readonly model: string;
  /** When the row was written, ISO 8601 in UTC, and the local clock's distance to it. */
  readonly at: string;
  readonly offsetMinutes: number;
  /** The day and month of the person's calendar that the money belongs to: those of the reservation. */
  readonly day: string;
  readonly month: string;
  /** What is reserved or settled; 0 where the basis is `unknown`, null where no money is known. */
  readonly nanoUsd: NanoUsd | null;
  readonly basis: string | null;
  readonly priceSource: string | null;
  readonly priceAsOf: string | null;
  readonly assumedModel: string | null;
  /** JSON. */
  readonly usage: string | null;
  readonly note: string | null;
  /** Hash of the row before. */
  readonly previous: string;
  /** SHA-256 (hex) of all other fields. */
  readonly hash: string;
}

export type RowDraft = Omit<BookRow, 'seq' | 'previous' | 'hash'>;

/** The rows do not follow each other: the book cannot be trusted. */
export class BookDamaged extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BookDamaged';
  }
}

/** The last row of a book, or what stands for it in an empty one. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY_HEAD: Head = { seq: 0, hash: '' };

/** Makes the row that follows. */
export function sealRow(draft: RowDraft, { seq, hash }: Head): BookRow {
  const row = { ...draft, seq: seq + 1, previous: hash };
  return { ...row, hash: hashOf(row) };
}

/** True for a row that is as it was written, whatever became of the others. */
export const isSound = (row: BookRow): boolean => row.hash === hashOf(row);

function hashOf(row: Omit<BookRow, 'hash'>): string {
  const values = ROW_FIELDS.map((field) => (field === 'hash' ? null : row[field]));
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

interface Sum {
  settledNanoUsd: NanoUsd;
  unknownRuns: number;
}

export class Book {
  #head = EMPTY_HEAD;
  #lastDay = '';
  readonly #open = new Map<string, BookRow>();
  readonly #endpoints = new Map<string, Set<string>>();
  readonly #sums: Record<BudgetWindow, Map<string, Sum>> = { run: new Map(), day: new Map(), month: new Map() };

  get head(): Head {
    return this.#head;
  }

  /** The latest day any money belongs to: a clock that goes back does not open an earlier one again. */
  get lastDay(): string {
    return this.#lastDay;
  }

  /** Reservations that are not settled, oldest first. */
  get open(): ReadonlyMap<string, BookRow> {
    return this.#open;
  }

  /** Takes the next row. Throws {@link BookDamaged} when it does not follow the last one. */
  add(row: BookRow): void {
    if (row.seq !== this.#head.seq + 1) throw new BookDamaged(`row ${this.#head.seq + 1} is missing`);
    if (row.previous !== this.#head.hash || row.hash !== hashOf(row)) throw new BookDamaged(`row ${row.seq} was changed`);
    if (row.kind === 'reserve') this.#reserve(row);
    else if (row.kind === 'settle') this.#settle(row);
    else if (row.kind === 'unpriced') this.#count(row, 0, 1);
    else throw new BookDamaged(`row ${row.seq} is of an unknown kind`);
    this.#endpoints.set(row.month, (this.#endpoints.get(row.month) ?? new Set()).add(row.endpoint));
    this.#head = { seq: row.seq, hash: row.hash };
    if (row.day > this.#lastDay) this.#lastDay = row.day;
  }

  /** What came to in that run, day or month: at one endpoint where one is named, else at all of them. */
  settled(window: BudgetWindow, key: string, endpoint?: string): NanoUsd {
    return this.#sums[window].get(sumKey(key, endpoint))?.settledNanoUsd ?? 0;
  }

  unknownRuns(window: BudgetWindow, key: string): number {
    return this.#sums[window].get(key)?.unknownRuns ?? 0;
  }

  held(window: BudgetWindow, key: string, endpoint?: string): NanoUsd {
    let sum = 0;
    for (const row of this.#open.values()) {
      if (KEY_OF[window](row) === key && (endpoint === undefined || row.endpoint === endpoint)) sum += row.nanoUsd ?? 0;
    }
    return sum;
  }

  /** The endpoints with any row in that month. */
  endpoints(month: string): ReadonlySet<string> {
    return this.#endpoints.get(month) ?? new Set();
  }

  /** The first limit that these holds would break; undefined when all of them hold. What costs nothing is never refused. */
  refusal(holds: readonly HoldRequest[], keys: Readonly<Record<BudgetWindow, string>>, limits: Limits): Refusal | undefined {
    for (const { window, endpoint, limitNanoUsd } of limitList(limits)) {
      const asked = endpoint === undefined ? holds : holds.filter((hold) => hold.endpoint === endpoint);
      const askedNanoUsd = asked.reduce((sum, hold) => sum + hold.ceilingNanoUsd, 0);
      if (askedNanoUsd === 0) continue;
      const spentNanoUsd = this.settled(window, keys[window], endpoint);
      const heldNanoUsd = this.held(window, keys[window], endpoint);
      // Written so that a limit that is no number refuses.
      if (!(spentNanoUsd + heldNanoUsd + askedNanoUsd <= limitNanoUsd)) {
        const whose = endpoint === undefined ? {} : { endpoint };
        return { window, ...whose, limitNanoUsd, spentNanoUsd, heldNanoUsd, askedNanoUsd };
      }
    }
    return undefined;
  }

  #reserve(row: BookRow): void {
    if (row.holdId === null || row.nanoUsd === null || this.#open.has(row.holdId))
      throw new BookDamaged(`row ${row.seq} is no reservation`);
    this.#open.set(row.holdId, row);
  }

  #settle(row: BookRow): void {
    if (row.holdId === null || row.nanoUsd === null || !this.#open.delete(row.holdId))
      throw new BookDamaged(`row ${row.seq} settles nothing`);
    this.#count(row, row.nanoUsd, row.basis === 'unknown' ? 1 : 0);
  }

  #count(row: BookRow, nanoUsd: NanoUsd, unknown: number): void {
    for (const window of ['run', 'day', 'month'] as const) {
      for (const endpoint of window === 'run' ? [undefined] : [undefined, row.endpoint]) {
        const key = sumKey(KEY_OF[window](row), endpoint);
        const sum = this.#sums[window].get(key) ?? { settledNanoUsd: 0, unknownRuns: 0 };
        sum.settledNanoUsd += nanoUsd;
        sum.unknownRuns += unknown;
        this.#sums[window].set(key, sum);
      }
    }
  }
}

/** The key of a day or a month holds no space. */
const sumKey = (key: string, endpoint: string | undefined): string => (endpoint === undefined ? key : `${key} ${endpoint}`);

const KEY_OF: Record<BudgetWindow, (row: BookRow) => string> = {
  run: (row) => row.comparisonId,
  day: (row) => row.day,
  month: (row) => row.month,
};
