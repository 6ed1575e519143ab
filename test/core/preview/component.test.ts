/** Components compiled: which file is shown, what each framework's code becomes, and what is said of code that cannot be. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PreviewOptions, previewOf } from '../../../src/core/preview/preview.ts';
import type { Preview } from '../../../src/shared/preview.ts';

type Files = Readonly<Record<string, string>>;
type Component = Extract<Preview, { kind: 'component' }>;

const preview = (files: Files, options: Partial<PreviewOptions> = {}): Promise<Preview> =>
  previewOf(
    Object.entries(files).map(([name, content]) => ({ name, content })),
    { complete: true, ...options },
  );

async function component(files: Files, options: Partial<PreviewOptions> = {}): Promise<Component> {
  const made = await preview(files, options);
  assert.ok(made.kind === 'component', JSON.stringify(made));
  return made;
}

const APP = 'export default function App() { return <p>a</p>; }';

describe('the file that is shown', () => {
  const cases: readonly { readonly name: string; readonly files: Files; readonly entry: string }[] = [
    { name: 'App before others', files: { 'src/Card.tsx': APP, 'src/App.tsx': APP }, entry: 'src/App.tsx' },
    { name: 'index', files: { 'Card.tsx': APP, 'index.jsx': APP }, entry: 'index.jsx' },
    { name: 'a page', files: { 'Card.tsx': APP, 'app/page.tsx': APP }, entry: 'app/page.tsx' },
    {
      name: 'a page of SvelteKit',
      files: { 'Card.svelte': '<p>a</p>', 'routes/+page.svelte': '<p>b</p>' },
      entry: 'routes/+page.svelte',
    },
    {
      name: 'one that no other imports',
      files: { 'Card.tsx': APP, 'Pricing.tsx': "import Card from './Card'; export default () => <Card />;" },
      entry: 'Pricing.tsx',
    },
    { name: 'a default export', files: { 'parts.tsx': 'export const A = () => <p />;', 'Main.tsx': APP }, entry: 'Main.tsx' },
    {
      name: 'a named export',
      files: { 'a.tsx': 'const x = <p />;', 'Parts.tsx': 'export const A = () => <p />;' },
      entry: 'Parts.tsx',
    },
    {
      name: 'never the file that mounts another',
      files: {
        'index.tsx':
          "import { createRoot } from 'react-dom/client'; import Shop from './Shop'; createRoot(document.body).render(<Shop />);",
        'Shop.tsx': APP,
      },
      entry: 'Shop.tsx',
    },
    { name: 'never a test', files: { 'App.test.tsx': APP, 'Shop.tsx': APP }, entry: 'Shop.tsx' },
    { name: 'React in a plain script', files: { 'App.js': `import React from 'react'; ${APP}` }, entry: 'App.js' },
    { name: 'the only component', files: { 'card.vue': '<template><p>a</p></template>' }, entry: 'card.vue' },
  ];
  for (const { name, files, entry } of cases) {
    test(name, async () => assert.equal((await component(files)).entry, entry));
  }
});

describe('a module', () => {
  const code = async (files: Files, name: string): Promise<string> =>
    (await component(files)).modules.find((module) => module.name === name)?.code ?? '';

  test('keeps its lines, loses its types, and requires by the name of the file', async () => {
    const compiled = await code(
      {
        'src/App.tsx':
          "import { useState } from 'react';\nimport type { T } from './types';\n\nimport Card from '@/ui/Card.js';\nexport default (p: T) => <Card a={useState<number>(1)} />;",
        'src/ui/Card.tsx': APP,
      },
      'src/App.tsx',
    );
    assert.match(compiled, /require\("src\/ui\/Card\.tsx"\)/);
    assert.match(compiled, /require\("react\/jsx-runtime"\)/);
    assert.doesNotMatch(compiled, /types|number/);
    assert.equal(compiled.split('\n').length, 5);
  });

  test('that a string only mentions is not required', async () => {
    const { problems } = await component({
      'App.tsx': `const a = "var _x = require('lodash')"; /* require('lodash') */ export default () => <p>{a}{\`require('lodash')\`}</p>;`,
    });
    assert.deepEqual(problems, []);
  });

  test('imported by its base name from the wrong folder is found, and said', async () => {
    const { modules, problems } = await component({
      'src/App.tsx': "import Card from './components/Card'; export default () => <Card />;",
      'Card.tsx': APP,
    });
    assert.deepEqual(
      modules.map(({ name }) => name),
      ['src/App.tsx', 'Card.tsx'],
    );
    assert.deepEqual(problems, ['src/App.tsx imports "./components/Card", which the answer has as Card.tsx.']);
  });

  test('in a circle is compiled once', async () => {
    const { modules } = await component({
      'App.tsx': "import { b } from './b'; export const a = 1; export default () => <p>{b}</p>;",
      'b.ts': "import { a } from './App'; export const b = () => a;",
    });
    assert.deepEqual(
      modules.map(({ name }) => name),
      ['App.tsx', 'b.ts'],
    );
  });

  test('of data, a picture and raw text', async () => {
    const { modules, problems } = await component({
      'App.tsx':
        "import data from './data.json'; import logo from './logo.svg'; import raw from './logo.svg?raw'; export default () => <img src={logo} alt={raw + data.a} />;",
      'data.json': '{"a": "</script>"}',
      'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    });
    assert.deepEqual(modules.map(({ name }) => name).sort(), ['App.tsx', 'data.json', 'logo.svg', 'logo.svg?raw']);
    assert.match(modules.find(({ name }) => name === 'logo.svg')?.code ?? '', /data:image\/svg\+xml,%3Csvg/);
    assert.deepEqual(problems, []);
  });
});

describe('styles', () => {
  test('of a CSS module are renamed, and its names given to the component', async () => {
    const { css, modules } = await component({
      'App.tsx': "import styles from './App.module.css'; export default () => <p className={styles.card} />;",
      'App.module.css': '.card { color: red; }',
    });
    const name = /\.(card_\w+) \{ color: red; \}/.exec(css)?.[1] ?? 'no such name';
    assert.match(modules.find((module) => module.name === 'App.module.css')?.code ?? '', new RegExp(`"card","${name}"`));
  });

  test('all apply, imported or not, and Vue and Svelte keep theirs apart', async () => {
    const vue = await component({
      'App.vue': '<template><p>a</p></template><style scoped>p { color: red }</style>',
      'base.css': 'body { margin: 0 }',
    });
    assert.match(vue.css, /body \{ margin: 0 \}\np\[data-v-\w+\] \{ color: red/);
    const svelte = await component({ 'App.svelte': '<p>a</p><style>p { color: red }</style>' });
    assert.match(svelte.css, /p\.svelte-\w+ \{ color: red/);
  });

  test('Sass is said to apply only in part', async () => {
    const { problems } = await component({ 'App.tsx': `import './a.scss'; ${APP}`, 'a.scss': '$a: 1px; p { margin: $a }' });
    assert.deepEqual(problems, ['a.scss is not plain CSS: only what a browser understands of it applies.']);
  });
});

describe('what the answer does not have', () => {
  const cases: readonly { readonly from: string; readonly problem: RegExp }[] = [
    {
      from: 'lucide-react',
      problem: /^lucide-react is a package that a preview does not have: an empty square stands in for each of its icons\.$/,
    },
    { from: 'node:fs', problem: /^node:fs is a package that a preview does not have/ },
    { from: 'fs', problem: /^fs is a package that a preview does not have/ },
    { from: './Missing', problem: /^App\.tsx imports "\.\/Missing", which is not in the answer/ },
    { from: '../../../etc/passwd', problem: /^App\.tsx imports "\.\.\/\.\.\/\.\.\/etc\/passwd", which is not in the answer/ },
    { from: 'https://esm.sh/lodash', problem: /^https:\/\/esm\.sh\/lodash is a package that a preview does not have/ },
    { from: './hero.png', problem: /^\.\/hero\.png is not in the answer: a grey box stands in/ },
    { from: 'swiper/css/bundle.css', problem: /^App\.tsx imports swiper\/css\/bundle\.css, which is not in the answer\.$/ },
    { from: '__proto__', problem: /^__proto__ is a package that a preview does not have/ },
    { from: 'constructor', problem: /^constructor is a package that a preview does not have/ },
  ];
  for (const { from, problem } of cases) {
    test(from, async () => {
      const { problems, modules } = await component({ 'App.tsx': `import X from '${from}'; export default () => <p>{X}</p>;` });
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
      assert.ok(modules.some(({ name }) => name === `missing:${from}`));
    });
  }
});

describe('code that does not compile', () => {
  const cases: readonly { readonly name: string; readonly files: Files; readonly problem: RegExp }[] = [
    {
      name: 'React',
      files: { 'App.tsx': 'export default () => {\n\nreturn <div><b></div>;\n}' },
      problem: /^App\.tsx:3: Unterminated JSX contents\.$/,
    },
    {
      name: 'a script that React imports',
      files: { 'App.tsx': `import './a'; ${APP}`, 'a.ts': 'let = = 1' },
      problem: /^a\.ts:1: /,
    },
    {
      name: 'a script of Vue',
      files: { 'App.vue': '<template><p/></template>\n<script setup>\nconst a = ;\n</script>' },
      problem: /^App\.vue:3: Unexpected token\.$/,
    },
    {
      name: 'an expression of Vue',
      files: { 'App.vue': '<script setup>\nconst a = 1\n</script>\n<template>\n<p>{{ a + }}</p></template>' },
      problem: /^App\.vue:5: Error parsing/,
    },
    {
      name: 'a template of Vue',
      files: { 'App.vue': '<template>\n<b></template>' },
      problem: /^App\.vue:2: Element is missing end tag\.$/,
    },
    {
      name: 'a Vue file of nothing',
      files: { 'App.vue': 'words' },
      problem: /^App\.vue(?::1)?: At least one <template> or <script> is required/,
    },
    {
      name: 'styles of Vue in Sass',
      files: { 'App.vue': '<template><p/></template>\n<style lang="scss">p{color:$ink}</style>' },
      problem: /^App\.vue:2: styles in scss cannot be previewed\.$/,
    },
    { name: 'Svelte', files: { 'App.svelte': '<script>\nlet a = ;\n</script>' }, problem: /^App\.svelte:2: Unexpected token\.$/ },
    { name: 'markup of Svelte', files: { 'App.svelte': '<p>\n{#if a}' }, problem: /^App\.svelte:\d: / },
    {
      name: 'data',
      files: { 'App.tsx': `import d from './d.json'; ${APP.replace('a<', '{d}<')}`, 'd.json': '{a}' },
      problem: /^d\.json: /,
    },
    {
      name: 'a file of half a megabyte',
      files: { 'App.tsx': `${APP}${' '.repeat(500_000)}` },
      problem: /^App\.tsx is longer than 400,000 characters/,
    },
    { name: 'braces beyond any stack', files: { 'App.tsx': `export default ${'<a>'.repeat(50_000)}` }, problem: /^App\.tsx: / },
  ];
  for (const { name, files, problem } of cases) {
    test(name, async () => {
      const made = await preview(files);
      assert.equal(made.kind, 'none');
      assert.ok(made.kind === 'none' && made.problems.length === 1, JSON.stringify(made));
      assert.match(made.problems[0] ?? '', problem);
      assert.match(made.reason, /cannot be compiled, so nothing can be shown\.$/);
    });
  }
});

describe('while it is written', () => {
  const write = (files: readonly { name: string; content: string; complete: boolean }[]) => previewOf(files, { complete: false });

  test('only whole files count, and what does not compile is no fault', async () => {
    const half = { name: 'Card.tsx', content: 'export default () => <p', complete: false };
    const app = { name: 'App.tsx', content: APP, complete: true };
    assert.deepEqual(await write([half]), { kind: 'none', reason: 'The component is still being written.', problems: [] });
    const both = await write([app, half]);
    assert.ok(both.kind === 'component' && !both.complete);
    assert.deepEqual(await write([{ ...half, complete: true }]), {
      kind: 'none',
      reason: 'The component is still being written.',
      problems: [],
    });
  });
});
