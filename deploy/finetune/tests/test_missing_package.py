"""On a borrowed machine the packages may not be there yet."""

import sys
from pathlib import Path

import pytest
from followspot_finetune.__main__ import BAD_INPUT, main


def test_a_missing_package_is_named_in_one_sentence(
    training_set: Path,
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "accelerate.utils", None)
    words = ["--training-set", str(training_set), "--base", str(base), "--out", str(tmp_path / "out")]
    assert main(words) == BAD_INPUT
    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith("Python lacks accelerate")
