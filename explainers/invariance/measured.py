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
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explainers import intervals
from explainers.checks import Floats, refuse
from explainers.intervals import Interval
from explainers.kinds import Choice, Each, Number, Seed, Whole, checked
from explainers.maps import Length, Maps, smooth_maps
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

Operator: TypeAlias = Callable[[Floats], Floats]

METHODS = ("max", "mean", "subsample", "max blur", "blur", "max polyphase")
"""What can be done to a map: see `pooling`."""

MAPS = 100
"""Random maps, in what the site shows."""

_SIZE = 64  # height and width of the maps in tables and combs
_CHANNELS = 4  # maps in each layer of a random network, and outputs

Method = Annotated[str, Choice(METHODS)]
Stack = Annotated[ArrayLike, Each(Number())]
Move = Annotated[int, Whole()]


# Operators


@checked
def pooling(
    method: Method = "max",
    kernel_size: Annotated[int, Whole(1, 1024)] = 2,
    stride: Annotated[int, Whole(1, 1024)] | None = None,
    blur: Annotated[int, Whole(2, 7)] = 3,
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
        Height and width of a window; means nothing to ``"subsample"`` and ``"blur"``.
    stride
        Elements from one window to the next; by default `kernel_size`.
    blur
        Taps of the binomial filter, if there is one.

    Returns
    -------
    callable
        Takes maps (..., H, W), both divisible by the stride, to (..., H / stride, W / stride).

    Examples
    --------
    >>> pooling("max", kernel_size=3, stride=2)(np.arange(16.0).reshape(4, 4))
    array([[10., 11.],
           [14., 15.]])
    """
    step = kernel_size if stride is None else stride

    def dense_max(maps: Floats) -> Floats:
        return max_pool2d(_wrapped(maps, kernel_size, 1), kernel_size, 1)

    operators: dict[str, Operator] = {
        "max": lambda maps: max_pool2d(_wrapped(maps, kernel_size, step), kernel_size, step),
        "mean": lambda maps: avg_pool2d(_wrapped(maps, kernel_size, step), kernel_size, step),
        "subsample": lambda maps: subsample2d(maps, step),
        "max blur": lambda maps: max_blur_pool2d(maps, kernel_size, step, blur, "circular"),
        "blur": lambda maps: blur_pool2d(maps, 1, step, blur, "circular"),
        "max polyphase": lambda maps: polyphase_pool2d(dense_max(maps), step),
    }
    return operators[method]


def _wrapped(maps: Floats, kernel: int, stride: int) -> Floats:
    """Continue maps below and to the right by what the last windows lack, or cut what is over."""
    height, width = (np.arange(side + kernel - stride) % side for side in maps.shape[-2:])
    return maps[..., height[:, None], width]


# Invariance: does the pooled map stay?


@checked
def change(operator: Operator, maps: Stack, dy: Move = 0, dx: Move = 0) -> Interval[float]:
    """Measure the relative RMS change of the pooled maps when the maps before them move.

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
    still = _stack("maps", maps)
    return relative_change(operator(still), operator(_moved(still, dy, dx)))


def _stack(name: str, maps: ArrayLike) -> Floats:
    """Return maps as (maps, H, W), one map as a stack of one."""
    array = np.asarray(maps)
    if array.ndim not in (2, 3) or not array.size:
        refuse(f"shape of {name}", array.shape, "(maps, H, W) or (H, W), none of them 0")
    return array if array.ndim == 3 else array[None]


def _moved(maps: Floats, dy: int, dx: int) -> Floats:
    return shift2d(maps, dy, dx, mode="circular")


@checked
def relative_change(before: Stack, after: Stack) -> Interval[float]:
    """Measure the relative RMS difference of two stacks of pooled maps, as in `change`.

    Parameters
    ----------
    before, after
        Shape (maps, H, W), or (H, W), both the same.

    Examples
    --------
    >>> round(relative_change([[0.0, 1.0]], [[1.0, 0.0]]).value, 4)
    1.4142
    """
    first, second = _stack("before", before), _stack("after", after)
    if first.shape != second.shape:
        refuse("shape of after", second.shape, f"that of before, {first.shape}")
    return _relative(_squares(second - first), first, second)


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


@checked
def unchanged(
    operator: Operator, maps: Stack, dy: Move = 0, dx: Move = 0, *, whole: bool = False
) -> Interval[float]:
    """Measure the share of pooled values, or of whole pooled maps, that stay to the last bit.

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

    Examples
    --------
    >>> from explainers.maps import lone_peaks
    >>> unchanged(pooling("max"), lone_peaks(4), dx=1, whole=True).value
    0.5
    """
    still = _stack("maps", maps)
    same = operator(still) == operator(_moved(still, dy, dx))
    share = same.all(axis=(1, 2)) if whole else same.mean(axis=(1, 2))
    return intervals.scalar(intervals.within(intervals.of_mean(share), 0, 1))


# Equivariance: does the pooled map move along?


@checked
def equivariance_error(
    operator: Operator, maps: Stack, dy: Move = 0, dx: Move = 0, *, fractional: bool = False
) -> Interval[float]:
    """Measure the relative RMS difference of the moved maps pooled and the pooled maps moved.

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
        If the pooled size does not divide the size of the maps.

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
    still = _stack("maps", maps)
    before, after = operator(still), operator(_moved(still, dy, dx))
    size, pooled = still.shape[1:], before.shape[1:]
    if any(np.mod(size, pooled)):
        refuse("operator", pooled, f"one whose output's size divides that of the maps, {size}")
    down, across = size[0] // pooled[0], size[1] // pooled[1]  # s along each axis
    moves = itertools.product(_around(dy, down), _around(dx, across))
    along = [_moved(before, *move) for move in moves]
    if fractional and (dy % down or dx % across):
        along.append(_moved_between(before, dy / down, dx / across))
    least = np.min([_squares(after - candidate) for candidate in along], axis=0)
    return _relative(least, before, after)


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


@checked
def comb(
    depth: Annotated[int, Whole(0, 6)],
    shifts: Annotated[Iterable[int], Whole(-_SIZE, _SIZE, many=True)],
    method: Method = "max",
    *,
    length: Length = 0,
    maps: Maps = 32,
    seed: Seed = 0,
) -> Interval[Floats]:
    """Measure the equivariance error after `depth` poolings of 2 × 2 windows, stride 2.

    Parameters
    ----------
    depth
        Number of poolings one after the other.
    shifts
        How far the maps, of 64 × 64, move to the right.
    method
        As in `pooling`.
    length, maps, seed
        As in `explainers.maps.smooth_maps`.

    Returns
    -------
    Interval[Floats]
        For each shift, the error and its interval. It is 0 where 2^depth divides the shift:
        the teeth of a comb, further apart with each pooling.

    Examples
    --------
    >>> comb(2, range(9)).value.round(1).tolist()
    [0.0, 0.5, 0.7, 0.6, 0.0, 0.5, 0.7, 0.6, 0.0]
    """
    noise, stage = smooth_maps(maps, _SIZE, length, seed), pooling(method)

    def stages(pooled: Floats) -> Floats:
        for _ in range(depth):
            pooled = stage(pooled)
        return pooled

    return _together([equivariance_error(stages, noise, dx=d) for d in shifts])


def _together(estimates: Sequence[object]) -> Interval[Floats]:
    """Return a list of intervals, or rows of them, as one interval of arrays."""
    return Interval(*np.moveaxis(np.array(estimates, dtype=np.float64), -1, 0))


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


@checked
def global_pool_behind(
    poolings: Annotated[int, Whole(0, 5)],
    dx: Move,
    *,
    networks: Annotated[int, Whole(1, 1000)],
    method: Annotated[str, Choice(("max", "mean"))] = "max",
    border: Annotated[str, Choice(("circular", "zeros"))] = "circular",
    pictures: Annotated[int, Whole(2, 1000)] = 32,
    seed: Seed = 0,
) -> GlobalPool:
    """Move pictures of noise, and compare the global pooling of random networks' last maps.

    Parameters
    ----------
    poolings
        How many max poolings of 2 × 2, stride 2, come before the global one; each stands behind a
        convolution of 3 × 3 and a rectifier, as the global one does.
    dx
        How far the pictures move to the right.
    networks
        Number of networks, each with 4 outputs.
    method
        The global pooling.
    border
        ``"circular"``: all wraps round. ``"zeros"``: what leaves the picture is lost, zeros enter,
        and each convolution has zeros around its input.
    pictures
        Shown to each network.
    seed
        Of the pictures and the weights.

    Raises
    ------
    ValueError
        If no output of any network depends on the picture.

    Notes
    -----
    Pictures are 32 × 32, and 64 × 64 before five poolings. They and the weights are small whole
    numbers, so that sums are exact in any order. Outputs that are the same for all pictures are
    left out.

    Examples
    --------
    >>> [round(global_pool_behind(1, d, networks=8).unchanged, 4) for d in (1, 2)]
    [0.101, 1.0]
    """
    rng, size = np.random.default_rng(seed), max(32, 2 ** (poolings + 1))
    aggregate = np.max if method == "max" else np.mean
    same, ratios = [], []
    for _ in range(networks):
        shown = rng.integers(0, 99, (pictures, 1, size, size)).astype(np.float64)
        weights = [
            rng.integers(-3, 4, (_CHANNELS, channels, 3, 3)).astype(np.float64)
            for channels in [1] + [_CHANNELS] * poolings
        ]
        both = shown, shift2d(shown, 0, dx, mode=border)
        outputs = np.stack([aggregate(_last_maps(x, weights, border), axis=(2, 3)) for x in both])
        # Of few pictures, their variance would be too small by chance, and the change too large.
        spread = outputs.var(axis=1, ddof=1).mean(axis=0)
        alive = spread > 0
        before, after = outputs[..., alive]
        same.append((before == after).ravel())
        if alive.any():
            ratios.append(np.mean(((after - before) ** 2).mean(axis=0) / (2 * spread[alive])))
    if not ratios:
        refuse("networks", networks, "more, as no output of these depends on the picture")
    change = intervals.root(intervals.of_mean(ratios))
    return GlobalPool(float(np.concatenate(same).mean()), intervals.scalar(change))


def _last_maps(pictures: Floats, weights: list[Floats], border: str) -> Floats:
    """Convolve and rectify, with a pooling between each two convolutions."""
    maps = pictures
    for stage, weight in enumerate(weights):
        maps = max_pool2d(maps, 2) if stage else maps
        maps = np.maximum(conv2d(maps, weight, padding=1, padding_mode=border), 0)
    return maps


# Poolings with convolutions between them


@checked
def stacked_with_convolutions(
    depth: Annotated[int, Whole(1, 5)],
    d: Move,
    *,
    networks: Annotated[int, Whole(1, 10_000)],
    seed: Seed = 0,
) -> Floats:
    """Measure how often poolings with convolutions between them leave a lone peak's map unchanged.

    Parameters
    ----------
    depth
        Number of max poolings of 2 × 2. Between two of them is a convolution of 3 × 3 with
        positive random weights.
    d
        How far the peak moves along one axis: at most 2^(depth + 2), the side of the map.
    networks
        Number of networks, each with weights of its own.
    seed
        Of the weights.

    Returns
    -------
    Floats
        For each network, the share of the places along the axis.

    Raises
    ------
    ValueError
        If the peak moves farther than round the map.

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
    >>> float(stacked_with_convolutions(3, 1, networks=40).mean())
    0.525
    """
    side, places = 2 ** (depth + 2), np.arange(2**depth)
    if abs(d) > side:
        refuse("d", d, f"in [−n, n] with n = 2^(depth + 2) = {side}")
    peaks = np.zeros((len(places), side, side))
    peaks[places, side // 2, places] = 1
    first = [max_pool2d(x, 2) for x in (peaks, _moved(peaks, 0, d))]
    rng, shares = np.random.default_rng(seed), []
    for _ in range(networks):
        before, after = first
        for _ in range(depth - 1):
            weight = rng.integers(1, 99, (1, 1, 3, 3)).astype(np.float64)
            before, after = (max_pool2d(_convolved(x, weight), 2) for x in (before, after))
        shares.append((before == after).all(axis=(1, 2)).mean())
    return np.array(shares)


def _convolved(maps: Floats, weight: Floats) -> Floats:
    found: Floats = conv2d(maps[:, None], weight, padding=1, padding_mode="circular")[:, 0]
    return found


# Tables


@checked
def change_by_smoothness(
    lengths: Annotated[Sequence[float], Number(0, many=True)],
    methods: Sequence[str],
    *,
    maps: Maps,
    seed: Seed = 0,
) -> Interval[Floats]:
    """Measure how much maps pooled over 2 × 2 change, moved by one: from rough maps to smooth ones.

    Parameters
    ----------
    lengths
        Correlation lengths of the maps, of 64 × 64, as in `explainers.maps.smooth_maps`.
    methods
        Each as in `pooling`.
    maps, seed
        As in `explainers.maps.smooth_maps`.

    Returns
    -------
    Interval[Floats]
        Shape (methods, lengths), each as in `change`.

    Notes
    -----
    The lengths share their noise, and the methods their maps. For a linear method the change is
    √(1 − ρ), with ρ the correlation of a pooled value with the one a move away.

    Examples
    --------
    >>> change_by_smoothness([0, 2], ["max", "mean"], maps=20).value.round(4).tolist()
    [[0.7419, 0.3415], [0.7049, 0.322]]
    """
    noise = [smooth_maps(maps, _SIZE, length, seed) for length in lengths]
    return _together([[change(pooling(m), x, dx=1) for x in noise] for m in methods])


@checked
def blur_repair(
    blurs: Annotated[Sequence[int], Whole(2, 7, many=True)],
    *,
    maps: Maps,
    seed: Seed = 0,
) -> Interval[Floats]:
    """Measure how far a blur before subsampling by 2 repairs the error after a move by one.

    Parameters
    ----------
    blurs
        Taps of the binomial filters.
    maps, seed
        As in `explainers.maps.smooth_maps`, for maps of 64 × 64 independent values.

    Returns
    -------
    Interval[Floats]
        Shape (2, blurs): the max over 2 × 2 blurred, and the values themselves blurred. Each as in
        `equivariance_error`, with moves by parts of an element.

    Examples
    --------
    >>> blur_repair([2, 3, 7], maps=20).value.round(4).tolist()
    [[0.3945, 0.2571, 0.0524], [0.5883, 0.377, 0.0752]]
    """
    noise = smooth_maps(maps, _SIZE, seed=seed)
    return _together(
        [
            [
                equivariance_error(pooling(method, blur=taps), noise, dx=1, fractional=True)
                for taps in blurs
            ]
            for method in ("max blur", "blur")
        ]
    )
