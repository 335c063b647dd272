"""The version of a model, printed for its config.pbtxt."""

import subprocess
import sys
from pathlib import Path


def test_a_folder_that_is_no_model_is_said_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "followspot_scores.identity"]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == f"{tmp_path}/config.pbtxt: No such file or directory\n"
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
