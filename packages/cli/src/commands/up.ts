import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { FollowspotClient } from "@followspot/client";
import { readShow, type Show } from "@followspot/show";
import type { Command } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";
import { DEFAULT_SEED, trainWithProgress } from "../train-with-progress.ts";
import { eventJson, firstEvent } from "../up/first-event.ts";
import { DEFAULT_PORT, parsePort, portsFrom } from "../up/ports.ts";
import { System } from "../up/system.ts";

const FIRST_EVENT_DEADLINE_MS = 120_000;

interface UpOptions {
  readonly show?: string;
  readonly port: number;
  readonly host: string;
  readonly keep: boolean;
  readonly once?: true;
  readonly json?: true;
}

/** `followspot up`: the whole system on this machine, until Ctrl-C. */
export function addUp(program: Command): void {
  program
    .command("up")
    .description("start the whole system on this machine and print the address of the console page")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option(
      "--port <number>",
      "port of the console; the other services take the six after it",
      parsePort,
      DEFAULT_PORT,
    )
    .option(
      "--host <address>",
      "address to listen on; anything but loopback asks for an access token",
      "127.0.0.1",
    )
    .option("--no-keep", "keep no frames for followspot review")
    .option("--once", "start, wait for the first event at a subscriber, stop")
    .option("--json", "with --once: print one JSON document")
    .action(async (options: UpOptions) => {
      const stop = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.once(signal, () => stop.abort(new Stopped(signal)));
      }
      try {
        await run(options, stop.signal);
      } catch (error) {
        // Ctrl-C while starting: everything that was opened is closed already.
        if (!(error instanceof Stopped)) throw error;
      }
    });
}

class Stopped extends Error {
  override readonly name = "Stopped";
}

async function run(options: UpOptions, stop: AbortSignal): Promise<void> {
  const startedAtMs = performance.now();
  const show = await readShow(showDir(options.show));
  say(`Followspot: ${show.name} (${show.dir})`);
  await trainIfNeeded(show, stop);
  const { host, keep: keepFrames } = options;
  const system = await System.start({ show, ports: portsFrom(options.port), host, keepFrames, say }, stop);
  try {
    if (options.once) {
      await reportFirstEvent(system, { startedAtMs, json: options.json ?? false, stop });
      return;
    }
    say("");
    say(`  Watch the stage:  ${system.addresses.console}`);
    say(`  Logs:             ${system.logDir}`);
    say("  Stop:             Ctrl-C");
    say("");
    await once(stop, "abort");
  } finally {
    say("stopping");
    await system.close();
    say("stopped");
  }
}

async function reportFirstEvent(
  system: System,
  {
    startedAtMs,
    json,
    stop,
  }: { readonly startedAtMs: number; readonly json: boolean; readonly stop: AbortSignal },
): Promise<void> {
  const { addresses, readToken } = system;
  const client = new FollowspotClient({ url: addresses.results, ...(readToken ? { token: readToken } : {}) });
  const deadline = AbortSignal.timeout(FIRST_EVENT_DEADLINE_MS);
  try {
    const event = await firstEvent(client, AbortSignal.any([stop, deadline]));
    const secondsToFirstEvent = Math.round(performance.now() - startedAtMs) / 1_000;
    if (json) printJson({ secondsToFirstEvent, event: eventJson(event), addresses });
    else say(`first event after ${secondsToFirstEvent} s: ${event.label}, ${event.reason}`);
  } catch (error) {
    if (!deadline.aborted) throw error;
    throw new CommandFailure(
      `no event came within ${FIRST_EVENT_DEADLINE_MS / 1_000} s; the logs in ${system.logDir} say why`,
    );
  } finally {
    client.close();
  }
}

/** A show that has pictures and no model yet gets its understudy before the curtain rises. */
async function trainIfNeeded(show: Show, stop: AbortSignal): Promise<void> {
  const named = show.recognizer.ladder.includes("understudy");
  const needed = named && !existsSync(join(show.dir, "models/current.json"));
  if (!needed || !existsSync(join(show.dir, "dataset/metadata.jsonl"))) return;
  say("no model was trained yet: training the understudy from dataset/");
  await trainWithProgress(show.dir, DEFAULT_SEED, { signal: stop });
}
