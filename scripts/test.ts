/**
 * `npm test`: everything that must hold before a change lands, in stages from quick to slow. Every stage runs even when one before it
 * failed, so that one run shows all. The last line is `N passed, N failed`; a check that is no test suite (the formatter, a type check)
 * counts as one. Exit code 0 only when nothing failed.
 *
 *   npm test                      all stages
 *   npm run check                 those that need no browser and no more than a minute
 *   npm test -- --only=unit,e2e   some
 */
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './browser.ts';
import { packageExtension } from './build.ts';
import { ROOT } from './install.mjs';
import { Failure, main, say, seconds } from './progress.mjs';
import { installWorkbench } from './workbench.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Stage {
  readonly id: string;
  readonly title: string;
  /** True for the stages of `npm run check`. */
  readonly quick?: true;
  run(): Promise<Counts>;
}

const OUT = join(ROOT, 'out', 'test');
const BIN = join(ROOT, 'node_modules');
const PASSED: Counts = { passed: 1, failed: 0, skipped: 0 };
const FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };

/** What the programs print goes through a pipe; they are told whether a terminal shows it in the end. */
const COLOUR = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined };

/** No stage may hang: these are several times what each takes on two busy cores. */
const MINUTE_MS = 60_000;

const STAGES: readonly Stage[] = [
  {
    id: 'lint',
    title: 'Format and lint',
    quick: true,
    run: () => program([join(BIN, '@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']),
  },
  {
    id: 'types',
    title: 'Types: extension, command line, tests',
    quick: true,
    run: () => program([join(BIN, 'typescript', 'bin', 'tsc'), '-p', '.']),
  },
  {
    id: 'page-types',
    title: 'Types: the panel page',
    quick: true,
    run: () => program([join(BIN, 'typescript', 'bin', 'tsc'), '-p', 'src/webview']),
  },
  {
    id: 'page-test-types',
    title: 'Types: the tests of the page',
    quick: true,
    run: () => program([join(BIN, 'typescript', 'bin', 'tsc'), '-p', 'test/webview']),
  },
  {
    id: 'house',
    title: 'Architecture and manifest',
    quick: true,
    run: () => nodeTests('house', ['test/architecture.test.ts', 'test/manifest.test.ts'], 2),
  },
  { id: 'unit', title: 'Unit and wire tests', quick: true, run: () => nodeTests('unit', unitFiles(), 4) },
  {
    id: 'thorough',
    title: 'Every cut, every fault, real processes',
    run: () => nodeTests('thorough', globSync('test/**/*.thorough.ts', { cwd: ROOT }), 8),
  },
  { id: 'package', title: 'Build and package', run: packageStage },
  { id: 'content', title: 'Content of the package', run: () => nodeTests('content', ['test/package.test.ts'], 2) },
  {
    id: 'page',
    title: 'The panel page in a browser',
    run: inBrowser(() => nodeTests('page', globSync('test/webview/*.page.ts', { cwd: ROOT }), 8)),
  },
  { id: 'host', title: 'In the extension host of a real VS Code', run: inBrowser(hostStage) },
  {
    id: 'e2e',
    title: 'In a real VS Code workbench',
    run: inBrowser(() => nodeTests('e2e', globSync('test/e2e/*.e2e.ts', { cwd: ROOT }), 20)),
  },
];

await main(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const stages = chosen(values.only);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const begun = performance.now();
  const results: { stage: Stage; counts: Counts; ms: number }[] = [];
  for (const stage of stages) {
    console.log(`\n── ${stage.title} ──`);
    const stageBegun = performance.now();
    const counts = await stage.run().catch((error: unknown) => {
      if (error instanceof Failure) say(`${error.output ?? ''}\n${error.message}\n${error.remedy}`);
      else console.error(error);
      return FAILED;
    });
    results.push({ stage, counts, ms: performance.now() - stageBegun });
  }
  console.log(`\n── Summary, ${seconds(performance.now() - begun)} ──`);
  for (const { stage, counts, ms } of results) {
    const mark = counts.failed > 0 ? '✗' : '✓';
    const failed = counts.failed > 0 ? `, ${counts.failed} FAILED` : '';
    console.log(`${mark} ${stage.title.padEnd(42)} ${String(counts.passed).padStart(5)} passed${failed}  ${seconds(ms)}`);
  }
  const sum = (key: keyof Counts) => results.reduce((total, { counts }) => total + counts[key], 0);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`);
});

function chosen(only: string | undefined): readonly Stage[] {
  if (only === undefined) return STAGES;
  if (only === 'check') return STAGES.filter((stage) => stage.quick);
  const ids = only.split(',');
  const unknown = ids.filter((id) => !STAGES.some((stage) => stage.id === id));
  if (unknown.length > 0) {
    throw new Failure(
      `There is no stage "${unknown.join('", "')}".`,
      `The stages are: ${STAGES.map((stage) => stage.id).join(', ')}; or check.`,
    );
  }
  return STAGES.filter((stage) => ids.includes(stage.id));
}

function unitFiles(): string[] {
  const elsewhere = new Set(['test/architecture.test.ts', 'test/manifest.test.ts', 'test/package.test.ts']);
  return globSync('test/**/*.test.ts', { cwd: ROOT }).filter((file) => !elsewhere.has(file.replaceAll('\\', '/')));
}

async function packageStage(): Promise<Counts> {
  await packageExtension();
  return PASSED;
}

/** Installing is a step of its own, with progress, so that no test waits for it. */
function inBrowser(run: () => Promise<Counts>): () => Promise<Counts> {
  return async () => {
    await ensureBrowser();
    return run();
  };
}

async function hostStage(): Promise<Counts> {
  await installWorkbench();
  const { code, output } = await spawnNode(['test/lab/host.ts'], 8 * MINUTE_MS);
  const line = /(?<passed>\d+) passed, (?<failed>\d+) failed, (?<skipped>\d+) skipped\s*$/.exec(output)?.groups;
  if (!line) return FAILED;
  return settled(code, { passed: Number(line.passed), failed: Number(line.failed), skipped: Number(line.skipped) });
}

/**
 * Runs test files with Node's own runner. No files, or no tests in them, is a failure: a suite that is not found must not pass.
 *
 * @param minutes the most the stage may take; half of it is the most one file may take
 */
async function nodeTests(id: string, files: readonly string[], minutes: number): Promise<Counts> {
  if (files.length === 0)
    throw new Failure(`No test files were found for "${id}".`, 'Their names end in .test.ts, .thorough.ts, .page.ts or .e2e.ts.');
  const counted = join(OUT, `${id}.json`);
  const args = ['--test', '--test-reporter=spec', '--test-reporter-destination=stdout'];
  args.push(`--test-reporter=${new URL('countReporter.mjs', import.meta.url).href}`, `--test-reporter-destination=${counted}`);
  // A file that hangs fails by itself, and the others are still run and counted.
  args.push(`--test-timeout=${(minutes * MINUTE_MS) / 2}`);
  // Node leaves one processor idle, which on two is half of them. Workbenches would get in each other's way.
  args.push(`--test-concurrency=${id === 'e2e' ? 1 : availableParallelism()}`);
  const { code } = await spawnNode([...args, ...files], minutes * MINUTE_MS);
  const counts = JSON.parse(readFileSync(counted, 'utf8') || '{}') as {
    passed?: number;
    failed?: number;
    cancelled?: number;
    skipped?: number;
  };
  const { passed = 0, failed = 0, cancelled = 0, skipped = 0 } = counts;
  return settled(passed + failed + cancelled + skipped === 0 ? 1 : code, { passed, failed: failed + cancelled, skipped });
}

/** A program that failed without a failed test still failed. */
function settled(code: number, counts: Counts): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function program(args: readonly string[]): Promise<Counts> {
  const { code } = await spawnNode(args, 5 * MINUTE_MS);
  return code === 0 ? PASSED : FAILED;
}

/** Runs Node with its output shown and kept. */
function spawnNode(args: readonly string[], limitMs: number): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      env: { ...process.env, ...COLOUR, NODE_TEST_CONTEXT: undefined },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal) console.error(`stopped by ${signal} after ${seconds(limitMs)} at most`);
      resolve({ code: code ?? 1, output });
    });
  });
}
