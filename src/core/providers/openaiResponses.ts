/**
 * The OpenAI Responses wire: its requests, its runs in the background, its count. How its events read is `responsesEvents.ts`.
 */
import type { ResponseCreateParamsStreaming, ResponseInputContent } from 'openai/resources/responses/responses';
import type { ModelRequest } from '../../shared/model.ts';
import type { Endpoint } from '../contracts.ts';
import { dialectOf, offersBackground, serviceTierOf } from './dialects.ts';
import { missingBackground, thinkingOf } from './effort.ts';
import { refusal } from './errors.ts';
import { createOpenAi, loadOpenAi } from './openaiClient.ts';
import { createResponsesMapper } from './responsesEvents.ts';
import type { Wire, WireRequest } from './wire.ts';

export const openaiResponses: Wire = {
  api: 'openai-responses',
  load: loadOpenAi,
  write,
  content: ['input', 'instructions'],
  open: async (connection, body) => {
    const client = await createOpenAi(connection);
    return client.post('/responses', { body, stream: true, signal: connection.signal }).asResponse();
  },
  mapper: createResponsesMapper,
  background: {
    reopen: async (connection, { responseId, after }) => {
      const client = await createOpenAi(connection);
      const query = { stream: true, ...(after === undefined ? {} : { starting_after: after }) };
      return client.get(pathOf(responseId), { query, stream: true, signal: connection.signal }).asResponse();
    },
    cancel: async (connection, responseId) => {
      const client = await createOpenAi(connection);
      return client.post(`${pathOf(responseId)}/cancel`, { signal: connection.signal }).asResponse();
    },
  },
  // `responses.inputTokens.count` of the SDK; other servers of this wire do not have it.
  counting: {
    offered: (endpoint) => dialectOf(endpoint).counts === true,
    parameters: ['model', 'input', 'instructions', 'reasoning', 'text', 'truncation'],
    open: async (connection, body) => {
      const client = await createOpenAi(connection);
      return client.post('/responses/input_tokens', { body, signal: connection.signal }).asResponse();
    },
  },
  openModels: async (connection) => {
    const client = await createOpenAi(connection);
    return client.get('/models', { signal: connection.signal }).asResponse();
  },
};

function write(request: ModelRequest, endpoint: Endpoint): WireRequest {
  const { padsEvents } = dialectOf(endpoint);
  const inBackground = request.background === true && offersBackground(endpoint);
  const thinking = thinkingOf(request, endpoint, ({ effort }) => {
    if (effort === undefined) return {};
    return { reasoning: effort === 'none' ? { effort } : { effort, summary: 'auto' } };
  });
  const content = request.parts.map(
    (part): ResponseInputContent =>
      part.type === 'text'
        ? { type: 'input_text', text: part.text }
        : { type: 'input_image', detail: 'auto', image_url: `data:${part.mediaType};base64,${part.base64}` },
  );
  const body: ResponseCreateParamsStreaming = {
    model: request.model,
    ...(request.system === '' ? {} : { instructions: request.system }),
    input: [{ role: 'user', content }],
    max_output_tokens: request.maxOutputTokens,
    stream: true,
    store: inBackground,
    ...(inBackground ? { background: true } : {}),
    ...(padsEvents ? { stream_options: { include_obfuscation: false } } : {}),
  };
  return {
    body: { ...body, ...serviceTierOf(endpoint), ...thinking.parameters },
    adjustments: [...thinking.adjustments, ...missingBackground(request, endpoint)],
  };
}

/** The address of a stored response. Its id came from a server: one that is no plain name must not lead anywhere else. */
function pathOf(responseId: string): string {
  if (!/^[\w-]+$/.test(responseId)) throw refusal('protocol', 'The id of the stored answer cannot be read. Run this lane again.');
  return `/responses/${responseId}`;
}
