"""A model of the `scores` contract that looks at no picture: a label's score is a hash of picture and label.

It stands where Qwen2-VL stands, so that server and client meet in every test without a network, and answers
at once, so that a benchmark measures the client and the server. The real one is
`deploy/triton/models/qwen2_vl_scores`.
"""

import json
import zlib

import numpy as np
import triton_python_backend_utils as pb_utils

JPEG_START = b"\xff\xd8"


class TritonPythonModel:
    def initialize(self, args: dict[str, str]) -> None:
        config = json.loads(args["model_config"])
        parameters = {name: value["string_value"] for name, value in config["parameters"].items()}
        self._labels = [label.encode() for label in parameters["labels"].split(",")]
        self._batched = config["max_batch_size"] > 0

    def execute(self, requests: list) -> list:
        return [self._answer(request) for request in requests]

    def _answer(self, request) -> "pb_utils.InferenceResponse":
        try:
            return self._scores(request)
        except ValueError as error:
            failure = pb_utils.TritonError(str(error), pb_utils.TritonError.INVALID_ARG)
            return pb_utils.InferenceResponse(error=failure)

    def _scores(self, request) -> "pb_utils.InferenceResponse":
        # Triton counts inputs only: an optional one may have come in the place of the required one.
        image = _elements(request, "image")
        if image is None:
            raise ValueError("input 'image' is missing")
        if not image[0].startswith(JPEG_START):
            raise ValueError("input 'image' is no JPEG picture")
        labels = _elements(request, "labels")
        if labels is None:
            labels = self._labels
        seed = zlib.crc32(image[0])
        score = np.array([zlib.crc32(label, seed) / 0xFFFFFFFF for label in labels], np.float32)
        raw = np.log(score + 1e-6) - np.log1p(1e-6 - score)
        box = np.full((len(labels), 4), np.nan, np.float32)
        outputs = {
            "label": np.array(labels, np.object_),
            "score": score,
            "raw": raw.astype(np.float32),
            "box": box,
            "unknown": np.array([0.0], np.float32),
        }
        wanted = request.requested_output_names()
        return pb_utils.InferenceResponse(
            output_tensors=[
                pb_utils.Tensor(name, values[np.newaxis] if self._batched else values)
                for name, values in outputs.items()
                if name in wanted
            ]
        )


def _elements(request, name: str) -> list[bytes] | None:
    """The elements of a BYTES input, with or without a batch dimension; None where it was not sent."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    return None if tensor is None else tensor.as_numpy().reshape(-1).tolist()
