import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { fromJsonString } from "@bufbuild/protobuf";
import { type ClientHello, ClientHelloSchema } from "@followspot/schema/followspot/v1/subscribe";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Outlet, Subscriber } from "../fan-out/subscriber.ts";
import type { WireMessage } from "../fan-out/wire-message.ts";
import type { Admission } from "./admission.ts";

/** Close codes; 4000 and above are ours. */
export const CLOSE = { stopping: 1001, badHello: 4000, noHello: 4001, slow: 4008 } as const;

const MAX_HELLO_BYTES = 4_096;
const HELLO_DEADLINE_MS = 5_000;
/** A goodbye that cannot be delivered is not waited for longer. */
const GOODBYE_MS = 5_000;
/** How soon a peer that vanished without a word is noticed: between one and two of these. */
const PING_MS = 15_000;

/** WebSocket at /v1/subscribe: ClientHello in, ServerMessages out, as canonical protobuf JSON text. */
export class WebSocketTransport {
  readonly #admission: Admission;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_HELLO_BYTES,
    // Five times the processor time and four times the memory, for messages this small.
    perMessageDeflate: false,
  });
  readonly #silent = new WeakSet<WebSocket>();
  readonly #pinging: NodeJS.Timeout;

  constructor(admission: Admission) {
    this.#admission = admission;
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const denial = this.#admission.enter(request);
    if (denial) {
      refuseUpgrade(socket, denial);
      return;
    }
    let entered = true;
    let subscriber: Subscriber | undefined;
    const leave = () => {
      if (entered) this.#admission.leave(subscriber);
      entered = false;
    };
    // Also where the handshake fails.
    socket.once("close", leave);
    this.#server.handleUpgrade(request, socket, head, (client) => {
      client.on("error", () => client.terminate());
      client.on("pong", () => this.#silent.delete(client));
      const deadline = setTimeout(() => {
        this.#admission.refused("no-hello");
        client.close(CLOSE.noHello, "no ClientHello came");
      }, HELLO_DEADLINE_MS);
      client.once("close", () => {
        clearTimeout(deadline);
        leave();
      });
      client.on("message", (data, isBinary) => {
        clearTimeout(deadline);
        // There is nothing to say after the hello; who does is not of this protocol.
        const hello = isBinary || subscriber ? undefined : parseHello(data);
        if (!hello) {
          this.#admission.refused("bad-hello");
          client.close(CLOSE.badHello, "the one message must be a ClientHello as JSON text");
          return;
        }
        const { observations, resume } = hello;
        subscriber = this.#admission.subscribe(outletOf(client), { observations, resume });
      });
    });
  }

  #ping(): void {
    for (const client of this.#server.clients) {
      if (this.#silent.has(client)) client.terminate();
      else {
        this.#silent.add(client);
        client.ping();
      }
    }
  }

  close(): void {
    clearInterval(this.#pinging);
    this.#server.close();
  }
}

function outletOf(client: WebSocket): Outlet {
  return {
    send: (message: WireMessage, onFlushed) => client.send(message.json, { binary: false }, onFlushed),
    get bufferedBytes() {
      return client.bufferedAmount;
    },
    end: (reason, goodbye) => {
      client.send(goodbye.json, { binary: false });
      client.close(CLOSE[reason], reason);
      setTimeout(() => client.terminate(), GOODBYE_MS).unref();
    },
  };
}

function parseHello(data: RawData): ClientHello | undefined {
  if (!Buffer.isBuffer(data)) return undefined;
  try {
    return fromJsonString(ClientHelloSchema, data.toString(), { ignoreUnknownFields: true });
  } catch {
    return undefined;
  }
}

function refuseUpgrade(socket: Duplex, { status, message }: { status: number; message: string }): void {
  const body = `${message}\n`;
  socket.on("error", () => {});
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      "Connection: close",
      "Content-Type: text/plain; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
}
