/**
 * What a usage costs, vendor by vendor, held against two libraries that know prices: the one whose list is used, with its own arithmetic,
 * and an independent one with a list of its own. Where the two disagree the case says why; a disagreement that has gone, or a new one,
 * fails.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calcPrice } from '@pydantic/genai-prices';
import { calculateCost } from 'ai-sdk-cost-calculator';
import type { Endpoint, Price } from '../../../src/core/contracts.ts';
import { settlement } from '../../../src/core/money/budget.ts';
import { createPricing } from '../../../src/core/money/pricing.ts';
import type { Usage } from '../../../src/shared/model.ts';

/** Each vendor's address, and its name in the price list. */
const VENDORS = {
  openai: ['https://api.openai.com/v1', 'openai'],
  anthropic: ['https://api.anthropic.com', 'anthropic'],
  gemini: ['https://generativelanguage.googleapis.com/v1beta/openai', 'google'],
  deepseek: ['https://api.deepseek.com', 'deepseek'],
  groq: ['https://api.groq.com/openai/v1', 'groq'],
  cerebras: ['https://api.cerebras.ai/v1', 'cerebras'],
  mistral: ['https://api.mistral.ai/v1', 'mistral'],
  xai: ['https://api.x.ai/v1', 'x-ai'],
  perplexity: ['https://api.perplexity.ai', 'perplexity'],
  openrouter: ['https://openrouter.ai/api/v1', 'openrouter'],
  azure: ['https://mine.openai.azure.com/openai/v1', 'azure'],
  qwen: ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'alibaba'],
} as const;
type Vendor = keyof typeof VENDORS;

const endpointOf = (vendor: Vendor): Endpoint => ({
  ...{ id: vendor, label: vendor, api: 'openai-chat', baseUrl: VENDORS[vendor][0], needsKey: true },
});

/** Noon on an ordinary day, off DeepSeek's peak. */
const NOON = '2026-11-22T12:00:00Z';

/** Tokens in and out, and of these: reasoning, read from a cache, written to one. */
interface Tokens {
  readonly in: number;
  readonly out: number;
  readonly reasoning?: number;
  readonly read?: number;
  readonly write?: number;
}
const PLAIN: Tokens = { in: 3_500, out: 4_000 };
const THINKING: Tokens = { in: 3_500, out: 12_000, reasoning: 8_000 };
const READ: Tokens = { in: 20_000, out: 4_000, read: 15_000 };
const CACHED: Tokens = { in: 20_000, out: 4_000, read: 15_000, write: 2_000 };
const LONG: Tokens = { in: 300_000, out: 8_000 };
const LONG_CACHED: Tokens = { in: 300_000, out: 8_000, reasoning: 5_000, read: 250_000, write: 40_000 };
const input = (tokens: number): Tokens => ({ in: tokens, out: 1_000 });

interface CostCase {
  readonly vendor: Vendor;
  readonly model: string;
  readonly tokens: Tokens;
  readonly usd: number;
  readonly at?: string;
  /** The row that was taken, where it is not the model's own. */
  readonly assumed?: string;
  /** What the second library makes of it; absent: the same. */
  readonly second?: 'does not know it' | Disagreement;
}

/** Why the second library says something else, and why ours is kept. */
interface Disagreement {
  readonly why: string;
}
const FREE_WRITE: Disagreement = {
  why: 'A cache write without a price of its own: the second charges nothing for it, genai-prices the price of input. Ours is the one that cannot be too low.',
};
const OTHER_HOST: Disagreement = {
  why: 'The second knows models by their bare id, whoever serves them, and takes the price of another host.',
};
/** DeepSeek's own words are those of api-docs.deepseek.com, "Models & Pricing", as of October 2026. */
const DEEPSEEK_PRO: Disagreement = {
  why: 'The second bills it as V4.1 Flash, as DeepSeek announced for 2026-09-14, at the peak price alone. DeepSeek’s page has the rows of genai-prices, whose peak hours are every day’s, while DeepSeek’s are those of working days: ours is too high at a weekend.',
};
const DEEPSEEK_FLASH: Disagreement = {
  why: 'DeepSeek serves this id as V4.1 Flash since 2026-09-10, at $0.15 and $0.60, twice that in peak hours. The second knows the peak price alone; genai-prices 0.1.8 still has the dearer rows of 2026-08-17. Ours is too high, and never too low.',
};
const NO_CACHE_ROW: Disagreement = {
  why: 'genai-prices has no cache price for this row and charges cached tokens as input; the second knows a tenth. Ours may be too high.',
};
const NO_OLD_CACHE: Disagreement = {
  why: 'The second has no cache price for this retired model and charges its cached tokens as input; OpenAI charged half.',
};
const OLD_ALIAS: Disagreement = {
  why: 'genai-prices files this alias under the models it meant until 2025; the second under mistral-large-2512. The assumed row is named.',
};
const NO_HISTORY: Disagreement = { why: 'The second knows one price a model, the one of its own day.' };

const CASES: readonly CostCase[] = [
  { vendor: 'openai', model: 'gpt-6-astra', tokens: THINKING, usd: 0.635 },
  { vendor: 'openai', model: 'gpt-6-astra', tokens: CACHED, usd: 0.27 },
  { vendor: 'openai', model: 'gpt-6-astra', tokens: LONG, usd: 6.6 },
  { vendor: 'openai', model: 'gpt-6-sol', tokens: PLAIN, usd: 0.047 },
  { vendor: 'openai', model: 'gpt-6-sol', tokens: input(272_000), usd: 0.554 },
  { vendor: 'openai', model: 'gpt-6-sol', tokens: input(272_001), usd: 1.103004 },
  { vendor: 'openai', model: 'gpt-6-sol', tokens: LONG_CACHED, usd: 0.46 },
  { vendor: 'openai', model: 'gpt-6-sol-2026-09-01', tokens: CACHED, usd: 0.054, assumed: 'gpt-6-sol' },
  { vendor: 'openai', model: 'gpt-6-luna', tokens: THINKING, usd: 0.00635 },
  { vendor: 'openai', model: 'gpt-5.4-mini', tokens: READ, usd: 0.022875 },
  { vendor: 'openai', model: 'gpt-5.4-mini', tokens: CACHED, usd: 0.022875, second: FREE_WRITE },
  { vendor: 'openai', model: 'o3', tokens: THINKING, usd: 0.103 },
  { vendor: 'openai', model: 'o1-preview-2024-09-12', tokens: THINKING, usd: 0.7725, assumed: 'o1-preview' },
  { vendor: 'openai', model: 'o1-preview-2024-09-12', tokens: READ, usd: 0.4275, assumed: 'o1-preview', second: NO_OLD_CACHE },
  { vendor: 'anthropic', model: 'claude-opus-5-5', tokens: THINKING, usd: 0.254 },
  { vendor: 'anthropic', model: 'claude-opus-5-5', tokens: CACHED, usd: 0.105 },
  { vendor: 'anthropic', model: 'claude-fable-5-1', tokens: CACHED, usd: 0.25875 },
  { vendor: 'anthropic', model: 'claude-haiku-4-5', tokens: READ, usd: 0.0265 },
  { vendor: 'anthropic', model: 'claude-sonnet-5-5', tokens: THINKING, usd: 0.127, assumed: 'claude-sonnet-5' },
  { vendor: 'anthropic', model: 'claude-sonnet-4-5', tokens: input(200_000), usd: 0.615 },
  { vendor: 'anthropic', model: 'claude-sonnet-4-5', tokens: LONG_CACHED, usd: 0.69 },
  { vendor: 'anthropic', model: 'claude-sonnet-4-6', tokens: LONG, usd: 1.02 },
  { vendor: 'anthropic', model: 'claude-sonnet-4-6', tokens: LONG, usd: 1.98, at: '2026-03-01T12:00:00Z', second: NO_HISTORY },
  {
    vendor: 'anthropic',
    model: 'claude-3-5-sonnet-20241022',
    tokens: PLAIN,
    usd: 0.0705,
    assumed: 'claude-3-5-sonnet',
    second: 'does not know it',
  },
  { vendor: 'gemini', model: 'gemini-3.8-flash', tokens: THINKING, usd: 0.047625 },
  { vendor: 'gemini', model: 'gemini-3.8-flash', tokens: CACHED, usd: 0.019875, second: FREE_WRITE },
  { vendor: 'gemini', model: 'gemini-3.8-flash', tokens: PLAIN, usd: 0.03525, at: '2027-01-01T00:00:00Z', second: NO_HISTORY },
  {
    vendor: 'gemini',
    model: 'gemini-3.8-flash-lite',
    tokens: PLAIN,
    usd: 0.017625,
    assumed: 'gemini-3.8-flash',
    second: 'does not know it',
  },
  { vendor: 'gemini', model: 'gemini-3.1-pro-preview', tokens: LONG, usd: 1.344 },
  { vendor: 'gemini', model: 'gemini-2.5-pro', tokens: input(200_000), usd: 0.26 },
  { vendor: 'gemini', model: 'gemini-2.5-pro', tokens: { ...LONG, read: 100_000, reasoning: 4_000 }, usd: 0.645 },
  { vendor: 'deepseek', model: 'deepseek-v4-pro', tokens: THINKING, usd: 0.02607, second: DEEPSEEK_PRO },
  {
    vendor: 'deepseek',
    model: 'deepseek-v4-pro',
    tokens: THINKING,
    usd: 0.05214,
    at: '2026-11-22T03:07:00Z',
    second: DEEPSEEK_PRO,
  },
  {
    vendor: 'deepseek',
    model: 'deepseek-v4-pro',
    tokens: READ,
    usd: 0.0231,
    at: '2026-11-22T06:00:00Z',
    second: DEEPSEEK_PRO,
  },
  {
    vendor: 'deepseek',
    model: 'deepseek-v4-pro',
    tokens: READ,
    usd: 0.01155,
    at: '2026-11-22T10:00:00Z',
    second: DEEPSEEK_PRO,
  },
  { vendor: 'deepseek', model: 'deepseek-v4-flash', tokens: READ, usd: 0.003845, second: DEEPSEEK_FLASH },
  {
    vendor: 'deepseek',
    model: 'deepseek-v4-flash',
    tokens: PLAIN,
    usd: 0.00161,
    at: '2026-08-16T12:00:00Z',
    second: NO_HISTORY,
  },
  { vendor: 'groq', model: 'openai/gpt-oss-120b', tokens: THINKING, usd: 0.007725, second: OTHER_HOST },
  { vendor: 'groq', model: 'llama-3.3-70b-versatile', tokens: PLAIN, usd: 0.005225 },
  { vendor: 'groq', model: 'qwen/qwen3-32b', tokens: THINKING, usd: 0.008095, second: OTHER_HOST },
  { vendor: 'cerebras', model: 'gpt-oss-120b', tokens: THINKING, usd: 0.010225 },
  { vendor: 'cerebras', model: 'zai-glm-4.7', tokens: THINKING, usd: 0.040875, second: 'does not know it' },
  { vendor: 'mistral', model: 'mistral-medium-latest', tokens: READ, usd: 0.03975 },
  { vendor: 'mistral', model: 'mistral-large-latest', tokens: PLAIN, usd: 0.031, assumed: 'mistral-large', second: OLD_ALIAS },
  { vendor: 'mistral', model: 'magistral-medium-latest', tokens: THINKING, usd: 0.067, assumed: 'magistral-medium' },
  {
    vendor: 'mistral',
    model: 'magistral-medium-latest',
    tokens: READ,
    usd: 0.06,
    assumed: 'magistral-medium',
    second: NO_CACHE_ROW,
  },
  { vendor: 'xai', model: 'grok-4.6', tokens: THINKING, usd: 0.079 },
  { vendor: 'xai', model: 'grok-4.6', tokens: input(199_999), usd: 0.405998 },
  { vendor: 'xai', model: 'grok-4.6', tokens: input(200_000), usd: 0.812 },
  { vendor: 'xai', model: 'grok-4.5', tokens: { ...LONG, read: 250_000 }, usd: 0.446 },
  { vendor: 'perplexity', model: 'sonar-pro-search', tokens: PLAIN, usd: 0.0705, second: 'does not know it' },
  { vendor: 'openrouter', model: 'anthropic/claude-haiku-4.5', tokens: CACHED, usd: 0.027 },
  { vendor: 'openrouter', model: 'deepseek/deepseek-v4-pro', tokens: READ, usd: 0.005709375 },
  { vendor: 'openrouter', model: 'openai/gpt-6-luna', tokens: THINKING, usd: 0.00635, second: 'does not know it' },
  { vendor: 'openrouter', model: 'qwen/qwq-32b', tokens: THINKING, usd: 0.002925, second: 'does not know it' },
  { vendor: 'azure', model: 'o3-mini', tokens: THINKING, usd: 0.05665, assumed: 'o3-mini' },
  { vendor: 'azure', model: 'o1', tokens: READ, usd: 0.4275, assumed: 'o1' },
];

/** Models whose price nobody can say: they show no figure. */
const UNKNOWN: readonly (readonly [Vendor, string, string])[] = [
  ['openai', 'gpt-6.1-sol', 'newer than the list'],
  ['openai', 'ft:gpt-4.1:acme::abc123', 'a fine-tuned model has a price of its own'],
  ['anthropic', 'claude-fable-5-2', 'newer than the list; the second library assumes its predecessor'],
  ['anthropic', 'claude-haiku-5-5', 'newer than the list'],
  ['gemini', 'claude-opus-4-5', 'another vendor’s model'],
  ['deepseek', 'deepseek-flash', 'newer than the list'],
  ['groq', 'whisper-large-v3', 'charged by the second of sound'],
  ['perplexity', 'sonar', 'charged by the request as well'],
  ['perplexity', 'sonar-reasoning-pro', 'charged by the request as well'],
  ['perplexity', 'sonar-deep-research', 'charged by searches and citations as well'],
  ['openrouter', 'deepseek/deepseek-r1:free', 'listed as free without a figure'],
  ['openrouter', 'somebody/model', 'in no list'],
  ['azure', 'gpt-6-sol', 'a deployment is named freely, and Azure lists none of that name'],
  ['qwen', 'qwen3-max', 'Alibaba is in no list'],
  ['qwen', 'qwq-plus', 'Alibaba is in no list'],
];

const usageOf = (tokens: Tokens): Usage => ({
  inputTokens: tokens.in,
  outputTokens: tokens.out,
  ...(tokens.reasoning === undefined ? {} : { reasoningTokens: tokens.reasoning }),
  ...(tokens.read === undefined ? {} : { cacheReadTokens: tokens.read }),
  ...(tokens.write === undefined ? {} : { cacheWriteTokens: tokens.write }),
  basis: 'reported',
});

const priceOf = (vendor: Vendor, model: string, at = NOON): Promise<Price | undefined> =>
  createPricing({ overlay: {} }).priceFor(endpointOf(vendor), model, new Date(at));

/** Dollars by the list's own arithmetic. */
function genaiPrices({ vendor, model, tokens, at = NOON }: CostCase): number | undefined {
  const usage = {
    input_tokens: tokens.in,
    output_tokens: tokens.out,
    cache_read_tokens: tokens.read ?? 0,
    cache_write_tokens: tokens.write ?? 0,
  };
  return calcPrice(usage, model, { providerId: VENDORS[vendor][1], timestamp: new Date(at) })?.total_price;
}

/** Dollars by the second library; undefined for what it does not know. It throws then. */
function secondLibrary({ model, tokens }: CostCase): number | undefined {
  const { read = 0, write = 0, reasoning = 0 } = tokens;
  try {
    return calculateCost({
      model,
      usage: {
        inputTokens: tokens.in,
        outputTokens: tokens.out,
        totalTokens: tokens.in + tokens.out,
        inputTokenDetails: { noCacheTokens: tokens.in - read - write, cacheReadTokens: read, cacheWriteTokens: write },
        outputTokenDetails: { textTokens: tokens.out - reasoning, reasoningTokens: reasoning },
      },
    }).totalCost;
  } catch {
    return undefined;
  }
}

/** Within a nano-dollar, ours being rounded up, and what floating point leaves. */
const isSame = (nanoUsd: number, usd: number): boolean => Math.abs(nanoUsd - usd * 1e9) < 1.001;
/** The second library rounds to millionths of a dollar. */
const isSameRounded = (nanoUsd: number, usd: number): boolean => Math.abs(nanoUsd - usd * 1e9) < 501;

describe('what a usage costs', () => {
  for (const case_ of CASES) {
    const { vendor, model, tokens, usd, at, assumed, second } = case_;
    const about = Object.entries(tokens).map(([name, count]) => `${count} ${name}`);
    test(`${vendor}:${model}, ${about.join(', ')}${at ? `, ${at}` : ''}`, async () => {
      const price = await priceOf(vendor, model, at);
      const ours = price?.costOf(usageOf(tokens));
      assert.ok(price && ours !== undefined);
      assert.equal(ours, Math.round(usd * 1e9));
      assert.equal(price.assumedModel, assumed);
      const theirs = genaiPrices(case_);
      assert.ok(theirs !== undefined && isSame(ours, theirs), `genai-prices says ${theirs}, we say ${ours / 1e9}`);
      const other = secondLibrary(case_);
      const verdict = other === undefined ? 'does not know it' : isSameRounded(ours, other) ? undefined : 'disagrees';
      assert.equal(verdict, typeof second === 'object' ? 'disagrees' : second, `the second says ${other}, we say ${ours / 1e9}`);
    });
  }
});

describe('what nobody knows has no figure', () => {
  for (const [vendor, model, why] of UNKNOWN) {
    test(`${vendor}:${model}: ${why}`, async () => {
      const price = await priceOf(vendor, model);
      assert.equal(price, undefined);
      const usage = usageOf(PLAIN);
      const safeUsage = { inputTokens: 1, outputTokens: 1 };
      const cost = settlement({ sent: true, began: true, finish: 'stop', usage, meterUsage: usage, safeUsage, price });
      assert.deepEqual(cost, { basis: 'unknown' });
    });
  }
  test('half a usage at a known price', async () => {
    const price = await priceOf('openai', 'gpt-6-sol');
    assert.equal(price?.costOf({ inputTokens: 5 }), undefined);
    assert.equal(price?.costOf({ outputTokens: 5 }), undefined);
  });
});

test('the cases are many, and of every vendor', () => {
  assert.ok(CASES.length >= 40, `${CASES.length} cases`);
  const vendors = new Set([...CASES.map(({ vendor }) => vendor), ...UNKNOWN.map(([vendor]) => vendor)]);
  assert.deepEqual([...vendors].sort(), Object.keys(VENDORS).sort());
  assert.ok(CASES.every(({ usd }) => usd > 0));
});
