/** In the extension host VS Code carries our calls through the proxy it is set to: the transport is the product's own. */
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { generate } from 'selfsigned';
import * as vscode from 'vscode';
import { createProvider } from '../../src/core/providers/index.ts';
import { createNodeFetch } from '../../src/core/providers/nodeFetch.ts';
import type { ModelError, ModelRequest } from '../../src/shared/model.ts';

const HOST = 'models.second-thought.example';
const REQUEST: ModelRequest = { model: 'm', system: '', parts: [{ type: 'text', text: 'Hi' }], maxOutputTokens: 10 };
const LIMITS = { firstByteMs: 20_000, idleMs: 20_000, progressMs: 20_000 };

const listen = async (server: net.Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP server has a TCP address
};

/** How a call to a host that only the proxy knows ends. */
async function failure(): Promise<ModelError | undefined> {
  const endpoint = { id: 'lab', label: 'Lab', api: 'openai-chat', baseUrl: `https://${HOST}/v1`, needsKey: false } as const;
  const stream = createProvider(endpoint, { fetch: createNodeFetch() }).stream(REQUEST, {
    signal: new AbortController().signal,
    limits: LIMITS,
  });
  for await (const event of stream) if (event.type === 'finish') return event.error;
  return undefined;
}

suite('a proxy in VS Code’s settings', () => {
  const asked: string[] = [];
  const servers: net.Server[] = [];
  const sockets = new Set<{ destroy(): unknown }>();
  let answer: 'tunnel' | 407 = 'tunnel';
  let requests = 0;

  suiteSetup(async () => {
    const pems = await generate([{ name: 'commonName', value: HOST }], { keyType: 'ec' });
    const target = https.createServer({ key: pems.private, cert: pems.cert }, (_request, response) => {
      requests++;
      response.end();
    });
    const port = await listen(target);
    const proxy = http.createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      sockets.add(socket);
      socket.on('error', () => undefined);
      if (answer === 407) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const tunnel = net.connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        tunnel.pipe(socket).pipe(tunnel);
      });
      tunnel.on('error', () => socket.destroy());
    });
    servers.push(target, proxy);
    const address = `http://127.0.0.1:${await listen(proxy)}`;
    await vscode.workspace.getConfiguration('http').update('proxy', address, vscode.ConfigurationTarget.Global);
  });
  suiteTeardown(async () => {
    await vscode.workspace.getConfiguration('http').update('proxy', undefined, vscode.ConfigurationTarget.Global);
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  test('takes the call, and a certificate that nobody trusts gets nothing', async () => {
    const error = await failure();
    assert.deepEqual(asked, [`${HOST}:443`]);
    assert.equal(requests, 0);
    assert.equal(error?.kind, 'network');
    assert.equal(error?.mend, 'proxy', error?.message);
    assert.match(error?.message ?? '', /^The certificate of https:\/\/models\.second-thought\.example was not accepted/);
  });

  test('that wants a sign-in is named, with the way to its settings', async () => {
    answer = 407;
    const error = await failure();
    assert.equal(asked.length >= 2, true);
    assert.equal(error?.kind, 'network');
    assert.equal(error?.mend, 'proxy', error?.message);
    assert.match(error?.message ?? '', /^The network's proxy wants a sign-in/);
  });
});
