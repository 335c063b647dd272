import { create } from "@bufbuild/protobuf";
import type { Closable } from "@followspot/runtime";
import { type WorkerStatus, WorkerStatusSchema } from "@followspot/schema/followspot/v1/observation";
import { describeLadder } from "./ladder/describe-ladder.ts";
import type { Ladder } from "./ladder/ladder.ts";
import type { WorkerStats } from "./worker-stats.ts";

const REPORT_EVERY_MS = 1_000;

export interface StatusReporterOptions {
  readonly workerId: string;
  readonly board: {
    readonly report: (status: WorkerStatus) => Promise<void>;
    readonly remove: (workerId: string) => Promise<void>;
  };
  readonly stats: WorkerStats;
  readonly ladder: Ladder;
  readonly stopping: () => boolean;
  readonly nowMs: () => number;
}

/** Tells the world once a second, and at every change of a model or of the rung in force, how this worker is. Never waited for. */
export class StatusReporter implements Closable {
  readonly #options: StatusReporterOptions;
  readonly #timer: NodeJS.Timeout;
  #reporting: Promise<void> | undefined;

  constructor(options: StatusReporterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.report(), REPORT_EVERY_MS).unref();
    this.report();
  }

  /** Skipped while the last report is still on its way. */
  report(): void {
    // A report that does not get through is followed by the next one; readers see the age.
    this.#reporting ??= this.#options.board
      .report(this.#status())
      .catch(() => {})
      .finally(() => {
        this.#reporting = undefined;
      });
  }

  #status(): WorkerStatus {
    const { workerId, stats, ladder, stopping, nowMs } = this.#options;
    const described = describeLadder(ladder, nowMs);
    return create(WorkerStatusSchema, {
      workerId,
      ...described,
      ...(stopping() && { state: "stopping" }),
      reportedAtMs: nowMs(),
      observed: stats.observed,
      dropped: Object.fromEntries(Object.entries(stats.dropped)),
      modelMsP50: stats.modelMsP50,
    });
  }

  /** Takes the worker off the board. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reporting;
    // Without Redis the entry ages and goes by itself.
    await this.#options.board.remove(this.#options.workerId).catch(() => {});
  }
}
