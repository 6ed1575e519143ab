/**
 * Compiled components in a real Chromium, with the runtimes of the product and a policy that allows neither `eval` nor the network: they
 * mount, a click changes what is seen, and what fails is reported.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { ROOT } from '../../scripts/install.mjs';
import { runtimeOptions } from '../../scripts/runtimes.mjs';
import { previewOf } from '../../src/core/preview/preview.ts';
import { IMITATED, PROVIDED } from '../../src/core/preview/standIns.ts';
import { type Preview, RUNTIMES, type RuntimeId } from '../../src/shared/preview.ts';
import { componentScripts, PREVIEW_GLOBAL, STAND_IN } from '../../src/shared/previewRuntime.ts';
import { COMPONENTS } from '../core/preview/componentCorpus.ts';
import { launch } from './harness.ts';

const sources = new Map<RuntimeId, string>();
let browser: Browser;

before(async () => {
  browser = await launch();
  for (const id of RUNTIMES) {
    const { outputFiles } = await build({
      ...runtimeOptions(id),
      absWorkingDir: ROOT,
      outdir: path.join(ROOT, 'dist'),
      write: false,
    });
    sources.set(id, outputFiles[0]?.text ?? '');
  }
});

after(() => browser.close());

type Files = Readonly<Record<string, string>>;
const filesOf = (files: Files = {}) => Object.entries(files).map(([name, content]) => ({ name, content }));

interface Shown {
  readonly page: Page;
  readonly preview: Preview;
  /** What was reported, and errors that nobody caught. */
  readonly faults: () => Promise<string[]>;
}

/** Compiles and shows an answer, in a page whose policy is that of a preview. */
async function show(files: Files): Promise<Shown> {
  const preview = await previewOf(filesOf(files), { complete: true });
  assert.ok(preview.kind === 'component', JSON.stringify(preview));
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const nonce = randomBytes(8).toString('hex');
  const boot = `globalThis.reported = []; globalThis.${PREVIEW_GLOBAL} = { modules: Object.create(null), report: (message) => { reported.push(message); } };`;
  const scripts = [
    boot,
    ...preview.runtimes.map((id) => sources.get(id) ?? ''),
    ...componentScripts(preview.entry, preview.modules),
    `globalThis.unmount = ${PREVIEW_GLOBAL}.start(document.getElementById('root'));`,
  ];
  const styleType = preview.runtimes.includes('tailwind') ? ' type="text/tailwindcss"' : '';
  await page.setContent(`<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data:">
    <style${styleType}>${preview.css}</style><div id="root"></div>
    ${scripts.map((text) => `<script nonce="${nonce}">${text}</script>`).join('\n')}`);
  return { page, preview, faults: async () => [...errors, ...((await page.evaluate('reported')) as string[])] }; // an array of strings by its making
}

const COUNTERS: Readonly<Record<string, Files>> = {
  'React, with a hook, TypeScript and a CSS module': {
    'src/App.tsx': `import { useState } from 'react';
import type { Props } from './types';
import { Button } from './Button';
import styles from './App.module.css';
export default function App(_: Props) {
  const [count, setCount] = useState<number>(0);
  return <main className={styles.box}><Button onPress={() => setCount((n) => n + 1)}>Count {count}</Button></main>;
}`,
    'src/Button.tsx': `import type { ReactNode } from 'react';
export function Button({ onPress, children }: { onPress: () => void; children: ReactNode }) {
  return <button type="button" onClick={onPress}>{children}</button>;
}`,
    'src/App.module.css': '.box { color: rgb(1, 2, 3); }',
  },
  'React, mounting itself': {
    'main.jsx': `import React from 'react';
import { createRoot } from 'react-dom/client';
const App = () => { const [n, set] = React.useState(0); return <button style={{ color: 'rgb(1, 2, 3)' }} onClick={() => set(n + 1)}>Count {n}</button>; };
createRoot(document.getElementById('nowhere')).render(<App />);`,
  },
  'Vue, with script setup and scoped styles': {
    'App.vue': `<script setup lang="ts">
import { ref } from 'vue';
import Press from './Press.vue';
const count = ref<number>(0);
</script>
<template><main><Press @press="count++">Count {{ count as number }}</Press></main></template>
<style scoped>main { color: rgb(1, 2, 3); }</style>`,
    'Press.vue': `<script>
export default { emits: ['press'], computed: { kind() { return 'button'; } } };
</script>
<template><button :type="kind" @click="$emit('press')"><slot /></button></template>
<style>button { color: inherit }</style>`,
  },
  'Vue, beside the file that mounts it': {
    'main.js': `import { createApp, h, ref } from 'vue';
import Start from './Start.vue';
createApp(Start).mount('#app');`,
    'Start.vue': `<script setup>import { ref } from 'vue'; const n = ref(0)</script>
<template><button style="color: rgb(1, 2, 3)" @click="n++">Count {{ n }}</button></template>`,
  },
  'Svelte, with runes and a store': {
    'App.svelte': `<script lang="ts">
  import Press from './Press.svelte';
  import { state } from './state.svelte.ts';
</script>
<main><Press onpress={() => state.count++}>Count {state.count}</Press></main>
<style>main { color: rgb(1, 2, 3); }</style>`,
    'Press.svelte': `<script lang="ts">let { onpress, children }: { onpress: () => void; children: import('svelte').Snippet } = $props();</script>
<button onclick={onpress}>{@render children()}</button>
<style>button { color: inherit }</style>`,
    'state.svelte.ts': 'export const state: { count: number } = $state({ count: 0 });',
  },
  'Svelte, in the older syntax': {
    'App.svelte': `<script>
  import { writable } from 'svelte/store';
  export let start = 0;
  let count = start;
  const colour = writable('rgb(1, 2, 3)');
  $: label = 'Count ' + count;
</script>
<button style="color: {$colour}" on:click={() => (count += 1)}>{label}</button>`,
  },
};

describe('a component with state', () => {
  for (const [name, files] of Object.entries(COUNTERS)) {
    test(name, async () => {
      const { page, faults } = await show(files);
      const button = page.getByRole('button');
      assert.equal(await button.innerText(), 'Count 0');
      await button.click();
      await button.click();
      await page.getByText('Count 2').waitFor({ timeout: 5000 });
      assert.match(await page.content(), /Count 2/);
      const colours = await page
        .locator('main, button')
        .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).color));
      assert.ok(colours.includes('rgb(1, 2, 3)'), colours.join());
      assert.deepEqual(await faults(), []);
      await page.evaluate('unmount()');
      assert.equal(await page.locator('#root').innerText(), '');
      await page.close();
    });
  }
});

describe('Tailwind', () => {
  test('styles what a component writes, also later, without eval', async () => {
    const { page, preview, faults } = await show({
      'App.tsx': `import { useState } from 'react';
import './app.css';
export default () => { const [on, set] = useState(false); return <button className={on ? 'p-[7px]' : 'p-[3px] text-brand'} onClick={() => set(true)}>Press</button>; };`,
      'app.css': '@tailwind base;\n@import "tailwindcss";\n@theme { --color-brand: rgb(1, 2, 3); }',
    });
    assert.deepEqual(preview.kind === 'component' && preview.runtimes, ['tailwind', 'react']);
    const padding = () => page.locator('button').evaluate((element) => getComputedStyle(element).padding);
    await page.waitForFunction("getComputedStyle(document.querySelector('button')).padding === '3px'");
    assert.equal(await page.locator('button').evaluate((element) => getComputedStyle(element).color), 'rgb(1, 2, 3)');
    await page.locator('button').click();
    await page.waitForFunction("getComputedStyle(document.querySelector('button')).padding === '7px'");
    assert.equal(await padding(), '7px');
    assert.deepEqual(await faults(), []);
    await page.close();
  });
});

describe('what models write', () => {
  for (const [name, cases] of Object.entries(COMPONENTS)) {
    const drawn = cases.filter(({ reads }) => reads !== undefined);
    test(`${drawn.length} components of ${name}`, async () => {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.setContent('<!doctype html><body>');
      const boot = `globalThis.${PREVIEW_GLOBAL} = { modules: Object.create(null), report: (message) => { reported.push(message); } };`;
      await page.evaluate(`globalThis.reported = []; ${boot}`);
      await page.evaluate(sources.get(RUNTIMES.find((id) => id === name.toLowerCase()) ?? 'react') ?? '');
      const wrong: string[] = [];
      for (const each of drawn) {
        const preview = await previewOf(filesOf(each.files), { complete: true, sent: filesOf(each.sent) });
        assert.ok(preview.kind === 'component', each.name);
        await page.evaluate(
          `reported.length = 0; document.body.innerHTML = '<div id="root"></div>'; globalThis.root = document.getElementById('root');
          globalThis.sheet = document.createElement('style'); sheet.textContent = ${JSON.stringify(preview.css)}; document.head.append(sheet);`,
        );
        for (const script of componentScripts(preview.entry, preview.modules)) await page.evaluate(script);
        await page.evaluate(`globalThis.unmount = ${PREVIEW_GLOBAL}.start(root)`);
        const isThere = `document.body.innerText.replace(/\\s+/g, ' ').includes(${JSON.stringify(each.reads)}) && (${each.holds ?? 'true'})`;
        await page.waitForFunction(isThere, undefined, { timeout: 2000 }).catch(async () => {
          const words = await page.locator('body').innerHTML();
          wrong.push(`${each.name}: ${words.slice(0, 500)} ${await page.evaluate('reported.join()')} ${errors.join()}`);
        });
        await page.evaluate('unmount(); sheet.remove()');
      }
      assert.deepEqual([...wrong, ...errors], []);
      await page.close();
    });
  }
});

describe('what fails', () => {
  const cases: Readonly<Record<string, { readonly files: Files; readonly seen?: RegExp; readonly reported?: RegExp }>> = {
    'an error while rendering': {
      files: { 'App.jsx': 'export default () => { throw new Error("no luck"); };' },
      reported: /no luck/,
    },
    'an error while rendering, in Vue': {
      files: { 'App.vue': '<script setup>const a = undefined</script><template>{{ a.b }}</template>' },
      reported: /undefined/,
    },
    'no component at all': {
      files: { 'App.jsx': 'const answer = 42;' },
      reported: /exports no component/,
    },
    'text that would end its script': {
      files: { 'App.jsx': 'export default () => <p>{"</script><!--<script>ok"}</p>;' },
      seen: /<\/script><!--<script>ok/,
    },
    'a module with the name of a property': {
      files: {
        'App.jsx': "import a from './__proto__.jsx'; export default () => <p>{a}</p>;",
        '__proto__.jsx': "export default 'inherited';",
      },
      seen: /inherited/,
    },
    'a require that nothing answers': {
      files: { 'App.jsx': "export default () => <p>{String(require('__' + 'proto__'))}</p>;" },
      reported: /__proto__ is not there/,
    },
    'a dynamic import': {
      files: {
        'App.jsx':
          "import { lazy, Suspense } from 'react'; const Late = lazy(() => import('./Late')); export default () => <Suspense><Late /></Suspense>;",
        'Late.jsx': 'export default () => <p>came later</p>;',
      },
      seen: /came later/,
    },
  };
  for (const [name, { files, seen, reported }] of Object.entries(cases)) {
    test(name, async () => {
      const { page, faults } = await show(files);
      const text = await read(page, seen ? (words) => seen.test(words) : undefined, faults);
      const found = (await faults()).join('\n');
      if (seen) assert.match(text, seen, found);
      if (reported) assert.match(found, reported);
      else assert.equal(found, '');
      await page.close();
    });
  }
});

/** What the page reads, once it is as hoped or something was reported; at the latest after some seconds. */
async function read(page: Page, isThere: ((words: string) => boolean) | undefined, faults: Shown['faults']): Promise<string> {
  for (let turn = 0; ; turn++) {
    const words = (await page.locator('#root').innerText()).replaceAll(/\s+/g, ' ');
    if (turn === 100 || isThere?.(words) || (await faults()).length > 0) return words;
    await page.waitForTimeout(50);
  }
}

test('each runtime brings the modules that compiled code may ask for, and no others', async () => {
  for (const framework of ['react', 'vue', 'svelte'] as const) {
    const page = await browser.newPage();
    await page.evaluate(`globalThis.${PREVIEW_GLOBAL} = { modules: {}, report() {} }`);
    await page.evaluate(sources.get(framework) ?? '');
    const names = await page.evaluate(`Object.keys(${PREVIEW_GLOBAL}.modules)`);
    const expected = [...PROVIDED[framework], ...Object.keys(IMITATED[framework]), STAND_IN];
    assert.deepEqual([...(names as string[])].sort(), expected.sort()); // keys are strings
    await page.close();
  }
});
