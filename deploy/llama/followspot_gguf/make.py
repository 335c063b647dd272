"""`python -m followspot_gguf.make FOLDER [--checkpoint FOLDER]`: model.gguf and mmproj.gguf."""

from __future__ import annotations

import argparse
from pathlib import Path

from .checkpoint import read_checkpoint
from .language_file import write_language_file
from .random_checkpoint import random_checkpoint
from .vision_file import write_vision_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the two files go")
    parser.add_argument(
        "--checkpoint", type=Path, help="a small Qwen2-VL of transformers; random weights otherwise"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the random weights")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    named = options.checkpoint is not None
    checkpoint = read_checkpoint(options.checkpoint) if named else random_checkpoint(options.seed)
    write_language_file(checkpoint, options.folder / "model.gguf", "tiny" if named else "random")
    write_vision_file(checkpoint, options.folder / "mmproj.gguf")


if __name__ == "__main__":
    main()
