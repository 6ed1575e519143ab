/** Sound files in talk: the files have to be found with their names, and nothing else. */
import type { BrokenCase } from './cases.ts';
import { PAGES, whole } from './pages.ts';

const F = '```';
const page = (index: number) => PAGES[index % PAGES.length] as (typeof PAGES)[number]; // the index is within

interface Talk {
  readonly id: string;
  readonly make: (name: string, language: string, content: string) => string;
}

const TALKS: readonly Talk[] = [
  {
    id: 'heading',
    make: (n, l, c) =>
      `Certainly! Here's the page.\n\n## ${n}\n\n${F}${l}\n${c}${F}\n\n### Key features\n\n- Responsive\n- Accessible\n\nLet me know if you would like changes!`,
  },
  {
    id: 'bold',
    make: (n, l, c) =>
      `I studied the design and built it.\n\n**${n}**\n\n${F}${l}\n${c}${F}\n\n**Notes:** the fonts are those of the system.`,
  },
  { id: 'backticks', make: (n, l, c) => `Sure. Save this as \`${n}\`:\n\n${F}${l}\n${c}${F}\n\nThen open it in your browser.` },
  { id: 'label', make: (n, l, c) => `File: ${n}\n${F}${l}\n${c}${F}\nI hope this helps.` },
  {
    id: 'info',
    make: (n, l, c) => `Here it is.\n\n${F}${l} ${n}\n${c}${F}\n\nTo run it:\n\n${F}bash\nnpm install\nnpm run dev\n${F}\n`,
  },
  { id: 'title', make: (n, l, c) => `${F}${l} title="${n}"\n${c}${F}\n\nWould you like a dark version too?` },
  { id: 'colon', make: (n, l, c) => `Of course!\n\n${F}${l}:${n}\n${c}${F}\n\nSteps:\n1. Save the file.\n2. Open it.\n` },
  {
    id: 'numbered',
    make: (n, l, c) =>
      `I'll write one file.\n\n1. \`${n}\`\n\n${F}${l}\n${c}${F}\n\nWhy this works:\n\n${F}text\ngrid > flex here\n${F}\n`,
  },
  { id: 'separator', make: (n, _, c) => `Below is everything you need.\n\n=== ${n} ===\n${c}=== end ===\n\nEnjoy!` },
  {
    id: 'usage',
    make: (n, l, c) => `### ${n}\n\nThe complete file:\n\n${F}${l}\n${c}${F}\n\nUsage example:\n\n${F}${l}\nsmall\n${F}\n`,
  },
  {
    id: 'draft',
    make: (n, l, c) =>
      `A first try of \`${n}\` would be too plain, so here is the final one.\n\n**File:** \`${n}\`\n\n${F}${l}\n${c}${F}\n\nThat's all.`,
  },
  {
    id: 'indented',
    make: (n, l, c) => `Steps:\n\n1. Create **${n}**\n\n   ${F}${l}\n${c.replace(/^(?=.)/gm, '   ')}   ${F}\n\n2. Open it.\n`,
  },
  { id: 'tildes', make: (n, l, c) => `Here you go:\n\n#### ${n}\n\n~~~${l}\n${c}~~~\n\nHappy coding! 🎉` },
  { id: 'wrapped', make: (n, l, c) => `${F}markdown\n# Answer\n${F}\n\n### \`${n}\`\n\n${F}${l}\n${c}${F}\n` },
];

const NAMED: readonly BrokenCase[] = TALKS.flatMap(({ id, make }, index) =>
  [0, 3, 6].map((step) => {
    const { id: pageId, name, language } = page(index + step);
    const content = whole(page(index + step));
    return {
      id: `chatty-${id}-${pageId}`,
      shape: 'chatty' as const,
      text: make(name, language, content),
      files: { [name]: content },
    };
  }),
);

const app = whole(page(4));
const plans = whole(page(5));
const css = '.plans {\n  display: grid;\n}\n\n.plan {\n  padding: 16px;\n}\n';
const html = whole(page(0));

const SEVERAL: readonly BrokenCase[] = [
  {
    id: 'chatty-two-modules',
    shape: 'chatty',
    text: `I split it in two.\n\n### src/Plans.tsx\n\n${F}tsx\n${plans}${F}\n\nAnd its styles:\n\n### src/Plans.module.css\n\n${F}css\n${css}${F}\n\nRun it with:\n\n${F}sh\nnpm start\n${F}`,
    files: { 'src/Plans.tsx': plans, 'src/Plans.module.css': css },
  },
  {
    id: 'chatty-three',
    shape: 'chatty',
    text: `Let's go.\n\n**App.tsx**\n${F}tsx\n${app}${F}\n**Plans.tsx**\n${F}tsx\n${plans}${F}\n**Plans.module.css**\n${F}css\n${css}${F}\n\nHow the files hang together:\n\n${F}\nApp.tsx\n└── Plans.tsx\n    └── Plans.module.css\n${F}\n`,
    files: { 'App.tsx': app, 'Plans.tsx': plans, 'Plans.module.css': css },
  },
  {
    id: 'chatty-comment-names',
    shape: 'chatty',
    text: `Two files:\n\n${F}tsx\n// Plans.tsx\n${plans}${F}\n\n${F}css\n/* Plans.module.css */\n${css}${F}\n`,
    files: { 'Plans.tsx': `// Plans.tsx\n${plans}`, 'Plans.module.css': `/* Plans.module.css */\n${css}` },
  },
  {
    id: 'chatty-bare-page',
    shape: 'chatty',
    text: `Here is the page you asked for.\n\n${html}\nIt is complete; nothing is left out.`,
    files: { 'index.html': html },
  },
  {
    id: 'chatty-unnamed',
    shape: 'chatty',
    text: `Thinking about the layout, I chose a grid.\n\n${F}html\n${html}${F}\n\nTo change the gap:\n\n${F}css\n.plans { gap: 8px }\n${F}`,
    files: { 'index.html': html, 'styles.css': '.plans { gap: 8px }\n' },
  },
  {
    id: 'chatty-fence-in-readme',
    shape: 'chatty',
    text: `### README.md\n\n${F}markdown\n# Plans\n\n${F}bash\nnpm start\n${F}\n\nDone.\n${F}\n\n### index.html\n\n${F}html\n${html}${F}\n`,
    files: { 'README.md': `# Plans\n\n${F}bash\nnpm start\n${F}\n\nDone.\n`, 'index.html': html },
  },
  {
    id: 'chatty-code-task',
    shape: 'chatty',
    kind: 'code',
    sourceName: 'script.js',
    text: `I changed one thing: see \`register\`.\n\n${F}js\n${whole(page(8))}${F}\n\nBefore it was:\n\n${F}js\nregister();\n${F}\n`,
    files: { 'script.js': whole(page(8)) },
  },
  {
    id: 'chatty-windows',
    shape: 'chatty',
    text: `Sure:\r\n\r\n### index.html\r\n\r\n${F}html\r\n${html.replaceAll('\n', '\r\n')}${F}\r\n\r\nBye.`,
    files: { 'index.html': html },
  },
];

export const CHATTY: readonly BrokenCase[] = [...NAMED, ...SEVERAL];
