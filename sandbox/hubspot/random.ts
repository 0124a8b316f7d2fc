/** A seeded pseudo-random source: the same seed gives the same portal on every machine. */
export interface Random {
  /** The next float in [0, 1). */
  readonly next: () => number;
  /** An integer in [low, high], both included. */
  readonly between: (low: number, high: number) => number;
  /** One element of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** Hexadecimal characters, for tokens and generated ids. */
  readonly hex: (length: number) => string;
}

/** Makes a random source (mulberry32) from a 32-bit seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  function between(low: number, high: number): number {
    return low + Math.floor(next() * (high - low + 1));
  }
  return {
    next,
    between,
    pick: <T>(list: readonly T[]): T => list[between(0, list.length - 1)] as T,
    hex: (length) => Array.from({ length }, () => between(0, 15).toString(16)).join(''),
  };
}
