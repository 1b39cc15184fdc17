"""Laws that several chapters use.

How large the largest of n values of pure noise is; how often a lone peak stays in its window.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from explainers import normal
from explainers.checks import Floats, refuse
from explainers.kinds import Each, Number, Whole, checked

MOST = 10**9
"""How many values there may be: the integrals keep their digits up to here."""

Count = Annotated[ArrayLike, Each(Whole(1, MOST))]
Kernel = Annotated[int, Whole(1, 1000)]
Move = Annotated[int, Whole(-(10**6), 10**6)]


# The largest of pure noise


class Noise(NamedTuple):
    """Mean and standard deviation of what a window of pure noise answers."""

    mean: Floats
    sd: Floats


@checked
def max_of_noise(n: Count) -> Noise:
    """Mean and standard deviation of the max of `n` independent standard normals.

    Parameters
    ----------
    n : array_like of int
        Number of values, such as the units of a window.

    Returns
    -------
    Noise
        `mean` and `sd`, each of the shape of `n`.

    Notes
    -----
    Moments of `density_of_max`: quadratures, with an error below 1e-12. The mean is 1/√π for n = 2
    and 3/(2√π) for n = 3.

    Examples
    --------
    >>> noise = max_of_noise(4)
    >>> round(float(noise.mean), 4), round(float(noise.sd), 4)
    (1.0294, 0.7012)
    """
    density = density_of_max(normal.NODES, np.asarray(n)[..., None])
    mean = normal.integral(normal.NODES * density)
    spread = (normal.NODES - mean[..., None]) ** 2
    return Noise(mean, np.sqrt(normal.integral(spread * density)))


@checked
def density_of_max(x: Annotated[ArrayLike, Each(Number())], n: Count) -> Floats:
    """Density at `x` of the max of `n` independent standard normals: nΦ(x)ⁿ⁻¹φ(x).

    >>> float(density_of_max(0, 1)) == float(normal.pdf(0))
    True
    """
    n = np.asarray(n)
    density: Floats = np.exp(np.log(n) + (n - 1) * normal.log_cdf(x) + normal.log_pdf(x))
    return density


# A lone peak


@checked
def lone_peak_unchanged(
    kernel_size: Kernel,
    dy: Move = 0,
    dx: Move = 0,
    stride: Annotated[int, Whole(1)] | None = None,
) -> Fraction:
    """Return the probability that moving a lone peak leaves its max-pooled map unchanged.

    Parameters
    ----------
    kernel_size
        Height and width k of a window.
    dy, dx
        How far the peak moves, in elements of the map.
    stride
        Elements from one window to the next, at most `kernel_size`; by default `kernel_size`.

    Returns
    -------
    Fraction
        The share of the peak's places that do so; all places are equally likely.

    Raises
    ------
    ValueError
        If `stride` is more than `kernel_size`.

    Notes
    -----
    The pooled map shows nothing but which windows hold the peak, so it is unchanged exactly if the
    same windows hold it afterwards; and as windows are products of intervals, each axis decides
    for itself. Side by side, one window of k holds it, and k − d of its k places are not among the
    last d:

        max(0, k − |dy|) · max(0, k − |dx|) / k².

    With a stride s < k, walk along an axis: the set of windows changes where one begins (at the
    multiples of s) and where one has ended (k further on). That cuts each period of s places into
    stretches of r = k mod s and s − r places with the same windows, and

        [max(0, r − d) + max(0, s − r − d)] / s

    of the places have theirs d further on. It is 0 for 3 × 3 windows of stride 2, whose stretches
    are single places. At the border of a map some windows are missing and stretches are longer.

    The mean has the same law: it, too, shows only which windows hold the peak.

    Examples
    --------
    >>> lone_peak_unchanged(2, dx=1), lone_peak_unchanged(2, dy=1, dx=1)
    (Fraction(1, 2), Fraction(1, 4))
    >>> lone_peak_unchanged(3, dx=1, stride=2), lone_peak_unchanged(4, dx=1, stride=2)
    (Fraction(0, 1), Fraction(1, 2))
    """
    step = kernel_size if stride is None else stride
    if step > kernel_size:
        refuse("stride", stride, f"at most kernel_size, here {kernel_size}")
    return _axis_unchanged(kernel_size, step, abs(dy)) * _axis_unchanged(kernel_size, step, abs(dx))


def _axis_unchanged(kernel: int, stride: int, distance: int) -> Fraction:
    """Return the share of an axis' places whose windows are the same `distance` further on."""
    stretches = (kernel % stride, stride - kernel % stride)  # r and s − r
    return Fraction(sum(max(0, length - distance) for length in stretches), stride)
