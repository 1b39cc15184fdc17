"""The claims on orders of layers, padding and rounding, by routes that share no code with them."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy import integrate, ndimage, stats

from explainers.checks import Floats
from tests.claiming import computed, margin, values
from tests.sizes.reference_layers import (
    FUNCTIONS,
    added,
    apart,
    blurred,
    convolved,
    moment_of_largest,
    pooled,
    whole,
)

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
    assert (pooled(line, 2) == 0.5 * (pooled(NOISE, 2) - 1) / math.sqrt(3) + 2).all()
    assert (v["gamma_up"], v["gamma_down"]) == (0.5, -0.5)
    assert (v["up"], v["down"], v["turned"], v["differ"]) == (0, 1, 0, 0)
    assert v["evaluated"] == pooled(NOISE, 2).size / NOISE.size
    assert v["off"] == pytest.approx(moment_of_largest(4, 1) * 2, rel=1e-9)
    gaps = pooled(NOISE, 2) - pooled(NOISE, 2, "min")
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
    each = [(pooled(four, 2).mean() - four.mean()) / four.std() for four in np.split(maps, 75)]
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
    gaps = pooled(first, 2) + pooled(second, 2) - pooled(first + second, 2)
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
        inner = inner if between == "nothing" else pooled(inner, window, between)
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
    assert (pooled(np.rint(floats), 2) == np.rint(pooled(floats, 2))).all()
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
