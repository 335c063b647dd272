"""Which questions are asked."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from followspot_finetune.sampler import Lesson, Shares, draw_round
from followspot_finetune.training_set import Picture, TrainingSet, read_training_set


@pytest.fixture
def training(training_set: Path) -> TrainingSet:
    return read_training_set(training_set)


def answers(lessons: list[Lesson]) -> Counter[tuple[str, str]]:
    return Counter(
        (ask.label, ask.answer) for lesson in lessons for ask in lesson.asks if ask.kind == "score"
    )


def test_every_label_is_denied_as_often_as_it_is_affirmed(training: TrainingSet) -> None:
    for number in range(5):
        counted = answers(draw_round(training, 1, number))
        for label in training.labels:
            assert counted[label, "yes"] == counted[label, "no"] > 0


def test_answers_are_true(training: TrainingSet) -> None:
    for lesson in draw_round(training, 1, 0):
        for ask in lesson.asks:
            if ask.kind == "score":
                assert ask.answer == ("yes" if ask.label in lesson.picture.present else "no")


def test_half_of_the_noes_are_asked_of_pictures_of_look_alikes(training: TrainingSet) -> None:
    shares = Shares(nearest=1)
    denied: Counter[str] = Counter()
    for number in range(20):
        for lesson in draw_round(training, 1, number, shares):
            if any(ask.label == "fox" and ask.answer == "no" for ask in lesson.asks):
                denied.update(lesson.picture.present)
    # Four pictures of the fox a round: two noes of the bear, two of any of the sixteen others left.
    assert denied["bear"] >= 20 * 2
    assert denied["bear"] < 20 * 3.2
    assert sum(denied.values()) == 20 * 4


def test_the_same_seed_draws_the_same_lessons_and_another_one_others(training: TrainingSet) -> None:
    assert draw_round(training, 1, 0) == draw_round(training, 1, 0)
    assert draw_round(training, 1, 0) != draw_round(training, 2, 0)
    assert draw_round(training, 1, 0) != draw_round(training, 1, 1)


def test_a_label_without_pictures_is_not_asked_for(training: TrainingSet) -> None:
    absent = replace(training, train=tuple(one for one in training.train if "king" not in one.present))
    assert not any(label == "king" for label, _ in answers(draw_round(absent, 1, 0)))


def test_a_label_in_every_picture_is_not_asked_for(training: TrainingSet) -> None:
    everywhere = tuple(replace(one, present=one.present | {"king"}) for one in training.train)
    assert not any(
        label == "king" for label, _ in answers(draw_round(replace(training, train=everywhere), 1, 0))
    )


def test_a_common_label_is_not_affirmed_more_often_than_it_can_be_denied(training: TrainingSet) -> None:
    common = tuple(
        replace(one, present=one.present | {"king"}) if one.present != {"fox"} else one
        for one in training.train
    )
    counted = answers(draw_round(replace(training, train=common), 1, 0))
    assert counted["king", "yes"] == counted["king", "no"] == 4


def test_without_negatives_only_yes_is_learnt(training: TrainingSet) -> None:
    counted = answers(draw_round(training, 1, 0, Shares(negatives=0)))
    assert {answer for _, answer in counted} == {"yes"}


def test_a_photograph_or_one_of_its_swaps_is_shown_never_both(training: TrainingSet) -> None:
    first = training.train[0]
    swap = replace(first, file=Path("/elsewhere.jpg"), swapped=first.file)
    both = replace(training, train=(*training.train, swap))
    shown: Counter[Path] = Counter()
    for number in range(30):
        files = [lesson.picture.file for lesson in draw_round(both, 1, number)]
        assert len(files) == len(set(files))
        shown.update(file for file in files if file in (first.file, swap.file))
    assert shown[first.file] > 5
    assert shown[swap.file] > 5
    assert sum(shown.values()) == 30


def test_a_swapped_picture_is_not_described(training: TrainingSet) -> None:
    swaps = tuple(replace(one, file=Path(f"{one.file}.swap"), swapped=one.file) for one in training.train)
    lessons = draw_round(replace(training, train=training.train + swaps), 1, 0, Shares(swapped=1, caption=1))
    assert not any(ask.kind == "describe" for lesson in lessons for ask in lesson.asks)


def test_lists_and_boxes_name_all_in_the_order_of_the_cast(training: TrainingSet) -> None:
    two = merged(training.train)
    lessons = draw_round(replace(training, train=(two, *training.train)), 1, 0, Shares(list=1, boxes=1))
    asks = {ask.kind: ask.answer for lesson in lessons if lesson.picture is two for ask in lesson.asks}
    assert asks["list"] == '["fox", "king"]'
    assert asks["boxes"].index('"fox"') < asks["boxes"].index('"king"')
    assert asks["box"].startswith("<|object_ref_start|>")


def merged(pictures: tuple[Picture, ...]) -> Picture:
    king = next(one for one in pictures if one.present == {"king"})
    fox = next(one for one in pictures if one.present == {"fox"})
    return replace(fox, present=king.present | fox.present, boxes=king.boxes + fox.boxes)
