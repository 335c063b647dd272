"""Several questions about one picture in one pass: a trunk (system text, picture), a branch for each.

A branch sees the trunk and itself, not the other branches, and its positions go on from the trunk's end. So
the model computes what it would for each question alone, while the long trunk is computed once. Serving
does the same (followspot_scores.forest), but keeps the system text in a cache, which gradients and
checkpoints rule out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch


@dataclass(frozen=True)
class Branch:
    """A question and its answer, as token ids."""

    question: tuple[int, ...]
    answer: tuple[int, ...]


@dataclass(frozen=True)
class Packed:
    """A trunk of t tokens and its branches, n tokens in all."""

    tokens: torch.Tensor
    """[n]"""
    branch_of: torch.Tensor
    """[n]: -1 in the trunk."""
    step: torch.Tensor
    """[n]: the place within its branch; 0 in the trunk, whose positions the model itself knows."""
    learnt_from: torch.Tensor
    """[a]: where the tokens of the answers are foretold, which is one before they stand."""
    learnt: torch.Tensor
    """[a]: the tokens of the answers."""
    answer_of: torch.Tensor
    """[a]: the branch of each."""
    asked_at: torch.Tensor
    """[branches]: the last token of each question, where the first of its answer is foretold."""

    def to(self, device: torch.device) -> Packed:
        """The same on a device."""
        return Packed(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})

    @property
    def trunk(self) -> torch.Tensor:
        """The tokens of the trunk."""
        return self.tokens[self.branch_of < 0]


def pack(trunk: Sequence[int], branches: Sequence[Branch]) -> Packed:
    """Lays the branches out one behind the other."""
    tokens, branch_of, step = list(trunk), [-1] * len(trunk), [0] * len(trunk)
    learnt_from, learnt, answer_of, asked_at = [], [], [], []
    for index, branch in enumerate(branches):
        asked_at.append(len(tokens) + len(branch.question) - 1)
        for offset, token in enumerate(branch.answer):
            learnt_from.append(asked_at[-1] + offset)
            learnt.append(token)
            answer_of.append(index)
        whole = branch.question + branch.answer
        tokens += whole
        branch_of += [index] * len(whole)
        step += range(len(whole))
    columns = (tokens, branch_of, step, learnt_from, learnt, answer_of, asked_at)
    return Packed(*(torch.tensor(column, dtype=torch.long) for column in columns))


def sight_of(packed: Packed) -> torch.Tensor:
    """Who sees whom: [1, 1, n, n] of booleans, true where row may look at column."""
    branch = packed.branch_of
    before = torch.ones(len(branch), len(branch), dtype=torch.bool, device=branch.device).tril()
    kin = (branch[None, :] < 0) | (branch[:, None] == branch[None, :])
    return (before & kin)[None, None]


def positions_of(packed: Packed, trunk_positions: torch.Tensor) -> torch.Tensor:
    """M-RoPE positions [3, 1, n]: the trunk's own [3, 1, t], then each branch from behind the largest."""
    following = packed.step[packed.branch_of >= 0].to(trunk_positions) + trunk_positions.max() + 1
    return torch.cat([trunk_positions, following.expand(3, 1, -1)], dim=-1)


def loss_of(logits: torch.Tensor, packed: Packed) -> torch.Tensor:
    """Cross-entropy of the answers, [a, vocabulary] against [a]: the mean over each answer, then over all.

    So a yes counts as much as a long caption, which would drown it otherwise.
    """
    each = torch.nn.functional.cross_entropy(logits.float(), packed.learnt, reduction="none")
    lengths = torch.bincount(packed.answer_of).to(each)
    return (each / lengths[packed.answer_of]).sum() / len(lengths)
