const WINDOW_MS = 60_000;

/**
 * The Redis server's time on this page, from the times that services send. A message is never early, so the largest
 * offset of the last minute is the one that was delayed least; the phone's own clock does not matter.
 */
export class ServerClock {
  readonly #monotonicMs: () => number;
  #samples: { readonly atMs: number; readonly offsetMs: number }[] = [];

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
  }

  sample(serverMs: number): void {
    if (!(serverMs > 0)) return;
    const atMs = this.#monotonicMs();
    this.#samples = this.#samples.filter((sample) => atMs - sample.atMs < WINDOW_MS);
    this.#samples.push({ atMs, offsetMs: serverMs - atMs });
  }

  /** Milliseconds since the Unix epoch; undefined until a service has told the time. */
  nowMs(): number | undefined {
    if (this.#samples.length === 0) return undefined;
    return this.#monotonicMs() + Math.max(...this.#samples.map(({ offsetMs }) => offsetMs));
  }
}
