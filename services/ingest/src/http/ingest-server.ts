import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { toJson } from "@bufbuild/protobuf";
import {
  type Access,
  answerHealth,
  type Closable,
  type Health,
  listen,
  type Logger,
  type Metrics,
} from "@followspot/runtime";
import { CameraStatusSchema } from "@followspot/schema/followspot/v1/frame";
import type { Camera } from "../camera.ts";
import type { Cameras } from "../cameras.ts";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { allowOrigin, answerJson } from "./answer.ts";
import { PushFrames } from "./push-frames.ts";
import { StreamFrames } from "./stream-frames.ts";

const MAX_CONNECTIONS = 512;
const HEADERS_TIMEOUT_MS = 5_000;

export interface IngestServerOptions {
  readonly host: string;
  readonly port: number;
  readonly access: Access;
  readonly cameras: Cameras;
  readonly limits: PictureLimits;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Ingest over HTTP: pictures in, states of the cameras out. */
export class IngestServer implements Closable {
  readonly #options: IngestServerOptions;
  readonly #server: Server;
  readonly #push: PushFrames;
  readonly #stream: StreamFrames;

  private constructor(options: IngestServerOptions) {
    this.#options = options;
    this.#push = new PushFrames(options.limits);
    this.#stream = new StreamFrames(options.limits);
    this.#server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on("request", (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        options.log.error({ err: error }, "request failed");
        answerJson(response, 500, { error: "ingest failed to answer; its log says more" });
      });
    });
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @throws UserError where the port is taken */
  static async listen(options: IngestServerOptions): Promise<IngestServer> {
    const server = new IngestServer(options);
    try {
      await listen(server.#server, { ...options, name: "ingest" });
    } catch (error) {
      server.#stream.close();
      throw error;
    }
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access, health, metrics, cameras } = this.#options;
    if (await answerHealth(request, response, { health, metrics })) return;
    if (!allowOrigin(access, request, response)) return;
    const route = parseRoute(request.url);
    if (!route) return answerJson(response, 404, { error: "there is nothing here: see GET /cameras" });
    const method = route.kind === "frames" ? "POST" : "GET";
    if (request.method !== method) {
      response.setHeader("allow", method);
      return answerJson(response, 405, { error: `use ${method} here` });
    }
    const refusal = access.refuses("push", request);
    // Who may see labels and pictures may see which cameras they come from.
    if (refusal && !(route.kind === "cameras" && !access.refuses("read", request))) {
      response.setHeader("connection", "close");
      return answerJson(response, refusal.status, { error: refusal.message });
    }
    if (route.kind === "cameras") {
      const statuses = cameras.statuses().map((status) => toJson(CameraStatusSchema, status));
      return answerJson(response, 200, { cameras: statuses });
    }
    if (route.kind === "stream") {
      response.setHeader("upgrade", "websocket");
      return answerJson(response, 426, { error: "connect with a WebSocket here" });
    }
    const camera = this.#find(route.cameraId);
    if (typeof camera === "string") return answerJson(response, 404, { error: camera });
    await this.#push.answer(camera, request, response);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => {});
    const route = parseRoute(request.url);
    if (route?.kind !== "stream") return refuseUpgrade(socket, 404, "there is no WebSocket here");
    const refusal = this.#options.access.refuses("push", request);
    if (refusal) return refuseUpgrade(socket, refusal.status, refusal.message);
    const camera = this.#find(route.cameraId);
    if (typeof camera === "string") return refuseUpgrade(socket, 404, camera);
    this.#stream.accept(camera, request, socket, head);
  }

  /** The camera, or the sentence that says why there is none. Any camera takes pushes only if it is one for pushes. */
  #find(cameraId: string): Camera | string {
    const { cameras } = this.#options;
    const camera = cameras.get(cameraId);
    if (camera?.config.source.kind === "push") return camera;
    if (camera)
      return `the camera ${cameraId} has a source of its own: only cameras with source push: take pictures`;
    return `there is no camera ${JSON.stringify(cameraId.slice(0, 64))}; this show has ${cameras.ids.join(", ") || "none"}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#stream.close();
    this.#server.closeIdleConnections();
    setTimeout(() => this.#server.closeAllConnections(), 1_000).unref();
    await closed;
  }
}

type Route = { readonly kind: "cameras" } | { readonly kind: "frames" | "stream"; readonly cameraId: string };

function parseRoute(url: string | undefined): Route | undefined {
  const path = url?.split("?")[0] ?? "";
  if (path === "/cameras") return { kind: "cameras" };
  const [, cameraId, kind] = /^\/cameras\/([^/]{1,200})\/(frames|stream)$/.exec(path) ?? [];
  return cameraId && kind ? { kind: kind as "frames" | "stream", cameraId } : undefined;
}

function refuseUpgrade(socket: Duplex, status: number, sentence: string): void {
  const body = `${JSON.stringify({ error: sentence })}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
