"""Lets the model write where the labels are that it found, several at once, from what it has seen already."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import DynamicCache, PreTrainedModel

from .forest import Forest

# "(1000,1000),(1000,1000)" and the end mark are 24 tokens of one digit each.
MOST_TOKENS = 32


@dataclass(frozen=True)
class BoxQuestion:
    """One label to be found in the picture of one row."""

    row: int
    tokens: tuple[int, ...]
    """The question and how its answer begins."""
    position: int
    """Of the first token, behind the picture."""
    seen: int
    """How many tokens of the row it sees, from the left: the picture's."""


def write_boxes(
    model: PreTrainedModel,
    cache: DynamicCache,
    forest: Forest,
    questions: Sequence[BoxQuestion],
    ends: frozenset[int],
    most_tokens: int = MOST_TOKENS,
) -> list[list[int]]:
    """
    Greedy, one token after the other for all questions together, until each wrote one of `ends` or grew too
    long.

    :param cache: of the pass over the forest: prefixes and rows
    :returns: for each question the tokens that the model wrote
    """
    device = model.device
    known, seen = _pictures(cache, forest, questions)
    width = max(len(question.tokens) for question in questions)
    tokens = torch.zeros((len(questions), width), dtype=torch.long)
    positions = torch.zeros((len(questions), width), dtype=torch.long)
    real = torch.zeros((len(questions), width), dtype=torch.bool)
    for index, question in enumerate(questions):
        # On the left, so that all answers begin in the same column.
        start = width - len(question.tokens)
        tokens[index, start:] = torch.tensor(question.tokens)
        positions[index, start:] = question.position + torch.arange(len(question.tokens))
        real[index, start:] = True
    tokens, positions, real = tokens.to(device), positions.to(device), real.to(device)
    mask = torch.cat([seen[:, None, :].expand(-1, width, -1), _causal(real)], dim=-1)
    written: list[list[int]] = [[] for _ in questions]
    done = [False] * len(questions)
    for _ in range(most_tokens):
        output = model.model(
            input_ids=tokens,
            position_ids=positions.expand(3, -1, -1),
            attention_mask=mask[:, None],
            cache=known,
            use_cache=True,
        )
        chosen = model.lm_head(output.last_hidden_state[:, -1]).argmax(-1)
        for index, token in enumerate(chosen.tolist()):
            if not done[index]:
                written[index].append(token)
                done[index] = token in ends
        if all(done):
            break
        tokens, positions = chosen[:, None], positions[:, -1:] + 1
        mask = torch.cat([mask[:, -1:], mask.new_ones(len(questions), 1, 1)], dim=-1)
    return written


def _pictures(
    cache: DynamicCache, forest: Forest, questions: Sequence[BoxQuestion]
) -> tuple[DynamicCache, torch.Tensor]:
    """
    For each question its prefix' and picture's keys and values without what was asked about it, and which of
    them are its own.
    """
    device = forest.branch.device
    rows = torch.tensor([question.row for question in questions], device=device)
    seen = torch.tensor([question.seen for question in questions], device=device)
    prefix_length = cache.layers[0].keys.shape[2] - forest.branch.shape[1]
    longest = max(question.seen for question in questions)
    before = torch.arange(prefix_length, device=device)[None, :] < forest.prefixes[rows][:, None]
    own = torch.arange(longest, device=device)[None, :] < seen[:, None]
    known = DynamicCache()
    for number, layer in enumerate(cache.layers):
        kept = slice(None), slice(None), slice(prefix_length + longest)
        known.update(layer.keys[kept][rows], layer.values[kept][rows], number)
    return known, torch.cat([before, own], dim=-1)


def _causal(real: torch.Tensor) -> torch.Tensor:
    """bool [rows, width, width]; padding sees itself."""
    width = real.shape[1]
    below = torch.ones(width, width, dtype=torch.bool, device=real.device).tril()
    return (below & real[:, None, :]) | torch.eye(width, dtype=torch.bool, device=real.device)
