/**
 * What both commands need: settings from `--config`, keys from the environment, an engine. Keys are read only from the variable that the
 * endpoint's row names, and go only to that row's address.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Endpoint } from '../core/contracts.ts';
import { Engine, systemClock } from '../core/engine.ts';
import { createNodeFetch } from '../core/providers/nodeFetch.ts';
import { parseSettings, type Settings } from '../core/settings.ts';
import { userStateDirectory } from '../core/stateDirectory.ts';
import { Unusable } from './exit.ts';

export interface Session {
  readonly settings: Settings;
  readonly engine: Engine;
}

export function openSession(values: { config?: string | undefined; state?: string | undefined }, samples: string): Session {
  const { settings, problems } = parseSettings(values.config === undefined ? undefined : readConfig(values.config));
  if (problems.length > 0) throw new Unusable(`${values.config}: ${problems.join('\n')}`);
  const engine = new Engine({
    stateDirectory: values.state === undefined ? userStateDirectory() : path.resolve(values.state),
    settings: () => settings,
    keyFor: async (endpoint) => keyOf(endpoint),
    fetch: createNodeFetch(),
    readSample: (name) => fs.promises.readFile(path.join(samples, name)),
    clock: systemClock,
    onProblem: complain,
    onNote: complain,
  });
  return { settings, engine };
}

/** The key of an endpoint from the environment. */
export const keyOf = (endpoint: Endpoint): string | undefined =>
  endpoint.keyEnv === undefined ? undefined : process.env[endpoint.keyEnv]?.trim() || undefined;

/** Says in one sentence why an endpoint cannot be used; undefined when it can. */
export function keyProblem(endpoint: Endpoint): string | undefined {
  if (endpoint.api === 'vscode-lm') return 'The models of VS Code can be used inside VS Code only. Choose another endpoint here.';
  if (!endpoint.needsKey || keyOf(endpoint) !== undefined) return undefined;
  return endpoint.keyEnv
    ? `${endpoint.label} needs a key: set the environment variable ${endpoint.keyEnv}.`
    : `${endpoint.label} needs a key: name its environment variable as "keyEnv" in the configuration.`;
}

/** Fails early, in one sentence, on a Node without the ledger's database. */
export function requireSqlite(): void {
  if (process.getBuiltinModule?.('node:sqlite')) return;
  throw new Unusable(
    `Second Thought needs Node 24 or newer for its ledger; this is Node ${process.versions.node}. Use "npm run cli -- ..." or a newer Node.`,
  );
}

/** Throws {@link Unusable}. */
export function readConfig(file: string): unknown {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''); // some editors on Windows begin a file with a byte order mark
  } catch (error) {
    throw new Unusable(`The configuration ${file} cannot be read: ${reasonOf(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unusable(`The configuration ${file} is not valid JSON: ${reasonOf(error)}`);
  }
}

const complain = (sentence: string, error: unknown): void => void process.stderr.write(`${sentence} (${reasonOf(error)})\n`);

/** What went wrong, in the system's own words. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
