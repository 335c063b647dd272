import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { ModelMetadataResponseSchema } from "@followspot/schema/inference/grpc_service";
import { ModelConfigSchema } from "@followspot/schema/inference/model_config";
import { detectContract } from "./model-contract.ts";
import { identityOf } from "./model-identity.ts";

const tensors = (list: Record<string, string>) =>
  Object.entries(list).map(([name, datatype]) => ({ name, datatype }));
const SCORES_OUT = { label: "BYTES", score: "FP32", raw: "FP32", box: "FP32", unknown: "FP32" };
const VLLM_IN = { text_input: "BYTES", image: "BYTES", sampling_parameters: "BYTES", stream: "BOOL" };

function model(
  inputs: Record<string, string>,
  outputs: Record<string, string>,
  { decoupled = false, maxBatchSize = 0 } = {},
) {
  const metadata = create(ModelMetadataResponseSchema, {
    name: "m",
    inputs: tensors(inputs),
    outputs: tensors(outputs),
  });
  return [
    metadata,
    create(ModelConfigSchema, { maxBatchSize, modelTransactionPolicy: { decoupled } }),
  ] as const;
}

test("the contract follows from the tensors and the transaction policy", () => {
  assert.equal(detectContract(...model({ image: "BYTES", labels: "BYTES" }, SCORES_OUT)), "scores");
  assert.equal(detectContract(...model(VLLM_IN, { text_output: "BYTES" }, { decoupled: true })), "vllm");
});

test("a model that speaks neither is refused, with its tensors named", () => {
  assert.throws(() => detectContract(...model({ INPUT0: "FP32" }, {})), {
    name: "InferenceError",
    message: /neither the scores nor the vllm contract: its inputs are INPUT0 FP32, its outputs none/,
  });
  assert.throws(() => detectContract(...model({ image: "UINT8" }, SCORES_OUT)), /neither/);
});

test("a model of the scores contract may batch over requests", () => {
  assert.equal(detectContract(...model({ image: "BYTES" }, SCORES_OUT, { maxBatchSize: 8 })), "scores");
});

test("the right tensors with the wrong policy, or a text model with a batch dimension, are refused", () => {
  assert.throws(
    () => detectContract(...model({ image: "BYTES" }, SCORES_OUT, { decoupled: true })),
    /is decoupled/,
  );
  assert.throws(() => detectContract(...model(VLLM_IN, { text_output: "BYTES" })), /is not decoupled/);
  assert.throws(
    () => detectContract(...model(VLLM_IN, { text_output: "BYTES" }, { decoupled: true, maxBatchSize: 8 })),
    /max_batch_size/,
  );
});

function config(parameters: Record<string, string>) {
  const entries = Object.entries(parameters).map(([name, stringValue]) => [name, { stringValue }]);
  return create(ModelConfigSchema, { parameters: Object.fromEntries(entries) });
}

test("the identity is what the configuration says; accuracy 0 stands for not measured", () => {
  assert.deepEqual(identityOf("m", config({ version: "abc", accuracy: "0.875", rung: "qwen2-vl" })), {
    name: "m",
    version: "abc",
    accuracy: 0.875,
    rung: "qwen2-vl",
    instances: 1,
  });
  assert.equal(identityOf("m", config({ version: "abc", rung: "understudy" })).accuracy, 0);
});

test("what the server works on at once is the sum of its instances, a group's on each of its GPUs", () => {
  const groups = [{ count: 2 }, { count: 3, gpus: [0, 1] }];
  const model = create(ModelConfigSchema, {
    parameters: { version: { stringValue: "abc" }, rung: { stringValue: "understudy" } },
    instanceGroup: groups,
  });
  assert.equal(identityOf("m", model).instances, 8);
  model.maxBatchSize = 4;
  assert.deepEqual([identityOf("m", model).instances, identityOf("m", model).batched], [32, true]);
});

test("an identity that cannot be trusted is refused", () => {
  assert.throws(() => identityOf("m", config({ rung: "understudy" })), /no parameter "version"/);
  assert.throws(() => identityOf("m", config({ version: "a", rung: "best" })), /the rung "best"/);
  assert.throws(
    () => identityOf("m", config({ version: "a", rung: "hold", accuracy: "95%" })),
    /the accuracy "95%"/,
  );
});
