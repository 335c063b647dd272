import { z } from "zod";
import type { Container } from "./containers.ts";
import { isOlder } from "./engine-arguments.ts";
import type { EngineLimits } from "./memory-need.ts";
import type { Weights } from "./check-weights.ts";

type Sized = Pick<Weights, "shape" | "maxPixels">;

const positive = z.number().int().positive();
const Pixels = z.object({
  min_pixels: positive.optional(),
  max_pixels: positive.optional(),
  size: z.object({ shortest_edge: positive.optional(), longest_edge: positive }).optional(),
});

/** The arguments that we look at, with vLLM's own defaults. */
export const Engine = z.object({
  model: z.string().min(1),
  dtype: z.enum(["auto", "half", "float16", "bfloat16", "float", "float32"]).default("auto"),
  quantization: z.string().nullish(),
  tensor_parallel_size: positive.default(1),
  pipeline_parallel_size: positive.default(1),
  gpu_memory_utilization: z.number().gt(0).lte(1).default(0.9),
  max_model_len: positive.optional(),
  max_num_seqs: positive.default(256),
  max_num_batched_tokens: positive.default(8_192),
  kv_cache_dtype: z.string().default("auto"),
  enforce_eager: z.boolean().default(false),
  enable_prefix_caching: z.boolean().default(true),
  disable_log_stats: z.boolean().default(false),
  enable_lora: z.boolean().default(false),
  max_loras: positive.default(1),
  max_lora_rank: z
    .literal([1, 8, 16, 32, 64, 128, 256, 320, 512], "must be 8, 16, 32, 64, 128, 256, 320 or 512")
    .default(16),
  limit_mm_per_prompt: z.record(z.string(), z.number().int().nonnegative()).optional(),
  mm_processor_kwargs: Pixels.optional(),
});
export type Engine = z.output<typeof Engine>;

/** From here on vLLM's vision towers turn queries and keys as 16-bit floats. */
const TURNS_IN_16_BIT = "0.13.0";
/**
 * These versions look for the largest picture in the checkpoint's own limits alone (cached_get_processor_without_dynamic_kwargs
 * in vllm/transformers_utils/processor.py), and keep room for it, though they then scale pictures as they are told.
 */
const ROOM_FOR_CHECKPOINT = { since: "0.11.1", until: "0.17.1" } as const;

/** What decides about memory. */
export function limitsOf(
  engine: Engine,
  { weights, container }: { weights: Sized; container: Container },
): EngineLimits {
  const { shape } = weights;
  return {
    max_model_len: engine.max_model_len ?? shape.positions,
    max_num_seqs: engine.max_num_seqs,
    max_num_batched_tokens: engine.max_num_batched_tokens,
    kvBytes: engine.kv_cache_dtype.startsWith("fp8") ? 1 : 2,
    pictureTokens: pictureTokensOf(engine, { weights, vllm: container.argumentsOf }),
    adapters: engine.enable_lora ? engine.max_loras : 0,
    rank: engine.enable_lora ? engine.max_lora_rank : 0,
    tensor_parallel_size: engine.tensor_parallel_size,
    becomes8Bit: engine.quantization === "fp8" && shape.quantized === undefined,
    turnsIn32Bit: isOlder(container.argumentsOf, TURNS_IN_16_BIT),
  };
}

/** vLLM encodes a step's worth of picture tokens at once (its encoder budget), at least one picture. */
function pictureTokensOf(engine: Engine, { weights, vllm }: { weights: Sized; vllm: string }): number {
  const { vision } = weights.shape;
  if (!vision || engine.limit_mm_per_prompt?.["image"] === 0) return 0;
  const { since, until } = ROOM_FOR_CHECKPOINT;
  const untold = !isOlder(vllm, since) && isOlder(vllm, until);
  const pixels = untold ? weights.maxPixels : largestPixels(engine, weights);
  return Math.max(engine.max_num_batched_tokens, pixels / vision.pxPerToken ** 2);
}

/** Of the largest picture that the model is given. */
export function largestPixels(
  { mm_processor_kwargs: told }: Engine,
  { maxPixels }: Pick<Sized, "maxPixels">,
): number {
  return told?.max_pixels ?? told?.size?.longest_edge ?? maxPixels;
}
