/** The faults of real lines, over real loopback HTTP, through the real SDKs: each has one ending of the right kind, and no key in it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import zlib from 'node:zlib';
import type { Endpoint, StreamLimits } from '../../../src/core/contracts.ts';
import { createProvider } from '../../../src/core/providers/index.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import type { Api, ErrorKind, FinishReason, StreamEvent } from '../../../src/shared/model.ts';
import { speak } from '../../faults/wires.ts';
import { json, type Responder, startServer } from '../../servers/server.ts';
import { fixture, transcript } from '../../servers/transcript.ts';
import { CANARY, collect, endpoint, finishOf, LIMITS, play, REQUEST, textOf, usageOf } from './wireCase.ts';

const APIS: readonly Api[] = ['openai-responses', 'openai-chat', 'anthropic-messages'];
const GOOD: Record<Api, string> = {
  'openai-responses': 'openai-responses.reasoning-summary.sse',
  'openai-chat': 'openai-chat.usage-chunk.sse',
  'anthropic-messages': 'anthropic-messages.thinking.sse',
};
const good = (api: Api): Buffer => fixture(GOOD[api]);

interface Options {
  readonly api?: Api;
  readonly limits?: Partial<StreamLimits>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: StreamEvent) => void;
  readonly key?: string | undefined;
  readonly endpoint?: Partial<Endpoint>;
}

async function ask(responder: Responder, options: Options = {}): Promise<readonly StreamEvent[]> {
  await using server = await startServer(responder);
  const api = options.api ?? 'openai-chat';
  const provider = createProvider(
    { ...endpoint(api, server.url), ...options.endpoint },
    {
      fetch: createNodeFetch(),
      ...('key' in options ? (options.key === undefined ? {} : { key: options.key }) : { key: CANARY }),
    },
  );
  const stream = provider.stream(REQUEST, {
    signal: options.signal ?? new AbortController().signal,
    limits: { ...LIMITS, ...options.limits },
  });
  const events: StreamEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    options.onEvent?.(event);
  }
  assert.ok(!JSON.stringify(events).includes(CANARY.slice(0, 14)), 'no event holds the key');
  for (const request of server.requests)
    assert.equal(request.headers.authorization, options.key === undefined && 'key' in options ? undefined : `Bearer ${CANARY}`);
  return events;
}

/** A test whose whole body is one {@link check}. */
const faultTest = (name: string, body: () => Promise<unknown>): void => {
  test(name, async () => {
    await body();
  });
};

interface Expected {
  readonly reason?: FinishReason;
  readonly kind?: ErrorKind;
  readonly retryable?: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly says?: RegExp;
}

async function check(responder: Responder, expected: Expected, options?: Options): Promise<readonly StreamEvent[]> {
  const events = await ask(responder, options);
  const { reason, error } = finishOf(events);
  assert.equal(reason, expected.reason ?? 'error', JSON.stringify(error));
  assert.equal(error?.kind, expected.kind);
  if (expected.retryable !== undefined) assert.equal(error?.retryable, expected.retryable);
  if (expected.status !== undefined) assert.equal(error?.status, expected.status);
  assert.equal(error?.retryAfterMs, expected.retryAfterMs);
  if (expected.says) assert.match(error?.message ?? '', expected.says);
  return events;
}

describe('a status outside 2xx', () => {
  const openAi = (code: string, message: string) => ({ error: { message, type: 'invalid_request_error', param: null, code } });
  const anthropic = (type: string, message: string) => ({ type: 'error', error: { type, message }, request_id: 'req_1' });
  const cases: readonly (readonly [string, number, unknown, Expected, Record<string, string>?])[] = [
    [
      'OpenAI, wrong key',
      401,
      openAi('invalid_api_key', `Incorrect API key provided: ${CANARY}.`),
      { kind: 'auth', retryable: false, status: 401, says: /Set API Key/ },
    ],
    ['Anthropic, wrong key', 401, anthropic('authentication_error', 'invalid x-api-key'), { kind: 'auth', retryable: false }],
    ['no permission', 403, anthropic('permission_error', 'no'), { kind: 'auth', retryable: false, says: /allow/ }],
    [
      'unknown model',
      404,
      openAi('model_not_found', 'The model `m` does not exist'),
      { kind: 'invalid-request', retryable: false, says: /“m”/ },
    ],
    [
      'Ollama, unknown model',
      404,
      { error: { message: 'model "m" not found', type: 'api_error' } },
      { kind: 'invalid-request', retryable: false },
    ],
    [
      'no money',
      402,
      { error: { code: 402, message: 'Insufficient credits' } },
      { kind: 'rate-limit', retryable: false, says: /credit/ },
    ],
    [
      'quota',
      429,
      openAi('insufficient_quota', 'You exceeded your current quota'),
      { kind: 'rate-limit', retryable: false, says: /billing/ },
    ],
    ['spend limit', 400, anthropic('enforced_spend_limit_reached', 'x'), { kind: 'rate-limit', retryable: false }],
    [
      'too fast',
      429,
      openAi('rate_limit_exceeded', 'slow'),
      { kind: 'rate-limit', retryable: true, retryAfterMs: 7000 },
      { 'retry-after': '7' },
    ],
    [
      'too fast, in ms',
      429,
      anthropic('rate_limit_error', 'slow'),
      { kind: 'rate-limit', retryable: true, retryAfterMs: 250 },
      { 'retry-after-ms': '250', 'retry-after': '1' },
    ],
    [
      'too fast, nonsense',
      429,
      anthropic('rate_limit_error', 'slow'),
      { kind: 'rate-limit', retryable: true },
      { 'retry-after': '-5' },
    ],
    [
      'too long',
      400,
      openAi('context_length_exceeded', 'This model has a maximum context length of 8192 tokens'),
      { kind: 'context-length', retryable: false },
    ],
    [
      'too long, in words',
      400,
      anthropic('invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'),
      { kind: 'context-length', retryable: false },
    ],
    ['too large', 413, anthropic('request_too_large', 'x'), { kind: 'context-length', retryable: false, status: 413 }],
    [
      'bad request',
      400,
      openAi('unsupported_value', 'Unsupported value: reasoning.effort'),
      { kind: 'invalid-request', retryable: false, says: /reasoning\.effort/ },
    ],
    ['policy', 400, openAi('content_filter', 'x'), { kind: 'invalid-request', retryable: false, says: /policy/ }],
    ['overloaded', 529, anthropic('overloaded_error', 'Overloaded'), { kind: 'overloaded', retryable: true, status: 529 }],
    ['unavailable', 503, 'Service Unavailable', { kind: 'overloaded', retryable: true }],
    ['server error', 500, openAi('server_error', 'oops'), { kind: 'unknown', retryable: true, status: 500 }],
    [
      'vLLM',
      400,
      { object: 'error', message: 'max_tokens too large', type: 'BadRequestError', code: 400 },
      { kind: 'invalid-request', retryable: false },
    ],
    [
      'a proxy page',
      502,
      '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
      { kind: 'overloaded', retryable: true, says: /Bad Gateway/ },
    ],
    ['nothing', 500, '', { kind: 'unknown', retryable: true }],
    [
      'Google, wrong key',
      400,
      [
        {
          error: {
            code: 400,
            message: 'API key not valid.',
            status: 'INVALID_ARGUMENT',
            details: [{ reason: 'API_KEY_INVALID' }],
          },
        },
      ],
      { kind: 'auth', retryable: false, says: /Set API Key/ },
    ],
    [
      'xAI, wrong key',
      400,
      { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: xx.' },
      { kind: 'auth', retryable: false },
    ],
    [
      'Anthropic, no money',
      400,
      anthropic('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
      { kind: 'rate-limit', retryable: false, says: /billing/ },
    ],
    ['Alibaba, no money', 400, openAi('Arrearage', 'Access denied'), { kind: 'rate-limit', retryable: false }],
    [
      'Moonshot, no money',
      429,
      { error: { type: 'exceeded_current_quota_error', message: 'suspended' } },
      { kind: 'rate-limit', retryable: false },
    ],
    [
      'LiteLLM, no money',
      400,
      { error: { message: 'Budget has been exceeded! Current cost: 1', type: 'budget_exceeded', code: '400' } },
      { kind: 'rate-limit', retryable: false },
    ],
    [
      'Google, too fast, with the wait in the body',
      429,
      [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x', details: [{}, { retryDelay: '37.5s' }] } }],
      { kind: 'rate-limit', retryable: true, retryAfterMs: 37_500 },
    ],
    [
      'LiteLLM, unknown model',
      400,
      { error: { message: '/chat/completions: Invalid model name passed in model=m', code: '400' } },
      { kind: 'invalid-request', retryable: false, says: /does not know the model/ },
    ],
    [
      'LiteLLM, too long',
      400,
      { error: { message: 'litellm.ContextWindowExceededError: m', code: '400' } },
      { kind: 'context-length', retryable: false },
    ],
    ['Groq, capacity', 498, { error: { message: 'x' } }, { kind: 'overloaded', retryable: true }],
  ];
  for (const [name, status, body, expected, headers] of cases) {
    test(name, async () => {
      for (const api of APIS) await check(json(status, body, headers), expected, { api });
    });
  }

  test('an endless error body is cut', async () => {
    const endless: Responder = (_request, response) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      const more = (): void => {
        if (!response.destroyed) response.write('no '.repeat(4096), more);
      };
      more();
    };
    const events = await check(endless, { kind: 'unknown' });
    assert.ok((finishOf(events).error?.message.length ?? 0) < 500);
  });
});

describe('status 200 that is no stream', () => {
  const cases: readonly (readonly [string, string, string, Expected])[] = [
    [
      'a page',
      'text/html',
      '<html><body>Sign in to the network</body></html>',
      { kind: 'protocol', says: /text\/html.*Sign in to the network/ },
    ],
    ['plain text', 'text/plain', 'data: {"choices":[]}\n\n', { kind: 'protocol' }],
    ['an empty page', 'text/html', '', { kind: 'protocol', says: /empty/ }],
    ['other JSON', 'application/json', '{"hello":1}', { kind: 'protocol' }],
    ['broken JSON', 'application/json', '{"choices": [', { kind: 'protocol' }],
    [
      'a JSON error',
      'application/json',
      '{"error":{"message":"slow down","type":"rate_limit_error"}}',
      { kind: 'rate-limit', retryable: true },
    ],
    [
      'a JSON error in a list, as Google sends it',
      'application/json',
      '[{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}]',
      { kind: 'rate-limit', retryable: true },
    ],
    [
      'the same as an event',
      'text/event-stream',
      'data: [{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]\n\n',
      { kind: 'overloaded', retryable: true },
    ],
    ['an echo of the key', 'text/html', `<p>Bearer ${CANARY} and ${CANARY.slice(3, 20)}</p>`, { kind: 'protocol' }],
  ];
  for (const [name, contentType, body, expected] of cases) {
    test(name, async () => {
      for (const api of APIS) await check(transcript(body, { contentType }), expected, { api });
    });
  }

  faultTest('no content type at all', () =>
    check(
      (_request, response) => {
        response.writeHead(200);
        response.end('data: hi\n\n');
      },
      { kind: 'protocol' },
    ),
  );
});

describe('a whole answer instead of a stream', () => {
  const cases: readonly (readonly [Api, unknown])[] = [
    [
      'openai-responses',
      {
        id: 'r',
        object: 'response',
        model: 'served',
        status: 'completed',
        output: [{ type: 'message', content: [{ type: 'output_text', text: 'All.' }] }],
        usage: { input_tokens: 3, output_tokens: 2 },
      },
    ],
    [
      'openai-chat',
      {
        id: 'c',
        object: 'chat.completion',
        model: 'served',
        choices: [{ index: 0, message: { role: 'assistant', content: 'All.' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 3, completion_tokens: 2 },
      },
    ],
    [
      'anthropic-messages',
      {
        id: 'a',
        type: 'message',
        model: 'served',
        content: [{ type: 'text', text: 'All.' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 3, output_tokens: 2 },
      },
    ],
  ];
  for (const [api, body] of cases) {
    test(api, async () => {
      const events = await check(json(200, body), { reason: 'stop' }, { api });
      assert.equal(textOf(events), 'All.');
      assert.deepEqual(events.at(-2), { type: 'usage', usage: { inputTokens: 3, outputTokens: 2, basis: 'reported' } });
      assert.deepEqual(
        events.slice(0, 2).map(({ type }) => type),
        ['first-byte', 'first-event'],
      );
      assert.equal(events[2]?.type === 'response-start' && events[2].servedModel, 'served');
    });
  }
});

describe('encodings', () => {
  for (const [encoding, encode] of [
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['br', zlib.brotliCompressSync],
  ] as const) {
    test(`${encoding} is decoded`, async () => {
      for (const api of APIS) {
        const events = await check(
          transcript(encode(good(api)), { headers: { 'content-encoding': encoding }, pieces: [7, 50] }),
          { reason: 'stop' },
          { api },
        );
        assert.ok(textOf(events).length > 0);
      }
    });
  }
  faultTest('damaged gzip', () =>
    check(transcript(Buffer.from('this is no gzip at all'), { headers: { 'content-encoding': 'gzip' } }), { kind: 'protocol' }),
  );
  faultTest('gzip cut short', () =>
    check(transcript(zlib.gzipSync(good('openai-chat')), { headers: { 'content-encoding': 'gzip' }, bytes: 60 }), {
      kind: 'protocol',
    }),
  );
  faultTest('an unknown encoding', () =>
    check(transcript('x', { headers: { 'content-encoding': 'zstd9' } }), { kind: 'protocol', retryable: false, says: /zstd9/ }),
  );
});

describe('the line', () => {
  for (const api of APIS) {
    test(`${api}: a reset in mid-stream keeps what came`, async () => {
      const bytes = good(api).byteLength - 200;
      const events = await check(
        transcript(good(api), { bytes, ending: 'reset', pauseMs: 30 }),
        { kind: 'network', retryable: true },
        { api },
      );
      assert.ok(events.length > 3);
    });
    test(`${api}: a line left open after the end is closed by us`, async () => {
      let closed: Promise<'whole' | 'cut'> | undefined;
      const open: Responder = (request, response) => {
        closed = request.closed;
        return transcript(good(api), { ending: 'open' })(request, response);
      };
      await using server = await startServer(open);
      const provider = createProvider(endpoint(api, server.url), { fetch: createNodeFetch(), key: CANARY });
      const events = await collect(provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS }));
      assert.equal(finishOf(events).reason, 'stop');
      assert.equal(await closed, 'cut');
    });
    faultTest(`${api}: silence before the first byte`, () =>
      check(() => undefined, { kind: 'timeout', retryable: true, says: /begin/ }, { api, limits: { firstByteMs: 60 } }),
    );
    faultTest(`${api}: headers and then silence`, () =>
      check(transcript('', { ending: 'open' }), { kind: 'timeout', says: /begin/ }, { api, limits: { firstByteMs: 60 } }),
    );
    test(`${api}: silence in the middle`, async () => {
      const events = await check(
        transcript(good(api), { bytes: 900, ending: 'open' }),
        { kind: 'timeout', says: /nothing/ },
        { api, limits: { idleMs: 60 } },
      );
      assert.equal(events[0]?.type, 'first-byte');
    });
    test(`${api}: pings alone`, async () => {
      const pings: Responder = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const ping = setInterval(() => response.write(': ping\n\n'), 10);
        response.on('close', () => clearInterval(ping));
      };
      await check(pings, { kind: 'timeout', says: /without text/ }, { api, limits: { progressMs: 90 } });
    });
  }

  test('nothing listens', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const provider = createProvider(endpoint('openai-chat', server.url), { fetch: createNodeFetch(), key: CANARY });
    const { error } = finishOf(await collect(provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS })));
    assert.equal(error?.kind, 'network');
    assert.match(error?.message ?? '', /Nothing listens on http:\/\/127\.0\.0\.1:\d+\. Is the Example server running\?/);
  });

  test('an endless event', async () => {
    const endless: Responder = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"x":"');
      const more = (): void => {
        if (!response.destroyed) response.write('y'.repeat(65_536), more);
      };
      more();
    };
    for (const api of APIS) await check(endless, { kind: 'protocol', says: /too large/ }, { api });
  });

  test('a server that wants a key where none is set', async () => {
    const refused = json(401, { error: { message: 'Unauthorized' } });
    await check(
      refused,
      { kind: 'auth', says: /wants an API key \(401\), and none is set/ },
      { key: undefined, endpoint: { needsKey: false } },
    );
    await check(refused, { kind: 'auth', says: /did not accept the API key \(401\)/ });
  });

  test('JSON that is no event is ignored, as every unknown event', async () => {
    for (const api of APIS) {
      const events = await check(
        transcript(`data: [1]\n\ndata: null\n\ndata: "ping"\n\n${good(api)}`),
        { reason: 'stop' },
        { api },
      );
      assert.ok(textOf(events).length > 0);
    }
  });

  test('a server that names itself by our key, or with codes that a terminal obeys', async () => {
    const id = `${CANARY}\u001b]0;x\u0007\n2`;
    const chunk = { id, model: id, choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] };
    const events = await check(transcript(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`), { reason: 'stop' });
    const clean = '[redacted] ]0;x 2';
    assert.deepEqual(events[2], { type: 'response-start', servedModel: clean, responseId: clean });
    const error = { message: 'no\u001b[31m!' };
    const said = finishOf(await ask(json(400, { error }))).error?.message ?? '';
    assert.match(said, /“no \[31m!”/);
  });

  test('an answer without a body is asked for once', async () => {
    const nothing: Responder = (_request, response) => void response.writeHead(204).end();
    await check(nothing, { kind: 'protocol', retryable: false, says: /without a body/ });
  });

  test('what is no HTTP', async () => {
    const garbage: Responder = (_request, response) => {
      response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n');
    };
    await check(garbage, { kind: 'protocol' });
  });
});

describe('redirects', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    test(`${status} is not followed`, async () => {
      await using other = await startServer(json(200, {}));
      const events = await check(
        (_request, response) => {
          response.writeHead(status, { location: `${other.url}/elsewhere?key=${CANARY}` });
          response.end();
        },
        { kind: 'invalid-request', retryable: false, status, says: /elsewhere/ },
      );
      assert.equal(other.requests.length, 0);
      assert.equal(events.length, 1);
    });
  }
});

describe('an abort', () => {
  for (const api of APIS) {
    test(`${api}: before the call`, async () => {
      const events = await check(
        () => assert.fail('nothing may be sent'),
        { reason: 'aborted' },
        { api, signal: AbortSignal.abort() },
      );
      assert.equal(events.length, 1);
    });
    test(`${api}: before the first byte closes the socket`, async () => {
      const stop = new AbortController();
      let closed: Promise<'whole' | 'cut'> | undefined;
      await check(
        (request) => {
          closed = request.closed;
          stop.abort();
          return closed.then(() => undefined);
        },
        { reason: 'aborted' },
        { api, signal: stop.signal },
      );
      assert.equal(await closed, 'cut');
    });
    test(`${api}: in mid-stream, nothing more is shown`, async () => {
      const stop = new AbortController();
      let texts = 0;
      const events = await check(
        transcript(good(api), { ending: 'open' }),
        { reason: 'aborted' },
        {
          api,
          signal: stop.signal,
          onEvent: (event) => {
            if (event.type !== 'text-delta') return;
            texts++;
            stop.abort();
          },
        },
      );
      assert.equal(texts, 1);
      assert.equal(events.at(-2)?.type, 'text-delta');
    });
  }

  test('a reader that leaves closes the socket', async () => {
    let closed: Promise<'whole' | 'cut'> | undefined;
    await using server = await startServer((request, response) => {
      closed = request.closed;
      return transcript(good('openai-chat'), { ending: 'open' })(request, response);
    });
    const provider = createProvider(endpoint('openai-chat', server.url), { fetch: createNodeFetch(), key: CANARY });
    for await (const event of provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS })) {
      if (event.type === 'text-delta') break;
    }
    assert.equal(await closed, 'cut');
  });

  test('a transport that ignores the signal is left behind', async () => {
    const stop = new AbortController();
    const provider = createProvider(endpoint('openai-chat'), {
      key: CANARY,
      fetch: () => {
        setTimeout(() => stop.abort(), 5);
        return new Promise(() => undefined);
      },
    });
    assert.deepEqual(await collect(provider.stream(REQUEST, { signal: stop.signal, limits: LIMITS })), [
      { type: 'finish', reason: 'aborted' },
    ]);
  });
});

describe('keys', () => {
  const nothing: Responder = () => assert.fail('nothing may be sent');
  faultTest('a missing key is said before anything is sent', () =>
    check(
      nothing,
      { kind: 'auth', retryable: false, says: /There is no key for Example\. Set one.*EXAMPLE_KEY/ },
      { key: undefined },
    ),
  );
  faultTest('a key with a line break is refused, and not repeated', () =>
    check(nothing, { kind: 'auth' }, { key: `${CANARY}\nX-Other: 1` }),
  );
  faultTest('no key is sent where none is needed', () =>
    check(transcript(good('openai-chat')), { reason: 'stop' }, { key: undefined, endpoint: { needsKey: false } }),
  );
  faultTest('an address no key may go to is refused', () =>
    check(nothing, { kind: 'invalid-request', says: /http:\/\// }, { endpoint: { baseUrl: 'http://example.com/v1' } }),
  );

  test('what the environment holds is not sent', async () => {
    const hostile = {
      OPENAI_CUSTOM_HEADERS: 'Authorization: Bearer stolen\nX-Leak: 1',
      ANTHROPIC_CUSTOM_HEADERS: 'Authorization: Bearer stolen\nX-Leak: 1',
      OPENAI_ORG_ID: 'org-secret',
      OPENAI_PROJECT_ID: 'proj-secret',
      OPENAI_API_KEY: 'sk-from-environment',
      ANTHROPIC_API_KEY: 'sk-ant-from-environment',
      ANTHROPIC_AUTH_TOKEN: 'token-from-environment',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/stolen',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1/stolen',
    };
    const saved = { ...process.env };
    Object.assign(process.env, hostile);
    try {
      for (const api of APIS) {
        await using server = await startServer(transcript(good(api)));
        const provider = createProvider(endpoint(api, server.url), { fetch: createNodeFetch(), key: CANARY });
        await collect(provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS }));
        const sent = JSON.stringify(server.requests.map(({ headers, text }) => ({ headers, text })));
        assert.equal(server.requests.length, 1);
        assert.equal(server.requests[0]?.headers.authorization, `Bearer ${CANARY}`);
        for (const value of ['stolen', 'X-Leak', 'x-leak', 'secret', 'environment', 'stainless'])
          assert.ok(!sent.includes(value), `${api}: ${value}`);
      }
    } finally {
      for (const name of Object.keys(hostile)) delete process.env[name];
      Object.assign(process.env, saved);
    }
  });
});

test('a refusal before any output is free on Anthropic’s own API, and nowhere else', async () => {
  const refused = (thought: string): Uint8Array => {
    const speech = speak('anthropic-messages');
    const close = speech.close('content-filter', { input: 100, output: 1 });
    return Buffer.from([speech.begin(), ...(thought ? [speech.think(thought)] : []), ...close].join(''));
  };
  const cases = [
    ['https://api.anthropic.com', '', 0],
    ['https://api.anthropic.com', 'Hm.', undefined],
    ['https://proxy.example.com', '', undefined],
  ] as const;
  for (const [baseUrl, thought, billed] of cases) {
    const deps = { endpoint: endpoint('anthropic-messages', baseUrl) };
    const events = await play('anthropic-messages', [refused(thought)], { deps });
    assert.equal(finishOf(events).reason, 'content-filter');
    assert.equal(usageOf(events)?.billedNanoUsd, billed, `${baseUrl} ${thought}`);
  }
});

test('an error at every event index keeps what came before, and says its kind', async () => {
  for (const api of APIS) {
    const events = good(api)
      .toString('utf8')
      .split('\n\n')
      .filter((event) => event !== '');
    const failure =
      api === 'openai-chat'
        ? 'data: {"error":{"message":"busy","code":"server_overloaded"}}\n\n'
        : api === 'openai-responses'
          ? 'event: error\ndata: {"type":"error","code":"server_overloaded","message":"busy"}\n\n'
          : 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n';
    // The last event ends the answer; on the Chat wire the last but one does.
    for (let index = 0; index < events.length - (api === 'openai-chat' ? 2 : 1); index++) {
      const bytes = `${events
        .slice(0, index)
        .map((event) => `${event}\n\n`)
        .join('')}${failure}`;
      await check(transcript(bytes), { kind: 'overloaded', retryable: true }, { api });
    }
  }
});

test('a line that the server closes after the answer serves the next call', async () => {
  for (const api of APIS) {
    const ports = new Set<number | undefined>();
    await using server = await startServer((request, response) => {
      ports.add(response.socket?.remotePort);
      return transcript(good(api))(request, response);
    });
    const provider = createProvider(endpoint(api, server.url), { fetch: createNodeFetch(), key: CANARY });
    for (let call = 0; call < 3; call++) {
      await collect(provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS }));
      // The server's own end comes a moment after the answer's.
      await server.requests[call]?.closed;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(ports.size, 1, api);
  }
});
