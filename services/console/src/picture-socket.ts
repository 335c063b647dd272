import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Closable, NowMs } from "@followspot/runtime";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { CameraPictures, Seat } from "./camera-pictures.ts";

const CLOCK_EVERY_MS = 1_000;
/** A page that answers no ping for so long is gone, whatever TCP says. */
const PING_EVERY_MS = 10_000;
/** The page sends nothing but camera ids. */
const MAX_MESSAGE_BYTES = 256;
const GOING_AWAY = 1001;
const CLOSE_GRACE_MS = 500;

export interface PictureSocketOptions {
  readonly cameras: ReadonlyMap<string, CameraPictures>;
  readonly nowMs: NowMs;
  readonly maxPages: number;
  readonly onPages: (pages: number) => void;
  readonly onRefused: () => void;
}

/**
 * Pushes pictures to pages over WebSocket. To the page: a binary message is a `Frame` (protobuf), the text
 * `{"nowMs": ...}` says once a second what time it is (Redis clock). From the page: the text of a camera's id means
 * "drawn, ready for the next one of that camera".
 */
export class PictureSocket implements Closable {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  readonly #options: PictureSocketOptions;
  readonly #answered = new WeakSet<WebSocket>();
  readonly #timers: readonly NodeJS.Timeout[];
  #closing: Promise<void> | undefined;

  constructor(options: PictureSocketOptions) {
    this.#options = options;
    this.#timers = [
      setInterval(() => this.#tellTime(), CLOCK_EVERY_MS),
      setInterval(() => this.#dropTheSilent(), PING_EVERY_MS),
    ];
  }

  /** Takes over an upgrade that was found welcome. `?camera=ID`, repeated, limits it to those cameras. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#server.clients.size >= this.#options.maxPages) {
      this.#options.onRefused();
      refuseUpgrade(socket, "503 Service Unavailable", "as many pages as allowed are open already");
      return;
    }
    const asked = new URLSearchParams(request.url?.split("?")[1] ?? "").getAll("camera");
    const wanted = [...new Set(asked.length > 0 ? asked : this.#options.cameras.keys())];
    const strange = wanted.find((id) => !this.#options.cameras.has(id));
    if (strange !== undefined) {
      refuseUpgrade(socket, "404 Not Found", "the show has no camera of that name");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (page) => this.#seat(page, wanted));
  }

  #seat(page: WebSocket, cameraIds: readonly string[]): void {
    const seats = new Map<string, Seat>();
    for (const id of cameraIds) {
      const seat = this.#options.cameras.get(id)?.watch((picture) => page.send(picture, () => {}));
      if (seat) seats.set(id, seat);
    }
    this.#answered.add(page);
    page.on("pong", () => this.#answered.add(page));
    page.on("message", (data: RawData) => {
      // ws hands a whole message over as one Buffer unless told otherwise.
      if (Buffer.isBuffer(data)) seats.get(data.toString())?.ready();
    });
    page.on("error", () => page.terminate());
    page.on("close", () => {
      for (const seat of seats.values()) seat.leave();
      this.#options.onPages(this.#server.clients.size);
    });
    this.#options.onPages(this.#server.clients.size);
    page.send(this.#time(), () => {});
  }

  #time(): string {
    return JSON.stringify({ nowMs: Math.round(this.#options.nowMs()) });
  }

  #tellTime(): void {
    const time = this.#time();
    for (const page of this.#server.clients) {
      // A time that waited behind pictures would be wrong when it arrives.
      if (page.readyState === WebSocket.OPEN && page.bufferedAmount === 0) page.send(time, () => {});
    }
  }

  #dropTheSilent(): void {
    for (const page of this.#server.clients) {
      if (!this.#answered.has(page)) page.terminate();
      this.#answered.delete(page);
      if (page.readyState === WebSocket.OPEN) page.ping(() => {});
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const page of this.#server.clients) page.close(GOING_AWAY, "the console stops");
    const force = setTimeout(() => {
      for (const page of this.#server.clients) page.terminate();
    }, CLOSE_GRACE_MS);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(force);
  }
}

/** Answers an upgrade with an HTTP error and one sentence. */
export function refuseUpgrade(socket: Duplex, status: string, sentence: string): void {
  socket.on("error", () => {});
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(sentence)}\r\n\r\n${sentence}`,
  );
}
