/**
 * Sound answers' files, from which the broken ones are made: each takes its repeated items, so that a case can leave some out, repeat
 * them or cut them off.
 */

export interface Page {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  /** Comment signs of the place where items stand. */
  readonly comment: readonly [string, string];
  readonly items: readonly string[];
  readonly make: (items: string) => string;
}

const PLANS = [
  ['Starter', '$9', 'For side projects', 'One seat', '5 GB of storage'],
  ['Team', '$29', 'For small companies', 'Ten seats', '100 GB of storage'],
  ['Business', '$99', 'For growing companies', 'Fifty seats', '1 TB of storage'],
  ['Enterprise', 'Ask us', 'For everyone else', 'No limit on seats', 'Storage as you need it'],
] as const;

const POSTS = [
  ['Growing herbs indoors', 'March 3', 'A sunny window and a little patience are all that basil asks for.'],
  ['The case for slow mornings', 'March 9', 'Nobody ever regretted a second cup of coffee by the lake.'],
  ['Repairing a wooden chair', 'March 17', 'Glue, clamps and a free afternoon bring most chairs back to life.'],
  ['Bread without a machine', 'April 2', 'Four ingredients, one bowl, and time do what no motor can.'],
  ['Walking the coast path', 'April 11', 'Nine miles of cliffs, two tea rooms and one very wet dog.'],
] as const;

const RESET = '*{box-sizing:border-box;margin:0}body{font:16px/1.5 system-ui,sans-serif;color:#222}';

export const PAGES: readonly Page[] = [
  {
    id: 'html-plans',
    name: 'index.html',
    language: 'html',
    comment: ['<!-- ', ' -->'],
    items: PLANS.map(
      ([name, price, words, seats, room]) =>
        `      <article class="plan">\n        <h2>${name}</h2>\n        <p class="price">${price}</p>\n        <p>${words}</p>\n        <ul>\n          <li>${seats}</li>\n          <li>${room}</li>\n        </ul>\n      </article>`,
    ),
    make: (items) =>
      `<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8">\n    <title>Plans</title>\n    <style>\n      ${RESET}\n      .plans { display: grid; grid-template-columns: repeat(4, 1fr); gap: 24px; }\n      .plan { border: 1px solid #ddd; border-radius: 12px; padding: 32px; }\n      .price { font-size: 32px; }\n    </style>\n  </head>\n  <body>\n    <main class="plans">\n${items}\n    </main>\n    <footer>Prices without tax.</footer>\n  </body>\n</html>\n`,
  },
  {
    id: 'html-blog',
    name: 'blog.html',
    language: 'html',
    comment: ['<!-- ', ' -->'],
    items: POSTS.map(
      ([title, day, words]) =>
        `    <section>\n      <h2><a href="https://example.com/${day.replace(' ', '-')}">${title}</a></h2>\n      <time>${day}</time>\n      <p>${words}</p>\n    </section>`,
    ),
    make: (items) =>
      `<!DOCTYPE html>\n<html>\n<head>\n<title>Field notes</title>\n<style>\n${RESET}\nsection { padding: 2rem 0; border-bottom: 1px solid #eee }\n@media (max-width: 600px) {\n  section { padding: 1rem 0 }\n}\n</style>\n</head>\n<body>\n  <header><h1>Field notes</h1><nav><a href="#a">About</a> <a href="#b">Archive</a></nav></header>\n  <main>\n${items}\n  </main>\n  <script>\n    document.querySelectorAll('section').forEach((part) => {\n      part.addEventListener('click', () => part.classList.toggle('open'));\n    });\n  </script>\n</body>\n</html>\n`,
  },
  {
    id: 'tailwind-cards',
    name: 'index.html',
    language: 'html',
    comment: ['<!-- ', ' -->'],
    items: POSTS.map(
      ([title, day, words]) =>
        `    <div class="rounded-xl bg-white p-6 shadow-sm ring-1 ring-slate-200">\n      <h3 class="text-lg font-semibold">${title}</h3>\n      <p class="mt-1 text-xs text-slate-500">${day}</p>\n      <p class="mt-3 text-sm text-slate-700">${words}</p>\n    </div>`,
    ),
    make: (items) =>
      `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Cards</title></head>\n<body class="min-h-screen bg-slate-50">\n  <div class="mx-auto grid max-w-6xl grid-cols-3 gap-8 p-12">\n${items}\n  </div>\n</body>\n</html>\n`,
  },
  {
    id: 'css-sheet',
    name: 'styles.css',
    language: 'css',
    comment: ['/* ', ' */'],
    items: ['hero', 'plans', 'quotes', 'questions', 'footer'].map(
      (name, index) =>
        `.${name} {\n  padding: ${(index + 2) * 8}px ${index * 4}px;\n  background: hsl(${index * 40} 60% 96%);\n}\n\n.${name} > h2 {\n  font-size: ${20 + index * 2}px;\n}\n`,
    ),
    make: (items) =>
      `:root {\n  --ink: #1b1b1f;\n  --line: #e4e4e7;\n}\n\n${RESET}\n\n${items}\n@media (max-width: 720px) {\n  .plans {\n    grid-template-columns: 1fr;\n  }\n}\n`,
  },
  {
    id: 'react-table',
    name: 'App.tsx',
    language: 'tsx',
    comment: ['{/* ', ' */}'],
    items: POSTS.map(
      ([title, day, words]) =>
        `          <tr>\n            <td className="py-2">${title}</td>\n            <td>${day}</td>\n            <td>{format("${words.length}")} signs, that's all</td>\n          </tr>`,
    ),
    make: (items) =>
      `import { useState } from 'react';\n\nconst format = (value: string): string => value.replace(/\\B(?=(\\d{3})+$)/g, ',');\n\nexport default function App() {\n  const [open, setOpen] = useState<boolean>(true);\n  return (\n    <main className="p-8">\n      <button onClick={() => setOpen(!open)}>{open ? 'Hide' : "Show"}</button>\n      {open && (\n        <table className="w-full">\n          <tbody>\n${items}\n          </tbody>\n        </table>\n      )}\n    </main>\n  );\n}\n`,
  },
  {
    id: 'react-data',
    name: 'Plans.tsx',
    language: 'tsx',
    comment: ['// ', ''],
    items: PLANS.map(
      ([name, price, words, seats, room]) =>
        `  { name: '${name}', price: '${price}', words: '${words}', lines: ['${seats}', '${room}'] },`,
    ),
    make: (items) =>
      `import styles from './Plans.module.css';\n\nconst PLANS = [\n${items}\n];\n\nexport default function Plans() {\n  return (\n    <section className={styles.plans}>\n      {PLANS.map((plan) => (\n        <article key={plan.name} className={styles.plan}>\n          <h2>{plan.name}</h2>\n          <p>{plan.price} a month</p>\n          <ul>{plan.lines.map((line) => <li key={line}>{line}</li>)}</ul>\n        </article>\n      ))}\n    </section>\n  );\n}\n`,
  },
  {
    id: 'vue-list',
    name: 'App.vue',
    language: 'vue',
    comment: ['<!-- ', ' -->'],
    items: PLANS.map(
      ([name, price, words]) =>
        `    <article class="plan" @click="chosen = '${name}'">\n      <h2>${name}</h2>\n      <strong>${price}</strong>\n      <p>${words}</p>\n    </article>`,
    ),
    make: (items) =>
      `<script setup lang="ts">\nimport { ref } from 'vue';\n\nconst chosen = ref<string>('');\n</script>\n\n<template>\n  <main class="plans">\n${items}\n    <p v-if="chosen">You chose {{ chosen }}.</p>\n  </main>\n</template>\n\n<style scoped>\n.plans {\n  display: flex;\n  gap: 16px;\n}\n.plan {\n  border: 1px solid #ddd;\n}\n</style>\n`,
  },
  {
    id: 'svelte-list',
    name: 'App.svelte',
    language: 'svelte',
    comment: ['<!-- ', ' -->'],
    items: POSTS.map(
      ([title, day, words]) =>
        `  <li class:open={open === '${day}'}>\n    <button onclick={() => (open = '${day}')}>${title}</button>\n    <p>${words}</p>\n  </li>`,
    ),
    make: (items) =>
      `<script lang="ts">\n  let open = $state('');\n  const count = $derived(open === '' ? 0 : 1);\n</script>\n\n<ul>\n${items}\n</ul>\n\n{#if count > 0}\n  <p>One is open.</p>\n{:else}\n  <p>None is open.</p>\n{/if}\n\n<style>\n  ul {\n    list-style: none;\n  }\n  .open {\n    background: #eef;\n  }\n</style>\n`,
  },
  {
    id: 'js-script',
    name: 'script.js',
    language: 'js',
    comment: ['// ', ''],
    items: POSTS.map(
      ([title, day]) =>
        `register('${day}', () => {\n  const panel = document.getElementById("${day.replace(' ', '')}");\n  panel.textContent = \`${title} (\${panel.children.length})\`;\n});`,
    ),
    make: (items) =>
      `'use strict';\n\nconst handlers = new Map();\n\nfunction register(name, handler) {\n  if (/^\\s*$/.test(name)) throw new Error("it's empty");\n  handlers.set(name, handler);\n}\n\n${items}\n\nfor (const [name, handler] of handlers) {\n  console.log(name);\n  handler();\n}\n`,
  },
  {
    id: 'python-table',
    name: 'report.py',
    language: 'python',
    comment: ['# ', ''],
    items: PLANS.map(([name, price, words]) => `    rows.append(("${name}", "${price}", "${words}"))`),
    make: (items) => `def rows_of_plans():\n    rows = []\n${items}\n    return rows\n\n\nprint(rows_of_plans())\n`,
  },
];

export const whole = (page: Page): string => page.make(page.items.join('\n'));

export const answerOf = (page: Page, content: string): string => `### ${page.name}\n\n\`\`\`${page.language}\n${content}\`\`\`\n`;
