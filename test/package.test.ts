/**
 * What is in second-thought.vsix, the file a person installs: all it needs to run, and nothing that was only needed to make it. Run
 * `npm run package` first. Prints the sizes.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { VSIX } from '../scripts/build.ts';

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly packedSize: number;
  read(): Buffer;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** The entries of a zip file, from its central directory (APPNOTE.TXT 4.3.12 and 4.3.16); enough for a file without zip64. */
function readZip(file: string): Entry[] {
  const bytes = readFileSync(file);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  assert.ok(end >= 0, 'not a zip file');
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < bytes.readUInt16LE(end + 10); index++) {
    assert.equal(bytes.readUInt32LE(at), DIRECTORY_ENTRY);
    const method = bytes.readUInt16LE(at + 10);
    const packedSize = bytes.readUInt32LE(at + 20);
    const nameLength = bytes.readUInt16LE(at + 28);
    const header = bytes.readUInt32LE(at + 42);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      size: bytes.readUInt32LE(at + 24),
      packedSize,
      read: () => {
        const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
        const packed = bytes.subarray(start, start + packedSize);
        return method === 0 ? packed : inflateRawSync(packed);
      },
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

assert.ok(existsSync(VSIX), 'there is no second-thought.vsix: run npm run package');
const entries = readZip(VSIX);
const names = entries.map((entry) => entry.name.replace(/^extension\//, ''));
const has = (name: string) => names.some((other) => other.toLowerCase() === name.toLowerCase());
const textOf = (name: string) =>
  entries
    .find((entry) => entry.name === `extension/${name}`)
    ?.read()
    .toString('utf8') ?? '';

const BUNDLES = [
  'extension.js',
  'product.js',
  'cli.js',
  'openaiSdk.js',
  'anthropicSdk.js',
  'genaiPrices.js',
  'share.js',
  'compileScript.js',
  'compileVue.js',
  'compileSvelte.js',
  'previewThread.js',
  'runtime-tailwind.js',
  'runtime-react.js',
  'runtime-vue.js',
  'runtime-svelte.js',
  'webview.js',
];

/** Everything that may be in the package; vsce writes the first two and names README and LICENSE its own way. */
const ALLOWED = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^(package\.json|readme\.md|changelog\.md|license(\.txt|\.md)?)$/i,
  new RegExp(`^dist/(${BUNDLES.join('|').replaceAll('.', '[.]')})$`),
  /^dist\/(package\.json|third-party-notices\.txt|webview\.css|codicon\.(ttf|css))$/,
  /^dist\/samples\/[\w.-]+\.(sse|json|txt)$/,
  /^media\/(icon\.(svg|png)|activity\.svg|walkthrough\/[\w-]+\.(md|svg|png)|samples\/NOTICE\.md)$/,
  /^media\/samples\/workspace\/[\w./-]+$/,
];

test('holds nothing but what it needs', () => {
  assert.deepEqual(
    names.filter((name) => !ALLOWED.some((pattern) => pattern.test(name))),
    [],
  );
  const development = names.filter((name) =>
    /\.map$|(^|\/)(node_modules|test|tests|scripts|\.vscode|\.ci)\/|\.tsx$|tsconfig|esbuild\.js|biome\.json/.test(name),
  );
  assert.deepEqual(development, []);
});

test('holds everything it needs', () => {
  const needed = [
    'package.json',
    'readme.md',
    'changelog.md',
    'dist/package.json',
    'dist/webview.css',
    ...BUNDLES.map((name) => `dist/${name}`),
  ];
  assert.deepEqual(
    needed.filter((name) => !has(name)),
    [],
  );
  assert.ok(names.some((name) => /^license/i.test(name)));
  assert.ok(
    names.some((name) => name.startsWith('dist/samples/')),
    'the recordings of the samples',
  );
  assert.ok(
    names.some((name) => name === 'media/samples/workspace/pricing-card.md'),
    'the tasks of the samples',
  );
});

test('no file points at a source map or at the machine that built it', () => {
  for (const name of BUNDLES) {
    const text = textOf(`dist/${name}`);
    // A compiler writes such comments into what it compiles, in templates of many lines: only a file's last line is its own.
    assert.ok(!/\n\/[/*][#@] sourceMappingURL=[^\n]*$/.test(text.trimEnd()), `${name} names a source map`);
    assert.ok(!text.includes(process.cwd()), `${name} holds a path of this machine`);
  }
});

test('what activation reads is small', () => {
  const { size } = entries.find(({ name }) => name === 'extension/dist/extension.js') ?? { size: Number.NaN };
  assert.ok(size <= 20 * 1024, `${size} bytes`);
});

test('the bundles of the shell hold no SDK, no price list, no report and no compiler', () => {
  const text = textOf('dist/extension.js') + textOf('dist/product.js');
  // Texts that each package cannot do without and minifying keeps.
  const marks = {
    openai: 'OPENAI_BASE_URL',
    anthropic: 'ANTHROPIC_BASE_URL',
    prices: 'input_mtok',
    report: 'What each of the two really received',
    sucrase: 'Error transforming ',
    vue: 'is required in a single file component',
    svelte: 'css_unused_selector',
  };
  const bundles = {
    openai: 'openaiSdk.js',
    anthropic: 'anthropicSdk.js',
    prices: 'genaiPrices.js',
    report: 'share.js',
    sucrase: 'compileScript.js',
    vue: 'compileVue.js',
    svelte: 'compileSvelte.js',
  };
  for (const key of ['openai', 'anthropic', 'prices', 'report', 'sucrase', 'vue', 'svelte'] as const) {
    assert.ok(textOf(`dist/${bundles[key]}`).includes(marks[key]), `the mark of ${key} is not in its own bundle: choose another`);
    assert.ok(!text.includes(marks[key]), `${key} is in extension.js or product.js`);
  }
});

test('sizes', (context) => {
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  context.diagnostic(`second-thought.vsix: ${kib(statSync(VSIX).size)}, ${entries.length} files`);
  for (const entry of entries.filter(({ name }) => /\/dist\/[^/]+\.(js|css|ttf)$/.test(name))) {
    context.diagnostic(`${entry.name.replace('extension/', '')}: ${kib(entry.size)}, packed ${kib(entry.packedSize)}`);
  }
  assert.ok(statSync(VSIX).size < 5 * 1024 * 1024, 'the package has grown past 5 MiB');
});
