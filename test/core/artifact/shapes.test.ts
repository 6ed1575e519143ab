/** Answers that hold their files in another shape than fences: in JSON, as patches, several in one text. And what only looks so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExtractOptions, extractFiles } from '../../../src/core/artifact/artifact.ts';

const F = '```';
const page = '<!doctype html>\n<html>\n<head><link rel="stylesheet" href="styles.css"></head>\n<body>Hi</body>\n</html>\n';
const css = 'body {\n  margin: 0;\n}\n';
const js = "document.title = 'a';\nconsole.log(1);\n";
const app = "import { Card } from './Card';\n\nexport default function App() {\n  return <Card />;\n}\n";
const card = 'export function Card() {\n  return <p>Hi</p>;\n}\n';
const json = (value: unknown): string => JSON.stringify(value, null, 2);
const fenced = (language: string, text: string): string => `${F}${language}\n${text.trimEnd()}\n${F}\n`;
const plus = (text: string): string => text.replace(/^(?=.|\n\n)/gm, '+');
const envelope = (...parts: readonly string[]): string => `*** Begin Patch\n${parts.join('')}*** End Patch\n`;
const added = (name: string, text: string): string => `*** Add File: ${name}\n${plus(text)}`;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
  readonly options?: Partial<ExtractOptions>;
  readonly problems?: RegExp;
}

const site = { 'index.html': page, 'styles.css': css, 'script.js': js };
const data = (value: unknown): Case['files'] => ({ 'data.json': `${json(value)}\n` });
const items = { items: [{ title: 'Hat', html: 'A <b>hat</b>\n', text: '<p>\n' }] };
const manifest = { name: 'shop', scripts: { html: 'vite build (all)', css: 'tailwind; exit' } };
const nested = '<!-- index.html -->\n<!doctype html>\n<html>\n<body>\n<!-- nav.html -->\n<nav></nav>\n</body>\n</html>\n';
const part =
  '<!-- src/App.vue -->\n<template><p>Hi</p></template>\n\n<!-- src/card.css -->\n<style scoped>\np {\n  margin: 0;\n}\n</style>\n';
const helpers = 'function a() {\n// helper.js\n  return 1;\n// other.js\n}\n';
const sections = '/* base.css */\nbody {\n  margin: 0;\n}\n\n/* card.css */\n.card {\n  margin: 0;\n}\n';
const mentions =
  '// src/App.tsx\n// see src/Card.tsx\nimport a from "./a";\n\n// from src/Card.tsx, shortened\nexport default a;\n';
const source = { name: 'App.tsx', text: app };
const notPart = '// a.js\na();\n\n// b.js\nfunction b() {\n// c.js\n}\n// a.js\n';
const words = { html: 'HTML (HyperText Markup Language)', css: 'CSS; it is style', react: 'React (a library)' };
const captions = { 'logo.svg': 'Our logo (new)', 'team.html': 'The team (2)', constructor: 'a\n', ['__proto__']: 'b' };
const prompt =
  'export const PROMPT = `\n*** Begin Patch\n*** Add File: a.txt\n+a\n*** End Patch\n<<<<<<< SEARCH\n=======\n>>>>>>> REPLACE\n`;\n';
const guide = '<pre>\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n</pre>\n';
const quoting = `const text = \`\n<p>${F}\n\`;\nshow(text);\n`;

const CASES: readonly Case[] = [
  { name: 'JSON: a text for each language', text: json({ html: page, css, js }), files: site },
  { name: 'JSON: in a fence, with words', text: `Here:\n${fenced('json', json({ html: page, css, js }))}Bye`, files: site },
  { name: 'JSON: in a fence without a language', text: fenced('', json({ html: page, css, js })), files: site },
  { name: 'JSON: between words', text: `Here it is:\n\n${json({ html: page, css, js })}\n\nEnjoy.`, files: site },
  { name: 'JSON: languages in capitals', text: json({ HTML: page, CSS: css, JavaScript: js }), files: site },
  { name: 'JSON: wrapped once more', text: json({ answer: { html: page, css, js } }), files: site },
  {
    name: 'JSON: beside commands',
    text: `${fenced('json', json({ html: page, css, js }))}${fenced('sh', 'npm i')}`,
    files: site,
  },
  {
    name: 'JSON: without a fence, beside commands',
    text: `${json({ html: page, css, js })}\n${fenced('sh', 'npm i')}`,
    files: site,
  },
  {
    name: 'JSON: a component and its style',
    text: json({ component: app, styles: css }),
    files: { 'App.jsx': app, 'styles.css': css },
  },
  { name: 'JSON: code and what it is', text: json({ language: 'tsx', code: app }), files: { 'App.tsx': app } },
  {
    name: 'JSON: code and words',
    text: json({ explanation: 'See above (and below).', code: page }),
    files: { 'index.html': page },
  },
  { name: 'JSON: a name and code', text: json({ filename: 'a.html', code: page }), files: { 'a.html': page } },
  {
    name: 'JSON: files',
    text: fenced(
      'json',
      json({
        files: [
          { path: 'a.html', content: page },
          { path: 'b.css', content: css },
        ],
      }),
    ),
    files: { 'a.html': page, 'b.css': css },
  },
  {
    name: 'JSON: line breaks as they are',
    text: `{"html": "<!doctype html>\n<html>\n</html>\n"}`,
    files: { 'index.html': '<!doctype html>\n<html>\n</html>\n' },
  },
  {
    name: 'JSON: backticks around the text',
    text: `{\n  "html": \`${page}\`,\n  "css": \`${css}\`\n}`,
    files: { 'index.html': page, 'styles.css': css },
  },
  {
    name: 'JSON: for a component target',
    text: json({ code: app }),
    files: { 'App.jsx': app },
    options: { target: 'react-tailwind' },
  },
  { name: 'JSON: that is data', text: fenced('json', json(items)), files: data(items) },
  { name: 'JSON: that is a manifest', text: fenced('json', json(manifest)), files: data(manifest) },
  {
    name: 'patch: new files',
    text: envelope(added('index.html', page), added('styles.css', css)),
    files: { 'index.html': page, 'styles.css': css },
  },
  {
    name: 'patch: a new file, in a fence',
    text: `Done:\n${fenced('', envelope(added('a.html', page)))}Bye`,
    files: { 'a.html': page },
  },
  { name: 'patch: a new file, without its signs', text: envelope(`*** Add File: a.html\n${page}`), files: { 'a.html': page } },
  { name: 'patch: a new file, without its frame', text: added('a.html', page), files: { 'a.html': page } },
  {
    name: 'patch: a new file of git',
    text: fenced(
      'diff',
      `diff --git a/a.html b/a.html\nnew file mode 100644\n--- /dev/null\n+++ b/a.html\n@@ -0,0 +1,5 @@\n${plus(page)}`,
    ),
    files: { 'a.html': page },
  },
  { name: 'patch: a new file, bare', text: `--- /dev/null\n+++ b/a.css\n@@ -0,0 +1,3 @@\n${plus(css)}`, files: { 'a.css': css } },
  {
    name: 'patch: a new file as a search for nothing',
    text: `a.css\n${fenced('', `<<<<<<< SEARCH\n=======\n${css}>>>>>>> REPLACE`)}`,
    files: { 'a.css': css },
  },
  {
    name: 'patch: adds and changes',
    text: envelope(added('a.css', css), '*** Update File: a.css\n@@\n-  margin: 0;\n+  margin: 1px;\n'),
    files: { 'a.css': css.replace('0', '1px') },
  },
  {
    name: 'patch: changes what was sent',
    text: envelope('*** Update File: src/App.tsx\n@@\n-  return <Card />;\n+  return <Card big />;\n'),
    files: { 'src/App.tsx': app.replace('<Card', '<Card big') },
    options: { sent: [source] },
  },
  {
    name: 'patch: changes something unknown',
    text: envelope(added('a.css', css), '*** Update File: b.css\n@@\n-  margin: 0;\n+  margin: 1px;\n'),
    files: { 'a.css': css },
    problems: /patch for b\.css, which was not sent/,
  },
  {
    name: 'patch: does not fit',
    text: envelope('*** Update File: App.tsx\n@@\n-  return <Other />;\n+  return null;\n'),
    files: {},
    options: { sent: [source] },
    problems: /patch for App\.tsx that does not fit it: part 1 of 1/,
  },
  {
    name: 'patch: explains a whole file',
    text: `### a.css\n${fenced('css', css)}${fenced('diff', '--- a/a.css\n+++ b/a.css\n@@ -2,1 +2,1 @@\n-  margin: 0;\n+  margin: 1px;')}`,
    files: { 'a.css': css },
  },
  {
    name: 'patch: of code, with a new file',
    text: envelope('*** Update File: App.tsx\n@@\n-  return <Card />;\n+  return null;\n', added('Card.tsx', card)),
    files: { 'App.tsx': app.replace('<Card />', 'null'), 'Card.tsx': card },
    options: { kind: 'code', sourceName: 'App.tsx', sourceText: app },
  },
  {
    name: 'one fence: three languages',
    text: fenced('html', `<!-- index.html -->\n${page}\n<!-- styles.css -->\n${css}\n<!-- script.js -->\n${js}`),
    files: { ...site, 'index.html': `<!-- index.html -->\n${page}` },
  },
  {
    name: 'one fence: two components',
    text: fenced('tsx', `// src/App.tsx\n${app}\n// File: src/Card.tsx\n${card}`),
    files: { 'src/App.tsx': `// src/App.tsx\n${app}`, 'src/Card.tsx': `// File: src/Card.tsx\n${card}` },
  },
  {
    name: 'one fence: rules above and below the names',
    text: fenced('tsx', `// ======\n// App.tsx\n// ======\n${app}\n// ======\n// Card.tsx\n// ======\n${card}`),
    files: { 'App.tsx': `// ======\n// App.tsx\n// ======\n${app}`, 'Card.tsx': `// ======\n// Card.tsx\n// ======\n${card}` },
  },
  {
    name: 'one fence: separators',
    text: fenced('', `--- file: index.html ---\n${page}--- file: styles.css ---\n${css}`),
    files: { 'index.html': page, 'styles.css': css },
  },
  {
    name: 'one fence: styles',
    text: fenced('css', sections),
    files: { 'base.css': sections.slice(0, 37), 'card.css': sections.slice(38) },
  },
  {
    name: 'no fence: two components',
    text: `// App.tsx\n${app}\n// Card.tsx\n${card}`,
    files: { 'App.tsx': `// App.tsx\n${app}`, 'Card.tsx': `// Card.tsx\n${card}` },
  },
  {
    name: 'a script that writes files',
    text: fenced('bash', `cat > index.html <<'EOF'\n${page}EOF\ncat <<END > ./styles.css\n${css}END\n`),
    files: { 'index.html': page, 'styles.css': css },
  },
  {
    name: 'marks behind the last line',
    text: `${F}html\n${page.trimEnd()}${F}\nDone. ${'`a`'}\n`,
    files: { 'index.html': page.trimEnd() },
  },
  {
    name: 'marks behind the last line, and another fence',
    text: `${F}html\n${page.trimEnd()}${F}\n\n${fenced('css', css)}`,
    files: { 'index.html': page.trimEnd(), 'styles.css': css },
  },
  { name: 'a fence in a fence', text: `${F}html\n${F}html\n${page}${F}\n${F}\n`, files: { 'index.html': page } },
  {
    name: 'thoughts with a draft that is never closed',
    text: `<think>\n${F}html\n<p>\n</think>\n${fenced('html', page)}`,
    files: { 'index.html': page },
  },
  { name: 'a tag with character data', text: `<file path="a.html"><![CDATA[\n${page}]]></file>`, files: { 'a.html': page } },
  {
    name: 'JSON: a fence for each file',
    text: fenced('json', json({ path: 'a.html', content: page })) + fenced('json', json({ path: 'b.css', content: css })),
    files: { 'a.html': page, 'b.css': css },
  },
  {
    name: 'no fence: a component between sentences',
    text: `Here is the component:\n\n${app}\nLet me know!`,
    files: { 'App.jsx': app },
  },
  { name: 'no fence: the label of a page it was copied from', text: `tsx\n${app}${F}\n`, files: { 'App.jsx': app } },
  { name: 'a page in a fence of text', text: fenced('text', page), files: { 'index.html': page } },
  { name: 'one file: names within a page', text: fenced('html', nested), files: { 'index.html': nested } },
  { name: 'a part of a component that is named like a file', text: fenced('vue', part), files: { 'src/App.vue': part } },
  {
    name: 'one file: names within a function',
    text: fenced('js', `// script.js\n${helpers}`),
    files: { 'script.js': `// script.js\n${helpers}` },
  },
  { name: 'one file: names that are mentioned', text: fenced('tsx', mentions), files: { 'src/App.tsx': mentions } },
  {
    name: 'one file: it has a name, and sections',
    text: `### styles.css\n${fenced('css', sections)}`,
    files: { 'styles.css': sections },
  },
  {
    name: 'one file: the code asked about, and sections',
    text: fenced('css', sections),
    files: { 'site.css': sections },
    options: { kind: 'code', sourceName: 'site.css' },
  },
  {
    name: 'one fence: what once divides, whatever follows',
    text: fenced('js', notPart),
    files: { 'a.js': notPart.slice(0, 13), 'b.js': notPart.slice(14) },
  },
  { name: 'JSON: that is words on languages', text: fenced('json', json(words)), files: data(words) },
  { name: 'JSON: that is captions of files', text: fenced('json', json(captions)), files: data(captions) },
  { name: 'JSON: a name behind the text', text: json({ content: page, path: 'a.html' }), files: { 'a.html': page } },
  { name: 'code with a patch in a text', text: `### a.js\n${fenced('js', prompt)}`, files: { 'a.js': prompt } },
  {
    name: 'code with a patch in a text, asked about',
    text: fenced('js', prompt),
    files: { 'a.js': prompt },
    options: { kind: 'code', sourceName: 'a.js', sourceText: prompt },
  },
  { name: 'a page about patches', text: `### a.html\n${fenced('html', guide)}`, files: { 'a.html': guide } },
  { name: 'marks behind a line of the code', text: `### a.js\n${fenced('js', quoting)}`, files: { 'a.js': quoting } },
  {
    name: 'patch: a folder of one letter',
    text: envelope(added('b/x.css', css)),
    files: { 'b/x.css': css },
  },
  {
    name: 'patch: a new file without its signs, but for one of its own',
    text: envelope('*** Add File: a.css\n.a\n+ .b {\n}\n'),
    files: { 'a.css': '.a\n+ .b {\n}\n' },
  },
  {
    name: 'patch: a new file with a bare empty line',
    text: envelope('*** Add File: a.css\n+.a {\n+}\n\n+.b {\n+}\n'),
    files: { 'a.css': '.a {\n}\n\n.b {\n}\n' },
  },
  {
    name: 'a script that appends, and writes a name with a space',
    text: fenced('bash', `tee -a log.css <<'EOF'\n${css}EOF\ncat 2>err.css > "my page.css" <<'EOF'\n${css}EOF\n`),
    files: { 'my page.css': css },
  },
  {
    name: 'one file: the same name twice',
    text: fenced('js', `// a.js\n${js}\n// a.js\n${js}`),
    files: { 'a.js': `// a.js\n${js}\n// a.js\n${js}` },
  },
];

const optionsOf = (options?: Partial<ExtractOptions>): ExtractOptions => ({ kind: 'design', finished: true, ...options });

for (const { name, text, files, options, problems } of CASES) {
  test(`shape: ${name}`, () => {
    const artifact = extractFiles(text, optionsOf(options));
    assert.deepEqual(Object.fromEntries(artifact.files.map((file) => [file.name, file.content])), files);
    assert.ok(artifact.files.every(({ complete }) => complete));
    if (problems) assert.match(artifact.problems.join('\n'), problems);
  });
}

test('shapes that stream: once a file is complete it stays as it is', () => {
  for (const { name, text, options } of CASES) {
    const whole = new Map(extractFiles(text, optionsOf(options)).files.map((file) => [file.name, file.content]));
    for (let length = 0; length < text.length; length += 1) {
      const { files } = extractFiles(text.slice(0, length), { ...optionsOf(options), finished: false });
      for (const file of files.filter((one) => one.complete && one.named)) {
        if (name !== 'patch: adds and changes') assert.equal(file.content, whole.get(file.name), `${name}, ${length}`);
      }
    }
  }
});
