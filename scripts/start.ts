/**
 * `npm start`: shows the extension to someone who has just cloned it. It builds, then begins the sample comparison where the person
 * can see it: in a desktop VS Code, in a VS Code served on loopback, or in the terminal. Everything happens in a throw-away profile
 * on a copy of the sample workspace; nothing of the person's own VS Code, files, keys or ledger is touched.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { findOnPath } from './browser.ts';
import { buildBundles, packageExtension, VSIX } from './build.ts';
import { ROOT } from './install.mjs';
import { Failure, main, say, step } from './progress.mjs';
import { chooseOpening, hasDisplay, isAtLeast, mayUseDesktopCode } from './situation.ts';
import { installExtension, installWorkbench, isWorkbenchInstalled, makeProfile, QUIET_SETTINGS, serve } from './workbench.ts';

const SAMPLES = join(ROOT, 'media', 'samples', 'workspace');
const LAUNCHER = join(ROOT, 'scripts', 'launcher');
const SPEC = 'pricing-card.md';
const USUAL_PORT = 3117;

const interactive = process.stdin.isTTY === true;
const trial = mkdtempSync(join(tmpdir(), 'second-thought-start-'));
process.on('exit', () => rmSync(trial, { recursive: true, force: true, maxRetries: 3 }));
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
let stopped = false;
const interrupted = once(process, 'SIGINT').then(() => {
  stopped = true;
});

await main(async () => {
  say('Second Thought: the same design spec to a fast and a reasoning model, side by side.');
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { vscode: string } };
  const leastVersion = engines.vscode.replace('^', '');
  const desktop = findDesktopCode();
  const { env, platform } = process;
  const opening = chooseOpening({ platform, env, interactive, leastVersion, ...(desktop && { desktop }) });
  if (desktop && hasDisplay({ platform, env }) && !isAtLeast(desktop.version, leastVersion)) {
    say(`The VS Code on PATH is ${desktop.version}; the extension needs ${leastVersion}. A newer one is served instead.`);
  }
  switch (opening) {
    case 'desktop':
      await buildUnlessInterrupted(buildBundles);
      await openDesktop(desktop?.path ?? 'code');
      return;
    case 'browser':
      await buildUnlessInterrupted(packageExtension);
      await serveWorkbench();
      return;
    case 'terminal-then-serve':
      await buildUnlessInterrupted(buildBundles);
      await compareInTerminal();
      if (await wantsWorkbench()) {
        await buildUnlessInterrupted(packageExtension);
        await serveWorkbench();
      }
      return;
    case 'terminal':
      await buildUnlessInterrupted(buildBundles);
      await compareInTerminal();
      say('To see it in VS Code, run npm start in a terminal or where there is a display.');
      return;
  }
});
process.exit();

/** Until something is open, Ctrl+C means: leave it. */
async function buildUnlessInterrupted(work: () => Promise<unknown>): Promise<void> {
  await Promise.race([work(), interrupted.then(() => process.exit(130))]);
}

/** The sample comparison on the command line, with its own live progress and table on this terminal. */
async function compareInTerminal(): Promise<void> {
  const workspace = join(trial, 'workspace');
  cpSync(SAMPLES, workspace, { recursive: true });
  say(`Comparing on ${SPEC}. Both answers come from scripted samples, not from models; no key, no network, no cost.\n`);
  const args = ['compare', join(workspace, SPEC), '--state', join(trial, 'state')];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'dist', 'cli.js'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (stopped) process.exit(130);
  if (code !== 0)
    throw new Failure(`The sample comparison ended with code ${code ?? 'none'}.`, 'The lines above say why. Please report it.');
}

async function wantsWorkbench(): Promise<boolean> {
  const price = isWorkbenchInstalled() ? '' : ' (installs a workbench: about 500 MB into .workbench/, a minute or more, once)';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = once(terminal, 'close').then(() => 'no');
  const answer = await Promise.race([terminal.question(`\nOpen it in VS Code, in your browser?${price} [Y/n] `), ended]);
  terminal.close();
  return !/^n/i.test(answer.trim());
}

/** A desktop VS Code with a profile of its own. Tried with a stand-in for `code` only. */
async function openDesktop(code: string): Promise<void> {
  const userData = join(trial, 'user');
  const workspace = join(trial, 'workspace');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify(QUIET_SETTINGS, null, 2));
  cpSync(SAMPLES, workspace, { recursive: true });
  const args = [
    ...['--new-window', '--wait', '--user-data-dir', userData, '--extensions-dir', join(trial, 'ext')],
    ...[`--extensionDevelopmentPath=${ROOT}`, `--extensionDevelopmentPath=${LAUNCHER}`],
    ...['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-telemetry'],
    // VS Code refuses to run as root without these two: a data folder of its own, and no sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    workspace,
  ];
  say('VS Code opens with the sample comparison. Close its window to end; the throw-away profile is then deleted.');
  // On Windows `code` is a batch file: it needs a shell, and its arguments quotes.
  const batch = process.platform === 'win32';
  const child = spawn(batch ? `"${code}"` : code, batch ? args.map((arg) => `"${arg}"`) : args, {
    shell: batch,
    stdio: 'inherit',
    env: { ...process.env, SECOND_THOUGHT_STATE: join(trial, 'state') },
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const result = await Promise.race([ended, interrupted]);
  if (result === undefined) child.kill();
  else if (result[0] !== 0) {
    throw new Failure(
      `${code} ended with code ${result[0] ?? 'none'}.`,
      'Take it off PATH to see the extension in a browser instead.',
    );
  }
}

/** A real VS Code on loopback, until Ctrl+C. */
async function serveWorkbench(): Promise<void> {
  const served = await Promise.race([prepareWorkbench(), interrupted.then(() => process.exit(130))]);
  say(`\nVS Code with Second Thought:  ${served.address}`);
  if (process.env.SSH_CONNECTION)
    say(`From your own machine:  ssh -L ${served.port}:127.0.0.1:${served.port} THIS-HOST  then open that address.`);
  if (hasDisplay(process) || process.env.BROWSER) openInBrowser(served.address);
  say('It listens on this machine only and asks for no password. Ctrl+C ends it and deletes the throw-away profile.');
  const outcome = await Promise.race([served.ended.then(() => 'died'), interrupted.then(() => 'asked')]);
  await served.stop();
  if (outcome === 'died') throw new Failure('The workbench ended by itself.', 'Run npm start again.');
  say('\nEnded.');
}

async function prepareWorkbench() {
  const workbench = await installWorkbench();
  const profile = makeProfile(join(trial, 'profile'), { workspace: SAMPLES });
  await step('Starting VS Code', async (note) => {
    // A folder among the extensions is one of them, if it is there before the first is installed.
    cpSync(LAUNCHER, join(profile.extensions, 'second-thought.launcher-0.0.1'), { recursive: true });
    note('installing the extension');
    await installExtension(workbench, profile, VSIX);
  });
  return serve(workbench, profile, { preferredPort: USUAL_PORT, log: join(trial, 'server.log') });
}

function findDesktopCode(): { path: string; version: string } | undefined {
  if (!mayUseDesktopCode(process.env)) return undefined;
  for (const name of ['code', 'code-insiders']) {
    const path = findOnPath(name);
    if (!path) continue;
    try {
      const batch = process.platform === 'win32';
      const output = execFileSync(batch ? `"${path}"` : path, ['--version'], {
        encoding: 'utf8',
        shell: batch,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { path, version: output.split('\n')[0]?.trim() ?? '' };
    } catch {
      say(`${path} is on PATH but does not say its version; it is not used.`);
    }
  }
  return undefined;
}

/** Best effort: the address is printed in any case. */
function openInBrowser(address: string): void {
  const opener =
    process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer.exe' : (process.env.BROWSER ?? 'xdg-open');
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => say('No browser could be opened from here; open the address yourself.'));
  child.unref();
}
