/** Answers in, named files out. The same cases are read again at every prefix, because answers stream. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ExtractOptions, extractFiles } from '../../../src/core/artifact/artifact.ts';

const F = '```';
const page = '<!doctype html>\n<html><body>Hi</body></html>\n';

interface Case {
  readonly name: string;
  readonly text: string;
  /** `name: content` of each file, `~` before the name of one nobody named, `!` before one that is not complete. */
  readonly files: readonly string[];
  readonly options?: Partial<ExtractOptions>;
  readonly problems?: RegExp;
  readonly prose?: RegExp;
}

const code = (sourceName: string): Partial<ExtractOptions> => ({ kind: 'code', sourceName });

const CASES: readonly Case[] = [
  {
    name: 'one fence',
    text: `Here you are.\n\n${F}html\n${page}${F}\nDone.`,
    files: [`~index.html: ${page}`],
    prose: /Here you are.*Done/s,
  },
  {
    name: 'proposed name from the spec',
    text: `${F}html\n${page}${F}`,
    files: [`~pricing-card.html: ${page}`],
    options: { sourceName: 'pricing-card.md' },
  },
  {
    name: 'the spec itself is never proposed',
    text: `${F}html\n${page}${F}`,
    files: [`~page-new.html: ${page}`],
    options: { sourceName: 'page.html' },
  },
  {
    name: 'heading',
    text: `### src/App.tsx\n\n${F}tsx\nA\n${F}\n### 2. \`b.css\`\n${F}css\nB\n${F}`,
    files: ['src/App.tsx: A\n', 'b.css: B\n'],
  },
  {
    name: 'bold',
    text: `**index.html**\n${F}html\nA\n${F}\n**2. \`b.css\`:**\n${F}css\nB\n${F}`,
    files: ['index.html: A\n', 'b.css: B\n'],
  },
  {
    name: 'label',
    text: `File: x.css\n${F}css\nA\n${F}\n**Filename:** \`y.js\`\n${F}js\nB\n${F}`,
    files: ['x.css: A\n', 'y.js: B\n'],
  },
  {
    name: 'numbered',
    text: `1. \`x.html\`\n${F}html\nA\n${F}\n2. y.css:\n${F}css\nB\n${F}`,
    files: ['x.html: A\n', 'y.css: B\n'],
  },
  { name: 'heading with words', text: `## The page: index.html (main)\n${F}html\nA\n${F}`, files: ['index.html: A\n'] },
  { name: 'a sentence', text: `Here is the new \`a/b.html\`:\n${F}html\nA\n${F}`, files: ['a/b.html: A\n'] },
  { name: 'info: name', text: `${F}html index.html\nA\n${F}`, files: ['index.html: A\n'] },
  { name: 'info: title', text: `${F}html title="my page.html"\nA\n${F}`, files: ['my page.html: A\n'] },
  { name: 'info: file=', text: `${F}tsx {1,3} file=src/x.tsx\nA\n${F}`, files: ['src/x.tsx: A\n'] },
  { name: 'info: colon', text: `${F}html:src/x.html\nA\n${F}`, files: ['src/x.html: A\n'] },
  { name: 'info: path alone', text: `${F}src/App.tsx\nA\n${F}`, files: ['src/App.tsx: A\n'] },
  { name: 'info: a title that is no name', text: `${F}html title="Pricing card"\nA\n${F}`, files: ['~index.html: A\n'] },
  {
    name: 'first comment',
    text: `${F}tsx\n// src/App.tsx\nA\n${F}\n${F}css\n/* s.css */\nB\n${F}`,
    files: ['src/App.tsx: // src/App.tsx\nA\n', 's.css: /* s.css */\nB\n'],
  },
  {
    name: 'first comment after a doctype',
    text: `${F}html\n<!doctype html>\n<!-- index.html -->\n</html>\n${F}`,
    files: ['index.html: <!doctype html>\n<!-- index.html -->\n</html>\n'],
  },
  { name: 'hash comment', text: `${F}python\n# x.py\nA\n${F}`, files: ['x.py: # x.py\nA\n'] },
  {
    name: 'a comment that is no name',
    text: `${F}js\n// see https://x.y/z.js\nA\n${F}`,
    files: ['~script.js: // see https://x.y/z.js\nA\n'],
  },
  {
    name: 'separators',
    text: `=== a.html ===\n<p>\n\n=== b.css ===\np {}\n=== end ===\nBye`,
    files: ['a.html: <p>\n', 'b.css: p {}\n'],
    prose: /Bye/,
  },
  {
    name: 'separators with fences',
    text: `=== a.html ===\n${F}html\n<p>\n${F}\n=== b.css ===\n${F}\np {}\n${F}\n`,
    files: ['a.html: <p>\n', 'b.css: p {}\n'],
  },
  { name: 'bare page', text: page, files: [`~index.html: ${page}`], prose: /^$/ },
  { name: 'bare page with chatter', text: `Sure!\n\n${page}\nEnjoy.`, files: [`~index.html: ${page}`], prose: /Sure!.*Enjoy/s },
  {
    name: 'bare page that shows a fence',
    text: '<!doctype html>\n<pre>\n```js\nx\n```\n</pre>\n</html>\n',
    files: ['~index.html: <!doctype html>\n<pre>\n```js\nx\n```\n</pre>\n</html>\n'],
  },
  {
    name: 'bare css',
    text: '.card { color: red; }\n.card p {\n  margin: 0;\n}\n',
    files: ['~styles.css: .card { color: red; }\n.card p {\n  margin: 0;\n}\n'],
  },
  { name: 'only words', text: 'I cannot build this. Please say more.', files: [], problems: /no code/ },
  { name: 'nothing', text: '', files: [], problems: /no code/ },
  {
    name: 'longer outer fence',
    text: `${F}\`md README.md\nA\n${F}sh\nls\n${F}\nB\n${F}\`\n`,
    files: [`README.md: A\n${F}sh\nls\n${F}\nB\n`],
  },
  {
    name: 'README in a fence of three',
    text: `### README.md\n${F}markdown\nA\n${F}bash\nls\n${F}\nB\n${F}\nBye`,
    files: [`README.md: A\n${F}bash\nls\n${F}\nB\n`],
    prose: /Bye/,
  },
  {
    name: 'nested in code',
    text: `${F}py\n"""\n${F}python\nx\n${F}\n"""\n${F}\n`,
    files: [`~main.py: """\n${F}python\nx\n${F}\n"""\n`],
  },
  {
    name: 'nesting that never comes back',
    text: `${F}js\nconst a = \`\n${F}js\n${F}\nBye`,
    files: [`~script.js: const a = \`\n${F}js\n`],
    prose: /Bye/,
  },
  { name: 'tildes', text: `~~~html\n${F}\n~~~\n`, files: [`~index.html: ${F}\n`] },
  {
    name: 'indented in a list',
    text: `1. index.html\n\n   ${F}html\n   <p>\n     a\n   ${F}\n`,
    files: ['index.html: <p>\n  a\n'],
  },
  {
    name: 'deeper marks inside',
    text: `${F}js\nconst a = \`\n     ${F}\n\`\n${F}`,
    files: [`~script.js: const a = \`\n     ${F}\n\`\n`],
  },
  { name: 'unclosed', text: `### a.html\n${F}html\n<p>\n<di`, files: ['!a.html: <p>\n<di'], problems: /a\.html is not whole/ },
  {
    name: 'forgotten end before the next name',
    text: `${F}html a.html\n<p>\n${F}css b.css\np {}\n${F}`,
    files: ['!a.html: <p>\n', 'b.css: p {}\n'],
    problems: /a\.html is not whole/,
  },
  {
    name: 'a sentence between the heading and its code',
    text: `### card.html\n\nHere it is, complete.\n\n${F}html\n<p>\n${F}\n`,
    files: ['card.html: <p>\n'],
  },
  {
    name: 'a heading names the first fence below it only',
    text: `### card.html\n\nThe page.\n\n${F}html\n<p>\n${F}\n\nTo embed it:\n\n${F}html\n<iframe>\n${F}\n`,
    files: ['card.html: <p>\n'],
  },
  {
    name: 'a heading of another language names nothing',
    text: `### styles.css\n\nUnchanged. The page:\n\n${F}html\n<p>\n${F}\n`,
    files: ['~index.html: <p>\n'],
  },
  { name: 'CRLF', text: `### a.html\r\n\r\n${F}html\r\n<p>\r\n</p>\r\n${F}\r\n`, files: ['a.html: <p>\n</p>\n'] },
  {
    name: 'the same name twice',
    text: `${F}css a.css\nold\n${F}\n${F}css a.css\nnew\n${F}`,
    files: ['a.css: new\n'],
    problems: /a\.css comes 2 times/,
  },
  { name: 'the same name, the last one cut', text: `${F}css a.css\nold\n${F}\n${F}css a.css\nne`, files: ['a.css: old\n'] },
  {
    name: 'examples beside names',
    text: `${F}bash\nnpm i\n${F}\n### a.html\n${F}html\nA\n${F}\nUse it:\n${F}html\n<x-a>\n${F}\n${F}json\n{}\n${F}`,
    files: ['a.html: A\n'],
  },
  {
    name: 'a fragment for a file never replaces it',
    text: `### a.html\n${F}html\nwhole\n${F}\nAdd this to \`a.html\` if you like:\n${F}html\nbit\n${F}`,
    files: ['a.html: whole\n'],
  },
  {
    name: 'a mention never replaces what is stated',
    text: `### a.html\n${F}html\nwhole\n${F}\nNow see \`a.html\` again:\n${F}html\nbit\n${F}`,
    files: ['a.html: whole\n'],
  },
  { name: 'a line about another file', text: `Put this beside \`index.html\`:\n${F}css\nA\n${F}`, files: ['~styles.css: A\n'] },
  { name: 'a product is not a file', text: `### Vue.js\n${F}js\nA\n${F}`, files: ['~script.js: A\n'] },
  {
    name: 'shell, output and data are no files beside code',
    text: `${F}sh\nnpm i\n${F}\n${F}html\n<p>\n${F}\n${F}json\n{"a":1}\n${F}\n${F}text\nout\n${F}`,
    files: ['~index.html: <p>\n'],
  },
  {
    name: 'one language each',
    text: `${F}html\n<link rel="stylesheet" href="./theme.css">\n${F}\n${F}css\np{}\n${F}`,
    files: ['~index.html: <link rel="stylesheet" href="./theme.css">\n', '~theme.css: p{}\n'],
  },
  { name: 'data alone is the file', text: `${F}json\n{"a":1}\n${F}`, files: ['~data.json: {"a":1}\n'] },
  { name: 'a named script is a file', text: `${F}bash setup.sh\nls\n${F}`, files: ['setup.sh: ls\n'] },
  { name: 'only commands', text: `Run:\n${F}bash\nnpm i\n${F}`, files: [], problems: /no code/ },
  { name: 'a patch', text: `### a.html\n${F}diff\n--- a/a.html\n+++ b/a.html\n${F}`, files: [], problems: /patch/ },
  {
    name: 'no language',
    text: `${F}\n<!doctype html>\n<p>\n</html>\n${F}`,
    files: ['~index.html: <!doctype html>\n<p>\n</html>\n'],
  },
  { name: 'last draft wins', text: `${F}html\nfirst\n${F}\nBetter:\n${F}html\nsecond\n${F}`, files: ['~index.html: second\n'] },
  {
    name: 'a late fragment loses',
    text: `${F}html\n${page}${page}${F}\nSuch as:\n${F}html\n<b>\n${F}`,
    files: [`~index.html: ${page}${page}`],
  },
  {
    name: 'page without an end',
    text: `${F}html\n<!doctype html>\n<p>\n${F}`,
    files: ['~index.html: <!doctype html>\n<p>\n'],
    problems: /no <\/html>/,
  },
  {
    name: 'hostile names are kept as written',
    text: `${F}html ../../etc/x.html\nA\n${F}\n${F}js file="C:\\\\x.js"\nB\n${F}\n### .git/config\n${F}ini\nC\n${F}`,
    files: ['../../etc/x.html: A\n', 'C:\\\\x.js: B\n', '.git/config: C\n'],
  },
  { name: 'a leading ./ is taken off', text: `${F}html ./a.html\nA\n${F}`, files: ['a.html: A\n'] },
  { name: 'empty fences are nothing', text: `${F}\n${F}\n${F}html\n<p>\n${F}\n${F}\n`, files: ['~index.html: <p>\n'] },
  { name: 'code: one fence', text: `Changed.\n${F}ts\nlet a;\n${F}`, files: ['~a.ts: let a;\n'], options: code('a.ts') },
  {
    name: 'code: the right language',
    text: `${F}css\np {}\n${F}\n${F}ts\nlet a;\n${F}\n${F}sh\ntsc\n${F}`,
    files: ['~a.ts: let a;\n'],
    options: code('a.ts'),
  },
  {
    name: 'code: by name, with a new file',
    text: `### lib/a.ts\n${F}ts\nA\n${F}\n### b.ts\n${F}ts\nBB\n${F}`,
    files: ['a.ts: A\n', 'b.ts: BB\n'],
    options: code('a.ts'),
  },
  {
    name: 'code: usage after the code',
    text: `${F}ts\nconst whole = 1;\nexport default whole;\n${F}\nUse:\n${F}ts\nwhole\n${F}`,
    files: ['~a.ts: const whole = 1;\nexport default whole;\n'],
    options: code('a.ts'),
  },
  {
    name: 'code: bare',
    text: 'const a = 1;\nexport { a };\n',
    files: ['~a.ts: const a = 1;\nexport { a };\n'],
    options: code('a.ts'),
  },
  {
    name: 'code: refused in words',
    text: 'I will not change this code, because it is right as it is.',
    files: [],
    options: code('a.ts'),
    problems: /no code/,
  },
  { name: 'code: shell is the language', text: `${F}bash\nls\n${F}`, files: ['~a.sh: ls\n'], options: code('a.sh') },
  { name: 'code: a patch', text: `${F}diff\n-a\n+b\n${F}`, files: [], options: code('a.ts'), problems: /patch/ },
  {
    name: 'code: another language',
    text: `${F}python\nx = 1\n${F}`,
    files: ['~a.ts: x = 1\n'],
    options: code('a.ts'),
    problems: /is in python/,
  },
  { name: 'code: no source', text: `${F}ts\nlet a;\n${F}`, files: ['~script.ts: let a;\n'], options: { kind: 'code' } },
];

const optionsOf = (options?: Partial<ExtractOptions>): ExtractOptions => ({ kind: 'design', finished: true, ...options });

for (const { name, text, files, options, problems, prose } of CASES) {
  test(`answer to files: ${name}`, () => {
    const artifact = extractFiles(text, optionsOf(options));
    const shown = artifact.files.map(
      (file) => `${file.complete ? '' : '!'}${file.named ? '' : '~'}${file.name}: ${file.content}`,
    );
    assert.deepEqual(shown, files);
    if (problems) assert.match(artifact.problems.join('\n'), problems);
    else if (files.length > 0 && !shown.some((line) => line.startsWith('!')))
      assert.deepEqual(
        artifact.problems.filter((p) => /not whole|no code/.test(p)),
        [],
      );
    if (prose) assert.match(artifact.prose, prose);
    assert.equal(artifact.files.filter(({ replaces }) => replaces).length, options?.kind === 'code' && files.length > 0 ? 1 : 0);
  });
}

test('every prefix of every answer is read without a throw, and reading it leaves no trace on the whole', () => {
  for (const { name, text, options } of CASES) {
    const whole = extractFiles(text, optionsOf(options));
    for (let length = 0; length <= text.length; length += 1) {
      const artifact = extractFiles(text.slice(0, length), { ...optionsOf(options), finished: false });
      for (const file of artifact.files) assert.ok(file.content.length <= text.length + 1, name);
    }
    assert.deepEqual(extractFiles(text, optionsOf(options)), whole, name);
  }
});

test('a name never flickers while it streams', () => {
  const text = `### src/App.tsx\n\n${F}tsx\n// x\nlet a;\n${F}\n${F}css styles/main.css\np {}\n${F}\n${F}js\n// lib/util.js\nx\n${F}\n`;
  const seen = new Set<string>();
  for (let length = 0; length <= text.length; length += 1) {
    for (const { name, named } of extractFiles(text.slice(0, length), { kind: 'design', finished: false }).files)
      if (named) seen.add(name);
  }
  assert.deepEqual([...seen], ['src/App.tsx', 'styles/main.css', 'lib/util.js']);
});

test('a closing fence that is half there is not code', () => {
  for (const tail of ['`', '``', '  ``']) {
    const [file] = extractFiles(`${F}html\n<p>\n${tail}`, { kind: 'design', finished: false }).files;
    assert.equal(file?.content, '<p>\n');
  }
});

const PIECES = [
  F,
  `${F}\``,
  '~~~',
  '\n',
  '\r\n',
  'html',
  'css',
  ' index.html',
  '### a.css\n',
  '**b.js**',
  '=== c.ts ===\n',
  '=== end ===',
  '<!doctype html>',
  '</html>',
  '<html>',
  '  ',
  '- ',
  '1. ',
  '`x.html`',
  ':',
  '// d.js\n',
  '../e.html',
  'text ',
  '{}',
  '-->',
  '<!-- f.html',
  '\t',
  '\uFEFF',
  '\u0000',
  '😀',
  'diff',
  'markdown',
  'File: ',
];

test('random answers: never a throw, the same result each time, all content from the text', () => {
  const answer = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(answer, fc.constantFrom('design' as const, 'code' as const), fc.boolean(), (text, kind, finished) => {
      const options: ExtractOptions = { kind, finished, sourceName: 'a.ts' };
      const artifact = extractFiles(text, options);
      assert.deepEqual(extractFiles(text, options), artifact);
      for (const file of artifact.files) {
        assert.ok(file.name.length > 0);
        for (const line of file.content.split('\n')) assert.ok(text.includes(line.trim()));
        assert.ok(!file.content.includes('\r\n'));
      }
      assert.equal(new Set(artifact.files.map(({ name }) => name)).size, artifact.files.length);
    }),
    { seed: 20261122, numRuns: 4000 },
  );
});

test('hostile megabytes end', () => {
  // Not timed: a rule that looks back over the text would not end within the test runner's patience.
  const size = 500_000;
  const units = [
    F,
    `${F}\n`,
    `${F}js\n${F}js\n${F}\n`,
    `${F}a/`,
    '### a.html\n',
    '<html',
    '<html>\n',
    '</html ',
    '=== a.b ===\n',
    '`a.b` ',
    '**',
    '# ',
    ' ',
    '\n \n',
    'x',
    '~~~\n',
    `${F}css a.css\n`,
    '-',
    '=',
    '(',
    '[',
    'a.',
    '"',
    '{"html":"<a>\\n",',
    '*** Add File: a.css\n',
    '// a.css\nx\n',
    'cat > a.css << E\n',
    `${F}css\na{}${F}\n`,
    '*** Update File: a.css\n@@\n-a\n+b\n',
  ];
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(size / unit.length));
    for (const finished of [true, false]) {
      const { files, problems } = extractFiles(text, { kind: 'code', finished, sourceName: 'a.css' });
      assert.ok(files.length <= 200 && problems.length <= 20);
    }
    extractFiles(`${F}html ${text}`, { kind: 'design', finished: true });
    extractFiles(`${F}html\n<html>${text}`, { kind: 'design', finished: true });
  }
});
