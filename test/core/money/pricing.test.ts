/** Which price holds for a model, and what it makes of a usage, to the last nano-dollar. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import type { Endpoint } from '../../../src/core/contracts.ts';
import { overlayProblem, type PriceOverlay, type PriceOverlayRow } from '../../../src/core/money/overlay.ts';
import { createPricing } from '../../../src/core/money/pricing.ts';
import type { PriceList } from '../../../src/core/money/rates.ts';

const AT = new Date('2026-11-22T12:00:00Z');

const endpoint = (id: string, baseUrl: string, more: Partial<Endpoint> = {}): Endpoint => ({
  ...{ id, label: id, api: 'openai-chat', baseUrl, needsKey: false },
  ...more,
});
const OPENAI = endpoint('openai', 'https://api.openai.com/v1');
const ANTHROPIC = endpoint('anthropic', 'https://api.anthropic.com');
const OPENROUTER = endpoint('openrouter', 'https://openrouter.ai/api/v1');
const GOOGLE = endpoint('google', 'https://generativelanguage.googleapis.com/v1beta/openai');
const AZURE = endpoint('azure', 'https://mine.openai.azure.com/openai/v1');
const MINE = endpoint('mine', 'http://127.0.0.1:9/v1');
const PROXY = endpoint('proxy', 'https://llm.example.com/v1');
const SAMPLE = endpoint('sample', 'sample:', { scripted: true });

/** `source basis [assumed]`, or `none`. */
async function describePrice(at: Endpoint, model: string, overlay: PriceOverlay = {}): Promise<string> {
  const price = await createPricing({ overlay }).priceFor(at, model, AT);
  return price ? [price.source, price.basis, price.assumedModel].filter(Boolean).join(' ') : 'none';
}

test('where a price comes from', async (t) => {
  const row = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };
  const list = 'genai-prices 0.1.8 computed';
  const cases: readonly (readonly [string, Endpoint, string, string, PriceOverlay?])[] = [
    ['the list knows the very model', OPENAI, 'gpt-6-sol', list],
    ['a dated snapshot is named', OPENAI, 'gpt-6-sol-2026-09-01', `${list} gpt-6-sol`],
    ['a matched prefix is named', ANTHROPIC, 'claude-sonnet-5-5', `${list} claude-sonnet-5`],
    [
      'a row that holds several ids names the one it is filed under',
      OPENROUTER,
      'anthropic/claude-opus-4.1',
      `${list} anthropic/claude-opus-4`,
    ],
    ['the list does not know the model', OPENAI, 'gpt-6.1-sol', 'none'],
    ['a model of another vendor at this host', OPENAI, 'claude-opus-5-5', 'none'],
    ['a model of another vendor at a host that serves some of them', GOOGLE, 'claude-opus-5-5', list],
    ['a model that only another vendor lists', GOOGLE, 'claude-opus-4-5', 'none'],
    ['the list says nothing but that it is free', OPENROUTER, 'deepseek/deepseek-r1:free', 'none'],
    ['charged by the request as well', endpoint('p', 'https://api.perplexity.ai'), 'sonar', 'none'],
    ['a deep research that charges for citations', endpoint('p', 'https://api.perplexity.ai'), 'sonar-deep-research', 'none'],
    ['an id as the list of Gemini gives it', GOOGLE, 'models/gemini-3.8-flash', list],
    ['an id with that prefix and more behind', GOOGLE, 'models/gemini-3.8-flash-lite', `${list} gemini-3.8-flash`],
    ['that prefix at another vendor', OPENAI, 'models/gpt-6-sol', 'none'],
    ['an alias that the list holds', endpoint('m', 'https://api.mistral.ai/v1'), 'mistral-medium-latest', list],
    [
      'an alias, filed under another id',
      endpoint('m', 'https://api.mistral.ai/v1'),
      'mistral-large-latest',
      `${list} mistral-large`,
    ],
    ['Azure: a deployment named like a model of its list', AZURE, 'o3-mini', `${list} o3-mini`],
    ['Azure: a dated name of its list', AZURE, 'o3', `${list} o3-2025-04-16`],
    ['Azure: a deployment whose name begins like a model', AZURE, 'my-o4-mini-west', 'none'],
    ['Azure: a name that only OpenAI lists', AZURE, 'gpt-6-sol', 'none'],
    ['Alibaba is in no list', endpoint('qwen', 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1'), 'qwq-plus', 'none'],
    ['the models of VS Code have no address', endpoint('vscode', '', { api: 'vscode-lm' }), 'copilot/gpt-5.4', 'none'],
    ['a proxy may charge what it likes', PROXY, 'gpt-6-sol', 'none'],
    ['a built-in name that leads elsewhere', endpoint('openai', 'https://evil.example/v1'), 'gpt-6-sol', 'none'],
    [
      'a host that only begins like a known one',
      endpoint('openai', 'https://api.openai.com.evil.example/v1'),
      'gpt-6-sol',
      'none',
    ],
    ['own name, known host', endpoint('work', 'https://api.openai.com/v1'), 'gpt-6-sol', list],
    ['an address that is none', endpoint('x', 'nonsense'), 'gpt-6-sol', 'none'],
    ['this machine', MINE, 'm', 'local local'],
    ['this machine, by name', endpoint('o', 'http://localhost:11434/v1'), 'llama3:8b', 'local local'],
    ['this machine, IPv6', endpoint('o', 'http://[::1]:11434/v1'), 'm', 'local local'],
    ['a host that only begins like this machine', endpoint('o', 'http://127.0.0.1.example.com/v1'), 'm', 'none'],
    ['own row for this machine', MINE, 'm', 'settings computed', { 'mine:m': row }],
    ['own row before the list', OPENAI, 'gpt-6-sol', 'settings computed', { 'openai:gpt-6-sol': row }],
    ['own row for another model', MINE, 'm2', 'local local', { 'mine:m': row }],
    ['own row with a colon in the model', endpoint('o', 'https://o.example'), 'a:b', 'settings computed', { 'o:a:b': row }],
    [
      'own row that mistook the unit',
      OPENAI,
      'gpt-6-sol',
      'none',
      { 'openai:gpt-6-sol': { inputUsdPerMTok: 0.000001, outputUsdPerMTok: 4 } },
    ],
    ['a name that every object has', endpoint('__proto__', 'https://p.example'), 'x', 'none'],
    ['the sample', SAMPLE, 'fast', 'illustrative computed'],
    ['an own row does not make the sample real', SAMPLE, 'fast', 'illustrative computed', { 'sample:fast': row }],
  ];
  for (const [name, at, model, expected, overlay] of cases) {
    await t.test(name, async () => assert.equal(await describePrice(at, model, overlay), expected));
  }
});

test('of several own rows the first that holds counts', async (t) => {
  const [peak, flat, season] = [1, 2, 3].map((inputUsdPerMTok) => ({ inputUsdPerMTok, outputUsdPerMTok: 9 })) as [
    PriceOverlayRow,
    PriceOverlayRow,
    PriceOverlayRow,
  ];
  const night = { ...peak, hoursUtc: '16:30-00:30' };
  const noon = { ...peak, hoursUtc: '11:00-12:00' };
  const december = { ...season, from: '2026-12-01', until: '2026-12-31' };
  const cases: readonly (readonly [string, PriceOverlay[string], string, number | undefined])[] = [
    ['one row for all times', flat, '2026-11-22T12:00:00Z', 2],
    ['in its hours', [night, flat], '2026-11-22T16:30:00Z', 1],
    ['after midnight', [night, flat], '2026-11-22T00:29:59Z', 1],
    ['at the end of its hours', [night, flat], '2026-11-22T00:30:00Z', 2],
    ['before its hours', [night, flat], '2026-11-22T16:29:59Z', 2],
    ['hours within a day', [noon, flat], '2026-11-22T11:59:00Z', 1],
    ['just after hours within a day', [noon, flat], '2026-11-22T12:00:00Z', 2],
    ['before its season', [december, flat], '2026-11-30T23:59:59Z', 2],
    ['on its first day', [december, flat], '2026-12-01T00:00:00Z', 3],
    ['on its last day', [december, flat], '2026-12-31T23:59:59Z', 3],
    ['after its season', [december, flat], '2027-01-01T00:00:00Z', 2],
    ['the order decides', [flat, night], '2026-11-22T17:00:00Z', 2],
    ['none holds: the list is asked', [december], '2026-11-22T12:00:00Z', 0.1],
    ['an empty list of rows says nothing', [], '2026-11-22T12:00:00Z', 0.1],
  ];
  for (const [name, rows, at, expected] of cases) {
    await t.test(name, async () => {
      const price = await createPricing({ overlay: { 'openai:gpt-6-luna': rows } }).priceFor(OPENAI, 'gpt-6-luna', new Date(at));
      assert.equal(price?.usdPerMTok?.input, expected);
    });
  }
});

test('an own row says since when it holds', async () => {
  const asOf = async (row: Partial<PriceOverlayRow>) => {
    const rows = { 'mine:m': { inputUsdPerMTok: 1, outputUsdPerMTok: 1, ...row } };
    return (await createPricing({ overlay: rows }).priceFor(MINE, 'm', AT))?.asOf;
  };
  assert.equal(await asOf({ asOf: '2026-10-01', from: '2026-09-01' }), '2026-10-01');
  assert.equal(await asOf({ from: '2026-09-01' }), '2026-09-01');
  assert.equal(await asOf({}), undefined, 'nobody said of which day it is');
});

test('the list is loaded once, and only when it is needed', async () => {
  let loads = 0;
  const list: PriceList = {
    source: 'test',
    asOf: '2026-01-01',
    find: () => ({ modelId: 'm', isExact: true, rates: { input: 1, output: 2 } }),
  };
  const pricing = createPricing({
    overlay: {},
    loadPriceList: async () => {
      loads += 1;
      return list;
    },
  });
  await pricing.priceFor(MINE, 'm', AT);
  await pricing.priceFor(PROXY, 'm', AT);
  await pricing.priceFor(SAMPLE, 'fast', AT);
  assert.equal(loads, 0);
  assert.equal((await pricing.priceFor(OPENAI, 'm', AT))?.source, 'test');
  await pricing.priceFor(OPENAI, 'm', AT);
  assert.equal(loads, 1);
});

test('a listed price outside the sane range is none', async () => {
  for (const input of [0, -1, 1e-9, 1e5, Number.NaN, Number.POSITIVE_INFINITY]) {
    const list: PriceList = {
      source: 'test',
      asOf: '',
      find: (_, model) => ({ modelId: model, isExact: true, rates: { input, output: 1 } }),
    };
    assert.equal(
      await createPricing({ overlay: {}, loadPriceList: async () => list }).priceFor(OPENAI, 'm', AT),
      undefined,
      String(input),
    );
  }
});

const costWith = async (row: PriceOverlayRow, usage: Parameters<NonNullable<Awaited<ReturnType<typeof priceOf>>>['costOf']>[0]) =>
  (await priceOf(row))?.costOf(usage);
const priceOf = (row: PriceOverlayRow) => createPricing({ overlay: { 'mine:m': row } }).priceFor(MINE, 'm', AT);

test('what a usage costs', async (t) => {
  const plain = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };
  const cached = { ...plain, cacheReadUsdPerMTok: 0.1, cacheWriteUsdPerMTok: 1.25 };
  const tiered = {
    ...{ inputUsdPerMTok: 1, outputUsdPerMTok: 4, cacheReadUsdPerMTok: 0.1 },
    tiers: [
      { aboveInputTokens: 500_000, inputUsdPerMTok: 3, outputUsdPerMTok: 12, cacheReadUsdPerMTok: 0.3 },
      { aboveInputTokens: 200_000, inputUsdPerMTok: 2, outputUsdPerMTok: 8 },
    ],
  };
  const cases: readonly (readonly [string, PriceOverlayRow, Parameters<typeof costWith>[1], number | undefined])[] = [
    ['input and output', plain, { inputTokens: 1000, outputTokens: 500 }, 3_000_000],
    ['nothing', plain, { inputTokens: 0, outputTokens: 0 }, 0],
    ['tenths do not drift', { inputUsdPerMTok: 0.1, outputUsdPerMTok: 0.2 }, { inputTokens: 1, outputTokens: 1 }, 300],
    [
      '0.15 at a thousand is exact',
      { inputUsdPerMTok: 0.1, outputUsdPerMTok: 0.5 },
      { inputTokens: 1000, outputTokens: 100 },
      150_000,
    ],
    ['rounded up', { inputUsdPerMTok: 0.0333, outputUsdPerMTok: 0 }, { inputTokens: 1, outputTokens: 0 }, 34],
    [
      'rounded once, not part by part',
      { inputUsdPerMTok: 0.0014, outputUsdPerMTok: 0.0016 },
      { inputTokens: 1, outputTokens: 1 },
      3,
    ],
    [
      'cached parts take the place of input',
      cached,
      { inputTokens: 1000, outputTokens: 0, cacheReadTokens: 600, cacheWriteTokens: 100 },
      485_000,
    ],
    [
      'cache without its own price costs as input',
      plain,
      { inputTokens: 1000, outputTokens: 0, cacheReadTokens: 600 },
      1_000_000,
    ],
    ['at the border of a tier', tiered, { inputTokens: 200_000, outputTokens: 1000 }, 204_000_000],
    ['above it the whole request is dearer', tiered, { inputTokens: 200_001, outputTokens: 1000 }, 408_002_000],
    [
      'a tier that says nothing of the cache charges its input price for it',
      tiered,
      { inputTokens: 300_000, outputTokens: 0, cacheReadTokens: 300_000 },
      600_000_000,
    ],
    ['above a second tier', tiered, { inputTokens: 500_001, outputTokens: 0, cacheReadTokens: 500_001 }, 150_000_300],
    ['a free server', { inputUsdPerMTok: 0, outputUsdPerMTok: 0 }, { inputTokens: 9, outputTokens: 9 }, 0],
    ['the input is unknown', plain, { outputTokens: 1 }, undefined],
    ['the output is unknown', plain, { inputTokens: 1 }, undefined],
    ['more cached than sent', cached, { inputTokens: 10, outputTokens: 1, cacheReadTokens: 11 }, undefined],
    [
      'parts together exceed the whole',
      cached,
      { inputTokens: 10, outputTokens: 1, cacheReadTokens: 6, cacheWriteTokens: 6 },
      undefined,
    ],
    ['a negative count', plain, { inputTokens: -1, outputTokens: 1 }, undefined],
    ['half a token', plain, { inputTokens: 0.5, outputTokens: 1 }, undefined],
    ['not a number', plain, { inputTokens: Number.NaN, outputTokens: 1 }, undefined],
    ['more than can be counted exactly', plain, { inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 1 }, undefined],
  ];
  for (const [name, row, usage, expected] of cases)
    await t.test(name, async () => assert.equal(await costWith(row, usage), expected));
});

test('long inputs take the tier of the list', async () => {
  const price = await createPricing({ overlay: {} }).priceFor(OPENAI, 'gpt-6-sol', AT);
  assert.equal(price?.costOf({ inputTokens: 272_000, outputTokens: 1000 }), 554_000_000);
  assert.equal(price?.costOf({ inputTokens: 272_001, outputTokens: 1000 }), 1_103_004_000);
});

test('property: cost is the exact fraction, rounded up', async () => {
  const micro = fc.integer({ min: 1_000, max: 1_000_000_000 });
  const tokens = fc.integer({ min: 0, max: 2_000_000 });
  await fc.assert(
    fc.asyncProperty(micro, micro, tokens, tokens, async (inputMicro, outputMicro, inputTokens, outputTokens) => {
      const cost = await costWith(
        { inputUsdPerMTok: inputMicro / 1e6, outputUsdPerMTok: outputMicro / 1e6 },
        { inputTokens, outputTokens },
      );
      // A millionth of a dollar per million tokens is a thousandth of a nano-dollar per token.
      const thousandths = BigInt(inputMicro) * BigInt(inputTokens) + BigInt(outputMicro) * BigInt(outputTokens);
      const expected = Number((thousandths + 999n) / 1000n);
      assert.equal(cost, Number.isSafeInteger(expected) ? expected : undefined);
    }),
    { seed: 20261122, numRuns: 300 },
  );
});

test('every row of the list costs what its publisher computes, up to the error of floating point', async () => {
  const hosts: readonly (readonly [string, string])[] = [
    ['openai', 'https://api.openai.com/v1'],
    ['anthropic', 'https://api.anthropic.com'],
    ['google', 'https://generativelanguage.googleapis.com/v1beta/openai'],
    ['openrouter', 'https://openrouter.ai/api/v1'],
    ['deepseek', 'https://api.deepseek.com'],
    ['groq', 'https://api.groq.com/openai/v1'],
    ['mistral', 'https://api.mistral.ai/v1'],
    ['x-ai', 'https://api.x.ai/v1'],
    ['together', 'https://api.together.xyz/v1'],
    ['fireworks', 'https://api.fireworks.ai/inference/v1'],
    ['cerebras', 'https://api.cerebras.ai/v1'],
    ['perplexity', 'https://api.perplexity.ai'],
    ['moonshotai', 'https://api.moonshot.ai/v1'],
  ];
  const pricing = createPricing({ overlay: {} });
  let compared = 0;
  for (const [provider, baseUrl] of hosts) {
    for (const { id } of findProvider({ providerId: provider })?.models ?? []) {
      const price = await pricing.priceFor(endpoint(provider, baseUrl), id, AT);
      if (!price) continue;
      for (const [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens] of [
        [3500, 4000, 0, 0],
        [20_000, 4000, 15_000, 2000],
        [300_000, 8000, 0, 0],
      ] as const) {
        const usage = {
          input_tokens: inputTokens,
          output_tokens: outputTokens,
          cache_read_tokens: cacheReadTokens,
          cache_write_tokens: cacheWriteTokens,
        };
        const theirs = calcPrice(usage, id, { providerId: provider, timestamp: AT });
        const ours = price.costOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens });
        assert.ok(theirs && ours !== undefined, `${provider}:${id}`);
        assert.ok(Math.abs(ours - theirs.total_price * 1e9) < 1.5, `${provider}:${id} ${ours} against ${theirs.total_price}`);
        compared += 1;
      }
    }
  }
  assert.ok(compared > 1500, `only ${compared} compared`);
});

test('what is wrong with rows of the settings is said', async (t) => {
  const row = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };
  const cases: readonly (readonly [string, PriceOverlay[string], RegExp | undefined])[] = [
    ['the ends of the range', { inputUsdPerMTok: 0, outputUsdPerMTok: 10_000 }, undefined],
    ...[-1, 0.0009, 10_001, Number.NaN, Number.POSITIVE_INFINITY].map(
      (inputUsdPerMTok) => [`${inputUsdPerMTok} dollars`, { ...row, inputUsdPerMTok }, /^Prices are .* per million/] as const,
    ),
    ['a tier out of the range', { ...row, tiers: [{ ...row, aboveInputTokens: 9, outputUsdPerMTok: -1 }] }, /^Prices are/],
    ['a day', { ...row, from: '2026-02-28', until: '2026-02-28' }, undefined],
    ['a day that is none', { ...row, from: '2026-02-30' }, /"from" must be a day/],
    ['a day in other words', { ...row, until: 'soon' }, /"until" must be a day/],
    ['an end before the beginning', { ...row, from: '2026-02-02', until: '2026-02-01' }, /"from" is after "until"/],
    ['hours', { ...row, hoursUtc: '23:00-01:00' }, undefined],
    ['hours that are none', { ...row, hoursUtc: '24:00-01:00' }, /"hoursUtc" must be hours/],
    ['no time at all', { ...row, hoursUtc: '01:00-01:00' }, /"hoursUtc" must be hours/],
    ['the second of two', [row, { ...row, hoursUtc: 'night' }], /^Row 2: "hoursUtc" .* None of its rows is used\.$/],
    ['one in a list', [{ ...row, hoursUtc: 'night' }], /^"hoursUtc"/],
  ];
  for (const [name, rows, expected] of cases) {
    await t.test(name, () => {
      if (expected) assert.match(overlayProblem(rows) ?? '', expected);
      else assert.equal(overlayProblem(rows), undefined);
    });
  }
});
