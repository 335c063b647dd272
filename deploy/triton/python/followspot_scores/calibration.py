"""From a model's log-odds to probabilities that hold, by the file that `followspot calibrate` writes."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """slope * raw + offset, on log-odds."""

    slope: float = 1.0
    offset: float = 0.0

    def probability(self, raw: float) -> float:
        odds = self.slope * raw + self.offset
        return 1 / (1 + math.exp(-odds)) if odds >= 0 else 1 - 1 / (1 + math.exp(odds))


@dataclass(frozen=True)
class Calibration:
    """One line for each label, one for strangers, one for whatever has none of its own."""

    general: Line = Line()
    labels: Mapping[str, Line] = field(default_factory=dict)
    unknown: Line = Line()

    @staticmethod
    def read(file: Path) -> "Calibration":
        """:raises ValueError: where it is no calibration file"""
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            if content["version"] != 1:
                raise ValueError(f"its version is {content['version']}, this server reads 1")
            return Calibration(
                _line(content["global"]),
                {label: _line(line) for label, line in content.get("labels", {}).items()},
                _line(content.get("unknown", content["global"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{file} is no calibration file: {error}") from error

    def score(self, label: str, raw: float) -> float:
        return self.labels.get(label, self.general).probability(raw)


def _line(content: dict) -> Line:
    line = Line(float(content["slope"]), float(content["offset"]))
    if not (math.isfinite(line.slope) and math.isfinite(line.offset)):
        raise ValueError(f"its slope {line.slope} and offset {line.offset} must be numbers")
    return line
