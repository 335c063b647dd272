import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toJsonString } from "@bufbuild/protobuf";
import {
  type Access,
  answerHealth,
  type Closable,
  type Health,
  listen,
  type Metrics,
} from "@followspot/runtime";
import { SnapshotSchema } from "@followspot/schema/followspot/v1/event";
import type { Hub } from "../fan-out/hub.ts";
import type { Admission } from "./admission.ts";
import { serveEventStream } from "./event-stream.ts";
import { answerScene, type SceneApiDeps } from "./scene-api.ts";
import { WebSocketTransport } from "./websocket.ts";

/** Time for goodbyes to reach those who listen. */
const GOODBYE_MS = 500;

export interface HttpApiDeps {
  readonly host: string;
  readonly port: number;
  readonly access: Access;
  readonly admission: Admission;
  readonly hub: Hub;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly scene: SceneApiDeps;
}

/** The public API: /v1/subscribe (WebSocket), /v1/events (SSE), /v1/snapshot, /v1/scene, health and metrics. */
export class HttpApi implements Closable {
  readonly #deps: HttpApiDeps;
  readonly #server: Server;
  readonly #sockets: WebSocketTransport;

  private constructor(deps: HttpApiDeps) {
    this.#deps = deps;
    this.#sockets = new WebSocketTransport(deps.admission);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.headersSent || response.writeHead(500).end());
    });
    this.#server.on("upgrade", (request, socket, head) => {
      if (pathOf(request) === "/v1/subscribe") this.#sockets.upgrade(request, socket, head);
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
  }

  /** @throws UserError where the port is taken. */
  static async listen(deps: HttpApiDeps): Promise<HttpApi> {
    const api = new HttpApi(deps);
    try {
      await listen(api.#server, { ...deps, name: "results" });
    } catch (error) {
      api.#sockets.close();
      throw error;
    }
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await answerHealth(request, response, this.#deps)) return;
    const { access, admission, hub } = this.#deps;
    const path = pathOf(request);
    const sets = path === "/v1/scene" && request.method === "PUT";
    const refusal = access.refuses(sets ? "operate" : "read", request);
    // The page may read the answer where its address is welcome, also an answer that asks for a token.
    if (refusal?.status !== 403) allowOrigin(request, response);
    response.setHeader("x-content-type-options", "nosniff");
    if (request.method === "OPTIONS") {
      // Browsers ask without a token.
      response.writeHead(refusal?.status === 403 ? 403 : 204).end();
    } else if (path === "/v1/scene" && (sets || request.method === "GET")) {
      if (refusal) response.writeHead(refusal.status, TEXT).end(`${refusal.message}\n`);
      else await answerScene(this.#deps.scene, request, response);
    } else if (request.method !== "GET") {
      response.writeHead(405, { allow: "GET, OPTIONS" }).end();
    } else if (path === "/v1/events") {
      serveEventStream(admission, request, response, queryOf(request));
    } else if (path === "/v1/snapshot") {
      if (refusal) response.writeHead(refusal.status, TEXT).end(`${refusal.message}\n`);
      else response.writeHead(200, JSON_HEADERS).end(`${toJsonString(SnapshotSchema, hub.snapshot)}\n`);
    } else {
      response
        .writeHead(404, TEXT)
        .end("there are /v1/subscribe (WebSocket), /v1/events, /v1/snapshot and /v1/scene here\n");
    }
  }

  /** Says goodbye to all subscribers, so that they resume elsewhere at once. */
  async close(): Promise<void> {
    this.#deps.hub.close();
    this.#sockets.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const force = setTimeout(() => this.#server.closeAllConnections(), GOODBYE_MS);
    await closed;
    clearTimeout(force);
  }
}

const TEXT = { "content-type": "text/plain; charset=utf-8" };
const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  response.setHeader("vary", "origin");
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-allow-methods", "GET");
  response.setHeader("access-control-allow-headers", "authorization, last-event-id, cache-control");
  response.setHeader("access-control-max-age", "600");
}

function pathOf(request: IncomingMessage): string {
  return request.url?.split("?")[0] ?? "";
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return new URLSearchParams(request.url?.split("?")[1] ?? "");
}
