import { create, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { freePort } from "@followspot/redis-server";
import { ServerMessageSchema } from "@followspot/schema/followspot/v1/subscribe";
import { type WebSocket, WebSocketServer } from "ws";

type Message = NonNullable<MessageInitShape<typeof ServerMessageSchema>["message"]>;

/** Speaks the subscriber protocol to pages and says what the test tells it to. */
export class ResultsStandIn {
  readonly port: number;
  #server: WebSocketServer;
  #greeting: () => readonly Message[] = () => [];
  /** The access tokens that pages came with. */
  readonly tokens: (string | null)[] = [];
  readonly #beat: NodeJS.Timeout;
  #heartbeat: () => Message | undefined = () => undefined;

  private constructor(port: number) {
    this.port = port;
    this.#server = this.#listen();
    this.#beat = setInterval(() => {
      const message = this.#heartbeat();
      if (message) this.tell(message);
    }, 500);
  }

  static async start(): Promise<ResultsStandIn> {
    return new ResultsStandIn(await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pages(): number {
    return this.#server.clients.size;
  }

  /** What each page hears first, after its hello, and what all hear twice a second. */
  script(options: { readonly greeting: () => readonly Message[]; readonly heartbeat: () => Message }): void {
    this.#greeting = options.greeting;
    this.#heartbeat = options.heartbeat;
  }

  tell(message: Message): void {
    for (const page of this.#server.clients) say(page, message);
  }

  /** As a crash would: connections end, the port refuses. */
  async crash(): Promise<void> {
    for (const page of this.#server.clients) page.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  recover(): void {
    this.#server = this.#listen();
  }

  async close(): Promise<void> {
    clearInterval(this.#beat);
    await this.crash();
  }

  #listen(): WebSocketServer {
    const server = new WebSocketServer({ host: "127.0.0.1", port: this.port });
    server.on("connection", (page, request) => {
      this.tokens.push(new URL(request.url ?? "", "http://x").searchParams.get("access_token"));
      page.once("message", () => {
        for (const message of this.#greeting()) say(page, message);
        const beat = this.#heartbeat();
        if (beat) say(page, beat);
      });
    });
    return server;
  }
}

function say(page: WebSocket, message: Message): void {
  page.send(JSON.stringify(toJson(ServerMessageSchema, create(ServerMessageSchema, { message }))));
}
