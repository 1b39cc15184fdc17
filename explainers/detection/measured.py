"""The laws of `explainers.detection.model` by seeded simulation, and what they do not cover.

Units may be unequal and their noise correlated in any way. The work is cut into blocks by the
number of trials and units alone, each with a random stream of its own: so the same seed gives the
same result without an executor, with one process, or on a cluster.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from explainers import normal
from explainers.checks import Floats, refuse
from explainers.kinds import Choice, Each, Number, Seed, Whole, check_fields, checked

POOLS = ("max", "mean", "single")
"""What a window may answer: its largest answer, their mean, or the first unit's alone."""

_BLOCK_VALUES = 500_000  # of 8 bytes; a block holds a handful of such arrays at a time
_BLOCK_TRIALS = 10_000
_ROUNDING = 1e-12  # of an eigenvalue that is zero, per unit
_COVERAGE = 0.95
_Z = float(normal.ppf((1 + _COVERAGE) / 2))


@dataclass(frozen=True, eq=False)
class Units:
    """A window of detectors, and what they do when a petal is in it.

    A unit answers with Gaussian noise of unit variance, plus its `d_prime` if it sees the petal,
    all multiplied by its `sd`. The first `seen` units see it.

    Parameters
    ----------
    n : int
        Number of units.
    seen : int
        Number of units that see the petal, at most n.
    d_prime : array_like, shape () or (n,)
        Shift of each unit that sees the petal, in standard deviations of its noise.
    sd : array_like, shape () or (n,)
        Standard deviation of each unit's answers.
    correlation : array_like, shape () or (n, n)
        Correlation of any two units' noise, or the matrix of all correlations: with ones on the
        diagonal, symmetric and positive semidefinite.
    anywhere : bool
        Let the petal lie anywhere in the window: in each trial `shift` is turned round by a number
        of units drawn uniformly, so that any unit may be among those that see it.

    Raises
    ------
    ValueError
        If more units see the petal than there are, an array has the wrong shape, or noise cannot be
        so correlated.

    Examples
    --------
    >>> Units(n=4, seen=2, d_prime=[1, 2, 3, 4]).shift.tolist()
    [1.0, 2.0, 0.0, 0.0]
    """

    n: Annotated[int, Whole(1, 1000)]
    seen: Annotated[int, Whole(0)]
    d_prime: Annotated[ArrayLike, Each(Number(0))] = 1.0
    sd: Annotated[ArrayLike, Each(Number(0, open=True))] = 1.0
    correlation: Annotated[ArrayLike, Each(Number(-1, 1))] = 0.0
    anywhere: bool = False

    def __post_init__(self) -> None:
        check_fields(self)
        Whole(0, self.n).check("seen", self.seen)
        for name, values in (("d_prime", self.d_prime), ("sd", self.sd)):
            if np.shape(values) not in ((), (self.n,)):
                refuse(f"shape of {name}", np.shape(values), f"() or ({self.n},)")
        _ = self.mixing

    @property
    def shift(self) -> Floats:
        """What the petal adds to each unit, in standard deviations of its noise: shape (n,)."""
        return np.where(np.arange(self.n) < self.seen, self.d_prime, 0.0)

    @cached_property
    def mixing(self) -> Floats:
        """Symmetric root of the correlation matrix, shape (n, n): it correlates white noise."""
        values = np.asarray(self.correlation, dtype=np.float64)
        return _square_root(values, self.n) if values.ndim else _equal_root(float(values), self.n)


def _equal_root(correlation: float, n: int) -> Floats:
    """Symmetric root of the matrix of equal correlations: what units share, and their own."""
    shared, own = 1 + (n - 1) * correlation, 1 - correlation
    if shared < -_ROUNDING * n:
        refuse("correlation", correlation, f"at least −1/{n - 1} between {n} units")
    average: Floats = np.full((n, n), 1 / n)
    root: Floats = math.sqrt(max(shared, 0)) * average + math.sqrt(own) * (np.eye(n) - average)
    return root


def _square_root(correlations: Floats, n: int) -> Floats:
    if correlations.shape != (n, n):
        refuse("shape of correlation", correlations.shape, f"() or ({n}, {n})")
    if not ((np.diag(correlations) == 1).all() and (correlations == correlations.T).all()):
        refuse("correlation", correlations, "a symmetric matrix with ones on its diagonal")
    values, vectors = np.linalg.eigh(correlations)
    if values[0] < -_ROUNDING * n:
        refuse("correlation", correlations[0, -1], "a positive semidefinite matrix")
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


class Estimate(NamedTuple):
    """A simulated number, its standard error, and its 95 % interval."""

    value: float
    standard_error: float
    low: float
    high: float


@dataclass(frozen=True)
class Result:
    """What a simulation measured on as many scenes with a petal as without one.

    Attributes
    ----------
    auc : Estimate
        Area under the ROC curve (interval: DeLong).
    threshold : float
        Where the pooled unit fires: the one given, or the one that the false-alarm rate asked for.
    hit_rate : Estimate
        Share of scenes with a petal on which the pooled unit fires (interval: Wilson if the
        threshold was given, else normal, with the error of the tuned threshold in it).
    false_alarm : Estimate
        Share of scenes without one on which it fires (interval: Wilson).
    noise_mean, noise_sd : Estimate
        Mean and standard deviation of the pooled answer to pure noise.
    trials : int
        Number of scenes of each kind.
    seed : int
        The seed that gives this result again.
    """

    auc: Estimate
    threshold: float
    hit_rate: Estimate
    false_alarm: Estimate
    noise_mean: Estimate
    noise_sd: Estimate
    trials: int
    seed: int


class _Block(NamedTuple):
    units: Units
    pool: str | int
    trials: int
    stream: np.random.SeedSequence


@checked
def simulate(
    units: Units,
    pool: str | int = "max",
    *,
    false_alarm: Annotated[float, Number(0, 1, open=True)] = 0.05,
    threshold: Annotated[float, Number()] | None = None,
    trials: Annotated[int, Whole(100)] = 100_000,
    seed: Seed = 0,
    executor: Executor | None = None,
    progress: bool = False,
) -> Result:
    """Measure how well a pooled window of units tells a petal from noise.

    Parameters
    ----------
    units : Units
        The window.
    pool : {"max", "mean", "single"} or int
        The largest answer, their mean, or the first unit's alone. A whole number k in [1, n] votes:
        the pooled unit fires if at least k units do, so its answer is the k-th largest.
    false_alarm : float
        False-alarm rate for which the threshold is tuned: not so near 0 or 1 that no trial would
        lie beyond the threshold.
    threshold : float, optional
        Fire above this value instead.
    trials : int
        Number of scenes with a petal, and as many without. Takes 16 bytes each.
    seed : int
        Of the random numbers.
    executor : concurrent.futures.Executor, optional
        Spreads the blocks of trials; only its `map` is used. Without it they run here.
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    Result
        Identical for any executor.

    Raises
    ------
    ValueError
        If there are fewer units than votes, or too few trials for the false-alarm rate.

    Notes
    -----
    Intervals: DeLong, DeLong and Clarke-Pearson, *Biometrics* 44, 1988; Wilson, *Journal of the
    American Statistical Association* 22, 1927.

    Examples
    --------
    >>> result = simulate(Units(n=4, seen=1, d_prime=2), "max", trials=1_000_000)
    >>> round(result.auc.value, 2), round(result.auc.standard_error, 4)
    (0.83, 0.0003)
    """
    Choice((*POOLS, *range(1, units.n + 1))).check("pool", pool)
    rarest = 1 / (trials + 1)
    if not rarest <= false_alarm <= 1 - rarest:
        allowed = f"in [{rarest:.2g}, 1 − {rarest:.2g}] with {trials} trials"
        refuse("false_alarm", false_alarm, allowed)
    if executor is not None and not callable(getattr(executor, "map", None)):
        refuse("executor", executor, "a concurrent.futures.Executor or None")
    noise, petal = _scores(_blocks(units, pool, trials, seed), executor, progress)
    if threshold is None:
        level = _threshold(noise, false_alarm)
        hit_rate = _tuned_hit_rate(noise, petal, false_alarm)
    else:
        level, hit_rate = threshold, _proportion(petal > threshold)
    return Result(
        auc=_area(noise, petal),
        threshold=level,
        hit_rate=hit_rate,
        false_alarm=_proportion(noise > level),
        noise_mean=_mean(noise),
        noise_sd=_deviation(noise),
        trials=trials,
        seed=seed,
    )


# Drawing


def _blocks(units: Units, pool: str | int, trials: int, seed: int) -> list[_Block]:
    size = min(_BLOCK_TRIALS, _BLOCK_VALUES // units.n)
    sizes = [min(size, trials - start) for start in range(0, trials, size)]
    streams = np.random.SeedSequence(seed).spawn(len(sizes))
    return [_Block(units, pool, *block) for block in zip(sizes, streams, strict=True)]


def _scores(
    blocks: list[_Block], executor: Executor | None, progress: bool
) -> tuple[Floats, Floats]:
    """Pooled answers to all trials without a petal and with one, each sorted."""
    run: Callable[..., Iterable[tuple[Floats, Floats]]] = executor.map if executor else map
    done = list(tqdm(run(_draw, blocks), total=len(blocks), unit="block", disable=not progress))
    noise, petal = (np.sort(np.concatenate(part)) for part in zip(*done, strict=True))
    return noise, petal


def _draw(block: _Block) -> tuple[Floats, Floats]:
    """Pooled answers of one block of trials: without a petal, and with one."""
    units, rng = block.units, np.random.default_rng(block.stream)
    sd = np.asarray(units.sd, dtype=np.float64)
    noise, petal = (rng.standard_normal((block.trials, units.n)) @ units.mixing for _ in range(2))
    petal += _shifts(units, block.trials, rng)
    return _pooled(noise * sd, block.pool), _pooled(petal * sd, block.pool)


def _shifts(units: Units, trials: int, rng: np.random.Generator) -> Floats:
    """What the petal adds in each trial: shape (n,), or (trials, n) if it may lie anywhere."""
    if not units.anywhere:
        return units.shift
    turns = rng.integers(units.n, size=(trials, 1))
    return np.take(units.shift, np.arange(units.n) + turns, mode="wrap")


def _pooled(answers: Floats, pool: str | int) -> Floats:
    if pool == "mean":
        return np.asarray(answers.mean(axis=-1))
    if pool == "single":
        return answers[:, 0]
    rank = answers.shape[-1] - (1 if isinstance(pool, str) else pool)
    return np.partition(answers, rank, axis=-1)[:, rank]


# Measuring: every array of scores comes sorted


def _area(noise: Floats, petal: Floats) -> Estimate:
    """Area under the ROC curve, from the place of each score among those of the other kind."""
    petal_places, noise_places = _places(petal, noise), _places(noise, petal)
    variance = petal_places.var(ddof=1) / petal.size + noise_places.var(ddof=1) / noise.size
    return _normal_interval(float(petal_places.mean()), math.sqrt(variance), 0, 1)


def _places(scores: Floats, others: Floats) -> Floats:
    """Share of `others` below each score; a tie counts one half."""
    below = np.searchsorted(others, scores, "left")
    not_above = np.searchsorted(others, scores, "right")
    return np.asarray((below + not_above) / (2 * others.size))


def _threshold(noise: Floats, false_alarm: float) -> float:
    """Level above which a new trial of noise lies with this probability (Weibull's plotting)."""
    return float(np.quantile(noise, 1 - false_alarm, method="weibull"))


def _tuned_hit_rate(noise: Floats, petal: Floats, false_alarm: float) -> Estimate:
    """Hit rate at the tuned threshold, which is itself uncertain.

    The false-alarm rate that the tuned threshold really has is off by about one standard error;
    half the change of the hit rate from one below to one above is the error this brings.
    """

    def hits(rate: float) -> float:
        return float((petal > _threshold(noise, min(max(rate, 0.0), 1.0))).mean())

    hit, off = hits(false_alarm), math.sqrt(false_alarm * (1 - false_alarm) / noise.size)
    from_threshold = (hits(false_alarm + off) - hits(false_alarm - off)) / 2
    return _normal_interval(hit, math.hypot(_binomial_error(hit, petal.size), from_threshold), 0, 1)


def _proportion(fired: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Estimate:
    """Share that fired, with Wilson's interval."""
    share, trials = float(fired.mean()), fired.size
    shrink = 1 / (1 + _Z**2 / trials)
    middle = shrink * (share + _Z**2 / (2 * trials))
    half = shrink * _Z * math.sqrt(share * (1 - share) / trials + (_Z / (2 * trials)) ** 2)
    error = _binomial_error(share, trials)
    return Estimate(share, error, max(middle - half, 0.0), min(middle + half, 1.0))


def _binomial_error(share: float, trials: int) -> float:
    return math.sqrt(share * (1 - share) / trials)


def _mean(scores: Floats) -> Estimate:
    error = float(scores.std(ddof=1)) / math.sqrt(scores.size)
    return _normal_interval(float(scores.mean()), error)


def _deviation(scores: Floats) -> Estimate:
    """Standard deviation; its error is that of the variance, halved and divided by it."""
    sd = float(scores.std(ddof=1))
    squares = (scores - scores.mean()) ** 2
    error = float(squares.std(ddof=1)) / math.sqrt(scores.size) / (2 * sd)
    return _normal_interval(sd, error)


def _normal_interval(
    value: float, error: float, lowest: float = -math.inf, highest: float = math.inf
) -> Estimate:
    low, high = value - _Z * error, value + _Z * error
    return Estimate(value, error, max(low, lowest), min(high, highest))
