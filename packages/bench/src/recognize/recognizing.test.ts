import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { BenchProcess } from "../bench-process.ts";
import type { LoadedModel, LookCost, MemoryUse, TrainingCost } from "../processes/recognizing.ts";
import { paintTroupe } from "./paint-troupe.ts";
import { findPictures } from "./pictures-to-look-at.ts";

async function recognizing(context: TestContext): Promise<BenchProcess> {
  const looker = await BenchProcess.start({
    name: "recognizing",
    entry: "packages/bench/src/processes/recognizing.ts",
    env: {},
  });
  context.after(() => looker.close());
  return looker;
}

test("the process trains on a troupe, then looks at its pictures, and says what both cost", async (context) => {
  const showDir = await mkdtemp(join(tmpdir(), "followspot-troupe-"));
  context.after(() => rm(showDir, { recursive: true, force: true }));
  await paintTroupe(showDir, { subjects: 2, picturesEach: 3, seed: 1 });
  const looker = await recognizing(context);

  const trained = await looker.ask<TrainingCost>("train", { showDir, seed: 1 }, { deadlineMs: 120_000 });
  assert.ok(trained.seconds > 0 && trained.cpuSeconds > 0 && trained.modelBytes > 0);
  const model = await looker.ask<LoadedModel>("load", { showDir });
  assert.deepEqual([model.labels, model.bytes], [2, trained.modelBytes]);

  const pictures = await findPictures(join(showDir, "dataset"), 4);
  assert.equal(pictures.length, 4);
  for (const picture of pictures) {
    const cost = await looker.ask<LookCost>("look", { ...picture });
    assert.ok(cost.decodeMs > 0 && cost.frameMs > 0 && cost.wallMs >= cost.frameMs);
    assert.equal(cost.side, 640);
    assert.equal(cost.crops.length, 1);
    for (const { side, cropMs, embedMs } of cost.crops) assert.ok(side < 500 && cropMs > 0 && embedMs > 0);
  }
  const { rssMb, peakMb } = await looker.ask<MemoryUse>("memory");
  assert.ok(rssMb > 10 && peakMb >= rssMb * 0.5);
});

test("a question that fails is told with its reason", async (context) => {
  const looker = await recognizing(context);
  await assert.rejects(looker.ask("look", { file: "nothing.jpg" }), /no model is loaded/);
});
