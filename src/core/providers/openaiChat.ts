/**
 * The Chat Completions wire, as OpenAI, OpenRouter, Ollama, LM Studio, vLLM, llama.cpp, Groq, DeepSeek and others speak it. How they
 * differ in what they are asked is the table in `dialects.ts`.
 *
 * One reader for all dialects: thinking comes as `reasoning_content`, `reasoning`, `reasoning_details`, typed content parts or
 * `<think>` in the content, never as two of them added up. The answer is complete at `[DONE]`, at usage that follows a finish reason,
 * or at a clean end after a finish reason (or after usage: Ollama may leave the reason null).
 */
import type { ChatCompletionContentPart, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { FinishReason, ModelRequest } from '../../shared/model.ts';
import type { Endpoint } from '../contracts.ts';
import { dialectOf, serviceTierOf } from './dialects.ts';
import { missingBackground, thinkingOf } from './effort.ts';
import { type CallContext, errorFromPayload } from './errors.ts';
import { asArray, asObject, asText, type Json } from './json.ts';
import { createOpenAi, loadOpenAi } from './openaiClient.ts';
import { createServed } from './served.ts';
import { createThinkSplitter } from './thinkTags.ts';
import { billedCost, openAiUsage } from './usage.ts';
import type { Emit, Wire, WireMapper, WireRequest } from './wire.ts';

export const openaiChat: Wire = {
  api: 'openai-chat',
  load: loadOpenAi,
  write,
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
};

function write(request: ModelRequest, endpoint: Endpoint): WireRequest {
  const { limitName, takesStreamOptions, padsEvents } = dialectOf(endpoint);
  const thinking = thinkingOf(request, endpoint, ({ effort }) => (effort === undefined ? {} : { reasoning_effort: effort }));
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
    [limitName]: request.maxOutputTokens,
    stream: true,
    ...(takesStreamOptions
      ? { stream_options: { include_usage: true, ...(padsEvents ? { include_obfuscation: false } : {}) } }
      : {}),
  };
  return {
    body: { ...body, ...serviceTierOf(endpoint), ...thinking.parameters },
    adjustments: [...thinking.adjustments, ...missingBackground(request, endpoint)],
  };
}

/**
 * What the vendors' finish reasons mean; `undefined`: the answer failed. Lower case. Proxies hand on those of Anthropic, of Amazon
 * (docs.aws.amazon.com, Converse, `stopReason`) and of Google (ai.google.dev, `FinishReason`) as they are.
 */
const FINISH: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['stop_sequence', 'stop'],
  ['end_turn', 'stop'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['complete', 'stop'],
  ['completed', 'stop'],
  ['tool_calls', 'stop'],
  ['tool_use', 'stop'],
  ['function_call', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['content_filter', 'content-filter'],
  ['content-filter', 'content-filter'],
  ['content_filtered', 'content-filter'],
  ['guardrail_intervened', 'content-filter'],
  ['refusal', 'content-filter'],
  ['safety', 'content-filter'],
  ['sensitive', 'content-filter'],
  ['recitation', 'content-filter'],
  ['prohibited_content', 'content-filter'],
  ['blocklist', 'content-filter'],
  ['spii', 'content-filter'],
]);

function createMapper(emit: Emit, context: CallContext): WireMapper {
  let finished = false;
  let finishReason: string | undefined;
  /** The final usage came. */
  let counted = false;
  /** Usage that came before the finish reason, while nothing was said after it; `isApart`: in a chunk of its own. */
  let running: { readonly raw: Json; readonly isApart: boolean } | undefined;
  let runningCounts = 0;
  let isWhole = false;
  const { thoughts } = dialectOf(context.endpoint);
  /** Something came, be it the beginning of a tag. */
  let said = false;
  let sawReasoningField = false;
  let refused = false;

  const text = (value: string): void => {
    emit({ type: 'text-delta', text: value });
  };
  const reasoning = (value: string): void => {
    emit({ type: 'reasoning-delta', text: value });
  };
  const splitter = createThinkSplitter(reasoning, text);
  const identify = createServed(emit);

  const fail = (payload: unknown): void => {
    if (finished) return;
    flush();
    finished = true;
    emit({ type: 'finish', reason: 'error', error: errorFromPayload(context, payload) });
  };

  /** True for usage that says the end by itself: the only one, in a chunk of its own, after all that was said. */
  const isLastWord = (): boolean => said && running?.isApart === true && runningCounts === 1;

  const flush = (): void => {
    splitter.end();
    if (running && isLastWord()) report(running.raw);
  };

  const finish = (): void => {
    if (finished) return;
    splitter.end();
    if (running) report(running.raw);
    // Gemini says more after a colon: `content_filter: RECITATION`.
    const reason = finishReason === undefined ? 'stop' : FINISH.get(finishReason.replace(/:.*/s, ''));
    if (reason === undefined) {
      const payload = { code: finishReason, message: `The answer ended with “${finishReason}”.` };
      fail(payload);
      return;
    }
    finished = true;
    emit({ type: 'finish', reason: reason === 'stop' && refused ? 'content-filter' : reason });
  };

  /** A delta, or the message of a whole answer: they have the same fields. */
  const takeDelta = (delta: Json): void => {
    const thought = asText(delta.reasoning_content) ?? asText(delta.reasoning) ?? asText(detailsText(delta.reasoning_details));
    if (thought) takeThought(thought);
    const { content } = delta;
    if (typeof content === 'string') takeContent(content);
    // Mistral streams typed parts: `{type:'thinking',thinking:[{text}]}` and `{type:'text',text}`.
    for (const entry of asArray(content)) {
      const part = asObject(entry);
      const thinking = asText(part?.thinking) ?? asText(detailsText(part?.thinking));
      if (thinking) takeThought(thinking);
      const value = asText(part?.text);
      if (value && part?.type !== 'thinking') takeContent(value);
    }
    const refusal = asText(delta.refusal);
    if (refusal) {
      refused = true;
      takeContent(refusal);
    }
  };

  const takeThought = (thought: string): void => {
    said = true;
    running = undefined;
    sawReasoningField = true;
    reasoning(thought);
  };

  const takeContent = (content: string): void => {
    if (content === '') return;
    said = true;
    running = undefined;
    // A server with a field for thinking means the tag literally.
    if (sawReasoningField) {
      splitter.end();
      text(content);
    } else splitter.push(content);
  };

  /**
   * Usage stands in the chunk with the finish reason or in one of its own after it. Some servers count as they go: what they say in
   * mid-stream is the cost of no answer, and a stream that is cut must not seem to have cost so little. It holds only if the answer ends
   * and nothing was said after it.
   */
  const takeUsage = (chunk: Json, choice: Json | undefined): void => {
    // Groq's own field; and Moonshot's place, inside the choice (earendil-works/pi#2017).
    const raw = asObject(chunk.usage) ?? asObject(asObject(chunk.x_groq)?.usage) ?? asObject(choice?.usage);
    if (!raw) return;
    const isApart = asArray(chunk.choices).length === 0;
    if (finishReason === undefined && !isWhole) {
      running = { raw, isApart };
      runningCounts++;
      return;
    }
    report(raw);
    // Whoever counts as it goes may say its last word after the finish reason.
    if (counted && (isApart || runningCounts === 0)) finish();
  };

  const report = (raw: Json): void => {
    running = undefined;
    const usage = openAiUsage(raw, thoughts);
    const billedNanoUsd = billedCost(raw);
    counted ||= usage !== undefined;
    if (usage === undefined && billedNanoUsd === undefined) return;
    emit({
      type: 'usage',
      usage: usage ?? { basis: 'reported' },
      ...(billedNanoUsd === undefined ? {} : { billedNanoUsd }),
    });
  };

  const takeChoice = (choice: Json): void => {
    const reason = asText(choice.finish_reason);
    const delta = asObject(choice.delta);
    if (delta) takeDelta(delta);
    const message = asObject(choice.message);
    // Some servers repeat at the end, or beside every delta, all that was said so far; it counts only if nothing came before.
    if (message && !said) takeDelta(message);
    if (reason) finishReason ??= reason.toLowerCase();
  };

  const take = (chunk: Json, name: string | undefined): void => {
    if (finished) return;
    const choice = asArray(chunk.choices)
      .map(asObject)
      .find((entry) => entry !== undefined && (entry.index ?? 0) === 0);
    // Groq says in a field of its own why it stopped a stream early.
    const stopped = asText(asObject(chunk.x_groq)?.error);
    const error = chunk.error ?? choice?.error ?? (stopped && { code: stopped, message: stopped });
    if (error || name === 'error' || chunk.object === 'error' || isBareError(chunk)) {
      fail(error ? { error } : chunk);
      return;
    }
    identify({ model: chunk.model, id: chunk.id, tier: chunk.service_tier });
    if (choice) takeChoice(choice);
    takeUsage(chunk, choice);
    if (finishReason !== undefined && isLastWord()) finish();
  };

  return {
    take,
    end: (how) => {
      splitter.end();
      if (finishReason !== undefined || (said && (how === 'done' || isLastWord()))) finish();
    },
    flush,
    whole: (body) => {
      if (asArray(body.choices).length === 0) return false;
      isWhole = true;
      take(body, undefined);
      finish();
      return true;
    },
    isSettling: () => finishReason !== undefined,
  };
}

/** FastAPI's form of an error (vLLM and other servers in Python), which has no `error`. */
const isBareError = (chunk: Json): boolean => chunk.choices === undefined && asText(chunk.detail) !== undefined;

function detailsText(details: unknown): string {
  let text = '';
  for (const entry of asArray(details)) {
    const detail = asObject(entry);
    text += asText(detail?.text) ?? asText(detail?.summary) ?? '';
  }
  return text;
}
