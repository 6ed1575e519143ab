/** One line each, set into a whole file of its kind: what is left out, and what only looks so. */
import type { BrokenCase } from './cases.ts';
import { pageHead, readText } from './read.ts';

const FENCE = '```';

/** Whole files by kind: fence's language, text before the line and text behind it. */
const HOSTS: Readonly<Record<string, readonly [string, string, string]>> = {
  html: [
    'html',
    `${pageHead('Shop')}\n<header><h1>Shop</h1></header>\n<main>\n  <article>Hat</article>\n  <article>Shirt</article>\n  `,
    '\n</main>\n</body>\n</html>\n',
  ],
  vue: [
    'vue',
    '<script setup>\nconst title = "Shop";\n</script>\n\n<template>\n  <nav>\n    <a href="#hats">{{ title }}</a>\n    ',
    '\n  </nav>\n</template>\n',
  ],
  svelte: [
    'svelte',
    '<script>\n  let name = $state("");\n</script>\n\n<form>\n  <input bind:value={name} aria-label="Name">\n  ',
    '\n</form>\n\n<style>\n  form { display: grid; }\n</style>\n',
  ],
  jsx: [
    'tsx',
    'export default function App(props) {\n  const { items, seats } = props;\n  return (\n    <main>\n      <h1>Shop</h1>\n      ',
    '\n    </main>\n  );\n}\n',
  ],
  tsx: [
    'tsx',
    "import { useState } from 'react';\n\nexport function App({ items }: { readonly items: readonly { id: number }[] }) {\n  const [open, setOpen] = useState(false);\n\n  ",
    '\n\n  return <button onClick={() => setOpen(!open)}>{open ? items.length : 0}</button>;\n}\n',
  ],
  data: ['ts', "export const items = [\n  { id: 1, title: 'Hat' },\n  { id: 2, title: 'Shirt' },\n  ", '\n];\n'],
  css: ['css', 'body { margin: 0; }\n\n.card { padding: 16px; }\n\n', '\n\nfooter { padding: 8px; }\n'],
  json: ['json', '{\n  "items": [\n    { "id": 1, "title": "Hat" },\n    ', '\n  ]\n}\n'],
  python: [
    'python',
    'class Shop:\n    def total(self, items):\n        return sum(items)\n\n    ',
    '\n\n    def count(self):\n        return 1\n',
  ],
  go: ['go', 'package shop\n\n', '\n\nfunc Total(a int, b int) int {\n\treturn a + b\n}\n'],
  rust: ['rust', 'pub fn total(point: Point) -> u32 {\n    let mut total = 0;\n    ', '\n    total\n}\n'],
};

/** Kinds of file that are asked for as a design. */
export const DESIGNS: ReadonlySet<string> = new Set(['html', 'vue', 'svelte', 'jsx', 'tsx', 'data', 'css', 'json', 'bare']);

/** The cases of a file in a corpus's folder: below each `@@ kind` one line for each, in which `\\n` is a line's end. `mark`: begins their ids. */
export function readLines(corpus: string, name: string, shape: 'elided' | 'sound', mark: string): readonly BrokenCase[] {
  return readText(corpus, name)
    .split(/^@@ /m)
    .slice(1)
    .flatMap((group) => {
      const [host = '', ...lines] = group.trimEnd().split('\n');
      return lines.map((line, index): BrokenCase => {
        const id = `${corpus}-${mark}-${host}-${index + 1}`;
        return {
          id,
          shape,
          text: answerWith(host, line.replaceAll('\\n', '\n')),
          ...(DESIGNS.has(host) || host === 'prose' ? {} : { kind: 'code' }),
        };
      });
    });
}

function answerWith(host: string, line: string): string {
  const [language = '', before = '', behind = ''] = HOSTS[host === 'prose' ? 'html' : host] ?? [];
  return host === 'prose'
    ? `${FENCE}${language}\n${before.trimEnd()}${behind}${FENCE}\n\n${line}\n`
    : `${FENCE}${language}\n${before}${line}${behind}${FENCE}\n`;
}
