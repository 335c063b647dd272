import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { WorkerStatusSchema } from "@followspot/schema/followspot/v1/observation";
import { redisForTests, silentLog, withoutRedis } from "@followspot/testkit";
import { WorkerStatusBoard } from "./index.ts";
import { SHOW } from "./testdata/observations-for-tests.ts";

function status(workerId: string, reportedAtMs: number) {
  return create(WorkerStatusSchema, { workerId, reportedAtMs, state: "ready", dropped: { late: 2 } });
}

test("the board holds each worker's last report until it is a minute old or taken down", {
  skip: withoutRedis,
}, async (context) => {
  const server = await redisForTests(context);
  const board = await WorkerStatusBoard.connect({ redisUrl: server.url, showId: SHOW, log: silentLog() });
  context.after(() => board.close());
  const ids = async () =>
    (await board.readAll()).map(({ workerId, reportedAtMs }) => [workerId, reportedAtMs]);

  assert.deepEqual(await ids(), []);
  await board.report(status("b", 1_000));
  await board.report(status("a", 1_000));
  await board.report(status("b", 31_000));
  assert.deepEqual(await ids(), [
    ["a", 1_000],
    ["b", 31_000],
  ]);
  assert.deepEqual((await board.readAll())[0], status("a", 1_000));

  await board.report(status("b", 61_001));
  assert.deepEqual(await ids(), [["b", 61_001]]);
  await board.remove("b");
  assert.deepEqual(await ids(), []);
});

test("a report without Redis fails at once", { skip: withoutRedis }, async (context) => {
  const server = await redisForTests(context);
  const board = await WorkerStatusBoard.connect({ redisUrl: server.url, showId: SHOW, log: silentLog() });
  context.after(() => board.close());
  await server.kill();
  await assert.rejects(board.report(status("a", 1_000)));
});
