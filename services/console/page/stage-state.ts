import type { Update } from "@followspot/client";
import { type Event, Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import type { Heartbeat } from "@followspot/schema/followspot/v1/subscribe";
import type { CastEntry } from "./show-document.ts";

/** What the page says about one member of the cast. "waiting": nothing was heard from results yet. */
export type PresenceWord = "present" | "absent" | "unknown" | "waiting";

export interface CastState {
  readonly entry: CastEntry;
  readonly presence: PresenceWord;
  /** Server time; 0 where it never changed. */
  readonly sinceMs: number;
  /** Calibrated probability behind the last decision, 0 to 1. */
  readonly confidence: number;
}

export interface StageEvent {
  readonly id: string;
  readonly type: "enter" | "exit" | "unknown" | "hold";
  readonly label: string;
  readonly name: string;
  readonly happenedAtMs: number;
  readonly confidence: number;
  readonly reason: string;
}

/** Older events are in the durable stream; a page is for what happens now. */
const MAX_EVENTS = 60;

const PRESENCE_WORDS: Readonly<Record<Presence, PresenceWord>> = {
  [Presence.UNSPECIFIED]: "waiting",
  [Presence.ABSENT]: "absent",
  [Presence.PRESENT]: "present",
  [Presence.UNKNOWN]: "unknown",
};
const EVENT_TYPES: Readonly<Record<Event_Type, StageEvent["type"] | undefined>> = {
  [Event_Type.UNSPECIFIED]: undefined,
  [Event_Type.ENTER]: "enter",
  [Event_Type.EXIT]: "exit",
  [Event_Type.UNKNOWN]: "unknown",
  [Event_Type.HOLD]: "hold",
};

/** Who is on stage and what happened, put together from what results says. Has no clock and no page. */
export class StageState {
  readonly #entries: ReadonlyMap<string, CastEntry>;
  readonly #states = new Map<string, CastState>();
  #events: readonly StageEvent[] = [];
  #heartbeat: Heartbeat | undefined;

  constructor(cast: readonly CastEntry[]) {
    this.#entries = new Map(cast.map((entry) => [entry.id, entry]));
    this.#forget();
  }

  /** In the order of the show's cast list. */
  get cast(): readonly CastState[] {
    return [...this.#states.values()];
  }

  /** Newest first. */
  get events(): readonly StageEvent[] {
    return this.#events;
  }

  get heartbeat(): Heartbeat | undefined {
    return this.#heartbeat;
  }

  nameOf(label: string): string {
    return this.#entries.get(label)?.name ?? label;
  }

  apply(update: Update): void {
    if (update.kind === "snapshot") {
      // State only: a snapshot is never an entrance, so it makes no event.
      this.#forget();
      for (const { label, state, sinceMs, confidence } of update.snapshot.labels) {
        this.#set(label, { presence: PRESENCE_WORDS[state] ?? "waiting", sinceMs, confidence });
      }
    }
    if (update.kind === "event") this.#applyEvent(update.event);
    if (update.kind === "heartbeat") this.#heartbeat = update.heartbeat;
  }

  #applyEvent(event: Event): void {
    const type = EVENT_TYPES[event.type];
    if (!type) return;
    this.#set(event.label, {
      presence: PRESENCE_WORDS[event.state] ?? "waiting",
      sinceMs: event.happenedAtMs,
      confidence: event.confidence,
    });
    const { id, label, happenedAtMs, confidence, reason } = event;
    const entry = { id, type, label, name: this.nameOf(label), happenedAtMs, confidence, reason };
    this.#events = [entry, ...this.#events].slice(0, MAX_EVENTS);
  }

  #set(label: string, change: Omit<CastState, "entry">): void {
    const entry = this.#entries.get(label);
    if (entry) this.#states.set(label, { entry, ...change });
  }

  #forget(): void {
    for (const entry of this.#entries.values()) {
      this.#states.set(entry.id, { entry, presence: "waiting", sinceMs: 0, confidence: 0 });
    }
  }
}
