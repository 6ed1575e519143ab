/**
 * What was last known of the ledger's sums, in a small file of its own beside it: should the ledger be damaged, this says what must count
 * as spent. What a transaction adds is written before it is committed, what it gives back after, both while no other process can write;
 * so it may be a little more than is in the ledger, never less. It needs no flush of its own: what can happen to one of the two files does not happen to the other.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { NanoUsd } from '../../shared/money.ts';
import type { Book, BookRow } from './book.ts';

/** Spent and reserved together, by endpoint. */
export interface Known {
  /** The last day that any money belongs to, and its month. */
  readonly day: string;
  readonly month: string;
  readonly dayNanoUsd: Readonly<Record<string, NanoUsd>>;
  readonly monthNanoUsd: Readonly<Record<string, NanoUsd>>;
}

export const knownFile = (ledger: string): string => `${ledger}.known`;

/** The sums of a book and, on top, what the added rows may raise them by. */
export function knownOf(book: Book, added: readonly BookRow[]): Known {
  const day = added.reduce((last, row) => (row.day > last ? row.day : last), book.lastDay);
  const month = day.slice(0, 7);
  const sums = (window: 'day' | 'month', key: string): Record<string, NanoUsd> => {
    const endpoints = new Set([...book.endpoints(month), ...added.map((row) => row.endpoint)]);
    return Object.fromEntries(
      [...endpoints].map((endpoint) => {
        const rows = added.filter((row) => row.endpoint === endpoint && row[window] === key);
        const rise = rows.reduce((sum, row) => sum + riseOf(book, row), 0);
        return [endpoint, book.settled(window, key, endpoint) + book.held(window, key, endpoint) + rise];
      }),
    );
  };
  return { day, month, dayNanoUsd: sums('day', day), monthNanoUsd: sums('month', month) };
}

/** What a row can raise the sums by: a settlement, only what it is above the hold that it closes. */
export function riseOf(book: Book, { kind, nanoUsd, holdId }: BookRow): NanoUsd {
  const held = kind === 'settle' ? (book.open.get(holdId ?? '')?.nanoUsd ?? 0) : 0;
  return Math.max(0, (nanoUsd ?? 0) - held);
}

export function writeKnown(ledger: string, known: Known): void {
  const text = JSON.stringify(known);
  fs.writeFileSync(knownFile(ledger), `${text}\n${checksumOf(text)}\n`);
}

/** Undefined when nothing is known, or what is written there cannot be trusted. */
export function readKnown(ledger: string): Known | undefined {
  try {
    const [text = '', checksum] = fs.readFileSync(knownFile(ledger), 'utf8').split('\n');
    return checksum === checksumOf(text) ? (JSON.parse(text) as Known) : undefined; // by its checksum what writeKnown wrote
  } catch {
    return undefined;
  }
}

const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
