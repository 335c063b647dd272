import { compareFrames, SeededRandom } from "@followspot/domain";
import { type BenchOptions, SEED, sleep } from "../bench-context.ts";
import type { BenchProcess } from "../bench-process.ts";
import { cameraId } from "../bench-show.ts";
import { countedBetween, LiveSystem } from "../live-system.ts";
import { describeMachine, describeVersions } from "../machine.ts";
import type { Goal } from "../report-parts.ts";
import type { SeenObservation } from "../seen-observation.ts";
import { summarize } from "../summary.ts";
import type { FailoverReport, FaultReport } from "./failover-report.ts";
import { INSTANCES, SERVICE_MS, startVisionServer, type VisionServer } from "./vision-server.ts";

const CAMERAS = 2;
const FPS = 10;
const DEADLINE_MS = 450;
const GOAL_MS = DEADLINE_MS + 200;
const UNDERSTUDY_MS = 30;
const REPETITIONS = { usual: 20, quick: 1 };
const FAULTS = ["kill", "hang"] as const;
/** The fault comes at any moment of the work on a frame. */
const PHASE_MS = 400;
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 60_000;
/** Labels of the better rung in a row, of all cameras together, before it counts as in force. */
const SETTLED = 10;
/** A server that fails again and again must prove itself for longer. In a show it has been in force for so long. */
const CALM = { usualSeconds: 16, quickSeconds: 0 };

interface Stage {
  readonly system: LiveSystem;
  readonly server: VisionServer;
  readonly subscriber: BenchProcess;
  /** Everything that the subscriber has seen, in order. */
  readonly seen: SeenObservation[];
}

/** Triton is killed, and stopped, under load: how long until the next label, and until Triton answers again. */
export async function failover(options: BenchOptions): Promise<FailoverReport> {
  const { say = () => {} } = options;
  const startedAt = new Date();
  const repetitions = options.quick ? REPETITIONS.quick : REPETITIONS.usual;
  say("starting Redis, worker, results, an understudy, cameras, a subscriber and a Triton to be killed");
  const system = await LiveSystem.start({
    cameras: CAMERAS,
    fps: FPS,
    // The address is told to the worker in its environment.
    recognizer: { triton: "grpc://127.0.0.1:1", deadlineMs: DEADLINE_MS },
  });
  const server = await startVisionServer(system, say).catch(async (error: unknown) => {
    await system.close();
    throw error;
  });
  try {
    const observer = await system.startProcess("observer", "packages/bench/src/processes/observer.ts");
    const stage = await setUp(system, server);
    const random = new SeededRandom(SEED);
    const dropsBefore = await system.drops();
    const calmSeconds = options.quick ? CALM.quickSeconds : CALM.usualSeconds;
    const faults: FaultReport[] = [];
    for (const fault of FAULTS) {
      const report = await measure(stage, { fault, repetitions, random, calmSeconds });
      say(describe(report));
      faults.push(report);
    }
    const published = await observer.ask<SeenObservation[]>("take");
    return {
      bench: "failover",
      machine: describeMachine(),
      versions: describeVersions(await system.info("server")),
      seed: SEED,
      startedAt: startedAt.toISOString(),
      seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
      conditions: conditions(server.kind, calmSeconds),
      goals: goals(faults, published),
      server: server.kind,
      deadlineMs: DEADLINE_MS,
      faults,
      observations: published.length,
      ...wrongs(published),
      drops: countedBetween(dropsBefore, await system.drops()),
    };
  } finally {
    await server.close();
    await system.close();
  }
}

async function setUp(system: LiveSystem, server: VisionServer): Promise<Stage> {
  const own = "packages/bench/src/processes";
  const understudy = await system.startProcess("understudy", `${own}/scripted-recognizer.ts`, {
    SLOTS: String(CAMERAS),
    SERVICE_MS: String(UNDERSTUDY_MS),
  });
  const [results] = await Promise.all([
    system.startService("results"),
    system.startService("worker", {
      UNDERSTUDY_URL: await understudy.ask<string>("address"),
      TRITON_URL: server.address,
    }),
  ]);
  const [cameras, subscriber] = await Promise.all([
    system.startProcess("cameras", `${own}/publishing-cameras.ts`, { SEED: String(SEED) }),
    system.startProcess("subscriber", `${own}/subscriber.ts`, { RESULTS_URL: results.url }),
  ]);
  await cameras.ask("run", { cameras: CAMERAS, fps: FPS });
  return { system, server, subscriber, seen: [] };
}

async function measure(
  stage: Stage,
  {
    fault,
    repetitions,
    random,
    calmSeconds,
  }: {
    readonly fault: "kill" | "hang";
    readonly repetitions: number;
    readonly random: SeededRandom;
    readonly calmSeconds: number;
  },
): Promise<FaultReport> {
  const { system, server } = stage;
  const nextLabelMs: number[] = [];
  const silenceMs: number[] = [];
  const promotedMs: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    await until(stage, "Triton answers", (seen) => {
      const last = seen.slice(-SETTLED);
      return last.length === SETTLED && last.every(({ rung }) => rung === "qwen2-vl");
    });
    await sleep(calmSeconds + random.between(0, PHASE_MS) / 1_000);
    const faultAtMs = await system.redisTimeMs();
    await (fault === "kill" ? server.kill() : server.hang());
    const cameras = Array.from({ length: CAMERAS }, (_, index) => cameraId(index));
    const firstBelow = (seen: readonly SeenObservation[], camera: string) =>
      seen.find(
        (one) => one.cameraId === camera && one.rung === "understudy" && one.receivedAtMs > faultAtMs,
      );
    await until(stage, "the understudy answers", (seen) =>
      cameras.every((camera) => firstBelow(seen, camera)),
    );
    // The frames around the fault, with those that follow.
    await sleep(0.5);
    await look(stage);
    const firsts = cameras.map((camera) => (firstBelow(stage.seen, camera)?.receivedAtMs ?? 0) - faultAtMs);
    nextLabelMs.push(Math.max(...firsts));
    silenceMs.push(Math.max(...cameras.map((camera) => longestGapMs(stage.seen, camera, faultAtMs))));
    await server.recover(fault);
    const backAtMs = await system.redisTimeMs();
    const promoted = (seen: readonly SeenObservation[]) =>
      seen.find(({ rung, receivedAtMs }) => rung === "qwen2-vl" && receivedAtMs > backAtMs);
    await until(stage, "Triton answers again", (seen) => promoted(seen) !== undefined);
    promotedMs.push((promoted(stage.seen)?.receivedAtMs ?? 0) - backAtMs);
    stage.seen.length = 0;
  }
  return {
    fault,
    repetitions,
    nextLabelMs: summarize(nextLabelMs),
    silenceMs: summarize(silenceMs),
    promotedMs: summarize(promotedMs),
  };
}

async function look({ subscriber, seen }: Stage): Promise<void> {
  seen.push(...(await subscriber.ask<SeenObservation[]>("take")));
}

async function until(
  stage: Stage,
  what: string,
  done: (seen: readonly SeenObservation[]) => boolean,
): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    await look(stage);
    if (done(stage.seen)) return;
    if (performance.now() > deadlineMs) throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`);
    await sleep(LOOK_EVERY_MS / 1_000);
  }
}

/** The longest time between two labels of a camera, of which the second came after the fault. */
function longestGapMs(seen: readonly SeenObservation[], camera: string, faultAtMs: number): number {
  const times = seen.filter(({ cameraId: id }) => id === camera).map(({ receivedAtMs }) => receivedAtMs);
  const gaps = times.slice(1).map((atMs, index) => (atMs > faultAtMs ? atMs - (times[index] ?? atMs) : 0));
  return Math.max(0, ...gaps);
}

/** What may never be: two observations of one frame, and one that is older than its camera's last. */
export function wrongs(published: readonly SeenObservation[]): { twice: number; outOfOrder: number } {
  const last = new Map<string, SeenObservation>();
  let twice = 0;
  let outOfOrder = 0;
  for (const one of published) {
    const before = last.get(one.cameraId);
    const order = before ? compareFrames(one, before) : 1;
    if (order === 0) twice += 1;
    if (order < 0) outOfOrder += 1;
    if (order > 0) last.set(one.cameraId, one);
  }
  return { twice, outOfOrder };
}

function goals(faults: readonly FaultReport[], published: readonly SeenObservation[]): Goal[] {
  const { twice, outOfOrder } = wrongs(published);
  return [
    ...faults.map(({ fault, nextLabelMs }) => ({
      goal: `${fault}: the next label at a subscriber within the deadline + 200 ms = ${GOAL_MS} ms, at the most`,
      value: nextLabelMs.max,
      met: nextLabelMs.max <= GOAL_MS,
    })),
    {
      goal: "no frame is published twice, no observation out of order",
      value: twice + outOfOrder,
      met: twice + outOfOrder === 0,
    },
  ];
}

function describe({ fault, nextLabelMs, silenceMs, promotedMs }: FaultReport): string {
  return (
    `${fault}: next label after p50 ${nextLabelMs.p50.toFixed(0)} ms, max ${nextLabelMs.max.toFixed(0)} ms ` +
    `(longest silence ${silenceMs.max.toFixed(0)} ms), in force again after p50 ${promotedMs.p50.toFixed(0)} ms, max ${promotedMs.max.toFixed(0)} ms`
  );
}

function conditions(kind: VisionServer["kind"], calmSeconds: number): string[] {
  const server =
    kind === "tritonserver"
      ? `The better rung is a real tritonserver with a model of the scores contract that sleeps ${SERVICE_MS} ms, ${INSTANCES} instances; no network runs in it.`
      : `The better rung is a scripted Triton (real gRPC, no model) in a process of its own, ${SERVICE_MS} ms an answer, ${INSTANCES} at a time.`;
  return [
    server,
    `The understudy is a scripted Triton, ${UNDERSTUDY_MS} ms an answer. Worker, results, a private Redis with an append-only file, cameras and the subscriber (over WebSocket) are processes of their own on this machine.`,
    `${CAMERAS} cameras x ${FPS} frames a second; recognizer.deadlineMs ${DEADLINE_MS}. kill is SIGKILL, hang is SIGSTOP until SIGCONT, to the server and its model processes; each at a random moment once Triton has answered ${SETTLED} frames in a row, and then for ${calmSeconds} s.`,
    `nextLabelMs is from just before the signal to the first label of the understudy at the subscriber, of the camera that waited longest, in Redis time. promotedMs begins when the restarted server says that it is ready, or with SIGCONT.`,
  ];
}
