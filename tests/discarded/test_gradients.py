"""Who receives gradient: by simulation, by enumeration, by PyTorch's recorded gradients."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainers.discarded.gradients import gradient_share, winners
from tests.discarded.reference import simulated_share

RECORDED = json.loads(Path(__file__).with_name("torch_gradients.json").read_text("utf-8"))


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: f"{case['name']} {case['arguments']}")
def test_winners_are_those_of_pytorch(case: dict[str, Any]) -> None:
    ours = winners(case["input"], *case["arguments"])
    np.testing.assert_array_equal(ours, case["gradient"])


def test_winners_of_several_planes_are_those_of_each() -> None:
    planes = np.random.default_rng(0).random((2, 3, 6, 4))
    won = winners(planes, 3, 1)
    for at in np.ndindex(2, 3):
        np.testing.assert_array_equal(won[at], winners(planes[at], 3, 1))
    assert winners(planes, 2).sum() == 2 * 3 * 3 * 2


@pytest.mark.parametrize("zeros", [0, 0.5])
@pytest.mark.parametrize(
    ("kernel", "stride"),
    [(1, 1), (2, 2), (3, 3), (2, 1), (3, 1), (4, 1), (3, 2), (4, 2), (5, 2), (5, 3), (2, 3)],
)
def test_gradient_share_by_simulation(kernel: int, stride: int, zeros: float) -> None:
    share, error = simulated_share(kernel, stride, zeros)
    assert float(gradient_share(kernel, stride, zeros)) == pytest.approx(share, abs=5 * error)


def test_gradient_share_side_by_side_is_one_a_window() -> None:
    for k in range(1, 9):
        assert gradient_share(k) == Fraction(1, k * k)
        assert gradient_share(k, 2 * k) == Fraction(1, 4 * k * k)


def test_gradient_share_with_overlap_by_enumeration() -> None:
    """In all orders of a 3 × 3 patch, whose centre is in four windows."""
    won = 0
    for order in itertools.permutations(range(9)):
        centre = order[4]
        won += any(
            centre == max(order[r + c], order[r + c + 1], order[r + c + 3], order[r + c + 4])
            for r in (0, 3)
            for c in (0, 1)
        )
    assert gradient_share(2, 1) == Fraction(won, math.factorial(9))


def test_gradient_share_stays_exact() -> None:
    assert isinstance(gradient_share(3, 2), Fraction)
    assert isinstance(gradient_share(3, 2, 0.5), float)
    clipped = gradient_share(2, zeros=Fraction(1, 2))
    assert clipped == Fraction(1, 4) * (1 - Fraction(1, 2) ** 4)
    assert gradient_share(3, 2, zeros=1) == 0


def test_the_widest_windows() -> None:
    assert 0 < gradient_share(12, 3) < Fraction(1, 9)
    assert 0 < float(gradient_share(4, 1)) < 1
    for kernel, stride in ((9, 2), (13, 3)):
        with pytest.raises(ValueError, match=f"at most four times the stride, here {stride}; got"):
            gradient_share(kernel, stride)
