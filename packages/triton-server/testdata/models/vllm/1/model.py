"""Speaks the vLLM backend's tensors and answers at once."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "python"))

from vllm_stand_in.dice_engine import DiceEngine
from vllm_stand_in.model import StandInModel


class TritonPythonModel(StandInModel):
    def make_engine(self, parameters: dict[str, str]) -> DiceEngine:
        return DiceEngine(token_ms=float(parameters["token_ms"]))
