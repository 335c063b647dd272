"""Writes the adapter and, beside it, all that is needed to know what it is and to make it again."""

from __future__ import annotations

import json
import platform
import shutil
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .base_model import BaseModel
from .settings import Settings
from .train import Outcome
from .training_set import TrainingSet
from .verdict import Verdict

REPORT = "training-report.json"
PACKAGES = (
    "torch",
    "transformers",
    "peft",
    "accelerate",
    "tokenizers",
    "safetensors",
    "bitsandbytes",
    "numpy",
    "pillow",
)


def training_report(
    settings: Settings,
    training: TrainingSet,
    base: BaseModel,
    outcome: Outcome,
    verdict: Verdict,
    machine: dict[str, Any],
) -> dict[str, Any]:
    """One JSON document."""
    progress = outcome.progress
    return {
        "format": "followspot-training-report/1",
        "name": settings.out.name,
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "verdict": {"reason": verdict.reason, "accepted": verdict.accepted, "sentence": verdict.sentence},
        "show": training.show,
        "dataset": training.dataset_hash,
        "promptVersion": training.prompt_version,
        "pictures": {
            "train": sum(picture.swapped is None for picture in training.train),
            "onOtherBackgrounds": sum(picture.swapped is not None for picture in training.train),
            "heldOut": len(training.held_out),
        },
        "base": {
            "name": base.dir.resolve().name,
            "modelType": base.config["model_type"],
            "fingerprint": base.fingerprint(),
        },
        "settings": {
            "method": settings.method,
            "epochs": settings.rounds,
            "seed": settings.seed,
            "rank": settings.rank,
            "alpha": settings.alpha,
            "dropout": settings.dropout,
            "learningRate": settings.learning_rate,
            "accumulate": settings.accumulate,
            "negatives": settings.negatives,
            "patience": settings.patience,
            "maxPixels": training.max_pixels,
        },
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": machine,
        "seconds": round(progress.seconds, 1),
        "epochs": {
            "done": progress.round,
            "best": progress.best_round + 1,
            "stoppedEarly": outcome.stopped_early,
            "heldOutLoss": [round(loss, 4) for loss in progress.held_out],
        },
        "lossCurve": [round(loss, 4) for loss in progress.losses],
        "before": outcome.before.to_json(),
        "after": outcome.after.to_json(),
    }


def write_adapter(model: Any, report: dict[str, Any], folder: Path) -> None:
    """The adapter and its report, whole or not at all."""
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    model.save_pretrained(beside, safe_serialization=True)
    # PEFT's own model card says nothing that the report does not.
    (beside / "README.md").unlink(missing_ok=True)
    _drop_place_of_base(beside / "adapter_config.json", report["base"]["name"])
    (beside / REPORT).write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def _drop_place_of_base(file: Path, name: str) -> None:
    """Where the weights lay on the machine that trained is nobody's business."""
    config = json.loads(file.read_text("utf-8"))
    config["base_model_name_or_path"] = name
    file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
