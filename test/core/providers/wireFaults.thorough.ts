/** What may go wrong in the middle of every fixture: an early end, a reset, an error event, an event sent twice, a line left open. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Api, StreamEvent } from '../../../src/shared/model.ts';
import { fixture } from '../../servers/transcript.ts';
import { apiOf, blocksOf, FIXTURES, finishOf, golden, playFixture, reasoningOf, textOf, usageOf } from './wireCase.ts';

/** A tag that was cut is shown as it came. */
const withoutHalfTag = (text: string): string => text.replace(/\s*(<\/?[a-z]*|\[\/?[A-Z]*)$/, '');

/** How each wire reports an error in the middle of an answer, by the types of the vendors' packages. */
const ERRORS: Record<Api, string> = {
  'openai-responses': 'event: error\ndata: {"type":"error","code":"server_error","message":"Boom","param":null}\n\n',
  'openai-chat': 'data: {"error":{"code":500,"message":"Boom"}}\n\n',
  'anthropic-messages': 'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Boom"}}\n\n',
};

/**
 * Whether a stream of Chat Completions that ends here said that it is over: by a reason, or by the usage that stands in a chunk of its
 * own after all others, the only one. The other wires end by their last event alone.
 */
function saidItsEnd(text: string): boolean {
  const chunks = blocksOf(Buffer.from(text)).flatMap((block) => {
    const data = /\r\n\r\n$|\n\n$|\r\r$/.test(block) ? /^data: (\{.*\})/m.exec(block)?.[1] : undefined;
    return data === undefined ? [] : [JSON.parse(data)];
  });
  const isUsage = (chunk: { choices?: unknown[]; usage?: unknown }): boolean =>
    chunk.choices?.length === 0 && Boolean(chunk.usage);
  return (
    chunks.some((chunk) => chunk.choices?.some((choice: { finish_reason?: unknown }) => choice.finish_reason)) ||
    (chunks.findIndex(isUsage) > 0 && chunks.findIndex(isUsage) === chunks.length - 1)
  );
}

/** What was said, without signs of life and without the end. */
const said = (events: readonly StreamEvent[]): readonly StreamEvent[] =>
  events.filter(({ type }) => type !== 'finish' && type !== 'first-byte' && type !== 'first-event');

for (const name of FIXTURES) {
  const bytes = fixture(`${name}.sse`);
  const blocks = blocksOf(bytes);
  const expected = golden(name);
  const isChat = apiOf(name) === 'openai-chat';
  const upTo = (count: number): Buffer => Buffer.from(blocks.slice(0, count).join(''));

  describe(name, () => {
    test('is never called complete when it was cut, and keeps what came', async () => {
      for (let at = 0; at < bytes.byteLength; at++) {
        const part = bytes.subarray(0, at);
        const events = await playFixture(name, [part]);
        const finish = finishOf(events);
        const isOver = isDeepStrictEqual(events, expected) || (isChat && saidItsEnd(part.toString()));
        if (isOver) assert.equal(finish.reason, finishOf(expected).reason, `${at} bytes`);
        else assert.equal(finish.error?.kind, 'protocol', `${at} bytes: ${JSON.stringify(finish)}`);
        // Half an answer has no final count.
        if (!isOver && !/"stop_reason": ?"/.test(part.toString()))
          assert.equal(usageOf(events)?.usage.outputTokens, undefined, `${at} bytes`);
        assert.ok(textOf(expected).startsWith(withoutHalfTag(textOf(events))), `${at} bytes`);
        assert.ok(reasoningOf(expected).startsWith(withoutHalfTag(reasoningOf(events))), `${at} bytes`);
      }
    });

    test('a reset or an error event before the end is that error, after what came; after the end it is nothing', async () => {
      for (let count = 0; count <= blocks.length; count++) {
        const reset = await playFixture(name, [upTo(count)], { ending: 'error' });
        const stopped = await playFixture(name, [upTo(count), Buffer.from(ERRORS[apiOf(name)])]);
        const { error } = finishOf(reset);
        if (isDeepStrictEqual(reset, expected)) {
          assert.deepEqual([reset, stopped], [expected, expected], `after ${count} events`);
        } else {
          assert.deepEqual([error?.kind, error?.retryable], ['network', true], `after ${count} events`);
          assert.match(finishOf(stopped).error?.message ?? '', /Boom/, `after ${count} events`);
          assert.deepEqual(said(stopped), said(reset), `after ${count} events`);
        }
      }
    });

    test('an event that is sent twice counts once, where events are numbered', async () => {
      if (name === 'proxy-responses.uncounted') return; // all its numbers are 0 and say nothing
      for (const [at, block] of blocks.entries()) {
        if (!/"sequence_number":/.test(block)) continue;
        const doubled = [upTo(at + 1), Buffer.from(block), Buffer.from(blocks.slice(at + 1).join(''))];
        assert.deepEqual(await playFixture(name, doubled), expected, `event ${at}`);
      }
    });

    test('ends at its terminal event, even when the line stays open', async () => {
      if (name === 'ollama-chat.null-finish' || name === 'llamacpp-chat.no-done') return; // these end with the line
      const given = Promise.withResolvers<void>();
      const events = await playFixture(name, [bytes], { ending: 'open', onCancel: given.resolve });
      assert.deepEqual(events, expected);
      await given.promise; // the body is given up; else this test times out
    });
  });
}
