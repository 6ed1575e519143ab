/** What is said of an answer beside the four shapes of broken ones: what it loads, imports and lacks, and where. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractFiles } from '../../../src/core/artifact/artifact.ts';
import { type AnswerState, findingsOf } from '../../../src/core/artifact/findings.ts';

const F = '```';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly content: string;
  readonly says: readonly RegExp[];
  readonly answer?: Partial<AnswerState>;
}

const page = (body: string): string => `<!doctype html>\n<html>\n<head></head>\n<body>\n${body}\n</body>\n</html>\n`;
const app = (head: string): string => `${head}\nexport default function App() {\n  return <p>Hi</p>;\n}\n`;

const CASES: readonly Case[] = [
  {
    name: 'script',
    file: 'a.html',
    content: page('<script src="https://cdn.tailwindcss.com"></script>'),
    says: [/^external cdn\.tailwindcss\.com a\.html:5$/],
  },
  {
    name: 'style and font, by host',
    file: 'a.html',
    content: page(
      '<link href="https://fonts.googleapis.com/css2?a" rel="stylesheet">\n<link rel="preconnect" href="https://fonts.gstatic.com">',
    ),
    says: [/fonts\.googleapis\.com/, /fonts\.gstatic\.com/],
  },
  {
    name: 'placeholder service',
    file: 'a.html',
    content: page('<img src="https://via.placeholder.com/300x200"><img src=//picsum.photos/20>'),
    says: [/via\.placeholder\.com/, /picsum\.photos/],
  },
  {
    name: 'srcset',
    file: 'a.html',
    content: page('<img srcset="a.png 1x, https://img.example.com/a.png 2x">'),
    says: [/img\.example\.com/],
  },
  {
    name: 'import and url()',
    file: 'a.css',
    content: '@import url("https://a.example.com/x.css");\n.b { background: url(//b.example.com/x.png); }\n',
    says: [/a\.example\.com/, /b\.example\.com a\.css:2/],
  },
  {
    name: 'requests',
    file: 'a.js',
    content: 'fetch("https://api.example.com/x");\nimport("https://esm.sh/react");\n',
    says: [/api\.example\.com/, /esm\.sh/],
  },
  {
    name: 'pictures in data',
    file: 'a.tsx',
    content: app("const PICTURES = ['https://images.unsplash.com/photo-1?w=3', 'https://x.example.com/a.jpg'];"),
    says: [/images\.unsplash\.com/, /x\.example\.com/],
  },
  {
    name: 'links, names and comments load nothing',
    file: 'a.html',
    content: page(
      '<a href="https://example.com/a.png">a</a><svg xmlns="http://www.w3.org/2000/svg"></svg><!-- <img src="https://b.example.com/"> -->',
    ),
    says: [],
  },
  {
    name: 'a package the target has not',
    file: 'App.tsx',
    content: app("import { Check } from 'lucide-react';\nimport { useState } from 'react';"),
    answer: { target: 'react-tailwind' },
    says: [/^external .* App\.tsx:1$/],
  },
  {
    name: 'a package that the context uses',
    file: 'App.tsx',
    content: app("import { Check } from 'lucide-react';"),
    answer: { target: 'react-tailwind', design: "import { X } from 'lucide-react';" },
    says: [],
  },
  {
    name: 'a file that is not in the answer',
    file: 'App.tsx',
    content: app("import styles from './App.module.css';"),
    says: [/^other .* App\.tsx:1$/],
  },
  {
    name: 'a file that was sent along',
    file: 'App.tsx',
    content: app("import { B } from './ui/Button.tsx';"),
    answer: { known: ['src/ui/Button.tsx'] },
    says: [],
  },
  { name: 'cut at the limit', file: 'a.html', content: page('<p>'), answer: { finish: 'length' }, says: [/^cut/] },
];

for (const { name, file, content, says, answer } of CASES) {
  test(`findings: ${name}`, () => {
    const text = `### ${file}\n\n${F}\n${content}${F}\n`;
    const artifact = extractFiles(text, { kind: 'design', finished: true });
    const found = findingsOf(artifact, { text, finish: 'stop', design: '', ...answer });
    const shown = found.map((finding) => {
      const host = /[\w-]+(?:\.[\w-]+)*\.(?:com|photos|sh)\b/.exec(finding.message)?.[0] ?? 'it';
      return `${finding.kind} ${host} ${finding.file}:${finding.line}`;
    });
    assert.equal(shown.length, says.length, shown.join(', '));
    for (const [index, pattern] of says.entries()) assert.match(shown[index] ?? '', pattern);
  });
}

test('changed code is not blamed for what was there: its imports, its hosts, its open ends', () => {
  const source = "import './a.css';\nfetch('https://api.example.com/x');\nif (a) {\n  one();\n";
  const text = `${F}ts\n${source.replace('one', 'two')}${F}\n`;
  const artifact = extractFiles(text, { kind: 'code', finished: true, sourceName: 'x.ts', sourceText: source });
  assert.equal(artifact.files.length, 1);
  assert.deepEqual(findingsOf(artifact, { text, finish: 'stop', design: source }), []);
  assert.equal(findingsOf(artifact, { text, finish: 'stop', design: 'x();' }).length, 3);
});

test('while an answer streams nothing is called cut or missing', () => {
  const text = `### App.tsx\n\n${F}tsx\nimport './App.css';\nexport default function App() {`;
  assert.deepEqual(findingsOf(extractFiles(text, { kind: 'design', finished: false }), { text, design: '' }), []);
});
