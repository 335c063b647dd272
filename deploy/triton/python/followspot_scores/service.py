"""What is done with a batch of requests, whoever brings them: each gets an answer of its own."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from .answer import answer_tensors
from .host import Host
from .refusal import Refusal
from .request_reading import RequestReader
from .scorer import Asked, Told

# As many as Triton puts into a batch.
_MOST_READERS = 16


@dataclass(frozen=True)
class Sent:
    """A request as it came: each tensor as its elements, None where it was not sent."""

    image: Sequence[bytes] | None
    labels: Sequence[bytes] | None
    prompt: Sequence[bytes] | None
    parameters: Mapping[str, object]


class Failure(RuntimeError):
    """What went wrong here, and is not the caller's fault."""


Answer = Mapping[str, np.ndarray] | Refusal | Failure


class Service:
    """The hosted model as its callers see it."""

    def __init__(self, host: Host, complain: Callable[[str], None] = print) -> None:
        """:raises ValueError: where the settings could not be asked for"""
        self._host = host
        self._complain = complain
        self._requests = RequestReader(host.settings, host.reader, host.adapters)
        self._readers = ThreadPoolExecutor(min(_MOST_READERS, os.cpu_count() or 1), "followspot-reader")

    def close(self) -> None:
        self._readers.shutdown(cancel_futures=True)

    def answer(self, sent: Sequence[Sent], nobody_waits: Callable[[], bool]) -> list[Answer]:
        """In order. `nobody_waits` may end it between two passes."""
        # A picture takes as long to be unpacked and cut as a card takes to look at it, so all are at once.
        read = [self._fitting(one) for one in self._readers.map(self._read, sent)]
        told = iter(self._score([one for one in read if isinstance(one, Asked)], nobody_waits))
        return [self._said(one, next(told)) if isinstance(one, Asked) else one for one in read]

    def _read(self, sent: Sent) -> Asked | Refusal | Failure:
        try:
            return self._requests.read(sent.image, sent.labels, sent.prompt, sent.parameters)
        except Refusal as refusal:
            return refusal
        except Exception as error:
            return self._failure("a request could not be read", error)

    def _fitting(self, read: Asked | Refusal | Failure) -> Asked | Refusal | Failure:
        if not isinstance(read, Asked):
            return read
        try:
            self._host.scorer.check(read)
        except Refusal as refusal:
            return refusal
        return read

    def _score(self, asked: Sequence[Asked], nobody_waits: Callable[[], bool]) -> list[Told | Failure]:
        """One that cannot be answered, or too many for the card's memory: then each is asked by itself."""
        try:
            return list(self._host.scorer.score(asked, nobody_waits))
        except Exception as error:
            failure = self._failure("a pass failed", error)
        if len(asked) == 1:
            return [failure]
        return [told for one in asked for told in self._score([one], nobody_waits)]

    def _said(self, asked: Asked, told: Told | Failure) -> Answer:
        if isinstance(told, Failure):
            return told
        if not (np.isfinite(told.raw).all() and np.isfinite(told.unknown)):
            # Or it was given up half way, and nobody reads this.
            return Failure("the model's answer is not a number")
        return answer_tensors(asked, told, self._host.calibration)

    def _failure(self, what: str, error: Exception) -> Failure:
        """Of other errors than torch's the text may hold what people wrote: it is not repeated."""
        kind = type(error).__name__
        detail = (
            f": {str(error).splitlines()[0][:200]}" if isinstance(error, RuntimeError) and str(error) else ""
        )
        self._complain(f"{what}: {kind}{detail}")
        return Failure(f"{what}: {kind}")
