import { type Duplex, duplexPair } from "node:stream";
import { FrameReader, type Frame, Flag, frameHead, FrameType, PREFACE } from "../frames.ts";
import { encodeHeaders } from "../headers.ts";
import { Http2Session, type SessionOptions } from "../session.ts";
import type { StreamListener } from "../stream.ts";

/** What came of a request. */
export class Exchange {
  readonly headers: Record<string, string>[] = [];
  /** Each end that it was told of: one, when all is well. */
  readonly ends: (number | Error)[] = [];
  readonly #chunks: Buffer[] = [];

  get data(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get listener(): StreamListener {
    return {
      onHeaders: (headers) => this.headers.push(Object.fromEntries(headers)),
      onData: (chunk) => this.#chunks.push(Buffer.from(chunk)),
      onClose: (end) => this.ends.push(end),
    };
  }
}

/** A session whose other end a test writes by hand. */
export function scriptedPeer(options?: SessionOptions) {
  const [near, far] = duplexPair();
  far.resume();
  far.on("error", () => {});
  const told: string[] = [];
  let held = 0;
  const socket = Object.assign(near, { ref: () => ++held, unref: () => --held });
  const frames = recordFrames(socket);
  const listener = { onLeave: () => void told.push("leave"), onClose: () => void told.push("close") };
  const session = new Http2Session(socket, listener, options);
  return {
    session,
    far,
    /** What the session sent, its greeting included. */
    frames,
    /** Bytes that wait for the server to read. */
    backlog: () => near.writableLength,
    /** What its listener was told. */
    told,
    /** Above 0 while it keeps the process alive; it begins at -1. */
    held: () => held,
    ask: (body: readonly Uint8Array[] = [Buffer.from("ask")]) => {
      const exchange = new Exchange();
      const headers = encodeHeaders([[":method", "POST"]]);
      return { exchange, stream: session.request(headers, body, exchange.listener) };
    },
    /** Returns when both ends have read what was written. */
    async send(...bytes: readonly Buffer[]): Promise<void> {
      for (const piece of bytes) far.write(piece);
      await settled();
    },
  };
}

/** Taken where they are written, since a connection that ends may take the last ones with it. */
function recordFrames(socket: Duplex): Frame[] {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  const write = socket.write.bind(socket);
  let missing = PREFACE.length;
  socket.write = (chunk: Buffer) => {
    frames.push(...reader.push(chunk.subarray(missing)));
    missing = Math.max(0, missing - chunk.length);
    return write(chunk);
  };
  return frames;
}

/** Streams hand on what they have by then. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function frame(type: number, streamId: number, payload: Uint8Array = Buffer.alloc(0), flags = 0): Buffer {
  return Buffer.concat([frameHead(type, { bytes: payload.length, flags, streamId }), payload]);
}

export const SETTINGS: Buffer = frame(FrameType.settings, 0);

export function headersFrame(streamId: number, fields: Record<string, string>, flags: number = Flag.endHeaders): Buffer {
  return frame(FrameType.headers, streamId, encodeHeaders(Object.entries(fields)), flags);
}

/** The bytes of an answer with trailers. */
export function answer(streamId: number, text = "answer"): Buffer[] {
  return [
    headersFrame(streamId, { ":status": "200" }),
    frame(FrameType.data, streamId, Buffer.from(text)),
    headersFrame(streamId, { "grpc-status": "0" }, Flag.endHeaders | Flag.endStream),
  ];
}
