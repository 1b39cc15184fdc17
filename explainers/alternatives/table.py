"""The one table: what people use instead of a max pool, row by row, measured alike.

Each cell is a number with the ends of its interval, equal to it where it is exact; or it is empty
with its reason. Each column is one function of the modules beside this one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from explainers.alternatives import measured, model, timed
from explainers.alternatives.measured import Maps, Samples, Trials
from explainers.alternatives.model import QUERIES, Correlation, FalseAlarm, Strength
from explainers.alternatives.pools import POOLS
from explainers.intervals import Interval
from explainers.kinds import Choice, Seed, Whole, checked

ATTENTION = tuple(f"attention, query {query}" for query in QUERIES)
"""Rows of attention over the window."""
GLOBAL = ("global mean", "global max", "global generalised mean", "class token")
"""Rows of one number for the whole map: a window as large as it."""
ROWS = (*POOLS, *ATTENTION, *GLOBAL)
"""The rows of the table."""
UNITS = (4, 16, 49, 196)
"""Units of the windows for hit rates: 2 × 2 to 14 × 14."""
SHARED = 0.5
"""Correlation of the units' noise where it is shared."""
MOVES = ("lone peak stays", "values stay", "change", "equivariance error")
KEPT = ("bits", "bits, rounded", "place of a pixel", "place of a wide feature")
GRADIENT = ("gradient share", "gradient number")
COSTS = ("weights", "macs", "comparisons", "functions")
TIMES = tuple(f"time, {layout}" for layout in timed.LAYOUTS)

Row = Annotated[str, Choice(ROWS)]

_LOCAL = {"global mean": "mean", "global max": "max", "global generalised mean": "generalised mean"}
_NO_DECISION = "it decides nothing: every unit is still there"
_WHOLE_MAP = "it chooses by the whole map, not by a window"
_BEYOND = "it looks beyond the window, at maxima of several"
_AS_MEAN = ("strided convolution", "blur")  # their weights alike: of a window, no more is known
_MOVING_KEYS = "its keys move along with the map: it depends on what they say"
_ONE_NUMBER = "one number for all of the map: there is nothing that could move along"


class Cell(NamedTuple):
    """One number of the table.

    Attributes
    ----------
    value, low, high
        The number and the ends of its 95 % interval, all alike where it is exact; NaN if empty.
    exact
        Whether it is a law or a count, and not measured.
    reason
        Why it is empty, or how it is to be read.
    """

    value: float
    low: float
    high: float
    exact: bool
    reason: str = ""


def _law(value: Any, reason: str = "") -> Cell:
    number = float(value)
    return Cell(number, number, number, True, reason)


def _tried(found: Interval[float], reason: str = "") -> Cell:
    return Cell(*found, exact=False, reason=reason)


def _empty(reason: str) -> Cell:
    return Cell(math.nan, math.nan, math.nan, False, reason)


# One column each


@checked
def hit(
    row: Row,
    units: Annotated[int, Whole(2, 1000)] = 4,
    seen: Annotated[int, Whole(0, 1000)] = 1,
    *,
    correlation: Correlation = 0,
    false_alarm: FalseAlarm = 0.05,
    d_prime: Strength = 2,
    trials: Trials = measured.TRIALS,
    seed: Seed = 0,
) -> Cell:
    """Return a row's hit rate at equal false alarms: by law where there is one, else tried.

    Parameters
    ----------
    row
        Of `ROWS`.
    units, seen, correlation, false_alarm, d_prime
        As in `explainers.alternatives.model.mean_hit_rate`.
    trials, seed
        As in `explainers.alternatives.measured.hit_rate`.

    Raises
    ------
    ValueError
        If more units see the feature than there are.

    Examples
    --------
    >>> hit("max").value.__round__(4), hit("none").reason
    (0.4299, 'it decides nothing: every unit is still there')
    """
    case: dict[str, Any] = {"false_alarm": false_alarm, "d_prime": d_prime}
    noisy = {**case, "correlation": correlation}
    name = _LOCAL.get(row, row)
    if name in ("none", "space to depth"):
        return _empty(_NO_DECISION)
    if name in ("polyphase", "max polyphase"):
        return _empty(_WHOLE_MAP)
    if name == "blurred max":
        return _empty(_BEYOND)
    if name in _AS_MEAN:
        return _law(model.mean_hit_rate(units, seen, **noisy), "with all weights alike")
    if name in ATTENTION or name == "class token":
        query = QUERIES[ATTENTION.index(name)] if name in ATTENTION else "known"
        return _law(model.attention_hit_rate(units, seen, query, **noisy))
    if name == "concatenated":
        together = measured.concatenated_hit_rate(units, seen, **noisy, trials=trials, seed=seed)
        return _tried(together.hit, "with the best linear rule")
    ranks = {"max": 1, "min": units} | ({"median": (units + 1) // 2} if units % 2 else {})
    if name in ranks:
        return _law(model.ranked_hit_rate(ranks[name], units, seen, **noisy))
    if name == "mean":
        return _law(model.mean_hit_rate(units, seen, **noisy))
    if name == "every second value":
        return _law(model.fixed_hit_rate(units, seen, **case))
    said = "of rectified units" if name in measured.RECTIFIED else ""
    return _tried(measured.hit_rate(name, units, seen, **noisy, trials=trials, seed=seed), said)


@checked
def moves(
    row: Row, *, maps: Maps = 100, size: measured.Size = 32, seed: Seed = 0
) -> Mapping[str, Cell]:
    """Return what stays of a row's pooled map as it moves by one, by the names of `MOVES`.

    Parameters
    ----------
    row
        Of `ROWS`; windows of 2 × 2, side by side.
    maps, size, seed
        As in `explainers.alternatives.measured.moved`.

    Examples
    --------
    >>> moves("mean", maps=4)["lone peak stays"].value
    0.5
    """
    if row in ATTENTION:
        return dict.fromkeys(MOVES, _empty(_MOVING_KEYS))
    if row in GLOBAL:
        said = "on a map that goes on round" if row != "class token" else "if keys move along"
        stays = _law(1, said)
        return dict(zip(MOVES, (stays, stays, _law(0, said), _empty(_ONE_NUMBER)), strict=True))
    found = measured.moved(row, maps=maps, size=size, seed=seed)
    peak = _law(measured.lone_peak_stays(row))
    return dict(zip(MOVES, (peak, *map(_tried, found)), strict=True))


@checked
def kept(row: Row, *, samples: Samples = 2000, seed: Seed = 0) -> Mapping[str, Cell]:
    """Return what a row keeps of a 2 × 2 window, by the names of `KEPT`.

    Parameters
    ----------
    row
        Of `ROWS`.
    samples, seed
        As in `explainers.alternatives.measured.place_error`.

    Notes
    -----
    Bits are of 8 levels; places in pixels, as an error.

    Examples
    --------
    >>> kept("max", samples=500)["bits"].value.__round__(2)
    2.1
    """
    if row in (*ATTENTION, *GLOBAL):
        said = "its weights depend on keys" if row in ATTENTION else "it has no window to read in"
        return dict.fromkeys(KEPT, _empty(said))
    said = "without the phase of the map" if row.endswith("polyphase") else ""
    places = (
        _tried(measured.place_error(row, width=width, samples=samples, seed=seed), said)
        for width in (0.0, measured.WIDTH)
    )
    bits = (_bits(row, rounded, seed) for rounded in (False, True))
    return dict(zip(KEPT, (*bits, *places), strict=True))


def _bits(row: str, rounded: bool, seed: int) -> Cell:
    if row == "blurred max":
        return _tried(measured.blurred_max_bits(rounded=rounded, seed=seed), "of 4 × 4 values")
    if row == "polyphase":
        return _law(model.kept_bits("every second value"), "and two more for the phase of the map")
    if row == "max polyphase":
        return _law(model.kept_bits("max"), "and two more for the phase of the map")
    said = "of 3 × 3 values" if row in _AS_MEAN else ""
    return _law(model.kept_bits(row, rounded=rounded), said)


@checked
def gradient(
    row: Row, units: Annotated[int, Whole(2, 1000)] = 4, *, seed: Seed = 0
) -> Mapping[str, Cell]:
    """Return how a row spreads its gradient over n values, by the names of `GRADIENT`.

    Parameters
    ----------
    row
        Of `ROWS`.
    units
        n.
    seed
        Of the random windows.

    Examples
    --------
    >>> [cell.value for cell in gradient("max").values()]
    [0.25, 1.0]
    """
    name = _LOCAL.get(row, row)
    fixed = {
        "none": (1.0, 1.0, "each value to itself"),
        "space to depth": (1.0, 1.0, "each value to itself"),
        "strided convolution": (1.0, 256 / 36, "of 3 × 3 values, by (1, 2, 1)"),
        "blur": (1.0, 256 / 36, "of 3 × 3 values, by (1, 2, 1)"),
        "polyphase": (1 / units, 1.0, "of each cell"),
        "max polyphase": (1 / units, 1.0, "of each window that is kept"),
    }
    if name in fixed:
        share, number, said = fixed[name]
        return dict(zip(GRADIENT, (_law(share, said), _law(number, said)), strict=True))
    if name in ATTENTION or name == "class token":
        query = QUERIES[ATTENTION.index(name)] if name in ATTENTION else "known"
        number = model.attention_evenness(units, 1, query)
        return dict(zip(GRADIENT, (_law(1), _law(number, "if one unit fits")), strict=True))
    if name == "blurred max":
        return dict.fromkeys(GRADIENT, _empty(_BEYOND))
    found = measured.gradient_reach(name, units, seed=seed)
    return dict(zip(GRADIENT, map(_tried, found), strict=True))


@checked
def costs(row: Row, channels: model.Channels = 64) -> Mapping[str, Cell]:
    """Return what a row needs for one output value of one channel, by the names of `COSTS`.

    Parameters
    ----------
    row
        Of `ROWS`; windows of 2 × 2, and of 14 × 14 for what is global.
    channels
        As in `explainers.alternatives.model.cost`.

    Examples
    --------
    >>> costs("strided convolution")["weights"].value
    576.0
    """
    attends = row in ATTENTION or row == "class token"
    name = "attention" if attends else _LOCAL.get(row, row)
    found = model.cost(name, 14 if row in GLOBAL else 2, channels=channels)
    return dict(zip(COSTS, map(_law, found), strict=True))


@checked
def times(row: Row) -> Mapping[str, Cell]:
    """Return a row's share of the forward pass of VGG-16, as recorded, by the names of `TIMES`.

    Parameters
    ----------
    row
        Of `ROWS`, in the place of all poolings; or behind them, if it is global.

    Examples
    --------
    >>> times("none")["time, channels last"].value
    0.0
    """
    shares = (timed.share_of_forward(row, layout) for layout in timed.LAYOUTS)
    said = "on one machine and one core, each pool as composed in PyTorch"
    cells = (Cell(share, share, share, False, said) for share in shares)
    return dict(zip(TIMES, cells, strict=True))


# All of it


@checked
def table(
    rows: Sequence[str] = ROWS,
    units: Annotated[Sequence[int], Whole(2, 1000, many=True)] = UNITS,
    *,
    trials: Trials = measured.TRIALS,
    maps: Maps = 100,
    samples: Samples = 2000,
    seed: Seed = 0,
) -> Mapping[str, Mapping[str, Cell]]:
    """Return all cells: of each row, by the name of its column.

    Parameters
    ----------
    rows
        Some of `ROWS`.
    units
        Numbers n of units, for hit rates; 1, √n and n of them see the feature, with own noise and
        with shared noise of correlation `SHARED`.
    trials, maps, samples, seed
        As in the columns' functions.

    Returns
    -------
    mapping
        From row to column to `Cell`. Columns of hit rates are called ``"hit 1 of 4, own"`` and
        ``"hit 1 of 4, shared"``.

    Raises
    ------
    ValueError
        If a row is none of `ROWS`.

    Examples
    --------
    >>> some = table(("max", "mean"), (4,), trials=500, maps=4, samples=500)
    >>> [round(row["hit 2 of 4, shared"].value, 2) for row in some.values()]
    [0.6, 0.35]
    """
    return {
        row: {
            **moves(row, maps=maps, seed=seed),
            **_hits(row, units, trials, seed),
            **kept(row, samples=samples, seed=seed),
            **gradient(row, seed=seed),
            **costs(row),
            **times(row),
        }
        for row in rows
    }


def _hits(row: str, units: Sequence[int], trials: int, seed: int) -> dict[str, Cell]:
    return {
        f"hit {seen} of {n}, {noise}": hit(
            row, n, seen, correlation=correlation, trials=trials, seed=seed
        )
        for n in units
        for seen in sorted({1, math.isqrt(n), n})
        for noise, correlation in (("own", 0.0), ("shared", SHARED))
    }


# Where each row wins

INFORMED = ("attention, query known", "class token")
"""Rows that know which units see the feature: no other can be asked to keep up with them."""
ROUNDING = 1e-9
"""Two laws that are nearer than this are one."""
MOST_WINNERS = 13
"""A column in which more rows than these, half of the table, are not beaten is nobody's win."""

_LESS_IS_BETTER = ("change", "equivariance error", "place of a pixel", "place of a wide feature")


@checked
def wins(cells: Mapping[str, Mapping[str, Cell]]) -> Mapping[str, tuple[str, ...]]:
    """Return the columns in which each row is not beaten, beyond what is measured.

    Parameters
    ----------
    cells
        As `table` returns them.

    Returns
    -------
    mapping
        From row to columns; none if it never wins. A row is beaten by another whose whole interval
        is beyond its own.

    Notes
    -----
    Rows compete with their like: not with those of `INFORMED`, unless they are of these; what has
    windows does not compete with `GLOBAL`, which hardly notices a move; and nothing competes with
    the map as it is. What costs nothing at all wins the columns of `COSTS`; nothing wins `TIMES`,
    which are one machine's.

    Examples
    --------
    >>> some = table(("max", "min", "mean"), (4,), trials=500, maps=4, samples=500)
    >>> {row: len(columns) > 0 for row, columns in wins(some).items()}
    {'max': True, 'min': True, 'mean': True}
    """
    columns = [name for name in next(iter(cells.values()), {}) if name not in (*COSTS, *TIMES)]
    leaders = {name: [row for row in cells if _leads(cells, row, name)] for name in columns}
    leaders["costs"] = [row for row in cells if all(cells[row][name].value == 0 for name in COSTS)]
    return {
        row: tuple(
            name for name, rows in leaders.items() if row in rows and len(rows) <= MOST_WINNERS
        )
        for row in cells
    }


def _leads(cells: Mapping[str, Mapping[str, Cell]], row: str, column: str) -> bool:
    own = cells[row][column]
    if math.isnan(own.value):
        return False
    rivals = [cells[other][column] for other in cells if _rivals(row, other, column)]
    if column in _LESS_IS_BETTER:
        return not any(rival.high < own.low - ROUNDING for rival in rivals)  # so for NaN, too
    return not any(rival.low > own.high + ROUNDING for rival in rivals)


def _rivals(row: str, other: str, column: str) -> bool:
    if other in (row, "none"):
        return False
    if column.startswith("hit"):
        return other not in INFORMED or row in INFORMED
    return other not in GLOBAL or row in GLOBAL
