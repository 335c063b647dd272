"""Which questions are asked about which picture in one round through the training set.

For every label there are as many questions with the answer no as with yes, and half of those noes are
pictures of the labels that look most like it. Otherwise a model learns to say yes, since a data set shows
what is there: it would be right on every picture that it was shown, and useless on a stage.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .training_set import Picture, TrainingSet


@dataclass(frozen=True)
class Shares:
    """How a round is mixed."""

    negatives: float = 0.5
    """Of the questions of a label: those with the answer no. With less than half a model comes to say yes."""
    look_alike: float = 0.5
    """Of the noes of a label: pictures of those who look like it. The others are anybody's."""
    nearest: int = 3
    """How many others count as its look-alikes."""
    swapped: float = 0.5
    """How often a picture's subjects stand on another background, where there is such a picture."""
    list: float = 0.5
    """Of the pictures: also asked for the list of all who are there."""
    boxes: float = 0.25
    """Of the framed pictures: also asked for their boxes."""
    caption: float = 0.25
    """Of the captioned pictures: also asked to describe it, so that the model does not forget how to talk."""
    scene: float = 0.25
    """Of the pictures: asked with the text of one of the show's scenes, whichever, as on a stage."""


@dataclass(frozen=True)
class Ask:
    """One question and the answer that is learnt."""

    kind: str
    """`score`, `list`, `boxes`, `box` or `describe`."""
    label: str
    """Of a score or a single box, else empty."""
    question: str
    answer: str


@dataclass(frozen=True)
class Lesson:
    """What is asked about one picture in one pass."""

    picture: Picture
    system: str
    asks: tuple[Ask, ...]


def draw_round(training: TrainingSet, seed: int, number: int, shares: Shares | None = None) -> list[Lesson]:
    """The lessons of one round, in the order in which they are given. Same seed and number, same lessons."""
    shares = shares or Shares()
    chance = random.Random(f"{seed}/{number}")
    pictures = _on_either_background(training.train, shares, chance)
    asks: dict[int, list[Ask]] = defaultdict(list)
    for label in training.labels:
        for index, answer in _balanced(label, pictures, training.look_alikes.get(label, ()), shares, chance):
            asks[index].append(_score(training, label, yes=answer))
    for index, picture in enumerate(pictures):
        asks[index] += _free_answers(training, picture, shares, chance)
    lessons = []
    for index in chance.sample(range(len(pictures)), len(pictures)):
        if not asks[index]:
            continue
        chance.shuffle(asks[index])
        lessons.append(Lesson(pictures[index], _system(training, shares, chance), tuple(asks[index])))
    return lessons


def questions_for(training: TrainingSet) -> list[Ask]:
    """Every label once, for judging."""
    return [_score(training, label, yes=True) for label in training.labels]


def _on_either_background(
    pictures: Sequence[Picture], shares: Shares, chance: random.Random
) -> list[Picture]:
    """Each photograph once: as it was taken, or with its subjects elsewhere."""
    elsewhere: dict[Path, list[Picture]] = defaultdict(list)
    for picture in pictures:
        if picture.swapped is not None:
            elsewhere[picture.swapped].append(picture)
    chosen = []
    for picture in pictures:
        if picture.swapped is not None:
            continue
        others = elsewhere.get(picture.file, [])
        chosen.append(chance.choice(others) if others and chance.random() < shares.swapped else picture)
    return chosen


def _balanced(
    label: str,
    pictures: Sequence[Picture],
    look_alikes: Sequence[str],
    shares: Shares,
    chance: random.Random,
) -> list[tuple[int, bool]]:
    """Index of a picture and whether the label is in it: as often as not."""
    with_it = [index for index, picture in enumerate(pictures) if label in picture.present]
    without = [index for index, picture in enumerate(pictures) if label not in picture.present]
    if not with_it or not without:
        # Nothing can be learnt of a label that is everywhere or nowhere, but to say always the same.
        return []
    per_yes = shares.negatives / (1 - shares.negatives)
    count = min(len(without), round(len(with_it) * per_yes))
    yes = with_it if per_yes == 0 else chance.sample(with_it, min(len(with_it), round(count / per_yes)))
    near = set(look_alikes[: shares.nearest])
    alike = [index for index in without if pictures[index].present & near]
    hard = chance.sample(alike, min(len(alike), round(count * shares.look_alike)))
    taken = set(hard)
    rest = [index for index in without if index not in taken]
    no = hard + chance.sample(rest, count - len(hard))
    return [(index, True) for index in yes] + [(index, False) for index in no]


def _score(training: TrainingSet, label: str, *, yes: bool) -> Ask:
    words = training.words
    return Ask("score", label, words.ask_for(label), words.yes if yes else words.no)


def _free_answers(
    training: TrainingSet, picture: Picture, shares: Shares, chance: random.Random
) -> list[Ask]:
    words = training.words
    asks = []
    if chance.random() < shares.list:
        asks.append(Ask("list", "", words.list, _names(training, picture)))
    if picture.boxes and chance.random() < shares.boxes:
        asks.append(Ask("boxes", "", words.boxes, _framed(training, picture)))
    if picture.boxes and chance.random() < shares.boxes:
        one = chance.choice(picture.boxes)
        every = [box.written for box in picture.boxes if box.label == one.label]
        asks.append(Ask("box", one.label, words.box.replace("{label}", one.label), "\n".join(every)))
    if picture.caption and picture.swapped is None and chance.random() < shares.caption:
        asks.append(Ask("describe", "", words.describe, picture.caption))
    return asks


def _names(training: TrainingSet, picture: Picture) -> str:
    """In the order of the cast, strangers last, as the schema of serving has it."""
    return json.dumps([label for label in training.labels if label in picture.present])


def _framed(training: TrainingSet, picture: Picture) -> str:
    order = {label: at for at, label in enumerate(training.labels)}
    framed = sorted(picture.boxes, key=lambda box: (order[box.label], box.corners))
    return json.dumps([{"bbox_2d": list(box.corners), "label": box.label} for box in framed])


def _system(training: TrainingSet, shares: Shares, chance: random.Random) -> str:
    plain, *scenes = training.words.systems
    return chance.choice(scenes) if scenes and chance.random() < shares.scene else plain
