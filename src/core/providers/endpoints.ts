/**
 * The endpoints known without any setting. Rows of data: to add one is to add a row, and a row in the settings with the same name
 * replaces it.
 */
import type { Endpoint } from '../contracts.ts';

/** Model ids as published by the vendors in November 2026; the picker asks the endpoint itself where it can. */
export const BUILT_IN_ENDPOINTS: readonly Endpoint[] = [
  {
    id: 'openai',
    label: 'OpenAI',
    api: 'openai-responses',
    baseUrl: 'https://api.openai.com/v1',
    keyEnv: 'OPENAI_API_KEY',
    needsKey: true,
    suggestedModels: ['gpt-6-luna', 'gpt-5.4-mini', 'gpt-6.1-terra', 'gpt-6-sol', 'gpt-6.1-sol', 'gpt-6-astra'],
  },
  {
    id: 'anthropic',
    label: 'Anthropic',
    api: 'anthropic-messages',
    baseUrl: 'https://api.anthropic.com',
    keyEnv: 'ANTHROPIC_API_KEY',
    needsKey: true,
    suggestedModels: ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5-2'],
  },
  {
    id: 'openrouter',
    label: 'OpenRouter',
    api: 'openai-chat',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyEnv: 'OPENROUTER_API_KEY',
    needsKey: true,
    suggestedModels: ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5', 'deepseek/deepseek-v4-pro', 'openai/gpt-oss-120b'],
  },
  { id: 'ollama', label: 'Ollama', api: 'openai-chat', baseUrl: 'http://127.0.0.1:11434/v1', needsKey: false },
  { id: 'lmstudio', label: 'LM Studio', api: 'openai-chat', baseUrl: 'http://127.0.0.1:1234/v1', needsKey: false },
];
