"""The aggregates once more, in Python's own numbers; windows of a map by plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import integrate, ndimage, special, stats

from explainers.checks import Floats
from explainers.maps import smooth_maps

Window = Sequence[float]


def power_mean(values: Window, p: float, clamp: float = 1e-6) -> float:
    return float(math.fsum(max(x, clamp) ** p / len(values) for x in values) ** (1 / p))


def soft(values: Window, temperature: float) -> float:
    weights = [math.exp(x / temperature) for x in values]
    pairs = zip(weights, values, strict=True)
    return math.fsum(w * x for w, x in pairs) / math.fsum(weights)


def middle(values: Window) -> float:
    ordered, n = sorted(values), len(values)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2


PLAIN: dict[str, Callable[[Window], float]] = {
    "every second value": lambda x: x[0],
    "mean": lambda x: math.fsum(x) / len(x),
    "max": max,
    "min": min,
    "median": middle,
    "Lp": lambda x: math.fsum(abs(v) ** 3 for v in x) ** (1 / 3),
    "generalised mean": lambda x: power_mean(x, 3),
    "softmax-weighted": lambda x: soft(x, 1),
    "log-sum-exp": lambda x: math.log(math.fsum(map(math.exp, x)) / len(x)),
    "mixed": lambda x: (max(x) + math.fsum(x) / len(x)) / 2,
    "stochastic test": lambda x: math.fsum(v * v for v in x) / math.fsum(x),
}
"""All but what is drawn, with the settings that are usual here."""


def pooled(one: Callable[[Window], float], plane: Floats, kernel: int, stride: int) -> Floats:
    """One map, window by window, round."""
    height, width = plane.shape
    return np.array(
        [
            [
                one(
                    [
                        float(plane[(top + i) % height, (left + j) % width])
                        for i in range(kernel)
                        for j in range(kernel)
                    ]
                )
                for left in range(0, width, stride)
            ]
            for top in range(0, height, stride)
        ]
    )


# Hit rates: by SciPy's normal distribution, and by windows of other draws

Z = stats.norm.isf(0.05)


def silent(
    threshold: float, units: int, seen: int, correlation: float = 0, d_prime: float = 2
) -> float:
    """Probability that no unit is above the threshold: an integral over the common noise."""

    def given(common: float) -> float:
        own = (threshold - math.sqrt(correlation) * common) / math.sqrt(1 - correlation)
        sees = own - d_prime / math.sqrt(1 - correlation)
        quiet = special.ndtr(own) ** (units - seen) * special.ndtr(sees) ** seen
        return float(quiet * math.exp(-(common**2) / 2) / math.sqrt(2 * math.pi))

    if not correlation:
        quiet = special.ndtr(threshold) ** (units - seen)
        return float(quiet * special.ndtr(threshold - d_prime) ** seen)
    return float(integrate.quad(given, -9, 9, limit=200)[0])


def max_hits(units: int, seen: int, correlation: float = 0, alarm: float = 0.05) -> float:
    low, high = -5.0, 9.0
    for _ in range(50):
        middle = (low + high) / 2
        fires = 1 - silent(middle, units, 0, correlation)
        low, high = (middle, high) if fires > alarm else (low, middle)
    return 1 - silent(low, units, seen, correlation)


def min_hits(units: int, seen: int) -> float:
    """All units fire on background in one window of twenty."""
    one = 0.05 ** (1 / units)
    return float(one ** (units - seen) * stats.norm.sf(stats.norm.isf(one) - 2) ** seen)


def weighted_hits(weights: Sequence[float], seen: int, correlation: float = 0) -> float:
    """By the covariance of the units."""
    w, n = np.array(weights), len(weights)
    covariance = np.full((n, n), correlation) + (1 - correlation) * np.eye(n)
    return float(stats.norm.sf(Z - 2 * w[:seen].sum() / np.sqrt(w @ covariance @ w)))


def windows(
    units: int, seen: int, correlation: float = 0, trials: int = 40_000, seed: int = 77
) -> tuple[Floats, Floats]:
    """Windows without and with a feature, the units that see it in front."""
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    noise, scene = (
        math.sqrt(1 - correlation) * rng.normal(size=(trials, units))
        + math.sqrt(correlation) * rng.normal(size=(trials, 1))
        for _ in range(2)
    )
    scene[:, :seen] += 2
    return noise, scene


def hits(noise: Floats, scene: Floats) -> float:
    """At five false alarms in a hundred: the threshold is one of the values."""
    return float((scene > np.sort(noise)[int(0.95 * len(noise))]).mean())


# Maps and places


def smooth() -> Floats:
    """Smooth rectified maps of other draws."""
    return np.asarray(np.maximum(smooth_maps(150, 32, 2, seed=991), 0))


def halved(maps: Floats, kind: str) -> Floats:
    """Half as many rows and columns, by SciPy's filters, round."""
    axes, wrap = (1, 2), {"mode": "wrap", "axes": (1, 2)}
    origin = (-1, -1)  # the window begins at its value
    if "max" in kind:
        maps = ndimage.maximum_filter(maps, size=(2, 2), origin=origin, **wrap)
    if kind == "mean":
        maps = ndimage.uniform_filter(maps, size=(2, 2), origin=origin, **wrap)
    if "blur" in kind:
        for axis in axes:
            maps = ndimage.correlate1d(maps, [0.25, 0.5, 0.25], axis=axis, mode="wrap")
    if kind == "cubes":
        cubes = ndimage.uniform_filter(maps**3, size=(2, 2), origin=origin, **wrap)
        maps = np.cbrt(np.maximum(cubes, 0))
    return np.asarray(maps[:, ::2, ::2])


def apart(first: Floats, second: Floats) -> float:
    """RMS difference, 1 between unrelated maps."""
    return float(np.sqrt(np.mean((first - second) ** 2) / (2 * first.var())))
