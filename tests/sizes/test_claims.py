"""Each claim's numbers, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_allclose

from explainers.checks import Floats
from explainers.sizes.model import Pool
from tests.claiming import computed, margin, values
from tests.sizes.reference import (
    adaptive_rows,
    compared,
    found,
    outputs,
    pooled,
    residual,
    rows_seen,
    rows_unseen,
    same_pads,
    window_rows,
)

HALVING = Pool(2, 2)


def around(window: int, padding: str) -> int:
    return {"none": 0, "half": window // 2}[padding]


# ---- Encoders and decoders ----


def comes_back(side: int, depth: int, cut: int) -> bool:
    """Lists of rows go down and up; each convolution layer cuts so many rows off at either end."""
    level = list(range(side))
    for _ in range(depth):
        level = level[cut : len(level) - cut]
        if not level or len(level) % 2:
            return False
        level = level[::2]
    return len(level) > 2 * cut


def test_encoder_decoder_sizes() -> None:
    v = values("encoder-decoder-sizes")
    assert (v["four"], v["five"], v["smallest"], v["largest"]) == (4, 5, 16, 512)
    assert (v["multiple"], v["original"]) == (math.prod([2] * 4), 572)
    assert (v["fits"], v["divides"]) == (1, 1)
    rows = 100
    for _ in range(4):
        rows = len(range(rows)[:-1:2])
    assert (v["side_shown"], v["back"], v["lost"]) == (100, 16 * rows, 100 - 16 * rows)
    fitting = [side for side in range(1, 513) if comes_back(side, 4, 0)]
    assert v["padded"] == min(side for side in fitting if side >= 100)
    sides = range(16, 513)
    assert v["fitting"] == np.mean([side in fitting for side in sides])
    assert v["fitting_five"] == np.mean([comes_back(side, 5, 0) for side in sides])


@pytest.mark.parametrize("padding", ["zeros", "wrap", "none"])
@pytest.mark.parametrize("depth", range(1, 6))
def test_which_pictures_fit_a_network(padding: str, depth: int) -> None:
    for side in (16, 28, 44, 96, 100, 188, 224, 572):
        v = values("encoder-decoder-sizes", padding=padding, depth=depth, side=side)
        assert v["fits"] == comes_back(side, depth, 2 if padding == "none" else 0)
        assert v["divides"] == (side / 2**depth).is_integer()
        said = margin("encoder-decoder-sizes", padding=padding, depth=depth, side=side)
        assert said == (v["fits"] == v["divides"])


def test_the_first_such_network_takes_no_multiple() -> None:
    assert comes_back(572, 4, 2)
    assert 572 % 16
    assert not margin("encoder-decoder-sizes", padding="none", depth=4, side=572)


# ---- Rows that are lost ----


def test_rows_lost() -> None:
    v = values("rows-lost")
    assert v["unseen"] == 0 == len(rows_unseen(224, [HALVING]))
    seen = np.zeros((7, 7), dtype=bool)
    sliding_window_view(seen, (2, 2), writeable=True)[::2, ::2] = True
    assert (v["odd_side"], v["odd_seen"]) == (7, seen.any(axis=1).sum())
    assert v["odd_lost"] == pytest.approx(1 - seen.mean(), rel=1e-12)
    assert (v["chain_side"], v["chain_depth"]) == (299, 5)
    assert v["chain_lost"] == len(rows_unseen(299, [HALVING] * 5))
    assert v["chain_overlapping"] == len(rows_unseen(299, [Pool(3, 2)] * 5))


@pytest.mark.parametrize("padding", ["none", "half"])
@pytest.mark.parametrize("rounding", ["down", "up"])
def test_rows_in_no_window(padding: str, rounding: str) -> None:
    for side, window, stride in itertools.product((7, 13, 14), (2, 3, 5), (1, 2, 3, 4)):
        pool = Pool(window, stride, around(window, padding), 1, rounding == "up")
        settings = {"side": side, "window": window, "stride": stride, "padding": padding}
        settings["rounding"] = rounding
        unseen = side - len(set().union(*rows_seen(side, pool)))
        assert values("rows-lost", **settings)["unseen"] == unseen
        assert margin("rows-lost", **settings) == (unseen == 0)


# ---- How many poolings ----


def borne(side: int, pool: Pool) -> int:
    number = 0
    while number < 40 and (side := outputs(side, pool)) >= 1:
        number += 1
    return number


def test_pools_a_map_bears() -> None:
    v = values("pools-a-map-bears")
    assert (v["small"], v["large"], v["channels"]) == (32, 224, 3)
    assert v["small_bears"] == borne(32, HALVING)
    assert v["large_bears"] == borne(224, HALVING) == v["bears"] == v["halvings"]
    assert v["large_wide"] == borne(224, Pool(3, 2))
    assert v["channels_bear"] == borne(3, HALVING)


@pytest.mark.parametrize("window", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("padding", ["none", "half"])
@pytest.mark.parametrize("rounding", ["down", "up"])
def test_poolings_until_no_window_is_found(window: int, padding: str, rounding: str) -> None:
    pool = Pool(window, 2, around(window, padding), 1, rounding == "up")
    for side in (32, 96, 224, 299, 512):
        settings = {"side": side, "window": window, "padding": padding, "rounding": rounding}
        v = values("pools-a-map-bears", **settings)
        assert v["bears"] == borne(side, pool)
        assert v["halvings"] == len(f"{side:b}") - 1
        assert margin("pools-a-map-bears", **settings) == (v["bears"] == v["halvings"])


# ---- Adaptive pooling ----


def ordinary(side: int, number: int) -> list[tuple[int, int]]:
    """All windows and strides with which an ordinary pooling has the windows of an adaptive one."""
    wanted = [set(rows) for rows in adaptive_rows(side, number)]
    sides = range(1, side + 1)
    return [
        (window, stride)
        for window, stride in itertools.product(sides, sides)
        if rows_seen(side, Pool(window, stride)) == wanted
    ]


def test_adaptive_is_not_ordinary() -> None:
    v = values("adaptive-is-not-ordinary")
    windows = adaptive_rows(10, 7)
    lengths = [len(rows) for rows in windows]
    assert (v["uneven"], v["windows"], v["ordinary"]) == (10, 7, 1)
    assert (v["least"], v["largest"]) == (min(lengths), max(lengths))
    assert v["shared"] == sum(sum(row in rows for rows in windows) > 1 for row in range(10))
    assert not ordinary(10, 7)
    assert (v["even_window"], v["even_stride"]) in ordinary(int(v["even"]), 7)
    assert (v["over_window"], v["over_stride"]) in ordinary(int(v["over"]), 7)
    assert (v["even"], v["over"]) == (14, 15)
    stride = 10 // 7
    assert (v["usual_stride"], v["usual_window"]) == (stride, 10 - 6 * stride)
    usual = [range(i * stride, i * stride + 10 - 6 * stride) for i in range(7)]
    assert v["error"] == pytest.approx(noise_error(10, windows, usual), rel=1e-12)


def noise_error(side: int, some: list[range], others: list[range]) -> float:
    """RMS of what two poolings differ by on white noise, pixel by pixel."""
    squares = []
    for i, j in itertools.product(range(len(some)), repeat=2):
        difference = np.zeros((side, side))
        difference[np.ix_(some[i], some[j])] += 1 / (len(some[i]) * len(some[j]))
        difference[np.ix_(others[i], others[j])] -= 1 / (len(others[i]) * len(others[j]))
        squares.append((difference**2).sum())
    return math.sqrt(np.mean(squares))


@pytest.mark.parametrize("outputs", [1, 2, 4, 7, 8, 14, 16])
def test_which_adaptive_poolings_are_ordinary(outputs: int) -> None:
    for side in (7, 13, 14, 27, 28):
        settings = {"outputs": outputs, "side": side}
        said = margin("adaptive-is-not-ordinary", **settings)
        assert said == bool(ordinary(side, outputs))


# ---- Borders ----


def test_same_is_not_symmetric() -> None:
    v = values("same-is-not-symmetric")
    assert (v["side_shown"], v["odd_side"], v["differ"]) == (112, 7, 0)
    assert (v["begin"], v["end"]) == same_pads(112, 3, 2)
    plane = np.arange(1.0, 17).reshape(4, 4)
    for name, before in (("tensorflow", 0), ("pytorch", 1)):
        rows = window_rows(4, 3, 2, before)
        assert v[f"first_{name}"] == pooled(plane, rows, rows, "max")[0, 0]
    assert v["noise"] == pytest.approx(float(maxima_differ(112, 3, 2)), rel=1e-12)
    assert v["odd_mean"] == pytest.approx(means_differ(7, 3, 2, counted=True), rel=1e-12)


def both_windows(side: int, window: int, stride: int) -> tuple[list[list[int]], list[list[int]]]:
    begin, end = same_pads(side, window, stride)
    symmetric = math.ceil((begin + end) / 2)
    ours = window_rows(side, window, stride, begin)
    return ours, window_rows(side, window, stride, symmetric)


def maxima_differ(side: int, window: int, stride: int) -> Fraction:
    """The largest of all values in two windows is in both, or the maxima differ."""
    pairs = list(zip(*both_windows(side, window, stride), strict=True))
    sizes = [(len({*a, *b}), len({*a} & {*b}), len(a), len(b)) for a, b in pairs]
    total = Fraction(0)
    for (_, both, one, other), (_, both2, one2, other2) in itertools.product(sizes, repeat=2):
        shared = both * both2
        total += 1 - Fraction(shared, one * one2 + other * other2 - shared)
    return total / len(pairs) ** 2


def means_differ(side: int, window: int, stride: int, counted: bool) -> float:
    """On one map of noise: means differ almost surely where they are of other values."""
    rng = np.random.default_rng(1)
    plane = rng.standard_normal((side, side))
    ours, theirs = both_windows(side, window, stride)
    same = pooled(plane, ours, ours, "mean")
    other = pooled(plane, theirs, theirs, "mean")
    if counted:
        lengths = np.array([len(rows) for rows in theirs]) / window
        other = other * np.outer(lengths, lengths)
    return float(np.mean(np.abs(same - other) > 1e-12))


@pytest.mark.parametrize("side", [7, 13, 14, 27])
@pytest.mark.parametrize("window", [2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_what_differs_elsewhere(side: int, window: int, stride: int) -> None:
    id, settings = "same-is-not-symmetric", {"side": side, "window": window, "stride": stride}
    share = float(maxima_differ(side, window, stride))
    assert values(id, padding="same", **settings)["differ"] == pytest.approx(share, abs=1e-12)
    for counted in ("counted", "left out"):
        wanted = means_differ(side, window, stride, counted == "counted")
        case = {"padding": "same", "value": "mean", "counted": counted, **settings}
        assert values(id, **case)["differ"] == pytest.approx(wanted, abs=1e-12)
        assert margin(id, **case) == (wanted == 0)
    ends = [first + window for first in range(0, side, stride) if first + window <= side]
    assert len(ends) == outputs(side, Pool(window, stride))
    assert margin(id, padding="valid", **settings)


def test_divisor_counts_padding() -> None:
    v = values("divisor-counts-padding")
    padded = np.pad(np.ones((112, 112)), 1)
    windows = sliding_window_view(padded, (3, 3))[::2, ::2]
    assert v["corner"] == pytest.approx(windows[0, 0].mean(), rel=1e-12)
    assert v["edge"] == pytest.approx(windows[0, 1].mean(), rel=1e-12)
    assert v["corner_out"] == 1
    assert (v["smallest"], v["whole"]) == (9, windows[0, 0].size)
    # Of six rows, padded by one: the window that begins in row 5 has one row, and one of padding.
    inside = rows_seen(6, Pool(3, 2, 1, 1, True))[-1]
    assert inside == {5}
    assert (v["ceiled"], v["ceiled_inside"], v["ceiled_divisor"]) == (6, 1, (1 + len(inside)) ** 2)


@pytest.mark.parametrize("counted", ["counted", "left out"])
@pytest.mark.parametrize("rounding", ["down", "up"])
@pytest.mark.parametrize("padding", ["none", "half"])
def test_divisors_elsewhere(counted: str, rounding: str, padding: str) -> None:
    for side, window, stride in itertools.product((7, 13, 14), (2, 3, 4, 5), (1, 2, 3)):
        pad = around(window, padding)
        reach = range(-pad, side + pad) if counted == "counted" else range(side)
        number = outputs(side, Pool(window, stride, pad, 1, rounding == "up"))
        firsts = [i * stride - pad for i in range(number)]
        least = min(len({*range(first, first + window)} & {*reach}) for first in firsts)
        settings = {"side": side, "window": window, "stride": stride, "counted": counted}
        settings |= {"rounding": rounding, "padding": padding}
        v = values("divisor-counts-padding", **settings)
        assert (v["smallest"], v["whole"]) == (least**2, window**2)
        assert margin("divisor-counts-padding", **settings) == (least == window)


# ---- Unpooling ----


def test_unpooling_is_ambiguous() -> None:
    v = values("unpooling-is-ambiguous")
    assert (v["back"], v["side"], v["odd_side"]) == (14, 14, 7)
    assert v["odd_back"] == 2 * outputs(7, HALVING)
    assert outputs(6, HALVING) == outputs(7, HALVING)
    named = {(row, column): 7 * row + column for row in range(6) for column in range(6)}
    stay = [divmod(index, 6) == place for place, index in named.items()]
    assert v["displaced"] == pytest.approx(1 - np.mean(stay), rel=1e-12)
    assert v["kept"] == 1 / 4


@pytest.mark.parametrize("rounding", ["down", "up"])
@pytest.mark.parametrize("padding", ["none", "half"])
def test_sizes_that_come_back(rounding: str, padding: str) -> None:
    for side, window, stride in itertools.product((7, 13, 14, 28), (2, 3, 5), (1, 2, 3, 4)):
        pad = around(window, padding)
        number = outputs(side, Pool(window, stride, pad, 1, rounding == "up"))
        settings = {"side": side, "window": window, "stride": stride, "padding": padding}
        settings["rounding"] = rounding
        v = values("unpooling-is-ambiguous", **settings)
        # From the first window's begin to the last one's end, without the padding.
        assert v["back"] == len(range(-pad, (number - 1) * stride - pad + window)) - 2 * pad
        assert margin("unpooling-is-ambiguous", **settings) == (v["back"] == side)
        assert margin("unpooling-is-ambiguous", told="told", **settings)


# ---- Several poolings, one window ----


def test_stacked_small_windows() -> None:
    v = values("stacked-small-windows")
    reach = {0}
    for name in ("five", "second", "third"):
        reach = {row + tap for row in reach for tap in range(5)}
        assert v[name] == len(reach)
    stacked, direct = compared([5, 5, 5], separable=False)
    assert (v["stacked"], v["direct"]) == (stacked, direct)
    assert v["saved"] == pytest.approx(1 - stacked / direct, rel=1e-12)
    assert (v["stacked_apart"], v["direct_apart"]) == compared([5, 5, 5], separable=True)
    sums = [sum(pair) for pair in itertools.product(range(5), repeat=2)]
    assert v["middle"] == sums.count(4) / sums.count(0)
    assert v["same"] == 1


def along(row: Floats, window: int, stride: int, pad: int, value: str) -> Floats:
    """Pooled along one axis, by NumPy alone."""
    filled = np.pad(row, pad, constant_values=-np.inf if value == "max" else 0)
    windows = sliding_window_view(filled, window)[::stride]
    return np.asarray(windows.max(axis=1) if value == "max" else windows.mean(axis=1))


@pytest.mark.parametrize("value", ["max", "mean"])
@pytest.mark.parametrize("padding", ["none", "half"])
@pytest.mark.parametrize("number", [2, 3])
def test_stacks_and_single_poolings_of_peaks(value: str, padding: str, number: int) -> None:
    """A peak in each row by itself: two poolings are one if they answer all of these alike."""
    for side, window, stride in itertools.product((14, 27), (2, 3, 5), (1, 2, 3)):
        whole = 1 + (window - 1) * sum(stride**i for i in range(number))
        pad = around(window, padding)
        wide = pad * sum(stride**i for i in range(number))
        if whole > side:
            continue
        same = wide <= whole // 2
        for row in np.eye(side) if same else ():
            stacked = row
            for _ in range(number):
                stacked = along(stacked, window, stride, pad, value)
            single = along(row, whole, stride**number, wide, value)
            same &= stacked.shape == single.shape and np.allclose(stacked, single, atol=1e-12)
        settings = {"window": window, "number": number, "stride": stride, "side": side}
        said = margin("stacked-small-windows", **settings, padding=padding, value=value)
        assert said == same


# ---- Small objects ----


def together(depth: int, apart: int, across: int = 0) -> float:
    """Two pixels at all places of a window: how often they have one value."""
    window = 2**depth
    places = itertools.product(range(window), repeat=2)
    return float(np.mean([(y + apart) // window == (x + across) // window == 0 for y, x in places]))


def test_near_objects_merge() -> None:
    v = values("near-objects-merge")
    assert (v["near"], v["far"], v["merged"]) == (3, 4, together(2, 4))
    for name, depth in (("two", 2), ("three", 3), ("five", 5)):
        assert v[name] == together(depth, 3)
    assert v["far_two"] == together(2, 4) == 0
    places = list(itertools.product(range(4), repeat=2))
    shown = [
        np.mean([y % 4 == x % 4 == (x + apart) % 4 == 0 for y, x in places])
        for apart in range(1, 9)
    ]
    assert v["kept"] == max(shown)


@pytest.mark.parametrize("depth", range(1, 5))
def test_pairs_that_merge(depth: int) -> None:
    for apart, across in itertools.product((1, 2, 3, 5, 8), (0, 1, 3, 4)):
        case = {"depth": depth, "apart": apart, "across": across}
        assert values("near-objects-merge", **case)["merged"] == together(depth, apart, across)
        assert margin("near-objects-merge", **case) == (together(depth, apart, across) == 0)


def test_small_objects_fade() -> None:
    v = values("small-objects-fade")
    assert (v["size"], v["strength_shown"], v["alarms"]) == (2, 3, 0.05)
    assert_allclose(v["none"], found(2, 0, "max", 3, 0.05, "value"), rtol=1e-9)
    for short, method in (("max", "max"), ("mean", "mean"), ("every", "subsample")):
        for word, depth in (("two", 2), ("four", 4)):
            wanted = found(2, depth, method, 3, 0.05, "value")
            assert_allclose(v[f"{short}_{word}"], wanted, rtol=1e-9)
    assert_allclose(v["before"], found(2, 3, "max", 3, 0.05, "value"), rtol=1e-9)
    assert v["after"] == v["max_four"]


@pytest.mark.parametrize("where", ["value", "picture"])
@pytest.mark.parametrize("method", ["max", "mean", "subsample"])
def test_one_pooling_more(method: str, where: str) -> None:
    for width, depth, strength in ((1, 1, 2.0), (3, 3, 4.0), (4, 1, 1.0)):
        case = {"width": width, "depth": depth, "value": method, "where": where}
        v = values("small-objects-fade", **case, strength=strength)
        wanted = [found(width, d, method, strength, 0.05, where) for d in (depth - 1, depth)]
        assert_allclose([v["before"], v["after"]], wanted, rtol=1e-8)
        fades = margin("small-objects-fade", **case, strength=strength)
        assert fades == pytest.approx(wanted[0] - wanted[1], abs=1e-9)


def test_stem_for_small_pictures() -> None:
    v = computed("stem-for-small-pictures")
    assert v["picture"].value == 32
    for name, last, stem, pool in (
        ("designed", "last", (7, 2), True),
        ("pool_removed", "last_removed", (7, 2), False),
        ("small", "last_small", (3, 1), False),
    ):
        macs, _, side = residual("resnet18", 32, 10, stem, pool)
        assert (v[name].value, v[last].value) == (macs, side)
    assert v["ratio"].value == v["small"].value / v["designed"].value


# ---- One, two or three axes ----


def test_pooling_in_three_dimensions() -> None:
    v = values("pooling-in-three-dimensions")
    assert v["left"] == v["law"] == v["three"]
    for number, word in enumerate(("one", "two", "three"), start=1):
        places = list(itertools.product(range(2), repeat=number))
        assert v[word] == 1 / len(places)
        stays = [all(place + 1 < 2 for place in each) for each in places]
        assert v[f"stays_{word}"] == np.mean(stays)
        # Each value is clipped or not: one receives gradient unless all are.
        clipped = itertools.product((True, False), repeat=len(places))
        reached = [0 if all(window) else 1 / len(places) for window in clipped]
        assert v[f"gradient_{word}"] == pytest.approx(np.mean(reached), rel=1e-12)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_values_that_are_left(axes: int) -> None:
    id = "pooling-in-three-dimensions"
    for window, overlap, side in itertools.product((2, 3, 4), (0, 1), (7, 13, 14, 28)):
        case = {"axes": axes, "window": window, "overlap": overlap, "side": side}
        number = len(range(0, side - window + 1, window - overlap))
        v = values(id, **case)
        assert v["left"] == pytest.approx((number / side) ** axes, rel=1e-12)
        assert v["law"] == pytest.approx(1 / window**axes, rel=1e-12)
        assert margin(id, **case) == (number * window == side)
