"""
From a request's tensors and parameters to a question that can be asked; nothing that comes in is believed.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence

from .adapters import Adapters
from .clean import without_marks
from .open_picture import open_picture
from .pictures import Picture, PictureReader
from .refusal import Refusal
from .scorer import Asked
from .settings import Settings

LONGEST_LABEL = 128
# What our client sends at most, larger than any show's cast with all its descriptions. Each token is read
# once and kept.
LONGEST_SYSTEM = 400_000


class RequestReader:
    """Knows what the hosted model takes."""

    def __init__(self, settings: Settings, reader: PictureReader, adapters: Adapters) -> None:
        """:raises ValueError: where the server's own labels could not be asked for"""
        self._settings = settings
        self._reader = reader
        self._adapters = adapters
        if settings.labels:
            try:
                self._checked(settings.labels)
            except Refusal as refusal:
                raise ValueError(f"config.pbtxt: labels: {refusal}") from refusal

    def read(
        self,
        image: Sequence[bytes] | None,
        labels: Sequence[bytes] | None,
        prompt: Sequence[bytes] | None,
        parameters: Mapping[str, object],
    ) -> Asked:
        """
        Each tensor as its elements, None where it was not sent: Triton counts inputs only, so an optional one
        may have come in the place of the required one.

        :raises Refusal: with one sentence for the caller
        """
        if image is None:
            raise Refusal("the tensor image is missing: send the bytes of one JPEG file")
        if len(image) != 1:
            raise Refusal(f"the tensor image has {len(image)} elements: send one picture in a request")
        return Asked(
            # Labels first: they cost nothing to refuse.
            labels=self._labels(labels),
            system=self._system(prompt),
            adapter=self._adapters.check(_text_parameter(parameters, "adapter")),
            boxes=_flag(parameters, "boxes"),
            picture=self._picture(image[0]),
        )

    def _picture(self, data: bytes) -> Picture:
        try:
            return self._reader.prepare(open_picture(data))
        except ValueError as error:
            # Of a shape that no model takes.
            raise error if isinstance(error, Refusal) else Refusal(str(error)) from error

    def _labels(self, labels: Sequence[bytes] | None) -> tuple[str, ...]:
        names = self._settings.labels if labels is None else tuple(_utf8(label, "labels") for label in labels)
        return self._checked(names)

    def _checked(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if not names:
            raise Refusal("there are no labels to score: send the ids of the cast in the tensor labels")
        if len(names) > self._settings.most_labels:
            raise Refusal(
                f"{len(names)} labels were sent: this server scores at most {self._settings.most_labels}"
            )
        for name in names:
            # It is written into the question: a mark in it could end the question and begin the answer.
            if not name or len(name) > LONGEST_LABEL or without_marks(name) != name or _has_control(name):
                raise Refusal(f"{json.dumps(name[:64])} is no label: use the id of a cast member")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise Refusal(f'the label "{twice}" was sent twice')
        return names

    def _system(self, prompt: Sequence[bytes] | None) -> str:
        if prompt is None:
            return self._settings.system
        if len(prompt) != 1:
            raise Refusal(f"the tensor prompt has {len(prompt)} elements: send one text")
        text = _utf8(prompt[0], "prompt")
        if len(text) > LONGEST_SYSTEM:
            raise Refusal(f"the prompt has {len(text)} letters: send at most {LONGEST_SYSTEM}")
        return without_marks(text)


def request_parameters(text: str) -> dict[str, object]:
    """Of Triton's `request.parameters()`."""
    return json.loads(text) if text else {}


def _utf8(value: bytes, tensor: str) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(f"the tensor {tensor} is not UTF-8: {error.reason}") from error


def _has_control(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cc" for letter in text)


def _text_parameter(parameters: Mapping[str, object], name: str) -> str:
    value = parameters.get(name, "")
    if not isinstance(value, str):
        raise Refusal(f"the parameter {name} is no text")
    return value


def _flag(parameters: Mapping[str, object], name: str) -> bool:
    value = parameters.get(name, False)
    if value in (True, "true"):
        return True
    if value in (False, "false", ""):
        return False
    raise Refusal(f"the parameter {name} is neither true nor false")
