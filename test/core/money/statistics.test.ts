/** What the ledger's rows say: sums that agree with the ledger to the last unit, and words that claim no more than the rows do. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Ledger, LedgerEntry, Limits, Spending } from '../../../src/core/contracts.ts';
import { openLedger } from '../../../src/core/money/ledger.ts';
import { type SpendingRow, spendingRows } from '../../../src/core/money/spendingRows.ts';
import { averageNanoUsd, firstDayNeeded, type Statistics, statisticsOf } from '../../../src/core/money/statistics.ts';
import type { CostBasis } from '../../../src/shared/money.ts';
import { admitted, hold, temporaryDirectory, testClock } from './ledgerKit.ts';

/** Noon of the tenth of a month of thirty days: nine days and a half are over. */
const NOW = new Date(2026, 10, 10, 12);
const CENT = 10_000_000;

const SPENDING: Spending = {
  day: '2026-11-10',
  month: '2026-11',
  todayNanoUsd: 0,
  heldTodayNanoUsd: 0,
  monthNanoUsd: 0,
  heldMonthNanoUsd: 0,
  unknownThisMonth: 0,
  endpoints: {},
};

let calls = 0;
/** A settled call; `undefined` cents: unknown. */
function entry(cents: number | undefined, change: Partial<LedgerEntry> = {}, basis: CostBasis = 'computed'): LedgerEntry {
  return {
    callId: `call ${calls++}`,
    at: '2026-11-10T11:00:00.000Z',
    day: '2026-11-10',
    comparisonId: 'c',
    lane: 'fast',
    endpoint: 'mine',
    model: 'm',
    cost: cents === undefined ? { basis: 'unknown' } : { nanoUsd: cents * CENT, basis },
    ...change,
  };
}
const fast = (cents: number, day = '2026-11-10') => entry(cents, { day });
const reasoning = (cents: number, day = '2026-11-10') => entry(cents, { day, lane: 'reasoning', model: 'deep' });
const of = (entries: readonly LedgerEntry[], spending = SPENDING, date = NOW) => statisticsOf(entries, spending, date);

/** `exact+estimated paid/unknown`, in cents. */
const told = ({ exactNanoUsd, estimatedNanoUsd, paidCalls, unknownCalls }: Statistics['today']): string =>
  `${exactNanoUsd / CENT}+${estimatedNanoUsd / CENT} ${paidCalls}/${unknownCalls}`;

test('exact, estimated and unknown are kept apart, in each period', async (t) => {
  const cases: readonly (readonly [string, readonly LedgerEntry[], readonly [today: string, month: string, last30: string]])[] = [
    ['nothing', [], ['0+0 0/0', '0+0 0/0', '0+0 0/0']],
    ['exact', [fast(3), reasoning(4)], ['7+0 2/0', '7+0 2/0', '7+0 2/0']],
    ['billed is exact', [entry(3, {}, 'billed')], ['3+0 1/0', '3+0 1/0', '3+0 1/0']],
    ['estimated', [entry(3, {}, 'estimated'), fast(1)], ['1+3 2/0', '1+3 2/0', '1+3 2/0']],
    ['unknown is a call and no money', [entry(undefined), fast(1)], ['1+0 1/1', '1+0 1/1', '1+0 1/1']],
    ['a call refused before any work is none', [fast(0)], ['0+0 0/0', '0+0 0/0', '0+0 0/0']],
    ['a free one is none', [entry(0, {}, 'local')], ['0+0 0/0', '0+0 0/0', '0+0 0/0']],
    ['the first of the month', [fast(2, '2026-11-01')], ['0+0 0/0', '2+0 1/0', '2+0 1/0']],
    ['the last of the month before', [fast(2, '2026-10-31')], ['0+0 0/0', '0+0 0/0', '2+0 1/0']],
    ['29 days before', [fast(2, '2026-10-12')], ['0+0 0/0', '0+0 0/0', '2+0 1/0']],
    ['30 days before', [fast(2, '2026-10-11')], ['0+0 0/0', '0+0 0/0', '0+0 0/0']],
    ['the same month of another year', [fast(2, '2025-11-10')], ['0+0 0/0', '0+0 0/0', '0+0 0/0']],
    [
      'an estimate that was made right is exact, and one call',
      [entry(-3, { callId: 'a', isCorrection: true }), entry(10, { callId: 'a' }, 'estimated')],
      ['7+0 1/0', '7+0 1/0', '7+0 1/0'],
    ],
    [
      'an estimate of something that came to nothing is no call',
      [entry(10, { callId: 'b' }, 'estimated'), entry(-10, { callId: 'b', isCorrection: true })],
      ['0+0 0/0', '0+0 0/0', '0+0 0/0'],
    ],
    [
      'a correction of what is not there is money all the same',
      [entry(-3, { isCorrection: true })],
      ['-3+0 0/0', '-3+0 0/0', '-3+0 0/0'],
    ],
  ];
  for (const [name, entries, expected] of cases) {
    await t.test(name, () => {
      const { today, month, last30Days } = of(entries);
      assert.deepEqual([told(today), told(month), told(last30Days)], expected);
    });
  }
});

test('the first day that is needed', () => {
  const first = (day: string) => firstDayNeeded({ day, month: day.slice(0, 7) });
  assert.deepEqual(['2026-11-10', '2026-11-30', '2026-12-31', '2026-03-01', '2024-03-01'].map(first), [
    '2026-10-12',
    '2026-11-01',
    '2026-12-01',
    '2026-01-31',
    '2024-02-01',
  ]);
});

test('by model and by role: answers, money, average and share', () => {
  const { byModel, byRole } = of([
    fast(1),
    fast(2),
    reasoning(9),
    entry(undefined, { model: 'new' }),
    entry(5, { lane: 'carried over', model: 'unknown', isCarriedOver: true }, 'estimated'),
    fast(100, '2026-10-31'),
  ]);
  const line = (name: string, tally: (typeof byModel)[number] | (typeof byRole)[number]) =>
    `${name} ${told(tally)} ${averageNanoUsd(tally)} ${tally.share}`;
  assert.deepEqual(
    byModel.map((tally) => line(tally.model, tally)),
    [
      `mine:deep 9+0 1/0 90000000 ${9 / 17}`,
      `mine:unknown 0+5 0/0 undefined ${5 / 17}`,
      `mine:m 3+0 2/0 15000000 ${3 / 17}`,
      'mine:new 0+0 0/1 undefined 0',
    ],
  );
  assert.deepEqual(
    byRole.map((tally) => line(tally.lane, tally)),
    [`fast 3+0 2/1 15000000 ${3 / 17}`, `reasoning 9+0 1/0 90000000 ${9 / 17}`, `carried over 0+5 0/0 undefined ${5 / 17}`],
  );
  assert.equal(of([entry(undefined)]).byModel[0]?.share, undefined);
});

test('what reasoning costs against fast, in words that say from how many', async (t) => {
  const name = 'Reasoning against fast';
  const times = (count: number, make: () => LedgerEntry) => Array.from({ length: count }, make);
  const cases: readonly (readonly [string, readonly LedgerEntry[], string])[] = [
    ['nothing', [], `${name}: not known yet (no paid call of either this month)`],
    ['no fast', times(3, () => reasoning(1)), `${name}: not known yet (no paid call of fast this month)`],
    ['no reasoning', times(3, () => fast(1)), `${name}: not known yet (no paid call of reasoning this month)`],
    [
      'free fast',
      [...times(3, () => entry(0, {}, 'local')), ...times(3, () => reasoning(1))],
      `${name}: not known yet (no paid call of fast this month)`,
    ],
    [
      'few',
      [fast(1), ...times(5, () => reasoning(14))],
      `${name}: too few to say (14x dearer per paid call so far, from 5 and 1 this month)`,
    ],
    [
      'enough',
      [...times(3, () => fast(1)), ...times(4, () => reasoning(23))],
      'Reasoning: 23x dearer (against fast, per paid call, from 4 and 3 this month)',
    ],
    [
      'an average by call, not by sum',
      [...times(4, () => fast(1)), ...times(3, () => reasoning(2))],
      'Reasoning: 2.0x dearer (against fast, per paid call, from 3 and 4 this month)',
    ],
    [
      'the same',
      [...times(3, () => fast(2)), ...times(3, () => reasoning(2))],
      'Reasoning: equally dear (against fast, per paid call, from 3 and 3 this month)',
    ],
    [
      'with an estimate',
      [...times(3, () => fast(2)), ...times(3, () => entry(1, { lane: 'reasoning' }, 'estimated'))],
      'Reasoning: ~2.0x cheaper (against fast, per paid call, from 3 and 3 this month)',
    ],
    [
      'what cost nothing or nobody knows is in no average',
      [...times(3, () => fast(1)), fast(0), ...times(3, () => reasoning(5)), entry(undefined, { lane: 'reasoning' })],
      'Reasoning: 5.0x dearer (against fast, per paid call, from 3 and 3 this month)',
    ],
    [
      'last month does not count',
      [...times(3, () => fast(1)), ...times(3, () => reasoning(5)), reasoning(999, '2026-10-31')],
      'Reasoning: 5.0x dearer (against fast, per paid call, from 3 and 3 this month)',
    ],
  ];
  for (const [label, entries, expected] of cases) {
    await t.test(label, () => assert.equal(line(rowOf(entries, 'multiplier')), expected));
  }
});

test('where the month leads', async (t) => {
  const two = [fast(100, '2026-11-03'), fast(90, '2026-11-10')];
  const early = 'At this rate: too early to say (it takes 2 days with paid calls this month)';
  const cases: readonly (readonly [string, readonly LedgerEntry[], string, Date?])[] = [
    ['nothing', [], early],
    ['one day', [fast(1), fast(2)], early],
    ['a second day without money', [fast(1), fast(0, '2026-11-02')], early],
    ['a second day in the month before', [fast(1), fast(5, '2026-10-31')], early],
    ['two days, at noon', two, 'At this rate: about $6.00 (this month, of which 9 of 30 days are over)'],
    [
      'the same at midnight',
      two,
      'At this rate: about $6.30 (this month, of which 9 of 30 days are over)',
      new Date(2026, 10, 10, 0),
    ],
    [
      'a clock that was put back counts all of the day',
      two,
      'At this rate: about $5.70 (this month, of which 10 of 30 days are over)',
      new Date(2026, 10, 8, 12),
    ],
    [
      'unknown is not in it',
      [...two, entry(undefined)],
      'At this rate: about $6.00 (this month, of which 9 of 30 days are over)',
    ],
    [
      'much',
      [fast(100_000, '2026-11-03'), fast(90_000)],
      'At this rate: about $6,000 (this month, of which 9 of 30 days are over)',
    ],
    ['little', [fast(1, '2026-11-03'), fast(1)], 'At this rate: about $0.0630 (this month, of which 9 of 30 days are over)'],
  ];
  for (const [label, entries, expected, date] of cases) {
    await t.test(label, () => assert.equal(line(rowOf(entries, 'projection', {}, SPENDING, date)), expected));
  }
});

test('a period says what was spent, of what, what is left, held and unknown', async (t) => {
  const held = { ...SPENDING, heldTodayNanoUsd: 31 * CENT };
  const cases: readonly (readonly [string, readonly LedgerEntry[], Limits, Spending, string, readonly string[]])[] = [
    ['nothing, no limit', [], {}, SPENDING, 'Today: $0 (no limit)', []],
    ['nothing of a limit', [], { perDayNanoUsd: 500 * CENT }, SPENDING, 'Today: $0 of $5.00 ($5.00 left)', []],
    ['exact', [fast(42)], { perDayNanoUsd: 500 * CENT }, SPENDING, 'Today: $0.4200 of $5.00 ($4.58 left)', ['Exact: $0.4200']],
    [
      'all of it',
      [fast(40), entry(2, {}, 'estimated'), entry(undefined)],
      { perDayNanoUsd: 500 * CENT },
      held,
      'Today: ~$0.4200 of $5.00 ($4.27 left, $0.3100 held, 1 call of unknown cost)',
      ['Exact: $0.4000', 'Estimated: ~$0.0200', 'Held: $0.3100', 'Unknown: 1 call'],
    ],
    [
      'little left',
      [fast(40)],
      { perDayNanoUsd: 75 * CENT },
      held,
      'Today: $0.4000 of $0.7500 (only $0.0400 left, $0.3100 held)',
      ['Exact: $0.4000', 'Held: $0.3100'],
    ],
    ['over', [fast(40)], { perDayNanoUsd: 30 * CENT }, SPENDING, 'Today: $0.4000 of $0.3000 (nothing left)', ['Exact: $0.4000']],
    [
      'a limit of one endpoint',
      [fast(40)],
      {
        perEndpoint: {
          mine: { perDayNanoUsd: 100 * CENT },
          other: { perDayNanoUsd: 100 * CENT },
          monthly: { perMonthNanoUsd: 1 },
        },
      },
      {
        ...SPENDING,
        endpoints: {
          mine: {
            todayNanoUsd: 40 * CENT,
            heldTodayNanoUsd: 10 * CENT,
            monthNanoUsd: 0,
            heldMonthNanoUsd: 0,
          },
        },
      },
      'Today: $0.4000 (no limit)',
      ['Exact: $0.4000', 'mine: $0.4000 of $1.00 ($0.5000 left, $0.1000 held)', 'other: $0 of $1.00 ($1.00 left)'],
    ],
  ];
  for (const [label, entries, limits, spending, expected, children] of cases) {
    await t.test(label, () => {
      const row = rowOf(entries, 'day', limits, { ...spending, todayNanoUsd: of(entries).today.settledNanoUsd });
      assert.equal(line(row), expected);
      assert.deepEqual((row.children ?? []).map(line), children);
      // What the sign says is said in words too.
      assert.equal(row.kind === 'short', /only|nothing left/.test(row.description ?? ''));
    });
  }
});

test('the groups: models, roles, and the latest calls with their comparison', () => {
  const entries = [
    entry(-3, { callId: 'x', isCorrection: true, comparisonId: 'third' }),
    entry(10, { callId: 'x', comparisonId: 'third' }, 'estimated'),
    entry(undefined, { model: 'new', lane: 'reasoning', comparisonId: 'second' }),
    fast(1),
  ];
  const children = (id: string) => rowOf(entries, id).children ?? [];
  assert.deepEqual(children('models').map(line), [
    'mine:m: $0.0800 (100 %, 2 paid calls, $0.0400 each)',
    'mine:new: unknown (1 call of unknown cost)',
  ]);
  assert.deepEqual(children('roles').map(line), [
    'Fast: $0.0800 (100 %, 2 paid calls, $0.0400 each)',
    'Reasoning: unknown (1 call of unknown cost)',
  ]);
  assert.deepEqual(children('recent').map(line), [
    'mine:m: -$0.0300 (Fast, 2026-11-10, correction of an estimate)',
    'mine:m: ~$0.1000 (Fast, 2026-11-10)',
    'mine:new: unknown (Reasoning, 2026-11-10)',
    'mine:m: $0.0100 (Fast, 2026-11-10)',
  ]);
  assert.deepEqual(
    children('recent').map((row) => row.comparisonId),
    ['third', 'third', 'second', 'c'],
  );
  assert.equal(line(rowOf([], 'nothing')), 'No paid run yet (the sample costs nothing and is not counted)');
});

test('each row has an id of its own', () => {
  const entries = [fast(1), reasoning(2), entry(undefined), entry(1, {}, 'estimated'), fast(1, '2026-11-02')];
  const ids = allRows(rowsOf(entries, { perDayNanoUsd: 1 })).map((row) => row.id);
  assert.equal(new Set(ids).size, ids.length);
});

test('every sum is the sum that the ledger itself tells, whatever was settled, left, corrected or unpriced', (t) => {
  const amount = fc.integer({ min: 0, max: 2 ** 40 });
  const step = fc.oneof(
    fc.record({
      do: fc.constant('settle' as const),
      lane: fc.constantFrom('fast', 'reasoning'),
      amount,
      basis: fc.constantFrom('computed', 'billed', 'estimated', 'local', 'unknown'),
    }),
    fc.record({
      do: fc.constant('orphan' as const),
      lane: fc.constantFrom('fast', 'reasoning'),
      amount,
      late: fc.option(amount),
    }),
    fc.record({ do: fc.constant('unpriced' as const), lane: fc.constantFrom('fast', 'reasoning') }),
    fc.record({ do: fc.constant('hold' as const), amount }),
    fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 20 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const opened: Ledger[] = [];
      try {
        const clock = testClock(new Date(2026, 9, 20, 12));
        const file = path.join(temporaryDirectory(t), 'ledger.sqlite');
        const ledger = openLedger({ path: file, clock });
        opened.push(ledger);
        const died = openLedger({ path: file, clock, owner: { pid: 999_999_999, startedAt: 'long ago' } });
        opened.push(died);
        for (const [at, one] of steps.entries()) {
          if (one.do === 'settle') {
            const holdId = admitted(ledger.reserve(`c${at}`, [hold(one.amount, one.lane)], {}));
            const basis: CostBasis = one.basis;
            ledger.settle(holdId, basis === 'unknown' ? { basis } : { nanoUsd: one.amount, basis }, undefined);
          } else if (one.do === 'orphan') {
            const holdId = admitted(died.reserve(`c${at}`, [hold(one.amount, one.lane)], {}));
            clock.wait(60 * 60_000);
            ledger.settleOrphans();
            if (one.late !== null)
              died.settle(holdId, { nanoUsd: one.late, basis: 'computed' }, { basis: 'reported', inputTokens: 1 });
          } else if (one.do === 'unpriced') ledger.noteUnpriced(`c${at}`, one.lane, 'mine', 'new', undefined);
          else if (one.do === 'hold') admitted(ledger.reserve(`c${at}`, [hold(one.amount)], {}));
          else clock.wait(one.days * 24 * 60 * 60_000);
        }
        const spending = ledger.spending();
        const statistics = statisticsOf(ledger.entriesSince(firstDayNeeded(spending)), spending, clock.date());
        const { today, month, byModel, byRole } = statistics;
        assert.equal(today.settledNanoUsd, spending.todayNanoUsd);
        assert.equal(month.settledNanoUsd, spending.monthNanoUsd);
        assert.equal(month.unknownCalls, spending.unknownThisMonth);
        for (const parts of [byModel, byRole]) {
          assert.equal(
            parts.reduce((sum, part) => sum + part.settledNanoUsd, 0),
            spending.monthNanoUsd,
          );
          assert.equal(
            parts.reduce((sum, part) => sum + part.unknownCalls, 0),
            spending.unknownThisMonth,
          );
        }
        for (const tally of [today, month, statistics.last30Days]) {
          assert.equal(tally.exactNanoUsd + tally.estimatedNanoUsd, tally.settledNanoUsd);
          assert.ok(tally.exactNanoUsd >= 0 && tally.estimatedNanoUsd >= 0);
        }
      } finally {
        for (const ledger of opened) ledger.close();
      }
    }),
    { numRuns: 40 },
  );
});

function rowsOf(entries: readonly LedgerEntry[], limits: Limits = {}, spending = SPENDING, date = NOW): readonly SpendingRow[] {
  return spendingRows({ statistics: of(entries, spending, date), spending, limits, warnAtShare: 0.5, recent: entries });
}

function rowOf(...[entries, id, ...rest]: [readonly LedgerEntry[], string, Limits?, Spending?, Date?]): SpendingRow {
  const row = rowsOf(entries, ...rest).find((candidate) => candidate.id === id);
  assert.ok(row, id);
  return row;
}

const allRows = (rows: readonly SpendingRow[]): readonly SpendingRow[] =>
  rows.flatMap((row) => [row, ...allRows(row.children ?? [])]);

const line = ({ label, description }: SpendingRow): string => (description === undefined ? label : `${label} (${description})`);
