import type { ObservationReader } from "@followspot/observations";
import { type BenchOptions, SEED, sleep } from "./bench-context.ts";
import type { BenchProcess } from "./bench-process.ts";
import { CostMeter } from "./cost-meter.ts";
import { countedBetween, LiveSystem } from "./live-system.ts";
import { describeMachine, describeVersions } from "./machine.ts";
import type { Goal, OverheadCell, OverheadReport } from "./report.ts";
import type { SeenObservation } from "./seen-observation.ts";
import { summarize } from "./summary.ts";

const FPS = 10;
const MODEL_MS = [450, 50, 0];
const CAMERAS = [1, 8];
/** Above fps x model time of the largest cell (8 x 10 x 0.45 = 36), so that no frame waits for a place. */
const CONCURRENCY = 56;
const SECONDS = { usual: 30, quick: 4 };
const WARM_UP_SECONDS = { usual: 3, quick: 1 };
/** What a service has behind it after minutes of a show: all cameras, three times as fast, before the first cell. */
const RUN_IN = { fps: 30, usualSeconds: 20, quickSeconds: 6 };
const GOAL_MS = { p50: 3, p99: 15 };

interface Stage {
  readonly system: LiveSystem;
  readonly recognizer: BenchProcess;
  readonly cameras: BenchProcess;
  readonly subscriber: BenchProcess;
  readonly reader: ObservationReader;
}

/** From capture to subscriber through all real services, minus the time inside the (scripted) model server. */
export async function overhead(options: BenchOptions): Promise<OverheadReport> {
  const { say = () => {} } = options;
  const startedAt = new Date();
  const pace = options.quick ? "quick" : "usual";
  const seconds = options.seconds ?? SECONDS[pace];
  say("starting Redis, ingest, worker, results, a scripted recognizer, cameras and a subscriber");
  const system = await LiveSystem.start({ cameras: Math.max(...CAMERAS), fps: RUN_IN.fps });
  try {
    const stage = await setUp(system);
    await runIn(stage, options.quick ? RUN_IN.quickSeconds : RUN_IN.usualSeconds);
    const cells: OverheadCell[] = [];
    for (const cameras of CAMERAS) {
      for (const modelMs of MODEL_MS) {
        const warmUpSeconds = WARM_UP_SECONDS[pace];
        const cell = await measure(stage, { cameras, modelMs, seconds, warmUpSeconds });
        say(describe(cell));
        cells.push(cell);
      }
    }
    const [headline] = cells;
    if (!headline) throw new Error("nothing was measured");
    return {
      bench: "overhead",
      machine: describeMachine(),
      versions: describeVersions(await system.info("server")),
      seed: SEED,
      startedAt: startedAt.toISOString(),
      seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
      conditions: conditions(seconds),
      goals: goals(headline),
      headline: `${headline.cameras} camera x ${FPS} fps, model ${headline.modelMs} ms`,
      overheadMs: headline.overheadMs,
      n: headline.n,
      drops: headline.drops,
      cells,
    };
  } finally {
    await system.close();
  }
}

async function setUp(system: LiveSystem): Promise<Stage> {
  const own = "packages/bench/src/processes";
  const recognizer = await system.startProcess("recognizer", `${own}/scripted-recognizer.ts`, {
    SLOTS: "64",
  });
  const [ingest, results] = await Promise.all([
    system.startService("ingest"),
    system.startService("results"),
    system.startService("worker", {
      UNDERSTUDY_URL: await recognizer.ask<string>("address"),
      FRAME_CONCURRENCY: String(CONCURRENCY),
    }),
  ]);
  const [cameras, subscriber] = await Promise.all([
    system.startProcess("cameras", `${own}/pushing-cameras.ts`, { SEED: String(SEED) }),
    system.startProcess("subscriber", `${own}/subscriber.ts`, { RESULTS_URL: results.url }),
  ]);
  await cameras.ask("connect", { url: ingest.url.replace("http", "ws"), cameras: Math.max(...CAMERAS) });
  return { system, recognizer, cameras, subscriber, reader: await system.observationReader() };
}

/** Lets the processes compile what they run often, as they have after some minutes. Measures nothing. */
async function runIn({ recognizer, cameras, subscriber }: Stage, seconds: number): Promise<void> {
  await recognizer.ask("serviceMs", { ms: 1 });
  await cameras.ask("run", { cameras: Math.max(...CAMERAS), fps: RUN_IN.fps });
  await sleep(seconds);
  await cameras.ask("stop");
  await subscriber.ask("take");
}

interface CellOptions {
  readonly cameras: number;
  readonly modelMs: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

async function measure(stage: Stage, options: CellOptions): Promise<OverheadCell> {
  const { system, recognizer, cameras, subscriber, reader } = stage;
  await recognizer.ask("serviceMs", { ms: options.modelMs });
  await cameras.ask("run", { cameras: options.cameras, fps: FPS });
  await sleep(options.warmUpSeconds);

  const from = await reader.newestId();
  const dropsBefore = await system.drops();
  const sentBefore = await cameras.ask<{ sent: number }>("counts");
  const costs = await CostMeter.begin(system.watched);
  await subscriber.ask("take");
  const measuring = new AbortController();
  const pings = system.pingTimes(FPS, measuring.signal);
  await sleep(options.seconds);
  const samples = await subscriber.ask<SeenObservation[]>("take");
  measuring.abort();
  const processes = await costs.end();
  const sentAfter = await cameras.ask<{ sent: number }>("counts");
  await cameras.ask("stop");
  // What is in work may end; the services report once a second.
  await sleep(options.modelMs / 1_000 + 1.2);
  const drops = countedBetween(dropsBefore, await system.drops());

  const appended = await appendTimes(reader, from, samples);
  return {
    cameras: options.cameras,
    fps: FPS,
    modelMs: options.modelMs,
    measuredModelMs: summarize(samples.map(({ modelMs }) => modelMs)),
    overheadMs: summarize(samples.map((one) => one.receivedAtMs - one.capturedAtMs - one.modelMs)),
    endToEndMs: summarize(samples.map((one) => one.receivedAtMs - one.capturedAtMs)),
    hopsMs: {
      capturedToAsked: summarize(samples.map((one) => one.askedAtMs - one.capturedAtMs)),
      callWithoutModel: summarize(samples.map((one) => one.answeredAtMs - one.askedAtMs - one.modelMs)),
      answeredToAppended: summarize(
        samples.flatMap((one) => since(one.answeredAtMs, appended.get(keyOf(one)))),
      ),
      appendedToReceived: summarize(
        samples.flatMap((one) => since(appended.get(keyOf(one)), one.receivedAtMs)),
      ),
    },
    redisPingMs: summarize(await pings),
    n: samples.length,
    sent: sentAfter.sent - sentBefore.sent,
    drops,
    processes,
  };
}

/** When Redis appended each of the samples: the first half of an entry's id, in whole milliseconds (the middle of it). */
async function appendTimes(
  reader: ObservationReader,
  from: string,
  samples: readonly SeenObservation[],
): Promise<Map<string, number>> {
  const missing = new Set(samples.map(keyOf));
  const times = new Map<string, number>();
  if (missing.size === 0) return times;
  // The observation that was already there when we began to look may be among the samples: then it stays without a time.
  const patience = AbortSignal.timeout(1_000);
  for await (const { id, observation } of reader.read(from, patience)) {
    const key = observation.frame ? keyOf(observation.frame) : "";
    if (missing.delete(key)) times.set(key, Number(id.split("-")[0]) + 0.5);
    if (missing.size === 0) break;
  }
  return times;
}

function keyOf(frame: {
  readonly cameraId: string;
  readonly run: number;
  readonly sequence: number;
}): string {
  return `${frame.cameraId} ${frame.run}:${frame.sequence}`;
}

function since(fromMs: number | undefined, toMs: number | undefined): number[] {
  return fromMs === undefined || toMs === undefined ? [] : [toMs - fromMs];
}

function goals({ overheadMs }: OverheadCell): Goal[] {
  return [
    {
      goal: `overhead p50 <= ${GOAL_MS.p50} ms with 1 camera x ${FPS} fps`,
      value: overheadMs.p50,
      met: overheadMs.p50 <= GOAL_MS.p50,
    },
    {
      goal: `overhead p99 <= ${GOAL_MS.p99} ms with 1 camera x ${FPS} fps`,
      value: overheadMs.p99,
      met: overheadMs.p99 <= GOAL_MS.p99,
    },
  ];
}

function describe({ cameras, modelMs, overheadMs }: OverheadCell): string {
  const { p50, p99, n } = overheadMs;
  const name = `${cameras} ${cameras === 1 ? "camera" : "cameras"} x ${FPS} fps, model ${modelMs} ms`;
  return `${name}: overhead p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms (n ${n})`;
}

function conditions(seconds: number): string[] {
  return [
    `The recognizer is a scripted Triton (real gRPC, no model), in a process of its own; model time is what it measures inside, from the arrival of the request to its answer.`,
    `Ingest, worker and results are the real services, each in a process of its own, with a private Redis with an append-only file (everysec), all on this machine.`,
    `Cameras are one process that pushes JPEG pictures of 640 x 360 (about 25 KB, as a camera gives them), encoded beforehand, over one WebSocket a camera; the pictures differ, so that the change gate holds none back.`,
    `Capture is the stamp that ingest gives on arrival; receipt is when the client of a subscriber in its own process hands over the observation. Both are Redis time, each process with its own offset (error: half a round trip on loopback).`,
    `The worker may have ${CONCURRENCY} frames in work and the recognizer 64, more than frames a second times model time: nothing waits for a place.`,
    `Before the first cell all processes are run in with ${Math.max(...CAMERAS)} cameras x ${RUN_IN.fps} fps, as after some minutes of a show; each cell is measured for ${seconds} s after a warm-up; percentiles are exact, from all samples.`,
  ];
}
