"""`python teach_base.py TRAINING_SET OUT --hide LABEL`: a small Qwen2-VL that knows all labels but one.

First its vision tower learns what each token of a picture shows, then the rest to answer. Whom it is to be
taught later the tower sees as well, as Qwen's own tower sees puppets that it has no word for.
"""

import argparse
import json
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from followspot_finetune.conversation import Conversation
from followspot_finetune.eye import Eye
from followspot_finetune.network import Network
from followspot_finetune.sampler import draw_round
from followspot_finetune.training_set import UNKNOWN, Picture, TrainingSet, read_training_set
from followspot_scores.pictures import PictureReader
from followspot_tiny.network import Size, save_processor, small_network
from followspot_tiny.tokenizer import train_tokenizer
from torch.optim.lr_scheduler import OneCycleLR

PEAK_RATE = 2e-3
LOOK_RATE = 2e-3
LOOKS = 120
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
    tokenizer = train_tokenizer(
        [*texts, json.dumps(training.labels)] * 2, words=[*training.labels, "yes", "no"]
    )
    model = small_network(tokenizer, Size(hidden=64, vision_depth=1), seed=seed)
    tokenizer.save_pretrained(folder)
    save_processor(Size(), folder)
    network = Network(Bare(model), Eye(model, folder, max_pixels=0), Conversation(tokenizer, words))
    plain = replace(training, train=tuple(picture for picture in training.train if picture.swapped is None))
    known = replace(plain, train=tuple(_without(picture, hidden) for picture in plain.train))
    if rounds > 0:
        teach_to_look(model, plain, PictureReader.of_checkpoint(folder), seed=seed)
    lessons = [lesson for number in range(rounds) for lesson in draw_round(known, seed, number)]
    steps = range(0, len(lessons), AT_ONCE)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.02)
    rates = OneCycleLR(optimizer, PEAK_RATE, total_steps=len(steps) + 1, pct_start=0.15)
    for at in steps:
        batch = lessons[at : at + AT_ONCE]
        optimizer.zero_grad()
        sum(network.loss(lesson) for lesson in batch).div(len(batch)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rates.step()
    model.save_pretrained(folder)


def teach_to_look(model: Any, training: TrainingSet, reader: PictureReader, *, seed: int) -> None:
    """What each token shows is asked by a layer that is thrown away afterwards."""
    torch.manual_seed(seed)
    look = torch.nn.Linear(model.config.vision_config.hidden_size, len(training.labels) + 1)
    weights = [*model.model.visual.parameters(), *look.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=LOOK_RATE)
    chance = random.Random(seed)
    for _ in range(LOOKS):
        loss = torch.zeros(())
        for picture in chance.choices(training.train, k=AT_ONCE):
            seen = reader.read(picture.file.read_bytes())
            grid = torch.tensor([(1, *seen.grid)])
            tokens = torch.cat(
                list(model.get_image_features(torch.from_numpy(seen.patches), grid).pooler_output)
            )
            loss = loss + torch.nn.functional.cross_entropy(
                look(tokens), cells_of(picture, seen, training.labels)
            )
        optimizer.zero_grad()
        loss.div(AT_ONCE).backward()
        optimizer.step()


def cells_of(picture: Picture, seen: Any, labels: tuple[str, ...]) -> torch.Tensor:
    """[tokens]: the label in whose box the middle of each token lies, the last pasted first; or one more."""
    rows, columns = seen.token_grid
    cells = torch.full((rows, columns), len(labels))
    y, x = (torch.arange(rows) + 0.5) / rows * 1000, (torch.arange(columns) + 0.5) / columns * 1000
    for box in picture.boxes:
        left, top, right, bottom = box.corners
        inside = ((y >= top) & (y <= bottom))[:, None] & ((x >= left) & (x <= right))[None]
        cells[inside] = labels.index(box.label)
    return cells.flatten()


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
