/**
 * The three clocks of a stream: first byte, silence, and life without progress.
 *
 * No SDK has them, and a stalled stream would otherwise hang for ever. One timer looks at recorded arrival times, so that an arriving
 * delta costs an assignment and no timer.
 */
import type { StreamLimits } from '../contracts.ts';

/** Time as an argument, so that tests own it. */
export interface Timers {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Calls back once after that many milliseconds; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}

export const SYSTEM_TIMERS: Timers = {
  nowMs: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

export type Expiry = 'first-byte' | 'idle' | 'progress' | 'settled';

/** A timer that comes this late was not late: the machine slept. Then the line gets a moment to show that it lives. */
const SLEPT_MS = 5_000;
const AFTER_SLEEP_MS = 30_000;

export interface Watch {
  /** A byte arrived. */
  byte(): void;
  /** Text, thinking or figures arrived. */
  progress(): void;
  /** All has been said: what may still follow is waited for so long, and never longer than was said before. */
  settle(ms: number): void;
  /** While paused nobody waits for the line (the reader is busy with what came), and no limit runs out. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Starts watching. `onExpire` is called once, with the limit that ran out. */
export function createWatch(limits: StreamLimits, timers: Timers, onExpire: (expiry: Expiry) => void): Watch {
  const startedMs = timers.nowMs();
  let byteMs: number | undefined;
  let progressMs = startedMs;
  let doneMs = Number.POSITIVE_INFINITY;
  let graceUntilMs = 0;
  let paused = false;
  let over = false;
  let cancel: () => void = () => undefined;
  let dueMs = 0;

  const deadline = (): { readonly atMs: number; readonly expiry: Expiry } => {
    if (byteMs === undefined) return { atMs: startedMs + limits.firstByteMs, expiry: 'first-byte' };
    const idleMs = byteMs + limits.idleMs;
    const stuckMs = progressMs + limits.progressMs;
    if (doneMs <= idleMs && doneMs <= stuckMs) return { atMs: doneMs, expiry: 'settled' };
    return idleMs <= stuckMs ? { atMs: idleMs, expiry: 'idle' } : { atMs: stuckMs, expiry: 'progress' };
  };

  const arm = (): void => {
    cancel();
    if (over) return;
    const { atMs } = deadline();
    dueMs = Math.max(atMs, graceUntilMs);
    if (!Number.isFinite(dueMs)) return;
    cancel = timers.after(Math.max(0, dueMs - timers.nowMs()), look);
  };

  const look = (): void => {
    if (over) return;
    const nowMs = timers.nowMs();
    if (nowMs - dueMs > SLEPT_MS && graceUntilMs === 0) graceUntilMs = nowMs + AFTER_SLEEP_MS;
    const { atMs, expiry } = deadline();
    if (paused || nowMs < Math.max(atMs, graceUntilMs)) {
      if (!paused) arm();
      return;
    }
    over = true;
    onExpire(expiry);
  };

  arm();
  return {
    byte: () => {
      const isFirst = byteMs === undefined;
      byteMs = timers.nowMs();
      // The deadline moved from the first limit to others, which may be nearer.
      if (isFirst) {
        progressMs = byteMs;
        arm();
      }
    },
    progress: () => {
      progressMs = timers.nowMs();
    },
    settle: (ms) => {
      const atMs = timers.nowMs() + ms;
      if (atMs >= doneMs) return;
      doneMs = atMs;
      arm();
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      if (!paused) return;
      paused = false;
      // Only if a look came and went meanwhile is there no timer any more.
      if (timers.nowMs() >= dueMs) {
        byteMs = timers.nowMs();
        progressMs = byteMs;
        arm();
      }
    },
    stop: () => {
      over = true;
      cancel();
    },
  };
}
