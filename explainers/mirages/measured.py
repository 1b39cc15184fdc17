"""How often a detector on pooled maps accepts a scrambled flower.

A true flower varies: as a whole and part by part, by up to `jitter` elements along each axis. Each
unit of its maps answers 1 at a part and 0 elsewhere, plus normal noise. The maps are pooled, and
the detector adds up the pooled values, each weighted by how often a part is there in true flowers:
a template match. Its threshold is such that it accepts a given share of true flowers; so all
poolings are compared at equal acceptance, and what differs is which scrambled flowers pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainers import intervals
from explainers.checks import Floats, Ints, at_least_zero, choice, integer, refuse
from explainers.intervals import Interval
from explainers.mirages.model import Parts, flower
from explainers.operators import avg_pool2d, max_pool2d
from explainers.operators.windows import flag

SCRAMBLES = ("inside", "swapped", "permuted", "anywhere")
"""What is done to a true flower's parts: each put somewhere in its own window; two petals
exchanged; all petals put in one another's places, none in its own; all put anywhere."""
METHODS = ("max", "mean")
"""What is taken of each window."""
SIZE = 32
"""Height and width of the map; its windows are 2ⁿ wide, up to the whole map."""
WINDOWS = (1, 2, 4, 8, 16, 32)
"""Strides of the pooling: from no pooling to global pooling."""
ACCEPTED = 0.95
"""Share of true flowers that every detector accepts, unless told otherwise."""

DRAWS = 200
"""Flowers of each kind, each time, in what the site shows."""
REPEATS = 12
"""Times that what the site shows is measured: each time other flowers set the threshold."""

_MOST_DRAWS = 5000
_MOST_REPEATS = 100
_LEAST_REPEATS = 6
_FARTHEST = 4
_AROUND = 7  # windows along an axis of the map of pairs: no pair meets itself on the other side
_BETWEEN = "one number above 0 and below 1"
INSIDE = "inside"
DETECTORS = ("at its place", "pool, then look", "look, then pool")
"""Detectors that look at the arrangement without a pool, after a global one, and before it."""
SHOWN = ("true", "moved", "swapped", "scrambled")
"""What they are shown: true flowers, true ones moved to anywhere, two petals exchanged, and parts
put anywhere."""

Maps: TypeAlias = NDArray[np.float32]
Accepts: TypeAlias = "Callable[[Maps], int]"
Places: TypeAlias = Ints  # (draws, parts, 2): row and column


class Acceptance(NamedTuple):
    """How often a detector on pooled maps accepts.

    Attributes
    ----------
    scrambled
        Share of the scrambled flowers; shape (scrambles, windows).
    true
        Share of fresh true flowers, on which nothing was tuned; shape (windows,).
    """

    scrambled: Interval[Floats]
    true: Interval[Floats]


class Pairs(NamedTuple):
    """How well overlapping windows tell where two like parts are.

    Attributes
    ----------
    distance
        The larger of the two parts' distances along the axes: 1, 2, …
    told
        Share of the pairs at that distance whose pooled map no other pair has.
    sharing
        How many pairs share the pooled map of a random one, on average.
    """

    distance: Ints
    told: Floats
    sharing: Floats


# Detectors


def pooled(maps: Maps, stride: int, *, method: str = "max", overlap: bool = False) -> Maps:
    """Pool maps of `SIZE` by a stride that divides it, with windows side by side or overlapping.

    Parameters
    ----------
    maps
        Shape (..., 32, 32).
    stride
        Of `WINDOWS`: also the side of a window, if they do not overlap.
    method
        ``"max"`` or ``"mean"``.
    overlap
        Whether windows are half as wide again: 3 × 3 for stride 2, as is usual.

    Returns
    -------
    ndarray
        Shape (..., 32 / stride, 32 / stride) in either case.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> pooled(np.eye(32), 16, overlap=True)
    array([[1., 1.],
           [1., 1.]])
    """
    operator = max_pool2d if choice("method", method, METHODS) == "max" else avg_pool2d
    step = _stride("stride", stride)
    extra = step // 2 if flag("overlap", overlap) and step < SIZE else 0
    return operator(maps, step + extra, step, padding=(extra + 1) // 2)


def acceptance(
    windows: Sequence[int] = WINDOWS,
    scrambles: Sequence[str] = SCRAMBLES,
    *,
    directed: bool = True,
    method: str = "max",
    overlap: bool = False,
    petals: int = 8,
    radius: int = 10,
    jitter: int = 1,
    noise_sd: float = 0.1,
    accepted: float = ACCEPTED,
    draws: int = 400,
    repeats: int = 1,
    seed: int = 0,
) -> Acceptance:
    """Measure how often a detector on pooled maps accepts scrambled flowers.

    Parameters
    ----------
    windows
        Strides of the pooling, of `WINDOWS`.
    scrambles
        Of `SCRAMBLES`.
    directed, petals, radius
        As in `explainers.mirages.model.flower`. Without directions, exchanging petals changes
        nothing.
    method, overlap
        As in `pooled`. Scrambling inside takes each window as wide as its stride.
    jitter
        How far the flower, and each part of it, may be off, 0 to 4; the ring keeps inside.
    noise_sd
        Standard deviation of each unit's noise; a part's answer is 1.
    accepted
        Share of true flowers that the threshold lets pass, above 0 and below 1.
    draws
        True flowers to set the threshold, fresh true flowers, and flowers scrambled in each way:
        so many each, 2 to 5000.
    repeats
        Times that all this is done, each with a threshold of its own: 1, or 6 to 100.
    seed
        At least 0; each repeat takes the next one.

    Returns
    -------
    Acceptance

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Scrambled flowers have as many parts and as much noise as true ones; like parts that meet in
    one place count once. Thresholds are quantiles of n + 1 parts: so over many thresholds, each set
    by n flowers, the share of true ones that pass is the one asked for. Scrambling parts inside
    windows that lie side by side leaves the distribution of the pooled maps as it is: in the long
    run such flowers pass as often as true ones. Poolings and scrambles share their flowers and
    noise, and each is the same whatever else is asked for. Intervals are over flowers and, with
    repeats, over the thresholds that they set; with one repeat the threshold counts as known.

    Examples
    --------
    >>> result = acceptance([1, 32], ["anywhere"], draws=100)
    >>> result.scrambled.value.round().tolist()
    [[0.0, 1.0]]
    """
    strides = [_stride("windows", window) for window in windows]
    kinds = [choice("scrambles", kind, SCRAMBLES) for kind in scrambles]
    count, level = integer("draws", draws, 2, _MOST_DRAWS), share("accepted", accepted)
    pools = [partial(pooled, stride=stride, method=method, overlap=overlap) for stride in strides]
    passed = []
    for number in seeds(seed, repeats):
        flowers = _Flowers(petals, radius, directed, jitter, noise_sd, number)
        fresh, clean, noisy = flowers.true(count), *flowers.samples(count)
        noise = flowers.noise(clean.shape, "fresh")
        unseen = flowers.clean(fresh) + noise
        moved = {
            kind: flowers.clean(flowers.scrambled(fresh, kind)) + noise
            for kind in kinds
            if kind != INSIDE
        }
        rows = []
        for stride, pool in zip(strides, pools, strict=True):
            accepts = _detector(clean, noisy, level, pool)
            if INSIDE in kinds:
                moved[INSIDE] = flowers.clean(flowers.inside(fresh, stride)) + noise
            rows.append([accepts(maps) for maps in (unseen, *(moved[kind] for kind in kinds))])
        passed.append(np.transpose(rows))
    shares = over_thresholds(np.array(passed), count)
    return Acceptance(Interval(*(x[1:] for x in shares)), Interval(*(x[0] for x in shares)))


def example(kind: str = "true", stride: int = 8, seed: int = 0) -> Parts:
    """Return one flower of `explainers.mirages.model.flower`, true or scrambled.

    Parameters
    ----------
    kind
        ``"true"``, or one of `SCRAMBLES`.
    stride
        Of `WINDOWS`: how wide the windows are that ``"inside"`` means.
    seed
        At least 0.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> (example("inside").row // 8 == example().row // 8).all()
    np.True_
    """
    choice("kind", kind, ("true", *SCRAMBLES))
    flowers = _Flowers(petals=8, radius=10, directed=True, jitter=0, noise_sd=0, seed=seed)
    window, places = _stride("stride", stride), flowers.true(1)
    if kind != "true":
        inside = kind == INSIDE
        places = flowers.inside(places, window) if inside else flowers.scrambled(places, kind)
    return flowers.parts._replace(row=places[0, :, 0], column=places[0, :, 1])


def before_or_after(
    *,
    petals: int = 8,
    radius: int = 10,
    jitter: int = 1,
    noise_sd: float = 0.1,
    accepted: float = ACCEPTED,
    reach: int = SIZE,
    draws: int = 400,
    repeats: int = 1,
    seed: int = 0,
) -> Interval[Floats]:
    """Measure what three detectors accept, which look at the arrangement before a pool or after it.

    Parameters
    ----------
    petals, radius, jitter, noise_sd, accepted, draws, repeats, seed
        As in `acceptance`; each petal's direction has a channel of its own.
    reach
        Side of the square around the flower's centre that the third detector sees at each place,
        1 to 32: its receptive field.

    Returns
    -------
    Interval[Floats]
        Shape (3, 4): `DETECTORS` × `SHOWN`. Moved flowers wrap round the map.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The first detector compares the map with a flower at its usual place. The second takes the max
    of each channel over the whole map, then compares. The third compares the map with a flower at
    every place, which is a convolution with a kernel of `reach`, then takes the max of all answers.
    Their thresholds accept the same share of true flowers.

    Examples
    --------
    >>> before_or_after(draws=100).value.round()[:, [1, 3]].tolist()
    [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]]
    """
    count, level = integer("draws", draws, 2, _MOST_DRAWS), share("accepted", accepted)
    seen = _within(integer("reach", reach, 1, SIZE))
    passed = []
    for number in seeds(seed, repeats):
        flowers = _Flowers(petals, radius, True, jitter, noise_sd, number)
        fresh, clean, noisy = flowers.true(count), *flowers.samples(count)
        noise = flowers.noise(clean.shape, "fresh")
        shown = [
            flowers.clean(places) + noise
            for places in (
                fresh,
                flowers.anywhere(fresh),
                flowers.scrambled(fresh, "swapped"),
                flowers.scrambled(fresh, "anywhere"),
            )
        ]
        accepts = (
            _detector(clean, noisy, level, partial(pooled, stride=1)),
            _detector(clean, noisy, level, partial(pooled, stride=SIZE)),
            _above(partial(_best_match, clean.mean(axis=0) * seen), noisy, level),
        )
        passed.append([[accept(maps) for maps in shown] for accept in accepts])
    return over_thresholds(np.array(passed), count)


def pairs_told_apart(kernel_size: int, stride: int) -> Pairs:
    """Count, over all places of two like parts, whose max-pooled map no other pair has.

    Parameters
    ----------
    kernel_size
        Height and width of a window, from `stride` to three strides.
    stride
        Elements from one window to the next, 1 to 4.

    Returns
    -------
    Pairs
        For distances up to three strides.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    All pairs on a map that wraps round and is seven strides wide: an enumeration.

    Examples
    --------
    >>> pairs_told_apart(3, 2).told.round(2).tolist()
    [0.0, 0.25, 0.67, 1.0, 1.0, 1.0]
    """
    step = integer("stride", stride, 1, 4)
    kernel = integer("kernel_size", kernel_size, step, 3 * step)
    row, column = _all_pairs(_AROUND * step)
    seen = _windows_seen(row, column, kernel, step)
    _, which, count = np.unique(seen[0] | seen[1], return_inverse=True, return_counts=True)
    sharing = count[which]
    apart = np.maximum(*(_around(place, _AROUND * step) for place in (row, column)))
    distance = np.arange(1, 3 * step + 1)
    told = [(sharing[apart == d] == 1).mean() for d in distance]
    return Pairs(distance, np.array(told), np.array([sharing[apart == d].mean() for d in distance]))


def _all_pairs(size: int) -> tuple[Ints, Ints]:
    """Return rows and columns of all pairs of two places on a map; each (2, pairs)."""
    places = np.stack(np.triu_indices(size**2, 1))
    return places // size, places % size


def _windows_seen(row: Ints, column: Ints, kernel: int, stride: int) -> Ints:
    """Return the windows that hold each place, round, one bit for each window."""
    size, starts = _AROUND * stride, stride * np.arange(_AROUND)
    rows, columns = ((np.arange(size)[:, None] - starts) % size < kernel for _ in "rc")
    both = (rows[:, None, :, None] & columns[None, :, None, :]).reshape(size, size, -1)
    bits: Ints = both @ (1 << np.arange(_AROUND**2))
    return bits[row, column]


def _around(places: Ints, size: int) -> Ints:
    """Return how far two places on a ring are apart."""
    apart: Ints = np.abs(places[0] - places[1])
    return np.minimum(apart, size - apart)


# Flowers


class _Flowers:
    """Draws true and scrambled flowers: places (draws, parts, 2), then maps of them."""

    def __init__(
        self, petals: int, radius: int, directed: bool, jitter: int, noise_sd: float, seed: int
    ) -> None:
        integer("petals", petals, 2)
        self.parts = flower(petals, radius, SIZE, directed=flag("directed", directed))
        room = SIZE - 1 - SIZE // 2 - radius
        self.jitter = integer("jitter", jitter, 0, min(_FARTHEST, room // 2))
        self.noise_sd = float(at_least_zero("noise_sd", noise_sd))
        self.seed = integer("seed", seed, 0)

    def true(self, draws: int, sample: str = "fresh") -> Places:
        """Move the whole flower, and each part, by up to `jitter` along each axis."""
        usual, rng = np.stack([self.parts.row, self.parts.column], axis=-1), self._rng(sample)
        whole, each = (
            rng.integers(-self.jitter, self.jitter, (draws, n, 2), endpoint=True)
            for n in (1, len(usual))
        )
        return usual + whole + each

    def samples(self, draws: int) -> tuple[Maps, Maps]:
        """Return clean maps of true flowers for the template, and noisy ones for the threshold."""
        clean, others = (self.clean(self.true(draws, s)) for s in ("template", "threshold"))
        return clean, others + self.noise(others.shape, "threshold")

    def inside(self, places: Places, window: int) -> Places:
        """Put each part anywhere in its window."""
        rng = self._rng(INSIDE, window)
        return places // window * window + rng.integers(0, window, places.shape)

    def scrambled(self, places: Places, kind: str) -> Places:
        """Exchange two petals or all of them, or put all parts anywhere."""
        rng = self._rng(kind)
        if kind == "anywhere":
            return rng.integers(0, SIZE, places.shape)
        draws, parts = places.shape[:2]
        order = 1 + np.argsort(rng.random((draws, parts - 1)))
        taken = order[:, : 2 if kind == "swapped" else None]
        scrambled = places.copy()
        draw = np.arange(draws)[:, None]
        scrambled[draw, taken] = places[draw, np.roll(taken, 1, axis=1)]
        return scrambled

    def anywhere(self, places: Places) -> Places:
        """Move the whole flower to anywhere on the map, which wraps round."""
        return (places + self._rng("moved").integers(0, SIZE, (len(places), 1, 2))) % SIZE

    def clean(self, places: Places) -> Maps:
        """Return maps (draws, channels, 32, 32), 1 at the parts."""
        maps: Maps = np.zeros((len(places), self.parts.channel.max() + 1, SIZE, SIZE), np.float32)
        maps[np.arange(len(places))[:, None], self.parts.channel, *np.moveaxis(places, -1, 0)] = 1
        return maps

    def noise(self, shape: tuple[int, ...], sample: str) -> Maps:
        """Return noise for so many maps."""
        normal = self._rng(f"noise on {sample}").standard_normal(shape, dtype=np.float32)
        return np.float32(self.noise_sd) * normal

    def _rng(self, stream: str, window: int = 0) -> np.random.Generator:
        """Random numbers of their own for each purpose: what else is drawn does not change them."""
        key = (_STREAMS.index(stream), window)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


_STREAMS = (
    "fresh", "noise on fresh", "template", "threshold", "noise on threshold", *SCRAMBLES, "moved",
)  # fmt: skip


# Detectors


def _detector(clean: Maps, noisy: Maps, accepted: float, pool: Callable[[Maps], Maps]) -> Accepts:
    """Return a detector that compares pooled maps with the mean of clean ones, pooled."""
    template = pool(clean).mean(axis=0)
    return _above(lambda maps: np.tensordot(pool(maps), template, template.ndim), noisy, accepted)


def _above(score: Callable[[Maps], Maps], noisy: Maps, accepted: float) -> Accepts:
    """Return what says how many maps score at least as high as this share of the noisy ones."""
    threshold = np.quantile(score(noisy), 1 - accepted, method="weibull")
    return lambda maps: int((score(maps) >= threshold).sum())


def _best_match(template: Maps, maps: Maps) -> Maps:
    """Compare maps with the template at every place, round, and return the best match."""
    spectrum = np.fft.rfft2(maps) * np.conj(np.fft.rfft2(template))
    best: Maps = np.fft.irfft2(spectrum.sum(axis=1)).max(axis=(1, 2))
    return best


def _within(reach: int) -> NDArray[np.bool_]:
    """Return which places of the map lie in a square around its middle."""
    inside = abs(np.arange(SIZE) - SIZE // 2) <= reach // 2
    return inside[:, None] & inside


def over_thresholds(passed: Ints, draws: int) -> Interval[Floats]:
    """Return shares of draws that passed, and their 95 % intervals.

    Parameters
    ----------
    passed
        How many passed, shape (repeats, ...): one threshold in each repeat.
    draws
        Of how many in each.

    Notes
    -----
    Wilson's interval, for as many draws as would vary so much by themselves: where the shares of
    the repeats scatter more than draws alone do, as their thresholds differ, fewer than were made.
    """
    repeats = len(passed)
    share, number = (passed / draws).mean(axis=0), np.full(passed.shape[1:], float(repeats * draws))
    z = intervals.Z if repeats == 1 else intervals.student(repeats - 1)
    if repeats > 1:
        found = (passed / draws).var(axis=0, ddof=1) / repeats
        expected = share * (1 - share) / (repeats * draws)
        number /= np.maximum(np.divide(found, expected, where=expected > 0, out=found * 0), 1)
    return intervals.wilson(share, number, z)


# Checking


def seeds(seed: int, repeats: int) -> range:
    """Return the seeds of the repeats."""
    number = integer("repeats", repeats, 1, _MOST_REPEATS)
    if 1 < number < _LEAST_REPEATS:
        refuse("repeats", repeats, f"1, or at least {_LEAST_REPEATS}: an interval needs as many")
    first = integer("seed", seed, 0)
    return range(first, first + number)


def _stride(name: str, value: int) -> int:
    if integer(name, value, 1) not in WINDOWS:
        refuse(name, value, "one of " + ", ".join(map(str, WINDOWS)))
    return value


def share(name: str, value: float) -> float:
    """Return `value` if it is one number strictly between 0 and 1."""
    share = at_least_zero(name, value)
    return float(share) if share.ndim == 0 and 0 < share < 1 else refuse(name, value, _BETWEEN)
