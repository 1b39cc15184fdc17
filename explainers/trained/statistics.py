"""What follows from the records: means, and differences between arms, seed by seed.

Networks of one seed have the same pictures to learn and to test, the same batches, and the same
first weights where these have one shape. So arms are compared by the differences within seeds. The
seeds draw from 1,797 digits by thirteen people: intervals are over splits, weights and batches of
these, not over other writers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats, refuse
from explainers.intervals import Interval, around, scalar, standard_error
from explainers.kinds import Choice, Number, Text, Whole, checked
from explainers.trained.digits import MOVES, TESTED
from explainers.trained.measured import NOISES, Row

Freedom = Annotated[int, Whole(1, 10**6, "degrees of freedom")]
Level = Annotated[float, Number(0, 1, open=True)]

LEVEL = 0.95
"""Of intervals: of all those that are compared together, this share of times each holds."""

_BISECTIONS = 100


# ---- What is measured of a network ----


def _share(count: float | None) -> float:
    return math.nan if count is None else count / TESTED


def _size(row: Row) -> int:
    return int(row.arm.rpartition("-")[2])


def _moved_by(move: int) -> Callable[[Row], float]:
    return lambda row: _share(row.moves[move])


def _with_noise(index: int) -> Callable[[Row], float]:
    return lambda row: _share(row.noise[index])


def _lost(measure: Callable[[Row], float]) -> Callable[[Row], float]:
    return lambda row: _share(row.moves[0]) - measure(row)


def _as_trained(row: Row) -> float:
    return _share(sum(row.moves) / MOVES if "-moved-" in row.arm else row.moves[0])


_MOVED = {f"moved by {move}": _moved_by(move) for move in range(1, MOVES)}
_NOISY = {f"noise {noise}": _with_noise(i) for i, noise in enumerate(NOISES)}
_DISTURBED = {**_MOVED, **_NOISY, "larger canvas": lambda row: _share(row.larger)}


MEASURES: Mapping[str, Callable[[Row], float]] = {
    "accuracy": lambda row: _share(row.moves[0]),
    "training accuracy": lambda row: row.trained / _size(row),
    "gap": lambda row: row.trained / _size(row) - _share(row.moves[0]),
    "loss": lambda row: row.losses[1],
    "gap of losses": lambda row: row.losses[1] - row.losses[0],
    "accuracy, as trained": _as_trained,
    **{f"accuracy, {name}": measure for name, measure in _DISTURBED.items()},
    **{f"lost, {name}": _lost(measure) for name, measure in _DISTURBED.items()},
    "accuracy, mean over moves": lambda row: _share(sum(row.moves) / MOVES),
    "accuracy, worst move": lambda row: _share(min(row.moves)),
    "changed by the first pixel": lambda row: _share(row.changed[0]),
    "changed by a pixel": lambda row: _share(sum(row.changed) / len(row.changed)),
    "accuracy, taken apart": lambda row: _share(row.apart),
    "kept, taken apart": lambda row: _share(row.kept),
    "first weights reached": lambda row: row.reached[0],
    "last weights reached": lambda row: row.reached[-1],
    "first positions reached": lambda row: row.positions[0],
    "last positions reached": lambda row: row.positions[-1],
}
"""One number of a network, by its name: a share, or nats; NaN where there is none.

What is lost is of the accuracy where the digits lie at first. As trained is there, too, or at all
nine places, if the network was trained on moved pictures.
"""

Measure = Annotated[str, Choice(tuple(MEASURES), "what is measured of a network")]
ArmId = Annotated[str, Text()]


@checked
def by_seed(rows: Iterable[Row], arm: ArmId, measure: Measure) -> dict[int, float]:
    """One number for each of an arm's networks, by seed, in order.

    >>> arm = "max-flatten-circular-still-100"
    >>> row = Row(arm, 3, 99, (0, 0), [450], [], [], None, 0, 0, [], [])
    >>> by_seed([row], arm, "gap")
    {3: 0.09}
    """
    found = {row.seed: round(MEASURES[measure](row), 12) for row in rows if row.arm == arm}
    return dict(sorted(found.items()))


# ---- Intervals and comparisons ----


class Difference(NamedTuple):
    """How two arms differ, seed by seed.

    Attributes
    ----------
    first, second
        The arms: the difference is the first's number less the second's.
    found
        Its mean with an interval, corrected for all comparisons that were made together.
    p
        Of no difference, two-sided, corrected likewise (Holm).
    """

    first: str
    second: str
    found: Interval[float]
    p: float

    @property
    def differs(self) -> bool:
        """Whether they differ: of all that was compared together, no error 95 times of 100."""
        return self.p < 1 - LEVEL


@checked
def mean(each: ArrayLike, level: Level = LEVEL) -> Interval[float]:
    """The mean over networks, with Student's interval.

    Examples
    --------
    >>> [round(end, 2) for end in mean([1, 2, 3, 4, 5])]
    [3.0, 1.04, 4.96]
    """
    numbers = np.asarray(each, dtype=np.float64)
    if numbers.ndim != 1 or len(numbers) < 2:
        refuse("each", each, "two numbers or more")
    reach = student_quantile(len(numbers) - 1, level)
    return scalar(around(numbers.mean(), standard_error(numbers), reach))


@checked
def compared(
    rows: Sequence[Row], pairs: Sequence[tuple[str, str]], measure: Measure
) -> list[Difference]:
    """Compare pairs of arms by one measure, corrected for their number.

    Parameters
    ----------
    rows
        Of the records.
    pairs
        The arms, by their ids.
    measure
        One of `MEASURES`.

    Returns
    -------
    list[Difference]
        One for each pair. Intervals are Bonferroni's: all hold together 95 times of 100. p is
        Holm's, and so is the answer: it finds what the intervals do, and some more.

    Raises
    ------
    ValueError
        If a pair has fewer than two seeds in common.
    """
    level = 1 - (1 - LEVEL) / max(len(pairs), 1)
    each = [_differences(rows, *pair, measure) for pair in pairs]
    adjusted = holm([paired_p(differences) for differences in each])
    return [
        Difference(*pair, mean(differences, level), p)
        for pair, differences, p in zip(pairs, each, adjusted, strict=True)
    ]


def _differences(rows: Sequence[Row], first: str, second: str, measure: str) -> Floats:
    one, other = by_seed(rows, first, measure), by_seed(rows, second, measure)
    common = [seed for seed in one if seed in other]
    if len(common) < 2:
        refuse("pairs", (first, second), "arms with two seeds or more in common")
    return np.array([one[seed] - other[seed] for seed in common])


def paired_p(differences: ArrayLike) -> float:
    """Of a mean difference of 0, two-sided, by Student's t; 1 if all are 0.

    >>> round(paired_p([1, 2, 3, 4, 5]), 4)
    0.0132
    """
    each = np.asarray(differences, dtype=np.float64)
    error = float(standard_error(each))
    if error == 0:
        return 0.0 if each.any() else 1.0
    return two_sided(float(each.mean()) / error, len(each) - 1)


def holm(each: Sequence[float]) -> list[float]:
    """Correct p-values for their number: the smallest times n, the next times n − 1, and so on.

    Notes
    -----
    S. Holm, *Scandinavian Journal of Statistics* 6, 1979. None is below one before it.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(each, kind="stable")
    times = np.arange(len(order), 0, -1)
    adjusted = np.empty(len(order))
    adjusted[order] = np.maximum.accumulate(np.minimum(np.asarray(each)[order] * times, 1))
    return [float(p) for p in adjusted]


# ---- Student's t ----


@checked
def two_sided(t: Annotated[float, Number()], freedom: Freedom) -> float:
    """Probability that Student's t is at least as far from 0; to 15 places after the point.

    Notes
    -----
    With θ = atan(t / √ν): a finite sum of powers of cos θ (Abramowitz and Stegun, 26.7.3 and
    26.7.4).

    Examples
    --------
    >>> round(two_sided(2.093, 19), 4)
    0.05
    """
    angle = math.atan(abs(t) / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term, total = (cosine if odd else 1.0), 0.0
    for k in range(odd + 2, freedom + 1, 2):
        total += term
        term *= cosine**2 * (k - 1) / k
    within = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return min(max(1 - within, 0.0), 1.0)


@checked
def student_quantile(freedom: Freedom, level: Level = LEVEL) -> float:
    """Half the width of an interval of Student's t, in standard errors.

    >>> round(student_quantile(19), 4), round(student_quantile(19, 0.995), 4)
    (2.093, 3.1737)
    """
    low, high = 0.0, 1.0
    while two_sided(high, freedom) > 1 - level:
        high *= 2
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if two_sided(middle, freedom) > 1 - level else (low, middle)
    return high
