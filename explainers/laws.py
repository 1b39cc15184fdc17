"""Laws that several chapters use: how large the largest of n values of pure noise is."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from explainers import normal
from explainers.checks import Floats
from explainers.kinds import Each, Number, Whole, checked

MOST = 10**9
"""How many values there may be: the integrals keep their digits up to here."""

Count = Annotated[ArrayLike, Each(Whole(1, MOST))]


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
