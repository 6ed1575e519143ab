/** The small parts, each at its own border. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, test } from 'node:test';
import { ModelFailure } from '../../../src/core/contracts.ts';
import { isLoopbackUrl, originOf, validateBaseUrl } from '../../../src/core/providers/baseUrl.ts';
import { BUILT_IN_ENDPOINTS } from '../../../src/core/providers/endpoints.ts';
import { readRetryAfter } from '../../../src/core/providers/errorBody.ts';
import { errorFromThrown } from '../../../src/core/providers/networkErrors.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import { findSecrets, redact } from '../../../src/core/providers/redact.ts';
import { createSseReader, MAX_EVENT_LENGTH, type SseMessage, SseTooLarge } from '../../../src/core/providers/sse.ts';
import { createThinkSplitter } from '../../../src/core/providers/thinkTags.ts';
import { AnthropicCounts, billedCost, openAiUsage } from '../../../src/core/providers/usage.ts';
import { json, startServer } from '../../servers/server.ts';
import { endpoint } from './wireCase.ts';

describe('a base URL', () => {
  const good = [
    'https://api.openai.com/v1',
    'https://host.example:8443/a/b',
    'http://127.0.0.1:9/v1',
    'http://localhost:11434/v1',
    'http://[::1]:1234/v1',
    'http://my.localhost:1',
    'https://10.0.0.5/v1',
  ];
  for (const url of good) test(`${url} is fine`, () => assert.equal(validateBaseUrl(url), undefined));
  const bad = [
    '',
    'api.openai.com',
    'ftp://example.com',
    'file:///etc/passwd',
    'http://example.com/v1',
    'http://0.0.0.0:80',
    'http://127.0.0.1.evil.com',
    'https://api.openai.com@evil.com/v1',
    'https://user:pass@api.openai.com',
    'https://@evil.com',
    'https://api.openai.com./v1',
    'https://api.оpenai.com/v1',
    'https://xn--api-5cd.com/v1',
    'https://api.openai.com\\@evil.com',
    'https://api.openai.com/v1?x=1',
    'https://api.openai.com/v1#x',
    'https://api.openai.com/ v1',
    'https://api.openai.com/v1\n',
    'https:///v1',
    'javascript:alert(1)',
  ];
  for (const url of bad) test(`${JSON.stringify(url)} is refused`, () => assert.match(validateBaseUrl(url) ?? '', /\.$/));

  test('every built-in endpoint is fine, and named once', () => {
    // The models of VS Code have no address.
    for (const row of BUILT_IN_ENDPOINTS)
      if (row.api !== 'vscode-lm') assert.equal(validateBaseUrl(row.baseUrl), undefined, row.id);
    assert.equal(new Set(BUILT_IN_ENDPOINTS.map(({ id }) => id)).size, BUILT_IN_ENDPOINTS.length);
  });
  test('its origin', () => assert.equal(originOf('https://Example.com:443/v1'), 'https://example.com'));
  test('loopback', () => assert.deepEqual(['http://127.9.9.9', 'https://example.com'].map(isLoopbackUrl), [true, false]));
});

describe('retry-after', () => {
  const nowMs = Date.parse('2026-11-22T12:00:00Z');
  const cases: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{}, undefined],
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': ' 7 ' }, 7000],
    [{ 'retry-after': '3600' }, 3_600_000],
    [{ 'retry-after': '1e9' }, 1e12],
    [{ 'retry-after-ms': '20', 'retry-after': '9' }, 20],
    [{ 'retry-after-ms': 'x', 'retry-after': '9' }, 9000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, undefined],
    ...['-5', '0', 'NaN', 'soon', '', '5 minutes', 'Infinity', '0x10', '2026', '1,5'].map(
      (value): readonly [Record<string, string>, number | undefined] => [
        { 'retry-after': value },
        value === '2026' ? 2_026_000 : undefined,
      ],
    ),
  ];
  for (const [headers, expected] of cases) {
    test(JSON.stringify(headers), () => assert.equal(readRetryAfter(new Headers(headers), nowMs), expected));
  }
});

describe('an error below HTTP', () => {
  const withCode = (code: string, message = code): Error =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
  const cases: readonly (readonly [string, unknown, string, boolean, RegExp])[] = [
    ['refused, elsewhere', withCode('ECONNREFUSED'), 'network', true, /https:\/\/api\.example\.com refused/],
    ['not found', withCode('ENOTFOUND'), 'network', true, /not found/],
    ['reset', withCode('ECONNRESET'), 'network', true, /cut/],
    [
      'expired certificate',
      withCode('CERT_HAS_EXPIRED', 'certificate has expired'),
      'network',
      false,
      /certificate has expired \(CERT_HAS_EXPIRED\)/,
    ],
    ['own certificate', withCode('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate'), 'network', false, /proxy/],
    ['wrong name', withCode('ERR_TLS_CERT_ALTNAME_INVALID', 'Hostname mismatch'), 'network', false, /Hostname/],
    [
      'many at once',
      new TypeError('x', { cause: new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' })], 'all') }),
      'network',
      true,
      /refused/,
    ],
    ['no HTTP at all', withCode('HPE_INVALID_CONSTANT'), 'protocol', false, /did not answer in HTTP/],
    ['a chunk that is none', withCode('HPE_INVALID_CHUNK_SIZE'), 'network', true, /damaged on its way/],
    ['something thrown', 'a string', 'network', true, /a string/],
    ['a ring', ring(), 'network', true, /ring/],
  ];
  for (const [name, thrown, kind, retryable, says] of cases) {
    test(name, () => {
      const error = errorFromThrown({ endpoint: endpoint('openai-chat'), secrets: [] }, thrown);
      assert.equal(error.kind, kind);
      assert.equal(error.retryable, retryable);
      assert.match(error.message, says);
    });
  }
  function ring(): Error {
    const error = new Error('ring');
    error.cause = error;
    return error;
  }
});

describe('redaction', () => {
  const key = 'Zq8-long-and-unusual-key-0123456789';
  const cases: readonly (readonly [string, string])[] = [
    [`key=${key}!`, 'key=[redacted]!'],
    [`part ${key.slice(4, 24)} end`, 'part [redacted] end'],
    [`url ?k=${encodeURIComponent('a b/c?d&e=f g')}`, 'url ?k=[redacted]'],
    ['Incorrect API key provided: sk-proj-ab************wxYZ. You', 'Incorrect API key provided: [redacted] You'],
    ['sk-ant-api03-abcdefgh-1234', '[redacted]'],
    [`AIza${'B'.repeat(35)}`, '[redacted]'],
    [`gsk_${'a1'.repeat(20)} xai-${'b2'.repeat(20)}`, '[redacted] [redacted]'],
    [`ghp_${'a'.repeat(36)} AKIAIOSFODNN7EXAMPLE`, '[redacted] [redacted]'],
    ['Authorization: Bearer abc.def-ghi_jkl=', 'Authorization: [redacted]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest', '[redacted]\nrest'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE cut', '[redacted]'],
    ['nothing to hide: task-list, desk-lamp', 'nothing to hide: task-list, desk-lamp'],
  ];
  for (const [text, expected] of cases) {
    test(text.slice(0, 40), () => assert.equal(redact(text, [key, 'a b/c?d&e=f g']), expected));
  }
  test('no part of a secret of any length that tells survives', () => {
    for (let start = 0; start + 12 <= key.length; start++) {
      for (let end = start + 12; end <= key.length; end++) {
        assert.equal(redact(`<${key.slice(start, end)}>`, [key]), '<[redacted]>');
      }
    }
  });
});

describe('secrets in what is sent', () => {
  const cases: readonly (readonly [string, readonly (readonly [number, RegExp])[]])[] = [
    ['OPENAI_API_KEY=sk-proj-a1B2c3D4e5F6\nDEBUG=1', [[1, /API key/]]],
    ['# .env\nDB_PASSWORD="hunter2-Really!"\nPORT=3000', [[2, /DB_PASSWORD/]]],
    ['{ "apiKey": "f3a9c1d07b2e48" }', [[1, /apiKey/]]],
    ["const token = 'eyJhbGciOi9.x2'", [[1, /token/]]],
    [`x\ny\nghp_${'a1'.repeat(18)}`, [[3, /GitHub/]]],
    ['postgres://app:s3cr3tpw@db.internal/app', [[1, /password in a URL/]]],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----', [[1, /private key/]]],
    [`API_KEY=your-key-here\nPASSWORD=changeme\nTOKEN=${'$'}{TOKEN}\nSECRET=process.env.SECRET`, []],
    ['--accent-key: #ff00ff;\n<input type="password" name="password" placeholder="Password">', []],
    ['.sk-loading-indicator { color: red }\nkey: value\nprimaryKey: string', []],
    ['The design tokens: spacing-large, colour-primary. Password field below the e-mail.', []],
    ['const key = item.key; token = this.token; password: string;', []],
  ];
  for (const [text, expected] of cases) {
    test(text.slice(0, 50), () => {
      const found = findSecrets(text);
      assert.equal(found.length, expected.length, JSON.stringify(found));
      for (const [index, [line, kind]] of expected.entries()) {
        assert.equal(found[index]?.line, line);
        assert.match(found[index]?.kind ?? '', kind);
      }
    });
  }
  test('an excerpt never holds the secret', () => {
    const secrets = ['sk-proj-a1B2c3D4e5F6g7', 'hunter2-Really!', `ghp_${'a1'.repeat(18)}`];
    const excerpts = findSecrets(`K_KEY=${secrets[0]}\nDB_PASSWORD=${secrets[1]}\n${secrets[2]}`).map(
      ({ excerptMasked }) => excerptMasked,
    );
    assert.equal(excerpts.length, 3);
    for (const secret of secrets) assert.ok(!excerpts.join('\n').includes(secret.slice(4)));
  });
  test('a large text takes no time to speak of', () => {
    assert.equal(findSecrets('const value = something(with, words) + "and-strings"; '.repeat(40_000)).length, 0);
    assert.equal(findSecrets('a'.repeat(500_000)).length, 0);
    assert.equal(findSecrets('key'.repeat(100_000)).length, 0);
    assert.equal(findSecrets('eyJ-'.repeat(100_000)).length, 0);
    assert.equal(findSecrets('a.'.repeat(200_000)).length, 0);
    assert.ok(findSecrets('key='.repeat(100_000)).length <= 50);
  });
});

describe('thinking tags', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['<think>a</think>b', 'a', 'b'],
    ['\n <think>\na\n</think>\n\nb\n', 'a\n', 'b\n'],
    ['<thinking>a</think>b</thinking>c', 'a</think>b', 'c'],
    ['<think>a</thinking>b', 'a</thinking>b', ''],
    ['<think>never closed', 'never closed', ''],
    ['<think></think>b', '', 'b'],
    ['text <think>a</think>', '', 'text <think>a</think>'],
    ['a</think>b', '', 'a</think>b'],
    ['<thin', '', '<thin'],
    ['<think', '', '<think'],
    ['<thinker>x', '', '<thinker>x'],
    ['<thought>a</think>b</thought>c', 'a</think>b', 'c'],
    ['[THINK]a [THI b[/THINK]\n\nc[/THINK]', 'a [THI b', 'c[/THINK]'],
    ['[THINGS]x', '', '[THINGS]x'],
    ['<THINK>a İ\n</Think>\nb', 'a İ\n', 'b'],
    ['◁think▷a◁/think▷b', 'a', 'b'],
    ['<|channel|>commentary', '', '<|channel|>commentary'],
    ['```html\n<think>x</think>\n```', '', '```html\n<think>x</think>\n```'],
    ['<think>a</think>```\n<think>b</think>```', 'a', '```\n<think>b</think>```'],
    [
      'thought before a tag that was never opened\n</think>\n\nb',
      '',
      'thought before a tag that was never opened\n</think>\n\nb',
    ],
    ['  plain', '', '  plain'],
    ['<think>a</thi</think>b<think>c</think>', 'a</thi', 'b<think>c</think>'],
    ['', '', ''],
    ['<think>1 < 2 </ think></think>\n<h1>x</h1>', '1 < 2 </ think>', '<h1>x</h1>'],
  ];
  for (const [content, thinking, text] of cases) {
    test(JSON.stringify(content), () => {
      for (let first = 0; first <= content.length; first++) {
        for (let second = first; second <= content.length; second++) {
          const out = { thinking: '', text: '' };
          const splitter = createThinkSplitter(
            (value) => {
              out.thinking += value;
            },
            (value) => {
              out.text += value;
            },
          );
          for (const piece of [content.slice(0, first), content.slice(first, second), content.slice(second)])
            splitter.push(piece);
          splitter.end();
          assert.deepEqual(out, { thinking, text }, `cut at ${first} and ${second}`);
        }
      }
    });
  }
});

describe('usage', () => {
  const openAi: readonly (readonly [string, unknown, unknown])[] = [
    ['nothing', null, undefined],
    ['zeros of a server that does not count', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, undefined],
    ['nonsense', { prompt_tokens: '7', completion_tokens: -1 }, undefined],
    [
      'parts inside',
      { input_tokens: 10, output_tokens: 5, output_tokens_details: { reasoning_tokens: 5 } },
      { inputTokens: 10, outputTokens: 5, reasoningTokens: 5 },
    ],
    [
      'reasoning beside',
      { prompt_tokens: 10, completion_tokens: 2, total_tokens: 15, completion_tokens_details: { reasoning_tokens: 3 } },
      { inputTokens: 10, outputTokens: 5, reasoningTokens: 3 },
    ],
    [
      'reasoning larger than the whole',
      { prompt_tokens: 10, completion_tokens: 2, reasoning_tokens: 30 },
      { inputTokens: 10, outputTokens: 32, reasoningTokens: 30 },
    ],
    [
      'cache beside',
      { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 100 } },
      { inputTokens: 110, outputTokens: 2, cacheReadTokens: 100 },
    ],
    ['more than any call has', { prompt_tokens: 1e9, completion_tokens: 9e15 }, undefined],
    [
      'LiteLLM, cache in Anthropic’s names, inside',
      { prompt_tokens: 100, completion_tokens: 2, cache_read_input_tokens: 40, cache_creation_input_tokens: 50 },
      { inputTokens: 100, outputTokens: 2, cacheReadTokens: 40, cacheWriteTokens: 50 },
    ],
    [
      'Moonshot',
      { prompt_tokens: 10, completion_tokens: 2, cached_tokens: 8 },
      { inputTokens: 10, outputTokens: 2, cacheReadTokens: 8 },
    ],
  ];
  test('thoughts in the total alone, where a server is known to count so', () => {
    const raw = { prompt_tokens: 16, completion_tokens: 9, total_tokens: 627 };
    assert.deepEqual(openAiUsage(raw), { inputTokens: 16, outputTokens: 9, basis: 'reported' });
    const known = { inputTokens: 16, outputTokens: 611, reasoningTokens: 602, basis: 'reported' };
    assert.deepEqual(openAiUsage(raw, 'in-total'), known);
    assert.deepEqual(openAiUsage({ ...raw, total_tokens: 25 }, 'in-total'), {
      inputTokens: 16,
      outputTokens: 9,
      basis: 'reported',
    });
    assert.deepEqual(openAiUsage({ ...raw, completion_tokens_details: { reasoning_tokens: 602 } }, 'in-total'), known);
  });
  test('thoughts beside the answer, where a server is known to count so', () => {
    const raw = { prompt_tokens: 10, completion_tokens: 50, total_tokens: 60, reasoning_tokens: 30 };
    assert.deepEqual(openAiUsage(raw), { inputTokens: 10, outputTokens: 50, reasoningTokens: 30, basis: 'reported' });
    assert.deepEqual(openAiUsage(raw, 'beside'), { inputTokens: 10, outputTokens: 80, reasoningTokens: 30, basis: 'reported' });
  });

  const bills: readonly (readonly [string, unknown, number | undefined])[] = [
    ['nothing', { prompt_tokens: 1 }, undefined],
    ['OpenRouter', { cost: 0.00123456 }, 1_234_560],
    ['a free model', { cost: 0 }, 0],
    [
      'OpenRouter with a key of one’s own',
      { cost: 0.0001, is_byok: true, cost_details: { upstream_inference_cost: 0.0019 } },
      2_000_000,
    ],
    ['the same, when the vendor’s part is unknown', { cost: 0.0001, is_byok: true }, undefined],
    ['Perplexity', { cost: { input_tokens_cost: 0.001, request_cost: 0.006, total_cost: 0.0071 } }, 7_100_000],
    ['another currency', { cost: { currency: 'EUR', total_cost: 1 } }, undefined],
    ['xAI', { cost_in_usd_ticks: 318_319_000 }, 31_831_900],
    ['nonsense', { cost: -1, cost_in_usd_ticks: 0.5 }, undefined],
  ];
  for (const [name, raw, nanoUsd] of bills) test(`billed: ${name}`, () => assert.equal(billedCost(raw), nanoUsd));

  for (const [name, raw, expected] of openAi) {
    test(name, () =>
      assert.deepEqual(openAiUsage(raw), expected === undefined ? undefined : { ...(expected as object), basis: 'reported' }),
    );
  }

  test('Anthropic: a placeholder is no count', () => {
    const counts = new AnthropicCounts();
    counts.start({ input_tokens: 10, output_tokens: 1 });
    assert.deepEqual(counts.read(), { inputTokens: 10, basis: 'reported' });
  });
  test('Anthropic: the last counts replace, and are not added', () => {
    const counts = new AnthropicCounts();
    counts.start({ input_tokens: 5000, output_tokens: 1 });
    counts.update({ input_tokens: 1000, cache_read_input_tokens: 4000, output_tokens: 7 });
    counts.update({ output_tokens: 9 });
    assert.deepEqual(counts.read(), { inputTokens: 5000, outputTokens: 9, cacheReadTokens: 4000, basis: 'reported' });
  });
  test('Anthropic: what was sent cannot shrink', () => {
    const counts = new AnthropicCounts();
    counts.start({ input_tokens: 100, cache_read_input_tokens: 50 });
    counts.update({ input_tokens: 100, cache_read_input_tokens: 0, output_tokens: 7 });
    assert.deepEqual(counts.read(), { inputTokens: 150, outputTokens: 7, cacheReadTokens: 50, basis: 'reported' });
  });
  test('Anthropic: writes split by lifetime are summed', () => {
    const counts = new AnthropicCounts();
    counts.start({ input_tokens: 1, cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 } });
    assert.deepEqual(counts.read(), { inputTokens: 6, cacheWriteTokens: 5, basis: 'reported' });
  });
});

describe('server-sent events', () => {
  const read = (pieces: readonly string[]): readonly SseMessage[] => {
    const out: SseMessage[] = [];
    const feed = createSseReader((message) => out.push(message));
    for (const piece of pieces) feed(Buffer.from(piece));
    return out;
  };
  const cases: readonly (readonly [string, readonly SseMessage[]])[] = [
    ['data: a\n\n', [{ event: undefined, data: 'a' }]],
    ['data:a\n\n', [{ event: undefined, data: 'a' }]],
    ['data:  a\n\n', [{ event: undefined, data: ' a' }]],
    ['data: a\ndata: b\n\n', [{ event: undefined, data: 'a\nb' }]],
    ['event: x\ndata: a\n\n', [{ event: 'x', data: 'a' }]],
    ['\ufeffdata: a\r\n\r\n', [{ event: undefined, data: 'a' }]],
    [
      'data: a\r\rdata: b\r\r',
      [
        { event: undefined, data: 'a' },
        { event: undefined, data: 'b' },
      ],
    ],
    [': comment\n\nfoo: bar\nid: 1\nretry: 5\ndata: a\n\n', [{ event: undefined, data: 'a' }]],
    ['data: half\n', []],
    ['data: half', []],
    ['event: lonely\n\n', []],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => {
      assert.deepEqual(read([text]), expected);
      const bytes = Buffer.from(text);
      const out: SseMessage[] = [];
      const feed = createSseReader((message) => out.push(message));
      for (const byte of bytes) feed(Uint8Array.of(byte));
      assert.deepEqual(out, expected);
    });
  }
  test('the largest event passes, a larger one does not, however it comes', () => {
    assert.equal(read([`data: ${'x'.repeat(MAX_EVENT_LENGTH)}\n\n`]).length, 1);
    for (const pieces of [
      [`data: ${'x'.repeat(MAX_EVENT_LENGTH + 1)}\n\n`],
      Array.from({ length: 20 }, (_, at) => (at === 0 ? 'data: ' : 'y'.repeat(65_536))),
      Array.from({ length: 200 }, () => `data: ${'y'.repeat(10_000)}\n`),
    ]) {
      assert.throws(() => read(pieces), SseTooLarge);
    }
  });
});

describe('the fetch on node:http', () => {
  test('uses the functions the modules have at the time of the call', async () => {
    await using server = await startServer(json(200, { ok: true }));
    const real = http.request;
    let calls = 0;
    http.request = ((...given: Parameters<typeof http.request>) => {
      calls++;
      return real(...given);
    }) as typeof http.request; // one overload stands for all
    try {
      const response = await createNodeFetch()(server.url);
      assert.deepEqual(await response.json(), { ok: true });
    } finally {
      http.request = real;
    }
    assert.equal(calls, 1);
  });

  test('sends what it is given', async () => {
    await using server = await startServer(json(200, {}));
    const response = await createNodeFetch()(`${server.url}/a?b=1`, {
      method: 'POST',
      body: '{"é":1}',
      headers: { 'X-One': '1' },
    });
    await response.text();
    const [request] = server.requests;
    assert.equal(request?.path, '/a?b=1');
    assert.deepEqual(request?.json, { é: 1 });
    assert.equal(request?.headers['x-one'], '1');
    assert.equal(request?.headers['content-length'], '8');
  });

  test('refuses plain http beyond this machine, and other schemes', async () => {
    const modules = { http: { request: () => assert.fail('sent') }, https: { request: () => assert.fail('sent') } };
    for (const url of ['http://example.com/', 'http://10.0.0.1/', 'ftp://127.0.0.1/', 'file:///etc/passwd']) {
      await assert.rejects(createNodeFetch(modules)(url), ModelFailure, url);
    }
  });

  test('keeps what arrived before a reset', async () => {
    await using server = await startServer((_request, response) => {
      response.write('kept', () => setTimeout(() => response.socket?.resetAndDestroy(), 20));
    });
    const response = await createNodeFetch()(server.url);
    await new Promise((resolve) => setTimeout(resolve, 80));
    const reader = response.body?.getReader();
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'kept');
    await assert.rejects(reader?.read() ?? Promise.resolve(), (error: Error) => {
      assert.equal((error.cause as { code?: string }).code, 'ECONNRESET'); // Node gives its errors a code
      return true;
    });
  });

  test('a slow reader holds the sender back', async () => {
    let sent = 0;
    await using server = await startServer((_request, response) => {
      const more = (): void => {
        if (response.destroyed || sent >= 64 * 1024 * 1024) return void response.end();
        sent += 65_536;
        if (response.write(Buffer.alloc(65_536))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const response = await createNodeFetch()(server.url);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken in unread`);
    await response.body?.cancel();
  });
});
