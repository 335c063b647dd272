import { type ClientHttp2Session, connect, constants, type SecureClientSessionOptions } from "node:http2";
import { status } from "@grpc/grpc-js";
import type { ServerAddress, TlsOptions } from "../channel.ts";
import { GrpcStatusError } from "./grpc-status-error.ts";

const CONNECT_DEADLINE_MS = 20_000;
/** A server that comes back is noticed within a second. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const PAUSE_FACTOR = 1.6;
/** HTTP/2's own 64 KiB would make a server wait in the middle of a long answer. */
const RECEIVE_WINDOW_BYTES = 4 * 1024 * 1024;

/**
 * The one HTTP/2 connection to a server, opened by the first call, and anew by the first call after its end.
 *
 *     idle --session()--> connecting --connected--> open --end, GOAWAY, renew()--> idle
 *                             \--failed--> pausing --time--> idle
 *
 * While it pauses, calls fail at once. What an old connection still carries after GOAWAY is finished. There are no
 * keepalive pings: Triton answers them with GOAWAY.
 */
export class Http2Connection {
  readonly #authority: string;
  readonly #options: SecureClientSessionOptions;
  #session: ClientHttp2Session | undefined;
  #connecting: Promise<ClientHttp2Session> | undefined;
  #failure:
    | { readonly error: GrpcStatusError; readonly untilMs: number; readonly pauseMs: number }
    | undefined;
  #closed = false;
  readonly #draining = new Set<ClientHttp2Session>();
  readonly #carried = new WeakMap<ClientHttp2Session, number>();

  constructor({ target, secure }: ServerAddress, tls: TlsOptions = {}) {
    this.#authority = `${secure ? "https" : "http"}://${target}`;
    this.#options = {
      settings: { enablePush: false, initialWindowSize: RECEIVE_WINDOW_BYTES },
      // Node's 10 MB for what waits to be sent would refuse large pictures; how many are on the way is the caller's.
      maxSessionMemory: Number.MAX_SAFE_INTEGER,
      ...(tls.rootCerts && { ca: tls.rootCerts }),
      ...(tls.privateKey && { key: tls.privateKey }),
      ...(tls.certChain && { cert: tls.certChain }),
    };
  }

  /** The open connection at once, where there is one. */
  get open(): ClientHttp2Session | undefined {
    return this.#session;
  }

  /** @throws GrpcStatusError UNAVAILABLE where the server cannot be reached */
  session(): Promise<ClientHttp2Session> {
    if (this.#session) return Promise.resolve(this.#session);
    const failure = this.#failure;
    if (failure && performance.now() < failure.untilMs) return Promise.reject(failure.error);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** A call begins on it. One that carries nothing does not keep the process alive. */
  hold(session: ClientHttp2Session): void {
    const carried = this.#carried.get(session) ?? 0;
    if (carried === 0) session.ref();
    this.#carried.set(session, carried + 1);
  }

  /** A call on it has ended. */
  release(session: ClientHttp2Session): void {
    const carried = (this.#carried.get(session) ?? 1) - 1;
    if (carried === 0) session.unref();
    this.#carried.set(session, carried);
  }

  /** Gives a connection up as dead, with what it carries; the next call opens another. */
  renew(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }

  close(): void {
    this.#closed = true;
    this.renew();
    for (const session of this.#draining) session.destroy();
  }

  async #connect(): Promise<ClientHttp2Session> {
    const session = connect(this.#authority, this.#options);
    try {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error("no answer to the connect")), CONNECT_DEADLINE_MS);
        const done = (end: () => void) => () => {
          clearTimeout(late);
          end();
        };
        session.once("connect", done(resolve));
        session.once("error", (error) => done(() => reject(error))());
        session.once(
          "close",
          done(() => reject(new Error("closed at once"))),
        );
      });
      if (this.#closed) throw new Error("the client was closed");
    } catch (cause) {
      session.destroy();
      throw this.#failed(cause);
    }
    this.#failure = undefined;
    this.#adopt(session);
    return session;
  }

  #adopt(session: ClientHttp2Session): void {
    this.#session = session;
    session.setLocalWindowSize(RECEIVE_WINDOW_BYTES);
    session.unref();
    const leave = () => {
      if (this.#session === session) this.#session = undefined;
    };
    // What a broken connection carried is told of it stream by stream.
    session.on("error", leave);
    session.on("goaway", (code: number) => {
      leave();
      if (code === constants.NGHTTP2_NO_ERROR) this.#draining.add(session);
    });
    session.on("close", () => {
      leave();
      this.#draining.delete(session);
    });
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
