/** A damaged ledger refuses, or is the same; it never leaves more to spend. Seeded positions of the whole file, and all of its header. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { LedgerUnavailable } from '../../../src/core/contracts.ts';
import { openLedger } from '../../../src/core/money/ledger.ts';
import { admitted, hold, remainingToday, temporaryDirectory, testClock } from './ledgerKit.ts';

const LIMIT = 1_000_000;
const SEED = 20261122;
/** The header of a database and of its first page (sqlite.org/fileformat.html). */
const HEADER_BYTES = 120;
const SAMPLES = 700;
/** Twelve reservations, eight of them settled. */
const ROWS = 20;

/** Lehmer's generator: the same positions every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

test('no flipped byte and no truncation raises what is left', (t) => {
  const directory = temporaryDirectory(t);
  const clock = testClock();
  const file = path.join(directory, 'ledger.sqlite');
  const ledger = openLedger({ path: file, clock });
  for (let i = 0; i < 12; i++) {
    const holdId = admitted(ledger.reserve(`run ${i}`, [hold(1000 + i)], {}));
    if (i % 3 !== 0)
      ledger.settle(
        holdId,
        { nanoUsd: 500 + i, basis: 'computed', priceSource: 'settings' },
        { inputTokens: i, basis: 'reported' },
      );
  }
  ledger.noteUnpriced('run', 'fast', 'proxy', 'm', undefined);
  const before = remainingToday(ledger, LIMIT);
  ledger.close();
  const whole = fs.readFileSync(file);

  const damaged = path.join(directory, 'damaged.sqlite');
  fs.copyFileSync(`${file}.since`, `${damaged}.since`);
  /** Says how the ledger took it; fails when it leaves more than before, or fails in a way of its own. */
  const take = (name: string, bytes: Buffer): 'refused' | 'same' => {
    for (const rest of ['-journal', '-wal', '-shm']) fs.rmSync(damaged + rest, { force: true });
    fs.writeFileSync(damaged, bytes);
    let opened: ReturnType<typeof openLedger> | undefined;
    try {
      opened = openLedger({ path: damaged, clock });
      const after = remainingToday(opened, LIMIT);
      assert.ok(after <= before, `${name}: ${after} is left, ${before} before`);
      assert.equal(opened.reserve('more', [hold(before + 1)], { perDayNanoUsd: LIMIT }).ok, false, name);
      return 'same';
    } catch (error) {
      assert.ok(error instanceof LedgerUnavailable, `${name}: ${error instanceof Error ? error.stack : error}`);
      assert.ok(error.message.includes(damaged), error.message);
      return 'refused';
    } finally {
      opened?.close();
    }
  };

  const random = randomFrom(SEED);
  const positions = [...Array(HEADER_BYTES).keys(), ...Array.from({ length: SAMPLES }, () => random(whole.length))];
  let refused = 0;
  for (const position of positions) {
    const flip = 1 + random(255);
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(position) ^ flip, position);
    if (take(`byte ${position} xor ${flip}`, bytes) === 'refused') refused += 1;
  }
  // A flip in a row must be seen. The file also holds old copies of rows, in pages that were split, where a flip changes nothing.
  const copies = [...whole.toString('latin1').matchAll(/run \d+fastminem/g)].map((match) => match.index + 4);
  const seen = copies.filter((position) => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
    return take(`row at ${position}`, bytes) === 'refused';
  });
  assert.equal(seen.length, ROWS);
  const lengths = [
    ...Array(HEADER_BYTES).keys(),
    ...Array.from({ length: 60 }, () => random(whole.length)),
    4096,
    8192,
    whole.length - 4096,
    whole.length - 1,
  ];
  for (const length of lengths) assert.equal(take(`cut to ${length}`, whole.subarray(0, length)), 'refused');
  assert.equal(take('undamaged', whole), 'same');
  t.diagnostic(`seed ${SEED}: ${positions.length} flips, ${refused} refused, ${lengths.length} truncations`);
});
