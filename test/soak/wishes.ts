/** What a schedule's processes ask of the ledger, drawn by chance: limits, reservations and settlements, some of them broken. */
import type { HoldRequest, Limits } from '../../src/core/contracts.ts';
import type { Usage } from '../../src/shared/model.ts';
import type { Cost } from '../../src/shared/money.ts';
import type { Random } from './random.ts';

export const USAGE: Usage = { inputTokens: 10, outputTokens: 20, basis: 'reported' };

export function drawLimits(random: Random): Limits {
  const limit = (most: number): number => random.pick([random.int(0, most), random.int(most / 2, most), most]);
  return {
    ...(random.chance(0.6) ? { perRunNanoUsd: limit(400) } : {}),
    ...(random.chance(0.8) ? { perDayNanoUsd: limit(1000) } : {}),
    ...(random.chance(0.6) ? { perMonthNanoUsd: limit(2000) } : {}),
    ...(random.chance(0.3)
      ? { perEndpoint: { mine: { perDayNanoUsd: limit(600) }, yours: { perMonthNanoUsd: limit(900) } } }
      : {}),
  };
}

/** What the lanes of one comparison must have reserved. */
export function drawHolds(random: Random): readonly HoldRequest[] {
  const isBackground = random.chance(0.15);
  const lanes = random.pick([['fast'], ['reasoning'], ['fast', 'reasoning'], ['fast', 'reasoning'], ['a', 'b', 'c', 'd']]);
  return lanes.map((lane) => ({
    lane,
    endpoint: random.pick(['mine', 'yours']),
    model: 'm',
    ceilingNanoUsd: drawAmount(random),
    ...(isBackground ? { background: true } : {}),
  }));
}

/** Small beside the limits, or about as large, and now and then nothing. */
const drawAmount = (random: Random): number => random.pick([random.int(1, 60), random.int(50, 300), random.int(1, 1200), 0]);

export interface Settlement {
  readonly cost: Cost;
  readonly usage: Usage | undefined;
  /** What must stand in the book for it: a cost that is no amount counts at the ceiling. */
  readonly due: { readonly nanoUsd: number; readonly basis: string };
}

export function drawSettlement(random: Random, ceiling: number): Settlement {
  const exact = { nanoUsd: random.int(0, ceiling), basis: 'computed' } as const;
  const [cost, usage] = random.pick<readonly [Cost, Usage | undefined]>([
    [exact, USAGE],
    [exact, USAGE],
    [{ ...exact, nanoUsd: ceiling * 2 }, USAGE],
    [{ ...exact, basis: 'billed' }, USAGE],
    [{ ...exact, basis: 'estimated' }, undefined],
    [{ nanoUsd: 0, basis: 'computed' }, undefined],
    [{ nanoUsd: ceiling, basis: 'estimated' }, undefined],
    [{ basis: 'unknown' }, undefined],
    [{ nanoUsd: Number.NaN, basis: 'computed' }, undefined],
  ]);
  const isSound = cost.basis === 'unknown' || Number.isSafeInteger(cost.nanoUsd);
  const due = isSound ? { nanoUsd: cost.nanoUsd ?? 0, basis: cost.basis } : { nanoUsd: ceiling, basis: 'estimated' };
  return { cost, usage, due };
}
