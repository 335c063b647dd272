"""
The version of a hosted model: a hash of all that its answers depend on.

`python -m followspot_scores.identity MODEL_FOLDER` prints it for a folder with a config.pbtxt. Standard
library only.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from .adapters_setting import adapter_folders

# Larger files, the weights of a real model, are looked at in so many places.
WHOLE = 64 << 20
SAMPLES = 256
SAMPLE = 64 << 10
LENGTH = 12

_IGNORED_PARAMETERS = frozenset({"version", "accuracy", "rung", "max_batch_tokens"})
_CONTENT = (".json", ".safetensors", ".txt", ".jinja")


def version_of(folder: Path, parameters: Mapping[str, str]) -> str:
    """
    Twelve hexadecimal digits; another weight, adapter, question, calibration or resolution gives others.
    """
    digest = hashlib.sha256()
    questions = Path(__file__).with_name("questions.json")
    for name, content in [("questions", _fingerprint(questions)), *_parts(folder, parameters)]:
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()[:LENGTH]


def _parts(folder: Path, parameters: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(parameters.items()):
        if name in _IGNORED_PARAMETERS or not value:
            continue
        if name == "weights":
            yield from _folder(name, folder / value)
        elif name == "adapters":
            for adapter, place in adapter_folders(value, folder).items():
                yield from _folder(f"adapter {adapter}", place)
        elif name in ("calibration", "system"):
            yield name, _fingerprint(folder / value)
        else:
            yield name, value


def _folder(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.iterdir()):
        # What a training leaves beside the weights says nothing about them.
        if file.suffix in _CONTENT and file.name != "marks.json":
            yield f"{name}/{file.name}", _fingerprint(file)


def _fingerprint(file: Path) -> str:
    size = file.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with file.open("rb") as stream:
        if size <= WHOLE:
            digest.update(stream.read())
        else:
            for sample in range(SAMPLES):
                stream.seek((size - SAMPLE) * sample // (SAMPLES - 1))
                digest.update(stream.read(SAMPLE))
    return digest.hexdigest()


def parameters_of(config: str) -> dict[str, str]:
    """The parameters in the text of a config.pbtxt."""
    found = re.findall(
        r'parameters\s*:?\s*\{\s*key\s*:\s*"([^"]*)"\s*value\s*:?\s*\{\s*string_value\s*:\s*("(?:[^"\\]|\\.)*")',
        config,
    )
    return {name: json.loads(value) for name, value in found}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("usage: python3 -m followspot_scores.identity FOLDER", file=sys.stderr)
        sys.exit(2)
    model = Path(sys.argv[1])
    try:
        print(version_of(model, parameters_of((model / "config.pbtxt").read_text(encoding="utf-8"))))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        sys.exit(2)
