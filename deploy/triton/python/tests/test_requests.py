"""Nothing that comes in is believed, and what is wrong is said in one sentence."""

import io
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import photograph
from followspot_scores.adapters import Adapters
from followspot_scores.answer import answer_tensors
from followspot_scores.box_text import read_corners
from followspot_scores.calibration import Calibration
from followspot_scores.clean import without_marks
from followspot_scores.families import FAMILIES, family_of
from followspot_scores.identity import parameters_of, version_of
from followspot_scores.pictures import PictureReader
from followspot_scores.prefix_store import MOST_KEPT, PrefixStore
from followspot_scores.refusal import Refusal
from followspot_scores.request_reading import RequestReader, request_parameters
from followspot_scores.scorer import Asked, Told
from followspot_scores.settings import Settings
from transformers import PreTrainedModel


def jpeg() -> bytes:
    file = io.BytesIO()
    photograph(0).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def requests(network: PreTrainedModel, reader: PictureReader, tmp_path: Path) -> RequestReader:
    settings = Settings.read({"weights": ".", "labels": "red, wolf"}, tmp_path)
    return RequestReader(settings, reader, Adapters(network, {}))


def test_a_good_request_is_read_whole(requests: RequestReader) -> None:
    asked = requests.read([jpeg()], [b"axe", b"bed"], [b"Who?<|im_end|>"], {"boxes": True})
    assert (asked.labels, asked.boxes, asked.adapter) == (("axe", "bed"), True, "")
    assert asked.system.strip() == "Who?"
    assert asked.picture.source == (160, 112)


def test_labels_and_prompt_that_were_not_sent_are_the_server_s_own(requests: RequestReader) -> None:
    asked = requests.read([jpeg()], None, None, {})
    assert asked.labels == ("red", "wolf")
    assert asked.system == "You are a helpful assistant."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"image": None}, "image is missing"),
        ({"image": [b"", b""]}, "2 elements"),
        ({"image": [b"no picture"]}, "no picture that can be read"),
        ({"labels": []}, "no labels to score"),
        ({"labels": [b"a%d" % number for number in range(500)]}, "500 labels were sent"),
        ({"labels": [b"wolf", b"wolf"]}, '"wolf" was sent twice'),
        ({"labels": [b"\xff\xfe"]}, "labels is not UTF-8"),
        ({"labels": [b""]}, "is no label"),
        ({"labels": [b"a\nb"]}, "is no label"),
        ({"labels": [b"<|im_end|>"]}, "is no label"),
        ({"labels": [b"x" * 129]}, "is no label"),
        ({"prompt": [b"\xff"]}, "prompt is not UTF-8"),
        ({"prompt": [b"x" * 400_001]}, "at most 400000"),
        ({"parameters": {"adapter": "fox"}}, 'no adapter "fox"; known are: none'),
        ({"parameters": {"adapter": 3}}, "adapter is no text"),
        ({"parameters": {"boxes": "perhaps"}}, "neither true nor false"),
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence(requests: RequestReader, change: dict, sentence: str) -> None:
    request = {"image": [jpeg()], "labels": [b"wolf"], "prompt": None, "parameters": {}, **change}
    with pytest.raises(Refusal, match=sentence):
        requests.read(*request.values())


def test_labels_of_the_server_s_own_that_cannot_be_asked_for_end_its_start(
    network: PreTrainedModel, reader: PictureReader, tmp_path: Path
) -> None:
    settings = Settings.read({"weights": ".", "labels": "red, wolf, red"}, tmp_path)
    with pytest.raises(ValueError, match='labels: the label "red" was sent twice'):
        RequestReader(settings, reader, Adapters(network, {}))


def test_triton_s_parameters_are_json_or_nothing() -> None:
    assert request_parameters('{"boxes":true}') == {"boxes": True}
    assert request_parameters("") == {}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a wolf", "a wolf"),
        ("end<|im_end|>begin", "end begin"),
        ("<|im_<|im_end|>end|>", " "),
        ("a <| b", "a   b"),
    ],
)
def test_marks_are_taken_out_until_none_is_left(text: str, plain: str) -> None:
    assert "<|" not in without_marks(text)
    assert without_marks(text).split() == plain.split()


@pytest.mark.parametrize(
    ("text", "corners"),
    [
        ("(221,423),(569,886)<|box_end|>", (221, 423, 569, 886)),
        ("( 1 , 2 ), (3, 4)", (1, 2, 3, 4)),
        ("10, 20, 30, 40], ", (10, 20, 30, 40)),
        ("(5,5),(5,9)", None),
        ("(9,9),(1,1)", None),
        ("(1,2", None),
        ("somewhere", None),
    ],
)
def test_a_box_is_read_in_either_form_or_not_at_all(text: str, corners: tuple | None) -> None:
    assert read_corners(text) == corners


def test_a_box_becomes_pixels_of_the_picture_that_was_sent_by_family() -> None:
    seen, sent = (168, 112), (640, 480)
    assert FAMILIES["qwen2_vl"].to_pixels((0, 500, 1000, 1000), seen, sent) == (0, 240, 640, 480)
    assert FAMILIES["qwen2_5_vl"].to_pixels((84, 56, 168, 112), seen, sent) == pytest.approx(
        (320, 240, 640, 480)
    )
    assert FAMILIES["qwen3_vl"].to_pixels((0, 0, 500, 500), seen, sent) == (0, 0, 320, 240)


def test_a_family_that_is_not_hosted_is_refused_with_what_is() -> None:
    with pytest.raises(ValueError, match='"llava", and this server hosts qwen2_5_vl, qwen2_vl, qwen3_vl'):
        family_of("llava")


def test_a_calibration_turns_log_odds_into_probabilities_label_by_label(
    tmp_path: Path, reader: PictureReader
) -> None:
    file = tmp_path / "calibration.json"
    content = {
        "version": 1,
        "global": {"slope": 1, "offset": 0},
        "labels": {"wolf": {"slope": 2, "offset": -1}},
        "unknown": {"slope": 0.5, "offset": 1},
    }
    file.write_text(json.dumps(content), encoding="utf-8")
    asked = Asked(reader.prepare(photograph(0)), ("red", "wolf"), "")
    told = Told(np.array([0.5, 0.5], np.float32), np.full((2, 4), np.nan, np.float32), unknown=-2.0)
    tensors = answer_tensors(asked, told, Calibration.read(file))
    np.testing.assert_allclose(tensors["score"], [1 / (1 + math.exp(-0.5)), 0.5], rtol=1e-6)
    np.testing.assert_allclose(tensors["unknown"], [0.5])
    np.testing.assert_array_equal(tensors["raw"], told.raw)
    with_adapter = answer_tensors(replace(asked, adapter="my-show"), told, Calibration.read(file))
    np.testing.assert_allclose(with_adapter["score"], [1 / (1 + math.exp(-0.5))] * 2, rtol=1e-6)
    assert Calibration().score("anybody", -900.0) == 0
    file.write_text(json.dumps({**content, "version": 2}), encoding="utf-8")
    with pytest.raises(ValueError, match="its version is 2"):
        Calibration.read(file)
    file.write_text(json.dumps({**content, "global": {"slope": math.nan, "offset": 0}}), encoding="utf-8")
    with pytest.raises(ValueError, match="must be numbers"):
        Calibration.read(file)


def test_the_version_changes_with_weights_and_settings_and_not_with_the_accuracy(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "config.json").write_text("{}", encoding="utf-8")
    (weights / "model.safetensors").write_bytes(b"\0" * 100)
    parameters = {"weights": "weights", "accuracy": "0.5"}
    first = version_of(tmp_path, parameters)
    assert version_of(tmp_path, {**parameters, "accuracy": "0.9", "version": first}) == first
    assert version_of(tmp_path, {**parameters, "max_pixels": "301056"}) != first
    (weights / "model.safetensors").write_bytes(b"\0" * 99 + b"\1")
    assert version_of(tmp_path, parameters) != first


def test_parameters_are_found_in_a_config_pbtxt() -> None:
    config = 'x: 1\nparameters: { key: "a" value: { string_value: "b \\"c\\"" } }\n'
    config += 'parameters { key: "d" value { string_value: "" } }'
    assert parameters_of(config) == {"a": 'b "c"', "d": ""}


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "weights is missing"),
        ({"weights": "nowhere"}, "does not exist"),
        ({"weights": ".", "max_pixels": "many"}, 'max_pixels is "many"'),
    ],
)
def test_a_setting_that_is_wrong_is_named(tmp_path: Path, parameters: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Settings.read(parameters, tmp_path)


def test_texts_before_the_picture_are_kept_by_content_and_adapter_and_the_oldest_go_first() -> None:
    computed: list[tuple[int, ...]] = []

    def compute(tokens: tuple[int, ...]) -> tuple:
        computed.append(tuple(tokens))
        return ((torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)),)

    store = PrefixStore(most_bytes=2 * 128)
    for adapter, tokens in [("", (1,)), ("", (1,)), ("odd", (1,)), ("", (2,)), ("", (1,))]:
        store.get(adapter, tokens, compute)
    assert len(store) == 2
    assert (store.hits, store.misses) == (1, 4)
    assert computed == [(1,), (1,), (2,), (1,)]


def test_no_more_texts_are_kept_than_a_show_has_however_small_they_are() -> None:
    store = PrefixStore(most_bytes=1 << 30)
    for scene in range(3 * MOST_KEPT):
        store.get("", (scene,), lambda tokens: ((torch.zeros(1, 1, 1, 4), torch.zeros(1, 1, 1, 4)),))
    assert len(store) == MOST_KEPT
