"""Each claim's numbers, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import sklearn.datasets
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage, special, stats
from skimage.measure import block_reduce
from sklearn.linear_model import LinearRegression

from explainers.checks import Floats, Ints
from tests.claiming import computed, margin, values
from tests.discarded.reference import (
    NOISE,
    REDUCE,
    dahlia_bytes,
    decoded,
    errors,
    simulated_share,
    spread_of_places,
    starts,
)


def test_three_quarters_of_values() -> None:
    v = values("three-quarters-of-values")
    assert (v["side"], v["window"], v["odd_side"]) == (224, 2, 7)
    assert v["left"] == len(starts(224, 2, 2, 0)) ** 2 / 224**2 == 1 - v["thrown"]
    assert v["odd"] == len(starts(7, 2, 2, 0)) ** 2 / 7**2
    assert v["overlapping"] == len(starts(112, 3, 2, 1)) ** 2 / 112**2
    share, error = simulated_share(3, 2, 0)
    assert v["distinct"] == pytest.approx(share, abs=5 * error)


@pytest.mark.parametrize(
    ("window", "overlap", "side", "quarter"),
    [(2, 0, 14, True), (2, 0, 55, False), (3, 1, 56, False), (4, 0, 28, False), (2, 1, 7, False)],
)
def test_what_is_left_elsewhere(window: int, overlap: int, side: int, quarter: bool) -> None:
    settings = {"window": window, "overlap": overlap, "side": side}
    left = values("three-quarters-of-values", **settings)["left"]
    if overlap:
        share, error = simulated_share(window, window - overlap, 0)
        assert left == pytest.approx(share, abs=5 * error)
    else:
        assert left == len(starts(side, window, window, 0)) ** 2 / side**2
    assert margin("three-quarters-of-values", **settings) == quarter


def test_per_channel_survivors() -> None:
    """All placements, window by window; many channels by simulation."""
    v = values("per-channel-survivors")
    pairs = list(itertools.product(range(4), repeat=2))
    assert (v["lost"], v["pairs"], v["both"]) == (0, len(pairs), 0)
    same = [x // 2 == (x + 1) // 2 for x in range(2)]
    assert v["one_channel"] == np.mean(same)
    rng = np.random.default_rng(1)
    for name, channels in (("few", 2), ("some", 8), ("many", 64)):
        assert v[name] == channels
        chosen = rng.random((4000, channels, 4)).argmax(axis=2)
        places = [len(set(row)) for row in chosen.tolist()]
        error = max(float(np.std(places)) / len(places) ** 0.5, 1e-4)
        assert v[f"{name}_places"] == pytest.approx(np.mean(places), abs=5 * error)
    opposed = [len({int(np.argmax(row)), int(np.argmax(-row))}) for row in rng.random((500, 4))]
    assert v["opposed_places"] == np.mean(opposed)


@pytest.mark.parametrize("window", [2, 3, 5])
def test_the_weaker_is_lost_in_one_channel_and_window_only(window: int) -> None:
    for channels, apart, place in itertools.product((1, 2), (1, 2, 4), range(window)):
        together = (place + apart) // window == 0
        settings = {"channels": channels, "apart": apart, "place": place, "window": window}
        assert margin("per-channel-survivors", **settings) == (channels == 1 and together)


def test_the_lesser_of_two_peaks_is_lost_in_one_channel_only() -> None:
    """All placements of a 1 and a 2 in one window: in one channel, and in two."""
    peaks = np.eye(4).reshape(4, 2, 2)
    for first, second in itertools.product(peaks, repeat=2):
        assert block_reduce(np.maximum(first, 2 * second), (2, 2), np.max).tolist() == [[2]]
        both = block_reduce(np.stack([first, 2 * second]), (1, 2, 2), np.max)
        assert both.ravel().tolist() == [1, 2]


def entropy(ways: Floats | Ints) -> float:
    return float(stats.entropy(ways, base=2))


def test_maps_with_one_pooled_image() -> None:
    """By logarithms and by NumPy's convolution, on scikit-learn's copy of the photograph."""
    v = values("maps-with-one-pooled-image")
    assert v["binary"] == sum(any(bits) for bits in itertools.product((0, 1), repeat=4))
    assert v["binary_of"] == len(list(itertools.product((0, 1), repeat=4)))
    assert v["inside_side"] == 8
    assert v["inside_digits"] == len(str(24**16))
    photo, box = dahlia_bytes(), np.ones(256, dtype=np.int64)
    sums = np.convolve(np.convolve(box, box), np.convolve(box, box))
    rounded = np.array([sums[max(4 * m - 2, 0) : 4 * m + 2].sum() for m in range(256)])
    maxima = (np.arange(256) + 1) ** 4 - np.arange(256) ** 4
    seen = {
        "max": (block_reduce(photo, (2, 2), np.max), maxima),
        "mean": (block_reduce(photo, (2, 2), np.sum), sums),
        "mean_byte": (
            np.floor(block_reduce(photo, (2, 2), np.mean) + 0.5).astype(int),
            rounded,
        ),
    }
    for name, (image, ways) in seen.items():
        logs = np.log10(ways.astype(float))[image]
        assert v[f"photo_{name}"] == math.floor(math.fsum(logs.ravel())) + 1
        assert v[f"kept_{name}"] == pytest.approx(entropy(ways))
    assert v["kept_subsample"] == v["window_bits"] / 4 == math.log2(256)
    windows = 4**2  # of 8 × 8
    assert v["lost"] == pytest.approx(windows * (32 - entropy(maxima)))


def test_how_many_small_maps_look_the_same() -> None:
    """All states of one window, one by one: what the max leaves open of them."""
    settings = {"window": 2, "levels": 2, "zeros": 0.9, "side": 8}
    fires = 0.1 / 2
    states = list(itertools.product((0, 1), repeat=4))
    chances = [math.prod(fires if bit else 1 - fires for bit in state) for state in states]
    silent = chances[states.index((0, 0, 0, 0))]
    lost = entropy(np.array(chances)) - entropy(np.array([silent, 1 - silent]))
    assert margin("maps-with-one-pooled-image", **settings) == pytest.approx(16 * lost - 10)
    assert 16 * lost < 10


def test_mean_tells_more_than_max() -> None:
    """The distributions from SciPy, and entropies of what is kept, by brute force."""
    v = values("mean-tells-more-than-max")
    bell = stats.norm(127.5, 32).pdf(np.arange(256))
    for name, p in (("", np.full(256, 1 / 256)), ("normal_", bell / bell.sum())):
        pairs = np.outer(p, p)
        sums = np.array([np.trace(pairs[::-1], k) for k in range(-255, 256)])
        total = ndimage.convolve1d(
            np.pad(sums, (0, 510)), np.pad(sums, (0, 0)), mode="constant", origin=-255
        )
        above = 1 - np.cumsum(p)
        largest = (1 - above) ** 4 - (1 - above - p) ** 4
        mean = np.floor(np.arange(total.size) / 4 + 0.5).astype(int)
        rounded = [total[mean == m].sum() for m in range(256)]
        assert v[f"{name}mean"] == pytest.approx(entropy(total), abs=1e-6)
        assert v[f"{name}max"] == pytest.approx(entropy(np.clip(largest, 0, 1)), abs=1e-6)
        assert v[f"{name}mean_byte"] == pytest.approx(entropy(np.array(rounded)), abs=1e-6)
    assert v["mean_set"] == v["mean"]


def test_the_mean_of_other_windows_by_drawing_them() -> None:
    """Entropies of a million windows of nine: bytes that fall off exponentially, mean rounded."""
    p = np.exp(-np.arange(256) / 32)
    drawn = np.random.default_rng(8).choice(256, size=(400_000, 9), p=p / p.sum())
    largest = entropy(np.bincount(drawn.max(axis=1)))
    rounded = entropy(np.bincount(np.floor(drawn.mean(axis=1) + 0.5).astype(int)))
    settings = {"values": "exponential", "precision": "rounded", "window": 3}
    found = margin("mean-tells-more-than-max", **settings)
    assert found == pytest.approx(rounded - largest, abs=0.01)
    assert found < 0


def test_gradient_reaches_one_in_four() -> None:
    v = values("gradient-reaches-one-in-four")
    for name, kernel, stride, zeros in (
        ("side_by_side", 2, 2, 0),
        ("three", 3, 3, 0),
        ("overlap", 3, 2, 0),
        ("useful", 2, 2, 0.5),
    ):
        share, error = simulated_share(kernel, stride, zeros)
        assert v[name] == pytest.approx(share, abs=5 * error)
    silent = [not any(bits) for bits in itertools.product((0, 1), repeat=4)]
    assert v["blocked"] == np.mean(silent)
    assert v["received"] == 1 / 4


def test_gradient_on_smooth_maps() -> None:
    """Maps that SciPy smooths, of other draws; windows of NumPy's view."""
    smooth = computed("gradient-reaches-one-in-four")["smooth"]
    assert smooth.low is not None
    assert smooth.high is not None
    # Noise that is filtered with σ has the correlation length σ √2.
    rough = np.random.default_rng(6).standard_normal((40, 120, 120))
    maps = ndimage.gaussian_filter(rough, (0, 4 / 2**0.5, 4 / 2**0.5), mode="wrap")
    shares = []
    for plane in maps:
        windows = sliding_window_view(plane, (3, 3))[::2, ::2].reshape(59, 59, 9)
        at = windows.argmax(axis=2)
        rows, columns = 2 * np.arange(59)[:, None] + at // 3, 2 * np.arange(59) + at % 3
        won = np.zeros(plane.shape, bool)
        won[rows, columns] = True
        shares.append(won[10:-10, 10:-10].mean())
    ours = (smooth.high - smooth.low) / 3.92
    assert smooth.value == pytest.approx(
        np.mean(shares), abs=4 * math.hypot(ours, float(stats.sem(shares)))
    )
    assert ours == pytest.approx(0.0008, rel=0.6)


@pytest.mark.parametrize(("window", "overlap"), [(3, 1), (2, 1), (4, 2), (3, 2)])
def test_overlap_reaches_fewer(window: int, overlap: int) -> None:
    v = values("overlap-reaches-fewer", window=window, overlap=overlap)
    share, error = simulated_share(window, window - overlap, 0)
    assert v["reached"] == pytest.approx(share, abs=5 * error)
    shown, error = simulated_share(3, 2, 0)
    assert v["overlapping"] == pytest.approx(shown, abs=5 * error)
    assert (v["stride_two"], v["three"]) == (1 / 4, 1 / 9)
    for against, side in (("stride", window - overlap), ("window", window)):
        found = margin("overlap-reaches-fewer", window=window, overlap=overlap, against=against)
        assert found == pytest.approx(1 / side**2 - share, abs=5 * error)


def test_max_reconstructs_worse() -> None:
    v, picture = values("max-reconstructs-worse"), dahlia_bytes() / 255
    for method in ("mean", "median", "subsample", "max"):
        expected = errors(picture, method)
        assert v[f"photo_{method}"] == pytest.approx(expected["rms"])
        if method == "max":
            assert v["rest_max"] == pytest.approx(expected["rest"])
        if method in ("mean", "median"):
            assert v[f"absolute_{method}"] == pytest.approx(expected["absolute"])
    for method in ("mean", "subsample", "max"):
        expected = errors(NOISE.reshape(-1, 64), method)
        assert v[f"noise_{method}"] == pytest.approx(expected["rms"], abs=0.01)
        if method == "max":
            assert v["noise_rest_max"] == pytest.approx(expected["rest"], abs=0.01)
    # Of four pixels, each dark with probability p: all ways, one by one.
    p, states = 0.1, list(itertools.product((0.0, 1.0), repeat=4))
    chances = [math.prod(p if pixel == 0 else 1 - p for pixel in state) for state in states]
    for method, pool in (("mean", np.mean), ("max", np.max)):
        each = [float(np.abs(np.array(state) - pool(state)).mean()) for state in states]
        expected = np.dot(chances, each) / math.sqrt(p * (1 - p))
        assert v[f"dots_{method}"] == pytest.approx(expected, abs=0.01)


def test_rebuilt_by_scikit_learns_regression() -> None:
    """The best linear filter of 3 × 3 pooled values, of the red channel, and its absolute error."""
    photo = sklearn.datasets.load_sample_image("flower.jpg")[:426, :, 0] / 255
    found = {}
    for method in ("mean", "max"):
        pooled = np.pad(block_reduce(photo, (2, 2), REDUCE[method]), 1, mode="edge")
        shifts = [pooled[y : y + 213, x : x + 320].ravel() for y in range(3) for x in range(3)]
        known = np.array(shifts).T
        residuals = []
        for y, x in itertools.product(range(2), repeat=2):
            wanted = photo[y::2, x::2].ravel()
            residuals.append(wanted - LinearRegression().fit(known, wanted).predict(known))
        gaps = np.array(residuals)
        found[method] = np.array([np.sqrt((gaps**2).mean()), np.abs(gaps).mean()]) / photo.std()
    for at, error in enumerate(("rms", "absolute")):
        settings = {"picture": "red", "decoder": "fitted", "error": error}
        lead = margin("max-reconstructs-worse", **settings)
        assert lead == pytest.approx(found["max"][at] - found["mean"][at], rel=1e-6)


def test_position_still_decodable() -> None:
    """Other draws, pooled by SciPy and read by scikit-learn."""
    shown = computed("position-still-decodable")
    v = {name: value.value for name, value in shown.items()}
    assert (v["width_shown"], v["noise_shown"]) == (1.5, 0.02)
    for name, kernel, stride, width, cells in (
        ("smooth", 2, 2, 1.5, 5),
        ("sharp", 2, 2, 0, 5),
        ("sharp_overlap", 3, 2, 0, 5),
        ("smooth_overlap", 3, 2, 1.5, 5),
        ("whole", 8, 8, 1.5, 1),
    ):
        error, score = decoded(kernel, stride, "max", width, 0.02, cells)
        assert v[name] == pytest.approx(error, rel=0.06)
        low, high = shown[name].low, shown[name].high
        assert low is not None
        assert high is not None
        assert low < v[name] < high
        if name.startswith("smooth"):
            # The errors are nearly normal: their root mean square is known to 1 / √8000 of it.
            assert (high - low) / 3.92 == pytest.approx(v[name] / 8000**0.5, rel=0.45)
        if name in ("smooth", "sharp", "whole"):
            chance = spread_of_places(stride, width)
            assert v[f"{name}_chance"] == pytest.approx(chance, rel=1e-4)
        if name == "smooth":
            assert v["explained"] == pytest.approx(score, abs=0.003)


def test_position_of_a_feature_of_unknown_height() -> None:
    """Blobs one by one, pooled with scikit-image, read by scikit-learn."""
    rng = np.random.default_rng(31)
    places, answers = 2 * rng.random((3000, 2)), []
    for y, x in places:
        down, across = (np.exp(-((np.arange(10) - 3.5 - at) ** 2) / 4.5) for at in (y, x))
        blob = rng.uniform(0.5, 1.5) * np.outer(down, across)
        answers.append(block_reduce(blob + rng.normal(0, 0.02, blob.shape), (2, 2), np.max))
    known = np.array(answers).reshape(3000, -1)
    model = LinearRegression().fit(known[:1500], places[:1500])
    error = np.sqrt(np.mean((model.predict(known[1500:]) - places[1500:]) ** 2))
    assert values("position-still-decodable")["unknown"] == pytest.approx(error, rel=0.06)
    settings = {"spread": 0.5, "seed": 5}
    score = model.score(known[1500:], places[1500:])
    assert margin("position-still-decodable", **settings) == pytest.approx(score - 0.5, abs=0.02)


def globally_pooled(border: str, pool: str, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Places, and what 32 random filters of SciPy answer to a blob there, over the whole map."""
    places = 16 * rng.random((1000, 2))
    kernels = rng.standard_normal((32, 1, 3, 3))
    grid = np.arange(16) + 0.5
    down, across = (
        sum(np.exp(-((grid - at[:, None] - 16 * turn) ** 2) / 4.5) for turn in (-1, 0, 1))
        for at in places.T
    )
    planes = down[:, :, None] * across[:, None, :] + rng.normal(0, 0.02, (1000, 16, 16))
    mode = {"zeros": "constant", "wrap": "wrap"}[border]
    seen = (np.maximum(ndimage.correlate(planes, k, mode=mode), 0) for k in kernels)
    answers = np.stack([getattr(each, pool)(axis=(1, 2)) for each in seen], axis=1)
    return places, answers


@pytest.mark.slow
@pytest.mark.parametrize("border", ["zeros", "wrap"])
@pytest.mark.parametrize("pool", ["mean", "max"])
def test_global_pool_loses_place(border: str, pool: str) -> None:
    """Filtered by SciPy and read by scikit-learn, with other weights; they vary, so by a tenth."""
    v = values("global-pool-loses-place")
    found = []
    for seed in range(3):
        places, answers = globally_pooled(border, pool, np.random.default_rng(100 + seed))
        model = LinearRegression().fit(answers[:500], places[:500])
        read = model.predict(answers[500:])
        found.append(np.sqrt(np.mean((read - places[500:]) ** 2)))
    assert v[f"{pool}_{border}"] == pytest.approx(np.mean(found), rel=0.1)
    assert v["chance"] == pytest.approx(spread_of_places(16, 1.5), rel=1e-4)
    assert v["channels"] == 32
    judged = {"border": border, "pool": pool, "seed": 9}
    lost = margin("global-pool-loses-place", **judged)
    assert (lost > 0) == (np.mean(found) > 0.9 * v["chance"]) == (border == "wrap")


def test_relu_commutes_with_max() -> None:
    v = values("relu-commutes-with-max")
    shown = block_reduce(NOISE, (1, 2, 2), np.max)
    after, before = np.maximum(shown, 0), block_reduce(np.maximum(NOISE, 0), (1, 2, 2), np.max)
    assert v["differ"] == (after != before).sum() == 0
    assert (v["window"], v["tried"], v["evaluated"]) == (2, 100 * 16 * 16, 1 / 4)
    signs = list(itertools.product((-1, 1), repeat=4))
    assert v["mean_same"] == np.mean([len(set(pattern)) == 1 for pattern in signs])
    means = block_reduce(np.maximum(NOISE, 0), (1, 2, 2), np.mean)
    same = means == np.maximum(block_reduce(NOISE, (1, 2, 2), np.mean), 0)
    assert v["mean_same"] == pytest.approx(same.mean(), abs=4 * math.sqrt(7 / 64 / same.size))
    leaky = values("relu-commutes-with-max", window=3, slope=0.1, seed=4)
    assert (leaky["differ"], leaky["tried"]) == (0, 100 * 10 * 10)


ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {
    "relu": lambda x: x * (x > 0),
    "gelu": lambda x: x * stats.norm.cdf(x),
    "silu": lambda x: x * special.expit(x),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "hardswish": lambda x: x * np.minimum(np.maximum(x + 3, 0), 6) / 6,
    "tanh": lambda x: 2 * special.expit(2 * x) - 1,
}


def test_activation_commutes_with_max() -> None:
    """With SciPy's functions, on windows of other draws."""
    shown = computed("activation-commutes-with-max")
    windows = np.random.default_rng(12).standard_normal((200_000, 4))
    for name in ("relu", "gelu", "silu"):
        before, after = (
            ACTIVATIONS[name](windows).max(axis=1),
            ACTIVATIONS[name](windows.max(axis=1)),
        )
        share = float((np.abs(before - after) > 1e-12).mean())
        error = math.sqrt(share * (1 - share) * (1 / 25_600 + 1 / 200_000))
        assert shown[name].value == pytest.approx(share, abs=4 * error)
        low, high = shown[name].low, shown[name].high
        assert low is not None
        assert high is not None
        width = 3.92 * math.sqrt(share * (1 - share) / 25_600)
        assert high - low == pytest.approx(width, rel=0.35)
    for name, function in ACTIVATIONS.items():
        apart = np.abs(function(windows).max(axis=1) - function(windows.max(axis=1)))
        judged = margin("activation-commutes-with-max", activation=name, seed=3)
        assert judged == bool((apart < 1e-12).all())


def test_max_pads_with_minus_infinity() -> None:
    """NumPy pads, SciPy takes the maxima: with −∞, and with zeros."""
    v = values("max-pads-with-minus-infinity")

    def maxima(plane: Floats, around: float) -> Floats:
        padded = np.pad(plane, 1, constant_values=around)
        return np.asarray(ndimage.maximum_filter(padded, 3)[1:-1:2, 1:-1:2])

    side = int(v["side_shown"])
    negative = -np.ones((side, side))
    assert v["windows"] == maxima(negative, 0).size
    assert v["zeros"] == (maxima(negative, -np.inf) == 0).sum()
    assert v["touching"] == (maxima(negative, 0) == 0).sum()
    maps = np.random.default_rng(2).standard_normal((400, side, side))
    invented = [(maxima(plane, 0) != maxima(plane, -np.inf)).sum() for plane in maps]
    assert v["invented"] == pytest.approx(np.mean(invented), abs=4 * stats.sem(invented))
    assert v["changed"] == 0
    for kind, changed in (("negative", 20 * 7), ("rectified", 0)):
        settings = {"padder": "layer", "values": kind, "side": 8}
        # Of 4 × 4 windows over 8 × 8, those of the first row and the first column.
        assert values("max-pads-with-minus-infinity", **settings)["changed"] == changed
        assert margin("max-pads-with-minus-infinity", **settings) == (changed == 0)
