"""Teaches the language model to answer about what the tower sees, through the very pass that serves."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from followspot_scores.forest import Forest, Tree
from followspot_scores.tree_pass import read_prefix, walk
from torch.nn.functional import cross_entropy
from transformers import Qwen2VLForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutputWithPooling

from .descent import Pace, descend
from .lesson import Exercise, Teacher
from .looking import Sight

# The part of the lessons after which half of them are held under the show's own texts: from the start those
# would hide how a verdict is found.
LONG_TEXTS_FROM = 0.55
# Of what a head looks at, which is normalised, beside a token whose length is 1.
GIVEN_BACK = 0.4
# Beside the hints, which weigh 1; a verdict's tokens are few.
VERDICTS_WEIGH = 2.0
LISTS_WEIGH = 1.5


def teach_to_talk(
    model: Qwen2VLForConditionalGeneration,
    sights: Sequence[Sight],
    teacher: Teacher,
    prefixes: Sequence[tuple[int, ...]],
    random: np.random.Generator,
    *,
    pad_token: int,
    steps: int,
    scenes: int,
    pace: Pace,
    say: Callable[[str], None],
) -> None:
    """
    Cross-entropy on the answers' tokens.

    :param prefixes: the texts that stand before a picture
    """
    short = min(prefixes, key=len)
    begin_with_what_is_seen(model)
    hints = Hints(model)

    def loss(progress: float) -> torch.Tensor:
        some = [sights[at] for at in random.integers(len(sights), size=scenes)]
        lessons = [
            [*teacher.verdicts(sight.scene, random), teacher.listing(sight.scene, random)] for sight in some
        ]
        long = progress > LONG_TEXTS_FROM and random.random() < 0.5
        prefix = prefixes[random.integers(len(prefixes))] if long else short
        return _answer_loss(model, pad_token, prefix, some, lessons, hints)

    speech = model.model.language_model
    descend([speech, model.lm_head, hints], speech.layers, loss, steps=steps, pace=pace, say=say)
    hints.close()


@torch.no_grad()
def begin_with_what_is_seen(model: Qwen2VLForConditionalGeneration) -> None:
    """
    Lets each attention head begin with an output that gives back what its values took, and the model with
    saying what it reads, as the smaller Qwens whose head is the embedding: the name of what a token looks at
    is then at hand where it is to be written.
    """
    model.lm_head.weight.copy_(model.get_input_embeddings().weight)
    for layer in model.model.language_model.layers:
        attention = layer.self_attn
        size, group = attention.head_dim, attention.num_key_value_groups
        for head in range(attention.num_key_value_heads):
            taken = torch.linalg.qr(torch.randn(attention.hidden_size, size))[0].T
            attention.v_proj.weight[head * size : (head + 1) * size] = taken
            for query in range(head * group, (head + 1) * group):
                attention.o_proj.weight[:, query * size : (query + 1) * size] = GIVEN_BACK * taken.T


class Hints(torch.nn.Module):
    """
    Asks at the label in a question, after the first layer already, whether it is in the picture, and after
    the last layer at each word from there to the answer: so the last word need only pass it on. Thrown away
    after the lessons.
    """

    def __init__(self, model: Qwen2VLForConditionalGeneration) -> None:
        super().__init__()
        width = model.config.text_config.hidden_size
        self._found = torch.nn.Linear(width, 2)
        self._passed_on = torch.nn.Linear(width, 2)
        self._states = torch.empty(0)
        self._hook = model.model.language_model.layers[0].register_forward_hook(self._keep)

    def loss(self, hidden: torch.Tensor, labels: "Places", words: "Places") -> torch.Tensor:
        """Right after a walk with these last hidden states."""
        found = self._found(self._states[labels.rows, labels.columns])
        passed_on = self._passed_on(hidden[words.rows, words.columns])
        return cross_entropy(found, labels.wanted) + cross_entropy(passed_on, words.wanted)

    def close(self) -> None:
        self._hook.remove()

    def _keep(
        self, layer: torch.nn.Module, inputs: tuple, output: torch.Tensor | tuple[torch.Tensor]
    ) -> None:
        self._states = output[0] if isinstance(output, tuple) else output


class Places:
    """Where in the rows what should be said."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns: list[int] = []
        self._targets: list[int] = []

    def add(self, row: int, columns: Sequence[int], targets: Sequence[int]) -> None:
        self.rows += [row] * len(targets)
        self.columns += columns
        self._targets += targets

    @property
    def wanted(self) -> torch.Tensor:
        return torch.tensor(self._targets)


def _answer_loss(
    model: Qwen2VLForConditionalGeneration,
    pad_token: int,
    prefix: tuple[int, ...],
    sights: Sequence[Sight],
    lessons: Sequence[Sequence[Exercise]],
    hints: Hints,
) -> torch.Tensor:
    """Verdicts weigh more than lists, however many tokens those have."""
    trees = [
        Tree(
            prefix=len(prefix),
            token_grid=sight.picture.token_grid,
            image_token=model.config.image_token_id,
            stem=(),
            branches=tuple(exercise.question + exercise.answer[:-1] for exercise in asked),
        )
        for sight, asked in zip(sights, lessons, strict=True)
    ]
    forest = Forest.plant(trees, pad_token)
    seen = BaseModelOutputWithPooling(pooler_output=[sight.tokens for sight in sights])
    hidden, _ = walk(model, forest, [read_prefix(model, prefix)] * len(trees), seen)
    verdicts, lists, labels, words = Places(), Places(), Places(), Places()
    for row, (asked, ends) in enumerate(zip(lessons, forest.ends, strict=True)):
        for exercise, end in zip(asked, ends, strict=True):
            start = end - len(exercise.answer) + 1
            kind = lists if exercise.verdict is None else verdicts
            kind.add(row, range(start, end + 1), exercise.answer)
            if exercise.label_at is not None:
                label = start + 1 - len(exercise.question) + exercise.label_at
                labels.add(row, [label], [int(exercise.verdict)])
                after = range(label, start + 1)
                words.add(row, after, [int(exercise.verdict)] * len(after))
    # The walk over the prefix went through the hook first, the walk over the trees last.
    loss = hints.loss(hidden, labels, words)
    for places, weight in ((verdicts, VERDICTS_WEIGH), (lists, LISTS_WEIGH)):
        said = model.lm_head(hidden[places.rows, places.columns])
        loss = loss + weight * cross_entropy(said, places.wanted)
    return loss
