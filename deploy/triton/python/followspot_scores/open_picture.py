"""
From the bytes that somebody sent to an upright picture in three colours; whatever they are, a picture or a
sentence comes of them.
"""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from .pictures import MAX_SOURCE_PIXELS
from .refusal import Refusal

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP")


def open_picture(data: bytes) -> Image.Image:
    """
    The picture in a file, turned as its EXIF data says: so it is shown by everything else that a person sees,
    and by transformers' own loader.

    :raises Refusal: where it is no picture, a broken one, or one too large to be a camera's
    """
    if not data:
        raise Refusal("the tensor image holds no bytes: send one JPEG file")
    try:
        with warnings.catch_warnings():
            # Of broken EXIF data, and of bombs, which are refused below.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                width, height = opened.size
                if width * height > MAX_SOURCE_PIXELS:
                    most = MAX_SOURCE_PIXELS // 1_000_000
                    raise Refusal(f"the picture has {width} x {height} pixels: send at most {most} million")
                return ImageOps.exif_transpose(_in_bytes(opened)).convert("RGB")
    except Refusal:
        raise
    except UnidentifiedImageError as error:
        kinds = ", ".join(_FORMATS)
        raise Refusal(f"the tensor image holds no picture that can be read: it is none of {kinds}") from error
    # Decoders of foreign bytes fail in more ways than their documentation has.
    except Exception as error:
        raise Refusal(f"the tensor image holds no picture that can be read: {error}") from error


def _in_bytes(image: Image.Image) -> Image.Image:
    """Pillow clips what has 16 bits a colour: nearly all of it would be white."""
    if not image.mode.startswith("I"):
        return image
    scaled = Image.fromarray((np.asarray(image, dtype=np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    scaled.info.update(image.info)
    return scaled
