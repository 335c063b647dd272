import { ErrorCode, Http2Error } from "./http2-error.ts";

/** How much the server may still send, on a stream or on all of them. (RFC 9113, 5.2) */
export class ReceiveWindow {
  readonly #size: number;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @throws Http2Error FLOW_CONTROL_ERROR */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#size) {
      throw new Http2Error(ErrorCode.flowControlError, "more came than there was room for");
    }
  }

  /** What the server is to be granted anew by now: nothing until half is used, so that it is told seldom. */
  credit(): number {
    const used = this.#used;
    if (used * 2 < this.#size) return 0;
    this.#used = 0;
    return used;
  }
}
