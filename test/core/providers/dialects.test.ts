/** What is asked of every dialect: the exact parameters of chosen requests, and what must hold for all of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Endpoint } from '../../../src/core/contracts.ts';
import { DIALECT_NAMES, DIALECTS, dialectOf, familyOf, GENERIC } from '../../../src/core/providers/dialects.ts';
import {
  BUILT_IN_ENDPOINTS,
  createProvider,
  describeRequest,
  effortsOf,
  offersBackground,
} from '../../../src/core/providers/index.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import { APIS, EFFORTS, type Effort, type ModelRequest } from '../../../src/shared/model.ts';
import type { Adjustment } from '../../../src/shared/sending.ts';
import { startModelServer } from '../../servers/models.ts';
import { CANARY, collect, endpoint, finishOf, LIMITS } from './wireCase.ts';

/** The rows that speak a wire: the models of VS Code do not. */
const WIRED = BUILT_IN_ENDPOINTS.filter(({ api }) => api !== 'vscode-lm');

const at = (dialect: string, api: Endpoint['api'] = 'openai-chat'): Endpoint => {
  const own = BUILT_IN_ENDPOINTS.find((row) => row.dialect === dialect);
  return { ...endpoint('openai-chat'), api: dialect === 'anthropic' ? 'anthropic-messages' : (own?.api ?? api), dialect };
};

const REQUEST: ModelRequest = {
  model: 'm',
  system: '',
  parts: [{ type: 'text', text: 'T' }],
  maxOutputTokens: 40_000,
};

/** What every Chat request has; the limit by the dialect's name for it. */
const CHAT = { stream: true, stream_options: { include_usage: true }, max_tokens: 40_000 };
const CHAT_NEW = { stream: true, stream_options: { include_usage: true }, max_completion_tokens: 40_000 };
const RESPONSES = {
  stream: true,
  store: false,
  max_output_tokens: 40_000,
  stream_options: { include_obfuscation: false },
  service_tier: 'default',
};
const MESSAGES = { stream: true, max_tokens: 40_000, service_tier: 'standard_only' };
const ADAPTIVE = { type: 'adaptive', display: 'summarized' };

interface Case {
  readonly dialect: string;
  readonly api?: Endpoint['api'];
  readonly asked: Partial<ModelRequest> & { readonly model: string };
  readonly sent: Readonly<Record<string, unknown>>;
  readonly adjustments?: readonly Adjustment[];
}

const cases: readonly Case[] = [
  // OpenAI
  {
    dialect: 'openai',
    asked: { model: 'gpt-6-luna', effort: 'none' },
    sent: { ...RESPONSES, reasoning: { effort: 'none' } },
  },
  {
    dialect: 'openai',
    asked: { model: 'gpt-6.1-sol', effort: 'none' },
    sent: { ...RESPONSES, reasoning: { effort: 'low', summary: 'auto' } },
    adjustments: [{ asked: 'effort none', sent: 'reasoning.effort: low', reason: 'gpt-6.1-sol cannot be told not to think' }],
  },
  {
    dialect: 'openai',
    asked: { model: 'gpt-5-mini', effort: 'max', thinkingBudgetTokens: 8000 },
    sent: { ...RESPONSES, reasoning: { effort: 'high', summary: 'auto' } },
    adjustments: [
      { asked: 'thinking budget 8,000', reason: 'gpt-5-mini takes no number of thinking tokens here' },
      {
        asked: 'effort max',
        sent: 'reasoning.effort: high',
        reason: 'OpenAI knows minimal, low, medium and high for gpt-5-mini',
      },
    ],
  },
  {
    dialect: 'openai',
    asked: { model: 'gpt-4.1-mini', effort: 'high' },
    sent: RESPONSES,
    adjustments: [{ asked: 'effort high', reason: 'gpt-4.1-mini takes no effort here' }],
  },
  {
    dialect: 'openai',
    asked: { model: 'davinci-9', effort: 'high' },
    sent: RESPONSES,
    adjustments: [{ asked: 'effort high', reason: 'it is not known that davinci-9 takes one here' }],
  },
  {
    dialect: 'openai',
    asked: { model: 'gpt-6-sol', effort: 'high', background: true },
    sent: { ...RESPONSES, reasoning: { effort: 'high', summary: 'auto' }, background: true, store: true },
  },
  // Azure: the id is a deployment's name.
  { dialect: 'azure', asked: { model: 'our-model', effort: 'xhigh' }, sent: { ...CHAT_NEW, reasoning_effort: 'xhigh' } },
  {
    dialect: 'azure',
    asked: { model: 'gpt-5', effort: 'high', background: true },
    sent: { ...CHAT_NEW, reasoning_effort: 'high' },
    adjustments: [{ asked: 'background run', reason: 'only the Responses API of OpenAI and Azure has them' }],
  },
  // Anthropic
  {
    dialect: 'anthropic',
    asked: { model: 'claude-opus-5-5' },
    sent: { ...MESSAGES, thinking: ADAPTIVE },
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-fable-5-2', effort: 'none' },
    sent: { ...MESSAGES, thinking: ADAPTIVE, output_config: { effort: 'low' } },
    adjustments: [
      { asked: 'effort none', sent: 'output_config.effort: low', reason: 'claude-fable-5-2 cannot be told not to think' },
    ],
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-sonnet-5-5', effort: 'none' },
    sent: { ...MESSAGES, thinking: { type: 'between_tools' } },
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-haiku-5-5', effort: 'minimal' },
    sent: { ...MESSAGES, thinking: ADAPTIVE, output_config: { effort: 'low' } },
    adjustments: [
      {
        asked: 'effort minimal',
        sent: 'output_config.effort: low',
        reason: 'Anthropic knows none, low, medium, high, xhigh and max for claude-haiku-5-5',
      },
    ],
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-haiku-4-5', effort: 'medium' },
    sent: { ...MESSAGES, thinking: { type: 'enabled', budget_tokens: 8192, display: 'summarized' } },
    adjustments: [
      {
        asked: 'effort medium',
        sent: 'thinking.budget_tokens: 8192',
        reason: 'claude-haiku-4-5 takes a number of tokens in place of a word',
      },
    ],
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-sonnet-4-5-20250929', thinkingBudgetTokens: 500, effort: 'high' },
    sent: { ...MESSAGES, thinking: { type: 'enabled', budget_tokens: 1024, display: 'summarized' } },
    adjustments: [
      {
        asked: 'thinking budget 500',
        sent: 'thinking.budget_tokens: 1024',
        reason: '1,024 tokens are the least it takes',
      },
      { asked: 'effort high', reason: 'the thinking budget is sent in its place' },
    ],
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-opus-4-5', thinkingBudgetTokens: 50_000 },
    sent: { ...MESSAGES, thinking: { type: 'enabled', budget_tokens: 30_000, display: 'summarized' } },
    adjustments: [
      {
        asked: 'thinking budget 50,000',
        sent: 'thinking.budget_tokens: 30000',
        reason: "it must be less than the answer's limit of 40,000 tokens",
      },
    ],
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-opus-4-1', thinkingBudgetTokens: 2000, maxOutputTokens: 1000 },
    sent: { ...MESSAGES, max_tokens: 1000 },
    adjustments: [
      {
        asked: 'thinking budget 2,000',
        reason: "thinking takes at least 1,024 tokens, and the answer's limit is 1,000",
      },
    ],
  },
  {
    dialect: 'anthropic',
    asked: { model: 'claude-3-5-haiku-latest', effort: 'none' },
    sent: MESSAGES,
    adjustments: [{ asked: 'effort none', reason: 'claude-3-5-haiku-latest takes no effort here' }],
  },
  // Google
  {
    dialect: 'gemini',
    asked: { model: 'gemini-3.8-flash', effort: 'minimal' },
    sent: { ...CHAT, extra_body: { google: { thinking_config: { thinking_level: 'low', include_thoughts: true } } } },
    adjustments: [
      {
        asked: 'effort minimal',
        sent: 'extra_body.google.thinking_config.thinking_level: low',
        reason: 'Google knows low, medium and high for gemini-3.8-flash',
      },
    ],
  },
  {
    dialect: 'gemini',
    asked: { model: 'models/gemini-3.8-flash', effort: 'high' },
    sent: { ...CHAT, extra_body: { google: { thinking_config: { thinking_level: 'high', include_thoughts: true } } } },
  },
  {
    dialect: 'gemini',
    asked: { model: 'gemini-2.5-flash', effort: 'none' },
    sent: { ...CHAT, extra_body: { google: { thinking_config: { thinking_budget: 0, include_thoughts: false } } } },
  },
  {
    dialect: 'gemini',
    asked: { model: 'gemini-2.5-pro', effort: 'none' },
    sent: { ...CHAT, extra_body: { google: { thinking_config: { thinking_budget: 128, include_thoughts: true } } } },
    adjustments: [
      {
        asked: 'effort none',
        sent: 'extra_body.google.thinking_config.thinking_budget: 128',
        reason: 'gemini-2.5-pro cannot be told not to think',
      },
    ],
  },
  { dialect: 'gemini', asked: { model: 'gemini-2.0-flash' }, sent: CHAT },
  // DeepSeek
  {
    dialect: 'deepseek',
    asked: { model: 'deepseek-v4-pro', effort: 'medium' },
    sent: { ...CHAT, thinking: { type: 'enabled' }, reasoning_effort: 'high' },
    adjustments: [
      {
        asked: 'effort medium',
        sent: 'reasoning_effort: high',
        reason: 'DeepSeek knows none, low, high and max for deepseek-v4-pro',
      },
    ],
  },
  {
    dialect: 'deepseek',
    asked: { model: 'deepseek-v4-pro', effort: 'xhigh' },
    sent: { ...CHAT, thinking: { type: 'enabled' }, reasoning_effort: 'high' },
    adjustments: [
      {
        asked: 'effort xhigh',
        sent: 'reasoning_effort: high',
        reason: 'DeepSeek knows none, low, high and max for deepseek-v4-pro',
      },
    ],
  },
  {
    dialect: 'deepseek',
    asked: { model: 'deepseek-v4-flash', effort: 'none', thinkingBudgetTokens: 1000 },
    sent: { ...CHAT, thinking: { type: 'disabled' } },
    adjustments: [{ asked: 'thinking budget 1,000', reason: 'deepseek-v4-flash takes no number of thinking tokens here' }],
  },
  // Groq, Cerebras
  { dialect: 'groq', asked: { model: 'openai/gpt-oss-120b', effort: 'low' }, sent: { ...CHAT_NEW, reasoning_effort: 'low' } },
  { dialect: 'groq', asked: { model: 'qwen/qwen3-32b' }, sent: { ...CHAT_NEW, reasoning_format: 'parsed' } },
  {
    dialect: 'groq',
    asked: { model: 'qwen/qwen3-32b', effort: 'high' },
    sent: { ...CHAT_NEW, reasoning_format: 'parsed' },
    adjustments: [{ asked: 'effort high', reason: 'qwen/qwen3-32b thinks or does not; it has no degrees' }],
  },
  { dialect: 'groq', asked: { model: 'qwen/qwen3-32b', effort: 'none' }, sent: { ...CHAT_NEW, reasoning_effort: 'none' } },
  {
    dialect: 'cerebras',
    asked: { model: 'qwen-3.8-27b', effort: 'xhigh' },
    sent: { ...CHAT_NEW, reasoning_effort: 'high', reasoning_format: 'parsed' },
    adjustments: [
      {
        asked: 'effort xhigh',
        sent: 'reasoning_effort: high',
        reason: 'Cerebras knows none, low, medium and high for qwen-3.8-27b',
      },
    ],
  },
  // Mistral refuses what it does not know.
  {
    dialect: 'mistral',
    asked: { model: 'mistral-small-latest', effort: 'low' },
    sent: { stream: true, max_tokens: 40_000, reasoning_effort: 'high' },
    adjustments: [
      { asked: 'effort low', sent: 'reasoning_effort: high', reason: 'Mistral knows none and high for mistral-small-latest' },
    ],
  },
  {
    dialect: 'mistral',
    asked: { model: 'magistral-medium-latest', effort: 'high' },
    sent: { stream: true, max_tokens: 40_000, prompt_mode: 'reasoning' },
    adjustments: [{ asked: 'effort high', reason: 'magistral-medium-latest takes no effort here' }],
  },
  // xAI, Perplexity
  { dialect: 'xai', asked: { model: 'grok-4.3', effort: 'none' }, sent: { ...CHAT_NEW, reasoning_effort: 'none' } },
  {
    dialect: 'xai',
    asked: { model: 'grok-4-1-fast-reasoning', effort: 'high' },
    sent: CHAT_NEW,
    adjustments: [{ asked: 'effort high', reason: 'grok-4-1-fast-reasoning takes no effort here' }],
  },
  {
    dialect: 'perplexity',
    asked: { model: 'sonar-deep-research', effort: 'minimal' },
    sent: { stream: true, max_tokens: 40_000, reasoning_effort: 'minimal' },
  },
  // Qwen
  { dialect: 'qwen', asked: { model: 'qwen-plus', effort: 'none' }, sent: { ...CHAT, enable_thinking: false } },
  {
    dialect: 'qwen',
    asked: { model: 'qwen3.8-max', effort: 'high' },
    sent: { ...CHAT, enable_thinking: true, thinking_budget: 24_576 },
    adjustments: [
      { asked: 'effort high', sent: 'thinking_budget: 24576', reason: 'qwen3.8-max takes a number of tokens in place of a word' },
    ],
  },
  {
    dialect: 'qwen',
    asked: { model: 'qwen-plus', effort: 'none', thinkingBudgetTokens: 2000 },
    sent: { ...CHAT, enable_thinking: false },
    adjustments: [{ asked: 'thinking budget 2,000', reason: 'thinking is switched off' }],
  },
  { dialect: 'qwen', asked: { model: 'qwen-plus', thinkingBudgetTokens: 0 }, sent: { ...CHAT, enable_thinking: false } },
  {
    dialect: 'qwen',
    asked: { model: 'qwq-plus', effort: 'none' },
    sent: CHAT,
    adjustments: [{ asked: 'effort none', reason: 'qwq-plus takes no effort here' }],
  },
  // OpenRouter
  { dialect: 'openrouter', asked: { model: 'x/y', effort: 'max' }, sent: { ...CHAT, reasoning: { effort: 'max' } } },
  {
    dialect: 'openrouter',
    asked: { model: 'x/y', thinkingBudgetTokens: 2048 },
    sent: { ...CHAT, reasoning: { max_tokens: 2048 } },
  },
  {
    dialect: 'openrouter',
    asked: { model: 'anthropic/claude-opus-5.5', thinkingBudgetTokens: 2048, effort: 'high' },
    sent: { ...CHAT, reasoning: { effort: 'high' } },
    adjustments: [
      { asked: 'thinking budget 2,048', reason: 'anthropic/claude-opus-5.5 takes no number of thinking tokens here' },
    ],
  },
  // On this machine
  { dialect: 'ollama', asked: { model: 'qwen3:8b', effort: 'none' }, sent: { ...CHAT, reasoning_effort: 'none' } },
  {
    dialect: 'ollama',
    asked: { model: 'qwen3:8b', effort: 'minimal' },
    sent: { ...CHAT, reasoning_effort: 'low' },
    adjustments: [
      {
        asked: 'effort minimal',
        sent: 'reasoning_effort: low',
        reason: 'Ollama knows none, low, medium, high and max for qwen3:8b',
      },
    ],
  },
  {
    dialect: 'ollama',
    asked: { model: 'llama3.2:3b', effort: 'high' },
    sent: CHAT,
    adjustments: [{ asked: 'effort high', reason: 'llama3.2:3b takes no effort here' }],
  },
  { dialect: 'lmstudio', asked: { model: 'openai/gpt-oss-20b', effort: 'high' }, sent: { ...CHAT, reasoning_effort: 'high' } },
  {
    dialect: 'llamacpp',
    asked: { model: 'gpt-oss-20b-mxfp4.gguf', effort: 'high' },
    sent: { ...CHAT, chat_template_kwargs: { reasoning_effort: 'high' } },
  },
  {
    dialect: 'vllm',
    asked: { model: 'Qwen/Qwen3-8B', effort: 'none' },
    sent: { ...CHAT, chat_template_kwargs: { enable_thinking: false } },
  },
  {
    dialect: 'vllm',
    asked: { model: 'Qwen/Qwen3-8B', effort: 'high' },
    sent: { ...CHAT, chat_template_kwargs: { enable_thinking: true } },
    adjustments: [
      {
        asked: 'effort high',
        sent: 'chat_template_kwargs.enable_thinking: true',
        reason: 'Qwen/Qwen3-8B thinks or does not; it has no degrees',
      },
    ],
  },
  // Anyone
  { dialect: 'generic', asked: { model: 'm', effort: 'xhigh' }, sent: { ...CHAT, reasoning_effort: 'xhigh' } },
  {
    dialect: 'generic',
    asked: { model: 'm', thinkingBudgetTokens: 1000 },
    sent: CHAT,
    adjustments: [{ asked: 'thinking budget 1,000', reason: 'm takes no number of thinking tokens here' }],
  },
  {
    dialect: 'deepseek',
    api: 'anthropic-messages',
    asked: { model: 'deepseek-v4-pro', effort: 'max' },
    sent: { stream: true, max_tokens: 40_000, thinking: ADAPTIVE, output_config: { effort: 'max' } },
  },
];

describe('what is sent', () => {
  for (const { dialect, api, asked, sent, adjustments = [] } of cases) {
    const { model, effort, thinkingBudgetTokens, background } = asked;
    const name = [model, effort, thinkingBudgetTokens, background && 'background'].filter((word) => word !== undefined).join(' ');
    test(`${dialect}: ${name}`, () => {
      const to = api === undefined ? at(dialect) : { ...at(dialect), api };
      const described = describeRequest(to, { ...REQUEST, ...asked });
      assert.deepEqual(described.parameters, { model, ...sent });
      assert.deepEqual(described.adjustments, adjustments);
    });
  }

  test('is shown for every dialect', () => {
    const shown = new Set(cases.map(({ dialect }) => dialect));
    assert.deepEqual(
      DIALECT_NAMES.filter((id) => !shown.has(id)),
      [],
    );
  });
});

/** Models that together match every family of their dialect, beside one that none matches. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  openai: [
    'gpt-6-astra',
    'gpt-6-sol',
    'gpt-5-chat-latest',
    'gpt-5-pro',
    'gpt-5.5-pro',
    'gpt-5-codex',
    'gpt-5.3-codex',
    'gpt-5.1',
    'gpt-5.4-mini',
    'gpt-5-nano',
    'o1-preview',
    'o3-deep-research',
    'o3-mini',
    'o3',
    'gpt-4.1',
    'gpt-3.5-turbo',
  ],
  anthropic: [
    'claude-3-5-sonnet-latest',
    'claude-haiku-4-5-20251001',
    'claude-opus-4',
    'claude-sonnet-4-6',
    'claude-opus-4-8',
    'claude-sonnet-5-5',
    'claude-opus-5',
    'claude-sonnet-5',
    'claude-fable-5-1',
    'claude-saga-7',
  ],
  gemini: [
    'gemini-2.5-flash-image',
    'gemini-2.5-pro',
    'gemini-2.5-flash-lite',
    'gemini-2.5-flash',
    'gemini-3-pro-preview',
    'gemini-3.5-flash',
    'gemini-3.1-pro-preview',
    'gemini-2.0-flash',
  ],
  deepseek: ['deepseek-v4-flash', 'deepseek-chat'],
  groq: ['openai/gpt-oss-20b', 'qwen/qwen3.8-27b', 'meta-llama/llama-4-scout-17b-16e-instruct'],
  cerebras: ['gpt-oss-120b', 'qwen-3.8-27b', 'zai-glm-4.7'],
  mistral: ['mistral-large-4', 'magistral-small-latest'],
  xai: ['grok-4.7', 'grok-4.6', 'grok-4.3', 'grok-3-mini', 'grok-4-fast-reasoning', 'grok-code-fast-1'],
  perplexity: ['sonar-deep-research'],
  qwen: ['qwen3-coder-plus', 'qwen3-235b-a22b-thinking-2507', 'qwq-plus', 'qwen-plus'],
  openrouter: ['anthropic/claude-haiku-5.5', 'x/y'],
  ollama: ['llama3:8b', 'gpt-oss:20b', 'qwen3:8b'],
  lmstudio: ['openai/gpt-oss-20b'],
  llamacpp: ['gpt-oss-20b', 'Qwen3-Coder-30B', 'GLM-4.6', 'DeepSeek-V3.1'],
  vllm: ['openai/gpt-oss-20b', 'Qwen/Qwen3-4B-Instruct-2507', 'Qwen/Qwen3-8B', 'deepseek-ai/DeepSeek-V3.1'],
  azure: [
    'gpt-6-astra',
    'gpt-6-sol',
    'gpt-5-chat',
    'gpt-5-pro',
    'gpt-5.5-pro',
    'gpt-5-codex',
    'gpt-5.3-codex',
    'gpt-5.1',
    'gpt-5.4-mini',
    'gpt-5-nano',
    'o1-preview',
    'o3-deep-research',
    'o3-mini',
    'o3',
    'gpt-4.1',
    'gpt-35-turbo',
    'our-deployment',
  ],
  generic: ['anything'],
};

/** All values inside a body, with the names on the way. */
function leaves(value: unknown, path: readonly string[] = []): readonly { readonly path: string; readonly value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path: path.join('.'), value }];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

const NOT_ABOUT_THINKING = /^(model|stream|store|background|service_tier|max_\w+|stream_options\..*)$/;
const BUDGET = /(budget_tokens|thinking_budget|reasoning\.max_tokens)$/;
/** How a body says that there shall be no thinking. */
const OFF = new Set([
  'thinking.type: disabled',
  'thinking.type: between_tools',
  'enable_thinking: false',
  'extra_body.google.thinking_config.thinking_budget: 0',
  'chat_template_kwargs.enable_thinking: false',
  'chat_template_kwargs.thinking: false',
]);

function check(to: Endpoint, request: ModelRequest): void {
  const { parameters, adjustments } = describeRequest(to, request);
  const about = `${to.dialect} ${to.api} ${JSON.stringify(request)} -> ${JSON.stringify({ parameters, adjustments })}`;
  const family = familyOf(to, request.model);
  const all = leaves(parameters);
  const said = all.filter(({ path }) => !NOT_ABOUT_THINKING.test(path));
  const written = new Set(all.map(({ path, value }) => `${path}: ${value}`));
  const { effort, thinkingBudgetTokens: budget, maxOutputTokens } = request;
  const of = (asked: string): readonly Adjustment[] => adjustments.filter((adjustment) => adjustment.asked === asked);

  if (!family) assert.deepEqual(said, [], `nothing is said to a model nobody knows: ${about}`);
  const words = said.flatMap(({ value }) => EFFORTS.filter((word) => word === value));
  for (const word of words) assert.ok(family?.efforts.includes(word), `a word it does not know: ${about}`);
  assert.ok(words.length <= 1, about);

  const isOff = [...OFF].some((line) => written.has(line));
  if (effort !== undefined) {
    const literally = words[0] === effort || (effort === 'none' && isOff);
    assert.equal(of(`effort ${effort}`).length, literally ? 0 : 1, `effort: ${about}`);
    if (isOff) assert.equal(effort, 'none', `thinking is off unasked: ${about}`);
  } else if (budget !== 0) assert.deepEqual([words, isOff], [[], false], `effort unasked: ${about}`);

  const budgets = said.filter(({ path, value }) => BUDGET.test(path) && value !== 0).map(({ value }) => Number(value));
  for (const tokens of budgets) {
    assert.ok(tokens < maxOutputTokens, `as much thinking as answer: ${about}`);
    assert.ok(family?.budget && tokens >= family.budget.least, `below the least: ${about}`);
    assert.ok(tokens <= (family?.budget?.most ?? tokens), `above the most: ${about}`);
  }
  if (budget !== undefined) {
    const named = of(`thinking budget ${budget.toLocaleString('en-US')}`);
    const literally = budgets[0] === budget || (budget === 0 && effort === undefined && (isOff || words[0] === 'none'));
    assert.equal(named.length, literally ? 0 : 1, `budget: ${about}`);
  }

  for (const { sent, reason } of adjustments) {
    if (sent !== undefined) assert.ok(written.has(sent), `says it sent what it did not: ${about}`);
    assert.match(reason, /^\S.*[^.]$/);
  }
  const asked = [effort, budget].filter((thing) => thing !== undefined).length;
  assert.ok(adjustments.length <= asked, about);
}

describe('whatever is asked', () => {
  const efforts: readonly (Effort | undefined)[] = [undefined, ...EFFORTS];
  const budgets = [undefined, 0, 1, 127, 1024, 8000, 100_000];
  const limits = [1, 100, 1025, 4000, 200_000];
  for (const id of DIALECT_NAMES) {
    test(`${id} is told nothing it does not know, and every change is named`, () => {
      for (const api of APIS) {
        for (const model of [...(MODELS[id] ?? []), 'nobody-knows-it']) {
          for (const effort of efforts) {
            for (const thinkingBudgetTokens of budgets) {
              for (const maxOutputTokens of limits) {
                check(
                  { ...endpoint(api), dialect: id },
                  {
                    ...REQUEST,
                    model,
                    maxOutputTokens,
                    ...(effort === undefined ? {} : { effort }),
                    ...(thinkingBudgetTokens === undefined ? {} : { thinkingBudgetTokens }),
                  },
                );
              }
            }
          }
        }
      }
    });
  }

  test('every family is reached by a model', () => {
    for (const { id, families } of [...DIALECTS, GENERIC]) {
      const reached = new Set((MODELS[id] ?? []).map((model) => families.findIndex(({ models }) => models.test(model))));
      for (const [index, { models }] of families.entries()) assert.ok(reached.has(index), `${id}: no model reaches ${models}`);
    }
  });

  test('suggested models are known to their dialect', () => {
    for (const row of BUILT_IN_ENDPOINTS)
      for (const model of row.suggestedModels ?? [])
        assert.doesNotMatch(model, dialectOf(row).notText ?? /$^/, `${row.id} ${model}`);
  });
});

describe('an endpoint’s dialect', () => {
  const hosts: readonly (readonly [string, string])[] = [
    ['https://api.openai.com/v1', 'openai'],
    ['https://eu.api.openai.com/v1', 'openai'],
    ['https://api.openai.com.evil.example/v1', 'generic'],
    ['https://our.openai.azure.com/openai/v1', 'azure'],
    ['https://our.services.ai.azure.com/openai/v1', 'azure'],
    ['https://evilopenai.azure.com/v1', 'generic'],
    ['https://api.anthropic.com', 'anthropic'],
    ['https://dashscope.aliyuncs.com/compatible-mode/v1', 'qwen'],
    ['https://dashscope-us.aliyuncs.com/compatible-mode/v1', 'qwen'],
    ['http://localhost:11434/v1', 'ollama'],
    ['http://127.0.0.1:1234/v1', 'lmstudio'],
    ['http://127.0.0.1:8080/v1', 'generic'],
    ['https://api.example.com/v1', 'generic'],
  ];
  for (const [baseUrl, dialect] of hosts) {
    test(`${baseUrl} is ${dialect}`, () => {
      assert.equal(dialectOf(endpoint('openai-chat', baseUrl)).id, dialect);
    });
  }

  test('is the one it names, before its host', () => {
    assert.equal(dialectOf({ ...endpoint('openai-chat', 'https://api.openai.com/v1'), dialect: 'generic' }).id, 'generic');
  });

  test('of a built-in row is that of its host, but for ports that are everybody’s', () => {
    for (const { dialect, ...row } of WIRED)
      assert.equal(dialectOf(row).id, dialect === 'llamacpp' || dialect === 'vllm' ? 'generic' : dialect, row.id);
  });

  test('says which efforts a model takes, for choosing', () => {
    assert.deepEqual(effortsOf(at('deepseek'), 'deepseek-v4-pro'), ['none', 'low', 'high', 'max']);
    assert.deepEqual(effortsOf(at('openai'), 'gpt-4o'), []);
    assert.deepEqual(effortsOf(at('groq'), 'nobody-knows-it'), []);
    assert.equal(effortsOf(at('generic'), 'm'), undefined);
  });

  test('says where runs can go on in the background', () => {
    const offering = BUILT_IN_ENDPOINTS.filter(offersBackground).map(({ id }) => id);
    assert.deepEqual(offering, ['openai']);
    assert.ok(offersBackground(endpoint('openai-responses', 'https://our.openai.azure.com/openai/v1')));
    assert.ok(!offersBackground(endpoint('openai-chat', 'https://api.openai.com/v1')));
  });
});

describe('a call to', () => {
  const azure: Endpoint = { ...endpoint('openai-chat', 'https://our.openai.azure.com/openai/v1'), id: 'azure', dialect: 'azure' };
  const paths = { 'openai-responses': '/responses', 'openai-chat': '/chat/completions', 'anthropic-messages': '/v1/messages' };
  for (const row of [...WIRED, azure]) {
    test(row.id, async () => {
      await using server = await startModelServer({ text: 'Hello.', usage: { inputTokens: 3, outputTokens: 2 } });
      const base = new URL(row.baseUrl).pathname.replace(/\/$/, '');
      const to = { ...row, baseUrl: server.url + base };
      const provider = createProvider(to, { fetch: createNodeFetch(), ...(row.needsKey ? { key: CANARY } : {}) });
      const request: ModelRequest = { ...REQUEST, model: row.suggestedModels?.[0] ?? 'm', effort: 'low' };
      const events = await collect(provider.stream(request, { signal: new AbortController().signal, limits: LIMITS }));
      assert.deepEqual(finishOf(events), { type: 'finish', reason: 'stop' });

      const [arrived, ...more] = server.calls();
      assert.ok(arrived && more.length === 0);
      if (row.api === 'vscode-lm') throw new Error('has no wire');
      assert.equal(arrived.path, base + paths[row.api]);
      const credentials = ['authorization', 'api-key', 'x-api-key'].flatMap((name) =>
        arrived.headers[name] === undefined ? [] : [`${name}: ${arrived.headers[name]}`],
      );
      const expected = row.dialect === 'azure' ? `api-key: ${CANARY}` : `authorization: Bearer ${CANARY}`;
      assert.deepEqual(credentials, row.needsKey ? [expected] : []);
      const { parameters } = describeRequest(row, request);
      const body = arrived.json;
      assert.ok(typeof body === 'object' && body !== null);
      assert.deepEqual(
        Object.fromEntries(
          Object.entries(body).filter(([name]) => !['messages', 'input', 'instructions', 'system'].includes(name)),
        ),
        parameters,
      );
    });
  }
});
