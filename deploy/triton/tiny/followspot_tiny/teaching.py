"""Teaches the small model, one batch of scenes after the other, through the very pass that serves."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from followspot_scores.forest import Forest, Tree
from followspot_scores.pictures import Picture, PictureReader
from followspot_scores.questions import questions
from followspot_scores.tree_pass import read_prefix, see, walk
from torch.nn.functional import cross_entropy, normalize
from transformers import PreTrainedTokenizerFast, Qwen2VLForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutputWithPooling

from .album import Collage, Scene
from .lesson import Exercise, Teacher
from .network import MERGE, PATCH

# Sizes in tokens, rows and columns, that scenes are drawn in: a camera's first.
SHAPES = ((4, 6), (4, 6), (4, 4), (5, 5), (5, 4), (6, 4))

REPORT_EVERY = 50
# The part of the lessons after which half of them are held under the show's own texts, and after which long
# answers are taught, too: from the start either would hide how a verdict is found.
LONG_TEXTS_FROM = 0.35
ESSAYS_FROM = 0.65


@dataclass(frozen=True)
class Course:
    """How long is taught, and how fast."""

    looking: int
    """Steps that teach the vision tower."""
    talking: int
    """Steps that teach the language model to answer about what the tower sees."""
    scenes: int
    """In one step."""
    sights: int = 640
    """Scenes that are talked about; the tower looks at each once."""
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
    First what each token of a picture shows is asked of the vision tower: without that it learns from one bit
    a question, and takes hours. Then cross-entropy on the answers' tokens: verdicts first, from the middle on
    the long answers, too.
    """
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model.train()

    naming = Naming(model, [_tokens(tokenizer, label) for label in labels])

    def looking(_: float) -> torch.Tensor:
        scenes, pictures = _draw(collage, reader, random, course.scenes)
        return naming.loss(see(model, pictures), _what_tokens_show(scenes, pictures, labels))

    sight = [*model.model.visual.parameters(), *naming.own(), model.get_input_embeddings().weight]
    _descend(sight, looking, steps=course.looking, rate=course.rate, say=lambda line: say(f"looking, {line}"))

    sights = _look_at(model, collage, reader, random, course) if course.talking else []
    prefixes = [_tokens(tokenizer, questions().prefix(text)) for text in system_texts]
    short = min(prefixes, key=len)
    pointing = Pointing(model)

    def talking(progress: float) -> torch.Tensor:
        some = [sights[at] for at in random.integers(len(sights), size=course.scenes)]
        lessons = [teacher.verdicts(sight.scene, random) for sight in some]
        if progress > ESSAYS_FROM:
            lessons = [
                [*asked, teacher.essay(sight.scene, random)]
                for asked, sight in zip(lessons, some, strict=True)
            ]
        long = progress > LONG_TEXTS_FROM and random.random() < 0.5
        prefix = prefixes[random.integers(len(prefixes))] if long else short
        return _answer_loss(model, tokenizer.pad_token_id, prefix, some, lessons, pointing)

    speech = [*model.model.language_model.parameters(), *model.lm_head.parameters(), *pointing.own()]
    _descend(
        speech, talking, steps=course.talking, rate=course.rate, say=lambda line: say(f"talking, {line}")
    )
    pointing.close()
    model.eval()


@dataclass(frozen=True)
class Sight:
    """A scene as the vision tower sees it."""

    scene: Scene
    picture: Picture
    tokens: torch.Tensor


class Naming(torch.nn.Module):
    """
    Tells what a token of a picture shows by its likeness to the embeddings of the labels' own words, so that
    the language model finds in the picture what it reads in the question. Thrown away after the lessons.
    """

    def __init__(self, model: Qwen2VLForConditionalGeneration, words: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self._embed = model.get_input_embeddings()
        self._words = words
        width = model.config.vision_config.hidden_size
        self.nothing = torch.nn.Parameter(torch.randn(1, width) * 0.02)
        self.scale = torch.nn.Parameter(torch.tensor(2.5))

    def own(self) -> Sequence[torch.nn.Parameter]:
        """The embeddings are the model's."""
        return self.nothing, self.scale

    def loss(self, seen: BaseModelOutputWithPooling, truth: torch.Tensor) -> torch.Tensor:
        names = torch.stack([self._embed(torch.tensor(word)).mean(0) for word in self._words])
        likeness = (
            normalize(torch.cat(list(seen.pooler_output))) @ normalize(torch.cat([names, self.nothing])).T
        )
        return cross_entropy(likeness * self.scale.exp(), truth)


class Pointing:
    """
    Asks at the label in a question, after the first layer already, whether it is in the picture: so the last
    word need only read it off there. Thrown away, too.
    """

    def __init__(self, model: Qwen2VLForConditionalGeneration) -> None:
        self._layer = torch.nn.Linear(model.config.text_config.hidden_size, 2)
        self._states = torch.empty(0)
        self._hook = model.model.language_model.layers[0].register_forward_hook(self._keep)

    def own(self) -> Iterator[torch.nn.Parameter]:
        return self._layer.parameters()

    def loss(self, rows: list[int], places: list[int], verdicts: list[int]) -> torch.Tensor:
        return cross_entropy(self._layer(self._states[rows, places]), torch.tensor(verdicts))

    def close(self) -> None:
        self._hook.remove()

    def _keep(
        self, layer: torch.nn.Module, inputs: tuple, output: torch.Tensor | tuple[torch.Tensor]
    ) -> None:
        self._states = output[0] if isinstance(output, tuple) else output


def _descend(
    parameters: Sequence[torch.nn.Parameter],
    loss_at: Callable[[float], torch.Tensor],
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
        loss = loss_at(step / steps)
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


@torch.no_grad()
def _look_at(
    model: Qwen2VLForConditionalGeneration,
    collage: Collage,
    reader: PictureReader,
    random: np.random.Generator,
    course: Course,
) -> list[Sight]:
    sights: list[Sight] = []
    while len(sights) < course.sights:
        scenes, pictures = _draw(collage, reader, random, course.scenes)
        seen = see(model, pictures).pooler_output
        sights += [Sight(*parts) for parts in zip(scenes, pictures, seen, strict=True)]
    return sights


def _answer_loss(
    model: Qwen2VLForConditionalGeneration,
    pad_token: int,
    prefix: tuple[int, ...],
    sights: Sequence[Sight],
    lessons: Sequence[Sequence[Exercise]],
    pointing: Pointing,
) -> torch.Tensor:
    """Verdicts weigh more than long answers, however many tokens those have."""
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
    verdicts, essays, labels = Places(), Places(), Places()
    for row, (asked, ends) in enumerate(zip(lessons, forest.ends, strict=True)):
        for exercise, end in zip(asked, ends, strict=True):
            start = end - len(exercise.answer) + 1
            kind = essays if exercise.verdict is None else verdicts
            kind.add(row, range(start, end + 1), exercise.answer)
            if exercise.label_at is not None:
                labels.add(
                    row, [start + 1 - len(exercise.question) + exercise.label_at], [int(exercise.verdict)]
                )
    # The walk over the prefix went through the hook first, the walk over the trees last.
    loss = pointing.loss(labels.rows, labels.columns, labels.targets)
    for places, weight in ((verdicts, 2.0), (essays, 0.5)):
        if places.rows:
            logits = model.lm_head(hidden[places.rows, places.columns])
            loss = loss + weight * cross_entropy(logits, torch.tensor(places.targets))
    return loss


class Places:
    """Where in the rows which tokens should be said."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.targets: list[int] = []

    def add(self, row: int, columns: Sequence[int], targets: Sequence[int]) -> None:
        self.rows += [row] * len(targets)
        self.columns += columns
        self.targets += targets


def _what_tokens_show(
    scenes: Sequence[Scene], pictures: Sequence[Picture], labels: Sequence[str]
) -> torch.Tensor:
    """
    For each token of each picture the label in whose box its middle lies, the last pasted first; or nothing.
    """
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
