/**
 * A window of its own on a shared ledger: reserves, beats and settles as its seed says, and tells each thing that was acknowledged, at
 * once, as a line: what it has told may not be lost when it is killed.
 */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerUnavailable, type Limits } from '../../src/core/contracts.ts';
import { openLedger } from '../../src/core/money/ledger.ts';
import type { Told } from './processes.ts';
import { randomOf } from './random.ts';

const [, , file = '', seed = '', limitNanoUsd = '', steps = ''] = process.argv;
const random = randomOf(Number(seed));
const limits: Limits = {
  perDayNanoUsd: Number(limitNanoUsd),
  perEndpoint: { mine: { perDayNanoUsd: Number(limitNanoUsd) / 2 } },
};
const tell = (told: Told): void => {
  fs.writeSync(1, `${JSON.stringify(told)}\n`);
};

/** A busy file is no refusal: the person would try again. */
async function persist<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LedgerUnavailable) || error.problem !== 'busy') throw error;
      await sleep(2);
    }
  }
}

const clock = { nowMs: () => performance.now(), date: () => new Date() };
const ledger = await persist(() => openLedger({ path: file, clock }));
const open: { readonly holdId: string; readonly nanoUsd: number }[] = [];
tell({ type: 'opened' });
for (let step = 0; step < Number(steps); step++) {
  const [hold] = open;
  if (hold && random.chance(0.5)) {
    const nanoUsd = random.int(0, hold.nanoUsd);
    const usage = { inputTokens: 1, outputTokens: 2, basis: 'reported' } as const;
    const isDone = await persist(() => ledger.settle(hold.holdId, { nanoUsd, basis: 'computed' }, usage));
    tell({ type: 'settled', holdId: hold.holdId, nanoUsd, isDone });
    open.shift();
  } else {
    const comparisonId = `${process.pid}-${step}`;
    const amounts = random.pick([[random.int(1, 300)], [random.int(1, 300), random.int(1, 300)]]);
    const holds = amounts.map((ceilingNanoUsd, i) => ({
      lane: i === 0 ? 'fast' : 'reasoning',
      endpoint: i === 0 ? 'mine' : 'yours',
      model: 'm',
      ceilingNanoUsd,
    }));
    await persist(() => ledger.settleOrphans());
    const startedMs = performance.now();
    const result = await persist(() => ledger.reserve(comparisonId, holds, limits));
    const tookMs = performance.now() - startedMs;
    if (!result.ok) tell({ type: 'refused', tookMs });
    else {
      tell({ type: 'reserved', comparisonId, holdIds: result.holdIds, amounts, tookMs });
      open.push(...result.holdIds.map((holdId, i) => ({ holdId, nanoUsd: amounts[i] ?? 0 })));
    }
    for (const { holdId, nanoUsd } of open) ledger.beat(holdId, random.int(0, nanoUsd));
  }
}
ledger.close();
tell({ type: 'done' });
