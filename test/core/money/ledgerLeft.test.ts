/** Holds of background runs, which go on without their owner: taken over by another, settled in full when nobody comes, made right later. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Ledger } from '../../../src/core/contracts.ts';
import { openLedger } from '../../../src/core/money/ledger.ts';
import { admitted, hold, temporaryDirectory, testClock } from './ledgerKit.ts';

const CEILING = 100_000;
const USAGE = { inputTokens: 10, outputTokens: 20, basis: 'reported' } as const;
const exact = (nanoUsd: number) => ({ nanoUsd, basis: 'computed', priceSource: 'settings', priceAsOf: '2026-11-15' }) as const;

/** Windows 1, 2 and 3 on one file; 1 reserves, lets its meter say 1,000 and is gone. */
function left(t: TestContext, background = true) {
  const clock = testClock();
  const file = path.join(temporaryDirectory(t), 'ledger.sqlite');
  const alive = new Set([1, 2, 3]);
  const opened: Ledger[] = [];
  t.after(() => {
    for (const ledger of opened) ledger.close();
  });
  const open = (pid: number): Ledger => {
    const ledger = openLedger({ path: file, clock, owner: { pid }, isAlive: (owner) => alive.has(owner.pid) });
    opened.push(ledger);
    return ledger;
  };
  const first = open(1);
  const holdId = admitted(first.reserve('a', [{ ...hold(CEILING), ...(background ? { background: true } : {}) }], {}));
  clock.wait(5000);
  first.beat(holdId, 1000);
  alive.delete(1);
  return { clock, alive, holdId, second: open(2), third: open(3), open };
}

const sums = ({ todayNanoUsd, heldTodayNanoUsd }: ReturnType<Ledger['spending']>): string =>
  `${todayNanoUsd}+${heldTodayNanoUsd}`;

test('a hold is taken over from an owner that is gone, and lives on with the new one', (t) => {
  const { clock, alive, holdId, second, third } = left(t);
  assert.equal(second.adopt(holdId), true);
  assert.equal(third.adopt(holdId), false, 'its owner lives');
  assert.equal(second.adopt(holdId), true, 'it is its own already');
  clock.wait(60_000);
  assert.deepEqual(third.settleOrphans(), [], 'its new owner lives');
  assert.equal(sums(third.spending()), `0+${CEILING}`);
  assert.equal(second.settle(holdId, exact(700), USAGE), true);
  assert.equal(sums(third.spending()), '700+0');
  assert.equal(third.adopt(holdId), false, 'it is settled');
  assert.equal(third.adopt('never reserved'), false);
  alive.delete(2);
  clock.wait(60_000);
  assert.deepEqual(third.settleOrphans(), []);
});

test('the owner that took over dies as well', (t) => {
  const { clock, alive, holdId, second, third } = left(t);
  second.adopt(holdId);
  alive.delete(2);
  assert.equal(third.adopt(holdId), true);
  clock.wait(31_000);
  assert.deepEqual(second.settleOrphans(), []);
});

test('a run that goes on by itself is settled in full when nobody takes it over', (t) => {
  for (const [background, expected] of [
    [true, CEILING],
    [false, 7350],
  ] as const) {
    const { clock, second } = left(t, background);
    clock.wait(31_000);
    assert.deepEqual(
      second.settleOrphans().map(({ cost }) => cost),
      [{ nanoUsd: expected, basis: 'estimated' }],
    );
  }
});

test('what a hold came to is known once it is settled, and as it stands after a correction', (t) => {
  const { clock, holdId, second, third } = left(t);
  assert.equal(third.settlementOf(holdId), undefined, 'it is open');
  clock.wait(31_000);
  second.settleOrphans();
  assert.deepEqual(third.settlementOf(holdId), { nanoUsd: CEILING, basis: 'estimated' });
  second.settle(holdId, exact(700), USAGE);
  assert.deepEqual(third.settlementOf(holdId), exact(700));
  assert.equal(third.settlementOf('never reserved'), undefined);
});

test('what was settled as an orphan is made right once, by a row of its own, in its own day', async (t) => {
  for (const [name, nanoUsd] of [
    ['less', 700],
    ['more', CEILING + 5],
    ['the same', CEILING],
    ['nothing', 0],
  ] as const) {
    await t.test(name, (t) => {
      const { clock, holdId, second, third, open } = left(t);
      clock.wait(31_000);
      third.settleOrphans();
      assert.equal(sums(second.spending()), `${CEILING}+0`);
      assert.equal(second.adopt(holdId), false);
      assert.equal(second.settle(holdId, exact(nanoUsd), USAGE), true);
      for (const ledger of [second, third]) {
        assert.equal(ledger.settle(holdId, exact(1), USAGE), false, 'once');
        assert.equal(sums(ledger.spending()), `${nanoUsd}+0`);
      }
      // Limits see it, and it does not move to the day it was made.
      const limits = { perRunNanoUsd: nanoUsd + 50 };
      assert.equal(second.reserve('a', [hold(51)], limits).ok, false);
      assert.equal(second.reserve('a', [hold(50)], limits).ok, true);
      second.close();
      const again = open(2);
      const [correction, estimate, ...rest] = again.entries(10);
      assert.deepEqual(rest, []);
      assert.deepEqual([correction?.isCorrection, correction?.cost], [true, exact(nanoUsd - CEILING)]);
      assert.deepEqual([estimate?.isCorrection, estimate?.cost], [undefined, { nanoUsd: CEILING, basis: 'estimated' }]);
      assert.deepEqual(correction?.usage, USAGE);
      assert.equal(correction?.day, estimate?.day);
    });
  }
});

test('only a figure from reported usage corrects, and only what was an orphan', (t) => {
  const { clock, holdId, second } = left(t);
  clock.wait(31_000);
  second.settleOrphans();
  assert.equal(second.settle(holdId, exact(1), undefined), false);
  assert.equal(second.settle(holdId, { nanoUsd: 1, basis: 'estimated' }, USAGE), false);
  assert.equal(second.settle(holdId, exact(Number.NaN), USAGE), false);
  assert.equal(second.settle(holdId, { basis: 'unknown' }, USAGE), false);
  const own = admitted(second.reserve('b', [hold(10)], {}));
  second.settle(own, exact(5), USAGE);
  assert.equal(second.settle(own, exact(6), USAGE), false);
  assert.equal(sums(second.spending()), `${CEILING + 5}+0`);
});

test('a correction belongs to the day of its run', (t) => {
  const { clock, holdId, second } = left(t);
  clock.set(new Date(2026, 10, 16, 12));
  second.settleOrphans();
  assert.equal(second.settle(holdId, exact(700), USAGE), true);
  assert.equal(sums(second.spending()), '0+0');
  assert.equal(second.spending().monthNanoUsd, 700);
  assert.equal(second.entries(1)[0]?.day, '2026-11-15');
});
