"""Padding that is data, again: clip by clip, by SciPy's distributions, and by counting."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import integrate, stats

from explainers import operators
from explainers.checks import Floats
from explainers.intervals import Interval
from explainers.sizes import masking
from explainers.sizes.masking import (
    diluted_mean,
    in_batches,
    masked_max,
    masked_mean,
    masked_pool1d,
    tail_takes_over,
    tails,
)
from tests.sizes.reference_layers import added, declared, refused

Z = float(stats.norm.ppf(0.975))


def agrees(estimate: Interval[float], truth: float, errors: float = 4) -> bool:
    half = (estimate.high - estimate.low) / (2 * Z)
    return abs((estimate.high + estimate.low) / 2 - truth) <= errors * half + 1e-12


def test_arguments() -> None:
    for function, argument, kind in declared(masking):
        for said in refused(function, argument, kind):
            assert said.startswith(f"{argument} must be "), (function, said)


# With a mask

CLIPS = np.random.default_rng(3).standard_normal((5, 3, 40)) - 4  # all below zero
LENGTHS = (1, 7, 20, 39, 40)
MASK = np.arange(40) < np.array(LENGTHS)[:, None, None]


def test_masked_is_what_the_clips_alone_give() -> None:
    for anything in (0.0, 1e300, np.inf, np.nan):
        filled = np.where(MASK, CLIPS, anything)
        largest, mean = masked_max(filled, MASK), masked_mean(filled, MASK)
        assert largest.shape == mean.shape == (5, 3)
        for i, length in enumerate(LENGTHS):
            assert_array_equal(largest[i], CLIPS[i, :, :length].max(axis=-1))
            in_order = [added(list(channel[:length])) / length for channel in CLIPS[i]]
            assert_array_equal(mean[i], in_order)
            assert_allclose(mean[i], CLIPS[i, :, :length].mean(axis=-1), rtol=1e-13)


@pytest.mark.parametrize("method", ["max", "mean"])
@pytest.mark.parametrize(("kernel", "stride"), [(2, None), (3, 2), (5, 1), (2, 4), (1, 1)])
def test_masked_windows_by_loops(method: str, kernel: int, stride: int | None) -> None:
    step = stride or kernel
    mask = MASK & (np.arange(40) % 7 != 3)  # with holes, too
    for anything in (0.0, 1e300, np.nan):
        pooled = masked_pool1d(np.where(mask, CLIPS, anything), mask, kernel, stride, method)
        assert pooled.values.shape == pooled.mask.shape == (5, 3, (40 - kernel) // step + 1)
        for at, found in np.ndenumerate(pooled.values):
            clip, channel, window = at
            seen = range(window * step, window * step + kernel)
            real = [CLIPS[clip, channel, t] for t in seen if mask[clip, 0, t]]
            assert pooled.mask[at] == bool(real)
            expected = 0.0 if not real else max(real) if method == "max" else sum(real) / len(real)
            assert found == pytest.approx(expected, rel=1e-13 if method == "mean" else 0, abs=0)


def test_with_all_places_real_masked_windows_are_plain_ones() -> None:
    everywhere = np.ones(40, bool)
    pooled = masked_pool1d(CLIPS, everywhere, 3, 2)
    assert_array_equal(pooled.values, operators.max_pool1d(CLIPS, 3, 2))
    assert pooled.mask.all()
    with pytest.raises(ValueError, match="mask must be of the shape of values"):
        masked_pool1d(CLIPS, np.ones(39, bool), 2)


def test_masked_over_maps() -> None:
    """Of any shape: also with holes."""
    mask = np.random.default_rng(1).random((5, 3, 40)) < 0.3
    mask[:, 0, 0] = True
    for clip, kept, largest, mean in zip(
        CLIPS, mask, masked_max(CLIPS, mask, axes=2), masked_mean(CLIPS, mask, axes=2), strict=True
    ):
        values = [float(v) for v, k in zip(clip.ravel(), kept.ravel(), strict=True) if k]
        assert largest == max(values)
        assert mean == pytest.approx(math.fsum(values) / len(values), rel=1e-13)
    whole = np.array(True)
    assert_array_equal(masked_max(CLIPS, whole, axes=2), CLIPS.max(axis=(1, 2)))
    assert_array_equal(masked_max(CLIPS, whole), CLIPS.max(axis=2))
    for axes in (0, 3):
        with pytest.raises(ValueError, match=r"^axes must be a whole number in \[1, 2\]; got "):
            masked_max(CLIPS, whole, axes)


def test_what_is_kept_may_be_no_number() -> None:
    values = [np.nan, 1, 2, -np.inf]
    assert math.isnan(masked_max(values, np.array([True, True, False, False])))
    assert masked_max(values, np.array([False, False, False, True])) == -np.inf


@pytest.mark.parametrize("pool", [masked_max, masked_mean])
def test_what_a_mask_must_be(pool: object) -> None:
    assert callable(pool)
    ones = np.ones((2, 3))
    for wrong, said in (
        ([1, 1, 0], "of True and False; got "),
        ([True, True], "of the shape of values, (2, 3), or repeated to it; got (2,)"),
        (np.ones((4, 2, 3), bool), "of the shape of values, (2, 3), or repeated to it; got "),
        ([[True] * 3, [False] * 3], "True somewhere in all that is pooled to one value; got "),
    ):
        with pytest.raises(ValueError, match=r"^mask must be ") as error:
            pool(ones, wrong)
        assert said in str(error.value)
    for values, axes in ((np.ones(3), 2), (np.ones((2, 0)), 1), (np.ones((2, 0, 3)), 2), (1.0, 1)):
        with pytest.raises(ValueError, match=f"^values must be of {axes} axes or more"):
            pool(values, np.array(True), axes=axes)


# The laws


def test_the_tail_takes_over_by_counting_signs() -> None:
    for bias, n in itertools.product((-2.0, 0.0, 0.7), (1, 2, 5)):
        below = list(itertools.product((True, False), repeat=n))  # the bias, or not
        assert tail_takes_over(bias, n) == sum(map(all, below)) / len(below)
        features = tail_takes_over(bias, n, "features")
        assert features == pytest.approx(stats.norm.sf(bias) ** n, rel=1e-12)
        rectified = tail_takes_over(bias, n, rectified=True)
        assert rectified == (tail_takes_over(bias, n) if bias > 0 else 0)
        assert tail_takes_over(bias, n, "features", rectified=True) == 0
    assert tail_takes_over() == tail_takes_over(0, 10, "input", rectified=False) == 2**-10


def rectified_mean(mean: float, sd: float) -> float:
    def weighted(x: float) -> float:
        return float(x * stats.norm.pdf(x, mean, sd))

    return float(integrate.quad(weighted, 0, max(mean, 0) + 12 * sd, points=[max(mean, 0)])[0])


@pytest.mark.parametrize("bias", [-0.5, 0.0, 0.3, 2.0])
@pytest.mark.parametrize("real", [0.25, 0.5, 0.9])
def test_the_diluted_mean_by_quadrature(bias: float, real: float) -> None:
    clip = rectified_mean(bias, 1)
    law = (real * clip + (1 - real) * max(bias, 0)) / clip
    assert diluted_mean(real, bias) == pytest.approx(law, rel=1e-9)
    spread = 0.3
    tail, clip = rectified_mean(bias, spread), rectified_mean(bias, math.sqrt(1 + spread**2))
    law = (real * clip + (1 - real) * tail) / clip
    assert diluted_mean(real, bias, spread) == pytest.approx(law, rel=1e-9)
    assert diluted_mean(real, bias, spread, "features") == real
    assert diluted_mean() == diluted_mean(0.5, 0, 0, "input") == 0.5


def test_where_the_trial_that_gave_0_64_comes_from() -> None:
    """Twice the length, and biases that scatter by 0.3 of a response; without biases it is half."""
    assert diluted_mean(0.5, spread=0.3) == pytest.approx(0.5 + 0.15 / math.sqrt(1.09))
    assert round(diluted_mean(0.5, spread=0.3), 2) == 0.64


# By trying


@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize("padded", masking.PADDED)
@pytest.mark.parametrize("bias", [-1.0, 0.5])
def test_tails_are_the_laws(bias: float, padded: str, rectified: bool) -> None:
    for length, padded_to in ((3, 4), (3, 9), (6, 12)):
        found = tails(bias, length, padded_to, padded, rectified=rectified)
        assert agrees(found.taken_over, tail_takes_over(bias, length, padded, rectified))
        assert agrees(found.diluted, diluted_mean(length / padded_to, bias, 0, padded))
        assert found.masked == 0


@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_tails_of_filters_with_different_biases(spread: float) -> None:
    found = tails(0.2, 10, 20, spread=spread, filters=20_000)
    assert agrees(found.diluted, diluted_mean(0.5, 0.2, spread))
    assert agrees(found.taken_over, 2**-10)


@pytest.mark.parametrize("padded", masking.PADDED)
@pytest.mark.parametrize(("kernel", "length", "padded_to"), [(3, 6, 10), (3, 3, 4), (5, 7, 8)])
def test_tails_filter_by_filter(kernel: int, length: int, padded_to: int, padded: str) -> None:
    """The same draws, each clip padded by itself and filtered by NumPy's correlate."""
    filters, channels, bias, spread = 60, 3, -0.4, 0.7
    drawn = np.random.default_rng(8)
    taps = drawn.standard_normal((filters, channels, kernel))
    clips = drawn.standard_normal((filters, channels, length))
    biases = bias + spread * drawn.standard_normal((filters, 1))[:, 0]
    taken, above, below = [], [], []
    for weights, clip, own in zip(taps, clips, biases, strict=True):
        weights = weights / math.sqrt(float((weights**2).sum()))
        alone = answered(clip, weights) + own
        longer = np.pad(clip, ((0, 0), (0, padded_to - length)))
        more = np.zeros(padded_to - length)
        whole = answered(longer, weights) + own if padded == "input" else [*alone, *more]
        taken.append(max(whole) > max(alone))
        above.append(np.mean(np.maximum(whole, 0)))
        below.append(np.mean(np.maximum(alone, 0)))
    found = tails(
        bias, length, padded_to, padded,
        kernel=kernel, spread=spread, channels=channels, filters=filters, seed=8,
    )  # fmt: skip
    assert found.taken_over.value == np.mean(taken)
    low, high = stats.binomtest(sum(taken), filters).proportion_ci(0.95, "wilson")
    assert_allclose(found.taken_over[1:], (low, high), rtol=1e-9)
    ratio = sum(above) / sum(below)
    assert found.diluted.value == pytest.approx(ratio, rel=1e-12)
    rest = np.array(above) - ratio * np.array(below)
    reach = Z * stats.sem(rest) / np.mean(below)
    assert found.diluted.high - found.diluted.value == pytest.approx(reach, rel=1e-9)
    assert found.masked == 0


def answered(clip: Floats, weights: Floats) -> Floats:
    each = [np.correlate(c, w, "valid") for c, w in zip(clip, weights, strict=True)]
    return np.asarray(np.sum(each, axis=0))


def test_a_mask_of_tails_that_is_off_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "masked_max", lambda values, mask: values.max(axis=-1))
    assert tails(-2, 5, 10, "features").masked > 0.5
    monkeypatch.undo()
    monkeypatch.setattr(masking, "masked_mean", lambda values, mask: values.mean(axis=-1))
    assert tails(1, 5, 10, "features").masked > 0.5


def test_arguments_of_tails_that_depend_on_each_other() -> None:
    for length, padded_to, kernel in ((5, 5, 1), (4, 3, 1), (2, 8, 3)):
        with pytest.raises(ValueError, match=f"^length must be .*; got {length}$"):
            tails(0, length, padded_to, kernel=kernel)
    told = tails(0, 10, 20, "input", kernel=1, spread=0, rectified=False, channels=8, filters=4000)
    assert tails() == told


# Who shares the batch


@pytest.mark.parametrize("padded", masking.PADDED)
def test_in_batches_clip_by_clip(padded: str) -> None:
    longest, length = (5, 9, 30), 5
    drawn = np.random.default_rng(2)
    biases = 0.1 + 0.4 * drawn.standard_normal((50, 1))[:, 0]
    clips = drawn.standard_normal((50, length)) + biases[:, None]
    found = in_batches(longest, length, padded, bias=0.1, spread=0.4, filters=50, seed=2)
    for i, side in enumerate(longest):
        for j, (clip, bias) in enumerate(zip(clips, biases, strict=True)):
            tail = bias if padded == "input" else 0.0
            whole = [max(v, 0.0) for v in [*clip.tolist(), *[float(tail)] * (side - length)]]
            assert found.plain_max[i, j] == max(whole)
            assert found.plain_mean[i, j] == pytest.approx(sum(whole) / side, rel=1e-12)
            assert found.masked_max[i, j] == max(whole[:length])
            assert found.masked_mean[i, j] == added(whole[:length]) / length
    assert (found.plain_mean[1] != found.plain_mean[2]).mean() > 0.9
    assert (found.plain_max[0] != found.plain_max[2]).any() == (padded == "input")


def test_arguments_of_batches() -> None:
    with pytest.raises(
        ValueError, match=r"^longest must be a whole number in \[20, 2000\]; got 19$"
    ):
        in_batches((30, 19))
    with pytest.raises(ValueError, match=r"^longest must be at least one length; got \(\)$"):
        in_batches(())
    told = in_batches((20, 30, 40, 80), 20, "input", bias=0, spread=0.3, filters=64, seed=0)
    for one, other in zip(in_batches(), told, strict=True):
        assert_array_equal(one, other)


def test_where_no_response_is_positive_there_is_no_mean_to_dilute() -> None:
    found = tails(-8, 2, 4, filters=3)
    assert np.isnan(found.diluted).all()
    assert found.taken_over.value >= 0
