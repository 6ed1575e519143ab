/**
 * The OpenAI Responses wire.
 *
 * Protocol facts are those of the `openai` package's `ResponseStreamEvent`. Text is taken from deltas; the copies that `*.done` and the
 * final event repeat are used only for a part that never came as deltas, as some proxies send it.
 */
import type { ResponseCreateParamsStreaming, ResponseInputContent } from 'openai/resources/responses/responses';
import type { ModelRequest } from '../../shared/model.ts';
import type { Endpoint } from '../contracts.ts';
import { type CallContext, errorFromPayload } from './errors.ts';
import { asArray, asCount, asObject, asText, type Json } from './json.ts';
import { createOpenAi, isOpenAiHost, loadOpenAi, readOpenAiModels } from './openaiClient.ts';
import { openAiUsage } from './usage.ts';
import type { Emit, Wire, WireMapper } from './wire.ts';

export const openaiResponses: Wire = {
  api: 'openai-responses',
  load: loadOpenAi,
  write: (request, endpoint) => ({ body: buildBody(request, endpoint), adjustments: [] }),
  content: ['input', 'instructions'],
  open: async (connection, body) => {
    const client = await createOpenAi(connection);
    return client.post('/responses', { body, stream: true, signal: connection.signal }).asResponse();
  },
  mapper: createMapper,
  openModels: async (connection) => {
    const client = await createOpenAi(connection);
    return client.get('/models', { signal: connection.signal }).asResponse();
  },
  models: readOpenAiModels,
};

function buildBody(request: ModelRequest, endpoint: Endpoint): Json {
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
    ...(request.effort === undefined
      ? {}
      : { reasoning: request.effort === 'none' ? { effort: 'none' } : { effort: request.effort, summary: 'auto' } }),
    stream: true,
    store: false,
    ...(isOpenAiHost(endpoint) ? { stream_options: { include_obfuscation: false } } : {}),
  };
  return { ...body };
}

/** The states of a response that is over. */
const ENDED: ReadonlySet<string> = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

function createMapper(emit: Emit, context: CallContext): WireMapper {
  let started = false;
  let finished = false;
  let anyText = false;
  let anyReasoning = false;
  let refused = false;
  /** Parts that came as deltas, by kind and position. */
  const streamed = new Set<string>();
  let reasoningPart = '';
  let lastNumber = -1;
  let lastMark = '';
  let numbersAreReliable = true;

  const finish = (event: Parameters<Emit>[0] & { type: 'finish' }): void => {
    if (finished) return;
    finished = true;
    emit(event);
  };
  const text = (value: string): void => {
    anyText = true;
    emit({ type: 'text-delta', text: value });
  };
  const reasoning = (value: string, part: string): void => {
    const gap = anyReasoning && part !== reasoningPart ? '\n\n' : '';
    reasoningPart = part;
    anyReasoning = true;
    emit({ type: 'reasoning-delta', text: gap + value });
  };
  const start = (response: Json | undefined): void => {
    if (started || !response) return;
    started = true;
    const servedModel = asText(response.model);
    const responseId = asText(response.id);
    emit({ type: 'response-start', ...(servedModel ? { servedModel } : {}), ...(responseId ? { responseId } : {}) });
  };

  /**
   * True for a delta that was sent before: a repeated or earlier `sequence_number` of a part that has begun. A server that gives one
   * number to two different events, or an old number to a new part, does not count; its numbers say nothing.
   */
  const isRepeated = (event: Json, part: string): boolean => {
    const number = asCount(event.sequence_number);
    if (number === undefined || !numbersAreReliable) return false;
    const mark = `${part} ${event.type} ${event.delta}`;
    if (number > lastNumber) {
      lastNumber = number;
      lastMark = mark;
      return false;
    }
    const isNewPart = event.delta !== undefined && !streamed.has(part);
    numbersAreReliable = !isNewPart && (number < lastNumber || mark === lastMark);
    return numbersAreReliable;
  };

  /** A part's texts come as `….delta` and are repeated as `….done`, with the same position. */
  const partOf = (event: Json, type: string): string =>
    `${type.slice(0, type.lastIndexOf('.'))} ${event.item_id} ${event.output_index} ${event.summary_index ?? event.content_index}`;

  const show = (type: string, value: string, part: string): void => {
    streamed.add(part);
    if (type.startsWith('response.reasoning')) {
      reasoning(value, part);
      return;
    }
    if (type.startsWith('response.refusal')) refused = true;
    text(value);
  };

  /** A whole output item, for servers that send no deltas of it. */
  const takeItem = (item: Json, index: number, textWanted: boolean, reasoningWanted: boolean): void => {
    if (item.type === 'reasoning' && reasoningWanted) {
      for (const [list, kind] of [
        [asArray(item.summary), 'summary'],
        [asArray(item.content), 'content'],
      ] as const) {
        for (const [at, part] of list.entries()) {
          const value = asText(asObject(part)?.text);
          if (value) reasoning(value, `item ${index} ${kind} ${at}`);
        }
      }
    }
    if (item.type !== 'message' || !textWanted) return;
    for (const entry of asArray(item.content)) {
      const part = asObject(entry);
      const value = asText(part?.text);
      const refusalText = asText(part?.refusal);
      if (value) text(value);
      if (refusalText) {
        refused = true;
        text(refusalText);
      }
    }
  };

  const takeOutput = (response: Json): void => {
    const textWanted = !anyText;
    const reasoningWanted = !anyReasoning;
    for (const [index, entry] of asArray(response.output).entries()) {
      const item = asObject(entry);
      if (item) takeItem(item, index, textWanted, reasoningWanted);
    }
  };

  const conclude = (response: Json, eventStatus: string): void => {
    start(response);
    takeOutput(response);
    const usage = openAiUsage(response.usage);
    if (usage) emit({ type: 'usage', usage });
    const said = asText(response.status);
    const status = said !== undefined && ENDED.has(said) ? said : eventStatus;
    const error = asObject(response.error);
    if (status === 'failed' || status === 'cancelled' || error) {
      const payload = error ?? { message: status === 'cancelled' ? 'The answer was cancelled on the server.' : '' };
      finish({ type: 'finish', reason: 'error', error: errorFromPayload(context, payload) });
    } else if (status === 'incomplete') {
      const reason = asText(asObject(response.incomplete_details)?.reason) ?? 'max_output_tokens';
      if (reason.startsWith('max_')) finish({ type: 'finish', reason: 'length' });
      else if (reason === 'content_filter') finish({ type: 'finish', reason: 'content-filter' });
      else
        finish({
          type: 'finish',
          reason: 'error',
          error: errorFromPayload(context, { message: `The answer ended early: ${reason}` }),
        });
    } else {
      finish({ type: 'finish', reason: refused ? 'content-filter' : 'stop' });
    }
  };

  const take = (event: Json, name: string | undefined): void => {
    if (finished) return;
    const type = asText(event.type) ?? name ?? '';
    const part = partOf(event, type);
    const repeated = isRepeated(event, part);
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta': {
        const delta = asText(event.delta);
        if (delta && !repeated) show(type, delta, part);
        return;
      }
      case 'response.output_text.done':
      case 'response.refusal.done':
      case 'response.reasoning_summary_text.done':
      case 'response.reasoning_text.done': {
        const whole = asText(event.text) ?? asText(event.refusal);
        if (whole && !streamed.has(part)) show(type, whole, part);
        return;
      }
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        start(asObject(event.response));
        return;
      case 'response.completed':
        conclude(asObject(event.response) ?? {}, 'completed');
        return;
      case 'response.incomplete':
        conclude(asObject(event.response) ?? {}, 'incomplete');
        return;
      case 'response.failed':
        conclude(asObject(event.response) ?? {}, 'failed');
        return;
      case 'error':
        finish({ type: 'finish', reason: 'error', error: errorFromPayload(context, event) });
        return;
      default:
        // Error objects without a type come from proxies; everything else unknown is ignored, as the protocol asks.
        if (event.type === undefined && event.error !== undefined) {
          finish({ type: 'finish', reason: 'error', error: errorFromPayload(context, event) });
        }
    }
  };

  return {
    take,
    // Only `response.completed`, `.incomplete`, `.failed` and `error` end an answer.
    end: () => undefined,
    whole: (body) => {
      if (!Array.isArray(body.output)) return false;
      conclude(body, 'completed');
      return finished;
    },
  };
}
