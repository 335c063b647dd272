/**
 * A small seeded generator (mulberry32): the same seed gives the same numbers on every machine, which is what makes
 * the show and its data set repeatable. Not for anything secret.
 */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number in [0, count). */
  index(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.index(items.length)] ?? items[0];
  }

  /** Roughly normal, mean 0, deviation 1: the sum of twelve uniform numbers less six. */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.next();
    return sum;
  }
}
