import type { WireMessage } from "./wire-message.ts";

/** The newest events of one epoch, ready to be sent: a reconnect after a short absence never asks Redis. */
export class Ring {
  readonly #capacity: number;
  readonly #messages: (WireMessage | undefined)[];
  #oldest: number;
  #next: number;

  /** Its first event will be `first`. */
  constructor(capacity: number, first: number) {
    this.#capacity = capacity;
    this.#messages = Array.from({ length: capacity });
    this.#oldest = first;
    this.#next = first;
  }

  push(message: WireMessage): void {
    this.#messages[this.#next % this.#capacity] = message;
    this.#next += 1;
    this.#oldest = Math.max(this.#oldest, this.#next - this.#capacity);
  }

  get(sequence: number): WireMessage | undefined {
    if (sequence < this.#oldest || sequence >= this.#next) return undefined;
    return this.#messages[sequence % this.#capacity];
  }
}
