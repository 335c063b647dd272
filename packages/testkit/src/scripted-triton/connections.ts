import { createServer, type Server as NetServer, type Socket } from "node:net";
import { type Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";

/** After GOAWAY a connection may finish what it carries, for this long. */
const GOAWAY_GRACE_MS = 60_000;

type Injector = ReturnType<GrpcServer["createConnectionInjector"]>;

/**
 * The listening socket of a grpc-js server, kept in our own hands: so that it can be closed and opened again on the
 * same port, and single connections can be reset or told to go away.
 */
export class Connections {
  readonly #grpc: GrpcServer;
  readonly #open = new Map<Socket, Injector>();
  #listener: NetServer | undefined;

  constructor(grpc: GrpcServer) {
    this.#grpc = grpc;
  }

  get count(): number {
    return this.#open.size;
  }

  get listening(): boolean {
    return this.#listener !== undefined;
  }

  async listen(port: number): Promise<void> {
    const listener = createServer({ noDelay: true }, (socket) => this.#admit(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(port, "127.0.0.1", resolve);
    });
    this.#listener = listener;
  }

  /** Resets the connection from `peer` ("ip:port"). */
  reset(peer: string): void {
    for (const socket of this.#open.keys()) {
      if (peer === `${socket.remoteAddress}:${socket.remotePort}`) socket.resetAndDestroy();
    }
  }

  /** Sends GOAWAY on every connection. What they carry is finished. */
  goAway(): void {
    for (const injector of this.#open.values()) injector.drain(GOAWAY_GRACE_MS);
  }

  /** Cuts every connection and refuses new ones. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    for (const socket of this.#open.keys()) socket.destroy();
    if (listener) await new Promise((resolve) => listener.close(resolve));
  }

  #admit(socket: Socket): void {
    // One injector each, as only a whole injector can be drained.
    const injector = this.#grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.#open.set(socket, injector);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      this.#open.delete(socket);
      injector.destroy();
    });
    injector.injectConnection(socket);
  }
}
