import assert from "node:assert/strict";
import { test } from "node:test";
import { findSheet, MODEL_SHEETS } from "./model-sheets.ts";

test("every figure has a source, and every memory figure of a model is a smaller one where the weights are", () => {
  assert.equal(new Set(MODEL_SHEETS.map(({ id }) => id)).size, MODEL_SHEETS.length);
  for (const { id, parametersBillion, licence, contextTokens, memory, openness } of MODEL_SHEETS) {
    for (const { source } of [parametersBillion, licence, contextTokens, openness]) {
      assert.match(source, /^https:\/\//, id);
    }
    const of = (format: string) => memory.find((one) => one.format === format)?.gigabytes.value;
    const whole = of("BF16") ?? 0;
    assert.ok(whole >= parametersBillion.value * 1.8, `${id}: BF16 takes two bytes a parameter`);
    for (const format of ["FP8", "GPTQ-Int8", "GPTQ-Int4", "AWQ"]) assert.ok((of(format) ?? 0) < whole, id);
  }
});

test("a model is known by its id and by the name of a checkpoint, quantized or not", () => {
  assert.equal(findSheet("qwen2-vl-2b")?.name, "Qwen2-VL-2B-Instruct");
  assert.equal(findSheet("/models/Qwen2-VL-7B-Instruct-GPTQ-Int4")?.id, "qwen2-vl-7b");
  assert.equal(findSheet("qwen2_vl"), undefined);
});
