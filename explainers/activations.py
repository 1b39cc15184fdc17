"""Activations of networks, element by element, and which of them never fall."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats, reals
from explainers.kinds import Number, checked

Activation: TypeAlias = Callable[[Floats], Floats]

_erf = np.vectorize(math.erf, otypes=[float])


@checked
def leaky_relu(x: ArrayLike, slope: Annotated[float, Number()] = 0.01) -> Floats:
    """Leave what is positive as it is, and multiply the rest by a slope.

    Parameters
    ----------
    x
        Numbers, of any shape.
    slope
        Below zero; 0 makes it ReLU, and −1 the absolute value.

    Returns
    -------
    ndarray, of the shape of `x`

    Raises
    ------
    ValueError
        If `x` is not numeric, or `slope` no finite number.

    Examples
    --------
    >>> leaky_relu([-2, 3], slope=0.5)
    array([-1.,  3.])
    """
    values = reals("x", x)
    return np.where(values > 0, values, slope * values)


@np.errstate(over="ignore")  # far below zero it is 1 / ∞
def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


ACTIVATIONS: dict[str, Activation] = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky relu": leaky_relu,
    "relu6": lambda x: np.clip(x, 0, 6),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "softplus": lambda x: np.logaddexp(x, 0),
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "gelu": lambda x: x / 2 * (1 + _erf(x / 2**0.5)),
    "silu": lambda x: x * _sigmoid(x),
    "mish": lambda x: x * np.tanh(np.logaddexp(x, 0)),
    "hardswish": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
}
"""By name, with PyTorch's defaults; GELU is the exact one."""
NEVER_FALL = tuple(ACTIVATIONS)[:7]
"""Those that never fall as their input rises; the others dip below zero and come back up."""
