/** The HTML report in a real browser, from the disk: the panel's numbers, and not one request, whatever an answer tries. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { htmlOf } from '../../src/core/report/html.ts';
import { type ComparisonState, LANES } from '../../src/shared/comparison.ts';
import { type Harness, launch, startHarness } from './harness.ts';
import { SCENES, Script, snapshot } from './states.ts';

const ABOUT = { version: '1.2.3', exportedAt: '2026-11-23T08:30:00.000Z', isRedacted: false };
const scratch = mkdtempSync(path.join(os.tmpdir(), 'second-thought-report-'));
let harness: Harness;
let browser: Browser;
let listener: Server;
/** Connections that anybody opened, whether or not a request came over them. */
let connections = 0;
let address = '';

before(async () => {
  listener = createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`; // listening on TCP
  [harness, browser] = await Promise.all([startHarness(), launch()]);
});
after(async () => {
  await Promise.all([harness.close(), browser.close()]);
  listener.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Opens HTML from the disk. `requests`: whatever is asked for beside the file. */
async function open(
  html: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; requests: string[] }> {
  const file = path.join(scratch, `${files++}.html`);
  writeFileSync(file, html);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('requestfinished', (request) => {
    if (request.url() !== url && !/^(?:data|about):/.test(request.url())) requests.push(request.url());
  });
  page.on('requestfailed', (request) => {
    // Else it names why the browser itself refused it, before anything left: the policy, or the origin of the frame.
    if (request.failure()?.errorText.startsWith('net::') !== false) requests.push(request.url());
  });
  context.on('page', (popup) => requests.push(`popup ${popup.url()}`));
  await page.goto(url);
  return { page, requests };
}
let files = 0;

describe('the numbers are the panel’s', () => {
  for (const [name, make] of Object.entries(SCENES)) {
    const scene = make();
    if (scene.state.seq < 0 || scene.state.running) continue; // a clock that runs has run on when it is read
    test(name, async () => {
      const panel = await harness.open({ reducedMotion: true });
      const { page, requests } = await open(htmlOf(scene.state, ABOUT));
      try {
        await panel.send(snapshot({ ...scene, nowMs: scene.state.atMs }));
        const row = (metric: string, at: number): Promise<string> =>
          page.locator(`tr[data-metric=${metric}] td`).nth(at).innerText();
        for (const [at, lane] of LANES.entries()) {
          const figures = panel.page.locator(`[data-lane=${lane}] [data-metric]`);
          assert.equal(await figures.count(), 6);
          for (const meter of await figures.all()) {
            const metric = (await meter.getAttribute('data-metric')) ?? '';
            const shown = await meter.locator('.figure').innerText();
            const isBetter = (await meter.getAttribute('class'))?.includes('better') ?? false;
            const told = await row(metric, at);
            const tokens =
              metric === 'input-tokens'
                ? `${withoutNote(told)} · ${withoutNote(await row('output-tokens', at))}`
                : withoutNote(told);
            assert.equal(tokens, shown, `${lane} ${metric}`);
            if (metric !== 'input-tokens') assert.equal(told.includes('better'), isBetter, `${lane} ${metric}`);
          }
        }
        assert.equal(await page.locator('.ratio').innerText(), await panel.page.locator('.ratio').innerText());
        assert.deepEqual(requests, []);
      } finally {
        await Promise.all([page.context().close(), panel.page.context().close()]);
      }
    });
  }
});

/** A figure without what stands beside it. */
const withoutNote = (text: string): string =>
  text.replace(/\s*better$/, '').replace(/^([^ ]+(?: (?:s|min|h|tok\/s|\d\d))*), .*$/s, '$1');

/** Everything an answer could try, in one page. */
const hostile = (to: string): string => `<!doctype html><html><head>
<meta http-equiv="refresh" content="0;url=${to}/refresh">
<base href="${to}/base/">
<link rel="stylesheet" href="${to}/style.css"><link rel="icon" href="${to}/icon.png">
<link rel="prefetch" href="${to}/prefetch"><link rel="preload" as="image" href="${to}/preload.png">
<link rel="preconnect" href="${to}"><LINK rel="dns-prefetch" href="${to}"><link
rel="modulepreload" href="${to}/module.js"><link/rel="preconnect" href="${to}">
<style>@import "${to}/import.css"; @font-face { font-family: f; src: url(${to}/font.woff2) } body { font-family: f; background: url(${to}/background.png) }</style>
<script>fetch('${to}/fetch'); new Image().src='${to}/image'; navigator.sendBeacon('${to}/beacon'); document.title = 'run'; parent.location = '${to}/parent'</script>
<script src="${to}/script.js"></script><script type="speculationrules">{"prefetch":[{"urls":["${to}/speculation"]}]}</script>
</head><body onload="location='${to}/onload'">
<h1>Drawn</h1><img src="${to}/img.png"><img src=x onerror="fetch('${to}/onerror')"><picture><source srcset="${to}/source.png"><img src="${to}/set.png"></picture>
<video poster="${to}/poster.png" src="${to}/video.mp4" autoplay></video><audio src="${to}/audio.mp3" autoplay></audio>
<iframe src="${to}/iframe"></iframe><object data="${to}/object"></object><embed src="${to}/embed"><frame src="${to}/frame">
<form id="f" action="${to}/form" target="_top"><button>Send</button></form><script>document.forms[0].submit()</script>
<a id="a" href="${to}/link">link</a><a id="top" target="_top" href="${to}/top">top</a><a id="blank" target="_blank" href="${to}/blank">blank</a><a id="ping" href="#x" ping="${to}/ping">ping</a>
<svg width="99" height="50"><a href="${to}/vector" xlink:href="${to}/xlink"><set attributeName="href" to="${to}/set"/><rect id="vector" width="99" height="50"/></a><image href="${to}/svg.png"/><use href="${to}/use.svg#a"/></svg><input type="image" src="${to}/input.png"><table background="${to}/table.png"></table>
</body></html>`;

/** A comparison whose every text is that page, once as an answer's file. */
function hostileState(to: string): ComparisonState {
  const html = hostile(to);
  const words = `"><img src="${to}/words.png"><link rel=preconnect href="${to}">`;
  const script = new Script({ kind: 'design', title: words, instruction: words, parts: [{ type: 'text', text: html }] });
  for (const lane of LANES) {
    script.start(lane, `e:${words}`, { endpointLabel: words, system: html, prompt: html });
    script.lane(5, lane, { type: 'notice', text: words }).stream(lane, 'reasoning', html, 6, 7);
    script.stream(lane, 'text', `${html}\n\n\`\`\`html index.html\n${html}\n\`\`\`\n`, 8, 9).end(10, lane, 'stop');
  }
  const { events } = script;
  events.sort((one, two) => one.atMs - two.atMs);
  events.forEach((event, seq) => {
    events[seq] = { ...event, seq };
  });
  return script.state;
}

test('not one request and not one connection, whatever the answers try', async () => {
  connections = 0;
  const { page, requests } = await open(htmlOf(hostileState(address), ABOUT));
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  const drawn = await Promise.all(frames.map((frame) => frame.locator('h1').allInnerTexts()));
  assert.equal(drawn.filter(([text]) => text === 'Drawn').length, 2, 'both answers are drawn');
  await page.waitForTimeout(500);
  assert.equal(connections, 0, 'connections while it was read');
  for (const id of ['a', 'top', 'blank', 'ping', 'vector'])
    await frames[0]
      ?.locator(`#${id}`)
      .click({ timeout: 2000 })
      .catch(() => undefined);
  await frames[1]
    ?.locator('button')
    .click({ timeout: 2000 })
    .catch(() => undefined);
  await page.waitForTimeout(500);
  assert.deepEqual(requests, []);
  assert.equal(connections, 0, 'connections after clicks');
  assert.match(await page.title(), /Second Thought$/);
  assert.ok(page.url().startsWith('file:'));
  await page.context().close();
});

test('the same page without protection does ask for all that', async () => {
  connections = 0;
  const { page, requests } = await open(
    hostile(address).replace(
      /<meta http-equiv="refresh"[^>]*>|onload="[^"]*"|parent\.location[^<]*|document\.forms\[0\]\.submit\(\)/g,
      '',
    ),
  );
  await page.waitForTimeout(500);
  for (const part of ['style.css', 'fetch', 'img.png', 'script.js', 'iframe', 'background.png', 'object'])
    assert.ok(
      requests.some((url) => url.endsWith(part)),
      part,
    );
  assert.ok(connections > 0);
  await page.context().close();
});

test('it fits a narrow window and has what a reader of screens needs', async () => {
  for (const name of ['done', 'long-names', 'fairness-differs']) {
    const { page } = await open(htmlOf(SCENES[name]?.().state ?? assert.fail(name), ABOUT), {
      viewport: { width: 360, height: 800 },
    });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} is too wide`);
    for (const table of await page.locator('table').all()) assert.equal(await table.locator('caption').count(), 1);
    assert.equal(await page.locator('h1').count(), 1);
    assert.equal(await page.locator('iframe:not([title])').count(), 0);
    await page.context().close();
  }
});

test('it is light or dark as its reader has it', async () => {
  const html = htmlOf(SCENES.done?.().state ?? assert.fail(), ABOUT);
  const background = async (colorScheme: 'light' | 'dark') => {
    const { page } = await open(html, { colorScheme });
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.context().close();
    return colour;
  };
  assert.equal(await background('light'), 'rgb(255, 255, 255)');
  assert.equal(await background('dark'), 'rgb(22, 24, 28)');
});
