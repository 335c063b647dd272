"""
`python deploy/triton/bench/shapes.py --size 2b`: what one frame costs Qwen2-VL in its real shapes, with
random weights.

Times `scores` (one pass over all labels, the system text's keys and values kept) against `list` (one
question, and an answer written token by token, with the same kept text) for batches of 1 to 16 frames, and
sets the first against the model's arithmetic: the matrix products that a pass cannot do without, each timed
alone, in the same run and in turns with the pass.

On the CPU `--layers N` keeps only so many of either part's layers; `--threads 1` counts the thread's own
processor time, which other work on the machine does not add to.
"""

import argparse
import dataclasses
import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import PreTrainedModel, PreTrainedTokenizerFast

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python"), str(HERE.parent / "tiny")]

from arithmetic import Limit, attention_ms, products  # noqa: E402
from followspot_scores.adapters import Adapters  # noqa: E402
from followspot_scores.box_writer import BoxQuestion, write_boxes  # noqa: E402
from followspot_scores.families import FAMILIES  # noqa: E402
from followspot_scores.forest import Forest, Tree  # noqa: E402
from followspot_scores.lighter import lighten  # noqa: E402
from followspot_scores.pictures import Picture, PictureReader  # noqa: E402
from followspot_scores.questions import questions  # noqa: E402
from followspot_scores.resize import PixelLimits  # noqa: E402
from followspot_scores.scorer import Asked, Bounds, Scorer  # noqa: E402
from followspot_scores.tree_pass import read_prefix, see, walk  # noqa: E402
from followspot_scores.vocabulary import Vocabulary  # noqa: E402
from followspot_tiny.tokenizer import train_tokenizer  # noqa: E402
from real_shapes import SHAPES, random_network  # noqa: E402

GOAL_AGAINST_LIST = 8
GOAL_AGAINST_ARITHMETIC = 1.5
DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32}


def main() -> None:
    options = _options()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = DTYPES[options.dtype or ("bf16" if device.type == "cuda" else "fp32")]
    if options.threads:
        torch.set_num_threads(options.threads)
    labels = tuple(f"label-{number}" for number in range(options.labels))
    vocabulary = Vocabulary(_tokenizer(labels), questions())
    whole = SHAPES[options.size]
    layers = options.layers or whole.vision_depth
    shape = dataclasses.replace(
        whole, layers=min(layers, whole.layers), vision_depth=min(layers, whole.vision_depth)
    )
    model = random_network(shape, vocabulary, device, dtype)
    if not options.plain:
        lighten(model)
    limits = PixelLimits(4 * 784, options.image_tokens * 784, 14, 2)
    reader = PictureReader(limits, (0.5,) * 3, (0.5,) * 3, 2)
    system = " ".join(f"- {label}: a puppet with a hat, a coat and a stick." for label in labels)
    scorer = Scorer(
        model, vocabulary, FAMILIES["qwen2_vl"], Adapters(model, {}), Bounds(batch_tokens=1 << 20)
    )
    prefix = len(vocabulary.prefix(system))
    stem, branches = scorer.lengths(labels)
    timed_ms = _timer(device, options.threads)
    rows = []
    for batch in options.batches:
        frames = [reader.read(_frame(seed)) for seed in range(batch)]
        asked = [Asked(frame, labels, system) for frame in frames]
        wanted = products(shape, frames[0], batch, prefix, stem, branches)
        limit = Limit(wanted, device, dtype)
        tokens = frames[0].tokens + stem + sum(branches)
        attention = attention_ms(shape, frames[0], batch, prefix + tokens, tokens, device, dtype)
        ways = {
            "scores": lambda asked=asked: timed_ms(lambda: scorer.score(asked)),
            "arithmetic": lambda limit=limit: limit.ms(timed_ms),
            "attention": lambda attention=attention: attention(timed_ms),
        }
        if not options.no_list:
            ask = _list_asker(model, vocabulary, system, frames, options.list_tokens)
            ways["list"] = lambda ask=ask: timed_ms(ask)
        _forget_peak(device)
        ms = _in_turns(ways, options.rounds, options.warm_up)
        a_frame = {f"{name}_ms_a_frame": round(value / batch, 3) for name, value in ms.items()}
        full = sum(one.flops for one in products(whole, frames[0], batch, prefix, stem, branches))
        rows.append(
            {
                "batch": batch,
                **a_frame,
                "list_by_scores": round(ms["list"] / ms["scores"], 2) if "list" in ms else None,
                "scores_by_arithmetic": round(ms["scores"] / ms["arithmetic"], 2),
                "tflop_a_frame": round(limit.flops / batch / 1e12, 4),
                "arithmetic_tflops": round(limit.flops / ms["arithmetic"] / 1e9, 3),
                "all_layers_scores_ms_a_frame": round(ms["scores"] * full / limit.flops / batch, 1),
                "peak_memory_gb": _peak_memory(device),
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    report = {
        "size": options.size,
        "layers": [shape.layers, shape.vision_depth],
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        "threads": torch.get_num_threads(),
        "dtype": str(dtype),
        "steps": "the library's" if options.plain else "serving's",
        "labels": len(labels),
        "picture_tokens": frames[0].tokens,
        "prefix_tokens": prefix,
        "question_tokens": stem + sum(branches),
        "list_tokens": options.list_tokens,
        "reading_a_picture_ms": round(_reading_ms(reader, options.rounds), 2),
        "goals": {"list_by_scores": GOAL_AGAINST_LIST, "scores_by_arithmetic": GOAL_AGAINST_ARITHMETIC},
        "rows": rows,
    }
    print(json.dumps(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=sorted(SHAPES), default="2b")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    parser.add_argument("--labels", type=int, default=30)
    parser.add_argument("--image-tokens", type=int, default=384, help="at most, of one frame")
    parser.add_argument(
        "--list-tokens", type=int, default=24, help="that a list's answer has: five names or so"
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--warm-up", type=int, default=3, help="rounds that do not count")
    parser.add_argument("--dtype", choices=sorted(DTYPES), help="BF16 on a GPU, FP32 on the CPU if left out")
    parser.add_argument("--layers", type=int, help="of either part, all if left out")
    parser.add_argument("--threads", type=int, help="on the CPU")
    parser.add_argument("--no-list", action="store_true")
    parser.add_argument("--plain", action="store_true", help="the library's own steps, not serving's")
    return parser.parse_args()


def _tokenizer(labels: tuple[str, ...]) -> PreTrainedTokenizerFast:
    book = questions()
    return train_tokenizer([book.suffix(text) for text in book.ask.values()], [*labels, "yes", "no"])


def _frame(seed: int) -> bytes:
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 16, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(coarse).resize((1280, 720), Image.Resampling.BICUBIC).save(file, "JPEG", quality=85)
    return file.getvalue()


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
            BoxQuestion(row, question, len(prefix) + max(frame.token_grid), frame.tokens)
            for row, frame in enumerate(frames)
        ]
        return write_boxes(model, cache, forest, asked, frozenset(), most_tokens=count)

    with torch.inference_mode():
        kept = [read_prefix(model, prefix)]
    return ask


def _timer(device: torch.device, threads: int | None) -> Callable[[Callable[[], object]], float]:
    """Milliseconds of one piece of work, with what it left for the card to do."""
    clock = time.process_time if device.type == "cpu" and threads == 1 else time.perf_counter

    def timed_ms(work: Callable[[], object]) -> float:
        began = clock()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return (clock() - began) * 1000

    return timed_ms


def _in_turns(ways: dict[str, Callable[[], float]], rounds: int, warm_up: int) -> dict[str, float]:
    """The median of each, one round after the other, so that what disturbs one disturbs all."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for round_number in range(-warm_up, rounds):
        for name, way in ways.items():
            ms = way()
            if round_number >= 0:
                times[name].append(ms)
    return {name: statistics.median(each) for name, each in times.items()}


def _reading_ms(reader: PictureReader, rounds: int) -> float:
    """From a camera's JPEG to patches, on one thread of the CPU."""
    jpeg = _frame(0)
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        reader.read(jpeg)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _forget_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()


def _peak_memory(device: torch.device) -> float | None:
    return round(torch.cuda.max_memory_allocated() / 1e9, 2) if device.type == "cuda" else None


if __name__ == "__main__":
    main()
