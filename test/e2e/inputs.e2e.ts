/**
 * Each kind of design a person has in hand, from the command to the page drawn from the answer, in a real workbench from the packaged
 * extension. Models are scripted servers on loopback, so what was sent of a design can be read.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import type { TargetId } from '../../src/shared/design.ts';
import { DESIGNS, openProduct, type Product, see, seen } from '../lab/product.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';
import type { RecordedRequest } from '../servers/server.ts';

const PAGE = (lane: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Harbour plan</title>
<style>body{margin:0;background:#eef2ff;font:16px sans-serif}.card{width:280px;margin:48px auto;padding:24px;border-radius:16px;background:#fff}
button{border:0;border-radius:8px;padding:10px 16px;background:#4f46e5;color:#fff}</style></head>
<body><div class="card"><h1>Harbour plan</h1><p>Three berths, one key.</p><button>Choose plan</button><small>${lane}</small></div></body>
</html>
`;
const HTML = (lane: string): string => `### index.html\n\n\`\`\`html\n${PAGE(lane)}\`\`\`\n`;
const VUE = (lane: string): string => `### App.vue

\`\`\`vue
<script setup>
import { ref } from 'vue';
const chosen = ref(0);
</script>

<template>
  <main><h1>Harbour plan</h1><button @click="chosen++">Chosen {{ chosen }} times</button><small>${lane}</small></main>
</template>

<style scoped>
h1 { color: #1e1b4b; }
</style>
\`\`\`
`;
const SVELTE = (lane: string): string => `### App.svelte

\`\`\`svelte
<script>
  let chosen = $state(0);
</script>

<main><h1>Harbour plan</h1><button onclick={() => chosen++}>Chosen {chosen} times</button><small>${lane}</small></main>

<style>
  h1 { color: #1e1b4b; }
</style>
\`\`\`
`;
const REACT = (lane: string): string => `### App.tsx

\`\`\`tsx
import { useState } from 'react';
import styles from './App.module.css';

export default function App() {
  const [chosen, setChosen] = useState(0);
  return (
    <main className={styles.page}>
      <h1>Harbour plan</h1>
      <button type="button" className={styles.choose} onClick={() => setChosen(chosen + 1)}>
        Chosen {chosen} times
      </button>
      <small>${lane}</small>
    </main>
  );
}
\`\`\`

### App.module.css

\`\`\`css
.page { padding: 48px; font-family: sans-serif; }
.choose { padding: 8px 16px; border: 0; border-radius: 8px; background: rgb(79, 70, 229); color: white; }
\`\`\`
`;
const REACT_TAILWIND = (lane: string): string => `### App.tsx

\`\`\`tsx
import { useState } from 'react';

export default function App() {
  const [chosen, setChosen] = useState(0);
  return (
    <main className="min-h-screen bg-indigo-50 p-12">
      <h1 className="text-2xl font-bold">Harbour plan</h1>
      <button type="button" className="rounded-lg bg-indigo-600 px-4 py-2 text-white" onClick={() => setChosen(chosen + 1)}>
        Chosen {chosen} times
      </button>
      <small>${lane}</small>
    </main>
  );
}
\`\`\`
`;

const HTML_TAILWIND = (lane: string): string => `### index.html

\`\`\`html
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Harbour plan</title></head>
<body class="min-h-screen bg-indigo-50 p-12">
<h1 class="text-2xl font-bold">Harbour plan</h1>
<button class="rounded-lg bg-indigo-600 px-4 py-2 text-white">Choose plan</button>
<small>${lane}</small>
</body>
</html>
\`\`\`
`;

let workbench: Product;
let server: ModelServer;
let answer: (lane: string) => string = HTML;

before(async () => {
  const usage = { inputTokens: 400, outputTokens: 300 };
  server = await startModelServer((request) => {
    const lane = String((request.json as { model?: unknown } | undefined)?.model);
    return { text: answer(lane), usage };
  });
  workbench = await openProduct({
    name: 'inputs',
    workspace: DESIGNS,
    settings: {
      'secondThought.endpoints': { local: { label: 'Local server', api: 'openai-chat', baseUrl: `${server.url}/v1` } },
      'secondThought.fastModel': 'local:quick',
      'secondThought.reasoningModel': 'local:deep',
    },
  });
  await workbench.page.setViewportSize({ width: 1280, height: 860 });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const panel = (): FrameLocator => workbench.webview();
const run = (title: string): Promise<void> => workbench.run(title);
const pane: Product['pane'] = (side) => workbench.pane(side);
const drawn: Product['drawn'] = (side) => workbench.drawn(side);

interface Case {
  readonly file: string;
  /** Set for this case; otherwise what the source or its neighbours propose. */
  readonly target?: TargetId;
  /** What must be in what was sent, and what must not. */
  readonly sent: RegExp | ((request: RecordedRequest) => boolean);
  readonly notSent?: RegExp;
  /** On the task card: what it is, what was left out, what it is to be built in. */
  readonly card: RegExp;
  readonly answer?: (lane: string) => string;
  /** The design can be drawn beside the answers. */
  readonly design?: true;
  /** The answer needs scripts to be drawn, and counts clicks. */
  readonly scripts?: true;
  /** Colour of the button as a browser computes it, where the styles have to be made first. */
  readonly button?: RegExp;
}

const sendsFile = (file: string) => (request: RecordedRequest) =>
  request.text.includes(readFileSync(join(DESIGNS, file)).toString('base64'));
const PICTURE = /design · picture · 400\s×\s300[\s\S]*Sent as it is\./;
const INDIGO = /^(?:oklch\(0\.511 0\.262 276\.966\)|rgb\(79, 70, 229\))$/;

const CASES: readonly Case[] = [
  { file: 'spec.md', sent: /Three berths, one key/, card: /spec\.md[\s\S]*design · text[\s\S]*Sent as it is\./ },
  { file: 'spec.txt', sent: /Three berths, one key/, card: /spec\.txt[\s\S]*design · text[\s\S]*Sent as it is\./ },
  { file: 'card.png', sent: sendsFile('card.png'), card: PICTURE, design: true },
  { file: 'card.jpg', sent: sendsFile('card.jpg'), card: PICTURE, design: true },
  { file: 'card.webp', sent: sendsFile('card.webp'), card: PICTURE, design: true },
  { file: 'card.gif', sent: sendsFile('card.gif'), card: /design · picture · 200\s×\s150/, design: true },
  {
    file: 'card.svg',
    sent: /Choose plan/,
    notSent: /Some Drawing Tool|tool:data/,
    card: /400\s×\s300[\s\S]*Left out or rewritten:/,
    design: true,
  },
  {
    file: 'mockup.html',
    sent: /Choose plan/,
    notSent: /window\.tracking/,
    card: /mockup\.html[\s\S]*Left out or rewritten:/,
    design: true,
  },
  {
    file: 'PlanCard.tsx',
    sent: /readonly name: string/,
    card: /PlanCard\.tsx[\s\S]*To be built in React and CSS modules\./,
    answer: REACT,
    scripts: true,
    button: INDIGO,
  },
  {
    file: 'PlanCard.jsx',
    target: 'react-tailwind',
    sent: /Three berths, one key/,
    card: /PlanCard\.jsx[\s\S]*To be built in React and Tailwind CSS\./,
    answer: REACT_TAILWIND,
    scripts: true,
    button: INDIGO,
  },
  {
    file: 'PlanCard.vue',
    sent: /script setup/,
    card: /PlanCard\.vue[\s\S]*To be built in Vue\./,
    answer: VUE,
    scripts: true,
  },
  {
    file: 'PlanCard.svelte',
    sent: /\$state\(0\)/,
    card: /PlanCard\.svelte[\s\S]*To be built in Svelte\./,
    answer: SVELTE,
    scripts: true,
  },
  {
    file: 'tokens.dtcg.json',
    target: 'html-tailwind',
    sent: /color\.action[^\n]*#4f46e5/i,
    card: /tokens\.dtcg\.json[\s\S]*To be built in HTML and Tailwind CSS\./,
    answer: HTML_TAILWIND,
    button: INDIGO,
  },
  { file: 'tokens.style-dictionary.json', sent: /color\.action[^\n]*#4f46e5/i, card: /tokens\.style-dictionary\.json/ },
  { file: 'tokens.studio.json', sent: /action[^\n]*#4f46e5/i, card: /tokens\.studio\.json/ },
  {
    file: 'figma-node.json',
    sent: /Three berths, one key/,
    notSent: /Guides/,
    card: /400\s×\s300[\s\S]*Left out or rewritten: 1 hidden layer/,
  },
  { file: 'figma-mcp.tsx', sent: /Three berths, one key/, card: /figma-mcp\.tsx/ },
];

for (const { file, target, sent, notSent, card, answer: own = HTML, design, scripts, button: colour } of CASES) {
  test(`${file}: from the command to the drawn answer`, () =>
    workbench.check(async () => {
      answer = own;
      await setTarget(target);
      const before = server.calls().length;
      await workbench.openFile(file);
      await workbench.bothDone(() => run('Compare Models on File'));
      const requests = server.calls().slice(before);
      assert.equal(requests.length, 2);
      for (const request of requests) {
        assert.ok(typeof sent === 'function' ? sent(request) : sent.test(request.text), `not sent as expected: ${request.text}`);
        if (notSent) assert.doesNotMatch(request.text, notSent);
      }

      await run('Show What Is Sent');
      await see(panel().locator('.task-card'), card);
      await workbench.screenshot(`${file}-card`);
      await panel().getByRole('button', { name: 'What is sent' }).click();

      await run('Show Preview');
      if (scripts) {
        // Drawn as large as it is: the mouse of the test does not know where things are in a page that is scaled.
        await panel().getByRole('radio', { name: 'Fit' }).click();
        await runScripts();
      }
      for (const [lane, model] of [
        ['fast', 'quick'],
        ['reasoning', 'deep'],
      ] as const) {
        await see(drawn(lane), new RegExp(`Harbour plan[\\s\\S]*${model}`));
        const button = drawn(lane).getByRole('button');
        if (colour) await expectColour(button, colour);
        if (!scripts) continue;
        await see(button, 'Chosen 0 times');
        await button.click();
        await see(button, 'Chosen 1 times');
      }
      if (design) await see(pane('design').locator('.section-note'), /× [\d,]+ px/);
      await workbench.screenshot(`${file}-preview`);
      // Keys that are pressed in a page reach nobody but the page, until Escape leads out of it.
      if (scripts) await workbench.page.keyboard.press('Escape');
      await run('Show Code');
      await workbench.clearToasts();
      await workbench.closeEditors();
    }));
}

let targetSet: TargetId | undefined;
async function setTarget(target: TargetId | undefined): Promise<void> {
  if (target === targetSet) return;
  await workbench.changeSettings({ 'secondThought.target': target });
  targetSet = target;
}

/** A component shows nothing until its scripts run; the first time it is said what that means. */
async function runScripts(): Promise<void> {
  await see(pane('fast'), 'Scripts are off; this is a');
  await pane('fast').getByRole('button', { name: 'Run scripts' }).click();
  await panel().getByRole('alert').getByRole('button', { name: 'Run scripts' }).click();
}

async function expectColour(button: Locator, colour: RegExp): Promise<void> {
  await seen(button);
  const found = await button.evaluate(
    (element) => element.ownerDocument.defaultView?.getComputedStyle(element).backgroundColor ?? 'none',
  );
  assert.match(found, colour);
}
