/**
 * Why the ledger's file cannot be used, from what SQLite or the system says: a sentence with the place and the way out.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type LedgerProblem, LedgerUnavailable } from '../contracts.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const SQLITE = { perm: 3, busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

/** An extended code holds the primary one in its low byte. */
function primaryCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** True when another process was writing for too long. */
export const isBusy = (error: unknown): boolean => [SQLITE.busy, SQLITE.locked].includes(primaryCode(error) ?? 0);

/** The failure as a sentence: what is wrong, where, and the way out. */
export function unavailable(file: string, error: unknown): LedgerUnavailable {
  if (error instanceof LedgerUnavailable) return error;
  const because = (message: string, problem: LedgerProblem = 'unusable'): LedgerUnavailable =>
    new LedgerUnavailable(message, { cause: error, problem });
  const reason = error instanceof Error ? error.message : String(error);
  const code = primaryCode(error);
  const systemCode =
    error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code)) ? error.code : undefined;
  if (isBusy(error)) {
    return because(
      `The spending ledger at ${file} is in use by another window. Nothing was spent: try again in a moment.`,
      'busy',
    );
  }
  if (code === SQLITE.full || systemCode === 'ENOSPC') {
    return because(
      `The disk is full (${diskOf(file)}), so the spending ledger at ${file} cannot be written. Nothing can be spent until there is room.`,
      'disk-full',
    );
  }
  if (
    (code === SQLITE.readOnly && !isWritable(file)) ||
    code === SQLITE.perm ||
    code === SQLITE.cannotOpen ||
    (code === undefined && systemCode !== undefined)
  ) {
    return because(
      `The spending ledger at ${file} cannot be opened for writing (${reason}). Nothing can be spent: check the permissions of the file and its folder.`,
    );
  }
  if (code === SQLITE.ioError) {
    return because(
      `The spending ledger at ${file} cannot be read or written (${reason}). Nothing can be spent: check the disk, then try again.`,
    );
  }
  return because(
    `The spending ledger at ${file} is damaged (${reason}). Nothing can be spent. Put back a copy of it, or set it aside ` +
      '(in VS Code, “Second Thought: Set the Damaged Ledger Aside”): a new one then begins with what is known to be spent.',
    'damaged',
  );
}

/** Where it is, a database that SQLite will not write to is marked so in its own header, by damage. */
function isWritable(file: string): boolean {
  try {
    for (const place of [file, path.dirname(file)]) fs.accessSync(place, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where the disk of a file is mounted. */
function diskOf(file: string): string {
  const deviceOf = (folder: string): number | undefined => fs.statSync(folder, { throwIfNoEntry: false })?.dev;
  let folder = path.dirname(path.resolve(file));
  const device = deviceOf(folder);
  while (path.dirname(folder) !== folder && deviceOf(path.dirname(folder)) === device) folder = path.dirname(folder);
  return folder;
}
