import type { ModelShape } from "./model-shape.ts";

/** What an engine is told that decides about memory: names as in model.json. */
export interface EngineLimits {
  /** Tokens of the longest conversation. */
  readonly max_model_len: number;
  /** Requests in one step. */
  readonly max_num_seqs: number;
  /** Tokens in one step. */
  readonly max_num_batched_tokens: number;
  readonly kvBytes: 1 | 2;
  /** Tokens of all the pictures that are encoded at once; 0 for a model without eyes. */
  readonly pictureTokens: number;
  /** LoRA: adapters loaded at once, and their greatest rank; 0 without. */
  readonly adapters: number;
  readonly rank: number;
  /** Cards that share one model. */
  readonly tensor_parallel_size: number;
  /** Whether 16-bit weights are made 8-bit floats while they are loaded. */
  readonly becomes8Bit: boolean;
  /** Whether the vision tower turns queries and keys as 32-bit floats: vLLM up to 0.11, transformers. */
  readonly turnsIn32Bit: boolean;
}

/** GPU memory in bytes, of each card. Estimates, but for the weights; see each for how it is reckoned. */
export interface MemoryNeed {
  readonly weights: number;
  /** The weights while they are loaded: as they are on the disk. */
  readonly loading: number;
  /** The largest step: what the layers hold for a moment. */
  readonly activations: number;
  /** The same of the vision tower, for as many pictures as fit one step; it works before the layers do. */
  readonly pictures: number;
  readonly lora: number;
  /** CUDA graphs, kernels' scratch space, fragmentation. */
  readonly overhead: number;
  /** Keys and values of one conversation of full length: with less, vLLM does not start. */
  readonly leastCache: number;
  /** Keys and values of one token. */
  readonly cachePerToken: number;
}

const BYTES = 2; // bfloat16, float16
const LOGIT_BYTES = 4;
/** Logits, their softmax, and what the sampler sorts. */
const LOGIT_COPIES = 4;
/** vLLM's log has .63 GiB of graphs for Qwen2.5-VL-7B and .2 to .3 GiB of CUDA's own (issue 1057 of QwenLM/Qwen3-VL, vLLM's 15815). */
const OVERHEAD = 1024 ** 3;
/** Rows of the vision tower's width, of two bytes each, while it turns queries and keys. */
const TURNING_ROWS = { bits16: 9, bits32: 42 } as const;
/** A patch as it comes: three colours, two moments, and a copy in the network's numbers. */
const PIXEL_BYTES = 3 * 2 * (4 + BYTES);

export function memoryNeed(weights: number, shape: ModelShape, limits: EngineLimits): MemoryNeed {
  const parallel = limits.tensor_parallel_size;
  const kvHeads = Math.max(1, shape.kvHeads / parallel);
  const cachePerToken = 2 * shape.layers * kvHeads * shape.headSize * limits.kvBytes;
  return {
    weights: (limits.becomes8Bit ? in8Bit(weights, shape) : weights) / parallel,
    loading: weights / parallel,
    activations: activationBytes(shape, limits),
    pictures: pictureBytes(shape, limits),
    lora: (limits.adapters * loraBytes(shape, limits.rank)) / parallel,
    overhead: OVERHEAD,
    leastCache: limits.max_model_len * cachePerToken,
    cachePerToken,
  };
}

/** The vision tower and the layers take their room one after the other. */
export function totalOf({ weights, activations, pictures, lora, overhead, leastCache }: MemoryNeed): number {
  return weights + Math.max(activations, pictures) + lora + overhead + leastCache;
}

/** Embeddings and output stay as they are. */
function in8Bit(weights: number, { vocabulary, hidden, tied }: ModelShape): number {
  const words = Math.min(weights, vocabulary * hidden * BYTES * (tied ? 1 : 2));
  return words + (weights - words) / 2;
}

/**
 * For every token of a step gate and up projection with their product, and two rows; logits only where something is
 * sampled; and what the vision tower has just said. Meta-Llama-3-8B with 8,192 tokens and 256 requests: 1.27 GiB, vLLM's log
 * says 1.26 (pull request 10511).
 */
function activationBytes(shape: ModelShape, limits: EngineLimits): number {
  const perToken = ((3 * shape.intermediate) / limits.tensor_parallel_size + 2 * shape.hidden) * BYTES;
  const logits = limits.max_num_seqs * shape.vocabulary * LOGIT_BYTES * LOGIT_COPIES;
  const seen = shape.vision ? limits.pictureTokens * shape.hidden * BYTES : 0;
  return limits.max_num_batched_tokens * perToken + logits + seen;
}

/**
 * Each patch's widest moment: the two or three rows of its feed-forward part, or the turning of queries and keys. The
 * latter as 32-bit floats: chosen so that Qwen2.5-VL-7B in vLLM 0.8.2 leaves the cache that its log says, 905,648 tokens
 * (issue 1057 of QwenLM/Qwen3-VL). As 16-bit floats: counted in vLLM 0.13's qwen2_vl.py.
 */
function pictureBytes({ vision, hidden }: ModelShape, limits: EngineLimits): number {
  if (!vision) return 0;
  const parallel = limits.tensor_parallel_size;
  const turning = (limits.turnsIn32Bit ? TURNING_ROWS.bits32 : TURNING_ROWS.bits16) * vision.width;
  const feeding = 3 * vision.intermediate + 2 * vision.width;
  const side = vision.pxPerToken / Math.sqrt(vision.patchesPerToken);
  const perPatch = (Math.max(turning, feeding) * BYTES) / parallel + side ** 2 * PIXEL_BYTES;
  return limits.pictureTokens * (vision.patchesPerToken * perPatch + hidden * BYTES);
}

/** Two narrow matrices for each of the seven linear layers of a block. */
function loraBytes(
  { layers, hidden, intermediate, heads, kvHeads, headSize }: ModelShape,
  rank: number,
): number {
  const [queries, keys] = [heads * headSize, kvHeads * headSize];
  const sides = [
    [hidden, queries],
    [hidden, keys],
    [hidden, keys],
    [queries, hidden],
    [hidden, intermediate],
    [hidden, intermediate],
    [intermediate, hidden],
  ] as const;
  return layers * sides.reduce((sum, [a, b]) => sum + rank * (a + b), 0) * BYTES;
}
