import assert from "node:assert/strict";
import { test } from "node:test";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { checkTriton } from "./check-triton.ts";

test("a Triton that serves the model is named with how it is asked", async (t) => {
  const triton = await ScriptedTriton.start({
    models: [
      { name: "qwen2_vl_scores", version: "abc" },
      { name: "qwen2_vl", contract: "vllm" },
    ],
  });
  t.after(() => triton.close());
  const scores = await checkTriton(triton.address, "qwen2_vl_scores");
  assert.equal(scores.state, "ok");
  assert.match(scores.detail, /serves qwen2_vl_scores, asked by scores, version abc$/);
  assert.match((await checkTriton(triton.address, "qwen2_vl")).detail, /serves qwen2_vl, asked by vllm$/);
});

test("one that is away, lacks the model, or has it in no usable form is missing, with what to do", async (t) => {
  const triton = await ScriptedTriton.start({ models: [{ name: "best", rung: "best" }] });
  t.after(() => triton.close());
  const unknown = await checkTriton(triton.address, "qwen2_vl");
  assert.deepEqual([unknown.state, unknown.advice?.includes("recognizer.model")], ["missing", true]);
  const unusable = await checkTriton(triton.address, "best");
  assert.deepEqual([unusable.state, unusable.advice?.includes("deploy/triton")], ["missing", true]);
  assert.match(unusable.detail, /the rung "best"/);
  await triton.stop();
  const away = await checkTriton(triton.address, "best");
  assert.deepEqual([away.state, away.advice?.includes("start Triton")], ["missing", true]);
});
