import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryNeed, totalOf } from "./memory-need.ts";
import { modelShape } from "./model-shape.ts";
import { QWEN2_7B, QWEN2_VL_2B } from "./testdata/checkpoint.ts";

const LIMITS = {
  max_model_len: 8_192,
  max_num_seqs: 16,
  max_num_batched_tokens: 8_192,
  kvBytes: 2,
  pictureTokens: 8_192,
  adapters: 0,
  rank: 0,
} as const;
const KIB = 1_024;

const shapeOf = (config: object) => modelShape(JSON.stringify(config), "config.json");

test("the cache of one token is 56 KiB for the 7B and 28 KiB for the 2B", () => {
  assert.equal(memoryNeed(0, shapeOf(QWEN2_7B), LIMITS).cachePerToken, 56 * KIB);
  assert.equal(memoryNeed(0, shapeOf(QWEN2_VL_2B), LIMITS).cachePerToken, 28 * KIB);
  assert.equal(memoryNeed(0, shapeOf(QWEN2_VL_2B), { ...LIMITS, kvBytes: 1 }).cachePerToken, 14 * KIB);
});

test("an adapter of rank 8 for the 2B is its 9,232,384 numbers of two bytes", () => {
  // Counted with PEFT: r 8 on q, k, v, o, gate, up and down of Qwen2-VL-2B's language model.
  assert.equal(memoryNeed(0, shapeOf(QWEN2_VL_2B), { ...LIMITS, adapters: 1, rank: 8 }).lora, 2 * 9_232_384);
});

test("pictures need memory by their tokens, and a model without eyes needs none", () => {
  assert.equal(memoryNeed(0, shapeOf(QWEN2_7B), LIMITS).pictures, 0);
  const { pictures } = memoryNeed(0, shapeOf(QWEN2_VL_2B), LIMITS);
  assert.ok(pictures > 0);
  assert.equal(
    memoryNeed(0, shapeOf(QWEN2_VL_2B), { ...LIMITS, pictureTokens: 16_384 }).pictures,
    2 * pictures,
  );
});

test("all parts are in the total", () => {
  const need = memoryNeed(4e9, shapeOf(QWEN2_VL_2B), { ...LIMITS, adapters: 2, rank: 8 });
  const { cachePerToken, ...parts } = need;
  assert.equal(
    totalOf(need),
    Object.values(parts).reduce((sum, bytes) => sum + bytes, 0),
  );
  assert.equal(need.leastCache, 8_192 * cachePerToken);
});
