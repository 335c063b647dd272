import assert from "node:assert/strict";
import { test } from "node:test";
import { modelShape } from "./model-shape.ts";
import { PUBLISHED } from "./testdata/published.ts";

const AWQ_2B = PUBLISHED["Qwen2-VL-2B-Instruct-AWQ"];
const shapeOf = (config: object) => modelShape(JSON.stringify(config), "config.json");

test("the published configurations leave out what is the default of transformers, and are understood", () => {
  const eyes = Object.entries(PUBLISHED).map(([name, config]) => {
    const { type, quantized, vision } = shapeOf(config);
    return [
      name,
      type,
      quantized,
      vision && [vision.layers, vision.width, vision.intermediate, vision.pxPerToken],
    ];
  });
  assert.deepEqual(eyes, [
    ["Qwen2-VL-2B-Instruct-AWQ", "qwen2_vl", "awq", [32, 1_280, 5_120, 28]],
    ["Qwen2-VL-7B-Instruct-GPTQ-Int8", "qwen2_vl", "gptq", [32, 1_280, 5_120, 28]],
    ["Qwen2.5-VL-7B-Instruct-AWQ", "qwen2_5_vl", "awq", [32, 1_280, 3_420, 28]],
    ["Qwen3-VL-4B-Instruct", "qwen3_vl", undefined, [24, 1_024, 4_096, 32]],
  ]);
});

test("a vision tower of a family that nobody knows must say all", () => {
  assert.throws(() => shapeOf({ ...AWQ_2B, model_type: "other_vl" }), {
    name: "UserError",
    message: /^config\.json: depth is missing or no number/,
  });
});

test("GLM-4 in its older form is named, with the form that is served", () => {
  const old = { model_type: "chatglm", num_layers: 40, hidden_size: 4_096, ffn_hidden_size: 13_696 };
  assert.throws(() => shapeOf(old), { name: "UserError", message: /num_hidden_layers.*glm-4-9b-chat-hf/ });
});

for (const [what, config, message] of [
  ["no keys", [], /this is missing or no number/],
  ["a word for a group", { ...AWQ_2B, quantization_config: "awq" }, /quantization_config/],
  ["half a layer", { ...AWQ_2B, num_hidden_layers: 1.5 }, /num_hidden_layers/],
] as const) {
  test(`a configuration with ${what} is refused in one sentence`, () => {
    assert.throws(() => shapeOf(config), { name: "UserError", message });
  });
}
