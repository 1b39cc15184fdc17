"""One clear line for every bad argument: its name, its value, and what is allowed."""

from __future__ import annotations

import operator
from collections.abc import Collection
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
    raise ValueError(f"{name} must be {allowed}; got {_shown(value)}")


def _shown(value: object) -> str:
    """Write a value on one short line."""
    text = str(value.item()) if isinstance(value, np.generic) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def reals(
    name: str, value: ArrayLike, allowed: str = "a real number or an array of them"
) -> Floats:
    """Return `value` as float64, refusing what is not numeric."""
    if isinstance(value, str | bytes):
        refuse(name, value, allowed)
    try:
        array = np.asarray(value)
    except ValueError:
        refuse(name, value, allowed)
    if array.dtype.kind not in "buif":
        refuse(name, value, allowed)
    return array.astype(np.float64)


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
    return _within(name, array, inside, allowed).astype(np.int64)


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


def choice(name: str, value: str, allowed: Collection[str]) -> str:
    """Return `value` if it is one of `allowed`."""
    if value not in allowed:
        refuse(name, value, "one of " + ", ".join(map(repr, allowed)))
    return value
