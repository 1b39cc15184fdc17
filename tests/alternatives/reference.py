"""The aggregates once more, in Python's own numbers; windows of a map by plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from explainers.checks import Floats

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
