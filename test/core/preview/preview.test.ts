/** What is shown of an answer: a page, its components, a picture, or nothing and why. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PreviewOptions, previewOf } from '../../../src/core/preview/preview.ts';
import type { Preview } from '../../../src/shared/preview.ts';

type Files = Readonly<Record<string, string>>;

const preview = (files: Files, options: Partial<PreviewOptions> = {}): Promise<Preview> =>
  previewOf(
    Object.entries(files).map(([name, content]) => ({ name, content })),
    { complete: true, ...options },
  );

const PAGE = '<!DOCTYPE html><html><body><h1>Hello</h1></body></html>';
const SHELL =
  '<!DOCTYPE html><html><body><!-- here --><div id="root"></div><script type="module" src="/main.tsx"></script></body></html>';
const APP = 'export default () => <p>a</p>;';

describe('what is shown', () => {
  const cases: readonly {
    readonly name: string;
    readonly files: Files;
    readonly options?: Partial<PreviewOptions>;
    readonly shown: string;
  }[] = [
    { name: 'a page', files: { 'index.html': PAGE }, shown: PAGE },
    { name: 'index before others', files: { 'about.html': '<p>', 'index.html': PAGE }, shown: PAGE },
    { name: 'a page nearer to the root', files: { 'a/index.html': '<p>', 'b.html': PAGE }, shown: PAGE },
    { name: 'a page without a name that says so', files: { page: PAGE }, shown: PAGE },
    { name: 'the component, when the page is only its frame', files: { 'index.html': SHELL, 'App.tsx': APP }, shown: 'App.tsx' },
    { name: 'the page, when it says something', files: { 'index.html': PAGE, 'App.tsx': APP }, shown: PAGE },
    {
      name: 'the component, when it was asked for',
      files: { 'index.html': PAGE, 'App.tsx': APP },
      options: { target: 'react-tailwind' },
      shown: 'App.tsx',
    },
    {
      name: 'the page, when it was asked for',
      files: { 'index.html': PAGE, 'App.tsx': APP },
      options: { target: 'html' },
      shown: PAGE,
    },
    { name: 'a drawing', files: { 'logo.svg': '<svg>é</svg>' }, shown: '<svg>é</svg>' },
    {
      name: 'nothing of code that has no picture',
      files: { 'main.py': 'print(1)' },
      shown: 'The answer has no page and no component that could be shown.',
    },
    { name: 'nothing of nothing', files: {}, shown: 'The answer has no page and no component that could be shown.' },
    { name: 'nothing yet', files: {}, options: { complete: false }, shown: 'Nothing that could be shown has been written yet.' },
    {
      name: 'nothing of a page beyond measure',
      files: { 'a.html': `<p>${'x'.repeat(2_100_000)}` },
      shown: 'a.html is too long to be shown (over 2 million characters).',
    },
  ];
  for (const { name, files, options, shown } of cases) {
    test(name, async () => {
      const made = await preview(files, options);
      const seen =
        made.kind === 'html'
          ? made.html
          : made.kind === 'component'
            ? made.entry
            : made.kind === 'picture'
              ? Buffer.from(made.base64, 'base64').toString()
              : made.reason;
      assert.equal(seen, shown);
    });
  }
});

test('a page brings the files it may link, by the names it would use', async () => {
  const made = await preview({
    'site/index.html': PAGE,
    'site/css/a.css': 'a{}',
    'b.js': '1',
    'site/x.md': '#',
    'site/y.tsx': APP,
  });
  assert.ok(made.kind === 'html');
  assert.deepEqual(made.linked, [
    { name: 'css/a.css', content: 'a{}' },
    { name: 'b.js', content: '1' },
  ]);
  assert.deepEqual(made.problems, ['site/y.tsx is not compiled for a page, so what it does is not shown.']);
});

test('a page is shown as far as it has come', async () => {
  const made = await previewOf([{ name: 'index.html', content: '<h1>Hel', complete: false }], { complete: false });
  assert.ok(made.kind === 'html' && !made.complete);
  assert.equal(made.html, '<h1>Hel');
});

test('no name of a file leads out of the answer or stops the preview', async () => {
  const names = [
    '../../x.tsx',
    'C:\\a\\App.tsx',
    '__proto__',
    'constructor/App.vue',
    '',
    '/',
    '.',
    'a\u0000.tsx',
    '💥.svelte',
    `${'d/'.repeat(5000)}a.tsx`,
  ];
  for (const name of names) {
    const made = await preview({ [name]: APP, 'x.css': 'a{}' });
    if (made.kind === 'component')
      assert.ok(
        made.modules.every((module) => !/^\/|(?:^|\/)\.\.(?:\/|$)/.test(module.name)),
        name,
      );
  }
});
