"""`python teach_base.py TRAINING_SET OUT --hide LABEL`: a small Qwen2-VL that knows all labels but one.

All its weights but the vision tower's are trained: a random one tells puppets of one colour each apart.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from followspot_finetune.conversation import Conversation
from followspot_finetune.eye import Eye
from followspot_finetune.network import Network
from followspot_finetune.sampler import Shares, draw_round
from followspot_finetune.training_set import UNKNOWN, Picture, TrainingSet, read_training_set
from followspot_tiny.network import Size, save_processor, small_network
from followspot_tiny.tokenizer import train_tokenizer

RATE = 2e-3
AT_ONCE = 5


class Bare:
    """A model without an adapter, where a PeftModel is expected."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def get_base_model(self) -> Any:
        """The model itself."""
        return self._model


def teach_base(
    training: TrainingSet, folder: Path, *, hidden: frozenset[str], rounds: int, seed: int = 3
) -> None:
    """Writes weights, tokenizer and preprocessor. With no rounds it knows nothing."""
    words = training.words
    texts = [*words.systems, words.score, words.unknown, words.list, words.boxes, words.box, words.describe]
    tokenizer = train_tokenizer([*texts, json.dumps(training.labels)] * 2, words=[*training.labels, "yes", "no"])
    model = small_network(tokenizer, Size(hidden=64, layers=2, vision_depth=1), seed=seed)
    tokenizer.save_pretrained(folder)
    save_processor(Size(), folder)
    network = Network(Bare(model), Eye(model, folder, max_pixels=0), Conversation(tokenizer, words))
    known = replace(training, train=tuple(_without(picture, hidden) for picture in training.train))
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    shares = Shares(list=0, boxes=0, caption=0)
    for number in range(rounds):
        lessons = draw_round(known, seed, number, shares)
        for at in range(0, len(lessons), AT_ONCE):
            optimizer.zero_grad()
            sum(network.loss(lesson) for lesson in lessons[at : at + AT_ONCE]).div(AT_ONCE).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
    model.save_pretrained(folder)


def _without(picture: Picture, hidden: frozenset[str]) -> Picture:
    """Whom it does not know is a stranger to it."""
    if not picture.present & hidden:
        return picture
    return replace(picture, present=picture.present - hidden | {UNKNOWN}, boxes=(), caption=None)


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("training_set", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--hide", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    started = time.monotonic()
    chosen.out.mkdir(parents=True, exist_ok=True)
    training = read_training_set(chosen.training_set)
    teach_base(training, chosen.out, hidden=frozenset(chosen.hide), rounds=chosen.rounds)
    print(f"taught in {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
