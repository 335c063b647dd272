"""The network in fewer steps says what the library's own says."""

import copy

import numpy as np
import pytest
import torch
from conftest import loud, photograph, successor, successor_reader
from followspot_scores.lighter import lighten
from followspot_scores.pictures import Picture
from followspot_scores.tree_pass import read_prefix, see
from followspot_scores.vocabulary import Vocabulary
from followspot_tiny.network import Size, small_network
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import PreTrainedModel

FAMILIES = ["qwen2_vl", "qwen2_5_vl", "qwen3_vl"]


def both(family: str, vocabulary: Vocabulary) -> tuple[PreTrainedModel, PreTrainedModel]:
    """The library's own, and the lighter one of the same weights."""
    plain = (
        loud(small_network(vocabulary._tokenizer, Size(), seed=3))
        if family == "qwen2_vl"
        else successor(family, vocabulary)
    )
    return plain, lighten(copy.deepcopy(plain))


def pictures(family: str) -> list[Picture]:
    """Two of one size, one of another, and one more of the first."""
    reader = successor_reader(family)
    sizes = [(160, 112), (160, 112), (112, 200), (160, 112)]
    return [reader.prepare(photograph(seed, *size)) for seed, size in enumerate(sizes)]


@pytest.mark.parametrize("family", FAMILIES)
@torch.inference_mode()
def test_pictures_are_seen_and_texts_read_as_before(vocabulary: Vocabulary, family: str) -> None:
    plain, lighter = both(family, vocabulary)
    seen = [torch.cat(see(model, pictures(family)).pooler_output) for model in (plain, lighter)]
    torch.testing.assert_close(seen[1], seen[0], atol=1e-4, rtol=1e-4)
    tokens = torch.tensor([vocabulary.prefix("a wolf and a bed")])
    said = [model(input_ids=tokens).logits for model in (plain, lighter)]
    torch.testing.assert_close(said[1], said[0], atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_each_layer_takes_fewer_steps(vocabulary: Vocabulary) -> None:
    seen, read = ([], []), ([], [])
    for depth in (2, 4):
        plain = small_network(vocabulary._tokenizer, Size(layers=depth, vision_depth=depth), seed=3)
        for which, model in enumerate((plain, lighten(copy.deepcopy(plain)))):
            with Steps() as counted:
                see(model, pictures("qwen2_vl"))
            seen[which].append(counted.count)
            with Steps() as counted:
                read_prefix(model, vocabulary.prefix("a wolf"))
            read[which].append(counted.count)
    for plain_steps, lighter_steps in (seen, read):
        assert np.diff(lighter_steps) <= 0.8 * np.diff(plain_steps), (plain_steps, lighter_steps)


@torch.inference_mode()
def test_the_card_is_not_asked_again_in_each_layer(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each `tolist` waits for all that the card was given to do."""
    asked = []
    usual = torch.Tensor.tolist
    monkeypatch.setattr(torch.Tensor, "tolist", lambda tensor: (asked.append(1), usual(tensor))[1])
    counts = []
    for depth in (2, 6):
        model = lighten(small_network(vocabulary._tokenizer, Size(vision_depth=depth), seed=3))
        asked.clear()
        see(model, pictures("qwen2_vl"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


class Steps(TorchDispatchMode):
    """Counts what the library starts; views cost nothing."""

    count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # noqa: ANN001, ANN204
        del types
        if not func.is_view:
            self.count += 1
        return func(*args, **(kwargs or {}))
