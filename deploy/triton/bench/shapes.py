"""
`python deploy/triton/bench/shapes.py --size 2b`: what one frame costs Qwen2-VL in its real shapes, with
random weights.

Times `scores` (one pass over all labels, the system text's keys and values kept) against `list` (one
question, and an answer written token by token, with the same kept text) for batches of 1 to 16 frames, and
sets the first against the model's arithmetic: the multiplications that a pass cannot do without, at the speed
that the card reaches on one large matrix product. Nothing is downloaded: random weights take as long as real
ones.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
)

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python"), str(HERE.parent / "tiny")]

from followspot_scores.adapters import Adapters  # noqa: E402
from followspot_scores.box_writer import BoxQuestion, write_boxes  # noqa: E402
from followspot_scores.families import FAMILIES  # noqa: E402
from followspot_scores.forest import Forest, Tree  # noqa: E402
from followspot_scores.pictures import Picture, PictureReader  # noqa: E402
from followspot_scores.questions import questions  # noqa: E402
from followspot_scores.resize import PixelLimits  # noqa: E402
from followspot_scores.scorer import Asked, Bounds, Scorer  # noqa: E402
from followspot_scores.tree_pass import read_prefix, see, walk  # noqa: E402
from followspot_scores.vocabulary import Vocabulary  # noqa: E402
from followspot_tiny.tokenizer import train_tokenizer  # noqa: E402

GOAL_AGAINST_LIST = 8
GOAL_AGAINST_ARITHMETIC = 1.5


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

    @property
    def head(self) -> int:
        return self.hidden // self.heads


SHAPES = {
    "2b": Shape(1536, 8960, 28, 12, 2, 151_936, tied=True),
    "7b": Shape(3584, 18_944, 28, 28, 4, 152_064, tied=False),
    "tiny": Shape(128, 256, 2, 4, 2, 1024, tied=False, vision_width=128, vision_depth=2, vision_heads=4),
}


def main() -> None:
    options = _options()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    labels = tuple(f"label-{number}" for number in range(options.labels))
    vocabulary = Vocabulary(_tokenizer(labels), questions())
    shape = SHAPES[options.size]
    model = _network(shape, vocabulary, device, dtype)
    limits = PixelLimits(4 * 784, options.image_tokens * 784, 14, 2)
    reader = PictureReader(limits, (0.5,) * 3, (0.5,) * 3, 2)
    system = " ".join(f"- {label}: a puppet with a hat, a coat and a stick." for label in labels)
    scorer = Scorer(
        model, vocabulary, FAMILIES["qwen2_vl"], Adapters(model, {}), Bounds(batch_tokens=1 << 20)
    )
    peak = _peak(device, dtype)
    rows = []
    for batch in options.batches:
        frames = [reader.prepare(_frame(seed)) for seed in range(batch)]
        asked = [Asked(frame, labels, system) for frame in frames]
        _forget_peak(device)
        score_ms = _median_ms(lambda asked=asked: scorer.score(asked), options.rounds, device)
        memory = _peak_memory(device)
        ask = _list_asker(model, vocabulary, system, frames, options.list_tokens)
        list_ms = _median_ms(ask, options.rounds, device)
        limit_ms = _flops(shape, vocabulary, frames[0], labels, system) * batch / peak * 1000
        rows.append(
            {
                "batch": batch,
                "scores_ms_a_frame": round(score_ms / batch, 3),
                "list_ms_a_frame": round(list_ms / batch, 3),
                "list_by_scores": round(list_ms / score_ms, 2),
                "arithmetic_ms_a_frame": round(limit_ms / batch, 3),
                "scores_by_arithmetic": round(score_ms / limit_ms, 2),
                "peak_memory_gb": memory,
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    report = {
        "size": options.size,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        "dtype": str(dtype),
        "labels": len(labels),
        "picture_tokens": frames[0].tokens,
        "prefix_tokens": len(vocabulary.prefix(system)),
        "list_tokens": options.list_tokens,
        "measured_peak_tflops": round(peak / 1e12, 3),
        "goals": {"list_by_scores": GOAL_AGAINST_LIST, "scores_by_arithmetic": GOAL_AGAINST_ARITHMETIC},
        "rows": rows,
    }
    print(json.dumps(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(SHAPES), default="2b")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    parser.add_argument("--labels", type=int, default=30)
    parser.add_argument("--image-tokens", type=int, default=384, help="at most, of one frame")
    parser.add_argument(
        "--list-tokens", type=int, default=24, help="that a list's answer has: five names or so"
    )
    parser.add_argument("--rounds", type=int, default=20)
    return parser.parse_args()


def _tokenizer(labels: tuple[str, ...]) -> PreTrainedTokenizerFast:
    book = questions()
    return train_tokenizer([book.suffix(text) for text in book.ask.values()], [*labels, "yes", "no"])


def _network(
    shape: Shape, vocabulary: Vocabulary, device: torch.device, dtype: torch.dtype
) -> PreTrainedModel:
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
            "mlp_ratio": 4,
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


def _frame(seed: int) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 16, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((1280, 720), Image.Resampling.BICUBIC)


def _list_asker(
    model: PreTrainedModel, vocabulary: Vocabulary, system: str, frames: list[Picture], count: int
) -> Callable[[], object]:
    """The list's question for each frame, and `count` tokens of answer, all frames together."""
    prefix = vocabulary.prefix(system)
    question = vocabulary.about("list")
    picture = model.config.image_token_id

    @torch.inference_mode()
    def ask() -> object:
        known = kept[0]
        trees = [Tree(len(prefix), frame.token_grid, picture, (), (question[:1],)) for frame in frames]
        forest = Forest.plant(trees, vocabulary.pad).to(model.device)
        _, cache = walk(model, forest, [known] * len(frames), see(model, frames))
        asked = [
            BoxQuestion(row, question, len(prefix) + max(frame.token_grid))
            for row, frame in enumerate(frames)
        ]
        return write_boxes(model, cache, forest, asked, frozenset(), most_tokens=count)

    with torch.inference_mode():
        kept = [read_prefix(model, prefix)]
    return ask


def _median_ms(work: Callable[[], object], rounds: int, device: torch.device) -> float:
    times = []
    for round_number in range(rounds + 3):
        began = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        if round_number >= 3:
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _peak(device: torch.device, dtype: torch.dtype) -> float:
    """
    Operations a second on a large matrix product: what the card really reaches, not what its sheet says.
    """
    side = 8192 if device.type == "cuda" else 1024
    left = torch.randn(side, side, device=device, dtype=dtype)
    right = torch.randn(side, side, device=device, dtype=dtype)
    return 2 * side**3 / (_median_ms(lambda: left @ right, 10, device) / 1000)


def _flops(
    shape: Shape, vocabulary: Vocabulary, frame: Picture, labels: tuple[str, ...], system: str
) -> float:
    """
    Multiplications and additions for one frame: its patches, its tokens and the questions; the prefix is
    kept.
    """
    branches = [len(vocabulary.about("score", label)) for label in labels] + [
        len(vocabulary.about("unknown"))
    ]
    prefix, picture = len(vocabulary.prefix(system)), frame.tokens
    tokens = picture + sum(branches)
    linear = (
        shape.hidden * (2 * shape.hidden + 2 * shape.kv_heads * shape.head)
        + 3 * shape.hidden * shape.intermediate
    )
    pairs = picture * (prefix + picture / 2) + sum(size * (prefix + picture + size / 2) for size in branches)
    text = shape.layers * (2 * tokens * linear + 4 * pairs * shape.hidden)
    patches, width = frame.grid[0] * frame.grid[1], shape.vision_width
    block = 2 * patches * width * width * (4 + 2 * 4) + 4 * patches * patches * width
    merge = 2 * picture * (4 * width) * (4 * width + shape.hidden)
    embed = 2 * patches * width * frame.patches.shape[1]
    return text + shape.vision_depth * block + merge + embed


def _forget_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()


def _peak_memory(device: torch.device) -> float | None:
    return round(torch.cuda.max_memory_allocated() / 1e9, 2) if device.type == "cuda" else None


if __name__ == "__main__":
    main()
