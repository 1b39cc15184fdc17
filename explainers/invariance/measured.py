"""Pooling operators measured on moved maps: how much changes, how much is merely moved along.

Maps have shape (maps, H, W) and wrap round, as do the moves and the operators: so there is no
border, and what is measured is due to pooling alone. Two questions are asked of a pooling P and a
map x moved by d, S_d x:

- `change`, `unchanged`: is P(S_d x) still P(x)? That is invariance.
- `equivariance_error`: is P(S_d x) at least P(x), moved by whole elements? That is equivariance.

Differences are relative: 0 is no difference, 1 that of maps which have nothing to do with each
other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import intervals
from explainers.checks import Floats, choice, generator, integer, integers, reals, refuse
from explainers.intervals import Interval
from explainers.maps import smooth_maps
from explainers.operators import (
    avg_pool2d,
    blur_pool2d,
    conv2d,
    max_blur_pool2d,
    max_pool2d,
    polyphase_pool2d,
    shift2d,
    subsample2d,
)
from explainers.operators.windows import flag

Operator: TypeAlias = Callable[[Floats], Floats]

METHODS = ("max", "mean", "subsample", "max blur", "blur", "max polyphase")
"""What can be done to a map: see `pooling`."""

MAPS = 100
"""Random maps, in what the site shows."""

_LARGEST = 1024


# Operators


def pooling(
    method: str = "max", kernel_size: int = 2, stride: int | None = None, blur: int = 3
) -> Operator:
    """Return a pooling operator without borders: its windows wrap round.

    Parameters
    ----------
    method
        ``"max"`` or ``"mean"`` of each window; ``"subsample"``, the first value of each;
        ``"max blur"``, the max at every place, blurred before subsampling; ``"blur"``, the values
        themselves blurred before subsampling; ``"max polyphase"``, the max at every place, then
        the subsampling phase with the largest norm.
    kernel_size
        Height and width of a window, 1 to 1024; means nothing to ``"subsample"`` and ``"blur"``.
    stride
        Elements from one window to the next, 1 to 1024; by default `kernel_size`.
    blur
        Taps of the binomial filter, 2 to 7, if there is one.

    Returns
    -------
    callable
        Takes maps (..., H, W), both divisible by the stride, to (..., H / stride, W / stride).

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> pooling("max", kernel_size=3, stride=2)(np.arange(16.0).reshape(4, 4))
    array([[10., 11.],
           [14., 15.]])
    """
    kernel = integer("kernel_size", kernel_size, 1, _LARGEST)
    step = kernel if stride is None else integer("stride", stride, 1, _LARGEST)
    taps = integer("blur", blur, 2, 7)
    operators: dict[str, Operator] = {
        "max": lambda maps: max_pool2d(_wrapped(maps, kernel, step), kernel, step),
        "mean": lambda maps: avg_pool2d(_wrapped(maps, kernel, step), kernel, step),
        "subsample": lambda maps: subsample2d(maps, step),
        "max blur": lambda maps: max_blur_pool2d(maps, kernel, step, taps, "circular"),
        "blur": lambda maps: blur_pool2d(maps, 1, step, taps, "circular"),
        "max polyphase": lambda maps: polyphase_pool2d(
            max_pool2d(_wrapped(maps, kernel, 1), kernel, 1), step
        ),
    }
    return operators[choice("method", method, METHODS)]


def _wrapped(maps: Floats, kernel: int, stride: int) -> Floats:
    """Continue maps below and to the right by what the last windows lack, or cut what is over."""
    height, width = (np.arange(side + kernel - stride) % side for side in maps.shape[-2:])
    return maps[..., height[:, None], width]


# Invariance: does the pooled map stay?


def change(operator: Operator, maps: ArrayLike, dy: int = 0, dx: int = 0) -> Interval[float]:
    """Relative RMS change of the pooled maps when the maps before them move.

    Parameters
    ----------
    operator
        Takes (maps, H, W) to (maps, H′, W′), such as `pooling` returns.
    maps
        Shape (maps, H, W), or (H, W).
    dy, dx
        How far the maps move, down and to the right, round.

    Returns
    -------
    Interval[float]
        0: nothing changes. 1: the pooled maps before and after are as different as those of
        unrelated maps. Up to √2: each is the other's opposite.

    Raises
    ------
    ValueError
        If `maps` is not such an array, or `dy` or `dx` is not a whole number.

    Notes
    -----
    √(mean squared difference / 2 variance), the variance being that of all pooled values, before
    and after: unrelated values with a common distribution differ by 2 variances. The interval is
    that of a ratio of means over maps. On stationary maps, each pooled value has the same chances
    as any other: so the change does not depend on the stride.

    Examples
    --------
    >>> maps = smooth_maps(20, 32, length=3)
    >>> sharp, dull = (change(pooling(m), maps, dx=1).value for m in ("subsample", "mean"))
    >>> round(sharp, 2), round(dull, 2)
    (0.23, 0.22)
    """
    values = _maps(maps)
    return relative_change(operator(values), operator(_moved(values, dy, dx)))


def relative_change(before: ArrayLike, after: ArrayLike) -> Interval[float]:
    """Relative RMS difference of two stacks of pooled maps, as in `change`.

    Parameters
    ----------
    before, after
        Shape (maps, H, W), or (H, W), both the same.

    Returns
    -------
    Interval[float]

    Raises
    ------
    ValueError
        If they are not such arrays.

    Examples
    --------
    >>> round(relative_change([[0.0, 1.0]], [[1.0, 0.0]]).value, 4)
    1.4142
    """
    first, second = _maps(before, "before"), _maps(after, "after")
    if first.shape != second.shape:
        refuse("shape of after", second.shape, f"that of before, {first.shape}")
    return _relative(_squares(second - first), first, second)


def unchanged(
    operator: Operator, maps: ArrayLike, dy: int = 0, dx: int = 0, *, whole: bool = False
) -> Interval[float]:
    """Share of pooled values, or of whole pooled maps, that stay the same to the last bit.

    Parameters
    ----------
    operator, maps, dy, dx
        As in `change`.
    whole
        Count a map only if all its pooled values stay.

    Returns
    -------
    Interval[float]
        The interval is that of a mean over maps.

    Raises
    ------
    ValueError
        If `maps` is not such an array, or `dy` or `dx` is not a whole number.

    Examples
    --------
    >>> from explainers.maps import lone_peaks
    >>> unchanged(pooling("max"), lone_peaks(4), dx=1, whole=True).value
    0.5
    """
    values, entire = _maps(maps), flag("whole", whole)
    same = operator(values) == operator(_moved(values, dy, dx))
    share = same.all(axis=(1, 2)) if entire else same.mean(axis=(1, 2))
    return intervals.scalar(intervals.within(intervals.of_mean(share), 0, 1))


# Equivariance: does the pooled map move along?


def equivariance_error(
    operator: Operator,
    maps: ArrayLike,
    dy: int = 0,
    dx: int = 0,
    *,
    fractional: bool = False,
) -> Interval[float]:
    """Relative RMS difference between pooling the moved maps and moving the pooled maps.

    Parameters
    ----------
    operator
        Takes (maps, H, W) to (maps, H′, W′), H′ and W′ divisors of H and W, such as `pooling`
        returns.
    maps, dy, dx
        As in `change`.
    fractional
        Whether pooled maps may also move by a part of an element (Fourier interpolation).

    Returns
    -------
    Interval[float]
        0: the pooled maps move along, and nothing else happens. 1: they are as different from
        the moved ones as those of unrelated maps.

    Raises
    ------
    ValueError
        If `maps` is not such an array, `dy` or `dx` is not a whole number, or the pooled size does
        not divide the size of the maps.

    Notes
    -----
    With s = H / H′ the pooled map would have to move by dy / s. If that is no whole number, the
    better of the two whole numbers around it is taken, for each map and along each axis; or, with
    `fractional`, dy / s itself if it is better still. What is left is the error that moving the
    pooled map cannot repair. Relative as in `change`.

    Examples
    --------
    >>> from explainers.maps import busy_maps
    >>> maps = busy_maps(20, 32)
    >>> [round(equivariance_error(pooling("max"), maps, dx=d).value, 2) for d in range(5)]
    [0.0, 0.77, 0.0, 0.77, 0.0]
    """
    values = _maps(maps)
    before, after = operator(values), operator(_moved(values, dy, dx))
    down, across = _factors(values.shape[1:], before.shape[1:])
    parts = flag("fractional", fractional)
    candidates = [
        _moved(before, *move) for move in itertools.product(_around(dy, down), _around(dx, across))
    ]
    if parts and (dy % down or dx % across):
        candidates.append(_moved_between(before, dy / down, dx / across))
    left = [_squares(after - candidate) for candidate in candidates]
    return _relative(np.min(left, axis=0), before, after)


def _factors(size: tuple[int, ...], pooled: tuple[int, ...]) -> list[int]:
    if any(side % small for side, small in zip(size, pooled, strict=True)):
        refuse("operator", pooled, f"one whose output's size divides that of the maps, {size}")
    return [side // small for side, small in zip(size, pooled, strict=True)]


def _around(distance: int, factor: int) -> set[int]:
    """Return the whole numbers next to distance / factor, or itself."""
    return {distance // factor, -(-distance // factor)}


def _moved_between(maps: Floats, dy: float, dx: float) -> Floats:
    """Move maps round by parts of elements: the smoothest curve through the values moves."""
    rows, columns = (_phases(size, d) for size, d in zip(maps.shape[1:], (dy, dx), strict=True))
    return np.asarray(np.fft.ifft2(np.fft.fft2(maps) * rows[:, None] * columns).real)


def _phases(size: int, distance: float) -> NDArray[np.complex128]:
    angle = 2 * np.pi * distance * np.fft.fftfreq(size)
    # The fastest wave that fits is +1, −1, ...: between its values nothing else is known.
    phases: NDArray[np.complex128] = np.where(
        np.fft.fftfreq(size) == -0.5, np.cos(angle), np.exp(-1j * angle)
    )
    return phases


def comb(
    depth: int,
    shifts: Iterable[int],
    method: str = "max",
    *,
    fractional: bool = False,
    length: float = 0,
    maps: int = 32,
    size: int = 64,
    seed: int = 0,
) -> Interval[Floats]:
    """Measure the equivariance error after `depth` poolings of 2 × 2 windows, stride 2.

    Parameters
    ----------
    depth
        Number of poolings one after the other, 0 to 10; 2^depth divides `size`.
    shifts
        How far the maps move to the right, whole numbers.
    method
        As in `pooling`.
    fractional
        As in `equivariance_error`.
    length, maps, size, seed
        As in `explainers.maps.smooth_maps`.

    Returns
    -------
    Interval[Floats]
        For each shift, the error and its interval. It is 0 where 2^depth divides the shift:
        the teeth of a comb, further apart with each pooling.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> comb(2, range(9)).value.round(1).tolist()
    [0.0, 0.5, 0.7, 0.6, 0.0, 0.5, 0.7, 0.6, 0.0]
    """
    stages = integer("depth", depth, 0, 10)
    noise = smooth_maps(maps, size, length, seed)
    if size % 2**stages:
        refuse("size", size, f"divisible by 2^depth, here {2**stages}")
    stage = pooling(method, 2)
    operator = partial(_repeated, stage, stages)
    moves = integers("shifts", list(shifts), -size, size).ravel().tolist()
    return _series(
        [equivariance_error(operator, noise, 0, d, fractional=fractional) for d in moves]
    )


def _repeated(operator: Operator, times: int, maps: Floats) -> Floats:
    for _ in range(times):
        maps = operator(maps)
    return maps


# A global pooling behind a network


class GlobalPool(NamedTuple):
    """What a move of the picture does to the globally pooled outputs of random networks.

    Attributes
    ----------
    unchanged
        Share of the outputs that stay the same to the last bit.
    change
        Their relative RMS change, as in `change`: 1 is the difference of unrelated pictures. The
        interval is over networks.
    """

    unchanged: float
    change: Interval[float]


def global_pool_behind(
    poolings: int,
    dx: int = 1,
    *,
    method: str = "max",
    border: str = "circular",
    networks: int = 30,
    pictures: int = 32,
    seed: int = 0,
) -> GlobalPool:
    """Move pictures of noise, and compare the global pooling of random networks' last maps.

    Parameters
    ----------
    poolings
        How many max poolings of 2 × 2, stride 2, come before the global one, 0 to 5; each stands
        behind a convolution of 3 × 3 and a rectifier, as the global one does.
    dx
        How far the pictures move to the right.
    method
        The global pooling: ``"max"`` or ``"mean"``.
    border
        ``"circular"``: all wraps round. ``"zeros"``: what leaves the picture is lost, zeros enter,
        and each convolution has zeros around its input.
    networks
        Number of networks, each with 4 outputs, 1 to 1000.
    pictures
        Shown to each network, 2 to 1000.
    seed
        At least 0.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Pictures and weights are small whole numbers, so that sums are exact in any order. Outputs
    that are the same for all pictures are left out.

    Examples
    --------
    >>> [round(global_pool_behind(1, d, networks=8).unchanged, 2) for d in (1, 2)]
    [0.1, 1.0]
    """
    stages = integer("poolings", poolings, 0, 5)
    outer = choice("border", border, ("circular", "zeros"))
    last = np.max if choice("method", method, ("max", "mean")) == "max" else np.mean
    rng, size = generator(seed), max(32, 2 ** (stages + 1))
    same, ratios = [], []
    for _ in range(integer("networks", networks, 1, 1000)):
        shape = (integer("pictures", pictures, 2, 1000), 1, size, size)
        shown = rng.integers(0, 99, shape).astype(np.float64)
        weights = [
            rng.integers(-3, 4, (_CHANNELS, channels, 3, 3)).astype(np.float64)
            for channels in [1] + [_CHANNELS] * stages
        ]
        both = shown, shift2d(shown, 0, dx, mode=outer)
        pooled = np.stack([last(_last_maps(x, weights, outer), axis=(2, 3)) for x in both])
        # Of few pictures, their variance would be too small by chance, and the change too large.
        spread = pooled.var(axis=1, ddof=1).mean(axis=0)
        alive = spread > 0
        before, after = pooled[..., alive]
        same.append((before == after).ravel())
        if alive.any():
            ratios.append(np.mean(((after - before) ** 2).mean(axis=0) / (2 * spread[alive])))
    if not ratios:
        raise ValueError("networks must be more: no output of these depends on the picture")
    change = intervals.root(intervals.of_mean(ratios))
    return GlobalPool(float(np.concatenate(same).mean()), intervals.scalar(change))


_CHANNELS = 4


def _last_maps(pictures: Floats, weights: list[Floats], border: str) -> Floats:
    """Convolve and rectify, with a pooling between each two convolutions."""
    maps = pictures
    for stage, weight in enumerate(weights):
        maps = max_pool2d(maps, 2) if stage else maps
        maps = np.maximum(conv2d(maps, weight, padding=1, padding_mode=border), 0)
    return maps


def stacked_with_convolutions(depth: int, d: int, *, networks: int = 200, seed: int = 0) -> Floats:
    """Share of a lone peak's places that leave all unchanged, with convolutions between poolings.

    Parameters
    ----------
    depth
        Number of max poolings of 2 × 2, 1 to 5. Between two of them is a convolution of 3 × 3 with
        positive random weights.
    d
        How far the peak moves along one axis.
    networks
        Number of networks, each with weights of its own, 1 to 10 000.
    seed
        At least 0.

    Returns
    -------
    Floats
        For each network, the share of the places along the axis.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Weights are whole numbers, so that sums are exact in any order. All wraps round, and the
    strides multiply to 2^depth: so places further than that along the axis repeat.

    A second pooling hides a move that the first lets through only where the kernel between them is
    weakest in its middle column, in both of the bands of rows that its windows part it into. Of
    independent weights with one distribution that is one kernel in nine.

    Examples
    --------
    >>> stacked_with_convolutions(3, 1, networks=4)
    array([0.5, 0.5, 0.5, 0.5])
    >>> bool((stacked_with_convolutions(3, 1, networks=40) > 0.5).any())
    True
    """
    stages, rng = integer("depth", depth, 1, 5), generator(seed)
    side, places = 2 ** (stages + 2), np.arange(2**stages)
    peaks = np.zeros((len(places), side, side))
    peaks[places, side // 2, places] = 1
    first = [max_pool2d(x, 2) for x in (peaks, _moved(peaks, 0, integer("d", d, -side, side)))]
    shares = []
    for _ in range(integer("networks", networks, 1, 10_000)):
        before, after = first
        for _ in range(stages - 1):
            weight = rng.integers(1, 99, (1, 1, 3, 3)).astype(np.float64)
            before, after = (max_pool2d(_convolved(x, weight), 2) for x in (before, after))
        shares.append((before == after).all(axis=(1, 2)).mean())
    return np.array(shares)


def _convolved(maps: Floats, weight: Floats) -> Floats:
    found: Floats = conv2d(maps[:, None], weight, padding=1, padding_mode="circular")[:, 0]
    return found


# Tables


def change_by_smoothness(
    lengths: Sequence[float],
    methods: Sequence[str] = METHODS[:5],
    *,
    dy: int = 0,
    dx: int = 1,
    kernel_size: int = 2,
    stride: int | None = None,
    blur: int = 3,
    maps: int = 100,
    size: int = 64,
    seed: int = 0,
) -> Interval[Floats]:
    """Measure how much pooled maps change, from rough maps to smooth ones.

    Parameters
    ----------
    lengths
        Correlation lengths of the maps, as in `explainers.maps.smooth_maps`.
    methods, kernel_size, stride, blur
        As in `pooling`.
    dy, dx
        As in `change`.
    maps, size, seed
        As in `explainers.maps.smooth_maps`.

    Returns
    -------
    Interval[Floats]
        Shape (methods, lengths).

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    The lengths share their noise, and the methods their maps. For a linear method the change is
    √(1 − ρ), with ρ the correlation of a pooled value with the one (dy, dx) away.

    Examples
    --------
    >>> change_by_smoothness([0, 2], ["max", "mean"], maps=20).value.round(2).tolist()
    [[0.74, 0.34], [0.7, 0.32]]
    """
    operators = [pooling(method, kernel_size, stride, blur) for method in methods]
    noise = [smooth_maps(maps, size, length, seed) for length in lengths]
    return _stacked([_series([change(op, x, dy, dx) for x in noise]) for op in operators])


def blur_repair(
    blurs: Sequence[int] = (2, 3, 4, 5, 6, 7),
    methods: Sequence[str] = ("max blur", "blur"),
    *,
    dy: int = 0,
    dx: int = 1,
    kernel_size: int = 2,
    stride: int | None = None,
    fractional: bool = True,
    length: float = 0,
    maps: int = 100,
    size: int = 64,
    seed: int = 0,
) -> Interval[Floats]:
    """Measure how far a blur before subsampling repairs the equivariance error.

    Parameters
    ----------
    blurs
        Taps of the binomial filters, each 2 to 7.
    methods, kernel_size, stride
        As in `pooling`.
    dy, dx, fractional
        As in `equivariance_error`.
    length, maps, size, seed
        As in `explainers.maps.smooth_maps`.

    Returns
    -------
    Interval[Floats]
        Shape (methods, blurs).

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> blur_repair([2, 3, 7], ["max blur"], maps=20).value.round(2).tolist()
    [[0.39, 0.26, 0.05]]
    """
    noise = smooth_maps(maps, size, length, seed)
    operators = [[pooling(m, kernel_size, stride, taps) for taps in blurs] for m in methods]
    return _stacked(
        [
            _series([equivariance_error(op, noise, dy, dx, fractional=fractional) for op in row])
            for row in operators
        ]
    )


# What the measurements share


def _moved(maps: Floats, dy: int, dx: int) -> Floats:
    return shift2d(maps, dy, dx, mode="circular")


def _squares(difference: Floats) -> Floats:
    """Return each map's mean square."""
    mean: Floats = (difference**2).mean(axis=(1, 2))
    return mean


def _relative(squares: Floats, before: Floats, after: Floats) -> Interval[float]:
    """Return √(mean square / 2 variance) from each map's mean square, with its interval."""
    both = np.stack([before, after], axis=1)
    spread = ((both - both.mean()) ** 2).mean(axis=(1, 2, 3))
    unrelated = 2 * float(spread.mean())
    if unrelated == 0:  # every value is the same, so nothing has changed
        return Interval(0.0, 0.0, 0.0)
    ratio = float(squares.mean()) / unrelated
    error = intervals.standard_error((squares - 2 * ratio * spread) / unrelated)
    return intervals.scalar(intervals.root(intervals.around(ratio, error)))


def _series(estimates: list[Interval[float]]) -> Interval[Floats]:
    return Interval(*np.array(estimates).reshape(-1, 3).T)


def _stacked(rows: list[Interval[Floats]]) -> Interval[Floats]:
    return Interval(*map(np.stack, zip(*rows, strict=True)))


# Checking


def _maps(maps: ArrayLike, name: str = "maps") -> Floats:
    array = reals(name, maps, "an array of numbers of shape (maps, H, W) or (H, W)")
    if array.ndim not in (2, 3) or not array.size:
        refuse(f"shape of {name}", array.shape, "(maps, H, W) or (H, W), none of them 0")
    if not np.isfinite(array).all():
        refuse(name, array[~np.isfinite(array)][0], "finite everywhere")
    return array if array.ndim == 3 else array[None]
