"""Whatever bytes come, a picture or a sentence comes of them."""

import io
import random
import warnings

import numpy as np
import pytest
from conftest import photograph
from followspot_scores.open_picture import open_picture
from followspot_scores.refusal import Refusal
from PIL import Image

TURNED_RIGHT = 6
ORIENTATION = 0x0112


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def brightness(image: Image.Image) -> float:
    return float(np.asarray(image.convert("L")).mean())


def test_a_picture_that_was_taken_sideways_is_seen_upright() -> None:
    upright = photograph(1, 160, 112)
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    lying = encoded(upright.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif)
    seen = open_picture(lying)
    assert seen.size == (160, 112)
    np.testing.assert_array_equal(np.asarray(seen), np.asarray(upright))


def test_sixteen_bits_a_colour_are_seen_as_they_are_meant() -> None:
    grey = np.linspace(0, 65_535, 112 * 160).reshape(112, 160).astype(np.uint16)
    seen = open_picture(encoded(Image.fromarray(grey), "PNG"))
    assert seen.mode == "RGB"
    assert brightness(seen) == pytest.approx(127, abs=1)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "RGBA", "1", "LA"])
def test_other_kinds_of_colours_become_the_same_picture(mode: str) -> None:
    image = photograph(2)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    seen = open_picture(encoded(image.convert(mode), kind))
    assert (seen.mode, seen.size) == ("RGB", image.size)
    assert brightness(seen) == pytest.approx(brightness(image), abs=4)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (10_000, 10)])
def test_odd_sizes_are_pictures_too(size: tuple[int, int]) -> None:
    assert open_picture(encoded(Image.new("RGB", size), "JPEG")).size == size


def test_bytes_changed_at_random_are_a_picture_or_a_sentence_without_a_warning() -> None:
    chance = random.Random(7)
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    whole = [
        encoded(photograph(3), "JPEG", exif=exif),
        encoded(photograph(3), "JPEG", progressive=True),
        encoded(photograph(3).convert("P"), "PNG"),
        encoded(photograph(3), "WEBP", exif=exif),
        encoded(photograph(3), "BMP"),
    ]
    seen, refused = 0, 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(600):
            data = bytearray(chance.choice(whole))
            for _ in range(chance.choice((1, 2, 8))):
                data[chance.randrange(min(len(data), 300))] = chance.randrange(256)
            if chance.random() < 0.3:
                del data[chance.randrange(len(data)) :]
            try:
                open_picture(bytes(data)).load()
                seen += 1
            except Refusal:
                refused += 1
    assert seen > 20
    assert refused > 20
