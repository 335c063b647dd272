import { status } from "@grpc/grpc-js";
import type { ServerAddress, TlsOptions } from "../channel.ts";
import { Http2Session } from "../http2/session.ts";
import { GrpcStatusError } from "./grpc-status-error.ts";
import { openSocket } from "./open-socket.ts";

const CONNECT_DEADLINE_MS = 20_000;
/** A server that comes back is noticed within a second. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const PAUSE_FACTOR = 1.6;

/**
 * The one connection to a server, opened by the first call, and anew by the first call after its end.
 *
 *     idle --session()--> connecting --connected--> open --end, GOAWAY, renew()--> idle
 *                             \--failed--> pausing --time--> idle
 *
 * While it pauses, calls fail at once. What an old connection still carries after GOAWAY is finished. There are no
 * keepalive pings: Triton answers them with GOAWAY.
 */
export class Connection {
  readonly #address: ServerAddress;
  readonly #tls: TlsOptions;
  readonly #closing = new AbortController();
  #session: Http2Session | undefined;
  #connecting: Promise<Http2Session> | undefined;
  #failure:
    | { readonly error: GrpcStatusError; readonly untilMs: number; readonly pauseMs: number }
    | undefined;
  /** The open one, and those that finish what they carry. */
  readonly #sessions = new Set<Http2Session>();

  constructor(address: ServerAddress, tls: TlsOptions = {}) {
    this.#address = address;
    this.#tls = tls;
  }

  get address(): ServerAddress {
    return this.#address;
  }

  /** The open connection at once, where there is one. */
  get open(): Http2Session | undefined {
    return this.#session;
  }

  /** @throws GrpcStatusError UNAVAILABLE where the server cannot be reached */
  session(): Promise<Http2Session> {
    if (this.#session) return Promise.resolve(this.#session);
    const failure = this.#failure;
    if (failure && performance.now() < failure.untilMs) return Promise.reject(failure.error);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Gives a connection up as dead, with what it carries; the next call opens another. */
  renew(): void {
    this.#session?.destroy();
  }

  close(): void {
    this.#closing.abort(new Error("the client was closed"));
    for (const session of this.#sessions) session.destroy();
  }

  async #connect(): Promise<Http2Session> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error("no answer to the connect")), CONNECT_DEADLINE_MS);
    try {
      const signal = AbortSignal.any([late.signal, this.#closing.signal]);
      return this.#adopt(await openSocket(this.#address, this.#tls, signal));
    } catch (cause) {
      throw this.#failed(cause);
    } finally {
      clearTimeout(timer);
    }
  }

  #adopt(socket: Awaited<ReturnType<typeof openSocket>>): Http2Session {
    if (this.#closing.signal.aborted) {
      socket.destroy();
      throw this.#closing.signal.reason;
    }
    const session = new Http2Session(socket, {
      onLeave: () => {
        if (this.#session === session) this.#session = undefined;
      },
      onClose: () => this.#sessions.delete(session),
    });
    this.#failure = undefined;
    this.#session = session;
    this.#sessions.add(session);
    return session;
  }

  #failed(cause: unknown): GrpcStatusError {
    const details = `No connection established. Last error: ${cause instanceof Error ? cause.message : String(cause)}`;
    const error = new GrpcStatusError(status.UNAVAILABLE, details, { cause });
    const pauseMs = Math.min(
      LONGEST_PAUSE_MS,
      (this.#failure?.pauseMs ?? FIRST_PAUSE_MS / PAUSE_FACTOR) * PAUSE_FACTOR,
    );
    this.#failure = { error, pauseMs, untilMs: performance.now() + pauseMs };
    return error;
  }
}
