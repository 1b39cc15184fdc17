"""Random maps and lone peaks that poolings are tried on: one kit for all chapters.

Maps have shape (maps, size, size); those that have a structure wrap round.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from explainers.checks import Floats, refuse
from explainers.kinds import Number, Seed, Share, Whole, checked

Maps = Annotated[int, Whole(1, 100_000, "number of maps")]
Side = Annotated[int, Whole(1, 1024, "height and width of each map")]
Length = Annotated[float, Number(0, meaning="correlation length, in elements")]


@checked
def busy_maps(maps: Maps, size: Side, zeros: Share = 0, seed: Seed = 0) -> Floats:
    """Return maps of independent values, a share of them clipped to zero.

    Parameters
    ----------
    maps
        Number of maps.
    size
        Their height and width.
    zeros
        Probability that a value is 0; the others are uniform above.
    seed
        Of the random numbers.

    Returns
    -------
    ndarray, shape (maps, size, size)

    Examples
    --------
    >>> float((busy_maps(100, 100, zeros=0.5) == 0).mean().round(2))
    0.5
    """
    return np.maximum(np.random.default_rng(seed).random((maps, size, size)) - zeros, 0)


@checked
def smooth_maps(maps: Maps, size: Side, length: Length = 0, seed: Seed = 0) -> Floats:
    """Return maps of Gaussian noise, as smooth as wanted, that wrap round.

    Parameters
    ----------
    maps
        Number of maps.
    size
        Their height and width.
    length
        Correlation length ℓ in elements, at most size / 4: values that are r apart have correlation
        exp(−r² / 2ℓ²). With 0 all are independent.
    seed
        Of the random numbers.

    Returns
    -------
    ndarray, shape (maps, size, size)
        Values of mean 0 and variance 1.

    Notes
    -----
    White noise, filtered in the frequency domain: the spectrum's power is the transform of the
    correlation, continued round the map.

    Examples
    --------
    >>> noise = smooth_maps(200, 32, length=2)
    >>> float((noise * np.roll(noise, 2, axis=-1)).mean().round(1)), round(float(np.exp(-0.5)), 1)
    (0.6, 0.6)
    """
    if length > size / 4:
        refuse("length", length, f"at most size / 4, here {size / 4:g}")
    white = np.random.default_rng(seed).standard_normal((maps, size, size))
    gain = np.sqrt(_power(size, length))
    waves = np.fft.rfft2(white) * gain[:, None] * gain[: size // 2 + 1]
    return np.fft.irfft2(waves, s=(size, size))


def _power(size: int, length: float) -> Floats:
    """Return the power spectrum along one axis of noise with this correlation length."""
    if length == 0:
        return np.ones(size)
    away = np.arange(size) + size * np.arange(-2, 3)[:, None]
    correlation = np.exp(-((away / length) ** 2) / 2).sum(axis=0)
    power: Floats = np.fft.fft(correlation / correlation[0]).real
    return np.maximum(power, 0)


@checked
def lone_peaks(size: Annotated[int, Whole(1, 64)]) -> Floats:
    """Return all maps of this size with a single 1 among zeros, shape (size², size, size).

    Examples
    --------
    >>> lone_peaks(2)[1]
    array([[0., 1.],
           [0., 0.]])
    """
    return np.eye(size**2).reshape(size**2, size, size)


@checked
def power_law_maps(
    maps: Maps,
    size: Annotated[int, Whole(2, 1024)],
    exponent: Annotated[float, Number(0, 4)] = 1,
    seed: Seed = 0,
) -> Floats:
    """Return random maps whose waves have amplitudes that fall with their frequency.

    Parameters
    ----------
    maps
        Number of maps.
    size
        Their height and width.
    exponent
        a: amplitudes go as 1 / fᵃ; with 0 it is white noise.
    seed
        Of the random numbers.

    Returns
    -------
    ndarray, shape (maps, size, size)
        Normal values that wrap round, of mean 0 in each map, and of variance 1 on average.

    Examples
    --------
    >>> noise = power_law_maps(100, 32, exponent=1)
    >>> float((noise * np.roll(noise, 1, axis=-1)).mean().round(1))
    0.7
    """
    down, across = np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None]
    frequency = np.hypot(down, across)
    frequency[0, 0] = np.inf  # the mean of the map is left out
    gain = np.zeros_like(frequency)
    np.power(frequency, -exponent, out=gain, where=np.isfinite(frequency))
    gain /= np.sqrt((gain**2).mean())
    white = np.random.default_rng(seed).standard_normal((maps, size, size))
    return np.fft.irfft2(np.fft.rfft2(white) * gain[:, : size // 2 + 1], s=(size, size))
