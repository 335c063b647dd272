"""What proves that a model has learnt, and what it is taught with."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from conftest import HERE
from followspot_scores.vocabulary import Vocabulary
from followspot_tiny.album import UNKNOWN, Collage, Photograph, Scene, Thing, read_album, split
from followspot_tiny.constraint import Choice, Json, constraint_of
from followspot_tiny.descent import Muon
from followspot_tiny.exam import Marks, macro_f1
from followspot_tiny.lesson import Teacher

SHOW = HERE.parents[3] / "shows/little-red-riding-hood"


@pytest.fixture(scope="module")
def album() -> list[Photograph]:
    return read_album(SHOW / "dataset")


def test_whoever_always_says_yes_or_always_no_fails_the_exam() -> None:
    taught = Marks(photographs=29, first_choice=0.9, recall=0.88, specificity=0.97, lists=0.8)
    assert taught.passed
    always_yes = replace(taught, recall=1.0, specificity=0.0)
    always_no = replace(taught, recall=0.0, specificity=1.0)
    assert not always_yes.passed
    assert not always_no.passed
    assert always_yes.balanced == always_no.balanced == 0.5


def test_whoever_always_writes_the_same_list_fails_it_too() -> None:
    truth = np.eye(4, dtype=bool)
    assert macro_f1(truth, truth) == 1
    assert macro_f1(np.tile(truth[0], (4, 1)), truth) == pytest.approx(0.1)
    assert macro_f1(np.zeros_like(truth), truth) == 0
    good = Marks(photographs=29, first_choice=0.9, recall=0.88, specificity=0.97, lists=0.8)
    assert not replace(good, lists=0.1).passed


def test_the_photographs_of_the_exam_are_not_learnt_from(album: list[Photograph]) -> None:
    learnt, kept = split(album, 6)
    assert not {one.file for one in learnt} & {one.file for one in kept}
    assert len(learnt) + len(kept) == len(album)
    labels = {thing.label for one in kept for thing in one.things}
    assert labels == {thing.label for one in album for thing in one.things}


def test_the_same_seed_draws_the_same_scenes_and_boxes_stay_inside(album: list[Photograph]) -> None:
    one, other = (Collage(album, seed=2) for _ in range(2))
    for _ in range(20):
        scene, same = one.scene(168, 112), other.scene(168, 112)
        assert np.array_equal(np.asarray(scene.image), np.asarray(same.image))
        for left, top, right, bottom in (thing.box for thing in scene.things):
            assert -1e-6 <= left < right <= 1 + 1e-6
            assert -1e-6 <= top < bottom <= 1 + 1e-6


def test_half_of_the_questions_about_the_cast_deserve_a_yes(
    vocabulary: Vocabulary, album: list[Photograph]
) -> None:
    cast = ["red", "wolf", "bird", "axe"]
    teacher = Teacher(vocabulary._tokenizer, cast)
    image = Collage(album, seed=1).scene(56, 56).image
    box = (0.1, 0.2, 0.5, 0.6)
    scene = Scene(image, (Thing("red", box), Thing("axe", box), Thing(UNKNOWN, box)))
    asked = teacher.verdicts(scene, np.random.default_rng(1))
    about_cast, stranger = asked[:-1], asked[-1]
    assert [one.verdict for one in about_cast] == [True, True, False, False]
    assert stranger.verdict
    for one in about_cast:
        assert vocabulary.text([one.question[one.label_at]]) in cast
        assert vocabulary.text(list(one.answer)) == ("yes<|im_end|>" if one.verdict else "no<|im_end|>")
    named = teacher.names(scene, np.random.default_rng(1))
    assert sorted(json.loads(vocabulary.text(list(named.answer[:-1])))) == ["axe", "red", UNKNOWN]


def test_a_choice_is_begun_and_completed_by_its_texts_alone() -> None:
    choice = Choice(["red", "redder", "wolf"])
    assert choice.begins("")
    assert choice.begins("redd")
    assert not choice.begins("x")
    assert choice.complete("red")
    assert not choice.complete("redd")


LIST = {"type": "array", "items": {"enum": ["red", "wolf"]}, "maxItems": 2}
BOXES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "bbox_2d": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4},
            "label": {"enum": ["red", "wolf"]},
        },
    },
}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (LIST, "[]"),
        (LIST, '["red", "wolf"]'),
        (LIST, '["red","red"]'),
        (BOXES, '[{"bbox_2d": [1, 20, 300, 1000], "label": "wolf"}]'),
        ({"type": "object", "properties": {"text": {"type": "string", "maxLength": 9}}}, '{"text": "a b"}'),
    ],
)
def test_json_of_a_schema_is_allowed_at_every_place_and_complete_at_its_end(schema: dict, text: str) -> None:
    known = Json(schema)
    for length in range(len(text)):
        assert known.begins(text[:length]), text[:length]
        assert not known.complete(text[:length]), text[:length]
    assert known.complete(text)


@pytest.mark.parametrize("text", ["[r", '["fox', '["red" "', '["red", "wolf", ', '["red"]]', "{", " []"])
def test_what_no_answer_begins_with_is_not_allowed(text: str) -> None:
    assert not Json(LIST).begins(text)


def test_a_constraint_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not by regex"):
        constraint_of({"regex": "a+"})
    assert constraint_of({}) is None


def test_muon_steps_equally_far_in_all_directions_of_a_matrix() -> None:
    matrix = torch.nn.Parameter(torch.zeros(4, 6))
    steep, flat = torch.zeros(4, 6), torch.zeros(4, 6)
    steep[0, 0], flat[1, 1] = 100, 1
    matrix.grad = steep + flat
    Muon([matrix], rate=0.1).step()
    moved = matrix.detach().numpy()
    # Five rounds bring a singular value to one third around 1.
    assert moved[[0, 1], [0, 1]] == pytest.approx(-0.1, rel=0.35)
    assert np.count_nonzero(np.abs(moved) > 1e-6) == 2
