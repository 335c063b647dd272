"""The life of a request, from its tensors to its final response."""

import asyncio
import json
import threading
from abc import ABC, abstractmethod
from typing import Any

import triton_python_backend_utils as pb_utils

from .engine import Engine
from .sampling import Sampling, read_sampling
from .tensors import INPUTS, OUTPUTS, AnswerWriter, read_question, sampling_text

FINAL = pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL
MAX_LOGPROBS = 20


class StandInModel(ABC):
    """Derive `TritonPythonModel` from it and say what the engine is.

    Parameters of the configuration: `structured_key`, the key of constrained decoding ("structured_outputs"
    where left out), and `loras`, the names of adapters, separated by commas (none where left out).
    """

    @abstractmethod
    def make_engine(self, parameters: dict[str, str]) -> Engine:
        """Called once, before the model is ready."""

    @classmethod
    def auto_complete_config(cls, config: Any) -> Any:
        known = config.as_dict()
        for tensor in INPUTS:
            if all(tensor["name"] != given["name"] for given in known["input"]):
                config.add_input(tensor)
        for tensor in OUTPUTS:
            if all(tensor["name"] != given["name"] for given in known["output"]):
                config.add_output(tensor)
        config.set_model_transaction_policy({"decoupled": True})
        config.set_max_batch_size(0)
        return config

    def initialize(self, args: dict[str, str]) -> None:
        config = json.loads(args["model_config"])
        parameters = {name: value["string_value"] for name, value in config["parameters"].items()}
        self._structured_key = parameters.get("structured_key", "structured_outputs")
        self._loras = [name for name in parameters.get("loras", "").split(",") if name]
        self._engine = self.make_engine(parameters)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._running: set[asyncio.Task[None]] = set()

    def execute(self, requests: list[Any]) -> None:
        # What raises here fails the whole batch, as malformed JSON does in the backend.
        for request in requests:
            name = json.loads(sampling_text(request)).get("lora_name")
            error = self._adapter_error(name)
            if error is None:
                self._loop.call_soon_threadsafe(self._begin, request)
            else:
                request.get_response_sender().send(pb_utils.InferenceResponse(error=error), flags=FINAL)

    def finalize(self) -> None:
        asyncio.run_coroutine_threadsafe(self._drain(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _adapter_error(self, name: str | None) -> Any:
        if name is None or name in self._loras:
            return None
        if not self._loras:
            return pb_utils.TritonError("LoRA feature is not enabled.")
        return pb_utils.TritonError(f"LoRA {name} is not supported, we currently support {self._loras}")

    def _begin(self, request: Any) -> None:
        task = self._loop.create_task(self._answer(request))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _drain(self) -> None:
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _answer(self, request: Any) -> None:
        sender = request.get_response_sender()
        try:
            await self._generate(request, sender)
        except Exception as error:
            failure = pb_utils.TritonError(f"Error generating stream: {error}")
            sender.send(pb_utils.InferenceResponse(error=failure), flags=FINAL)

    async def _generate(self, request: Any, sender: Any) -> None:
        question = read_question(request)
        sampling = self._sampling(request)
        # `sampling` is None where it could not be read: here it then fails, as in the backend.
        _ = sampling.lora_name
        writer = AnswerWriter(question)
        generation = None
        async for generation in self._engine.generate(question.prompt, question.images, sampling):
            if sender.is_cancelled():
                pb_utils.Logger.log_info("[vllm] Cancelling the request")
                cancelled = pb_utils.TritonError("Request was cancelled", pb_utils.TritonError.CANCELLED)
                sender.send(pb_utils.InferenceResponse(error=cancelled), flags=FINAL)
                return
            if question.stream:
                sender.send(writer.response(generation), flags=FINAL if generation.finished else 0)
        if not question.stream:
            sender.send(writer.response(generation), flags=FINAL)

    def _sampling(self, request: Any) -> Sampling:
        try:
            return read_sampling(sampling_text(request), self._structured_key, MAX_LOGPROBS)
        except Exception as error:
            pb_utils.Logger.log_error(
                f"[vllm] Was trying to create `TritonSamplingParams`, but got exception: {error}"
            )
            return None  # type: ignore[return-value]
