/** Which price holds for a model, and what it makes of a usage, to the last nano-dollar. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import type { Endpoint } from '../../../src/core/contracts.ts';
import { createPricing, overlayProblem, type PriceOverlayRow } from '../../../src/core/money/pricing.ts';
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
const MINE = endpoint('mine', 'http://127.0.0.1:9/v1');
const PROXY = endpoint('proxy', 'https://llm.example.com/v1');
const SAMPLE = endpoint('sample', 'sample:', { scripted: true });

/** `source basis [assumed]`, or `none`. */
async function describePrice(at: Endpoint, model: string, overlay: Record<string, PriceOverlayRow> = {}): Promise<string> {
  const price = await createPricing({ overlay }).priceFor(at, model, AT);
  return price ? [price.source, price.basis, price.assumedModel].filter(Boolean).join(' ') : 'none';
}

test('where a price comes from', async (t) => {
  const row = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };
  const list = 'genai-prices 0.1.8 computed';
  const cases: readonly (readonly [string, Endpoint, string, string, Record<string, PriceOverlayRow>?])[] = [
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

test('the list is loaded once, and only when it is needed', async () => {
  let loads = 0;
  const list: PriceList = { source: 'test', asOf: '2026-01-01', find: () => ({ modelId: 'm', rates: { input: 1, output: 2 } }) };
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
    const list: PriceList = { source: 'test', asOf: '', find: (_, model) => ({ modelId: model, rates: { input, output: 1 } }) };
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

test('what is wrong with a row of the settings is said', () => {
  assert.equal(overlayProblem({ inputUsdPerMTok: 0, outputUsdPerMTok: 10_000 }), undefined);
  for (const inputUsdPerMTok of [-1, 0.0009, 10_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.match(overlayProblem({ inputUsdPerMTok, outputUsdPerMTok: 1 }) ?? '', /per million tokens/);
  }
});
