"""The whole program: it goes on where it was interrupted, ends in time, sees a collapse. That it learns, the
end-to-end test in packages/finetune shows.
"""

import json
from collections.abc import Callable
from pathlib import Path

import followspot_finetune.__main__ as program
import pytest
import torch
from followspot_finetune.interruption import Interruption
from followspot_finetune.train import step_size
from safetensors.torch import load_file


@pytest.fixture
def finetune(base: Path, training_set: Path, tmp_path: Path) -> Callable[..., int]:
    """Runs it as from the command line; adapters are written to the test's own folder."""

    def finetune(*arguments: str, name: str = "puppets") -> int:
        out = tmp_path / "adapters" / name
        places = ["--training-set", str(training_set), "--base", str(base), "--out", str(out)]
        settings = ["--learning-rate", "3e-3", "--accumulate", "4", "--dropout", "0.1"]
        return program.main([*places, *settings, *arguments])

    return finetune


def report_in(folder: Path) -> dict:
    return json.loads((folder / "training-report.json").read_text())


def test_a_training_with_nothing_but_yes_is_refused_and_kept_aside(
    finetune: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finetune("--epochs", "3", "--negatives", "0", "--patience", "9") == 1
    assert "the training has collapsed: the model answers yes" in capsys.readouterr().err
    assert not (tmp_path / "adapters/puppets").exists()
    report = report_in(tmp_path / "adapters-refused/puppets")
    assert report["verdict"]["reason"] == "always-yes"
    assert report["lossCurve"][-1] < report["lossCurve"][0]
    assert report["versions"]["peft"]
    assert report["settings"]["seed"] == 1
    assert report["dataset"] == "0" * 64
    config = json.loads((tmp_path / "adapters-refused/puppets/adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == report["base"]["name"]
    assert all(label["yesRate"] == 1 for label in report["after"]["labels"].values())


def test_what_was_interrupted_ends_as_if_it_had_not_been(
    finetune: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Early rounds may be refused: here it matters that both are the same.
    whole = finetune("--epochs", "2", name="whole")
    looks = iter(range(1_000))
    # Asked before each of the five steps of a round: the third and then the seventh are not taken.
    monkeypatch.setattr(Interruption, "wanted", property(lambda self: next(looks) in (2, 7)))
    assert finetune("--epochs", "2", name="parts") == program.INTERRUPTED
    assert finetune("--epochs", "2", name="parts") == program.INTERRUPTED
    assert finetune("--epochs", "2", name="parts") == whole
    folders = [next(tmp_path.glob(f"adapters*/{name}")) for name in ("whole", "parts")]
    one, other = (load_file(folder / "adapter_model.safetensors") for folder in folders)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    curves = [report_in(folder)["lossCurve"] for folder in folders]
    assert curves[0] == curves[1]
    assert len(curves[0]) == 10


def test_a_checkpoint_of_other_settings_is_not_gone_on_with(
    finetune: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Interruption, "wanted", property(lambda self: True))
    assert finetune("--seed", "1") == program.INTERRUPTED
    assert finetune("--seed", "2") == program.INTERRUPTED
    assert "going on" not in capsys.readouterr().err
    assert finetune("--seed", "2") == program.INTERRUPTED
    assert "going on in round 1, after 0 steps" in capsys.readouterr().err


def test_it_ends_by_itself_when_nothing_is_gained(finetune: Callable[..., int], tmp_path: Path) -> None:
    # Steps that are far too large: the first round is the best.
    finetune("--epochs", "9", "--learning-rate", "3", "--patience", "2")
    report = report_in(next(tmp_path.glob("adapters*/puppets")))
    assert report["epochs"]["stoppedEarly"]
    assert report["epochs"]["done"] == report["epochs"]["best"] + 2


def test_an_adapter_is_never_written_over(
    finetune: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "adapters/puppets").mkdir(parents=True)
    assert finetune() == program.BAD_INPUT
    assert "is there already" in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")
def test_four_bits_without_a_card_are_refused_in_one_sentence(
    finetune: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert finetune("--method", "qlora") == program.BAD_INPUT
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last == "--method qlora needs an NVIDIA card with CUDA, and there is none: take --method lora"


def test_steps_grow_then_shrink() -> None:
    sizes = [step_size(done / 100) for done in range(101)]
    assert max(sizes) == pytest.approx(1)
    assert sizes.index(max(sizes)) == 5
    assert sizes[-1] == pytest.approx(0.05)
    assert sizes[5:] == sorted(sizes[5:], reverse=True)
