"""The bench in real shapes runs, and counts the multiplications that there are."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import HERE
from followspot_scores.pictures import Picture

BENCH = HERE.parents[1] / "bench"
sys.path.append(str(BENCH))

from arithmetic import Limit, products  # noqa: E402
from real_shapes import SHAPES  # noqa: E402


def test_the_bench_of_a_small_shape_prints_what_its_goals_are_about(tmp_path: Path) -> None:
    command = [sys.executable, str(BENCH / "shapes.py"), "--size=tiny", "--batches", "1", "2", "--rounds=1"]
    options = ["--warm-up=0", "--list-tokens=2", "--labels=4", "--image-tokens=64", "--threads=1"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True, cwd=tmp_path)
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["goals"] == {"list_by_scores": 8, "scores_by_arithmetic": 1.5}
    assert [row["batch"] for row in report["rows"]] == [1, 2]
    for row in report["rows"]:
        assert row["scores_ms_a_frame"] > 0
        assert row["scores_by_arithmetic"] == pytest.approx(
            row["scores_ms_a_frame"] / row["arithmetic_ms_a_frame"], abs=0.01
        )


def test_a_pass_of_two_frames_is_twice_the_arithmetic_of_one() -> None:
    picture = Picture(np.zeros((64, 1176), np.float32), (8, 8), 2, (112, 112), (112, 112))
    one, two = (
        sum(product.flops for product in products(SHAPES["2b"], picture, batch, 100, 2, [20] * 5))
        for batch in (1, 2)
    )
    assert two == pytest.approx(2 * one, rel=1e-3)
    tokens, linear = 16 + 2 + 100, 1536 * (2 * 1536 + 2 * 256) + 3 * 1536 * 8960
    vision = 32 * 2 * 64 * 1280 * 1280 * 12
    assert one == pytest.approx(28 * 2 * tokens * linear + vision, rel=0.05)


def test_the_limit_is_the_time_of_each_product_as_often_as_it_comes() -> None:
    picture = Picture(np.zeros((64, 1176), np.float32), (8, 8), 2, (112, 112), (112, 112))
    wanted = products(SHAPES["tiny"], picture, 1, 10, 2, [5])
    limit = Limit(wanted, torch.device("cpu"), torch.float32)
    assert limit.ms(lambda once: (once(), 1.0)[1]) == sum(product.times for product in wanted)
