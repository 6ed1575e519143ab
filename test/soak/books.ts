/** The ledger's rows as plain SQL tells them, against what comparisons showed: written apart from the ledger, so that it proves something. */
import { DatabaseSync } from 'node:sqlite';
import { type ComparisonState, LANES } from '../../src/shared/comparison.ts';
import type { Row } from './auditor.ts';

export function readRows(file: string): readonly Row[] {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return db.prepare('SELECT * FROM entry ORDER BY seq').all() as unknown as Row[]; // the table's columns
  } finally {
    db.close();
  }
}

export const settlementsIn = (rows: readonly Row[]): readonly Row[] => rows.filter(({ kind }) => kind === 'settle');

/** Money that is held and not settled yet. */
export const openIn = (rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ kind, holdId }) => kind === 'reserve' && !settlementsIn(rows).some((row) => row.holdId === holdId));

/**
 * What is wrong with the books after everything ended: each hold is settled once, at something, at no more than was held; a lane that
 * ended by itself at the very figure that it showed, and one that was cut off at no less than it showed.
 */
export function imbalance(rows: readonly Row[], shown: readonly ComparisonState[]): readonly string[] {
  const problems: string[] = [];
  const settlements = settlementsIn(rows);
  for (const { holdId, nanoUsd: heldNanoUsd, lane } of rows.filter(({ kind }) => kind === 'reserve')) {
    const own = settlements.filter((row) => row.holdId === holdId);
    const amount = own[0]?.nanoUsd ?? -1;
    if (own.length !== 1) problems.push(`the hold of the ${lane} lane is settled ${own.length} times`);
    if (amount <= 0 || amount > (heldNanoUsd ?? 0)) problems.push(`${heldNanoUsd} held for the ${lane} lane, ${amount} settled`);
  }
  for (const { id, runs } of shown) {
    for (const lane of LANES) {
      const run = runs[lane];
      if (run?.status !== 'ended') continue;
      const own = settlements.find((row) => row.comparisonId === id && row.lane === lane)?.nanoUsd ?? -1;
      const due = run.cost?.nanoUsd ?? 0;
      if (run.error ? own < due : own !== due) problems.push(`the ${lane} lane shows ${run.cost?.nanoUsd}, the book has ${own}`);
    }
  }
  return problems;
}
