/**
 * The panel's page in a real Chromium, alone: its bundle, its content security policy, the theme variables of VS Code, and a host
 * made of `send` (a message to the page) and `posted` (what the page said).
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { inFrame } from '../../scripts/inFrame.mjs';
import type { ToHost, ToWebview } from '../../src/shared/protocol.ts';
import { THEMES, type ThemeName } from './themes.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** An installed browser: `CHROMIUM`, Debian's, or one that playwright finds. */
export async function launch(): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (file) => file && existsSync(file),
  );
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch(executablePath ? { executablePath, args } : { channel: 'chrome', args });
}

export interface Harness {
  open(options?: OpenOptions): Promise<Panel>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Size of the workbench's font in pixels. */
  readonly fontPx?: number;
  readonly forcedColors?: boolean;
  readonly reducedMotion?: boolean;
}

export interface Panel {
  readonly page: Page;
  /** Sends one message as the host would, and waits until two frames were drawn. */
  send(message: ToWebview): Promise<void>;
  /** Everything the page said since it was opened or last asked. */
  posted(): Promise<ToHost[]>;
  /** Violations of the policy and errors of scripts. */
  readonly faults: string[];
}

/**
 * Builds the page once, as the product does, and serves it on loopback.
 *
 * @param entry another program in the page's place, under the same policy
 */
export async function startHarness(entry = 'src/webview/main.tsx'): Promise<Harness> {
  const bundle = await build({
    absWorkingDir: ROOT,
    entryPoints: { webview: entry },
    outdir: path.join(ROOT, 'dist'),
    assetNames: '[name]',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    plugins: [inFrame],
  });
  const files = new Map(bundle.outputFiles.map((file) => [`/${path.basename(file.path)}`, file.contents]));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = files.get(url.pathname);
    if (url.pathname === '/') return response.setHeader('content-type', 'text/html').end(pageHtml(url.searchParams));
    if (!file) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[path.extname(url.pathname)] ?? 'application/octet-stream').end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP, so it has a port
  const browser = await launch();
  return {
    open: (options) => openPanel(browser, `http://127.0.0.1:${port}/`, options ?? {}),
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

async function openPanel(browser: Browser, address: string, options: OpenOptions): Promise<Panel> {
  const { theme = 'dark', width = 1280, height = 800, fontPx = 13 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    ignoreHTTPSErrors: true, // the tests' own listeners sign for themselves
    forcedColors: options.forcedColors ? 'active' : 'none',
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  await page.goto(`${address}?theme=${theme}&font=${fontPx}`);
  return {
    page,
    faults,
    async send(message) {
      await page.evaluate(async (data) => {
        window.postMessage(data, '*');
        await new Promise((resolve) => setTimeout(resolve));
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }, message);
    },
    posted: () => page.evaluate(() => Reflect.get(window, 'posted').splice(0)),
  };
}

/** The document as the extension writes it, with the same policy. */
function pageHtml(query: URLSearchParams): string {
  const theme = THEMES[(query.get('theme') ?? 'dark') as ThemeName]; // a name this file was given by a test
  const nonce = randomBytes(8).toString('hex');
  const policy = `default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; script-src 'nonce-${nonce}'`;
  const variables = Object.entries({ ...theme.variables, 'font-size': `${query.get('font')}px` })
    .map(([name, value]) => `--vscode-${name}: ${value.replaceAll('"', '&quot;')};`)
    .join('');
  return `<!DOCTYPE html>
<html lang="en" style="${variables}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/webview.css" id="vscode-codicon-stylesheet">
<link rel="icon" href="data:,">
<script nonce="${nonce}">
  window.posted = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => { window.posted.push(message); },
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state) => { sessionStorage.setItem('state', JSON.stringify(state)); },
  });
</script>
</head>
<body class="${theme.bodyClass}" data-vscode-theme-kind="${theme.bodyClass.split(' ').at(-1)}">
<div id="app"></div>
<script nonce="${nonce}" src="/webview.js"></script>
</body>
</html>`;
}

/** A text file of the project. */
export const readProjectFile = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
