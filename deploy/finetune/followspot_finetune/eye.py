"""What the frozen vision tower sees in a picture: computed once, since nothing about it is trained."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from followspot_scores.pictures import PictureReader
from followspot_scores.refusal import Refusal

from .mistake import Mistake

MOST_KEPT_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Sight:
    """A picture as the language model gets it."""

    features: torch.Tensor
    """[tokens, hidden]"""
    grid: torch.Tensor
    """[1, 3]: patches in time, down and across."""


class Eye:
    """Shows pictures to the tower through the code that serves, and keeps what it saw within a bound."""

    def __init__(self, model: Any, checkpoint: Path, *, max_pixels: int) -> None:
        self._model = model
        reader = PictureReader.of_checkpoint(checkpoint)
        self._reader = (
            reader.within(None, max_pixels) if 0 < max_pixels < reader.limits.max_pixels else reader
        )
        self._kept: OrderedDict[Path, Sight] = OrderedDict()
        self._kept_bytes = 0

    def look_at(self, file: Path) -> Sight:
        """What is seen in the picture, on the CPU."""
        known = self._kept.get(file)
        if known is not None:
            self._kept.move_to_end(file)
            return known
        sight = self._see(file)
        self._kept[file] = sight
        self._kept_bytes += _bytes_of(sight)
        while self._kept_bytes > MOST_KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= _bytes_of(oldest)
        return sight

    @torch.no_grad()
    def _see(self, file: Path) -> Sight:
        try:
            picture = self._reader.read(file.read_bytes())
        except Refusal as refusal:
            raise Mistake(f"{file}: {refusal}; write the training set anew") from refusal
        device = next(self._model.parameters()).device
        grid = torch.tensor([(1, *picture.grid)])
        output = self._model.get_image_features(torch.from_numpy(picture.patches).to(device), grid.to(device))
        return Sight(torch.cat(list(output.pooler_output)).cpu(), grid)


def _bytes_of(sight: Sight) -> int:
    return sight.features.numel() * sight.features.element_size()
