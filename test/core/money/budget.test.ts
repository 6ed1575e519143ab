/** What a call is settled at, what a refusal says, and which output limits would have fitted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Price, Refusal } from '../../../src/core/contracts.ts';
import {
  fittingOutputLimits,
  headroomOf,
  priceClassNotice,
  refusalSentence,
  type SettlementFacts,
  settlement,
} from '../../../src/core/money/budget.ts';
import type { ModelError } from '../../../src/shared/model.ts';
import type { Cost } from '../../../src/shared/money.ts';

/** One dollar in, ten dollars out, per million tokens. */
const PRICE: Price = {
  basis: 'computed',
  source: 'settings',
  asOf: '2026-11-22',
  costOf: ({ inputTokens, outputTokens }) =>
    inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens * 1000 + outputTokens * 10_000,
};
const LOCAL: Price = { basis: 'local', source: 'local', asOf: '2026-11-22', costOf: () => 0 };

const error = (more: Partial<ModelError>): ModelError => ({ kind: 'unknown', message: '', retryable: false, ...more });

/** A call that went well and was counted; each case changes what it is about. */
const FACTS: SettlementFacts = {
  sent: true,
  began: true,
  finish: 'stop',
  usage: { inputTokens: 100, outputTokens: 50, basis: 'reported' },
  meterUsage: { inputTokens: 80, outputTokens: 40, basis: 'estimated' },
  safeUsage: { inputTokens: 108, outputTokens: 54 },
  price: PRICE,
  holdNanoUsd: 2_000_000,
};
/** `settled basis`, e.g. `600000 computed`. */
const describeCost = ({ nanoUsd, basis }: Cost): string => `${nanoUsd ?? 'nothing'} ${basis}`;

test('settlement', async (t) => {
  const uncounted = { usage: undefined } as const;
  const metered = '648000 estimated'; // 108 + 54 * 10
  const cases: readonly (readonly [
    string,
    { readonly [K in keyof SettlementFacts]?: SettlementFacts[K] | undefined },
    string,
  ])[] = [
    ['counted by the provider', {}, '600000 computed'],
    ['counted, ended at its limit', { finish: 'length' }, '600000 computed'],
    ['counted, stopped by a filter', { finish: 'content-filter' }, '600000 computed'],
    ['counted, failed after', { finish: 'error', error: error({ kind: 'protocol' }) }, '600000 computed'],
    [
      'counted too early, then cut',
      { finish: 'error', usage: { inputTokens: 100, outputTokens: 1, basis: 'reported' } },
      metered,
    ],
    ['ended well over a placeholder', { usage: { inputTokens: 100, outputTokens: 1, basis: 'reported' } }, metered],
    ['counted as nothing under a text', { usage: { inputTokens: 100, outputTokens: 0, basis: 'reported' } }, metered],
    [
      'counted low, but not beyond belief',
      { usage: { inputTokens: 100, outputTokens: 10, basis: 'reported' } },
      '200000 computed',
    ],
    ['counted, above what was reserved: recorded in full', { holdNanoUsd: 1000 }, '600000 computed'],
    ['the provider says what it charged', { billedNanoUsd: 123 }, '123 billed'],
    ['the provider charged nothing', { billedNanoUsd: 0 }, '0 billed'],
    ['the provider says something that is no amount', { billedNanoUsd: Number.NaN }, '600000 computed'],
    ['charged at a price that nobody knows', { billedNanoUsd: 123, price: undefined }, '123 billed'],
    ['ended well, uncounted', uncounted, metered],
    ['counted in part', { usage: { inputTokens: 100, basis: 'reported' } }, metered],
    ['counted by ourselves', { usage: { inputTokens: 1, outputTokens: 1, basis: 'estimated' } }, metered],
    ['stopped by the person', { ...uncounted, finish: 'aborted' }, metered],
    ['stopped by the budget', { ...uncounted, finish: 'aborted', holdNanoUsd: 500_000 }, '500000 estimated'],
    ['cut', { ...uncounted, finish: 'error', error: error({ kind: 'protocol' }) }, metered],
    ['failed inside the stream', { ...uncounted, finish: 'error', error: error({ kind: 'overloaded' }) }, metered],
    ['stopped, nothing was reserved', { ...uncounted, finish: 'aborted', holdNanoUsd: undefined }, metered],
    [
      'no answer ever began',
      { ...uncounted, began: false, finish: 'error', error: error({ kind: 'timeout' }) },
      '2000000 estimated',
    ],
    ['stopped before an answer began', { ...uncounted, began: false, finish: 'aborted' }, metered],
    ['failed inside the server', { ...uncounted, began: false, finish: 'error', error: error({ status: 500 }) }, metered],
    ...[302, 307, 400, 401, 403, 404, 413, 422, 429, 503, 529].map(
      (status) =>
        [
          `refused with ${status}`,
          { ...uncounted, began: false, finish: 'error', error: error({ status }) },
          '0 computed',
        ] as const,
    ),
    ['refused with 429, its body arrived', { ...uncounted, finish: 'error', error: error({ status: 429 }) }, '0 computed'],
    ['never sent', { ...uncounted, sent: false, began: false, finish: 'aborted' }, '0 computed'],
    [
      'never reached a server',
      { ...uncounted, began: false, finish: 'error', error: error({ kind: 'network', neverSent: true }) },
      '0 computed',
    ],
    ['unknown price', { price: undefined }, 'nothing unknown'],
    ['unknown price, stopped', { ...uncounted, price: undefined, finish: 'aborted' }, 'nothing unknown'],
    [
      'unknown price, refused',
      { ...uncounted, price: undefined, began: false, finish: 'error', error: error({ status: 401 }) },
      'nothing unknown',
    ],
    ['this machine', { price: LOCAL }, '0 local'],
    ['this machine, stopped', { ...uncounted, price: LOCAL, finish: 'aborted' }, '0 local'],
    [
      'this machine, refused',
      { ...uncounted, price: LOCAL, began: false, finish: 'error', error: error({ status: 404 }) },
      '0 local',
    ],
    [
      'this machine, not running',
      { ...uncounted, price: LOCAL, began: false, finish: 'error', error: error({ neverSent: true }) },
      '0 local',
    ],
  ];
  for (const [name, change, expected] of cases) {
    // Undefined stands for absent in the cases.
    const facts = Object.fromEntries(
      Object.entries({ ...FACTS, ...change }).filter(([key, value]) => key === 'price' || value !== undefined),
    );
    await t.test(name, () => assert.equal(describeCost(settlement(facts as unknown as SettlementFacts)), expected));
  }
});

test('a price class that no list knows makes an estimate on the safe side', async (t) => {
  const listed: Price = { ...PRICE, source: 'genai-prices 0.1.8' };
  const mine: Price = PRICE;
  const uncounted = { usage: undefined } as const;
  const cases: readonly (readonly [string, string | undefined, Price | undefined, object, string, RegExp | undefined])[] = [
    ['none said', undefined, listed, {}, '600000 computed', undefined],
    ['an empty word', '', listed, {}, '600000 computed', undefined],
    ...['default', 'standard', 'auto', 'on_demand', 'Standard'].map(
      (tier) => [`the listed one, ${tier}`, tier, listed, {}, '600000 computed', undefined] as const,
    ),
    ['a cheaper one', 'flex', listed, {}, '600000 estimated', /“flex”: it costs no more than the listed price/],
    ['batch', 'batch', listed, {}, '600000 estimated', /no more than/],
    ['a dearer one', 'priority', listed, {}, '1500000 estimated', /“priority”: it costs up to 2\.5 times/],
    ['in capitals', 'PRIORITY', listed, {}, '1500000 estimated', /2\.5 times/],
    ['dearer than what was reserved', 'ultrafast', listed, {}, '3600000 estimated', /6 times/],
    ['one that nobody knows', 'scale', listed, {}, '2000000 estimated', /nobody publishes its price/],
    ['one with a name every object has', 'constructor', listed, {}, '2000000 estimated', /nobody publishes/],
    ['unknown, nothing was reserved', 'scale', listed, { holdNanoUsd: undefined }, '600000 estimated', /nobody publishes/],
    ['dearer and uncounted', 'priority', listed, uncounted, '1620000 estimated', /2\.5 times/],
    ['the provider says what it charged', 'priority', listed, { billedNanoUsd: 5 }, '5 billed', /2\.5 times/],
    ['a price the person wrote is what is paid', 'priority', mine, {}, '600000 computed', undefined],
    ['on this machine', 'priority', LOCAL, {}, '0 local', undefined],
    ['at an unknown price', 'priority', undefined, {}, 'nothing unknown', undefined],
  ];
  for (const [name, serviceTier, price, change, expected, notice] of cases) {
    await t.test(name, () => {
      const facts = Object.fromEntries(
        Object.entries({ ...FACTS, price, serviceTier, ...change }).filter(
          ([key, value]) => key === 'price' || value !== undefined,
        ),
      );
      assert.equal(describeCost(settlement(facts as unknown as SettlementFacts)), expected); // as above: undefined stands for absent
      if (notice) assert.match(priceClassNotice(serviceTier, price) ?? '', notice);
      else assert.equal(priceClassNotice(serviceTier, price), undefined);
    });
  }
  assert.equal(settlement({ ...FACTS, price: listed, serviceTier: 'flex' }).priceSource, 'genai-prices 0.1.8, served as flex');
});

test('a cost says which price it stands on', () => {
  assert.deepEqual(settlement({ ...FACTS, price: { ...PRICE, assumedModel: 'older' } }), {
    nanoUsd: 600_000,
    basis: 'computed',
    priceSource: 'settings',
    priceAsOf: '2026-11-22',
    assumedModel: 'older',
  });
  assert.deepEqual(settlement({ ...FACTS, billedNanoUsd: 5 }), { nanoUsd: 5, basis: 'billed' });
});

test('property: an estimate never exceeds what was reserved, and is never below the meter otherwise', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), fc.nat(1e12), (inputTokens, outputTokens, holdNanoUsd) => {
      const { usage: _, ...rest } = FACTS;
      const safeUsage = { inputTokens, outputTokens };
      const cost = settlement({ ...rest, finish: 'aborted', safeUsage, holdNanoUsd });
      const meter = inputTokens * 1000 + outputTokens * 10_000;
      assert.equal(cost.basis, 'estimated');
      assert.ok(cost.nanoUsd !== undefined && cost.nanoUsd <= holdNanoUsd && cost.nanoUsd >= Math.min(meter, holdNanoUsd));
    }),
    { seed: 20261122 },
  );
});

const USD = 1e9;
const refusal = (more: Partial<Refusal>): Refusal => ({
  ...{ window: 'run', limitNanoUsd: USD, spentNanoUsd: 0, heldNanoUsd: 0, askedNanoUsd: 1.32 * USD },
  ...more,
});

test('a refusal says the figures and what to do', async (t) => {
  const wayOut = 'choose cheaper models, or raise the limit in the settings';
  const cases: readonly (readonly [string, Refusal, string])[] = [
    [
      'a run',
      refusal({}),
      `This could cost up to $1.32; the limit for one comparison is $1.00. Lower the output limit, ${wayOut} (budget.perRunUsd).`,
    ],
    [
      'a day, partly spent and held',
      refusal({ window: 'day', limitNanoUsd: 5 * USD, spentNanoUsd: 4.2 * USD, heldNanoUsd: 0.5 * USD }),
      `This could cost up to $1.32; the limit for today is $5.00: $4.20 is spent and $0.5000 is reserved by running lanes, $0.3000 is left. Lower the output limit, ${wayOut} (budget.perDayUsd).`,
    ],
    [
      'a month, overspent by an exact settlement',
      refusal({ window: 'month', limitNanoUsd: USD, spentNanoUsd: 1.5 * USD }),
      `This could cost up to $1.32; the limit for this month is $1.00: $1.50 is spent, $0 is left. Lower the output limit, ${wayOut} (budget.perMonthUsd).`,
    ],
    [
      'a difference smaller than a cent still shows',
      refusal({ askedNanoUsd: USD + 1 }),
      `This could cost up to $1.01; the limit for one comparison is $1.00. Lower the output limit, ${wayOut} (budget.perRunUsd).`,
    ],
    [
      'a limit too small to show is not called nothing',
      refusal({ limitNanoUsd: 1000 }),
      `This could cost up to $1.32; the limit for one comparison is <$0.0001. Lower the output limit, ${wayOut} (budget.perRunUsd).`,
    ],
    [
      'an endpoint',
      refusal({ window: 'day', endpoint: 'openai', limitNanoUsd: 2 * USD, spentNanoUsd: 1.5 * USD }),
      `This could cost up to $1.32 at openai; the limit for today at openai is $2.00: $1.50 is spent, $0.5000 is left. Lower the output limit, ${wayOut} (budget.endpoints.openai.perDayUsd).`,
    ],
  ];
  for (const [name, given, expected] of cases) await t.test(name, () => assert.equal(refusalSentence(given), expected));
  assert.match(
    refusalSentence(refusal({}), [
      { lane: 'fast', maxOutputTokens: 6000 },
      { lane: 'reasoning', maxOutputTokens: 18_000 },
    ]),
    /Lower the output limit to 6,000 tokens \(fast\) and 18,000 tokens \(reasoning\), choose/,
  );
});

test('output limits that fit', () => {
  const fast = { lane: 'fast', maxOutputTokens: 8000, ceiling: (max: number) => 1_000_000 + max * 500 } as const;
  const reasoning = { lane: 'reasoning', maxOutputTokens: 24_000, ceiling: (max: number) => 10_000_000 + max * 25_000 } as const;
  const whole = fast.ceiling(8000) + reasoning.ceiling(24_000);
  assert.deepEqual(fittingOutputLimits([fast, reasoning], whole), [
    { lane: 'fast', maxOutputTokens: 8000 },
    { lane: 'reasoning', maxOutputTokens: 24_000 },
  ]);
  assert.equal(fittingOutputLimits([fast, reasoning], 1000), undefined);
  assert.equal(fittingOutputLimits([{ ...fast, ceiling: () => undefined }], whole), undefined);
  assert.equal(fittingOutputLimits([], whole), undefined);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole }), (headroom) => {
      const limits = fittingOutputLimits([fast, reasoning], headroom);
      const costAt = (step: number) =>
        (limits ?? []).reduce(
          (sum, { lane, maxOutputTokens }) => sum + (lane === 'fast' ? fast : reasoning).ceiling(maxOutputTokens + step),
          0,
        );
      if (limits) assert.ok(costAt(0) <= headroom && (limits[1]?.maxOutputTokens === 24_000 || costAt(200) > headroom));
      else assert.ok(fast.ceiling(1000) + reasoning.ceiling(1000) > headroom);
    }),
    { seed: 20261122 },
  );
});

test('what is left is never negative', () => {
  assert.equal(headroomOf(refusal({ spentNanoUsd: 0.25 * USD, heldNanoUsd: 0.5 * USD })), 0.25 * USD);
  assert.equal(headroomOf(refusal({ spentNanoUsd: 3 * USD })), 0);
});
