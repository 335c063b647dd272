"""`sampling_parameters`, as the vLLM backend reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The fields of vLLM's SamplingParams (0.11) and the backend's own `lora_name`. Any other key fails.
KNOWN_KEYS = frozenset(
    {
        "n",
        "best_of",
        "presence_penalty",
        "frequency_penalty",
        "repetition_penalty",
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "seed",
        "stop",
        "stop_token_ids",
        "ignore_eos",
        "max_tokens",
        "min_tokens",
        "logprobs",
        "prompt_logprobs",
        "logprob_token_ids",
        "detokenize",
        "skip_special_tokens",
        "spaces_between_special_tokens",
        "include_stop_str_in_output",
        "truncate_prompt_tokens",
        "logit_bias",
        "allowed_token_ids",
        "bad_words",
        "extra_args",
        "lora_name",
    }
)
CONSTRAINTS = ("json", "regex", "choice", "grammar", "json_object", "structural_tag")
# vLLM's own default, too short for most answers.
DEFAULT_MAX_TOKENS = 16


@dataclass(frozen=True)
class Sampling:
    """The parameters that an engine of ours can follow."""

    n: int = 1
    temperature: float = 1.0
    max_tokens: int = DEFAULT_MAX_TOKENS
    ignore_eos: bool = False
    stop: tuple[str, ...] = ()
    logprobs: int | None = None
    allowed_token_ids: tuple[int, ...] | None = None
    lora_name: str | None = None
    # At most one of `CONSTRAINTS` with its value: what the answer must be one of, or conform to.
    constraint: Mapping[str, Any] = field(default_factory=dict)


def read_sampling(text: str, structured_key: str, max_logprobs: int) -> Sampling:
    """Reads the JSON object.

    :param structured_key: the key of constrained decoding: "structured_outputs" from r25.11 on, before that
        "guided_decoding"
    :raises Exception: of whatever kind; the backend catches all alike
    """
    values: dict[str, Any] = {key: value for key, value in json.loads(text).items() if value is not None}
    constraint = _read_constraint(values.pop(structured_key)) if structured_key in values else {}
    for key in values:
        if key not in KNOWN_KEYS:
            raise TypeError(f"Unexpected keyword argument '{key}'")
    stop = values.get("stop", [])
    allowed = values.get("allowed_token_ids")
    sampling = Sampling(
        n=int(values.get("n", 1)),
        temperature=float(values.get("temperature", 1.0)),
        max_tokens=int(values.get("max_tokens", DEFAULT_MAX_TOKENS)),
        ignore_eos=bool(values.get("ignore_eos", False)),
        stop=(stop,) if isinstance(stop, str) else tuple(stop),
        logprobs=int(values["logprobs"]) if "logprobs" in values else None,
        allowed_token_ids=None if allowed is None else tuple(int(token) for token in allowed),
        lora_name=values.get("lora_name"),
        constraint=constraint,
    )
    _check(sampling, max_logprobs)
    return sampling


def _read_constraint(text: str) -> Mapping[str, Any]:
    # JSON within JSON: an object in the place of the string is a TypeError, as in the backend.
    constraint = json.loads(text)
    unknown = [key for key in constraint if key not in CONSTRAINTS]
    if unknown:
        raise TypeError(f"unexpected keyword argument '{unknown[0]}'")
    if len(constraint) != 1:
        raise ValueError(f"You can only use one kind of structured outputs constraint but got {constraint}")
    return constraint


def _check(sampling: Sampling, max_logprobs: int) -> None:
    if sampling.n < 1:
        raise ValueError(f"n must be at least 1, got {sampling.n}.")
    if sampling.temperature < 0:
        raise ValueError(f"temperature must be non-negative, got {sampling.temperature}.")
    if sampling.max_tokens < 1:
        raise ValueError(f"max_tokens must be at least 1, got {sampling.max_tokens}.")
    if sampling.logprobs is not None and not 0 <= sampling.logprobs <= max_logprobs:
        raise ValueError(f"Requested sample logprobs of {sampling.logprobs}, more than {max_logprobs}")
