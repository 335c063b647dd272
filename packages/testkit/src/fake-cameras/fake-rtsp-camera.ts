import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { rtpJpegPackets } from "./rtp-jpeg.ts";

export interface FakeRtspCameraOptions {
  /** Baseline JPEGs, see `rtpJpegPackets`; shown one after the other, again and again. */
  readonly pictures: readonly Uint8Array[];
  readonly fps?: number;
  readonly port?: number;
  /** Answers 401 without these (basic authentication). */
  readonly credentials?: { readonly user: string; readonly password: string };
}

interface Viewer {
  playing: boolean;
  sequence: number;
}

const CLOCK_HZ = 90_000;

/** A network camera that speaks RTSP 1.0 (RFC 2326) with RTP/JPEG interleaved on its TCP connection. */
export class FakeRtspCamera {
  readonly #options: FakeRtspCameraOptions;
  readonly #server: Server;
  readonly #viewers = new Map<Socket, Viewer>();
  readonly #timer: NodeJS.Timeout;
  readonly #startedMs = performance.now();
  #shown = 0;
  #stalled = false;

  private constructor(options: FakeRtspCameraOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#timer = setInterval(() => this.#show(), 1_000 / (options.fps ?? 10));
  }

  static async listen(options: FakeRtspCameraOptions): Promise<FakeRtspCamera> {
    const camera = new FakeRtspCamera(options);
    camera.#server.listen(options.port ?? 0, "127.0.0.1");
    await once(camera.#server, "listening");
    return camera;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** With the credentials it asks for. */
  get url(): string {
    const { credentials } = this.#options;
    return `rtsp://${credentials ? `${credentials.user}:${credentials.password}@` : ""}127.0.0.1:${this.port}/live`;
  }

  get playing(): number {
    return [...this.#viewers.values()].filter((viewer) => viewer.playing).length;
  }

  /** Keeps connections open and sends nothing: a dead network. */
  stall(): void {
    this.#stalled = true;
  }

  resume(): void {
    this.#stalled = false;
  }

  /** Ends all connections, as a camera that restarts does. */
  cut(): void {
    for (const socket of this.#viewers.keys()) socket.destroy();
  }

  #serve(socket: Socket): void {
    const viewer: Viewer = { playing: false, sequence: 0 };
    this.#viewers.set(socket, viewer);
    socket.on("error", () => {});
    socket.once("close", () => this.#viewers.delete(socket));
    let held = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      for (;;) {
        // Receiver reports come back on the same connection: "$", channel, length.
        if (held[0] === 0x24) {
          if (held.length < 4 || held.length < 4 + held.readUInt16BE(2)) return;
          held = held.subarray(4 + held.readUInt16BE(2));
          continue;
        }
        const end = held.indexOf("\r\n\r\n");
        if (end < 0) return;
        this.#answer(held.toString("latin1", 0, end), socket, viewer);
        held = held.subarray(end + 4);
      }
    });
  }

  #answer(request: string, socket: Socket, viewer: Viewer): void {
    const field = (name: string) => new RegExp(`^${name}: *(.*)$`, "im").exec(request)?.[1]?.trim();
    const reply = (status: string, fields: readonly string[] = [], body = "") => {
      const length = body ? [`Content-Length: ${body.length}`] : [];
      const head = [`RTSP/1.0 ${status}`, `CSeq: ${field("CSeq")}`, ...fields, ...length];
      socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
    };
    const method = request.split(" ")[0];
    const { credentials } = this.#options;
    const wanted =
      credentials && Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
    if (wanted && method !== "OPTIONS" && field("Authorization") !== `Basic ${wanted}`) {
      return reply("401 Unauthorized", ['WWW-Authenticate: Basic realm="camera"']);
    }
    switch (method) {
      case "OPTIONS":
        return reply("200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"]);
      case "DESCRIBE":
        return reply(
          "200 OK",
          ["Content-Type: application/sdp", `Content-Base: rtsp://127.0.0.1:${this.port}/live/`],
          SDP,
        );
      case "SETUP":
        if (!/RTP\/AVP\/TCP/.test(field("Transport") ?? "")) return reply("461 Unsupported Transport");
        return reply("200 OK", ["Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"]);
      case "PLAY":
        reply("200 OK", ["Session: 1", "Range: npt=0.000-"]);
        viewer.playing = true;
        return;
      case "TEARDOWN":
        viewer.playing = false;
        return reply("200 OK", ["Session: 1"]);
      default:
        return reply("200 OK", ["Session: 1"]);
    }
  }

  #show(): void {
    if (this.#stalled) return;
    const { pictures } = this.#options;
    const picture = pictures[this.#shown++ % pictures.length] ?? new Uint8Array();
    const timestamp = Math.round(((performance.now() - this.#startedMs) / 1_000) * CLOCK_HZ);
    for (const [socket, viewer] of this.#viewers) {
      if (!viewer.playing) continue;
      const packets = rtpJpegPackets(picture, { sequence: viewer.sequence, timestamp });
      viewer.sequence += packets.length;
      for (const packet of packets) {
        const frame = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]);
        socket.write(Buffer.concat([frame, packet]));
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const SDP = [
  "v=0",
  "o=- 0 0 IN IP4 127.0.0.1",
  "s=fake camera",
  "t=0 0",
  "a=control:*",
  "m=video 0 RTP/AVP 26",
  "c=IN IP4 0.0.0.0",
  "a=control:track1",
  "",
].join("\r\n");
