/**
 * The border of the wire: bytes in, events out. The adapters are driven as the product drives them, except that no SDK stands between:
 * the response is given as bytes, cut as a case says.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Endpoint, StreamLimits } from '../../../src/core/contracts.ts';
import { anthropicMessages } from '../../../src/core/providers/anthropicMessages.ts';
import { openaiChat } from '../../../src/core/providers/openaiChat.ts';
import { openaiResponses } from '../../../src/core/providers/openaiResponses.ts';
import { type StreamDeps, streamCall } from '../../../src/core/providers/stream.ts';
import type { Timers } from '../../../src/core/providers/watch.ts';
import type { Wire } from '../../../src/core/providers/wire.ts';
import type { Api, ModelRequest, StreamEvent } from '../../../src/shared/model.ts';

/** A key that must never be seen again. */
export const CANARY = 'sk-canary-7Qf93hZk20sLmX81';

export const endpoint = (api: Api, baseUrl = 'https://api.example.com/v1'): Endpoint => ({
  id: 'example',
  label: 'Example',
  api,
  baseUrl,
  keyEnv: 'EXAMPLE_KEY',
  needsKey: true,
});

export const REQUEST: ModelRequest = {
  model: 'm',
  system: 'Be brief.',
  parts: [{ type: 'text', text: 'Say hello.' }],
  maxOutputTokens: 100,
};

export const LIMITS: StreamLimits = { firstByteMs: 10_000, idleMs: 10_000, progressMs: 10_000 };

const WIRES: Record<Api, Wire> = {
  'openai-responses': openaiResponses,
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};

const DIRECTORY = new URL('../../fixtures/wire/', import.meta.url);

const filesWith = (ending: string): readonly string[] =>
  readdirSync(DIRECTORY)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .toSorted();

/** The fixtures, `dialect-wire.what-it-shows`. */
export const FIXTURES = filesWith('.sse');
/** The fixtures whose events are written down. */
export const goldens = (): readonly string[] => filesWith('.golden.ndjson');

/** Which wire a fixture is of, by its name. */
export const apiOf = (fixtureName: string): Api =>
  fixtureName.includes('-responses.')
    ? 'openai-responses'
    : fixtureName.includes('-messages.')
      ? 'anthropic-messages'
      : 'openai-chat';

/** Whose dialect a fixture speaks, by its name. */
export const dialectIdOf = (fixtureName: string): string => fixtureName.slice(0, fixtureName.indexOf('-'));

const goldenUrl = (name: string): URL => new URL(`${name}.golden.ndjson`, DIRECTORY);

const read = new Map<string, readonly StreamEvent[]>();

/** The events a fixture must give. */
export function golden(name: string): readonly StreamEvent[] {
  const known = read.get(name);
  if (known) return known;
  const lines = readFileSync(goldenUrl(name), 'utf8').trimEnd().split('\n');
  const events: readonly StreamEvent[] = lines.map((line) => JSON.parse(line));
  read.set(name, events);
  return events;
}

/** Fails with the difference. The text is compared first, which is quicker for the many that are the same. */
export function same(events: readonly StreamEvent[], expected: readonly StreamEvent[], what: string): void {
  if (JSON.stringify(events) !== JSON.stringify(expected)) assert.deepEqual(events, expected, what);
}

/** Writes down what a fixture gives now, to be read with care: only when asked to by `UPDATE_GOLDENS=1`. */
export async function updateGolden(name: string, bytes: Uint8Array): Promise<void> {
  if (process.env.UPDATE_GOLDENS !== '1') return;
  const events = await playFixture(name, [bytes]);
  writeFileSync(goldenUrl(name), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

/** The events of a stream as it was written, each with the empty line that ends it. */
export const blocksOf = (bytes: Uint8Array): readonly string[] =>
  Buffer.from(bytes)
    .toString()
    .split(/(?<=\r\n\r\n|\n\n|\r\r)/);

/** A small generator, so that the cuts of a failing run can be made again. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

export interface Play {
  readonly contentType?: string;
  /** What follows the last piece; a clean end if absent. */
  readonly ending?: 'end' | 'error' | 'open';
  readonly signal?: AbortSignal;
  readonly limits?: StreamLimits;
  readonly dialect?: string;
  readonly deps?: Partial<StreamDeps>;
  /** Called when the reader gives the body up. */
  readonly onCancel?: () => void;
}

/** A body that gives one piece a read. */
export function bodyOf(pieces: readonly Uint8Array[], play: Play = {}): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const piece = pieces[at++];
        if (piece) {
          controller.enqueue(piece);
          return undefined;
        }
        if (play.ending === 'error') {
          controller.error(
            new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'ECONNRESET' }) }),
          );
          return undefined;
        }
        if (play.ending === 'open') return new Promise(() => undefined);
        controller.close();
        return undefined;
      },
      cancel: () => play.onCancel?.(),
    },
    { highWaterMark: 0 },
  );
}

/** All events of a stream, without how long figures were waited for, which no two runs have in common. */
export async function collect(stream: AsyncIterable<StreamEvent>): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) {
    if (event.type !== 'finish') events.push(event);
    else events.push({ type: 'finish', reason: event.reason, ...(event.error ? { error: event.error } : {}) });
  }
  return events;
}

/** Nothing waits: for streams that end by themselves. */
const STILL: Timers = { nowMs: () => 0, after: () => () => undefined };

/** Events of the bytes of a fixture, in its dialect. */
export const playFixture = (name: string, pieces: readonly Uint8Array[], how: Play = {}): Promise<readonly StreamEvent[]> =>
  play(apiOf(name), pieces, {
    dialect: dialectIdOf(name),
    ...how,
    deps: { ...(how.ending === 'open' ? {} : { timers: STILL }), ...how.deps },
  });

/** Events of the given bytes, without any SDK. */
export const play = (api: Api, pieces: readonly Uint8Array[], how: Play = {}): Promise<readonly StreamEvent[]> =>
  collect(streamOf(api, pieces, how));

/** The same as they come, nothing left out. */
export function streamOf(api: Api, pieces: readonly Uint8Array[], how: Play): AsyncIterable<StreamEvent> {
  const response = new Response(bodyOf(pieces, how), { headers: { 'content-type': how.contentType ?? 'text/event-stream' } });
  return streamCall(
    { ...WIRES[api], write: () => ({ body: {}, adjustments: [] }), open: async () => response },
    {
      endpoint: { ...endpoint(api), ...(how.dialect === undefined ? {} : { dialect: how.dialect }) },
      fetch: unused,
      key: CANARY,
      ...how.deps,
    },
    REQUEST,
    { signal: how.signal ?? new AbortController().signal, limits: how.limits ?? LIMITS },
  );
}

const unused = (): Promise<Response> => Promise.reject(new Error('nothing is fetched here'));

export const textOf = (events: readonly StreamEvent[]): string =>
  events.map((e) => (e.type === 'text-delta' ? e.text : '')).join('');
export const reasoningOf = (events: readonly StreamEvent[]): string =>
  events.map((e) => (e.type === 'reasoning-delta' ? e.text : '')).join('');
export const finishOf = (events: readonly StreamEvent[]): Extract<StreamEvent, { type: 'finish' }> => {
  const last = events.at(-1);
  if (last?.type !== 'finish') throw new Error(`no finish at the end: ${JSON.stringify(last)}`);
  if (events.filter((event) => event.type === 'finish').length !== 1) throw new Error('more than one finish');
  return last;
};
export const usageOf = (events: readonly StreamEvent[]): Extract<StreamEvent, { type: 'usage' }> | undefined =>
  events.findLast((event) => event.type === 'usage');
