"""A training set of four coloured puppets, and a Qwen2-VL that is small and knows nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from followspot_finetune.training_set import read_training_set
from followspot_scores.questions import questions
from PIL import Image
from teach_base import teach_base

CAST = {"fox": (220, 110, 30), "bear": (90, 55, 30), "king": (40, 70, 200), "queen": (150, 40, 160)}
LABELS = [*CAST, "unknown"]
SYSTEM = "You watch a puppet show. Characters: fox, bear, king, queen."
PLACES = ("hall", "garden", "attic")
HELD_OUT_PLACE = "attic"

# A thread that waits for another on a busy machine costs more than it brings.
torch.set_num_threads(1)
torch.set_flush_denormal(True)


@pytest.fixture(scope="session")
def base(training_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights, which know nothing."""
    folder = tmp_path_factory.mktemp("base")
    teach_base(read_training_set(training_set), folder, hidden=frozenset(), rounds=0)
    return folder


@pytest.fixture(scope="session")
def make_training_set(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Writes one, with so many pictures of each puppet in each place."""

    def make(*, times: int = 2) -> Path:
        folder = tmp_path_factory.mktemp("set")
        (folder / "pictures").mkdir()
        lines: dict[str, list[dict]] = {"train": [], "held-out": []}
        random = np.random.default_rng(1)
        for place in PLACES:
            for label in LABELS:
                for _ in range(times):
                    name = f"pictures/{sum(map(len, lines.values())):03d}.png"
                    _draw(label, random).save(folder / name)
                    side = "held-out" if place == HELD_OUT_PLACE else "train"
                    lines[side].append(_line(name, place, label))
        for name, rows in lines.items():
            (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (folder / "training-set.json").write_text(json.dumps(_head()))
        return folder

    return make


@pytest.fixture(scope="session")
def training_set(make_training_set: Callable[..., Path]) -> Path:
    """The usual one."""
    return make_training_set()


def _draw(label: str, random: np.random.Generator) -> Image.Image:
    pixels = np.full((112, 112, 3), 128, dtype=np.int64)
    pixels[20:92, 20:92] = CAST.get(label, (235, 235, 235))
    noisy = np.clip(pixels + random.integers(-15, 16, pixels.shape), 0, 255)
    return Image.fromarray(noisy.astype(np.uint8))


def _line(name: str, place: str, label: str) -> dict:
    written = f"<|object_ref_start|>{label}<|object_ref_end|><|box_start|>(178,178),(821,821)<|box_end|>"
    return {
        "file": name,
        "scene": place,
        "present": [label],
        "boxes": [{"label": label, "corners": [178, 178, 821, 821], "written": written}],
        "caption": f"A {label} in the {place}.",
        "swapped": None,
    }


def _head() -> dict:
    book = questions()
    return {
        "format": "followspot-training-set/1",
        "show": "four",
        "dataset": "0" * 64,
        "promptVersion": "12345678",
        "maxPixels": 301_056,
        "systems": [
            {"scene": None, "text": SYSTEM},
            {"scene": "hall", "text": f"{SYSTEM} The scene is hall."},
        ],
        "chat": f"{book.head}<|image_pad|>{book.tail}",
        "questions": {**book.ask, "describe": "Describe this picture in one sentence."},
        "yes": book.yes,
        "no": book.no,
        "labels": LABELS,
        "lookAlikes": {
            "fox": ["bear", "queen", "king", "unknown"],
            "king": ["queen", "bear", "fox", "unknown"],
        },
    }
