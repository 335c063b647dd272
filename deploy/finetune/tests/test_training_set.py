"""Reading what was written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from followspot_finetune.mistake import Mistake
from followspot_finetune.training_set import read_training_set


@pytest.fixture
def spoil(training_set: Path, tmp_path: Path) -> Callable[[str, Callable[[dict], None]], Path]:
    """A copy in which the first line of a file is changed."""

    def spoil(name: str, change: Callable[[dict], None]) -> Path:
        folder = shutil.copytree(training_set, tmp_path / "set")
        first, *rest = (folder / name).read_text().splitlines()
        entry = json.loads(first)
        change(entry)
        (folder / name).write_text("\n".join([json.dumps(entry), *rest]))
        return folder

    return spoil


def test_facts_and_words_are_read(training_set: Path) -> None:
    training = read_training_set(training_set)
    assert (len(training.train), len(training.held_out)) == (20, 10)
    assert training.train[0].present == {"fox"}
    assert training.train[0].boxes[0].corners == (178, 178, 821, 821)
    assert training.words.ask_for("fox") == 'Is "fox" in the picture? Answer yes or no.'
    assert training.words.ask_for("unknown").startswith("Is somebody or something in the picture")
    assert len(training.words.systems) == 2


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("train.jsonl", {"file": "../x.png"}, "train.jsonl:1: file: ../x.png must lie inside"),
        ("train.jsonl", {"file": "pictures/none.png"}, "train.jsonl:1: file: there is no picture"),
        ("train.jsonl", {"swapped": "../x.png"}, "train.jsonl:1: swapped: ../x.png must lie inside"),
        ("train.jsonl", {"swapped": "/x.png"}, "train.jsonl:1: swapped: /x.png must lie inside"),
        ("train.jsonl", {"swapped": "pictures/none.png"}, "train.jsonl:1: swapped: there is no picture"),
        ("train.jsonl", {"swapped": 7}, "train.jsonl:1: swapped: it must be a text"),
        ("train.jsonl", {"present": ["dragon"]}, "train.jsonl:1: present: dragon is not one of the labels"),
        ("train.jsonl", {"present": "fox"}, "train.jsonl:1: present: it must be a list of texts"),
        ("held-out.jsonl", {"boxes": [{"label": "fox", "corners": [1]}]}, "corners are four whole numbers"),
        ("training-set.json", {"format": "other"}, "format: it must be followspot-training-set/1"),
        ("training-set.json", {"systems": []}, "systems: there must be one at least"),
        ("training-set.json", {"questions": {}}, "questions: score: it must be a text"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    spoil: Callable[[str, Callable[[dict], None]], Path], name: str, change: dict, sentence: str
) -> None:
    folder = spoil(name, lambda entry: entry.update(change))
    with pytest.raises(Mistake, match=r".*") as caught:
        read_training_set(folder)
    assert sentence in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_folder_without_a_training_set_is_told_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="followspot finetune --export"):
        read_training_set(tmp_path)
