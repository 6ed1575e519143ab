/** Certificates and proxies, over real TLS on loopback: what is not trusted gets nothing, and the person is told what to mend. */
import assert from 'node:assert/strict';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { generate } from 'selfsigned';
import { createProvider } from '../../../src/core/providers/index.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import type { StreamEvent } from '../../../src/shared/model.ts';
import { json, startServer, type TestServer } from '../../servers/server.ts';
import { fixture } from '../../servers/transcript.ts';
import { CANARY, collect, endpoint, finishOf, LIMITS, REQUEST } from './wireCase.ts';

const ANSWER = fixture('openai-chat.usage-chunk.sse');

/** A server that shows that certificate, and counts what reaches it. */
async function serve(pems: { readonly private: string; readonly cert: string }) {
  let requests = 0;
  const server = https.createServer({ key: pems.private, cert: pems.cert }, (_request, response) => {
    requests++;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(ANSWER);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has a TCP address
  return {
    url: `https://localhost:${port}`,
    requests: () => requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Calls with these certificates trusted beside none; absent: as this machine trusts. */
async function call(url: string, ca?: string): Promise<readonly StreamEvent[]> {
  const http = { request: () => assert.fail('nothing goes unencrypted') };
  const agent = new https.Agent(ca === undefined ? {} : { ca });
  const request: typeof https.request = (address: unknown, options: unknown) =>
    // One signature of several: an address with options.
    https.request(address as URL, { ...(options as https.RequestOptions), agent });
  const fetch = createNodeFetch({ http, https: { request } });
  const provider = createProvider(endpoint('openai-chat', `${url}/v1`), { fetch, key: CANARY });
  const events = await collect(provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS }));
  agent.destroy();
  return events;
}

describe('a certificate', () => {
  const names = (...altNames: readonly { readonly type: 2; readonly value: string }[]) => ({
    keyType: 'ec' as const,
    extensions: [{ name: 'subjectAltName' as const, altNames: [...altNames] }],
  });
  const day = 86_400_000;
  let good: Awaited<ReturnType<typeof generate>>;
  let expired: typeof good;
  let other: typeof good;
  before(async () => {
    const subject = [{ name: 'commonName', value: 'localhost' }];
    good = await generate(subject, names({ type: 2, value: 'localhost' }));
    other = await generate(subject, names({ type: 2, value: 'elsewhere.example' }));
    expired = await generate(subject, {
      ...names({ type: 2, value: 'localhost' }),
      notBeforeDate: new Date(Date.now() - 2 * day),
      notAfterDate: new Date(Date.now() - day),
    });
  });

  test('that signs itself is refused before anything is sent, with the way to mend it', async () => {
    const server = await serve(good);
    try {
      const { error } = finishOf(await call(server.url));
      assert.equal(error?.kind, 'network');
      assert.equal(error?.mend, 'proxy');
      assert.equal(error?.neverSent, true);
      assert.equal(error?.retryable, false);
      assert.match(error?.message ?? '', /^The certificate of https:\/\/localhost:\d+ was not accepted: self-signed certificate/);
      assert.match(error?.message ?? '', /company proxy/);
      assert.equal(server.requests(), 0);
    } finally {
      await server.close();
    }
  });

  test('passes once this machine trusts it', async () => {
    const server = await serve(good);
    try {
      assert.equal(finishOf(await call(server.url, good.cert)).reason, 'stop');
    } finally {
      await server.close();
    }
  });

  test('of another name or of yesterday is refused all the same', async () => {
    for (const [pems, says] of [
      [other, /ERR_TLS_CERT_ALTNAME_INVALID/],
      [expired, /CERT_HAS_EXPIRED/],
    ] as const) {
      const server = await serve(pems);
      try {
        const { error } = finishOf(await call(server.url, pems.cert));
        assert.match(error?.message ?? '', says);
        assert.equal(error?.neverSent, true);
        assert.equal(server.requests(), 0);
      } finally {
        await server.close();
      }
    }
  });
});

describe('a proxy', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(json(407, {}, { 'proxy-authenticate': 'Basic realm="company"' }));
  });
  after(() => server.close());

  test('that wants a sign-in leads to the proxy settings', async () => {
    const provider = createProvider(endpoint('openai-chat', `${server.url}/v1`), { fetch: createNodeFetch(), key: CANARY });
    const { error } = finishOf(await collect(provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS })));
    assert.equal(error?.kind, 'network');
    assert.equal(error?.status, 407);
    assert.equal(error?.mend, 'proxy');
    assert.equal(error?.message, "The network's proxy wants a sign-in (407). Check the proxy settings.");
  });

  test('that refuses a tunnel is named, whichever way its agent says so', async () => {
    // The words of VS Code's proxy agent, and those of others.
    for (const words of [
      'tunneling socket could not be established, statusCode=407',
      'Proxy response (407) !== 200 when HTTP Tunneling',
    ]) {
      const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new Error(words) }));
      const provider = createProvider(endpoint('openai-chat'), { fetch, key: CANARY });
      const { error } = finishOf(
        await collect(provider.stream(REQUEST, { signal: new AbortController().signal, limits: LIMITS })),
      );
      assert.equal(error?.mend, 'proxy', words);
      assert.equal(error?.neverSent, true);
      assert.match(error?.message ?? '', /^The network's proxy wants a sign-in \(407\)/);
    }
  });
});
