/** A window of its own: a process that reserves until it is refused, and says how many it got and how long each took. */
import { setTimeout } from 'node:timers/promises';
import { LedgerUnavailable } from '../../../src/core/contracts.ts';
import { openLedger } from '../../../src/core/money/ledger.ts';
import { hold } from './ledgerKit.ts';

const [, , file = '', limit = '', amount = '', attempts = ''] = process.argv;
const clock = { nowMs: () => performance.now(), date: () => new Date() };

/** A busy file is no refusal: the person would try again. */
async function persist<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LedgerUnavailable) || !/in use by another window/.test(error.message)) throw error;
      await setTimeout(5);
    }
  }
}

const ledger = await persist(() => openLedger({ path: file, clock }));
let admitted = 0;
const durationsMs: number[] = [];
for (let i = 0; i < Number(attempts); i++) {
  const startedMs = performance.now();
  const result = await persist(() =>
    ledger.reserve(`${process.pid}-${i}`, [hold(Number(amount))], { perDayNanoUsd: Number(limit) }),
  );
  durationsMs.push(performance.now() - startedMs);
  if (result.ok) admitted += 1;
  // Every other one is settled at half of it, as a run would be.
  const [holdId] = result.ok ? result.holdIds : [];
  if (holdId !== undefined && i % 2 === 0)
    await persist(() => ledger.settle(holdId, { nanoUsd: Number(amount), basis: 'computed' }, undefined));
}
ledger.close();
process.stdout.write(JSON.stringify({ admitted, durationsMs }));
