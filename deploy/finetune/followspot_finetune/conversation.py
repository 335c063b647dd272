"""From words to tokens: the same chat, the same picture marks and the same end as in serving."""

from __future__ import annotations

from typing import Any

from .packing import Branch, Packed, pack
from .sampler import Ask
from .training_set import Words

PICTURE = "<|image_pad|>"
PICTURE_END = "<|vision_end|>"
END = "<|im_end|>"


class Conversation:
    """Turns questions into tokens. The text is cut at a mark that is one token: the parts can be joined."""

    def __init__(self, tokenizer: Any, words: Words) -> None:
        self._tokenizer = tokenizer
        before, after = words.chat.split(PICTURE_END)
        self._before = before + PICTURE_END
        self._after = after
        self._picture: int = tokenizer.convert_tokens_to_ids(PICTURE)

    def pack(
        self, system: str, asks: tuple[Ask, ...] | list[Ask], *, picture_tokens: int, answered: bool
    ) -> Packed:
        """The trunk with as many picture tokens as the picture takes, and a branch for each question."""
        trunk: list[int] = []
        for token in self._ids(self._before.replace("{system}", system)):
            trunk += [token] * (picture_tokens if token == self._picture else 1)
        return pack(trunk, [self._branch(ask, answered=answered) for ask in asks])

    def _branch(self, ask: Ask, *, answered: bool) -> Branch:
        question = self._ids(self._after.replace("{question}", ask.question))
        answer = self._ids(ask.answer + END) if answered else []
        return Branch(tuple(question), tuple(answer))

    def _ids(self, text: str) -> list[int]:
        return self._tokenizer(text, add_special_tokens=False)["input_ids"]
