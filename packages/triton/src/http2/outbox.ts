import type { Duplex } from "node:stream";
import { Flag, FRAME_MAX_BYTES, frameHead, FrameType, headerFrames } from "./frames.ts";
import { broken, ErrorCode, Http2Error } from "./http2-error.ts";
import type { Http2Stream } from "./stream.ts";

/** Before the server has said otherwise. */
export const FIRST_WINDOW_BYTES = 65_535;
const LARGEST_WINDOW_BYTES = 2 ** 31 - 1;
const LAST_STREAM_ID = 2 ** 31 - 1;
/** What waits in the socket. More waits here, where a call that is given up takes it back. */
export const SEND_AHEAD_BYTES = 1024 * 1024;

/** The requests of a connection, sent in their order, as much at a time as the server and the socket take. */
export class Outbox {
  readonly #socket: Duplex;
  /** Not begun, as the server takes no more at a time. */
  readonly #waiting = new Set<Http2Stream>();
  /** By number; the answer has not ended. */
  readonly #begun = new Map<number, Http2Stream>();
  /** Begun, with a body that is not sent yet. */
  readonly #sending = new Set<Http2Stream>();
  #nextId: number;
  #window = FIRST_WINDOW_BYTES;
  #streamWindow = FIRST_WINDOW_BYTES;
  #maxStreams = Number.POSITIVE_INFINITY;

  /** @param firstId odd */
  constructor(socket: Duplex, firstId: number) {
    this.#socket = socket;
    this.#nextId = firstId;
  }

  /** Requests that have not ended. */
  get size(): number {
    return this.#begun.size + this.#waiting.size;
  }

  /** Whether a further request would wait: for the server to take one more, or for the socket. */
  get full(): boolean {
    return this.#waiting.size > 0 || this.#begun.size >= this.#maxStreams || this.#socketFull;
  }

  /** Whether there are no numbers left for further requests. */
  get usedUp(): boolean {
    return this.#nextId > LAST_STREAM_ID;
  }

  get waiting(): Iterable<Http2Stream> {
    return this.#waiting;
  }

  get begun(): Iterable<Http2Stream> {
    return this.#begun.values();
  }

  add(stream: Http2Stream): void {
    this.#waiting.add(stream);
  }

  /** Takes a request away, with what is not sent of it. Returns whether it was there. */
  remove(stream: Http2Stream): boolean {
    this.#sending.delete(stream);
    return this.#waiting.delete(stream) || (this.isBegun(stream) && this.#begun.delete(stream.id));
  }

  isBegun(stream: Http2Stream): boolean {
    return this.#begun.get(stream.id) === stream;
  }

  isSending(stream: Http2Stream): boolean {
    return this.#sending.has(stream);
  }

  /** The request with that number, or undefined where it has ended. @throws Http2Error where it never was */
  find(id: number): Http2Stream | undefined {
    if (id % 2 === 0 || id >= this.#nextId) throw broken(`stream ${id} was never begun`);
    return this.#begun.get(id);
  }

  limitStreams(most: number): void {
    this.#maxStreams = most;
  }

  /** How much of each request the server takes before it has granted more. */
  resizeWindows(bytes: number): void {
    const more = bytes - this.#streamWindow;
    this.#streamWindow = checkedWindow(bytes);
    for (const stream of this.#begun.values()) stream.sendWindow = checkedWindow(stream.sendWindow + more);
  }

  /** The server takes more, of one request or of all together. */
  enlargeWindow(bytes: number, stream?: Http2Stream): void {
    if (stream) stream.sendWindow = checkedWindow(stream.sendWindow + bytes);
    else this.#window = checkedWindow(this.#window + bytes);
  }

  /** Sends what can be sent, the oldest first. */
  flush(): void {
    if (this.#waiting.size + this.#sending.size === 0) return;
    this.#socket.cork();
    for (const stream of this.#waiting) {
      if (this.#begun.size >= this.#maxStreams || this.usedUp || this.#socketFull) break;
      this.#begin(stream);
    }
    for (const stream of this.#sending) {
      if (this.#window <= 0 || this.#socketFull) break;
      this.#sendBody(stream);
    }
    this.#socket.uncork();
  }

  get #socketFull(): boolean {
    return this.#socket.writableNeedDrain && this.#socket.writableLength >= SEND_AHEAD_BYTES;
  }

  #begin(stream: Http2Stream): void {
    this.#waiting.delete(stream);
    stream.id = this.#nextId;
    stream.sendWindow = this.#streamWindow;
    this.#nextId += 2;
    this.#begun.set(stream.id, stream);
    this.#sending.add(stream);
    for (const part of headerFrames(stream.id, stream.headers)) this.#socket.write(part);
  }

  #sendBody(stream: Http2Stream): void {
    const { body, id: streamId } = stream;
    while (!this.#socketFull) {
      const bytes = Math.max(0, Math.min(body.left, FRAME_MAX_BYTES, stream.sendWindow, this.#window));
      const last = bytes === body.left;
      if (bytes === 0 && !last) return;
      this.#socket.write(frameHead(FrameType.data, { bytes, flags: last ? Flag.endStream : 0, streamId }));
      for (const part of body.take(bytes)) this.#socket.write(part);
      stream.sendWindow -= bytes;
      this.#window -= bytes;
      if (last) {
        this.#sending.delete(stream);
        return;
      }
    }
  }
}

function checkedWindow(bytes: number): number {
  if (bytes > LARGEST_WINDOW_BYTES) throw new Http2Error(ErrorCode.flowControlError, "a window is too large");
  return bytes;
}
