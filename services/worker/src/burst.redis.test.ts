import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { redisForTests, until, withoutRedis } from "@followspot/testkit";
import fc from "fast-check";
import { LivePath } from "./testdata/live-path.ts";
import { SHOW } from "./testdata/worker-process.ts";

const CAMERAS = ["stage", "door"] as const;
const RUNS = 40;
const PATIENCE_MS = 30_000;

/** Bursts as cameras make them: for each frame whose it is, and how long the camera waits before it (milliseconds). */
const bursts = fc.array(
  fc.record({ camera: fc.constantFrom(...CAMERAS), pauseMs: fc.integer({ min: 0, max: 4 }) }),
  { minLength: 1, maxLength: 12 },
);

test("the last frame of a burst is never lost and no older frame is published after a newer one, with several workers, one of them killed", {
  skip: withoutRedis,
}, async (context) => {
  const server = await redisForTests(context);
  const path = await LivePath.open(context, server.url);
  const workers = await Promise.all([1, 2, 3].map(() => startWorker(context, server.url)));
  let run = 0;

  await fc.assert(
    fc.asyncProperty(bursts, async (burst) => {
      run += 1;
      // A third of the way, one dies in the middle of a frame, without a word.
      if (run === Math.floor(RUNS / 3)) await killInWork(path, workers[0]);
      const last = await play(path, burst);
      for (const [camera, sequence] of last) {
        await until(
          `frame ${sequence} of ${camera} is observed`,
          () => path.sequences(camera).includes(sequence),
          PATIENCE_MS,
        );
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );

  for (const camera of CAMERAS) {
    const sequences = path.sequences(camera);
    assert.ok(sequences.length >= RUNS / 4, `only ${sequences.length} observations of ${camera}`);
    assert.deepEqual(
      sequences.filter((sequence, index) => index > 0 && sequence <= (sequences[index - 1] ?? 0)),
      [],
    );
  }
  assert.equal(workers[0]?.signalCode, "SIGKILL");
});

/** Sends a burst; the last sequence of each of its cameras. */
async function play(
  path: LivePath,
  burst: readonly { readonly camera: string; readonly pauseMs: number }[],
): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  for (const { camera, pauseMs } of burst) {
    if (pauseMs > 0) await delay(pauseMs);
    last.set(camera, await path.send(camera));
  }
  return last;
}

/** Sends frames until `worker` has one in work, and kills it there. The frame may go with it; its camera goes on. */
async function killInWork(path: LivePath, worker: ChildProcess | undefined): Promise<void> {
  if (!worker) throw new Error("there is no worker to kill");
  const died = once(worker, "exit");
  worker.once("message", () => worker.kill("SIGKILL"));
  await until("the worker has a frame in work", async () => {
    await path.send();
    return worker.killed;
  });
  await died;
}

async function startWorker(context: TestContext, redisUrl: string): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("./testdata/burst-worker.ts", import.meta.url)), [redisUrl, SHOW]);
  context.after(() => child.kill("SIGKILL"));
  await once(child, "message");
  return child;
}
