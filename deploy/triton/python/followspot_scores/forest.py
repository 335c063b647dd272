"""Several questions about one picture laid out as a tree, and several such trees as one batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

# Which branch a token belongs to: the trunk is seen by all, a branch only by itself, padding by nobody.
TRUNK = 0
PADDING = -1


@dataclass(frozen=True)
class Tree:
    """One picture with the questions about it: [prefix] [picture, stem] [branch 1] ... [branch n]."""

    prefix: int
    """Tokens before the picture, whose keys and values are computed already."""
    token_grid: tuple[int, int]
    """Rows and columns of the picture's tokens."""
    image_token: int
    stem: tuple[int, ...]
    """Tokens after the picture that all branches share."""
    branches: tuple[tuple[int, ...], ...]

    @property
    def trunk(self) -> int:
        rows, columns = self.token_grid
        return rows * columns + len(self.stem)

    @property
    def length(self) -> int:
        return self.trunk + sum(map(len, self.branches))


@dataclass(frozen=True)
class Forest:
    """A batch of trees, one in each row, padded on the right."""

    input_ids: torch.Tensor
    """int64 [rows, length]"""
    positions: torch.Tensor
    """int64 [3, rows, length]: time, height and width of M-RoPE."""
    branch: torch.Tensor
    """int64 [rows, length]: TRUNK, PADDING, or from 1 the branch's number."""
    prefixes: torch.Tensor
    """int64 [rows]: how many of the keys before the row are its own prefix."""
    ends: tuple[tuple[int, ...], ...]
    """For each row the places of the branches' last tokens."""

    @staticmethod
    def plant(trees: Sequence[Tree], pad_token: int) -> "Forest":
        length = max(tree.length for tree in trees)
        ids = np.full((len(trees), length), pad_token, dtype=np.int64)
        positions = np.zeros((3, len(trees), length), dtype=np.int64)
        branch = np.full((len(trees), length), PADDING, dtype=np.int64)
        ends = []
        for row, tree in enumerate(trees):
            ends.append(_fill(tree, ids[row], positions[:, row], branch[row]))
        return Forest(
            torch.from_numpy(ids),
            torch.from_numpy(positions),
            torch.from_numpy(branch),
            torch.tensor([tree.prefix for tree in trees]),
            tuple(ends),
        )

    def to(self, device: torch.device) -> "Forest":
        return Forest(
            self.input_ids.to(device, non_blocking=True),
            self.positions.to(device, non_blocking=True),
            self.branch.to(device, non_blocking=True),
            self.prefixes.to(device, non_blocking=True),
            self.ends,
        )

    def mask(self, prefix_length: int) -> torch.Tensor:
        """
        What each token sees: bool [rows, 1, length, prefix_length + length].

        Of the prefix its row's own part; of the row the trunk and its own branch, up to itself. Padding sees
        itself, since a softmax over nothing is not a number.
        """
        rows, length = self.branch.shape
        place = torch.arange(length, device=self.branch.device)
        asks, seen = self.branch[:, :, None], self.branch[:, None, :]
        own = ((seen == TRUNK) | (seen == asks)) & (asks != PADDING) & (seen != PADDING)
        own = own & (place[None, :] <= place[:, None]) | torch.eye(
            length, dtype=torch.bool, device=place.device
        )
        before = torch.arange(prefix_length, device=place.device)[None, :] < self.prefixes[:, None]
        before = before[:, None, :].expand(rows, length, prefix_length)
        return torch.cat([before, own], dim=-1)[:, None]


def _fill(tree: Tree, ids: np.ndarray, positions: np.ndarray, branch: np.ndarray) -> tuple[int, ...]:
    """
    Writes one tree into its row and returns where its branches end.

    Positions follow M-RoPE (transformers, Qwen2VLModel.get_rope_index): a picture's tokens carry their row
    and column, text after it goes on behind the longer side. Each branch begins anew where the stem ended.
    """
    rows, columns = tree.token_grid
    picture = rows * columns
    ids[:picture] = tree.image_token
    positions[0, :picture] = tree.prefix
    positions[1, :picture] = tree.prefix + np.repeat(np.arange(rows), columns)
    positions[2, :picture] = tree.prefix + np.tile(np.arange(columns), rows)
    start = tree.prefix + max(rows, columns)
    place = _write(tree.stem, picture, start, TRUNK, ids, positions, branch)
    branch[:picture] = TRUNK
    ends = []
    for number, tokens in enumerate(tree.branches, start=1):
        place = _write(tokens, place, start + len(tree.stem), number, ids, positions, branch)
        ends.append(place - 1)
    return tuple(ends)


def _write(
    tokens: Sequence[int],
    place: int,
    position: int,
    number: int,
    ids: np.ndarray,
    positions: np.ndarray,
    branch: np.ndarray,
) -> int:
    end = place + len(tokens)
    ids[place:end] = tokens
    positions[:, place:end] = position + np.arange(len(tokens))
    branch[place:end] = number
    return end
