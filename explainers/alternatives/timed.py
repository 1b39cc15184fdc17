"""Time, not operations: what pools take of a forward pass in PyTorch, as recorded on one machine.

`tests/benchmarks/bench_pools.py` recorded it in `timed.json`: of five networks the part before the
dense layers, one picture at a time, on one core. A benchmark, not a law: other machines differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

from explainers.intervals import Interval
from explainers.kinds import Choice, checked

LAYOUTS = ("channels first", "channels last")
"""How the values of a map lie in memory: map by map, or all channels of a pixel side by side."""
POOLINGS = ("as designed", "mean")
"""The pooling that a network has, a max; and a mean in its place."""
TIMED = ("alexnet", "vgg11", "vgg16", "resnet18", "resnet50")
"""Networks that were timed."""
SIZES = (64, 96, 224)
"""Height and width of the pictures."""
ALIKE = {
    "attention, query known": "attention",
    "attention, query unknown": "attention",
    "attention, query wrong": "attention",
}
"""Rows of the table that differ by what they are asked, and not by what they do."""

Layout = Annotated[str, Choice(LAYOUTS)]
Timed = Annotated[str, Choice(TIMED)]
Size = Annotated[int, Choice(SIZES)]
How = Annotated[str, Choice(POOLINGS)]


@cache
def recorded() -> Mapping[str, Any]:
    """Return the whole record: date, machine, versions, rounds, and two lists of rows.

    Examples
    --------
    >>> recorded()["machine"]["cores_used"]
    1
    """
    text = files("explainers.alternatives").joinpath("timed.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


class Inside(NamedTuple):
    """A forward pass, and the poolings within it: medians of the rounds.

    Attributes
    ----------
    pools, all
        Milliseconds of the processor.
    share
        The poolings' share of the pass. Its ends are the quartiles of the shares round by round,
        so that half of the rounds are within; or the share itself, where it is beyond them.
    """

    pools: float
    all: float
    share: Interval[float]


@checked
def inside(
    network: Timed = "vgg16",
    layout: Layout = "channels first",
    size: Size = 224,
    pooling: How = "as designed",
) -> Inside:
    """Return what the poolings of a network took of its forward pass.

    Parameters
    ----------
    network
        One of those that were timed.
    layout
        How its maps lie in memory.
    size
        Height and width of the picture.
    pooling
        As designed, all of them a max; or a mean in their place.

    Examples
    --------
    >>> inside("vgg16").share.value > inside("vgg16", "channels last").share.value
    True
    """
    wanted = {"network": network, "layout": layout, "size": size, "pooling": pooling}
    row = next(row for row in recorded()["inside"] if wanted.items() <= row.items())
    share = row["pools_ms"] / row["ms"]
    ends = min(share, row["low"]), max(share, row["high"])
    return Inside(row["pools_ms"], row["ms"], Interval(share, *ends))


def rows() -> tuple[str, ...]:
    """Return the names of the pools that were timed in the place of VGG-16's poolings.

    Examples
    --------
    >>> rows()[:3]
    ('every second value', 'mean', 'max')
    """
    return tuple(dict.fromkeys(row["row"] for row in recorded()["instead"]))


@checked
def milliseconds(row: Annotated[str, Choice(rows())], layout: Layout = "channels first") -> float:
    """Return what a pool takes on the five maps that VGG-16 pools, together, at 224 × 224.

    Parameters
    ----------
    row
        Of `rows`; those that are global are timed on the map that the last pooling hands on.
    layout
        How the maps lie in memory.

    Examples
    --------
    >>> milliseconds("every second value") < milliseconds("median")
    True
    """
    wanted = {"row": row, "layout": layout}
    found = next(each for each in recorded()["instead"] if wanted.items() <= each.items())
    return float(found["ms"])


@checked
def share_of_forward(
    row: Annotated[str, Choice(("none", *rows(), *ALIKE))], layout: Layout = "channels first"
) -> float:
    """Return a pool's share of the forward pass of VGG-16, if it stood for all its poolings.

    Parameters
    ----------
    row
        Of the table.
    layout
        How the maps lie in memory.

    Returns
    -------
    float
        Its time over that time and the time of all that is no pooling. What is global stands
        behind the poolings that there are. ``"none"`` takes no time of its own: what it costs is
        that nothing gets smaller.

    Notes
    -----
    Each pool as it is composed in PyTorch, not as it could be written for the purpose: what takes
    several operators writes a map after each.

    Examples
    --------
    >>> share_of_forward("none")
    0.0
    >>> 0 < share_of_forward("mean") < share_of_forward("max") < share_of_forward("median") < 1
    True
    """
    if row == "none":
        return 0.0
    designed = inside("vgg16", layout)
    took = milliseconds(ALIKE.get(row, row), layout)
    if row in ("class token",) or row.startswith("global"):
        return took / (designed.all + took)
    return took / (designed.all - designed.pools + took)
