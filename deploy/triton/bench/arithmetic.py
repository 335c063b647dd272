"""
The multiplications that a pass cannot do without, and how long the machine takes for these alone; and for
attention as the library does it, which is their slowest part.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from followspot_scores.pictures import Picture
from real_shapes import Shape


@dataclass(frozen=True)
class Product:
    """`times` products of `heads` matrices at once: [rows, inner] by [inner, columns]."""

    rows: int
    inner: int
    columns: int
    times: int
    heads: int = 1

    @property
    def flops(self) -> float:
        return 2.0 * self.rows * self.inner * self.columns * self.heads * self.times

    def once(self, device: torch.device, dtype: torch.dtype) -> Callable[[], object]:
        left = torch.randn(self.heads, self.rows, self.inner, device=device, dtype=dtype)
        # Weights lie as a linear layer has them, and so do the keys.
        right = torch.randn(self.heads, self.columns, self.inner, device=device, dtype=dtype).mT
        out = torch.empty(self.heads, self.rows, self.columns, device=device, dtype=dtype)
        if self.heads == 1:
            left, right, out = left[0], right[0], out[0]
        return lambda: torch.matmul(left, right, out=out)


def products(
    shape: Shape, picture: Picture, batch: int, prefix: int, stem: int, branches: Sequence[int]
) -> list[Product]:
    """
    Of one pass over `batch` such pictures, the prefix' keys and values being known. Attention counts the
    pairs that see each other and no others.

    :param stem: tokens that all questions begin with
    :param branches: of each question the tokens that are its own
    """
    trunk = picture.tokens + stem
    tokens = batch * (trunk + sum(branches))
    text = [
        Product(tokens, shape.hidden, shape.hidden, 2 * shape.layers),
        Product(tokens, shape.hidden, shape.kv_heads * shape.head, 2 * shape.layers),
        Product(tokens, shape.hidden, shape.intermediate, 2 * shape.layers),
        Product(tokens, shape.intermediate, shape.hidden, shape.layers),
    ]
    pairs = trunk * (prefix + trunk / 2) + sum(size * (prefix + trunk + size / 2) for size in branches)
    text += _attention(tokens, batch * pairs, shape.heads, shape.head, shape.layers)
    patches, width = picture.grid[0] * picture.grid[1], shape.vision_width
    rows, inner = batch * patches, shape.vision_ratio * width
    vision = [
        Product(rows, picture.patches.shape[1], width, 1),
        Product(rows, width, 3 * width, shape.vision_depth),
        Product(rows, width, width, shape.vision_depth),
        Product(rows, width, inner, shape.vision_depth),
        Product(rows, inner, width, shape.vision_depth),
        Product(batch * picture.tokens, 4 * width, 4 * width, 1),
        Product(batch * picture.tokens, 4 * width, shape.hidden, 1),
    ]
    head = width // shape.vision_heads
    vision += _attention(rows, batch * patches**2, shape.vision_heads, head, shape.vision_depth)
    return text + vision


def _attention(queries: int, pairs: float, heads: int, head: int, layers: int) -> Iterator[Product]:
    """Queries by keys, and what comes of it by values."""
    keys = max(1, round(pairs / queries))
    yield Product(queries, head, keys, layers, heads)
    yield Product(queries, keys, head, layers, heads)


# So many in a row, where starting one costs more than some take.
_AT_ONCE_ON_A_CARD = 10


Timed = Callable[[Callable[[], object]], float]


class Limit:
    """How long the products alone take: each kind timed once, multiplied by how often it comes."""

    def __init__(self, wanted: Sequence[Product], device: torch.device, dtype: torch.dtype) -> None:
        self._wanted = [(product.times, product.once(device, dtype)) for product in wanted]
        self._at_once = _AT_ONCE_ON_A_CARD if device.type == "cuda" else 1
        self.flops = sum(product.flops for product in wanted)

    def ms(self, timed_ms: Timed) -> float:
        return sum(
            times * timed_ms(lambda once=once: self._repeat(once)) / self._at_once
            for times, once in self._wanted
        )

    def _repeat(self, once: Callable[[], object]) -> None:
        for _ in range(self._at_once):
            once()


def attention_ms(
    shape: Shape,
    picture: Picture,
    batch: int,
    keys: int,
    tokens: int,
    device: torch.device,
    dtype: torch.dtype,
) -> Callable[[Timed], float]:
    """Of all layers: the questions' under a mask, and the vision tower's."""

    def states(heads: int, length: int, size: int) -> torch.Tensor:
        return torch.randn(batch, heads, length, size, device=device, dtype=dtype)

    query, known = states(shape.heads, tokens, shape.head), states(shape.heads, keys, shape.head)
    mask = torch.ones(batch, 1, tokens, keys, dtype=torch.bool, device=device).tril(keys - tokens)
    patches = states(
        shape.vision_heads, picture.grid[0] * picture.grid[1], shape.vision_width // shape.vision_heads
    )
    attend = torch.nn.functional.scaled_dot_product_attention
    return lambda timed_ms: (
        shape.layers * timed_ms(lambda: attend(query, known, known, attn_mask=mask))
        + shape.vision_depth * timed_ms(lambda: attend(patches, patches, patches))
    )
