"""A show's data set: pictures with boxes, cut and pasted into many more."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

UNKNOWN = "unknown"
# Pictures are kept a little larger than the model sees them.
KEPT = (240, 180)
# Of a pasted thing: how it fades into the picture below, and its shape (2 is an ellipse, much more a
# rectangle).
FADE = 0.12
ROUNDNESS = 3.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Thing:
    """A label and its box: left, top, right, bottom as parts of the picture's width and height."""

    label: str
    box: Box


@dataclass(frozen=True)
class Photograph:
    """One picture of the data set."""

    file: str
    scene: str
    pixels: np.ndarray
    """uint8 [height, width, 3]"""
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Scene:
    """A picture made for one lesson."""

    image: Image.Image
    things: tuple[Thing, ...]

    @property
    def labels(self) -> set[str]:
        return {thing.label for thing in self.things}


def read_album(folder: Path) -> list[Photograph]:
    """The imagefolder with its metadata.jsonl."""
    rows = (folder / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    return [_photograph(folder, json.loads(row)) for row in rows if row.strip()]


def split(album: list[Photograph], every: int) -> tuple[list[Photograph], list[Photograph]]:
    """Those to learn from, and one in `every` of each label that is kept for the exam."""
    learnt: list[Photograph] = []
    kept: list[Photograph] = []
    seen: dict[str, int] = {}
    for photograph in album:
        label = photograph.things[0].label if photograph.things else ""
        seen[label] = seen.get(label, 0) + 1
        (kept if seen[label] % every == 0 else learnt).append(photograph)
    return learnt, kept


class Collage:
    """Makes new scenes out of an album; the same seed makes the same scenes."""

    def __init__(self, album: list[Photograph], seed: int) -> None:
        self._album = album
        self._random = np.random.default_rng(seed)
        self._cutouts = [(photograph, thing) for photograph in album for thing in photograph.things]
        self._empty = [photograph.pixels for photograph in album if not photograph.things]
        labels = [thing.label for _, thing in self._cutouts]
        weights = np.array([1 / labels.count(label) for label in labels])
        self._weights = weights / weights.sum()
        self._noise = self._random.normal(0, 4, 1 << 18).astype(np.float32)

    def scene(self, width: int, height: int) -> Scene:
        """One photograph seen from nearer or farther, or several things pasted into one."""
        if self._random.random() < 0.5:
            image, things = self._closer()
        else:
            image, things = self._pasted()
        image = image.resize((width, height), Image.Resampling.BILINEAR)
        if self._random.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            things = [Thing(t.label, (1 - t.box[2], t.box[1], 1 - t.box[0], t.box[3])) for t in things]
        return Scene(self._relit(image), tuple(things))

    def _closer(self) -> tuple[Image.Image, list[Thing]]:
        photograph, thing = self._any_cutout()
        left, top, right, bottom = thing.box
        margins = self._random.uniform(0, 1, 4)
        window = (
            left * margins[0],
            top * margins[1],
            1 - (1 - right) * margins[2],
            1 - (1 - bottom) * margins[3],
        )
        image = Image.fromarray(photograph.pixels)
        image = image.crop(_pixels(window, image.size))
        return image, [seen for other in photograph.things if (seen := _within(other, window))]

    def _pasted(self) -> tuple[Image.Image, list[Thing]]:
        image = Image.fromarray(self._ground())
        things: list[Thing] = []
        count = self._random.integers(0, 4)
        for slot in self._random.permutation(3)[:count]:
            photograph, thing = self._any_cutout()
            cut = Image.fromarray(photograph.pixels).crop(_pixels(thing.box, KEPT))
            height = int(KEPT[1] * self._random.uniform(0.4, 0.85))
            width = int(min(max(8, cut.width * height / cut.height), KEPT[0] * 0.45))
            middle = KEPT[0] * (slot + self._random.uniform(0.3, 0.7)) / 3
            left = int(np.clip(middle - width / 2, 0, KEPT[0] - width))
            top = int(self._random.uniform(0.3, 1) * (KEPT[1] - height))
            image.paste(cut.resize((width, height)), (left, top), _soft_edge(width, height))
            box = (left / KEPT[0], top / KEPT[1], (left + width) / KEPT[0], (top + height) / KEPT[1])
            things.append(Thing(thing.label, box))
        return image, things

    def _ground(self) -> np.ndarray:
        """
        An empty place, or a part of one, often in colours that it does not have: the place must not give a
        thing away.
        """
        pixels = self._empty[self._random.integers(len(self._empty))]
        tall, wide = pixels.shape[:2]
        zoom = self._random.uniform(0.4, 1)
        top, left = (int(self._random.uniform(0, 1 - zoom) * side) for side in (tall, wide))
        part = pixels[top : top + int(zoom * tall), left : left + int(zoom * wide)]
        if self._random.random() < 0.6:
            part = part[:, :, self._random.permutation(3)]
        if self._random.random() < 0.2:
            part = 255 - part
        return np.asarray(Image.fromarray(part).resize(KEPT))

    def _any_cutout(self) -> tuple[Photograph, Thing]:
        return self._cutouts[self._random.choice(len(self._cutouts), p=self._weights)]

    def _relit(self, image: Image.Image) -> Image.Image:
        """Another lamp: brighter or darker, a little warmer or colder, and the camera's noise."""
        light = np.exp(self._random.normal(0, 0.18)) * np.exp(self._random.normal(0, 0.06, 3))
        pixels = np.asarray(image, dtype=np.float32) * light.astype(np.float32)
        start = self._random.integers(self._noise.size - pixels.size)
        pixels += self._noise[start : start + pixels.size].reshape(pixels.shape)
        return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _photograph(folder: Path, row: dict) -> Photograph:
    with Image.open(folder / row["file_name"]) as opened:
        width, height = opened.size
        pixels = np.asarray(opened.convert("RGB").resize(KEPT, Image.Resampling.BICUBIC))
    objects = row.get("objects", {"bbox": [], "categories": []})
    things = [
        Thing(label, (x / width, y / height, (x + w) / width, (y + h) / height))
        for label, (x, y, w, h) in zip(objects["categories"], objects["bbox"], strict=True)
    ]
    return Photograph(row["file_name"], row.get("scene", ""), pixels, tuple(things))


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top = int(box[0] * size[0]), int(box[1] * size[1])
    return left, top, max(left + 4, int(box[2] * size[0])), max(top + 4, int(box[3] * size[1]))


def _within(thing: Thing, window: Box) -> Thing | None:
    """The part of a thing that is inside the window; nothing where less than half of it is."""
    left, top = max(thing.box[0], window[0]), max(thing.box[1], window[1])
    right, bottom = min(thing.box[2], window[2]), min(thing.box[3], window[3])
    whole = (thing.box[2] - thing.box[0]) * (thing.box[3] - thing.box[1])
    if right <= left or bottom <= top or (right - left) * (bottom - top) < whole / 2:
        return None
    wide, tall = window[2] - window[0], window[3] - window[1]
    box = (
        (left - window[0]) / wide,
        (top - window[1]) / tall,
        (right - window[0]) / wide,
        (bottom - window[1]) / tall,
    )
    return Thing(thing.label, box)


@lru_cache(maxsize=4_096)
def _soft_edge(width: int, height: int) -> Image.Image:
    """A rounded shape that fades out, so that little of the place around a thing comes along."""
    x = np.linspace(-1, 1, width)[None, :]
    y = np.linspace(-1, 1, height)[:, None]
    distance = (np.abs(x) ** ROUNDNESS + np.abs(y) ** ROUNDNESS) ** (1 / ROUNDNESS)
    return Image.fromarray((np.clip((1.05 - distance) / FADE, 0, 1) * 255).astype(np.uint8))
