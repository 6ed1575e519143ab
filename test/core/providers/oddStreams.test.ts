/** Streams that keep to no document: what vendors' servers and the proxies before them are known to send, and what it comes to. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Api, ErrorKind, FinishReason } from '../../../src/shared/model.ts';
import { finishOf, type Play, playFixture, reasoningOf, textOf, usageOf } from './wireCase.ts';

interface Came {
  readonly text?: string;
  readonly thinking?: string;
  readonly end: FinishReason | ErrorKind;
  /** Input and output. */
  readonly tokens?: readonly [number | undefined, number | undefined];
  readonly says?: RegExp;
}

const data = (...events: readonly unknown[]): string => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
const DONE = 'data: [DONE]\n\n';

const delta = (content: unknown) => ({ choices: [{ index: 0, delta: { content } }] });
const over = (finish_reason: string) => ({ choices: [{ index: 0, delta: {}, finish_reason }] });
const usage = (prompt_tokens: number, completion_tokens: number) => ({
  choices: [],
  usage: { prompt_tokens, completion_tokens },
});
const toolCall = { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: 'f', arguments: '{}' } }] } }] };

const chat: readonly (readonly [string, string, Came, Play?])[] = [
  [
    'usage told twice',
    data(delta('Hi'), over('stop'), usage(9, 1), usage(9, 50)) + DONE,
    { text: 'Hi', end: 'stop', tokens: [9, 50] },
  ],
  ['a reason that is none', data(over('null'), delta('Hi'), over('stop')) + DONE, { text: 'Hi', end: 'stop' }],
  ['usage that is taken back', data(delta('Hi'), over('stop'), usage(9, 5), usage(0, 0)) + DONE, { end: 'stop', tokens: [9, 5] }],
  ['usage that shrinks', data(delta('Hi'), over('stop'), usage(9, 5), usage(9, 1)) + DONE, { end: 'stop', tokens: [9, 5] }],
  // The terminal event is `[DONE]`, or usage after a reason: until then a fault is a fault.
  ['a reset after the reason', data(delta('Hi'), over('stop')), { text: 'Hi', end: 'network' }, { ending: 'error' }],
  [
    'an error after the reason',
    data(delta('Hi'), over('length'), { error: { message: 'Gone' } }),
    { text: 'Hi', end: 'unknown', says: /Gone/ },
  ],
  [
    'a reset after the usage',
    data(delta('Hi'), over('stop'), usage(9, 5)),
    { text: 'Hi', end: 'stop', tokens: [9, 5] },
    { ending: 'error' },
  ],
  [
    'an error after the usage',
    data(delta('Hi'), over('length'), usage(9, 5), { error: { message: 'Gone' } }),
    { text: 'Hi', end: 'length', tokens: [9, 5] },
  ],
  ['one part that is no list', data(delta({ type: 'text', text: 'Hi' }), over('stop')) + DONE, { text: 'Hi', end: 'stop' }],
  ['parts that are texts', data(delta(['H', 'i']), over('stop')) + DONE, { text: 'Hi', end: 'stop' }],
  [
    'a tool instead of an answer',
    data(toolCall, over('tool_calls')) + DONE,
    { text: '', end: 'protocol', says: /called a tool/ },
  ],
  ['a tool, and all is said to be well', data(toolCall, over('stop')) + DONE, { end: 'protocol', says: /called a tool/ }],
  [
    'a tool after the first words',
    data(delta('Let me see.'), toolCall, over('tool_calls')) + DONE,
    { text: 'Let me see.', end: 'protocol' },
  ],
  ['a tool that ran over there', data(toolCall, delta('Hi'), over('stop')) + DONE, { text: 'Hi', end: 'stop' }],
  ['a reason that names tools, and none', data(delta('Hi'), over('tool_calls')) + DONE, { text: 'Hi', end: 'stop' }],
  [
    'channels of gpt-oss',
    data(
      ...[...'<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Hi'].map(delta),
      over('stop'),
    ),
    { text: 'Hi', thinking: 'Hm', end: 'stop' },
  ],
  [
    'a final channel alone',
    data(delta('<|channel|>final<|message|>Hi'), over('stop')),
    { text: 'Hi', thinking: '', end: 'stop' },
  ],
  [
    'an error in a field of that name',
    `${data(delta('Hi'))}error: {"code":503,"message":"Slot gone"}\n\n`,
    { end: 'overloaded', says: /Slot gone/ },
  ],
  ['an error that is a message and a code', data({ code: 50505, message: 'Model service overloaded.' }), { end: 'overloaded' }],
  ['a limit in words alone', data({ error: { message: 'Too many requests, slow down' } }), { end: 'rate-limit' }],
  [
    'a list of errors',
    data({ success: false, errors: [{ code: 3040, message: 'No such luck' }] }),
    { end: 'unknown', says: /No such luck/ },
  ],
  [
    'a refusal by inspection',
    data({ error: { code: 'data_inspection_failed', message: 'No.' } }),
    { end: 'invalid-request', says: /content policy/ },
  ],
  [
    'a refusal in words',
    data({ error: { code: '1301', message: 'It has unsafe or sensitive content.' } }),
    { end: 'invalid-request', says: /content policy/ },
  ],
  [
    'a gateway’s JSON',
    '{"message":"no Route matched with those values"}',
    { end: 'unknown', says: /no Route/ },
    { contentType: 'application/json' },
  ],
];

const text = (value: string, output_index: number) => ({
  type: 'response.output_text.delta',
  output_index,
  content_index: 0,
  delta: value,
});
const message = (value: string) => ({ type: 'message', content: [{ type: 'output_text', text: value }] });
const ended = (...output: readonly unknown[]) => ({ type: 'response.completed', response: { status: 'completed', output } });

const responses: typeof chat = [
  [
    'an item that only the final event has',
    data(text('Hi', 0), ended(message('Hi'), message(' there'))),
    { text: 'Hi there', end: 'stop' },
  ],
  [
    'a part that only the final event has',
    data(text('Hi', 0), ended({ type: 'message', content: [{ text: 'Hi' }, { text: '!' }] })),
    { text: 'Hi!', end: 'stop' },
  ],
  ['a text that was not streamed to its end', data(text('H', 0), ended(message('Hi'))), { text: 'Hi', end: 'stop' }],
  ['a final text that differs', data(text('Hi', 0), ended(message('Hey you'))), { text: 'Hi', end: 'stop' }],
  [
    'tags that the final event repeats',
    data(text('<think>Hm</think>Hi', 0), ended(message('<think>Hm</think>Hi'))),
    { text: 'Hi', thinking: 'Hm', end: 'stop' },
  ],
  [
    'a tool',
    data(text('Hi', 0), ended(message('Hi'), { type: 'function_call', name: 'f' })),
    { text: 'Hi', end: 'protocol', says: /called a tool/ },
  ],
  [
    'a search that ran over there',
    data(text('Hi', 1), ended({ type: 'web_search_call' }, message('Hi'))),
    { text: 'Hi', end: 'stop' },
  ],
];

const block = (content_block: unknown) => ({ type: 'content_block_start', index: 0, content_block });
const stopped = (stop_reason: string) => [{ type: 'message_delta', delta: { stop_reason } }, { type: 'message_stop' }];

const messages: typeof chat = [
  [
    'a tool',
    data(block({ type: 'tool_use', name: 'f' }), ...stopped('tool_use')),
    { text: '', end: 'protocol', says: /called a tool/ },
  ],
  ['a search that ran over there', data(block({ type: 'server_tool_use' }), ...stopped('end_turn')), { text: '', end: 'stop' }],
  [
    'another wire’s word for its end',
    data(block({ type: 'text', text: 'Hi' }), ...stopped('length')),
    { text: 'Hi', end: 'length' },
  ],
  [
    'a pause',
    data(block({ type: 'text', text: 'Hi' }), ...stopped('pause_turn')),
    { text: 'Hi', end: 'protocol', says: /paused/ },
  ],
];

const ALL: readonly (readonly [Api, typeof chat])[] = [
  ['openai-chat', chat],
  ['openai-responses', responses],
  ['anthropic-messages', messages],
];
for (const [api, cases] of ALL) {
  describe(api, () => {
    for (const [name, bytes, came, how] of cases) {
      test(name, async () => {
        const wire = api.slice(api.lastIndexOf('-') + 1);
        const events = await playFixture(`proxy-${wire}.made`, [Buffer.from(bytes)], how);
        const { reason, error } = finishOf(events);
        assert.equal(error?.kind ?? reason, came.end, error?.message);
        if (came.text !== undefined) assert.equal(textOf(events), came.text);
        if (came.thinking !== undefined) assert.equal(reasoningOf(events), came.thinking);
        if (came.says) assert.match(error?.message ?? '', came.says);
        if (came.tokens) {
          const counted = usageOf(events)?.usage;
          assert.deepEqual([counted?.inputTokens, counted?.outputTokens], came.tokens);
        }
      });
    }
  });
}
