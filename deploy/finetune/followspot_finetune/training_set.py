"""The training set that `followspot finetune` writes: facts about pictures, and the words of serving.

A folder with `training-set.json` (what holds for all), `train.jsonl` and `held-out.jsonl` (a picture a
line) and the pictures, which have the size in which they are sent to the model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .mistake import Mistake

FORMAT = "followspot-training-set/1"
UNKNOWN = "unknown"
MOST_PICTURES = 100_000


@dataclass(frozen=True)
class Framed:
    """One subject and where it is."""

    label: str
    corners: tuple[int, int, int, int]
    """Left, top, right, bottom, in the coordinates that the model's family writes."""
    written: str
    """The same as the family writes it in an answer."""


@dataclass(frozen=True)
class Picture:
    """One picture and what is known of it."""

    file: Path
    scene: str
    """Where it was taken: pictures of one scene are never on both sides of the split."""
    present: frozenset[str]
    """Labels that are in it, `unknown` for strangers. Every other label of the training set is not in it."""
    boxes: tuple[Framed, ...]
    """Where the present ones are; empty where nobody framed the picture."""
    caption: str | None
    swapped: Path | None
    """The photograph whose subjects stand on another background here."""


@dataclass(frozen=True)
class Words:
    """What the model is told and asked, in the very words of serving."""

    systems: tuple[str, ...]
    """The constant text without a scene, then one for each scene of the show."""
    chat: str
    """With `{system}` and `{question}` to be filled in."""
    score: str
    """With `{label}` to be filled in."""
    unknown: str
    list: str
    boxes: str
    box: str
    """With `{label}` to be filled in: where one of them is."""
    describe: str
    yes: str
    no: str

    def ask_for(self, label: str) -> str:
        """The yes-or-no question for one label."""
        return self.unknown if label == UNKNOWN else self.score.replace("{label}", label)


@dataclass(frozen=True)
class TrainingSet:
    """All that is learnt from, and judged by."""

    dir: Path
    show: str
    dataset_hash: str
    prompt_version: str
    max_pixels: int
    labels: tuple[str, ...]
    """All that may be asked for, in the order of the cast; `unknown` is the last."""
    look_alikes: Mapping[str, Sequence[str]]
    """For each label the others, most alike first."""
    words: Words
    train: tuple[Picture, ...]
    held_out: tuple[Picture, ...]


def read_training_set(folder: Path) -> TrainingSet:
    """Reads and checks the folder. Raises Mistake with file, line and field."""
    file = folder / "training-set.json"
    if not file.is_file():
        raise Mistake(f"{file} is not there: `followspot finetune --export {folder}` writes a training set")
    head = _parse(file.read_text("utf-8"), str(file))
    if head.get("format") != FORMAT:
        raise Mistake(f"{file}: format: it must be {FORMAT}; write the training set anew")
    labels = tuple(_strings(head, "labels", str(file)))
    return TrainingSet(
        dir=folder,
        show=_string(head, "show", str(file)),
        dataset_hash=_string(head, "dataset", str(file)),
        prompt_version=_string(head, "promptVersion", str(file)),
        max_pixels=int(head.get("maxPixels", 0)),
        labels=labels,
        look_alikes={label: tuple(others) for label, others in dict(head.get("lookAlikes", {})).items()},
        words=_words(head, str(file)),
        train=_pictures(folder / "train.jsonl", labels),
        held_out=_pictures(folder / "held-out.jsonl", labels),
    )


def _words(head: Mapping[str, Any], place: str) -> Words:
    questions = head.get("questions")
    if not isinstance(questions, dict):
        raise Mistake(f"{place}: questions: it must be an object; write the training set anew")
    systems = [_string(system, "text", f"{place}: systems") for system in head.get("systems", [])]
    if not systems:
        raise Mistake(f"{place}: systems: there must be one at least; write the training set anew")
    asked = ("score", "unknown", "list", "boxes", "box", "describe")
    return Words(
        systems=tuple(systems),
        chat=_string(head, "chat", place),
        yes=_string(head, "yes", place),
        no=_string(head, "no", place),
        **{name: _string(questions, name, f"{place}: questions") for name in asked},
    )


def _pictures(file: Path, labels: Sequence[str]) -> tuple[Picture, ...]:
    if not file.is_file():
        raise Mistake(f"{file} is missing: write the training set anew")
    pictures = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if len(pictures) >= MOST_PICTURES:
            raise Mistake(
                f"{file}:{number}: a training set has at most {MOST_PICTURES} pictures; split this one"
            )
        place = f"{file}:{number}"
        pictures.append(_picture(_parse(line, place), file.parent, labels, place))
    return tuple(pictures)


def _picture(entry: Mapping[str, Any], folder: Path, labels: Sequence[str], place: str) -> Picture:
    file = _picture_file(entry, "file", folder, place)
    present = frozenset(_strings(entry, "present", place))
    strangers = present - set(labels)
    if strangers:
        raise Mistake(f"{place}: present: {', '.join(sorted(strangers))} is not one of the labels")
    return Picture(
        file=file,
        scene=_string(entry, "scene", place),
        present=present,
        boxes=tuple(_framed(box, place) for box in entry.get("boxes") or []),
        caption=entry.get("caption"),
        swapped=_picture_file(entry, "swapped", folder, place) if entry.get("swapped") is not None else None,
    )


def _picture_file(entry: Mapping[str, Any], field: str, folder: Path, place: str) -> Path:
    name = _string(entry, field, place)
    file = (folder / name).resolve()
    if folder.resolve() not in file.parents:
        raise Mistake(f"{place}: {field}: {name} must lie inside the training set's folder")
    if not file.is_file():
        raise Mistake(f"{place}: {field}: there is no picture {file}")
    return file


def _framed(box: Any, place: str) -> Framed:
    if not isinstance(box, dict):
        raise Mistake(f"{place}: boxes: each must be an object")
    corners = box.get("corners")
    if not (
        isinstance(corners, list) and len(corners) == 4 and all(isinstance(side, int) for side in corners)
    ):
        raise Mistake(f"{place}: boxes: corners are four whole numbers")
    left, top, right, bottom = corners
    where = f"{place}: boxes"
    return Framed(_string(box, "label", where), (left, top, right, bottom), _string(box, "written", where))


def _parse(text: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Mistake(f"{place}: this is not JSON ({error}); write the training set anew") from error
    if not isinstance(value, dict):
        raise Mistake(f"{place}: this must be a JSON object; write the training set anew")
    return value


def _string(entry: Mapping[str, Any], field: str, place: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or value == "":
        raise Mistake(f"{place}: {field}: it must be a text")
    return value


def _strings(entry: Mapping[str, Any], field: str, place: str) -> list[str]:
    value = entry.get(field)
    if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        raise Mistake(f"{place}: {field}: it must be a list of texts")
    return value
