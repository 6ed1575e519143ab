/** `spending`: what the ledger says, as the Spending view shows it, or every entry of it as comma-separated values. */
import { LedgerUnavailable } from '../core/contracts.ts';
import { spendingCsv } from '../core/money/spendingCsv.ts';
import { readSpendingRows, type SpendingRow } from '../core/money/spendingRows.ts';
import { EXIT, Unusable } from './exit.ts';
import { openSession, requireSqlite, type Session } from './session.ts';

export interface SpendingOptions {
  readonly csv?: boolean | undefined;
  readonly config?: string | undefined;
  readonly state?: string | undefined;
}

export function spendingCommand(options: SpendingOptions, samples: string): number {
  requireSqlite();
  const session = openSession(options, samples);
  try {
    process.stdout.write(options.csv ? spendingCsv(session.engine.ledger().entriesSince('')) : `${figures(session)}\n`);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof LedgerUnavailable) throw new Unusable(error.message);
    throw error;
  } finally {
    session.engine.close();
  }
}

function figures({ engine, settings }: Session): string {
  const rows = readSpendingRows(engine.ledger(), settings, { date: new Date(), shownEntries: 10 });
  return rows.flatMap((row) => lines(row, '')).join('\n');
}

const lines = ({ label, description, children = [] }: SpendingRow, indent: string): readonly string[] => [
  `${indent}${label}${description === undefined ? '' : ` (${description})`}`,
  ...children.flatMap((child) => lines(child, `${indent}  `)),
];
