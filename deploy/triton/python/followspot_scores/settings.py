"""What config.pbtxt says about the model to be hosted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_SYSTEM = "You are a helpful assistant."


@dataclass(frozen=True)
class Settings:
    """The parameters of the model's config.pbtxt; relative paths are relative to the model's folder."""

    weights: Path
    adapters: str
    """JSON `{"name": "folder"}`, or a folder of adapters."""
    folder: Path
    min_pixels: int | None
    max_pixels: int | None
    calibration: Path | None
    system: str
    """The text before the picture where a request brings none."""
    labels: tuple[str, ...]
    """The closed set where a request brings none."""
    most_labels: int
    batch_tokens: int
    boxes: int
    version: str
    """What the server tells its clients; see identity.py."""

    @staticmethod
    def read(parameters: Mapping[str, str], folder: Path) -> "Settings":
        """:raises ValueError: with one sentence that names the parameter"""

        def text(name: str) -> str:
            return parameters.get(name, "").strip()

        def number(name: str, default: int | None) -> int | None:
            if not text(name):
                return default
            if not text(name).isdecimal() or int(text(name)) == 0:
                raise ValueError(f'config.pbtxt: {name} is "{text(name)}": write a whole number above 0')
            return int(text(name))

        def file(name: str) -> Path | None:
            if not text(name):
                return None
            path = folder / text(name)
            if not path.exists():
                raise ValueError(f"config.pbtxt: {name} names {path}, which does not exist")
            return path

        weights = file("weights")
        if weights is None:
            raise ValueError("config.pbtxt: the parameter weights is missing: name the checkpoint's folder")
        system = file("system")
        return Settings(
            weights=weights,
            adapters=text("adapters"),
            folder=folder,
            min_pixels=number("min_pixels", None),
            max_pixels=number("max_pixels", None),
            calibration=file("calibration"),
            system=system.read_text(encoding="utf-8").strip() if system else DEFAULT_SYSTEM,
            labels=tuple(label.strip() for label in text("labels").split(",") if label.strip()),
            most_labels=number("max_labels", 256) or 0,
            batch_tokens=number("max_batch_tokens", 16_384) or 0,
            boxes=number("max_boxes", 16) or 0,
            version=text("version"),
        )
