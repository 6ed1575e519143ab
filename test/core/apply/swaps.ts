/**
 * Links swapped in while an answer is applied, with real files: at a step chosen by the seed a folder, a file or a missing file becomes
 * a link that leads out of the workspace. Afterwards nothing outside may differ, and a write that went astray must have been told.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applyAnswer } from '../../../src/core/apply/apply.ts';
import type { UndoStore } from '../../../src/core/apply/workspace.ts';
import { randomOf, seedOf } from '../../soak/random.ts';
import { answerOf, comparison } from './kit.ts';
import { workspaceOnDisk } from './onDisk.ts';

const OLD = 'old style\n';

export interface SwapCounts {
  /** Swaps that came while the apply ran. */
  swapped: number;
  /** Writes that went astray and were taken back. */
  restored: number;
  refused: number;
  applied: number;
}

/** Runs that many races, each in folders of its own. */
export async function raceSwaps(base: number, count: number): Promise<SwapCounts> {
  const counts: SwapCounts = { swapped: 0, restored: 0, refused: 0, applied: 0 };
  const place = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), 'second-thought-swaps-')));
  try {
    for (let n = 0; n < count; n += 1) await race(seedOf(base, n), path.join(place, String(n)), counts);
  } finally {
    await fs.rm(place, { recursive: true, force: true });
  }
  return counts;
}

async function race(seed: number, place: string, counts: SwapCounts): Promise<void> {
  const random = randomOf(seed);
  const [root, outside] = [path.join(place, 'ws'), path.join(place, 'ws-evil')];
  await fs.mkdir(path.join(root, 'sub'), { recursive: true });
  await fs.mkdir(path.join(outside, 'sub'), { recursive: true });
  await fs.writeFile(path.join(root, 'card.md'), '# Card\n');
  await fs.writeFile(path.join(root, 'sub/old.css'), OLD);
  // What lies outside may look exactly like what is expected inside.
  const theirs = random.chance(0.5) ? OLD : 'theirs\n';
  await fs.writeFile(path.join(outside, 'sub/old.css'), theirs);
  await fs.writeFile(path.join(outside, 'there.html'), theirs);
  const before = await contentOf(outside);

  const swaps = [
    async () => {
      await fs.rename(path.join(root, 'sub'), path.join(root, 'sub-before'));
      await fs.symlink(path.join(outside, 'sub'), path.join(root, 'sub'));
    },
    async () => {
      await fs.rename(path.join(root, 'sub/old.css'), path.join(root, 'old-before.css'));
      await fs.symlink(path.join(outside, 'sub/old.css'), path.join(root, 'sub/old.css'));
    },
    async () => fs.symlink(path.join(outside, 'nowhere.html'), path.join(root, 'new.html')),
    async () => fs.symlink(path.join(outside, 'there.html'), path.join(root, 'new.html')),
    async () => fs.symlink(outside, path.join(root, 'made')),
  ] as const;
  const swap = random.pick(swaps);
  let left = random.int(0, 40);
  let isSwapped = false;
  const between = async (): Promise<void> => {
    left -= 1;
    if (left !== 0) return;
    isSwapped = true;
    await swap().catch(() => undefined);
  };
  let stored: unknown;
  const undo: UndoStore = {
    read: async () => stored,
    write: async (_id, value) => {
      await between();
      stored = value;
    },
    lock: async () => () => undefined,
  };
  const state = comparison(
    'swaps',
    { source: { uri: 'file:card.md', name: 'card.md' } },
    { fast: answerOf({ 'sub/old.css': 'new style\n', 'new.html': 'N\n', 'made/deep/x.html': 'X\n', 'sub/new.css': 'S\n' }) },
  );
  const outcome = await applyAnswer(state, 'fast', {
    workspace: workspaceOnDisk(root, between),
    undo,
    dialogs: { confirm: async () => true, tell: async () => undefined, pickFolder: async () => root },
    log: () => undefined,
  });
  assert.deepEqual(await contentOf(outside), before, `seed ${seed}: ${outcome.message}`);
  if (isSwapped) counts.swapped += 1;
  if (/a link led/.test(outcome.message)) {
    counts.restored += 1;
    assert.match(outcome.message, /Undone|Nothing was undone|Nothing to undo|Could not undo/);
  } else if (outcome.applied.length === 0) counts.refused += 1;
  else counts.applied += 1;
}

/** Every file below a folder, with its text. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await fs.readFile(file, 'utf8')])));
}
