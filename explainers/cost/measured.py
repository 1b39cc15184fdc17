"""Does the count mean something? Times of the forward pass in PyTorch, recorded on one machine.

`tests/benchmarks/bench_forward.py` recorded them in `measured.json`: of each network the part
before its dense layers, one picture at a time, on one core. A benchmark, not a law: other machines
differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

import numpy as np

from explainers.kinds import Choice, checked


class Timed(NamedTuple):
    """One forward pass.

    Attributes
    ----------
    network, pooling
        What ran, up to its dense layers; poolings as in `explainers.networks.poolings`.
    size
        Height and width of the picture in pixels.
    macs
        Multiply–accumulates of that part.
    milliseconds
        Processor's time of one core: the median of a few rounds.
    """

    network: str
    pooling: str
    size: int
    macs: int
    milliseconds: float


@cache
def recorded() -> Mapping[str, Any]:
    """Return the whole record: date, machine, versions, dtype, rounds, and the rows.

    Examples
    --------
    >>> recorded()["machine"]["cores_used"]
    1
    """
    text = files("explainers.cost").joinpath("measured.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def runs() -> list[Timed]:
    """Return all recorded passes.

    Examples
    --------
    >>> runs()[0][:4]
    ('alexnet', 'as designed', 64, 39523008)
    """
    return [
        Timed(row["network"], row["pooling"], row["size"], row["macs"], row["ms"])
        for row in recorded()["rows"]
    ]


def log_correlation(passes: Sequence[Timed]) -> float:
    """Return the correlation of log time with log count.

    Parameters
    ----------
    passes
        Two or more, not all of the same count or time.

    Examples
    --------
    >>> passes = [Timed("a", "mean", 64, macs, macs**0.5) for macs in (10, 100, 500)]
    >>> round(log_correlation(passes), 12)
    1.0
    """
    macs = np.log([run.macs for run in passes])
    times = np.log([run.milliseconds for run in passes])
    return float(np.corrcoef(macs, times)[0, 1])


class Saved(NamedTuple):
    """How many times as much it takes without poolings: multiply–accumulates, and time."""

    macs: float
    time: float


def _timed(field: str) -> tuple[Any, ...]:
    """What was measured: all values of a field."""
    return tuple(sorted({getattr(run, field) for run in runs()}))


@checked
def saved(
    network: Annotated[str, Choice(_timed("network"))],
    size: Annotated[int, Choice(_timed("size"))] = 224,
) -> Saved:
    """Return what poolings save in a network: by the count, and by the clock.

    Parameters
    ----------
    network, size
        One of those in `runs`.

    Examples
    --------
    >>> round(saved("vgg16").macs, 1)
    48.1
    """
    passes = {(run.network, run.pooling, run.size): run for run in runs()}
    designed, removed = (passes[network, pooling, size] for pooling in ("as designed", "removed"))
    return Saved(removed.macs / designed.macs, removed.milliseconds / designed.milliseconds)
