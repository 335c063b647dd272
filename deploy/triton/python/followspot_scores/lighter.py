"""
The same network in fewer steps. Beside its matrix products a pass is hundreds of small steps, each of which
costs a start on the card and a walk through memory, and some of which make the card wait for the processor.

Nothing here changes a weight, and adapters go on working: the layers that they wrap are called as before.
"""

from collections import deque
from collections.abc import Sequence
from itertools import groupby

import torch
from torch import nn
from torch.nn.functional import linear, rms_norm, scaled_dot_product_attention
from transformers import PreTrainedModel


def lighten(model: PreTrainedModel) -> PreTrainedModel:
    """For serving: it is the network of any of our families, and is changed in place."""
    lengths = _Lengths()
    for module in model.modules():
        if type(module).__name__.endswith("RMSNorm"):
            module.forward = _Norm(module)
    tower = model.model.visual
    tower.patch_embed.forward = _Patches(tower.patch_embed.proj)
    for block in tower.blocks:
        block.attn.forward = _VisionAttention(block.attn, lengths)
    return model


class _Norm:
    """One step instead of six, rounded once instead of twice."""

    def __init__(self, module: nn.Module) -> None:
        self._module = module

    def __call__(self, hidden_states: torch.Tensor) -> torch.Tensor:
        weight = self._module.weight
        return rms_norm(hidden_states, weight.shape, weight, self._module.variance_epsilon)


class _Patches:
    """A convolution whose windows do not overlap is a matrix product, for which the machine is quicker."""

    def __init__(self, convolution: nn.Conv3d) -> None:
        self._convolution = convolution

    def __call__(self, hidden_states: torch.Tensor) -> torch.Tensor:
        weight = self._convolution.weight.flatten(1)
        return linear(hidden_states.to(weight.dtype), weight, self._convolution.bias)


class _Lengths:
    """
    How many patches each picture (or window of it) has. The library asks the card thrice for each layer and
    waits for everything before it each time; all layers of a pass ask about one tensor or two.
    """

    def __init__(self) -> None:
        self._known: deque[tuple[torch.Tensor, list[int]]] = deque(maxlen=2)

    def of(self, ends: torch.Tensor) -> list[int]:
        for known, lengths in self._known:
            if known is ends:
                return lengths
        lengths = ends.diff().tolist()
        self._known.append((ends, lengths))
        return lengths


class _VisionAttention:
    """Pictures of one size are looked at together, instead of one after the other."""

    def __init__(self, attention: nn.Module, lengths: _Lengths) -> None:
        self._attention = attention
        self._lengths = lengths

    def __call__(
        self,
        hidden_states: torch.Tensor,
        cu_seqlens: torch.Tensor,
        position_embeddings: tuple[torch.Tensor, torch.Tensor],
        **_: object,
    ) -> torch.Tensor:
        attention = self._attention
        count = hidden_states.shape[0]
        projected = attention.qkv(hidden_states).reshape(count, 3, attention.num_heads, -1)
        turned = _turned(projected[:, :2], *position_embeddings)
        seen = self._see(turned[:, 0], turned[:, 1], projected[:, 2], self._lengths.of(cu_seqlens))
        return attention.proj(seen)

    def _see(
        self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, lengths: Sequence[int]
    ) -> torch.Tensor:
        """Each [patches, heads, size]; returns [patches, heads x size]."""
        seen, start = [], 0
        for length, alike in groupby(lengths):
            count = len(list(alike))
            end = start + count * length
            parts = (
                states[start:end].unflatten(0, (count, length)).transpose(1, 2)
                for states in (query, key, value)
            )
            out = scaled_dot_product_attention(*parts, scale=self._attention.scaling)
            seen.append(out.transpose(1, 2).flatten(2).flatten(0, 1))
            start = end
        return seen[0] if len(seen) == 1 else torch.cat(seen)


def _turned(states: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions, queries and keys at once, in FP32 as the library does: [patches, 2, heads, size]."""
    half = states.shape[-1] // 2
    # The second half of either repeats the first.
    cos, sin = (angle[:, None, None, :half].float() for angle in (cos, sin))
    first, second = states.float().split(half, dim=-1)
    turned = torch.cat(
        (
            torch.addcmul(first * cos, second, sin, value=-1),
            torch.addcmul(second * cos, first, sin),
        ),
        dim=-1,
    )
    return turned.to(states.dtype)
