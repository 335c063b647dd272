"""What stands behind the tensors: the part that vLLM plays."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PIL.Image import Image

from .sampling import Sampling


@dataclass(frozen=True)
class TokenChance:
    """One candidate for a token."""

    token_id: int
    logprob: float
    rank: int
    decoded_token: str


@dataclass
class Completion:
    """One of `n` answers, as far as it has come."""

    text: str = ""
    token_ids: list[int] = field(default_factory=list)
    # For each token its candidates, likeliest first; None where no log-probabilities were asked for.
    logprobs: list[list[TokenChance]] | None = None
    cumulative_logprob: float | None = None
    # "stop" or "length" once it is finished.
    finish_reason: str | None = None


@dataclass
class Generation:
    """All answers to one request, as far as they have come."""

    prompt: str
    # Placeholders of pictures expanded.
    prompt_token_count: int
    completions: Sequence[Completion]

    @property
    def finished(self) -> bool:
        return all(completion.finish_reason is not None for completion in self.completions)


class Engine(Protocol):
    """Generates text. A step that yields is a point where a request can be given up."""

    def generate(self, prompt: str, images: Sequence[Image], sampling: Sampling) -> AsyncIterator[Generation]:
        """Yields the state after each token, each time from the beginning.

        :raises ValueError: for a request that vLLM would refuse; its text reaches the client
        """
        ...
