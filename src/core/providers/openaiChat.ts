/**
 * The Chat Completions wire, as OpenAI, OpenRouter, Ollama, LM Studio, vLLM, llama.cpp, Groq, DeepSeek and others speak it.
 *
 * One reader for all dialects: thinking comes as `reasoning_content`, `reasoning`, `reasoning_details`, typed content parts or
 * `<think>` in the content, never as two of them added up. The answer is complete at `[DONE]`, at usage that follows a finish reason,
 * or at a clean end after a finish reason (or after usage: Ollama may leave the reason null).
 */
import type { ChatCompletionContentPart, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { FinishReason, ModelRequest, Usage } from '../../shared/model.ts';
import { nanoFromUsd } from '../../shared/money.ts';
import type { Endpoint } from '../contracts.ts';
import { type CallContext, errorFromPayload } from './errors.ts';
import { asArray, asObject, asText, type Json } from './json.ts';
import { createOpenAi, isOpenAiHost, loadOpenAi, readOpenAiModels } from './openaiClient.ts';
import { createThinkSplitter } from './thinkTags.ts';
import { openAiUsage, sameUsage } from './usage.ts';
import type { Emit, Wire, WireMapper } from './wire.ts';

export const openaiChat: Wire = {
  api: 'openai-chat',
  load: loadOpenAi,
  write: (request, endpoint) => ({ body: buildBody(request, endpoint), adjustments: [] }),
  content: ['messages'],
  open: async (connection, body) => {
    const client = await createOpenAi(connection);
    return client.post('/chat/completions', { body, stream: true, signal: connection.signal }).asResponse();
  },
  mapper: createMapper,
  openModels: async (connection) => {
    const client = await createOpenAi(connection);
    return client.get('/models', { signal: connection.signal }).asResponse();
  },
  models: readOpenAiModels,
};

function buildBody(request: ModelRequest, endpoint: Endpoint): Json {
  const own = isOpenAiHost(endpoint);
  const onlyText = request.parts.every((part) => part.type === 'text');
  const parts = request.parts.map(
    (part): ChatCompletionContentPart =>
      part.type === 'text'
        ? { type: 'text', text: part.text }
        : { type: 'image_url', image_url: { url: `data:${part.mediaType};base64,${part.base64}`, detail: 'auto' } },
  );
  // Servers without image input often take a plain string only.
  const content = onlyText ? request.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n') : parts;
  const body: ChatCompletionCreateParamsStreaming = {
    model: request.model,
    messages: [
      ...(request.system === '' ? [] : [{ role: 'system', content: request.system } as const]),
      { role: 'user', content },
    ],
    ...(own ? { max_completion_tokens: request.maxOutputTokens } : { max_tokens: request.maxOutputTokens }),
    ...(request.effort === undefined ? {} : { reasoning_effort: request.effort }),
    stream: true,
    stream_options: { include_usage: true, ...(own ? { include_obfuscation: false } : {}) },
  };
  return { ...body };
}

/** What the vendors' finish reasons mean; `undefined`: the answer failed. Lower case. */
const FINISH: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['stop_sequence', 'stop'],
  ['end_turn', 'stop'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['complete', 'stop'],
  ['completed', 'stop'],
  ['tool_calls', 'stop'],
  ['function_call', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['model_length', 'length'],
  ['content_filter', 'content-filter'],
  ['content_filtered', 'content-filter'],
  ['refusal', 'content-filter'],
  ['safety', 'content-filter'],
  ['sensitive', 'content-filter'],
]);

function createMapper(emit: Emit, context: CallContext): WireMapper {
  let finished = false;
  let servedModel: string | undefined;
  let responseId: string | undefined;
  let finishReason: string | undefined;
  let usage: Usage | undefined;
  let billedNanoUsd: number | undefined;
  let sawAnswer = false;
  let sawThinking = false;
  let sawReasoningField = false;
  let refused = false;

  const text = (value: string): void => {
    sawAnswer = true;
    emit({ type: 'text-delta', text: value });
  };
  const reasoning = (value: string): void => {
    sawThinking = true;
    emit({ type: 'reasoning-delta', text: value });
  };
  const splitter = createThinkSplitter(reasoning, text);

  const fail = (payload: unknown): void => {
    if (finished) return;
    splitter.end();
    finished = true;
    emit({ type: 'finish', reason: 'error', error: errorFromPayload(context, payload) });
  };

  const finish = (): void => {
    if (finished) return;
    splitter.end();
    const reason = finishReason === undefined ? 'stop' : FINISH.get(finishReason);
    if (reason === undefined) {
      const payload = { code: finishReason, message: `The answer ended with “${finishReason}”.` };
      fail(payload);
      return;
    }
    finished = true;
    emit({ type: 'finish', reason: reason === 'stop' && refused ? 'content-filter' : reason });
  };

  const takeIdentity = (chunk: Json): void => {
    const model = asText(chunk.model);
    const id = asText(chunk.id);
    if ((model === undefined || servedModel !== undefined) && (id === undefined || responseId !== undefined)) return;
    servedModel ??= model;
    responseId ??= id;
    emit({ type: 'response-start', ...(servedModel ? { servedModel } : {}), ...(responseId ? { responseId } : {}) });
  };

  /** A delta, or the message of a whole answer: they have the same fields. */
  const takeDelta = (delta: Json): void => {
    const thought = asText(delta.reasoning_content) ?? asText(delta.reasoning) ?? asText(detailsText(delta.reasoning_details));
    if (thought) {
      sawReasoningField = true;
      reasoning(thought);
    }
    const { content } = delta;
    if (typeof content === 'string') takeContent(content);
    // Mistral streams typed parts: `{type:'thinking',thinking:[{text}]}` and `{type:'text',text}`.
    for (const entry of asArray(content)) {
      const part = asObject(entry);
      const thinking = asText(part?.thinking) ?? asText(detailsText(part?.thinking));
      if (thinking) reasoning(thinking);
      const value = asText(part?.text);
      if (value && part?.type !== 'thinking') takeContent(value);
    }
    const refusal = asText(delta.refusal);
    if (refusal) {
      refused = true;
      takeContent(refusal);
    }
  };

  const takeContent = (content: string): void => {
    if (content === '') return;
    // A server with a field for thinking means the tag literally.
    if (sawReasoningField) {
      splitter.end();
      text(content);
    } else splitter.push(content);
  };

  const takeUsage = (chunk: Json): boolean => {
    const raw = asObject(chunk.usage) ?? asObject(asObject(chunk.x_groq)?.usage);
    if (!raw) return false;
    const counts = openAiUsage(raw);
    const billed = billedCost(raw) ?? billedNanoUsd;
    if (billed !== billedNanoUsd || (counts && !sameUsage(counts, usage))) {
      usage = counts ?? usage ?? { basis: 'reported' };
      billedNanoUsd = billed;
      emit({ type: 'usage', usage, ...(billed === undefined ? {} : { billedNanoUsd: billed }) });
    }
    return counts !== undefined;
  };

  const takeChoice = (choice: Json): void => {
    const reason = asText(choice.finish_reason);
    const delta = asObject(choice.delta);
    if (delta) takeDelta(delta);
    const message = asObject(choice.message);
    // Some servers repeat the whole answer at the end; it counts only if nothing came before.
    if (message && !sawAnswer) takeDelta(message);
    if (reason) finishReason ??= reason.toLowerCase();
  };

  const take = (chunk: Json, name: string | undefined): void => {
    if (finished) return;
    const choice = asArray(chunk.choices)
      .map(asObject)
      .find((entry) => entry !== undefined && (entry.index ?? 0) === 0);
    const error = chunk.error ?? choice?.error;
    if (error || name === 'error' || chunk.object === 'error') {
      fail(error ? { error } : chunk);
      return;
    }
    takeIdentity(chunk);
    if (choice) takeChoice(choice);
    if (takeUsage(chunk) && finishReason !== undefined) finish();
  };

  return {
    take,
    end: (how) => {
      splitter.end();
      const saidAnything = sawAnswer || sawThinking;
      if (finishReason !== undefined || (saidAnything && (how === 'done' || usage !== undefined))) finish();
    },
    flush: () => splitter.end(),
    whole: (body) => {
      if (!Array.isArray(body.choices)) return false;
      take(body, undefined);
      finish();
      return true;
    },
    isSettling: () => finishReason !== undefined,
  };
}

function detailsText(details: unknown): string {
  let text = '';
  for (const entry of asArray(details)) {
    const detail = asObject(entry);
    text += asText(detail?.text) ?? asText(detail?.summary) ?? '';
  }
  return text;
}

/**
 * OpenRouter's `usage.cost`, in US dollars. With a key of one's own at the upstream vendor (`is_byok`) that is OpenRouter's fee alone,
 * and the vendor's charge stands beside it (openrouter.ai, usage accounting).
 */
function billedCost(usage: Json): number | undefined {
  const cost = dollars(usage.cost);
  if (cost === undefined || usage.is_byok !== true) return cost === undefined ? undefined : nanoFromUsd(cost);
  const upstream = dollars(asObject(usage.cost_details)?.upstream_inference_cost);
  return upstream === undefined ? undefined : nanoFromUsd(cost + upstream);
}

const dollars = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 1_000_000 ? value : undefined;
