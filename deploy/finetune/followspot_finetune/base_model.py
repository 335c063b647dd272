"""The model that is fine-tuned, as its folder of weights says what it is; nothing is downloaded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .mistake import Mistake

FAMILIES = ("qwen2_vl", "qwen2_5_vl")
"""Qwen3-VL feeds its picture into several layers (DeepStack), which a trunk of embeddings does not carry."""
SMALL_BYTES = 200_000_000
"""Up to here weights are hashed; those of a real model are known by their names and sizes."""


@dataclass(frozen=True)
class BaseModel:
    """What can be known of a folder of weights without loading them."""

    dir: Path
    config: dict[str, Any]
    weights: tuple[Path, ...]

    @property
    def weight_bytes(self) -> int:
        """On disk, which is what they take in memory as they are."""
        return sum(file.stat().st_size for file in self.weights)

    @property
    def text(self) -> dict[str, Any]:
        """The language model's part of the configuration; old checkpoints have it at the top."""
        return {**self.config, **self.config.get("text_config", {})}

    def fingerprint(self) -> str:
        """Another model is another text."""
        digest = hashlib.sha256((self.dir / "config.json").read_bytes())
        for file in self.weights:
            size = file.stat().st_size
            digest.update(f"{file.name}:{size};".encode())
            if size <= SMALL_BYTES:
                digest.update(file.read_bytes())
        return digest.hexdigest()


def find_base_model(folder: Path) -> BaseModel:
    """Looks at the folder. Raises Mistake where it is no Qwen2-VL that can be loaded."""
    file = folder / "config.json"
    if not file.is_file():
        raise Mistake(
            f"{folder} has no config.json: name the folder of a Qwen2-VL, with its weights and tokenizer"
        )
    config = json.loads(file.read_text("utf-8"))
    kind = config.get("model_type")
    if kind not in FAMILIES:
        raise Mistake(f"{file}: model_type is {kind}: only {' and '.join(FAMILIES)} can be fine-tuned here")
    if "quantization_config" in config:
        raise Mistake(
            f"{file}: these weights are quantized, and an adapter is learnt on full ones: name the folder of "
            "the unquantized model; --method qlora quantizes it while it loads"
        )
    weights = tuple(sorted(folder.glob("*.safetensors")))
    if not weights:
        raise Mistake(f"{folder} has no *.safetensors: the weights are missing")
    for name in ("preprocessor_config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise Mistake(f"{folder} has no {name}: copy it from where the weights are from")
    return BaseModel(folder, config, weights)
