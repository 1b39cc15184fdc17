"""The elements of each window combined: their maxima and where they are, their sums and means.

A maximum, or a sum, over a window is one over its rows followed by one over its columns. Each of
the two is a fold over the taps of the window: one slice of the array for each tap, all windows
at once.
"""

from __future__ import annotations

import math
from typing import Any, TypeGuard

import numpy as np

from explainers.checks import Ints
from explainers.operators.arrays import accumulator
from explainers.operators.windows import Array, Axis, Windows, blocks


def planes_of(array: Array) -> Array:
    """Return shape (planes, H, W)."""
    return array.reshape(math.prod(array.shape[:-2]), *array.shape[-2:])


def lowest(dtype: np.dtype[Any]) -> float:
    """Return what no element is below: −∞, or the lowest integer."""
    return -math.inf if dtype.kind == "f" else int(np.iinfo(dtype).min)


def maxima(planes: Array, rows: Windows, columns: Windows) -> Array:
    """Return the maxima of the windows; of −0 and 0, the one that comes first."""
    values = _pool(np.maximum, planes, rows, columns, planes.dtype, lowest(planes.dtype))
    zero = values == 0
    # NumPy leaves open which of the two zeros is their maximum.
    if planes.dtype.kind == "f" and zero.any() and _has_negative_zero(planes):
        places = indices_of(planes, values, rows, columns)[zero]
        values[zero] = planes[np.nonzero(zero)[0], places // columns.size, places % columns.size]
    return values


def _has_negative_zero(array: Array) -> bool:
    """Tell whether there is a −0: the one float whose bits are the lowest integer."""
    bits = array.view(f"i{array.itemsize}")
    return bool(bits.min() == np.iinfo(bits.dtype).min)


def sums(planes: Array, rows: Windows, columns: Windows) -> Array:
    """Return the sums of the windows, in a dtype that holds them."""
    dtype = accumulator(planes.dtype, rows.kernel * columns.kernel)
    return _pool(np.add, planes, rows, columns, dtype, 0)


def _pool(
    combine: np.ufunc,
    planes: Array,
    rows: Windows,
    columns: Windows,
    dtype: np.dtype[Any],
    neutral: float,
) -> Array:
    """Combine the elements of each window: over its rows first, as whole rows are read fastest."""
    out = np.empty((len(planes), rows.windows, columns.windows), dtype)
    for block in blocks(planes):
        halfway = np.empty((len(out[block]), rows.windows, columns.size), dtype)
        _fold(combine, planes[block], rows, neutral, halfway)
        _fold(combine, _turned(halfway), columns, neutral, _turned(out[block]))
    return out


def _turned(planes: Array) -> Array:
    """Return a view with rows for columns."""
    return planes.swapaxes(-1, -2)


def _by_taps(axis: Windows) -> TypeGuard[Axis]:
    """Tell whether taps are at regular distances, and no more than there are windows."""
    return isinstance(axis, Axis) and axis.windows >= axis.kernel


def _fold(combine: np.ufunc, source: Array, axis: Windows, neutral: float, out: Array) -> None:
    """Combine the rows of each window into a row of `out`: all windows at once, or one by one."""
    if not _by_taps(axis):
        for window, met in enumerate(axis.stretches()):
            stretch = source[:, met]
            combine.reduce(stretch, axis=1, dtype=out.dtype, out=out[:, window], initial=neutral)
        return
    (windows, met), *taps = axis.taps()
    out[:, windows] = source[:, met]
    out[:, : windows.start] = out[:, windows.stop :] = neutral
    for windows, met in taps:
        combine(out[:, windows], source[:, met], out=out[:, windows], dtype=out.dtype)


def indices_of(planes: Array, maxima: Array, rows: Windows, columns: Windows) -> Ints:
    """Return where in its plane each maximum is.

    The row is the first that holds the maximum, the column the first in that row; the last ones
    for NaN.
    """
    indices = np.empty(maxima.shape, np.int64)
    for block in blocks(planes):
        across = np.empty((len(planes[block]), rows.size, columns.windows), planes.dtype)
        source = _turned(planes[block])
        _fold(np.maximum, source, columns, lowest(planes.dtype), _turned(across))
        column = _turned(_positions(source, _turned(across), columns))
        row = _positions(across, maxima[block], rows)
        column_there = np.take_along_axis(column, np.minimum(row, rows.size - 1), axis=1)
        indices[block] = row * columns.size + column_there
    nowhere = (rows.first_inside >= rows.size)[:, None] | (columns.first_inside >= columns.size)
    starts = rows.first_inside[:, None] * columns.size + columns.first_inside
    indices[:, nowhere] = starts[nowhere]
    return indices


def _positions(source: Array, best: Array, axis: Windows) -> Ints:
    """Return the row of `source` where each window holds its `best`: all windows, or one by one."""
    if not _by_taps(axis):
        return _positions_one_by_one(source, best, axis)
    taps = list(axis.taps())
    tap = _leading_misses(source, best, taps)
    if best.dtype.kind == "f" and (nan := np.isnan(best)).any():
        last = axis.kernel - 1 - _leading_misses(np.isnan(source), nan, taps[::-1]).astype(np.int64)
        tap = np.where(nan, last, tap)
    return axis.begins[:, None] + axis.dilation * tap.astype(np.int64)


def _positions_one_by_one(source: Array, best: Array, axis: Windows) -> Ints:
    places = np.zeros(best.shape, np.int64)
    for window, met in enumerate(axis.stretches()):
        stretch, wanted = source[:, met], best[:, window]
        if not stretch.shape[1]:
            continue
        tap = (stretch == wanted[:, None]).argmax(axis=1)
        if best.dtype.kind == "f" and (nan := np.isnan(wanted)).any():
            last = stretch.shape[1] - 1 - np.isnan(stretch)[:, ::-1].argmax(axis=1)
            tap = np.where(nan, last, tap)
        places[:, window] = met.start + met.step * tap
    return places


def _leading_misses(source: Array, best: Array, taps: list[tuple[slice, slice]]) -> Array:
    """Count the taps of each window before the first that meets its `best`."""
    missed = np.ones_like(best, dtype=bool)
    count = np.zeros_like(best, dtype=np.min_scalar_type(len(taps)))
    for windows, met in taps:
        missed[:, windows] &= source[:, met] != best[:, windows]
        count += missed
    return count


def quotient(total: Array, divisor: Ints) -> Array:
    """Divide in place; integers towards zero, as in C."""
    if total.dtype.kind == "i":
        total -= np.fmod(total, divisor)
        total //= divisor
    else:
        total /= divisor.astype(total.dtype)
    return total
