"""`python -m followspot_finetune`: 0 adapter written, 1 refused, 2 bad input, 3 failed, 130 interrupted."""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback
import warnings
from typing import Any

# Nothing is fetched from anywhere: what is missing is said.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from .base_model import find_base_model
from .interruption import Interruption
from .mistake import Mistake
from .settings import Settings, read_settings
from .training_set import TrainingSet, read_training_set

ACCEPTED, REFUSED, BAD_INPUT, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
ANSWER_TOKENS = 40
"""A question and its answer, roughly: for the estimate of memory alone."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a training. Returns the exit code."""
    settings = read_settings(arguments)
    # What the libraries will change in their next versions is of no use to who trains: versions are pinned.
    warnings.filterwarnings("ignore", category=FutureWarning)
    interruption = Interruption()
    interruption.listen(stdin=settings.stop_with_stdin)
    try:
        return _train(settings, interruption)
    except Mistake as mistake:
        say(str(mistake))
        return BAD_INPUT
    except ModuleNotFoundError as missing:
        say(f"Python lacks {missing.name}: pip install -r packages/triton-server/requirements/torch.txt")
        return BAD_INPUT
    except Exception:
        # Python's own code for it would be that of a refusal.
        traceback.print_exc()
        return FAILED


def say(line: str) -> None:
    """To a person: standard error, at once."""
    print(line, file=sys.stderr, flush=True)


def _train(settings: Settings, interruption: Interruption) -> int:
    if settings.out.exists():
        raise Mistake(f"{settings.out} is there already, and nothing is written over: choose another name")
    training = read_training_set(settings.training_set)
    _require_answers(training)
    base = find_base_model(settings.base)
    say("loading torch and the model")
    import torch
    from accelerate.utils import set_seed
    from followspot_scores.questions import questions
    from followspot_scores.vocabulary import Vocabulary
    from transformers import AutoTokenizer
    from transformers.utils import logging

    from .checkpoint import CheckpointFile
    from .conversation import Conversation
    from .eye import Eye
    from .judge import Judge
    from .load import LoraShape, device_for, load_model
    from .memory import estimate_memory, free_memory, require_memory
    from .network import Network
    from .report import REPORT, training_report, write_adapter
    from .sampler import Shares, draw_round
    from .train import Interrupted, Plan, Training
    from .verdict import judge_training

    logging.disable_progress_bar()
    if settings.threads > 0:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    device = device_for(settings.method)
    tokenizer = AutoTokenizer.from_pretrained(base.dir, local_files_only=True)
    tokens = _longest(training, tokenizer)
    estimate = estimate_memory(
        base, method=settings.method, rank=settings.rank, tokens=tokens, on_gpu=device.type == "cuda"
    )
    free, where = free_memory(device)
    say(f"about {estimate} of memory will be needed; {where} has {free / 1e9:.1f} GB free")
    require_memory(estimate, free, where=where, method=settings.method)
    shape = LoraShape(settings.rank, settings.alpha, settings.dropout)
    model = load_model(base, method=settings.method, shape=shape, device=device)
    network = Network(
        model,
        Eye(model.get_base_model(), base.dir, max_pixels=training.max_pixels),
        Conversation(tokenizer, training.words),
    )
    judge = Judge(training, Vocabulary(tokenizer, questions()))
    shares = Shares(negatives=settings.negatives)
    plan = Plan(
        rounds=settings.rounds,
        learning_rate=settings.learning_rate,
        accumulate=settings.accumulate,
        patience=settings.patience,
        draw=lambda number: draw_round(training, settings.seed, number, shares),
        held_out=training.held_out,
    )
    key = settings.key(training.dataset_hash, training.prompt_version, base.fingerprint())
    checkpoint = CheckpointFile(settings.work, key)
    started = time.monotonic()
    try:
        outcome = Training(network, judge, checkpoint, interruption, say).run(plan)
    except Interrupted:
        say("interrupted: the same command goes on from here")
        return INTERRUPTED
    verdict = judge_training(outcome.before, outcome.after)
    report = training_report(settings, training, base, outcome, verdict, _machine(device, estimate.total))
    report["machine"]["secondsOfThisRun"] = round(time.monotonic() - started, 1)
    folder = settings.out if verdict.accepted else settings.refused
    write_adapter(model, report, folder)
    if verdict.accepted:
        say(f"{verdict.sentence}; adapter written to {folder}")
        return ACCEPTED
    say(f"{verdict.sentence}; the adapter is kept aside in {folder}, with {REPORT}, and is not put in force")
    return REFUSED


def _require_answers(training: TrainingSet) -> None:
    if not training.train:
        raise Mistake(f"{training.dir / 'train.jsonl'} lists no pictures: there is nothing to learn from")
    both = [
        label
        for label in training.labels
        if 0 < sum(label in picture.present for picture in training.train) < len(training.train)
    ]
    if not both:
        raise Mistake(
            f"{training.dir / 'train.jsonl'}: no label is in some pictures and missing from others: with "
            "everybody in every picture nobody can be told apart; add pictures of each alone"
        )


def _longest(training: TrainingSet, tokenizer: Any) -> int:
    """Tokens of the longest pass, roughly: system text, picture at its largest, a question a label."""
    system = max(len(tokenizer(text)["input_ids"]) for text in training.words.systems)
    return system + training.max_pixels // (28 * 28) + ANSWER_TOKENS * (len(training.labels) + 3)


def _machine(device: Any, estimated: float) -> dict[str, Any]:
    import resource

    import torch

    cuda = device.type == "cuda"
    peak = (
        torch.cuda.max_memory_reserved(device)
        if cuda
        else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    )
    return {
        "device": torch.cuda.get_device_name(device) if cuda else platform.processor() or platform.machine(),
        "kind": device.type,
        "estimatedBytes": round(estimated),
        "peakBytes": int(peak),
    }


if __name__ == "__main__":
    sys.exit(main())
