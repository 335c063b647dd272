/** The answer to one question about a service, with a sentence for the engineer on call. */
export interface HealthAnswer {
  readonly ok: boolean;
  readonly detail: string;
}

export type HealthCheck = () => HealthAnswer;

export interface HealthReport {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, HealthAnswer>>;
}

/**
 * What /health/live and /health/ready say. Live: the process makes progress, restarting it would not help.
 * Ready: it can do its work now.
 */
export class Health {
  readonly #live = new Map<string, HealthCheck>();
  readonly #ready = new Map<string, HealthCheck>();

  live(name: string, check: HealthCheck): void {
    this.#live.set(name, check);
  }

  ready(name: string, check: HealthCheck): void {
    this.#ready.set(name, check);
  }

  reportLive(): HealthReport {
    return report(this.#live);
  }

  /** What is not live is not ready either. */
  reportReady(): HealthReport {
    return report(new Map([...this.#live, ...this.#ready]));
  }
}

function report(checks: ReadonlyMap<string, HealthCheck>): HealthReport {
  const answers = Object.fromEntries([...checks].map(([name, check]) => [name, check()]));
  return { ok: Object.values(answers).every((answer) => answer.ok), checks: answers };
}

/**
 * Notices work that waits while nothing is started. Needed because a BullMQ worker can be wedged after an outage
 * with `isRunning()` still true (taskforcesh/bullmq#4585 and its relatives).
 */
export class ProgressWatchdog {
  readonly #patienceMs: number;
  readonly #nowMs: () => number;
  #waitingSinceMs: number | undefined;

  constructor(patienceMs: number, nowMs: () => number = () => performance.now()) {
    this.#patienceMs = patienceMs;
    this.#nowMs = nowMs;
  }

  /** Something was started: all is well. */
  progressed(): void {
    this.#waitingSinceMs = undefined;
  }

  /** Tells what the queue looks like, regularly. */
  observed(waiting: number): void {
    if (waiting === 0) this.#waitingSinceMs = undefined;
    else this.#waitingSinceMs ??= this.#nowMs();
  }

  readonly check: HealthCheck = () => {
    const stuckMs = this.#waitingSinceMs === undefined ? 0 : this.#nowMs() - this.#waitingSinceMs;
    return stuckMs > this.#patienceMs
      ? { ok: false, detail: `work has waited for ${Math.round(stuckMs)} ms and none was started` }
      : { ok: true, detail: "work is started as it comes" };
  };
}
