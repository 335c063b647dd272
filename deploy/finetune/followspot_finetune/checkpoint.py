"""What a training needs to go on as if it had never been interrupted."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from .judge import Figures


@dataclass
class Progress:
    """How far a training is."""

    round: int = 0
    lesson: int = 0
    """Of the round: the next one to be given."""
    losses: list[float] = field(default_factory=list)
    """Mean loss of each step."""
    held_out: list[float] = field(default_factory=list)
    """Loss on the held-out pictures after each round."""
    before: Figures | None = None
    best: dict[str, torch.Tensor] | None = None
    """The adapter's weights after the best round."""
    best_round: int = -1
    seconds: float = 0.0


class CheckpointFile:
    """One file, replaced as a whole. `key` says which training it belongs to."""

    def __init__(self, folder: Path, key: str) -> None:
        self._file = folder / "checkpoint.pt"
        self._key = key

    def save(
        self, progress: Progress, weights: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
    ) -> None:
        """Writes beside the file, then puts it in its place."""
        state = {
            "key": self._key,
            **{name: getattr(progress, name) for name in _PLAIN},
            "before": progress.before.to_state() if progress.before else None,
            "weights": {name: weight.detach().cpu() for name, weight in weights.items()},
            "optimizer": optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(".part")
        with beside.open("wb") as out:
            torch.save(state, out)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self._file)

    def load(
        self, weights: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
    ) -> Progress | None:
        """Puts everything back; None where there is none, or one of another training."""
        if not self._file.is_file():
            return None
        state: dict[str, Any] = torch.load(self._file, map_location="cpu", weights_only=True)
        if state["key"] != self._key:
            return None
        with torch.no_grad():
            for name, weight in weights.items():
                weight.copy_(state["weights"][name])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        if state["random_cuda"] and torch.cuda.is_available():
            torch.cuda.set_rng_state_all(state["random_cuda"])
        progress = Progress(**{name: state[name] for name in _PLAIN})
        progress.before = Figures.from_state(state["before"]) if state["before"] else None
        return progress


_PLAIN = ("round", "lesson", "losses", "held_out", "best", "best_round", "seconds")
