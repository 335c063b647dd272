"""`python -m followspot_gguf.reference PICTURE`: what transformers says with the random model's very weights.

Run where torch is (packages/triton-server/requirements/torch.txt). Reads one finished prompt from standard
input and prints as JSON, by token id, the log probabilities of the token that comes next. A test compares
them with llama.cpp's, which shows that the GGUF files hold the same model.
"""

from __future__ import annotations

import argparse
import json
import sys

import torch
from PIL import Image
from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from .checkpoint import Checkpoint, Vocabulary
from .random_checkpoint import random_checkpoint

# How Qwen cuts text before it merges bytes. Source: Qwen2-VL's tokenizer.json.
_CUT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
PAD = "<|image_pad|>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", help="with sides that are multiples of 28, so that nobody resizes it")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = random_checkpoint(options.seed)
    logprobs = next_token(checkpoint, sys.stdin.read(), Image.open(options.picture).convert("RGB"))
    print(json.dumps({str(number): value for number, value in enumerate(logprobs.tolist())}))


@torch.inference_mode()
def next_token(checkpoint: Checkpoint, prompt: str, picture: Image.Image) -> torch.Tensor:
    """float32 [vocabulary]: log probabilities."""
    tokenizer = _tokenizer(checkpoint.vocabulary)
    model = _model(checkpoint)
    pixels = Qwen2VLImageProcessorPil(**checkpoint.pixels)(picture, return_tensors="pt")
    grid = pixels["image_grid_thw"]
    count = int(grid.prod()) // checkpoint.vision["spatial_merge_size"] ** 2
    ids = torch.tensor([tokenizer.encode(prompt.replace(PAD, PAD * count)).ids])
    pad = checkpoint.vocabulary.tokens.index(PAD)
    answer = model(
        input_ids=ids,
        pixel_values=pixels["pixel_values"],
        image_grid_thw=grid,
        mm_token_type_ids=(ids == pad).int(),
    )
    return answer.logits[0, -1].float().log_softmax(-1)


def _model(checkpoint: Checkpoint) -> Qwen2VLForConditionalGeneration:
    number = checkpoint.vocabulary.tokens.index
    rope = {**checkpoint.text["rope_parameters"], "rope_type": "default"}
    config = Qwen2VLConfig(
        text_config={**checkpoint.text, "rope_parameters": rope},
        vision_config={**checkpoint.vision, "hidden_size": checkpoint.text["hidden_size"]},
        image_token_id=number(PAD),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
        tie_word_embeddings=False,
    )
    model = Qwen2VLForConditionalGeneration(config).eval()
    named = {_own_name(name): torch.from_numpy(weights) for name, weights in checkpoint.weights.items()}
    model.load_state_dict(named)
    return model


def _own_name(name: str) -> str:
    """Of a weight in the running model: what is saved has shorter names."""
    if name.startswith("visual."):
        return f"model.{name}"
    return name.replace("model.", "model.language_model.", 1) if name.startswith("model.") else name


def _tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    plain = {
        token: number for number, token in enumerate(vocabulary.tokens) if number not in vocabulary.special
    }
    merges = [tuple(pair.split(" ")) for pair in vocabulary.merges]
    tokenizer = Tokenizer(models.BPE(vocab=plain, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_CUT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    special = [AddedToken(vocabulary.tokens[number], special=True) for number in sorted(vocabulary.special)]
    tokenizer.add_special_tokens(special)
    return tokenizer


if __name__ == "__main__":
    main()
