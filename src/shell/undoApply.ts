/** What an apply replaced, on disk, so that it can be taken back after a reload. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { UndoStore } from '../core/apply/workspace.ts';
import { claim } from '../core/claim.ts';
import { thisProcess } from '../core/processId.ts';

/** One file for each comparison in `directory`, replaced as a whole, readable by this person only. */
export function undoStoreIn(directory: string): UndoStore {
  const fileOf = (comparisonId: string): string => {
    if (!/^[\w-]+$/.test(comparisonId)) throw new RangeError(`not a comparison id: ${comparisonId}`);
    return path.join(directory, `${comparisonId}.undo.json`);
  };
  return {
    read: async (comparisonId) => {
      const file = fileOf(comparisonId);
      try {
        return JSON.parse(await fs.readFile(file, 'utf8')) as unknown;
      } catch (error) {
        if (error instanceof SyntaxError) {
          // Damaged: nothing can be undone by it, but the texts in it may still be of use to somebody.
          await fs.rename(file, `${file}.damaged`);
          return undefined;
        }
        // The cast: Node's own errors carry a code.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write: async (comparisonId, value) => {
      const file = fileOf(comparisonId);
      if (value === undefined) return fs.rm(file, { force: true });
      await fs.mkdir(directory, { recursive: true, mode: 0o700 });
      await fs.writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600, flush: true });
      await fs.rename(`${file}.new`, file);
    },
    lock: async (comparisonId) => {
      const file = fileOf(comparisonId);
      await fs.mkdir(directory, { recursive: true, mode: 0o700 });
      return claim(`${file}.claim`, thisProcess());
    },
  };
}
