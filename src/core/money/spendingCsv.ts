/**
 * The ledger as a table for a spreadsheet: comma-separated values by RFC 4180, UTF-8, one row an entry, the oldest first.
 *
 * Names come from settings and servers, and a spreadsheet runs a cell that begins like a formula: such a text gets an apostrophe before it
 * (OWASP, "CSV Injection"). Money is written to the last nano-dollar; what is unknown is an empty cell.
 */
import { NANO_PER_USD, type NanoUsd } from '../../shared/money.ts';
import type { LedgerEntry } from '../contracts.ts';

/** A column's name, and its finished cell. */
type Column = readonly [name: string, cell: (entry: LedgerEntry) => string];

const COLUMNS: readonly Column[] = [
  ['date_time', (entry) => text(entry.at)],
  ['day', (entry) => text(entry.day)],
  ['comparison', (entry) => text(entry.comparisonId)],
  ['lane', (entry) => text(entry.lane)],
  ['endpoint', (entry) => text(entry.endpoint)],
  ['model', (entry) => text(entry.model)],
  ['usd', ({ cost }) => (cost.nanoUsd === undefined ? '' : exactUsd(cost.nanoUsd))],
  ['basis', (entry) => text(entry.cost.basis)],
  ['price_source', (entry) => text(entry.cost.priceSource)],
  ['price_date', (entry) => text(entry.cost.priceAsOf)],
  ['assumed_model', (entry) => text(entry.cost.assumedModel)],
  ['input_tokens', (entry) => count(entry.usage?.inputTokens)],
  ['output_tokens', (entry) => count(entry.usage?.outputTokens)],
  ['reasoning_tokens', (entry) => count(entry.usage?.reasoningTokens)],
  ['cache_read_tokens', (entry) => count(entry.usage?.cacheReadTokens)],
  ['cache_write_tokens', (entry) => count(entry.usage?.cacheWriteTokens)],
  ['note', (entry) => text(noteOf(entry))],
];

/** `newestFirst` as the ledger gives them. */
export function spendingCsv(newestFirst: readonly LedgerEntry[]): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...newestFirst.toReversed().map((entry) => COLUMNS.map(([, cell]) => cell(entry))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** `0.0061`, `-0.000000001`, `12`: exact, without zeros at the end. */
export function exactUsd(nanoUsd: NanoUsd): string {
  const whole = Math.trunc(Math.abs(nanoUsd) / NANO_PER_USD);
  const fraction = String(Math.abs(nanoUsd) % NANO_PER_USD).padStart(9, '0');
  return `${nanoUsd < 0 ? '-' : ''}${whole}.${fraction}`.replace(/\.?0+$/, '');
}

function noteOf({ isCorrection, isCarriedOver, cost, usage }: LedgerEntry): string {
  if (isCorrection) return 'correction of an estimate: adds to the row before it';
  if (isCarriedOver) return 'carried over from a ledger set aside';
  if (cost.basis === 'unknown') return 'cost unknown, in no sum';
  return usage?.basis === 'estimated' ? 'tokens estimated' : '';
}

function text(value: string | undefined): string {
  if (value === undefined) return '';
  const harmless = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const count = (value: number | undefined): string => (value === undefined ? '' : String(value));
