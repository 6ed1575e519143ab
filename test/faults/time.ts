/**
 * Time for tests over real sockets that moves only when nothing else does: when no byte is on its way any more, it jumps to the next
 * moment anybody waits for. Ten silent minutes take as long as their events, and a limit is met to the millisecond, with nothing to
 * allow for a slow machine.
 *
 * "Nothing else" is seen from inside: server and client live in this process, so a byte that was written is found by the next turns of
 * the event loop. Who moves bytes says so with {@link VirtualTime.touch}.
 */
import { setImmediate as nextTurn, setTimeout as realTime } from 'node:timers/promises';
import type { Clock } from '../../src/core/contracts.ts';
import type { Timers } from '../../src/core/providers/watch.ts';

/** So many turns of the event loop without news, and so much real time, and nothing is on its way. */
const QUIET_TURNS = 12;
const QUIET_MS = 1;
/** After a tick that moved no byte, a few turns are enough. */
const TICK_TURNS = 2;
/** When nobody waits for anything and nothing ends either, something hangs. */
const DEADLOCK_MS = 10_000;

interface Due {
  readonly atMs: number;
  readonly call: () => void;
  readonly isTick: boolean;
}

export class VirtualTime implements Timers {
  readonly clock: Clock = {
    nowMs: () => this.#nowMs,
    date: () => new Date(this.#startMs + this.#nowMs + this.#dateShiftMs),
  };
  readonly #startMs = Date.UTC(2026, 10, 22, 9);
  readonly #due = new Map<number, Due>();
  #nowMs = 0;
  #dateShiftMs = 0;
  #nextId = 0;
  #touches = 0;
  #standing = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, call: () => void): () => void {
    return this.#add(ms, call, false);
  }

  /** Calls back again and again. These calls are taken to move no bytes. */
  every(ms: number, call: () => void): () => void {
    let cancel = (): void => undefined;
    const arm = (): void => {
      cancel = this.#add(
        ms,
        () => {
          arm();
          call();
        },
        true,
      );
    };
    arm();
    return () => cancel();
  }

  /** Resolves after that time, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.after(ms, resolve);
      signal?.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }

  /** Bytes moved. */
  touch(): void {
    this.#touches++;
  }

  /** Stands still for so much real time, for work that other threads do and that cannot be seen from here (decompression). */
  async standStill(realMs: number): Promise<void> {
    this.#standing++;
    await realTime(realMs);
    this.#standing--;
    this.touch();
  }

  /** The machine sleeps: time passes, and nothing is called in it. */
  sleepMachine(ms: number): void {
    this.#nowMs += ms;
  }

  /** Somebody sets the wall clock; durations know nothing of it. */
  setDate(byMs: number): void {
    this.#dateShiftMs += byMs;
  }

  /** Moves time until that has come to its end. */
  async run<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const ended = work.finally(() => {
      over = true;
    });
    ended.catch(() => undefined);
    let turns = QUIET_TURNS;
    let idleSince: number | undefined;
    while (!over) {
      await this.#quiet(turns);
      if (over) break;
      const next = this.#next();
      if (!next) {
        idleSince ??= performance.now();
        if (performance.now() - idleSince > DEADLOCK_MS) throw new Error('nobody waits for anything, and it does not end');
        await realTime(1);
        continue;
      }
      idleSince = undefined;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.call();
      turns = next.isTick ? TICK_TURNS : QUIET_TURNS;
    }
    return ended;
  }

  #add(ms: number, call: () => void, isTick: boolean): () => void {
    const id = this.#nextId++;
    this.#due.set(id, { atMs: this.#nowMs + Math.max(0, ms), call, isTick });
    return () => void this.#due.delete(id);
  }

  #next(): Due | undefined {
    let first: [number, Due] | undefined;
    for (const entry of this.#due) if (!first || entry[1].atMs < first[1].atMs) first = entry;
    if (first) this.#due.delete(first[0]);
    return first?.[1];
  }

  async #quiet(turns: number): Promise<void> {
    let seen = this.#touches;
    let left = turns;
    let sinceMs = performance.now();
    let needMs = turns === QUIET_TURNS ? QUIET_MS : 0;
    while (left-- > 0 || this.#standing > 0 || performance.now() - sinceMs < needMs) {
      await nextTurn();
      if (this.#touches === seen) continue;
      seen = this.#touches;
      left = QUIET_TURNS;
      sinceMs = performance.now();
      needMs = QUIET_MS;
    }
  }
}
