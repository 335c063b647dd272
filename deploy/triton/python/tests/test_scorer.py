"""One pass says what as many separate calls of the plain model say."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import LABELS, loud, photograph
from followspot_scores.adapters import Adapters
from followspot_scores.box_writer import MOST_TOKENS
from followspot_scores.families import FAMILIES
from followspot_scores.pictures import Picture, PictureReader
from followspot_scores.refusal import Refusal
from followspot_scores.resize import PixelLimits
from followspot_scores.scorer import Asked, Bounds, Scorer
from followspot_scores.vocabulary import Vocabulary
from followspot_tiny.network import Size, small_network
from peft import LoraConfig, get_peft_model
from transformers import (
    PreTrainedModel,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
)

TOLERANCE = 1e-4
SYSTEMS = ("You are a helpful assistant.", "Characters:\n- red: a girl\n- wolf: grey, with pointed ears")


def plain_log_odds(
    model: PreTrainedModel, vocabulary: Vocabulary, picture: Picture, before: str, asked: Sequence[int]
) -> float:
    """One whole conversation through the model as transformers' documentation calls it."""
    ids = [*vocabulary.prefix(before), *([model.config.image_token_id] * picture.tokens), *asked]
    tokens = torch.tensor([ids])
    with torch.no_grad():
        logits = model(
            input_ids=tokens,
            mm_token_type_ids=(tokens == model.config.image_token_id).int(),
            pixel_values=torch.from_numpy(picture.patches),
            image_grid_thw=torch.tensor([[1, *picture.grid]]),
        ).logits[0, -1]
    return (logits[list(vocabulary.yes)].logsumexp(0) - logits[list(vocabulary.no)].logsumexp(0)).item()


def plain(model: PreTrainedModel, vocabulary: Vocabulary, asked: Asked) -> tuple[list[float], float]:
    each = [
        plain_log_odds(model, vocabulary, asked.picture, asked.system, vocabulary.about("score", label))
        for label in asked.labels
    ]
    return each, plain_log_odds(model, vocabulary, asked.picture, asked.system, vocabulary.about("unknown"))


def some_requests(reader: PictureReader, random: np.random.Generator, count: int) -> list[Asked]:
    sizes = [(160, 112), (112, 160), (140, 140), (640, 480)]
    return [
        Asked(
            reader.prepare(photograph(int(random.integers(99)), *sizes[random.integers(len(sizes))])),
            tuple(str(label) for label in random.permutation(LABELS)[: random.integers(1, len(LABELS))]),
            SYSTEMS[random.integers(len(SYSTEMS))],
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_one_pass_equals_separate_calls_whatever_the_labels_their_order_and_the_batch(
    network: PreTrainedModel, vocabulary: Vocabulary, scorer: Scorer, reader: PictureReader, seed: int
) -> None:
    random = np.random.default_rng(seed)
    asked = some_requests(reader, random, int(random.integers(1, 6)))
    # The second time everything before the pictures is known already.
    for _ in range(2):
        for one, told in zip(asked, scorer.score(asked), strict=True):
            each, unknown = plain(network, vocabulary, one)
            np.testing.assert_allclose(told.raw, each, atol=TOLERANCE)
            assert told.unknown == pytest.approx(unknown, abs=TOLERANCE)
    assert scorer.prefixes.hits > 0


def test_the_scores_tell_labels_and_pictures_apart(scorer: Scorer, reader: PictureReader) -> None:
    """Otherwise the equality above would hold for a pass that mixes them up."""
    one, other = (
        scorer.score([Asked(reader.prepare(photograph(seed)), LABELS, SYSTEMS[0])])[0].raw for seed in (1, 2)
    )
    assert np.ptp(one) > 100 * TOLERANCE
    assert np.abs(one - other).max() > 100 * TOLERANCE


@pytest.mark.parametrize("batch_tokens", [1, 200, 400])
def test_a_batch_that_is_split_says_the_same(
    network: PreTrainedModel, vocabulary: Vocabulary, scorer: Scorer, reader: PictureReader, batch_tokens: int
) -> None:
    asked = some_requests(reader, np.random.default_rng(8), 5)
    narrow = Scorer(
        network, vocabulary, FAMILIES["qwen2_vl"], Adapters(network, {}), Bounds(batch_tokens=batch_tokens)
    )
    for whole, split in zip(scorer.score(asked), narrow.score(asked), strict=True):
        np.testing.assert_allclose(split.raw, whole.raw, atol=TOLERANCE)
        assert split.unknown == pytest.approx(whole.unknown, abs=TOLERANCE)


def test_no_further_pass_is_begun_once_nobody_waits(
    network: PreTrainedModel, vocabulary: Vocabulary, reader: PictureReader
) -> None:
    narrow = Scorer(
        network, vocabulary, FAMILIES["qwen2_vl"], Adapters(network, {}), Bounds(batch_tokens=200)
    )
    asked = some_requests(reader, np.random.default_rng(1), 4)
    raw = np.concatenate([one.raw for one in narrow.score(asked, stopped=lambda: True)])
    assert np.isfinite(raw).any()
    assert np.isnan(raw).any()


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_the_later_families_are_hosted_by_the_same_pass(vocabulary: Vocabulary, family: str) -> None:
    model = successor(family, vocabulary)
    patch = 16 if family == "qwen3_vl" else 14
    reader = PictureReader(PixelLimits(9 * 784, 30 * 784, patch, 2), (0.5,) * 3, (0.5,) * 3, 2)
    scorer = Scorer(model, vocabulary, FAMILIES[family], Adapters(model, {}), Bounds())
    asked = some_requests(reader, np.random.default_rng(2), 3)
    for one, told in zip(asked, scorer.score(asked), strict=True):
        np.testing.assert_allclose(told.raw, plain(model, vocabulary, one)[0], atol=TOLERANCE)


def successor(family: str, vocabulary: Vocabulary) -> PreTrainedModel:
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


def test_adapters_are_chosen_by_name_and_mixed_in_one_batch(
    vocabulary: Vocabulary, reader: PictureReader, tmp_path: Path
) -> None:
    folders = {
        name: random_adapter(vocabulary, tmp_path / name, seed)
        for seed, name in enumerate(("first", "second"))
    }
    model = loud(small_network(vocabulary._tokenizer, Size(), seed=3))
    adapters = Adapters(model, folders)
    scorer = Scorer(model, vocabulary, FAMILIES["qwen2_vl"], adapters, Bounds())
    picture = reader.prepare(photograph(1))
    asked = [Asked(picture, LABELS[:4], SYSTEMS[0], name) for name in ("", "first", "second", "first", "")]
    alone = [scorer.score([one])[0].raw for one in asked]
    together = [told.raw for told in scorer.score(asked)]
    np.testing.assert_allclose(together, alone, atol=TOLERANCE)
    assert np.abs(alone[0] - alone[1]).max() > 100 * TOLERANCE
    assert np.abs(alone[1] - alone[2]).max() > 100 * TOLERANCE
    bare = Scorer(
        loud(small_network(vocabulary._tokenizer, Size(), seed=3)),
        vocabulary,
        FAMILIES["qwen2_vl"],
        Adapters(model, {}),
        Bounds(),
    )
    np.testing.assert_allclose(bare.score([asked[0]])[0].raw, alone[0], atol=TOLERANCE)
    with pytest.raises(Refusal, match='no adapter "third"; known are: first, second'):
        adapters.check("third")


def random_adapter(vocabulary: Vocabulary, folder: Path, seed: int) -> Path:
    model = loud(small_network(vocabulary._tokenizer, Size(), seed=3))
    torch.manual_seed(seed)
    config = LoraConfig(r=4, lora_alpha=32, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    get_peft_model(model, config).save_pretrained(str(folder))
    return folder


def test_a_box_is_written_as_the_plain_model_writes_it(
    network: PreTrainedModel, vocabulary: Vocabulary, scorer: Scorer, reader: PictureReader
) -> None:
    asked = [
        Asked(reader.prepare(photograph(seed, 640, 480)), LABELS, SYSTEMS[0], boxes=True) for seed in (1, 2)
    ]
    said = Recording(vocabulary, "(100,200),(300,400)")
    writer = Scorer(
        network, said, FAMILIES["qwen2_vl"], Adapters(network, {}), Bounds(box_above=-99, boxes=3)
    )
    told = writer.score(asked)
    expected = []
    for one, seen in zip(asked, told, strict=True):
        kept = np.argsort(-seen.raw)[:3]
        np.testing.assert_allclose(seen.boxes[kept], [[64, 96, 192, 192]] * len(kept), atol=1e-3)
        assert np.isnan(np.delete(seen.boxes, kept, axis=0)).all()
        for label in (LABELS[at] for at in kept):
            begins = vocabulary.tokens(f"<|object_ref_start|>{label}<|object_ref_end|><|box_start|>")
            expected.append(
                plain_greedy(network, vocabulary, one, (*vocabulary.about("box", label), *begins))
            )
    for ours, theirs in zip(said.texts, expected, strict=True):
        assert ours == theirs[: len(ours)]
        assert len(ours) == MOST_TOKENS or ours[-1] in writer._box_ends


def test_a_label_that_is_rather_not_there_has_no_box(
    network: PreTrainedModel, vocabulary: Vocabulary, reader: PictureReader
) -> None:
    said = Recording(vocabulary, "(100,200),(300,400)")
    strict = Scorer(network, said, FAMILIES["qwen2_vl"], Adapters(network, {}), Bounds(box_above=99))
    told = strict.score([Asked(reader.prepare(photograph(1)), LABELS, SYSTEMS[0], boxes=True)])
    assert np.isnan(told[0].boxes).all()
    assert said.texts == []


class Recording(Vocabulary):
    """Remembers what the model wrote, and reads the same box in all of it."""

    def __init__(self, vocabulary: Vocabulary, box: str) -> None:
        super().__init__(vocabulary._tokenizer, vocabulary.questions)
        self.texts: list[list[int]] = []
        self._box = box

    def text(self, tokens: list[int]) -> str:
        self.texts.append(tokens)
        return self._box


def plain_greedy(
    model: PreTrainedModel, vocabulary: Vocabulary, asked: Asked, tokens: Sequence[int]
) -> list[int]:
    ids = [*vocabulary.prefix(asked.system), *([model.config.image_token_id] * asked.picture.tokens), *tokens]
    said: list[int] = []
    for _ in range(MOST_TOKENS):
        row = torch.tensor([[*ids, *said]])
        with torch.no_grad():
            logits = model(
                input_ids=row,
                mm_token_type_ids=(row == model.config.image_token_id).int(),
                pixel_values=torch.from_numpy(asked.picture.patches),
                image_grid_thw=torch.tensor([[1, *asked.picture.grid]]),
            ).logits[0, -1]
        said.append(int(logits.argmax()))
    return said
