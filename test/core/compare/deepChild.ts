/** A window of its own: `begin` starts a background run and says when text is there; `pick-up` goes on with one, and says how it ended. */
import { deepWindow } from './deepKit.ts';

const [, , stateDirectory = '', serverUrl = '', what = '', id = ''] = process.argv;
const { engine, begin } = deepWindow(stateDirectory, serverUrl);
if (what === 'begin') {
  let isSaid = false;
  const comparison = await begin((_batch, state) => {
    if (isSaid || (state.runs.reasoning?.text.length ?? 0) < 40) return;
    isSaid = true;
    process.stdout.write(comparison.id);
  });
  await comparison.settled();
} else {
  const comparison = await engine.pickUp(id, () => undefined);
  await comparison?.settled();
  process.stdout.write(comparison ? `${comparison.state.runs.reasoning?.finish}` : 'elsewhere');
}
