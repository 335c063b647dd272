import { fromBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, RedisConnection } from "@followspot/runtime";
import { type Event, EventSchema } from "@followspot/schema/followspot/v1/event";
import { HEAD_FIELDS, type Head, type LogPosition, parseHead } from "./head.ts";
import { type EventKeys, eventKeys } from "./keys.ts";

/** The events after a position, or the news that they cannot all be had: then take a snapshot. */
export type History =
  | { readonly recovered: true; readonly events: readonly Event[]; readonly newest: LogPosition }
  | { readonly recovered: false };

const PAGE = 500;
/** A page of history takes longer than the live path would wait. */
const ANSWER_MS = 1_500;
/** Also how soon a wiped or replaced log is noticed. */
const BLOCK_MS = 1_000;
/** A server that does not even say "nothing new" by then hangs, or the connection is half open. */
const SILENCE_MS = BLOCK_MS + 3_000;

type StreamEntry = [id: Buffer, fields: Buffer[]];

/** The reading end of a show's durable events. */
export class EventReader implements Closable {
  readonly #connection: RedisConnection;
  readonly #blocking: RedisConnection;
  readonly #keys: EventKeys;
  readonly #closing = new AbortController();

  private constructor(connection: RedisConnection, blocking: RedisConnection, keys: EventKeys) {
    this.#connection = connection;
    this.#blocking = blocking;
    this.#keys = keys;
  }

  static async connect(options: {
    readonly redisUrl: string;
    readonly showId: string;
    readonly log: Logger;
  }): Promise<EventReader> {
    const settings = { commandTimeout: ANSWER_MS };
    const connection = await RedisConnection.connect(options.redisUrl, "live", options.log, settings);
    try {
      // A blocked read holds up its connection, so it has one of its own.
      const blocking = await RedisConnection.connect(options.redisUrl, "patient", options.log);
      return new EventReader(connection, blocking, eventKeys(options.showId));
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** The head and, of the same moment, at most `atMost` events that led to it, oldest first, without a hole. */
  async readRecent(atMost: number): Promise<{ head: Head; events: readonly Event[] } | undefined> {
    const replies = await this.#connection.client
      .multi()
      .hmgetBuffer(this.#keys.head, ...HEAD_FIELDS)
      .xrevrangeBuffer(this.#keys.stream, "+", "-", "COUNT", atMost)
      .exec();
    const [[, fields] = [], [failed, entries] = []] = replies ?? [];
    if (failed) throw failed;
    const head = parseHead((fields ?? []) as (Buffer | null)[]);
    if (!head) return undefined;
    const events = decode(((entries ?? []) as StreamEntry[]).toReversed());
    const { epoch, sequence } = head.position;
    const whole = events.every((event, index) => {
      return event.epoch === epoch && event.sequence === sequence - events.length + 1 + index;
    });
    return { head, events: whole ? events : [] };
  }

  /** Whether somebody holds the right to append. */
  async isLed(): Promise<boolean> {
    return (await this.#connection.client.exists(this.#keys.lease)) === 1;
  }

  /** At most `atMost` events after `position`, oldest first, without a hole. */
  async readSince(position: LogPosition, atMost = PAGE): Promise<History> {
    const from = `${position.sequence + 1}-0`;
    // In one transaction: the log may be replaced between two commands.
    const replies = await this.#connection.client
      .multi()
      .hmget(this.#keys.head, "epoch", "sequence")
      .xrangeBuffer(this.#keys.stream, from, "+", "COUNT", atMost)
      .exec();
    const [[, head] = [], [failed, entries] = []] = replies ?? [];
    if (failed) throw failed;
    const [epoch, sequence] = (head ?? []) as (string | null)[];
    const newest = { epoch: epoch ?? "", sequence: Number(sequence ?? 0) };
    if (epoch !== position.epoch || newest.sequence < position.sequence) return { recovered: false };
    const events = decode((entries ?? []) as StreamEntry[]);
    const first = events[0]?.sequence ?? newest.sequence + 1;
    return first === position.sequence + 1 ? { recovered: true, events, newest } : { recovered: false };
  }

  /**
   * Events after `position` as they come, in batches without a hole, through outages of Redis. Ends when the log does
   * not go on from there (it was wiped, replaced, or trimmed past us), or with the signal.
   */
  async *tail(position: LogPosition, signal: AbortSignal): AsyncGenerator<readonly Event[]> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    let at = position;
    let checkedAtMs = performance.now();
    while (!stop.aborted) {
      const events = await this.#readNext(at, stop);
      if (stop.aborted) return;
      const [first] = events;
      if (first) {
        if (first.epoch !== at.epoch || first.sequence !== at.sequence + 1) return;
        at = { epoch: at.epoch, sequence: at.sequence + events.length };
        yield events;
      }
      if (first && performance.now() - checkedAtMs < BLOCK_MS) continue;
      checkedAtMs = performance.now();
      if (!(await this.#goesOnFrom(at))) return;
    }
  }

  async #readNext(at: LogPosition, stop: AbortSignal): Promise<Event[]> {
    const client = this.#blocking.client;
    const hung = setTimeout(() => client.disconnect(true), SILENCE_MS);
    try {
      const after = `${at.sequence}-0`;
      const args = ["COUNT", PAGE, "BLOCK", BLOCK_MS, "STREAMS", this.#keys.stream, after] as const;
      const reply = (await client.xreadBuffer(...args)) as [Buffer, StreamEntry[]][] | null;
      return decode(reply?.[0]?.[1] ?? []);
    } catch {
      // Closing, or a connection that ended under the read: what was not received is read again.
      if (!stop.aborted) await pause(100);
      return [];
    } finally {
      clearTimeout(hung);
    }
  }

  /** While Redis is away nothing is known to have changed. */
  async #goesOnFrom(at: LogPosition): Promise<boolean> {
    let head: (string | null)[];
    try {
      head = await this.#connection.client.hmget(this.#keys.head, "epoch", "sequence");
    } catch {
      return true;
    }
    return head[0] === at.epoch && Number(head[1]) >= at.sequence;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // Not asked politely: its connection is busy with the blocked read.
    this.#blocking.client.disconnect();
    await this.#connection.close();
  }
}

function decode(entries: readonly StreamEntry[]): Event[] {
  return entries.map(([, fields]) => fromBinary(EventSchema, fields[1] ?? new Uint8Array()));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
