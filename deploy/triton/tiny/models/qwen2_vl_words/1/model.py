"""
The small network on the tensors of Triton's vLLM backend: what the `vllm` contract meets where there is no
vLLM.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve()
TRITON, REPOSITORY = HERE.parents[4], HERE.parents[6]
sys.path[:0] = [
    str(TRITON / "python"),
    str(TRITON / "tiny"),
    str(REPOSITORY / "packages/triton-server/python"),
]

import os  # noqa: E402

from followspot_scores.adapters_setting import adapter_folders  # noqa: E402
from followspot_tiny.words_engine import WordsEngine  # noqa: E402
from vllm_stand_in.model import StandInModel  # noqa: E402


class TritonPythonModel(StandInModel):
    def make_engine(self, parameters: dict[str, str]) -> WordsEngine:
        """Weights and adapters are named by the environment: tests make them elsewhere on each machine."""
        weights = Path(os.environ["FOLLOWSPOT_TINY_WEIGHTS"])
        adapters = adapter_folders(os.environ.get("FOLLOWSPOT_TINY_ADAPTERS", ""), weights)
        self._loras = sorted(adapters)
        return WordsEngine(weights, adapters)
