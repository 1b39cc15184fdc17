"""The standard normal distribution, on arrays, and integrals over the line.

With NumPy and the standard library only.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import Floats
from explainers.kinds import Each, Number, checked

NODES, _STEP = np.linspace(-9, 20, 29 * 20 + 1, retstep=True)
"""Places on the line: all but 1e-18 of the largest of n normals lies between, also for n = 1e9."""

_TAIL = 30.0  # below −30 the logarithm comes from the continued fraction: erfc is about to vanish
_LEVELS = range(8, 0, -1)  # of that fraction; eight give every digit at 30
_LOG_SQRT_TWO_PI = math.log(2 * math.pi) / 2

_STANDARD = NormalDist()
_erfc = np.frompyfunc(math.erfc, 1, 1)


def log_pdf(x: ArrayLike) -> Floats:
    """Logarithm of the density at `x`: −x²/2 − log √(2π).

    >>> float(log_pdf(0))
    -0.9189385332046727
    """
    return -(np.asarray(x, dtype=np.float64) ** 2) / 2 - _LOG_SQRT_TWO_PI


def pdf(x: ArrayLike) -> Floats:
    """Density at `x`, element by element.

    >>> float(pdf(0))
    0.3989422804014327
    """
    return np.exp(log_pdf(x))


def cdf(x: ArrayLike) -> Floats:
    """Probability of a value below `x`: from −37 up, to 5e-16 (1 + x²) of itself.

    >>> float(cdf(0)), round(float(cdf(1.96)), 6)
    (0.5, 0.975002)
    """
    z = -np.asarray(x, dtype=np.float64) / math.sqrt(2)
    return np.asarray(_erfc(z), dtype=np.float64)[()] / 2


def log_cdf(x: ArrayLike) -> Floats:
    """Logarithm of `cdf`, also where that rounds to 0 or to 1.

    To 2e-15 of itself below 0, and to 5e-16 (1 + x²) of itself above, up to 37.

    Notes
    -----
    Below −30, by Laplace's continued fraction of Mills' ratio: Abramowitz and Stegun,
    *Handbook of Mathematical Functions*, 26.2.14.

    Examples
    --------
    >>> log_cdf([-100, 0]).round(6).tolist()
    [-5005.524209, -0.693147]
    """
    x = np.asarray(x, dtype=np.float64)
    with np.errstate(over="ignore"):  # far out, −x²/2 is −∞
        return np.where(
            x < -_TAIL,
            _log_far_tail(np.maximum(-x, _TAIL)),
            _log_body(np.maximum(x, -_TAIL)),
        )[()]


def _log_body(x: Floats) -> Floats:
    tail = cdf(-np.abs(x))
    below = x < 0
    return np.where(below, np.log(np.where(below, tail, 1.0)), np.log1p(-tail))


def _log_far_tail(distance: Floats) -> Floats:
    fraction = distance
    for level in _LEVELS:
        fraction = distance + level / fraction
    return log_pdf(distance) - np.log(fraction)


@checked
def ppf(probability: Annotated[ArrayLike, Each(Number(0, 1))]) -> Floats:
    """Value below which the given share of a standard normal lies; −∞ at 0 and ∞ at 1.

    Notes
    -----
    Wichura's algorithm AS 241 (Applied Statistics 37, 1988), as `statistics.NormalDist` has it.

    Examples
    --------
    >>> ppf([0.0, 0.5, 0.975]).round(6).tolist()
    [-inf, 0.0, 1.959964]
    """
    return np.asarray(_quantiles(probability), dtype=np.float64)[()]


def _quantile(probability: float) -> float:
    if 0 < probability < 1:
        return _STANDARD.inv_cdf(probability)
    return math.inf if probability else -math.inf


_quantiles = np.frompyfunc(_quantile, 1, 1)


def integral(values: Floats) -> Floats:
    """Integrate over the line a function that has these values at `NODES`, along the last axis.

    Notes
    -----
    A sum on equal steps of 1/20: for a function as smooth as the normal density the error falls
    exponentially with the number of steps (Trefethen and Weideman, *SIAM Review* 56, 2014).

    Examples
    --------
    >>> float(integral(NODES**2 * pdf(NODES)).round(12))
    1.0
    """
    return np.asarray(values.sum(axis=-1) * _STEP)[()]
