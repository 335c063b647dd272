"""The forward pass over a forest, and over the text that stands before every picture."""

from collections.abc import Sequence

import torch
from transformers import DynamicCache, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPooling

from .forest import Forest
from .pictures import Picture

# For each layer the keys and the values: [1, key-value heads, tokens, head size].
KeysAndValues = tuple[tuple[torch.Tensor, torch.Tensor], ...]


def read_prefix(model: PreTrainedModel, ids: Sequence[int]) -> KeysAndValues:
    """Keys and values of the text before the picture, which is the same for every frame."""
    cache = DynamicCache()
    tokens = torch.tensor([list(ids)], device=model.device)
    positions = torch.arange(len(ids), device=model.device).expand(3, 1, -1)
    model.model(input_ids=tokens, position_ids=positions, cache=cache, use_cache=True)
    return tuple((layer.keys, layer.values) for layer in cache.layers)


def see(model: PreTrainedModel, pictures: Sequence[Picture]) -> BaseModelOutputWithPooling:
    """What the vision tower makes of the pictures: one row for each of their tokens."""
    pixels = torch.cat([torch.from_numpy(picture.patches) for picture in pictures])
    grids = torch.tensor([(1, *picture.grid) for picture in pictures])
    pixels = pixels.to(model.device, model.dtype, non_blocking=True)
    return model.model.get_image_features(pixels, grids.to(model.device), return_dict=True)


def walk(
    model: PreTrainedModel,
    forest: Forest,
    prefixes: Sequence[KeysAndValues],
    seen: BaseModelOutputWithPooling,
) -> tuple[torch.Tensor, DynamicCache]:
    """
    One pass over all trees of the forest.

    :param prefixes: one for each row; rows that share one share the object
    :param seen: the pictures of the rows, in order
    :returns: the last hidden states [rows, length, hidden], and keys and values of the prefixes and of the
    rows
    """
    cache = DynamicCache()
    prefix_length = fill_cache(cache, prefixes)
    output = model.model(
        input_ids=forest.input_ids,
        mm_encoder_outputs={"image": seen},
        position_ids=forest.positions,
        attention_mask=forest.mask(prefix_length),
        cache=cache,
        use_cache=True,
    )
    return output.last_hidden_state, cache


def fill_cache(cache: DynamicCache, prefixes: Sequence[KeysAndValues]) -> int:
    """
    Puts each row's prefix before it, shorter ones padded on the right, and returns the longest one's length.
    """
    longest = max(prefix[0][0].shape[2] for prefix in prefixes)
    shared = all(prefix is prefixes[0] for prefix in prefixes)
    for layer in range(len(prefixes[0])):
        for_keys, for_values = (
            prefixes[0][layer][part].expand(len(prefixes), -1, -1, -1)
            if shared
            else torch.cat([_padded(prefix[layer][part], longest) for prefix in prefixes])
            for part in (0, 1)
        )
        cache.update(for_keys, for_values, layer)
    return longest


def _padded(states: torch.Tensor, length: int) -> torch.Tensor:
    return torch.nn.functional.pad(states, (0, 0, 0, length - states.shape[2]))
