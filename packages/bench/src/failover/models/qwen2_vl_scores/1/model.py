"""A model of the `scores` contract that sleeps as long as a network would work: one half for every label.

It stands on a real tritonserver in the place of Qwen2-VL while that server is killed.
"""

import json
import time

import numpy as np
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args: dict[str, str]) -> None:
        parameters = json.loads(args["model_config"])["parameters"]
        self._service_s = float(parameters["service_ms"]["string_value"]) / 1_000

    def execute(self, requests: list) -> list:
        return [self._answer(request) for request in requests]

    def _answer(self, request) -> "pb_utils.InferenceResponse":
        time.sleep(self._service_s)
        labels = pb_utils.get_input_tensor_by_name(request, "labels").as_numpy().reshape(-1)
        half = np.full(len(labels), 0.5, np.float32)
        outputs = {
            "label": labels,
            "score": half,
            "raw": np.zeros_like(half),
            "box": np.full((len(labels), 4), np.nan, np.float32),
            "unknown": np.zeros(1, np.float32),
        }
        return pb_utils.InferenceResponse([pb_utils.Tensor(name, values) for name, values in outputs.items()])
