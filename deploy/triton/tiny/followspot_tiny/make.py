"""`python -m followspot_tiny.make FOLDER --show SHOW`: a small Qwen2-VL that knows a show's puppets."""

import argparse
import json
import time
from pathlib import Path

import torch
from followspot_scores.questions import questions
from transformers.utils import logging

from .album import UNKNOWN, Collage, read_album, split
from .exam import examine
from .lesson import Teacher
from .network import Size, save_processor, small_network
from .teaching import Course, teach
from .tokenizer import train_tokenizer

SYSTEM_TEXTS = Path(__file__).parents[1] / "system-texts.json"
# One photograph in so many of each label is not learnt from.
HELD_OUT = 6


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    logging.disable_progress_bar()
    began = time.monotonic()
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    album = read_album(options.show / "dataset")
    learnt, kept = split(album, options.hold_out)
    labels = sorted({thing.label for photograph in album for thing in photograph.things})
    cast = [label for label in labels if label != UNKNOWN]
    system_texts = [
        *json.loads(options.system_texts.read_text(encoding="utf-8")),
        "You are a helpful assistant.",
    ]
    book = questions()
    words = [*labels, book.yes, book.no, book.yes.title(), book.no.title()]
    tokenizer = train_tokenizer(
        [*system_texts, *(book.suffix(text) for text in book.ask.values())] * 2, words
    )
    size = Size()
    model = small_network(tokenizer, size, options.seed)
    teacher = Teacher(tokenizer, cast)
    weights = sum(parameter.numel() for parameter in model.parameters())
    print(f"{weights:,} weights, {len(tokenizer)} tokens, {len(learnt)} photographs")
    reader = save_processor(size, folder)
    teach(
        model,
        tokenizer,
        reader=reader,
        collage=Collage(learnt, options.seed),
        teacher=teacher,
        labels=labels,
        system_texts=system_texts,
        course=Course(looking=options.looking, talking=options.talking, scenes=options.scenes),
        seed=options.seed,
        say=lambda line: print(f"{time.monotonic() - began:6.1f} s  {line}", flush=True),
    )
    marks = examine(model, tokenizer, reader=reader, photographs=kept, cast=cast, system=system_texts[0])
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    report = {
        "seconds": round(time.monotonic() - began, 1),
        "seed": options.seed,
        **marks.as_dict(),
        "held_out": [photograph.file for photograph in kept],
    }
    (folder / "marks.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({name: value for name, value in report.items() if name != "held_out"}))
    if not marks.passed and not options.untaught:
        raise SystemExit("the model has not learnt the puppets: see marks.json")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the checkpoint is written")
    parser.add_argument("--show", type=Path, required=True, help="a show folder with a dataset")
    parser.add_argument(
        "--system-texts", type=Path, default=SYSTEM_TEXTS, help="JSON list of the prompt's first parts"
    )
    parser.add_argument(
        "--hold-out", type=int, default=HELD_OUT, help="one photograph in so many is kept for the exam"
    )
    parser.add_argument("--looking", type=int, default=450, help="steps that teach the vision tower")
    parser.add_argument("--talking", type=int, default=350, help="steps that teach to answer")
    parser.add_argument("--scenes", type=int, default=16, help="in one step")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--untaught", action="store_true", help="do not fail where nothing was learnt")
    return parser.parse_args()


if __name__ == "__main__":
    main()
