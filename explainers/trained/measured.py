"""What is asked of a trained network: how often it is right, where, and under what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from explainers.checks import Floats, Ints
from explainers.kinds import Seed, checked
from explainers.trained.arms import Arm
from explainers.trained.digits import (
    everywhere,
    noisy,
    placed,
    split,
    taken_apart,
)
from explainers.trained.layers import cross_entropy
from explainers.trained.model import Steps, Trained, forward, train

NOISES = (0.1, 0.2, 0.4)
"""Standard deviations of the noise, in parts of black: no network was trained on any."""
LARGER = 24
"""Height and width of a canvas that no network was trained on."""
PROBED = 100
"""Training pictures whose loss is followed back to the maps."""

_DIGITS = 6  # that are kept of a share or a loss


class Row(NamedTuple):
    """One network's answers. Counts are out of 500 test pictures, unless they say otherwise.

    Attributes
    ----------
    arm, seed
        Which network it is.
    trained
        Right answers among its training pictures, where they lie at first; out of the arm's size.
    losses
        Mean loss there of training and test pictures, in nats.
    moves
        Right answers after moves to the right by 0 to 8 pixels, shape (9,).
    changed
        Answers that change with each of the eight moves by one more pixel, shape (8,).
    noise
        Right answers under each of `NOISES`, shape (3,).
    larger
        Right answers on a canvas of 24 × 24; None if the readout flattens: there is no answer.
    apart, kept
        With the digits' quarters exchanged: right answers, and those that are as before.
    reached
        Layer by layer, the share of weights to which some gradient came in training.
    positions
        Stage by stage, the share of the convolution's values to which the gradient comes back, for
        the loss of each of 100 training pictures, after training.
    """

    arm: str
    seed: int
    trained: int
    losses: Sequence[float]
    moves: Sequence[int]
    changed: Sequence[int]
    noise: Sequence[int]
    larger: int | None
    apart: int
    kept: int
    reached: Sequence[float]
    positions: Sequence[float]


@checked
def measure(arm: Arm, seed: Seed) -> Row:
    """Train one network, and ask it everything.

    Examples
    --------
    >>> row = measure(Arm("stride", "max", size=100), seed=0)
    >>> row.trained, row.moves[0] == row.moves[4] > 2 * row.moves[2]
    (100, True)
    """
    return asked(arm, trained(arm, seed), seed)


@checked
def trained(arm: Arm, seed: Seed, steps: Steps | None = None) -> Trained:
    """Train the network of an arm with a seed: so many steps, or the arm's own."""
    pictures, labels = split(arm.size, seed).train
    places = everywhere(pictures) if arm.moved else placed(pictures)[None]
    return train(arm.architecture, places, labels, steps=steps or arm.steps, seed=seed)


@checked
def asked(arm: Arm, network: Trained, seed: Seed) -> Row:
    """Ask a network everything, about the pictures that its seed leaves to test."""
    known, test = split(arm.size, seed)
    seen, there = placed(known.pictures), everywhere(test.pictures)
    learned, logits = network.logits(seen), [network.logits(canvases) for canvases in there]
    answers = np.argmax(logits, axis=2)
    apart = network.answers(placed(taken_apart(test.pictures, seed)))

    def right(canvases: Floats) -> int:
        return int((network.answers(canvases) == test.labels).sum())

    return Row(
        arm=arm.id,
        seed=seed,
        trained=int((learned.argmax(axis=1) == known.labels).sum()),
        losses=_rounded(
            cross_entropy(learned, known.labels)[0], cross_entropy(logits[0], test.labels)[0]
        ),
        moves=(answers == test.labels).sum(axis=1).tolist(),
        changed=(answers[1:] != answers[:-1]).sum(axis=1).tolist(),
        noise=[right(noisy(there[0], noise, seed)) for noise in NOISES],
        larger=None if arm.readout == "flatten" else right(placed(test.pictures, canvas=LARGER)),
        apart=int((apart == test.labels).sum()),
        kept=int((apart == answers[0]).sum()),
        reached=_rounded(*network.reached),
        positions=_rounded(*_positions(network, seen[:PROBED], known.labels[:PROBED])),
    )


def _positions(network: Trained, canvases: Floats, labels: Ints) -> list[float]:
    """Of each stage's values, before the rectifier, the share with a slope of the loss."""
    passed = forward(network.architecture, network.parameters, canvases)
    passed.back(cross_entropy(passed.logits, labels)[1])
    return [float((slope != 0).mean()) for slope in passed.slopes]


def _rounded(*numbers: float) -> list[float]:
    return [round(number, _DIGITS) for number in numbers]
