"""From what the model told to the tensors of the `scores` contract, without a batch dimension."""

import numpy as np

from .calibration import Calibration
from .scorer import Asked, Told


def answer_tensors(asked: Asked, told: Told, calibration: Calibration) -> dict[str, np.ndarray]:
    """`raw` is the model's own log-odds, `score` the probability after calibration."""
    # It was fitted on the bare model.
    if asked.adapter:
        calibration = Calibration()
    scores = [calibration.score(label, float(raw)) for label, raw in zip(asked.labels, told.raw, strict=True)]
    return {
        "label": np.array([label.encode() for label in asked.labels], dtype=np.object_),
        "score": np.array(scores, dtype=np.float32),
        "raw": told.raw,
        "box": told.boxes,
        "unknown": np.array([calibration.unknown.probability(told.unknown)], dtype=np.float32),
    }
