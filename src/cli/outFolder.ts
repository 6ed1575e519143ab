/**
 * The folder of `--out`: the event log as it grows, and at the end each lane's answer and files below a folder of its own.
 *
 * Whether it can be written is found out before anything is sent. What lies there and is not ours is never removed: a lane's folder that
 * holds anything else is refused.
 */
import fs from 'node:fs';
import path from 'node:path';
import { artifactOf } from '../core/artifact/artifact.ts';
import { checkRelativePath } from '../core/artifact/paths.ts';
import { type ComparisonState, LANES, type LaneId, type Run } from '../shared/comparison.ts';
import { Unusable } from './exit.ts';
import { reasonOf } from './session.ts';

/** All that a lane's folder ever holds. */
const ANSWER = 'answer.md';
const THINKING = 'thinking.md';
const FILES = 'files';

/** A name taken already, by a file where a folder is wanted or by one that differs in capitals only; or one too long for the disk. */
const NAME_CODES: ReadonlySet<unknown> = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

export class OutFolder {
  /** False once something could not be written; it has been said then. */
  isWhole = true;
  readonly #directory: string;
  readonly #say: (sentence: string) => void;
  #log: number | undefined;
  #isLogBegun = false;

  /** Makes the folder where it is missing. Throws {@link Unusable}. `say` gets a sentence for whatever could not be written. */
  constructor(directory: string, say: (sentence: string) => void) {
    this.#directory = directory;
    this.#say = say;
    try {
      fs.mkdirSync(directory, { recursive: true });
      for (const lane of LANES) refuseForeign(path.join(directory, lane));
      // The log of an earlier run stays until this one begins.
      this.#log = fs.openSync(path.join(directory, 'events.ndjson'), 'a');
    } catch (error) {
      if (error instanceof Unusable) throw error;
      throw new Unusable(`The folder ${directory} cannot be used for --out: ${reasonOf(error)}`);
    }
  }

  /** Appends lines to the event log. A disk that refuses is told once; the run goes on. */
  append(lines: string): void {
    if (this.#log === undefined) return;
    try {
      if (!this.#isLogBegun) fs.ftruncateSync(this.#log, 0);
      this.#isLogBegun = true;
      fs.appendFileSync(this.#log, lines);
    } catch (error) {
      this.close();
      this.#failed('The event log', error);
    }
  }

  /** Ends the event log. */
  close(): void {
    if (this.#log !== undefined) fs.closeSync(this.#log);
    this.#log = undefined;
  }

  /** Writes what both lanes answered. */
  writeAnswers(state: ComparisonState): void {
    for (const lane of LANES) {
      const run = state.runs[lane];
      if (!run) continue;
      try {
        this.#writeLane(state, lane, run);
      } catch (error) {
        this.#failed(`What the ${lane} lane answered`, error);
      }
    }
  }

  #writeLane(state: ComparisonState, lane: LaneId, run: Run): void {
    const root = path.join(this.#directory, lane);
    refuseForeign(root);
    fs.rmSync(root, { recursive: true, force: true });
    fs.mkdirSync(root, { recursive: true });
    fs.writeFileSync(path.join(root, ANSWER), run.text);
    if (run.reasoning) fs.writeFileSync(path.join(root, THINKING), run.reasoning);
    for (const file of artifactOf(state.task, run).files) {
      const checked = checkRelativePath(file.name);
      const problem = checked.ok ? writeNew(path.join(root, FILES, checked.path), file.content) : checked.reason;
      if (problem !== undefined) this.#say(`${lane}: a file was not written: ${problem}`);
    }
  }

  #failed(what: string, error: unknown): void {
    this.isWhole = false;
    this.#say(`${what} could not be written to ${this.#directory}: ${reasonOf(error)}`);
  }
}

/** Throws {@link Unusable} when there is anything that no earlier run wrote: it would be removed with the rest. */
function refuseForeign(root: string): void {
  const stat = fs.lstatSync(root, { throwIfNoEntry: false });
  if (!stat) return;
  const isOurs = stat.isDirectory() && fs.readdirSync(root).every((name) => [ANSWER, THINKING, FILES].includes(name));
  if (!isOurs) throw new Unusable(`${root} holds something else. Choose another folder for --out.`);
}

/** Writes a file that must not exist yet. Returns what is wrong with its name, and throws whatever else goes wrong. */
function writeNew(target: string, content: string): string | undefined {
  try {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content, { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (!NAME_CODES.has((error as NodeJS.ErrnoException).code)) throw error;
    return `its name is taken by another file of the answer, or too long for this disk (${reasonOf(error)}).`;
  }
}
