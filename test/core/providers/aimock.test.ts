/** Against an independent peer, with the real SDKs over real loopback: text, thinking and usage equal what the peer sent. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { createProvider } from '../../../src/core/providers/index.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import type { Api } from '../../../src/shared/model.ts';
import { CANARY, collect, endpoint, finishOf, LIMITS, REQUEST, reasoningOf, textOf, usageOf } from './wireCase.ts';

const TEXT = '<!doctype html>\n<h1>Grüße 🌍</h1>\n'.repeat(20);
const REASONING = 'First the layout, then the colours. '.repeat(10);

const mock = new LLMock({ port: 0, chunkSize: 7 });
before(async () => {
  mock.on({ model: 'plain' }, { content: TEXT, usage: { input_tokens: 321, output_tokens: 123 } });
  mock.on({ model: 'thinker' }, { content: TEXT, reasoning: REASONING, usage: { input_tokens: 1200, output_tokens: 340 } });
  mock.on({ model: 'cut-off' }, { content: TEXT, finishReason: 'length' });
  mock.on({ model: 'broken' }, { content: TEXT }, { truncateAfterChunks: 5 });
  await mock.start();
});
after(() => mock.stop());

const BASE: Record<Api, string> = { 'openai-responses': '/v1', 'openai-chat': '/v1', 'anthropic-messages': '' };

const ask = (api: Api, model: string) =>
  collect(
    createProvider(endpoint(api, mock.url + BASE[api]), { fetch: createNodeFetch(), key: CANARY }).stream(
      { ...REQUEST, model, effort: 'high' },
      { signal: new AbortController().signal, limits: LIMITS },
    ),
  );

for (const api of ['openai-responses', 'openai-chat', 'anthropic-messages'] as const) {
  describe(api, () => {
    test('text and usage', async () => {
      const events = await ask(api, 'plain');
      assert.equal(textOf(events), TEXT);
      assert.equal(reasoningOf(events), '');
      assert.equal(usageOf(events)?.usage.inputTokens, 321);
      assert.equal(usageOf(events)?.usage.outputTokens, 123);
      assert.deepEqual(finishOf(events), { type: 'finish', reason: 'stop' });
      assert.equal(events[0]?.type, 'first-byte');
      assert.ok(events.some((event) => event.type === 'response-start' && event.servedModel === 'plain'));
    });

    test('thinking before text', async () => {
      const events = await ask(api, 'thinker');
      assert.equal(reasoningOf(events), REASONING);
      assert.equal(textOf(events), TEXT);
      assert.equal(usageOf(events)?.usage.inputTokens, 1200);
      assert.equal(usageOf(events)?.usage.outputTokens, 340);
      const firstText = events.findIndex((event) => event.type === 'text-delta');
      assert.ok(events.findLastIndex((event) => event.type === 'reasoning-delta') < firstText);
    });

    test('an answer at its limit', async () => {
      assert.equal(finishOf(await ask(api, 'cut-off')).reason, 'length');
    });

    test('a connection killed in mid-stream', async () => {
      const events = await ask(api, 'broken');
      assert.equal(finishOf(events).reason, 'error');
      assert.equal(finishOf(events).error?.kind, 'network');
      assert.ok(TEXT.startsWith(textOf(events)));
    });

    test('refused calls, in the vendor’s own form', async () => {
      for (const [status, type, kind] of [
        [401, 'authentication_error', 'auth'],
        [429, 'rate_limit_error', 'rate-limit'],
        [529, 'overloaded_error', 'overloaded'],
      ] as const) {
        mock.nextRequestError(status, { message: 'no', type });
        const { error } = finishOf(await ask(api, 'plain'));
        assert.equal(error?.kind, kind);
        assert.equal(error?.status, status);
      }
    });
  });
}
