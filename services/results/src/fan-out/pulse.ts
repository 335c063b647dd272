import type { Closable } from "@followspot/runtime";
import type { Hub } from "./hub.ts";
import type { Surroundings } from "./surroundings.ts";
import { WireMessage } from "./wire-message.ts";

const BEATS_MS = 1_000;
const SLOW_CHECK_MS = 250;

/** The hub's regular work: a heartbeat a second, and an eye on those who do not keep up. */
export class Pulse implements Closable {
  readonly #timers: readonly NodeJS.Timeout[];

  private constructor(timers: readonly NodeJS.Timeout[]) {
    this.#timers = timers;
  }

  static start(hub: Hub, surroundings: Surroundings): Pulse {
    const beat = () => {
      const value = surroundings.heartbeat(hub.position);
      hub.heartbeat(WireMessage.of({ case: "heartbeat", value }));
    };
    return new Pulse([setInterval(beat, BEATS_MS), setInterval(() => hub.sendAwaySlow(), SLOW_CHECK_MS)]);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
