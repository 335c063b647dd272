"""A random network of each family, small enough to be made for each run."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import PreTrainedModel

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "tiny")]

from followspot_scores.adapters import Adapters  # noqa: E402
from followspot_scores.families import FAMILIES  # noqa: E402
from followspot_scores.pictures import PictureReader  # noqa: E402
from followspot_scores.questions import questions  # noqa: E402
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
    return loud(small_network(vocabulary._tokenizer, Size(), seed=3))


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
