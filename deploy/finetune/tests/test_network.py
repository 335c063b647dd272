"""The model in packs, against the model one question at a time, and against serving."""

from pathlib import Path
from typing import Any

import pytest
import torch
from followspot_finetune.base_model import find_base_model
from followspot_finetune.conversation import Conversation
from followspot_finetune.eye import Eye
from followspot_finetune.load import LoraShape, load_model, trained_weights
from followspot_finetune.network import Network
from followspot_finetune.sampler import Ask, Lesson, questions_for
from followspot_finetune.training_set import TrainingSet, read_training_set
from transformers import AutoTokenizer

CPU = torch.device("cpu")


@pytest.fixture
def tokenizer(base: Path) -> Any:
    return AutoTokenizer.from_pretrained(base)


@pytest.fixture
def network(base: Path, training: TrainingSet, tokenizer: Any) -> Network:
    model = load_model(find_base_model(base), method="lora", shape=LoraShape(4, 8, 0.0), device=CPU)
    model.eval()
    return Network(
        model, Eye(model.get_base_model(), base, max_pixels=0), Conversation(tokenizer, training.words)
    )


@pytest.fixture
def training(training_set: Path) -> TrainingSet:
    return read_training_set(training_set)


def disturb(network: Network) -> None:
    """An adapter that changes something, as after a training."""
    torch.manual_seed(5)
    with torch.no_grad():
        for weight in trained_weights(network.model).values():
            weight.add_(torch.randn_like(weight) * 0.1)


def test_questions_in_one_pack_are_answered_as_each_alone(network: Network, training: TrainingSet) -> None:
    disturb(network)
    picture, system = training.train[0], training.words.systems[0]
    asks = questions_for(training)
    together = network.first_words(picture, system, asks)
    alone = torch.cat([network.first_words(picture, system, [ask]) for ask in asks])
    assert torch.allclose(together, alone, atol=1e-4)
    assert together.std(dim=0).max() > 0.01


def test_what_is_trained_is_what_serving_computes(
    network: Network, training: TrainingSet, tokenizer: Any
) -> None:
    from followspot_scores.forest import Forest, Tree
    from followspot_scores.pictures import PictureReader
    from followspot_scores.questions import questions
    from followspot_scores.tree_pass import read_prefix, see, walk

    disturb(network)
    picture, system = training.train[0], training.words.systems[0]
    ours = network.first_words(picture, system, questions_for(training))

    model = network.model.get_base_model()
    prefix = tokenizer(questions().prefix(system))["input_ids"]
    asked = [questions().suffix(training.words.ask_for(label)) for label in training.labels]
    branches = tuple(tuple(tokenizer(text)["input_ids"]) for text in asked)
    seen = PictureReader.of_checkpoint(Path(model.config._name_or_path)).read(picture.file.read_bytes())
    tree = Tree(len(prefix), seen.token_grid, model.config.image_token_id, (), branches)
    forest = Forest.plant([tree], tokenizer.pad_token_id)
    with torch.no_grad():
        hidden, _ = walk(model, forest, [read_prefix(model, prefix)], see(model, [seen]))
        theirs = model.lm_head(hidden[0, list(forest.ends[0])]).log_softmax(-1)
    assert torch.allclose(ours, theirs, atol=1e-4)


def test_the_loss_is_that_of_the_model_class_on_the_answer_alone(
    network: Network, training: TrainingSet, tokenizer: Any
) -> None:
    picture, system = training.train[0], training.words.systems[0]
    ask = Ask("describe", "", training.words.describe, "A fox in the hall.")
    ours = network.loss(Lesson(picture, system, (ask,)))

    sight = network._eye.look_at(picture.file)
    text = training.words.chat.replace("{system}", system).replace("{question}", ask.question)
    text = text.replace("<|image_pad|>", "<|image_pad|>" * len(sight.features))
    question = tokenizer(text)["input_ids"]
    whole = torch.tensor([tokenizer(f"{text}{ask.answer}<|im_end|>")["input_ids"]])
    assert whole[0, : len(question)].tolist() == question
    labels = whole.clone()
    labels[0, : len(question)] = -100
    model = network.model.get_base_model()
    pixels = network._eye._reader.read(picture.file.read_bytes())
    theirs = model(
        input_ids=whole,
        labels=labels,
        pixel_values=torch.from_numpy(pixels.patches),
        image_grid_thw=sight.grid,
        mm_token_type_ids=(whole == model.config.image_token_id).int(),
    ).loss
    assert torch.isclose(ours, theirs, atol=1e-4)


def test_only_the_language_model_is_trained(network: Network, training: TrainingSet, tmp_path: Path) -> None:
    from safetensors import safe_open

    names = trained_weights(network.model)
    assert len(names) == 2 * 7 * 2
    assert all("language_model" in name and "lora_" in name for name in names)
    network.model.save_pretrained(tmp_path)
    with safe_open(tmp_path / "adapter_model.safetensors", "pt") as file:
        keys = list(file.keys())
    # The names under which vLLM looks for them: base_model.model. and the name in the checkpoint.
    assert len(keys) == len(names)
    assert all(key.startswith("base_model.model.model.language_model.layers.") for key in keys)

    network.loss(
        Lesson(training.train[0], training.words.systems[0], tuple(questions_for(training)))
    ).backward()
    model = network.model.get_base_model()
    assert all(weight.grad is None for weight in model.model.visual.parameters())
    assert any(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in names.values())


def test_an_adapter_changes_nothing_before_it_is_trained(network: Network, training: TrainingSet) -> None:
    asks = questions_for(training)
    with_it = network.first_words(training.train[0], training.words.systems[0], asks)
    with network.model.disable_adapter():
        without = network.first_words(training.train[0], training.words.systems[0], asks)
    assert torch.equal(with_it, without)


def test_gradient_checkpoints_change_memory_not_gradients(network: Network, training: TrainingSet) -> None:
    disturb(network)
    lesson = Lesson(training.train[0], training.words.systems[0], tuple(questions_for(training)))
    network.model.train()
    network.loss(lesson).backward()
    plain = {name: weight.grad.clone() for name, weight in trained_weights(network.model).items()}
    network.model.zero_grad()
    network.model.get_base_model().model.language_model.gradient_checkpointing_enable(
        {"use_reentrant": False}
    )
    network.loss(lesson).backward()
    for name, weight in trained_weights(network.model).items():
        assert torch.allclose(weight.grad, plain[name], atol=1e-6)


def test_a_picture_is_looked_at_once(network: Network, training: TrainingSet) -> None:
    first = network._eye.look_at(training.train[0].file)
    assert network._eye.look_at(training.train[0].file) is first
