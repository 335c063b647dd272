"""What a training is started with."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

METHODS = ("lora", "qlora")


@dataclass(frozen=True)
class Settings:
    """All that a person can choose."""

    training_set: Path
    base: Path
    out: Path
    refused: Path
    work: Path
    method: str
    rounds: int
    seed: int
    rank: int
    alpha: int
    dropout: float
    learning_rate: float
    accumulate: int
    negatives: float
    patience: int
    threads: int
    stop_with_stdin: bool

    def key(self, *parts: str) -> str:
        """Of a checkpoint: another choice that changes what is learnt is another training."""
        learnt = {
            name: value
            for name, value in asdict(self).items()
            if not isinstance(value, Path) and name not in ("threads", "stop_with_stdin")
        }
        return hashlib.sha256(json.dumps([learnt, *parts], sort_keys=True).encode()).hexdigest()


def read_settings(arguments: Sequence[str] | None = None) -> Settings:
    """From the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m followspot_finetune",
        description="Fine-tunes a Qwen2-VL: a training set of `followspot finetune --export` in, a LoRA out.",
    )
    parser.add_argument("--training-set", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--base", type=Path, required=True, metavar="DIR", help="weights, tokenizer, preprocessor"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the adapter; must not be there yet"
    )
    parser.add_argument(
        "--refused",
        type=Path,
        metavar="DIR",
        help="for one that is no good (default: OUT's folder, -refused)",
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="for checkpoints (default: OUT.work)")
    parser.add_argument("--method", choices=METHODS, default="lora")
    parser.add_argument(
        "--epochs", type=_at_least_one, default=6, metavar="N", help="rounds at most (default: 6)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rank", type=_at_least_one, default=16)
    parser.add_argument("--alpha", type=_at_least_one, help="default: twice the rank")
    parser.add_argument("--dropout", type=_share, default=0.05)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--accumulate", type=_at_least_one, default=8, help="pictures a step (default: 8)")
    parser.add_argument("--negatives", type=_share, default=0.5, help="share of noes (default: 0.5)")
    parser.add_argument(
        "--patience", type=_at_least_one, default=2, help="rounds without a gain, then it ends"
    )
    parser.add_argument("--threads", type=int, default=0, help="of the CPU (default: all)")
    parser.add_argument("--stop-with-stdin", action="store_true", help="end when standard input does")
    chosen = parser.parse_args(arguments)
    out: Path = chosen.out.absolute()
    return Settings(
        training_set=chosen.training_set,
        base=chosen.base,
        out=out,
        refused=chosen.refused or out.parent.with_name(f"{out.parent.name}-refused") / out.name,
        work=chosen.work or out.with_name(f"{out.name}.work"),
        method=chosen.method,
        rounds=chosen.epochs,
        seed=chosen.seed,
        rank=chosen.rank,
        alpha=chosen.alpha or 2 * chosen.rank,
        dropout=chosen.dropout,
        learning_rate=chosen.learning_rate,
        accumulate=chosen.accumulate,
        negatives=chosen.negatives,
        patience=chosen.patience,
        threads=chosen.threads,
        stop_with_stdin=chosen.stop_with_stdin,
    )


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError("it must be a share, 0 or more and below 1")
    return value
