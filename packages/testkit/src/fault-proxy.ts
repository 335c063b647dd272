import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "@followspot/redis-server";
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
  /** A black hole for good. */
  forgotten: boolean;
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

  /** The connections of now stay black holes for good, whatever is set later: as after a router forgot them. */
  forget(): void {
    for (const pair of this.#pairs) pair.forgotten = true;
  }

  async close(): Promise<void> {
    await this.set("refuse");
  }

  async #listen(): Promise<void> {
    // Not one of the system's, which somebody else may be given while nobody listens here.
    this.#port ||= await freePort();
    const listener = createServer({ noDelay: true, allowHalfOpen: true }, (near) => this.#join(near));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#listener = listener;
  }

  #join(near: Socket): void {
    const far = connect({ ...this.#target, noDelay: true, allowHalfOpen: true });
    const pair: Pair = { near, far, forgotten: false };
    this.#pairs.add(pair);
    this.#carry(pair, near, far);
    this.#carry(pair, far, near);
  }

  #carry(pair: Pair, from: Socket, to: Socket): void {
    from.on("data", (bytes: Buffer) => {
      this.#later(pair, () => {
        if (to.destroyed || to.write(bytes)) return;
        from.pause();
        to.once("drain", () => from.resume());
      });
    });
    from.on("end", () => this.#later(pair, () => to.end()));
    // The other side learns how it ended: a reset stays a reset.
    from.on("error", () => this.#later(pair, () => to.resetAndDestroy()));
    from.on("close", () => {
      if (to.destroyed) this.#pairs.delete(pair);
      else this.#later(pair, () => to.destroy());
    });
  }

  // Timers of one length fire in the order in which they were set, so the bytes stay in order.
  #later(pair: Pair, act: () => void): void {
    if (this.#fault === "black-hole" || pair.forgotten) return;
    if (this.#fault === "delay") setTimeout(act, this.#delayMs);
    else act();
  }
}
