/** Hands on what comes to one reader that may be slower: a bounded queue that empties itself when full. */
export class Mailbox<T> {
  readonly #capacity: number;
  readonly #onOverflow: () => readonly T[];
  #queue: T[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  /** `onOverflow` says what stands for all that was thrown away. */
  constructor(capacity: number, onOverflow: () => readonly T[]) {
    this.#capacity = capacity;
    this.#onOverflow = onOverflow;
  }

  put(item: T): void {
    if (this.#closed) return;
    if (this.#queue.length >= this.#capacity) this.#queue = [...this.#onOverflow()];
    else this.#queue.push(item);
    this.#wake?.();
  }

  /** Undefined once closed. */
  async take(): Promise<T | undefined> {
    while (this.#queue.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#closed ? undefined : this.#queue.shift();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }
}
