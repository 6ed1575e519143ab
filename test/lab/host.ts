/**
 * Runs test/host/*.host.ts inside the extension host of a real VS Code, with the real `vscode` API, and reports as the other suites do.
 * The suites are bundled to one CommonJS file; the workbench loads it because the page's address names it, as a desktop does with
 * its test option. Run as a program it ends with exit code 0 when all passed.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ensureBrowser } from '../../scripts/browser.ts';
import { ROOT } from '../../scripts/install.mjs';
import { installWorkbench, makeProfile, serve } from '../../scripts/workbench.ts';
import { launch } from './workbench.ts';

export interface HostTest {
  readonly title: string;
  readonly durationMs?: number;
  readonly error?: string;
  readonly skipped?: true;
}

export interface HostOptions {
  /** The extension's folder, built. */
  readonly extension: string;
  readonly suites: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How long all suites together may take, in milliseconds, the start of the workbench included. */
  readonly limitMs?: number;
}

const OUT = join(ROOT, 'out', 'host');
const LIMIT_MS = 300_000;

/** Throws when there is no result at all: the workbench did not start, or the suites did not end. */
export async function runHostTests(options: HostOptions): Promise<readonly HostTest[]> {
  const browserPath = await ensureBrowser();
  const installed = await installWorkbench();
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const entry = join(OUT, 'index.cjs');
  await bundle(options.suites, entry);
  const report = join(OUT, 'report.json');
  const profile = makeProfile(join(OUT, 'profile'), options);
  const server = await serve(installed, profile, {
    testDriver: true,
    log: join(OUT, 'server.log'),
    env: { ...options.env, SECOND_THOUGHT_TEST_REPORT: report },
  });
  const browser = await launch(browserPath).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  try {
    const page = await browser.newPage();
    // The workbench calls these two functions of its window: what the tests print, and their result.
    const ended = new Promise<void>((resolve) => void page.exposeFunction('codeAutomationExit', () => resolve()));
    await page.exposeFunction('codeAutomationLog', () => undefined);
    const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(options.extension)],
      ['extensionTestsPath', remote(entry)],
    ];
    await page.goto(`${server.address}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    const limitMs = options.limitMs ?? LIMIT_MS;
    await Promise.race([ended, delay(limitMs, undefined, { ref: false })]);
    if (!existsSync(report)) {
      await page.screenshot({ path: join(OUT, 'failure.png') });
      throw new Error(`no result after ${limitMs / 1000} s at most: see failure.png and server.log in ${OUT}`);
    }
    return JSON.parse(readFileSync(report, 'utf8')) as HostTest[];
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function bundle(suites: readonly string[], outfile: string): Promise<void> {
  await build({
    entryPoints: [join(ROOT, 'test', 'lab', 'mochaEntry.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    logLevel: 'warning',
    // Mocha is found in node_modules from out/ upwards.
    external: ['vscode', 'mocha'],
    plugins: [
      {
        name: 'suites',
        setup(builder) {
          builder.onResolve({ filter: /^suites$/ }, () => ({ path: 'suites', namespace: 'suites' }));
          builder.onLoad({ filter: /.*/, namespace: 'suites' }, () => ({
            contents: suites.map((file) => `import ${JSON.stringify(file)};`).join('\n'),
            resolveDir: ROOT,
          }));
        },
      },
    ],
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const suites = globSync('test/host/*.host.ts', { cwd: ROOT }).map((file) => join(ROOT, file));
  const tests = await runHostTests({ extension: ROOT, suites, workspace: join(ROOT, 'media', 'samples', 'workspace') });
  for (const { title, durationMs, error, skipped } of tests) {
    console.log(error ? `✖ ${title}\n  ${error}` : skipped ? `﹣ ${title}` : `✔ ${title} (${durationMs ?? 0}ms)`);
  }
  const failed = tests.filter((test) => test.error !== undefined).length;
  const skipped = tests.filter((test) => test.skipped).length;
  console.log(`${tests.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 || tests.length === 0 ? 1 : 0);
}
