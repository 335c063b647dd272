import { randomBytes } from "node:crypto";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, type NowMs, RedisConnection } from "@followspot/runtime";
import {
  type Event,
  EventSchema,
  type LabelStateSchema,
  SnapshotSchema,
} from "@followspot/schema/followspot/v1/event";
import { EventLogError } from "./event-log-error.ts";
import { type Head, type LogPosition, readHead } from "./head.ts";
import { type EventKeys, eventKeys } from "./keys.ts";
import { Lease } from "./lease.ts";
import { APPEND, BEGIN } from "./scripts.ts";

/** An event without what the log gives it: id, epoch, sequence and time of recording. */
export type EventDraft = Omit<Event, "$typeName" | "$unknown" | "id" | "epoch" | "sequence" | "recordedAtMs">;

/** What becomes part of the log in one step. */
export interface Entry {
  readonly events: readonly EventDraft[];
  /** The labels' states after these events. */
  readonly labels: readonly MessageInitShape<typeof LabelStateSchema>[];
  /** What the presence filter remembers after them (JSON). */
  readonly presence: string;
  /** Id of the last observation that is part of it. */
  readonly cursor: string;
}

export interface EventLogOptions {
  readonly redisUrl: string;
  readonly showId: string;
  readonly log: Logger;
  readonly nowMs: NowMs;
  /** Events that can be replayed. */
  readonly window?: number;
  readonly maxAgeMs?: number;
  /** How long after its holder's death the lease can be taken. */
  readonly leaseMs?: number;
}

const WINDOW = 10_000;
const MAX_AGE_MS = 24 * 60 * 60_000;
const LEASE_MS = 2_000;
/** More than the live path waits: after an append without an answer the whole log head must be read again. */
const ANSWER_MS = 1_500;

/**
 * The writing end of a show's durable events. Only the holder of the lease appends. An append whose answer got lost
 * may or may not be there: give the lease back and `read` again, then it is known.
 */
export class EventLog implements Closable {
  readonly #connection: RedisConnection;
  readonly #keys: EventKeys;
  readonly #options: Required<EventLogOptions>;

  private constructor(connection: RedisConnection, options: EventLogOptions) {
    this.#connection = connection;
    this.#keys = eventKeys(options.showId);
    this.#options = { window: WINDOW, maxAgeMs: MAX_AGE_MS, leaseMs: LEASE_MS, ...options };
  }

  static async connect(options: EventLogOptions): Promise<EventLog> {
    const settings = { commandTimeout: ANSWER_MS };
    return new EventLog(
      await RedisConnection.connect(options.redisUrl, "live", options.log, settings),
      options,
    );
  }

  /** Undefined while another process holds it. */
  acquireLease(): Promise<Lease | undefined> {
    return Lease.acquire(this.#connection.client, this.#keys.lease, this.#options.leaseMs);
  }

  /** Undefined where no log was begun yet. */
  read(): Promise<Head | undefined> {
    return readHead(this.#connection.client, this.#keys.head);
  }

  /**
   * Begins a new epoch with a state and no events. `replace`: although there is a log, because it is known to have
   * lost events. @throws EventLogError "epoch-changed" where there is one already.
   */
  async begin(
    lease: Lease,
    entry: Omit<Entry, "events">,
    mode: "new" | "replace" = "new",
  ): Promise<LogPosition> {
    const epoch = randomBytes(6).toString("hex");
    const position = { epoch, sequence: 0 };
    const replace = mode === "replace" ? "1" : "0";
    await this.#run(BEGIN, lease, [
      epoch,
      replace,
      entry.presence,
      entry.cursor,
      this.#snapshot(position, entry),
    ]);
    return position;
  }

  /** Appends after `after`; without events only presence, cursor and snapshot are stored. @throws EventLogError */
  async append(
    lease: Lease,
    after: LogPosition,
    entry: Entry,
  ): Promise<{ events: Event[]; position: LogPosition }> {
    const { epoch } = after;
    const recordedAtMs = this.#options.nowMs();
    const events = entry.events.map((draft, index) => {
      const sequence = after.sequence + 1 + index;
      return create(EventSchema, { ...draft, id: `${epoch}-${sequence}`, epoch, sequence, recordedAtMs });
    });
    const position = { epoch, sequence: after.sequence + events.length };
    await this.#run(APPEND, lease, [
      epoch,
      after.sequence,
      entry.presence,
      entry.cursor,
      this.#snapshot(position, entry),
      this.#options.window,
      Math.round(recordedAtMs),
      this.#options.maxAgeMs,
      ...events.map((event) => Buffer.from(toBinary(EventSchema, event))),
    ]);
    return { events, position };
  }

  #snapshot(position: LogPosition, { labels }: Pick<Entry, "labels">): Buffer {
    const snapshot = create(SnapshotSchema, {
      ...position,
      asOfMs: this.#options.nowMs(),
      labels: [...labels],
    });
    return Buffer.from(toBinary(SnapshotSchema, snapshot));
  }

  async #run(script: string, lease: Lease, args: readonly (string | number | Buffer)[]): Promise<void> {
    const { lease: leaseKey, head, stream } = this.#keys;
    const answer = await this.#connection.client.eval(
      script,
      3,
      leaseKey,
      head,
      stream,
      lease.token,
      ...args,
    );
    if (EventLogError.isReason(answer)) throw new EventLogError(answer);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
