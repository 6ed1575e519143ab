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
import { MARKUP_VECTORS } from './isolationMarkup.ts';
import { SCRIPT_VECTORS } from './isolationScripts.ts';
import { SIMPLE_VECTORS, type Target, type Vector } from './isolationVectors.ts';
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

const PER_WINDOW = 40;
/** Where something is clicked, the frames must be drawn. */
const PER_CLICKED_WINDOW = 12;
/** After this without a sound nothing more is expected, and a window is given up on after the limit. */
const SETTLE_MS = 1500;
const QUIET_LIMIT_MS = 8000;
const CLICK_LIMIT_MS = 3000;
export const VECTORS: readonly Vector[] = [...SIMPLE_VECTORS, ...MARKUP_VECTORS, ...SCRIPT_VECTORS];
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
    const pages = vectors.map((vector, index) => {
      const { target, heard } = listeners[index] ?? assert.fail();
      outcome.heard.set(nameOf(vector), heard);
      return vector.html({ ...target, nonce });
    });
    // A plain frame may take the window elsewhere at any moment; that is seen below.
    if (setting === 'plain') await page.evaluate(showPlain, pages).catch(() => undefined);
    else await page.evaluate(showInLab, { previews: pages.map(previewOf), scripts: setting === 'scripts' });
    for (const [index, { click }] of vectors.entries()) {
      if (!click) continue;
      const place = page.locator('.shown').nth(index);
      // A plain frame only has to leak; what may not must withstand a click as a person makes it.
      const clicked =
        setting === 'plain'
          ? place.contentFrame().locator('#go').dispatchEvent('click', {}, { timeout: CLICK_LIMIT_MS })
          : place.locator('iframe').first().contentFrame().locator('#go').click({ timeout: CLICK_LIMIT_MS, force: true });
      await clicked.catch(() => undefined);
    }
    await quiet(listeners.map(({ heard }) => heard));
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

const showPlain = async (pages: readonly string[]): Promise<void> => {
  const loaded = pages.map((html) => {
    const frame = document.createElement('iframe');
    frame.className = 'shown';
    frame.srcdoc = html;
    document.body.append(frame);
    return new Promise((resolve) => {
      frame.onload = resolve;
    });
  });
  await Promise.race([Promise.all(loaded), new Promise((resolve) => setTimeout(resolve, 5000))]);
};
/** All at once; one that is never ready is given up. */
const showInLab = async ({ previews, scripts }: { previews: readonly Preview[]; scripts: boolean }): Promise<void> => {
  const lab = Reflect.get(globalThis, 'lab') as PreviewLab; // put there by the entry
  const shown = previews.map((preview) => {
    lab.add();
    lab.frame.element.classList.add('shown');
    return lab.show(preview, { scripts });
  });
  await Promise.race([Promise.all(shown), new Promise((resolve) => setTimeout(resolve, 5000))]);
};

const nameOf = ({ family, name }: Vector): string => `${family}: ${name}`;

async function attemptAll(scheme: Scheme, setting: Setting): Promise<Outcome> {
  const outcome = { heard: new Map<string, Heard>(), executions: 0, effects: [] as string[] };
  const alone = setting === 'plain' ? VECTORS.filter((vector) => vector.alone) : [];
  const others = VECTORS.filter((vector) => !alone.includes(vector));
  const batches = [
    ...inParts(
      others.filter(({ click }) => click),
      PER_CLICKED_WINDOW,
    ),
    ...inParts(
      others.filter(({ click }) => !click),
      PER_WINDOW,
    ),
    ...inParts(alone, 1),
  ];
  const work = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await attempt(batch, scheme, setting, outcome);
  };
  await Promise.all([work(), work(), work()]);
  assert.equal(outcome.heard.size, VECTORS.length, 'a run that did not finish says nothing');
  return outcome;
}

/** Waits until the listeners heard nothing for a while. */
async function quiet(all: readonly Heard[]): Promise<void> {
  const count = (): number =>
    all.reduce((sum, { requests, connections, datagrams }) => sum + requests.length + connections + datagrams, 0);
  for (let before = -1, waitedMs = 0; before !== count() && waitedMs < QUIET_LIMIT_MS; waitedMs += SETTLE_MS) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

const inParts = <Item>(all: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size));

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
  'navigation: navigation API',
  'navigation: location in every way',
  'navigation: a refresh that is written',
  'navigation: a form in every way',
  'navigation: frames that it makes',
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
      assert.ok(leaks.length >= 100, `only ${leaks.length} leak`);
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
