/** Answers applied and taken back while somebody works on the same files: some hundred schedules; ten thousand run with the thorough tests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSchedules } from './interleavings.ts';
import { runSchedule } from './schedule.ts';

test('300 interleavings of edits, applies, undos, faults and deaths lose nothing', async () => {
  await runSchedules(7, 300);
});

test('the same seed gives the same schedule', async () => {
  const [one, other] = [await runSchedule(424_242), await runSchedule(424_242)];
  assert.deepEqual([...one.seen], [...other.seen]);
});

/** Schedules of one window that once lost something: typing while a preview stood, a save of what somebody typed, files that others changed. */
for (const seed of [390_571_273, 574_674_100, 1_595_675_095, 2_144_915_531, 2_415_702_370, 3_893_130_408]) {
  test(`schedule ${seed}`, async () => assert.deepEqual((await runSchedule(seed, false)).violations, []));
}

test('a document that went back behind its file since the plan is not saved over it', async () => {
  assert.deepEqual((await runSchedule(1_445_505_865)).violations, []);
});
