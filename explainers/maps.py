"""Random maps and lone peaks that poolings are tried on: one kit for all chapters.

Maps have shape (maps, size, size); those that have a structure wrap round.
"""

from __future__ import annotations

import numpy as np

from explainers.checks import Floats, generator, integer, number, probabilities, reals, refuse


def busy_maps(maps: int, size: int, zeros: float = 0, seed: int = 0) -> Floats:
    """Return maps of independent values, a share of them clipped to zero.

    Parameters
    ----------
    maps
        Number of maps, 1 to 100000.
    size
        Their height and width, 1 to 1024.
    zeros
        Probability that a value is 0; the others are uniform above.
    seed
        At least 0.

    Returns
    -------
    ndarray, shape (maps, size, size)

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> float((busy_maps(100, 100, zeros=0.5) == 0).mean().round(2))
    0.5
    """
    shape = _shape(maps, size)
    share = probabilities("zeros", zeros)
    if share.ndim:
        refuse("zeros", zeros, "one probability in [0, 1]")
    return np.maximum(generator(seed).random(shape) - share, 0)


def smooth_maps(maps: int, size: int, length: float = 0, seed: int = 0) -> Floats:
    """Return maps of Gaussian noise, as smooth as wanted, that wrap round.

    Parameters
    ----------
    maps
        Number of maps, 1 to 100000.
    size
        Their height and width, 1 to 1024.
    length
        Correlation length ℓ in elements, 0 to size / 4: values that are r apart have correlation
        exp(−r² / 2ℓ²). With 0 all are independent.
    seed
        At least 0.

    Returns
    -------
    ndarray, shape (maps, size, size)
        Values of mean 0 and variance 1.

    Raises
    ------
    ValueError
        If an argument is outside its range.

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
    shape = _shape(maps, size)
    scale = reals("length", length)
    if scale.ndim or not 0 <= scale <= size / 4:
        refuse("length", length, f"one number in [0, size / 4], here [0, {size / 4:g}]")
    white = generator(seed).standard_normal(shape)
    gain = np.sqrt(_power(size, float(scale)))
    return np.fft.irfft2(np.fft.rfft2(white) * gain[:, None] * gain[: size // 2 + 1], s=shape[1:])


def _power(size: int, length: float) -> Floats:
    """Return the power spectrum along one axis of noise with this correlation length."""
    if length == 0:
        return np.ones(size)
    away = np.arange(size) + size * np.arange(-2, 3)[:, None]
    correlation = np.exp(-((away / length) ** 2) / 2).sum(axis=0)
    power: Floats = np.fft.fft(correlation / correlation[0]).real
    return np.maximum(power, 0)


def lone_peaks(size: int) -> Floats:
    """Return all maps of this size with a single 1 among zeros, shape (size², size, size).

    Raises
    ------
    ValueError
        If `size` is not a whole number in [1, 64].

    Examples
    --------
    >>> lone_peaks(2)[1]
    array([[0., 1.],
           [0., 0.]])
    """
    side = integer("size", size, 1, 64)
    return np.eye(side**2).reshape(side**2, side, side)


def power_law_maps(maps: int, size: int, exponent: float = 1, seed: int = 0) -> Floats:
    """Return random maps whose waves have amplitudes that fall with their frequency.

    Parameters
    ----------
    maps
        Number of maps, 1 to 100000.
    size
        Their height and width, 2 to 1024.
    exponent
        a, in [0, 4]: amplitudes go as 1 / fᵃ; with 0 it is white noise.
    seed
        At least 0.

    Returns
    -------
    ndarray, shape (maps, size, size)
        Normal values that wrap round, of mean 0 in each map, and of variance 1 on average.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> noise = power_law_maps(100, 32, exponent=1)
    >>> float((noise * np.roll(noise, 1, axis=-1)).mean().round(1))
    0.7
    """
    shape = _shape(maps, size, smallest=2)
    fall = number("exponent", exponent, 4)
    down, across = np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None]
    frequency = np.hypot(down, across)
    frequency[0, 0] = np.inf  # the mean of the map is left out
    gain = np.zeros_like(frequency)
    np.power(frequency, -fall, out=gain, where=np.isfinite(frequency))
    gain /= np.sqrt((gain**2).mean())
    white = generator(seed).standard_normal(shape)
    return np.fft.irfft2(np.fft.rfft2(white) * gain[:, : size // 2 + 1], s=shape[1:])


def _shape(maps: int, size: int, smallest: int = 1) -> tuple[int, int, int]:
    side = integer("size", size, smallest, 1024)
    return integer("maps", maps, 1, 100_000), side, side
