"""
The words in which the model is asked; `questions.json` is written by packages/vision-language, word for word.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "questions.json"
IMAGE_PAD = "<|image_pad|>"


@dataclass(frozen=True)
class Questions:
    """The chat format cut where the picture goes in, and the questions with `{label}` in them."""

    head: str
    """Up to the picture, with `{system}` in it."""
    tail: str
    """From the picture to where the answer begins, with `{question}` in it."""
    ask: dict[str, str]
    yes: str
    no: str

    def prefix(self, system: str) -> str:
        return self.head.replace("{system}", system)

    def suffix(self, question: str) -> str:
        return self.tail.replace("{question}", question)

    def about(self, kind: str, label: str) -> str:
        """One question about one label, ready to follow the picture."""
        return self.suffix(self.ask[kind].replace("{label}", label))


@cache
def questions() -> Questions:
    book = json.loads(FILE.read_text(encoding="utf-8"))
    head, tail = book["chat"].split(IMAGE_PAD)
    return Questions(head=head, tail=tail, ask=book["questions"], yes=book["yes"], no=book["no"])
