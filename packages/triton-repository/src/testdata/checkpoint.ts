import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The numbers of Qwen2-VL-2B-Instruct's config.json: https://huggingface.co/Qwen/Qwen2-VL-2B-Instruct */
export const QWEN2_VL_2B = {
  architectures: ["Qwen2VLForConditionalGeneration"],
  model_type: "qwen2_vl",
  hidden_size: 1_536,
  intermediate_size: 8_960,
  num_hidden_layers: 28,
  num_attention_heads: 12,
  num_key_value_heads: 2,
  vocab_size: 151_936,
  max_position_embeddings: 32_768,
  tie_word_embeddings: true,
  image_token_id: 151_655,
  vision_config: { depth: 32, embed_dim: 1_280, mlp_ratio: 4, patch_size: 14, spatial_merge_size: 2, hidden_size: 1_536 },
};

/** The numbers of Qwen2-7B-Instruct's. */
export const QWEN2_7B = {
  architectures: ["Qwen2ForCausalLM"],
  model_type: "qwen2",
  hidden_size: 3_584,
  intermediate_size: 18_944,
  num_hidden_layers: 28,
  num_attention_heads: 28,
  num_key_value_heads: 4,
  vocab_size: 152_064,
  max_position_embeddings: 32_768,
};

const SHARDS = 2;

/** A folder as Hugging Face publishes them. The weights are of full length, and holes: they take no room on the disk. */
export async function makeCheckpoint(dir: string, { config = QWEN2_VL_2B, bytes }: { config?: object; bytes: number }): Promise<void> {
  await mkdir(dir, { recursive: true });
  const map: Record<string, string> = {};
  for (let shard = 1; shard <= SHARDS; shard++) {
    const name = `model-0000${shard}-of-0000${SHARDS}.safetensors`;
    map[`layer.${shard}`] = name;
    await writeHoles(join(dir, name), { [`layer.${shard}`]: Math.floor(bytes / SHARDS) });
  }
  const files = {
    "config.json": config,
    "tokenizer.json": { added_tokens: [{ id: 151_655, content: "<|image_pad|>" }] },
    "tokenizer_config.json": { chat_template: "{% for message in messages %}{% endfor %}" },
    "preprocessor_config.json": { min_pixels: 3_136, max_pixels: 12_845_056 },
    "model.safetensors.index.json": { metadata: { total_size: bytes }, weight_map: map },
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), JSON.stringify(content));
}

/** A LoRA adapter as PEFT writes them. */
export async function makeAdapter(
  dir: string,
  {
    rank = 8,
    targets = ["q_proj", "v_proj"],
    width = QWEN2_VL_2B.hidden_size,
  }: { rank?: number; targets?: readonly string[]; width?: number } = {},
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const tensor = "base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight";
  await writeHoles(join(dir, "adapter_model.safetensors"), { [tensor]: [rank, width] });
  await writeFile(
    join(dir, "adapter_config.json"),
    JSON.stringify({ peft_type: "LORA", r: rank, target_modules: targets }, undefined, 2),
  );
}

/** A safetensors file of bytes, one tensor behind the other; nothing of them is on the disk. */
export async function writeHoles(
  file: string,
  tensors: Readonly<Record<string, number | readonly number[]>>,
): Promise<void> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, size]) => {
    const shape = [size].flat();
    const start = end;
    end += shape.reduce((product, side) => product * side, 1);
    return [name, { dtype: "U8", shape, data_offsets: [start, end] }] as const;
  });
  await writeHeader(file, JSON.stringify(Object.fromEntries(entries)), end);
}

export async function writeHeader(file: string, text: string, dataBytes: number): Promise<void> {
  const header = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const handle = await open(file, "w");
  await handle.write(Buffer.concat([length, header]));
  await handle.truncate(length.length + header.length + dataBytes);
  await handle.close();
}
