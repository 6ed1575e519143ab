/** The limits as a list, when to warn, what raising one says, and how an amount is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits, Spending } from '../../../src/core/contracts.ts';
import {
  type LimitName,
  limitSetting,
  limitStates,
  limitWarnings,
  parseLimit,
  raiseOf,
  withEndpointLimit,
} from '../../../src/core/money/limits.ts';
import { parseSettings } from '../../../src/core/settings.ts';

const USD = 1e9;
const figures = (todayUsd: number, monthUsd: number, heldUsd = 0) => ({
  todayNanoUsd: todayUsd * USD,
  heldTodayNanoUsd: heldUsd * USD,
  monthNanoUsd: monthUsd * USD,
  heldMonthNanoUsd: heldUsd * USD,
});
const SPENDING: Spending = {
  ...figures(4, 30, 0.5),
  day: '2026-11-22',
  month: '2026-11',
  unknownThisMonth: 0,
  endpoints: { openai: figures(3, 20) },
};
const LIMITS: Limits = {
  perRunNanoUsd: USD,
  perDayNanoUsd: 5 * USD,
  perMonthNanoUsd: 50 * USD,
  perEndpoint: { openai: { perDayNanoUsd: 3 * USD } },
};

test('when to warn, and in what words', async (t) => {
  const day = '80 % of today’s $5.00 is spent.';
  const openai = '100 % of today’s $3.00 at openai is spent.';
  const cases: readonly (readonly [string, Limits, Partial<Spending>, number | undefined, readonly string[]])[] = [
    ['at the share', LIMITS, {}, 0.8, [day, openai]],
    ['just below it', LIMITS, { todayNanoUsd: 4 * USD - 1 }, 0.8, [openai]],
    ['what is reserved does not count', LIMITS, { todayNanoUsd: 3 * USD, heldTodayNanoUsd: 2 * USD }, 0.8, [openai]],
    ['at another share', LIMITS, {}, 0.6, [day, '60 % of this month’s $50.00 is spent.', openai]],
    ['more than all of it', { perDayNanoUsd: 3 * USD }, {}, 1, ['133 % of today’s $3.00 is spent.']],
    ['never', LIMITS, {}, undefined, []],
    ['no limit', {}, {}, 0.01, []],
    ['a limit of nothing', { perDayNanoUsd: 0 }, {}, 0.8, []],
    ['an endpoint without spending', { perEndpoint: { other: { perDayNanoUsd: 1 } } }, {}, 0.8, []],
    ['never for one comparison', { perRunNanoUsd: 1 }, {}, 0.01, []],
  ];
  for (const [name, limits, more, share, expected] of cases) {
    await t.test(name, () =>
      assert.deepEqual(
        limitWarnings(limits, { ...SPENDING, ...more }, share).map(({ sentence }) => sentence),
        expected,
      ),
    );
  }
});

test('a warning is the same until the day, the month, or the limit is another', () => {
  const keys = (limits: Limits, more: Partial<Spending> = {}) =>
    limitWarnings(limits, { ...SPENDING, ...more }, 0.5).map(({ key }) => key);
  assert.deepEqual(keys(LIMITS), keys(LIMITS, { todayNanoUsd: 4.9 * USD }));
  assert.equal(new Set(keys(LIMITS)).size, 3);
  const [day] = keys(LIMITS);
  assert.notEqual(keys(LIMITS, { day: '2026-11-23' })[0], day);
  assert.notEqual(keys({ ...LIMITS, perDayNanoUsd: 6 * USD })[0], day);
});

test('a changed setting is in force for the next warning', () => {
  const warns = (raw: unknown) => {
    const { limits, warnAtShare } = parseSettings(raw).settings;
    return limitWarnings(limits, SPENDING, warnAtShare).length;
  };
  assert.deepEqual([warns({}), warns({ 'budget.warnAtShare': 0.9 }), warns({ 'budget.perDayUsd': 100 })], [1, 0, 0]);
});

test('raising or removing a limit is agreed to with its figures; lowering and setting one is not', async (t) => {
  const states = limitStates(LIMITS, SPENDING, ['other']);
  const cases: readonly (readonly [string, LimitName, number | undefined, RegExp | undefined])[] = [
    ['lowered', { window: 'day' }, 1, undefined],
    ['the same', { window: 'day' }, 5, undefined],
    ['set where there was none', { window: 'month', endpoint: 'openai' }, 5, undefined],
    [
      'raised',
      { window: 'day' },
      10,
      /^Raise the limit for a day from \$5\.00 to \$10\.00\? \$4\.00 is spent, \$0\.5000 is reserved by running lanes\. From now on up to \$5\.50 more could be spent today; until now it was \$0\.5000\. Raise to \$10\.00$/,
    ],
    [
      'raised, and still spent',
      { window: 'day', endpoint: 'openai' },
      3.5,
      /a day at openai from \$3\.00 to \$3\.50\? \$3\.00 is spent\. From now on up to \$0\.5000 more could be spent today at openai; until now it was \$0\./,
    ],
    [
      'raised, of a run',
      { window: 'run' },
      2,
      /^Raise the limit for one comparison from \$1\.00 to \$2\.00\? From now on one comparison may cost up to \$2\.00\. /,
    ],
    [
      'removed',
      { window: 'month' },
      undefined,
      /^Remove the limit for a month, now \$50\.00\? \$30\.00 is spent.* Then only these hold: one comparison \(\$1\.00\) and a day \(\$5\.00\)\. Remove the Limit$/,
    ],
  ];
  for (const [name, which, usd, expected] of cases) {
    await t.test(name, () => {
      const state = states.find(({ window, endpoint }) => window === which.window && endpoint === which.endpoint);
      assert.ok(state);
      const raise = raiseOf(
        state,
        usd === undefined ? undefined : usd * USD,
        states.filter((other) => other !== state),
      );
      if (!expected) assert.equal(raise, undefined);
      else assert.match(`${raise?.question} ${raise?.detail} ${raise?.button}`, expected);
    });
  }
  await t.test('the last one removed', () => {
    const [, day] = limitStates({ perDayNanoUsd: USD }, SPENDING);
    assert.match((day && raiseOf(day, undefined, [])?.detail) ?? '', /Then nothing limits what can be spent\.$/);
  });
});

test('an amount as a person writes one', () => {
  const cases: readonly (readonly [string, number | undefined | 'refused'])[] = [
    ['5', 5 * USD],
    [' $0.50 ', 0.5 * USD],
    ['.5', 0.5 * USD],
    ['2,50', 2.5 * USD],
    ['0', 0],
    ['', undefined],
    ['  ', undefined],
    ['-1', 'refused'],
    ['1e3', 'refused'],
    ['1,000', 'refused'],
    ['five', 'refused'],
    ['Infinity', 'refused'],
    ['99999999999', 'refused'],
  ];
  for (const [text, expected] of cases) {
    const parsed = parseLimit(text);
    assert.equal('problem' in parsed ? 'refused' : parsed.nanoUsd, expected, text);
  }
});

test('a limit is written where its setting is', () => {
  assert.equal(limitSetting({ window: 'day' }), 'budget.perDayUsd');
  assert.equal(limitSetting({ window: 'month', endpoint: 'a' }), 'budget.endpoints.a.perMonthUsd');
  const rows = { a: { perDayUsd: 1, perMonthUsd: 2 }, b: { perDayUsd: 3 } };
  const cases: readonly (readonly [LimitName, number | undefined, unknown])[] = [
    [{ window: 'day', endpoint: 'a' }, 4 * USD, { b: { perDayUsd: 3 }, a: { perDayUsd: 4, perMonthUsd: 2 } }],
    [{ window: 'day', endpoint: 'b' }, undefined, { a: { perDayUsd: 1, perMonthUsd: 2 } }],
    [{ window: 'month', endpoint: 'c' }, 0.5 * USD, { ...rows, c: { perMonthUsd: 0.5 } }],
  ];
  for (const [name, nanoUsd, expected] of cases) assert.deepEqual(withEndpointLimit(rows, name, nanoUsd), expected);
});
