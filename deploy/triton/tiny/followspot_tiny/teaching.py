"""The whole course of the small model: first it looks, then it talks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from followspot_scores.pictures import PictureReader
from followspot_scores.questions import questions
from transformers import PreTrainedTokenizerFast, Qwen2VLForConditionalGeneration

from .album import Collage
from .descent import Pace
from .lesson import Teacher
from .looking import Easel, look_at, still_pictures, teach_to_look
from .talking import teach_to_talk


@dataclass(frozen=True)
class Course:
    """How long is taught, and how fast."""

    looking: int
    """Steps that teach the vision tower."""
    talking: int
    """Steps that teach the language model to answer about what the tower sees."""
    scenes: int
    """In one step."""
    sights: int = 1280
    """Scenes that are talked about; the tower looks at each once."""
    pace: Pace = field(default_factory=Pace)


def teach(
    model: Qwen2VLForConditionalGeneration,
    tokenizer: PreTrainedTokenizerFast,
    *,
    reader: PictureReader,
    collage: Collage,
    teacher: Teacher,
    labels: Sequence[str],
    system_texts: Sequence[str],
    course: Course,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """The same seed teaches the same, on one machine with as many threads."""

    def tokens(text: str) -> tuple[int, ...]:
        return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])

    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    easel = Easel(collage, reader, random)
    model.train()
    with still_pictures(model):
        teach_to_look(
            model,
            easel,
            labels,
            [tokens(label) for label in labels],
            steps=course.looking,
            scenes=course.scenes,
            pace=course.pace,
            say=lambda line: say(f"looking, {line}"),
        )
        count = course.sights if course.talking else 0
        sights = look_at(model, easel, count=count, at_once=course.scenes)
    teach_to_talk(
        model,
        sights,
        teacher,
        [tokens(questions().prefix(text)) for text in system_texts],
        random,
        pad_token=tokenizer.pad_token_id,
        steps=course.talking,
        scenes=course.scenes,
        pace=course.pace,
        say=lambda line: say(f"talking, {line}"),
    )
    model.eval()
