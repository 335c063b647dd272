"""The training itself: rounds of lessons, a look at the held-out pictures after each, the best round kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from .checkpoint import CheckpointFile, Progress
from .interruption import Interruption
from .judge import Figures, Judge
from .load import trained_weights
from .network import Network
from .sampler import Lesson
from .training_set import Picture

WARM_UP = 0.05
"""Share of the training in which the steps grow to their full size; then they shrink along a cosine."""
LARGEST_GRADIENT = 1.0
GAIN = 1e-3
"""Less of a gain on the held-out pictures is none."""


class Interrupted(Exception):
    """Somebody wanted the end; a checkpoint is written."""


@dataclass(frozen=True)
class Plan:
    """How the training goes."""

    rounds: int
    learning_rate: float
    accumulate: int
    patience: int
    draw: Callable[[int], Sequence[Lesson]]
    """The lessons of a round."""
    held_out: Sequence[Picture]


@dataclass(frozen=True)
class Outcome:
    """What became of it. The network holds the weights of the best round."""

    progress: Progress
    before: Figures
    after: Figures
    stopped_early: bool


class Training:
    """Trains a network by a plan, and can be interrupted between two steps."""

    def __init__(
        self,
        network: Network,
        judge: Judge,
        checkpoint: CheckpointFile,
        interruption: Interruption,
        say: Callable[[str], None],
    ) -> None:
        self._network = network
        self._judge = judge
        self._checkpoint = checkpoint
        self._interruption = interruption
        self._say = say
        self._weights = trained_weights(network.model)

    def run(self, plan: Plan) -> Outcome:
        """Goes on where a checkpoint of the same training ends. Raises Interrupted."""
        optimizer = torch.optim.AdamW(self._weights.values(), lr=plan.learning_rate, weight_decay=0.0)
        progress = self._checkpoint.load(self._weights, optimizer)
        if progress:
            self._say(f"going on in round {progress.round + 1}, after {len(progress.losses)} steps")
        else:
            progress = Progress(before=self._look(plan))
            self._say(f"before: {_told(progress.before)}")
        started = time.monotonic() - progress.seconds
        stopped_early = self._is_stale(progress, plan)
        while progress.round < plan.rounds and not stopped_early:
            self._give_round(progress, plan, optimizer, started)
            stopped_early = progress.round < plan.rounds and self._is_stale(progress, plan)
        self._put_back(progress)
        assert progress.before is not None
        return Outcome(progress, progress.before, self._look(plan), stopped_early)

    def _give_round(
        self, progress: Progress, plan: Plan, optimizer: torch.optim.Optimizer, started: float
    ) -> None:
        lessons = plan.draw(progress.round)
        self._network.model.train()
        while progress.lesson < len(lessons):
            if self._interruption.wanted:
                progress.seconds = time.monotonic() - started
                self._checkpoint.save(progress, self._weights, optimizer)
                raise Interrupted
            batch = lessons[progress.lesson : progress.lesson + plan.accumulate]
            done = (progress.round + progress.lesson / len(lessons)) / plan.rounds
            for group in optimizer.param_groups:
                group["lr"] = plan.learning_rate * step_size(done)
            progress.losses.append(self._step(batch, optimizer))
            progress.lesson += len(batch)
        seen = self._look(plan)
        progress.held_out.append(seen.loss if seen.loss is not None else math.nan)
        if self._is_best(progress):
            progress.best_round = progress.round
            progress.best = {name: weight.detach().cpu().clone() for name, weight in self._weights.items()}
        progress.round, progress.lesson = progress.round + 1, 0
        progress.seconds = time.monotonic() - started
        self._checkpoint.save(progress, self._weights, optimizer)
        steps = math.ceil(len(lessons) / plan.accumulate)
        learnt = sum(progress.losses[-steps:]) / steps
        self._say(
            f"round {progress.round} of {plan.rounds}: loss {learnt:.3f}; {_told(seen)}; "
            f"{progress.seconds:.0f} s"
        )

    def _step(self, batch: Sequence[Lesson], optimizer: torch.optim.Optimizer) -> float:
        total = 0.0
        for lesson in batch:
            loss = self._network.loss(lesson) / len(batch)
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(self._weights.values(), LARGEST_GRADIENT)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return total

    def _look(self, plan: Plan) -> Figures:
        return self._judge.judge(self._network, plan.held_out)

    def _is_best(self, progress: Progress) -> bool:
        newest = progress.held_out[-1]
        return progress.best_round < 0 or newest < progress.held_out[progress.best_round] - GAIN

    def _is_stale(self, progress: Progress, plan: Plan) -> bool:
        return progress.best_round >= 0 and progress.round - 1 - progress.best_round >= plan.patience

    def _put_back(self, progress: Progress) -> None:
        with torch.no_grad():
            for name, weight in (progress.best or {}).items():
                self._weights[name].copy_(weight)


def step_size(done: float) -> float:
    """Share of the learning rate, with so much of the training done: up a line, down a cosine."""
    if done < WARM_UP:
        return max(0.05, done / WARM_UP)
    falling = (done - WARM_UP) / (1 - WARM_UP)
    return 0.05 + 0.95 * (1 + math.cos(math.pi * falling)) / 2


def _told(figures: Figures | None) -> str:
    if figures is None or figures.balanced_accuracy is None:
        return "nothing held out to judge by"
    return f"balanced accuracy on held-out pictures {figures.balanced_accuracy:.3f}"
