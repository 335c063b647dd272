"""Loads the model, freezes it, and lays the adapter's layers into its language model."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any

import torch

from .base_model import BaseModel
from .mistake import Mistake

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
NOT_IN = r".*\bvisual\..*"
"""vLLM ignores an adapter's weights for the vision tower with no more than a warning: none are trained."""
BITSANDBYTES = "bitsandbytes==0.50.2"


@dataclass(frozen=True)
class LoraShape:
    """How large the adapter is."""

    rank: int
    alpha: int
    dropout: float


def device_for(method: str) -> torch.device:
    """The card where there is one. Raises Mistake for QLoRA without one."""
    cuda = torch.cuda.is_available()
    if method == "qlora":
        if not cuda:
            raise Mistake(
                "--method qlora needs an NVIDIA card with CUDA, and there is none: take --method lora"
            )
        if importlib.util.find_spec("bitsandbytes") is None:
            raise Mistake(f"--method qlora needs a further package: pip install {BITSANDBYTES}")
    return torch.device("cuda" if cuda else "cpu")


def load_model(base: BaseModel, *, method: str, shape: LoraShape, device: torch.device) -> Any:
    """The model with an adapter that changes nothing yet: PeftModel over Qwen2VLForConditionalGeneration."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForImageTextToText

    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    model = AutoModelForImageTextToText.from_pretrained(
        base.dir,
        dtype=dtype,
        attn_implementation="sdpa",
        local_files_only=True,
        device_map={"": device},
        **_quantized(method),
    )
    model.requires_grad_(False)
    model.config.use_cache = False
    if device.type == "cuda":
        model.model.language_model.activation_checkpointing_enable({"use_reentrant": False})
    adapter = LoraConfig(
        r=shape.rank,
        lora_alpha=shape.alpha,
        lora_dropout=shape.dropout,
        bias="none",
        task_type="CAUSAL_LM",
        target_modules=list(TARGETS),
        exclude_modules=NOT_IN,
    )
    return get_peft_model(model, adapter)


def trained_weights(model: Any) -> dict[str, torch.nn.Parameter]:
    """The adapter's weights by name."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def _quantized(method: str) -> dict[str, Any]:
    if method != "qlora":
        return {}
    from transformers import BitsAndBytesConfig

    return {
        "quantization_config": BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
            # What is frozen and looks at pixels keeps its precision; so does what foretells words.
            llm_int8_skip_modules=["model.visual", "lm_head"],
        )
    }
