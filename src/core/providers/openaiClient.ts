/**
 * The OpenAI client as both OpenAI wires use it: told everything, so that it looks for nothing in the environment; no retries, no
 * time-out and no log of its own; and the list of models that OpenAI's and compatible servers give.
 */
import type { OpenAI } from 'openai';
import { EFFORTS } from '../../shared/model.ts';
import type { Endpoint, ModelInfo } from '../contracts.ts';
import { asArray, asCount, asObject, asText, type Json } from './json.ts';
import { NO_TIMEOUT_MS, SILENT_LOGGER } from './sdkOptions.ts';
import { type Connection, modelRows } from './wire.ts';

export const loadOpenAi = () => import('./openaiSdk.ts');

export async function createOpenAi(connection: Connection): Promise<OpenAI> {
  const { OpenAI } = await loadOpenAi();
  return new OpenAI({
    apiKey: connection.apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: connection.baseUrl,
    fetch: connection.fetch,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: 'off',
    logger: SILENT_LOGGER,
  });
}

/** OpenAI's own servers know parameters that compatible ones refuse, and the other way round. */
export const isOpenAiHost = (endpoint: Endpoint): boolean => {
  const host = URL.parse(endpoint.baseUrl)?.hostname ?? '';
  return host === 'api.openai.com' || host.endsWith('.api.openai.com');
};

/** OpenAI lists all its models together; these do not answer in text. */
const NO_TEXT_MODEL =
  /embedding|tts|whisper|dall-e|image|realtime|audio|transcribe|moderation|sora|babbage|davinci|computer-use|search/;

/** `GET /models` of OpenAI, OpenRouter, vLLM, Ollama, LM Studio and their like. */
export function readOpenAiModels(list: Json, endpoint: Endpoint): readonly ModelInfo[] {
  const own = isOpenAiHost(endpoint);
  return modelRows(list).flatMap((row): readonly ModelInfo[] => {
    const id = asText(row.id) ?? asText(row.model) ?? asText(row.name);
    if (id === undefined || (own && NO_TEXT_MODEL.test(id))) return [];
    const top = asObject(row.top_provider);
    const label = asText(row.name);
    const contextTokens =
      asCount(row.context_length) ?? asCount(row.max_model_len) ?? asCount(row.context_window) ?? asCount(row.max_context_length);
    const maxOutputTokens = asCount(top?.max_completion_tokens) ?? asCount(row.max_completion_tokens);
    const inputs = asArray(asObject(row.architecture)?.input_modalities);
    const efforts = asArray(asObject(row.reasoning)?.supported_efforts).flatMap((word) =>
      EFFORTS.filter((effort) => effort === word),
    );
    return [
      {
        id,
        ...(label === undefined || label === id ? {} : { label }),
        ...(contextTokens === undefined ? {} : { contextTokens }),
        ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
        ...(inputs.length === 0 ? {} : { imageInput: inputs.includes('image') }),
        ...(efforts.length === 0 ? {} : { efforts }),
      },
    ];
  });
}
