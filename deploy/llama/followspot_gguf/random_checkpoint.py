"""A Qwen2-VL of random weights, made of numpy alone: it answers nonsense, but it answers."""

from __future__ import annotations

import numpy as np

from .checkpoint import Checkpoint, Vocabulary

WIDTH = 64
LAYERS = 2
HEADS = 4
KEY_VALUE_HEADS = 2
FEED_FORWARD = 128
PATCH = 14
MERGE = 2
SPREAD = 0.08
"""Large enough for answers that depend on the picture."""
SHARPNESS = 3
"""Of attention: where everything looks at everything alike, places make no difference."""

SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
WORDS = ("yes", "no")


def random_checkpoint(seed: int) -> Checkpoint:
    """The same seed makes the same model."""
    vocabulary = _vocabulary()
    half_head = WIDTH // HEADS // 2
    section = [half_head - 2 * (3 * half_head // 8), 3 * half_head // 8, 3 * half_head // 8]
    token_pixels = (PATCH * MERGE) ** 2
    return Checkpoint(
        text={
            "vocab_size": len(vocabulary.tokens),
            "hidden_size": WIDTH,
            "intermediate_size": FEED_FORWARD,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": HEADS,
            "num_key_value_heads": KEY_VALUE_HEADS,
            "max_position_embeddings": 8192,
            "rms_norm_eps": 1e-6,
            "rope_parameters": {"rope_theta": 10_000.0, "mrope_section": section},
        },
        vision={
            "depth": LAYERS,
            "embed_dim": WIDTH,
            "num_heads": HEADS,
            "mlp_ratio": 2,
            "patch_size": PATCH,
            "spatial_merge_size": MERGE,
        },
        pixels={
            "min_pixels": 4 * token_pixels,
            "max_pixels": 64 * token_pixels,
            "image_mean": [0.48145466, 0.4578275, 0.40821073],
            "image_std": [0.26862954, 0.26130258, 0.27577711],
        },
        vocabulary=vocabulary,
        weights=_weights(len(vocabulary.tokens), np.random.default_rng(seed)),
    )


def _weights(vocabulary: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    def some(*shape: int) -> np.ndarray:
        return random.normal(0, SPREAD, shape).astype(np.float32)

    def ones(*shape: int) -> np.ndarray:
        return np.ones(shape, np.float32)

    shared = WIDTH * KEY_VALUE_HEADS // HEADS
    merged = WIDTH * MERGE * MERGE
    weights = {
        "model.embed_tokens.weight": some(vocabulary, WIDTH) * 10,
        "model.norm.weight": ones(WIDTH),
        "lm_head.weight": some(vocabulary, WIDTH) * 3 * _spoken(vocabulary),
        "visual.patch_embed.proj.weight": some(WIDTH, 3, 2, PATCH, PATCH),
        "visual.merger.ln_q.weight": ones(WIDTH),
        "visual.merger.ln_q.bias": some(WIDTH),
        "visual.merger.mlp.0.weight": some(merged, merged),
        "visual.merger.mlp.0.bias": some(merged),
        "visual.merger.mlp.2.weight": some(WIDTH, merged) * 10,
        "visual.merger.mlp.2.bias": some(WIDTH),
    }
    yes, no = (256 + sum(len(word) - 1 for word in WORDS[:end]) - 1 for end in (1, 2))
    # One of the two is always likely, so that a question for yes or no has an answer.
    weights["lm_head.weight"][yes] *= 10
    weights["lm_head.weight"][no] = -weights["lm_head.weight"][yes]
    for layer in range(LAYERS):
        block = f"model.layers.{layer}."
        weights |= {
            f"{block}input_layernorm.weight": ones(WIDTH),
            f"{block}post_attention_layernorm.weight": ones(WIDTH),
            f"{block}self_attn.q_proj.weight": some(WIDTH, WIDTH) * SHARPNESS,
            f"{block}self_attn.q_proj.bias": some(WIDTH),
            f"{block}self_attn.k_proj.weight": some(shared, WIDTH) * SHARPNESS,
            f"{block}self_attn.k_proj.bias": some(shared),
            f"{block}self_attn.v_proj.weight": some(shared, WIDTH),
            f"{block}self_attn.v_proj.bias": some(shared),
            f"{block}self_attn.o_proj.weight": some(WIDTH, WIDTH),
            f"{block}mlp.gate_proj.weight": some(FEED_FORWARD, WIDTH),
            f"{block}mlp.up_proj.weight": some(FEED_FORWARD, WIDTH),
            f"{block}mlp.down_proj.weight": some(WIDTH, FEED_FORWARD),
        }
        block = f"visual.blocks.{layer}."
        weights |= {
            f"{block}norm1.weight": ones(WIDTH),
            f"{block}norm1.bias": some(WIDTH),
            f"{block}norm2.weight": ones(WIDTH),
            f"{block}norm2.bias": some(WIDTH),
            f"{block}attn.qkv.weight": some(3 * WIDTH, WIDTH) * SHARPNESS,
            f"{block}attn.qkv.bias": some(3 * WIDTH),
            f"{block}attn.proj.weight": some(WIDTH, WIDTH),
            f"{block}attn.proj.bias": some(WIDTH),
            f"{block}mlp.fc1.weight": some(2 * WIDTH, WIDTH),
            f"{block}mlp.fc1.bias": some(2 * WIDTH),
            f"{block}mlp.fc2.weight": some(WIDTH, 2 * WIDTH),
            f"{block}mlp.fc2.bias": some(WIDTH),
        }
    return weights


def _spoken(vocabulary: int) -> np.ndarray:
    """1 for what a model that can write would say, 0 for half of a letter and for marks within a turn."""
    spoken = np.zeros((vocabulary, 1), np.float32)
    spoken[[*range(0x20, 0x7F), *range(256, 256 + sum(len(word) - 1 for word in WORDS))]] = 1
    return spoken


def _vocabulary() -> Vocabulary:
    tokens = _byte_letters()
    merges = []
    for word in WORDS:
        for end in range(2, len(word) + 1):
            merges.append(f"{word[: end - 1]} {word[end - 1]}")
            tokens.append(word[:end])
    special = range(len(tokens), len(tokens) + len(SPECIAL))
    tokens.extend(SPECIAL)
    return Vocabulary(
        tokens=tuple(tokens),
        special=frozenset(special),
        merges=tuple(merges),
        end=tokens.index("<|im_end|>"),
        padding=tokens.index("<|endoftext|>"),
    )


def _byte_letters() -> list[str]:
    """GPT-2's letter for each byte: itself where it can be printed, else one beyond (its encoder.py)."""
    printed = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    beyond = iter(range(256, 512))
    return [chr(byte) if byte in printed else chr(next(beyond)) for byte in range(256)]
