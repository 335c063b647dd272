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
}

/** GPU memory in bytes. Estimates, but for the weights; see each for how it is reckoned. */
export interface MemoryNeed {
  readonly weights: number;
  /** The largest step: what the layers hold for a moment. */
  readonly activations: number;
  /** The same of the vision tower, for as many pictures as fit one step. */
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
/** Logits, their softmax, and the sampler's sorted copy. */
const LOGIT_COPIES = 3;
/** Rows of the model's width that live at once in a layer: input, residual, queries with keys and values, output. */
const ROWS = 5;
const OVERHEAD = 1024 ** 3;

export function memoryNeed(weights: number, shape: ModelShape, limits: EngineLimits): MemoryNeed {
  const cachePerToken = 2 * shape.layers * shape.kvHeads * shape.headSize * limits.kvBytes;
  return {
    weights,
    activations: activationBytes(shape, limits),
    pictures: pictureBytes(shape, limits),
    lora: limits.adapters * loraBytes(shape, limits.rank),
    overhead: OVERHEAD,
    leastCache: limits.max_model_len * cachePerToken,
    cachePerToken,
  };
}

export function totalOf({ weights, activations, pictures, lora, overhead, leastCache }: MemoryNeed): number {
  return weights + activations + pictures + lora + overhead + leastCache;
}

/** Gate and up projection beside a few rows, for every token of a step; logits only where something is sampled. */
function activationBytes(shape: ModelShape, { max_num_batched_tokens, max_num_seqs }: EngineLimits): number {
  const perToken = (2 * shape.intermediate + ROWS * shape.hidden) * BYTES;
  const logits = max_num_seqs * shape.vocabulary * LOGIT_BYTES * LOGIT_COPIES;
  return max_num_batched_tokens * perToken + logits;
}

/** Each patch's widest layer beside a few rows; a token is several patches. */
function pictureBytes({ vision, hidden }: ModelShape, { pictureTokens }: EngineLimits): number {
  if (!vision) return 0;
  const perPatch = (vision.intermediate + ROWS * vision.width) * BYTES;
  return pictureTokens * (vision.patchesPerToken * perPatch + hidden * BYTES);
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
