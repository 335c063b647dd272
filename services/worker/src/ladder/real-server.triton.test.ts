import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { pythonForTests, tritonForTests, until } from "@followspot/testkit";
import { DEADLINE_MS, LadderRig, SLACK_MS } from "../testdata/ladder-rig.ts";

const BACK_WITHIN_MS = 75_000;
const MODELS = fileURLToPath(new URL("../../../../packages/triton-server/testdata/models", import.meta.url));
const environment = await pythonForTests("server");

test("a real Triton that hangs, is killed and comes back costs one frame its deadline at most, each time", {
  skip: environment.skip,
}, async (t) => {
  if (!environment.python) return;
  const triton = await tritonForTests(
    { repositories: [MODELS], models: ["scores"], stub: environment.python },
    t,
  );
  const options = { vision: { address: triton.address, model: "scores" } };
  const rig = await (await LadderRig.start(t, options)).warm();
  const back = () =>
    until("it is in force", async () => (await rig.frame()).rung === "qwen2-vl", BACK_WITHIN_MS);

  await triton.kill("SIGSTOP");
  const hung = await rig.frame();
  assert.equal(hung.rung, "understudy");
  assert.ok(hung.tookMs < DEADLINE_MS + SLACK_MS, `${hung.tookMs} ms`);
  const next = await rig.frame();
  assert.ok(next.rung === "understudy" && next.tookMs < DEADLINE_MS, `${next.tookMs} ms`);
  await triton.kill("SIGCONT");
  await back();

  const [killed] = await Promise.all([rig.frame(), triton.kill("SIGKILL")]);
  assert.ok(killed.tookMs < DEADLINE_MS + SLACK_MS, `${killed.tookMs} ms`);
  const dead = await rig.frame();
  assert.ok(dead.rung === "understudy" && dead.tookMs < DEADLINE_MS + SLACK_MS, `${dead.tookMs} ms`);
  await triton.restart();
  await back();
});
