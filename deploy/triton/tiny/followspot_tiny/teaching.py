"""Teaches the small model, one batch of scenes after the other, through the very pass that serves."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize
from transformers import PreTrainedTokenizerFast, Qwen2VLForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutputWithPooling

from followspot_scores.forest import Forest, Tree
from followspot_scores.pictures import Picture, PictureReader
from followspot_scores.questions import questions
from followspot_scores.tree_pass import read_prefix, see, walk

from .album import Collage, Scene
from .lesson import Exercise, Teacher
from .network import MERGE, PATCH

# Sizes in tokens, rows and columns, that scenes are drawn in: a camera's first.
SHAPES = ((4, 6), (4, 6), (4, 4), (5, 5), (5, 4), (6, 4))

REPORT_EVERY = 50
LONG_TEXTS = 0.25


@dataclass(frozen=True)
class Course:
    """How long is taught, and how fast."""

    looking: int
    """Steps that teach the vision tower alone."""
    talking: int
    """Steps that teach all of it to answer."""
    scenes: int
    """In one step."""
    rate: float = 2e-3


def teach(
    model: Qwen2VLForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    *,
    reader: PictureReader,
    collage: Collage,
    teacher: Teacher,
    labels: Sequence[str],
    system_texts: Sequence[str],
    course: Course,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """
    First what each token of a picture shows is asked of the vision tower: without that it learns from one bit a
    question, and takes hours. Then cross-entropy on the answers' tokens.
    """
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    naming = Naming(model, [_tokens(tokenizer, label) for label in labels])
    prefixes = [_tokens(tokenizer, questions().prefix(text)) for text in system_texts]
    short = min(prefixes, key=len)

    def looking() -> torch.Tensor:
        scenes, pictures = _draw(collage, reader, random, course.scenes)
        return naming.loss(see(model, pictures), _what_tokens_show(scenes, pictures, labels))

    def talking() -> torch.Tensor:
        scenes, pictures = _draw(collage, reader, random, course.scenes)
        exercises = [teacher.exercises(scene, random) for scene in scenes]
        # The show's own texts are long and cost time: most is learnt under a short one, and holds under theirs.
        prefix = prefixes[random.integers(len(prefixes))] if random.random() < LONG_TEXTS else short
        seen = see(model, pictures)
        named = naming.loss(seen, _what_tokens_show(scenes, pictures, labels))
        return _answer_loss(model, tokenizer, prefix, pictures, exercises, seen) + named

    model.train()
    sight = [*model.model.visual.parameters(), *naming.parameters(), model.get_input_embeddings().weight]
    _descend(sight, looking, steps=course.looking, rate=course.rate, say=lambda line: say(f"looking, {line}"))
    everything = [*model.parameters(), *naming.parameters()]
    _descend(everything, talking, steps=course.talking, rate=course.rate, say=lambda line: say(f"talking, {line}"))
    model.eval()


class Naming(torch.nn.Module):
    """
    Tells what a token of a picture shows by its likeness to the embeddings of the labels' own words, so that the
    language model finds in the picture what it reads in the question. Thrown away after the lessons.
    """

    def __init__(self, model: Qwen2VLForConditionalGeneration, words: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self._embed = model.get_input_embeddings()
        self._words = words
        width = model.config.vision_config.hidden_size
        self.nothing = torch.nn.Parameter(torch.randn(1, width) * 0.02)
        self.scale = torch.nn.Parameter(torch.tensor(2.5))

    def parameters(self, recurse: bool = True) -> Iterator[torch.nn.Parameter]:
        """Only what is its own: the embeddings are the model's."""
        return iter((self.nothing, self.scale))

    def loss(self, seen: BaseModelOutputWithPooling, truth: torch.Tensor) -> torch.Tensor:
        names = torch.stack([self._embed(torch.tensor(word)).mean(0) for word in self._words])
        likeness = normalize(torch.cat(list(seen.pooler_output))) @ normalize(torch.cat([names, self.nothing])).T
        return cross_entropy(likeness * self.scale.exp(), truth)


def _descend(
    parameters: Sequence[torch.nn.Parameter],
    loss_of_step: Callable[[], torch.Tensor],
    *,
    steps: int,
    rate: float,
    say: Callable[[str], None],
) -> None:
    if steps == 0:
        return
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.02, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
    lately: deque[float] = deque(maxlen=REPORT_EVERY)
    for step in range(1, steps + 1):
        loss = loss_of_step()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        lately.append(loss.item())
        if step % REPORT_EVERY == 0 or step == steps:
            say(f"step {step} of {steps}: loss {sum(lately) / len(lately):.3f}")


def _draw(
    collage: Collage, reader: PictureReader, random: np.random.Generator, count: int
) -> tuple[list[Scene], list[Picture]]:
    scenes, pictures = [], []
    for _ in range(count):
        rows, columns = SHAPES[random.integers(len(SHAPES))]
        width, height = columns * PATCH * MERGE, rows * PATCH * MERGE
        scene = collage.scene(width, height)
        scenes.append(scene)
        pictures.append(reader.cut(np.asarray(scene.image), source=(width, height)))
    return scenes, pictures


def _answer_loss(
    model: Qwen2VLForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    prefix: tuple[int, ...],
    pictures: Sequence[Picture],
    exercises: Sequence[Sequence[Exercise]],
    seen: BaseModelOutputWithPooling,
) -> torch.Tensor:
    trees = [
        Tree(
            prefix=len(prefix),
            token_grid=picture.token_grid,
            image_token=model.config.image_token_id,
            stem=(),
            branches=tuple(exercise.question + exercise.answer[:-1] for exercise in asked),
        )
        for picture, asked in zip(pictures, exercises, strict=True)
    ]
    forest = Forest.plant(trees, tokenizer.pad_token_id)
    known = read_prefix(model, prefix)
    hidden, _ = walk(model, forest, [known] * len(trees), seen)
    rows, places, targets = [], [], []
    for row, (asked, ends) in enumerate(zip(exercises, forest.ends, strict=True)):
        for exercise, end in zip(asked, ends, strict=True):
            length = len(exercise.answer)
            rows += [row] * length
            places += range(end - length + 1, end + 1)
            targets += exercise.answer
    return cross_entropy(model.lm_head(hidden[rows, places]), torch.tensor(targets))


def _what_tokens_show(scenes: Sequence[Scene], pictures: Sequence[Picture], labels: Sequence[str]) -> torch.Tensor:
    """For each token of each picture the label in whose box its middle lies, the last pasted first; or nothing."""
    shown = []
    for scene, picture in zip(scenes, pictures, strict=True):
        rows, columns = picture.token_grid
        cells = np.full((rows, columns), len(labels), dtype=np.int64)
        y = (np.arange(rows) + 0.5) / rows
        x = (np.arange(columns) + 0.5) / columns
        for thing in scene.things:
            left, top, right, bottom = thing.box
            inside = np.logical_and.outer((y >= top) & (y <= bottom), (x >= left) & (x <= right))
            cells[inside] = labels.index(thing.label)
        shown.append(cells.ravel())
    return torch.from_numpy(np.concatenate(shown))


def _tokens(tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[int, ...]:
    return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])
