import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { type Closable, listen } from "@followspot/runtime";
import { z } from "zod";
import { AnswerSchema } from "./answer.ts";
import { describeQuestion } from "./describe-question.ts";
import { drawCrop } from "./draw-crop.ts";
import { EffectJob } from "./effect-job.ts";
import { Entrance } from "./entrance.ts";
import { readPageFile } from "./page-files.ts";
import type { ReviewSession } from "./review-session.ts";

const MAX_CONNECTIONS = 64;
const HEADERS_TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 4_096;

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

const AnswerRequest = z.object({
  id: z.string().max(120),
  answer: z.union([AnswerSchema, z.object({ kind: z.literal("right") })]),
});

/** Serves one review to one browser of this machine. */
export class ReviewServer implements Closable {
  readonly #session: ReviewSession;
  readonly #showName: string;
  readonly #effect: EffectJob;
  readonly #server: Server;
  #entrance: Entrance | undefined;

  private constructor(session: ReviewSession, showName: string) {
    this.#session = session;
    this.#showName = showName;
    this.#effect = new EffectJob(session);
    this.#server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        const bad = error instanceof UserError;
        if (!response.headersSent)
          response.writeHead(bad ? 400 : 500, { "content-type": "text/plain; charset=utf-8" });
        response.end(`${error instanceof Error ? error.message : String(error)}\n`);
      });
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Listens on loopback, nowhere else; port 0 takes a free one. @throws UserError where the port is taken. */
  static async listen(options: {
    readonly session: ReviewSession;
    readonly showName: string;
    readonly port: number;
  }): Promise<ReviewServer> {
    const server = new ReviewServer(options.session, options.showName);
    await listen(server.#server, { host: "127.0.0.1", port: options.port, name: "the review" });
    server.#entrance = new Entrance(server.port);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Opens once, in one browser. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/?ticket=${this.#entrance?.ticket ?? ""}`;
  }

  async close(): Promise<void> {
    this.#effect.stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const entrance = this.#entrance;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const ticket = searchParams.get("ticket");
    if (ticket !== null && request.method === "GET" && pathname === "/") {
      const cookie = entrance?.redeem(ticket);
      // The ticket leaves the address bar with it. A browser that is in already comes in again.
      if (cookie) response.setHeader("set-cookie", cookie);
      response.writeHead(303, { location: "/" }).end();
      return;
    }
    const refusal = entrance?.refuses(request, this.port);
    if (refusal) return say(response, refusal.status, refusal.message);
    if (request.method === "POST") return this.#change(request, response, pathname);
    if (request.method !== "GET") return say(response, 405, "this address only answers GET and POST");
    if (pathname === "/state") return json(response, await this.#state());
    if (pathname === "/effect") return json(response, this.#effect.state);
    const picture = await this.#picture(pathname);
    if (picture) {
      response.writeHead(200, { "content-type": "image/jpeg" }).end(picture);
      return;
    }
    const file = await readPageFile(pathname);
    if (!file) return say(response, 404, "there is nothing here");
    response.writeHead(200, { "content-type": file.type }).end(file.body);
  }

  async #change(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request);
    if (path === "/answer") {
      const parsed = AnswerRequest.safeParse(body);
      if (!parsed.success)
        throw new UserError(`the answer cannot be read: ${parsed.error.issues[0]?.message}`);
      const { id, answer } = parsed.data;
      const question = this.#session.find(id);
      if (!question) return say(response, 404, "there is no such question any more");
      this.#effect.forget();
      await this.#session.answer(id, answer.kind === "right" ? this.#session.confirm(question) : answer);
    } else if (path === "/undo") {
      this.#effect.forget();
      const undone = await this.#session.undo();
      if (undone === undefined) return say(response, 409, "there is no answer to take back");
      return json(response, await this.#state(undone));
    } else if (path === "/effect") {
      this.#effect.start();
      return json(response, this.#effect.state);
    } else if (path === "/accept") {
      this.#effect.forget();
      const accepted = await this.#session.accept();
      return json(response, { ...(await this.#state()), accepted });
    } else return say(response, 404, "there is nothing here");
    return json(response, await this.#state());
  }

  /** @param first a question to ask before the others: the one that was taken back. */
  async #state(first?: string) {
    const open = await this.#session.unanswered();
    const asked =
      first === undefined
        ? open
        : open.toSorted((a, b) => Number(b.frame.id === first) - Number(a.frame.id === first));
    const [question, next] = asked.slice(0, 2).map((one) => describeQuestion(one, this.#session.cast));
    return {
      show: this.#showName,
      counts: await this.#session.counts(),
      question: question ?? null,
      // Loaded ahead, so that the next answer does not wait for pictures.
      ahead: next ? [next.cropUrl, next.frameUrl, ...next.lookalikes.map(({ url }) => url)] : [],
    };
  }

  async #picture(path: string): Promise<Uint8Array | undefined> {
    const [, folder, name] = /^\/(frames|crops|album)\/([a-z0-9_-]+)\.jpg$/.exec(path) ?? [];
    if (folder === undefined || name === undefined) return undefined;
    if (folder === "album") {
      const subject = this.#session.album.subjects[Number(name)];
      return subject && (await drawCrop(subject.path, subject.box));
    }
    const question = this.#session.find(name);
    if (!question) return undefined;
    return folder === "crops"
      ? await drawCrop(question.frame.path, question.box)
      : await readFile(question.frame.path);
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new UserError(`an answer has at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new UserError("the body is not JSON", { cause });
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${sentence}\n`);
}
