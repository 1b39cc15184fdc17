"""Each claim's numbers, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_allclose
from scipy import integrate, ndimage, stats

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
from tests.sizes.reference_layers import (
    FUNCTIONS,
    added,
    apart,
    blurred,
    convolved,
    moment_of_largest,
    whole,
)
from tests.sizes.reference_layers import pooled as pooled_rows

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
    for distance, across in itertools.product((1, 2, 3, 5, 8), (0, 1, 3, 4)):
        case = {"depth": depth, "apart": distance, "across": across}
        assert values("near-objects-merge", **case)["merged"] == together(depth, distance, across)
        assert margin("near-objects-merge", **case) == (together(depth, distance, across) == 0)


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


# ======== The order of layers, padding that is data, and rounding ========

NOISE = np.random.default_rng(77).standard_normal((40, 24, 24))


def holds(id: str, name: str, truth: float, of_it: float = 0) -> None:
    """Its interval is near what is expected, itself known to so many standard errors."""
    value = computed(id)[name]
    assert value.low is not None
    assert value.high is not None
    error = math.hypot((value.high - value.low) / 3.92, of_it)
    assert value.value == pytest.approx(truth, abs=4 * error)


# ---- Batch normalisation ----


def test_norm_commutes_with_max() -> None:
    v = values("norm-commutes-with-max")
    line = 0.5 * (NOISE - 1) / math.sqrt(3) + 2
    assert (pooled_rows(line, 2) == 0.5 * (pooled_rows(NOISE, 2) - 1) / math.sqrt(3) + 2).all()
    assert (v["gamma_up"], v["gamma_down"]) == (0.5, -0.5)
    assert (v["up"], v["down"], v["turned"], v["differ"]) == (0, 1, 0, 0)
    assert v["evaluated"] == pooled_rows(NOISE, 2).size / NOISE.size
    assert v["off"] == pytest.approx(moment_of_largest(4, 1) * 2, rel=1e-9)
    gaps = pooled_rows(NOISE, 2) - pooled_rows(NOISE, 2, "min")
    assert v["off"] == pytest.approx(gaps.mean(), abs=4 * gaps.std() / gaps.size**0.5)


@pytest.mark.parametrize("gamma", [-2.0, -0.3, 0.0, 0.7, 1.5])
def test_norms_that_rise(gamma: float) -> None:
    for window, smoothness in ((2, 0), (3, 2), (8, 8)):
        case = {"gamma": gamma, "window": window, "smoothness": smoothness, "variance": 0.1}
        assert margin("norm-commutes-with-max", **case) == (gamma >= 0)


def test_norm_after_max_in_training() -> None:
    id = "norm-after-max-in-training"
    v = values(id)
    mean, square = (moment_of_largest(4, power) for power in (1, 2))
    assert v["mean"] == pytest.approx(mean, rel=1e-9)
    assert v["sd"] == pytest.approx(math.sqrt(square - mean**2), rel=1e-9)
    assert v["mean_three"] == pytest.approx(moment_of_largest(9, 1), rel=1e-9)
    holds(id, "mean_set", mean)
    # Noise that is filtered with σ has the correlation length σ √2.
    rough = np.random.default_rng(6).standard_normal((300, 32, 32))
    maps = ndimage.gaussian_filter(
        rough, (0, v["length"] / 2**0.5, v["length"] / 2**0.5), mode="wrap"
    )
    each = [(pooled_rows(four, 2).mean() - four.mean()) / four.std() for four in np.split(maps, 75)]
    holds(id, "smooth", float(np.mean(each)), float(stats.sem(each)))


def test_what_is_normalised_leaves_a_pooling_above_zero() -> None:
    for window, smoothness in ((2, 0), (2, 8), (5, 4)):
        found = margin("norm-after-max-in-training", window=window, smoothness=smoothness)
        if not smoothness:
            largest = moment_of_largest(window**2, 1)
            assert found == pytest.approx(0.01 - largest, abs=0.01)
        assert found < -0.05


# ---- Dropout ----


def in_training(rate: float, count: int, largest: list[float]) -> float:
    """All ways to keep values of a window, by the mean of the largest of so many."""
    total = 0.0
    for kept in itertools.product((True, False), repeat=count):
        chance = math.prod(1 - rate if keeps else rate for keeps in kept)
        total += chance * largest[sum(kept)] / (1 - rate)
    return total


def test_dropout_before_max_is_biased() -> None:
    v = values("dropout-before-max-is-biased")
    uniform = [0.0, *(float(stats.beta(k, 1).mean()) for k in range(1, 5))]
    assert v["training"] == pytest.approx(in_training(0.5, 4, uniform), rel=1e-12)
    assert v["inference"] == pytest.approx(uniform[4], rel=1e-12)
    assert v["times"] == pytest.approx(in_training(0.5, 4, uniform) / uniform[4], rel=1e-12)
    patterns = list(itertools.product((True, False), repeat=4))
    assert v["zeros"] == np.mean([not any(kept) for kept in patterns])
    assert v["after_zeros"] == v["rate_shown"] == 0.5
    assert v["times_set"] == pytest.approx(v["times"], abs=0.05)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("kind", ["uniform", "rectified"])
def test_how_biased_dropout_is(rate: float, kind: str) -> None:
    largest = [0.0] + [
        k / (k + 1) if kind == "uniform" else moment_of_largest(k, 1, floor=0) for k in range(1, 5)
    ]
    case = {"rate": rate, "values": kind}
    found = [margin("dropout-before-max-is-biased", **case, seed=seed) for seed in range(30)]
    law = in_training(rate, 4, largest) / largest[4] - 1
    assert law > 0
    assert np.mean(found) == pytest.approx(law, abs=4 * float(stats.sem(found)))
    assert margin("dropout-before-max-is-biased", **case, drops="channels") == 0


# ---- Blur ----


def test_blur_before_or_after_rectifier() -> None:
    v = values("blur-before-or-after-rectifier")
    weights = np.outer([1, 2, 1], [1, 2, 1]) / 16
    assert v["under"] == weights.size
    assert v["left"] == pytest.approx(np.linalg.norm(weights), rel=1e-12)
    after = blurred(np.maximum(NOISE, 0), 3, "grid-wrap")
    before = np.maximum(blurred(NOISE, 3, "grid-wrap"), 0)
    assert v["left"] == pytest.approx(before.mean() / after.mean(), abs=0.01)
    assert (before <= after + 1e-12).all()
    signs = list(itertools.product((-1, 1), repeat=9))
    assert v["same"] == np.mean([len(set(pattern)) == 1 for pattern in signs])
    assert v["same"] == pytest.approx((np.abs(before - after) < 1e-12).mean(), abs=0.002)


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_no_activation_changes_places_with_a_blur(activation: str) -> None:
    function = FUNCTIONS[activation]
    for taps in (3, 5):
        one = function(blurred(NOISE, taps, "grid-wrap"))
        assert apart(one, blurred(function(NOISE), taps, "grid-wrap"))[0] > 0.01
        case = {"activation": activation, "taps": taps}
        assert not margin("blur-before-or-after-rectifier", **case)


# ---- Linear or not ----


def test_max_needs_no_rectifier() -> None:
    v = values("max-needs-no-rectifier")
    first, second = NOISE[:20], NOISE[20:]
    gaps = pooled_rows(first, 2) + pooled_rows(second, 2) - pooled_rows(first + second, 2)
    assert v["gap"] == pytest.approx(gaps.mean(), abs=4 * gaps.std() / gaps.size**0.5)
    # The sum of two normal values has √2 times their standard deviation, and so has its max.
    assert v["gap"] == pytest.approx((2 - 2**0.5) * moment_of_largest(4, 1), rel=1e-9)
    for name, side in (("rectifiers", 2), ("rectifiers_three", 3)):
        # Each comparison of two leaves one value less.
        assert v[name] == len(list(itertools.pairwise(range(side**2))))


@pytest.mark.parametrize("between", ["nothing", "mean", "max"])
@pytest.mark.parametrize("window", [2, 3])
def test_which_stacks_are_linear(between: str, window: int) -> None:
    drawn = np.random.default_rng(3)
    weights, other = drawn.standard_normal((2, 2, 2, 3, 3))
    a, b = drawn.standard_normal((2, 2, 2, 12, 12))

    def stack(maps: Floats) -> Floats:
        inner = convolved(maps, weights, "constant")
        inner = inner if between == "nothing" else pooled_rows(inner, window, between)
        return convolved(inner, other, "constant")

    linear = apart(stack(2 * a - b), 2 * stack(a) - stack(b))[0] < 1e-12
    assert linear == (between != "max")
    assert margin("max-needs-no-rectifier", between=between, window=window) == linear


def test_mean_pool_is_a_convolution() -> None:
    v = values("mean-pool-is-a-convolution")
    assert v["weight"] == pytest.approx(1 / len(list(itertools.product(range(3), repeat=2))))
    inside = [p for p in itertools.product((-1, 0, 1), repeat=2) if min(p) >= 0]
    assert v["corner"] == 1 / len(inside)
    assert v["trained"] == np.ones((int(v["channels"]), int(v["channels"]), 3, 3)).size


@pytest.mark.parametrize(("window", "stride"), [(2, 2), (3, 2), (5, 1), (4, 3)])
def test_which_means_are_convolutions(window: int, stride: int) -> None:
    """SciPy's filter of equal weights, against the values of the map in each window."""
    plane = NOISE[0]
    for padding in ("none", "counted", "left out"):
        around = 0 if padding == "none" else window // 2
        padded = np.pad(plane, around, constant_values=np.nan)
        cut = sliding_window_view(padded, (window, window))[::stride, ::stride]
        means = np.nansum(cut, axis=(2, 3)) / window**2
        if padding == "left out":
            means = np.nanmean(cut, axis=(2, 3))
        weights = np.full((window, window), 1 / window**2)
        filtered = ndimage.correlate(np.nan_to_num(padded), weights, mode="constant")
        middle = window // 2
        rows = slice(middle, middle + stride * len(means), stride)
        same = bool(np.allclose(means, filtered[rows, rows], atol=1e-12))
        assert same == (padding != "left out")
        case = {"padding": padding, "window": window, "stride": stride}
        assert margin("mean-pool-is-a-convolution", **case) == same


# ---- Padding that is data ----


def test_padded_tail_takes_over() -> None:
    v = values("padded-tail-takes-over")
    assert v["features"] == pytest.approx(stats.norm.sf(-v["below"]) ** v["places"], rel=1e-12)
    responses = np.random.default_rng(5).normal(-v["below"], 1, (20_000, int(v["places"])))
    assert v["features"] == pytest.approx((responses.max(axis=1) < 0).mean(), abs=0.015)
    for name in ("few", "ten"):
        signs = list(itertools.product((True, False), repeat=int(v[name])))
        assert v[f"{name}_input"] == sum(map(all, signs)) / len(signs)
    assert v["changed"] == 0


@pytest.mark.parametrize("bias", [-1.5, 0.0, 0.7])
@pytest.mark.parametrize("length", [1, 5, 9, 10, 30])
def test_which_tails_take_over(bias: float, length: int) -> None:
    features = float(stats.norm.sf(bias)) ** length
    chances = {
        ("features", "nothing"): features,
        ("features", "rectifier"): 0,
        ("input", "nothing"): 0.5**length,
        ("input", "rectifier"): 0.5**length if bias > 0 else 0,
    }
    for (padded, before), chance in chances.items():
        case = {"padded": padded, "before": before, "length": length, "bias": bias}
        found = margin("padded-tail-takes-over", **case)
        assert found == pytest.approx(0.01 - chance, rel=1e-9)
        if before == "rectifier" and length >= 10:
            assert found > 0


def rectified(bias: float) -> float:
    """Mean of rectified normal values around a bias, by quadrature."""

    def weighted(x: float) -> float:
        return float(x * stats.norm.pdf(x, bias))

    return float(integrate.quad(weighted, 0, 12)[0])


def test_padding_dilutes_the_mean() -> None:
    v = values("padding-dilutes-the-mean")
    assert (v["features"], v["bias_shown"]) == (0.5, 0.5)
    assert v["input_none"] == pytest.approx(rectified(0) / 2 / rectified(0), rel=1e-9)
    assert v["input"] == pytest.approx((rectified(0.5) + 0.5) / 2 / rectified(0.5), rel=1e-9)
    responses = np.random.default_rng(5).normal(0.5, 1, (20_000, 20))
    padded = np.hstack([responses, np.full_like(responses, 0.5)])
    ratio = np.maximum(padded, 0).mean() / np.maximum(responses, 0).mean()
    assert v["input"] == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("bias", [-2.0, -0.4, 0.0, 1.0])
@pytest.mark.parametrize("real", [0.1, 0.5, 0.9])
def test_which_means_are_lower(bias: float, real: float) -> None:
    for padded, before in itertools.product(("input", "features"), ("rectifier", "nothing")):
        clip = rectified(bias) if before == "rectifier" else bias
        tail = bias if padded == "input" else 0.0
        tail = max(tail, 0.0) if before == "rectifier" else tail
        case = {"padded": padded, "before": before, "bias": bias, "real": real}
        found = margin("padding-dilutes-the-mean", **case)
        assert found == pytest.approx(clip - real * clip - (1 - real) * tail, abs=1e-9)
        if before == "rectifier":
            assert found > 0


def test_batch_mates_change_the_answer() -> None:
    v = values("batch-mates-change-the-answer")
    features = np.maximum(np.random.default_rng(5).standard_normal(int(v["length"])), 0)
    for name, places in (("twice", v["longer"]), ("four", v["most"])):
        filled = [*features.tolist(), *[0.0] * int(places - v["length"])]
        assert v[name] == pytest.approx(math.fsum(filled) / len(filled) / features.mean())
    assert (v["filters"], v["masked"], v["changed"]) == (64, 0, 64)


@pytest.mark.parametrize("padded", ["input", "features"])
def test_who_depends_on_its_batch(padded: str) -> None:
    """Features that are hardly all below zero: zeros change their mean, and not their max."""
    for length, longest in ((20, 30), (20, 200), (50, 80)):
        case = {"padded": padded, "length": length, "longest": longest}
        for pool in ("max", "mean"):
            assert margin("batch-mates-change-the-answer", pool=pool, mask="mask", **case) == 0
        changed = margin("batch-mates-change-the-answer", pool="mean", **case)
        assert changed == 64
        assert margin("batch-mates-change-the-answer", pool="max", **case) == 0


def test_a_clip_of_one_place() -> None:
    """Zeros change its mean wherever its one response is above zero, and its max nowhere."""
    case = {"padded": "features", "length": 1, "longest": 30, "seed": 2}
    drawn = np.random.default_rng(2)
    biases = 0.3 * drawn.standard_normal((64, 1))
    above = (drawn.standard_normal((64, 1)) + biases > 0).sum()
    assert margin("batch-mates-change-the-answer", **case) == above
    assert margin("batch-mates-change-the-answer", pool="max", **case) == 0


# ---- Numbers that are none, and numbers of few digits ----


def spoiled(place: int, layers: int, kernel: int, window: int, stride: int) -> set[int]:
    """Which outputs along an axis one NaN reaches: those of whose inputs one is NaN."""
    bad = {place}
    for _ in range(layers):
        bad = {out for at in bad for out in range(at - kernel + 1, at + 1)}
        near = range(min(bad, default=0) // stride - window, max(bad, default=0) // stride + 1)
        bad = {out for out in near if bad & set(range(out * stride, out * stride + window))}
    return bad


def test_nan_spreads() -> None:
    v = values("nan-spreads")
    far = 10**5
    pooled_sides = [len(spoiled(far + p, 5, 3, 2, 2)) for p in range(32)]
    assert (v["side"], v["layers_shown"], v["left"]) == (224, 5, 224 // 2 // 2 // 2 // 2 // 2)
    assert v["patch"] == max(pooled_sides)
    assert v["plain_patch"] == len(spoiled(far, 5, 3, 1, 1))
    assert v["pooled"] == pytest.approx((max(pooled_sides) / 7) ** 2)
    assert v["plain"] == pytest.approx((v["plain_patch"] / 224) ** 2)


@pytest.mark.parametrize(
    ("layers", "window", "stride", "kernel"),
    [(1, 2, 2, 1), (3, 3, 2, 3), (2, 2, 3, 5), (2, 5, 1, 3), (2, 2, 4, 1)],
)
def test_a_nan_spreads_further_with_pooling(
    layers: int, window: int, stride: int, kernel: int
) -> None:
    cell = stride**layers
    sides = [len(spoiled(10**5 + p, layers, kernel, window, stride)) for p in range(cell)]
    alone = len(spoiled(10**5, layers, kernel, 1, 1))
    case = {"layers": layers, "window": window, "stride": stride, "kernel": kernel}
    assert margin("nan-spreads", **case) == alone - max(sides) * cell
    assert alone < max(sides) * cell


def share_of_means(window: int, rounding: str, draws: int = 40_000) -> float:
    """How often a mean of rounded values is not the rounded mean, by Python's decimals."""
    drawn = np.random.default_rng(8).uniform(20, 90, (draws, window**2))
    means = np.rint(drawn).sum(axis=1) / window**2
    found = [whole(mean, rounding) for mean in means.tolist()]
    return float(np.mean(np.array(found) != np.rint(drawn.mean(axis=1))))


def test_int8_max_is_exact() -> None:
    v = values("int8-max-is-exact")
    for name, window, rounding in (
        ("rounded", 2, "half to even"),
        ("rounded_three", 3, "half to even"),
        ("truncated", 2, "truncation"),
    ):
        share = share_of_means(window, rounding)
        assert v[name] == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 40_000))
    floats = 24 * NOISE
    assert (pooled_rows(np.rint(floats), 2) == np.rint(pooled_rows(floats, 2))).all()
    assert v["differ_max"] == v["differ"] == 0


@pytest.mark.parametrize("rounding", ["half to even", "half away", "truncation"])
def test_which_pools_are_right_in_int8(rounding: str) -> None:
    for window, steps in itertools.product((2, 5), (4.0, 24.0)):
        case = {"window": window, "steps": steps, "rounding": rounding}
        assert margin("int8-max-is-exact", pool="max", **case)
        assert not margin("int8-max-is-exact", pool="mean", **case)


def test_half_precision_mean() -> None:
    v = values("half-precision-mean")
    large, small = int(v["side_shown"]) ** 2, int(v["small_side"]) ** 2
    assert v["stuck"] == added([np.float16(1)] * large)
    assert v["mean"] == v["stuck"] / large
    assert v["missing"] == pytest.approx(1 - v["mean"], rel=1e-12)
    assert v["small"] == added([np.float16(1)] * small) / small
    assert v["single"] == added([np.float32(1)] * large) / large
    assert np.float16(v["stuck"]) + np.float16(1) == v["stuck"] == 2**11


@pytest.mark.parametrize("side", [7, 28, 56])
def test_errors_of_means_in_float16(side: int) -> None:
    noise = np.maximum(np.random.default_rng(9).standard_normal((20, side**2)), 0)
    errors: dict[str, list[float]] = {"naive": [], "float32": []}
    for row in noise.astype(np.float16):
        exact = math.fsum(map(float, row)) / side**2
        for way, kind in (("naive", np.float16), ("float32", np.float32)):
            mean = np.float16(added([kind(x) for x in row]) / np.float32(side**2))
            errors[way].append(abs(float(mean) / exact - 1))
    for way, each in errors.items():
        found = margin("half-precision-mean", way=way, side=side, seed=9)
        assert 0.001 - found == pytest.approx(max(each), rel=1e-6)
    # A float of 11 bits is half a step off at most, and the sum in float32 adds next to nothing.
    assert margin("half-precision-mean", way="float32", side=side) > 0.001 - 1.01 * 2**-11


def test_overlapping_gradients_repeat() -> None:
    """Four terms in random orders; and window by window, with Python's dictionaries."""
    id = "overlapping-gradients-repeat"
    v, drawn = values(id), np.random.default_rng(10)
    four = (drawn.standard_normal((40_000, 4)).astype(np.float32) / 9).astype(np.float32)
    other = drawn.permuted(four, axis=1)
    change = np.cumsum(four, axis=1)[:, -1] != np.cumsum(other, axis=1)[:, -1]
    holds(id, "mean_share", float(change.mean()), 0.5 / 200)
    side = int(v["side"])
    starts = range(0, side - 2, 2)
    seen = Counter(
        (r + a, c + b) for r, c, a, b in itertools.product(starts, starts, range(3), range(3))
    )
    assert v["terms"] == max(seen.values()) == 4
    assert v["differ"] == 0
    shares = [changed(side, np.random.default_rng(seed)) for seed in range(30)]
    holds(id, "max_share", float(np.mean(shares)), float(stats.sem(shares)))


def changed(side: int, drawn: np.random.Generator) -> float:
    """Share of a map's gradients of max pooling over 3 × 3 with stride 2 that an order changes."""
    plane, starts = drawn.standard_normal((side, side)), range(0, side - 2, 2)
    terms: dict[tuple[int, int], list[np.float32]] = {}
    for r, c in itertools.product(starts, starts):
        a, b = divmod(int(plane[r : r + 3, c : c + 3].argmax()), 3)
        terms.setdefault((r + a, c + b), []).append(np.float32(drawn.standard_normal()))
    shuffled = ([each[i] for i in drawn.permutation(len(each))] for each in terms.values())
    pairs = zip(terms.values(), shuffled, strict=True)
    return float(sum(added(one) != added(two) for one, two in pairs) / side**2)


@pytest.mark.parametrize("pool", ["max", "mean"])
def test_which_gradients_repeat(pool: str) -> None:
    for window, overlap in ((2, 0), (3, 0), (8, 0)):
        case = {"pool": pool, "window": window, "overlap": overlap}
        assert margin("overlapping-gradients-repeat", **case)
    assert not margin("overlapping-gradients-repeat", pool=pool, window=3, overlap=2)
