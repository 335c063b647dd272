import { once } from "node:events";
import { UserError } from "@followspot/domain";
import { Closer } from "./closer.ts";
import { rejectAfter } from "./deadline.ts";
import { ConfigError } from "./env.ts";
import { Health } from "./health.ts";
import { createLogger, type Logger } from "./log.ts";
import { Metrics } from "./metrics.ts";

/** Kubernetes kills after 30 s. */
const CLOSE_DEADLINE_MS = 25_000;
const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;

export interface ServiceContext {
  readonly log: Logger;
  readonly closer: Closer;
  readonly health: Health;
  readonly metrics: Metrics;
}

/**
 * Runs a service until it ends, fails, or is told to stop, even while it is still starting; then closes what it
 * opened. A second signal of the same kind kills the process, as it would by default. A parent that goes away
 * without a word (the IPC channel closes) counts as a stop: nothing stays behind.
 */
export async function runService(
  name: string,
  start: (context: ServiceContext) => Promise<{ finished: Promise<void> }>,
): Promise<void> {
  const log = createLogger(name);
  const closer = new Closer();
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort(signal));
  process.once("disconnect", () => stop.abort("parent gone"));
  const run = async () => {
    log.info("starting");
    const { finished } = await start({ log, closer, health: new Health(), metrics: new Metrics(name) });
    log.info("started");
    // A parent that has just gone is noticed by the disconnect; failing to tell it must not end us uncleanly.
    if (process.connected) process.send?.({ started: name }, undefined, undefined, () => {});
    await finished;
  };
  try {
    await Promise.race([run(), once(stop.signal, "abort")]);
    log.info({ reason: stop.signal.reason as unknown }, "stopping");
  } catch (error) {
    const badInput = error instanceof UserError || error instanceof ConfigError;
    if (badInput) log.fatal({ problem: error.message }, "cannot start");
    else log.fatal({ err: error }, "failed");
    process.exitCode = badInput ? EXIT_BAD_INPUT : EXIT_FAILED;
  }
  try {
    await Promise.race([closer.close(), rejectAfter(CLOSE_DEADLINE_MS)]);
    log.info("stopped");
  } catch (error) {
    log.fatal({ err: error }, "did not stop cleanly");
    process.exitCode = EXIT_FAILED;
  }
  if (process.connected) process.disconnect();
  // Fires only if something that was never closed still holds the process.
  setTimeout(() => {
    log.warn("leaving with open handles");
    process.exit();
  }, 1_000).unref();
}
