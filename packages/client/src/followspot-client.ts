import { create } from "@bufbuild/protobuf";
import type { Event, LabelState, Snapshot } from "@followspot/schema/followspot/v1/event";
import {
  type Heartbeat,
  PositionSchema,
  type ServerMessage,
} from "@followspot/schema/followspot/v1/subscribe";
import { backOffMs } from "./back-off.ts";
import { Connection } from "./connection.ts";
import { Mailbox } from "./mailbox.ts";
import { Stage, type StagePosition } from "./stage.ts";
import type { Update } from "./update.ts";

/** Updates that wait for a slow `for await` loop; beyond that it gets a snapshot instead. */
const MAX_WAITING = 1_000;
/** Three heartbeats missed. */
const SILENCE_MS = 3_000;

export interface FollowspotClientOptions {
  /** Where the results service listens: `http://host:4601` (https, ws and wss are as good). */
  readonly url: string;
  /** An access token with the scope `read`, where the service wants one. */
  readonly token?: string;
  /** Also receive what the recognizer sees in each frame, newest only. */
  readonly observations?: boolean;
  /** The server says something every second; silence for so long ends the connection. 3 s where not given. */
  readonly silenceMs?: number;
  /** What `snapshot` said in an earlier life of the subscriber: go on from there, with the events missed since. */
  readonly resume?: Snapshot;
}

/**
 * Tells a program who is on stage: in Node 22 or later and in browsers.
 *
 * ```ts
 * const stage = new FollowspotClient({ url: "http://127.0.0.1:4601" });
 * for await (const update of stage.updates()) {
 *   if (update.kind === "snapshot") show(stage.state);       // who is there already: no entrances
 *   if (update.kind === "event") react(update.event);        // each once, in order
 * }
 * ```
 *
 * or with a callback: `stage.subscribe((update) => ...)`. It connects with the first of either, comes back after
 * every interruption (for ever), resumes where it was, and says so where that was not possible: `connected` with
 * `recovered: false`, then a `snapshot`. `close()` ends it.
 */
export class FollowspotClient {
  readonly #options: FollowspotClientOptions;
  readonly #url: string;
  readonly #listeners = new Set<(update: Update) => void>();
  readonly #closers = new Set<() => void>();
  readonly #stage: Stage;
  #connection: Connection | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #connected = false;
  #started = false;
  #closed = false;
  #heartbeat: Heartbeat | undefined;

  /** @throws TypeError where the URL is none. */
  constructor(options: FollowspotClientOptions) {
    this.#options = options;
    this.#url = subscribeUrl(options);
    this.#stage = new Stage(options.resume);
  }

  /** Each label's state, by label; empty until the first snapshot. As old as the last message: see `connected`. */
  get state(): ReadonlyMap<string, LabelState> {
    return this.#stage.labels;
  }

  /** The last event that is part of the state; undefined until the first snapshot. */
  get position(): StagePosition | undefined {
    return this.#stage.position;
  }

  /** State and position, to be kept and handed to `resume` in another life; undefined until the first snapshot. */
  get snapshot(): Snapshot | undefined {
    return this.#stage.snapshot;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get heartbeat(): Heartbeat | undefined {
    return this.#heartbeat;
  }

  /** Calls `listener` with every update from now on; the function returned ends that. A listener must not throw. */
  subscribe(listener: (update: Update) => void): () => void {
    this.#listeners.add(listener);
    this.#start();
    return () => this.#listeners.delete(listener);
  }

  /** All updates from now on, until `signal` aborts or the client is closed. */
  async *updates(signal?: AbortSignal): AsyncGenerator<Update, void, undefined> {
    const mailbox = new Mailbox<Update>(MAX_WAITING, () => this.#instead());
    const end = () => mailbox.close();
    signal?.addEventListener("abort", end, { once: true });
    this.#closers.add(end);
    if (signal?.aborted || this.#closed) end();
    const unsubscribe = this.subscribe((update) => mailbox.put(update));
    try {
      for (let update = await mailbox.take(); update; update = await mailbox.take()) yield update;
    } finally {
      unsubscribe();
      this.#closers.delete(end);
      signal?.removeEventListener("abort", end);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#connection?.end();
    this.#connected = false;
    for (const end of this.#closers) end();
  }

  /** For a reader that was too slow: what it missed is gone, the state is not. */
  #instead(): Update[] {
    const { snapshot } = this;
    return snapshot ? [{ kind: "snapshot", snapshot, why: "missed" }] : [];
  }

  #start(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#connect();
  }

  #connect(): void {
    const { position } = this;
    const hello = {
      observations: this.#options.observations ?? false,
      ...(position?.epoch && { resume: create(PositionSchema, position) }),
    };
    const asked = hello.resume !== undefined;
    this.#connection = new Connection(this.#url, hello, {
      silenceMs: this.#options.silenceMs ?? SILENCE_MS,
      onMessage: (message) => this.#receive(message, asked),
      onGone: (reason) => this.#comeBack(reason),
    });
  }

  #receive(message: ServerMessage["message"], asked: boolean): void {
    switch (message.case) {
      case "hello": {
        this.#attempt = 0;
        this.#connected = true;
        // Only who asked to resume, or had a state, can have missed something.
        const recovered = message.value.recovered || !(asked || this.#stage.position?.epoch);
        this.#tell({ kind: "connected", hello: message.value, recovered });
        break;
      }
      case "snapshot": {
        const why = this.#stage.replace(message.value);
        this.#tell({ kind: "snapshot", snapshot: message.value, why });
        break;
      }
      case "event":
        this.#apply(message.value);
        break;
      case "heartbeat":
        this.#heartbeat = message.value;
        this.#tell({ kind: "heartbeat", heartbeat: message.value });
        break;
      case "observation":
        this.#tell({ kind: "observation", observation: message.value });
        break;
      case "goodbye":
        // The close that follows brings us back.
        break;
      case undefined:
        // A later version's message.
        break;
    }
  }

  #apply(event: Event): void {
    const outcome = this.#stage.apply(event);
    if (outcome === "applied") this.#tell({ kind: "event", event });
    // A hole must not happen. If it does, the server is asked again from the last event that is certain.
    else if (outcome === "gap") this.#comeBack(`event ${event.id} does not follow what is known`);
  }

  #comeBack(reason: string): void {
    if (this.#closed) return;
    this.#connection?.end();
    this.#connected = false;
    const retryInMs = backOffMs(this.#attempt);
    this.#attempt += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), retryInMs);
    this.#tell({ kind: "disconnected", reason, retryInMs });
  }

  #tell(update: Update): void {
    for (const listener of this.#listeners) {
      try {
        listener(update);
      } catch (error) {
        // Its own fault, to be seen as such: neither the connection nor the other listeners suffer.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function subscribeUrl({ url, token }: FollowspotClientOptions): string {
  const address = new URL(url);
  address.protocol = address.protocol.replace(/^http/, "ws");
  address.pathname = `${address.pathname.replace(/\/$/, "")}/v1/subscribe`;
  // A browser's WebSocket has no headers.
  if (token) address.searchParams.set("access_token", token);
  return address.href;
}
