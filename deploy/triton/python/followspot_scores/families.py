"""What differs between Qwen's generations: the class, and how they write a box."""

from collections.abc import Callable
from dataclasses import dataclass

import transformers

Corners = tuple[float, float, float, float]
Size = tuple[int, int]


@dataclass(frozen=True)
class Family:
    """One generation of vision-language models."""

    network: str
    """The class in transformers."""
    box_begins: str
    """What a box' answer begins with, `{label}` in it; the model writes on from there."""
    box_ends: str
    """After the last number."""
    to_pixels: Callable[[Corners, Size, Size], Corners]
    """From what the model wrote to pixels of the picture that was sent: corners, size seen, size sent."""

    @property
    def network_class(self) -> type[transformers.PreTrainedModel]:
        return getattr(transformers, self.network)


def _from_thousandths(corners: Corners, seen: Size, sent: Size) -> Corners:
    del seen
    return _scaled(corners, sent[0] / 1000, sent[1] / 1000)


def _from_seen_pixels(corners: Corners, seen: Size, sent: Size) -> Corners:
    return _scaled(corners, sent[0] / seen[0], sent[1] / seen[1])


def _scaled(corners: Corners, x: float, y: float) -> Corners:
    left, top, right, bottom = corners
    return left * x, top * y, right * x, bottom * y


_JSON_BOX = '```json\n[{"bbox_2d": ['

FAMILIES = {
    "qwen2_vl": Family(
        "Qwen2VLForConditionalGeneration",
        "<|object_ref_start|>{label}<|object_ref_end|><|box_start|>",
        "<|box_end|>",
        _from_thousandths,
    ),
    "qwen2_5_vl": Family("Qwen2_5_VLForConditionalGeneration", _JSON_BOX, "]", _from_seen_pixels),
    "qwen3_vl": Family("Qwen3VLForConditionalGeneration", _JSON_BOX, "]", _from_thousandths),
}


def family_of(model_type: str) -> Family:
    """:raises ValueError: where this server cannot host it"""
    family = FAMILIES.get(model_type)
    if family is None:
        raise ValueError(
            f'the checkpoint is a "{model_type}", and this server hosts {", ".join(sorted(FAMILIES))}: '
            "serve it with the vLLM backend"
        )
    return family
