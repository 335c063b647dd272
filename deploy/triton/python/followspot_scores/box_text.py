"""Reads the four corners out of what a model wrote."""

import re

from .families import Corners

_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_PAIRS = re.compile(rf"\({_NUMBER},{_NUMBER}\)\s*,?\s*\({_NUMBER},{_NUMBER}\)")
_LIST = re.compile(rf"\[?{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}\]?")


def read_corners(text: str) -> Corners | None:
    """
    Left, top, right, bottom as the model wrote them, or nothing where it wrote no rectangle.

    Qwen2-VL's own form first, `(x1,y1),(x2,y2)`, then four numbers in a row as its successors write them in
    JSON.
    """
    for form in (_PAIRS, _LIST):
        found = form.search(text)
        if found:
            left, top, right, bottom = (float(number) for number in found.groups())
            return (left, top, right, bottom) if left < right and top < bottom else None
    return None
