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
import { INTERRUPTED } from '../compare/interrupted.ts';
import { isAlive, type ProcessId } from '../processId.ts';

const EXTENSION = '.jsonl';

interface Header {
  readonly journal: number;
  readonly owner: ProcessId;
}

export interface JournalRecord {
  readonly state: ComparisonState;
  readonly events: readonly ComparisonEvent[];
  /** Who wrote last. */
  readonly owner?: ProcessId;
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

  /** Opens the file of a comparison to append to, cutting off an unfinished last line. */
  open(id: string): JournalWriter {
    fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const file = this.fileOf(id);
    const existing = this.read(id);
    const fd = fs.openSync(file, 'a', 0o600);
    if (existing) fs.ftruncateSync(fd, existing.goodBytes);
    writeAll(fd, line({ journal: SCHEMA_VERSION, owner: this.#owner } satisfies Header));
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
   * about what was billed. That end is stored, so that everyone reads the same from now on.
   */
  recover(id: string): JournalRecord | undefined {
    const record = this.read(id);
    if (!record?.state.running || (record.owner && isAlive(record.owner))) return record;
    const closing = interruption(record.state);
    const writer = this.open(id);
    try {
      writer.append(closing);
    } finally {
      writer.close();
    }
    return this.read(id);
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

/** The events that end a log whose writer died. The cost stays the last estimate, or unknown. */
function interruption(state: ComparisonState): readonly ComparisonEvent[] {
  const bodies = LANES.flatMap((lane) => {
    const run = state.runs[lane];
    if (!run || run.status === 'ended') return [];
    return [{ type: 'lane', lane, event: { type: 'end', reason: 'aborted', error: INTERRUPTED } } as const];
  });
  return [...bodies, { type: 'comparison-end' } as const].map((body, i) => ({
    ...body,
    seq: state.seq + 1 + i,
    atMs: state.atMs,
  }));
}

function parse(bytes: Buffer): JournalRecord {
  const events: ComparisonEvent[] = [];
  let state = EMPTY;
  let owner: ProcessId | undefined;
  let goodBytes = 0;
  const result = (damage?: string): JournalRecord => ({
    state,
    events,
    goodBytes,
    ...(owner ? { owner } : {}),
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
    } else {
      if (value.seq !== state.seq + 1) {
        return result('Part of this comparison is missing from its file. What came before the gap is shown.');
      }
      state = reduce(state, value);
      events.push(value);
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
