/**
 * Builds dist/: the extension, the command line and the panel's page, each one file, and the runtimes of previews. Modules that are needed
 * only at first use (the product behind what activation registers; the two SDKs, the price list, the compilers) become files of their own:
 * an `import()` of one of them is turned into a `require` of its bundle, so that activation reads none of them. dist/ is CommonJS because the extension host loads it with `require`.
 *
 *   node scripts/node24.mjs esbuild.js [--production] [--watch]
 *
 * --production: minified, without source maps, and with the licences of what was bundled. --watch: builds again at every change.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, context } from 'esbuild';
import { inFrame } from './scripts/inFrame.mjs';
import { runtimeOptions } from './scripts/runtimes.mjs';
import { RUNTIMES } from './src/shared/preview.ts';

const ROOT = dirname(fileURLToPath(import.meta.url));
const OUT = join(ROOT, 'dist');
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** Loaded at first use, each from its own bundle of the same name. */
const LAZY = [
  'src/shell/product.ts',
  'src/core/providers/openaiSdk.ts',
  'src/core/providers/anthropicSdk.ts',
  'src/core/money/genaiPrices.ts',
  'src/core/report/share.ts',
  'src/core/preview/compileScript.ts',
  'src/core/preview/compileVue.ts',
  'src/core/preview/compileSvelte.ts',
];

/** What Vue's compiler for browsers has been bundled with already, so that no bundle of ours names it. */
const INSIDE_VUE = [
  '@babel/parser',
  'entities',
  'estree-walker',
  'magic-string',
  'nanoid',
  'picocolors',
  'postcss',
  'source-map-js',
];

/** @type {import('esbuild').Plugin} */
const lazyBundles = {
  name: 'lazy-bundles',
  setup(builder) {
    const lazy = new Set(LAZY.map((file) => join(ROOT, file)));
    builder.onResolve({ filter: /^\./ }, (args) => {
      const target = resolve(args.resolveDir, args.path);
      if (!lazy.has(target) || args.kind === 'entry-point') return undefined;
      if (args.kind === 'dynamic-import') return { path: `./${basename(target, '.ts')}.js`, external: true };
      return { errors: [{ text: `${args.path} is loaded at first use: import() it here, or use "import type".` }] };
    });
  },
};

let building = 0;

/**
 * Tells a task runner when all bundles are up to date.
 * @type {import('esbuild').Plugin}
 */
const announce = {
  name: 'announce',
  setup(builder) {
    builder.onStart(() => {
      if (building++ === 0) console.log('[watch] build started');
    });
    builder.onEnd(() => {
      if (--building === 0) console.log('[watch] all built');
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
  outdir: OUT,
  plugins: watch ? [announce] : [],
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // The extension host and `require.cache` know modules by require, also those loaded late.
  supported: { 'dynamic-import': false },
  logOverride: { 'empty-import-meta': 'error' },
  plugins: [lazyBundles, ...(common.plugins ?? [])],
};

/** Vue's compiler for browsers is one file; that for Node looks for a dozen template engines. */
const SINGLE_FILE_VUE = { alias: { 'vue/compiler-sfc': '@vue/compiler-sfc/dist/compiler-sfc.esm-browser.js' } };

/** The bundles of the shell may import `vscode`; the others fail to build if they do. */
const inEditor = (/** @type {string} */ file) => (file.startsWith('src/shell/') ? { external: ['vscode'] } : {});

const BUNDLES = /** @type {import('esbuild').BuildOptions[]} */ ([
  { ...node, ...inEditor('src/shell/extension.ts'), entryPoints: { extension: 'src/shell/extension.ts' } },
  { ...node, entryPoints: { previewThread: 'src/shell/previewThread.ts' } },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  ...LAZY.map((file) => ({ ...node, ...SINGLE_FILE_VUE, ...inEditor(file), entryPoints: { [basename(file, '.ts')]: file } })),
  ...RUNTIMES.map((id) => ({ ...common, ...runtimeOptions(id) })),
  {
    ...common,
    entryPoints: { webview: 'src/webview/main.tsx' },
    platform: 'browser',
    format: 'iife',
    target: 'chrome140',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    assetNames: '[name]',
    loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'dataurl' },
    plugins: [inFrame, ...(common.plugins ?? [])],
    define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
  },
]);

if (!process.features.typescript) {
  console.error(`The build needs Node 24; this is ${process.versions.node}. Run "npm run build", which finds one.`);
  process.exit(1);
}
if (watch) {
  prepare();
  await recordSamples();
  for (const bundle of await Promise.all(BUNDLES.map((options) => context(options)))) await bundle.watch();
} else {
  rmSync(OUT, { recursive: true, force: true });
  prepare();
  const results = await Promise.allSettled(BUNDLES.map((options) => build(options)));
  await recordSamples();
  // What is wrong has been printed already, with file and line.
  if (results.some((result) => result.status === 'rejected')) process.exit(1);
  writeNotices(
    results.flatMap((result) => (result.status === 'fulfilled' ? Object.keys(result.value.metafile?.inputs ?? {}) : [])),
  );
}

function prepare() {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'package.json'), '{"type":"commonjs"}\n');
}

/** The wire bytes that the sample models play, made from their written answers. */
async function recordSamples() {
  const script = await import(pathToFileURL(join(ROOT, 'scripts/record-samples.mjs')).href);
  await script.recordSamples(join(OUT, 'samples'));
}

/**
 * The licence of each package that is in a bundle, as most of them ask for.
 *
 * @param {readonly string[]} inputs
 */
function writeNotices(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const match = /^(?<folder>(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(
      relative(ROOT, resolve(ROOT, input)).replaceAll('\\', '/'),
    );
    if (match?.groups) packages.add(match.groups.folder);
  }
  for (const inside of INSIDE_VUE) packages.add(join('node_modules', inside).replaceAll('\\', '/'));
  const notices = [...packages].sort().map((folder) => {
    const about = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(ROOT, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file && existsSync(join(ROOT, folder, file)) ? readFileSync(join(ROOT, folder, file), 'utf8').trim() : '';
    return `${about.name} ${about.version} (${about.license})\n\n${text}`;
  });
  writeFileSync(join(OUT, 'third-party-notices.txt'), `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
