/**
 * The Anthropic Messages wire.
 *
 * Protocol facts are those of the `@anthropic-ai/sdk` package's `RawMessageStreamEvent`. An answer is complete at `message_stop` after
 * a stop reason and at nothing else; unknown events, blocks and deltas are ignored, as the protocol asks.
 */
import type { Anthropic } from '@anthropic-ai/sdk';
import type { ContentBlockParam, MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { EFFORTS, type Effort, type FinishReason, type ModelError, type ModelRequest, type Usage } from '../../shared/model.ts';
import type { Endpoint, ModelInfo } from '../contracts.ts';
import { type CallContext, errorFromPayload, protocolError, refusal } from './errors.ts';
import { asArray, asCount, asObject, asText, type Json } from './json.ts';
import { NO_TIMEOUT_MS, SILENT_LOGGER } from './sdkOptions.ts';
import { AnthropicCounts, sameUsage } from './usage.ts';
import { type Connection, type Emit, modelRows, type Wire, type WireMapper } from './wire.ts';

export const anthropicMessages: Wire = {
  api: 'anthropic-messages',
  load: () => loadAnthropic(),
  write: (request) => ({ body: buildBody(request), adjustments: [] }),
  content: ['messages', 'system'],
  open: async (connection, body) => {
    const client = await createAnthropic(connection);
    return client.post('/v1/messages', { body, stream: true, signal: connection.signal }).asResponse();
  },
  mapper: createMapper,
  openModels: async (connection) => {
    const client = await createAnthropic(connection);
    return client.get('/v1/models', { query: { limit: 1000 }, signal: connection.signal }).asResponse();
  },
  models: readModels,
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

/** The efforts of `output_config.effort`; `none` switches thinking off instead. */
const KNOWN_EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

function buildBody(request: ModelRequest): Json {
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
    ...thinking(request.effort),
    stream: true,
  };
  return { ...body };
}

function thinking(effort: Effort | undefined): Pick<MessageCreateParamsStreaming, 'thinking' | 'output_config'> {
  if (effort === undefined) return {};
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  const known = KNOWN_EFFORTS.find((word) => word === effort);
  if (!known) throw refusal('invalid-request', `Anthropic knows no effort “${effort}”. Use none, ${KNOWN_EFFORTS.join(', ')}.`);
  return { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: known } };
}

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
  const report = (): void => {
    const next = counts.read();
    if (!next || sameUsage(next, usage)) return;
    usage = next;
    emit({ type: 'usage', usage: next });
  };
  const identify = (message: Json): void => {
    if (started) return;
    started = true;
    const servedModel = asText(message.model);
    const responseId = asText(message.id);
    emit({ type: 'response-start', ...(servedModel ? { servedModel } : {}), ...(responseId ? { responseId } : {}) });
  };
  const takeStop = (delta: Json | undefined): void => {
    stopReason = asText(delta?.stop_reason) ?? stopReason;
    explanation = asText(asObject(delta?.stop_details)?.explanation) ?? explanation;
  };

  const end = (reason: FinishReason, error?: ModelError): void => {
    finished = true;
    emit({ type: 'finish', reason, ...(error ? { error } : {}) });
  };

  const finish = (): void => {
    switch (stopReason) {
      case 'end_turn':
      case 'stop_sequence':
      case 'tool_use':
        end('stop');
        break;
      case 'max_tokens':
      case 'model_context_window_exceeded':
      // A paused turn wants to be continued: what is there is not all.
      case 'pause_turn':
        end('length');
        break;
      case 'refusal':
        if (explanation) text(anyText ? `\n\n${explanation}` : explanation);
        end('content-filter');
        break;
      case undefined:
        end('error', protocolError(context, 'ended its answer without saying why. It may be incomplete; run again.'));
        break;
      default:
        end('error', errorFromPayload(context, { code: stopReason, message: `The answer ended with “${stopReason}”.` }));
    }
  };

  const takeBlock = (block: Json | undefined, index: number): void => {
    const thought = asText(block?.thinking);
    const value = asText(block?.text);
    if (block?.type === 'thinking' && thought) reasoning(thought, index);
    if (block?.type === 'text' && value) text(value);
  };

  const take = (event: Json, name: string | undefined): void => {
    if (finished) return;
    const index = asCount(event.index) ?? 0;
    switch (event.type ?? name) {
      case 'content_block_delta': {
        const delta = asObject(event.delta);
        if (delta?.type === 'text_delta') {
          const value = asText(delta.text);
          if (value) text(value);
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
        report();
        return;
      case 'message_stop':
        finish();
        return;
      case 'error':
        end('error', errorFromPayload(context, event));
        return;
      default:
      // Pings, and whatever comes in later versions.
    }
  };

  return {
    take,
    // Only `message_stop` and `error` end an answer.
    end: () => undefined,
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

/** `GET /v1/models`, which says what each model can do. Retired models are left out: requests that name them fail. */
function readModels(list: Json, _endpoint: Endpoint): readonly ModelInfo[] {
  return modelRows(list).flatMap((row): readonly ModelInfo[] => {
    const id = asText(row.id);
    if (id === undefined || row.lifecycle === 'retired') return [];
    const label = asText(row.display_name);
    const contextTokens = asCount(row.max_input_tokens);
    const maxOutputTokens = asCount(row.max_tokens);
    const capabilities = asObject(row.capabilities);
    const imageInput = asObject(capabilities?.image_input)?.supported;
    const effort = asObject(capabilities?.effort);
    const efforts = effort ? EFFORTS.filter((word) => asObject(effort[word])?.supported === true) : [];
    return [
      {
        id,
        ...(label === undefined ? {} : { label }),
        ...(contextTokens ? { contextTokens } : {}),
        ...(maxOutputTokens ? { maxOutputTokens } : {}),
        ...(typeof imageInput === 'boolean' ? { imageInput } : {}),
        ...(efforts.length === 0 ? {} : { efforts }),
      },
    ];
  });
}
