/** Real processes on one file, started together: together they get exactly the limit. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openLedger } from '../../../src/core/money/ledger.ts';
import { temporaryDirectory } from './ledgerKit.ts';

const PROCESSES = 4;
const ATTEMPTS = 15;
const AMOUNT = 100;
const ADMITTED = 37;
/** Not a multiple of the amount: the rest must stay. */
const LIMIT = ADMITTED * AMOUNT + 50;

interface Report {
  readonly admitted: number;
  readonly durationsMs: readonly number[];
}

test('four processes near the limit, together, get exactly the limit', async (t) => {
  const file = path.join(temporaryDirectory(t), 'ledger.sqlite');
  const child = path.join(import.meta.dirname, 'ledgerChild.ts');
  const run = promisify(execFile);
  const reports = await Promise.all(
    Array.from({ length: PROCESSES }, async (): Promise<Report> => {
      const { stdout } = await run(process.execPath, [child, file, String(LIMIT), String(AMOUNT), String(ATTEMPTS)]);
      return JSON.parse(stdout);
    }),
  );
  assert.equal(
    reports.reduce((sum, report) => sum + report.admitted, 0),
    ADMITTED,
  );
  const ledger = openLedger({ path: file, clock: { nowMs: () => 0, date: () => new Date() } });
  const { todayNanoUsd, heldTodayNanoUsd } = ledger.spending();
  assert.equal(todayNanoUsd + heldTodayNanoUsd, ADMITTED * AMOUNT);
  ledger.close();
  const durationsMs = reports.flatMap((report) => report.durationsMs).sort((a, b) => a - b);
  const at = (share: number): string => (durationsMs[Math.floor(share * (durationsMs.length - 1))] ?? 0).toFixed(1);
  t.diagnostic(`${durationsMs.length} durable reservations by ${PROCESSES} processes: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
});
