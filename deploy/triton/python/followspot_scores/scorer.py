"""Scores every label of a closed set for several pictures in one forward pass."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import DynamicCache, PreTrainedModel

from .adapters import Adapters
from .box_text import read_corners
from .box_writer import MOST_TOKENS, BoxQuestion, write_boxes
from .families import Family
from .forest import Forest, Tree
from .pictures import Picture
from .prefix_store import PrefixStore
from .refusal import Refusal
from .tree_pass import KeysAndValues, read_prefix, see, walk
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class Bounds:
    """What one pass may cost."""

    batch_tokens: int = 16_384
    """Prefixes and padding included: above that a batch becomes several passes."""
    boxes: int = 16
    """Of one picture; those with the highest scores."""
    box_above: float = 0.0
    """Log-odds from which on a label's box is written: those that are rather there than not."""
    box_tokens: int = MOST_TOKENS
    """Of one box' answer."""
    prefix_bytes: int = 2 << 30
    """Of the kept texts before the pictures."""


@dataclass(frozen=True)
class Asked:
    """One request."""

    picture: Picture
    labels: tuple[str, ...]
    system: str
    adapter: str = ""
    boxes: bool = False


@dataclass
class Told:
    """Its answer."""

    raw: np.ndarray
    """FP32 [labels]: log-odds of yes against no."""
    boxes: np.ndarray
    """
    FP32 [labels, 4]: left, top, right, bottom in pixels of the picture that was sent; not a number where
    none.
    """
    unknown: float = math.nan
    """Log-odds that somebody is there who was not asked for."""


@dataclass(frozen=True)
class _Piece:
    """As many questions about one picture as fit into a row; -1 asks for strangers."""

    request: int
    questions: tuple[int, ...]
    tree: Tree
    prefix: tuple[int, ...]


class Scorer:
    """One model with what it keeps between requests. Not for several threads at once."""

    def __init__(
        self,
        model: PreTrainedModel,
        vocabulary: Vocabulary,
        family: Family,
        adapters: Adapters,
        bounds: Bounds | None = None,
    ) -> None:
        self._model = model
        self._vocabulary = vocabulary
        self._family = family
        self._adapters = adapters
        self._bounds = bounds or Bounds()
        self.prefixes = PrefixStore(self._bounds.prefix_bytes)
        self._box_ends = frozenset({vocabulary.end, *_one_token(vocabulary, family.box_ends)})
        verdicts = [*vocabulary.yes, *vocabulary.no]
        # The vocabulary's other 150,000 rows say nothing about yes and no.
        self._verdicts = model.lm_head.weight[verdicts].detach()

    def check(self, asked: Asked) -> None:
        """
        What would not fit into one pass, or is longer than the model's context, would be answered late or
        with nonsense, and hold up everybody else.

        :raises Refusal: in one sentence
        """
        prefix = len(self._vocabulary.prefix(asked.system))
        question = max(map(len, self._questions(asked.labels)))
        context = self._model.config.get_text_config().max_position_embeddings
        if prefix + max(asked.picture.token_grid) + question > context:
            raise Refusal(
                f"the prompt has {prefix} tokens, and this model's context is {context}: shorten it"
            )
        tokens = prefix + asked.picture.tokens + question
        if tokens > self._bounds.batch_tokens:
            raise Refusal(
                f"the prompt's {prefix} tokens, the picture's {asked.picture.tokens} and a question's "
                f"{question} are more than the {self._bounds.batch_tokens} of one pass: shorten the prompt"
            )

    def lengths(self, labels: Sequence[str]) -> tuple[int, list[int]]:
        """How many tokens all questions share, and how many each has of its own."""
        stem, branches = self._stem_and_branches(labels)
        return len(stem), list(map(len, branches))

    def _stem_and_branches(self, labels: Sequence[str]) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
        """What all questions begin with is read once; each keeps a token of its own."""
        whole = self._questions(labels)
        stem = _common(whole)
        return stem, [question[len(stem) :] for question in whole]

    def _questions(self, labels: Sequence[str]) -> list[tuple[int, ...]]:
        """About each label, and about strangers at the end."""
        vocabulary = self._vocabulary
        return [*(vocabulary.about("score", label) for label in labels), vocabulary.about("unknown")]

    @torch.inference_mode()
    def score(self, asked: Sequence[Asked], stopped: Callable[[], bool] = lambda: False) -> list[Told]:
        """One answer for each request, in order; `stopped` may end it between two passes."""
        passes = 0
        told = [
            Told(
                np.full(len(one.labels), np.nan, np.float32),
                np.full((len(one.labels), 4), np.nan, np.float32),
            )
            for one in asked
        ]
        for adapter in sorted({one.adapter for one in asked}):
            pieces = [
                piece
                for at, one in enumerate(asked)
                if one.adapter == adapter
                for piece in self._pieces(at, one)
            ]
            with self._adapters.using(adapter):
                for batch in self._batches(pieces):
                    if passes > 0 and stopped():
                        return told
                    passes += 1
                    self._pass(batch, asked, told, adapter)
        return told

    def _pieces(self, request: int, asked: Asked) -> Iterator[_Piece]:
        """
        One, unless the labels are more than fit into a pass: then the picture is looked at again for the
        rest.
        """
        prefix = self._vocabulary.prefix(asked.system)
        stem, branches = self._stem_and_branches(asked.labels)
        numbers = [*range(len(asked.labels)), -1]
        room = self._bounds.batch_tokens - len(prefix) - asked.picture.tokens - len(stem)
        start = 0
        while start < len(branches):
            end, used = start, 0
            while end < len(branches) and (end == start or used + len(branches[end]) <= room):
                used += len(branches[end])
                end += 1
            tree = Tree(
                len(prefix),
                asked.picture.token_grid,
                self._model.config.image_token_id,
                stem,
                tuple(branches[start:end]),
            )
            yield _Piece(request, tuple(numbers[start:end]), tree, prefix)
            start = end

    def _batches(self, pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
        """As many rows as the bound allows, padded to the longest."""
        batch: list[_Piece] = []
        for piece in sorted(pieces, key=lambda piece: piece.tree.length):
            grown = [*batch, piece]
            longest = max(one.tree.length for one in grown) + max(len(one.prefix) for one in grown)
            if batch and longest * len(grown) > self._bounds.batch_tokens:
                yield batch
                grown = [piece]
            batch = grown
        if batch:
            yield batch

    def _pass(
        self, batch: Sequence[_Piece], asked: Sequence[Asked], told: Sequence[Told], adapter: str
    ) -> None:
        prefixes = [self._prefix(adapter, piece.prefix) for piece in batch]
        forest = Forest.plant([piece.tree for piece in batch], self._vocabulary.pad).to(self._model.device)
        pictures = [asked[piece.request].picture for piece in batch]
        hidden, cache = walk(self._model, forest, prefixes, see(self._model, pictures))
        rows = [row for row, ends in enumerate(forest.ends) for _ in ends]
        places = [place for ends in forest.ends for place in ends]
        raw = iter(self._log_odds(hidden[rows, places]))
        for piece in batch:
            for number in piece.questions:
                if number < 0:
                    told[piece.request].unknown = next(raw)
                else:
                    told[piece.request].raw[number] = next(raw)
        self._boxes(batch, asked, told, forest, cache)

    def _prefix(self, adapter: str, tokens: tuple[int, ...]) -> KeysAndValues:
        return self.prefixes.get(adapter, tokens, lambda ids: read_prefix(self._model, ids))

    def _log_odds(self, hidden: torch.Tensor) -> list[float]:
        """The log of p(yes) / p(no), the word's forms summed; what else the model might say cancels out."""
        logits = torch.nn.functional.linear(hidden, self._verdicts).float()
        yes = len(self._vocabulary.yes)
        return (logits[:, :yes].logsumexp(-1) - logits[:, yes:].logsumexp(-1)).tolist()

    def _boxes(
        self,
        batch: Sequence[_Piece],
        asked: Sequence[Asked],
        told: Sequence[Told],
        forest: Forest,
        cache: DynamicCache,
    ) -> None:
        wanted = [
            (row, number)
            for row, piece in enumerate(batch)
            if asked[piece.request].boxes
            for number in self._surest(piece, told[piece.request].raw)
        ]
        at_once = self._boxes_at_once(cache)
        for start in range(0, len(wanted), at_once):
            some = wanted[start : start + at_once]
            questions = [
                self._where(asked[batch[row].request].labels[number], row, batch[row].tree)
                for row, number in some
            ]
            written = write_boxes(
                self._model, cache, forest, questions, self._box_ends, self._bounds.box_tokens
            )
            for (row, number), tokens in zip(some, written, strict=True):
                corners = read_corners(self._vocabulary.text(tokens))
                if corners:
                    picture = asked[batch[row].request].picture
                    told[batch[row].request].boxes[number] = self._in_pixels(corners, picture)

    def _surest(self, piece: _Piece, raw: np.ndarray) -> list[int]:
        there = [number for number in piece.questions if number >= 0 and raw[number] > self._bounds.box_above]
        return sorted(there, key=lambda number: -raw[number])[: self._bounds.boxes]

    def _boxes_at_once(self, cache: DynamicCache) -> int:
        """Each has keys and values of its own, of no more than the pass had."""
        each = cache.layers[0].keys.shape[2] + self._bounds.box_tokens
        return max(1, min(self._bounds.boxes, self._bounds.batch_tokens // each))

    def _where(self, label: str, row: int, tree: Tree) -> BoxQuestion:
        begins = self._family.box_begins.replace("{label}", label)
        tokens = self._vocabulary.about("box", label) + self._vocabulary.tokens(begins)
        rows, columns = tree.token_grid
        return BoxQuestion(row, tokens, tree.prefix + max(rows, columns), rows * columns)

    def _in_pixels(self, corners: tuple[float, float, float, float], picture: Picture) -> np.ndarray:
        box = np.array(self._family.to_pixels(corners, picture.seen, picture.source), dtype=np.float32)
        width, height = picture.source
        inside = np.clip(box, 0, (width, height, width, height))
        return inside if inside[0] < inside[2] and inside[1] < inside[3] else np.full(4, np.nan, np.float32)


def _common(questions: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The tokens with which all begin, short of the whole of one."""
    shortest = min(map(len, questions)) - 1
    first = questions[0]
    end = next(
        (at for at in range(shortest) if any(one[at] != first[at] for one in questions)), max(0, shortest)
    )
    return tuple(first[:end])


def _one_token(vocabulary: Vocabulary, text: str) -> tuple[int, ...]:
    tokens = vocabulary.tokens(text)
    return tokens if len(tokens) == 1 else ()
