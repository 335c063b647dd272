"""One pass says what as many separate calls of the plain model say."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import LABELS, loud, photograph, successor, successor_reader
from followspot_scores.adapters import Adapters
from followspot_scores.box_writer import MOST_TOKENS
from followspot_scores.families import FAMILIES
from followspot_scores.lighter import lighten
from followspot_scores.pictures import Picture, PictureReader
from followspot_scores.refusal import Refusal
from followspot_scores.scorer import Asked, Bounds, Scorer
from followspot_scores.vocabulary import Vocabulary
from followspot_tiny.network import Size, small_network
from peft import LoraConfig, get_peft_model
from transformers import PreTrainedModel

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
    told = narrow.score(asked, stopped=lambda: True)
    raw = np.concatenate([[*one.raw, one.unknown] for one in told])
    assert np.isfinite(raw).any()
    assert np.isnan(raw).any()


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_the_later_families_are_hosted_by_the_same_pass(vocabulary: Vocabulary, family: str) -> None:
    model = lighten(successor(family, vocabulary))
    scorer = Scorer(model, vocabulary, FAMILIES[family], Adapters(model, {}), Bounds())
    asked = some_requests(successor_reader(family), np.random.default_rng(2), 3)
    for one, told in zip(asked, scorer.score(asked), strict=True):
        each, unknown = plain(model, vocabulary, one)
        np.testing.assert_allclose(told.raw, each, atol=TOLERANCE)
        assert told.unknown == pytest.approx(unknown, abs=TOLERANCE)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_a_later_family_writes_its_boxes_as_the_plain_model_does(vocabulary: Vocabulary, family: str) -> None:
    model = lighten(successor(family, vocabulary))
    said = Recording(vocabulary, "1, 2, 3, 4]")
    writer = Scorer(
        model, said, FAMILIES[family], Adapters(model, {}), Bounds(box_above=-99, boxes=2, box_tokens=6)
    )
    reader = successor_reader(family)
    asked = [Asked(reader.prepare(photograph(seed)), LABELS[:3], SYSTEMS[0], boxes=True) for seed in (1, 2)]
    expected = []
    for one, told in zip(asked, writer.score(asked), strict=True):
        for label in (LABELS[at] for at in np.argsort(-told.raw)[:2]):
            begins = vocabulary.tokens(FAMILIES[family].box_begins.replace("{label}", label))
            tokens = (*vocabulary.about("box", label), *begins)
            expected.append(plain_greedy(model, vocabulary, one, tokens, 6))
    assert said.texts == [theirs[: len(ours)] for ours, theirs in zip(said.texts, expected, strict=True)]


def test_an_answer_is_the_same_alone_and_in_company(scorer: Scorer, reader: PictureReader) -> None:
    asked = some_requests(reader, np.random.default_rng(12), 7)
    for one, told in zip(asked, scorer.score(asked), strict=True):
        alone = scorer.score([one])[0]
        np.testing.assert_allclose(probability(told.raw), probability(alone.raw), atol=1e-5)
        assert probability(told.unknown) == pytest.approx(probability(alone.unknown), abs=1e-5)


def probability(log_odds: np.ndarray | float) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(log_odds, dtype=np.float64)))


def test_what_all_questions_begin_with_is_read_once(scorer: Scorer, reader: PictureReader) -> None:
    one = Asked(reader.prepare(photograph(1)), LABELS, SYSTEMS[0])
    (piece,) = scorer._pieces(0, one)
    assert len(piece.tree.stem) >= 2
    whole = [piece.tree.stem + branch for branch in piece.tree.branches]
    assert whole == scorer._questions(one.labels)
    assert all(piece.tree.branches)


@pytest.mark.parametrize(
    ("bounds", "system", "sentence"),
    [
        (Bounds(), "wolf " * 5_000, "this model's context is 4096"),
        (Bounds(batch_tokens=60), "wolf " * 30, "more than the 60 of one pass"),
    ],
)
def test_a_prompt_that_no_pass_can_hold_is_refused(
    network: PreTrainedModel,
    vocabulary: Vocabulary,
    reader: PictureReader,
    bounds: Bounds,
    system: str,
    sentence: str,
) -> None:
    scorer = Scorer(network, vocabulary, FAMILIES["qwen2_vl"], Adapters(network, {}), bounds)
    scorer_of_usual_size = Scorer(network, vocabulary, FAMILIES["qwen2_vl"], Adapters(network, {}))
    picture = reader.prepare(photograph(1))
    scorer_of_usual_size.check(Asked(picture, LABELS, "Who is here?"))
    with pytest.raises(Refusal, match=sentence):
        scorer.check(Asked(picture, LABELS, system))


def test_long_prompts_do_not_pile_up(vocabulary: Vocabulary) -> None:
    before = vocabulary.tokens.cache_info().currsize
    for scene in range(100):
        vocabulary.prefix(f"scene {scene}")
    assert vocabulary.tokens.cache_info().currsize == before
    assert vocabulary._prefixes.cache_info().currsize <= 32


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


def test_an_adapter_that_changes_the_vocabulary_s_rows_is_refused(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    model = loud(small_network(vocabulary._tokenizer, Size(), seed=3))
    get_peft_model(model, LoraConfig(r=4, target_modules=["q_proj", "lm_head"])).save_pretrained(
        str(tmp_path)
    )
    with pytest.raises(ValueError, match='adapter "odd" changes lm_head'):
        Adapters(loud(small_network(vocabulary._tokenizer, Size(), seed=3)), {"odd": tmp_path})


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


def test_boxes_are_written_no_more_at_once_than_a_pass_may_hold(
    network: PreTrainedModel, vocabulary: Vocabulary, reader: PictureReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def spy(*given: object, **named: object) -> list[list[int]]:
        written.append(len(given[3]))
        return [[] for _ in given[3]]

    monkeypatch.setattr("followspot_scores.scorer.write_boxes", spy)
    asked = [Asked(reader.prepare(photograph(1)), LABELS, SYSTEMS[0], boxes=True)]
    for batch_tokens, expected in [(16_384, [10]), (900, [3, 3, 3, 1])]:
        written.clear()
        bounds = Bounds(batch_tokens=batch_tokens, box_above=-99)
        Scorer(network, vocabulary, FAMILIES["qwen2_vl"], Adapters(network, {}), bounds).score(asked)
        assert written == expected


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
    model: PreTrainedModel,
    vocabulary: Vocabulary,
    asked: Asked,
    tokens: Sequence[int],
    most: int = MOST_TOKENS,
) -> list[int]:
    ids = [*vocabulary.prefix(asked.system), *([model.config.image_token_id] * asked.picture.tokens), *tokens]
    said: list[int] = []
    for _ in range(most):
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
