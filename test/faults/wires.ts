/**
 * The three wires as a server says them, piece by piece, so that a fault can be put anywhere: what begins an answer, a word of thinking
 * or text, each closing event, an error inside the stream. Event names and fields are those of the vendors' SDKs.
 */
import type { Api } from '../../src/shared/model.ts';

/** Totals: reasoning and cached input are inside. */
export interface Counts {
  readonly input: number;
  readonly output: number;
  readonly reasoning?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export type Closing = 'stop' | 'length' | 'content-filter';

/** One answer being said; it numbers its events, so each answer needs its own. */
export interface Speech {
  readonly api: Api;
  begin(servedModel?: string): string;
  think(text: string): string;
  say(text: string): string;
  /** The events that close the answer; the last one ends it. */
  close(how: Closing, counts: Counts | undefined): readonly string[];
  error(code: 'overloaded' | 'server'): string;
  readonly ping: string;
  /** An event no version of the protocol knows. */
  readonly unknown: string;
  /** `Hello world.` with repeated, unknown and misplaced events, and a usage that comes twice. */
  disorder(counts: Counts): string;
}

const named = (event: Record<string, unknown>): string => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`;
const data = (event: unknown): string => `data: ${JSON.stringify(event)}\n\n`;

export function speak(api: Api): Speech {
  switch (api) {
    case 'openai-responses':
      return responses();
    case 'openai-chat':
      return chat();
    case 'anthropic-messages':
      return messages();
  }
}

function responses(): Speech {
  let number = 0;
  let said = '';
  let model = 'm';
  const event = (type: string, fields: Record<string, unknown>): string => named({ type, sequence_number: number++, ...fields });
  const base = () => ({ id: 'resp_1', object: 'response', model, status: 'in_progress', output: [], usage: null });
  const text = { item_id: 'msg_1', output_index: 1, content_index: 0 };
  const speech: Speech = {
    api: 'openai-responses',
    begin: (servedModel = 'm') => {
      model = servedModel;
      return event('response.created', { response: base() }) + event('response.in_progress', { response: base() });
    },
    think: (delta) =>
      event('response.reasoning_summary_text.delta', { item_id: 'rs_1', output_index: 0, summary_index: 0, delta }),
    say: (delta) => {
      said += delta;
      return event('response.output_text.delta', { ...text, delta });
    },
    close: (how, counts) => {
      const item = { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: said }] };
      const output = said === '' ? [] : [item];
      const final = { ...base(), output, usage: counts ? openAiUsage(counts, 'input', 'output') : null };
      const reason = how === 'length' ? 'max_output_tokens' : 'content_filter';
      return [
        ...(said === '' ? [] : [event('response.output_text.done', { ...text, text: said })]),
        how === 'stop'
          ? event('response.completed', { response: { ...final, status: 'completed' } })
          : event('response.incomplete', { response: { ...final, status: 'incomplete', incomplete_details: { reason } } }),
      ];
    },
    error: (code) =>
      event('error', { code: code === 'server' ? 'server_error' : 'server_is_overloaded', message: 'Sorry.', param: null }),
    get ping() {
      return event('keepalive', {});
    },
    get unknown() {
      return event('response.rainbow.delta', { delta: 'not for us' });
    },
    disorder: (counts) => {
      const begin = speech.begin() + event('response.created', { response: base() });
      const hello = speech.say('Hello ');
      return [
        begin,
        hello,
        hello,
        speech.unknown,
        speech.say('world.'),
        ...speech.close('stop', counts),
        ...speech.close('stop', counts),
      ].join('');
    },
  };
  return speech;
}

function chat(): Speech {
  let model = 'm';
  const base = () => ({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_790_000_000, model });
  const chunk = (delta: Record<string, unknown>, finish_reason: string | null = null): string =>
    data({ ...base(), choices: [{ index: 0, delta, finish_reason }], usage: null });
  const speech: Speech = {
    api: 'openai-chat',
    begin: (servedModel = 'm') => {
      model = servedModel;
      return chunk({ role: 'assistant', content: '' });
    },
    think: (reasoning_content) => chunk({ reasoning_content }),
    say: (content) => chunk({ content }),
    close: (how, counts) => [
      chunk({}, how === 'content-filter' ? 'content_filter' : how),
      ...(counts ? [data({ ...base(), choices: [], usage: openAiUsage(counts, 'prompt', 'completion') })] : []),
      'data: [DONE]\n\n',
    ],
    error: (code) => data({ error: code === 'server' ? { code: 500, message: 'Sorry.' } : { code: 503, message: 'Sorry.' } }),
    ping: ': keep-alive\n\n',
    unknown: data({ id: 'chatcmpl-1', object: 'chat.rainbow', choices: [{ index: 7, delta: { content: 'not for us' } }] }),
    disorder: (counts) => {
      const usage = data({ ...base(), choices: [], usage: openAiUsage(counts, 'prompt', 'completion') });
      return [
        speech.begin(),
        speech.begin(),
        usage,
        speech.say('Hello '),
        speech.unknown,
        speech.say('world.'),
        chunk({}, 'stop'),
        chunk({}, 'stop'),
        usage,
        usage,
        'data: [DONE]\n\n',
        'data: [DONE]\n\n',
      ].join('');
    },
  };
  return speech;
}

function messages(): Speech {
  let model = 'm';
  let index = -1;
  let open: 'thinking' | 'text' | undefined;
  const stop = (): string => (open ? named({ type: 'content_block_stop', index }) : '');
  const block = (kind: 'thinking' | 'text', delta: Record<string, unknown>): string => {
    let start = '';
    if (open !== kind) {
      const content_block = kind === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' };
      start = stop() + named({ type: 'content_block_start', index: ++index, content_block });
      open = kind;
    }
    return start + named({ type: 'content_block_delta', index, delta });
  };
  const messageStart = (): string =>
    named({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        usage: { input_tokens: 100, output_tokens: 1 },
      },
    });
  const speech: Speech = {
    api: 'anthropic-messages',
    begin: (servedModel = 'm') => {
      model = servedModel;
      return messageStart() + named({ type: 'ping' });
    },
    think: (thinking) => block('thinking', { type: 'thinking_delta', thinking }),
    say: (text) => block('text', { type: 'text_delta', text }),
    close: (how, counts) => {
      const stop_reason = { stop: 'end_turn', length: 'max_tokens', 'content-filter': 'refusal' }[how];
      const usage = counts ? { usage: anthropicUsage(counts) } : {};
      return [
        stop() + named({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, ...usage }),
        named({ type: 'message_stop' }),
      ];
    },
    error: (code) =>
      named({ type: 'error', error: { type: code === 'server' ? 'api_error' : 'overloaded_error', message: 'Sorry.' } }),
    ping: named({ type: 'ping' }),
    unknown: named({ type: 'rainbow_delta', delta: { text: 'not for us' } }),
    disorder: (counts) => {
      const [end = '', over = ''] = speech.close('stop', counts);
      return [
        speech.begin(),
        messageStart(),
        speech.say('Hello '),
        named({ type: 'content_block_start', index, content_block: { type: 'text', text: 'Hello ' } }),
        speech.unknown,
        named({ type: 'content_block_delta', index: -1, delta: { type: 'rainbow_delta', text: 'not for us' } }),
        speech.say('world.'),
        end,
        end,
        over,
        over,
      ].join('');
    },
  };
  return speech;
}

function openAiUsage(counts: Counts, input: string, output: string): Record<string, unknown> {
  return {
    [`${input}_tokens`]: counts.input,
    [`${input}_tokens_details`]: { cached_tokens: counts.cacheRead ?? 0, cache_write_tokens: counts.cacheWrite ?? 0 },
    [`${output}_tokens`]: counts.output,
    [`${output}_tokens_details`]: { reasoning_tokens: counts.reasoning ?? 0 },
    total_tokens: counts.input + counts.output,
  };
}

/** Anthropic counts cached input beside the rest. */
const anthropicUsage = ({ input, output, reasoning, cacheRead = 0, cacheWrite = 0 }: Counts): Record<string, unknown> => ({
  input_tokens: input - cacheRead - cacheWrite,
  cache_read_input_tokens: cacheRead,
  cache_creation_input_tokens: cacheWrite,
  output_tokens: output,
  ...(reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }),
});
