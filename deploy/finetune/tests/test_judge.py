"""Figures and verdicts."""

import pytest
from followspot_finetune.judge import Figures, Judged, figures_of
from followspot_finetune.verdict import judge_training

LABELS = ("fox", "bear", "king")


def figures(score_there: float, score_elsewhere: float) -> Figures:
    return figures_of(
        Judged(label, present, score_there if present else score_elsewhere)
        for label in LABELS
        for present in (True, False, False, False)
    )


RIGHT, ALWAYS_YES, ALWAYS_NO = figures(0.9, 0.1), figures(0.9, 0.8), figures(0.2, 0.1)


def test_whoever_always_says_the_same_is_half_right() -> None:
    assert RIGHT.balanced_accuracy == 1
    assert ALWAYS_YES.balanced_accuracy == 0.5
    assert ALWAYS_NO.balanced_accuracy == 0.5


def test_figures_are_of_each_label() -> None:
    fox = figures_of(
        [
            Judged("fox", True, 0.9),
            Judged("fox", True, 0.2),
            Judged("fox", False, 0.7),
            Judged("fox", False, 0.1),
        ]
    ).labels["fox"]
    assert (fox.present, fox.absent, fox.hits, fox.false_alarms, fox.yes_rate) == (2, 2, 0.5, 0.5, 0.5)


def test_a_label_that_is_never_there_has_no_accuracy() -> None:
    seen = figures_of([Judged("fox", False, 0.1)])
    assert seen.labels["fox"].balanced_accuracy is None
    assert seen.balanced_accuracy is None
    assert judge_training(seen, seen).reason == "not-judged"


def test_the_surprise_weighs_both_answers_the_same() -> None:
    one = figures_of([Judged("fox", True, 0.5), *[Judged("fox", False, 1e-9)] * 99])
    assert one.loss == pytest.approx(0.3466, abs=1e-3)


def test_a_model_that_always_says_yes_is_refused_however_well_it_finds_who_is_there() -> None:
    verdict = judge_training(RIGHT, ALWAYS_YES)
    assert (verdict.reason, verdict.accepted) == ("always-yes", False)
    assert "answers yes whether or not somebody is there (for fox, bear, king)" in verdict.sentence


def test_a_model_that_always_says_no_is_refused() -> None:
    assert judge_training(RIGHT, ALWAYS_NO).reason == "always-no"


def test_a_base_that_always_said_yes_does_not_excuse_it() -> None:
    assert judge_training(ALWAYS_YES, ALWAYS_YES).reason == "always-yes"


def test_half_of_the_labels_are_enough() -> None:
    mixed = [Judged("fox", present, 0.9) for present in (True, False)]
    mixed += [Judged("bear", present, 0.9 if present else 0.1) for present in (True, False)]
    assert judge_training(RIGHT, figures_of(mixed)).reason == "always-yes"


def test_worse_than_without_is_refused_and_better_accepted() -> None:
    middling = figures_of(
        [*[Judged("fox", True, 0.9)] * 2, Judged("fox", False, 0.9), Judged("fox", False, 0.1)]
    )
    assert judge_training(RIGHT, middling).reason == "worse"
    assert judge_training(middling, RIGHT).sentence.endswith("0.75 -> 1.00")
    assert judge_training(middling, RIGHT).accepted


def test_figures_survive_a_checkpoint() -> None:
    assert Figures.from_state(RIGHT.to_state()) == RIGHT
