/** Every fault, in each lane, on each wire: the tests and `npm run faults` go through the same cells. */
import { generate } from 'selfsigned';
import { LANES, type LaneId, type Run } from '../../src/shared/comparison.ts';
import { APIS, type Api } from '../../src/shared/model.ts';
import { FAULTS, type Fault, NO_FAULT } from './faults.ts';
import { KEY, type Lab, type Outcome, openLab } from './lab.ts';
import { judge } from './verdict.ts';

export interface Cell {
  readonly fault: Fault;
  readonly lane: LaneId;
  readonly api: Api;
}

export const CELLS: readonly Cell[] = FAULTS.flatMap((fault) =>
  LANES.flatMap((lane) => APIS.map((api) => ({ fault, lane, api }))),
);

export interface Matrix extends AsyncDisposable {
  /** Plays one cell; `problem` is what is wrong with its outcome, if anything. */
  play(cell: Cell): Promise<{ readonly outcome: Outcome; readonly problem?: Error }>;
  /** True when the key of all cells lies in the books. */
  isKeyInBooks(): boolean;
}

export async function openMatrix(): Promise<Matrix> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const lab = await openLab({ key, cert });
  const undisturbed = new Map<string, Promise<Run>>();
  return {
    play: async ({ fault, lane, api }) => {
      const calm = await (undisturbed.get(`${lane} ${api}`) ?? calmLane(lab, undisturbed, lane, api));
      const outcome = await lab.run(fault, lane, api);
      try {
        judge(fault, lane, api, outcome, calm);
        return { outcome };
      } catch (error) {
        return { outcome, problem: error instanceof Error ? error : new Error(String(error)) };
      }
    },
    isKeyInBooks: () => lab.books().includes(KEY),
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}

/** The other lane when nothing goes wrong in this one. */
function calmLane(lab: Lab, known: Map<string, Promise<Run>>, lane: LaneId, api: Api): Promise<Run> {
  const calm = lab.run(NO_FAULT, lane, api).then((outcome) => outcome.healthy);
  known.set(`${lane} ${api}`, calm);
  return calm;
}
