import { create } from "@bufbuild/protobuf";
import { applyEvent, type EventReader, type LogPosition } from "@followspot/events";
import type { NowMs } from "@followspot/runtime";
import { type Event, Presence, type Snapshot, SnapshotSchema } from "@followspot/schema/followspot/v1/event";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import type { SkipReason } from "./drops.ts";
import { Limiter } from "./limiter.ts";
import { Ring } from "./ring.ts";
import { type Outlet, Subscriber } from "./subscriber.ts";
import { WireMessage } from "./wire-message.ts";

const RING_EVENTS = 4_096;
/** Subscribers that read history at a time, each one page. */
const HISTORY_READS = 2;

export interface HubDeps {
  readonly showId: string;
  readonly labels: readonly string[];
  readonly readSince: EventReader["readSince"];
  readonly nowMs: NowMs;
  readonly onFannedOut: (event: Event) => void;
  readonly onSize: (subscribers: number) => void;
  readonly onEnded: (reason: "slow" | "stopping") => void;
  readonly onSkipped: (reason: SkipReason) => void;
}

/** Where a replica's subscribers hang: the newest state, the newest events, and who wants them. No I/O of its own. */
export class Hub {
  readonly #deps: HubDeps;
  readonly #subscribers = new Set<Subscriber>();
  readonly #history = new Limiter(HISTORY_READS);
  #snapshot: Snapshot;
  #snapshotMessage: WireMessage | undefined;
  #ring = new Ring(RING_EVENTS, 1);

  constructor(deps: HubDeps) {
    this.#deps = deps;
    // Until a leader has begun the log: nothing is known of anybody.
    const labels = deps.labels.map((label) => ({ label, state: Presence.UNKNOWN }));
    this.#snapshot = create(SnapshotSchema, { labels });
  }

  get position(): LogPosition {
    return { epoch: this.#snapshot.epoch, sequence: this.#snapshot.sequence };
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get snapshotMessage(): WireMessage {
    this.#snapshotMessage ??= WireMessage.of({ case: "snapshot", value: this.#snapshot }, this.position);
    return this.#snapshotMessage;
  }

  hello(recovered: boolean): WireMessage {
    const { showId: show, nowMs } = this.#deps;
    const value = { serverTimeMs: nowMs(), show, position: this.position, recovered };
    return WireMessage.of({ case: "hello", value });
  }

  eventMessage(sequence: number): WireMessage | undefined {
    return this.#ring.get(sequence);
  }

  /** Starts from a state, and the events that led to it as far as they are there. */
  restart(snapshot: Snapshot, recent: readonly Event[]): void {
    const goesOn = snapshot.epoch === this.#snapshot.epoch && snapshot.sequence === this.#snapshot.sequence;
    this.#snapshot = snapshot;
    this.#snapshotMessage = undefined;
    this.#ring = new Ring(RING_EVENTS, recent[0]?.sequence ?? snapshot.sequence + 1);
    for (const event of recent) this.#ring.push(toMessage(event));
    if (!goesOn) for (const subscriber of this.#subscribers) subscriber.restart();
  }

  /** The events that follow, without a hole. */
  publish(events: readonly Event[]): void {
    for (const event of events) {
      this.#snapshot = applyEvent(this.#snapshot, event);
      this.#ring.push(toMessage(event));
    }
    this.#snapshotMessage = undefined;
    // None of them is waited for.
    for (const subscriber of this.#subscribers) subscriber.pump();
    for (const event of events) this.#deps.onFannedOut(event);
  }

  /** To all who keep up. */
  heartbeat(message: WireMessage): void {
    this.#offer(this.#subscribers, message, "heartbeat-to-slow-subscriber");
  }

  /** To those who asked for it and keep up. */
  observation(value: Observation): void {
    const wanting = [...this.#subscribers].filter((subscriber) => subscriber.wantsObservations);
    if (wanting.length === 0) return;
    this.#offer(wanting, WireMessage.of({ case: "observation", value }), "observation-to-slow-subscriber");
  }

  #offer(subscribers: Iterable<Subscriber>, message: WireMessage, reason: SkipReason): void {
    for (const subscriber of subscribers) {
      if (!subscriber.offer(message, reason)) this.#deps.onSkipped(reason);
    }
  }

  join(outlet: Outlet, options: { readonly observations: boolean }): Subscriber {
    const subscriber = new Subscriber(this, outlet, options);
    this.#subscribers.add(subscriber);
    this.#deps.onSize(this.#subscribers.size);
    return subscriber;
  }

  leave(subscriber: Subscriber): void {
    subscriber.gone();
    this.#subscribers.delete(subscriber);
    this.#deps.onSize(this.#subscribers.size);
  }

  /** Ends those who do not keep up; they resume when they can. */
  sendAwaySlow(): void {
    const nowMs = performance.now();
    for (const subscriber of this.#subscribers) {
      if (!subscriber.isTooSlow(nowMs)) subscriber.pump();
      else if (subscriber.end("slow")) this.#deps.onEnded("slow");
    }
  }

  close(): void {
    for (const subscriber of this.#subscribers) {
      if (subscriber.end("stopping")) this.#deps.onEnded("stopping");
    }
  }

  /** Whether every event after `position` can be had. */
  async canResume(position: LogPosition): Promise<boolean> {
    const { epoch, sequence } = this.position;
    if (position.epoch === epoch && position.sequence === sequence) return true;
    if (position.epoch === epoch && this.#ring.get(position.sequence + 1)) return true;
    if (position.epoch !== epoch) return false;
    // Older than the ring; or newer than this replica has read, having been told by another.
    try {
      return (await this.#history.run(() => this.#deps.readSince(position, 1))).recovered;
    } catch {
      return false;
    }
  }

  /** A page of the events after `position`; undefined where they cannot be had. */
  async readHistory(position: LogPosition): Promise<readonly WireMessage[] | undefined> {
    try {
      const history = await this.#history.run(() => this.#deps.readSince(position));
      return history.recovered && history.events.length > 0 ? history.events.map(toMessage) : undefined;
    } catch {
      // Redis is away: the snapshot is what there is.
      return undefined;
    }
  }
}

function toMessage(event: Event): WireMessage {
  return WireMessage.of({ case: "event", value: event }, event);
}
