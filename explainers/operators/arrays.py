"""What every operator does with its arrays: check them in one place, sum them in one precision."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from explainers.checks import as_array, refuse
from explainers.operators.windows import Array

FLOATS = ("float16", "float32", "float64")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")

# Overflow and NaN are results, as in PyTorch, whatever the caller has told NumPy to do about them.
quiet = np.errstate(all="ignore")

# Each addition rounds: after so many, float32 has lost some of its last digits.
LONG_SUM = 1024


# The shape of what is pooled along so many axes, and how many sizes of it must not be 0.
SHAPES = {1: ("(..., L)", "two"), 2: ("(..., H, W)", "three"), 3: ("(..., D, H, W)", "four")}


def checked_planes(input: ArrayLike, dtypes: Collection[str], axes: int = 2) -> Array:
    """Return `input`, of shape (..., H, W), as an array, refusing what PyTorch refuses.

    With one axis it is of shape (..., L), with three of shape (..., D, H, W).
    """
    array = checked("input", input, dtypes)
    if array.ndim < axes or 0 in array.shape[-axes - 1 :]:
        shape, number = SHAPES[axes]
        refuse("input", array.shape, f"of shape {shape}, the last {number} of them at least 1")
    return array


def checked(name: str, value: ArrayLike, dtypes: Collection[str]) -> Array:
    """Return `value` as an array in the byte order of the machine, of one of the dtypes."""
    array = as_array(name, value, "an array of numbers")
    if array.dtype.name not in dtypes:
        refuse(name, array.dtype, "of dtype " + ", ".join(dtypes))
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def accumulator(dtype: np.dtype[Any], terms: int) -> np.dtype[Any]:
    """Return the dtype in which a sum of so many terms is taken: wider than float16, if long.

    >>> accumulator(np.dtype("float32"), 9), accumulator(np.dtype("float32"), 10**6)
    (dtype('float32'), dtype('float64'))
    """
    if dtype.kind not in "fc":
        return dtype
    return np.result_type(dtype, np.float64 if terms > LONG_SUM else np.float32)
