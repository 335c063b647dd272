"""What people wrote, made fit to stand in a prompt."""

import re

_MARK = re.compile(r"<\|[^|<>]*\|>")
_BRACKET = re.compile(r"<\|+|\|+>")
_MOST_PASSES = 10


def without_marks(text: str) -> str:
    """
    The text without anything that the model would take for a mark of its own, such as `<|im_end|>`, which
    could end the instructions and begin new ones. Taking one mark out may join another, so it is done until
    none is left.
    """
    for _ in range(_MOST_PASSES):
        plain = _MARK.sub(" ", text)
        if plain == text:
            break
        text = plain
    return _BRACKET.sub(" ", text)
