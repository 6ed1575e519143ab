/**
 * Providers: an endpoint, a key and a way to fetch become something that can be asked.
 *
 * To add a wire protocol is to write one file that exports a {@link Wire} and to name it in {@link WIRES}; to add a vendor that speaks one
 * of them is to add rows: see `dialects.ts`.
 */
import type { LaneId } from '../../shared/comparison.ts';
import type { Api, EndpointApi, ModelRequest } from '../../shared/model.ts';
import { type Endpoint, ModelFailure, type Provider, type RequestDescription, type StreamLimits } from '../contracts.ts';
import { anthropicMessages } from './anthropicMessages.ts';
import { cleanKey, fenceCall, requireUsable } from './call.ts';
import { countTokens } from './counting.ts';
import { withoutEcho } from './echo.ts';
import { describeEditorRequest } from './editorRequest.ts';
import { listModels } from './modelLists.ts';
import { errorFromThrown } from './networkErrors.ts';
import { openaiChat } from './openaiChat.ts';
import { openaiResponses } from './openaiResponses.ts';
import { callContext, type StreamDeps, streamCall } from './stream.ts';
import type { Wire } from './wire.ts';

export { effortsOf, offersBackground } from './dialects.ts';
export { BUILT_IN_ENDPOINTS } from './endpoints.ts';

const WIRES: Readonly<Record<Api, Wire>> = {
  'openai-responses': openaiResponses,
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};

/** How long each role may be silent: a fast model that thinks for minutes is broken, a reasoning model is not. */
export const DEFAULT_LIMITS: Readonly<Record<LaneId, StreamLimits>> = {
  fast: { firstByteMs: 60_000, idleMs: 120_000, progressMs: 180_000 },
  reasoning: { firstByteMs: 600_000, idleMs: 300_000, progressMs: 900_000 },
};

/**
 * A run in the background may wait in a queue and think in silence for half an hour; its line costs nothing to make anew, so a silent one
 * is given up early.
 */
export const DEEP_RUN_LIMITS: StreamLimits = { firstByteMs: 180_000, idleMs: 120_000, progressMs: 2_700_000 };

export type ProviderDeps = Omit<StreamDeps, 'endpoint'>;

const wireOf = (api: EndpointApi): Wire => {
  if (api === 'vscode-lm') throw new Error('the models of VS Code are reached through VS Code, not over a wire');
  return WIRES[api];
};

/** What a request would be on its wire, for showing; pure. */
export function describeRequest(endpoint: Endpoint, request: ModelRequest): RequestDescription {
  if (endpoint.scripted) return { parameters: {}, adjustments: [] };
  if (endpoint.api === 'vscode-lm') return describeEditorRequest(request);
  const wire = wireOf(endpoint.api);
  const { body, adjustments } = wire.write(request, endpoint);
  const parameters = Object.fromEntries(Object.entries(body).filter(([name]) => !wire.content.includes(name)));
  return { parameters, adjustments };
}

/** Makes the provider of an endpoint. Nothing is loaded or sent before it is asked. */
export function createProvider(endpoint: StreamDeps['endpoint'], given: ProviderDeps): Provider {
  const deps: StreamDeps = { ...given, endpoint };
  const wire = wireOf(endpoint.api);
  const { counting } = wire;
  return {
    prepare: async () => void (await wire.load()),
    stream: (request, options) => withoutEcho(streamCall(wire, deps, request, options), cleanKey(deps.key) ?? ''),
    listModels: (signal) => listModels(wire, deps, signal),
    ...(counting?.offered(endpoint)
      ? { countTokens: (request, signal) => countTokens({ ...wire, counting }, deps, request, signal) }
      : {}),
    ...(wire.background ? { cancel: (responseId, signal) => cancelRun(wire.background, deps, responseId, signal) } : {}),
  };
}

async function cancelRun(
  background: Wire['background'],
  deps: StreamDeps,
  responseId: string,
  signal: AbortSignal,
): Promise<void> {
  const context = callContext(deps);
  const key = cleanKey(deps.key);
  try {
    requireUsable(deps.endpoint, key);
    const { connection, failure } = fenceCall(context, key, deps.fetch, signal);
    const response = await background?.cancel(connection, responseId).catch((error: unknown) => {
      throw failure(error);
    });
    await response?.body?.cancel();
  } catch (error) {
    throw error instanceof ModelFailure ? error : new ModelFailure(errorFromThrown(context, error));
  }
}
