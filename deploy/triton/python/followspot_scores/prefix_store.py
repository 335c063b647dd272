"""Keys and values of the texts that stand before every picture, kept from frame to frame."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from .tree_pass import KeysAndValues

Key = tuple[str, tuple[int, ...]]

# A show has one for each of its latest scenes and adapters; small ones would come in by thousands.
MOST_KEPT = 64


class PrefixStore:
    """By adapter and content; what was not used for longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Key, KeysAndValues] = OrderedDict()
        self._bytes = 0
        self.hits = 0
        self.misses = 0

    def get(
        self, adapter: str, tokens: Sequence[int], compute: Callable[[Sequence[int]], KeysAndValues]
    ) -> KeysAndValues:
        key = (adapter, tuple(tokens))
        known = self._kept.get(key)
        if known is not None:
            self.hits += 1
            self._kept.move_to_end(key)
            return known
        self.misses += 1
        made = compute(tokens)
        self._kept[key] = made
        self._bytes += _size(made)
        while (self._bytes > self._most_bytes and len(self._kept) > 1) or len(self._kept) > MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)
        return made

    def __len__(self) -> int:
        return len(self._kept)


def _size(states: KeysAndValues) -> int:
    return sum(tensor.numel() * tensor.element_size() for layer in states for tensor in layer)
