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

from followspot_scores.host import load_host  # noqa: E402
from followspot_scores.identity import version_of  # noqa: E402
from followspot_scores.refusal import Refusal  # noqa: E402
from followspot_scores.request_reading import request_parameters  # noqa: E402
from followspot_scores.service import Answer, Sent, Service  # noqa: E402
from followspot_scores.settings import Settings  # noqa: E402


class TritonPythonModel:
    """
    The `scores` contract with a batch dimension: each request is one picture, a batch is one forward pass.
    """

    def initialize(self, args: dict[str, str]) -> None:
        config = json.loads(args["model_config"])
        parameters = {name: value["string_value"] for name, value in (config.get("parameters") or {}).items()}
        folder = Path(args["model_repository"])
        say = pb_utils.Logger.log_info
        settings = Settings.read(parameters, folder)
        device = f"cuda:{args['model_instance_device_id']}" if args["model_instance_kind"] == "GPU" else "cpu"
        self._service = Service(load_host(settings, device, say), pb_utils.Logger.log_error)
        version = version_of(folder, parameters)
        if version != settings.version:
            pb_utils.Logger.log_warn(
                f'config.pbtxt says version "{settings.version}", and hosted is "{version}": render it again'
            )

    def execute(self, requests: list) -> list:
        """What is wrong with one request is said to that one; the others of the batch are answered."""
        answers = self._service.answer(
            [_sent(request) for request in requests],
            # Triton drops what is given up while it waits. In 24.10 asking takes half a second at times, so
            # it is done between two passes only; one that waits keeps the batch going.
            nobody_waits=lambda: all(request.is_cancelled() for request in requests),
        )
        return [_response(request, answer) for request, answer in zip(requests, answers, strict=True)]

    def finalize(self) -> None:
        self._service.close()


def _sent(request) -> Sent:
    tensors = (_elements(request, name) for name in ("image", "labels", "prompt"))
    return Sent(*tensors, request_parameters(request.parameters()))


def _elements(request, name: str) -> list[bytes] | None:
    """The elements of a BYTES input; None where it was not sent."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    return None if tensor is None else tensor.as_numpy().reshape(-1).tolist()


def _response(request, answer: Answer) -> "pb_utils.InferenceResponse":
    if isinstance(answer, Exception):
        refused = isinstance(answer, Refusal)
        code = pb_utils.TritonError.INVALID_ARG if refused else pb_utils.TritonError.INTERNAL
        return pb_utils.InferenceResponse(error=pb_utils.TritonError(str(answer), code))
    wanted = request.requested_output_names()
    return pb_utils.InferenceResponse(
        [pb_utils.Tensor(name, values[np.newaxis]) for name, values in answer.items() if name in wanted]
    )
