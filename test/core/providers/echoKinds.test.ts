/** For every dialect on its wire: a server that says the key back, in its name, its thinking and its answer, says it to nobody. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DIALECT_NAMES } from '../../../src/core/providers/dialects.ts';
import { createProvider, DEFAULT_LIMITS } from '../../../src/core/providers/index.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import { APIS } from '../../../src/shared/model.ts';
import { startModelServer } from '../../servers/models.ts';

const KEY = 'canary4Gd81kQz0pW7xT2mV9bN5c';
const words = `Your key is ${KEY}, you know. `.repeat(3);
const server = await startModelServer({ text: words, reasoning: words, servedModel: `m-${KEY}` });
after(() => server.close());

for (const dialect of DIALECT_NAMES) {
  for (const api of APIS) {
    test(`${dialect}, ${api}`, async () => {
      const baseUrl = api === 'anthropic-messages' ? server.url : `${server.url}/v1`;
      const provider = createProvider(
        { id: 'e', label: 'E', api, dialect, baseUrl, needsKey: true },
        { fetch: createNodeFetch(), key: KEY },
      );
      const request = { model: 'm', system: 's', parts: [{ type: 'text', text: 't' }], maxOutputTokens: 2000 } as const;
      const signal = new AbortController().signal;
      const before = server.requests.length;
      let all = '';
      let text = '';
      for await (const event of provider.stream(request, { signal, limits: DEFAULT_LIMITS.fast })) {
        all += JSON.stringify(event);
        if (event.type === 'text-delta') text += event.text;
      }
      assert.ok(JSON.stringify(server.requests.slice(before).map(({ headers }) => headers)).includes(KEY), 'the key was sent');
      assert.equal(text, words.replaceAll(KEY, `${KEY.slice(0, 6)}[redacted]`));
      assert.ok(!all.includes(KEY), all);
    });
  }
}
