"""Measured again: window by window on the same maps, by laws, and by SciPy's intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers import flower
from explainers.checks import Floats
from explainers.intervals import Interval
from explainers.maps import smooth_maps
from explainers.sizes import model
from explainers.sizes.measured import Hits, hits, replaced, replacement_error, same_differs
from explainers.sizes.model import SUMMARIES
from tests.sizes.reference import (
    Z,
    adaptive_rows,
    block_pooled,
    pooled,
    same_pads,
    window_rows,
)


def of_mean(each: list[float]) -> Floats:
    return np.mean(each) + np.array([0, -Z, Z]) * float(stats.sem(each))


def agrees(estimate: Interval[float], truth: float, errors: float = 4) -> bool:
    return abs(estimate.value - truth) <= errors * (estimate.high - estimate.low) / (2 * Z)


# An adaptive pooling, and what is put in its place


def replacement_rows(size: int, number: int) -> list[range]:
    """Equal windows at equal steps, of which the last ends in the last row."""
    step = math.floor(size / number)
    return [range(i * step, size - (number - 1 - i) * step) for i in range(number)]


@pytest.mark.parametrize("method", ["max", "mean"])
@pytest.mark.parametrize(("size", "number"), [(10, 7), (7, 5), (12, 5), (9, 1), (8, 8)])
def test_replacement_error_window_by_window(size: int, number: int, method: str) -> None:
    squares = []
    for plane in smooth_maps(6, size, 1.2, seed=4):
        right, usual = (
            pooled(plane, rows, rows, method)
            for rows in (adaptive_rows(size, number), replacement_rows(size, number))
        )
        squares.append(float(np.mean((usual - right) ** 2) / np.var(plane)))
    error = replacement_error(size, number, method, length=1.2, maps=6, seed=4)
    assert_allclose(np.square(error), np.maximum(of_mean(squares), 0), rtol=1e-9, atol=1e-25)


@pytest.mark.parametrize(("size", "number"), [(20, 13), (20, 6), (32, 7)])
def test_replacement_error_of_means_on_white_noise_is_the_difference_of_weights(
    size: int, number: int
) -> None:
    weights = []
    for windows in (adaptive_rows(size, number), replacement_rows(size, number)):
        rows = np.zeros((number, size))
        for row, window in zip(rows, windows, strict=True):
            row[list(window)] = 1 / len(window)
        weights.append(np.kron(rows, rows))
    expected = float(np.sqrt(((weights[0] - weights[1]) ** 2).sum(axis=1).mean()))
    # relative to the variance of a map, which is 1 / size² less
    assert agrees(replacement_error(size, number, maps=400), expected, errors=5)


@pytest.mark.parametrize("method", ["max", "mean"])
def test_replacement_is_exact_where_the_windows_are_ordinary(method: str) -> None:
    for size, number in itertools.product(range(2, 16), range(1, 9)):
        if number <= size:
            error = replacement_error(size, number, method, maps=2).value
            ordinary = model.adaptive_is_ordinary(size, number) is not None
            assert (error < 1e-12) is ordinary


def test_defaults_of_the_replacement() -> None:
    told = replacement_error(10, 7, "mean", length=0, maps=100, seed=0)
    assert replacement_error() == told


@pytest.mark.parametrize("method", ["max", "mean"])
@pytest.mark.parametrize("number", [7, 5])
def test_replacement_on_the_photograph_window_by_window(number: int, method: str) -> None:
    picture = flower.grey()[100:133, 200:250]
    both = [
        pooled(picture, rows(33, number), rows(50, number), method)
        for rows in (adaptive_rows, replacement_rows)
    ]
    expected = np.sqrt(np.mean((both[0] - both[1]) ** 2)) / np.std(picture)
    assert replaced(picture, number, method) == pytest.approx(expected)
    assert replaced(picture) == replaced(picture, 7, "mean")


# SAME against padding on both sides


@pytest.mark.parametrize(
    ("method", "counted"), [("max", False), ("mean", False), ("mean", True)], ids=str
)
@pytest.mark.parametrize(("size", "kernel", "stride"), [(8, 3, 2), (7, 2, 1), (9, 5, 4), (9, 3, 2)])
def test_same_differs_window_by_window(
    size: int, kernel: int, stride: int, method: str, counted: bool
) -> None:
    begin, end = same_pads(size, kernel, stride)
    both = math.ceil((begin + end) / 2)
    ours, theirs = (window_rows(size, kernel, stride, before) for before in (begin, both))
    share, squares = [], []
    for plane in smooth_maps(5, size, 1.1, seed=3):
        one, other = pooled(plane, ours, ours, method), pooled(plane, theirs, theirs, method)
        if counted:  # the zeros of the padding in each mean; none of these windows ends beyond it
            inside = np.array([len(rows) for rows in theirs]) / kernel
            other = other * np.outer(inside, inside)
        share.append(float((np.abs(one - other) > 1e-9).mean()))
        squares.append(float(((one - other) ** 2).mean() / plane.var()))
    differs = same_differs(
        size, kernel, stride, method, count_include_pad=counted, length=1.1, maps=5, seed=3
    )
    assert_allclose(differs.share, np.clip(of_mean(share), 0, 1), rtol=1e-9, atol=1e-12)
    expected = np.maximum(of_mean(squares), 0)
    assert_allclose(np.square(differs.rms), expected, rtol=1e-9, atol=1e-20)


@pytest.mark.parametrize(("size", "kernel", "stride"), [(32, 3, 2), (31, 3, 2), (20, 2, 1)])
def test_share_that_differs_is_the_law(size: int, kernel: int, stride: int) -> None:
    law = float(model.share_that_differs(size, kernel, stride))
    share = same_differs(size, kernel, stride, maps=400).share
    assert agrees(share, law)
    mean = same_differs(size, kernel, stride, "mean", maps=2).share
    assert mean.value == model.share_that_differs(size, kernel, stride, "mean")


def test_defaults_of_same() -> None:
    told = same_differs(32, 3, 2, "max", count_include_pad=False, length=0, maps=100, seed=0)
    assert same_differs() == told


# Small objects


@pytest.mark.slow
@pytest.mark.parametrize("watched", model.WATCHED)
@pytest.mark.parametrize(
    ("width", "depth", "strength"), [(2, 2, 3.0), (1, 0, 2.0), (3, 1, 2.5), (5, 4, 1.5)]
)
def test_hits_are_those_of_the_law(width: int, depth: int, strength: float, watched: str) -> None:
    result = hits(width, depth, strength, false_alarm=0.1, watched=watched, draws=2000)
    for i, method in enumerate(SUMMARIES):
        law = model.hit_rate(width, depth, method, strength, 0.1, watched)
        for rates, truth in ((result.hit, law), (result.false_alarm, 0.1)):
            error = math.sqrt(truth * (1 - truth) / 2000)
            assert abs(rates.value[i] - truth) <= 4 * error


def seen_most(place: int, width: int, window: int, method: str) -> int:
    """Which window along an axis sees most of an object that begins at a row."""
    rows = np.arange(64).reshape(-1, window)
    seen = (rows >= place) & (rows < place + width)
    return int((seen[:, 0] if method == "subsample" else seen.sum(axis=1)).argmax())


def again(width: int, depth: int, watched: str, draws: int, seed: int) -> Floats:
    """Which pictures raise an alarm, one by one: (without and with an object, methods, draws)."""
    rng, window = np.random.default_rng(seed), 2**depth
    places = rng.integers(window, size=(draws, 2))
    noise = rng.standard_normal((2, draws, 64, 64))
    alarms = np.zeros((2, 3, draws))
    for draw, (y, x) in enumerate(places):
        shown = np.zeros((64, 64))
        shown[y : y + width, x : x + width] = 1
        for kind, (i, method) in itertools.product(range(2), enumerate(SUMMARIES)):
            plane = noise[kind, draw] + 2 * kind * shown
            left = block_pooled(plane, window, method)
            row, column = (seen_most(at, width, window, method) for at in (y, x))
            value = left.max() if watched == "picture" else left[row, column]
            alarms[kind, i, draw] = value > model.threshold(depth, method, 0.2, watched)
    return alarms


@pytest.mark.parametrize("watched", model.WATCHED)
@pytest.mark.parametrize(("width", "depth"), [(2, 2), (3, 1), (6, 2)])
def test_hits_picture_by_picture(width: int, depth: int, watched: str) -> None:
    result = hits(width, depth, 2.0, false_alarm=0.2, watched=watched, draws=60, seed=7)
    empty, scenes = again(width, depth, watched, 60, seed=7)
    assert_allclose(result.hit.value, scenes.mean(axis=1))
    assert_allclose(result.false_alarm.value, empty.mean(axis=1))
    for rates, alarms in ((result.hit, scenes), (result.false_alarm, empty)):
        for low, high, count in zip(rates.low, rates.high, alarms.sum(axis=1), strict=True):
            ends = stats.binomtest(int(count), 60).proportion_ci(0.95, "wilson")
            assert_allclose([low, high], [ends.low, ends.high], atol=1e-12)
    paired = np.array([of_mean(list(scenes[0] - other)) for other in scenes[1:]]).T
    assert_allclose(result.max_over, paired, atol=1e-12)


def test_defaults_of_hits() -> None:
    one, told = (
        hits(draws=50),
        hits(2, 2, 3, false_alarm=0.05, watched="value", draws=50, seed=0),
    )
    assert isinstance(one, Hits)
    assert_allclose(one.hit, told.hit, rtol=0)
    assert_allclose(one.max_over, told.max_over, rtol=0)
    assert_allclose(hits().hit, hits(draws=1000).hit, rtol=0)
    assert_allclose(hits().max_over.value, hits().hit.value[0] - hits().hit.value[1:])


# Checking


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: replacement_error(5, 6), "output_size must be at most size, here 5; got 6"),
        (lambda: replacement_error(8, 2, length=3), "length must be at most size / 4"),
        (lambda: replacement_error(8, 2, "subsample"), "method must be one of max, mean"),
        (lambda: replaced([1.0, 2.0]), r"shape of picture must be \(H, W\)"),
        (lambda: replaced(np.zeros((0, 3))), "shape of picture must be"),
        (lambda: replaced([[1.0, np.inf]], 1), "picture must be finite everywhere"),
        (lambda: replaced([[1.0, 1.0]], 1), "picture must be finite everywhere, and not the same"),
        (lambda: replaced([[1.0, 2.0]], 2), "output_size must be at most size, here 1; got 2"),
        (lambda: same_differs(8, 65), "kernel_size must be"),
        (lambda: same_differs(8, length=3), "length must be at most size / 4"),
        (lambda: hits(33), "width must be"),
        (lambda: hits(1, 6), "depth must be"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)
