"""Qwen2-VL in its real shapes. Random weights take as long as real ones, and nothing is downloaded."""

from dataclasses import dataclass

import torch
from followspot_scores.vocabulary import Vocabulary
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration


@dataclass(frozen=True)
class Shape:
    """Source of the real ones: config.json of Qwen/Qwen2-VL-2B-Instruct and -7B-Instruct."""

    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    vocabulary: int
    tied: bool
    vision_width: int = 1280
    vision_depth: int = 32
    vision_heads: int = 16
    vision_ratio: int = 4
    """How many times wider the vision tower's inner layer is."""

    @property
    def head(self) -> int:
        return self.hidden // self.heads


SHAPES = {
    "2b": Shape(1536, 8960, 28, 12, 2, 151_936, tied=True),
    "7b": Shape(3584, 18_944, 28, 28, 4, 152_064, tied=False),
    "tiny": Shape(128, 256, 2, 4, 2, 1024, tied=False, vision_width=128, vision_depth=2, vision_heads=4),
}


def random_network(
    shape: Shape, vocabulary: Vocabulary, device: torch.device, dtype: torch.dtype
) -> Qwen2VLForConditionalGeneration:
    """The class that serving hosts, in one shape."""
    token = vocabulary.tokens
    half = shape.head // 2
    section = [half - 2 * (3 * half // 8), 3 * half // 8, 3 * half // 8]
    config = Qwen2VLConfig(
        text_config={
            "vocab_size": shape.vocabulary,
            "hidden_size": shape.hidden,
            "intermediate_size": shape.intermediate,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "num_key_value_heads": shape.kv_heads,
            "rope_parameters": {"rope_type": "default", "mrope_section": section, "rope_theta": 1e6},
        },
        vision_config={
            "depth": shape.vision_depth,
            "embed_dim": shape.vision_width,
            "hidden_size": shape.hidden,
            "num_heads": shape.vision_heads,
            "mlp_ratio": shape.vision_ratio,
        },
        image_token_id=token("<|image_pad|>")[0],
        video_token_id=token("<|video_pad|>")[0],
        vision_start_token_id=token("<|vision_start|>")[0],
        vision_end_token_id=token("<|vision_end|>")[0],
        tie_word_embeddings=shape.tied,
    )
    torch.manual_seed(0)
    config._attn_implementation = "sdpa"
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with device:
            return Qwen2VLForConditionalGeneration(config).eval()
    finally:
        torch.set_default_dtype(before)
