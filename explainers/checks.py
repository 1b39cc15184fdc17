"""One clear line for every bad argument: its name, its value, and what is allowed."""

from __future__ import annotations

import math
import operator
import reprlib
from collections.abc import Collection
from itertools import islice
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def refuse(name: str, value: object, allowed: str) -> NoReturn:
    """Raise the ValueError that every check raises.

    >>> refuse("rate", 1.2, "a probability in [0, 1]")
    Traceback (most recent call last):
    ValueError: rate must be a probability in [0, 1]; got 1.2
    """
    raise ValueError(f"{name} must be {allowed}; got {shown(value)}")


def shown(value: object) -> str:
    """Write a value on one short line, however large it is.

    >>> shown([0] * 10**6), shown(10**5000)
    ('[0, 0, 0, 0, 0, 0, 0, 0, ...]', 'a number of 5001 digits')
    """
    if isinstance(value, np.generic):
        value = value.item()
    text = " ".join(_SHORT.repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


class _Short(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        """Python writes no whole number of more than 4,300 digits."""
        if abs(x) < 10**40:
            return repr(x)
        return f"a number of {int(x.bit_length() * math.log10(2)) + 1} digits"


_SHORT = _Short()
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 8
_SHORT.maxlevel = 4
_SHORT.maxstring = _SHORT.maxother = 60


def reals(
    name: str, value: ArrayLike, allowed: str = "a real number or an array of them"
) -> Floats:
    """Return `value` as float64, refusing what is not numeric."""
    if isinstance(value, str | bytes):
        refuse(name, value, allowed)
    array = as_array(name, value, allowed)
    if array.dtype.kind not in "buif":
        refuse(name, value, allowed)
    return array.astype(np.float64)


def as_array(name: str, value: ArrayLike, allowed: str) -> NDArray[Any]:
    """Return `value` as an array, refusing a mask: NumPy would drop it and say nothing."""
    try:
        array = np.asarray(value)
    except ValueError:
        refuse(name, value, allowed)
    if array.dtype != object and _has_mask(value):
        refuse(name, value, "an array without a mask")
    return array


def _has_mask(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_has_mask, value))
    return isinstance(value, np.ma.MaskedArray)


def _within(name: str, array: Floats, inside: NDArray[np.bool_], allowed: str) -> Floats:
    if not inside.all():
        refuse(name, array[~inside].flat[0], allowed)
    return array


def probabilities(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, every element in [0, 1]."""
    allowed = "a probability in [0, 1]"
    array = reals(name, value, allowed)
    return _within(name, array, (array >= 0) & (array <= 1), allowed)


def at_least_zero(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, every element finite and at least 0."""
    allowed = "a finite number ≥ 0"
    array = reals(name, value, allowed)
    return _within(name, array, (array >= 0) & np.isfinite(array), allowed)


def integers(name: str, value: ArrayLike, low: int, high: int | None = None) -> Ints:
    """Return `value` as int64, every element a whole number in [low, high]."""
    allowed = f"a whole number ≥ {low}" if high is None else f"a whole number in [{low}, {high}]"
    array = reals(name, value, allowed)
    inside = (array >= low) & (array == np.floor(array)) & np.isfinite(array)
    if high is not None:
        inside &= array <= high
    array = _within(name, array, inside, allowed)
    # Beyond, float64 skips whole numbers, and what was given may have been another one.
    exact = np.abs(array) < 2**53
    return _within(name, array, exact, "below 2**53 in size").astype(np.int64)


def integer(name: str, value: Any, low: int, high: int | None = None) -> int:
    """Return one whole number in [low, high]; a float is refused, even a whole one.

    >>> integer("n", 4, low=1)
    4
    >>> integer("n", 0, low=1)
    Traceback (most recent call last):
    ValueError: n must be a whole number ≥ 1; got 0
    """
    allowed = f"a whole number ≥ {low}" if high is None else f"a whole number in [{low}, {high}]"
    if isinstance(value, bool | np.bool_):
        refuse(name, value, allowed)
    try:
        number = operator.index(value)
    except TypeError:
        refuse(name, value, allowed)
    if number < low or (high is not None and number > high):
        refuse(name, value, allowed)
    return number


def number(name: str, value: float, high: float = np.inf) -> float:
    """Return one number in [0, high].

    >>> number("exponent", 5, high=4)
    Traceback (most recent call last):
    ValueError: exponent must be one number in [0, 4]; got 5
    """
    found = at_least_zero(name, value)
    if found.ndim or found > high:
        refuse(name, value, f"one number in [0, {high:g}]")
    return float(found)


def generator(seed: int) -> np.random.Generator:
    """Return the random numbers of a seed, a whole number ≥ 0."""
    return np.random.default_rng(integer("seed", seed, 0))


def choice(name: str, value: str, allowed: Collection[str]) -> str:
    """Return `value` if it is one of `allowed`."""
    if not isinstance(value, str) or value not in allowed:
        some = [*map(repr, islice(allowed, 40)), *["..."] * (len(allowed) > 40)]
        refuse(name, value, "one of " + ", ".join(some))
    return value


def text(name: str, value: object) -> str:
    """Return a short text that can be printed: no line breaks, no control characters.

    >>> text("name", "conv1")
    'conv1'
    >>> text("name", [1])
    Traceback (most recent call last):
    ValueError: name must be a text of at most 200 printable characters; got [1]
    """
    if not isinstance(value, str) or not value.isprintable() or len(value) > 200:
        refuse(name, value, "a text of at most 200 printable characters")
    return value
