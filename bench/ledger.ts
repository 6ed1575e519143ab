/** One process among several on one ledger: it reserves for two lanes again and again, as comparisons do, and settles half of them. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../src/core/engine.ts';
import { openLedger } from '../src/core/money/ledger.ts';

const LIMITS = {
  perRunNanoUsd: 1e9,
  perDayNanoUsd: 1e15,
  perMonthNanoUsd: 1e15,
  perEndpoint: { bench: { perDayNanoUsd: 1e15 } },
};

/** At most so long between two reservations of a process: far less than any person's, but not nothing, which no window does. */
const PAUSE_MS = 20;

/** How long each reservation took, waiting for the others included, in milliseconds. */
export async function reserveAgain(directory: string, reserves: number): Promise<readonly number[]> {
  const ledger = openLedger({ path: join(directory, 'ledger.sqlite'), clock: systemClock, busyTimeoutMs: 10_000 });
  const durationsMs: number[] = [];
  for (let i = 0; i < reserves; i++) {
    const holds = ['fast', 'reasoning'].map((lane) => ({ lane, endpoint: 'bench', model: 'm', ceilingNanoUsd: 1000 }));
    const begunMs = performance.now();
    const result = ledger.reserve(`${process.pid}-${i}`, holds, LIMITS);
    durationsMs.push(performance.now() - begunMs);
    if (!result.ok) throw new Error('refused below the limit');
    for (const holdId of i % 2 === 0 ? result.holdIds : []) ledger.settle(holdId, { nanoUsd: 500, basis: 'computed' }, undefined);
    await setTimeout(Math.random() * PAUSE_MS);
  }
  ledger.close();
  return durationsMs;
}

/** The floor: as often, a page written over and flushed to the platter, by nobody else disturbed. */
export function flushAgain(directory: string, times: number): readonly number[] {
  const fd = openSync(join(directory, `page-${process.pid}`), 'w');
  const page = Buffer.alloc(4096);
  const durationsMs = Array.from({ length: times }, () => {
    const begunMs = performance.now();
    writeSync(fd, page, 0, page.length, 0);
    fsyncSync(fd);
    return performance.now() - begunMs;
  });
  closeSync(fd);
  return durationsMs;
}
