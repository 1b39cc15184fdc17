"""What the records say of each question: all its cases, compared together, seed by seed.

A question has a case for each arm that it asks about, and each case is a pair of arms that differ
in one thing. All intervals of one question hold together, 95 times of 100. Seeds count that all
arms have: while the networks are trained, they become more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np

from explainers.checks import Floats, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, checked
from explainers.trained import dropping, experiment, statistics
from explainers.trained.arms import Arm, NetworkName
from explainers.trained.digits import MOVES
from explainers.trained.measured import NOISES, Row
from explainers.trained.statistics import LEVEL, Measure

POOLED = ("mean", "max", "overlap", "blurred", "dense")
"""Poolings that look at each place; a subsampling alone is compared with them as a stride."""
EQUAL_MACS = {"flatten": "slim", "mean": "narrow", "max": "narrow"}
"""The network without pooling that multiplies about as much as the one with max pooling."""
STRIDED = ("stride", "wide", "broad", "learned", "thrifty")
"""Strided convolutions in place of poolings: in the same convolutions, in wider ones, in others."""

Case: TypeAlias = tuple[str | int, ...]


class Pair(NamedTuple):
    """Two arms and what both are asked; or one arm, whose number is compared with none.

    Attributes
    ----------
    first, second
        The difference is the first's number less the second's.
    measure
        Of `explainers.trained.statistics.MEASURES`.
    dropped
        Whether the second is trained with dropout.
    """

    first: Arm
    second: Arm | None
    measure: str
    dropped: bool = False


class Found(NamedTuple):
    """What a case comes to.

    Attributes
    ----------
    first, second
        Means over seeds.
    difference
        Its mean over seeds, with an interval that is corrected for all cases of the question.
    seeds, cases
        Whose differences these are; and those that the interval is corrected for.
    """

    first: float
    second: float
    difference: Interval[float]
    seeds: int
    cases: int

    @property
    def sign(self) -> int:
        """1 or −1 if the interval is on one side of 0, else 0."""
        return int(self.difference.low > 0) - int(self.difference.high < 0)


# ---- The questions ----


def _accuracy() -> dict[Case, Pair]:
    return {_settings(arm): Pair(arm, without(arm), "accuracy, as trained") for arm in _pooled()}


def _gap() -> dict[Case, Pair]:
    return {_settings(arm): Pair(arm, without(arm), "gap") for arm in _pooled()}


def _moves() -> dict[Case, Pair]:
    return {
        (arm.network, arm.readout, arm.border, arm.size, move): Pair(
            arm, without(arm), f"lost, moved by {move}"
        )
        for arm in _pooled()
        if not arm.moved
        for move in range(1, MOVES)
    }


def _changed() -> dict[Case, Pair]:
    return {
        _settings(arm): Pair(arm, without(arm), "changed by the first pixel") for arm in _pooled()
    }


def _noise() -> dict[Case, Pair]:
    return {
        (*_settings(arm), round(100 * noise)): Pair(arm, without(arm), f"lost, noise {noise}")
        for arm in _pooled()
        for noise in NOISES
    }


def _canvas() -> dict[Case, Pair]:
    return {
        _settings(arm): Pair(arm, None, "lost, larger canvas")
        for arm in experiment.arms()
        if arm.readout != "flatten" and arm.network in (*POOLED, "stride", "none")
    }


def _strided() -> dict[Case, Pair]:
    return {
        _settings(arm): Pair(arm, instead(arm, "max"), "accuracy, as trained")
        for arm in experiment.arms()
        if arm.network in STRIDED
    }


def _equal_macs() -> dict[Case, Pair]:
    return {
        (readout,): Pair(Arm("max", readout), Arm(rival, readout), "accuracy")
        for readout, rival in EQUAL_MACS.items()
    }


def _moved_training() -> dict[Case, Pair]:
    """Trained on moved pictures without pooling, and at one place with it; behind a flattening."""
    return {
        (arm.network, arm.size): Pair(
            Arm("none", moved=True, size=arm.size), arm, "accuracy, mean over moves"
        )
        for arm in _pooled()
        if (arm.readout, arm.border, arm.moved) == ("flatten", "circular", False)
        and Arm("none", moved=True, size=arm.size) in experiment.arms()
    }


def _dropout() -> dict[Case, Pair]:
    """With a pooling, and with dropout in its place."""
    return {
        (arm.network, arm.size): Pair(arm, without(arm), "gap", dropped=True)
        for arm in _pooled()
        if arm == Arm(arm.network, size=arm.size)
    }


def _apart() -> dict[Case, Pair]:
    """Answers that stay when the picture is taken apart, behind a global pooling."""
    return {case: Pair(pair.first, None, "kept, taken apart") for case, pair in _canvas().items()}


def _reached() -> dict[Case, Pair]:
    return {
        (*_settings(arm), layer): Pair(arm, without(arm), f"{layer} weights reached")
        for arm in _pooled()
        for layer in ("first", "last")
    }


QUESTIONS: Mapping[str, Callable[[], dict[Case, Pair]]] = {
    "accuracy": _accuracy,
    "gap": _gap,
    "moves": _moves,
    "changed": _changed,
    "noise": _noise,
    "canvas": _canvas,
    "strided": _strided,
    "equal macs": _equal_macs,
    "moved training": _moved_training,
    "dropout": _dropout,
    "apart": _apart,
    "reached": _reached,
}
"""Its cases, by the question's name."""

Question = Annotated[str, Choice(tuple(QUESTIONS), "what the records are asked")]


def _pooled() -> Iterator[Arm]:
    """Recorded arms with a pooling, of which the one without is recorded, too."""
    return (arm for arm in experiment.arms() if arm.network in POOLED)


def _settings(arm: Arm) -> Case:
    return arm.network, arm.readout, arm.border, "moved" if arm.moved else "still", arm.size


def without(arm: Arm) -> Arm:
    """The arm that differs from this one in that it has no pooling.

    Where moved pictures are nothing new to it, it is trained at one place: all that changes is
    rounding.

    >>> without(Arm("max", "mean", moved=True)).id
    'none-mean-circular-still-1297'
    """
    return instead(arm, "none")


@checked
def instead(arm: Arm, network: NetworkName) -> Arm:
    """The recorded arm that differs from this one in its network."""
    other = Arm(network, arm.readout, arm.border, arm.moved, arm.size)
    if other in experiment.arms():
        return other
    return Arm(network, arm.readout, arm.border, False, arm.size)


# ---- What is found ----


@checked
def found(question: Question) -> Mapping[Case, Found]:
    """All cases of a question.

    >>> len(found("equal macs"))
    3
    """
    return _found(question)


@checked
def case(question: Question, settings: Case) -> Found:
    """One case of a question, by its settings in the order of `QUESTIONS`.

    Raises
    ------
    ValueError
        If no network was trained for it.
    """
    cases = found(question)
    if settings not in cases:
        refuse("settings", settings, "those of networks that were trained")
    return cases[settings]


@cache
def _found(question: str) -> Mapping[Case, Found]:
    pairs = QUESTIONS[question]()
    level = 1 - (1 - LEVEL) / len(pairs)
    return {case: _compared(pair, level, len(pairs)) for case, pair in pairs.items()}


def _compared(pair: Pair, level: float, cases: int) -> Found:
    first = numbers(pair.first, pair.measure)
    second = (
        np.zeros_like(first)
        if pair.second is None
        else numbers(pair.second, pair.measure, pair.dropped)
    )
    difference = statistics.mean(first - second, level)
    return Found(float(first.mean()), float(second.mean()), difference, len(first), cases)


@checked
def numbers(arm: Arm, measure: Measure, dropped: bool = False) -> Floats:
    """One number of each of an arm's networks, by seed; or of those trained with dropout."""
    rows = _dropped() if dropped else _rows()
    by_seed = statistics.by_seed(rows[arm.id], arm.id, measure)
    return np.array(list(by_seed.values()))


def seeds() -> int:
    """How many seeds all arms have."""
    return len(next(iter(_rows().values())))


@cache
def _rows() -> Mapping[str, list[Row]]:
    """The rows of each arm, of those seeds that all arms have."""
    rows, arms = experiment.recorded(), {arm.id for arm in experiment.arms()}
    known = {(row.arm, row.seed) for row in rows}
    whole = {seed for seed in experiment.SEEDS if all((arm, seed) in known for arm in arms)}
    kept = [row for row in rows if row.seed in whole and row.arm in arms]
    return {arm: list(group) for arm, group in groupby(kept, key=lambda row: row.arm)}


@cache
def _dropped() -> Mapping[str, list[Row]]:
    """The same of those trained with dropout."""
    rows = experiment.recorded(experiment.DROPPED, dropping.measure)
    kept = [row for row in rows if row.seed < seeds()]
    return {arm: list(group) for arm, group in groupby(kept, key=lambda row: row.arm)}
