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
import { type ComparisonEvent, SCHEMA_VERSION } from '../../shared/comparison.ts';
import { claim } from '../claim.ts';
import { leftLanes } from '../compare/interrupted.ts';
import { isAlive, type ProcessId } from '../processId.ts';
import { interruption, type SettlementOf, settlements } from './endings.ts';
import { checkedLine } from './lines.ts';
import { type Header, type JournalRecord, parseLog } from './reading.ts';

const EXTENSION = '.jsonl';
const FILE_NAME = /^[\w-]+\.jsonl$/;
/** An id begins with its start time; then its file lies in the folder of that month. */
const MONTH_OF_ID = /^(\d{4})(\d\d)\d\d-/;
const MONTH_FOLDER = /^\d{4}-\d\d$/;
/** Instead of a month, for an id that does not say; such lie in the directory itself, and come last. */
const UNDATED = '';
/** So much of damaged files is kept. */
const DAMAGED_BYTES = 64 * 1024 * 1024;

/** An open file that grows. Every method throws when the disk refuses; the caller decides what to show. */
export interface JournalWriter {
  append(events: readonly ComparisonEvent[]): void;
  close(): void;
}

export class Journal {
  readonly directory: string;
  readonly #owner: ProcessId;
  readonly #settlementOf: SettlementOf;

  /** `directory` is made at the first write. `owner` is this process. */
  constructor(directory: string, owner: ProcessId, settlementOf: SettlementOf = () => undefined) {
    this.directory = directory;
    this.#owner = owner;
    this.#settlementOf = settlementOf;
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

  /**
   * Reads a comparison; undefined when there is none. Damage is part of the answer, never an exception. `before`: an earlier reading, after
   * which only what was appended is read; where nothing was, it is the answer.
   */
  read(id: string, before?: JournalRecord): JournalRecord | undefined {
    const known = before?.damage ? undefined : before;
    const bytes = bytesFrom(this.fileOf(id), known?.goodBytes ?? 0);
    if (!bytes) return known && this.read(id);
    if (known && bytes.length === 0) return known;
    const steps = parseLog(bytes, known);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** As {@link read}, giving way to others between steps of some milliseconds: for files that nobody waits for. */
  async readGently(id: string): Promise<JournalRecord | undefined> {
    const bytes = await fs.promises.readFile(this.fileOf(id)).catch(nothingThere);
    if (!bytes) return undefined;
    const steps = parseLog(bytes);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await setImmediate();
    }
  }

  /**
   * Reads a comparison for showing. Lanes whose writer is gone get the end that it could not write: interrupted, with what was shown and
   * about what was billed; and, once the books have settled them, what they count. Both are stored, so that everyone reads the same from
   * now on. A comparison with a run that goes on without its writer is left as it is. Of a damaged file a copy is kept and the readable
   * part goes on, so its damage is told once. `before`: as for {@link read}.
   */
  recover(id: string, before?: JournalRecord): JournalRecord | undefined {
    const record = this.#ended(id, before);
    if (!record || record.isNewer || record.state.running || record.state.seq < 0) return record;
    const settled = settlements(record.state, this.#settlementOf);
    if (settled.length === 0 || !this.#claim(id, record, settled)) return record;
    const noted = this.read(id);
    return noted && record.damage ? { ...noted, damage: record.damage } : noted;
  }

  /** As {@link recover}, without the settlements. */
  #ended(id: string, before: JournalRecord | undefined): JournalRecord | undefined {
    const record = this.read(id, before);
    if (!record || record.isNewer || !(record.damage || record.state.running)) return record;
    if (record.state.running && record.owner && isAlive(record.owner)) return record;
    if (record.damage && record.state.seq < 0) {
      this.#keepDamaged(id);
      this.remove(id);
      return { ...record, damage: `${record.damage} ${this.#keptSentence}` };
    }
    if (leftLanes(record.state).length > 0) return { ...record, isLeft: true };
    this.#claim(id, record, interruption(record));
    const mended = this.read(id);
    return mended && record.damage ? { ...mended, damage: `${record.damage} ${this.#keptSentence}` } : mended;
  }

  /**
   * Makes this process the writer of a comparison that {@link recover} said is left, to pick up its runs; its other lanes end as
   * interrupted. Undefined when another process was first.
   */
  takeOver(id: string): JournalRecord | undefined {
    const record = this.recover(id);
    return record?.isLeft && this.#claim(id, record, interruption(record)) ? this.read(id) : undefined;
  }

  /**
   * Writes on in place of a writer that is gone. Of several processes that try, one succeeds. False, and nothing written, when the log has
   * grown since `record` was read: its writer may have written more before it went.
   */
  #claim(id: string, record: JournalRecord, events: readonly ComparisonEvent[]): boolean {
    const release = claim(`${this.fileOf(id)}.claim-${record.writers}`, this.#owner);
    if (!release) return false;
    try {
      if (this.read(id)?.goodBytes !== record.goodBytes) return false;
      const writer = this.open(id);
      writer.append(events);
      writer.close();
      return true;
    } finally {
      release();
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

/** A file from that byte on; undefined where there is none, or it does not reach so far. */
function bytesFrom(file: string, start: number): Buffer | undefined {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch (error) {
    return nothingThere(error);
  }
  try {
    const { size } = fs.fstatSync(fd);
    if (size < start) return undefined;
    const bytes = Buffer.alloc(size - start);
    let length = 0;
    while (length < bytes.length) {
      const read = fs.readSync(fd, bytes, length, bytes.length - length, start + length);
      if (read === 0) break; // shortened meanwhile
      length += read;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    return nothingThere(error);
  } finally {
    fs.closeSync(fd);
  }
}

/** Passes over a file that is not there, or that is no file. */
function nothingThere(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'EISDIR') throw error;
}

/** A full disk may take part of a write without an error: go on until all is written or the disk says no. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += fs.writeSync(fd, bytes, written);
}
