// @ts-check
/**
 * Brings node_modules to what package-lock.json says, and does nothing when it is there already. `npm ci` is used, never
 * `npm install`: it installs exactly the locked packages and does not touch the lock file. Node's own modules only.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, step } from './progress.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Installs the locked packages unless they are there. */
export async function installPackages() {
  if (isInstalled()) return;
  await step('Installing packages with npm ci (about half a minute, once)', (note) =>
    npm(
      ['ci'],
      ROOT,
      'Check the network and the disk, then run the same command again. Behind a proxy, set it in npm first.',
      note,
    ),
  );
}

/**
 * Runs npm in a folder. Install scripts never run: nothing the project needs has one that matters.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {string} remedy
 * @param {(text: string) => void} [note]
 */
export function npm(args, cwd, remedy, note) {
  const all = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start`, npm names itself and its own Node; the `node` first on PATH may be the one in node_modules, which npm ci replaces.
  const cli = process.env.npm_execpath;
  const options = { cwd, remedy, ...(note && { note }) };
  if (cli && basename(cli) === 'npm-cli.js')
    return run(process.env.npm_node_execpath ?? process.execPath, [cli, ...all], options);
  return run('npm', all, { ...options, shell: process.platform === 'win32' });
}

/**
 * npm writes node_modules/.package-lock.json last, so it is there only after a whole install; it lists what was installed. Packages for
 * other platforms are marked optional and are rightly absent.
 */
function isInstalled() {
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const present = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const version = present[path]?.version;
    if (version === undefined ? !entry.optional && !entry.peer : version !== entry.version) return false;
    if (version === undefined && fitsThisMachine(entry)) return false;
  }
  return true;
}

/**
 * @typedef {{ version?: string, optional?: boolean, peer?: boolean, os?: string | string[], cpu?: string | string[], libc?: string | string[] }} LockEntry
 */

/** @param {LockEntry} entry */
function fitsThisMachine(entry) {
  if (entry.os === undefined || entry.cpu === undefined || entry.libc !== undefined) return false;
  return [entry.os].flat().includes(process.platform) && [entry.cpu].flat().includes(process.arch);
}

/**
 * @param {string} file
 * @returns {Record<string, LockEntry> | undefined} undefined when there is no such file, or not a whole one
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
