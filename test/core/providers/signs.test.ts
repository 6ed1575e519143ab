/** What a stream says beside its text: that it began, that its line lives, that a cache answered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openaiChat } from '../../../src/core/providers/openaiChat.ts';
import { streamCall } from '../../../src/core/providers/stream.ts';
import type { StreamEvent } from '../../../src/shared/model.ts';
import { CANARY, collect, endpoint, LIMITS, REQUEST } from './wireCase.ts';

const chunk = (delta: unknown, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const END = `${chunk({}, 'stop')}data: [DONE]\n\n`;
const PING = ': still here\n\n';

/** The types of the events of a body whose pieces arrive at those moments, in milliseconds. */
async function eventsOf(
  pieces: readonly (readonly [atMs: number, text: string])[],
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly StreamEvent[]> {
  let nowMs = 0;
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const [atMs, text] = left.shift() ?? [];
        if (text === undefined) controller.close();
        else controller.enqueue(Buffer.from(text));
        nowMs = atMs ?? nowMs;
      },
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } });
  const timers = { nowMs: () => nowMs, after: () => () => undefined };
  const deps = { endpoint: endpoint('openai-chat'), fetch: () => Promise.reject(new Error('unused')), key: CANARY, timers };
  const options = { signal: new AbortController().signal, limits: LIMITS };
  return collect(streamCall({ ...openaiChat, open: async () => response }, deps, REQUEST, options));
}

const typesOf = (events: readonly StreamEvent[]): string => events.map(({ type }) => type).join(' ');

test('the first byte and the first event are told apart', async () => {
  assert.equal(
    typesOf(
      await eventsOf([
        [1, PING],
        [2, chunk({ content: 'a' }) + END],
      ]),
    ),
    'first-byte first-event text-delta finish',
  );
});

test('a line that only pings says that it lives, at most every 5 s and never between words', async () => {
  const events = await eventsOf([
    [0, chunk({ role: 'assistant' })],
    [4_999, PING],
    [5_000, PING],
    [9_999, PING],
    [10_000, PING],
    [12_000, chunk({ content: 'a' })],
    [16_999, PING],
    [17_000, PING],
    [17_001, END],
  ]);
  assert.equal(typesOf(events), 'first-byte first-event alive alive text-delta alive finish');
});

test('a proxy that answers from its cache says so in a header', async () => {
  const body = [[0, chunk({ content: 'a' }) + END]] as const;
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['cf-aig-cache-status', 'HIT', true],
    ['cf-aig-cache-status', 'MISS', false],
    ['helicone-cache', 'HIT', true],
    ['x-litellm-cache-hit', 'True', true],
    ['x-litellm-cache-hit', 'False', false],
    ['x-openrouter-cache-status', 'HIT', true],
    ['x-portkey-cache-status', 'SEMANTIC HIT', true],
    ['x-portkey-cache-status', 'SEMANTIC MISS', false],
    ['x-portkey-cache-status', 'DISABLED', false],
    ['x-cache', 'Hit from cloudfront', true],
    ['x-cache', 'MISS, HIT', true],
    ['x-cache', 'Miss from cloudfront', false],
    ['x-cache', 'hitless', false],
  ];
  for (const [name, value, isHit] of cases) {
    const events = await eventsOf(body, { [name]: value });
    const said = events.filter((event) => event.type === 'response-start');
    assert.deepEqual(said, isHit ? [{ type: 'response-start', fromCache: true }] : [], `${name}: ${value}`);
  }
});
