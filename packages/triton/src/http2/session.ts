import type { Duplex } from "node:stream";
import {
  Flag,
  type Frame,
  frameHead,
  FrameReader,
  FrameType,
  numbersFrame,
  PREFACE,
  Setting,
  settingsFrame,
  unpadded,
} from "./frames.ts";
import { HeaderBlock } from "./header-block.ts";
import { broken, ErrorCode, Http2Error } from "./http2-error.ts";
import { FIRST_WINDOW_BYTES, Outbox, SEND_AHEAD_BYTES } from "./outbox.ts";
import { ReceiveWindow } from "./receive-window.ts";
import { Http2Stream, STREAM_WINDOW_BYTES, type StreamListener } from "./stream.ts";

/** Of all answers together. They are read as they come, so it only bounds what is on the way. */
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Beyond what is sent ahead, only answers to a server wait that asks and does not read. */
export const BACKLOG_MAX_BYTES = 2 * SEND_AHEAD_BYTES;
/** The first bit of such numbers is reserved. */
const NUMBER_BITS = 0x7fff_ffff;

export interface SessionListener {
  /** No further request can be made on it. What it carries goes on. */
  onLeave(): void;
  /** It carries nothing any more. */
  onClose(): void;
}

export interface SessionOptions {
  /** The number of the first request. Each has another, and they are used up after a thousand million. */
  readonly firstId?: number;
}

/** A connected socket, or what a test puts in its place. */
export type SessionSocket = Duplex & { ref(): unknown; unref(): unknown };

/**
 * The client's end of an HTTP/2 connection (RFC 9113), as far as gRPC needs it: requests whose body is there at once,
 * answers with trailers. No push, no priorities, no memory of headers.
 *
 *     open --GOAWAY, numbers used up--> leaving --last answer--> closed
 *       \------------ broken, destroy() ------------------------/
 *
 * While it carries nothing it does not keep the process alive.
 */
export class Http2Session {
  readonly #socket: SessionSocket;
  readonly #listener: SessionListener;
  readonly #reader = new FrameReader();
  readonly #outbox: Outbox;
  readonly #receiveWindow = new ReceiveWindow(CONNECTION_WINDOW_BYTES);
  #block: HeaderBlock | undefined;
  #greeted = false;
  #state: "open" | "leaving" | "closed" = "open";
  #heardAtMs = performance.now();

  constructor(socket: SessionSocket, listener: SessionListener, { firstId = 1 }: SessionOptions = {}) {
    this.#socket = socket;
    this.#listener = listener;
    this.#outbox = new Outbox(socket, firstId);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => this.#flush());
    socket.on("error", (error) => this.#end(error));
    socket.on("end", () => this.#end(new Error("the server closed it")));
    socket.on("close", () => this.#end(new Error("it was closed")));
    socket.unref();
    socket.write(greeting());
  }

  /** When something last came, by `performance.now()`. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Whether a further request would wait here. */
  get full(): boolean {
    return this.#outbox.full;
  }

  /**
   * Sends a request, or lets it wait until the server takes one more. Nothing of `body` may change before the end.
   * @throws Error where the connection takes no more
   */
  request(headers: Buffer, body: readonly Uint8Array[], listener: StreamListener): Http2Stream {
    if (this.#state !== "open") throw new Error("the connection takes no more calls");
    const stream = new Http2Stream(headers, body, listener);
    if (this.#outbox.size === 0) this.#socket.ref();
    this.#outbox.add(stream);
    this.#flush();
    return stream;
  }

  /** Gives a request up. Nothing is heard of it any more. */
  reset(stream: Http2Stream, code: number): void {
    if (this.#outbox.isBegun(stream)) this.#reply(resetFrame(stream, code));
    this.#forget(stream);
    this.#flush();
  }

  /** Grants the server nothing more on this stream until `resume`: it goes on until the window is full. */
  pause(stream: Http2Stream): void {
    stream.paused = true;
  }

  resume(stream: Http2Stream): void {
    stream.paused = false;
    if (this.#outbox.isBegun(stream)) this.#grant(stream);
  }

  /** Breaks it off, with all that it carries. */
  destroy(): void {
    this.#end(new Http2Error(ErrorCode.noError, "it was given up"));
  }

  #receive(chunk: Buffer): void {
    this.#heardAtMs = performance.now();
    try {
      for (const frame of this.#reader.push(chunk)) {
        if (this.#state === "closed") return;
        this.#handle(frame);
      }
      this.#flush();
    } catch (error) {
      if (!(error instanceof Http2Error)) throw error;
      this.#end(this.#greeted ? error : new Http2Error(error.code, "the server does not speak HTTP/2"));
    }
  }

  #handle(frame: Frame): void {
    const { type, flags, streamId } = frame;
    if (!this.#greeted && type !== FrameType.settings) throw broken("its settings did not come first");
    if (this.#block && (type !== FrameType.continuation || streamId !== this.#block.streamId)) {
      throw broken("headers were interrupted");
    }
    switch (type) {
      case FrameType.data:
        return this.#onData(frame);
      case FrameType.headers:
        this.#block = new HeaderBlock(streamId, (flags & Flag.endStream) !== 0);
        return this.#onHeaderPart(this.#block, unpadded(frame), flags);
      case FrameType.continuation:
        if (!this.#block) throw broken("headers went on that had not begun");
        return this.#onHeaderPart(this.#block, frame.payload, flags);
      case FrameType.rstStream:
        return this.#onReset(frame);
      case FrameType.settings:
        return this.#onSettings(frame);
      case FrameType.ping:
        return this.#onPing(frame);
      case FrameType.goaway:
        return this.#onGoaway(frame.payload);
      case FrameType.windowUpdate:
        return this.#onWindowUpdate(frame);
      case FrameType.pushPromise:
        throw broken("a push came, which was not asked for");
      // Others need not be known, priorities among them.
    }
  }

  #onData(frame: Frame): void {
    const stream = this.#outbox.find(frame.streamId);
    const { length } = frame.payload;
    this.#receiveWindow.take(length);
    const credit = this.#receiveWindow.credit();
    if (credit > 0) this.#reply(numbersFrame(FrameType.windowUpdate, 0, credit));
    const data = unpadded(frame);
    if (!stream) return;
    stream.receiveWindow.take(length);
    if (!stream.answered) return this.#giveUp(stream, ErrorCode.protocolError);
    if (data.length > 0) stream.listener.onData(data);
    if (!this.#outbox.isBegun(stream)) return;
    if (frame.flags & Flag.endStream) this.#finish(stream);
    else this.#grant(stream);
  }

  #onHeaderPart(block: HeaderBlock, part: Buffer, flags: number): void {
    block.add(part);
    if (!(flags & Flag.endHeaders)) return;
    this.#block = undefined;
    const stream = this.#outbox.find(block.streamId);
    if (!stream) return;
    const headers = block.headers();
    if (!headers) return this.#giveUp(stream, ErrorCode.enhanceYourCalm);
    // Headers before the headers, such as "100 Continue".
    if (headers.get(":status")?.startsWith("1") && !block.last) return;
    stream.answered = true;
    stream.listener.onHeaders(headers);
    if (block.last && this.#outbox.isBegun(stream)) this.#finish(stream);
  }

  #onReset({ streamId, payload }: Frame): void {
    if (payload.length !== 4) throw wrongSize("RST_STREAM");
    const stream = this.#outbox.find(streamId);
    if (stream) this.#close(stream, payload.readUInt32BE(0));
  }

  #onSettings({ flags, streamId, payload }: Frame): void {
    if (streamId !== 0) throw broken("settings came for one stream");
    if (payload.length % 6 !== 0) throw wrongSize("SETTINGS");
    if (flags & Flag.ack) return;
    this.#greeted = true;
    for (let at = 0; at < payload.length; at += 6) {
      const value = payload.readUInt32BE(at + 2);
      const name = payload.readUInt16BE(at);
      if (name === Setting.maxConcurrentStreams) this.#outbox.limitStreams(value);
      if (name === Setting.initialWindowSize) this.#outbox.resizeWindows(value);
    }
    this.#reply(frameHead(FrameType.settings, { bytes: 0, flags: Flag.ack }));
  }

  #onPing({ type, flags, payload }: Frame): void {
    if (payload.length !== 8) throw wrongSize("PING");
    if (flags & Flag.ack) return;
    this.#reply(Buffer.concat([frameHead(type, { bytes: payload.length, flags: Flag.ack }), payload]));
  }

  #onWindowUpdate({ streamId, payload }: Frame): void {
    if (payload.length !== 4) throw wrongSize("WINDOW_UPDATE");
    const more = payload.readUInt32BE(0) & NUMBER_BITS;
    if (more === 0) throw broken("a window was enlarged by nothing");
    const stream = streamId === 0 ? undefined : this.#outbox.find(streamId);
    if (streamId === 0 || stream) this.#outbox.enlargeWindow(more, stream);
  }

  #onGoaway(payload: Buffer): void {
    if (payload.length < 8) throw wrongSize("GOAWAY");
    const last = payload.readUInt32BE(0) & NUMBER_BITS;
    this.#leave();
    for (const stream of this.#outbox.begun) {
      if (stream.id > last) this.#close(stream, ErrorCode.refusedStream);
    }
  }

  #flush(): void {
    if (this.#state === "closed") return;
    this.#outbox.flush();
    if (this.#outbox.usedUp) this.#leave();
  }

  #reply(frame: Buffer): void {
    if (this.#socket.writableLength > BACKLOG_MAX_BYTES) {
      this.#end(new Http2Error(ErrorCode.enhanceYourCalm, "the server asks and does not read"));
    } else if (this.#state !== "closed") this.#socket.write(frame);
  }

  #grant(stream: Http2Stream): void {
    const credit = stream.paused ? 0 : stream.receiveWindow.credit();
    if (credit > 0) this.#reply(numbersFrame(FrameType.windowUpdate, stream.id, credit));
  }

  /** The server has said everything. What it did not wait for is not sent any more. */
  #finish(stream: Http2Stream): void {
    if (this.#outbox.isSending(stream)) this.#reply(resetFrame(stream, ErrorCode.cancel));
    this.#close(stream, ErrorCode.noError);
  }

  #giveUp(stream: Http2Stream, code: number): void {
    this.#reply(resetFrame(stream, code));
    this.#close(stream, code);
  }

  #close(stream: Http2Stream, end: number | Error): void {
    if (this.#forget(stream)) stream.listener.onClose(end);
  }

  /** Returns false where it had ended already. */
  #forget(stream: Http2Stream): boolean {
    if (!this.#outbox.remove(stream)) return false;
    if (this.#outbox.size === 0) {
      if (this.#state === "open") this.#socket.unref();
      if (this.#state === "leaving") this.destroy();
    }
    return true;
  }

  /** Requests that were never sent are refused, and may be made on another connection. */
  #leave(): void {
    if (this.#state !== "open") return;
    this.#state = "leaving";
    this.#listener.onLeave();
    for (const stream of this.#outbox.waiting) this.#close(stream, ErrorCode.refusedStream);
    if (this.#outbox.size === 0) this.destroy();
  }

  #end(why: Error): void {
    if (this.#state === "closed") return;
    const wasOpen = this.#state === "open";
    this.#state = "closed";
    if (wasOpen) this.#listener.onLeave();
    if (why instanceof Http2Error) this.#socket.write(numbersFrame(FrameType.goaway, 0, 0, why.code));
    this.#socket.destroy();
    for (const stream of [...this.#outbox.begun, ...this.#outbox.waiting]) this.#close(stream, why);
    this.#listener.onClose();
  }
}

/** The preface with our settings, and room for what comes. */
function greeting(): Buffer {
  return Buffer.concat([
    Buffer.from(PREFACE),
    settingsFrame([
      [Setting.headerTableSize, 0],
      [Setting.enablePush, 0],
      [Setting.initialWindowSize, STREAM_WINDOW_BYTES],
    ]),
    numbersFrame(FrameType.windowUpdate, 0, CONNECTION_WINDOW_BYTES - FIRST_WINDOW_BYTES),
  ]);
}

function resetFrame({ id }: Http2Stream, code: number): Buffer {
  return numbersFrame(FrameType.rstStream, id, code);
}

function wrongSize(frame: string): Http2Error {
  return new Http2Error(ErrorCode.frameSizeError, `a ${frame} frame has the wrong size`);
}
