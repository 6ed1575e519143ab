/**
 * A component of 300 lines made into a preview, in each framework, as the extension does it: in its thread, from its bundles. Cold is the
 * first in a process: the thread starts and reads its compilers. Warm is a later one. The floor of a cold one is a thread that starts and
 * sends the text back; that of a warm one is V8 reading the result once, which the page must do in any case.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { ROOT } from '../scripts/install.mjs';
import { previewOf } from '../src/core/preview/preview.ts';
import type { Framework } from '../src/core/preview/standIns.ts';
import { Previewer } from '../src/shell/previewer.ts';
import type { Job } from './jobs.ts';

export const FRAMEWORKS: readonly Framework[] = ['react', 'vue', 'svelte'];
export const THREAD = join(ROOT, 'dist', 'previewThread.js');
const WARM_UPS = 10;
const ROUNDS = 10;
const LINES = 300;

/** Runs the job between `begin` and `end`; of many rounds, each. */
export async function compile(job: Job & { kind: 'compile' }, begin: () => void, end: () => void): Promise<void> {
  if (job.side === 'ours') await compileOurs(job, begin, end);
  else if (job.phase === 'cold') await startThread(sourceOf(job.framework, 0).content, begin, end);
  else await readResult(job.framework, begin, end);
}

async function compileOurs({ framework, phase }: Job & { kind: 'compile' }, begin: () => void, end: () => void): Promise<void> {
  assert.ok(existsSync(THREAD));
  const previewer = new Previewer(THREAD, 60_000);
  const warmUps = phase === 'cold' ? 0 : WARM_UPS;
  for (let round = 0; round < warmUps + (phase === 'cold' ? 1 : ROUNDS); round++) {
    if (round >= warmUps) begin();
    const made = await previewer.preview([sourceOf(framework, round)], { complete: true });
    if (round >= warmUps) end();
    assert.ok(made.kind === 'component' && made.problems.length === 0, JSON.stringify(made).slice(0, 300));
  }
  previewer.dispose();
}

async function startThread(text: string, begin: () => void, end: () => void): Promise<void> {
  const echo =
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m));";
  begin();
  const worker = new Worker(echo, { eval: true, env: {} });
  worker.postMessage(text);
  await once(worker, 'message');
  end();
  await worker.terminate();
}

async function readResult(framework: Framework, begin: () => void, end: () => void): Promise<void> {
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    const made = await previewOf([sourceOf(framework, round)], { complete: true });
    assert.ok(made.kind === 'component');
    const code = made.modules.map((module) => `(function (require, module, exports) {${module.code}\n})`).join(';\n');
    if (round >= WARM_UPS) begin();
    assert.ok(new Script(code));
    if (round >= WARM_UPS) end();
  }
}

/** Of exactly 300 lines; no two rounds have the same text. */
function sourceOf(framework: Framework, round: number): { readonly name: string; readonly content: string } {
  const { name, head, block, foot } = SHAPES[framework];
  const begin = head(round);
  const lines: string[] = [];
  for (let at = 0; begin.length + lines.length + foot.length < LINES; at++) lines.push(...block(at));
  const content = [...begin, ...lines.slice(0, LINES - begin.length - foot.length), ...foot];
  assert.equal(content.length, LINES);
  return { name, content: content.join('\n') };
}

interface Shape {
  readonly name: string;
  readonly head: (round: number) => readonly string[];
  /** One element a line, so that it may be cut anywhere. */
  readonly block: (at: number) => readonly string[];
  readonly foot: readonly string[];
}

const SHAPES: Readonly<Record<Framework, Shape>> = {
  react: {
    name: 'App.tsx',
    head: (round) => [
      "import { useMemo, useState } from 'react';",
      'interface Row { readonly id: number; readonly label: string }',
      `const START: readonly Row[] = [{ id: ${round}, label: 'first' }];`,
      'export default function App({ title = "Plans" }: { title?: string }) {',
      '  const [count, setCount] = useState<number>(0);',
      '  const rows = useMemo(() => START.map((row) => ({ ...row, label: row.label + count })), [count]);',
      '  return (',
      '    <main className="mx-auto max-w-4xl p-6">',
    ],
    block: (at) => [
      `      <h2 className="text-lg font-semibold">{title} ${at}</h2>`,
      `      <p style={{ opacity: count > ${at} ? 1 : 0.5 }}>{rows.map((row) => <span key={row.id}>{row.label}</span>)}</p>`,
      `      <button type="button" onClick={() => setCount((value) => value + ${at})} disabled={count === ${at}}>Add {count ?? 0}</button>`,
    ],
    foot: ['    </main>', '  );', '}'],
  },
  vue: {
    name: 'App.vue',
    head: (round) => [
      '<script setup lang="ts">',
      "import { computed, ref } from 'vue';",
      'const props = withDefaults(defineProps<{ title?: string }>(), { title: "Plans" });',
      `const count = ref<number>(${round});`,
      'const rows = computed(() => [1, 2, 3].map((id) => ({ id, label: id + count.value })));',
      '</script>',
      '<template>',
      '  <main class="page">',
    ],
    block: (at) => [
      `    <h2>{{ props.title }} ${at}</h2>`,
      `    <p :class="{ dim: count < ${at} }"><span v-for="row in rows" :key="row.id">{{ row.label }}</span></p>`,
      `    <button type="button" :disabled="count === ${at}" @click="count += ${at}">Add {{ count }}</button>`,
    ],
    foot: ['  </main>', '</template>', '<style scoped>', '.page { padding: 24px; }', '.dim { opacity: 0.5; }', '</style>'],
  },
  svelte: {
    name: 'App.svelte',
    head: (round) => [
      '<script lang="ts">',
      '  let { title = "Plans" }: { title?: string } = $props();',
      `  let count: number = $state(${round});`,
      '  const rows = $derived([1, 2, 3].map((id) => ({ id, label: id + count })));',
      '</script>',
      '<main class="page">',
    ],
    block: (at) => [
      `  <h2>{title} ${at}</h2>`,
      `  <p class:dim={count < ${at}}>{#each rows as row (row.id)}<span>{row.label}</span>{/each}</p>`,
      `  <button type="button" disabled={count === ${at}} onclick={() => (count += ${at})}>Add {count}</button>`,
    ],
    foot: ['</main>', '<style>', '  .page { padding: 24px; }', '  .dim { opacity: 0.5; }', '</style>'],
  },
};
