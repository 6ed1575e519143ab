/** Answers in which nothing is wrong, many of which look as if something were. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../../scripts/install.mjs';
import type { BrokenCase } from './cases.ts';
import { answerOf, PAGES, whole } from './pages.ts';

const F = '```';
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('');

const document = (body: string, style = ''): string =>
  `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Page</title>\n<style>\n${style}\n</style>\n</head>\n<body>\n${body}\n</body>\n</html>\n`;
const html = (body: string, style?: string): string => `### index.html\n\n${F}html\n${document(body, style)}${F}\n`;
const file = (name: string, language: string, content: string): string => `### ${name}\n\n${F}${language}\n${content}${F}\n`;
const tsx = (content: string): string => file('App.tsx', 'tsx', content);
const css = (content: string): string => file('styles.css', 'css', content);
const js = (content: string): string => file('script.js', 'js', content);

/** Comments that only sound like something left out, with what follows them. */
const COMMENTS: readonly string[] = [
  html('<!-- Rest API -->\n<section><h2>REST API</h2></section>'),
  html('<!-- More products -->\n<section><h2>More products</h2></section>'),
  html('<!-- Other sections -->\n<section><h2>Team</h2></section>\n<!-- end of other sections -->\n<footer>Bye</footer>'),
  html('<!-- Repeat customers -->\n<p>Repeat customers save 10%.</p>'),
  html('<!-- Page content-->\n<div class="container"><p>Words</p></div>'),
  html('<!-- Comments section-->\n<section><p>Leave a comment!</p></section>'),
  html('<!-- Side widgets-->\n<aside>Widgets</aside>'),
  html('<!-- Main content goes here, in three columns -->\n<main><p>One</p></main>'),
  html('<!-- Additional links -->\n<nav><a href="#a">A</a></nav>'),
  html('<!-- Existing customers -->\n<p>Sign in</p>'),
  css('/* no-repeat keeps the picture single */\n.a { background-repeat: no-repeat; }\n'),
  css('/* Buttons, inputs, etc. */\n.button { color: red; }\n'),
  css('/* Rest of the layout */\n.main { display: grid; }\n'),
  css('/* Other styles */\n.other { color: blue; }\n'),
  css('/* truncated text gets an ellipsis */\n.t { text-overflow: ellipsis; }\n'),
  css('/* same as above, but narrower */\n@media (max-width: 500px) {\n  .a { width: 100%; }\n}\n'),
  js('// Fetch the data...\nconst data = [];\n\n// loading...\nrender(data);\n'),
  js('// returns the input unchanged when it is empty\nfunction trim(text) {\n  return text === "" ? text : text.trim();\n}\n'),
  js('// spread ...rest into the element\nconst make = ({ id, ...rest }) => ({ id, ...rest });\n'),
  js('// add the remaining elements to the result\nwhile (left.length) result.push(left.shift());\n'),
  js('// continue with the next one\nfor (const item of items) {\n  if (!item) continue;\n  use(item);\n}\n'),
  js('// keep the existing selection when toggling\nselection = selection ?? next;\n'),
  js(`// omitted when zero\nconst label = count ? \`\${count}\` : "";\n`),
  js('// more than one item\nif (items.length > 1) sort(items);\n'),
  tsx(
    "// Similar to useState, but stored\nimport { useState } from 'react';\n\nexport default function App() {\n  const [open, setOpen] = useState(false);\n  return <button onClick={() => setOpen(!open)}>{open ? 'Less' : 'More'}</button>;\n}\n",
  ),
  tsx(
    'export default function App() {\n  return (\n    <main>\n      {/* Other plans */}\n      <section>Team</section>\n      {/* The rest of the world pays in dollars */}\n      <p>Prices in dollars</p>\n    </main>\n  );\n}\n',
  ),
  html('<!-- Hero -->\n<div class="hero"></div>\n<!-- /Hero -->\n<!-- End of page -->'),
  html('<!-- Image goes on the left here -->\n<svg width="10" height="10"><title>Lake</title></svg>'),
  file('report.py', 'python', '# repeat until nothing changes\nwhile changed:\n    changed = step()\n\n# the rest\nfinish()\n'),
  file(
    'App.vue',
    'vue',
    '<script setup lang="ts">\n// more than this is not needed\nconst a = 1;\n</script>\n\n<template>\n  <!-- Additional information -->\n  <p>{{ a }} & more</p>\n</template>\n',
  ),
  file(
    'App.svelte',
    'svelte',
    '<script lang="ts">\n  let { items = [] } = $props();\n</script>\n\n<!-- Each item, repeated -->\n{#each items as item}\n  <p>{item} < {items.length}</p>\n{/each}\n',
  ),
  css('.grid > * {\n  margin: 0;\n  flex: 1; /* the remaining columns */\n}\n'),
  js(
    'function next(state) {\n  if (!state.more) return state; // unchanged\n  return load(state); // the rest of the items\n}\n',
  ),
];

/** Page text that sounds like it. */
const TEXTS: readonly string[] = [
  html('<p>The rest of the world watched.</p><a href="#">Read more...</a>'),
  html('<a href="#">More products</a> <a href="#">Load more posts...</a>'),
  html('<nav><a href="#1">1</a><span>...</span><a href="#9">9</a></nav>'),
  html('<p>To be continued...</p><p>And so on, and so forth.</p>'),
  html('<p>[Verse 2]</p><p>(repeat chorus)</p>'),
  html('<p>See the remaining items in your cart (3 more items).</p>'),
  html('<button>Show more</button><button>Add more items</button>'),
  html('<p>Your search for “rest of the code” found 3 results…</p>'),
  html('<h1>Repeat for each item</h1><p>A song.</p>'),
  html('<pre><code>// rest of the code stays the same here</code></pre>'),
];

/** Repetition by right. */
const REPEATED: readonly string[] = [
  html(`<div class="board">${times(64, () => '<div class="cell"></div>')}</div>`),
  html(`<div class="board">\n${times(256, () => '  <i></i>\n')}</div>`),
  html(`<table>${times(31, (i) => `<tr><td>${i + 1}</td><td>${(i * 37) % 100} visitors</td><td>Open</td></tr>\n`)}</table>`),
  html(`<table>\n${times(120, (i) => `<tr><td>${i}</td><td>${i * i}</td></tr>\n`)}</table>`),
  html(`<select>${times(60, (i) => `<option value="${i}">${i} minutes</option>`)}</select>`),
  html(`<ul>\n${times(50, (i) => `  <li>Country number ${String.fromCharCode(65 + (i % 26))}${i}</li>\n`)}</ul>`),
  html(`<svg viewBox="0 0 900 10"><path d="M0 0${times(400, () => ' l 2 3 l 2 -3')}"/></svg>`),
  html(`<svg>${times(100, (i) => `<circle cx="${i * 9}" cy="5" r="2"/>`)}</svg>`),
  html(times(8, () => '<div class="card"><h3>Card title</h3><p>Some quick example text to build on the card title.</p></div>\n')),
  html(
    times(
      6,
      () =>
        '<article><h2>Post title</h2><p>Lorem ipsum dolor sit amet, consectetur adipisicing elit. Reiciendis aliquid atque, nulla? Quos cum ex quis soluta, a laboriosam. Dicta expedita corporis animi vero voluptate voluptatibus possimus, veniam magni quis!</p></article>\n',
    ),
  ),
  html(`<table>${times(10, () => `<tr>${times(6, () => '<td>Yes</td>')}</tr>\n`)}</table>`),
  html(times(5, () => '<svg class="star"><path d="M12 2l3 7h7l-6 4 2 7-6-4-6 4 2-7-6-4h7z"/></svg>\n')),
  css(times(40, (i) => `.col-${i} { width: ${((i + 1) * 2.5).toFixed(2)}%; }\n`)),
  css(times(12, (i) => `.m-${i} {\n  margin: ${i * 4}px;\n}\n\n`)),
  css(
    `.grid { grid-template-columns: ${times(24, () => '1fr ')}; }\n@keyframes k {\n${times(20, (i) => `  ${i * 5}% { opacity: 1; }\n`)}}\n`,
  ),
  js(`const board = [\n${times(64, () => '  null,\n')}];\n`),
  js(`const zeros = [${times(200, () => '0, ')}];\nuse(zeros);\n`),
  js(`const data = "${'A'.repeat(3000)}";\nuse(data);\n`),
  js(`// ${'='.repeat(100)}\n// Part one\n// ${'='.repeat(100)}\nstart();\n`),
  tsx(
    `const ROWS = [\n${times(60, (i) => `  { id: ${i}, name: 'Person ${i}', active: true },\n`)}];\n\nexport default function App() {\n  return <ul>{ROWS.map((row) => <li key={row.id}>{row.name}</li>)}</ul>;\n}\n`,
  ),
  html(
    `<table>\n${times(90, (i) => `  <tr>\n    <td>2026-01-${i}</td>\n    <td>Paid</td>\n    <td>$24.00</td>\n    <td>Visa</td>\n  </tr>\n`)}</table>`,
  ),
  html(
    times(7, (i) => `<div class="day"><span>${i}</span>${times(24, (h) => `<div class="hour" data-h="${h}"></div>`)}</div>\n`),
  ),
];

/** Ends that look odd, and addresses that load nothing. */
const ENDS: readonly string[] = [
  file('part.html', 'html', '<section>\n  <h2>Part</h2>\n  <p>One<br>Two\n  <ul>\n    <li>A\n    <li>B\n  </ul>\n</section>\n'),
  file(
    'index.html',
    'html',
    '<!doctype html>\n<html>\n<body>\n<div class="a">\n<p>A stray div is sloppy, not cut.\n</body>\n</html>\n<!-- made by hand -->\n',
  ),
  file(
    'index.html',
    'html',
    `<!DOCTYPE html><html><head><title>a<b</title><script>if (a < b && "</div>") { x('it\\'s') }</script></head><body><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="1 > 0"></body></html>`.concat(
      '\n',
    ),
  ),
  css('.a{color:red}.b:hover{color:blue}@media(max-width:9px){.a{color:#fff}}\n'),
  css(
    '@import "./base.css";\n.a::after { content: "}"; background: url("data:image/svg+xml,%3Csvg xmlns=\'http://www.w3.org/2000/svg\'/%3E"); }\n',
  ),
  js(
    `const apostrophe = 'it\\\\'s';\nconst pattern = /[/'"\`{]/g;\nconst nested = \`a \${\`b \${1 + 1}\`} c\`;\nexport { apostrophe, pattern, nested };\n`,
  ),
  js('export const half = (a, b) => a / b / 2;\nexport const regex = /\\{+/.test("x") ? 1 : 2\n'),
  tsx(
    `export default function App() {\n  return (\n    <main>\n      <p>Don't stop, it's Bob's "page" &amp; 5" wide {1 + 1}</p>\n      <a href="https://example.com/x">https://example.com // not a comment</a>\n      {/* a comment */}\n    </main>\n  );\n}\n`,
  ),
  tsx(
    `type Box<T> = { readonly value: T };\nconst wrap = <T,>(value: T): Box<T> => ({ value });\n\nexport default function App() {\n  const text = \`\${wrap(1).value} \${['a', 'b'].map((x) => \`<\${x}>\`).join('')}\`;\n  return <p>{text}</p>;\n}\n`,
  ),
  html('<a href="https://www.example.com/a.png">A picture</a> <a class="b" href="https://placehold.co/">A link</a>'),
  html('<!-- https://fonts.googleapis.com was here: <link href="https://fonts.googleapis.com/css"> -->\n<p>Fonts</p>'),
  html('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="#a"/></svg>'),
  html(
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article","url":"https://example.com/"}</script><p>Words</p>',
  ),
  html('<form action="https://example.com/send"><input type="url" placeholder="https://example.com"></form>'),
  css('/* from https://example.com/reset.css */\n*{margin:0}\n/* @import url(https://example.com/old.css); */\n'),
  js(
    '// see https://example.com/docs and fetch("https://example.com")\nconst link = "https://example.com/page";\nlocation.href = link;\n',
  ),
  file(
    'App.vue',
    'vue',
    '<template>\n  <p :class="{ on: a > 1 }" @click="() => (a = 2)">It\'s {{ a < 2 ? \'x\' : "y" }}</p>\n</template>\n\n<script setup>\nconst a = 1;\n</script>\n',
  ),
  file(
    'App.svelte',
    'svelte',
    `<button onclick={() => { if (a > 1) { a = \`\${a}\` } }}>{#if a}It's {a}{:else}{@html b}{/if}</button>\n\n<script>\n  let a = $state(1);\n  let b = "<i>";\n</script>\n`,
  ),
  file('data.json', 'json', '{"a":["https://example.com/x.html"],"b":"{"}\n'),
  file('main.go', 'go', 'package main\n\nfunc main() {\n\tr := \'{\'\n\ts := `raw {`\n\tprintln(r, s, "}")\n}\n'),
  file('main.rs', 'rust', "fn first<'a>(x: &'a str) -> &'a str {\n    x\n}\n"),
  file('notes.md', 'markdown', '# Notes\n\nIt is not a (closed bracket.\n\n...\n'),
  file('x.sh', 'bash', '#!/bin/sh\n# the rest is up to you\necho "it\'s" # done\n'),
  file('q.sql', 'sql', "-- more than one row\nselect 'a''b' from t;\n"),
  file('App.tsx', 'tsx', "import './App.css';\nimport { A } from './A';\n\nexport default () => <A />;\n") +
    file('App.css', 'css', '.a { color: red }\n') +
    file('A.tsx', 'tsx', 'export const A = () => <p>A</p>;\n'),
];

/** Every page as it is, and with talk around. */
const WHOLE: readonly string[] = PAGES.filter(({ id }) => id !== 'react-data').flatMap((page) => [
  answerOf(page, whole(page)),
  `Here is the file.\n\n${answerOf(page, whole(page))}\nNothing is left out; the rest of the design is as you drew it.`,
]);

const minified = (text: string): string => text.replace(/\n\s*/g, '');

const MINIFIED: readonly string[] = PAGES.filter(({ language }) => language === 'html' || language === 'css').map((page) =>
  answerOf(page, `${minified(whole(page))}\n`),
);

const sample = (path: string): string => readFileSync(join(ROOT, 'media', 'samples', 'workspace', path), 'utf8');
const SAMPLES: readonly string[] = [file('styles.css', 'css', sample('landing/css/styles.css'))];

/** A real page, which loads what a preview does not reach: nothing else is wrong with it. */
const LOADING: readonly string[] = [
  file('index.html', 'html', sample('landing/index.html')) + file('css/styles.css', 'css', sample('landing/css/styles.css')),
];

const number = (group: string, texts: readonly string[]): readonly BrokenCase[] =>
  texts.map((text, index) => ({ id: `sound-${group}-${index}`, shape: 'sound', text }));

export const SOUND: readonly BrokenCase[] = [
  ...number('comments', COMMENTS),
  ...number('texts', TEXTS),
  ...number('repeated', REPEATED),
  ...number('ends', ENDS),
  ...number('whole', WHOLE),
  ...number('minified', MINIFIED),
  ...number('samples', SAMPLES),
  ...number('loading', LOADING).map((sound) => ({ ...sound, loads: true as const })),
  {
    id: 'sound-design-says-so',
    shape: 'sound',
    design: 'A card with the text "[Rest of the content goes here]" and 20 rows "Lorem ipsum dolor sit amet".',
    text: html('<p>[Rest of the content goes here]</p>'),
  },
  {
    id: 'sound-design-repeats',
    shape: 'sound',
    design: times(40, () => '| Lorem ipsum dolor sit amet | Paid |\n'),
    text: html(`<table>${times(40, () => '<tr><td>Lorem ipsum dolor sit amet</td></tr>\n')}</table>`),
  },
];
