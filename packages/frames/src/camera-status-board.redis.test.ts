import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { CameraStatus_State, CameraStatusSchema } from "@followspot/schema/followspot/v1/frame";
import { redisForTests, silentLog, withoutRedis } from "@followspot/testkit";
import { CameraStatusBoard } from "./index.ts";
import { SHOW } from "./testdata/frames-for-tests.ts";

const DAY_MS = 86_400_000;

test("a camera that went silent keeps its last report, with its age, for a day", {
  skip: withoutRedis,
}, async (context) => {
  const server = await redisForTests(context);
  const board = await CameraStatusBoard.connect({ redisUrl: server.url, showId: SHOW, log: silentLog() });
  context.after(() => board.close());
  const lost = create(CameraStatusSchema, {
    cameraId: "stage",
    state: CameraStatus_State.LOST,
    detail: "no frame for 1 s",
    reportedAtMs: 5_000.5,
    dropped: { "redis-unavailable": 3 },
  });
  const live = create(CameraStatusSchema, {
    cameraId: "door",
    state: CameraStatus_State.LIVE,
    reportedAtMs: DAY_MS,
  });
  await board.report(lost);
  await board.report(live);
  assert.deepEqual(await board.readAll(), [live, lost]);

  const later = { ...live, reportedAtMs: DAY_MS + 5_001 };
  await board.report(later);
  assert.deepEqual(await board.readAll(), [later]);
});
