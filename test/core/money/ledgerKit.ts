/** What the ledger's tests share: a directory of their own, and a clock that they turn. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Clock, HoldRequest, Ledger, ReserveResult } from '../../../src/core/contracts.ts';

export function temporaryDirectory(t: TestContext): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-ledger-'));
  t.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface TestClock extends Clock {
  set(local: Date): void;
  wait(ms: number): void;
}

/** Noon in mid-month, local time: far from the ends of days in every time zone. */
export function testClock(start = new Date(2026, 10, 15, 12)): TestClock {
  let wallMs = start.getTime();
  let monotonicMs = 0;
  return {
    nowMs: () => monotonicMs,
    date: () => new Date(wallMs),
    set: (local) => {
      wallMs = local.getTime();
    },
    wait: (ms) => {
      wallMs += ms;
      monotonicMs += ms;
    },
  };
}

export const hold = (ceilingNanoUsd: number, lane = 'fast'): HoldRequest => ({
  lane,
  endpoint: 'mine',
  model: 'm',
  ceilingNanoUsd,
});

/** The only hold of a reservation that must have been admitted. */
export function admitted(result: ReserveResult): string {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  const [holdId] = result.holdIds;
  if (holdId === undefined) throw new Error('no hold');
  return holdId;
}

/** What is left of a day's limit, as the ledger tells it. */
export function remainingToday(ledger: Ledger, limitNanoUsd: number): number {
  const { todayNanoUsd, heldTodayNanoUsd } = ledger.spending();
  return limitNanoUsd - todayNanoUsd - heldTodayNanoUsd;
}
