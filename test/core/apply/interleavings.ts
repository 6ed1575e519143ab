/** Many schedules, one after the other. A failure names its seed: `runSchedule(seed)` has it again. */
import assert from 'node:assert/strict';
import { seedOf } from '../../soak/random.ts';
import { runSchedule } from './schedule.ts';

/** Runs them and gives how often each thing was seen in all. */
export async function runSchedules(base: number, count: number): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  for (let n = 0; n < count; n += 1) {
    const seed = seedOf(base, n);
    const auditor = await runSchedule(seed);
    assert.deepEqual(auditor.violations, [], `schedule ${n}, seed ${seed}`);
    for (const [what, times] of auditor.seen) seen.set(what, (seen.get(what) ?? 0) + times);
  }
  return seen;
}
