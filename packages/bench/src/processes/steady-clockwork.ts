import type { SeededRandom } from "@followspot/domain";

/**
 * Calls `tick` for each camera `fps` times a second, from moments that `random` spreads over the first interval. A tick that
 * comes late is not made up for, and does not move those after it.
 */
export class SteadyClockwork {
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(options: {
    readonly cameras: number;
    readonly fps: number;
    readonly random: SeededRandom;
    readonly tick: (camera: number) => void;
  }) {
    const intervalMs = 1_000 / options.fps;
    const beginsMs = performance.now();
    for (let camera = 0; camera < options.cameras; camera += 1) {
      const phaseMs = options.random.next() * intervalMs;
      const next = (n: number) => {
        const dueMs = beginsMs + phaseMs + n * intervalMs;
        this.#timers[camera] = setTimeout(
          () => {
            options.tick(camera);
            // A timer may also come a fraction of a millisecond early.
            const missed = Math.max(0, Math.floor((performance.now() - dueMs) / intervalMs));
            next(n + 1 + missed);
          },
          Math.max(0, dueMs - performance.now()),
        );
      };
      next(0);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
