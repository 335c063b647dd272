import { setTimeout as delay } from "node:timers/promises";
import type { EventReader } from "@followspot/events";
import type { Closable, Logger } from "@followspot/runtime";
import type { Hub } from "./hub.ts";

/** Events that fill the ring at the start. */
const RECENT = 1_000;
const RETRY_MS = 200;

/** Feeds the hub from the durable stream: one blocking read for all subscribers of this replica. */
export class EventTail implements Closable {
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  private constructor(reader: EventReader, hub: Hub, log: Logger) {
    this.#done = this.#run(reader, hub, log);
  }

  static start(reader: EventReader, hub: Hub, log: Logger): EventTail {
    return new EventTail(reader, hub, log);
  }

  async #run(reader: EventReader, hub: Hub, log: Logger): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const recent = await reader.readRecent(RECENT);
        if (recent) {
          const { position, snapshot } = recent.head;
          log.info({ epoch: position.epoch, sequence: position.sequence }, "events are read from here");
          hub.restart(snapshot, recent.events);
          for await (const events of reader.tail(position, signal)) hub.publish(events);
        }
      } catch (error) {
        log.debug({ err: error }, "events cannot be read");
      }
      await delay(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}
