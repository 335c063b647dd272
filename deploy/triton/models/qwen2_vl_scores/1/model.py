"""
Triton's side of the scores server: tensors in and out. What happens between is in the package
followspot_scores.
"""

import json
import sys
from pathlib import Path

import numpy as np
import triton_python_backend_utils as pb_utils

HERE = Path(__file__).resolve().parent
if not (HERE / "followspot_scores").is_dir():
    # In the project's own repository the package lies beside the models.
    sys.path.append(str(HERE.parents[2] / "python"))

from followspot_scores.answer import answer_tensors  # noqa: E402
from followspot_scores.host import Host, load_host  # noqa: E402
from followspot_scores.identity import version_of  # noqa: E402
from followspot_scores.refusal import Refusal  # noqa: E402
from followspot_scores.request_reading import RequestReader, request_parameters  # noqa: E402
from followspot_scores.scorer import Asked  # noqa: E402
from followspot_scores.settings import Settings  # noqa: E402


class TritonPythonModel:
    """
    The `scores` contract with a batch dimension: each request is one picture, a batch is one forward pass.
    """

    def initialize(self, args: dict[str, str]) -> None:
        config = json.loads(args["model_config"])
        parameters = {name: value["string_value"] for name, value in config["parameters"].items()}
        folder = Path(args["model_repository"])
        say = pb_utils.Logger.log_info
        settings = Settings.read(parameters, folder)
        device = f"cuda:{args['model_instance_device_id']}" if args["model_instance_kind"] == "GPU" else "cpu"
        self._host: Host = load_host(settings, device, say)
        self._requests = RequestReader(settings, self._host.reader, self._host.adapters)
        version = version_of(folder, parameters)
        if version != settings.version:
            pb_utils.Logger.log_warn(
                f'config.pbtxt says version "{settings.version}", and hosted is "{version}": render it again'
            )

    def execute(self, requests: list) -> list:
        """What is wrong with one request is said to that one; the others of the batch are answered."""
        asked = [self._read(request) for request in requests]
        waiting = [index for index, one in enumerate(asked) if isinstance(one, Asked)]
        told = dict(
            zip(
                waiting,
                self._host.scorer.score(
                    [asked[index] for index in waiting],
                    # Triton drops what is given up while it waits. In 24.10 asking takes half a second at
                    # times, so it is done between two passes only; one that waits keeps the batch going.
                    stopped=lambda: all(requests[index].is_cancelled() for index in waiting),
                ),
                strict=True,
            )
        )
        return [
            _failure(one)
            if isinstance(one, pb_utils.TritonError)
            else self._answer(request, answer_tensors(one, told[index], self._host.calibration))
            for index, (request, one) in enumerate(zip(requests, asked, strict=True))
        ]

    def _read(self, request) -> "Asked | pb_utils.TritonError":
        try:
            return self._requests.read(
                *(_elements(request, name) for name in ("image", "labels", "prompt")),
                request_parameters(request.parameters()),
            )
        except Refusal as refusal:
            return pb_utils.TritonError(str(refusal), pb_utils.TritonError.INVALID_ARG)

    def _answer(self, request, tensors: dict[str, np.ndarray]) -> "pb_utils.InferenceResponse":
        wanted = request.requested_output_names()
        return pb_utils.InferenceResponse(
            [pb_utils.Tensor(name, values[np.newaxis]) for name, values in tensors.items() if name in wanted]
        )


def _failure(error: "pb_utils.TritonError") -> "pb_utils.InferenceResponse":
    return pb_utils.InferenceResponse(error=error)


def _elements(request, name: str) -> list[bytes] | None:
    """The elements of a BYTES input; None where it was not sent."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    return None if tensor is None else tensor.as_numpy().reshape(-1).tolist()
