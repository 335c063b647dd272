import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FollowspotClient } from "@followspot/client";
import type { Heartbeat } from "@followspot/schema/followspot/v1/subscribe";
import { until, withoutRedis } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { basePort, followspot, hasSaid } from "./run-followspot.ts";

const SAMPLE_SHOW = "shows/little-red-riding-hood";
const PATIENCE_MS = 60_000;

test("up beside a Triton: the understudy is there when it falls, and a person says which scene is played", {
  skip: withoutRedis,
}, async (t) => {
  const triton = await ScriptedTriton.start({
    models: [{ name: "qwen2_vl_scores", rung: "qwen2-vl", accuracy: 0.95, slots: 4 }],
  });
  t.after(() => triton.close());
  const dir = await mkdtemp(join(tmpdir(), "followspot-ladder-"));
  t.after(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await cp(join(SAMPLE_SHOW, "models"), join(dir, "models"), { recursive: true });
  const show = await readFile(join(SAMPLE_SHOW, "show.yaml"), "utf8");
  await writeFile(join(dir, "show.yaml"), `${show}\nrecognizer: { triton: "${triton.address}" }\n`);
  const port = await basePort();
  const up = followspot(t, ["up", "--show", dir, "--port", String(port)]);
  await hasSaid(up, "Watch the stage");

  let heartbeat: Heartbeat | undefined;
  const client = new FollowspotClient({ url: `http://127.0.0.1:${port + 1}` });
  t.after(() => client.close());
  client.subscribe((update) => {
    if (update.kind === "heartbeat") heartbeat = update.heartbeat;
  });
  const inForce = (rung: string) =>
    until(`${rung} is in force`, () => heartbeat?.recognizer?.rung === rung, PATIENCE_MS);
  await inForce("qwen2-vl");
  await triton.stop();
  await inForce("understudy");
  assert.ok((heartbeat?.recognizer?.accuracy ?? 0) > 0, "the understudy's own accuracy");
  await triton.start();
  await inForce("qwen2-vl");

  const scene = followspot(t, ["scene", "forest", "--show", dir]);
  assert.equal(await scene.ended, 0, scene.errors());
  await until("subscribers hear of it", () => heartbeat?.scene?.id === "forest", PATIENCE_MS);
  const asked = followspot(t, ["scene", "--show", dir, "--json"]);
  assert.equal(await asked.ended, 0, asked.errors());
  assert.equal((JSON.parse(asked.output()) as { scene: string }).scene, "forest");
  const wrong = followspot(t, ["scene", "moon", "--show", dir]);
  assert.equal(await wrong.ended, 2);
  assert.match(wrong.errors(), /there is no scene "moon": choose one of cottage, forest/);
  up.child.kill("SIGINT");
  assert.equal(await up.ended, 0, up.errors());
});

test("a scene for a show that nobody plays is refused in a sentence", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-ladder-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await cp(join(SAMPLE_SHOW, "show.yaml"), join(dir, "show.yaml"));
  const run = followspot(t, ["scene", "forest", "--show", dir]);
  assert.equal(await run.ended, 2);
  assert.match(run.errors(), /no system runs the show in .*: start it with followspot up/);
});
