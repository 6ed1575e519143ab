import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { StreamEvent } from '../../../src/shared/model.ts';
import { cut, fixture } from '../../servers/transcript.ts';
import { apiOf, finishOf, play, reasoningOf, textOf } from './wireCase.ts';

const DIRECTORY = new URL('../../fixtures/wire/', import.meta.url);
const NAMES = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith('.sse'))
  .map((name) => name.slice(0, -'.sse'.length));

const golden = (name: string): readonly StreamEvent[] =>
  readFileSync(new URL(`${name}.golden.ndjson`, DIRECTORY), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** A small generator, so that the cuts of a failing run can be made again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** A tag that was cut is shown as it came. */
const withoutHalfTag = (text: string): string => text.replace(/\s*<\/?[a-z]*$/, '');

async function check(name: string, pieces: readonly Uint8Array[], what: string): Promise<void> {
  assert.deepEqual(await play(apiOf(name), pieces), golden(name), `${name}, ${what}`);
}

test('every wire has fixtures', () => {
  for (const api of ['openai-responses', 'openai-chat', 'anthropic-messages'])
    assert.ok(
      NAMES.some((name) => apiOf(`${name}.sse`) === api),
      api,
    );
});

for (const name of NAMES) {
  describe(`${name}`, () => {
    const file = `${name}.sse`;
    const bytes = fixture(file);

    test('gives its golden events', () => check(name, [bytes], 'whole'));

    test('gives the same events when cut in two at any byte', async () => {
      for (let at = 1; at < bytes.byteLength; at++)
        await check(name, [bytes.subarray(0, at), bytes.subarray(at)], `cut at ${at}`);
    });

    test('gives the same events byte by byte, and in seeded pieces', async () => {
      await check(name, cut(bytes, [1]), 'byte by byte');
      const random = seeded(20_261_122);
      for (let round = 0; round < 40; round++) {
        const sizes = Array.from({ length: 50 }, () => 1 + Math.floor(random() ** 3 * 200));
        await check(name, cut(bytes, sizes), `round ${round}`);
      }
    });

    test('is never called complete when it was cut, and keeps what came', async () => {
      const whole = golden(name);
      for (let at = 0; at < bytes.byteLength; at++) {
        const events = await play(apiOf(name), [bytes.subarray(0, at)]);
        const finish = finishOf(events);
        const isWhole = events.length === whole.length;
        // A Chat answer is complete at a clean end after its finish reason, usage or not.
        const mayEnd = isWhole || (apiOf(file) === 'openai-chat' && textOf(events) === textOf(whole));
        if (!mayEnd) assert.equal(finish.error?.kind, 'protocol', `${at} bytes: ${JSON.stringify(finish)}`);
        assert.ok(textOf(whole).startsWith(withoutHalfTag(textOf(events))), `${at} bytes`);
        assert.ok(reasoningOf(whole).startsWith(withoutHalfTag(reasoningOf(events))), `${at} bytes`);
      }
    });

    test('ends at its terminal event, even when the line stays open', async () => {
      if (name === 'ollama-chat.null-finish' || name === 'llamacpp-chat.no-done') return; // these end with the line
      const given = Promise.withResolvers<void>();
      const events = await play(apiOf(name), [bytes], { ending: 'open', onCancel: given.resolve });
      assert.deepEqual(events, golden(name));
      await given.promise; // the body is given up; else this test times out
    });

    test('a reset before the end is a network error, after what came', async () => {
      if (name === 'proxy-responses.completed-only') return; // its first event is its last
      const half = bytes.subarray(0, bytes.byteLength >> 2);
      const finish = finishOf(await play(apiOf(name), [half], { ending: 'error' }));
      assert.equal(finish.reason, 'error');
      assert.equal(finish.error?.kind, 'network');
      assert.equal(finish.error?.retryable, true);
    });
  });
}
