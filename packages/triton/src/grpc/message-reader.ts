import { status } from "@grpc/grpc-js";
import { PieceReader } from "../http2/piece-reader.ts";
import { GrpcStatusError } from "./grpc-status-error.ts";

/** Before each message: a byte that says whether it is compressed, and four with its length. (gRPC over HTTP/2) */
export const FRAME_HEAD_BYTES = 5;

/** Cuts what comes over a stream into messages. */
export class MessageReader {
  readonly #pieces: PieceReader;

  constructor(maxBytes: number) {
    this.#pieces = new PieceReader(FRAME_HEAD_BYTES, (head) => messageBytes(head, maxBytes));
  }

  /** Whether bytes of a message that has not ended are there. */
  get pending(): boolean {
    return this.#pieces.pending;
  }

  /** The messages that are complete with this chunk; they share its memory. @throws GrpcStatusError */
  push(chunk: Buffer): readonly Buffer[] {
    return this.#pieces.push(chunk).map((piece) => piece.subarray(FRAME_HEAD_BYTES));
  }
}

function messageBytes(head: Buffer, maxBytes: number): number {
  if (head[0] !== 0) {
    throw new GrpcStatusError(status.INTERNAL, "a compressed message came, which was not asked for");
  }
  const bytes = head.readUInt32BE(1);
  if (bytes > maxBytes) {
    const details = `Received message larger than max (${bytes} vs ${maxBytes})`;
    throw new GrpcStatusError(status.RESOURCE_EXHAUSTED, details);
  }
  return bytes;
}
