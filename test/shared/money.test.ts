/** Money as it is shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cost, formatCost, formatUsd, isIllustrative, nanoFromUsd, usdFromNano } from '../../src/shared/money.ts';

test('dollars', () => {
  const cases: readonly (readonly [number | undefined, string])[] = [
    [undefined, '–'],
    [0, '$0'],
    [1, '<$0.0001'],
    [99_999, '<$0.0001'],
    [100_000, '$0.0001'],
    [6_100_000, '$0.0061'],
    [999_900_000, '$0.9999'],
    [999_950_000, '$1.00'],
    [1_000_000_000, '$1.00'],
    [1_005_000_000, '$1.01'],
    [12_340_000_000, '$12.34'],
    [1_234_567_890_000, '$1234.57'],
    [-500_000_000, '-$0.5000'],
  ];
  for (const [nano, expected] of cases) assert.equal(formatUsd(nano), expected, String(nano));
});

test('a cost says whether it is an estimate, and never shows the unknown as nothing', () => {
  const cases: readonly (readonly [Cost | undefined, string])[] = [
    [undefined, '–'],
    [{ basis: 'unknown' }, '–'],
    [{ basis: 'local', nanoUsd: 0 }, '$0'],
    [{ basis: 'estimated', nanoUsd: 10_000_000 }, '~$0.0100'],
    [{ basis: 'computed', nanoUsd: 10_000_000 }, '$0.0100'],
    [{ basis: 'billed', nanoUsd: 2_500_000_000 }, '$2.50'],
  ];
  for (const [cost, expected] of cases) assert.equal(formatCost(cost), expected);
});

test('dollars and nano-dollars', () => {
  assert.equal(nanoFromUsd(0.1) + nanoFromUsd(0.2), nanoFromUsd(0.3));
  assert.equal(nanoFromUsd(1.005), 1_005_000_000);
  assert.equal(usdFromNano(1_320_000_000), 1.32);
});

test('the sample is told apart by its price', () => {
  assert.equal(isIllustrative({ basis: 'computed', nanoUsd: 1, priceSource: 'illustrative' }), true);
  assert.equal(isIllustrative({ basis: 'computed', nanoUsd: 1, priceSource: 'settings' }), false);
  assert.equal(isIllustrative(undefined), false);
});
