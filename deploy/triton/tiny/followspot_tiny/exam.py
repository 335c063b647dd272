"""Measures what the small model has learnt, on photographs of places that it has never seen."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from followspot_scores.forest import Forest, Tree
from followspot_scores.pictures import PictureReader
from followspot_scores.questions import questions
from followspot_scores.tree_pass import read_prefix, see, walk
from PIL import Image
from transformers import PreTrainedTokenizerFast, Qwen2VLForConditionalGeneration

from .album import UNKNOWN, Photograph
from .constraint import Json
from .lesson import END

# A list of a dozen names.
MOST_TOKENS = 48


@dataclass(frozen=True)
class Marks:
    """From 0 to 1, chance is said with each."""

    photographs: int
    first_choice: float
    """How often the label with the highest score is in the picture; chance is 1 / cast."""
    recall: float
    """Of the questions that deserve a yes, those that got it. A model that always says yes has 1."""
    specificity: float
    """Of the questions that deserve a no, those that got it. A model that always says yes has 0."""
    lists: float
    """Macro-F1 of the lists that it writes; whoever always names the same has a fraction of 1 / cast."""

    @property
    def balanced(self) -> float:
        """Chance, and whoever always says the same, is 0.5."""
        return (self.recall + self.specificity) / 2

    @property
    def passed(self) -> bool:
        """Well above chance, and neither always yes nor always no."""
        return min(self.first_choice, self.recall, self.lists) >= 0.5 and self.specificity >= 0.75

    def as_dict(self) -> dict[str, float | bool]:
        numbers = {name: round(value, 4) for name, value in asdict(self).items()}
        return {**numbers, "balanced": round(self.balanced, 4), "passed": self.passed}


@torch.inference_mode()
def examine(
    model: Qwen2VLForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    *,
    reader: PictureReader,
    photographs: Sequence[Photograph],
    cast: Sequence[str],
    system: str,
) -> Marks:
    """Asks for each of the cast in each photograph, as the server does, and for a list of them."""
    scores = np.array(
        [yes_or_no_scores(model, tokenizer, reader, photograph, cast, system) for photograph in photographs]
    )
    truth = np.array([[_shows(photograph, label) for label in cast] for photograph in photographs])
    some = truth.any(axis=1)
    first = truth[np.arange(len(truth)), scores.argmax(axis=1)]
    said = scores > 0
    lists = [write_list(model, tokenizer, reader, photograph, cast, system) for photograph in photographs]
    named = np.array([[label in names for label in cast] for names in lists])
    return Marks(
        photographs=len(photographs),
        first_choice=float(first[some].mean()),
        recall=float(said[truth].mean()),
        specificity=float((~said[~truth]).mean()),
        lists=macro_f1(named, truth),
    )


def yes_or_no_scores(
    model: Qwen2VLForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    reader: PictureReader,
    photograph: Photograph,
    cast: Sequence[str],
    system: str,
) -> np.ndarray:
    """For each of the cast the log-odds of yes against no."""

    def tokens(text: str) -> tuple[int, ...]:
        return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])

    prefix = tokens(questions().prefix(system))
    picture = reader.prepare(Image.fromarray(photograph.pixels))
    branches = tuple(tokens(questions().about("score", label)) for label in cast)
    tree = Tree(len(prefix), picture.token_grid, model.config.image_token_id, (), branches)
    forest = Forest.plant([tree], tokenizer.pad_token_id)
    hidden, _ = walk(model, forest, [read_prefix(model, prefix)], see(model, [picture]))
    logits = model.lm_head(hidden[0, list(forest.ends[0])])
    yes, no = tokens(questions().yes)[0], tokens(questions().no)[0]
    return (logits[:, yes] - logits[:, no]).float().numpy()


def write_list(
    model: Qwen2VLForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    reader: PictureReader,
    photograph: Photograph,
    cast: Sequence[str],
    system: str,
) -> list[str]:
    """Whom it names, held to the closed set; nobody where it does not come to an end."""

    def tokens(text: str) -> tuple[int, ...]:
        return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])

    schema = Json({"type": "array", "items": {"enum": [*cast, UNKNOWN]}})
    picture = reader.prepare(Image.fromarray(photograph.pixels))
    prefix, question = tokens(questions().prefix(system)), tokens(questions().suffix(questions().ask["list"]))
    seen, read = see(model, [picture]), read_prefix(model, prefix)
    end = tokenizer.convert_tokens_to_ids(END)
    written: list[int] = []
    while len(written) < MOST_TOKENS:
        branch = (*question, *written)
        tree = Tree(len(prefix), picture.token_grid, model.config.image_token_id, (), (branch,))
        hidden, _ = walk(model, Forest.plant([tree], tokenizer.pad_token_id), [read], seen)
        likeliest = model.lm_head(hidden[0, -1]).argsort(descending=True).tolist()
        text = tokenizer.decode(written)
        token = next(
            one
            for one in likeliest
            if (schema.complete(text) if one == end else schema.begins(tokenizer.decode([*written, one])))
        )
        if token == end:
            return json.loads(text)
        written.append(token)
    return []


def macro_f1(named: np.ndarray, truth: np.ndarray) -> float:
    """The mean over the cast's F1; both are bool [photographs, cast]."""
    right = (named & truth).sum(axis=0)
    return float((2 * right / np.maximum(1, named.sum(axis=0) + truth.sum(axis=0))).mean())


def _shows(photograph: Photograph, label: str) -> bool:
    return label != UNKNOWN and any(thing.label == label for thing in photograph.things)
