import { connect, createServer, type Server, type Socket } from "node:net";
import type { Closable } from "@followspot/runtime";

/**
 * What happens to bytes and connections, old and new, from the moment it is set:
 * `pass`; `delay`: everything arrives `delayMs` later, in order; `black-hole`: connections stay open, are even
 * accepted, and nothing arrives any more (a cable pulled, a host suspended); `refuse`: every connection is reset and
 * new ones are not accepted.
 */
export type Fault = "pass" | "delay" | "black-hole" | "refuse";

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** A TCP proxy on 127.0.0.1 that a test can make fail. */
export class FaultProxy implements Closable {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #pairs = new Set<Pair>();
  #fault: Fault = "pass";
  #delayMs = 0;
  #listener: Server | undefined;
  #port = 0;

  /** In front of `host:port`. The host is 127.0.0.1 where left out. */
  static async start(target: { readonly host?: string; readonly port: number }): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.#listen();
    return proxy;
  }

  private constructor({ host = "127.0.0.1", port }: { readonly host?: string; readonly port: number }) {
    this.#target = { host, port };
  }

  get port(): number {
    return this.#port;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** `delayMs` belongs to "delay". What a black hole swallowed is lost: end it with `reset()` or a new connection. */
  async set(fault: Fault, delayMs = 0): Promise<void> {
    this.#fault = fault;
    this.#delayMs = delayMs;
    if (fault === "refuse") {
      const listener = this.#listener;
      this.#listener = undefined;
      const closed = listener && new Promise((resolve) => listener.close(resolve));
      this.reset();
      await closed;
    } else if (!this.#listener) await this.#listen();
  }

  /** Resets every connection (RST), whatever the fault. */
  reset(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }

  async close(): Promise<void> {
    await this.set("refuse");
  }

  async #listen(): Promise<void> {
    const listener = createServer({ noDelay: true, allowHalfOpen: true }, (near) => this.#join(near));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(this.#port, "127.0.0.1", resolve);
    });
    const address = listener.address();
    if (typeof address === "object" && address) this.#port = address.port;
    this.#listener = listener;
  }

  #join(near: Socket): void {
    const far = connect({ ...this.#target, noDelay: true, allowHalfOpen: true });
    const pair = { near, far };
    this.#pairs.add(pair);
    this.#carry(near, far);
    this.#carry(far, near);
    for (const socket of [near, far]) {
      // The other side learns how it ended: a reset stays a reset.
      socket.on("error", () => {
        if (this.#fault !== "black-hole") (socket === near ? far : near).resetAndDestroy();
      });
      socket.on("close", () => {
        if (near.destroyed && far.destroyed) this.#pairs.delete(pair);
        else if (this.#fault !== "black-hole") this.#later(() => (socket === near ? far : near).destroy());
      });
    }
  }

  #carry(from: Socket, to: Socket): void {
    from.on("data", (bytes: Buffer) => {
      if (this.#fault === "black-hole") return;
      this.#later(() => {
        if (to.destroyed || to.write(bytes)) return;
        from.pause();
        to.once("drain", () => from.resume());
      });
    });
    from.on("end", () => {
      if (this.#fault !== "black-hole") this.#later(() => to.end());
    });
  }

  // Timers of one length fire in the order in which they were set, so the bytes stay in order.
  #later(act: () => void): void {
    if (this.#fault === "delay") setTimeout(act, this.#delayMs);
    else act();
  }
}
