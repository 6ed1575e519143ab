/** The ledger as a table: exact to the last unit, one row an entry, and no cell that a spreadsheet would run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LedgerEntry } from '../../../src/core/contracts.ts';
import { exactUsd, spendingCsv } from '../../../src/core/money/spendingCsv.ts';

const HEADER =
  'date_time,day,comparison,lane,endpoint,model,usd,basis,price_source,price_date,assumed_model,input_tokens,output_tokens,reasoning_tokens,cache_read_tokens,cache_write_tokens,note';

const ENTRY: LedgerEntry = {
  callId: 'a',
  at: '2026-11-10T23:30:00.000Z',
  day: '2026-11-11',
  comparisonId: 'c1',
  lane: 'fast',
  endpoint: 'mine',
  model: 'm',
  cost: { nanoUsd: 1_234_500_000, basis: 'computed', priceSource: 'settings', priceAsOf: '2026-11-01' },
};
const START = '2026-11-10T23:30:00.000Z,2026-11-11,c1,fast,mine,';

test('a row', async (t) => {
  const cases: readonly (readonly [string, Partial<LedgerEntry>, string])[] = [
    ['a price from the settings', {}, `${START}m,1.2345,computed,settings,2026-11-01,,,,,,,`],
    [
      'tokens; what is not known is empty, and 0 is 0',
      { usage: { basis: 'reported', inputTokens: 10, outputTokens: 20, reasoningTokens: 0, cacheReadTokens: 5 } },
      `${START}m,1.2345,computed,settings,2026-11-01,,10,20,0,5,,`,
    ],
    [
      'our own count',
      { cost: { nanoUsd: 1, basis: 'estimated' }, usage: { basis: 'estimated', outputTokens: 7 } },
      `${START}m,0.000000001,estimated,,,,,7,,,,tokens estimated`,
    ],
    ['unknown is no figure', { cost: { basis: 'unknown' } }, `${START}m,,unknown,,,,,,,,,"cost unknown, in no sum"`],
    [
      'a correction downwards stays a number',
      { isCorrection: true, cost: { nanoUsd: -250_000_000, basis: 'computed' } },
      `${START}m,-0.25,computed,,,,,,,,,correction of an estimate: adds to the row before it`,
    ],
    [
      'an assumed model',
      { cost: { nanoUsd: 0, basis: 'computed', assumedModel: 'm-2026' } },
      `${START}m,0,computed,,,m-2026,,,,,,`,
    ],
    ['a comma and a quote', { model: 'a,"b"' }, `${START}"a,""b""",1.2345,computed,settings,2026-11-01,,,,,,,`],
    ['a line break', { model: 'a\r\nb' }, `${START}"a\r\nb",1.2345,computed,settings,2026-11-01,,,,,,,`],
    ['a formula', { model: '=1+2' }, `${START}'=1+2,1.2345,computed,settings,2026-11-01,,,,,,,`],
    ['a quoted formula', { model: '=HYPERLINK("x")' }, `${START}"'=HYPERLINK(""x"")",1.2345,computed,settings,2026-11-01,,,,,,,`],
    [
      'the other signs',
      { model: '+a', endpoint: '-b', comparisonId: '@c' },
      `${START.replace('c1', "'@c").replace('mine', "'-b")}'+a,1.2345,computed,settings,2026-11-01,,,,,,,`,
    ],
    ['a tab', { model: '\t=1' }, `${START}'\t=1,1.2345,computed,settings,2026-11-01,,,,,,,`],
    ['other scripts', { model: 'Größe 模型' }, `${START}Größe 模型,1.2345,computed,settings,2026-11-01,,,,,,,`],
  ];
  for (const [name, change, expected] of cases) {
    await t.test(name, () => assert.equal(spendingCsv([{ ...ENTRY, ...change }]), `${HEADER}\r\n${expected}\r\n`));
  }
});

test('the oldest comes first, and no entry is a header alone', () => {
  const csv = spendingCsv([
    { ...ENTRY, comparisonId: 'new' },
    { ...ENTRY, comparisonId: 'old' },
  ]);
  assert.deepEqual(
    csv.split('\r\n').map((row) => row.split(',')[2]),
    ['comparison', 'old', 'new', undefined],
  );
  assert.equal(spendingCsv([]), `${HEADER}\r\n`);
});

test('dollars are exact', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'],
    [1, '0.000000001'],
    [-1, '-0.000000001'],
    [1_000_000_000, '1'],
    [10_000_000_000, '10'],
    [10_500_000_000, '10.5'],
    [Number.MAX_SAFE_INTEGER, '9007199.254740991'],
  ];
  for (const [nano, text] of cases) assert.equal(exactUsd(nano), text);
  fc.assert(
    fc.property(fc.maxSafeInteger(), (nano) => {
      const [whole = '', fraction = ''] = exactUsd(nano).replace('-', '').split('.');
      assert.equal(BigInt(`${whole}${fraction.padEnd(9, '0')}`) * (nano < 0 ? -1n : 1n), BigInt(nano));
    }),
  );
});

test('whatever names say, a table reads back as written and no cell begins like a formula', () => {
  const name = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\r', '\n', '\t', ' ', 'a', '模'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 5 }), (names) => {
      const csv = spendingCsv(names.map(([endpoint, model]) => ({ ...ENTRY, endpoint, model })).toReversed());
      const rows = readCsv(csv).slice(1);
      assert.deepEqual(
        rows.map((row) => [row[4], row[5]].map((text = '') => (/^'[=+\-@\t\r\n]/.test(text) ? text.slice(1) : text))),
        names,
      );
      for (const [, , , , endpoint = '', model = ''] of rows)
        assert.doesNotMatch(`${endpoint}\0${model}`, /(?:^|\0)[=+\-@\t\r\n]/);
      assert.ok(rows.every((row) => row.length === HEADER.split(',').length));
    }),
  );
});

/** RFC 4180, read as a spreadsheet does. */
function readCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = cells.exec(csv); match; match = cells.exec(csv)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
    if (cells.lastIndex === csv.length) break;
  }
  return rows.slice(0, -1);
}
