/**
 * `npm run faults`: every fault of the catalogue in either lane on every wire, in virtual time, as a table. Words after `--` choose
 * faults by the beginning of their number: `npm run faults -- F5 F20b`. Exit code 0 only when every cell is as it should be.
 */
import { CELLS, openMatrix } from '../test/faults/matrix.ts';

const wanted = process.argv.slice(2);
const cells = CELLS.filter(({ fault }) => wanted.length === 0 || wanted.some((start) => fault.id.startsWith(start)));
const begunMs = performance.now();
let failed = 0;
let virtualSeconds = 0;
await using matrix = await openMatrix();
const row = (...columns: readonly string[]): void => {
  const widths = [5, 54, 10, 19, 15, 16, 13, 4, 9];
  console.log(columns.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' '));
};
row('fault', 'what happens', 'lane', 'wire', 'end', 'error', 'charge', 'try', 'seconds', 'verdict');
for (const cell of cells) {
  const { outcome, problem } = await matrix.play(cell);
  const { faulty, seconds } = outcome;
  if (problem) failed++;
  virtualSeconds += seconds;
  row(
    cell.fault.id,
    cell.fault.title,
    cell.lane,
    cell.api,
    faulty.finish ?? '-',
    faulty.error?.kind ?? '-',
    faulty.cost?.basis ?? '-',
    String(faulty.attempts),
    seconds.toFixed(1),
    problem ? `WRONG: ${problem.message.split('\n').join(' ').slice(0, 300)}` : 'ok',
  );
}
const faults = new Set(cells.map(({ fault }) => fault.id)).size;
const took = ((performance.now() - begunMs) / 1000).toFixed(0);
console.log(`\n${faults} faults x 2 lanes x 3 wires, ${(virtualSeconds / 3600).toFixed(1)} virtual hours in ${took} s`);
console.log(`${cells.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || cells.length === 0 ? 1 : 0;
