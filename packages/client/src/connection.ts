import { create, fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { type ClientHello, ClientHelloSchema } from "@followspot/schema/followspot/v1/subscribe";
import { type ServerMessage, ServerMessageSchema } from "@followspot/schema/followspot/v1/subscribe";

/** A first answer may take longer: the machine may be starting. */
const CONNECT_MS = 5_000;

export interface ConnectionOptions {
  readonly silenceMs: number;
  readonly onMessage: (message: ServerMessage["message"]) => void;
  /** Exactly once, unless `end` came first. */
  readonly onGone: (reason: string) => void;
}

/** One WebSocket from hello to its end, watched. After its end it tells nothing any more, whatever still arrives. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  #watch: ReturnType<typeof setTimeout>;
  #over = false;

  constructor(url: string, hello: Pick<ClientHello, "observations" | "resume">, options: ConnectionOptions) {
    this.#options = options;
    this.#watch = setTimeout(() => this.#gone(`no answer within ${CONNECT_MS} ms`), CONNECT_MS);
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener("open", () => {
      if (!this.#over) this.#socket.send(toJsonString(ClientHelloSchema, create(ClientHelloSchema, hello)));
    });
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.#socket.addEventListener("close", ({ code, reason }) =>
      this.#gone(reason || `closed with code ${code}`),
    );
    // A close always follows.
    this.#socket.addEventListener("error", () => {});
  }

  #receive(data: unknown): void {
    if (this.#over) return;
    clearTimeout(this.#watch);
    const { silenceMs } = this.#options;
    this.#watch = setTimeout(() => this.#gone(`silent for ${silenceMs} ms`), silenceMs);
    let message: ServerMessage;
    try {
      message = fromJsonString(ServerMessageSchema, String(data), { ignoreUnknownFields: true });
    } catch {
      this.#gone("the server sent what is no message of this protocol");
      return;
    }
    this.#options.onMessage(message.message);
  }

  #gone(reason: string): void {
    if (this.#over) return;
    this.end();
    this.#options.onGone(reason);
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#watch);
    this.#socket.close();
  }
}
