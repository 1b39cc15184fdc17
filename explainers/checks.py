"""One clear line for every bad argument: its name, its value, and what is allowed."""

from __future__ import annotations

import math
import reprlib
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
