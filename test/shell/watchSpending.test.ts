/** The sums are followed while another process spends, and nothing else is told. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openLedger } from '../../src/core/money/ledger.ts';
import { watchSpending } from '../../src/shell/watchSpending.ts';
import { admitted, hold, temporaryDirectory, testClock } from '../core/money/ledgerKit.ts';

const LOOK_MS = 10;

test('what another process reserves and settles is told; its signs of life, a pause and a missing file are not', async (t) => {
  const clock = testClock();
  const file = path.join(temporaryDirectory(t), 'ledger.sqlite');
  const [own, other] = [1, 2].map((pid) => openLedger({ path: file, clock, owner: { pid }, isAlive: () => true }));
  assert.ok(own && other);
  const holdId = admitted(other.reserve('a', [hold(1000)], {}));
  let [told, reads, isPaused] = [0, 0, false];
  const spending = () => {
    reads += 1;
    return own.spending();
  };
  const watch = watchSpending({ file, spending, isPaused: () => isPaused, onChange: () => (told += 1) }, LOOK_MS);
  t.after(() => {
    watch.dispose();
    own.close();
    other.close();
  });
  /** Waits until the change was looked at: each read is of one. */
  const looked = async (): Promise<void> => {
    const before = reads;
    while (reads === before) await setTimeout(LOOK_MS);
  };
  while (reads < 2) {
    clock.wait(3000);
    other.beat(holdId, 10);
    await setTimeout(LOOK_MS);
  }
  assert.equal(told, 0, 'a sign of life changes no sum');
  admitted(other.reserve('b', [hold(1000)], {}));
  await looked();
  assert.equal(told, 1);
  other.settle(holdId, { nanoUsd: 700, basis: 'computed' }, undefined);
  await looked();
  assert.equal(told, 2);

  const before = reads;
  isPaused = true;
  admitted(other.reserve('c', [hold(1000)], {}));
  await setTimeout(20 * LOOK_MS);
  isPaused = false;
  fs.rmSync(file);
  await setTimeout(20 * LOOK_MS);
  assert.deepEqual([told, reads, fs.existsSync(file)], [2, before, false]);
});
