/** A window that has the ledger open, says so, and then reserves; says how that went. The file may be locked, or replaced meanwhile. */
import { LedgerUnavailable } from '../../../src/core/contracts.ts';
import { openLedger } from '../../../src/core/money/ledger.ts';
import { hold } from './ledgerKit.ts';

const [, , file = ''] = process.argv;
const clock = { nowMs: () => performance.now(), date: () => new Date() };
const ledger = openLedger({ path: file, clock, busyTimeoutMs: 30_000 });
process.on('message', () => {
  process.send?.('reserving');
  let outcome: string;
  try {
    outcome = ledger.reserve('late', [hold(1)], {}).ok ? 'admitted' : 'refused';
  } catch (error) {
    outcome = error instanceof LedgerUnavailable ? error.problem : String(error);
  }
  process.send?.(outcome, () => process.exit());
});
process.send?.('open');
