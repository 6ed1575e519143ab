/**
 * One comparison, one file, appended as it happens: what was shown was on disk before.
 *
 * A line is the CRC-32 of its JSON (8 hex digits), a space, and the JSON. The first line, and one more whenever another process goes on
 * with the file, names the format's version and the writer; all others are events. A last line without its end was being written when
 * the process died, and is dropped; any other line that does not match its checksum means damage, and reading stops there, keeping what
 * came before. A damaged file is copied to `damaged/` before anything is cut off it, and goes on with its readable part. The list of
 * comparisons is the directory itself, with a folder for each month of UTC, so that the newest are found without reading the names of
 * all; there is no index to lose, and what else lies there is passed over.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type ComparisonEvent, type ComparisonState, EMPTY, LANES, reduce, SCHEMA_VERSION } from '../../shared/comparison.ts';
import type { ModelError } from '../../shared/model.ts';
import { INTERRUPTED, leftLanes } from '../compare/interrupted.ts';
import { isAlive, type ProcessId } from '../processId.ts';
import { checkedLine, readChecked } from './lines.ts';

const EXTENSION = '.jsonl';
const FILE_NAME = /^[\w-]+\.jsonl$/;
/** An id begins with its start time; then its file lies in the folder of that month. */
const MONTH_OF_ID = /^(\d{4})(\d\d)\d\d-/;
const MONTH_FOLDER = /^\d{4}-\d\d$/;
/** Instead of a month, for an id that does not say; such lie in the directory itself, and come last. */
const UNDATED = '';
/** So much of damaged files is kept. */
const DAMAGED_BYTES = 64 * 1024 * 1024;
/** Reading for later gives way to others about so often. */
const STEP_BYTES = 256 * 1024;

interface Header {
  readonly journal: number;
  readonly owner: ProcessId;
  /** Wall time when this writer came, in milliseconds since 1970; absent in old logs, and where a writer only ended what was dead. */
  readonly atMs?: number;
}

export interface JournalRecord {
  readonly state: ComparisonState;
  readonly events: readonly ComparisonEvent[];
  /** Who wrote last. */
  readonly owner?: ProcessId;
  /** How many processes have written to it. */
  readonly writers: number;
  /**
   * Wall time of the log's zero by the last writer's first event, in milliseconds since 1970: a log that others go on with may have stood
   * still in between.
   */
  readonly zeroAtMs?: number;
  /** True when its writer is gone and a run of it goes on on the provider's side: see {@link Journal.takeOver}. */
  readonly isLeft?: true;
  /** Present when part of the file could not be read, in one or two sentences. */
  readonly damage?: string;
  /** True when that is because a newer version wrote it: nothing is wrong with the file, and nothing may be written to it. */
  readonly isNewer?: true;
  /** Bytes of the readable part: appending goes on from here. */
  readonly goodBytes: number;
}

/** An open file that grows. Every method throws when the disk refuses; the caller decides what to show. */
export interface JournalWriter {
  append(events: readonly ComparisonEvent[]): void;
  close(): void;
}

export class Journal {
  readonly directory: string;
  readonly #owner: ProcessId;

  /** `directory` is made at the first write. `owner` is this process. */
  constructor(directory: string, owner: ProcessId) {
    this.directory = directory;
    this.#owner = owner;
  }

  /** Where a comparison lies, or would: those of early versions lie in the directory itself. */
  fileOf(id: string): string {
    if (!/^[\w-]+$/.test(id)) throw new RangeError(`not a comparison id: ${id}`);
    const early = path.join(this.directory, id + EXTENSION);
    const month = monthOf(id);
    return month === UNDATED || fs.existsSync(early) ? early : path.join(this.directory, month, id + EXTENSION);
  }

  /**
   * Opens the file of a comparison to append to, cutting off an unfinished last line; of a damaged file a copy is kept first. Throws for a
   * file of a newer version. `date`: now, for a log whose clock runs.
   */
  open(id: string, date?: Date): JournalWriter {
    const file = this.fileOf(id);
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const existing = this.read(id);
    if (existing?.isNewer) throw new Error(existing.damage);
    if (existing?.damage) this.#keepDamaged(id);
    const fd = fs.openSync(file, 'a', 0o600);
    if (existing) fs.ftruncateSync(fd, existing.goodBytes);
    const header: Header = { journal: SCHEMA_VERSION, owner: this.#owner, ...(date ? { atMs: date.getTime() } : {}) };
    writeAll(fd, checkedLine(header));
    return {
      append: (events) => writeAll(fd, events.map(checkedLine).join('')),
      close: () => fs.closeSync(fd),
    };
  }

  /** Reads a comparison; undefined when there is none. Damage is part of the answer, never an exception. */
  read(id: string): JournalRecord | undefined {
    let bytes: Buffer;
    try {
      bytes = fs.readFileSync(this.fileOf(id));
    } catch (error) {
      return nothingThere(error);
    }
    const steps = parse(bytes);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** As {@link read}, giving way to others between steps of some milliseconds: for files that nobody waits for. */
  async readGently(id: string): Promise<JournalRecord | undefined> {
    const bytes = await fs.promises.readFile(this.fileOf(id)).catch(nothingThere);
    if (!bytes) return undefined;
    const steps = parse(bytes);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await setImmediate();
    }
  }

  /**
   * Reads a comparison for showing. Lanes whose writer is gone get the end that it could not write: interrupted, with what was shown and
   * about what was billed. That end is stored, so that everyone reads the same from now on. A comparison with a run that goes on without
   * its writer is left as it is. Of a damaged file a copy is kept and the readable part goes on, so its damage is told once.
   */
  recover(id: string): JournalRecord | undefined {
    const record = this.read(id);
    if (!record || record.isNewer || !(record.damage || record.state.running)) return record;
    if (record.state.running && record.owner && isAlive(record.owner)) return record;
    if (record.damage && record.state.seq < 0) {
      this.#keepDamaged(id);
      this.remove(id);
      return { ...record, damage: `${record.damage} ${this.#keptSentence}` };
    }
    if (leftLanes(record.state).length > 0) return { ...record, isLeft: true };
    this.#claim(id, record);
    const mended = this.read(id);
    return mended && record.damage ? { ...mended, damage: `${record.damage} ${this.#keptSentence}` } : mended;
  }

  /**
   * Makes this process the writer of a comparison that {@link recover} said is left, to pick up its runs; its other lanes end as
   * interrupted. Undefined when another process was first.
   */
  takeOver(id: string): JournalRecord | undefined {
    const record = this.recover(id);
    return record?.isLeft && this.#claim(id, record) ? this.read(id) : undefined;
  }

  /**
   * Writes on in place of a writer that is gone, and gives the lanes that died with it their end. Of several processes that try, one
   * succeeds: the claim is a file that only one can make, and the log is looked at again under it.
   */
  #claim(id: string, record: JournalRecord): boolean {
    const claim = `${this.fileOf(id)}.claim-${record.writers}`;
    for (let turn = 0; ; turn++) {
      const file = `${claim}-${turn}`;
      try {
        fs.writeFileSync(file, JSON.stringify(this.#owner), { flag: 'wx', mode: 0o600 });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        if (isClaimed(file)) return false;
        continue; // whoever made this claim died before it wrote to the log
      }
      try {
        if (this.read(id)?.writers !== record.writers) return false;
        const writer = this.open(id);
        writer.append(interruption(record));
        writer.close();
        return true;
      } finally {
        fs.rmSync(file, { force: true });
      }
    }
  }

  /** Ids of all comparisons, newest first: an id begins with its start time. */
  list(): readonly string[] {
    return [...this.newestFirst()];
  }

  /** As {@link list}; the names of a month are read when it is come to, so that whoever wants the newest waits for no others. */
  *newestFirst(): Generator<string> {
    const names = namesIn(this.directory);
    const early = Map.groupBy(idsAmong(names), monthOf);
    const months = new Set([...early.keys(), ...names.filter((name) => MONTH_FOLDER.test(name))]);
    for (const month of [...months].sort().reverse()) {
      const ids = month === UNDATED ? [] : idsAmong(namesIn(path.join(this.directory, month)));
      const own = new Set([...ids.filter((id) => monthOf(id) === month), ...(early.get(month) ?? [])]);
      yield* [...own].sort().reverse();
    }
  }

  /** True when the comparison is on this machine. */
  has(id: string): boolean {
    return fs.existsSync(this.fileOf(id));
  }

  /** Deletes a comparison's file, and nothing else. Copies in `damaged/` stay. */
  remove(id: string): void {
    fs.rmSync(this.fileOf(id), { force: true });
  }

  get #keptSentence(): string {
    return `The damaged file is kept in ${path.join(this.directory, 'damaged')}.`;
  }

  /** Keeps the file as it is now in `damaged/`, under a name that is free; the oldest copies go when all are too large. */
  #keepDamaged(id: string): void {
    const directory = path.join(this.directory, 'damaged');
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (let turn = 1; ; turn++) {
      const name = turn === 1 ? id : `${id}-${turn}`;
      try {
        fs.copyFileSync(this.fileOf(id), path.join(directory, name + EXTENSION), fs.constants.COPYFILE_EXCL);
        trimFolder(directory, DAMAGED_BYTES);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}

/** The folder of a comparison's month, by its id. */
function monthOf(id: string): string {
  const [, year, month] = MONTH_OF_ID.exec(id) ?? [];
  return year === undefined ? UNDATED : `${year}-${month}`;
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

const idsAmong = (names: readonly string[]): readonly string[] =>
  names.filter((name) => FILE_NAME.test(name)).map((name) => name.slice(0, -EXTENSION.length));

/** Deletes the oldest files until all together are no larger than that; the newest stays at any size. */
function trimFolder(folder: string, maxBytes: number): void {
  const files = namesIn(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat?.isFile() ? [{ file, bytes: stat.size, changedMs: stat.mtimeMs }] : [];
  });
  let total = 0;
  for (const [i, { file, bytes }] of files.sort((a, b) => b.changedMs - a.changedMs).entries()) {
    total += bytes;
    if (i > 0 && total > maxBytes) fs.rmSync(file, { force: true });
  }
}

/** Passes over a file that is not there, or that is no file. */
function nothingThere(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'EISDIR') throw error;
}

/** True while the maker of a claim lives; when in doubt (it is being written, or was just removed), true as well. */
function isClaimed(file: string): boolean {
  try {
    return isAlive(JSON.parse(fs.readFileSync(file, 'utf8')) as ProcessId); // written by us, whole or not at all
  } catch {
    return true;
  }
}

/**
 * The events that end what died with a log's writer; the log itself ends when nothing of it is left to go on. The cost stays the last
 * estimate, or unknown.
 */
function interruption({ state, damage }: JournalRecord): readonly ComparisonEvent[] {
  if (!state.running) return [];
  const left = leftLanes(state);
  const bodies = LANES.flatMap((lane) => {
    const run = state.runs[lane];
    if (!run || run.status === 'ended' || left.includes(lane)) return [];
    return [{ type: 'lane', lane, event: { type: 'end', reason: 'aborted', error: damage ? UNREADABLE : INTERRUPTED } } as const];
  });
  const end = left.length > 0 ? [] : [{ type: 'comparison-end' } as const];
  return [...bodies, ...end].map((body, i) => ({
    ...body,
    seq: state.seq + 1 + i,
    atMs: state.atMs,
  }));
}

/** The end of a lane whose end could not be read. */
const UNREADABLE: ModelError = {
  kind: 'interrupted',
  message:
    'The rest of this lane could not be read: its file is damaged. What came before is kept; run the lane again for a whole answer.',
  retryable: true,
};

/** Reads a log in steps. */
function* parse(bytes: Buffer): Generator<undefined, JournalRecord> {
  const events: ComparisonEvent[] = [];
  let state = EMPTY;
  let owner: ProcessId | undefined;
  let writers = 0;
  /** Of the last writer, until its first event came. */
  let cameAtMs: number | undefined;
  let zeroAtMs: number | undefined;
  let goodBytes = 0;
  let stepAt = STEP_BYTES;
  const result = (damage?: string): JournalRecord => ({
    state,
    events,
    goodBytes,
    writers,
    ...(owner ? { owner } : {}),
    ...(zeroAtMs === undefined ? {} : { zeroAtMs }),
    ...(damage ? { damage } : {}),
  });
  for (;;) {
    const end = bytes.indexOf(10, goodBytes);
    if (end < 0) return result();
    const value = readChecked(bytes.toString('utf8', goodBytes, end)) as Header | ComparisonEvent | undefined; // its checksum proves that we wrote it
    if (value === undefined) {
      return result(
        state.seq < 0
          ? 'This comparison cannot be read: its file is damaged.'
          : 'Part of this comparison could not be read: its file is damaged. What came before the damage is shown.',
      );
    }
    if ('journal' in value) {
      if (value.journal > SCHEMA_VERSION) {
        return {
          ...result('This comparison was stored by a newer version of Second Thought. Update the extension to read it.'),
          isNewer: true,
        };
      }
      owner = value.owner;
      cameAtMs = value.atMs;
      writers++;
    } else {
      if (value.seq !== state.seq + 1) {
        return result('Part of this comparison is missing from its file. What came before the gap is shown.');
      }
      state = reduce(state, value);
      events.push(value);
      if (cameAtMs !== undefined) zeroAtMs = cameAtMs - value.atMs;
      cameAtMs = undefined;
    }
    goodBytes = end + 1;
    if (goodBytes > stepAt) {
      stepAt = goodBytes + STEP_BYTES;
      yield;
    }
  }
}

/** A full disk may take part of a write without an error: go on until all is written or the disk says no. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += fs.writeSync(fd, bytes, written);
}
