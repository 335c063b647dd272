import type { Lease, LogPosition } from "@followspot/events";
import type { ReceivedObservation } from "@followspot/observations";
import { type PresenceChange, PresenceFilter, type PresenceState } from "@followspot/presence";
import type { LeaderDeps } from "./leader.ts";
import { toDraft, toLabelState } from "./messages.ts";

/** How often the filter's memory is stored while nothing happens: what a successor counts again at most. */
const CHECKPOINT_MS = 1_000;
/** An observation younger than this means that there is no backlog. */
const CAUGHT_UP_MS = 1_500;
/** Nor is there one where none came for so long. */
const QUIET_MS = 500;

/** Where a term stands, as the log has it. */
export interface Memory {
  readonly position: LogPosition;
  readonly cursor: string;
  readonly presence: PresenceState;
}

type Deps = Pick<
  LeaderDeps,
  "events" | "observations" | "presence" | "nowMs" | "lostCameras" | "lastTold" | "onAppended"
>;

/** One leadership: observations and ticks in, appended events out, one after the other. */
export class Term {
  readonly #lease: Lease;
  readonly #deps: Deps;
  readonly #filter: PresenceFilter;
  #position: LogPosition;
  #stored: Memory;
  #cursor: string;
  #turn: Promise<void> = Promise.resolve();
  #checkpointAtMs = performance.now();
  #observedAtMs = performance.now();
  #observationAgeMs = Number.POSITIVE_INFINITY;

  private constructor(lease: Lease, deps: Deps, filter: PresenceFilter, memory: Memory) {
    this.#lease = lease;
    this.#deps = deps;
    this.#filter = filter;
    this.#position = memory.position;
    this.#stored = memory;
    this.#cursor = memory.cursor;
  }

  /**
   * Takes over from the log. Where it is gone or has fewer events than `remembered` (Redis was wiped, or lost its last
   * second with its machine), a new epoch begins with what is known: what is on stage stays there, nobody enters anew.
   */
  static async begin(lease: Lease, deps: Deps, remembered?: Memory): Promise<Term> {
    const head = await deps.events.read();
    const lost =
      head !== undefined &&
      head.position.epoch === remembered?.position.epoch &&
      head.position.sequence < remembered.position.sequence;
    if (head && !lost) {
      const stored = head.presence === "" ? undefined : (JSON.parse(head.presence) as PresenceState);
      const filter = stored
        ? new PresenceFilter(deps.presence, stored)
        : PresenceFilter.resume(deps.presence, deps.lastTold());
      const memory = { position: head.position, cursor: head.cursor, presence: filter.toJSON() };
      return new Term(lease, deps, filter, memory);
    }
    const filter = remembered
      ? new PresenceFilter(deps.presence, remembered.presence)
      : PresenceFilter.resume(deps.presence, deps.lastTold());
    // Observations from before the first term are no news any more.
    const cursor = remembered?.cursor ?? (await deps.observations.newestId());
    const entry = { labels: filter.standings().map(toLabelState), presence: JSON.stringify(filter), cursor };
    const position = await deps.events.begin(lease, entry, lost ? "replace" : "new");
    return new Term(lease, deps, filter, { position, cursor, presence: filter.toJSON() });
  }

  /** What is certainly in the log, whatever became of the last append. */
  get memory(): Memory {
    return this.#stored;
  }

  /** Counts one observation. @throws what the append throws: the term is over then. */
  observe({ id, observation }: ReceivedObservation): Promise<void> {
    return this.#inTurn(async () => {
      this.#observedAtMs = performance.now();
      this.#observationAgeMs = this.#deps.nowMs() - observation.answeredAtMs;
      const changes = this.#filter.observe(observation);
      this.#cursor = id;
      if (changes.length > 0) await this.#append(changes);
    });
  }

  /** Lets time pass, unless observations from before are still to be counted. @throws what the append throws */
  tick(): Promise<void> {
    return this.#inTurn(async () => {
      const nowMs = performance.now();
      const quietMs = nowMs - this.#observedAtMs;
      const caughtUp = quietMs > QUIET_MS || this.#observationAgeMs + quietMs < CAUGHT_UP_MS;
      const changes = caughtUp ? this.#filter.tick(this.#deps.nowMs(), this.#deps.lostCameras()) : [];
      if (changes.length > 0 || nowMs - this.#checkpointAtMs > CHECKPOINT_MS) await this.#append(changes);
    });
  }

  /** Stores the filter's memory. */
  checkpoint(): Promise<void> {
    return this.#inTurn(() => this.#append([]));
  }

  async #append(changes: readonly PresenceChange[]): Promise<void> {
    const presence = this.#filter.toJSON();
    const cursor = this.#cursor;
    const { position } = await this.#deps.events.append(this.#lease, this.#position, {
      events: changes.map(toDraft),
      labels: this.#filter.standings().map(toLabelState),
      presence: JSON.stringify(presence),
      cursor,
    });
    this.#position = position;
    this.#stored = { position, cursor, presence };
    this.#checkpointAtMs = performance.now();
    this.#deps.onAppended(changes.length);
  }

  /** After a failure nothing follows: what the log has is not known any more. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    this.#turn.catch(() => {});
    return this.#turn;
  }
}
