import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { CurrentScene } from "@followspot/schema/followspot/v1/subscribe";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import { Redis } from "ioredis";
import { SceneBoard, SceneFollower } from "./index.ts";
import { sceneFields, sceneKey } from "./scene-entry.ts";

const skip = withoutRedis;
const SHOW = "test-show";

async function setUp(context: TestContext) {
  const server = await redisForTests(context, { appendOnly: true });
  const options = { redisUrl: server.url, showId: SHOW, log: silentLog() };
  const board = await SceneBoard.connect(options);
  context.after(() => board.close());
  const follow = async () => {
    const heard: CurrentScene[] = [];
    const follower = await SceneFollower.start({ ...options, onChange: (scene) => heard.push(scene) });
    context.after(() => follower.close());
    return { follower, heard };
  };
  return { server, board, follow };
}

test("whoever follows hears each change, and who comes later what is played", { skip }, async (context) => {
  const { board, follow } = await setUp(context);
  const early = await follow();
  assert.equal(early.follower.current, undefined);
  assert.equal(await board.read(), undefined);
  const forest = await board.set("forest", 1_000);
  await until("the first hears of it", () => early.follower.current?.version === forest.version);
  assert.deepEqual([forest.id, forest.setAtMs], ["forest", 1_000]);
  assert.deepEqual(await board.read(), forest);

  const late = await follow();
  await until("the second hears of it", () => late.follower.current?.id === "forest");
  const none = await board.set("", 2_000);
  await until("both hear of the end", () =>
    [early, late].every(({ follower }) => follower.current?.version === none.version),
  );
  assert.deepEqual(
    early.heard.map(({ id }) => id),
    ["forest", ""],
  );
});

test("the same scene set again is another version, and the key holds one entry", {
  skip,
}, async (context) => {
  const { server, board } = await setUp(context);
  const versions = new Set<string>();
  for (let turn = 0; turn < 5; turn += 1) versions.add((await board.set("forest", turn)).version);
  assert.equal(versions.size, 5);
  const client = new Redis(server.url);
  context.after(() => client.disconnect());
  assert.equal(await client.xlen(sceneKey(SHOW)), 1);
});

test("a change made around an outage of Redis is heard afterwards", { skip }, async (context) => {
  const { server, board, follow } = await setUp(context);
  const { follower } = await follow();
  await board.set("forest", 1);
  await until("it is heard", () => follower.current?.id === "forest");
  await server.kill();
  await assert.rejects(board.set("cottage", 2));
  await server.restart();
  await until("Redis takes it", async () => {
    await board.set("cottage", 2).catch(() => {});
    return (await board.read().catch(() => undefined))?.id === "cottage";
  });
  await until("it is heard", () => follower.current?.id === "cottage");
});

test("a Redis that lost its data and whose clock is behind is heard all the same", {
  skip,
}, async (context) => {
  const { server, board, follow } = await setUp(context);
  const { follower, heard } = await follow();
  await board.set("forest", 1);
  await until("it is heard", () => follower.current?.id === "forest");
  const client = new Redis(server.url);
  context.after(() => client.disconnect());
  await client
    .multi()
    .del(sceneKey(SHOW))
    .xadd(sceneKey(SHOW), "1-0", ...sceneFields("cottage", 2))
    .exec();
  await until("it is heard", () => follower.current?.id === "cottage");
  assert.deepEqual(
    heard.map(({ id }) => id),
    ["forest", "cottage"],
  );
});

test("following ends at once, twice over", { skip }, async (context) => {
  const { follow } = await setUp(context);
  const { follower } = await follow();
  await follower.close();
  await follower.close();
});
