/**
 * One of several processes gets to do something: whoever makes the claim's file first. A claim holds while its maker lives. One whose maker
 * is gone is passed over by the next turn and never removed by others: between looking at a file and removing it, it may be somebody else's.
 */
import fs from 'node:fs';
import os from 'node:os';
import { isAlive, type ProcessId } from './processId.ts';

/** A claim is written in one go; one that is still empty after this long has no maker any more. */
const EMPTY_MS = 10_000;

/** Claims what `name`, a path, stands for. Returns how to give it back; undefined while another one has it. Throws when the disk refuses. */
export function claim(name: string, owner: ProcessId): (() => void) | undefined {
  for (let turn = 0; ; turn++) {
    const file = `${name}-${turn}`;
    try {
      fs.writeFileSync(file, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // Node's own errors carry a code
      if (isHeld(file)) return undefined;
    }
  }
}

/** True while the maker of a claim lives; when in doubt (it is being written, or was just removed), true as well. */
function isHeld(file: string): boolean {
  try {
    const text = fs.readFileSync(file, 'utf8');
    const ageMs = Date.now() - fs.statSync(file).mtimeMs;
    if (text === '') return ageMs < EMPTY_MS;
    const owner = JSON.parse(text) as ProcessId; // written by us, whole or not at all
    // Where the number alone is known, somebody else may have it since the system started again.
    return isAlive(owner) && (owner.startedAt !== undefined || ageMs < os.uptime() * 1000);
  } catch {
    return true;
  }
}
