"""What is asked of a network, asked again one picture at a time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from explainers.checks import Ints
from explainers.trained import measured
from explainers.trained.arms import Arm
from explainers.trained.digits import noisy, placed, split, taken_apart
from explainers.trained.layers import BORDERS, cross_entropy
from explainers.trained.model import forward


@pytest.mark.parametrize("readout", ["flatten", "mean"])
def test_asked(readout: str) -> None:
    arm, seed = Arm("max", readout, "zeros", size=100), 7
    network = measured.trained(arm, seed, steps=40)
    row = measured.asked(arm, network, seed)
    train, test = split(100, seed)
    moved = [network.answers(placed(test.pictures, move)) for move in range(9)]
    assert (row.arm, row.seed) == (f"max-{readout}-zeros-still-100", 7)
    assert row.trained == count(network.answers(placed(train.pictures)), train.labels)
    assert row.moves == [count(answers, test.labels) for answers in moved]
    assert row.changed == [500 - count(moved[d], moved[d + 1]) for d in range(8)]
    canvases = placed(test.pictures)
    assert row.noise == [
        count(network.answers(noisy(canvases, sd, seed)), test.labels) for sd in (0.1, 0.2, 0.4)
    ]
    apart = network.answers(placed(taken_apart(test.pictures, seed)))
    assert (row.apart, row.kept) == (count(apart, test.labels), count(apart, moved[0]))
    if readout == "flatten":
        assert row.larger is None
    else:
        larger = network.answers(placed(test.pictures, canvas=24))
        assert row.larger == count(larger, test.labels)
    for part, loss in zip((train, test), row.losses, strict=True):
        logits = network.logits(placed(part.pictures))
        assert_allclose(loss, cross_entropy(logits, part.labels)[0], atol=1e-6)
    assert row.reached == [round(share, 6) for share in network.reached]


def count(answers: Ints, right: Ints) -> int:
    return sum(int(a == b) for a, b in zip(answers.tolist(), right.tolist(), strict=True))


def test_positions_are_those_that_one_picture_s_loss_hangs_on() -> None:
    """One picture at a time: none's loss hangs on another's values."""
    arm, seed = Arm("max", "max", size=100), 3
    network = measured.trained(arm, seed, steps=40)
    train = split(100, seed).train
    shares = []
    for picture, label in zip(placed(train.pictures), train.labels, strict=True):
        passed = forward(network.architecture, network.parameters, picture[None])
        passed.back(cross_entropy(passed.logits, np.array([label]))[1])
        shares.append([(slope != 0).mean() for slope in passed.slopes])
    row = measured.asked(arm, network, seed)
    assert_allclose(row.positions, np.mean(shares, axis=0), atol=1e-6)
    assert row.positions[1] <= 1 / 64  # of each channel's 8 × 8 values, the largest


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("network", ["none", "dense"])
def test_a_circular_map_without_strides_cannot_tell_moves(network: str, border: str) -> None:
    arm = Arm(network, "max", border, size=100)
    row = measured.asked(arm, measured.trained(arm, 0, steps=30), 0)
    same = len(set(row.moves)) == 1 and not any(row.changed)
    assert same or border == "zeros"


def test_moved_pictures_are_nothing_new_to_such_a_network() -> None:
    """Which is why these arms are left out: the weights are the same, but for rounding."""
    still, moved = (
        measured.trained(Arm("none", "max", moved=moved, size=100), 0, steps=20)
        for moved in (False, True)
    )
    for ours, theirs in zip(still.parameters, moved.parameters, strict=True):
        assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)
