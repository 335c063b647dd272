import type { LogPosition } from "@followspot/events";
import type { SkipReason } from "./drops.ts";
import type { Hub } from "./hub.ts";
import { WireMessage } from "./wire-message.ts";

/** More than this unsent: no further events until it has drained. */
const BEHIND_BYTES = 256 * 1_024;
/** More than this unsent, or `BEHIND_BYTES` for too long: the connection ends, and resumes when it can. */
const TOO_FAR_BYTES = 1_024 * 1_024;
const TOO_LONG_MS = 5_000;
/** Observations are only for those who keep up. */
const OBSERVATION_BYTES = 64 * 1_024;

/** One connection to a subscriber, whatever the transport. None of its methods waits. */
export interface Outlet {
  /** Calls `onFlushed` when the operating system has taken the message. */
  send(message: WireMessage, onFlushed: () => void): void;
  readonly bufferedBytes: number;
  /** Sends the last message and closes. */
  end(reason: "slow" | "stopping", goodbye: WireMessage): void;
}

/**
 * A subscriber's place in the events. It has no queue of its own: what it lacks is in the hub's ring, or in Redis.
 *
 * catching up (reads history) <-> live (gets events as they come) <-> behind (its connection is full) -> ended
 */
export class Subscriber {
  readonly wantsObservations: boolean;
  readonly #hub: Hub;
  readonly #outlet: Outlet;
  /** The last event that was sent. */
  #at: LogPosition = { epoch: "", sequence: 0 };
  #fullSinceMs: number | undefined;
  #readingHistory = false;
  #ready = false;
  #ended = false;

  constructor(hub: Hub, outlet: Outlet, options: { readonly observations: boolean }) {
    this.#hub = hub;
    this.#outlet = outlet;
    this.wantsObservations = options.observations;
  }

  /**
   * Answers the hello: the missed events where `resume` allows it, otherwise a snapshot. To be called after the hub
   * knows the subscriber: what comes meanwhile is in the ring.
   */
  async start(resume: LogPosition | undefined): Promise<"resumed" | "snapshot"> {
    const can = resume !== undefined && (await this.#hub.canResume(resume));
    // The log may have begun anew while we asked.
    const recovered = can && resume.epoch === this.#hub.position.epoch;
    if (this.#ended) return "snapshot";
    this.#ready = true;
    if (recovered) {
      this.#at = resume;
      this.#send(this.#hub.hello(true));
    } else {
      this.#takeSnapshot(resume === undefined);
    }
    this.pump();
    return recovered ? "resumed" : "snapshot";
  }

  /** The log began anew, or has a hole: what this subscriber knows is void. */
  restart(): void {
    if (!this.#ready || this.#ended) return;
    this.#takeSnapshot(false);
    this.pump();
  }

  #takeSnapshot(recovered: boolean): void {
    this.#send(this.#hub.hello(recovered));
    this.#send(this.#hub.snapshotMessage);
    this.#at = this.#hub.position;
  }

  /** Sends what the hub has and this subscriber lacks, as far as the connection takes it. */
  pump(): void {
    while (
      this.#ready &&
      !this.#ended &&
      !this.#readingHistory &&
      this.#at.sequence < this.#hub.position.sequence
    ) {
      if (this.#isFull()) return;
      const message = this.#hub.eventMessage(this.#at.sequence + 1);
      if (!message) {
        this.#readingHistory = true;
        void this.#readHistory().finally(() => {
          this.#readingHistory = false;
          this.pump();
        });
        return;
      }
      this.#send(message);
      this.#at = { ...this.#at, sequence: this.#at.sequence + 1 };
    }
  }

  async #readHistory(): Promise<void> {
    const from = this.#at;
    const events = await this.#hub.readHistory(from);
    // A restart meanwhile has moved it on.
    if (this.#ended || this.#at !== from) return;
    if (!events) {
      this.#takeSnapshot(false);
      return;
    }
    for (const [index, message] of events.entries()) {
      if (this.#isFull()) return;
      this.#send(message);
      this.#at = { ...from, sequence: from.sequence + index + 1 };
    }
  }

  offer(message: WireMessage, skip: SkipReason): boolean {
    if (!this.#ready || this.#ended) return true;
    const limit = skip === "observation-to-slow-subscriber" ? OBSERVATION_BYTES : BEHIND_BYTES;
    if (this.#outlet.bufferedBytes > limit) return false;
    this.#send(message);
    return true;
  }

  /** Looks whether the connection drains; true where it is too slow to go on. */
  isTooSlow(nowMs: number): boolean {
    if (this.#ended || !this.#isFull(nowMs)) return false;
    const { bufferedBytes } = this.#outlet;
    return bufferedBytes > TOO_FAR_BYTES || nowMs - (this.#fullSinceMs ?? nowMs) > TOO_LONG_MS;
  }

  /** Says goodbye with the place to resume from; false where that was said already. */
  end(reason: "slow" | "stopping"): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#outlet.end(reason, WireMessage.of({ case: "goodbye", value: { reason, position: this.#at } }));
    return true;
  }

  /** The connection is gone. */
  gone(): void {
    this.#ended = true;
  }

  #isFull(nowMs = performance.now()): boolean {
    const full = this.#outlet.bufferedBytes > BEHIND_BYTES;
    this.#fullSinceMs = full ? (this.#fullSinceMs ?? nowMs) : undefined;
    return full;
  }

  #send(message: WireMessage): void {
    this.#outlet.send(message, this.#onFlushed);
  }

  readonly #onFlushed = (): void => {
    if (this.#fullSinceMs !== undefined) this.pump();
  };
}
