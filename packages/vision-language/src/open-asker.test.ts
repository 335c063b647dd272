import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { ModelConfigSchema } from "@followspot/schema/inference/model_config";
import type { FoundModel } from "@followspot/triton";
import { isCalibrated } from "./open-asker.ts";

function found(rung: "qwen2-vl" | "understudy", calibration?: string): Parameters<typeof isCalibrated>[0] {
  const identity = { name: "m", version: "1", accuracy: 0, rung, instances: 1 };
  const parameters = calibration === undefined ? {} : { calibration: { stringValue: calibration } };
  const model: Pick<FoundModel, "identity" | "config"> = {
    identity,
    config: create(ModelConfigSchema, { parameters }),
  };
  return model as FoundModel;
}

test("a server's calibration holds for its bare model, and never for an adapter of it", () => {
  assert.equal(isCalibrated(found("qwen2-vl", "fitted.json"), undefined), true);
  assert.equal(isCalibrated(found("qwen2-vl", "fitted.json"), "my-show"), false);
  assert.equal(isCalibrated(found("qwen2-vl", ""), undefined), false);
  assert.equal(isCalibrated(found("qwen2-vl"), undefined), false);
  assert.equal(isCalibrated(found("understudy"), undefined), true);
});
