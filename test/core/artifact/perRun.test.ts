/** What is remembered of a run, and for how long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { perRun } from '../../../src/core/artifact/perRun.ts';
import { EMPTY } from '../../../src/shared/comparison.ts';
import { live } from '../../shared/runs.ts';

test('work is done once for a run, and again for another text or another task', () => {
  let calls = 0;
  const make = perRun((task, run) => {
    calls += 1;
    return `${task.title} ${run.text}`;
  });
  const { task } = EMPTY;
  const run = live({ text: 'a' });
  assert.equal(make(task, run), make(task, run));
  assert.equal(calls, 1);
  assert.equal(make(task, { ...run, text: 'ab' }), `${task.title} ab`);
  assert.equal(make({ ...task, title: 'other' }, run), 'other a');
  assert.equal(calls, 3);
});
