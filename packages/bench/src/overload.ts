import { type BenchOptions, SEED, sleep } from "./bench-context.ts";
import type { BenchProcess } from "./bench-process.ts";
import { cameraId } from "./bench-show.ts";
import { CostMeter } from "./cost-meter.ts";
import { countedBetween, LiveSystem } from "./live-system.ts";
import { describeMachine, describeVersions } from "./machine.ts";
import type { RecognizerCounts } from "./processes/scripted-recognizer.ts";
import type { Goal, OverloadLevel, OverloadReport } from "./report.ts";
import type { SeenObservation } from "./seen-observation.ts";
import { comparePolicies } from "./simulator/compare-policies.ts";
import { bestJainIndex, jainIndex, summarize } from "./summary.ts";

const FPS = 10;
const LEVELS = [10, 50, 100];
/** One at a time, 217 ms each: 4.6 inferences a second. */
const SERVICE_MS = 217;
const SLOTS = 1;
/** How often each camera has its turn. */
const ROUNDS = { usual: 6, quick: 0.75 };
const LEAST_SECONDS = { usual: 30, quick: 6 };
const WARM_UP_SECONDS = { usual: 5, quick: 1.5 };
const SIMULATED_SECONDS = 120;
const JITTER_MS = 2;
const AGE_GOAL_MS = 100;
const FAIRNESS_GOAL = 0.99;

interface Stage {
  readonly system: LiveSystem;
  readonly recognizer: BenchProcess;
  readonly cameras: BenchProcess;
  readonly observer: BenchProcess;
}

/** Many cameras, one slow recognizer: how old is what is published, and does every camera get its share. */
export async function overload(options: BenchOptions): Promise<OverloadReport> {
  const { say = () => {} } = options;
  const startedAt = new Date();
  const pace = options.quick ? "quick" : "usual";
  say("starting Redis, a worker, a scripted recognizer, cameras and an observer");
  const system = await LiveSystem.start({ cameras: Math.max(...LEVELS), fps: FPS });
  try {
    const stage = await setUp(system);
    const levels: OverloadLevel[] = [];
    for (const cameras of LEVELS) {
      const roundSeconds = (cameras * SERVICE_MS) / 1_000;
      const seconds =
        options.seconds ?? Math.ceil(Math.max(LEAST_SECONDS[pace], ROUNDS[pace] * roundSeconds * 1.05));
      say(`${cameras} cameras for ${seconds} s`);
      const level = await measure(stage, { cameras, seconds, warmUpSeconds: WARM_UP_SECONDS[pace] });
      say(describe(level));
      levels.push(level);
    }
    return {
      bench: "overload",
      machine: describeMachine(),
      versions: describeVersions(await system.info("server")),
      seed: SEED,
      startedAt: startedAt.toISOString(),
      seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
      conditions: conditions(),
      goals: levels.flatMap(goals),
      byCameras: Object.fromEntries(levels.map((level) => [String(level.cameras), level])),
      policies: LEVELS.flatMap((cameras) => {
        const durationMs = SIMULATED_SECONDS * 1_000;
        return comparePolicies(
          { cameras, fps: FPS, durationMs, jitterMs: JITTER_MS, seed: SEED },
          SERVICE_MS,
        );
      }),
    };
  } finally {
    await system.close();
  }
}

async function setUp(system: LiveSystem): Promise<Stage> {
  const own = "packages/bench/src/processes";
  const recognizer = await system.startProcess("recognizer", `${own}/scripted-recognizer.ts`, {
    SLOTS: String(SLOTS),
    SERVICE_MS: String(SERVICE_MS),
  });
  await system.startService("worker", { UNDERSTUDY_URL: await recognizer.ask<string>("address") });
  const [cameras, observer] = await Promise.all([
    system.startProcess("cameras", `${own}/publishing-cameras.ts`, { SEED: String(SEED) }),
    system.startProcess("observer", `${own}/observer.ts`),
  ]);
  return { system, recognizer, cameras, observer };
}

interface Looked {
  readonly memoryBytes: number;
  readonly recognizer: RecognizerCounts;
  readonly cameras: { readonly published: number; readonly drops: Readonly<Record<string, number>> };
  readonly drops: Readonly<Record<string, number>>;
}

async function look({ system, recognizer, cameras }: Stage): Promise<Looked> {
  const [memoryBytes, recognized, published, drops] = await Promise.all([
    system.memoryBytes(),
    recognizer.ask<RecognizerCounts>("counts"),
    cameras.ask<Looked["cameras"]>("counts"),
    system.drops(),
  ]);
  return { memoryBytes, recognizer: recognized, cameras: published, drops };
}

async function measure(
  stage: Stage,
  options: { readonly cameras: number; readonly seconds: number; readonly warmUpSeconds: number },
): Promise<OverloadLevel> {
  const { system, cameras, observer } = stage;
  await cameras.ask("run", { cameras: options.cameras, fps: FPS });
  await sleep(options.warmUpSeconds);

  const before = await look(stage);
  const costs = await CostMeter.begin(system.watched);
  await observer.ask("take");
  const beganMs = performance.now();
  await sleep(options.seconds);
  const samples = await observer.ask<SeenObservation[]>("take");
  const seconds = (performance.now() - beganMs) / 1_000;
  const processes = await costs.end();
  const after = await look(stage);
  await cameras.ask("stop");
  // The tokens that still wait find no picture any more, so the next level begins with an empty line.
  await sleep(1.5);

  const shares = Array.from({ length: options.cameras }, (_, index) => {
    const id = cameraId(index);
    return samples.filter((sample) => sample.cameraId === id).length;
  });
  const published = after.cameras.published - before.cameras.published;
  const counted = countedBetween(before.drops, after.drops);
  const refused = countedBetween(before.cameras.drops, after.cameras.drops);
  const answered = Math.max(1, after.recognizer.answered - before.recognizer.answered);
  const totalRssMb = (at: "rssMbStart" | "rssMbEnd") =>
    Math.round(Object.values(processes).reduce((total, cost) => total + cost[at], 0));
  return {
    cameras: options.cameras,
    fps: FPS,
    seconds: Math.round(seconds * 100) / 100,
    ageMs: summarize(samples.map((one) => one.receivedAtMs - one.capturedAtMs)),
    ageAtStartMs: summarize(samples.map((one) => one.askedAtMs - one.capturedAtMs)),
    serviceMs: round((after.recognizer.serviceMs - before.recognizer.serviceMs) / answered),
    queueMs: round((after.recognizer.queueMs - before.recognizer.queueMs) / answered),
    throughput: round(samples.length / seconds),
    fairness: round(jainIndex(shares)),
    bestFairness: round(bestJainIndex(samples.length, options.cameras)),
    inferences: samples.length,
    published,
    drops: {
      // Replaced by a newer picture of its camera before a worker was free for it: what overload is meant to do.
      "redis: superseded": Math.max(0, published - samples.length - sum(counted)),
      ...counted,
      ...Object.fromEntries(Object.entries(refused).map(([reason, n]) => [`publisher: ${reason}`, n])),
    },
    redisMemoryBytes: { start: before.memoryBytes, end: after.memoryBytes },
    rssMb: { start: totalRssMb("rssMbStart"), end: totalRssMb("rssMbEnd") },
    processes,
  };
}

function goals({ cameras, ageMs, serviceMs, fairness, bestFairness }: OverloadLevel): Goal[] {
  // So that a part of a round, which cannot be even, says something too; over several rounds the best is almost 1.
  const ofBest = round(fairness / Math.max(bestFairness, Number.MIN_VALUE));
  return [
    {
      goal: `p99 age <= service time (${serviceMs} ms) + ${AGE_GOAL_MS} ms with ${cameras} cameras`,
      value: ageMs.p99,
      met: ageMs.p99 <= serviceMs + AGE_GOAL_MS,
    },
    {
      goal: `Jain's fairness >= ${FAIRNESS_GOAL} of the best possible with ${cameras} cameras`,
      value: ofBest,
      met: ofBest >= FAIRNESS_GOAL,
    },
  ];
}

function describe({ cameras, ageMs, serviceMs, fairness, bestFairness, throughput }: OverloadLevel): string {
  return (
    `${cameras} cameras: age p50 ${ageMs.p50.toFixed(0)} ms, p99 ${ageMs.p99.toFixed(0)} ms ` +
    `(service ${serviceMs.toFixed(0)} ms), fairness ${fairness.toFixed(3)} (best possible ${bestFairness.toFixed(3)}), ${throughput.toFixed(2)} inferences/s`
  );
}

function conditions(): string[] {
  return [
    `The recognizer is a scripted Triton (real gRPC, no model), in a process of its own: ${SLOTS} at a time, ${SERVICE_MS} ms each, ${(SLOTS * 1_000) / SERVICE_MS} inferences a second at most.`,
    `Ours is measured: the real worker service and a private Redis with an append-only file, each in a process of its own on this machine. Cameras are one process with the real publisher of packages/frames: 640 x 360 JPEG of about 25 KB, encoded beforehand, ${FPS} a second each, at moments spread evenly by chance. Ingest is not part of it.`,
    `Age is from the stamp of the picture to an observer of the stream of observations in a process of its own, both in Redis time.`,
    `A picture that is ${1_000 / FPS} ms old is the newest its camera has just before the next: without choosing among cameras, ages spread over service time + 0 to ${1_000 / FPS} ms.`,
    `serviceMs and queueMs are means measured inside the scripted recognizer: the work, and the wait for a slot.`,
    `bestFairness is the highest that Jain's index can be with so many inferences and cameras: a part of a round cannot be even.`,
    `policies are simulated, ours too: ${SIMULATED_SECONDS} s of the same trace on a virtual clock, one recognizer of exactly ${SERVICE_MS} ms. The other systems' policies are written from their descriptions; nothing of theirs runs here.`,
  ];
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, n) => total + n, 0);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
