/**
 * The OpenAI client as both OpenAI wires use it: told everything, so that it looks for nothing in the environment; no retries, no
 * time-out and no log of its own.
 */
import type { OpenAI } from 'openai';
import { NO_TIMEOUT_MS, SILENT_LOGGER } from './sdkOptions.ts';
import type { Connection } from './wire.ts';

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
