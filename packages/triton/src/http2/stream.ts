import type { Headers } from "./headers.ts";
import { OutgoingBody } from "./outgoing-body.ts";
import { ReceiveWindow } from "./receive-window.ts";

/** HTTP/2's own 64 KiB would make a server wait in the middle of a long answer. */
export const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;

export interface StreamListener {
  /** Of the answer, and once more for its trailers. */
  onHeaders(headers: Headers): void;
  /** Shares memory with what came. */
  onData(chunk: Buffer): void;
  /**
   * Once, unless it was reset here: NO_ERROR after all that the server had to say, another code where it gave up
   * before, an error where the connection broke.
   */
  onClose(end: number | Error): void;
}

/** A request and its answer. */
export class Http2Stream {
  /** 0 until it is its turn. */
  id = 0;
  answered = false;
  paused = false;
  /** What the server has room for. */
  sendWindow = 0;
  readonly receiveWindow: ReceiveWindow = new ReceiveWindow(STREAM_WINDOW_BYTES);
  readonly headers: Buffer;
  readonly body: OutgoingBody;
  readonly listener: StreamListener;

  constructor(headers: Buffer, body: readonly Uint8Array[], listener: StreamListener) {
    this.headers = headers;
    this.body = new OutgoingBody(body);
    this.listener = listener;
  }
}
