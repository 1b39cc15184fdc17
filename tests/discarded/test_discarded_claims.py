"""Each claim's numbers again, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pytest
import sklearn.datasets
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage, stats
from skimage.measure import block_reduce

from explainers.checks import Floats, Ints
from explainers.discarded import claims
from explainers.discarded.claims import CLAIMS, RULINGS
from explainers.discarded.experiments import decode_position
from explainers.records import Claim, Verdict
from explainers.sources import THREAD
from tests.discarded.test_discarded_experiments import REDUCE, decoded_again
from tests.discarded.test_discarded_model import simulated_share, starts

NOISE = np.random.default_rng(77).standard_normal((60, 64, 64))


def values(id: str) -> Mapping[str, float]:
    [claim] = [claim for claim in CLAIMS if claim.id == id]
    return {name: value.value for name, value in claim.computed().items()}


def dahlia_bytes() -> Ints:
    """scikit-learn's copy of the photograph: its blue channel, 426 × 640."""
    photo = sklearn.datasets.load_sample_image("flower.jpg")
    return np.asarray(photo[:426, :, 2], dtype=np.int64)


def errors_again(picture: Floats, method: str, window: int = 2) -> list[float]:
    """RMS error, RMS error with the brightness right, and mean absolute error."""
    pooled = block_reduce(picture, (window, window), REDUCE[method])
    difference = np.kron(pooled, np.ones((window, window))) - picture
    rms = np.sqrt(np.mean(difference**2))
    scale = float(picture.std())
    return [float(e) / scale for e in (rms, difference.std(), np.abs(difference).mean())]


def test_three_quarters_of_values() -> None:
    v = values("three-quarters-of-values")
    assert (v["side"], v["odd_side"]) == (224, 7)
    assert v["even"] == len(starts(224, 2, 2, 0)) ** 2 / 224**2 == 1 - v["thrown"]
    assert v["odd"] == len(starts(7, 2, 2, 0)) ** 2 / 7**2
    assert v["overlap"] == len(starts(112, 3, 2, 1)) ** 2 / 112**2
    share, error = simulated_share(3, 2, 0, 250_000)
    assert v["distinct"] == pytest.approx(share, abs=5 * error)


def test_per_channel_survivors() -> None:
    """All placements, window by window; many channels by simulation."""
    v = values("per-channel-survivors")
    pairs = list(itertools.product(range(4), repeat=2))
    assert (v["lost"], v["pairs"]) == (0, len(pairs))
    for name, (dy, dx) in (("one_channel", (0, 1)), ("diagonal", (1, 1)), ("apart", (0, 2))):
        same = [
            (y // 2, x // 2) == ((y + dy) // 2, (x + dx) // 2)
            for y, x in itertools.product(range(2), repeat=2)
        ]
        assert v[name] == np.mean(same)
    rng = np.random.default_rng(1)
    for name, channels in (("few", 2), ("some", 8), ("many", 64)):
        assert v[name] == channels
        chosen = rng.random((4000, channels, 4)).argmax(axis=2)
        places = [len(set(row)) for row in chosen.tolist()]
        error = max(float(np.std(places)) / len(places) ** 0.5, 1e-4)
        assert v[f"{name}_places"] == pytest.approx(np.mean(places), abs=5 * error)


def test_the_lesser_of_two_peaks_is_lost_in_one_channel_only() -> None:
    """All placements of a 1 and a 2 in one window: in one channel, and in two."""
    peaks = np.eye(4).reshape(4, 2, 2)
    for first, second in itertools.product(peaks, repeat=2):
        assert block_reduce(np.maximum(first, 2 * second), (2, 2), np.max).tolist() == [[2]]
        both = block_reduce(np.stack([first, 2 * second]), (1, 2, 2), np.max)
        assert both.ravel().tolist() == [1, 2]
    assert claims.two_peaks_lost() == (0, 16)


def test_maps_with_one_pooled_image() -> None:
    """By logarithms and by NumPy's convolution, on scikit-learn's copy of the photograph."""
    v = values("maps-with-one-pooled-image")
    assert v["binary"] == sum(any(bits) for bits in itertools.product((0, 1), repeat=4))
    assert v["binary_of"] == len(list(itertools.product((0, 1), repeat=4)))
    assert v["inside_side"] == 8
    assert v["inside_digits"] == len(str(24**16))
    photo, box = dahlia_bytes(), np.ones(256, dtype=np.int64)
    sums = np.convolve(np.convolve(box, box), np.convolve(box, box))
    maxima = (np.arange(256) + 1) ** 4 - np.arange(256) ** 4
    for name, pool, ways in (("max", np.max, maxima), ("mean", np.sum, sums)):
        logs = np.log10(ways.astype(float))[block_reduce(photo, (2, 2), pool)]
        assert v[f"photo_{name}"] == math.floor(math.fsum(logs.ravel())) + 1
        assert v[f"kept_{name}"] == pytest.approx(stats.entropy(ways, base=2))
    assert v["kept_subsample"] == v["window_bits"] / 4 == math.log2(256)


def test_gradient_reaches_one_in_four() -> None:
    v = values("gradient-reaches-one-in-four")
    for name, kernel, stride, zeros in (
        ("side_by_side", 2, 2, 0),
        ("three", 3, 3, 0),
        ("overlap", 3, 2, 0),
        ("useful", 2, 2, 0.5),
    ):
        share, error = simulated_share(kernel, stride, zeros, 250_000)
        assert v[name] == pytest.approx(share, abs=5 * error)
    silent = [not any(bits) for bits in itertools.product((0, 1), repeat=4)]
    assert v["blocked"] == np.mean(silent)


def test_gradient_on_padded_maps() -> None:
    """Windows of NumPy's view, around maps of other draws."""
    v = values("gradient-reaches-one-in-four")
    shares = []
    for plane in np.random.default_rng(6).random((80, 32, 32)):
        padded = np.pad(plane, 1, constant_values=-1)
        windows = sliding_window_view(padded, (3, 3))[::2, ::2].reshape(16, 16, 9)
        shares.append(np.unique(windows.max(axis=2)).size / 32**2)
    error = stats.sem(shares) * math.sqrt(1 + 80 / 100)
    assert v["measured"] == pytest.approx(np.mean(shares), abs=4 * error)
    assert v["measured_high"] - v["measured"] == pytest.approx(
        1.96 * np.std(shares) / math.sqrt(100), rel=0.3
    )


def test_max_reconstructs_worse() -> None:
    v, picture = values("max-reconstructs-worse"), dahlia_bytes() / 255
    assert len(v) == 4 * 3 + 3 * 2
    for method in ("mean", "median", "subsample", "max"):
        found = [v[f"{kind}_{method}"] for kind in ("photo", "rest", "absolute")]
        assert found == pytest.approx(errors_again(picture, method))
    for method in ("mean", "subsample", "max"):
        rms, rest, _ = errors_again(NOISE.reshape(-1, 64), method)
        assert v[f"noise_{method}"] == pytest.approx(rms, abs=0.01)
        assert v[f"noise_rest_{method}"] == pytest.approx(rest, abs=0.01)


def test_position_still_decodable() -> None:
    """Other draws, pooled by SciPy and read by scikit-learn."""
    v = values("position-still-decodable")
    assert (v["width"], v["noise"]) == (1.5, 0.02)
    for name, kernel, stride, width, cells in (
        ("smooth", 2, 2, 1.5, 5),
        ("sharp", 2, 2, 0, 5),
        ("sharp_overlap", 3, 2, 0, 5),
        ("smooth_overlap", 3, 2, 1.5, 5),
        ("whole", 8, 8, 1.5, 1),
    ):
        error, _ = decoded_again(kernel, stride, "max", width, 0.02, cells, 1500)
        assert v[name] == pytest.approx(error, rel=0.06)
        told = decode_position(kernel, stride, width=width, noise=0.02, cells=cells, samples=2000)
        assert v[name] == told.error.value
        assert v[f"{name}_low"] < v[name] < v[f"{name}_high"]
        spread = np.arange(stride) if width == 0 else np.linspace(0, stride, 100_001)
        assert v[f"{name}_chance"] == pytest.approx(np.std(spread), rel=1e-4)


def test_relu_commutes_with_max() -> None:
    v = values("relu-commutes-with-max")
    shown = block_reduce(NOISE, (1, 2, 2), np.max)
    after, before = np.maximum(shown, 0), block_reduce(np.maximum(NOISE, 0), (1, 2, 2), np.max)
    assert v["differ"] == (after != before).sum() == 0
    assert (v["tried"], v["evaluated"]) == (100 * 16 * 16, 1 / 4)
    signs = list(itertools.product((-1, 1), repeat=4))
    assert v["mean_same"] == np.mean([len(set(pattern)) == 1 for pattern in signs])
    assert v["mean_found"] == pytest.approx(v["mean_same"], abs=4 * math.sqrt(7 / 64 / v["tried"]))


def test_max_pads_with_minus_infinity() -> None:
    """NumPy pads, SciPy takes the maxima: with −∞, and with zeros."""
    v = values("max-pads-with-minus-infinity")

    def maxima(plane: Floats, around: float) -> Floats:
        padded = np.pad(plane, 1, constant_values=around)
        return np.asarray(ndimage.maximum_filter(padded, 3)[1:-1:2, 1:-1:2])

    side = int(v["side"])
    negative = -np.ones((side, side))
    assert v["windows"] == maxima(negative, 0).size
    assert v["zeros"] == (maxima(negative, -np.inf) == 0).sum()
    assert v["touching"] == (maxima(negative, 0) == 0).sum()
    maps = np.random.default_rng(2).standard_normal((400, side, side))
    invented = [(maxima(plane, 0) != maxima(plane, -np.inf)).sum() for plane in maps]
    assert v["invented"] == pytest.approx(np.mean(invented), abs=4 * stats.sem(invented))


# What all claims have in common


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_refuses_other_numbers(claim: Claim) -> None:
    computed = claim.computed()
    assert claim.condition or claim.verdict is not Verdict.ON_CONDITION
    assert not claim.bears_out(dict.fromkeys(computed, 0.0))


def test_rulings_rest_on_claims() -> None:
    known = {claim.id for claim in CLAIMS}
    assert [ruling.examines for ruling in RULINGS] == ["T7"]
    assert {claim.examines for claim in CLAIMS} <= set(THREAD)
    assert all(set(ruling.rests_on) <= known for ruling in RULINGS)
