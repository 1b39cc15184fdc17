"""How often a detector on pooled maps accepts a scrambled flower.

A true flower varies: as a whole and part by part, by up to `jitter` elements along each axis. Each
unit of its maps answers 1 at a part and 0 elsewhere, plus normal noise. The maps are pooled, and
the detector adds up the pooled values, each weighted by how often a part is there in true flowers:
a template match. Its threshold is such that it accepts a given share of true flowers; so all
poolings are compared at equal acceptance, and what differs is which scrambled flowers pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explainers import intervals
from explainers.checks import Floats, Ints, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Seed, Whole, checked
from explainers.mirages.model import SIZE, Parts, flower
from explainers.operators import max_pool2d

INSIDE = "inside"
SCRAMBLES = (INSIDE, "swapped", "permuted", "anywhere")
"""What is done to a true flower's parts: each put somewhere in its own window; two petals
exchanged; all petals put in one another's places, none in its own; all put anywhere."""
WINDOWS = (1, 2, 4, 8, 16, 32)
"""Strides of the pooling: from no pooling to global pooling."""
DETECTORS = ("at its place", "pool, then look", "look, then pool")
"""Detectors that look at the arrangement without a pool, after a global one, and before it."""
SHOWN = ("true", "moved", "swapped", "scrambled")
"""What they are shown: true flowers, true ones moved to anywhere, two petals exchanged, and parts
put anywhere."""
ACCEPTED = 0.95
"""Share of true flowers that every detector accepts, unless told otherwise."""

DRAWS = 200
"""Flowers of each kind, each time, in what the site shows."""
REPEATS = 12
"""Times that what the site shows is measured: each time other flowers set the threshold."""

_LEAST_REPEATS = 6

Stride = Annotated[int, Choice(WINDOWS)]
Jitter = Annotated[int, Whole(0, 2)]
NoiseSd = Annotated[float, Number(0)]
Accepted = Annotated[float, Number(0, 1, open=True)]
Draws = Annotated[int, Whole(2, 5000)]
Repeats = Annotated[int, Whole(1, 100)]

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


# After a pool


@checked
def pooled(maps: Maps, stride: Stride, *, overlap: bool = False) -> Maps:
    """Return max-pooled maps, from windows side by side or overlapping.

    Parameters
    ----------
    maps
        Shape (..., 32, 32).
    stride
        Also the side of a window, if they do not overlap.
    overlap
        Whether windows are half as wide again: 3 × 3 for stride 2, as is usual.

    Returns
    -------
    ndarray
        Shape (..., 32 / stride, 32 / stride) in either case.

    Examples
    --------
    >>> pooled(np.eye(32), 16, overlap=True)
    array([[1., 1.],
           [1., 1.]])
    """
    extra = stride // 2 if overlap else 0
    return max_pool2d(maps, stride + extra, stride, padding=(extra + 1) // 2)


@checked
def acceptance(
    windows: Sequence[int] = WINDOWS,
    scrambles: Sequence[str] = SCRAMBLES,
    *,
    directed: bool = True,
    overlap: bool = False,
    petals: Annotated[int, Whole(2, 63)] = 8,
    jitter: Jitter = 1,
    noise_sd: NoiseSd = 0.1,
    accepted: Accepted = ACCEPTED,
    draws: Draws = 400,
    repeats: Repeats = 1,
    seed: Seed = 0,
) -> Acceptance:
    """Measure how often a detector on max-pooled maps accepts scrambled flowers.

    Parameters
    ----------
    windows
        Strides of the pooling, of `WINDOWS`.
    scrambles
        Of `SCRAMBLES`.
    directed, petals
        As in `explainers.mirages.model.flower`. Without directions, exchanging petals changes
        nothing.
    overlap
        As in `pooled`. Scrambling inside takes each window as wide as its stride.
    jitter
        How far the flower, and each part of it, may be off.
    noise_sd
        Standard deviation of each unit's noise; a part's answer is 1.
    accepted
        Share of true flowers that the threshold lets pass.
    draws
        True flowers to set the threshold, fresh true flowers, and flowers scrambled in each way:
        so many each.
    repeats
        Times that all this is done, each with a threshold of its own: 1, or at least 6.
    seed
        Each repeat takes the next one.

    Returns
    -------
    Acceptance

    Raises
    ------
    ValueError
        If a window or a scramble is unknown, or the repeats are too few for an interval.

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
    strides = [Choice(WINDOWS).check("windows", window) for window in windows]
    kinds = [Choice(SCRAMBLES).check("scrambles", kind) for kind in scrambles]
    pools = {stride: partial(pooled, stride=stride, overlap=overlap) for stride in strides}
    passed = []
    for number in seeds(seed, repeats):
        flowers = _Flowers(flower(petals, directed=directed), jitter, noise_sd, draws, number)
        true, clean, tuning = flowers.true("fresh"), *flowers.samples()
        noise = flowers.noise("fresh")
        shown = {
            kind: flowers.clean(flowers.scrambled(true, kind)) + noise
            for kind in kinds
            if kind != INSIDE
        }
        shown["true"] = flowers.clean(true) + noise
        rows = []
        for stride in strides:
            accepts = _detector(clean, tuning, accepted, pools[stride])
            if INSIDE in kinds:
                shown[INSIDE] = flowers.clean(flowers.inside(true, stride)) + noise
            rows.append([accepts(shown[kind]) for kind in ("true", *kinds)])
        passed.append(np.transpose(rows))
    shares = over_thresholds(np.array(passed), draws)
    return Acceptance(Interval(*(x[1:] for x in shares)), Interval(*(x[0] for x in shares)))


@dataclass(frozen=True)
class _Flowers:
    """Draws of true and scrambled flowers: places (draws, parts, 2), then maps of them."""

    parts: Parts
    jitter: int
    noise_sd: float
    draws: int
    seed: int

    def true(self, sample: str) -> Places:
        """Move the whole flower, and each part, by up to `jitter` along each axis."""
        usual, rng = np.stack([self.parts.row, self.parts.column], axis=-1), self._rng(sample)
        whole, each = (
            rng.integers(-self.jitter, self.jitter, (self.draws, n, 2), endpoint=True)
            for n in (1, len(usual))
        )
        return usual + whole + each

    def samples(self) -> tuple[Maps, Maps]:
        """Return clean maps of true flowers for the template, and noisy ones for the threshold."""
        clean, others = (self.clean(self.true(sample)) for sample in ("template", "threshold"))
        return clean, others + self.noise("threshold")

    def inside(self, places: Places, window: int) -> Places:
        """Put each part anywhere in its window."""
        rng = self._rng(INSIDE, window)
        return places // window * window + rng.integers(0, window, places.shape)

    def scrambled(self, places: Places, kind: str) -> Places:
        """Exchange two petals or all of them, or put all parts anywhere."""
        rng = self._rng(kind)
        if kind == "anywhere":
            return rng.integers(0, SIZE, places.shape)
        petals = places.shape[1] - 1
        order = 1 + np.argsort(rng.random((self.draws, petals)))
        taken = order[:, : 2 if kind == "swapped" else None]
        scrambled = places.copy()
        draw = np.arange(self.draws)[:, None]
        scrambled[draw, taken] = places[draw, np.roll(taken, 1, axis=1)]
        return scrambled

    def moved(self, places: Places) -> Places:
        """Move the whole flower to anywhere on the map, which wraps round."""
        return (places + self._rng("moved").integers(0, SIZE, (self.draws, 1, 2))) % SIZE

    def clean(self, places: Places) -> Maps:
        """Return maps (draws, channels, 32, 32), 1 at the parts."""
        maps: Maps = np.zeros(self._shape, np.float32)
        maps[np.arange(self.draws)[:, None], self.parts.channel, *np.moveaxis(places, -1, 0)] = 1
        return maps

    def noise(self, sample: str) -> Maps:
        """Return noise for the maps of a sample."""
        normal = self._rng(f"noise on {sample}").standard_normal(self._shape, dtype=np.float32)
        return np.float32(self.noise_sd) * normal

    @property
    def _shape(self) -> tuple[int, ...]:
        return self.draws, int(self.parts.channel.max()) + 1, SIZE, SIZE

    def _rng(self, stream: str, window: int = 0) -> np.random.Generator:
        """Random numbers of their own for each purpose: what else is drawn does not change them."""
        key = (_STREAMS.index(stream), window)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


_STREAMS = (
    "fresh", "noise on fresh", "template", "threshold", "noise on threshold", *SCRAMBLES, "moved",
)  # fmt: skip


def _detector(clean: Maps, tuning: Maps, accepted: float, pool: Callable[[Maps], Maps]) -> Accepts:
    """Return a detector that compares pooled maps with the mean of clean ones, pooled."""
    template = pool(clean).mean(axis=0)
    return _above(lambda maps: np.tensordot(pool(maps), template, template.ndim), tuning, accepted)


def _above(score: Callable[[Maps], Maps], tuning: Maps, accepted: float) -> Accepts:
    """Return what says how many maps score at least as high as this share of the tuning ones."""
    threshold = np.quantile(score(tuning), 1 - accepted, method="weibull")
    return lambda maps: int((score(maps) >= threshold).sum())


@checked
def example(
    kind: Annotated[str, Choice(("true", *SCRAMBLES))], stride: Stride, seed: Seed
) -> Parts:
    """Return one flower of `explainers.mirages.model.flower`, true or scrambled.

    Parameters
    ----------
    kind
        ``"true"``, or one of `SCRAMBLES`.
    stride
        How wide the windows are that ``"inside"`` means.
    seed
        Of the random numbers.

    Examples
    --------
    >>> (example("inside", 8, seed=0).row // 8 == flower().row // 8).all()
    np.True_
    """
    flowers = _Flowers(flower(), jitter=0, noise_sd=0, draws=1, seed=seed)
    places = flowers.true("fresh")
    if kind != "true":
        inside = kind == INSIDE
        places = flowers.inside(places, stride) if inside else flowers.scrambled(places, kind)
    return flowers.parts._replace(row=places[0, :, 0], column=places[0, :, 1])


# Before a pool


@checked
def before_or_after(
    *,
    jitter: Jitter = 1,
    noise_sd: NoiseSd = 0.1,
    accepted: Accepted = ACCEPTED,
    reach: Annotated[int, Whole(1, SIZE)] = SIZE,
    draws: Draws = 400,
    repeats: Repeats = 1,
    seed: Seed = 0,
) -> Interval[Floats]:
    """Measure what three detectors accept, which look at the arrangement before a pool or after it.

    Parameters
    ----------
    jitter, noise_sd, accepted, draws, repeats, seed
        As in `acceptance`; each petal's direction has a channel of its own.
    reach
        Side of the square around the flower's centre that the third detector sees at each place:
        its receptive field.

    Returns
    -------
    Interval[Floats]
        Shape (3, 4): `DETECTORS` × `SHOWN`. Moved flowers wrap round the map.

    Raises
    ------
    ValueError
        If the repeats are too few for an interval.

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
    near = abs(np.arange(SIZE) - SIZE // 2) <= reach // 2
    passed = []
    for number in seeds(seed, repeats):
        flowers = _Flowers(flower(), jitter, noise_sd, draws, number)
        true, clean, tuning = flowers.true("fresh"), *flowers.samples()
        noise = flowers.noise("fresh")
        swapped, anywhere = (flowers.scrambled(true, kind) for kind in ("swapped", "anywhere"))
        shown = [
            flowers.clean(places) + noise
            for places in (true, flowers.moved(true), swapped, anywhere)
        ]
        seen = clean.mean(axis=0) * (near[:, None] & near)
        accepts = (
            _detector(clean, tuning, accepted, partial(pooled, stride=1)),
            _detector(clean, tuning, accepted, partial(pooled, stride=SIZE)),
            _above(partial(_best_match, seen), tuning, accepted),
        )
        passed.append([[accept(maps) for maps in shown] for accept in accepts])
    return over_thresholds(np.array(passed), draws)


def _best_match(template: Maps, maps: Maps) -> Maps:
    """Compare maps with the template at every place, round, and return the best match."""
    spectrum = np.fft.rfft2(maps) * np.conj(np.fft.rfft2(template))
    best: Maps = np.fft.irfft2(spectrum.sum(axis=1)).max(axis=(1, 2))
    return best


# Repeats


@checked
def seeds(seed: Seed, repeats: Repeats) -> range:
    """Return the seeds of the repeats.

    Raises
    ------
    ValueError
        If there are several, but too few for an interval over them.

    Examples
    --------
    >>> seeds(3, repeats=6)
    range(3, 9)
    """
    if 1 < repeats < _LEAST_REPEATS:
        refuse("repeats", repeats, f"1, or at least {_LEAST_REPEATS}: an interval needs as many")
    return range(seed, seed + repeats)


@checked
def over_thresholds(passed: Ints, draws: Draws) -> Interval[Floats]:
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

    Examples
    --------
    >>> [float(end.round(2)) for end in over_thresholds(np.array([50]), 100)]
    [0.5, 0.4, 0.6]
    """
    repeats, each = len(passed), passed / draws
    share = each.mean(axis=0)
    number = np.full(share.shape, float(repeats * draws))
    if repeats == 1:
        return intervals.wilson(share, number)
    found = each.var(axis=0, ddof=1) / repeats
    expected = share * (1 - share) / number
    excess = np.divide(found, expected, where=expected > 0, out=np.zeros_like(found))
    number /= np.maximum(excess, 1)
    return intervals.wilson(share, number, intervals.student(repeats - 1))
