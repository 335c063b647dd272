"""The sizes that transformers computes, measured once with its own code."""

import pytest
from followspot_scores.resize import PixelLimits, smart_resize

CHECKPOINT = PixelLimits(3136, 12_845_056, 14, 2)
TOKENS_1280 = PixelLimits(3136, 1280 * 784, 14, 2)
TOKENS_384 = PixelLimits(64 * 784, 384 * 784, 14, 2)
TOKENS_256 = PixelLimits(3136, 256 * 784, 14, 2)
QWEN3 = PixelLimits(65_536, 16_777_216, 16, 2)


@pytest.mark.parametrize(
    ("camera", "limits", "seen"),
    [
        ((1920, 1080), CHECKPOINT, (1932, 1092)),
        ((1920, 1080), TOKENS_1280, (1316, 728)),
        ((1920, 1080), TOKENS_384, (728, 392)),
        ((1920, 1080), TOKENS_256, (588, 336)),
        ((1920, 1080), QWEN3, (1920, 1088)),
        ((1280, 720), QWEN3, (1280, 704)),
        # Half to even: Math.round and numpy-free rounding up would make these 868 and 84.
        ((854, 480), CHECKPOINT, (840, 476)),
        ((42, 70), CHECKPOINT, (56, 56)),
        ((854, 480), TOKENS_256, (588, 308)),
        ((640, 480), TOKENS_384, (616, 448)),
        ((128, 128), TOKENS_384, (224, 224)),
        ((42, 70), TOKENS_384, (196, 308)),
        ((14, 14), CHECKPOINT, (56, 56)),
        ((14, 14), QWEN3, (256, 256)),
    ],
)
def test_a_camera_s_picture_is_seen_in_the_size_that_transformers_gives_it(
    camera: tuple[int, int], limits: PixelLimits, seen: tuple[int, int]
) -> None:
    width, height = camera
    assert smart_resize(height, width, limits) == (seen[1], seen[0])


def test_a_picture_that_is_all_length_is_refused() -> None:
    with pytest.raises(ValueError, match="200 times"):
        smart_resize(10, 2_010, CHECKPOINT)
