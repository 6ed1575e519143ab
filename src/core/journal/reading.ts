/**
 * The lines of a log to what they say: events folded as far as the file can be trusted, who wrote, and where writing goes on.
 */
import { type ComparisonEvent, type ComparisonState, EMPTY, reduce, SCHEMA_VERSION } from '../../shared/comparison.ts';
import type { ProcessId } from '../processId.ts';
import { readChecked } from './lines.ts';

/** Reading for later gives way to others about so often. */
const STEP_BYTES = 256 * 1024;

export interface Header {
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
  /** When the last writer came, until its first event has: reading on begins with it. */
  readonly cameAtMs?: number;
  /** True when its writer is gone and a run of it goes on on the provider's side: see `Journal.takeOver`. */
  readonly isLeft?: true;
  /** Present when part of the file could not be read, in one or two sentences. */
  readonly damage?: string;
  /** True when that is because a newer version wrote it: nothing is wrong with the file, and nothing may be written to it. */
  readonly isNewer?: true;
  /** Bytes of the readable part: appending goes on from here. */
  readonly goodBytes: number;
}

const NOTHING: JournalRecord = { state: EMPTY, events: [], writers: 0, goodBytes: 0 };

/** Reads a log in steps. `bytes`: all of it, or what has come since the record `before`. */
export function* parseLog(bytes: Buffer, before: JournalRecord = NOTHING): Generator<undefined, JournalRecord> {
  const events = [...before.events];
  let { state, owner, writers, zeroAtMs, cameAtMs } = before;
  let at = 0;
  let stepAt = STEP_BYTES;
  const result = (damage?: string): JournalRecord => ({
    state,
    events,
    goodBytes: before.goodBytes + at,
    writers,
    ...(owner ? { owner } : {}),
    ...(zeroAtMs === undefined ? {} : { zeroAtMs }),
    ...(cameAtMs === undefined ? {} : { cameAtMs }),
    ...(damage ? { damage } : {}),
  });
  for (;;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) return result();
    const value = readChecked(bytes.toString('utf8', at, end)) as Header | ComparisonEvent | undefined; // its checksum proves that we wrote it
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
    at = end + 1;
    if (at > stepAt) {
      stepAt = at + STEP_BYTES;
      yield;
    }
  }
}
