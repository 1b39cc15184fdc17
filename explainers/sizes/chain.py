"""One map through one pooling after another: the report of the command `explainers sizes`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from explainers.checks import Ints, refuse
from explainers.kinds import Whole, checked
from explainers.sizes.model import Chain, Pool, lost, pooled_sizes

AXES = {1: ("rows",), 2: ("rows", "columns"), 3: ("slices", "rows", "columns")}
"""What the sides of a map count, by how many there are. A single one stands for all."""
REACH = 1024
"""How many rows away sizes that work are looked for."""

_MOST_ROWS = 65536

Size = Annotated[int, Whole(1, _MOST_ROWS, "rows of the map")]
Run = tuple[int, int]


# Sizes that work


@checked
def works(size: Size, pools: Sequence[Pool]) -> bool:
    """Tell whether each pooling finds a window, and each row is seen in the end.

    Parameters
    ----------
    size
        Rows of the map.
    pools
        The poolings, in their order.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If `pools` are not all `Pool`.

    Examples
    --------
    >>> works(96, [Pool(2)] * 4), works(100, [Pool(2)] * 4), works(5, [Pool(2)] * 4)
    (True, False, False)
    """
    return pooled_sizes(size, pools).breaks_at is None and not lost(size, pools).size


@checked
def least(pools: Sequence[Pool]) -> int | None:
    """Return the least size in which each pooling finds a window; None if it is beyond 65,536.

    Examples
    --------
    >>> least([Pool(2)] * 4), least([Pool(3, stride=2)] * 4)
    (16, 31)
    """
    every = range(1, _MOST_ROWS + 1)
    found = bisect_left(every, True, key=lambda size: pooled_sizes(size, pools).breaks_at is None)
    return every[found] if found < len(every) else None


class Nearest(NamedTuple):
    """The nearest other sizes that work; None where none was found.

    Attributes
    ----------
    below, above
        The next smaller one and the next larger one.
    """

    below: int | None
    above: int | None


@checked
def nearest(
    size: Size,
    pools: Sequence[Pool],
    reach: Annotated[int, Whole(1, _MOST_ROWS, "rows away")] = REACH,
) -> Nearest:
    """Return the nearest other sizes that `works`.

    Parameters
    ----------
    size, pools
        As in `works`.
    reach
        How far to look, from the size or from the `least` one on if that is larger.

    Returns
    -------
    Nearest

    Raises
    ------
    ValueError
        If `pools` are not all `Pool`.

    Examples
    --------
    >>> nearest(37, [Pool(2)] * 4), nearest(5, [Pool(2)] * 4)
    (Nearest(below=32, above=48), Nearest(below=None, above=16))
    """
    first = least(pools) or _MOST_ROWS + 1  # below it, each one breaks
    begin = max(size + 1, first)
    down = range(size - 1, max(size - reach, first) - 1, -1)
    up = range(begin, min(begin + reach, _MOST_ROWS + 1))
    return Nearest(*(next((n for n in tried if works(n, pools)), None) for tried in (down, up)))


# The report


class Axis(NamedTuple):
    """What becomes of one axis.

    Attributes
    ----------
    chain
        Its sizes, and where it breaks.
    unseen
        For the map and after each pooling that finds a window: the first and the last of each run
        of rows of the map that nothing sees.
    works
        Whether it `works`.
    nearest
        The nearest other sizes that do.
    """

    chain: Chain
    unseen: tuple[tuple[Run, ...], ...]
    works: bool
    nearest: Nearest


class Report(NamedTuple):
    """What becomes of a map in one pooling after another, all of them alike.

    Attributes
    ----------
    pool
        Each of them.
    pools
        How many there are.
    least
        The least size that does not break.
    axes
        One for each side of the map.
    """

    pool: Pool
    pools: int
    least: int | None
    axes: tuple[Axis, ...]

    @property
    def breaks_at(self) -> int | None:
        """The first pooling that finds no window along one of the axes."""
        return min((a.chain.breaks_at for a in self.axes if a.chain.breaks_at), default=None)


@checked
def report(
    size: Annotated[Sequence[int], Whole(1, _MOST_ROWS, "sides of the map", many=True)],
    pools: Annotated[int, Whole(1, 16, "poolings, one after the other")] = 1,
    window: Annotated[int, Whole(1, 64, "rows of a window")] = 2,
    stride: Annotated[int, Whole(1, 64, "rows from one window to the next")] | None = None,
    padding: Annotated[int, Whole(0, 32, "rows added on each side")] = 0,
    dilation: Annotated[int, Whole(1, 64, "rows from one tap to the next")] = 1,
    ceil_mode: bool = False,
) -> Report:
    """Follow a map through one pooling after another.

    Parameters
    ----------
    size
        Its sides, one to three: of a square, one stands for both.
    pools
        How many poolings.
    window, stride, padding, dilation, ceil_mode
        Of each, as in `Pool`.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If there are more than three sides, or `padding` is more than half of `window`.

    Examples
    --------
    >>> found = report([37], pools=4).axes[0]
    >>> found.chain.sizes, found.unseen[-1], found.nearest.above
    ((37, 18, 9, 4, 2), ((32, 36),), 48)
    """
    if len(size) not in AXES:
        refuse("size", size, f"at most {max(AXES)} sides")
    if padding > window // 2:
        refuse("padding", padding, f"at most half of window {window}")
    pool = Pool(window, stride, padding, dilation, ceil_mode)
    every = [pool] * pools
    return Report(pool, pools, least(every), tuple(_axis(side, every) for side in size))


def _axis(size: int, pools: list[Pool]) -> Axis:
    chain = pooled_sizes(size, pools)
    unseen = tuple(_runs(lost(size, pools[:number])) for number in range(len(chain.sizes)))
    return Axis(chain, unseen, works(size, pools), nearest(size, pools))


def _runs(rows: Ints) -> tuple[Run, ...]:
    """Return the first and the last of each run of neighbours."""
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if rows.size else []
    return tuple((int(run[0]), int(run[-1])) for run in runs)


def as_record(report: Report) -> dict[str, Any]:
    """Return the report as plain data, for JSON.

    Examples
    --------
    >>> as_record(report([5], pools=4))["axes"][0]["breaks_at"]
    3
    """
    pool = report.pool
    return {
        "size": [axis.chain.sizes[0] for axis in report.axes],
        "pools": report.pools,
        "window": pool.kernel_size,
        "stride": pool.step,
        "padding": pool.padding,
        "dilation": pool.dilation,
        "ceil_mode": pool.ceil_mode,
        "least": report.least,
        "breaks_at": report.breaks_at,
        "axes": [
            {
                "sizes": list(axis.chain.sizes),
                "breaks_at": axis.chain.breaks_at,
                "would_give": axis.chain.would_give,
                "unseen": [[list(run) for run in runs] for runs in axis.unseen],
                "works": axis.works,
                "nearest": axis.nearest._asdict(),
            }
            for axis in report.axes
        ],
    }


# The report for a person


def as_text(report: Report) -> str:
    """Return the report as a table, its columns aligned, with what becomes of each axis below it.

    Examples
    --------
    >>> print(as_text(report([37], pools=2)))
    layer   side  rows that nothing sees
    map       37  none
    pool 1    18  1 (36)
    pool 2     9  1 (36)
    2 poolings: windows of 2, stride 2. Counted from 0.
    Rows: 37 loses 1. The nearest sizes that lose no row: 36 and 40.
    """
    rows = _table(report)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if i == 1 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    named = zip(report.axes, _names(report), strict=True)
    said = [_said(axis, name, report) for axis, name in named]
    return "\n".join([*lines, _settings(report), *said])


def _names(report: Report) -> tuple[str, ...]:
    return AXES[len(report.axes)]


def _table(report: Report) -> list[list[str]]:
    """The head, the map, and a line for each pooling, up to one that finds no window."""
    breaks = report.breaks_at
    layers = breaks or report.pools + 1
    rows = [["layer", "side", *(f"{name} that nothing sees" for name in _names(report))]]
    for layer in range(layers):
        sides = " × ".join(f"{axis.chain.sizes[layer]:,}" for axis in report.axes)
        unseen = [_listed(axis.unseen[layer]) for axis in report.axes]
        rows.append([f"pool {layer}" if layer else "map", sides, *unseen])
    if breaks:
        sides = " × ".join(_written(_windows(axis.chain, breaks)) for axis in report.axes)
        found = ["no window" if axis.chain.breaks_at == breaks else "" for axis in report.axes]
        rows.append([f"pool {breaks}", sides, *found])
    return rows


def _windows(chain: Chain, number: int) -> int:
    """How many windows a pooling finds by the rule, be it below 1."""
    return (*chain.sizes, chain.would_give or 0)[number]


def _listed(runs: tuple[Run, ...]) -> str:
    """How many rows, and which: at most three runs of them."""
    rows = sum(last - first + 1 for first, last in runs)
    some = [f"{a:,}" if a == b else f"{a:,}–{b:,}" for a, b in runs[:3]]
    more = ["…"] if len(runs) > 3 else []
    return f"{rows:,} ({', '.join(some + more)})" if rows else "none"


def _settings(report: Report) -> str:
    pool = report.pool
    said = [
        f"windows of {pool.kernel_size}",
        f"stride {pool.step}",
        *([f"padding {pool.padding}"] if pool.padding else []),
        *([f"dilation {pool.dilation}"] if pool.dilation > 1 else []),
        *(["ceil mode"] if pool.ceil_mode else []),
    ]
    many = f"{report.pools} pooling{'s' if report.pools > 1 else ''}"
    return f"{many}: {', '.join(said)}. Counted from 0."


def _said(axis: Axis, name: str, report: Report) -> str:
    """What becomes of one axis, and which sizes lose nothing."""
    size, unseen = axis.chain.sizes[0], sum(last - first + 1 for first, last in axis.unseen[-1])
    what, other = f"loses {unseen:,}", ""
    if axis.chain.breaks_at:
        left = _written(axis.chain.would_give or 0)
        what = f"breaks at pool {axis.chain.breaks_at}, which would give {left}"
        if report.least is None:
            return f"{name.capitalize()}: {size:,} {what}. So does each size up to {_MOST_ROWS:,}."
        if report.least != axis.nearest.above:
            what += f"; the least that does not is {report.least:,}"
    elif axis.works:
        what, other = "loses none", "other "
    return f"{name.capitalize()}: {size:,} {what}. {_sizes(axis.nearest, other, name[:-1])}"


def _sizes(found: Nearest, other: str, row: str) -> str:
    sizes = [f"{size:,}" for size in found if size is not None]
    if not sizes:
        return f"Every {other}size within {REACH:,} breaks or loses a {row}."
    which = f"{other}size that loses" if len(sizes) == 1 else f"{other}sizes that lose"
    return f"The nearest {which} no {row}: {' and '.join(sizes)}."


def _written(number: int) -> str:
    return f"{number:,}".replace("-", "−")
