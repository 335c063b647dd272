"""
From the bytes of a JPEG to the patches that Qwen's vision tower reads, exactly as the checkpoint's processor
does.
"""

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from .refusal import Refusal
from .resize import PixelLimits, smart_resize

# Larger than any camera's; a small file can claim any size.
MAX_SOURCE_PIXELS = 64_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP")


@dataclass(frozen=True)
class Picture:
    """One picture as patches of 2 x patch x patch pixels in three colours."""

    patches: np.ndarray
    """FP32 [rows x columns, 3 x 2 x patch x patch]; patches of one token lie together."""
    grid: tuple[int, int]
    """Rows and columns of patches."""
    merge: int
    source: tuple[int, int]
    """Width and height of the picture that was sent, in pixels."""
    seen: tuple[int, int]
    """Width and height of the picture that the model sees, in pixels."""

    @property
    def token_grid(self) -> tuple[int, int]:
        """Rows and columns of tokens."""
        return self.grid[0] // self.merge, self.grid[1] // self.merge

    @property
    def tokens(self) -> int:
        rows, columns = self.token_grid
        return rows * columns


@dataclass(frozen=True)
class PictureReader:
    """Prepares pictures for one checkpoint."""

    limits: PixelLimits
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    frames: int
    """A still picture is shown this many times: the vision tower reads pairs of frames."""

    @staticmethod
    def of_checkpoint(folder: Path) -> "PictureReader":
        """
        Reads preprocessor_config.json, whose limits differ from transformers' defaults. Old files say
        `min_pixels`, new ones `size.shortest_edge`; both are areas.
        """
        config = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
        size = config.get("size") or {}
        smallest = config.get("min_pixels") or size.get("min_pixels") or size["shortest_edge"]
        largest = config.get("max_pixels") or size.get("max_pixels") or size["longest_edge"]
        limits = PixelLimits(smallest, largest, config["patch_size"], config["merge_size"])
        return PictureReader(
            limits, tuple(config["image_mean"]), tuple(config["image_std"]), config["temporal_patch_size"]
        )

    def within(self, min_pixels: int | None, max_pixels: int | None) -> "PictureReader":
        """With limits of one's own where they are given."""
        largest = max_pixels or self.limits.max_pixels
        smallest = min(min_pixels or self.limits.min_pixels, largest)
        return replace(self, limits=replace(self.limits, min_pixels=smallest, max_pixels=largest))

    def read(self, data: bytes) -> Picture:
        """
        The picture in a file.

        :raises Refusal: where it is no picture, a broken one, or one too large to be a camera's
        """
        if not data:
            raise Refusal("the tensor image holds no bytes: send one JPEG file")
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                width, height = opened.size
                if width * height > MAX_SOURCE_PIXELS:
                    most = MAX_SOURCE_PIXELS // 1_000_000
                    raise Refusal(f"the picture has {width} x {height} pixels: send at most {most} million")
                image = opened.convert("RGB")
            return self.prepare(image)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            if isinstance(error, Refusal):
                raise
            raise Refusal(f"the tensor image holds no picture that can be read: {error}") from error

    def prepare(self, image: Image.Image) -> Picture:
        """Resizes, normalises and cuts into patches."""
        tall, wide = smart_resize(image.height, image.width, self.limits)
        resized = (
            image if image.size == (wide, tall) else image.resize((wide, tall), Image.Resampling.BICUBIC)
        )
        return self.cut(np.asarray(resized, dtype=np.uint8), source=image.size)

    def cut(self, pixels: np.ndarray, source: tuple[int, int]) -> Picture:
        """Patches of a picture that has its size already: uint8 [height, width, 3]."""
        patch, merge = self.limits.patch, self.limits.merge
        mean = np.asarray(self.mean, dtype=np.float32)
        std = np.asarray(self.std, dtype=np.float32)
        channels = ((pixels.astype(np.float32) * np.float32(1 / 255) - mean) / std).transpose(2, 0, 1)
        tall, wide = pixels.shape[:2]
        rows, columns = tall // patch, wide // patch
        blocks = channels.reshape(3, rows // merge, merge, patch, columns // merge, merge, patch)
        blocks = blocks.transpose(1, 4, 2, 5, 0, 3, 6)[:, :, :, :, :, None]
        still = np.broadcast_to(blocks, (*blocks.shape[:5], self.frames, patch, patch))
        patches = still.reshape(rows * columns, 3 * self.frames * patch * patch)
        return Picture(patches, (rows, columns), merge, source, (wide, tall))
