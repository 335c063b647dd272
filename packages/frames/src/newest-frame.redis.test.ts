import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { redisForTests, withoutRedis } from "@followspot/testkit";
import { Redis } from "ioredis";
import { FRAME_KEEP_MS, newestFrameKey, QUEUE_NAME, queuePrefix } from "./keys.ts";
import { NewestFrame } from "./newest-frame.ts";
import { SHOW } from "./testdata/frames-for-tests.ts";

const skip = withoutRedis;

async function setUp(context: TestContext) {
  const server = await redisForTests(context);
  const client = new Redis(server.url);
  context.after(() => client.disconnect());
  const keyOf = (cameraId: string) => `${queuePrefix(SHOW)}:${QUEUE_NAME}:de:${cameraId}`;
  /** A picture that was stored `agoMs` ago, as far as its key's life tells, and a token that holds its key. */
  const picture = async (cameraId: string, agoMs: number, tokenId = "1") => {
    await client.set(newestFrameKey(SHOW, cameraId), cameraId, "PX", FRAME_KEEP_MS - agoMs);
    await client.set(keyOf(cameraId), tokenId);
  };
  const isHeld = async (cameraId: string) => (await client.exists(keyOf(cameraId))) === 1;
  return { client, frames: new NewestFrame(client, SHOW), picture, isHeld };
}

const tokens = (...cameras: string[]) => cameras.map((cameraId) => ({ cameraId, ids: ["1"] }));

test("the first token with a fresh picture is taken, and only its key is released", {
  skip,
}, async (context) => {
  const { frames, picture, isHeld } = await setUp(context);
  await picture("old", 500);
  // Negative: stored with a longer life than usual, so it stays fresh for as long as the test takes.
  await picture("fresh", -60_000);
  await picture("fresher", -90_000);
  const taken = await frames.takeFreshest(tokens("old", "fresh", "fresher"), { mayWait: true });
  assert.equal(taken?.index, 1);
  assert.equal(String(taken.bytes), "fresh");
  assert.deepEqual(
    [await isHeld("old"), await isHeld("fresh"), await isHeld("fresher")],
    [true, false, true],
  );
});

test("where no picture is fresh it waits if it may, else takes the youngest", { skip }, async (context) => {
  const { frames, isHeld, picture } = await setUp(context);
  await picture("older", 600);
  await picture("younger", 100);
  assert.equal(await frames.takeFreshest(tokens("older", "younger"), { mayWait: true }), undefined);
  assert.ok((await isHeld("older")) && (await isHeld("younger")));
  assert.equal((await frames.takeFreshest(tokens("older", "younger")))?.index, 1);
});

test("a picture that is gone is out of the way when it is its turn", { skip }, async (context) => {
  const { frames, picture } = await setUp(context);
  await picture("there", -60_000);
  assert.deepEqual(await frames.takeFreshest(tokens("gone", "there")), { index: 0, bytes: undefined });
});

test("a key that a newer token holds is not released, one of any token at hand is", {
  skip,
}, async (context) => {
  const { frames, picture, isHeld } = await setUp(context);
  await picture("stage", -60_000, "17");
  await frames.takeFreshest([{ cameraId: "stage", ids: ["1", "7", "117"] }]);
  assert.ok(await isHeld("stage"));
  await frames.takeFreshest([{ cameraId: "stage", ids: ["7", "17"] }]);
  assert.ok(!(await isHeld("stage")));
});
