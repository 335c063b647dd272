import { fromBinary } from "@bufbuild/protobuf";
import { type Frame, FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { socketUrl } from "./access-token.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** The console says what time it is once a second; so long a silence means that the connection is dead. */
const SILENCE_MS = 3_500;

export type LinkState = "connecting" | "open" | "lost";

export interface PictureFeedHandlers {
  /** Resolves when the picture is decoded; only then the next one of this camera is sent. */
  readonly onFrame: (frame: Frame) => Promise<void>;
  readonly onTime: (serverMs: number) => void;
  readonly onLink: (state: LinkState) => void;
}

/** The console's pictures over WebSocket, reconnecting for ever. */
export class PictureFeed {
  readonly #handlers: PictureFeedHandlers;
  readonly #token: string | undefined;
  #attempt = 0;
  #socket: WebSocket | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** Cameras whose next picture waits until somebody looks at this page. */
  readonly #owed = new Set<string>();

  constructor(token: string | undefined, handlers: PictureFeedHandlers) {
    this.#token = token;
    this.#handlers = handlers;
    document.addEventListener("visibilitychange", () => this.#payOwed());
    this.#connect();
  }

  #connect(): void {
    this.#handlers.onLink(this.#attempt === 0 ? "connecting" : "lost");
    const socket = new WebSocket(socketUrl(location.origin, "/pictures", this.#token));
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    this.#owed.clear();
    this.#expectWord(socket);
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (this.#socket !== socket) return;
      this.#attempt = 0;
      this.#handlers.onLink("open");
      this.#expectWord(socket);
      if (typeof data === "string")
        this.#handlers.onTime(Number((JSON.parse(data) as { nowMs: number }).nowMs));
      else void this.#show(socket, fromBinary(FrameSchema, new Uint8Array(data)));
    });
    socket.addEventListener("close", () => this.#reconnect(socket));
  }

  async #show(socket: WebSocket, frame: Frame): Promise<void> {
    // A picture that cannot be decoded must not be the last one.
    await this.#handlers.onFrame(frame).catch(() => {});
    if (socket !== this.#socket) return;
    this.#owed.add(frame.header?.stamp?.cameraId ?? "");
    this.#payOwed();
  }

  /** A hidden page asks for no pictures, so it costs the network and the console nothing. */
  #payOwed(): void {
    if (document.hidden || this.#socket?.readyState !== WebSocket.OPEN) return;
    for (const cameraId of this.#owed) this.#socket.send(cameraId);
    this.#owed.clear();
  }

  #expectWord(socket: WebSocket): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      socket.close();
      // The close handshake of a dead connection takes its time; nobody waits for it.
      this.#reconnect(socket);
    }, SILENCE_MS);
  }

  #reconnect(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    clearTimeout(this.#silence);
    this.#handlers.onLink("lost");
    setTimeout(() => this.#connect(), retryDelayMs(this.#attempt));
    this.#attempt += 1;
  }
}
