/** What is sent: bodies of every wire, recorded by the fetch that would have sent them; and what is read from lists of models. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Endpoint, ModelFailure } from '../../../src/core/contracts.ts';
import { BUILT_IN_ENDPOINTS, createProvider } from '../../../src/core/providers/index.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import type { Api, ModelRequest } from '../../../src/shared/model.ts';
import { startModelServer } from '../../servers/models.ts';
import { json, startServer } from '../../servers/server.ts';
import { CANARY, collect, endpoint, finishOf, LIMITS } from './wireCase.ts';

interface Sent {
  readonly url: string;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;
}

/** The request as it would have left. */
async function sent(to: Endpoint, request: Partial<ModelRequest>): Promise<Sent> {
  let seen: Sent | undefined;
  const provider = createProvider(to, {
    key: CANARY,
    fetch: async (url, init) => {
      assert.equal(init?.redirect, 'error');
      seen = { url: String(url), body: JSON.parse(String(init?.body)), headers: Object.fromEntries(new Headers(init?.headers)) };
      return new Response('', { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  const whole = { model: 'm', system: 'S', parts: [{ type: 'text', text: 'T' }], maxOutputTokens: 500, ...request } as const;
  const events = await collect(provider.stream(whole, { signal: new AbortController().signal, limits: LIMITS }));
  if (!seen) throw new Error(`nothing was sent: ${JSON.stringify(events)}`);
  assert.equal(seen.headers.authorization, `Bearer ${CANARY}`);
  return seen;
}

const builtIn = (id: string): Endpoint => {
  const row = BUILT_IN_ENDPOINTS.find((candidate) => candidate.id === id);
  if (!row) throw new Error(id);
  return row;
};
const IMAGE = { type: 'image', mediaType: 'image/png', base64: 'iVBORw0KGgo=' } as const;
const DATA_URL = 'data:image/png;base64,iVBORw0KGgo=';

const cases: readonly (readonly [string, Endpoint, Partial<ModelRequest>, string, unknown])[] = [
  [
    'Responses at OpenAI, with effort and a picture',
    builtIn('openai'),
    { model: 'gpt-6-sol', effort: 'high', parts: [{ type: 'text', text: 'T' }, IMAGE] },
    'https://api.openai.com/v1/responses',
    {
      model: 'gpt-6-sol',
      instructions: 'S',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'T' },
            { type: 'input_image', detail: 'auto', image_url: DATA_URL },
          ],
        },
      ],
      max_output_tokens: 500,
      reasoning: { effort: 'high', summary: 'auto' },
      stream: true,
      store: false,
      stream_options: { include_obfuscation: false },
      service_tier: 'default',
    },
  ],
  [
    'Responses elsewhere, plain',
    endpoint('openai-responses'),
    { system: '' },
    'https://api.example.com/v1/responses',
    {
      model: 'm',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'T' }] }],
      max_output_tokens: 500,
      stream: true,
      store: false,
    },
  ],
  [
    'Responses without thinking',
    endpoint('openai-responses'),
    { effort: 'none' },
    'https://api.example.com/v1/responses',
    {
      model: 'm',
      instructions: 'S',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'T' }] }],
      max_output_tokens: 500,
      reasoning: { effort: 'none' },
      stream: true,
      store: false,
    },
  ],
  [
    'Chat elsewhere, text parts joined',
    endpoint('openai-chat'),
    {
      effort: 'low',
      parts: [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B' },
      ],
    },
    'https://api.example.com/v1/chat/completions',
    {
      model: 'm',
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'A\n\nB' },
      ],
      max_tokens: 500,
      reasoning_effort: 'low',
      stream: true,
      stream_options: { include_usage: true },
    },
  ],
  [
    'Chat at OpenAI, with a picture',
    { ...endpoint('openai-chat'), baseUrl: 'https://api.openai.com/v1' },
    { parts: [{ type: 'text', text: 'T' }, IMAGE] },
    'https://api.openai.com/v1/chat/completions',
    {
      model: 'm',
      messages: [
        { role: 'system', content: 'S' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'T' },
            { type: 'image_url', image_url: { url: DATA_URL, detail: 'auto' } },
          ],
        },
      ],
      max_completion_tokens: 500,
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      service_tier: 'default',
    },
  ],
  [
    'Anthropic, with effort and a picture',
    builtIn('anthropic'),
    { model: 'claude-opus-5-5', effort: 'max', parts: [IMAGE, { type: 'text', text: 'T' }] },
    'https://api.anthropic.com/v1/messages',
    {
      model: 'claude-opus-5-5',
      max_tokens: 500,
      system: 'S',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'text', text: 'T' },
          ],
        },
      ],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'max' },
      service_tier: 'standard_only',
      stream: true,
    },
  ],
  [
    'Anthropic without thinking',
    builtIn('anthropic'),
    { model: 'claude-opus-4-8', effort: 'none', system: '' },
    'https://api.anthropic.com/v1/messages',
    {
      model: 'claude-opus-4-8',
      max_tokens: 500,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'T' }] }],
      thinking: { type: 'disabled' },
      service_tier: 'standard_only',
      stream: true,
    },
  ],
  [
    'Anthropic as the model likes',
    builtIn('anthropic'),
    {},
    'https://api.anthropic.com/v1/messages',
    {
      model: 'm',
      max_tokens: 500,
      system: 'S',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'T' }] }],
      service_tier: 'standard_only',
      stream: true,
    },
  ],
];

describe('a request', () => {
  for (const [name, to, request, url, body] of cases) {
    test(name, async () => {
      const seen = await sent(to, request);
      assert.equal(seen.url, url);
      assert.deepEqual(seen.body, body);
    });
  }

  test('carries nothing but what it must in its headers', async () => {
    for (const api of ['openai-responses', 'openai-chat', 'anthropic-messages'] as const) {
      const { headers } = await sent(endpoint(api), {});
      const known = [
        'accept',
        'authorization',
        'content-type',
        'user-agent',
        ...(api === 'anthropic-messages' ? ['anthropic-version'] : []),
      ];
      assert.deepEqual(Object.keys(headers).sort(), known.sort(), api);
    }
  });
});

describe('a list of models', () => {
  const lists: readonly (readonly [string, Api, unknown, unknown])[] = [
    [
      'Ollama',
      'openai-chat',
      { object: 'list', data: [{ id: 'llama3:8b', object: 'model', owned_by: 'library' }] },
      [{ id: 'llama3:8b' }],
    ],
    ['Ollama, its own form', 'openai-chat', { models: [{ name: 'llama3:8b', model: 'llama3:8b' }] }, [{ id: 'llama3:8b' }]],
    ['vLLM', 'openai-chat', { data: [{ id: 'm', max_model_len: 32_768 }] }, [{ id: 'm', contextTokens: 32_768 }]],
    [
      'OpenRouter',
      'openai-chat',
      {
        data: [
          {
            id: 'x/y',
            name: 'X: Y',
            context_length: 200_000,
            architecture: { input_modalities: ['text', 'image'] },
            top_provider: { max_completion_tokens: 64_000 },
          },
        ],
      },
      [{ id: 'x/y', label: 'X: Y', contextTokens: 200_000, maxOutputTokens: 64_000, imageInput: true }],
    ],
    ['a bare list', 'openai-chat', ['a', { id: 'b' }, 7, null], [{ id: 'a' }, { id: 'b' }]],
    ['an empty list', 'openai-responses', { data: [] }, []],
    [
      'Anthropic',
      'anthropic-messages',
      {
        data: [
          {
            id: 'claude-opus-5-5',
            display_name: 'Claude Opus 5.5',
            max_input_tokens: 1_000_000,
            max_tokens: 128_000,
            lifecycle: 'active',
            capabilities: {
              image_input: { supported: true },
              effort: {
                supported: true,
                low: { supported: true },
                high: { supported: true },
                max: { supported: false },
                xhigh: null,
              },
            },
          },
          { id: 'claude-1', display_name: 'Claude 1', lifecycle: 'retired', max_input_tokens: null },
        ],
        has_more: false,
      },
      [
        {
          id: 'claude-opus-5-5',
          label: 'Claude Opus 5.5',
          contextTokens: 1_000_000,
          maxOutputTokens: 128_000,
          imageInput: true,
          efforts: ['low', 'high'],
        },
      ],
    ],
  ];
  for (const [name, api, answer, expected] of lists) {
    test(name, async () => {
      await using server = await startServer(json(200, answer));
      const provider = createProvider(endpoint(api, server.url), { fetch: createNodeFetch(), key: CANARY });
      assert.deepEqual(await provider.listModels(new AbortController().signal), expected);
      assert.equal(server.requests[0]?.method, 'GET');
    });
  }

  test('OpenAI lists only models that answer in text', async () => {
    const ids = [
      'gpt-6-sol',
      'text-embedding-3-large',
      'gpt-image-2',
      'whisper-1',
      'gpt-6-luna',
      'tts-1',
      'omni-moderation-latest',
    ];
    const provider = createProvider(builtIn('openai'), {
      key: CANARY,
      fetch: async () => Response.json({ data: ids.map((id) => ({ id })) }),
    });
    assert.deepEqual(
      (await provider.listModels(new AbortController().signal)).map(({ id }) => id),
      ['gpt-6-sol', 'gpt-6-luna'],
    );
  });

  const failures: readonly (readonly [string, number, unknown, string])[] = [
    ['a wrong key', 401, { error: { message: `bad key ${CANARY}` } }, 'auth'],
    ['nothing there', 404, {}, 'invalid-request'],
    ['no list', 200, { hello: 1 }, 'protocol'],
    ['an error with status 200', 200, { error: { message: 'x', type: 'overloaded_error' } }, 'overloaded'],
  ];
  for (const [name, status, body, kind] of failures) {
    test(`fails with ${name}`, async () => {
      await using server = await startServer(json(status, body));
      for (const api of ['openai-chat', 'anthropic-messages'] as const) {
        const provider = createProvider(endpoint(api, server.url), { fetch: createNodeFetch(), key: CANARY });
        await assert.rejects(provider.listModels(new AbortController().signal), (error) => {
          assert.ok(error instanceof ModelFailure);
          assert.equal(error.error.kind, kind);
          assert.ok(!error.message.includes(CANARY));
          return true;
        });
      }
    });
  }

  test('an abort is the caller’s own', async () => {
    await using server = await startServer(() => undefined);
    const stop = new AbortController();
    const provider = createProvider(endpoint('openai-chat', server.url), { fetch: createNodeFetch(), key: CANARY });
    const listing = provider.listModels(stop.signal);
    stop.abort();
    await assert.rejects(listing, { name: 'AbortError' });
  });
});

describe('scripted models', () => {
  for (const [api, path] of [
    ['openai-responses', '/v1'],
    ['openai-chat', '/v1'],
    ['anthropic-messages', ''],
  ] as const) {
    test(`${api}: usage in detail equals the script`, async () => {
      await using server = await startModelServer({
        text: 'Grüße 🌍',
        reasoning: 'Hm.',
        servedModel: 'm-2026',
        usage: {
          inputTokens: 1000,
          outputTokens: 90,
          reasoningTokens: 40,
          cacheReadTokens: 600,
          cacheWriteTokens: 50,
          costUsd: 0.00025,
        },
      });
      const provider = createProvider(endpoint(api, server.url + path), { fetch: createNodeFetch(), key: CANARY });
      const request: ModelRequest = { model: 'm', system: '', parts: [{ type: 'text', text: 'x' }], maxOutputTokens: 9 };
      const events = await collect(provider.stream(request, { signal: new AbortController().signal, limits: LIMITS }));
      assert.deepEqual(events.at(-2), {
        type: 'usage',
        usage: {
          inputTokens: 1000,
          outputTokens: 90,
          reasoningTokens: 40,
          cacheReadTokens: 600,
          cacheWriteTokens: 50,
          basis: 'reported',
        },
        ...(api === 'openai-chat' ? { billedNanoUsd: 250_000 } : {}),
      });
      assert.deepEqual(finishOf(events), { type: 'finish', reason: 'stop' });
      assert.equal(server.calls().length, 1);
    });
  }
});
