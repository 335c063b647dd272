import assert from "node:assert/strict";
import { test } from "node:test";
import { describePractice } from "./practice-stage.ts";
import { paintedSamples } from "./testdata/painted-samples.ts";

test("a practice stage shows who is known from one scene, and nobody from another", async () => {
  const samples = paintedSamples().map((sample) => ({ ...sample, objects: sample.objects }));
  const wolves = samples.filter(({ label, scene }) =>
    label === "wolf" ? scene === "wall" : scene !== "wall",
  );
  const stages = await describePractice(wolves, { seed: 1 });
  assert.ok(stages.length > 0 && stages.every(({ present }) => present.size > 0));
  for (const { scene, present } of stages) assert.equal(present.has("wolf"), scene === "wall", scene);
});

test("the same seed sets the same stages, and photographs without boxes set none", async () => {
  const samples = paintedSamples().slice(0, 8);
  assert.deepEqual(
    await describePractice(samples, { seed: 4 }),
    await describePractice(samples, { seed: 4 }),
  );
  assert.deepEqual(
    await describePractice(
      samples.map((sample) => ({ ...sample, objects: undefined })),
      { seed: 4 },
    ),
    [],
  );
});
