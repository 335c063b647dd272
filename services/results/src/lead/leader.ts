import { setTimeout as delay } from "node:timers/promises";
import type { EventLog, Lease } from "@followspot/events";
import type { ReceivedObservation } from "@followspot/observations";
import type { LabelStanding, PresenceOptions } from "@followspot/presence";
import type { Closable, HealthAnswer, Logger, NowMs } from "@followspot/runtime";
import { type Memory, Term } from "./term.ts";

/** Lets silence and lost cameras become known this often. */
const TICK_MS = 250;
/** Attempts to take the lease within its time to live. */
const ATTEMPTS_PER_LEASE = 6;
/** A tick and an attempt to lead both come far more often, with or without Redis. */
const STUCK_MS = 15_000;

export interface LeaderDeps {
  readonly events: Pick<EventLog, "acquireLease" | "read" | "begin" | "append">;
  readonly observations: {
    newestId(): Promise<string>;
    read(after: string, signal: AbortSignal): AsyncIterable<ReceivedObservation>;
  };
  readonly presence: PresenceOptions;
  readonly leaseMs: number;
  readonly nowMs: NowMs;
  readonly lostCameras: () => readonly string[];
  /** What subscribers were last told, for the case that the filter's own memory is gone. */
  readonly lastTold: () => readonly LabelStanding[];
  readonly onAppended: (events: number) => void;
  readonly log: Logger;
}

/**
 * Of all replicas one leads: it alone turns observations into events.
 *
 * waiting -> (lease taken) leading -> (lease lost, an append refused or unanswered) waiting
 *
 * A term begins with what the log holds, so nothing is lost and nothing happens twice, wherever the last one ended.
 */
export class Leader implements Closable {
  readonly #deps: LeaderDeps;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  /** From an earlier term of this process: what is known in case Redis forgets. */
  #memory: Memory | undefined;
  #leading = false;
  #progressAtMs = performance.now();

  private constructor(deps: LeaderDeps) {
    this.#deps = deps;
    this.#done = this.#run();
  }

  static start(deps: LeaderDeps): Leader {
    return new Leader(deps);
  }

  get leading(): boolean {
    return this.#leading;
  }

  /** Live unless the loop itself hangs: waiting for the lease, and for Redis, is no fault. */
  health(): HealthAnswer {
    const silentMs = performance.now() - this.#progressAtMs;
    if (silentMs > STUCK_MS) return { ok: false, detail: `no step for ${Math.round(silentMs)} ms` };
    return { ok: true, detail: this.#leading ? "leads" : "waits for the lease" };
  }

  async #run(): Promise<void> {
    const { events, leaseMs, log } = this.#deps;
    let complained = false;
    while (!this.#stop.signal.aborted) {
      this.#progressAtMs = performance.now();
      try {
        const lease = await events.acquireLease();
        if (lease) await this.#lead(lease);
        complained = false;
      } catch (error) {
        // Once an outage, not once an attempt.
        if (!complained && !this.#stop.signal.aborted) log.warn({ err: error }, "leading was interrupted");
        complained = true;
      }
      // With jitter, so that replicas do not ask in step.
      const waitMs = (leaseMs / ATTEMPTS_PER_LEASE) * (0.5 + Math.random());
      await delay(waitMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  async #lead(lease: Lease): Promise<void> {
    const { observations, log } = this.#deps;
    const over = new AbortController();
    const signal = AbortSignal.any([lease.lost, this.#stop.signal, over.signal]);
    let ticking: NodeJS.Timeout | undefined;
    try {
      const term = await Term.begin(lease, this.#deps, this.#memory);
      this.#leading = true;
      log.info({ epoch: term.memory.position.epoch, sequence: term.memory.position.sequence }, "leading");
      const fail = (error: unknown) => over.abort(error);
      ticking = setInterval(() => {
        term.tick().then(() => {
          this.#progressAtMs = performance.now();
        }, fail);
      }, TICK_MS);
      try {
        for await (const received of observations.read(term.memory.cursor, signal))
          await term.observe(received);
        if (over.signal.aborted) throw over.signal.reason;
        // On the way out in good order: the next leader need not count these observations again.
        if (!lease.lost.aborted) await term.checkpoint();
      } finally {
        this.#memory = term.memory;
      }
    } finally {
      clearInterval(ticking);
      this.#leading = false;
      await lease.close();
      log.info("no longer leading");
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}
