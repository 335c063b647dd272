import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Metrics } from "@followspot/runtime";
import { silentLog, until } from "@followspot/testkit";
import { status } from "@grpc/grpc-js";
import { GrpcFailure } from "./grpc-failure.ts";
import { RecognizerPool } from "./recognizer-pool.ts";

const MODEL = { version: "v1", file: Buffer.from("a model"), modelsDir: "/nowhere" };
const script = new URL("./testdata/accident-thread.ts", import.meta.url);

/** Ends before it has said anything. */
const BROKEN = new URL("data:text/javascript,throw%20new%20Error('a%20broken%20install')");

async function open(context: TestContext, options: { threads?: number; stuckAfterMs?: number } = {}) {
  const metrics = new Metrics("understudy");
  const pool = new RecognizerPool({
    threads: 1,
    maxWaiting: 8,
    log: silentLog(),
    metrics,
    script,
    ...options,
  });
  context.after(() => pool.close());
  await pool.load(MODEL);
  return {
    pool,
    look: (picture: string, signal = new AbortController().signal) =>
      pool.look({ picture: Buffer.from(picture), labels: undefined, signal }),
    replaced: async () =>
      Number(/threads_replaced_total (\d+)/.exec(await metrics.registry.metrics())?.[1] ?? Number.NaN),
  };
}

function isInternal(pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof GrpcFailure);
    assert.equal(error.code, status.INTERNAL);
    assert.match(error.details, pattern);
    return true;
  };
}

for (const [accident, problem] of [
  ["exit", /ended with code 3/],
  ["throw", /a bug in the recognizer/],
] as const) {
  test(`a thread that dies (${accident}) costs its picture; those in the line go to a fresh one with the same model`, async (context) => {
    const { pool, look, replaced } = await open(context);
    const [dead, ...waiting] = [look(accident), look("a picture"), look("another picture")];
    await assert.rejects(dead, isInternal(problem));
    for (const one of waiting) assert.equal((await one).version, MODEL.version);
    assert.equal(await replaced(), 1);
    assert.equal(pool.check().ok, true);
  });
}

test("a thread that hangs is replaced, and the line goes on", async (context) => {
  const { look, replaced } = await open(context, { stuckAfterMs: 100 });
  const [stuck, next] = [look("hang"), look("a picture")];
  await assert.rejects(stuck, isInternal(/busy with one picture for more than 100 ms/));
  assert.equal((await next).version, MODEL.version);
  assert.equal(await replaced(), 1);
});

test("while one thread is replaced the others go on", async (context) => {
  const { look, replaced } = await open(context, { threads: 2 });
  const dead = assert.rejects(look("exit"), isInternal(/ended/));
  const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => look(`picture ${index}`)));
  assert.equal(answers.length, 6);
  await dead;
  assert.equal(await replaced(), 1);
});

test("a thread that dies of a new model leaves the old one in force", async (context) => {
  const { pool, look, replaced } = await open(context);
  await assert.rejects(
    pool.load({ ...MODEL, version: "v2", file: Buffer.from("throw") }),
    /a bug in the recognizer/,
  );
  assert.equal((await look("a picture")).version, MODEL.version);
  assert.equal(await replaced(), 1);
});

test("a hanging thread does not keep the pool from closing, and its picture is told", async (context) => {
  const { pool, look } = await open(context);
  const stuck = look("hang");
  const told = assert.rejects(
    stuck,
    (error) => error instanceof GrpcFailure && error.code === status.UNAVAILABLE,
  );
  await until("it is busy", () => pool.waiting === 0);
  await pool.close();
  await told;
  await assert.rejects(look("a picture"), /shutting down/);
});

test("a thread that cannot even begin is not replaced without end, and a model is refused at once", async (context) => {
  let replaced = 0;
  const log = { ...silentLog(), error: () => replaced++ } as unknown as ReturnType<typeof silentLog>;
  const metrics = new Metrics("understudy");
  const pool = new RecognizerPool({ threads: 1, maxWaiting: 8, log, metrics, script: BROKEN });
  context.after(() => pool.close());
  await until("it has been given up for now", () => replaced === 4);
  await assert.rejects(pool.load(MODEL), /keeps failing/);
  assert.equal(replaced, 4);
});
