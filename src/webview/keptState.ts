/**
 * What a person did to the page, kept by VS Code over a reload of it. What was folded or scrolled belongs to one run of a lane, and is not
 * found again in the next.
 */
import type { LaneId } from '../shared/comparison.ts';
import { readView, type ViewId } from '../shared/view.ts';
import { type KeptSettings, readSettings } from './preview/boardSettings.ts';

export interface Kept {
  /** The comparison shown: what the host asks for when VS Code restores the panel after a reload of the window. */
  readonly id: string;
  readonly lanes: Partial<Record<LaneId, KeptLane & { readonly run: string }>>;
  readonly fairnessOpen: boolean;
  readonly taskOpen: boolean;
  /** How the answers are shown; absent: as the person chose last, anywhere. */
  readonly view?: ViewId;
  readonly board: KeptSettings;
}

export interface KeptLane {
  readonly thinkingOpen?: boolean;
  /** Where the answer is read, in pixels from its top. */
  readonly top?: number;
}

/** Where VS Code keeps it. */
export interface KeptStore {
  getState(): unknown;
  setState(state: Kept): void;
}

export class KeptState {
  readonly #store: KeptStore;
  #now: Kept;

  /** Takes up what was kept, for that comparison. */
  constructor(store: KeptStore, id: string) {
    this.#store = store;
    this.#now = { ...readKept(store.getState()), id };
    store.setState(this.#now);
  }

  get now(): Kept {
    return this.#now;
  }

  change(change: Partial<Omit<Kept, 'id' | 'lanes'>>): void {
    this.#set({ ...this.#now, ...change });
  }

  /** What was done in that run of the lane, where anything was. */
  lane(lane: LaneId, run: string): KeptLane | undefined {
    const kept = this.#now.lanes[lane];
    return kept?.run === run ? kept : undefined;
  }

  changeLane(lane: LaneId, run: string, change: KeptLane): void {
    this.#set({ ...this.#now, lanes: { ...this.#now.lanes, [lane]: { ...this.lane(lane, run), ...change, run } } });
  }

  #set(kept: Kept): void {
    this.#now = kept;
    this.#store.setState(kept);
  }
}

function readKept(stored: unknown): Omit<Kept, 'id'> {
  const kept: Partial<Record<keyof Kept, unknown>> = typeof stored === 'object' && stored !== null ? stored : {};
  const view = readView(kept.view);
  return {
    lanes: typeof kept.lanes === 'object' && kept.lanes !== null ? kept.lanes : {},
    fairnessOpen: kept.fairnessOpen === true,
    taskOpen: kept.taskOpen === true,
    ...(view === undefined ? {} : { view }),
    board: readSettings(kept.board),
  };
}
