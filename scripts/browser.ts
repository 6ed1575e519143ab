/**
 * The browser that the tests drive: an installed Chrome, Edge or Chromium, or Debian's Chromium where this may be installed. None is
 * ever downloaded from a vendor's site.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure, run, step } from './progress.mjs';

const NAMES = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];

const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const PROGRAMS = [
  'Google/Chrome/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
  'Chromium/Application/chrome.exe',
];

/** What to tell a person who has no browser. */
export const BROWSER_REMEDY =
  'Install Google Chrome, Microsoft Edge or Chromium (Debian: sudo apt-get install chromium), or name one in SECOND_THOUGHT_BROWSER.';

/** The path of an installed browser, or undefined. macOS and Windows are untried. */
export function findBrowser(): string | undefined {
  const named = process.env.SECOND_THOUGHT_BROWSER;
  if (named) {
    if (existsSync(named)) return named;
    throw new Failure(`SECOND_THOUGHT_BROWSER names ${named}, which is not there.`, BROWSER_REMEDY);
  }
  if (process.platform === 'darwin') return APPLICATIONS.find((file) => existsSync(file));
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(
      (root) => root !== undefined,
    );
    return roots.flatMap((root) => PROGRAMS.map((program) => join(root, program))).find((file) => existsSync(file));
  }
  return NAMES.map(findOnPath).find((file) => file !== undefined);
}

/** An installed browser, or Debian's Chromium, installed now if this process may. Throws a {@link Failure} when there is none to be had. */
export async function ensureBrowser(): Promise<string> {
  const found = findBrowser();
  if (found) return found;
  if (!isDebian() || process.getuid?.() !== 0 || !findOnPath('apt-get'))
    throw new Failure('No browser was found.', BROWSER_REMEDY);
  await step('Installing Chromium with apt-get (about a minute, once)', async (note) => {
    // Waits for another apt to finish rather than fail.
    const apt = (...args: string[]) =>
      run('apt-get', ['-o', 'DPkg::Lock::Timeout=600', '-qq', ...args], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        note,
        remedy: BROWSER_REMEDY,
      });
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  });
  const installed = findBrowser();
  if (!installed) throw new Failure('apt-get installed Chromium, but it is not on PATH.', BROWSER_REMEDY);
  return installed;
}

/** The first file of that name on PATH that may be run. */
export function findOnPath(name: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (folder !== '' && mayRun(file)) return file;
    }
  }
  return undefined;
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ubuntu is not meant: its chromium package is a wrapper around a snap, which does not run in a container. */
function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}
