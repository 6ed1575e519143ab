/** Taking an apply back after somebody renamed, removed or edited its files: each file is restored, or named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyAnswer } from '../../../src/core/apply/apply.ts';
import { undoApply } from '../../../src/core/apply/undo.ts';
import type { ApplyDependencies } from '../../../src/core/apply/workspace.ts';
import { randomOf } from '../../soak/random.ts';
import { answerOf, comparison } from './kit.ts';
import { World } from './world.ts';

const STATE = comparison(
  'undo',
  { source: { uri: 'file:/ws/card.md', name: 'card.md' } },
  { fast: answerOf({ 'sub/deep/n.html': 'N\n', 'new.html': 'M\n', 'b.html': 'after\n' }) },
);

async function applied(): Promise<{ world: World; dependencies: ApplyDependencies }> {
  const world = new World(randomOf(1));
  world.busy = 0;
  world.faults = 0;
  world.disk.set('/ws/b.html', 'before\n');
  const dependencies: ApplyDependencies = {
    workspace: world.workspace,
    undo: world.store,
    log: () => undefined,
    dialogs: { confirm: async () => true, tell: async () => undefined, pickFolder: async () => '/ws' },
    preview: false,
  };
  const { applied } = await applyAnswer(STATE, 'fast', dependencies);
  assert.deepEqual(applied, ['sub/deep/n.html', 'new.html', 'b.html']);
  return { world, dependencies };
}

test('files go, texts come back, and the folders made for them go too', async () => {
  const { world, dependencies } = await applied();
  const { message } = await undoApply('undo', dependencies);
  assert.equal(message, 'Undone: 3 files are as before.');
  assert.deepEqual([...world.disk], [['/ws/b.html', 'before\n']]);
  assert.equal(world.folders.has('/ws/sub/deep'), false);
  assert.equal(world.folders.has('/ws/sub'), true, 'it was there before');
});

test('a new file that was renamed stays, and so does its folder', async () => {
  const { world, dependencies } = await applied();
  world.disk.set('/ws/sub/deep/mine.html', world.disk.get('/ws/sub/deep/n.html') ?? '');
  world.disk.delete('/ws/sub/deep/n.html');
  world.buffers.delete('/ws/sub/deep/n.html');
  await undoApply('undo', dependencies);
  assert.equal(world.disk.get('/ws/sub/deep/mine.html'), 'N\n');
  assert.equal(world.disk.get('/ws/b.html'), 'before\n');
  assert.equal(world.disk.has('/ws/new.html'), false);
});

test('a changed file that was removed is named, and can be taken back once it is as the apply left it', async () => {
  const { world, dependencies } = await applied();
  world.disk.delete('/ws/b.html');
  world.buffers.delete('/ws/b.html');
  assert.match(
    (await undoApply('undo', dependencies)).message,
    /^Undone: 2 files are as before\. b\.html changed since the apply/,
  );
  assert.equal((await undoApply('undo', dependencies)).message, 'Nothing was undone: b.html changed since the apply.');
  world.disk.set('/ws/b.html', 'after\n');
  assert.equal((await undoApply('undo', dependencies)).message, 'Undone: b.html is as before.');
  assert.equal(world.textOf('/ws/b.html'), 'before\n');
  assert.equal((await undoApply('undo', dependencies)).message, 'There is no apply to undo.');
});
