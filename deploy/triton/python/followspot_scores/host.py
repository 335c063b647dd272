"""Loads a checkpoint and all that belongs to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from transformers import AutoTokenizer

from .adapters import Adapters
from .adapters_setting import adapter_folders
from .calibration import Calibration
from .families import family_of
from .lighter import lighten
from .pictures import PictureReader
from .questions import questions
from .scorer import Asked, Bounds, Scorer
from .settings import Settings
from .vocabulary import Vocabulary

# As many as a cast has: the kernels for such shapes are chosen before the first frame comes.
_WARM_UP_LABELS = 30
_CAMERA = (1280, 720)


@dataclass(frozen=True)
class Host:
    """Everything that a request needs."""

    scorer: Scorer
    reader: PictureReader
    adapters: Adapters
    calibration: Calibration
    settings: Settings


def load_host(settings: Settings, device: str, say: Callable[[str], None] = print) -> Host:
    """
    BF16 on a GPU, FP32 on the CPU.

    :raises ValueError: where the checkpoint is not of a family that this server hosts, or a file is wrong
    """
    config = json.loads((settings.weights / "config.json").read_text(encoding="utf-8"))
    family = family_of(config.get("model_type", ""))
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    model = family.network_class.from_pretrained(
        settings.weights, dtype=dtype, attn_implementation="sdpa", local_files_only=True
    )
    model = lighten(model.to(device).eval())
    adapters = Adapters(model, adapter_folders(settings.adapters, settings.folder))
    vocabulary = Vocabulary(
        AutoTokenizer.from_pretrained(settings.weights, local_files_only=True), questions()
    )
    reader = PictureReader.of_checkpoint(settings.weights).within(settings.min_pixels, settings.max_pixels)
    bounds = Bounds(batch_tokens=settings.batch_tokens, boxes=settings.boxes)
    calibration = Calibration.read(settings.calibration) if settings.calibration else Calibration()
    host = Host(Scorer(model, vocabulary, family, adapters, bounds), reader, adapters, calibration, settings)
    weights = sum(parameter.numel() for parameter in model.parameters())
    known = ", ".join(adapters.names) or "none"
    say(f"{family.network}: {weights:,} weights as {dtype} on {device}; adapters: {known}")
    warm_up(host)
    return host


def warm_up(host: Host) -> None:
    """One answer with boxes, and one for each adapter: the first of a kind takes seconds on a GPU."""
    grey = Image.fromarray(np.full((_CAMERA[1], _CAMERA[0], 3), 127, dtype=np.uint8))
    picture = host.reader.prepare(grey)
    labels = tuple(f"label-{number}" for number in range(_WARM_UP_LABELS))
    for adapter in ("", *host.adapters.names):
        host.scorer.score([Asked(picture, labels, host.settings.system, adapter, boxes=True)])
