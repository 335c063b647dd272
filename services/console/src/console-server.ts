import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Access,
  answerHealth,
  type Closable,
  type Health,
  listen,
  type Logger,
  type Metrics,
} from "@followspot/runtime";
import type { Show } from "@followspot/show";
import { describeShow } from "./describe-show.ts";
import type { PageFiles } from "./page-files.ts";
import { type PictureSocket, refuseUpgrade } from "./picture-socket.ts";
import { publicAddress } from "./public-address.ts";
import { contentSecurityPolicy, SECURITY_HEADERS } from "./security-headers.ts";

const MAX_CONNECTIONS = 1_024;
const HEADERS_TIMEOUT_MS = 5_000;

export interface ConsoleServerOptions {
  readonly host: string;
  readonly port: number;
  readonly show: Show;
  readonly access: Access;
  readonly resultsUrl: string;
  readonly ingestUrl: string;
  readonly files: PageFiles;
  readonly pictures: PictureSocket;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Serves the page, /show.json, the pictures' WebSocket (which it closes with itself) and health on one port. */
export class ConsoleServer implements Closable {
  readonly #options: ConsoleServerOptions;
  readonly #server: Server;

  private constructor(options: ConsoleServerOptions) {
    this.#options = options;
    this.#server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        options.log.error({ err: error }, "request failed");
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on("upgrade", (request, socket, head) => {
      const refusal = options.access.refuses("read", request);
      if (refusal) refuseUpgrade(socket, String(refusal.status), refusal.message);
      else if (pathOf(request) === "/pictures") options.pictures.accept(request, socket, head);
      else refuseUpgrade(socket, "404 Not Found", "there is no such WebSocket here");
    });
  }

  /** @throws UserError where the port is taken. */
  static async listen(options: ConsoleServerOptions): Promise<ConsoleServer> {
    const server = new ConsoleServer(options);
    try {
      await listen(server.#server, { ...options, name: "the console" });
    } catch (error) {
      await options.pictures.close();
      throw error;
    }
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    // The server only counts as closed when the pages' WebSockets, which it started, are.
    await this.#options.pictures.close();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return say(response, 405, "this address only answers GET");
    }
    if (await answerHealth(request, response, this.#options)) return;
    if (pathOf(request) === "/show.json") return this.#answerShow(request, response);
    // The page holds no secret and has to load before it can send a token; the rebinding check still applies.
    const refusal = this.#options.access.required ? undefined : this.#options.access.refuses("read", request);
    if (refusal) return say(response, refusal.status, refusal.message);
    return this.#answerFile(request, response);
  }

  #answerShow(request: IncomingMessage, response: ServerResponse): void {
    const { access, show } = this.#options;
    const refusal = access.refuses("read", request);
    if (refusal) return say(response, refusal.status, refusal.message);
    response.setHeader("content-type", "application/json; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    response.end(JSON.stringify(describeShow(show, this.#addressesFor(request))));
  }

  async #answerFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const file = await this.#options.files.read(path);
    if (!file) return say(response, 404, "there is no such page here");
    const { resultsUrl, ingestUrl } = this.#addressesFor(request);
    response.setHeader("content-type", file.type);
    response.setHeader("etag", file.etag);
    response.setHeader("cache-control", "no-cache");
    response.setHeader(
      "content-security-policy",
      contentSecurityPolicy({
        importMapHash: this.#options.files.importMapHash,
        host: request.headers.host,
        addresses: [resultsUrl, ingestUrl],
      }),
    );
    if (request.headers["if-none-match"] === file.etag) {
      response.writeHead(304).end();
      return;
    }
    response.setHeader("content-length", file.body.byteLength);
    response.end(request.method === "HEAD" ? undefined : file.body);
  }

  #addressesFor(request: IncomingMessage): { readonly resultsUrl: string; readonly ingestUrl: string } {
    const { host } = request.headers;
    return {
      resultsUrl: publicAddress(this.#options.resultsUrl, host),
      ingestUrl: publicAddress(this.#options.ingestUrl, host),
    };
  }
}

function pathOf(request: IncomingMessage): string {
  return request.url?.split("?")[0] ?? "/";
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${sentence}\n`);
}
