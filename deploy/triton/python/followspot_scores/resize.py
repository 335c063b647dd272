"""How large Qwen's vision-language models see a picture."""

import math
from dataclasses import dataclass

MAX_ASPECT = 200


@dataclass(frozen=True)
class PixelLimits:
    """From the checkpoint's preprocessor_config.json; areas in pixels."""

    min_pixels: int
    max_pixels: int
    patch: int
    merge: int

    @property
    def factor(self) -> int:
        """Pixels along one side of what becomes one token."""
        return self.patch * self.merge


def smart_resize(height: int, width: int, limits: PixelLimits) -> tuple[int, int]:
    """
    Height and width that the model sees: multiples of the factor, the area within limits, nearly the same
    shape.

    Rounds half to even as Python does, and keeps transformers' order of operations: another order flips a
    floor. Source: transformers, image_processing_qwen2_vl.py.
    """
    if max(height, width) > MAX_ASPECT * min(height, width):
        raise ValueError(
            f"a picture of {width}x{height} is more than {MAX_ASPECT} times as long as it is wide"
        )
    factor = limits.factor
    tall = max(factor, round(height / factor) * factor)
    wide = max(factor, round(width / factor) * factor)
    if tall * wide > limits.max_pixels:
        shrink = math.sqrt((height * width) / limits.max_pixels)
        tall = max(factor, math.floor(height / shrink / factor) * factor)
        wide = max(factor, math.floor(width / shrink / factor) * factor)
    elif tall * wide < limits.min_pixels:
        grow = math.sqrt(limits.min_pixels / (height * width))
        tall = math.ceil(height * grow / factor) * factor
        wide = math.ceil(width * grow / factor) * factor
    return tall, wide
