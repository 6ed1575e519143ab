/**
 * Signs of life: for each open hold, who made it, when that process last said so, and what the hold had cost by then. The one table that
 * is written over; no sum depends on it, and a row that is missing or damaged only makes the hold count in full.
 */
import { createHash } from 'node:crypto';
import type { NanoUsd } from '../../shared/money.ts';
import type { ProcessId } from '../processId.ts';
import type { BookRow } from './book.ts';
import type { BookFile } from './bookFile.ts';
import { TOKENIZER_MARGIN } from './tokens.ts';

export interface Heartbeat {
  readonly owner: ProcessId;
  /** Wall time in milliseconds since 1970: processes share no other clock. */
  readonly atMs: number;
  /** The most the hold cost by its meter; undefined before the first reading. */
  readonly meterNanoUsd: NanoUsd | undefined;
}

/** A hold is orphaned when its owner is gone and silent for this long... */
const DEAD_AFTER_MS = 30_000;
/** ...or, alive by all we can see (asleep, or its number taken by another process), silent for this long. */
const SILENT_AFTER_MS = 15 * 60_000;

export function firstHeartbeat(file: BookFile, holdId: string, beat: Heartbeat): void {
  const { owner, atMs, meterNanoUsd } = beat;
  const values = [holdId, owner.pid, owner.startedAt ?? null, atMs, meterNanoUsd ?? null, checksumOf(holdId, beat)];
  file.run('INSERT INTO heartbeat VALUES (?, ?, ?, ?, ?, ?)', ...values);
}

/** The hold has another owner from now on; its meter stays as it was. */
export function passHeartbeat(file: BookFile, holdId: string, beat: Heartbeat): void {
  endHeartbeat(file, holdId);
  firstHeartbeat(file, holdId, beat);
}

/** Does nothing when the hold was settled meanwhile, or another process is writing: the next one makes up for it. */
export function nextHeartbeat(file: BookFile, holdId: string, beat: Heartbeat): void {
  const values = [beat.atMs, beat.meterNanoUsd ?? null, checksumOf(holdId, beat), holdId];
  file.runIfFree('UPDATE heartbeat SET atMs = ?, meterNanoUsd = ?, checksum = ? WHERE holdId = ?', ...values);
}

export const endHeartbeat = (file: BookFile, holdId: string): void => file.run('DELETE FROM heartbeat WHERE holdId = ?', holdId);

/** Undefined when there is none or it is damaged. */
export function readHeartbeat(file: BookFile, holdId: string): Heartbeat | undefined {
  const row = file.get('SELECT * FROM heartbeat WHERE holdId = ?', holdId);
  if (!row) return undefined;
  const { pid, startedAt, atMs, meterNanoUsd, checksum } = row;
  const beat: Heartbeat = {
    owner: { pid: Number(pid), ...(typeof startedAt === 'string' ? { startedAt } : {}) },
    atMs: Number(atMs),
    meterNanoUsd: typeof meterNanoUsd === 'number' ? meterNanoUsd : undefined,
  };
  return checksum === checksumOf(holdId, beat) ? beat : undefined;
}

/** True when nobody will settle that hold any more. */
export function isOrphaned(
  hold: BookRow,
  beat: Heartbeat | undefined,
  nowMs: number,
  isAlive: (owner: ProcessId) => boolean,
): boolean {
  const silentMs = nowMs - (beat?.atMs ?? Date.parse(hold.at));
  if (silentMs > SILENT_AFTER_MS) return true;
  // A sign of life from the future means that the clock went back: it must not keep a dead owner's hold for ever.
  return beat !== undefined && Math.abs(silentMs) > DEAD_AFTER_MS && !isAlive(beat.owner);
}

/** Noted on the reservation of a run that goes on without its owner. */
export const BACKGROUND = 'background';

/**
 * What a hold whose owner is gone is settled at: what its meter said last, raised by the margin of an estimate, and 30 s more at the pace
 * it had had until then; at most what was reserved, and all of it when there never was a reading or the run goes on by itself.
 */
export function orphanNanoUsd(hold: BookRow, beat: Heartbeat | undefined): NanoUsd {
  const heldNanoUsd = hold.nanoUsd ?? 0;
  if (!beat?.meterNanoUsd || hold.note === BACKGROUND) return heldNanoUsd;
  const ranMs = Math.max(1000, beat.atMs - Date.parse(hold.at));
  const percent = Math.round(TOKENIZER_MARGIN * 100);
  return Math.min(heldNanoUsd, Math.ceil((beat.meterNanoUsd * (percent * ranMs + 100 * DEAD_AFTER_MS)) / (100 * ranMs)));
}

const checksumOf = (holdId: string, { owner, atMs, meterNanoUsd }: Heartbeat): string =>
  createHash('sha256')
    .update(JSON.stringify([holdId, owner.pid, owner.startedAt ?? null, atMs, meterNanoUsd ?? null]))
    .digest('hex');
