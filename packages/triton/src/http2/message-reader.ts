import { status } from "@grpc/grpc-js";
import { GrpcStatusError } from "./grpc-status-error.ts";

/** Before each message: a byte that says whether it is compressed, and four with its length. (gRPC over HTTP/2) */
export const FRAME_HEAD_BYTES = 5;

/** Cuts what comes over a stream into messages. */
export class MessageReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #buffered = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether bytes of a message that has not ended are there. */
  get pending(): boolean {
    return this.#buffered > 0;
  }

  /** The messages that are complete with this chunk; they share its memory. @throws GrpcStatusError */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      const size = this.#nextSize();
      if (size === undefined || this.#buffered < FRAME_HEAD_BYTES + size) return messages;
      const all = this.#joined();
      messages.push(all.subarray(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + size));
      this.#keep(all.subarray(FRAME_HEAD_BYTES + size));
    }
  }

  #nextSize(): number | undefined {
    if (this.#buffered < FRAME_HEAD_BYTES) return undefined;
    const [first] = this.#chunks;
    const head = first && first.length >= FRAME_HEAD_BYTES ? first : this.#joined();
    if (head[0] !== 0) {
      throw new GrpcStatusError(status.INTERNAL, "a compressed message came, which was not asked for");
    }
    const size = head.readUInt32BE(1);
    if (size > this.#maxBytes) {
      const details = `Received message larger than max (${size} vs ${this.#maxBytes})`;
      throw new GrpcStatusError(status.RESOURCE_EXHAUSTED, details);
    }
    return size;
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first && this.#chunks.length === 1) return first;
    const all = Buffer.concat(this.#chunks, this.#buffered);
    this.#keep(all);
    return all;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
  }
}
