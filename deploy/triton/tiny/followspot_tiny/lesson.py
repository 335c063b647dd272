"""What the small model is asked about a scene, and the answers that it should give."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from followspot_scores.questions import questions
from transformers import PreTrainedTokenizerFast

from .album import UNKNOWN, Scene

END = "<|im_end|>"
# Of the lists, those about a few candidates.
VERIFY_SHARE = 0.25


@dataclass(frozen=True)
class Exercise:
    """A question and its answer, as tokens."""

    question: tuple[int, ...]
    answer: tuple[int, ...]
    verdict: bool | None = None
    """Where the answer is yes or no."""
    label_at: int | None = None
    """Where in such a question the label stands."""


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

    def listing(self, scene: Scene, random: np.random.Generator) -> Exercise:
        """Who is there, of all or of a few candidates."""
        if random.random() < VERIFY_SHARE:
            return self.verify(scene, [str(label) for label in random.permutation(self._cast)[:3]])
        return self.names(scene, random)

    def yes_or_no(self, label: str, present: bool) -> Exercise:
        exercise = self._exercise(questions().about("score", label), self._word(present))
        label_at = exercise.question.index(self._tokens(label)[0])
        return Exercise(exercise.question, exercise.answer, present, label_at)

    def stranger(self, scene: Scene) -> Exercise:
        there = UNKNOWN in scene.labels
        exercise = self._exercise(questions().suffix(questions().ask["unknown"]), self._word(there))
        return Exercise(exercise.question, exercise.answer, there)

    def names(self, scene: Scene, random: np.random.Generator) -> Exercise:
        """In any order: so each of those who are not named yet may be next."""
        ids = [label for label in (*self._cast, UNKNOWN) if label in scene.labels]
        answer = json.dumps([str(label) for label in random.permutation(ids)])
        return self._exercise(questions().suffix(questions().ask["list"]), answer)

    def verify(self, scene: Scene, candidates: Sequence[str]) -> Exercise:
        """A list again, of those of the candidates who are there."""
        question = questions().ask["verify"].replace("{candidates}", ", ".join(candidates))
        return self._exercise(
            questions().suffix(question), json.dumps([c for c in candidates if c in scene.labels])
        )

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
