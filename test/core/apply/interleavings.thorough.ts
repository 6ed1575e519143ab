/** Ten thousand schedules of a person's work, other programs, faults and deaths around applies of both lanes and their undo. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSchedules } from './interleavings.ts';

test('10,000 interleavings lose nothing that somebody wrote, and change nothing but what was approved', async (context) => {
  const seen = await runSchedules(20_261_122, 10_000);
  for (const what of [
    'death',
    'written outside',
    'agreed to lose',
    'planned: merged',
    'create',
    'change',
    'save',
    'removeEmptyFolder',
  ]) {
    assert.ok((seen.get(what) ?? 0) > 10, `${what} was hardly seen`);
  }
  for (const said of [
    /a link led/,
    /Applied n of n files; left out/,
    /differs? f/,
    /changed since the apply/,
    /not the one that was agreed/,
    /could not be kept|could n/,
    /changed since the run began, in lines/,
    /holds the answer applied before/,
    /Could not undo/,
  ]) {
    assert.ok(
      [...seen.keys()].some((what) => said.test(what)),
      `nobody said ${said}`,
    );
  }
  context.diagnostic(`${seen.get('change')} edits, ${seen.get('create')} new files, ${seen.get('death')} deaths`);
});
