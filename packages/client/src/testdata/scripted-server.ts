/** A results service whose every word the test chooses. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { create, fromJsonString, type MessageInitShape, toJsonString } from "@bufbuild/protobuf";
import { type ClientHello, ClientHelloSchema, ServerMessageSchema } from "@followspot/schema/followspot/v1/subscribe";
import { until } from "@followspot/testkit";
import { type WebSocket, WebSocketServer } from "ws";

type Content = NonNullable<Extract<MessageInitShape<typeof ServerMessageSchema>, { message?: unknown }>["message"]>;

export class Visit {
  readonly hello: ClientHello;
  readonly #socket: WebSocket;

  constructor(hello: ClientHello, socket: WebSocket) {
    this.hello = hello;
    this.#socket = socket;
  }

  say(message: Content): void {
    this.#socket.send(toJsonString(ServerMessageSchema, create(ServerMessageSchema, { message })));
  }

  sayRaw(text: string): void {
    this.#socket.send(text);
  }

  greet(recovered: boolean, position = { epoch: "e1", sequence: 0 }): void {
    this.say({ case: "hello", value: { recovered, show: "test", position } });
  }

  snapshot(epoch: string, sequence: number, present: readonly string[] = []): void {
    const labels = present.map((label) => ({ label, state: 2, presenceId: `${label}-1` }));
    this.say({ case: "snapshot", value: { epoch, sequence, labels } });
  }

  event(epoch: string, sequence: number, label = "wolf"): void {
    const value = { id: `${epoch}-${sequence}`, epoch, sequence, label, type: 1, state: 2, presenceId: `${label}-${sequence}` };
    this.say({ case: "event", value });
  }

  hangUp(): void {
    this.#socket.terminate();
  }
}

export class ScriptedServer {
  readonly #server: WebSocketServer;
  readonly visits: Visit[] = [];
  readonly addresses: string[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket, request) => {
      this.addresses.push(request.url ?? "");
      socket.on("error", () => {});
      socket.once("message", (data) => {
        if (Buffer.isBuffer(data)) this.visits.push(new Visit(fromJsonString(ClientHelloSchema, data.toString()), socket));
      });
    });
  }

  static async start(t: TestContext): Promise<ScriptedServer> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    t.after(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    return new ScriptedServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The n-th connection, counted from 1, once it has said hello. */
  visit(n: number): Promise<Visit> {
    return until(`visit ${n}`, () => this.visits[n - 1]);
  }
}
