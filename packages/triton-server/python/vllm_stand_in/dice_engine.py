"""An engine that looks at no picture: what it says is a hash of prompt and picture."""

import asyncio
import json
import math
import re
import zlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

from PIL.Image import Image

from .engine import Completion, Generation, TokenChance
from .sampling import Sampling

SENTENCE = "Somebody stands in the light, and nobody knows who it is."
# What a picture's placeholder expands to in Qwen2-VL: one token for each 28 x 28 pixels.
PIXELS_A_TOKEN = 28 * 28
VOCABULARY = 151_643


class DiceEngine:
    """Says one of the choices that it is given, JSON that a schema allows, or its one sentence.

    :param token_ms: how long each token takes
    """

    def __init__(self, token_ms: float) -> None:
        self._token_s = token_ms / 1000

    async def generate(
        self, prompt: str, images: Sequence[Image], sampling: Sampling
    ) -> AsyncIterator[Generation]:
        seed = zlib.crc32(prompt.encode())
        for image in images:
            seed = zlib.crc32(image.tobytes(), seed)
        tokens = _tokens(_answer(sampling.constraint, seed))
        wanted = sampling.max_tokens if sampling.ignore_eos else min(sampling.max_tokens, len(tokens))
        completions = [
            Completion(logprobs=None if sampling.logprobs is None else []) for _ in range(sampling.n)
        ]
        picture_tokens = sum(image.width * image.height // PIXELS_A_TOKEN for image in images)
        generation = Generation(prompt, len(_tokens(prompt)) + picture_tokens, completions)
        for index in range(wanted):
            await asyncio.sleep(self._token_s)
            for completion in completions:
                _append(completion, tokens[index % len(tokens)], sampling.logprobs)
                if index == wanted - 1:
                    completion.finish_reason = (
                        "length" if wanted < len(tokens) or sampling.ignore_eos else "stop"
                    )
            yield generation


def _append(completion: Completion, token: str, logprobs: int | None) -> None:
    completion.text += token
    completion.token_ids.append(_token_id(token))
    chances = [TokenChance(_token_id(token), math.log(0.75), 1, token)]
    # The rest of the probability is shared by made-up rivals, each with half of what the one before has.
    for rank in range(2, (logprobs or 0) + 1):
        rival = f"{token}{rank}"
        chances.append(TokenChance(_token_id(rival), math.log(0.25 / 2 ** (rank - 1)), rank, rival))
    completion.cumulative_logprob = (completion.cumulative_logprob or 0.0) + chances[0].logprob
    if completion.logprobs is not None:
        completion.logprobs.append(chances)


def _answer(constraint: Any, seed: int) -> str:
    if "choice" in constraint:
        return constraint["choice"][seed % len(constraint["choice"])]
    if "json" in constraint:
        schema = constraint["json"]
        return json.dumps(_value(json.loads(schema) if isinstance(schema, str) else schema, seed))
    return SENTENCE


def _value(schema: Any, seed: int) -> Any:
    """What the schema allows: an object with all it names, a list of some names, or the one sentence."""
    if schema.get("type") == "object":
        return {name: _value(part, seed) for name, part in schema.get("properties", {}).items()}
    if schema.get("type") == "string":
        return SENTENCE[: schema.get("maxLength", len(SENTENCE))]
    names = schema.get("items", {}).get("enum", [])
    return [name for index, name in enumerate(names) if seed >> (index % 32) & 1]


def _tokens(text: str) -> list[str]:
    """Words with the space before them, and what stands between: as good as a tokenizer here."""
    return re.findall(r"\s?\w+|\W", text) or [""]


def _token_id(token: str) -> int:
    return zlib.crc32(token.encode()) % VOCABULARY
