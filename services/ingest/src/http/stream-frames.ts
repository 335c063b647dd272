import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { Camera } from "../camera.ts";
import type { PictureLimits } from "../pictures/picture-limits.ts";

/** Senders of one camera at once: a phone, and the same phone again before its old connection was noticed to be dead. */
const MAX_SENDERS = 4;
/** Answers that a sender has not read yet; beyond, it is cut off. */
const MAX_UNREAD_BYTES = 64 * 1_024;
const PING_EVERY_MS = 10_000;

const TRY_AGAIN_LATER = 1013;
const GOING_AWAY = 1001;
const UNSUPPORTED = 1003;

/** What a sender hears for each picture. */
export interface StreamAnswer {
  readonly accepted: boolean;
  readonly sequence: number;
  /** "sent", "held", or why not. */
  readonly reason: string;
  /** One sentence, where the picture is at fault. */
  readonly problem?: string;
  /** Pictures that may be sent now. */
  readonly credit: 1;
  /** How long the sender should wait before the next: sooner is over the camera's rate. */
  readonly waitMs: number;
}

/**
 * WebSocket /cameras/{id}/stream: each binary message is one picture, each is answered, so that a sender which waits for
 * the answer before it sends the next never fills a network that is slower than its camera.
 */
export class StreamFrames {
  readonly #server: WebSocketServer;
  readonly #senders = new Map<Camera, Set<WebSocket>>();
  readonly #alive = new WeakSet<WebSocket>();
  readonly #pinger: NodeJS.Timeout;

  constructor({ maxBytes }: PictureLimits) {
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: true,
      maxPayload: maxBytes,
      // Pictures are compressed already.
      perMessageDeflate: false,
    });
    this.#pinger = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  accept(camera: Camera, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (sender) => this.#serve(camera, sender));
  }

  #serve(camera: Camera, sender: WebSocket): void {
    const senders = this.#senders.get(camera) ?? new Set();
    this.#senders.set(camera, senders);
    if (senders.size >= MAX_SENDERS) {
      sender.on("error", () => {});
      return sender.close(TRY_AGAIN_LATER, `${camera.config.id} has ${MAX_SENDERS} senders already`);
    }
    senders.add(sender);
    this.#alive.add(sender);
    camera.senderCame();
    sender.on("pong", () => this.#alive.add(sender));
    // Says itself in the close that follows: too large a message, broken framing, a lost connection.
    sender.on("error", () => {});
    sender.on("close", () => {
      senders.delete(sender);
      camera.senderLeft();
    });
    sender.on("message", (data, isBinary) => {
      this.#alive.add(sender);
      if (!isBinary) return sender.close(UNSUPPORTED, "send each picture as one binary message");
      void this.#take(camera, sender, data);
    });
  }

  async #take(camera: Camera, sender: WebSocket, data: RawData): Promise<void> {
    const bytes = Array.isArray(data)
      ? Buffer.concat(data)
      : data instanceof ArrayBuffer
        ? new Uint8Array(data)
        : data;
    const { sequence, outcome, problem } = await camera.offer({ bytes });
    if (sender.readyState !== WebSocket.OPEN) return;
    if (sender.bufferedAmount > MAX_UNREAD_BYTES) return sender.terminate();
    const answer: StreamAnswer = {
      accepted: outcome === "sent" || outcome === "held" || outcome === "unchanged",
      sequence,
      reason: outcome,
      ...(problem === undefined ? {} : { problem }),
      credit: 1,
      waitMs: Math.round(camera.waitMs()),
    };
    sender.send(JSON.stringify(answer));
  }

  #ping(): void {
    for (const sender of this.#server.clients) {
      if (!this.#alive.has(sender)) {
        sender.terminate();
        continue;
      }
      this.#alive.delete(sender);
      sender.ping();
    }
  }

  close(): void {
    clearInterval(this.#pinger);
    for (const sender of this.#server.clients) {
      sender.close(GOING_AWAY, "ingest is stopping");
      setTimeout(() => sender.terminate(), 500).unref();
    }
  }
}
