"""A stand-in for Triton's vLLM backend: the same files, the same tensors, no engine behind them.

A real tritonserver loads with it the very config.pbtxt and model.json that are rendered for the real backend.
It ends where the engine begins: the arguments are read, and nothing is done with them. Tensors after
vllm_backend, src/model.py, ``_auto_complete_inputs_and_outputs``.
"""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np
import triton_python_backend_utils as pb_utils

FLAGS = (
    "stream",
    "exclude_input_in_output",
    "return_finish_reason",
    "return_cumulative_logprob",
    "return_logprobs",
    "return_num_input_tokens",
    "return_num_output_tokens",
)


class TritonPythonModel:
    """Answers every prompt with the engine's arguments, as JSON."""

    @staticmethod
    def auto_complete_config(config: Any) -> Any:
        """Adds what the files leave out."""
        config.add_input({"name": "text_input", "data_type": "TYPE_STRING", "dims": [1]})
        config.add_input({"name": "image", "data_type": "TYPE_STRING", "dims": [-1], "optional": True})
        config.add_input(
            {"name": "sampling_parameters", "data_type": "TYPE_STRING", "dims": [1], "optional": True}
        )
        for name in FLAGS:
            config.add_input({"name": name, "data_type": "TYPE_BOOL", "dims": [1], "optional": True})
        config.add_output({"name": "text_output", "data_type": "TYPE_STRING", "dims": [-1]})
        config.set_model_transaction_policy({"decoupled": True})
        config.set_max_batch_size(0)
        return config

    def initialize(self, args: dict[str, str]) -> None:
        """Reads model.json, and multi_lora.json where it must be there, as the real backend does."""
        folder = pb_utils.get_model_dir()
        with open(os.path.join(folder, "model.json")) as file:
            self.arguments: dict[str, Any] = json.load(file)
        self.adapters: dict[str, str] = {}
        if self.arguments.get("enable_lora"):
            with open(os.path.join(folder, "multi_lora.json")) as file:
                self.adapters = json.load(file)
        self.parameters = json.loads(args["model_config"])["parameters"]

    def execute(self, requests: list[Any]) -> None:
        """One answer for each request, with the final flag."""
        for request in requests:
            told = {"arguments": self.arguments, "adapters": self.adapters, "parameters": self.parameters}
            text = np.array([json.dumps(told).encode()], dtype=np.object_)
            sender = request.get_response_sender()
            response = pb_utils.InferenceResponse([pb_utils.Tensor("text_output", text)])
            sender.send(response, flags=pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
