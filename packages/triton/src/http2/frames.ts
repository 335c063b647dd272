import { ErrorCode, Http2Error } from "./http2-error.ts";
import { PieceReader } from "./piece-reader.ts";

/** RFC 9113, 6 */
export const FrameType = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const Flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** RFC 9113, 6.5.2 */
export const Setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
} as const;

/** The preface, which our settings follow. (RFC 9113, 3.4) */
export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** What both sides take without having said so. We send no larger frame, and take none. */
export const FRAME_MAX_BYTES = 16_384;
const HEAD_BYTES = 9;
const STREAM_ID_BITS = 0x7fff_ffff;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** 0 for what concerns the connection. */
  readonly streamId: number;
  /** Shares memory with what came. */
  readonly payload: Buffer;
}

/** Cuts what comes into frames. */
export class FrameReader {
  readonly #pieces = new PieceReader(HEAD_BYTES, payloadBytes);

  /** @throws Http2Error FRAME_SIZE_ERROR */
  push(chunk: Buffer): readonly Frame[] {
    return this.#pieces.push(chunk).map((piece) => ({
      type: piece[3] ?? 0,
      flags: piece[4] ?? 0,
      streamId: piece.readUInt32BE(5) & STREAM_ID_BITS,
      payload: piece.subarray(HEAD_BYTES),
    }));
  }
}

function payloadBytes(head: Buffer): number {
  const bytes = head.readUIntBE(0, 3);
  if (bytes > FRAME_MAX_BYTES) {
    throw new Http2Error(ErrorCode.frameSizeError, `a frame of ${bytes} bytes came, which is too large`);
  }
  return bytes;
}

/** The payload of DATA and HEADERS without what may stand around it. @throws Http2Error */
export function unpadded({ type, flags, payload }: Frame): Buffer {
  const padded = (flags & Flag.padded) !== 0;
  const priority = type === FrameType.headers && (flags & Flag.priority) !== 0;
  const start = (padded ? 1 : 0) + (priority ? 5 : 0);
  const end = payload.length - (padded ? (payload[0] ?? 0) : 0);
  if (start > end) throw new Http2Error(ErrorCode.protocolError, "a frame is all padding");
  return payload.subarray(start, end);
}

/** What stands before a payload of that size. */
export function frameHead(
  type: number,
  { bytes, flags = 0, streamId = 0 }: { bytes: number; flags?: number; streamId?: number },
): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUIntBE(bytes, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return head;
}

/** A frame whose payload is a few whole numbers of 32 bits. */
export function numbersFrame(type: number, streamId: number, ...numbers: readonly number[]): Buffer {
  const payload = Buffer.allocUnsafe(4 * numbers.length);
  numbers.forEach((number, index) => payload.writeUInt32BE(number, 4 * index));
  return Buffer.concat([frameHead(type, { bytes: payload.length, streamId }), payload]);
}

export function settingsFrame(settings: readonly (readonly [name: number, value: number])[]): Buffer {
  const payload = Buffer.allocUnsafe(6 * settings.length);
  settings.forEach(([name, value], index) => {
    payload.writeUInt16BE(name, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  });
  return Buffer.concat([frameHead(FrameType.settings, { bytes: payload.length }), payload]);
}

/** A block of headers, over as many frames as it takes. */
export function headerFrames(streamId: number, block: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < block.length; at += FRAME_MAX_BYTES) {
    const part = block.subarray(at, at + FRAME_MAX_BYTES);
    const flags = at + part.length === block.length ? Flag.endHeaders : 0;
    const type = at === 0 ? FrameType.headers : FrameType.continuation;
    frames.push(frameHead(type, { bytes: part.length, flags, streamId }), part);
  }
  return frames;
}
