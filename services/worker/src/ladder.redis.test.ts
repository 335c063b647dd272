import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { WorkerStatusBoard } from "@followspot/observations";
import { SceneBoard } from "@followspot/scenes";
import { readShow } from "@followspot/show";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { PromptBook, writeCalibration } from "@followspot/vision-language";
import { LivePath } from "./testdata/live-path.ts";
import { SMALL_PICTURE } from "./testdata/small-picture.ts";
import { SHOW, WorkerProcess } from "./testdata/worker-process.ts";

const skip = withoutRedis;
/** Starting a process on a busy machine takes its time. */
const PATIENCE_MS = 30_000;
const DEADLINE_MS = 2_000;

const LADDER = `
scenes: [{ id: forest, name: In the dark forest, cast: [wolf] }, { id: house, name: At home }]
recognizer: { triton: "grpc://127.0.0.1:1", deadlineMs: ${DEADLINE_MS}, manualAfterMs: 1000 }
`;

async function setUp(context: TestContext, show = LADDER) {
  const server = await redisForTests(context);
  const wire = { redisUrl: server.url, showId: SHOW, log: silentLog() };
  const vision = await ScriptedTriton.start({
    models: [{ name: "qwen2_vl_scores", rung: "qwen2-vl", version: "q1", accuracy: 0.95, slots: 4 }],
  });
  context.after(() => vision.close());
  const understudy = await ScriptedTriton.start({ models: [{ version: "u1", accuracy: 0.8 }] });
  context.after(() => understudy.close());
  const path = await LivePath.open(context, server.url);
  const worker = await WorkerProcess.start(context, {
    redisUrl: server.url,
    understudyUrl: understudy.address,
    show,
    env: { TRITON_URL: vision.address },
  });
  const board = await WorkerStatusBoard.connect(wire);
  context.after(() => board.close());
  const scenes = await SceneBoard.connect(wire);
  context.after(() => scenes.close());
  const status = async () => (await board.readAll())[0];
  const newest = () => path.observed.at(-1)?.recognizer;
  /** Sends frames until the newest observation is of this rung. */
  const untilRung = (rung: string) =>
    until(
      `${rung} answers`,
      async () => {
        await path.send("stage", SMALL_PICTURE);
        return newest()?.rung === rung;
      },
      PATIENCE_MS,
    );
  return { vision, understudy, path, worker, scenes, status, newest, untilRung };
}

test("the rung in force and what it is worth are in every observation and in the worker's status, down to manual and up again", {
  skip,
}, async (context) => {
  const { vision, understudy, path, worker, status, newest, untilRung } = await setUp(context);
  await untilRung("qwen2-vl");
  assert.ok(Math.abs((newest()?.accuracy ?? 0) - 0.95) < 1e-6);
  await until("the status says so", async () => (await status())?.inForce?.rung === "qwen2-vl");
  const ladder = (await status())?.ladder ?? [];
  assert.deepEqual(
    ladder.map(({ rung, breaker }) => [rung, breaker]),
    [
      ["qwen2-vl", "closed"],
      ["understudy", "closed"],
    ],
  );

  await vision.stop();
  await untilRung("understudy");
  await until("the status says so", async () => (await status())?.inForce?.rung === "understudy");
  const fallen = await status();
  assert.deepEqual([fallen?.state, fallen?.ladder[0]?.breaker], ["ready", "open"]);
  assert.ok(Math.abs((fallen?.inForce?.accuracy ?? 0) - 0.8) < 1e-6);
  assert.match(fallen?.detail ?? "", /no model server answers/);

  await understudy.stop();
  const declared = (rung: string) =>
    until(`${rung} is declared`, async () => {
      await path.send("stage", SMALL_PICTURE);
      return (await status())?.inForce?.rung === rung;
    });
  await declared("hold");
  const published = path.observed.length;
  await declared("manual");
  assert.equal((await status())?.state, "waiting-for-recognizer");
  assert.equal(path.observed.length, published, "nothing is invented");
  assert.equal((await worker.get("/health/ready")).status, 503);

  await Promise.all([understudy.start(), vision.start()]);
  // Whichever is back first answers, on trial or not.
  await until("both are in force again", async () => {
    await path.send("stage", SMALL_PICTURE);
    return (await status())?.ladder.every(({ breaker }) => breaker === "closed");
  });
  await untilRung("qwen2-vl");
  const { body } = await worker.get("/metrics");
  const metric = (name: string) => Number(new RegExp(`${name} (\\d+)`).exec(body)?.[1] ?? -1);
  assert.equal(metric('rung_in_force\\{rung="qwen2-vl"\\}'), 1);
  assert.equal(metric('rung_in_force\\{rung="manual"\\}'), 0);
  assert.ok(metric('rung_transitions_total\\{rung="hold"\\}') >= 1);
  assert.equal(metric('rung_transitions_total\\{rung="manual"\\}'), 1);
  assert.equal(metric('rung_falls_total\\{rung="qwen2-vl",reason="unavailable"\\}'), 1);
  assert.equal(metric('breaker_state\\{rung="qwen2-vl",state="closed"\\}'), 1);
});

test("the scene that a person sets is in the question, and an answer about the one before is dropped", {
  skip,
}, async (context) => {
  const { vision, path, worker, scenes, untilRung } = await setUp(context);
  await untilRung("qwen2-vl");
  const prompts: string[] = [];
  vision.model.answer = ({ labels, prompt }) => {
    prompts.push(prompt ?? "");
    return { labels: labels.map((label) => ({ label, score: 0.1 })) };
  };
  await path.send("stage", SMALL_PICTURE);
  await until("it is asked", () => prompts.length > 0);
  assert.doesNotMatch(prompts.at(-1) ?? "", /In the dark forest/);
  await scenes.set("forest", 1);
  await until("the model is told", async () => {
    await path.send("stage", SMALL_PICTURE);
    return prompts.at(-1)?.includes("In the dark forest");
  });

  await until("nothing is on the way", async () => {
    const last = await path.send("stage", SMALL_PICTURE);
    await until("it is observed", () => path.sequences().includes(last));
    return vision.model.busy === 0;
  });
  const asked = Promise.withResolvers<void>();
  vision.model.serviceMs = () => {
    asked.resolve();
    return DEADLINE_MS / 2;
  };
  const sequence = await path.send("stage", SMALL_PICTURE);
  await asked.promise;
  await scenes.set("house", 2);
  await until("the frame has an answer", () => path.sequences().includes(sequence));
  const seen = path.observed.find(({ frame }) => frame?.sequence === sequence);
  assert.equal(seen?.recognizer?.rung, "understudy");
  assert.match(
    (await worker.get("/metrics")).body,
    /frames_handed_down_total\{rung="qwen2-vl",reason="outdated"\} [1-9]/,
  );
});

test("with a cascade the understudy answers, and the observation says who gave its scores", {
  skip,
}, async (context) => {
  const cascade = LADDER.replace("manualAfterMs: 1000", "cascade: { unsureBelow: 0.8, floorMs: 60000 }");
  const { vision, understudy, path, status, worker, untilRung } = await setUp(context, cascade);
  understudy.model.answer = ({ labels }) => ({
    labels: labels.map((label) => ({ label, score: 0.5, box: [1, 2, 3, 4] as const })),
  });
  // Nobody has calibrated this model: log-odds are what is read.
  const raw = Math.log(0.9 / 0.1);
  vision.model.answer = ({ labels }) => ({ labels: labels.map((label) => ({ label, score: 0.5, raw })) });
  await untilRung("qwen2-vl");
  const seen = path.observed.at(-1);
  assert.deepEqual(
    seen?.labels.map(({ score, box }) => [Math.round(score * 10), box?.left]),
    [
      [9, 1],
      [9, 1],
    ],
  );
  await until(
    "the status says who may be counted on",
    async () => (await status())?.inForce?.rung === "understudy",
  );
  understudy.model.answer = ({ labels }) => ({ labels: labels.map((label) => ({ label, score: 0.05 })) });
  await untilRung("understudy");
  assert.match(
    (await worker.get("/metrics")).body,
    /cascade_questions_total\{reason="(entered|unsure)",outcome="merged"\} [1-9]/,
  );
});

test("with a cascade no camera waits for the slow answer about another, though the understudy works on one frame at a time", {
  skip,
}, async (context) => {
  const cascade = LADDER.replace("manualAfterMs: 1000", "cascade: { unsureBelow: 0.8, floorMs: 60000 }");
  const { vision, understudy, path, untilRung } = await setUp(context, cascade);
  assert.equal(understudy.model.slots, 1);
  understudy.model.answer = ({ labels }) => ({ labels: labels.map((label) => ({ label, score: 0.5 })) });
  await untilRung("qwen2-vl");
  const busy = Promise.withResolvers<void>();
  vision.model.serviceMs = () => {
    busy.resolve();
    return DEADLINE_MS * 0.75;
  };
  const asked = await path.send("stage", SMALL_PICTURE);
  await busy.promise;
  understudy.model.answer = ({ labels }) => ({ labels: labels.map((label) => ({ label, score: 0.05 })) });
  await path.send("door", SMALL_PICTURE);
  await until("the other camera's frame is observed", () => path.sequences("door").length === 1);
  assert.ok(!path.sequences().includes(asked), "it did not wait for the slow answer");
  await until("the slow answer is there, too", () => path.sequences().includes(asked));
});

test("a calibration that is written during the show waits, and the worker's status says so", {
  skip,
}, async (context) => {
  const { path, worker, status, newest, untilRung } = await setUp(context);
  await untilRung("qwen2-vl");
  const before = newest()?.version;
  const { version: prompt } = new PromptBook(await readShow(worker.showDir));
  const line = { slope: 0.5, offset: 0 };
  await writeCalibration(join(worker.showDir, "models"), {
    version: 1,
    model: "q1",
    prompt,
    ask: "score",
    adapter: null,
    maxPixels: 301_056,
    global: line,
    labels: {},
    unknown: line,
    accuracy: 0.5,
    dataset: "",
  });
  await until(
    "the status says that it waits",
    async () => /calibration-[0-9a-f]{12}\.json waits/.test((await status())?.detail ?? ""),
    PATIENCE_MS,
  );
  const frame = await path.send("stage", SMALL_PICTURE);
  await until("the next frame is observed", () => path.sequences().includes(frame));
  assert.equal(newest()?.version, before);
});

test("a ladder with an understudy that nobody says the address of ends the worker with 2 and one sentence", {
  skip,
}, async (context) => {
  const server = await redisForTests(context);
  await assert.rejects(
    WorkerProcess.start(context, { redisUrl: server.url, understudyUrl: undefined }),
    /UNDERSTUDY_URL: the show's ladder names the understudy/,
  );
});
