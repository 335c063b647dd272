"""A Qwen2-VL checkpoint in memory: what the GGUF files are written from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file


@dataclass(frozen=True)
class Vocabulary:
    """A byte-level BPE, as Qwen's tokenizers are."""

    tokens: tuple[str, ...]
    """By id. Bytes stand as the printable characters that GPT-2 gave them."""
    special: frozenset[int]
    merges: tuple[str, ...]
    """Pairs with a blank between them, best first."""
    end: int
    padding: int


@dataclass(frozen=True)
class Checkpoint:
    """Names and shapes are those of transformers' Qwen2VLForConditionalGeneration."""

    text: dict[str, Any]
    """config.json, text_config"""
    vision: dict[str, Any]
    """config.json, vision_config"""
    pixels: dict[str, Any]
    """preprocessor_config.json"""
    vocabulary: Vocabulary
    weights: dict[str, np.ndarray]
    """float32"""


def read_checkpoint(folder: Path) -> Checkpoint:
    """A folder that `save_pretrained` of transformers wrote, in one file of 32-bit floats."""
    config = _json(folder / "config.json")
    text = config["text_config"]
    return Checkpoint(
        text=text,
        vision=config["vision_config"],
        pixels=_json(folder / "preprocessor_config.json"),
        vocabulary=_vocabulary(_json(folder / "tokenizer.json"), config, text["vocab_size"]),
        weights={
            name: np.asarray(x, np.float32) for name, x in load_file(folder / "model.safetensors").items()
        },
    )


def _vocabulary(tokenizer: dict[str, Any], config: dict[str, Any], size: int) -> Vocabulary:
    # Ids that nothing stands for still need a name of their own.
    tokens = [f"[unused {number}]" for number in range(size)]
    for token, number in tokenizer["model"]["vocab"].items():
        tokens[number] = token
    added = {token["id"]: token["content"] for token in tokenizer["added_tokens"]}
    for number, token in added.items():
        tokens[number] = token
    merges = tokenizer["model"]["merges"]
    return Vocabulary(
        tokens=tuple(tokens),
        special=frozenset(added),
        merges=tuple(pair if isinstance(pair, str) else " ".join(pair) for pair in merges),
        end=config["eos_token_id"],
        padding=config["pad_token_id"],
    )


def _json(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))
