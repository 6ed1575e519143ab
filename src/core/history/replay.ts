/**
 * A stored comparison played again from its events, at the pace at which they arrived or faster. It reads nothing, sends nothing and
 * writes nothing: it is handed a log and a clock, and hands on batches as a running comparison does.
 */
import { type ComparisonEvent, type ComparisonState, EMPTY, reduce } from '../../shared/comparison.ts';
import type { Clock } from '../contracts.ts';

/** How many times as fast as it happened; 0: it stands still. */
export type Speed = 0 | 1 | 2 | 8;

export interface ReplayDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Calls again and again, about once a frame, until told to stop. */
  readonly everyFrame: (call: () => void) => () => void;
  readonly onBatch: (batch: readonly ComparisonEvent[], state: ComparisonState) => void;
  /** It began, stopped, ended or changed its pace. */
  readonly onChange: () => void;
}

export class Replay {
  readonly #deps: ReplayDeps;
  readonly #events: readonly ComparisonEvent[];
  #state: ComparisonState = EMPTY;
  #next = 0;
  #speed: Speed = 0;
  /** The log's time when the pace was last set, and the clock's. */
  #fromMs = 0;
  #sinceMs = 0;
  #stopFrames: (() => void) | undefined;

  constructor(events: readonly ComparisonEvent[], deps: ReplayDeps) {
    this.#events = events;
    this.#deps = deps;
  }

  get state(): ComparisonState {
    return this.#state;
  }

  get speed(): Speed {
    return this.#speed;
  }

  get hasEnded(): boolean {
    return this.#next >= this.#events.length;
  }

  /** `atMs` of now in the log. */
  get nowMs(): number {
    return this.#fromMs + (this.#deps.clock.nowMs() - this.#sinceMs) * this.#speed;
  }

  /** Plays on at that pace, from the beginning when it had ended. 0 stops where it is. */
  play(speed: Speed): void {
    if (speed > 0 && this.hasEnded) {
      this.#state = EMPTY;
      this.#next = 0;
      this.#moveTo(0);
    } else this.#moveTo(this.nowMs);
    this.#speed = speed;
    this.#stopFrames?.();
    this.#stopFrames = speed > 0 ? this.#deps.everyFrame(() => this.#step()) : undefined;
    if (speed > 0) this.#step();
    this.#deps.onChange();
  }

  #step(): void {
    const batch: ComparisonEvent[] = [];
    for (let event = this.#events[this.#next]; event; event = this.#events[this.#next]) {
      // Between two runs of a comparison nothing happens, for days perhaps: nobody waits through that.
      if (!this.#state.running && event.atMs > this.nowMs) this.#moveTo(event.atMs);
      if (event.atMs > this.nowMs) break;
      this.#state = reduce(this.#state, event);
      batch.push(event);
      this.#next++;
    }
    if (batch.length > 0) this.#deps.onBatch(batch, this.#state);
    if (this.hasEnded && this.#speed > 0) this.play(0);
  }

  #moveTo(atMs: number): void {
    this.#fromMs = atMs;
    this.#sinceMs = this.#deps.clock.nowMs();
  }
}
