"""The vision tower of a Qwen2-VL as llama.cpp's mmproj file: names of its conversion/qwenvl.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np

from .checkpoint import Checkpoint

# llama.cpp asks for one, and resizes by tokens all the same.
IMAGE_SIZE = 560
NORM_EPSILON = 1e-6
# The merger's two layers are numbered 0 and 2, as blocks are.
LEAST_BLOCKS = 3


def write_vision_file(checkpoint: Checkpoint, file: Path) -> None:
    """32-bit floats."""
    vision, pixels = checkpoint.vision, checkpoint.pixels
    out = gguf.GGUFWriter(file, "clip")
    out.add_type(gguf.GGUFType.MMPROJ)
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    out.add_clip_has_vision_encoder(True)
    out.add_clip_projector_type(gguf.VisionProjectorType.QWEN2VL)
    out.add_vision_projection_dim(checkpoint.text["hidden_size"])
    out.add_vision_image_size(IMAGE_SIZE)
    out.add_vision_patch_size(vision["patch_size"])
    out.add_vision_embedding_length(vision["embed_dim"])
    out.add_vision_feed_forward_length(int(vision["embed_dim"] * vision["mlp_ratio"]))
    out.add_vision_block_count(vision["depth"])
    out.add_vision_head_count(vision["num_heads"])
    out.add_vision_image_mean(pixels["image_mean"])
    out.add_vision_image_std(pixels["image_std"])
    out.add_vision_attention_layernorm_eps(NORM_EPSILON)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.MMPROJ, max(vision["depth"], LEAST_BLOCKS))
    for source, weights in _parts(checkpoint):
        target = names.get_name(source, try_suffixes=(".weight", ".bias")) or source
        out.add_tensor(target, np.ascontiguousarray(weights))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def _parts(checkpoint: Checkpoint) -> Iterator[tuple[str, np.ndarray]]:
    """Cut as llama.cpp wants them: queries, keys and values apart, and one patch layer for each of the two
    pictures that a moment of a film has."""
    for name, weights in checkpoint.weights.items():
        if not name.startswith("visual."):
            continue
        if ".qkv." in name:
            for letter, part in zip("qkv", np.split(weights, 3), strict=True):
                yield name.replace("qkv", letter), part
        elif name == "visual.patch_embed.proj.weight":
            yield "v.patch_embd.weight", weights[:, :, 0]
            yield "v.patch_embd.weight.1", weights[:, :, 1]
        else:
            yield name, weights
