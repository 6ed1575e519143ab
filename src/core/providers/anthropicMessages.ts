/**
 * The Anthropic Messages wire.
 *
 * Protocol facts are those of the `@anthropic-ai/sdk` package's `RawMessageStreamEvent`. An answer is complete at `message_stop` after
 * a stop reason and at nothing else; unknown events, blocks and deltas are ignored, as the protocol asks.
 */
import type { Anthropic } from '@anthropic-ai/sdk';
import type { ContentBlockParam, MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { FinishReason, ModelError, ModelRequest, Usage } from '../../shared/model.ts';
import type { Endpoint } from '../contracts.ts';
import { dialectOf, serviceTierOf } from './dialects.ts';
import { missingBackground, thinkingOf } from './effort.ts';
import { endOf, toolCalled } from './endings.ts';
import { isErrorBody } from './errorBody.ts';
import { type CallContext, protocolError } from './errors.ts';
import { asArray, asCount, asObject, asText, type Json } from './json.ts';
import { NO_TIMEOUT_MS, SILENT_LOGGER } from './sdkOptions.ts';
import { createServed } from './served.ts';
import { errorFromPayload } from './serverErrors.ts';
import { createThinkSplitter } from './thinkTags.ts';
import { AnthropicCounts, sameUsage } from './usage.ts';
import type { Connection, Emit, Wire, WireMapper, WireRequest } from './wire.ts';

export const anthropicMessages: Wire = {
  api: 'anthropic-messages',
  load: () => loadAnthropic(),
  write,
  content: ['messages', 'system'],
  open: async (connection, body) => {
    const client = await createAnthropic(connection);
    return client.post('/v1/messages', { body, stream: true, signal: connection.signal }).asResponse();
  },
  mapper: createMapper,
  // `messages.countTokens` of the SDK; other servers of this wire may not have it, or charge for it.
  counting: {
    offered: (endpoint) => dialectOf(endpoint).counts === true,
    parameters: ['model', 'messages', 'system', 'thinking', 'output_config'],
    open: async (connection, body) => {
      const client = await createAnthropic(connection);
      return client.post('/v1/messages/count_tokens', { body, signal: connection.signal }).asResponse();
    },
  },
  openModels: async (connection) => {
    const client = await createAnthropic(connection);
    return client.get('/v1/models', { query: { limit: 1000 }, signal: connection.signal }).asResponse();
  },
};

const loadAnthropic = () => import('./anthropicSdk.ts');

async function createAnthropic(connection: Connection): Promise<Anthropic> {
  const { Anthropic } = await loadAnthropic();
  return new Anthropic({
    // A key given in code keeps the SDK from looking for another in the environment or in profiles on disk.
    apiKey: connection.apiKey,
    webhookKey: null,
    baseURL: connection.baseUrl,
    fetch: connection.fetch,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: 'off',
    logger: SILENT_LOGGER,
    openTelemetry: false,
  });
}

function write(request: ModelRequest, endpoint: Endpoint): WireRequest {
  // Every family of this wire has its own way; the others are told nothing.
  const thinking = thinkingOf(request, endpoint, () => ({}));
  const content = request.parts.map(
    (part): ContentBlockParam =>
      part.type === 'text'
        ? { type: 'text', text: part.text }
        : { type: 'image', source: { type: 'base64', media_type: part.mediaType, data: part.base64 } },
  );
  const body: MessageCreateParamsStreaming = {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    ...(request.system === '' ? {} : { system: request.system }),
    messages: [{ role: 'user', content }],
    stream: true,
  };
  return {
    body: { ...body, ...serviceTierOf(endpoint), ...thinking.parameters },
    adjustments: [...thinking.adjustments, ...missingBackground(request, endpoint)],
  };
}

/** On Anthropic's own API a refusal before any output is counted but not billed (platform.claude.com, streaming refusals). */
const isOwnHost = ({ endpoint }: CallContext): boolean => URL.parse(endpoint.baseUrl)?.hostname === 'api.anthropic.com';

function createMapper(emit: Emit, context: CallContext): WireMapper {
  const counts = new AnthropicCounts();
  const openBlocks = new Set<number>();
  let usage: Usage | undefined;
  let started = false;
  let finished = false;
  let stopReason: string | undefined;
  let explanation: string | undefined;
  let anyText = false;
  let anyReasoning = false;
  let toolCall = false;
  let thinkingBlock: number | undefined;

  const text = (value: string): void => {
    anyText = true;
    emit({ type: 'text-delta', text: value });
  };
  const reasoning = (value: string, block: number): void => {
    const gap = anyReasoning && block !== thinkingBlock ? '\n\n' : '';
    anyReasoning = true;
    thinkingBlock = block;
    emit({ type: 'reasoning-delta', text: gap + value });
  };
  /** Thinking that a server of this wire did not parse stands in the text, in a block of no number. */
  const splitter = createThinkSplitter((value) => reasoning(value, -1), text);
  const answer = (value: string): void => {
    if (anyReasoning && thinkingBlock !== -1) text(value);
    else splitter.push(value);
  };
  const report = (): void => {
    const next = counts.read();
    if (!next || sameUsage(next, usage)) return;
    usage = next;
    emit({ type: 'usage', usage: next });
  };
  const say = createServed(emit);
  const identify = (message: Json): void => {
    started = true;
    const used = asObject(message.usage);
    // Fast mode is a price class of its own, which the tier does not name.
    say({ model: message.model, id: message.id, tier: used?.speed === 'fast' ? 'fast' : used?.service_tier });
  };
  const takeStop = (delta: Json | undefined): void => {
    stopReason = asText(delta?.stop_reason) ?? stopReason;
    explanation = asText(asObject(delta?.stop_details)?.explanation) ?? explanation;
  };

  const end = (reason: FinishReason, error?: ModelError): void => {
    splitter.end();
    finished = true;
    emit({ type: 'finish', reason, ...(error ? { error } : {}) });
  };

  const finish = (): void => {
    splitter.end();
    if (stopReason === undefined) {
      end('error', protocolError(context, 'ended its answer without saying why. It may be incomplete; run again.'));
      return;
    }
    // It wants to be asked to go on: what is there is not all, and no limit was reached.
    if (stopReason === 'pause_turn') {
      end('error', protocolError(context, 'paused its answer and did not finish it. The part that came is kept; run again.'));
      return;
    }
    const reason = endOf(stopReason, { text: anyText, toolCall });
    if (reason === undefined) {
      end('error', errorFromPayload(context, { code: stopReason, message: `The answer ended with “${stopReason}”.` }));
    } else if (reason === 'tool') {
      end('error', toolCalled(context));
    } else {
      if (reason === 'content-filter') explainRefusal();
      end(reason);
    }
  };

  const explainRefusal = (): void => {
    if (usage && !anyText && !anyReasoning && isOwnHost(context)) emit({ type: 'usage', usage, billedNanoUsd: 0 });
    if (explanation) text(anyText ? `\n\n${explanation}` : explanation);
  };

  const takeBlock = (block: Json | undefined, index: number): void => {
    const thought = asText(block?.thinking);
    const value = asText(block?.text);
    if (block?.type === 'thinking' && thought) reasoning(thought, index);
    if (block?.type === 'text' && value) answer(value);
    // A tool that runs on the provider's side is a `server_tool_use`.
    toolCall ||= block?.type === 'tool_use';
  };

  const take = (event: Json, name: string | undefined): void => {
    if (finished) return;
    const index = asCount(event.index) ?? 0;
    switch (event.type ?? name) {
      case 'content_block_delta': {
        const delta = asObject(event.delta);
        if (delta?.type === 'text_delta') {
          const value = asText(delta.text);
          if (value) answer(value);
        } else if (delta?.type === 'thinking_delta') {
          const value = asText(delta.thinking);
          if (value) reasoning(value, index);
        }
        return;
      }
      case 'message_start': {
        // A second start is a repetition.
        if (started) return;
        const message = asObject(event.message) ?? {};
        identify(message);
        counts.start(message.usage);
        report();
        return;
      }
      case 'content_block_start':
        if (openBlocks.has(index)) return;
        openBlocks.add(index);
        takeBlock(asObject(event.content_block), index);
        return;
      case 'message_delta':
        takeStop(asObject(event.delta));
        counts.update(event.usage);
        // Counts before a stop reason are those of the part that came.
        if (stopReason !== undefined) report();
        return;
      case 'message_stop':
        finish();
        return;
      case 'error':
        end('error', errorFromPayload(context, event));
        return;
      default:
        // Error objects without a type come from proxies; pings, and whatever comes in later versions, are ignored.
        if (event.type === undefined && isErrorBody(event)) end('error', errorFromPayload(context, event));
    }
  };

  return {
    take,
    // Only `message_stop` and `error` end an answer.
    end: () => undefined,
    flush: () => splitter.end(),
    whole: (body) => {
      if (body.type !== 'message' || !Array.isArray(body.content)) return false;
      identify(body);
      for (const [index, block] of asArray(body.content).entries()) takeBlock(asObject(block), index);
      takeStop(body);
      counts.update(body.usage);
      report();
      finish();
      return true;
    },
  };
}
