/** Chance that can be had again: the same seed gives the same numbers, on every machine. */

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from the first to the last, both included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
}

/** Mulberry32, public domain (Tommy Ettinger). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (values) => values[int(0, values.length - 1)] ?? values[0],
  };
}

/** The n-th of a row of seeds: far from its neighbours, so that no two schedules share their luck. */
export const seedOf = (base: number, n: number): number => Math.imul((base + n) ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
