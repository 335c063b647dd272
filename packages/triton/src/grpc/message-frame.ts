import { FRAME_HEAD_BYTES } from "./message-reader.ts";

/** A message in one piece as the wire has it. */
export function framed(message: Uint8Array): Buffer[] {
  return [frameHead(message.length), Buffer.from(message.buffer, message.byteOffset, message.byteLength)];
}

/** What stands before a message of that size. */
export function frameHead(size: number): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES);
  head[0] = 0;
  head.writeUInt32BE(size, 1);
  return head;
}
