"""How well a model tells who is in pictures that it has not learnt from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import log
from typing import Any

import torch
from followspot_scores.vocabulary import Vocabulary

from .network import Network
from .sampler import questions_for
from .training_set import Picture, TrainingSet

YES_FROM = 0.5
LEAST_PROBABLE = 1e-6


@dataclass(frozen=True)
class Judged:
    """One question and how it was answered."""

    label: str
    present: bool
    score: float
    """p(yes) / (p(yes) + p(no)), as serving has it."""


@dataclass(frozen=True)
class LabelFigures:
    """Of one label, over the pictures that were held out."""

    present: int
    absent: int
    hits: float | None
    """Yes where it is there; none where it never is."""
    false_alarms: float | None
    """Yes where it is not; none where it always is."""
    yes_rate: float

    @property
    def balanced_accuracy(self) -> float | None:
        """Half for those who are there, half for those who are not: 0.5 for whoever says always the same."""
        if self.hits is None or self.false_alarms is None:
            return None
        return (self.hits + 1 - self.false_alarms) / 2


@dataclass(frozen=True)
class Figures:
    """Of all labels."""

    labels: dict[str, LabelFigures]
    balanced_accuracy: float | None
    """The mean over the labels that were both there and not."""
    loss: float | None
    """Cross-entropy, both answers of a label weighing the same: what early stopping goes by."""

    def to_json(self) -> dict[str, Any]:
        """For the report."""
        return {
            "balancedAccuracy": _rounded(self.balanced_accuracy),
            "loss": _rounded(self.loss),
            "labels": {
                label: {
                    "present": one.present,
                    "absent": one.absent,
                    "balancedAccuracy": _rounded(one.balanced_accuracy),
                    "hits": _rounded(one.hits),
                    "falseAlarms": _rounded(one.false_alarms),
                    "yesRate": _rounded(one.yes_rate),
                }
                for label, one in self.labels.items()
            },
        }

    def to_state(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)

    @staticmethod
    def from_state(state: dict[str, Any]) -> Figures:
        """What `to_state` gave."""
        labels = {label: LabelFigures(**one) for label, one in state["labels"].items()}
        return Figures(labels, state["balanced_accuracy"], state["loss"])


class Judge:
    """Asks the model for every label of every picture, in the way of serving."""

    def __init__(self, training: TrainingSet, vocabulary: Vocabulary) -> None:
        self._training = training
        self._yes, self._no = list(vocabulary.yes), list(vocabulary.no)

    def judge(self, network: Network, pictures: Sequence[Picture]) -> Figures:
        """The figures over these pictures."""
        network.model.eval()
        return figures_of(one for picture in pictures for one in self._ask(network, picture))

    def _ask(self, network: Network, picture: Picture) -> list[Judged]:
        asks = questions_for(self._training)
        words = network.first_words(picture, self._training.words.systems[0], asks)
        yes = words[:, self._yes].logsumexp(-1)
        no = words[:, self._no].logsumexp(-1)
        scores = torch.sigmoid(yes - no).tolist()
        return [
            Judged(ask.label, ask.label in picture.present, score)
            for ask, score in zip(asks, scores, strict=True)
        ]


def figures_of(judged: Iterable[Judged]) -> Figures:
    """Counts."""
    by_label: dict[str, list[Judged]] = {}
    for one in judged:
        by_label.setdefault(one.label, []).append(one)
    labels = {label: _label_figures(answers) for label, answers in by_label.items()}
    accuracies = [one.balanced_accuracy for one in labels.values() if one.balanced_accuracy is not None]
    losses = [
        _mean([_surprise(one) for one in answers if one.present is side])
        for answers in by_label.values()
        if len({one.present for one in answers}) == 2
        for side in (True, False)
    ]
    return Figures(labels, _mean(accuracies) if accuracies else None, _mean(losses) if losses else None)


def _label_figures(answers: Sequence[Judged]) -> LabelFigures:
    there = [one.score >= YES_FROM for one in answers if one.present]
    elsewhere = [one.score >= YES_FROM for one in answers if not one.present]
    return LabelFigures(
        present=len(there),
        absent=len(elsewhere),
        hits=_mean(there) if there else None,
        false_alarms=_mean(elsewhere) if elsewhere else None,
        yes_rate=_mean(there + elsewhere),
    )


def _surprise(one: Judged) -> float:
    return -log(max(LEAST_PROBABLE, one.score if one.present else 1 - one.score))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
