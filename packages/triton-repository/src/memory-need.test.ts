import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryNeed, totalOf } from "./memory-need.ts";
import { modelShape } from "./model-shape.ts";
import { QWEN2_7B, QWEN2_VL_2B } from "./testdata/checkpoint.ts";
import { PUBLISHED } from "./testdata/published.ts";

const QWEN2_VL_7B = PUBLISHED["Qwen2-VL-7B-Instruct-GPTQ-Int8"];

const LIMITS = {
  max_model_len: 8_192,
  max_num_seqs: 16,
  max_num_batched_tokens: 8_192,
  kvBytes: 2,
  pictureTokens: 8_192,
  adapters: 0,
  rank: 0,
  tensor_parallel_size: 1,
  becomes8Bit: false,
  turnsIn32Bit: false,
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

test("all parts are in the total, and of pictures and layers the larger, as they work one after the other", () => {
  const need = memoryNeed(4e9, shapeOf(QWEN2_VL_2B), { ...LIMITS, adapters: 2, rank: 8 });
  const { weights, lora, overhead, leastCache, activations, pictures } = need;
  assert.equal(totalOf(need), weights + lora + overhead + leastCache + Math.max(activations, pictures));
  assert.equal(leastCache, 8_192 * need.cachePerToken);
});

test("cards that share a model have each their part of weights and cache", () => {
  const alone = memoryNeed(16e9, shapeOf(QWEN2_7B), LIMITS);
  const shared = memoryNeed(16e9, shapeOf(QWEN2_7B), { ...LIMITS, tensor_parallel_size: 2 });
  assert.deepEqual([shared.weights, shared.cachePerToken], [alone.weights / 2, alone.cachePerToken / 2]);
  const many = memoryNeed(16e9, shapeOf(QWEN2_VL_2B), { ...LIMITS, tensor_parallel_size: 4 });
  assert.equal(many.cachePerToken, 2 * 28 * 1 * 128 * 2, "a head is not cut in two");
});

test("weights that are made smaller while they are loaded take all their room until then", () => {
  const need = memoryNeed(16.58e9, shapeOf(QWEN2_VL_7B), { ...LIMITS, becomes8Bit: true });
  assert.equal(need.loading, 16.58e9);
  // Embeddings and output, 2 x 152,064 x 3,584 numbers, stay as they are.
  assert.ok(Math.abs(need.weights - 9.38e9) < 0.01e9, String(need.weights));
});

const GIB = 1_024 ** 3;

test("weights and cache are what Qwen measured, but for half a GiB of CUDA's own", () => {
  // QwenLM/Qwen2-VL, README: 2,048 new tokens after one. Its "GB" are GiB: the 7B's weights alone are 16.58e9 bytes.
  for (const [config, parameters, measured] of [
    [QWEN2_VL_2B, 2.209e9, 4.68],
    [QWEN2_VL_7B, 8.291e9, 16.07],
    [QWEN2_7B, 7.616e9, 14.92],
  ] as const) {
    const { weights, leastCache } = memoryNeed(2 * parameters, shapeOf(config), {
      ...LIMITS,
      max_model_len: 2_049,
    });
    const rest = measured - (weights + leastCache) / GIB;
    assert.ok(rest > 0.4 && rest < 0.65, `${measured}: ${rest}`);
  }
});

test("a step of Llama-3-8B takes what vLLM's own log says", () => {
  // vllm-project/vllm, pull request 10511: "PyTorch activation peak memory 1.26GiB", with vLLM's defaults.
  const llama = {
    model_type: "llama",
    hidden_size: 4_096,
    intermediate_size: 14_336,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    vocab_size: 128_256,
    max_position_embeddings: 8_192,
  };
  const { activations } = memoryNeed(0, shapeOf(llama), { ...LIMITS, max_num_seqs: 256, pictureTokens: 0 });
  assert.ok(Math.abs(activations / GIB - 1.26) < 0.05, String(activations / GIB));
});

test("Qwen2.5-VL-7B leaves the cache that vLLM's own log says", () => {
  // QwenLM/Qwen3-VL, issue 1057: vLLM 0.8.2 on an H100 of 79.2 GiB, nine tenths of it, weights of 15.63 GiB, pictures of
  // 16,384 tokens: "GPU KV cache size: 905,648 tokens". CUDA's own .3 GiB; the graphs come on top there.
  const shape = shapeOf(PUBLISHED["Qwen2.5-VL-7B-Instruct-AWQ"]);
  const { pictures, cachePerToken } = memoryNeed(0, shape, {
    ...LIMITS,
    pictureTokens: 16_384,
    turnsIn32Bit: true,
  });
  const tokens = ((0.9 * 79.2 - 15.63 - 0.3) * GIB - pictures) / cachePerToken;
  assert.ok(Math.abs(tokens / 905_648 - 1) < 0.02, String(tokens));
});
