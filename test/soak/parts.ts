/** The parts of the soak, each a play that follows from its seed as far as real processes let it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { count, newTally, type Played, type Tally } from './played.ts';
import { playProcesses } from './processes.ts';
import { seedOf } from './random.ts';
import { playKilledRun } from './runs.ts';
import { playSchedule } from './schedule.ts';

export const PARTS = {
  schedules: { title: 'Schedules of simulated processes', plays: 100_000, play: playSchedule },
  processes: { title: 'Schedules of real processes', plays: 1_000, play: playProcesses },
  runs: { title: 'Comparisons killed in mid-run', plays: 240, play: playKilledRun },
} as const satisfies Record<
  string,
  {
    readonly title: string;
    readonly plays: number;
    readonly play: (seed: number, directory: string) => Played | Promise<Played>;
  }
>;

export type PartId = keyof typeof PARTS;

export const isPart = (id: string): id is PartId => Object.hasOwn(PARTS, id);

/** Plays those of a row of seeds. */
export async function playAll(id: PartId, base: number, from: number, to: number): Promise<Tally> {
  const tally = newTally();
  await inDirectory(async (directory) => {
    for (let n = from; n < to; n++) {
      const seed = seedOf(base, n);
      count(tally, seed, await play(id, seed, directory));
    }
  });
  return tally;
}

export const playOne = (id: PartId, seed: number): Promise<Played> => inDirectory((directory) => play(id, seed, directory));

/** What a play throws is a failure of that play, told with its seed; the others are played all the same. */
async function play(id: PartId, seed: number, directory: string): Promise<Played> {
  try {
    return await PARTS[id].play(seed, directory);
  } catch (error) {
    return { figures: {}, problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)], log: [] };
  }
}

/** In memory where the system has a directory there, or else on its disk. */
async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const memory = '/dev/shm';
  const directory = fs.mkdtempSync(path.join(fs.existsSync(memory) ? memory : os.tmpdir(), 'second-thought-soak-'));
  try {
    return await work(directory);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
