/**
 * Nothing gets out of a preview. Every vector runs three times against listeners of its own, over http and https: in a plain frame, which
 * must leak or the run says nothing; in a static preview, where not even a connection may be heard; and in one that runs scripts, where
 * nothing may be heard that carries content.
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { generate } from 'selfsigned';
import type { Preview } from '../../src/shared/preview.ts';
import { type Harness, startHarness } from './harness.ts';
import { type Target, VECTORS, type Vector } from './isolationVectors.ts';
import type { PreviewLab } from './previewEntry.ts';

type Setting = 'plain' | 'static' | 'scripts';
export type Scheme = 'http' | 'https';

/** What reached the listeners of one vector. */
interface Heard {
  /** `GET /path`. */
  readonly requests: string[];
  connections: number;
  datagrams: number;
}

interface Outcome {
  readonly heard: ReadonlyMap<string, Heard>;
  /** Times that a script of a page said that it runs. */
  executions: number;
  /** What happened to the window around, and which vectors were in it. */
  readonly effects: string[];
}

const PER_WINDOW = 15;
const SETTLE_MS = 1500;
let lab: Harness;
/** A page without any policy. */
let bare: Server;
let keys: { key: string; cert: string };

/** Listeners for one page: what reaches them, by any road. */
async function listen(scheme: Scheme): Promise<{ heard: Heard; target: Omit<Target, 'nonce'>; close(): void }> {
  const heard: Heard = { requests: [], connections: 0, datagrams: 0 };
  const server = scheme === 'http' ? createServer() : createTlsServer(keys);
  server.on('request', (request, response) => {
    heard.requests.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/plain' }).end();
  });
  server.on('upgrade', (request, socket) => {
    heard.requests.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  server.on('connection', () => heard.connections++);
  server.on('clientError', (_, socket) => socket.destroy());
  const udp = createSocket('udp4').on('message', () => heard.datagrams++);
  await Promise.all([
    new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve)),
  ]);
  const { port } = server.address() as AddressInfo; // listening on TCP, so it has a port
  const target = { url: `${scheme}://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, udpPort: udp.address().port };
  return {
    heard,
    target,
    close() {
      server.closeAllConnections();
      server.close();
      udp.close();
    },
  };
}

const previewOf = (html: string): Preview => ({ kind: 'html', html, linked: [], runtimes: [], complete: true, problems: [] });

/** Several vectors in one window, each in a frame of its own and with listeners of its own. */
async function attempt(
  vectors: readonly Vector[],
  scheme: Scheme,
  setting: Setting,
  outcome: Outcome & { heard: Map<string, Heard> },
) {
  const listeners = await Promise.all(vectors.map(() => listen(scheme)));
  const { page } = await lab.open({ reducedMotion: true });
  const effect = (what: string): unknown => outcome.effects.push(`${what}: ${vectors.map(({ name }) => name).join(', ')}`);
  try {
    page.on('dialog', (dialog) => {
      effect('dialog');
      void dialog.dismiss();
    });
    page.context().on('page', () => effect('window'));
    if (setting === 'plain') await page.goto(`http://127.0.0.1:${(bare.address() as AddressInfo).port}/`); // listening on TCP
    const home = page.url();
    await page.exposeFunction('heardMessage', (executed: boolean, stored: boolean) => {
      if (executed) outcome.executions++;
      if (stored) effect('storage');
    });
    const nonce = await page.evaluate(() => {
      window.addEventListener('message', ({ data }) => {
        if (data?.executed || (data?.taken && !data.type)) Reflect.get(window, 'heardMessage')(!!data.executed, !!data.taken);
      });
      return document.querySelector('script')?.nonce ?? '';
    });
    for (const [index, vector] of vectors.entries()) {
      const { target, heard } = listeners[index] ?? assert.fail();
      outcome.heard.set(nameOf(vector), heard);
      const html = vector.html({ ...target, nonce });
      // A plain frame may take the window elsewhere at any moment; that is seen below.
      if (setting === 'plain') await page.evaluate(showPlain, html).catch(() => undefined);
      else await page.evaluate(showInLab, { preview: previewOf(html), scripts: setting === 'scripts' });
      if (!vector.click) continue;
      const frame = page
        .frames()
        .filter((each) => each.parentFrame() === page.mainFrame())
        .at(-1);
      await frame
        ?.locator('#go')
        .click({ timeout: 3000, force: true })
        .catch(() => undefined);
    }
    await page.waitForTimeout(SETTLE_MS);
    const state = await page
      .evaluate(() => ({
        isTaken: document.title === 'taken' || localStorage.getItem('taken') !== null,
        forged: (Reflect.get(window, 'lab') as PreviewLab | undefined)?.fromHost.length ?? 0,
      }))
      .catch(() => undefined);
    if (page.url() !== home || !state) effect('navigation');
    if (state?.isTaken) effect('parent');
    if (state && state.forged > 0) effect('forged');
  } finally {
    await page.context().close();
    for (const { close } of listeners) close();
  }
}

const showPlain = (html: string): void => {
  const frame = document.createElement('iframe');
  frame.srcdoc = html;
  document.body.append(frame);
};
const showInLab = async (what: { preview: Preview; scripts: boolean }): Promise<void> => {
  const lab = Reflect.get(globalThis, 'lab') as PreviewLab; // put there by the entry
  lab.add();
  await Promise.race([lab.show(what.preview, { scripts: what.scripts }), new Promise((resolve) => setTimeout(resolve, 5000))]);
};

const nameOf = ({ family, name }: Vector): string => `${family}: ${name}`;

async function attemptAll(scheme: Scheme, setting: Setting): Promise<Outcome> {
  const outcome = { heard: new Map<string, Heard>(), executions: 0, effects: [] as string[] };
  const alone = setting === 'plain' ? VECTORS.filter((vector) => vector.alone) : [];
  const others = VECTORS.filter((vector) => !alone.includes(vector));
  const batches = alone.map((vector) => [vector]);
  for (let at = 0; at < others.length; at += PER_WINDOW) batches.push(others.slice(at, at + PER_WINDOW));
  const work = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await attempt(batch, scheme, setting, outcome);
  };
  await Promise.all([work(), work(), work()]);
  assert.equal(outcome.heard.size, VECTORS.length, 'a run that did not finish says nothing');
  return outcome;
}

const names = ({ heard }: Outcome, wanted: (heard: Heard) => boolean): string[] =>
  [...heard].filter(([, each]) => wanted(each)).map(([name]) => name);
const isHeard = ({ requests, connections, datagrams }: Heard): boolean => requests.length + connections + datagrams > 0;

/**
 * What is left once scripts may run: a page can make the browser open a connection to a host of its choice, by leading its own frame there
 * or by asking for a connection. The host name is all that it can say in it.
 */
const BARE_CONNECTIONS: readonly string[] = [
  'navigation: self',
  'navigation: link by script',
  'navigation: form by script',
  'hint: preconnect by script',
  'nesting: frame by script',
  'nesting: srcdoc by script',
];

/** Runs every vector in every setting, as tests. */
export function describeVectors(scheme: Scheme): void {
  before(async () => {
    const made = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
    keys = { key: made.private, cert: made.cert };
    bare = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>bare</title>'),
    );
    bare.listen(0, '127.0.0.1');
    lab = await startHarness('test/webview/previewEntry.ts');
  });
  after(async () => {
    bare.close();
    await lab.close();
  });

  describe(`${VECTORS.length} vectors over ${scheme}`, () => {
    test('a plain frame leaks, so the listeners hear', async () => {
      const outcome = await attemptAll(scheme, 'plain');
      const leaks = names(outcome, isHeard);
      console.log(
        `${scheme}, plain frame: ${leaks.length} of ${VECTORS.length} leak, ${outcome.executions} executions, ${outcome.effects.length} effects`,
      );
      console.log(`  silent: ${names(outcome, (heard) => !isHeard(heard)).join(', ')}`);
      assert.ok(leaks.length >= 40, `only ${leaks.length} leak`);
      assert.ok(outcome.executions >= 20);
      assert.ok(outcome.effects.length >= 5, 'a plain frame takes the window around');
    });

    test('a static preview is silent: no request, no connection, no script', async () => {
      const outcome = await attemptAll(scheme, 'static');
      console.log(
        `${scheme}, static: ${names(outcome, isHeard).length} of ${VECTORS.length} heard, ${outcome.executions} executions`,
      );
      assert.deepEqual(names(outcome, isHeard), []);
      assert.deepEqual(outcome.effects, []);
      assert.equal(outcome.executions, 0);
    });

    test('a preview that runs scripts lets nothing out that carries content', async () => {
      const outcome = await attemptAll(scheme, 'scripts');
      const told = names(outcome, ({ requests, datagrams }) => requests.length + datagrams > 0);
      const bareOnes = names(outcome, ({ connections }) => connections > 0);
      console.log(
        `${scheme}, scripts: ${told.length} with content, ${outcome.executions} executions; bare connections: ${bareOnes.join(', ') || 'none'}`,
      );
      assert.deepEqual(told, []);
      assert.deepEqual(outcome.effects, []);
      assert.ok(outcome.executions >= 20, 'its scripts do run');
      for (const name of bareOnes) assert.ok(BARE_CONNECTIONS.includes(name), name);
    });
  });
}
