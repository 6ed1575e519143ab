/** The ledger by one process: limits, settlement, calendar, orphans, and a naive model that it must agree with. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type Ledger, LedgerUnavailable, type Limits } from '../../../src/core/contracts.ts';
import { type LedgerOptions, openLedger } from '../../../src/core/money/ledger.ts';
import { admitted, hold, type TestClock, temporaryDirectory, testClock } from './ledgerKit.ts';

interface Bench {
  readonly ledger: Ledger;
  readonly clock: TestClock;
  readonly file: string;
  /** Another window on the same file. */
  open(more?: Partial<LedgerOptions>): Ledger;
}

function bench(t: TestContext, more: Partial<LedgerOptions> = {}): Bench {
  const clock = testClock();
  const file = path.join(temporaryDirectory(t), 'deep', 'ledger.sqlite');
  const opened: Ledger[] = [];
  t.after(() => {
    for (const ledger of opened) ledger.close();
  });
  const open = (other: Partial<LedgerOptions> = {}): Ledger => {
    const ledger = openLedger({ path: file, clock, ...more, ...other });
    opened.push(ledger);
    return ledger;
  };
  return { ledger: open(), clock, file, open };
}

/** `spent+held` of the day and of the month. */
function sums(ledger: Ledger): string {
  const { todayNanoUsd, heldTodayNanoUsd, monthNanoUsd, heldMonthNanoUsd } = ledger.spending();
  return `${todayNanoUsd}+${heldTodayNanoUsd} ${monthNanoUsd}+${heldMonthNanoUsd}`;
}

const computed = (nanoUsd: number) => ({ nanoUsd, basis: 'computed', priceSource: 'settings', priceAsOf: '2026-11-15' }) as const;

test('a reservation is all or none, and refused by the first limit that it would break', async (t) => {
  const cases: readonly (readonly [string, Limits, readonly number[], string])[] = [
    ['exactly the limit', { perRunNanoUsd: 1000 }, [600, 400], 'ok'],
    ['one more than the limit', { perRunNanoUsd: 1000 }, [600, 401], 'run 1000 0 0 1001'],
    ['the day', { perRunNanoUsd: 9999, perDayNanoUsd: 1000 }, [1001], 'day 1000 0 0 1001'],
    ['the month', { perDayNanoUsd: 9999, perMonthNanoUsd: 1000 }, [1001], 'month 1000 0 0 1001'],
    ['the run before the day', { perRunNanoUsd: 1, perDayNanoUsd: 1 }, [2], 'run 1 0 0 2'],
    ['no limit', {}, [1e15], 'ok'],
    ['a limit of nothing', { perRunNanoUsd: 0 }, [1], 'run 0 0 0 1'],
    ['nothing is never refused', { perRunNanoUsd: 0 }, [0], 'ok'],
    ['a limit that is no number refuses', { perRunNanoUsd: Number.NaN }, [1], 'run NaN 0 0 1'],
  ];
  for (const [name, limits, ceilings, expected] of cases) {
    await t.test(name, (t) => {
      const { ledger } = bench(t);
      const result = ledger.reserve(
        'c',
        ceilings.map((ceiling) => hold(ceiling)),
        limits,
      );
      const { ok } = result;
      const told = result.ok ? 'ok' : Object.values(result.refusal).join(' ');
      assert.equal(told, expected);
      const held = ok ? ceilings.reduce((sum, ceiling) => sum + ceiling, 0) : 0;
      assert.equal(sums(ledger), `0+${held} 0+${held}`);
    });
  }
});

test('the limits of one endpoint hold beside those of all, for the lanes together', async (t) => {
  const own: Limits = { perDayNanoUsd: 9000, perEndpoint: { mine: { perDayNanoUsd: 1000, perMonthNanoUsd: 1500 } } };
  const at = (endpoint: string, ceilingNanoUsd: number) => ({ ...hold(ceilingNanoUsd), endpoint });
  const cases: readonly (readonly [string, Limits, readonly ReturnType<typeof at>[], string])[] = [
    ['exactly the limit', own, [at('mine', 600), at('mine', 400)], 'ok'],
    ['both lanes count', own, [at('mine', 600), at('mine', 401)], 'day mine 1000 0 0 1001'],
    ['only its own lanes count', own, [at('mine', 1000), at('other', 8000)], 'ok'],
    ['none is admitted when one is refused', own, [at('other', 1), at('mine', 1001)], 'day mine 1000 0 0 1001'],
    ['another endpoint is free of it', own, [at('other', 9000)], 'ok'],
    ['the limit of all comes first', own, [at('mine', 9001)], 'day 9000 0 0 9001'],
    ['the month', { perEndpoint: { mine: { perMonthNanoUsd: 5 } } }, [at('mine', 6)], 'month mine 5 0 0 6'],
    ['no number', { perEndpoint: { mine: { perDayNanoUsd: Number.NaN } } }, [at('mine', 1)], 'day mine NaN 0 0 1'],
    ['nothing is never refused', { perEndpoint: { mine: { perDayNanoUsd: 0 } } }, [at('mine', 0), at('other', 5)], 'ok'],
  ];
  for (const [name, limits, holds, expected] of cases) {
    await t.test(name, (t) => {
      const { ledger } = bench(t);
      const result = ledger.reserve('c', holds, limits);
      assert.equal(result.ok ? 'ok' : Object.values(result.refusal).join(' '), expected);
      if (!result.ok) assert.equal(sums(ledger), '0+0 0+0');
    });
  }
  await t.test('spent and held count, by day and by month', (t) => {
    const { ledger, clock, open } = bench(t);
    ledger.settle(admitted(ledger.reserve('a', [at('mine', 900)], own)), computed(700), undefined);
    admitted(ledger.reserve('b', [at('mine', 200)], own));
    assert.equal(ledger.reserve('c', [at('mine', 101)], own).ok, false);
    admitted(ledger.reserve('c', [at('other', 50)], own));
    assert.deepEqual(open().spending().endpoints, {
      mine: { todayNanoUsd: 700, heldTodayNanoUsd: 200, monthNanoUsd: 700, heldMonthNanoUsd: 200 },
      other: { todayNanoUsd: 0, heldTodayNanoUsd: 50, monthNanoUsd: 0, heldMonthNanoUsd: 50 },
    });
    clock.set(new Date(2026, 10, 16, 12));
    admitted(ledger.reserve('d', [at('mine', 600)], own));
    const refused = ledger.reserve('d', [at('mine', 1)], own);
    assert.deepEqual(refused.ok ? undefined : [refused.refusal.window, refused.refusal.endpoint], ['month', 'mine']);
    clock.set(new Date(2026, 11, 1, 12));
    admitted(ledger.reserve('e', [at('mine', 1000)], own));
  });
});

test('a limit changed between two reservations holds for the second', (t) => {
  const { ledger } = bench(t);
  admitted(ledger.reserve('a', [hold(600)], { perDayNanoUsd: 1000 }));
  assert.equal(ledger.reserve('b', [hold(1)], { perDayNanoUsd: 500 }).ok, false, 'lowered');
  assert.equal(ledger.reserve('b', [hold(401)], { perDayNanoUsd: 1000 }).ok, false);
  admitted(ledger.reserve('b', [hold(401)], { perDayNanoUsd: 1001 }));
});

test('an amount that is none is never reserved', (t) => {
  const { ledger } = bench(t);
  for (const ceiling of [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => ledger.reserve('c', [hold(1), hold(ceiling)], {}), RangeError);
  }
  assert.equal(sums(ledger), '0+0 0+0');
});

test('money is spent, held and left', (t) => {
  const { ledger } = bench(t);
  const limits = { perDayNanoUsd: 1000, perRunNanoUsd: 800 };
  const first = admitted(ledger.reserve('a', [hold(700)], limits));
  assert.equal(sums(ledger), '0+700 0+700');
  assert.equal(ledger.reserve('b', [hold(301)], limits).ok, false);
  assert.equal(ledger.settle(first, computed(150), { inputTokens: 10, outputTokens: 20, basis: 'reported' }), true);
  assert.equal(sums(ledger), '150+0 150+0');
  const retry = ledger.reserve('a', [hold(651)], limits);
  assert.deepEqual(retry, {
    ok: false,
    refusal: { window: 'run', limitNanoUsd: 800, spentNanoUsd: 150, heldNanoUsd: 0, askedNanoUsd: 651 },
  });
  admitted(ledger.reserve('a', [hold(650)], limits));
  admitted(ledger.reserve('b', [hold(200)], limits));
  assert.equal(sums(ledger), '150+850 150+850');
});

test('a hold is settled once, whoever asks', (t) => {
  const { ledger, open } = bench(t);
  const other = open();
  const holdId = admitted(ledger.reserve('a', [hold(700)], {}));
  assert.equal(other.settle(holdId, computed(5), undefined), true);
  assert.equal(ledger.settle(holdId, computed(600), undefined), false);
  assert.equal(other.settle(holdId, computed(600), undefined), false);
  assert.equal(ledger.settle('never reserved', computed(600), undefined), false);
  assert.equal(sums(ledger), '5+0 5+0');
});

test('what a settlement may be', async (t) => {
  const cases = [
    ['above what was reserved: recorded in full', computed(2000), '2000+0', computed(2000)],
    ['nothing', computed(0), '0+0', computed(0)],
    ['unknown: no figure', { basis: 'unknown' }, '0+0', { basis: 'unknown' }],
    ['billed', { nanoUsd: 7, basis: 'billed' }, '7+0', { nanoUsd: 7, basis: 'billed' }],
    ['a figure that is none keeps what was reserved', computed(Number.NaN), '700+0', { ...computed(700), basis: 'estimated' }],
    ['a negative figure frees nothing', computed(-5), '700+0', { ...computed(700), basis: 'estimated' }],
  ] as const;
  for (const [name, cost, expected, entry] of cases) {
    await t.test(name, (t) => {
      const { ledger } = bench(t);
      ledger.settle(admitted(ledger.reserve('a', [hold(700)], {})), cost, undefined);
      assert.equal(sums(ledger), `${expected} ${expected}`);
      assert.deepEqual(ledger.entries(1)[0]?.cost, entry);
    });
  }
  await t.test('never the price of the sample', (t) => {
    const { ledger } = bench(t);
    const holdId = admitted(ledger.reserve('a', [hold(700)], {}));
    assert.throws(
      () => ledger.settle(holdId, { nanoUsd: 5, basis: 'computed', priceSource: 'illustrative' }, undefined),
      RangeError,
    );
  });
});

test('entries are the settled runs and the unpriced ones, newest first, and survive closing', (t) => {
  const { ledger, clock, open } = bench(t);
  const usage = { inputTokens: 1, outputTokens: 2, basis: 'reported' } as const;
  ledger.settle(admitted(ledger.reserve('a', [hold(700, 'reasoning')], {})), { ...computed(5), assumedModel: 'older' }, usage);
  clock.wait(1000);
  ledger.noteUnpriced('b', 'fast', 'proxy', 'x', undefined);
  admitted(ledger.reserve('c', [hold(1)], {}));
  ledger.close();
  const [newest, oldest, ...rest] = open().entries(10);
  assert.deepEqual(rest, []);
  const { at, ...unpriced } = newest ?? {};
  assert.equal(at, new Date(clock.date()).toISOString());
  assert.deepEqual(unpriced, {
    day: '2026-11-15',
    comparisonId: 'b',
    lane: 'fast',
    endpoint: 'proxy',
    model: 'x',
    cost: { basis: 'unknown' },
  });
  assert.deepEqual(oldest?.cost, { ...computed(5), assumedModel: 'older' });
  assert.deepEqual(oldest?.usage, usage);
  assert.equal(open().spending().unknownThisMonth, 1);
  assert.equal(open().entries(0).length, 0);
});

test('the calendar is the person’s, and money belongs to the day it was reserved', (t) => {
  const { ledger, clock } = bench(t);
  clock.set(new Date(2026, 10, 30, 23, 59));
  const overMidnight = admitted(ledger.reserve('a', [hold(700)], { perDayNanoUsd: 700 }));
  clock.set(new Date(2026, 11, 1, 0, 1));
  assert.equal(sums(ledger), '0+0 0+0');
  ledger.settle(overMidnight, computed(600), undefined);
  const { day, month } = ledger.spending();
  assert.deepEqual([day, month], ['2026-12-01', '2026-12']);
  assert.equal(sums(ledger), '0+0 0+0');
  assert.equal(ledger.entries(1)[0]?.day, '2026-11-30');
  admitted(ledger.reserve('b', [hold(700)], { perDayNanoUsd: 700 }));
});

test('a clock that goes back does not open an earlier day', (t) => {
  const { ledger, clock, open } = bench(t);
  const limits = { perDayNanoUsd: 1000 };
  admitted(ledger.reserve('a', [hold(900)], limits));
  for (const earlier of [new Date(2026, 10, 14, 12), new Date(2025, 0, 1)]) {
    clock.set(earlier);
    assert.equal(ledger.spending().day, '2026-11-15');
    assert.equal(ledger.reserve('b', [hold(101)], limits).ok, false);
    assert.equal(open().reserve('b', [hold(101)], limits).ok, false);
  }
  clock.set(new Date(2026, 10, 16, 0, 0));
  const late = admitted(ledger.reserve('b', [hold(101)], limits));
  clock.set(new Date(2026, 10, 17, 0, 0));
  admitted(ledger.reserve('c', [hold(1)], limits));
  ledger.settle(late, computed(1), undefined); // belongs to the 16th, and does not bring it back
  clock.set(new Date(2026, 10, 16, 12, 0));
  assert.equal(ledger.spending().day, '2026-11-17');
});

test('a day is as long as its calendar says, and a change of zone neither opens one again nor skips its money', async (t) => {
  const zone = process.env.TZ;
  t.afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const limits = { perDayNanoUsd: 1000 };
  /** Each moment (UTC) with its zone: whether 600 more are admitted, and the day it is. */
  const cases: readonly (readonly [string, readonly (readonly [string, string, boolean, string])[]])[] = [
    [
      'a day of 23 hours',
      [
        ['Europe/Berlin', '2026-03-28T23:00:00Z', true, '2026-03-29'],
        ['Europe/Berlin', '2026-03-29T21:59:59Z', false, '2026-03-29'],
        ['Europe/Berlin', '2026-03-29T22:00:00Z', true, '2026-03-30'],
      ],
    ],
    [
      'a day of 25 hours',
      [
        ['Europe/Berlin', '2026-10-24T22:00:00Z', true, '2026-10-25'],
        ['Europe/Berlin', '2026-10-25T00:30:00Z', false, '2026-10-25'],
        ['Europe/Berlin', '2026-10-25T01:30:00Z', false, '2026-10-25'],
        ['Europe/Berlin', '2026-10-25T22:59:59Z', false, '2026-10-25'],
        ['Europe/Berlin', '2026-10-25T23:00:00Z', true, '2026-10-26'],
      ],
    ],
    [
      'a flight to the west, back into yesterday',
      [
        ['Asia/Tokyo', '2026-11-15T16:00:00Z', true, '2026-11-16'],
        ['America/Los_Angeles', '2026-11-15T20:00:00Z', false, '2026-11-16'],
        ['America/Los_Angeles', '2026-11-16T20:00:00Z', false, '2026-11-16'],
        ['America/Los_Angeles', '2026-11-17T08:00:00Z', true, '2026-11-17'],
      ],
    ],
    [
      'a flight to the east, into tomorrow, and back',
      [
        ['America/Los_Angeles', '2026-11-15T20:00:00Z', true, '2026-11-15'],
        ['Asia/Tokyo', '2026-11-15T20:01:00Z', true, '2026-11-16'],
        ['America/Los_Angeles', '2026-11-15T20:02:00Z', false, '2026-11-16'],
      ],
    ],
  ];
  for (const [name, moments] of cases) {
    await t.test(name, (t) => {
      process.env.TZ = moments[0]?.[0];
      const { ledger, clock } = bench(t);
      for (const [i, [place, at, isAdmitted, day]] of moments.entries()) {
        process.env.TZ = place;
        clock.set(new Date(at));
        assert.equal(ledger.reserve(`run ${i}`, [hold(600)], limits).ok, isAdmitted, `${at} in ${place}`);
        assert.equal(ledger.spending().day, day, `${at} in ${place}`);
      }
    });
  }
});

test('holds of dead owners are settled conservatively, neither stuck nor free', async (t) => {
  const alive = new Set([1, 2]);
  const setUp = (t: TestContext) => {
    const { ledger, clock, open } = bench(t, { owner: { pid: 1, startedAt: 'boot:7' }, isAlive: ({ pid }) => alive.has(pid) });
    return { ledger, clock, other: open({ owner: { pid: 2 } }) };
  };
  t.afterEach(() => alive.add(1));
  /** Reserves 100,000, lets the owner run with those meter readings (every 5 s), then waits; says what another window settles. */
  const settledAfter = (t: TestContext, readings: readonly number[], silentMs: number, isDead: boolean): string => {
    const { ledger, clock, other } = setUp(t);
    const holdId = admitted(ledger.reserve('a', [hold(100_000)], {}));
    for (const reading of readings) {
      clock.wait(5000);
      ledger.beat(holdId, reading);
    }
    if (isDead) alive.delete(1);
    clock.wait(silentMs);
    const settled = other.settleOrphans();
    if (settled.length === 0) return 'left alone';
    assert.deepEqual(other.settleOrphans(), []);
    assert.equal(ledger.settle(holdId, computed(1), undefined), false);
    assert.equal(settled.length, 1);
    assert.deepEqual([settled[0]?.holdId, settled[0]?.comparisonId, settled[0]?.lane], [holdId, 'a', 'fast']);
    const { nanoUsd, basis } = settled[0]?.cost ?? {};
    assert.equal(sums(ledger), `${nanoUsd}+0 ${nanoUsd}+0`);
    return `${nanoUsd} ${basis}`;
  };
  const cases: readonly (readonly [string, readonly number[], number, boolean, string])[] = [
    ['alive and silent for a while', [10], 14 * 60_000, false, 'left alone'],
    ['alive and silent for long', [], 16 * 60_000, false, '100000 estimated'],
    ['dead a moment ago', [10], 29_000, true, 'left alone'],
    ['dead, never metered: in full', [], 31_000, true, '100000 estimated'],
    ['dead after 5 s: the meter, its margin, and 30 s more at its pace', [1000], 31_000, true, '7350 estimated'],
    ['dead after 50 s', [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000], 31_000, true, '1950 estimated'],
    ['never more than was reserved', [90_000], 31_000, true, '100000 estimated'],
    ['the clock went back a year', [10], -365 * 86_400_000, true, '74 estimated'],
    ['the clock went back, alive', [10], -365 * 86_400_000, false, 'left alone'],
  ];
  for (const [name, readings, silentMs, isDead, expected] of cases) {
    await t.test(name, (t) => assert.equal(settledAfter(t, readings, silentMs, isDead), expected));
  }
});

test('heartbeats are written every two seconds at most', (t) => {
  const { ledger, clock, file } = bench(t);
  const holdId = admitted(ledger.reserve('a', [hold(100)], {}));
  const written = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const meter = db.prepare('SELECT meterNanoUsd FROM heartbeat').get()?.meterNanoUsd;
    db.close();
    return meter;
  };
  const seen = [1, 2, 3, 4, 5, 6].map((meter) => {
    ledger.beat(holdId, meter);
    clock.wait(500);
    return written();
  });
  assert.deepEqual(seen, [1, 1, 1, 1, 5, 5]);
  ledger.beat('unknown', 5);
});

test('rows can be added, never changed or removed', (t) => {
  const { ledger, file } = bench(t);
  admitted(ledger.reserve('a', [hold(100)], {}));
  ledger.close();
  const db = new DatabaseSync(file);
  for (const statement of [
    'UPDATE entry SET nanoUsd = 0',
    'DELETE FROM entry',
    'INSERT INTO entry SELECT 7, kind, holdId || 1, comparisonId, lane, endpoint, model, at, offsetMinutes, day, month, nanoUsd, basis, priceSource, priceAsOf, assumedModel, usage, note, previous, hash FROM entry',
    "INSERT INTO entry SELECT 2, 'settle', 'nobody', comparisonId, lane, endpoint, model, at, offsetMinutes, day, month, nanoUsd, basis, priceSource, priceAsOf, assumedModel, usage, note, previous, hash FROM entry",
  ]) {
    assert.throws(() => db.exec(statement), /rows are|nothing to settle/);
  }
  db.close();
});

test('property: the ledger agrees with a naive model', (t) => {
  const limits: Limits = { perRunNanoUsd: 500, perDayNanoUsd: 1200, perMonthNanoUsd: 2500 };
  const step = fc.oneof(
    fc.record({
      do: fc.constant('reserve' as const),
      run: fc.integer({ min: 0, max: 3 }),
      amounts: fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 3 }),
    }),
    fc.record({ do: fc.constant('settle' as const), pick: fc.nat(20), amount: fc.integer({ min: 0, max: 450 }) }),
    fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: -30, max: 60 }) }),
    fc.record({ do: fc.constant('reopen' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const clock = testClock();
      const file = path.join(temporaryDirectory(t), 'ledger.sqlite');
      let ledger = openLedger({ path: file, clock });
      const holds: { id: string; run: string; day: string; amount: number; settled: number | undefined }[] = [];
      let day = '';
      const total = (of: (row: (typeof holds)[number]) => boolean) =>
        holds.filter(of).reduce((sum, row) => sum + (row.settled ?? row.amount), 0);
      for (const action of steps) {
        if (action.do === 'wait') clock.set(new Date(clock.date().getTime() + action.hours * 3_600_000));
        const today = `${clock.date().getFullYear()}-${String(clock.date().getMonth() + 1).padStart(2, '0')}-${String(clock.date().getDate()).padStart(2, '0')}`;
        const now = today > day ? today : day;
        if (action.do === 'reopen') {
          ledger.close();
          ledger = openLedger({ path: file, clock });
        }
        if (action.do === 'reserve') {
          const run = `run ${action.run}`;
          const asked = action.amounts.reduce((sum, amount) => sum + amount, 0);
          const fits =
            asked === 0 ||
            (total((row) => row.run === run) + asked <= 500 &&
              total((row) => row.day === now) + asked <= 1200 &&
              total((row) => row.day.slice(0, 7) === now.slice(0, 7)) + asked <= 2500);
          const result = ledger.reserve(
            run,
            action.amounts.map((amount) => hold(amount)),
            limits,
          );
          assert.equal(result.ok, fits);
          if (result.ok) {
            for (const [i, id] of result.holdIds.entries())
              holds.push({ id, run, day: now, amount: action.amounts[i] ?? -1, settled: undefined });
            if (action.amounts.length > 0) day = now;
          }
        }
        const picked = action.do === 'settle' && holds.length > 0 ? holds[action.pick % holds.length] : undefined;
        if (action.do === 'settle' && picked) {
          assert.equal(ledger.settle(picked.id, computed(action.amount), undefined), picked.settled === undefined);
          picked.settled ??= action.amount;
        }
        const { todayNanoUsd, heldTodayNanoUsd, monthNanoUsd, heldMonthNanoUsd } = ledger.spending();
        assert.equal(
          todayNanoUsd + heldTodayNanoUsd,
          total((row) => row.day === now),
        );
        assert.equal(
          monthNanoUsd + heldMonthNanoUsd,
          total((row) => row.day.slice(0, 7) === now.slice(0, 7)),
        );
        assert.equal(
          heldMonthNanoUsd,
          total((row) => row.settled === undefined && row.day.slice(0, 7) === now.slice(0, 7)),
        );
      }
      ledger.close();
    }),
    { seed: 20261122, numRuns: 40 },
  );
});

test('a host without SQLite is told so', (t) => {
  const probe = t.mock.method(process, 'getBuiltinModule', () => undefined);
  assert.throws(
    () => openLedger({ path: path.join(temporaryDirectory(t), 'l.sqlite'), clock: testClock() }),
    (error) => {
      assert.ok(error instanceof LedgerUnavailable);
      assert.match(error.message, /needs SQLite.*update VS Code, or use Node/);
      return true;
    },
  );
  probe.mock.restore();
});

test('a ledger that cannot be used says where it is and what to do', async (t) => {
  const refuses = (open: () => unknown, pattern: RegExp, file: string): void =>
    assert.throws(open, (error) => {
      assert.ok(error instanceof LedgerUnavailable, String(error));
      assert.ok(error.message.includes(file), error.message);
      assert.match(error.message, pattern);
      return true;
    });
  await t.test('in use for too long', (t) => {
    const { ledger, file, open } = bench(t, { busyTimeoutMs: 20 });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    refuses(() => open(), /in use by another window.*try again/, file);
    assert.throws(() => ledger.reserve('a', [hold(1)], {}), /in use by another window/);
    assert.equal(sums(ledger), '0+0 0+0');
    other.exec('ROLLBACK');
    other.close();
    admitted(ledger.reserve('a', [hold(1)], {}));
  });
  await t.test('a heartbeat missed because of another writer is no failure', (t) => {
    const { ledger, file } = bench(t, { busyTimeoutMs: 20 });
    const holdId = admitted(ledger.reserve('a', [hold(1)], {}));
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    ledger.beat(holdId, 1);
    other.close();
  });
  await t.test('written by a newer version', (t) => {
    const { ledger, file, open } = bench(t);
    ledger.close();
    const other = new DatabaseSync(file);
    other.exec("PRAGMA user_version = 2; UPDATE meta SET value = '2' WHERE key = 'schema'");
    other.close();
    refuses(() => open(), /newer version.*update Second Thought/, file);
  });
  await t.test('another database', (t) => {
    const { clock, file } = bench(t);
    const foreign = path.join(path.dirname(file), 'other.sqlite');
    const other = new DatabaseSync(foreign);
    other.exec('CREATE TABLE t (a)');
    other.close();
    refuses(() => openLedger({ path: foreign, clock }), /not a spending ledger/, foreign);
  });
  await t.test('a directory in its place', (t) => {
    const { clock, file } = bench(t);
    refuses(() => openLedger({ path: path.dirname(file), clock }), /cannot be opened for writing/, path.dirname(file));
  });
  await t.test('a file where its directory should be', (t) => {
    const { clock, file } = bench(t);
    const inside = path.join(file, 'ledger.sqlite');
    refuses(() => openLedger({ path: inside, clock }), /cannot be opened for writing/, inside);
  });
  await t.test('not writable, by the mark in its header', (t) => {
    const { ledger, file, open } = bench(t);
    ledger.close();
    const bytes = fs.readFileSync(file);
    bytes[18] = 3; // the "file format write version": above 2, a reader must not write (sqlite.org/fileformat.html)
    fs.writeFileSync(file, bytes);
    refuses(() => open(), /is damaged \(attempt to write a readonly database\).*set it aside/, file);
  });
  await t.test('closed', (t) => {
    const { ledger } = bench(t);
    ledger.close();
    ledger.close();
    assert.throws(() => ledger.spending(), /ledger is closed/);
  });
  for (const [name, harm] of [
    ['removed while in use', (file: string) => fs.rmSync(file)],
    ['replaced while in use', (file: string) => fs.renameSync(`${file}.copy`, file)],
  ] as const) {
    await t.test(name, (t) => {
      const { ledger, file } = bench(t);
      fs.copyFileSync(file, `${file}.copy`);
      harm(file);
      refuses(() => ledger.spending(), /removed or replaced/, file);
      assert.throws(() => ledger.reserve('a', [hold(1)], {}), /removed or replaced/);
    });
  }
  await t.test('an older copy put in place while in use', (t) => {
    const { ledger, file } = bench(t);
    const older = fs.readFileSync(file);
    admitted(ledger.reserve('a', [hold(1)], {}));
    fs.writeFileSync(file, older);
    refuses(() => ledger.spending(), /last rows are missing/, file);
  });
  await t.test('gone or emptied since it was last used, until its mark is removed too', (t) => {
    const { ledger, file, open } = bench(t);
    admitted(ledger.reserve('a', [hold(1)], {}));
    ledger.close();
    for (const harm of [() => fs.truncateSync(file), () => fs.rmSync(file)]) {
      harm();
      refuses(() => open(), /was in use since 2026-11-15.*set it aside/, file);
    }
    fs.rmSync(file, { force: true });
    fs.rmSync(`${file}.since`);
    assert.equal(sums(open()), '0+0 0+0');
  });
});
