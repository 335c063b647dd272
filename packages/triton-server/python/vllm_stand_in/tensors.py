"""The tensors of a request and of an answer."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import triton_python_backend_utils as pb_utils
from PIL import Image

from .engine import Completion, Generation

RETURNS = (
    "return_finish_reason",
    "return_cumulative_logprob",
    "return_logprobs",
    "return_num_input_tokens",
    "return_num_output_tokens",
)


def _tensor(name: str, data_type: str, dims: Sequence[int], optional: bool = True) -> dict[str, Any]:
    tensor: dict[str, Any] = {"name": name, "data_type": data_type, "dims": list(dims)}
    return {**tensor, "optional": True} if optional else tensor


INPUTS = (
    _tensor("text_input", "TYPE_STRING", [1], optional=False),
    _tensor("image", "TYPE_STRING", [-1]),
    _tensor("stream", "TYPE_BOOL", [1]),
    _tensor("sampling_parameters", "TYPE_STRING", [1]),
    _tensor("exclude_input_in_output", "TYPE_BOOL", [1]),
    *(_tensor(name, "TYPE_BOOL", [1]) for name in RETURNS),
    _tensor("embedding_request", "TYPE_STRING", [1]),
)
OUTPUTS = (
    _tensor("text_output", "TYPE_STRING", [-1], optional=False),
    _tensor("finish_reason", "TYPE_STRING", [-1], optional=False),
    _tensor("cumulative_logprob", "TYPE_FP32", [-1], optional=False),
    _tensor("logprobs", "TYPE_STRING", [-1], optional=False),
    _tensor("num_input_tokens", "TYPE_UINT32", [1], optional=False),
    _tensor("num_output_tokens", "TYPE_UINT32", [-1], optional=False),
)


@dataclass(frozen=True)
class Question:
    """A request, read."""

    prompt: str
    images: Sequence[Image.Image]
    stream: bool
    # Whether the prompt comes back in front of the answer.
    prepend_input: bool
    returns: frozenset[str]


def sampling_text(request: Any) -> str:
    """The JSON text of `sampling_parameters`; the request's own parameters where there is no such tensor."""
    tensor = pb_utils.get_input_tensor_by_name(request, "sampling_parameters")
    return request.parameters() if tensor is None else tensor.as_numpy()[0].decode("utf-8")


def read_question(request: Any) -> Question:
    """Reads the input tensors.

    Triton counts inputs only, so `text_input` may be missing; the failure says as little as the backend's.
    :raises Exception: whose text reaches the client
    """
    prompt = pb_utils.get_input_tensor_by_name(request, "text_input").as_numpy()[0].decode("utf-8")
    images = pb_utils.get_input_tensor_by_name(request, "image")
    pictures = [] if images is None else [_picture(element) for element in images.as_numpy()]
    stream = _flag(request, "stream") or False
    excluded = _flag(request, "exclude_input_in_output")
    prepend_input = not stream if excluded is None else not excluded
    if prepend_input and stream:
        raise ValueError("When streaming, `exclude_input_in_output` = False is not allowed.")
    returns = frozenset(name for name in RETURNS if _flag(request, name))
    return Question(prompt, pictures, stream, prepend_input, returns)


def _picture(element: bytes) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(element.decode("utf-8")))).convert("RGB")


def _flag(request: Any, name: str) -> bool | None:
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    return None if tensor is None else bool(tensor.as_numpy()[0])


@dataclass
class _Sent:
    """How much of a completion has been sent already."""

    text: int = 0
    tokens: int = 0
    logprobs: int = 0


class AnswerWriter:
    """Makes the responses of one request: deltas where it streams, everything at once where not."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._sent: list[_Sent] | None = None

    def response(self, generation: Generation) -> Any:
        """The response with what is new in `generation`."""
        first = self._sent is None
        if self._sent is None:
            self._sent = [_Sent() for _ in generation.completions]
        prefix = generation.prompt if first and self._question.prepend_input else ""
        pairs = list(zip(generation.completions, self._sent, strict=True))
        texts = [(prefix + completion.text[sent.text :]).encode("utf-8") for completion, sent in pairs]
        tensors = [_bytes_tensor("text_output", texts)]
        returns = self._question.returns
        if "return_finish_reason" in returns:
            reasons = [str(completion.finish_reason).encode() for completion, _ in pairs]
            tensors.append(_bytes_tensor("finish_reason", reasons))
        if "return_cumulative_logprob" in returns:
            sums = np.asarray([completion.cumulative_logprob for completion, _ in pairs], np.float32)
            tensors.append(pb_utils.Tensor("cumulative_logprob", sums))
        if "return_logprobs" in returns:
            tensors.append(
                _bytes_tensor("logprobs", [_logprobs(completion, sent) for completion, sent in pairs])
            )
        if "return_num_input_tokens" in returns:
            # A scalar in the backend too, although its configuration says [1].
            count = np.asarray(generation.prompt_token_count, np.uint32)
            tensors.append(pb_utils.Tensor("num_input_tokens", count))
        if "return_num_output_tokens" in returns:
            counts = [len(completion.token_ids) - sent.tokens for completion, sent in pairs]
            tensors.append(pb_utils.Tensor("num_output_tokens", np.asarray(counts, np.uint32)))
        for completion, sent in pairs:
            sent.text = len(completion.text)
            sent.tokens = len(completion.token_ids)
            sent.logprobs = len(completion.logprobs or [])
        return pb_utils.InferenceResponse(output_tensors=tensors)


def _bytes_tensor(name: str, elements: Sequence[bytes]) -> Any:
    return pb_utils.Tensor(name, np.asarray(elements, np.object_))


def _logprobs(completion: Completion, sent: _Sent) -> bytes:
    """For each new token `{"<token_id>": {"logprob", "rank", "decoded_token"}}`; "null" without any."""
    if completion.logprobs is None:
        return b"null"
    return json.dumps(
        [
            {
                chance.token_id: {
                    "logprob": chance.logprob,
                    "rank": chance.rank,
                    "decoded_token": chance.decoded_token,
                }
                for chance in chances
            }
            for chances in completion.logprobs[sent.logprobs :]
        ]
    ).encode()
