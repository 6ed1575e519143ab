/** `export` and `import`: a stored comparison as a file for others, and a colleague's file as a stored comparison. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { Journal } from '../core/journal/journal.ts';
import { thisProcess } from '../core/processId.ts';
import { MAX_SHARED_BYTES, readShared } from '../core/report/sharedLog.ts';
import { parseSettings } from '../core/settings.ts';
import { userStateDirectory } from '../core/stateDirectory.ts';
import type { ComparisonEvent } from '../shared/comparison.ts';
import { EXIT, Unusable } from './exit.ts';
import { keyOf, readConfig, reasonOf } from './session.ts';

export interface ExportOptions {
  readonly format?: string | undefined;
  readonly out?: string | undefined;
  readonly config?: string | undefined;
  readonly state?: string | undefined;
}

/** `from`: the id of a stored comparison, or a file: an export as JSON, or the event log that `compare --out` wrote. */
export async function exportCommand(from: string, options: ExportOptions): Promise<number> {
  const { EXPORT_FORMATS, exported } = await import('../core/report/share.ts');
  const format = EXPORT_FORMATS.find((known) => known === (options.format ?? 'html'));
  if (!format) throw new Unusable(`--format takes ${EXPORT_FORMATS.join(', ')}; "${options.format}" is none of them.`);
  const hidden = { secrets: knownKeys(options.config), home: os.homedir() };
  const text = exported(format, eventsOf(from, options.state), hidden, {
    version: packageJson.version,
    exportedAt: new Date().toISOString(),
  });
  if (options.out === undefined) process.stdout.write(text);
  else writeNew(options.out, text);
  return EXIT.ok;
}

/** Prints the id under which the comparison is now stored. */
export async function importCommand(file: string, { state }: Pick<ExportOptions, 'state'>): Promise<number> {
  const { imported } = await import('../core/report/share.ts');
  const result = imported(journalOf(state), readSmall(file), path.basename(file));
  if ('problem' in result) throw new Unusable(result.problem);
  process.stdout.write(`${result.id}\n`);
  return EXIT.ok;
}

const journalOf = (state: string | undefined): Journal =>
  new Journal(path.join(state === undefined ? userStateDirectory() : path.resolve(state), 'comparisons'), thisProcess());

function eventsOf(from: string, state: string | undefined): readonly ComparisonEvent[] {
  if (/^[\w-]+$/.test(from)) {
    const record = journalOf(state).read(from);
    if (record?.damage) process.stderr.write(`${record.damage}\n`);
    if (record && record.events.length > 0) return record.events;
    if (!fs.existsSync(from)) throw new Unusable(`There is no comparison ${from}, and no file of that name.`);
  }
  const read = readShared(readSmall(from), path.basename(from));
  if ('problem' in read) throw new Unusable(read.problem);
  return read.events;
}

/** The keys of all endpoints, to take them out of what is written. */
function knownKeys(config: string | undefined): readonly string[] {
  const { settings } = parseSettings(config === undefined ? undefined : readConfig(config));
  return settings.endpoints.flatMap((endpoint) => keyOf(endpoint) ?? []);
}

function readSmall(file: string): string {
  try {
    if (fs.statSync(file).size > MAX_SHARED_BYTES) throw new Unusable(`${file} is larger than any comparison.`);
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Unusable) throw error;
    throw new Unusable(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

/** Never writes over a file. */
function writeNew(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new Unusable(
      isThere ? `${file} is there already. Choose another name for --out.` : `${file} cannot be written: ${reasonOf(error)}`,
    );
  }
}
