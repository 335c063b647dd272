import { setTimeout as delay } from "node:timers/promises";
import type { ObservationReader } from "@followspot/observations";
import type { Closable } from "@followspot/runtime";
import type { Observation } from "@followspot/schema/followspot/v1/observation";

const RETRY_MS = 200;

/** Passes on what is observed from now on. */
export class ObservationFeed implements Closable {
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  private constructor(
    reader: Pick<ObservationReader, "newestId" | "read">,
    pass: (observation: Observation) => void,
  ) {
    this.#done = this.#run(reader, pass);
  }

  static start(
    reader: Pick<ObservationReader, "newestId" | "read">,
    pass: (observation: Observation) => void,
  ): ObservationFeed {
    return new ObservationFeed(reader, pass);
  }

  async #run(
    reader: Pick<ObservationReader, "newestId" | "read">,
    pass: (observation: Observation) => void,
  ): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for await (const { observation } of reader.read(await reader.newestId(), signal)) pass(observation);
      } catch {
        // Closing, or Redis refused; the connection's own log says which.
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}
