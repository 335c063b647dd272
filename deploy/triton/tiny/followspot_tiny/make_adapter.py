"""
`python -m followspot_tiny.make_adapter FOLDER --weights CHECKPOINT`: a LoRA of random weights, for tests.
"""

import argparse
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import Qwen2VLForConditionalGeneration


def main() -> None:
    """A random one of fixed seed: what matters is that the answers are others, not which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = Qwen2VLForConditionalGeneration.from_pretrained(options.weights, local_files_only=True)
    torch.manual_seed(options.seed)
    config = LoraConfig(
        r=4,
        lora_alpha=256,
        # Only the language model's layers have modules of these names.
        target_modules=["q_proj", "v_proj", "down_proj"],
        init_lora_weights=False,
    )
    get_peft_model(model, config).save_pretrained(str(options.folder))


if __name__ == "__main__":
    main()
