export interface BackOffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
  /** From 0 to below 1; for tests. */
  readonly random?: () => number;
}

/**
 * How long to wait before the next try: doubling from `firstMs` to `mostMs`, each shortened by up to half at random, so
 * that the cameras of a switch that comes back do not all call at once. Never gives up.
 */
export class BackOff {
  readonly #options: BackOffOptions;
  #failures = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  nextMs(): number {
    const { firstMs, mostMs, random = Math.random } = this.#options;
    // 2 ** 30 is beyond every `mostMs`; the bound keeps the number finite for ever.
    const fullMs = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return fullMs * (1 - random() / 2);
  }

  /** It works again. */
  reset(): void {
    this.#failures = 0;
  }
}
