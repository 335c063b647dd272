"""Teaches the vision tower what each token of a picture shows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from followspot_scores.pictures import Picture, PictureReader
from followspot_scores.tree_pass import see
from torch.nn.functional import cross_entropy, linear, normalize
from transformers import Qwen2VLForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutputWithPooling

from .album import Collage, Scene
from .descent import Pace, descend
from .network import MERGE, PATCH

# Sizes in tokens, rows and columns, that scenes are drawn in: a camera's first.
SHAPES = ((4, 6), (4, 6), (4, 4), (5, 5), (5, 4), (6, 4))


@dataclass(frozen=True)
class Sight:
    """A scene as the vision tower sees it."""

    scene: Scene
    picture: Picture
    tokens: torch.Tensor


class Easel:
    """Draws scenes, and makes pictures of them that the vision tower reads."""

    def __init__(self, collage: Collage, reader: PictureReader, random: np.random.Generator) -> None:
        self._collage = collage
        self._reader = reader
        self._random = random

    def draw(self, count: int) -> tuple[list[Scene], list[Picture]]:
        scenes, pictures = [], []
        for _ in range(count):
            rows, columns = SHAPES[self._random.integers(len(SHAPES))]
            width, height = columns * PATCH * MERGE, rows * PATCH * MERGE
            scene = self._collage.scene(width, height)
            scenes.append(scene)
            pictures.append(self._reader.cut(np.asarray(scene.image), source=(width, height)))
        return scenes, pictures


def teach_to_look(
    model: Qwen2VLForConditionalGeneration,
    easel: Easel,
    labels: Sequence[str],
    words: Sequence[Sequence[int]],
    *,
    steps: int,
    scenes: int,
    pace: Pace,
    say: Callable[[str], None],
) -> None:
    """
    Without it the tower learns from one bit a question, and takes hours.

    :param words: the tokens of each label
    """
    tower = model.model.visual
    naming = Naming(model, words)

    def loss(_: float) -> torch.Tensor:
        drawn, pictures = easel.draw(scenes)
        return naming.loss(see(model, pictures), what_tokens_show(drawn, pictures, labels))

    descend([tower, naming], tower.blocks, loss, steps=steps, pace=pace, say=say)
    naming.to_one_scale(model, easel.draw(scenes)[1])


@torch.no_grad()
def look_at(model: Qwen2VLForConditionalGeneration, easel: Easel, *, count: int, at_once: int) -> list[Sight]:
    """At least so many scenes, seen once: the tower changes no more when they are talked about."""
    sights: list[Sight] = []
    while len(sights) < count:
        scenes, pictures = easel.draw(at_once)
        seen = see(model, pictures).pooler_output
        sights += [Sight(*parts) for parts in zip(scenes, pictures, seen, strict=True)]
    return sights


@contextmanager
def still_pictures(model: Qwen2VLForConditionalGeneration) -> Iterator[None]:
    """While all that is seen are pictures, no films."""
    tower = model.model.visual
    frames = tower.patch_embed
    tower.patch_embed = StillPatches(frames)
    yield
    tower.patch_embed = frames


class StillPatches(torch.nn.Module):
    """The same as a convolution over two frames that are the same picture, in a third of the time."""

    def __init__(self, frames: torch.nn.Module) -> None:
        super().__init__()
        self.proj = frames.proj

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        out, colours, frames, tall, wide = self.proj.weight.shape
        first = patches.view(-1, colours, frames, tall * wide)[:, :, 0]
        return linear(first.reshape(len(patches), -1), self.proj.weight.sum(2).view(out, -1))


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
        self._nothing = torch.nn.Parameter(torch.randn(1, width) * 0.02)
        self._scale = torch.nn.Parameter(torch.tensor(2.5))

    def loss(self, seen: BaseModelOutputWithPooling, truth: torch.Tensor) -> torch.Tensor:
        names = torch.cat([self._names(), self._nothing])
        likeness = normalize(torch.cat(list(seen.pooler_output))) @ normalize(names).T
        return cross_entropy(likeness * self._scale.exp(), truth)

    @torch.no_grad()
    def to_one_scale(self, model: Qwen2VLForConditionalGeneration, pictures: Sequence[Picture]) -> None:
        """
        Makes the labels and what is seen of the same length, which likeness does not look at: beside tokens a
        hundred times as long as a word nothing could be written into a picture's.
        """
        seen = torch.cat(list(see(model, pictures).pooler_output))
        for parameter in model.model.visual.merger.mlp[-1].parameters():
            parameter.div_(seen.norm(dim=-1).mean())
        self._embed.weight.div_(self._names().norm(dim=-1).mean())

    def _names(self) -> torch.Tensor:
        return torch.stack([self._embed(torch.tensor(word)).mean(0) for word in self._words])


def what_tokens_show(
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
