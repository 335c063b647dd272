"""Pictures become the very patches that the checkpoint's own processor makes."""

import io
from pathlib import Path

import numpy as np
import pytest
from conftest import photograph
from followspot_scores.pictures import PictureReader
from followspot_scores.refusal import Refusal
from followspot_tiny.network import Size, save_processor
from transformers import Qwen2VLImageProcessorPil


def jpeg(seed: int = 0, width: int = 160, height: int = 112) -> bytes:
    file = io.BytesIO()
    photograph(seed, width, height).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize("size", [(640, 480), (854, 480), (56, 140), (33, 90), (168, 112), (1280, 720)])
def test_patches_and_grid_are_those_of_transformers_own_processor(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    reader = save_processor(Size(), tmp_path)
    image = photograph(4, *size)
    theirs = Qwen2VLImageProcessorPil.from_pretrained(tmp_path)(images=[image], return_tensors="np")
    ours = reader.prepare(image)
    assert theirs["image_grid_thw"].tolist() == [[1, *ours.grid]]
    np.testing.assert_allclose(ours.patches, theirs["pixel_values"], atol=2e-6)


def test_limits_are_read_in_the_old_and_in_the_new_spelling(tmp_path: Path) -> None:
    old = save_processor(Size(), tmp_path)
    file = tmp_path / "preprocessor_config.json"
    low, high = old.limits.min_pixels, old.limits.max_pixels
    text = file.read_text(encoding="utf-8")
    text = text.replace(
        f'"min_pixels": {low},', f'"size": {{"shortest_edge": {low}, "longest_edge": {high}}},'
    )
    file.write_text(text.replace(f'  "max_pixels": {high},\n', ""), encoding="utf-8")
    assert PictureReader.of_checkpoint(tmp_path) == old


def test_limits_of_one_s_own_win(reader: PictureReader) -> None:
    assert reader.within(None, 12 * 784).read(jpeg(width=640, height=480)).tokens == 12
    assert reader.within(None, None) == reader


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no bytes"),
        (b"this is no picture", "no picture that can be read"),
        (jpeg()[:300], "no picture that can be read"),
        (jpeg(width=2_300, height=8), "200 times"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(
    reader: PictureReader, data: bytes, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        reader.read(data)


def test_a_file_that_claims_to_be_huge_is_refused_before_it_is_unpacked(reader: PictureReader) -> None:
    small = bytearray(jpeg())
    start = small.index(b"\xff\xc0")
    small[start + 5 : start + 9] = (9_000).to_bytes(2, "big") * 2
    with pytest.raises(Refusal, match="9000 x 9000 pixels"):
        reader.read(bytes(small))
