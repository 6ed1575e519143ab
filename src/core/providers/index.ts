/**
 * Providers: an endpoint, a key and a way to fetch become something that can be asked.
 *
 * To add a wire protocol is to write one file that exports a {@link Wire} and to name it in {@link WIRES}.
 */
import type { LaneId } from '../../shared/comparison.ts';
import type { Api, EndpointApi, ModelRequest } from '../../shared/model.ts';
import {
  type Endpoint,
  ModelFailure,
  type ModelInfo,
  type Provider,
  type RequestDescription,
  type StreamLimits,
} from '../contracts.ts';
import { anthropicMessages } from './anthropicMessages.ts';
import { cleanKey, fenceCall, readBounded, requireUsable } from './call.ts';
import { cleanName, errorFromPayload, errorFromThrown, excerpt, protocolError, timeoutError } from './errors.ts';
import { asObject, parseJson } from './json.ts';
import { openaiChat } from './openaiChat.ts';
import { isOpenAiHost } from './openaiClient.ts';
import { openaiResponses } from './openaiResponses.ts';
import { callContext, type StreamDeps, streamCall } from './stream.ts';
import type { Wire } from './wire.ts';

export { originOf, validateBaseUrl } from './baseUrl.ts';
export { BUILT_IN_ENDPOINTS } from './endpoints.ts';
export { type FoundSecret, findSecrets, redact } from './redact.ts';

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

/** A list of models is read up to this size, and waited for this long. */
const MODELS_BYTES = 16 * 1024 * 1024;
const MODELS_MS = 30_000;

export type ProviderDeps = Omit<StreamDeps, 'endpoint'>;

const wireOf = (api: EndpointApi): Wire => {
  if (api === 'vscode-lm') throw new Error('the models of VS Code are reached through VS Code, not over a wire');
  return WIRES[api];
};

/** What a request would be on its wire, for showing; pure. */
export function describeRequest(endpoint: Endpoint, request: ModelRequest): RequestDescription {
  if (endpoint.scripted || endpoint.api === 'vscode-lm') return { parameters: {}, adjustments: [] };
  const wire = wireOf(endpoint.api);
  const { body, adjustments } = wire.write(request, endpoint);
  const parameters = Object.fromEntries(Object.entries(body).filter(([name]) => !wire.content.includes(name)));
  return { parameters, adjustments };
}

/** True where a run can go on on the provider's side while nobody listens: OpenAI's background mode. */
export const offersBackground = (endpoint: Endpoint): boolean => endpoint.api === 'openai-responses' && isOpenAiHost(endpoint);

/** Makes the provider of an endpoint. Nothing is loaded or sent before it is asked. */
export function createProvider(endpoint: StreamDeps['endpoint'], given: ProviderDeps): Provider {
  const deps: StreamDeps = { ...given, endpoint };
  const wire = wireOf(endpoint.api);
  return {
    prepare: async () => void (await wire.load()),
    stream: (request, options) => streamCall(wire, deps, request, options),
    listModels: (signal) => listModels(wire, deps, signal),
  };
}

async function listModels(wire: Wire, deps: StreamDeps, signal: AbortSignal): Promise<readonly ModelInfo[]> {
  const { endpoint } = deps;
  const context = callContext(deps);
  const key = cleanKey(deps.key);
  const patience = AbortSignal.timeout(MODELS_MS);
  const both = AbortSignal.any([signal, patience]);
  try {
    requireUsable(endpoint, key);
    const call = fenceCall(context, key, deps.fetch, both);
    const response = await wire.openModels(call.connection).catch((error: unknown) => {
      throw call.failure(error);
    });
    const { text, whole } = await readBounded(response, MODELS_BYTES, MODELS_MS, both);
    both.throwIfAborted();
    const parsed = parseJson(text);
    const list = Array.isArray(parsed) ? { data: parsed } : asObject(parsed);
    if (list?.error) throw new ModelFailure(errorFromPayload(context, list));
    if (!whole || !list || !(Array.isArray(list.data) || Array.isArray(list.models))) {
      const words = excerpt(text, context.secrets);
      throw new ModelFailure(
        protocolError(context, `did not answer with a list of models: “${words}” Check the endpoint's base URL.`),
      );
    }
    return wire.models(list, endpoint).map((model) => ({
      ...model,
      id: cleanName(model.id, context),
      ...(model.label === undefined ? {} : { label: cleanName(model.label, context) }),
    }));
  } catch (error) {
    // The caller's own abort is not a failure of the endpoint.
    if (signal.aborted) throw signal.reason;
    if (patience.aborted) throw new ModelFailure(timeoutError(context, `did not list its models within ${MODELS_MS / 1000} s.`));
    throw error instanceof ModelFailure ? error : new ModelFailure(errorFromThrown(context, error));
  }
}
