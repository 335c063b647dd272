import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { SeededRandom, UserError } from "@followspot/domain";
import { keepOnnxNetwork, onnxFileOf, openOnnxEye } from "./onnx-eye.ts";
import { loadCurrentModel, storeModel } from "./model-store.ts";
import { recognizePixels } from "./recognize.ts";
import { drawStage, paintedSamples } from "./testdata/painted-samples.ts";
import { trainUnderstudy } from "./train-understudy.ts";

/** Gives out the picture that it is given, 16 x 16: enough to tell colours. */
const NETWORK = fileURLToPath(new URL("./testdata/as-it-is.onnx", import.meta.url));

const skip = await openOnnxEye(NETWORK).then(
  () => false as const,
  (error: unknown) => {
    if (error instanceof UserError && /is not installed/.test(error.message)) return error.message;
    throw error;
  },
);

test("a network that is not there is named, with what to do", async () => {
  await assert.rejects(
    openOnnxEye("/no/such.onnx"),
    /\/no\/such\.onnx: there is no such network file; train again with: followspot train --backbone FILE/,
  );
});

test("only the name of a user's network names a file", () => {
  assert.equal(onnxFileOf("onnx-0123456789ab"), "backbone-0123456789ab.onnx");
  for (const name of ["0123456789ab", "onnx-../../etc/pas", "onnx-0123456789abc"]) {
    assert.equal(onnxFileOf(name), undefined);
  }
});

test("an understudy that was trained with a network of the user's finds it beside its model", {
  skip,
}, async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-onnx-eye-"));
  context.after(() => rm(dir, { recursive: true }));
  const path = join(dir, "mine.onnx");
  await cp(NETWORK, path);
  const eye = await openOnnxEye(path);
  const model = await trainUnderstudy(paintedSamples(), { seed: 1, eye });
  const modelsDir = join(dir, "models");
  await keepOnnxNetwork(eye, modelsDir);
  await rm(path);
  await storeModel(modelsDir, model);

  const stored = await loadCurrentModel(modelsDir);
  assert.equal(stored.eye.version, eye.version);
  const { picture } = drawStage(["red"], new SeededRandom(5));
  assert.equal((await recognizePixels(stored, picture)).labels[0]?.label, "red");
});
