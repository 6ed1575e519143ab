/** A preview's frame in a real browser: what it draws, what it says of it, and that it never flickers or hangs. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Frame as BrowserFrame, Page } from 'playwright-core';
import { previewOf } from '../../src/core/preview/preview.ts';
import { type Preview, RUNTIMES, type RuntimeId } from '../../src/shared/preview.ts';
import type { ShowOptions } from '../../src/webview/preview/previewTypes.ts';
import { type Harness, startHarness } from './harness.ts';
import type { PreviewLab } from './previewEntry.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
let harness: Harness;
let runtimes: ReadonlyMap<RuntimeId, string>;

before(async () => {
  [harness, runtimes] = await Promise.all([startHarness('test/webview/previewEntry.ts'), buildRuntimes()]);
});
after(() => harness.close());

/** As the product builds them. */
async function buildRuntimes(): Promise<ReadonlyMap<RuntimeId, string>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: RUNTIMES.map((id) => `src/runtimes/${id}.ts`),
    outdir: path.join(ROOT, 'dist'),
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome140',
    minify: true,
    legalComments: 'none',
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  });
  return new Map(RUNTIMES.map((id) => [id, outputFiles.find((file) => file.path.endsWith(`${id}.js`))?.text ?? assert.fail(id)]));
}

interface Lab {
  readonly page: Page;
  /** Violations of the policy and errors of scripts. */
  readonly faults: readonly string[];
  show(preview: Preview, options?: Partial<ShowOptions>): Promise<string>;
  /** The frame that is seen. */
  seen(): BrowserFrame;
  state(): Promise<{ status: string; message?: string; blocked: string[]; findings: string[]; runsScripts: boolean }>;
}

async function withLab(run: (lab: Lab) => Promise<void>): Promise<void> {
  const { page, faults } = await harness.open({ reducedMotion: true });
  try {
    await page.evaluate(
      (all) => {
        const { runtimes } = Reflect.get(globalThis, 'lab') as PreviewLab; // put there by the entry
        for (const [id, source] of all) runtimes.set(id, source);
      },
      [...runtimes],
    );
    await run({
      page,
      faults,
      show: (preview, options = {}) =>
        page.evaluate((what) => (Reflect.get(globalThis, 'lab') as PreviewLab).show(what.preview, what.options), {
          preview,
          options,
        }),
      seen: () => page.frames().findLast((frame) => frame.parentFrame() === page.mainFrame()) ?? assert.fail('no frame'),
      state: () =>
        page.evaluate(() => {
          const { frame } = Reflect.get(globalThis, 'lab') as PreviewLab;
          return {
            status: frame.status,
            ...(frame.message === undefined ? {} : { message: frame.message }),
            blocked: frame.blocked.map(({ kind, what, count }) => `${kind} ${what} ${count}`.replace('  ', ' ')),
            findings: frame.findings.map(({ kind, text, count }) => `${kind} ${text} ${count}`),
            runsScripts: frame.runsScripts,
          };
        }),
    });
  } finally {
    await page.context().close();
  }
}

const html = (text: string, more: Partial<Extract<Preview, { kind: 'html' }>> = {}): Preview => ({
  kind: 'html',
  html: text,
  linked: [],
  runtimes: [],
  complete: true,
  problems: [],
  ...more,
});

describe('a static page', () => {
  test('is drawn as written, with what was taken out in a list', () =>
    withLab(async ({ show, seen, state, page, faults }) => {
      await show(
        html(
          `<!doctype html><html class="a" lang="en"><head><link rel="stylesheet" href="./css/site.css?v=2"><style>
b { content: "</p>"; color: rgb(4, 5, 6) } @media (width<600px) { b { color: rgb(7, 8, 9) } } p { background: url(https://x.test/a.png) }</style></head>
<body id="title"><h1>One</h1><b>b</b><p style="font: 12px serif">p</p><dialog open>d</dialog><my-card kind="x">c</my-card>
<details><summary>s</summary>t</details><img src="https://placehold.co/600x400" alt="View"><img src="a.jpg" width="40" height="30">
<img src="logo.svg"><svg width="9" height="9"><defs><rect id="r" width="9" height="9"/></defs><use href="#r"/></svg>
<iframe src="https://x.test/frame" width="200" height="90"></iframe><div class="[&[open]>svg]:p-2">q</div>
<a href="https://x.test/">l</a><a href="javascript:alert(1)">j</a><button onclick="go()">b</button><script>go()</script></body></html>`,
          {
            linked: [
              { name: 'css/site.css', content: 'h1 { color: rgb(1, 2, 3) }' },
              { name: 'logo.svg', content: '<svg xmlns="http://www.w3.org/2000/svg" width="77" height="33"/>' },
            ],
          },
        ),
      );
      const drawn = await seen().evaluate(() => ({
        mode: document.compatMode,
        colors: ['h1', 'b'].map((name) => getComputedStyle(document.querySelector(name) ?? document.body).color),
        images: [...document.querySelectorAll('img')].map((image) => `${image.naturalWidth}x${image.naturalHeight}`),
        used: document.querySelector('use')?.getBoundingClientRect().width,
        kept: [document.documentElement.className, document.body.id, document.querySelector('my-card')?.getAttribute('kind')],
        arbitrary: document.querySelector('div')?.className,
        scripts: document.scripts.length,
      }));
      assert.deepEqual(drawn, {
        mode: 'CSS1Compat',
        colors: ['rgb(1, 2, 3)', 'rgb(4, 5, 6)'],
        images: ['600x400', '40x30', '77x33', '200x90'],
        used: 9,
        kept: ['a', 'title', 'x'],
        arbitrary: '[&[open]>svg]:p-2',
        scripts: 0,
      });
      assert.deepEqual((await state()).blocked, [
        'image https://x.test/a.png 1',
        'image https://placehold.co/600x400 1',
        'image a.jpg 1',
        'frame https://x.test/frame 1',
        'link https://x.test/ 1',
        'link javascript:alert(1) 1',
        'handler onclick 1',
        'script in the page 1',
      ]);
      await show(html('<!doctype html><style>b{color:rgb(4,5,6)} @media (width<600px){b{color:rgb(7,8,9)}}</style><b>b</b>'), {
        widthPx: 400,
      });
      assert.equal(
        await seen()
          .locator('b')
          .evaluate((b) => getComputedStyle(b).color),
        'rgb(7, 8, 9)',
        'it has the width it was given',
      );
      assert.deepEqual(
        faults.filter((text) => !text.includes('404')), // the lab has no style sheet
        [],
      );
      assert.ok(await page.locator('iframe').evaluate((frame) => frame.getAttribute('sandbox') === 'allow-scripts'));
    }));

  test('is light or dark as chosen, without loading again', () =>
    withLab(async ({ show, seen }) => {
      const page =
        html(`<!doctype html><style>:root{color-scheme:light dark} body{color:rgb(1,1,1);background:light-dark(rgb(2,2,2),rgb(3,3,3))}
@media (prefers-color-scheme:dark){body{color:rgb(9,9,9)}} @supports (display:grid){@media not all and (prefers-color-scheme: light){body{margin:33px}}}</style>x`);
      const look = () =>
        seen().evaluate(() => {
          const { color, backgroundColor, marginTop } = getComputedStyle(document.body);
          return [color, backgroundColor, marginTop].join(' ');
        });
      await show(page, { colorScheme: 'light' });
      assert.equal(await look(), 'rgb(1, 1, 1) rgb(2, 2, 2) 8px');
      await seen().evaluate(() => document.body.setAttribute('data-same', ''));
      await show(page, { colorScheme: 'dark' });
      await seen().waitForFunction(() => getComputedStyle(document.body).color === 'rgb(9, 9, 9)');
      assert.equal(await look(), 'rgb(9, 9, 9) rgb(3, 3, 3) 33px');
      assert.equal(await seen().locator('[data-same]').count(), 1);
    }));

  test('draws HTML within a vector image, and is not confused by names that hide members', () =>
    withLab(async ({ show, seen, page }) => {
      const markup = `<!doctype html><form name="body"><input name="attributes"><input name="getAttribute"><input name="localName"></form>
<img name="adoptedStyleSheets"><img name="createElement"><svg width="90" height="40"><foreignObject width="90" height="40">
<p id="in" onclick="x()">within</p><iframe src="https://x.test/"></iframe></foreignObject></svg>`;
      assert.equal(await show(html(markup)), 'ready');
      assert.equal(await seen().locator('svg #in').innerText(), 'within');
      assert.equal(await seen().locator('iframe, [onclick]').count(), 0);
      const picture = await page.evaluate(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.picture());
      assert.equal(picture?.kind, 'png');
    }));

  test('follows links within itself, and no others', () =>
    withLab(async ({ show, seen, page, state }) => {
      await show(
        html(
          '<!doctype html><a id="in" href="#end">in</a><a id="out" href="/x">out</a><div style="height:4000px"></div><p id="end">end',
        ),
      );
      await seen().locator('#out').click();
      await seen().locator('#in').click();
      await page.waitForFunction(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.scroll.top > 3000);
      assert.equal((await state()).status, 'ready');
      await page.evaluate(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.scrollTo({ left: 0, top: 100 }));
      await seen().waitForFunction(() => scrollY === 100);
    }));

  test('is styled by Tailwind without a script of the model', () =>
    withLab(async ({ show, seen, state }) => {
      await show(
        html(
          '<!doctype html><script src="https://cdn.tailwindcss.com"></script><style type="text/tailwindcss">@theme { --color-brand: rgb(1 2 3) }</style><p class="p-4 text-brand dark:underline [&[open]>b]:m-1">x</p>',
          { runtimes: ['tailwind'] },
        ),
        { colorScheme: 'dark' },
      );
      const style = await seen()
        .locator('p')
        .evaluate((p) => {
          const { paddingTop, color, textDecorationLine } = getComputedStyle(p);
          return [paddingTop, color, textDecorationLine];
        });
      assert.deepEqual(style, ['16px', 'rgb(1, 2, 3)', 'underline']);
      assert.deepEqual((await state()).blocked, []);
    }));
});

describe('a page that is being written', () => {
  const long = `<!doctype html><style>p { color: rgb(1, 2, 3) }</style>${Array.from({ length: 400 }, (_, at) => `<p id="p${at}" onclick="x()">Paragraph ${at}</p><script>document.body.dataset.ran = '1'</script><img src="https://127.0.0.1:1/${at}">`).join('')}`;

  test('is replaced without a gap, one load at a time, and never loads what is overtaken', () =>
    withLab(async ({ page, seen, state }) => {
      const seenOf = await page.evaluate(async (html) => {
        const lab = Reflect.get(globalThis, 'lab') as PreviewLab; // put there by the entry
        const result = { shows: 0, loads: 0, most: 0, gaps: 0 };
        let last: Element | undefined;
        const look = (): void => {
          const frames = [...document.querySelectorAll('iframe')];
          const visible = frames.filter(({ style }) => style.visibility === 'visible');
          result.most = Math.max(result.most, frames.length);
          if (last && visible.length !== 1) result.gaps++;
          if (visible[0] && visible[0] !== last) result.loads++;
          last = visible[0] ?? last;
        };
        const watcher = new MutationObserver(look);
        watcher.observe(document.body, { subtree: true, childList: true, attributes: true });
        const show = (complete: boolean, length: number): Promise<string> =>
          lab.show({ kind: 'html', html: html.slice(0, length), linked: [], runtimes: [], complete, problems: [] });
        for (let at = 400; at < html.length; at += 400, result.shows++) {
          void show(false, at);
          await new Promise((resolve) => setTimeout(resolve, 12));
        }
        await show(true, html.length);
        while (!lab.frame.size || lab.frame.blocked[0]?.count !== 400) await new Promise((resolve) => setTimeout(resolve, 20));
        watcher.disconnect();
        return result;
      }, long);
      assert.equal(seenOf.gaps, 0);
      assert.ok(seenOf.most <= 2, `${seenOf.most} frames at once`);
      assert.ok(seenOf.loads > 1 && seenOf.loads < seenOf.shows / 3, `${seenOf.loads} loads of ${seenOf.shows}`);
      assert.equal(await seen().locator('p').count(), 400, 'its end is shown');
      assert.equal(await seen().locator('[data-ran]').count(), 0);
      assert.equal(
        (await state()).blocked.find((each) => each.startsWith('handler')),
        'handler onclick 400',
      );
    }));

  test('stays where it was scrolled to', () =>
    withLab(async ({ page, show, seen }) => {
      await show(html(long.slice(0, 30_000), { complete: false }));
      await seen().evaluate(() => scrollTo(0, 333));
      await page.waitForFunction(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.scroll.top === 333);
      const heightPx = await page.evaluate(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.size?.heightPx ?? 0);
      await show(html(long.slice(0, 40_000)));
      await page.waitForFunction((before) => {
        const { frame } = Reflect.get(globalThis, 'lab') as PreviewLab;
        return (frame.size?.heightPx ?? 0) > before && document.querySelectorAll('iframe').length === 1;
      }, heightPx);
      assert.equal(await page.evaluate(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.scroll.top), 333);
      assert.equal(await seen().evaluate(() => scrollY), 333);
    }));
});

describe('a page whose scripts run', () => {
  test('handlers mean what they meant, and faults are told', () =>
    withLab(async ({ show, seen, state }) => {
      await show(
        html(
          `<!doctype html><script><!--
var count = 0;
//--></script><button id="b" onclick="count++; this.textContent = event.type + count; return false">b</button>
<form onsubmit="document.title = value.value; return false"><input name="value" value="v"><button id="s">s</button></form>
<script>broken here</script><script>"use strict"; document.body.dataset.strict = String((function () { return this === undefined })());
document.body.dataset.rtc = typeof RTCPeerConnection; document.body.dataset.nonce = document.currentScript.nonce + document.currentScript.getAttribute('nonce');
console.warn('careful', { a: 1 }); Promise.reject(new Error('late')); document.write('<i>written</i>'); fetch('https://x.test/');</script>
<script type="module">document.body.dataset.module = '1'</script><script type="module">import x from 'https://x.test/x.js'</script>
<script src="app.js"></script><p onclick="syntax error">p</p>`,
          { linked: [{ name: 'app.js', content: 'document.body.dataset.file = "</script><!--"' }] },
        ),
        { scripts: true },
      );
      await seen().locator('#b').click();
      await seen().locator('#b').click();
      await seen().locator('#s').click();
      const found = await seen().evaluate(() => ({
        button: document.querySelector('#b')?.textContent,
        title: document.title,
        data: { ...document.body.dataset },
        i: document.querySelector('i')?.textContent,
      }));
      assert.deepEqual(found, {
        button: 'click2',
        title: 'v',
        data: { strict: 'true', rtc: 'undefined', nonce: 'null', module: '1', file: '</script><!--' },
        i: 'written',
      });
      const { findings, blocked, runsScripts } = await state();
      assert.ok(runsScripts);
      for (const part of [/broken|Unexpected identifier/, /careful \{"a":1\}/, /Promise rejected: Error: late/])
        assert.ok(
          findings.some((text) => part.test(text)),
          `${part} in ${findings}`,
        );
      assert.ok(blocked.includes('script module with imports 1'), `${blocked}`);
      assert.ok(
        blocked.some((text) => text.startsWith('request https://x.test')),
        `${blocked}`,
      );
    }));

  test('runs none while it is still being written', () =>
    withLab(async ({ show, seen, state, page }) => {
      await show(html('<p>x</p><script>document.body.dataset.ran = "1"</script>', { complete: false }), { scripts: true });
      assert.equal(await seen().locator('[data-ran]').count(), 0);
      assert.equal((await state()).runsScripts, false);
      // The page that is seen meanwhile is the last one: the next takes its place when it is up.
      await show(html('<p>x</p><script>document.body.dataset.ran = "1"</script>'), { scripts: true });
      await page.waitForFunction(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.runsScripts);
      assert.equal(await seen().locator('[data-ran]').count(), 1);
    }));

  test('a page that leads elsewhere is taken away', () =>
    withLab(async ({ show, state, page }) => {
      // While it loads, and later.
      assert.equal(await show(html('<p>x</p><script>location = "https://127.0.0.1:1/"</script>'), { scripts: true }), 'stopped');
      await show(html('<p>x</p><script>setTimeout(() => { location = "https://127.0.0.1:1/" }, 300)</script>'), {
        scripts: true,
      });
      await page.waitForFunction(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.status === 'stopped');
      const { status, message } = await state();
      assert.equal(status, 'stopped');
      assert.match(message ?? '', /tried to lead elsewhere/);
    }));

  test('what a page could take from the panel around it, it is ended for', () =>
    withLab(async ({ show, state, page }) => {
      const endOf = async (script: string): Promise<string | undefined> => {
        await show(html(`<p>x</p><input id="i"><script>${script}</script>`), { scripts: true });
        for (let at = 0; at < 100 && (await state()).status === 'ready'; at++) await page.waitForTimeout(50);
        return (await state()).message;
      };
      await page.evaluate(() => document.body.insertAdjacentHTML('afterbegin', '<textarea></textarea>'));
      await page.locator('textarea').focus();
      assert.match(
        (await endOf('setInterval(() => { parent.focus(); window.focus(); i.focus() }, 20)')) ?? '',
        /kept taking the keyboard away/,
      );
      assert.equal(await page.evaluate(() => document.activeElement?.localName), 'textarea');
      assert.match(
        (await endOf("setInterval(() => { for (let n = 0; n < 500; n++) parent.postMessage(n, '*') })")) ?? '',
        /flooded/,
      );
      const slow = `<p>${Array.from({ length: 400 }, (_, at) => `<b a${at}>`).join('')}${'<p>x'.repeat(400)}`;
      assert.equal(await show(html(slow)), 'empty');
      assert.match((await state()).message ?? '', /^This page cannot be shown: This page leaves/);
    }));

  test('the port of the probe stays its own, and a person who goes into the page keeps the focus there', () =>
    withLab(async ({ show, seen, state, page }) => {
      const steal = `const real = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
        Object.defineProperty(MessageEvent.prototype, 'data', { get() {
          this.target.postMessage?.({ type: 'finding', kind: 'error', text: 'forged' }); return real.call(this); } });
        console.error('heard');`;
      await show(html(`<p>x</p><input id="i"><script>${steal}</script>`), { scripts: true });
      await page.evaluate(() => document.body.insertAdjacentHTML('afterbegin', '<textarea></textarea>'));
      await page.locator('textarea').focus();
      await seen().locator('#i').click();
      await page.keyboard.type('typed');
      await page.waitForTimeout(1200); // the panel asks once a second whether the page is alive
      assert.equal(await seen().locator('#i').inputValue(), 'typed');
      assert.deepEqual((await state()).findings, ['error heard 1']);
    }));

  test('a page that reports without end is not counted to the end, says so, and can still be measured and left', () =>
    withLab(async ({ show, seen, state, page }) => {
      const burst = 'for (let at = 0; at < 500; at++) console.error(at % 2)';
      await show(html(`<body style="margin:0;height:1234px"><input id="i"><script>${burst}</script>`), { scripts: true });
      const { findings } = await state();
      const counts = findings.filter((text) => text.startsWith('error')).map((text) => Number(text.split(' ').at(-1)));
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        15,
      );
      assert.ok(findings.some((text) => text.startsWith('warning The page reports more than 15 things a second')));
      const height = () => page.evaluate(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.size?.heightPx);
      assert.equal(await height(), 1234);
      await seen().locator('#i').click();
      await page.keyboard.press('Escape');
      await page.waitForFunction(() => document.activeElement?.localName === 'div');
    }));

  test('a loop without end is told, and stopped; the window around goes on', { timeout: 60_000 }, () =>
    withLab(async ({ show, state, page }) => {
      assert.equal(await show(html('<p>x</p><script>for (;;);</script>'), { scripts: true }), 'not-responding');
      assert.match((await state()).message ?? '', /does not respond/);
      await page.evaluate(() => (Reflect.get(globalThis, 'lab') as PreviewLab).frame.stop());
      assert.equal((await state()).status, 'stopped');
      assert.equal(await show(html('<p>y</p>')), 'ready');
    }),
  );
});

const SAMPLES: Readonly<Record<string, { name: string; languageId: string; content: string }>> = {
  react: {
    name: 'App.tsx',
    languageId: 'typescriptreact',
    content: `import { useState } from 'react';
export default function App() { const [n, setN] = useState<number>(0); return <button className="p-4" onClick={() => setN(n + 1)}>count {n}</button>; }`,
  },
  vue: {
    name: 'App.vue',
    languageId: 'vue',
    content: `<script setup lang="ts">import { ref } from 'vue'; const n = ref<number>(0);</script>
<template><button class="p" @click="n++">count {{ n }}</button></template><style scoped>.p { padding: 16px }</style>`,
  },
  svelte: {
    name: 'App.svelte',
    languageId: 'svelte',
    content: `<script lang="ts">let n: number = $state(0);</script><button class="p" onclick={() => n++}>count {n}</button><style>.p { padding: 16px }</style>`,
  },
};

describe('components', () => {
  for (const [framework, file] of Object.entries(SAMPLES))
    test(`${framework}: asks for scripts, then mounts, and a click changes the page`, () =>
      withLab(async ({ show, seen, state, page }) => {
        const preview = await previewOf([{ ...file, complete: true }], { target: 'react-tailwind', complete: true });
        assert.equal(preview.kind, 'component', JSON.stringify(preview).slice(0, 500));
        assert.equal(await show(preview), 'needs-scripts');
        assert.match((await state()).message ?? '', /Turn scripts on/);
        assert.equal(await page.locator('iframe').count(), 0);
        assert.equal(await show(preview, { scripts: true }), 'ready');
        const button = seen().locator('button');
        assert.equal(await button.innerText(), 'count 0', `${(await state()).findings}`);
        await button.click();
        await button.click();
        assert.equal(await button.innerText(), 'count 2');
        assert.equal(await button.evaluate((each) => getComputedStyle(each).paddingTop), '16px');
        assert.deepEqual((await state()).findings, []);
      }));
});
