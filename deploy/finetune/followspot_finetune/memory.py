"""How much memory a training takes, told before it begins rather than by a crash in the middle."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from .base_model import BaseModel
from .mistake import Mistake

GB = 1e9
ADAPTER_BYTES = 16
"""A trained weight: itself, its gradient and Adam's two moments, 4 bytes each."""
QUANTIZED = 0.53
"""Bytes a weight in 4 bits, NF4 with double quantization (Dettmers et al. 2023, section 3)."""
CONTEXT_BYTES = 0.9 * GB
"""CUDA's own, its libraries' workspaces, and what the allocator wastes. A judgement, not a measurement."""


@dataclass(frozen=True)
class Estimate:
    """Bytes, by what takes them."""

    weights: float
    adapter: float
    activations: float
    overhead: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.weights + self.adapter + self.activations + self.overhead

    def __str__(self) -> str:
        parts = {
            "weights": self.weights,
            "adapter": self.adapter,
            "work": self.activations,
            "rest": self.overhead,
        }
        told = ", ".join(f"{name} {amount / GB:.1f}" for name, amount in parts.items())
        return f"{self.total / GB:.1f} GB ({told})"


def estimate_memory(base: BaseModel, *, method: str, rank: int, tokens: int, on_gpu: bool) -> Estimate:
    """For passes of so many tokens, gradient checkpoints in each layer."""
    text = base.text
    hidden, wide, layers = text["hidden_size"], text["intermediate_size"], text["num_hidden_layers"]
    heads, groups = text["num_attention_heads"], text["num_key_value_heads"]
    shared = hidden * groups // heads
    # Of q, k, v, o, gate, up and down: inputs and outputs, since A is [rank, in] and B is [out, rank].
    sides = [(hidden, hidden), (hidden, shared), (hidden, shared), (hidden, hidden)]
    sides += [(hidden, wide), (hidden, wide), (wide, hidden)]
    linear = layers * sum(one * other for one, other in sides)
    adapter = layers * rank * sum(one + other for one, other in sides)
    # On a CPU half precision is slow: the weights are loaded in full.
    size = 2 if on_gpu else 4
    stored = base.weight_bytes / 2 if _is_half(base) else base.weight_bytes / 4
    weights = stored * size
    if method == "qlora":
        weights -= linear * (size - QUANTIZED)
    # Kept for each layer: its input. Worked on in one layer: some 10 x hidden and 4 x intermediate a token,
    # and what each head sees of each token, where attention writes it out.
    kept = layers * tokens * hidden * size
    worked = tokens * (10 * hidden + 4 * wide) * size * 2 + heads * tokens * tokens * size
    # Answers are a few dozen tokens: their logits in full precision, once more for the gradient.
    answers = 64 * text["vocab_size"] * 4 * 3
    return Estimate(
        weights, adapter * ADAPTER_BYTES, kept + worked + answers, CONTEXT_BYTES if on_gpu else 0.3 * GB
    )


def require_memory(estimate: Estimate, free: float, *, where: str, method: str) -> None:
    """Raises Mistake with one sentence where it does not fit."""
    if estimate.total <= free:
        return
    instead = "take the 2B model, or fewer pixels (recognizer.maxPixels in show.yaml)"
    if method == "lora" and where != "this machine":
        instead = f"take --method qlora, which loads the weights in 4 bits; or {instead}"
    raise Mistake(
        f"this training needs about {estimate.total / GB:.1f} GB, and {where} has {free / GB:.1f} GB free: "
        f"{instead}"
    )


def free_memory(device: torch.device) -> tuple[float, str]:
    """Bytes that can be had, and what to call where they are."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return float(free), f"the card ({torch.cuda.get_device_name(device)})"
    import psutil

    return float(psutil.virtual_memory().available), "this machine"


def _is_half(base: BaseModel) -> bool:
    return str(base.text.get("dtype", base.text.get("torch_dtype", "float32"))) in ("bfloat16", "float16")
