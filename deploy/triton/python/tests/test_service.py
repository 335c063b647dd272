"""Each request of a batch gets an answer of its own, whatever the others are."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import LABELS, photograph
from followspot_scores.adapters import Adapters
from followspot_scores.calibration import Calibration
from followspot_scores.host import Host
from followspot_scores.pictures import PictureReader
from followspot_scores.refusal import Refusal
from followspot_scores.scorer import Asked, Scorer, Told
from followspot_scores.service import Failure, Sent, Service
from followspot_scores.settings import Settings
from transformers import PreTrainedModel


def jpeg(seed: int, width: int = 160, height: int = 112) -> bytes:
    file = io.BytesIO()
    photograph(seed, width, height).save(file, "JPEG")
    return file.getvalue()


def sent(seed: int = 0, labels: Sequence[str] = LABELS, prompt: str | None = None) -> Sent:
    return Sent(
        [jpeg(seed)], [label.encode() for label in labels], None if prompt is None else [prompt.encode()], {}
    )


def everybody_waits() -> bool:
    return False


class Fragile:
    """A scorer that breaks whenever one label is among those that are asked for."""

    def __init__(self, scorer: Scorer, label: str) -> None:
        self._scorer = scorer
        self._label = label

    def check(self, asked: Asked) -> None:
        self._scorer.check(asked)

    def score(self, asked: Sequence[Asked], stopped: Callable[[], bool]) -> list[Told]:
        if any(self._label in one.labels for one in asked):
            raise KeyError(f"what people wrote: {self._label}")
        return self._scorer.score(asked, stopped)


class Blind(PictureReader):
    """Sees nothing but not-a-numbers in small pictures."""

    def prepare(self, image):  # noqa: ANN001, ANN201
        picture = super().prepare(image)
        small = image.width < 150
        return replace(picture, patches=np.full_like(picture.patches, np.nan)) if small else picture


@pytest.fixture
def host(scorer: Scorer, reader: PictureReader, network: PreTrainedModel, tmp_path: Path) -> Host:
    settings = Settings.read({"weights": "."}, tmp_path)
    return Host(scorer, reader, Adapters(network, {}), Calibration(), settings)


def test_requests_of_all_kinds_in_one_batch_are_answered_as_each_alone(host: Host) -> None:
    service = Service(host)
    batch = [
        sent(1),
        Sent([b"no picture"], [b"wolf"], None, {}),
        sent(2, ("bed", "axe"), "Characters:\n- axe: of iron"),
        replace(sent(3), parameters={"adapter": "fox"}),
        sent(4, LABELS[3:], "wolf " * 5_000),
        Sent(None, [b"wolf"], None, {}),
        sent(5, ("wolf",)),
    ]
    answers = service.answer(batch, everybody_waits)
    alone = [service.answer([one], everybody_waits)[0] for one in batch]
    for index in (1, 3, 4, 5):
        assert isinstance(answers[index], Refusal)
        assert str(answers[index]) == str(alone[index])
    for index in (0, 2, 6):
        assert answers[index]["label"].tolist() == batch[index].labels
        for name in ("score", "raw", "unknown"):
            np.testing.assert_allclose(answers[index][name], alone[index][name], atol=2e-5)
    service.close()


def test_what_breaks_a_pass_fails_alone_and_is_not_repeated_in_the_log(host: Host) -> None:
    said: list[str] = []
    service = Service(replace(host, scorer=Fragile(host.scorer, "axe")), said.append)
    first, broken, last = service.answer(
        [sent(1, ("wolf",)), sent(2, ("axe",)), sent(3, ("bed",))], everybody_waits
    )
    assert isinstance(broken, Failure)
    assert first["label"].tolist() == [b"wolf"]
    assert last["label"].tolist() == [b"bed"]
    assert said == ["a pass failed: KeyError"] * 2
    assert str(broken) == "a pass failed: KeyError"


def test_an_answer_that_is_no_number_is_a_failure_and_leaves_the_others_as_they_are(host: Host) -> None:
    blind = Blind(host.reader.limits, host.reader.mean, host.reader.std, host.reader.frames)
    service = Service(replace(host, reader=blind))
    small = Sent([jpeg(1, 100, 100)], [b"wolf"], None, {})
    nothing, seen = service.answer([small, sent(2)], everybody_waits)
    assert isinstance(nothing, Failure)
    assert str(nothing) == "the model's answer is not a number"
    alone = service.answer([sent(2)], everybody_waits)[0]
    np.testing.assert_allclose(seen["score"], alone["score"], atol=1e-5)


def test_a_request_that_cannot_even_be_read_fails_alone(host: Host) -> None:
    broken = Sent([jpeg(1)], [3], None, {})
    failed, answered = Service(host, lambda line: None).answer([broken, sent(2)], everybody_waits)
    assert isinstance(failed, Failure)
    assert len(answered["score"]) == len(LABELS)


def test_nobody_is_answered_where_nobody_asked_well(host: Host) -> None:
    refused = Service(host).answer([Sent([b""], None, None, {})] * 3, everybody_waits)
    assert all(isinstance(one, Refusal) for one in refused)
