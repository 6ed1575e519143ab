/**
 * A real VS Code without a desktop: code-server's workbench, server and Node extension host from npm, served on loopback. `npm start`
 * shows it to a person, the tests drive it. It lives in .workbench/, apart from the extension's own packages. Nothing is compiled:
 * without its two native extras it writes no log files and does not notice the death of its parent, so it is stopped as a group here.
 * Linux x64 is tried; Linux arm64 and macOS are not, and on Windows code-server itself promises nothing.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { npm, ROOT } from './install.mjs';
import { findNode } from './node24.mjs';
import { Failure, run, step } from './progress.mjs';

const CACHE = join(ROOT, '.workbench');
const PINS = join(ROOT, 'scripts', 'workbench');
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 5_000;
const INSTALL_REMEDY = 'Check the network and free disk (600 MB), then run the same command again: it begins afresh.';

/** An installed workbench: the Node that runs it and its entry file. */
export interface InstalledWorkbench {
  readonly node: string;
  readonly entry: string;
}

/** The folders of one throw-away profile. */
export interface Profile {
  readonly root: string;
  readonly userData: string;
  readonly extensions: string;
  readonly workspace: string;
  readonly home: string;
}

export interface ServeOptions {
  /** Taken if free; another free one otherwise. */
  readonly preferredPort?: number;
  /** Lets a page name tests to run in the extension host. */
  readonly testDriver?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the server's output goes. */
  readonly log: string;
}

export interface ServedWorkbench {
  readonly origin: string;
  readonly port: number;
  /** The address that opens the profile's workspace. */
  readonly address: string;
  /** Settles when the server ended, by whatever cause. */
  readonly ended: Promise<void>;
  /** Ends the server and all its children. */
  stop(): Promise<void>;
}

/** True when {@link installWorkbench} would have nothing to do. */
export function isWorkbenchInstalled(): boolean {
  return existsSync(entryIn(target()));
}

/**
 * Installs the workbench into .workbench/ unless it is there. The folder gets its name only when it is whole, so an interrupted
 * installation leaves nothing half-made, and two at once end with one.
 */
export async function installWorkbench(): Promise<InstalledWorkbench> {
  const node = findNode(24);
  const folder = target();
  if (!existsSync(entryIn(folder))) {
    await step('Installing the VS Code workbench (500 MB into .workbench/, one to five minutes, once)', async (note) => {
      clearLeftovers();
      const making = `${folder}.${process.pid}.part`;
      mkdirSync(making, { recursive: true });
      for (const file of ['package.json', 'package-lock.json']) cpSync(join(PINS, file), join(making, file));
      const vscode = join(making, 'node_modules', 'code-server', 'lib', 'vscode');
      note('1 of 3: the server');
      await npm(['ci'], making, INSTALL_REMEDY);
      note('2 of 3: its modules');
      // Not `npm ci`, which finds its shrinkwrap incomplete (a peer of a development package); versions come from that shrinkwrap.
      await npm(['install', '--omit=dev', '--omit=optional'], vscode, INSTALL_REMEDY);
      note('3 of 3: the built-in extensions');
      await npm(['ci', '--omit=dev', '--omit=optional'], join(vscode, 'extensions'), INSTALL_REMEDY);
      await run(node, [entryIn(making), '--version'], {
        env: bareEnvironment(join(making, 'home')),
        remedy: `The installed workbench does not start with ${node}. ${INSTALL_REMEDY}`,
      });
      rmSync(join(making, 'home'), { recursive: true, force: true });
      if (existsSync(entryIn(folder))) rmSync(making, { recursive: true, force: true });
      else renameSync(making, folder);
    });
  }
  return { node, entry: entryIn(folder) };
}

/** Settings of a quiet window: nothing moves, asks or phones that is not the extension under view. */
export const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.panel.defaultVisibility': 'hidden',
  'window.commandCenter': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};

/** Makes a profile in an empty folder; the workspace is a copy, so that whatever happens in it harms nothing. */
export function makeProfile(
  root: string,
  options: { workspace?: string; settings?: Readonly<Record<string, unknown>> } = {},
): Profile {
  const profile: Profile = {
    root,
    userData: join(root, 'user'),
    extensions: join(root, 'ext'),
    workspace: join(root, 'workspace'),
    home: join(root, 'home'),
  };
  for (const folder of [join(profile.userData, 'User'), profile.extensions, profile.workspace, profile.home])
    mkdirSync(folder, { recursive: true });
  if (options.workspace) cpSync(options.workspace, profile.workspace, { recursive: true });
  writeFileSync(join(root, 'config.yaml'), '');
  writeFileSync(settingsFile(profile), JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }, null, 2));
  return profile;
}

/** The settings.json of the profile's user. */
export function settingsFile(profile: Profile): string {
  return join(profile.userData, 'User', 'settings.json');
}

/** Installs a package into the profile, as a person would. */
export async function installExtension(workbench: InstalledWorkbench, profile: Profile, vsix: string): Promise<void> {
  await run(workbench.node, [workbench.entry, ...profileArguments(profile), '--install-extension', vsix, '--force'], {
    env: bareEnvironment(profile.home),
    remedy: `The package ${vsix} was not accepted. Build it again with: npm run package`,
  });
}

/** Serves the workbench on 127.0.0.1 and returns when it answers. Whoever calls stops it. */
export async function serve(workbench: InstalledWorkbench, profile: Profile, options: ServeOptions): Promise<ServedWorkbench> {
  const port = await freePort(options.preferredPort);
  const log = openSync(options.log, 'w');
  const server = spawn(
    workbench.node,
    [
      workbench.entry,
      ...profileArguments(profile),
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...[
        '--disable-telemetry',
        '--disable-update-check',
        '--disable-workspace-trust',
        '--disable-getting-started-override',
        '--disable-proxy',
      ],
      ...(options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      profile.workspace,
    ],
    // A group of its own, so that its children can be ended with it.
    {
      env: { ...bareEnvironment(profile.home), ...options.env },
      stdio: ['ignore', log, log],
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  });
  const killNow = () => killGroup(server, 'SIGKILL');
  process.once('exit', killNow);
  const stop = async () => {
    killGroup(server, 'SIGTERM');
    await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
    killNow();
    process.off('exit', killNow);
  };
  const origin = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await answers(`${origin}/healthz`))) {
    if (server.exitCode !== null || server.pid === undefined || performance.now() > deadline) {
      await stop();
      throw new Failure(
        'The workbench did not start.',
        `Its last words are in ${options.log}.`,
        readFileSync(options.log, 'utf8').slice(-2000),
      );
    }
    await delay(100);
  }
  return { origin, port, address: `${origin}/?folder=${encodeURIComponent(profile.workspace)}`, ended, stop };
}

function target(): string {
  const pins = readFileSync(join(PINS, 'package-lock.json'));
  const key = createHash('sha256').update(pins).digest('hex').slice(0, 8);
  return join(CACHE, `${process.platform}-${process.arch}-${key}`);
}

function entryIn(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
}

/** Removes what installations that are no longer running left behind. */
function clearLeftovers(): void {
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    const pid = /\.(?<pid>\d+)\.part$/.exec(name)?.groups?.pid;
    if (pid && !isRunning(Number(pid))) rmSync(join(CACHE, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function profileArguments(profile: Profile): string[] {
  return [
    '--config',
    join(profile.root, 'config.yaml'),
    '--user-data-dir',
    profile.userData,
    '--extensions-dir',
    profile.extensions,
  ];
}

/**
 * The environment of the server and so of the extension host: no settings of an outer VS Code or npm, no keys, a home of its own.
 * Without a gallery address nothing is asked of an extension gallery.
 */
function bareEnvironment(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(npm_|VSCODE_|ELECTRON_|NODE_OPTIONS$|PORT$|PASSWORD$|HASHED_PASSWORD$)|(_API_KEY|_TOKEN)$/i.test(name))
      env[name] = value;
  }
  return {
    ...env,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_CACHE_HOME: join(home, '.cache'),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
}

function freePort(preferred = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (preferred === 0 ? reject(error) : resolve(freePort())));
    probe.listen(preferred, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : preferred));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

function killGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined) return;
  try {
    if (process.platform === 'win32') execFileSync('taskkill', ['/pid', String(server.pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-server.pid, signal);
  } catch {
    // The group has ended already.
  }
}
