/** A page that would keep the browser's parser busy for long is told apart from one that is only long, or only untidy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkWork } from '../../src/webview/preview/work.ts';

const many = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join('');

const CASES: Readonly<Record<string, { html: string; refused?: RegExp }>> = {
  'a long page': { html: many(3000, (at) => `<p class="p-${at}">A <b>word</b>, <a href="#${at}"><i>another</i></a>.</p>`) },
  'links that are never closed': { html: many(1000, (at) => `<li><a href="#${at}">x`) },
  'the same formatting, never closed': { html: `<p>${'<b>'.repeat(1000)}${'<p>x'.repeat(1000)}` },
  'a script that writes tags': { html: `<script>${many(500, (at) => `s += '<b class="c${at}">' + x + '</b>';`)}</script>` },
  'deep nesting': { html: '<div>'.repeat(100_000), refused: /more than 20,000 elements/ },
  'many elements': { html: '<b>x</b>'.repeat(150_000), refused: /more than 20,000 elements/ },
  'formatting that is opened again and again': {
    html: `<p>${many(300, (at) => `<b a${at}>`)}${'<p>x'.repeat(300)}`,
    refused: /leaves so many elements open/,
  },
  'the same, closed under another name': {
    html: `<p>${many(300, (at) => `<font a${at}></b>`)}${'<P>x'.repeat(300)}`,
    refused: /leaves so many elements open/,
  },
};
for (const [name, { html, refused }] of Object.entries(CASES))
  test(name, () => {
    if (refused) assert.throws(() => checkWork(html), refused);
    else checkWork(html);
  });
