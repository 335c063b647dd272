"""What the small model is asked about a scene, and the answers that it should give."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from followspot_scores.questions import questions
from transformers import PreTrainedTokenizerFast

from .album import UNKNOWN, Scene, Thing

END = "<|im_end|>"
# Of Qwen2-VL's box coordinates, whatever the picture's size.
BOX_RANGE = 1000


@dataclass(frozen=True)
class Exercise:
    """A question and its answer, as tokens."""

    question: tuple[int, ...]
    answer: tuple[int, ...]
    verdict: bool | None = None
    """Where the answer is yes or no."""
    label_at: int | None = None
    """Where in such a question the label stands."""


def corners(thing: Thing) -> list[int]:
    """Left, top, right, bottom in Qwen2-VL's coordinates."""
    return [min(BOX_RANGE, max(0, round(side * BOX_RANGE))) for side in thing.box]


class Teacher:
    """Knows the cast, and asks in the words of serving."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, cast: Sequence[str]) -> None:
        self._tokenizer = tokenizer
        self._cast = tuple(cast)
        self._known: dict[tuple[str, str], Exercise] = {}

    def verdicts(self, scene: Scene, random: np.random.Generator) -> list[Exercise]:
        """
        Half of the questions about the cast deserve a yes, whatever is there to be asked: else the model
        learns to say always the same.
        """
        present = [label for label in self._cast if label in scene.labels]
        absent = [label for label in self._cast if label not in scene.labels]
        some = [str(label) for label in random.permutation(absent)[: max(1, len(present))]]
        return [
            *(self.yes_or_no(label, label in present) for label in (*present, *some)),
            self.stranger(scene),
        ]

    def essay(self, scene: Scene, random: np.random.Generator) -> Exercise:
        """One question of another kind."""
        boxed = [thing for thing in scene.things if thing.label != UNKNOWN]
        kind = random.integers(6)
        if kind < 2:
            return self.names(scene)
        if kind == 2:
            return self.verify(scene, [str(label) for label in random.permutation(self._cast)[:3]])
        if kind == 3 or not boxed:
            return self.boxes(scene)
        return self.box(boxed[random.integers(len(boxed))])

    def yes_or_no(self, label: str, present: bool) -> Exercise:
        exercise = self._exercise(questions().about("score", label), self._word(present))
        label_at = exercise.question.index(self._tokens(label)[0])
        return Exercise(exercise.question, exercise.answer, present, label_at)

    def stranger(self, scene: Scene) -> Exercise:
        there = UNKNOWN in scene.labels
        exercise = self._exercise(questions().suffix(questions().ask["unknown"]), self._word(there))
        return Exercise(exercise.question, exercise.answer, there)

    def names(self, scene: Scene) -> Exercise:
        ids = [label for label in (*self._cast, UNKNOWN) if label in scene.labels]
        return self._exercise(questions().suffix(questions().ask["list"]), json.dumps(ids))

    def verify(self, scene: Scene, candidates: Sequence[str]) -> Exercise:
        """A list again, of those of the candidates who are there."""
        question = questions().ask["verify"].replace("{candidates}", ", ".join(candidates))
        return self._exercise(
            questions().suffix(question), json.dumps([c for c in candidates if c in scene.labels])
        )

    def boxes(self, scene: Scene) -> Exercise:
        """All of the cast that is there, each with its box, as JSON."""
        there = [thing for thing in scene.things if thing.label != UNKNOWN]
        answer = [{"bbox_2d": corners(thing), "label": thing.label} for thing in there]
        return self._exercise(questions().suffix(questions().ask["boxes"]), json.dumps(answer))

    def box(self, thing: Thing) -> Exercise:
        left, top, right, bottom = corners(thing)
        answer = (
            f"<|object_ref_start|>{thing.label}<|object_ref_end|>"
            f"<|box_start|>({left},{top}),({right},{bottom})<|box_end|>"
        )
        return self._exercise(questions().about("box", thing.label), answer)

    def _word(self, present: bool) -> str:
        return questions().yes if present else questions().no

    def _exercise(self, question: str, answer: str) -> Exercise:
        known = self._known.get((question, answer))
        if known is None:
            known = Exercise(self._tokens(question), self._tokens(answer + END))
            if len(self._known) < 1_000:
                self._known[question, answer] = known
        return known

    def _tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer(text, add_special_tokens=False)["input_ids"])
