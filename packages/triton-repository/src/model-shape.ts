import { UserError } from "@followspot/domain";
import { z } from "zod";

/** What a checkpoint's config.json says of its size. */
export interface ModelShape {
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
  readonly vision?: VisionShape;
}

export interface VisionShape {
  readonly layers: number;
  readonly width: number;
  readonly intermediate: number;
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
  num_key_value_heads: count.optional(),
  head_dim: count.nullish(),
  vocab_size: count,
  max_position_embeddings: count,
});

const Vision = z.object({
  depth: count,
  // Qwen2-VL calls the width embed_dim, and its hidden_size is the language model's; the others the other way round.
  embed_dim: count.optional(),
  hidden_size: count.optional(),
  mlp_ratio: z.number().positive().optional(),
  intermediate_size: count.optional(),
  patch_size: count.default(14),
  spatial_merge_size: count.default(2),
});

const Part = z.record(z.string(), z.unknown()).optional();
const Root = z.looseObject({ text_config: Part, vision_config: Part });

/** @throws UserError where a number is missing that we know the memory by */
export function modelShape(text: string, file: string): ModelShape {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file}: this is not JSON; copy it from the model's page`, { cause });
  }
  const root = Root.safeParse(json).data ?? {};
  // Newer checkpoints of vision-language models keep the language model's numbers apart.
  const language = Language.safeParse({ ...root, ...root.text_config });
  const vision = root.vision_config && Vision.safeParse(root.vision_config);
  const [issue] = language.error?.issues ?? vision?.error?.issues ?? [];
  if (!language.success || vision?.success === false) {
    throw new UserError(
      `${file}: ${issue?.path.join(".")} is missing or no number; is this a model of the Qwen, Llama, Yi or GLM families?`,
    );
  }
  const { num_attention_heads: heads, hidden_size: hidden } = language.data;
  return {
    layers: language.data.num_hidden_layers,
    hidden,
    intermediate: language.data.intermediate_size,
    heads,
    kvHeads: language.data.num_key_value_heads ?? heads,
    headSize: language.data.head_dim ?? hidden / heads,
    vocabulary: language.data.vocab_size,
    positions: language.data.max_position_embeddings,
    ...(vision && { vision: visionShape(vision.data) }),
  };
}

function visionShape(vision: z.output<typeof Vision>): VisionShape {
  const width = vision.embed_dim ?? vision.hidden_size ?? 0;
  return {
    layers: vision.depth,
    width,
    intermediate: vision.intermediate_size ?? width * (vision.mlp_ratio ?? 4),
    pxPerToken: vision.patch_size * vision.spatial_merge_size,
    patchesPerToken: vision.spatial_merge_size ** 2,
  };
}
