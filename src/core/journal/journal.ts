/**
 * One comparison, one file, appended as it happens: what was shown was on disk before.
 *
 * A line is the CRC-32 of its JSON (8 hex digits), a space, and the JSON. The first line, and one more whenever another process goes on
 * with the file, names the format's version and the writer; all others are events. A last line without its end was being written when
 * the process died, and is dropped; any other line that does not match its checksum means damage, and reading stops there, keeping what
 * came before. The list of comparisons is the directory itself; there is no index to lose.
 */
import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type ComparisonEvent, type ComparisonState, EMPTY, LANES, reduce, SCHEMA_VERSION } from '../../shared/comparison.ts';
import { INTERRUPTED, leftLanes } from '../compare/interrupted.ts';
import { isAlive, type ProcessId } from '../processId.ts';

const EXTENSION = '.jsonl';

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
  /** Present when part of the file could not be read, in one sentence. */
  readonly damage?: string;
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

  fileOf(id: string): string {
    if (!/^[\w-]+$/.test(id)) throw new RangeError(`not a comparison id: ${id}`);
    return path.join(this.directory, id + EXTENSION);
  }

  /** Opens the file of a comparison to append to, cutting off an unfinished last line. `date`: now, for a log whose clock runs. */
  open(id: string, date?: Date): JournalWriter {
    fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const file = this.fileOf(id);
    const existing = this.read(id);
    const fd = fs.openSync(file, 'a', 0o600);
    if (existing) fs.ftruncateSync(fd, existing.goodBytes);
    const header: Header = { journal: SCHEMA_VERSION, owner: this.#owner, ...(date ? { atMs: date.getTime() } : {}) };
    writeAll(fd, line(header));
    return {
      append: (events) => writeAll(fd, events.map(line).join('')),
      close: () => fs.closeSync(fd),
    };
  }

  /** Reads a comparison; undefined when there is none. Damage is part of the answer, never an exception. */
  read(id: string): JournalRecord | undefined {
    let bytes: Buffer;
    try {
      bytes = fs.readFileSync(this.fileOf(id));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return parse(bytes);
  }

  /**
   * Reads a comparison for showing. Lanes whose writer is gone get the end that it could not write: interrupted, with what was shown and
   * about what was billed. That end is stored, so that everyone reads the same from now on. A comparison with a run that goes on without
   * its writer is left as it is.
   */
  recover(id: string): JournalRecord | undefined {
    const record = this.read(id);
    if (!record?.state.running || (record.owner && isAlive(record.owner))) return record;
    if (leftLanes(record.state).length > 0) return { ...record, isLeft: true };
    this.#claim(id, record);
    return this.read(id);
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
        writer.append(interruption(record.state));
        writer.close();
        return true;
      } finally {
        fs.rmSync(file, { force: true });
      }
    }
  }

  /** Ids of all comparisons, newest first: an id begins with its start time. */
  list(): readonly string[] {
    let names: string[];
    try {
      names = fs.readdirSync(this.directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    return names
      .filter((name) => name.endsWith(EXTENSION))
      .map((name) => name.slice(0, -EXTENSION.length))
      .sort()
      .reverse();
  }
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
function interruption(state: ComparisonState): readonly ComparisonEvent[] {
  const left = leftLanes(state);
  const bodies = LANES.flatMap((lane) => {
    const run = state.runs[lane];
    if (!run || run.status === 'ended' || left.includes(lane)) return [];
    return [{ type: 'lane', lane, event: { type: 'end', reason: 'aborted', error: INTERRUPTED } } as const];
  });
  const end = left.length > 0 ? [] : [{ type: 'comparison-end' } as const];
  return [...bodies, ...end].map((body, i) => ({
    ...body,
    seq: state.seq + 1 + i,
    atMs: state.atMs,
  }));
}

function parse(bytes: Buffer): JournalRecord {
  const events: ComparisonEvent[] = [];
  let state = EMPTY;
  let owner: ProcessId | undefined;
  let writers = 0;
  /** Of the last writer, until its first event came. */
  let cameAtMs: number | undefined;
  let zeroAtMs: number | undefined;
  let goodBytes = 0;
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
    const text = bytes.toString('utf8', goodBytes, end);
    const json = text.slice(9);
    if (text[8] !== ' ' || text.slice(0, 8) !== checksum(json)) {
      return result('Part of this comparison could not be read: its file is damaged. What came before the damage is shown.');
    }
    const value = JSON.parse(json) as Header | ComparisonEvent; // the checksum proves that we wrote it
    if ('journal' in value) {
      if (value.journal > SCHEMA_VERSION) {
        return result('This comparison was stored by a newer version of Second Thought. Update the extension to read it.');
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
  }
}

function line(value: Header | ComparisonEvent): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

const checksum = (json: string): string => crc32(json).toString(16).padStart(8, '0');

/** A full disk may take part of a write without an error: go on until all is written or the disk says no. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += fs.writeSync(fd, bytes, written);
}
