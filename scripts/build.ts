/** The two steps that make something to run: the bundles in dist/, and the package that a person installs. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './install.mjs';
import { Failure, run, step } from './progress.mjs';

export const VSIX = join(ROOT, 'second-thought.vsix');

const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

/** Builds dist/ for use from this folder, source maps included. */
export function buildBundles(): Promise<string> {
  return step('Building', (note) =>
    run(process.execPath, [...NODE_FLAGS, join(ROOT, 'esbuild.js')], {
      cwd: ROOT,
      note,
      remedy: 'The message above names the file. In a fresh clone this is a bug: please report it.',
    }),
  );
}

/**
 * Builds for release and packs second-thought.vsix. Everything is bundled, so no packages go with it.
 *
 * @returns what the packer printed: the list of files
 */
export async function packageExtension(): Promise<string> {
  const packer = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
  if (!existsSync(packer)) throw new Failure('The packer @vscode/vsce is not installed.', 'Run: npm ci');
  const listing = await step('Building and packing second-thought.vsix', (note) =>
    run(process.execPath, [...NODE_FLAGS, packer, 'package', '--no-dependencies', '--out', VSIX], {
      cwd: ROOT,
      note,
      remedy: 'The message above says what the build or the packer did not accept.',
    }),
  );
  if (!existsSync(VSIX) || statSync(VSIX).size === 0)
    throw new Failure('The packer wrote no package.', `It printed:\n${listing}`);
  return listing;
}
