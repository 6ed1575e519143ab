/** Setting a damaged ledger aside: the new one never leaves more than there was, whatever byte was flipped and wherever the file was cut. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Ledger, LedgerUnavailable, type Limits } from '../../../src/core/contracts.ts';
import { carriedOver, openLedger, setLedgerAside } from '../../../src/core/money/ledger.ts';
import { admitted, hold, type TestClock, temporaryDirectory, testClock } from './ledgerKit.ts';

const SEED = 20261122;
const HEADER_BYTES = 120;
const LARGEST_HOLD = 1015;
const LIMITS: Limits = {
  perRunNanoUsd: 4_000,
  perDayNanoUsd: 60_000,
  perMonthNanoUsd: 90_000,
  perEndpoint: { mine: { perDayNanoUsd: 50_000 }, other: { perMonthNanoUsd: 40_000 } },
};

/** Lehmer's generator: the same positions every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const cost = (nanoUsd: number) => ({ nanoUsd, basis: 'computed' }) as const;

/** A ledger with money of yesterday and today at two endpoints, some of it reserved; closed. */
function used(t: TestContext): { readonly file: string; readonly clock: TestClock } {
  const directory = temporaryDirectory(t);
  const clock = testClock(new Date(2026, 10, 14, 12));
  const file = path.join(directory, 'ledger.sqlite');
  const ledger = openLedger({ path: file, clock });
  for (let i = 0; i < 16; i++) {
    if (i === 5) clock.set(new Date(2026, 10, 15, 12));
    const endpoint = i % 2 === 0 ? 'mine' : 'other';
    const holdId = admitted(ledger.reserve(`run ${i % 7}`, [{ ...hold(1000 + i), endpoint }], {}));
    if (i % 3 !== 0) ledger.settle(holdId, cost(500 + i), undefined);
  }
  ledger.close();
  return { file, clock };
}

/** What is left of every limit but that of a run. */
function left(ledger: Ledger): readonly number[] {
  const { todayNanoUsd, heldTodayNanoUsd, monthNanoUsd, heldMonthNanoUsd, endpoints } = ledger.spending();
  const { mine, other } = endpoints;
  return [
    60_000 - todayNanoUsd - heldTodayNanoUsd,
    90_000 - monthNanoUsd - heldMonthNanoUsd,
    50_000 - (mine?.todayNanoUsd ?? 0) - (mine?.heldTodayNanoUsd ?? 0),
    40_000 - (other?.monthNanoUsd ?? 0) - (other?.heldMonthNanoUsd ?? 0),
  ];
}

/** Sets it aside if it must be; says what is left, and whether it had to. */
function goOn(file: string, clock: TestClock): { readonly left: readonly number[]; readonly kept: string | undefined } {
  const options = { path: file, clock };
  let kept: string | undefined;
  try {
    openLedger(options).close();
  } catch (error) {
    assert.ok(error instanceof LedgerUnavailable && error.problem === 'damaged', String(error));
    kept = setLedgerAside(options, LIMITS);
    assert.ok(kept !== undefined && (fs.existsSync(kept) || !fs.existsSync(file)));
  }
  const ledger = openLedger(options);
  try {
    return { left: left(ledger), kept };
  } finally {
    ledger.close();
  }
}

const neverMore = (after: readonly number[], before: readonly number[], name: string): void =>
  assert.ok(
    after.every((figure, i) => figure <= (before[i] ?? Number.NaN)),
    `${name}: ${after} is left, ${before} before`,
  );

for (const [name, isKnown] of [
  ['with what is known of it', true],
  ['with nothing known but its rows', false],
] as const) {
  test(`no flipped byte and no truncation leaves more after the ledger is set aside, ${name}`, (t) => {
    const { file, clock } = used(t);
    const before = goOn(file, clock).left;
    const whole = fs.readFileSync(file);
    const known = fs.readFileSync(`${file}.known`);
    const harmed = path.join(path.dirname(file), 'harmed', 'ledger.sqlite');
    let aside = 0;
    const take = (what: string, bytes: Buffer): void => {
      fs.rmSync(path.dirname(harmed), { recursive: true, force: true });
      fs.mkdirSync(path.dirname(harmed));
      fs.copyFileSync(`${file}.since`, `${harmed}.since`);
      if (isKnown) fs.writeFileSync(`${harmed}.known`, known);
      fs.writeFileSync(harmed, bytes);
      const after = goOn(harmed, clock);
      neverMore(after.left, before, what);
      if (after.kept === undefined) return;
      aside += 1;
      assert.deepEqual(fs.readFileSync(after.kept), bytes, 'the old one is kept as it was');
      // Where a settlement cannot be read its hold counts in full, so at most that much too much.
      if (isKnown)
        neverMore(
          before,
          after.left.map((figure) => figure + LARGEST_HOLD),
          what,
        );
    };
    const random = randomFrom(SEED);
    for (const position of [...Array(HEADER_BYTES).keys(), ...Array.from({ length: 150 }, () => random(whole.length))]) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(position) ^ (1 + random(255)), position);
      take(`byte ${position}`, bytes);
    }
    for (const length of [0, 1, 16, 100, 4096, 8192, whole.length - 1, ...Array.from({ length: 30 }, () => random(whole.length))])
      take(`cut to ${length}`, whole.subarray(0, length));
    assert.ok(aside > 60, `${aside} had to be set aside`);
    t.diagnostic(`seed ${SEED}: ${aside} set aside`);
  });
}

test('what was known cannot be lowered by damage to it: the limits count as spent instead', (t) => {
  const { file, clock } = used(t);
  const before = goOn(file, clock).left;
  fs.truncateSync(file);
  const known = fs.readFileSync(`${file}.known`);
  known.writeUInt8(known.readUInt8(20) ^ 1, 20);
  fs.writeFileSync(`${file}.known`, known);
  assert.equal(carriedOver({ path: file, clock }, LIMITS).basis, 'limits');
  const after = goOn(file, clock).left;
  neverMore(after, before, 'both damaged');
  assert.deepEqual(
    after.map((figure) => figure <= 0),
    [true, true, true, true],
  );
});

/** Damage that leaves every row readable. */
function behead(file: string): void {
  const db = new DatabaseSync(file);
  db.exec("UPDATE meta SET value = 'x' WHERE key = 'head'");
  db.close();
}

test('runs that can still be read keep their own sums, so that the limit of a run holds as well', (t) => {
  const { file, clock } = used(t);
  const options = { path: file, clock };
  const ofRuns = (): readonly number[] => {
    const ledger = openLedger(options);
    const sums = [0, 1, 2, 3, 4, 5, 6].map((i) => {
      const result = ledger.reserve(`run ${i}`, [hold(1)], { perRunNanoUsd: 1 });
      return result.ok ? 0 : result.refusal.spentNanoUsd + result.refusal.heldNanoUsd;
    });
    ledger.close();
    return sums;
  };
  const before = ofRuns();
  behead(file);
  assert.ok(setLedgerAside(options, {}));
  assert.deepEqual(ofRuns(), before);
  const ledger = openLedger(options);
  const entries = ledger.entries(100);
  assert.ok(entries.length > 0 && entries.every((entry) => entry.isCarriedOver && entry.cost.basis === 'estimated'));
  ledger.close();
});

test('a new day and a new month begin free, whatever was carried over', (t) => {
  const { file, clock } = used(t);
  fs.truncateSync(file, 4096);
  clock.set(new Date(2026, 11, 1, 12));
  const { todayNanoUsd, monthNanoUsd, basis } = carriedOver({ path: file, clock }, LIMITS);
  assert.deepEqual([todayNanoUsd, monthNanoUsd, basis], [0, 0, 'known']);
  clock.set(new Date(2026, 10, 16, 12));
  const next = carriedOver({ path: file, clock }, LIMITS);
  assert.deepEqual([next.todayNanoUsd, next.monthNanoUsd > 0], [0, true]);
  clock.set(new Date(2026, 10, 1, 12)); // a clock that went back
  assert.equal(carriedOver({ path: file, clock }, LIMITS).day, '2026-11-15');
});

test('of two windows one sets it aside; whoever has the old one open writes to it no more', (t) => {
  const { file, clock } = used(t);
  const options = { path: file, clock, busyTimeoutMs: 20 };
  const open = openLedger(options);
  t.after(() => open.close());
  behead(file);
  const writer = new DatabaseSync(file);
  writer.exec('BEGIN IMMEDIATE');
  assert.throws(
    () => setLedgerAside(options, LIMITS),
    (error) => error instanceof LedgerUnavailable && error.problem === 'busy',
  );
  writer.exec('ROLLBACK');
  writer.close();
  assert.ok(setLedgerAside(options, LIMITS));
  assert.equal(setLedgerAside(options, LIMITS), undefined, 'nothing left to do');
  assert.throws(
    () => open.reserve('a', [hold(1)], {}),
    (error) => error instanceof LedgerUnavailable && error.problem === 'replaced',
  );
  const rest = fs.readdirSync(path.dirname(file)).filter((name) => !name.includes('.damaged-'));
  assert.deepEqual(rest.filter((name) => !name.endsWith('-journal')).sort(), [
    'ledger.sqlite',
    'ledger.sqlite.known',
    'ledger.sqlite.since',
  ]);
});

test('a window that waits for its turn while the ledger is replaced reserves nothing in the old one', async (t) => {
  const { file } = used(t);
  const child = fork(path.join(import.meta.dirname, 'waitingChild.ts'), [file]);
  t.after(() => child.kill());
  const said = async (): Promise<unknown> => (await once(child, 'message'))[0];
  assert.equal(await said(), 'open');
  const writer = new DatabaseSync(file);
  writer.exec('BEGIN EXCLUSIVE');
  const reserving = said();
  child.send('reserve');
  assert.equal(await reserving, 'reserving');
  const outcome = said();
  await setTimeout(100); // it waits by now, or else it sees before waiting what it should see after
  fs.copyFileSync(file, `${file}.new`);
  fs.renameSync(`${file}.new`, file);
  writer.exec('ROLLBACK');
  writer.close();
  assert.equal(await outcome, 'replaced');
});

test('what is known is what the ledger holds, after reservations and settlements of two windows', (t) => {
  const { file, clock } = used(t);
  const options = { path: file, clock };
  const random = randomFrom(SEED);
  const windows = [openLedger(options), openLedger(options)];
  t.after(() => {
    for (const ledger of windows) ledger.close();
  });
  const holds: string[] = [];
  for (let i = 0; i < 60; i++) {
    const ledger = windows[random(2)];
    assert.ok(ledger);
    if (random(3) > 0 || holds.length === 0) holds.push(admitted(ledger.reserve(`r ${i}`, [hold(1 + random(900))], {})));
    else ledger.settle(holds.splice(random(holds.length), 1)[0] ?? '', cost(random(1800)), undefined);
    const known = JSON.parse(fs.readFileSync(`${file}.known`, 'utf8').split('\n')[0] ?? '');
    const { todayNanoUsd, heldTodayNanoUsd, monthNanoUsd, heldMonthNanoUsd } = ledger.spending();
    const total = (sums: Record<string, number>): number => Object.values(sums).reduce((sum, nanoUsd) => sum + nanoUsd, 0);
    assert.equal(total(known.dayNanoUsd), todayNanoUsd + heldTodayNanoUsd);
    assert.equal(total(known.monthNanoUsd), monthNanoUsd + heldMonthNanoUsd);
  }
});

test('a place that cannot be written refuses a reservation, not a settlement', (t) => {
  const { file, clock } = used(t);
  const ledger = openLedger({ path: file, clock });
  t.after(() => ledger.close());
  const holdId = admitted(ledger.reserve('a', [hold(100)], {}));
  fs.rmSync(`${file}.known`);
  fs.mkdirSync(`${file}.known`);
  assert.throws(() => ledger.reserve('b', [hold(100)], {}), LedgerUnavailable);
  assert.equal(ledger.settle(holdId, cost(50), undefined), true);
  fs.rmdirSync(`${file}.known`);
  admitted(ledger.reserve('b', [hold(100)], {}));
});
