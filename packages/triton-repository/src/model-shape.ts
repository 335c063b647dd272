import { UserError } from "@followspot/domain";
import { z } from "zod";

/** What a checkpoint's config.json says of its size. */
export interface ModelShape {
  /** `model_type`: qwen2_vl, qwen2, llama ... */
  readonly type: string;
  /** Name of the class that hosts it, where it is told. */
  readonly architecture?: string | undefined;
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
  readonly heads: number;
  /** Fewer than heads where queries share keys and values. */
  readonly kvHeads: number;
  readonly headSize: number;
  readonly vocabulary: number;
  /** Most tokens of a conversation. */
  readonly positions: number;
  /** How the weights are stored, where not as 16-bit floats: awq, gptq, fp8 ... */
  readonly quantized?: string | undefined;
  /** Whether embeddings and output share their numbers. */
  readonly tied: boolean;
  /** Whether turning positions are told in the way of transformers 5 alone (`rope_parameters`). */
  readonly newRope: boolean;
  /** What stands for a picture in the text. */
  readonly pictureToken?: number | undefined;
  readonly vision?: VisionShape;
}

export interface VisionShape {
  readonly layers: number;
  readonly width: number;
  readonly intermediate: number;
  readonly heads: number;
  /** Side in pixels of what becomes one token of the language model. */
  readonly pxPerToken: number;
  /** Patches that become one token. */
  readonly patchesPerToken: number;
}

const count = z.number().int().positive();

const Language = z.object({
  num_hidden_layers: count,
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  vocab_size: count,
  max_position_embeddings: count,
});

const Vision = z.object({
  depth: count,
  num_heads: count,
  // Qwen2-VL calls the width embed_dim, and its hidden_size is the language model's; the others the other way round.
  embed_dim: count.optional(),
  hidden_size: count,
  mlp_ratio: z.number().positive().optional(),
  intermediate_size: count.optional(),
  patch_size: count,
  spatial_merge_size: count,
});

/**
 * The published checkpoints leave out what is the default of transformers' class (4.45 to 4.57 saved it so): most files
 * of Qwen2-VL and Qwen2.5-VL have three keys here. https://huggingface.co/Qwen/Qwen2-VL-2B-Instruct-AWQ, config.json
 */
const VISION_DEFAULTS: Readonly<Record<string, object>> = {
  qwen2_vl: { depth: 32, embed_dim: 1_280, hidden_size: 3_584, mlp_ratio: 4, num_heads: 16, patch_size: 14 },
  qwen2_5_vl: { depth: 32, hidden_size: 1_280, intermediate_size: 3_420, num_heads: 16, patch_size: 14 },
  qwen3_vl: { depth: 27, hidden_size: 1_152, intermediate_size: 4_304, num_heads: 16, patch_size: 16 },
};
const MERGE = 2;

const Part = z.record(z.string(), z.unknown()).optional();
const Root = z.looseObject({
  model_type: z.string().default(""),
  architectures: z.array(z.string()).optional(),
  text_config: Part,
  vision_config: Part,
  quantization_config: z.looseObject({ quant_method: z.string() }).optional(),
  tie_word_embeddings: z.boolean().default(false),
  image_token_id: z.number().int().optional(),
});
const OLD_ROPE = ["rope_theta", "rope_scaling"];

/** @throws UserError where a number is missing that we know the memory by */
export function modelShape(text: string, file: string): ModelShape {
  const root = rootOf(text, file);
  // Newer checkpoints of vision-language models keep the language model's numbers apart.
  const own = { ...root, ...root.text_config };
  const language = Language.safeParse(own);
  const vision =
    root.vision_config &&
    Vision.safeParse({
      spatial_merge_size: MERGE,
      ...VISION_DEFAULTS[root.model_type],
      ...root.vision_config,
    });
  const [issue] = language.error?.issues ?? vision?.error?.issues ?? [];
  if (!language.success || vision?.success === false) {
    throw new UserError(
      `${file}: ${issue?.path.join(".")} is missing or no number: this is no model of the Qwen, Llama, Yi or GLM families in the form that transformers knows by itself (of GLM-4-9B-Chat that is glm-4-9b-chat-hf)`,
    );
  }
  const { num_attention_heads: heads, hidden_size: hidden } = language.data;
  return {
    type: root.model_type,
    architecture: root.architectures?.[0],
    layers: language.data.num_hidden_layers,
    hidden,
    intermediate: language.data.intermediate_size,
    heads,
    kvHeads: language.data.num_key_value_heads ?? heads,
    headSize: language.data.head_dim ?? hidden / heads,
    vocabulary: language.data.vocab_size,
    positions: language.data.max_position_embeddings,
    quantized: root.quantization_config?.quant_method,
    tied: root.tie_word_embeddings,
    newRope: "rope_parameters" in own && !OLD_ROPE.some((key) => key in own),
    pictureToken: root.image_token_id,
    ...(vision && { vision: visionShape(vision.data) }),
  };
}

function rootOf(text: string, file: string): z.output<typeof Root> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file}: this is not JSON; copy it from the model's page`, { cause });
  }
  const root = Root.safeParse(json);
  if (root.success) return root.data;
  const [issue] = root.error.issues;
  throw new UserError(
    `${file}: ${issue?.path.join(".") || "this"} is missing or no number: copy it from the model's page`,
  );
}

function visionShape(vision: z.output<typeof Vision>): VisionShape {
  const width = vision.embed_dim ?? vision.hidden_size;
  return {
    layers: vision.depth,
    width,
    intermediate: vision.intermediate_size ?? width * (vision.mlp_ratio ?? 4),
    heads: vision.num_heads,
    pxPerToken: vision.patch_size * vision.spatial_merge_size,
    patchesPerToken: vision.spatial_merge_size ** 2,
  };
}
