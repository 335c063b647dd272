import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "@followspot/domain";
import { type Closable, listen, readBody } from "@followspot/runtime";
import { Entrance } from "./entrance.ts";
import { type PageFiles, readPageFile } from "./page-files.ts";

const MAX_CONNECTIONS = 64;
const HEADERS_TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 16_384;

const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
} as const;

export type PageRequest =
  | { readonly method: "GET"; readonly path: string }
  | { readonly method: "POST"; readonly path: string; readonly body: unknown };

export type PageAnswer =
  | { readonly json: unknown }
  | { readonly jpeg: Uint8Array }
  | { readonly status: number; readonly sentence: string };

export const NOTHING_HERE: PageAnswer = { status: 404, sentence: "there is nothing here" };

export interface PrivatePageOptions {
  /** For the message where the port is taken. */
  readonly name: string;
  /** Port 0 takes a free one. */
  readonly port: number;
  readonly files: PageFiles;
  /** Undefined for a path that it does not know. A UserError is told to the person as it is. */
  readonly answer: (request: PageRequest) => Promise<PageAnswer | undefined>;
}

/** A page for one person: served to one browser of this machine, and to nobody else. */
export class PrivatePage implements Closable {
  readonly #options: PrivatePageOptions;
  readonly #server: Server;
  #entrance: Entrance | undefined;

  private constructor(options: PrivatePageOptions) {
    this.#options = options;
    this.#server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
      this.#respond(request, response).catch((error: unknown) => {
        const bad = error instanceof UserError;
        if (!response.headersSent)
          response.writeHead(bad ? 400 : 500, { "content-type": "text/plain; charset=utf-8" });
        response.end(`${error instanceof Error ? error.message : String(error)}\n`);
      });
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Listens on loopback, nowhere else. @throws UserError where the port is taken. */
  static async listen(options: PrivatePageOptions): Promise<PrivatePage> {
    const page = new PrivatePage(options);
    await listen(page.#server, { host: "127.0.0.1", port: options.port, name: options.name });
    page.#entrance = new Entrance(page.port);
    return page;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Opens once, in one browser. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/?ticket=${this.#entrance?.ticket ?? ""}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const entrance = this.#entrance;
    const { pathname: path, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const ticket = searchParams.get("ticket");
    if (ticket !== null && request.method === "GET" && path === "/") {
      const cookie = entrance?.redeem(ticket);
      // The ticket leaves the address bar with it. A browser that is in already comes in again.
      if (cookie) response.setHeader("set-cookie", cookie);
      response.writeHead(303, { location: "/" }).end();
      return;
    }
    const refusal = entrance?.refuses(request, this.port);
    if (refusal) return say(response, { status: refusal.status, sentence: refusal.message });
    if (request.method === "POST") {
      const read = await readBody(request, response, { maxBytes: MAX_BODY_BYTES });
      if (read === "late")
        return say(response, { status: 408, sentence: "the answer did not arrive in time" });
      if ("tooLarge" in read) {
        return say(response, { status: 413, sentence: `an answer has at most ${MAX_BODY_BYTES} bytes` });
      }
      const body = jsonIn(read);
      return send(response, (await this.#options.answer({ method: "POST", path, body })) ?? NOTHING_HERE);
    }
    if (request.method !== "GET") {
      return say(response, { status: 405, sentence: "this address only answers GET and POST" });
    }
    const answer = await this.#options.answer({ method: "GET", path });
    if (answer) return send(response, answer);
    const file = await readPageFile(this.#options.files, path);
    if (!file) return send(response, NOTHING_HERE);
    response.writeHead(200, { "content-type": file.type }).end(file.body);
  }
}

/** @throws UserError */
function jsonIn(body: Buffer): unknown {
  const text = body.toString("utf8");
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new UserError("the body is not JSON", { cause });
  }
}

function send(response: ServerResponse, answer: PageAnswer): void {
  if ("sentence" in answer) return say(response, answer);
  if ("jpeg" in answer) {
    response.writeHead(200, { "content-type": "image/jpeg" }).end(answer.jpeg);
    return;
  }
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(answer.json));
}

function say(
  response: ServerResponse,
  { status, sentence }: { readonly status: number; readonly sentence: string },
): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${sentence}\n`);
}
