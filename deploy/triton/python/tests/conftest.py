"""A random network of each family, small enough to be made for each run."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import (
    PreTrainedModel,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
)

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "tiny")]

from followspot_scores.adapters import Adapters  # noqa: E402
from followspot_scores.families import FAMILIES  # noqa: E402
from followspot_scores.lighter import lighten  # noqa: E402
from followspot_scores.pictures import PictureReader  # noqa: E402
from followspot_scores.questions import questions  # noqa: E402
from followspot_scores.resize import PixelLimits  # noqa: E402
from followspot_scores.scorer import Bounds, Scorer  # noqa: E402
from followspot_scores.vocabulary import Vocabulary  # noqa: E402
from followspot_tiny.network import Size, save_processor, small_network  # noqa: E402
from followspot_tiny.tokenizer import train_tokenizer  # noqa: E402

LABELS = ("red", "wolf", "grandmother", "mother", "woodcutter", "bird", "basket", "axe", "lantern", "bed")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    book = questions()
    texts = [book.suffix(text) for text in book.ask.values()]
    return Vocabulary(train_tokenizer(texts, [*LABELS, "yes", "no", "Yes"]), book)


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PictureReader:
    return save_processor(Size(), tmp_path_factory.mktemp("processor"))


@pytest.fixture(scope="session")
def network(vocabulary: Vocabulary) -> PreTrainedModel:
    return lighten(loud(small_network(vocabulary._tokenizer, Size(), seed=3)))


@pytest.fixture
def scorer(network: PreTrainedModel, vocabulary: Vocabulary) -> Scorer:
    return Scorer(network, vocabulary, FAMILIES["qwen2_vl"], Adapters(network, {}), Bounds())


def loud(model: PreTrainedModel) -> PreTrainedModel:
    """
    Random weights of the usual size say the same about everything; larger ones tell pictures and labels
    apart.
    """
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.06)
    return model.eval()


def photograph(seed: int, width: int = 160, height: int = 112) -> Image.Image:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (4, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def successor_reader(family: str) -> PictureReader:
    patch = 16 if family == "qwen3_vl" else 14
    return PictureReader(PixelLimits(9 * 784, 30 * 784, patch, 2), (0.5,) * 3, (0.5,) * 3, 2)


def successor(family: str, vocabulary: Vocabulary) -> PreTrainedModel:
    """A small random network of a later generation."""
    tokenizer = vocabulary._tokenizer
    token = tokenizer.convert_tokens_to_ids
    marks = {
        "image_token_id": token("<|image_pad|>"),
        "video_token_id": token("<|video_pad|>"),
        "vision_start_token_id": token("<|vision_start|>"),
        "vision_end_token_id": token("<|vision_end|>"),
    }
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 10_000.0},
    }
    torch.manual_seed(4)
    if family == "qwen2_5_vl":
        vision = {
            "depth": 2,
            "hidden_size": 64,
            "out_hidden_size": 64,
            "intermediate_size": 128,
            "num_heads": 4,
            "window_size": 56,
            "fullatt_block_indexes": [1],
        }
        return loud(
            Qwen2_5_VLForConditionalGeneration(
                Qwen2_5_VLConfig(text_config=text, vision_config=vision, **marks)
            )
        )
    vision = {
        "depth": 3,
        "hidden_size": 64,
        "out_hidden_size": 64,
        "intermediate_size": 128,
        "num_heads": 4,
        "num_position_embeddings": 64,
        "deepstack_visual_indexes": [0, 1],
    }
    text["head_dim"] = 16
    return loud(
        Qwen3VLForConditionalGeneration(Qwen3VLConfig(text_config=text, vision_config=vision, **marks))
    )
