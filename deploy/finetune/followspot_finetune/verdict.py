"""Whether an adapter may be put in force."""

from __future__ import annotations

from dataclasses import dataclass

from .judge import Figures, LabelFigures

SAME_ANSWER = 0.9
"""From here on a share of equal answers is a habit, not an answer."""
COLLAPSED_SHARE = 0.5
"""Of the labels: with so many of them answered by habit, the model has collapsed."""
WORSE_BY = 0.02
"""Balanced accuracy that may be lost to chance."""


@dataclass(frozen=True)
class Verdict:
    """`reason` is one of `accepted`, `always-yes`, `always-no`, `worse`, `not-judged`."""

    reason: str
    sentence: str

    @property
    def accepted(self) -> bool:
        """Whether it may be loaded by name."""
        return self.reason == "accepted"


def judge_training(before: Figures, after: Figures) -> Verdict:
    """The always-yes collapse comes first: it hides behind a high accuracy on a data set of what is there."""
    told = {label: one for label, one in after.labels.items() if one.balanced_accuracy is not None}
    if not told or before.balanced_accuracy is None or after.balanced_accuracy is None:
        return Verdict(
            "not-judged",
            "no label is in one held-out picture and missing from another: nothing is known of the adapter",
        )
    accuracies = f"{before.balanced_accuracy:.2f} -> {after.balanced_accuracy:.2f}"
    change = f"balanced accuracy on held-out pictures {accuracies}"
    for reason, word, habit in (("always-yes", "yes", _always_yes), ("always-no", "no", _always_no)):
        labels = [label for label, one in told.items() if habit(one)]
        if len(labels) >= COLLAPSED_SHARE * len(told):
            named = ", ".join(labels[:5]) + (f" and {len(labels) - 5} more" if len(labels) > 5 else "")
            return Verdict(
                reason,
                f"the training has collapsed: the model answers {word} whether or not somebody is there "
                f"(for {named}); {change}",
            )
    if after.balanced_accuracy < before.balanced_accuracy - WORSE_BY:
        return Verdict("worse", f"the model is worse than without the adapter: {change}")
    return Verdict("accepted", change)


def _always_yes(one: LabelFigures) -> bool:
    return one.false_alarms is not None and one.false_alarms >= SAME_ANSWER


def _always_no(one: LabelFigures) -> bool:
    return one.hits is not None and one.hits <= 1 - SAME_ANSWER
