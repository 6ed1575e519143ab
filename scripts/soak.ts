/**
 * `npm run soak`: the ledger and the journal under everything that can happen to them, for as long as it takes: 100,000 schedules of
 * simulated processes, 1,000 of real ones, the settlement of 20,000 stopped lanes, 240 comparisons killed in mid-run. Exit code 0 only
 * when nothing was overspent, refused without reason, lost or settled twice.
 *
 *   npm run soak                                    all of it
 *   npm run soak -- --seed=7                        from that seed; it is printed, so that a run can be had again
 *   npm run soak -- --schedules=500                 fewer of each part, in proportion
 *   npm run soak -- --only=schedules,settlement     some parts
 *   npm run soak -- --only=schedules --play=12345   the one play of that seed, with what happened in it
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { isPart, PARTS, type PartId, playOne } from '../test/soak/parts.ts';
import { merge, newTally, type Played, type Tally } from '../test/soak/played.ts';
import { simulateSettlements } from '../test/soak/settlement.ts';
import { ROOT } from './install.mjs';
import { Failure, main, seconds } from './progress.mjs';

/** So many plays are given to a process at once: enough that its start does not count, few enough that progress is seen. */
const SHARE = { schedules: 1000, processes: 20, runs: 10 } as const;
const SETTLEMENTS = 20_000;
/** Of settlement: the share of stopped lanes that must be settled at no less than they cost, and the most that half of them may be. */
const LEAST_COVERED = 0.99;
const MOST_MEDIAN_RATIO = 1.5;

await main(async () => {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, schedules: { type: 'string' }, only: { type: 'string' }, play: { type: 'string' } },
  });
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
  const share = Number(values.schedules ?? PARTS.schedules.plays) / PARTS.schedules.plays;
  const parts = values.only?.split(',') ?? [...Object.keys(PARTS), 'settlement'];
  const unknown = parts.filter((part) => part !== 'settlement' && !isPart(part));
  if (unknown.length > 0 || Number.isNaN(seed) || Number.isNaN(share))
    throw new Failure('These options are not understood.', `The parts are: ${Object.keys(PARTS).join(', ')}, settlement.`);
  console.log(`seed ${seed}`);
  let failures = 0;
  for (const part of parts) {
    const begunMs = performance.now();
    if (!isPart(part)) failures += tellSettlements(seed, Math.ceil(SETTLEMENTS * share));
    else if (values.play !== undefined) {
      const played = await playOne(part, Number(values.play));
      tellFailure(part, Number(values.play), played);
      failures += played.problems.length;
    } else failures += tell(part, await playShared(part, seed, Math.ceil(PARTS[part].plays * share)));
    console.log(`  ${seconds(performance.now() - begunMs)}\n`);
  }
  console.log(failures === 0 ? 'nothing failed' : `${failures} FAILED`);
  process.exitCode = failures > 0 || parts.length === 0 ? 1 : 0;
});

/** Plays a part on all processors. */
async function playShared(part: PartId, seed: number, plays: number): Promise<Tally> {
  const tally = newTally();
  const run = promisify(execFile);
  const worker = join(ROOT, 'test', 'soak', 'worker.ts');
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < plays) {
      const from = next;
      next = Math.min(plays, from + SHARE[part]);
      const args = ['--disable-warning=ExperimentalWarning', worker, part, String(seed), String(from), String(next)];
      const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 28 });
      merge(tally, JSON.parse(stdout) as Tally);
      if (tally.plays % (SHARE[part] * 10) === 0) console.log(`  ${tally.plays} of ${plays} ${part}, ${tally.failures} failed`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return tally;
}

function tell(part: PartId, { plays, failures, figures, failed }: Tally): number {
  console.log(`${PARTS[part].title}: ${plays} played, ${failures} failed`);
  for (const [name, value] of Object.entries(figures)) console.log(`  ${name.padEnd(20)} ${value}`);
  for (const one of failed) tellFailure(part, one.seed, one);
  return failures;
}

function tellFailure(part: PartId, seed: number, { problems, log }: Played): void {
  console.log(`\n  seed ${seed}: npm run soak -- --only=${part} --play=${seed}`);
  for (const line of log) console.log(`    ${line}`);
  for (const problem of problems) console.log(`  WRONG: ${problem}`);
}

function tellSettlements(seed: number, lanes: number): number {
  const { coveredShare, medianRatio, kinds, inexact } = simulateSettlements(seed, lanes);
  const line = (name: string, count: number, covered: number, ratio: number): void =>
    console.log(
      `  ${name.padEnd(22)} ${String(count).padStart(6)}  covered ${(100 * covered).toFixed(2)} %  median ${ratio.toFixed(2)}x`,
    );
  console.log('Settlement of stopped lanes against their true cost');
  for (const [kind, [count, covered, ratio]] of Object.entries(kinds)) line(kind, count, covered, ratio);
  line('all', lanes, coveredShare, medianRatio);
  console.log(`  with usage reported, not settled at exactly that: ${inexact}`);
  return coveredShare >= LEAST_COVERED && medianRatio <= MOST_MEDIAN_RATIO && inexact === 0 ? 0 : 1;
}
