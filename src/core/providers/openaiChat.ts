/**
 * The Chat Completions wire, as OpenAI, OpenRouter, Ollama, LM Studio, vLLM, llama.cpp, Groq, DeepSeek and others speak it. How they
 * differ in what they are asked is the table in `dialects.ts`.
 *
 * One reader for all dialects: thinking comes as `reasoning_content`, `reasoning`, `reasoning_details`, typed content parts or
 * `<think>` in the content, never as two of them added up. The answer is complete at `[DONE]`, at usage that follows a finish reason, and
 * at a clean end after a reason; a fault before is a fault. Usage may follow more than once, and is waited for a moment. Without a reason,
 * which Ollama may leave null, the answer is complete at `[DONE]` and at a clean end after usage.
 */
import type { ChatCompletionContentPart, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ModelError, ModelRequest, Usage } from '../../shared/model.ts';
import type { Endpoint } from '../contracts.ts';
import { dialectOf, serviceTierOf } from './dialects.ts';
import { missingBackground, thinkingOf } from './effort.ts';
import { endOf, toolCalled } from './endings.ts';
import { isErrorBody } from './errorBody.ts';
import type { CallContext } from './errors.ts';
import { asArray, asObject, asText, type Json } from './json.ts';
import { createOpenAi, loadOpenAi } from './openaiClient.ts';
import { createServed } from './served.ts';
import { errorFromPayload } from './serverErrors.ts';
import { createThinkSplitter } from './thinkTags.ts';
import { billedCost, openAiUsage, sameUsage } from './usage.ts';
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

/** How long figures that may still follow are waited for, in milliseconds: after a reason, and after figures that may not be the last. */
const FIGURES_MS = 5_000;
const MORE_FIGURES_MS = 250;

function createMapper(emit: Emit, context: CallContext): WireMapper {
  let finished = false;
  let finishReason: string | undefined;
  /** The last usage that counts the whole answer. */
  let counted: Usage | undefined;
  /** Usage followed the finish reason: whatever fault comes now, the answer is whole. */
  let isOver = false;
  /** Usage that came before the finish reason, while nothing was said after it; `isApart`: in a chunk of its own. */
  let running: { readonly raw: Json; readonly isApart: boolean } | undefined;
  let runningCounts = 0;
  let isWhole = false;
  const { thoughts } = dialectOf(context.endpoint);
  /** Something came, be it the beginning of a tag. */
  let said = false;
  let saidText = false;
  let sawReasoningField = false;
  let refused = false;
  let toolCall = false;

  const text = (value: string): void => {
    saidText = true;
    emit({ type: 'text-delta', text: value });
  };
  const reasoning = (value: string): void => {
    emit({ type: 'reasoning-delta', text: value });
  };
  const splitter = createThinkSplitter(reasoning, text);
  const identify = createServed(emit);

  const fail = (error: ModelError): void => {
    if (finished) return;
    flush();
    finished = true;
    emit({ type: 'finish', reason: 'error', error });
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
    const end = endOf(finishReason ?? 'stop', { text: saidText, toolCall });
    if (end === undefined) {
      fail(errorFromPayload(context, { code: finishReason, message: `The answer ended with “${finishReason}”.` }));
    } else if (end === 'tool') {
      fail(toolCalled(context));
    } else {
      finished = true;
      emit({ type: 'finish', reason: end === 'stop' && refused ? 'content-filter' : end });
    }
  };

  /** A delta, or the message of a whole answer: they have the same fields. */
  const takeDelta = (delta: Json): void => {
    const thought = asText(delta.reasoning_content) ?? asText(delta.reasoning) ?? asText(detailsText(delta.reasoning_details));
    if (thought) takeThought(thought);
    const { content } = delta;
    if (typeof content === 'string') takeContent(content);
    // Mistral streams typed parts: `{type:'thinking',thinking:[{text}]}` and `{type:'text',text}`; proxies one part, or plain texts.
    else
      for (const entry of Array.isArray(content) ? content : [content]) {
        if (typeof entry === 'string') takeContent(entry);
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
    toolCall ||= asArray(delta.tool_calls).length > 0 || asObject(delta.function_call) !== undefined;
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
    isOver ||= counted !== undefined && (isApart || runningCounts === 0);
  };

  /** Counts are cumulative: the last one holds, unless it has lost what was counted before. */
  const report = (raw: Json): void => {
    running = undefined;
    const usage = openAiUsage(raw, thoughts);
    const billedNanoUsd = billedCost(raw);
    const isLess = (usage?.outputTokens ?? 0) < (counted?.outputTokens ?? 0);
    const isNew = usage !== undefined && !isLess && !sameUsage(usage, counted);
    if (isNew) counted = { ...counted, ...usage };
    if (!isNew && billedNanoUsd === undefined) return;
    emit({
      type: 'usage',
      usage: counted ?? { basis: 'reported' },
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
    // Alibaba's own API says `null` as a text while the answer goes on, and some proxies hand it on.
    if (reason && reason !== 'null') finishReason ??= reason;
  };

  const take = (chunk: Json, name: string | undefined): void => {
    if (finished) return;
    const choice = asArray(chunk.choices)
      .map(asObject)
      .find((entry) => entry !== undefined && (entry.index ?? 0) === 0);
    // Groq says in a field of its own why it stopped a stream early.
    const stopped = asText(asObject(chunk.x_groq)?.error);
    const error = chunk.error ?? choice?.error ?? (stopped && { code: stopped, message: stopped });
    if (error || name === 'error' || (chunk.choices === undefined && isErrorBody(chunk))) {
      if (isOver) finish();
      else fail(errorFromPayload(context, error ? { error } : chunk));
      return;
    }
    identify({ model: chunk.model, id: chunk.id, tier: chunk.service_tier });
    if (choice) takeChoice(choice);
    takeUsage(chunk, choice);
  };

  return {
    take,
    end: (how) => {
      splitter.end();
      if (finishReason !== undefined || (said && (how === 'done' || isLastWord()))) finish();
    },
    flush: () => (isOver ? finish() : flush()),
    whole: (body) => {
      if (asArray(body.choices).length === 0) return false;
      isWhole = true;
      take(body, undefined);
      finish();
      return true;
    },
    settleMs: () => {
      if (finishReason === undefined) return undefined;
      return counted || isLastWord() ? MORE_FIGURES_MS : FIGURES_MS;
    },
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
