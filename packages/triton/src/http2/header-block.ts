import { decodeHeaders, type Headers } from "./headers.ts";

/** Longer than any server's words about a failure. */
const BLOCK_MAX_BYTES = 256 * 1024;

/** Headers on their way, which may take several frames. */
export class HeaderBlock {
  readonly streamId: number;
  /** Whether the stream ends with them. */
  readonly last: boolean;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(streamId: number, last: boolean) {
    this.streamId = streamId;
    this.last = last;
  }

  add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > BLOCK_MAX_BYTES) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** What it says; undefined where it was too long to be kept. @throws Http2Error */
  headers(): Headers | undefined {
    if (this.#bytes > BLOCK_MAX_BYTES) return undefined;
    const [first] = this.#parts;
    return decodeHeaders(first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts));
  }
}
