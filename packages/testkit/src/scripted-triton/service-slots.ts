/**
 * The instances of a model: so many requests are served at once, the others wait first in, first out, and one that
 * is given up leaves the line.
 */
export class ServiceSlots {
  slots: number;
  #busy = 0;
  readonly #line = new Set<() => void>();

  constructor(slots: number) {
    this.slots = slots;
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
    if (this.#busy < this.slots) {
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

  /** Gives the slot to the one who has waited longest. */
  leave(): void {
    const [next] = this.#line;
    if (next && this.#busy <= this.slots) {
      this.#line.delete(next);
      next();
    } else this.#busy--;
  }
}
