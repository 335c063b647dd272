"""The small network: Qwen2-VL's own class, a thousandth of its size."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from followspot_scores.pictures import PictureReader
from transformers import PreTrainedTokenizerFast, Qwen2VLConfig, Qwen2VLForConditionalGeneration

PATCH = 14
MERGE = 2
TOKEN_PIXELS = (PATCH * MERGE) ** 2


@dataclass(frozen=True)
class Size:
    """The language model's and the vision tower's width is the same, as in Qwen2-VL."""

    hidden: int = 128
    layers: int = 2
    vision_depth: int = 2
    heads: int = 4
    min_tokens: int = 9
    max_tokens: int = 30
    """Of one picture: 30 make a camera's 640 x 480 into 168 x 112 pixels."""


def small_network(
    tokenizer: PreTrainedTokenizerFast, size: Size, seed: int
) -> Qwen2VLForConditionalGeneration:
    """Random weights that depend on the seed alone."""
    torch.manual_seed(seed)
    token = tokenizer.convert_tokens_to_ids
    half_head = size.hidden // size.heads // 2
    section = [half_head - 2 * (3 * half_head // 8), 3 * half_head // 8, 3 * half_head // 8]
    config = Qwen2VLConfig(
        text_config={
            "vocab_size": len(tokenizer),
            "hidden_size": size.hidden,
            "intermediate_size": 2 * size.hidden,
            "num_hidden_layers": size.layers,
            "num_attention_heads": size.heads,
            "num_key_value_heads": size.heads // 2,
            "max_position_embeddings": 4096,
            "bos_token_id": token("<|im_start|>"),
            "eos_token_id": token("<|im_end|>"),
            "pad_token_id": token("<|endoftext|>"),
            "rope_parameters": {"rope_type": "default", "mrope_section": section, "rope_theta": 10_000.0},
        },
        vision_config={
            "depth": size.vision_depth,
            "embed_dim": size.hidden,
            "hidden_size": size.hidden,
            "num_heads": size.heads,
            "mlp_ratio": 2,
            "patch_size": PATCH,
            "spatial_merge_size": MERGE,
            "temporal_patch_size": 2,
        },
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
        bos_token_id=token("<|im_start|>"),
        eos_token_id=token("<|im_end|>"),
        pad_token_id=token("<|endoftext|>"),
        tie_word_embeddings=False,
    )
    model = Qwen2VLForConditionalGeneration(config)
    attend_to_alike(model)
    return model


@torch.no_grad()
def attend_to_alike(model: Qwen2VLForConditionalGeneration) -> None:
    """
    Lets each attention head begin with queries and keys that are the same projection, so that a token looks
    at those that resemble it: a label in a question at its like in the picture. From random weights that
    takes thousands of steps to be found. After Trockman and Kolter, "Mimetic initialization of self-attention
    layers", 2023.
    """
    for layer in model.model.language_model.layers:
        attention = layer.self_attn
        size, group = attention.head_dim, attention.num_key_value_groups
        for head in range(attention.num_key_value_heads):
            alike = torch.linalg.qr(torch.randn(attention.hidden_size, size))[0].T
            attention.k_proj.weight[head * size : (head + 1) * size] = alike
            for query in range(head * group, (head + 1) * group):
                attention.q_proj.weight[query * size : (query + 1) * size] = alike


def save_processor(size: Size, folder: Path) -> PictureReader:
    """Writes preprocessor_config.json as Qwen's checkpoints have it."""
    config = {
        "min_pixels": size.min_tokens * TOKEN_PIXELS,
        "max_pixels": size.max_tokens * TOKEN_PIXELS,
        "patch_size": PATCH,
        "temporal_patch_size": 2,
        "merge_size": MERGE,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
        "image_processor_type": "Qwen2VLImageProcessor",
        "processor_class": "Qwen2VLProcessor",
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return PictureReader.of_checkpoint(folder)
