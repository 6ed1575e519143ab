/**
 * The endpoints known without any setting. Rows of data: to add one is to add a row, and a row in the settings with the same name
 * replaces it. How each of them differs from its wire is the table in `dialects.ts`.
 */
import type { Endpoint } from '../contracts.ts';

/** Model ids as published by the vendors in November 2026; the picker asks the endpoint itself where it can. */
export const BUILT_IN_ENDPOINTS: readonly Endpoint[] = [
  {
    id: 'openai',
    label: 'OpenAI',
    api: 'openai-responses',
    dialect: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    keyEnv: 'OPENAI_API_KEY',
    needsKey: true,
    suggestedModels: ['gpt-6-luna', 'gpt-5.4-mini', 'gpt-6.1-terra', 'gpt-6-sol', 'gpt-6.1-sol', 'gpt-6-astra'],
  },
  {
    id: 'anthropic',
    label: 'Anthropic',
    api: 'anthropic-messages',
    dialect: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    keyEnv: 'ANTHROPIC_API_KEY',
    needsKey: true,
    suggestedModels: ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5-2'],
  },
  {
    id: 'gemini',
    label: 'Google Gemini',
    api: 'openai-chat',
    dialect: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    keyEnv: 'GEMINI_API_KEY',
    needsKey: true,
    suggestedModels: ['gemini-3.8-flash', 'gemini-3.5-flash-lite', 'gemini-3.1-pro-preview', 'gemini-2.5-flash'],
  },
  {
    id: 'deepseek',
    label: 'DeepSeek',
    api: 'openai-chat',
    dialect: 'deepseek',
    // api-docs.deepseek.com names this address; `/v1` is an alias that has nothing to do with the model's version.
    baseUrl: 'https://api.deepseek.com',
    keyEnv: 'DEEPSEEK_API_KEY',
    needsKey: true,
    suggestedModels: ['deepseek-v4-flash', 'deepseek-v4-pro'],
  },
  {
    id: 'groq',
    label: 'Groq',
    api: 'openai-chat',
    dialect: 'groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    keyEnv: 'GROQ_API_KEY',
    needsKey: true,
    suggestedModels: ['openai/gpt-oss-20b', 'openai/gpt-oss-120b', 'qwen/qwen3-32b'],
  },
  {
    id: 'cerebras',
    label: 'Cerebras',
    api: 'openai-chat',
    dialect: 'cerebras',
    baseUrl: 'https://api.cerebras.ai/v1',
    keyEnv: 'CEREBRAS_API_KEY',
    needsKey: true,
    suggestedModels: ['gpt-oss-120b'],
  },
  {
    id: 'mistral',
    label: 'Mistral',
    api: 'openai-chat',
    dialect: 'mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    keyEnv: 'MISTRAL_API_KEY',
    needsKey: true,
    suggestedModels: ['mistral-small-latest', 'mistral-medium-3-5', 'codestral-2508', 'mistral-large-2512'],
  },
  {
    id: 'xai',
    label: 'xAI',
    api: 'openai-chat',
    dialect: 'xai',
    baseUrl: 'https://api.x.ai/v1',
    keyEnv: 'XAI_API_KEY',
    needsKey: true,
    suggestedModels: ['grok-4.6', 'grok-4.3', 'grok-build-0.1'],
  },
  {
    id: 'perplexity',
    label: 'Perplexity',
    api: 'openai-chat',
    dialect: 'perplexity',
    baseUrl: 'https://api.perplexity.ai',
    keyEnv: 'PERPLEXITY_API_KEY',
    needsKey: true,
    suggestedModels: ['sonar', 'sonar-pro', 'sonar-reasoning-pro'],
  },
  {
    id: 'qwen',
    label: 'Alibaba Qwen',
    api: 'openai-chat',
    dialect: 'qwen',
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    keyEnv: 'DASHSCOPE_API_KEY',
    needsKey: true,
    suggestedModels: ['qwen-flash', 'qwen-plus', 'qwen3.8-max', 'qwq-plus'],
  },
  {
    id: 'openrouter',
    label: 'OpenRouter',
    api: 'openai-chat',
    dialect: 'openrouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyEnv: 'OPENROUTER_API_KEY',
    needsKey: true,
    suggestedModels: ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5', 'deepseek/deepseek-v4-pro', 'openai/gpt-oss-120b'],
  },
  local('ollama', 'Ollama', 11_434),
  local('lmstudio', 'LM Studio', 1234),
  local('llamacpp', 'llama.cpp', 8080),
  local('vllm', 'vLLM', 8000),
  // Asked through VS Code, which knows where they live.
  { id: 'vscode', label: 'VS Code', api: 'vscode-lm', baseUrl: '', needsKey: false },
];

/** A server on this machine at its own default port, which wants no key. It lists its models itself. */
function local(id: string, label: string, port: number): Endpoint {
  return { id, label, api: 'openai-chat', dialect: id, baseUrl: `http://127.0.0.1:${port}/v1`, needsKey: false };
}
