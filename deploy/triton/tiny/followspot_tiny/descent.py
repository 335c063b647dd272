"""Downhill, step by step."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch.optim.lr_scheduler import OneCycleLR

REPORT_EVERY = 50
DECAY = 0.02


@dataclass(frozen=True)
class Pace:
    """How fast the weights are changed at most; it grows at first and falls to nothing at the end."""

    layers: float = 0.03
    """Of the layers' matrices, by Muon."""
    others: float = 2e-3
    """Of embeddings, heads, biases and norms, by AdamW."""


def descend(
    modules: Sequence[torch.nn.Module],
    layers: Sequence[torch.nn.Module],
    loss_at: Callable[[float], torch.Tensor],
    *,
    steps: int,
    pace: Pace,
    say: Callable[[str], None],
) -> None:
    """
    Changes the weights of the modules.

    :param layers: those within the modules whose matrices are Muon's
    :param loss_at: the loss of one batch, after this part of the steps
    """
    if steps == 0:
        return
    parameters = list(dict.fromkeys(one for module in modules for one in module.parameters()))
    matrices = dict.fromkeys(one for layer in layers for one in layer.parameters() if one.dim() == 2)
    others = [one for one in parameters if one not in matrices]
    optimizers = [
        Muon(list(matrices), pace.layers),
        torch.optim.AdamW(others, lr=pace.others, weight_decay=DECAY, betas=(0.9, 0.98)),
    ]
    schedules = [
        OneCycleLR(one, rate, total_steps=steps, pct_start=0.1, cycle_momentum=False)
        for one, rate in zip(optimizers, (pace.layers, pace.others), strict=True)
    ]
    lately: deque[float] = deque(maxlen=REPORT_EVERY)
    for step in range(1, steps + 1):
        loss = loss_at(step / steps)
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimizer, schedule in zip(optimizers, schedules, strict=True):
            optimizer.step()
            schedule.step()
        lately.append(loss.item())
        if step % REPORT_EVERY == 0 or step == steps:
            say(f"step {step} of {steps}: loss {sum(lately) / len(lately):.3f}")


class Muon(torch.optim.Optimizer):
    """
    Steps that are equally long in all directions of a matrix; takes about half as many as AdamW alone. As
    Jordan, "Muon: an optimizer for hidden layers in neural networks", 2024. PyTorch's own computes in BF16,
    which many a CPU only imitates.
    """

    def __init__(self, matrices: Sequence[torch.nn.Parameter], rate: float, momentum: float = 0.95) -> None:
        super().__init__(matrices, {"lr": rate})
        self._momentum = momentum

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            rate = group["lr"]
            for matrix in group["params"]:
                state = self.state[matrix]
                mean = state["mean"] if "mean" in state else torch.zeros_like(matrix)
                state["mean"] = mean
                mean.lerp_(matrix.grad, 1 - self._momentum)
                ahead = matrix.grad.lerp(mean, self._momentum)
                longer = max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5
                matrix.mul_(1 - rate * DECAY).add_(_equalized(ahead), alpha=-rate * longer)


def _equalized(matrix: torch.Tensor, rounds: int = 5) -> torch.Tensor:
    """Brings all singular values near one, by the Newton-Schulz iteration of the paper."""
    wide = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    wide = wide / wide.norm().clamp(min=1e-7)
    for _ in range(rounds):
        square = wide @ wide.T
        wide = torch.addmm(
            wide, torch.addmm(square, square, square, beta=-4.775, alpha=2.0315), wide, beta=3.4445
        )
    return wide.T if matrix.shape[0] > matrix.shape[1] else wide
