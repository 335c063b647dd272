/**
 * The instances of a model: so many requests are served at once, the others wait first in, first out, and one that
 * is given up leaves the line.
 */
export class ServiceSlots {
  #slots: number;
  #busy = 0;
  readonly #line = new Set<() => void>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  get slots(): number {
    return this.#slots;
  }

  /** More slots take requests from the line at once; fewer take effect as requests end. */
  set slots(slots: number) {
    this.#slots = slots;
    this.#admit();
  }

  get busy(): number {
    return this.#busy;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Resolves when it is this request's turn. @throws the signal's reason where it was given up first */
  async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#busy < this.#slots) {
      this.#busy++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        this.#line.delete(turn);
        reject(signal.reason);
      };
      const turn = () => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#line.add(turn);
    });
  }

  leave(): void {
    this.#busy--;
    this.#admit();
  }

  #admit(): void {
    for (const turn of this.#line) {
      if (this.#busy >= this.#slots) return;
      this.#busy++;
      this.#line.delete(turn);
      turn();
    }
  }
}
