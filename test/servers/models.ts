/**
 * Scripted models on loopback, on all three wires: given a text, its thinking, its usage and a pace, they stream it as the vendors do.
 * The wire is chosen by the path asked for, so one server stands for any endpoint.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { json, type RecordedRequest, type Responder, startServer, type TestServer } from './server.ts';

export interface ModelScript {
  readonly text: string;
  readonly reasoning?: string;
  /** What the server says was used; absent: it says nothing. */
  readonly usage?: ScriptUsage;
  /** Before the first byte. */
  readonly firstDelayMs?: number;
  /** Absent: as fast as the line. */
  readonly tokensPerSecond?: number;
  /** Asked before each token with how many went before it: until it settles nothing more comes. What is late then is made up for. */
  readonly hold?: (tokens: number) => Promise<unknown>;
  /** The end that the wire should tell; `stop` if absent. */
  readonly finish?: 'stop' | 'length' | 'content-filter';
  /** Instead of an answer. */
  readonly failure?: { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };
  /** After so many tokens the connection is cut, the line falls silent, or an error comes instead of the rest. */
  readonly fault?: { readonly afterTokens: number; readonly kind: 'reset' | 'silence' | 'end' | 'overloaded' };
  /** The model the server says it is; absent: the one asked for. */
  readonly servedModel?: string;
}

/** Totals, as the OpenAI wires count: cached input and reasoning are inside. */
export interface ScriptUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** US dollars, on the Chat wire, as OpenRouter bills. */
  readonly costUsd?: number;
}

/** A script for every request, or one chosen by the request. */
export type ModelScripts = ModelScript | ((request: RecordedRequest) => ModelScript);

export interface ModelServer extends TestServer {
  /** From now on models answer so. */
  script(scripts: ModelScripts): void;
  /** The requests for answers, without those for lists of models. */
  calls(): readonly RecordedRequest[];
}

/** Base URL for the OpenAI wires: `${url}/v1`; for Anthropic: `url`. Lists of models are answered with the given ids. */
export async function startModelServer(scripts: ModelScripts, models: readonly string[] = ['m']): Promise<ModelServer> {
  const server = await startServer(respond(scripts, models));
  return {
    ...server,
    script: (next) => server.answer(respond(next, models)),
    calls: () => server.requests.filter((request) => request.method === 'POST'),
  };
}

/** Answers `/responses`, `/chat/completions`, `/messages` and `/models` under any base path. */
export const respond =
  (scripts: ModelScripts, models: readonly string[] = ['m']): Responder =>
  async (request, response) => {
    const path = request.path.split('?')[0] ?? '';
    if (request.method === 'GET' && path.endsWith('/models')) {
      await json(200, { object: 'list', data: models.map((id) => ({ id, object: 'model', owned_by: 'test' })) })(
        request,
        response,
      );
      return;
    }
    const wire = path.endsWith('/responses')
      ? responsesEvents
      : path.endsWith('/chat/completions')
        ? chatEvents
        : path.endsWith('/messages')
          ? anthropicEvents
          : undefined;
    if (!wire) {
      await json(404, { error: { message: `no route ${path}`, type: 'not_found_error' } })(request, response);
      return;
    }
    const script = typeof scripts === 'function' ? scripts(request) : scripts;
    if (script.failure) {
      await json(script.failure.status, script.failure.body, script.failure.headers)(request, response);
      return;
    }
    await stream(response, script, wire(script, askedModel(request)));
  };

const askedModel = (request: RecordedRequest): string => {
  const { json } = request;
  return typeof json === 'object' && json !== null && 'model' in json && typeof json.model === 'string' ? json.model : 'm';
};

/** Text in pieces of about a token. */
export const tokensOf = (text: string): readonly string[] => text.match(/[\s\S]{1,4}/gu) ?? [];

/** A stream in the wire's own form; `token` marks what is paced and counted. */
export interface WireEvent {
  readonly bytes: string;
  readonly token?: boolean;
}

export interface WireStream {
  readonly events: readonly WireEvent[];
  /** How this wire tells in mid-stream that it is overloaded. */
  readonly overloaded: string;
}

async function stream(response: ServerResponse, script: ModelScript, wire: WireStream): Promise<void> {
  if (script.firstDelayMs) await sleep(script.firstDelayMs);
  if (response.destroyed) return;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.flushHeaders();
  const startMs = performance.now();
  let tokens = 0;
  for (const event of wire.events) {
    if (event.token) {
      if (script.fault && tokens === script.fault.afterTokens) {
        await breakDown(response, script.fault.kind, wire);
        return;
      }
      await script.hold?.(tokens);
      tokens++;
      const waitMs = script.tokensPerSecond ? startMs + (tokens * 1000) / script.tokensPerSecond - performance.now() : 0;
      if (waitMs > 1) await sleep(waitMs);
    }
    if (response.destroyed) return;
    if (!response.write(event.bytes)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}

async function breakDown(
  response: ServerResponse,
  kind: 'reset' | 'silence' | 'end' | 'overloaded',
  wire: WireStream,
): Promise<void> {
  switch (kind) {
    case 'reset':
      // Let what was written arrive first.
      await sleep(20);
      response.socket?.resetAndDestroy();
      return;
    case 'end':
      response.end();
      return;
    case 'overloaded':
      response.end(wire.overloaded);
      return;
    case 'silence':
  }
}

const named = (event: Record<string, unknown>): string => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`;
const data = (event: unknown): string => `data: ${JSON.stringify(event)}\n\n`;

/** The events of the Responses wire, numbered from 0. */
export function responsesEvents(script: ModelScript, asked: string, id = 'resp_1'): WireStream {
  let sequence_number = 0;
  const event = (type: string, fields: Record<string, unknown>): string =>
    named({ type, sequence_number: sequence_number++, ...fields });
  const base = {
    id,
    object: 'response',
    model: script.servedModel ?? asked,
    status: 'in_progress',
    output: [],
    usage: null,
  };
  const events: WireEvent[] = [
    { bytes: event('response.created', { response: base }) },
    { bytes: event('response.in_progress', { response: base }) },
  ];
  const output: unknown[] = [];
  if (script.reasoning) {
    const at = { item_id: 'rs_1', output_index: 0, summary_index: 0 };
    const part = { type: 'summary_text', text: script.reasoning };
    events.push({
      bytes: event('response.output_item.added', { output_index: 0, item: { id: 'rs_1', type: 'reasoning', summary: [] } }),
    });
    events.push({ bytes: event('response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } }) });
    for (const delta of tokensOf(script.reasoning)) {
      events.push({ token: true, bytes: event('response.reasoning_summary_text.delta', { ...at, delta }) });
    }
    events.push({ bytes: event('response.reasoning_summary_text.done', { ...at, text: script.reasoning }) });
    events.push({ bytes: event('response.reasoning_summary_part.done', { ...at, part }) });
    output.push({ id: 'rs_1', type: 'reasoning', summary: [part] });
    events.push({ bytes: event('response.output_item.done', { output_index: 0, item: output[0] }) });
  }
  const index = output.length;
  const at = { item_id: 'msg_1', output_index: index, content_index: 0 };
  const empty = { id: 'msg_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] };
  events.push({ bytes: event('response.output_item.added', { output_index: index, item: empty }) });
  events.push({
    bytes: event('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } }),
  });
  for (const delta of tokensOf(script.text))
    events.push({ token: true, bytes: event('response.output_text.delta', { ...at, delta }) });
  const part = { type: 'output_text', text: script.text, annotations: [] };
  const item = { ...empty, status: 'completed', content: [part] };
  events.push({ bytes: event('response.output_text.done', { ...at, text: script.text }) });
  events.push({ bytes: event('response.content_part.done', { ...at, part }) });
  events.push({ bytes: event('response.output_item.done', { output_index: index, item }) });
  output.push(item);
  const { usage } = script;
  const final = {
    ...base,
    output,
    usage: usage && {
      input_tokens: usage.inputTokens,
      input_tokens_details: { cached_tokens: usage.cacheReadTokens ?? 0, cache_write_tokens: usage.cacheWriteTokens ?? 0 },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
  };
  const cutShort = script.finish === 'length' || script.finish === 'content-filter';
  const reason = script.finish === 'length' ? 'max_output_tokens' : 'content_filter';
  events.push({
    bytes: cutShort
      ? event('response.incomplete', { response: { ...final, status: 'incomplete', incomplete_details: { reason } } })
      : event('response.completed', { response: { ...final, status: 'completed' } }),
  });
  return {
    events,
    overloaded: named({ type: 'error', code: 'server_overloaded', message: 'Overloaded', param: null, sequence_number }),
  };
}

function chatEvents(script: ModelScript, asked: string): WireStream {
  const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_790_000_000, model: script.servedModel ?? asked };
  const chunk = (delta: Record<string, unknown>, finish_reason: string | null = null): string =>
    data({ ...base, choices: [{ index: 0, delta, finish_reason }], usage: null });
  const events: WireEvent[] = [{ bytes: chunk({ role: 'assistant', content: '' }) }];
  for (const reasoning of tokensOf(script.reasoning ?? '')) events.push({ token: true, bytes: chunk({ reasoning }) });
  for (const content of tokensOf(script.text)) events.push({ token: true, bytes: chunk({ content }) });
  const finish = { stop: 'stop', length: 'length', 'content-filter': 'content_filter' }[script.finish ?? 'stop'];
  events.push({ bytes: chunk({}, finish) });
  const { usage } = script;
  if (usage) {
    const counts = {
      prompt_tokens: usage.inputTokens,
      prompt_tokens_details: { cached_tokens: usage.cacheReadTokens ?? 0, cache_write_tokens: usage.cacheWriteTokens ?? 0 },
      completion_tokens: usage.outputTokens,
      completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
      total_tokens: usage.inputTokens + usage.outputTokens,
      ...(usage.costUsd === undefined ? {} : { cost: usage.costUsd }),
    };
    events.push({ bytes: data({ ...base, choices: [], usage: counts }) });
  }
  events.push({ bytes: 'data: [DONE]\n\n' });
  return { events, overloaded: data({ error: { code: 503, message: 'Overloaded' } }) };
}

function anthropicEvents(script: ModelScript, asked: string): WireStream {
  const { usage } = script;
  const cached = (usage?.cacheReadTokens ?? 0) + (usage?.cacheWriteTokens ?? 0);
  const input = usage && {
    input_tokens: usage.inputTokens - cached,
    cache_read_input_tokens: usage.cacheReadTokens ?? 0,
    cache_creation_input_tokens: usage.cacheWriteTokens ?? 0,
  };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: script.servedModel ?? asked,
    content: [],
    stop_reason: null,
  };
  const events: WireEvent[] = [
    {
      bytes: named({
        type: 'message_start',
        message: { ...message, ...(input ? { usage: { ...input, output_tokens: 1 } } : {}) },
      }),
    },
    { bytes: named({ type: 'ping' }) },
  ];
  let index = 0;
  const block = (content_block: Record<string, unknown>, deltas: readonly Record<string, unknown>[]): void => {
    events.push({ bytes: named({ type: 'content_block_start', index, content_block }) });
    for (const delta of deltas) {
      events.push({ token: delta.type !== 'signature_delta', bytes: named({ type: 'content_block_delta', index, delta }) });
    }
    events.push({ bytes: named({ type: 'content_block_stop', index }) });
    index++;
  };
  if (script.reasoning) {
    const deltas = tokensOf(script.reasoning).map((thinking) => ({ type: 'thinking_delta', thinking }));
    block({ type: 'thinking', thinking: '', signature: '' }, [...deltas, { type: 'signature_delta', signature: 'c2lnbmF0dXJl' }]);
  }
  block(
    { type: 'text', text: '' },
    tokensOf(script.text).map((text) => ({ type: 'text_delta', text })),
  );
  const stop_reason = { stop: 'end_turn', length: 'max_tokens', 'content-filter': 'refusal' }[script.finish ?? 'stop'];
  const counts = usage && {
    ...input,
    output_tokens: usage.outputTokens,
    ...(usage.reasoningTokens === undefined ? {} : { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
  };
  events.push({
    bytes: named({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, ...(counts ? { usage: counts } : {}) }),
  });
  events.push({ bytes: named({ type: 'message_stop' }) });
  return { events, overloaded: named({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }) };
}
