"""A small network for pictures, and its training: forward, loss, backward, one step down.

Each stage is a convolution of 3 × 3, a rectifier and a pooling. A readout makes one row of numbers
of the last maps, and a linear layer ten scores of these. All numbers are float64: machines round
sums differently, and in float32 that would grow, through training, into other answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np

from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Choice, Number, Seed, Whole, check_fields, checked
from explainers.trained.layers import (
    POOLINGS,
    Border,
    Layer,
    Operator,
    Readout,
    convolution,
    cross_entropy,
    in_turn,
    linear,
    pooled,
    read_out,
    rectifier,
)

CLASSES = 10
"""The digits."""
BATCH = 32
"""Pictures of a training's step."""

Weights: TypeAlias = tuple[Floats, ...]
"""Weights and biases of each layer, in turn, from the first layer on."""
Side = Annotated[int, Whole(4, 64, "height and width of the canvas")]
Steps = Annotated[int, Whole(1, 100_000, "steps of the training")]
Batch = Annotated[int, Whole(1, 10_000, "pictures of a step")]
Rate = Annotated[float, Number(0, 1, "length of the first step, in Adam's units")]


class Schedule(NamedTuple):
    """How long a network is trained.

    Attributes
    ----------
    steps
        Of the training.
    rate
        Length of the first step, in Adam's units.
    """

    steps: Steps
    rate: Rate


SCHEDULES = {
    "flatten": Schedule(400, 0.02),
    "mean": Schedule(1200, 0.04),
    "max": Schedule(800, 0.02),
}
"""By the readout: one that keeps less of the maps learns more slowly.

With 400 steps for all, many networks had not learned their pictures, and behind a global mean none
had. With half of these rates some with mean pooling had not, and without the rise at first a few
never began to. Networks of one readout are trained alike, and two readouts are not: what differs
between these is also the training.
"""
RISE = 0.1
"""The share of the steps that get longer: first weights are no place for long steps."""

_DECAY = (0.9, 0.999)  # of Adam's two running means
_TINY = 1e-8
_PART = 256  # pictures that go through a network at once, after training
_WEIGHTS, _BATCHES, _PLACES = 1, 2, 3  # streams of random numbers, each with the seed's


class Stage(NamedTuple):
    """A convolution, a rectifier and a pooling.

    Attributes
    ----------
    channels
        Maps that the convolution hands on.
    operator
        Of `explainers.trained.layers.POOLINGS`.
    """

    channels: int
    operator: Operator


@dataclass(frozen=True)
class Architecture:
    """What a network is before it has weights.

    Attributes
    ----------
    stages
        From the picture on.
    readout
        How the last maps become one row of numbers.
    border
        How the picture and each map continue beyond their borders.
    """

    stages: tuple[Stage, ...]
    readout: Readout = "flatten"
    border: Border = "circular"

    def __post_init__(self) -> None:
        check_fields(self)
        for stage in self.stages:
            Whole(1, 1000).check("channels", stage.channels)
            Choice(tuple(POOLINGS)).check("operator", stage.operator)


# ---- Forward and back ----


@checked
def initial(architecture: Architecture, size: Side = 16, seed: Seed = 0) -> Weights:
    """Draw the weights that training starts from.

    Parameters
    ----------
    architecture
        What the network is.
    size
        Height and width of its pictures; it matters only if the readout flattens.
    seed
        Of the random numbers: each layer has its own, so that two networks start from the same
        weights where these have the same shape.

    Returns
    -------
    Weights
        Normal weights of variance 2 / n behind n inputs (1 / n in the last layer), and biases of 0.

    Examples
    --------
    >>> [p.shape for p in initial(Architecture((Stage(8, "max"),)))]
    [(8, 1, 3, 3), (8,), (10, 512), (10,)]
    """
    shapes = list(_shapes(architecture, size))
    drawn: list[Floats] = []
    for layer, shape in enumerate(shapes):
        rng = np.random.default_rng([seed, _WEIGHTS, layer])
        gain = 1 if shape is shapes[-1] else 2
        spread = np.sqrt(gain / np.prod(shape[1:]))
        drawn += [spread * rng.standard_normal(shape), np.zeros(shape[0])]
    return tuple(drawn)


def _shapes(architecture: Architecture, size: int) -> Iterator[tuple[int, ...]]:
    """The shapes of the weights, layer by layer."""
    channels = 1
    for stage in architecture.stages:
        yield stage.channels, channels, 3, 3
        channels, size = stage.channels, -(-size // POOLINGS[stage.operator].stride)
    yield CLASSES, channels * (size**2 if architecture.readout == "flatten" else 1)


class Passed(NamedTuple):
    """What a network makes of pictures.

    Attributes
    ----------
    logits
        Ten scores of each picture, shape (N, 10).
    back
        Takes the slope of the loss along the logits to those along all parameters.
    slopes
        What `back` has found along the maps before each rectifier, stage by stage.
    """

    logits: Floats
    back: Callable[[Floats], Weights]
    slopes: list[Floats]


def forward(architecture: Architecture, parameters: Weights, pictures: Floats) -> Passed:
    """Let pictures go through a network.

    Parameters
    ----------
    architecture
        What the network is.
    parameters
        Its weights and biases, of the shapes that `initial` gives.
    pictures
        Shape (N, H, W).

    Raises
    ------
    ValueError
        If the readout flattens, and the pictures are of another size than its weights are for.

    Examples
    --------
    >>> net = Architecture((Stage(4, "max"), Stage(8, "max")), "max")
    >>> forward(net, initial(net), np.ones((2, 16, 16))).logits.shape
    (2, 10)
    """
    maps, backs, slopes = pictures[:, None], [], list[Floats]()
    weights = list(zip(parameters[::2], parameters[1::2], strict=True))
    for stage, (weight, bias) in zip(architecture.stages, weights, strict=False):
        maps, along_kernels = convolution(maps, weight, bias, architecture.border)
        maps, through = in_turn([rectifier, _pooling(architecture, stage)], maps)
        backs += [(along_kernels, through)]
    rows, unread = read_out(maps, architecture.readout)
    weight, bias = weights[-1]
    if rows.shape[1] != weight.shape[1]:
        refuse("pictures", pictures.shape, "of the size that the flattened maps have weights for")
    logits, along_scores = linear(rows, weight, bias)

    def back(slope: Floats) -> Weights:
        slope, *last = along_scores(slope)
        slope, found = unread(slope), [last]
        for along_kernels, through in reversed(backs):
            slopes.insert(0, through(slope))
            slope, *own = along_kernels(slopes[0])
            found.insert(0, own)
        return tuple(each for layer in found for each in layer)

    return Passed(logits, back, slopes)


def _pooling(architecture: Architecture, stage: Stage) -> Layer:
    return lambda maps: pooled(maps, stage.operator, architecture.border)


# ---- Training ----


class Trained(NamedTuple):
    """A network that was trained.

    Attributes
    ----------
    architecture
        What it is.
    parameters
        Its weights and biases.
    reached
        Of each layer's weights, the share to which some step's gradient was not 0.
    """

    architecture: Architecture
    parameters: Weights
    reached: tuple[float, ...]

    def logits(self, pictures: Floats) -> Floats:
        """Ten scores of each picture, shape (N, 10); taken in parts, to hold few maps at a time."""
        parts = (pictures[i : i + _PART] for i in range(0, len(pictures), _PART))
        return np.concatenate(
            [forward(self.architecture, self.parameters, part).logits for part in parts]
        )

    def answers(self, pictures: Floats) -> Ints:
        """The digit with the highest score, the lowest digit of equal ones; shape (N,)."""
        answers: Ints = self.logits(pictures).argmax(axis=1)
        return answers


@checked
def train(
    architecture: Architecture,
    places: Floats,
    labels: Ints,
    *,
    steps: Steps | None = None,
    batch: Batch = BATCH,
    rate: Rate | None = None,
    seed: Seed = 0,
) -> Trained:
    """Train a network from random weights, with Adam.

    Parameters
    ----------
    architecture
        What the network is.
    places
        The pictures at one place or at several, shape (places, N, H, W): each time that a picture
        is shown, one of its places is drawn.
    labels
        The digit of each picture, shape (N,).
    steps, batch, rate
        So many steps, each for as many pictures; all pictures are shown before one is shown again.
        The steps get longer for the first tenth of them, and all the while shorter in a straight
        line, from `rate` to 0. Steps and rate are those of the readout's schedule, if none are
        given.
    seed
        Of the weights, the order of the pictures, and the places: each has numbers of its own, so
        that networks of one seed see the same pictures in the same order, whatever they are.

    Examples
    --------
    >>> from explainers.trained.digits import placed, split
    >>> pictures, labels = split(100).train
    >>> net = train(Architecture((Stage(8, "max"),)), placed(pictures)[None], labels, steps=50)
    >>> bool((net.answers(placed(pictures)) == labels).mean() > 0.9)
    True
    """
    schedule = SCHEDULES[architecture.readout]
    steps, rate = steps or schedule.steps, schedule.rate if rate is None else rate
    parameters = initial(architecture, places.shape[-1], seed)
    adam = _Adam(parameters)
    for step, (place, shown) in enumerate(_batches(places.shape, steps, batch, seed)):
        passed = forward(architecture, parameters, places[place, shown])
        _, slope = cross_entropy(passed.logits, labels[shown])
        parameters = adam.step(parameters, passed.back(slope), rate * _length(step, steps))
    return Trained(architecture, parameters, adam.reached())


def _length(step: int, steps: int) -> float:
    """Of a step, in parts of the longest: rising for a tenth of the steps, and falling to 0."""
    return min(1, (step + 1) / (RISE * steps)) * (1 - step / steps)


def _batches(
    shape: tuple[int, ...], steps: int, batch: int, seed: int
) -> Iterator[tuple[Ints, Ints]]:
    """For each step, which pictures are shown, and at which of their places."""
    places, pictures, *_ = shape
    order, at = (np.random.default_rng([seed, stream]) for stream in (_BATCHES, _PLACES))
    rounds = -(-steps * batch // pictures)
    shown = np.concatenate([order.permutation(pictures) for _ in range(rounds)])
    for step in range(steps):
        yield at.integers(places, size=batch), shown[step * batch : (step + 1) * batch]


class _Adam:
    """Steps along the running mean of the slope, over the root of that of its square.

    Both means begin at 0, and are divided by the weight that they have by then (Kingma and Ba,
    arXiv:1412.6980).
    """

    def __init__(self, parameters: Weights) -> None:
        self.steps = 0
        self.means = [np.zeros_like(p) for p in parameters]
        self.squares = [np.zeros_like(p) for p in parameters]

    def step(self, parameters: Weights, slopes: Weights, rate: float) -> Weights:
        """The parameters one step further down."""
        self.steps += 1
        first, second = _DECAY
        self.means = [first * m + (1 - first) * s for m, s in zip(self.means, slopes, strict=True)]
        self.squares = [
            second * q + (1 - second) * s**2 for q, s in zip(self.squares, slopes, strict=True)
        ]
        weight, weight_of_squares = (1 - decay**self.steps for decay in _DECAY)
        return tuple(
            p - rate * (m / weight) / (np.sqrt(q / weight_of_squares) + _TINY)
            for p, m, q in zip(parameters, self.means, self.squares, strict=True)
        )

    def reached(self) -> tuple[float, ...]:
        """Of each layer's weights, biases apart, the share with a slope that was once not 0."""
        return tuple(float((squares > 0).mean()) for squares in self.squares[::2])
