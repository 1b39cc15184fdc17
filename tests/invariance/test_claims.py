"""Each claim's numbers again, by a route that shares no code with the model."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage, signal
from skimage.measure import block_reduce

from explainers.catalogue import claim
from explainers.checks import Floats
from tests.claiming import computed, margin, values
from tests.invariance.reference import (
    EIGHT,
    Dahlia,
    binomial,
    busy_unchanged,
    peaks_unchanged,
    pooled_peak,
    stays,
)

PUBLISHED = 100  # maps that the published numbers are of
NOISE = np.random.default_rng(77).standard_normal((40, 64, 64))


def max_at_every_place(maps: Floats) -> Floats:
    """The max over 2 × 2, below and to the right, round."""
    corners = [np.roll(maps, (-i, -j), (1, 2)) for i in (0, 1) for j in (0, 1)]
    return np.asarray(np.max(corners, axis=0))


def relative(difference: Floats, values: Floats) -> float:
    return float(np.sqrt((difference**2).mean() / (2 * values.var())))


def half_width(of_maps: Callable[[Floats], float], maps: Floats) -> float:
    """Half of a 95% interval for as many maps as the claim has, by resampling ours."""
    rng = np.random.default_rng(5)
    drawn = [of_maps(maps[rng.integers(len(maps), size=len(maps))]) for _ in range(300)]
    return float(1.96 * np.std(drawn) * np.sqrt(len(maps) / PUBLISHED))


def error(
    operator: Callable[[Floats], Floats],
    d: int,
    stride: int,
    fractional: bool = False,
    maps: Floats = NOISE,
) -> float:
    """Best move of the pooled maps, map by map."""
    before, after = operator(maps), operator(np.roll(maps, d, 2))
    moves = {d // stride, -(-d // stride)}
    tried = [np.roll(before, m, 2) for m in moves]
    if fractional:
        tried.append(between(before, d / stride))
    squares = [((after - t) ** 2).mean(axis=(1, 2)) for t in tried]
    both = np.stack([before, after])
    return float(np.sqrt(np.min(squares, axis=0).mean() / (2 * both.var())))


def between(maps: Floats, distance: float) -> Floats:
    """Move rows by a part of a pixel, with SciPy's resampling: to a fine grid, moved, and back."""
    fine = signal.resample(maps, 2 * maps.shape[2], axis=2)
    return np.asarray(np.roll(fine, round(2 * distance), axis=2)[..., ::2])


def test_feature_map_moves_with_picture() -> None:
    """By SciPy's correlation, on pictures of two sizes."""
    v = values("feature-map-moves-with-picture")
    rng = np.random.default_rng(1)
    for side in (20, v["side"]):
        picture, kernel = rng.random((int(side), int(side))), rng.random((3, 3))
        for mode in ("constant", "wrap"):
            moved = np.roll(picture, 1, 1)
            along = np.roll(ndimage.correlate(picture, kernel, mode=mode), 1, 1)
            if mode == "constant":
                moved[:, 0], along[:, 0] = 0, 0
            differ = ~np.isclose(ndimage.correlate(moved, kernel, mode=mode), along)
            if mode == "wrap":
                assert differ.sum() == v["circular"]
            else:
                assert differ[:, 2:-1].sum() == v["inside"]
                assert differ.sum() == 2 * side
    assert v["border"] == 2 * v["side"]
    assert v["outputs"] == v["side"] ** 2
    assert v["border_share"] == pytest.approx(2 / v["side"])
    x, kernel = rng.random((24, 24)), rng.random((3, 3))
    now, before = (
        ndimage.correlate(np.roll(x, d, 1), kernel, mode="wrap")[::2, ::2] for d in (1, 0)
    )
    differ = [np.mean(now != np.roll(before, m, 1)) for m in (0, 1)]
    assert v["strided"] == pytest.approx(min(differ), abs=0.01)  # small numbers meet by chance


@pytest.mark.parametrize(("move", "stride"), [(1, 1), (4, 2), (3, 2), (6, 4), (3, 3)])
def test_a_convolution_of_each_stride_by_scipy(move: int, stride: int) -> None:
    """Moved by a multiple of its stride, and by other moves."""
    rng = np.random.default_rng(3)
    x, kernel = rng.random((36, 36)), rng.random((5, 5))
    now, before = (
        ndimage.correlate(np.roll(x, d, 1), kernel, mode="wrap")[::stride, ::stride]
        for d in (move, 0)
    )
    along = any(np.allclose(now, np.roll(before, m, 1)) for m in range(move // stride, move + 1))
    case = {"move": move, "stride": stride, "kernel": 5}
    assert margin("feature-map-moves-with-picture", **case) is along


def test_convolution_does_not_stay() -> None:
    """By SciPy; among small whole numbers a few outputs meet by chance."""
    v, rng = values("convolution-does-not-stay"), np.random.default_rng(2)
    x, kernel = rng.integers(1, 99, (200, 200)), rng.integers(1, 9, (3, 3))
    before, after = (ndimage.correlate(y, kernel, mode="wrap") for y in (x, np.roll(x, 1, 1)))
    assert v["changed"] == pytest.approx(np.mean(before != after), abs=0.004)
    assert v["moved"] == np.mean(after == np.roll(before, 1, 1)) == 1


def test_lone_peak_stays() -> None:
    v = values("lone-peak-stays")
    for k in (2, 3, 4):
        assert v[f"window_{k}"] == float(peaks_unchanged(k, k, [(0, 1)]))
    assert v["diagonal_2"] == float(peaks_unchanged(2, 2, [(1, 1)]))
    assert v["two_pixels_2"] == float(peaks_unchanged(2, 2, [(0, 2)]))
    assert v["changed"] == (pooled_peak(2, 2, (24, 24)) != pooled_peak(2, 2, (24, 25))).sum()


@pytest.mark.parametrize("k", [2, 3, 5])
def test_a_lone_peak_stays_in_its_windows_place_by_place(k: int) -> None:
    for stride, place, move in itertools.product(range(1, k + 1), range(k), range(1, 4)):
        same = stays(k, stride, (24, 5 * stride + place), (0, move))
        case = {"window": k, "stride": stride, "place": place, "move": move}
        assert margin("lone-peak-stays", **case) is same


def test_subsampling_lets_it_stay() -> None:
    v = values("subsampling-lets-it-stay")
    assert v["dense"] == float(peaks_unchanged(2, 1, [(0, 1)]))
    assert v["kept"] == float(peaks_unchanged(2, 2, [(0, 1)]))
    places = list(itertools.product(range(2), repeat=2))
    shown = [[r == 0 and (c + d) % 2 == 0 for d in (0, 1)] for r, c in places]
    assert v["plain"] == np.mean([not any(both) for both in shown]) == v["blind"]
    for k, stride, d in ((4, 2, 1), (4, 2, 2), (3, 2, 1), (8, 4, 3)):
        more = peaks_unchanged(k, stride, [(0, d)]) > peaks_unchanged(k, 1, [(0, d)])
        assert margin("subsampling-lets-it-stay", window=k, stride=stride, move=d) is more


def test_eight_neighbours() -> None:
    v = values("eight-neighbours")
    two, three = (peaks_unchanged(k, k, EIGHT) for k in (2, 3))
    assert (v["window_2"], v["window_3"]) == (float(two), float(three))
    assert v["edge"] == np.mean([stays(3, 3, (24, 25), move) for move in EIGHT])
    assert margin("eight-neighbours", window=2) is (two == 3 / 8)
    assert margin("eight-neighbours", window=3) is (three == 5 / 8)


def test_busy_map_stays() -> None:
    v = values("busy-map-stays")
    for k in (2, 3, 4):
        assert v[f"window_{k}"] == pytest.approx(busy_unchanged(k, 0, 1), abs=0.008)
    assert v["diagonal_2"] == pytest.approx(busy_unchanged(2, 1, 1), abs=0.006)
    assert v["clipped_2"] == pytest.approx(busy_unchanged(2, 0, 1, zeros=0.5), abs=0.008)
    assert v["sparse_2"] == pytest.approx(busy_unchanged(2, 0, 1, zeros=0.9), abs=0.008)
    stays = busy_unchanged(4, 1, 1, zeros=0.6)
    case = {"window": 4, "move": 1, "across": 1, "zeros": 0.6}
    assert margin("busy-map-stays", **case) == pytest.approx(stays - 0.5, abs=0.008)
    before, after = [0.1, 1.0, 0.2, 0.1], [0.3, 0.1, 1.0, 0.2]
    maxima = [[max(row[max(i - 1, 0) : i + 2]) for i in range(4)] for row in (before, after)]
    assert v["textbook"] == sum(a == b for a, b in zip(*maxima, strict=True)) == 2
    assert v["textbook_of"] == 4
    assert v["textbook_detectors"] == sum(a == b for a, b in zip(before, after, strict=True))


def test_mean_never_stays() -> None:
    """Exactly: which of the values that leave and enter are zero, enumerated."""
    v = values("mean-never-stays")
    mixed = NOISE[0, :2, :40]
    means = [np.mean(mixed[:, i : i + 2]) for i in range(39)]
    assert v["busy"] == np.mean(np.equal(means[1:], means[:-1]))
    silent = [not any(pattern) for pattern in itertools.product((0, 1), repeat=4)]
    assert v["clipped"] == np.mean(silent)
    assert v["max"] == pytest.approx(busy_unchanged(2, 0, 1), abs=0.008)
    assert v["lone_peak"] == float(peaks_unchanged(2, 2, [(0, 1)]))
    assert v["max_clipped"] == pytest.approx(busy_unchanged(2, 0, 1, zeros=0.5), abs=0.008)
    for k, d in ((2, 1), (2, 2), (3, 2), (3, 5)):
        overlap = bool(set(range(k)) & set(range(d, d + k)))
        assert margin("mean-never-stays", window=k, move=d, zeros=0.4) is overlap


def smoothed(maps: Floats, length: float) -> Floats:
    """SciPy's Gaussian of width ℓ/√2 gives the correlation length ℓ."""
    width = length / 2**0.5
    return np.asarray(ndimage.gaussian_filter(maps, (0, width, width), mode="wrap"))


def pooled_by_blocks(name: str, k: int) -> Callable[[Floats], Floats]:
    if name == "subsample":
        return lambda maps: maps[:, ::k, ::k]
    return lambda maps: block_reduce(maps, (1, k, k), getattr(np, name))


def change_of(name: str, k: int, d: int = 1) -> Callable[[Floats], float]:
    return lambda maps: changed(before_and_after(name, k, maps, d))


def before_and_after(name: str, k: int, maps: Floats, d: int = 1) -> Floats:
    """Each map pooled, and pooled when it has moved."""
    pool = pooled_by_blocks(name, k)
    return np.stack([pool(maps), pool(np.roll(maps, d, 2))], axis=1)


def changed(pairs: Floats) -> float:
    return relative(pairs[:, 1] - pairs[:, 0], pairs[:, 0])


@pytest.mark.parametrize(
    ("id", "names"),
    [("smooth-map-change", ("max", "subsample")), ("mean-changes-less", ("max", "mean"))],
)
def test_changes(id: str, names: tuple[str, ...]) -> None:
    """The maps by SciPy, the intervals by resampling whole maps."""
    v, noise = computed(id), np.random.default_rng(78).standard_normal((100, 64, 64))
    assert claim(id).defaults["maps"] == PUBLISHED
    assert v["length"].value == 4
    kinds = {"rough": (0, 2, 0.01), "smooth": (4, 2, 0.006), "wide": (4, 8, 0.006)}
    for name, (kind, (length, k, near)) in itertools.product(names, kinds.items()):
        pairs, value = before_and_after(name, k, smoothed(noise, length)), v[f"{name}_{kind}"]
        assert value.value == pytest.approx(changed(pairs), abs=near)
        assert value.low is not None
        assert value.high is not None
        width = pytest.approx(half_width(changed, pairs), rel=0.4)
        assert value.value - value.low == width
        assert value.high - value.value == width


def test_smooth_map_change() -> None:
    """Where maps are rough for the window, and where they are not; without a max by its law."""
    v = values("smooth-map-change")
    assert v["subsample_rough"] == pytest.approx(1, abs=0.01)
    assert v["subsample_smooth"] == pytest.approx((1 - np.exp(-1 / 32)) ** 0.5, abs=0.004)
    for length, k, d in ((1, 4, 2), (0, 2, 1), (2, 2, 1), (4, 4, 2)):
        case = smoothed(NOISE, length)
        less = change_of("max", k, d)(case) < 0.9 * change_of("subsample", k, d)(case)
        assert (margin("smooth-map-change", length=length, window=k, move=d) > 0) is less


def absolute_change(method: str, k: int, d: int, maps: Floats) -> float:
    """The mean absolute difference that a move makes, by that of unrelated maps."""
    cut = maps[:, : maps.shape[1] // k * k, : maps.shape[2] // k * k]
    operator = {"max": np.max, "mean": np.mean}[method]
    before, after = (block_reduce(x, (1, k, k), operator) for x in (cut, np.roll(cut, d, 2)))
    unrelated = np.abs(before - np.roll(before, 1, axis=0)).mean()
    return float(np.abs(after - before).mean() / unrelated)


def test_mean_changes_less() -> None:
    """By the law of the mean; on other maps; and where the move is as large as the window."""
    v = values("mean-changes-less")
    assert v["mean_rough"] == pytest.approx(0.5**0.5, abs=0.005)
    for length, k, d in ((1, 4, 2), (0, 2, 1), (2, 8, 3)):
        case = smoothed(NOISE, length)
        less = change_of("mean", k, d)(case) < change_of("max", k, d)(case)
        assert (margin("mean-changes-less", length=length, window=k, move=d) > 0) is less is True
    assert margin("mean-changes-less", length=0, window=2, move=6) == pytest.approx(0, abs=0.02)
    # By absolute differences it is the other way round, on independent noise and at such moves.
    for k, d in ((2, 1), (3, 1), (4, 1), (4, 2), (5, 2), (8, 1), (8, 4)):
        assert absolute_change("max", k, d, NOISE) < absolute_change("mean", k, d, NOISE) - 0.05
    # Coins, zero or one: by root mean square the max changes by √0.8, by the law of six coins.
    coins = (NOISE > 0).astype(float)
    assert change_of("max", 2, 1)(coins) == pytest.approx(0.8**0.5, abs=0.01)
    assert change_of("mean", 2, 1)(coins) == pytest.approx(0.5**0.5, abs=0.01)
    assert absolute_change("max", 2, 1, coins) > absolute_change("mean", 2, 1, coins) + 0.05


def test_quoted_example_fails() -> None:
    """By SciPy and scikit-image, from the description of the example."""
    v = values("quoted-example-fails")

    def example(shift: int) -> tuple[Floats, Floats, Floats]:
        picture = np.zeros((8, 8))
        picture[:, 3 + shift : 5 + shift] = 1
        detector = np.array([[0, 1, 0]] * 3)
        found = np.maximum(signal.correlate2d(picture, detector, mode="valid"), 0)
        pooled = (block_reduce(found, (2, 2), f) for f in (np.max, np.mean))
        return (found, *pooled)

    changed = {
        d: [int((a != b).sum()) for a, b in zip(example(0), example(d), strict=True)]
        for d in (-1, 1)
    }
    assert [v["map"], v["max"], v["mean"]] == changed[1]
    assert v["max_left"] == changed[-1][1]
    assert (v["map_of"], v["of"]) == (36, 9)
    thin = []
    for column in (3, 4, 2):
        found = np.zeros((6, 6))
        found[:, column - 1] = 3  # what the detector says of a line of one pixel
        thin.append(block_reduce(found, (2, 2), np.max))
    assert [v["thin_right"], v["thin_left"]] == [(t != thin[0]).sum() for t in thin[1:]]
    for move, aggregate in itertools.product((-1, 1), ("max", "mean")):
        stays = not changed[move][1 if aggregate == "max" else 2]
        assert margin("quoted-example-fails", move=move, aggregate=aggregate) is stays


def law_of_one_move(k: int, d: int, draws: int = 400_000) -> float:
    """√(1 − ρ) of the max of a window and of the one d further, from pairs of windows alone."""
    rng = np.random.default_rng(6)
    parts = [rng.standard_normal((draws, k * n)).max(axis=1) for n in (d, k - d, d)]
    first, second = np.maximum(parts[0], parts[1]), np.maximum(parts[1], parts[2])
    return float((1 - np.corrcoef(first, second)[0, 1]) ** 0.5)


def test_subsampling_breaks_it() -> None:
    """On maps of 64 × 64; and on large ones, where the choice between two moves gains nothing."""
    c = computed("subsampling-breaks-it")
    v = {name: value.value for name, value in c.items()}
    moved = np.roll(max_at_every_place(NOISE), 1, 2)
    assert v["dense"] == np.abs(max_at_every_place(np.roll(NOISE, 1, 2)) - moved).max() == 0

    def kept(maps: Floats) -> Floats:
        return max_at_every_place(maps)[:, ::2, ::2]

    assert v["kept"] == pytest.approx(error(kept, 1, 2), abs=0.01)
    width = half_width(lambda maps: error(kept, 1, 2, maps=maps), NOISE)
    assert c["kept"].low is not None
    assert v["kept"] - c["kept"].low == pytest.approx(width, rel=0.4)
    law = law_of_one_move(2, 1)
    assert law - 0.03 < v["kept"] < law
    large = np.random.default_rng(4).standard_normal((3, 512, 512))
    assert error(kept, 1, 2, maps=large) == pytest.approx(law, abs=0.006)
    smooth = smoothed(NOISE, 4)
    assert v["smooth"] == pytest.approx(error(kept, 1, 2, maps=smooth), abs=0.006)
    assert v["smooth_parts"] == pytest.approx(error(kept, 1, 2, True, smooth), abs=0.001)
    assert v["plain_parts"] == pytest.approx(0, abs=1e-3)
    assert error(lambda maps: maps[:, ::2, ::2], 1, 2, True, smooth) == pytest.approx(0, abs=1e-3)
    for stride, move in ((2, 3), (2, 4), (3, 3), (4, 6)):
        broken = bool(move % stride)
        assert margin("subsampling-breaks-it", stride=stride, move=move, length=2) is broken


@pytest.mark.slow
def test_exact_only_at_multiples_of_stride() -> None:
    c = computed("exact-only-at-multiples-of-stride")
    v = {name: value.value for name, value in c.items()}
    smooth = smoothed(NOISE, 4)
    for depth in (1, 2, 3):
        period = 2**depth

        def pooled(maps: Floats, period: int = period) -> Floats:
            return np.asarray(block_reduce(maps, (1, period, period), np.max))

        assert v[f"period_{depth}"] == period
        errors = [error(pooled, d, period) for d in range(1, period + 1)]
        d = 1 + int(np.argmin(errors[:-1]))

        def least_error(maps: Floats, d: int = d, period: int = period) -> float:
            return error(pooled, d, period, maps=maps)

        width, least = half_width(least_error, NOISE), c[f"least_{depth}"]
        assert least.low is not None
        assert least.high is not None
        assert least.value - least.low == pytest.approx(width, rel=0.4)
        assert least.high - least.value == pytest.approx(width, rel=0.4)
        assert errors[-1] == 0
        assert least.value == pytest.approx(min(errors[:-1]), abs=0.03)
        assert least.value == pytest.approx(law_of_one_move(period, 1), abs=0.03)
        of_smooth = [error(pooled, d, period, maps=smooth) for d in range(1, period)]
        assert v[f"smooth_{depth}"] == pytest.approx(min(of_smooth), abs=0.02)
        for move in (1, 2, 4, 8):
            exact = error(pooled, move, period) == 0
            assert margin("exact-only-at-multiples-of-stride", depth=depth, move=move) is exact
    assert v["error"] == error(lambda maps: block_reduce(maps, (1, 2, 2), np.max), 2, 2)


def test_blur_before_subsampling() -> None:
    """With SciPy's one-dimensional filters and resampling."""
    v = values("blur-before-subsampling")

    def blurred(taps: int) -> Callable[[Floats], Floats]:
        def operator(maps: Floats) -> Floats:
            dense = max_at_every_place(maps)
            for axis in (1, 2):
                dense = ndimage.correlate1d(dense, binomial(taps), axis=axis, mode="wrap")
            return dense[:, ::2, ::2]

        return operator

    none = error(lambda maps: max_at_every_place(maps)[:, ::2, ::2], 1, 2, fractional=True)
    assert v["none"] == pytest.approx(none, abs=0.015)
    for taps in (3, 5, 7):
        left = error(blurred(taps), 1, 2, fractional=True)
        assert v[f"taps_{taps}"] == pytest.approx(left, abs=0.01)
        spread = blurred(taps)(NOISE).var() / max_at_every_place(NOISE).var()
        assert v[f"spread_{taps}"] == pytest.approx(spread, abs=0.02)
        whole = error(blurred(taps), 1, 2)
        bare = error(lambda maps: max_at_every_place(maps)[:, ::2, ::2], 1, 2)
        case = {"taps": taps, "moves": "whole", "length": 0, "window": 2, "move": 1}
        assert margin("blur-before-subsampling", **case) == pytest.approx(
            bare / 2 - whole, abs=0.03
        )
    phases = [max_at_every_place(NOISE[:1])[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    moved = [
        max_at_every_place(np.roll(NOISE[:1], 1, 2))[:, i::2, j::2] for i in (0, 1) for j in (0, 1)
    ]
    first, second = (max(choice, key=lambda phase: (phase**2).sum()) for choice in (phases, moved))
    shifts = [np.abs(second - np.roll(first, d, 2)).max() for d in (0, 1)]
    assert v["adaptive"] == min(shifts) == 0


def hidden_behind(weights: Floats) -> float:
    """Share of moves by one pixel that three poolings hide, with these kernels between them."""
    before = np.eye(16).reshape(16, 1, 16) * np.eye(16)[5].reshape(1, 16, 1)
    pair = [before, np.roll(before, 1, 2)]
    for stage in range(3):
        if stage:
            kernel = weights[None, stage - 1]
            pair = [ndimage.correlate(x, kernel, mode="wrap") for x in pair]
        pair = [block_reduce(x, (1, 2, 2), np.max) for x in pair]
    return float(np.mean([np.allclose(a, b) for a, b in zip(*pair, strict=True)]))


def test_depth_widens_the_window() -> None:
    """By SciPy and scikit-image, with other weights; and by the law of a kernel's columns."""
    c = computed("depth-widens-the-window")
    v = {name: value.value for name, value in c.items()}
    peaks = np.eye(64)[:, None]  # a row of 64 with a peak at each place
    for depth in (1, 2, 3):
        before, after = peaks, np.roll(peaks, 1, 2)
        for _ in range(depth):
            before, after = (block_reduce(x, (1, 1, 2), np.max) for x in (before, after))
        assert v[f"depth_{depth}"] == np.mean((before == after).all(axis=(1, 2)))
    rng = np.random.default_rng(8)
    hidden = [hidden_behind(rng.random((2, 3, 3))) for _ in range(150)]
    half = 1.96 * np.std(hidden) / len(hidden) ** 0.5
    assert v["convolved_3"] == pytest.approx(np.mean(hidden), abs=1.5 * half)
    assert v["as_first"] == pytest.approx(np.mean(np.equal(hidden, 0.5)), abs=0.08)
    # Over two columns of windows a move shows, unless the middle of three columns is the lowest:
    # one time in three, in each of the two bands of rows. Then it hides half of the other moves.
    by_law = {"convolved_3": 1 / 2 + 1 / 4 / 9, "as_first": 1 - 1 / 9}
    for name, law in by_law.items():
        low, high = c[name].low, c[name].high
        assert low is not None
        assert high is not None
        assert low < law < high, name
    low, high = c["convolved_3"].low, c["convolved_3"].high
    width = 2 * half * (len(hidden) / claim("depth-widens-the-window").defaults["networks"]) ** 0.5
    assert (high or 0) - (low or 0) == pytest.approx(width, rel=0.4)
    for depth, move in ((2, 3), (2, 4), (3, 7), (3, 8)):
        more = peaks_unchanged(2**depth, 2**depth, [(0, move)]) > peaks_unchanged(2, 2, [(0, move)])
        assert (margin("depth-widens-the-window", depth=depth, move=move) > 0) is more
    case = {"depth": 3, "between": "convolutions"}
    assert 0 <= margin("depth-widens-the-window", **case, move=1) < 0.1
    assert margin("depth-widens-the-window", **case, move=4) == 0
    set_so = claim("depth-widens-the-window").computed(**case, networks=50, seed=3)
    assert set_so["stacked"].over == "random networks"
    assert set_so["stacked"] == dataclasses.replace(
        set_so["convolved_3"], meaning=set_so["stacked"].meaning
    )


def test_overlap_never_exact() -> None:
    v = values("overlap-never-exact")
    assert v["overlap"] == float(peaks_unchanged(3, 2, [(0, 1)]))
    assert peaks_unchanged(3, 2, [(0, 1), (1, 0), (1, 1), (0, 2), (-1, 0)]) == 0
    assert v["side_by_side"] == float(peaks_unchanged(3, 3, [(0, 1)]))
    assert v["same_stride"] == float(peaks_unchanged(2, 2, [(0, 1)]))
    assert v["wider"] == float(peaks_unchanged(4, 2, [(0, 1)]))
    assert v["busy"] == pytest.approx(busy_unchanged(3, 0, 1), abs=0.008)
    for k, stride, d in itertools.product((2, 3, 4, 5, 8), (1, 2, 3, 4), (1, 2, 3)):
        if stride < k:
            overlap, beside = (peaks_unchanged(w, stride, [(0, d)]) for w in (k, stride))
            case = {"window": k, "stride": stride, "move": d}
            assert margin("overlap-never-exact", **case) is (overlap > beside) is False


@pytest.mark.slow
def test_global_pool_is_invariant() -> None:
    """Networks by SciPy, layer by layer, each with one output."""
    c, rng = computed("global-pool-is-invariant"), np.random.default_rng(12)
    v = {name: value.value for name, value in c.items()}
    pictures = rng.integers(0, 99, (32, 32, 32)).astype(float)
    ratios: dict[str, list[float]] = {"max": [], "mean": []}
    for _ in range(100):
        first, second = rng.integers(-3, 4, (2, 4, 3, 3)).astype(float)

        def last(x: Floats, first: Floats = first, second: Floats = second) -> Floats:
            found = [np.maximum(ndimage.correlate(x, w, mode="wrap"), 0) for w in first]
            halved = [block_reduce(f, (2, 2), np.max) for f in found]
            both = zip(halved, second, strict=True)
            summed = np.sum([ndimage.correlate(h, w, mode="wrap") for h, w in both], axis=0)
            return np.asarray(np.maximum(summed, 0))

        maps = [[last(np.roll(x, d, 1)) for x in pictures] for d in (0, 1, 2)]
        assert np.allclose(np.max(maps[0], axis=(1, 2)), np.max(maps[2], axis=(1, 2)))
        for name, of in ratios.items():
            still, moved = (getattr(np, name)(m, axis=(1, 2)) for m in maps[:2])
            unrelated = np.mean(
                [(x - np.roll(x, n)) ** 2 for x in (still, moved) for n in (1, 2, 3)]
            )
            if unrelated:
                of.append(float(np.mean((moved - still) ** 2) / unrelated))
    for name, key in (("max", "change_1"), ("mean", "mean_1")):
        assert v[key] == pytest.approx(np.mean(ratios[name]) ** 0.5, abs=0.03)
        low, high = c[key].low, c[key].high
        assert low is not None
        assert high is not None
        spread = np.std(ratios[name]) / (2 * v[key]) / 100**0.5  # of 100 networks with 4 outputs
        assert 2 * 1.96 * spread * 0.4 < high - low < 2 * 1.96 * spread * 1.2
    assert v["busy"] == v["even_1"] == 1
    assert v["lost"] == pytest.approx(1 / v["side"])
    at_borders = {"circular": True, "zeros": False}
    for border, same in at_borders.items():
        assert margin("global-pool-is-invariant", border=border) is same
    assert margin("global-pool-is-invariant", poolings=2, move=2) is False
    assert margin("global-pool-is-invariant", poolings=2, move=4, aggregate="mean") is True


def test_flower_photo_shift() -> None:
    """Petal by petal; the intervals by drawing the petals anew."""
    c = computed("flower-photo-shift")
    v = {name: value.value for name, value in c.items()}
    by_max, by_value = Dahlia("max", 2, 1), Dahlia("subsample", 2, 1)
    full = Dahlia("max", 1, 1).petals(0.5)
    assert v["full"] == pytest.approx(full[:, 2].mean(), abs=0.005)
    rng = np.random.default_rng(1)
    drawn = rng.integers(len(full), size=(4000, len(full)))
    for name, rule, limit, of in (
        ("gain", "one", 0.5, 0),
        ("gain_all", "all", by_max.equal(), 0),
        ("gain_before", "before", by_max.equal(), 1),
    ):
        found = by_max.petals(limit)
        share = found[:, 2].sum() / found[:, of].sum()
        assert v[rule] == pytest.approx(share, abs=0.005)
        whole = full[:, 2].sum() / full[:, of].sum()
        assert v[name] == pytest.approx(100 * (share - whole), abs=1)
        sums, sums_full = (of_petals[drawn].sum(axis=1) for of_petals in (found, full))
        spread = np.std(sums[:, 2] / sums[:, of] - sums_full[:, 2] / sums_full[:, of])
        low, high = c[name].low, c[name].high
        assert low is not None
        assert high is not None
        assert (high - low) / 2 == pytest.approx(196 * spread, rel=0.15)
    found = by_value.petals(by_value.equal())
    assert v["plain"] == pytest.approx(found[:, 2].sum() / found[:, 0].sum(), abs=0.005)
    assert v["change"] == pytest.approx(by_max.change(), abs=0.002)
    assert v["plain_change"] == pytest.approx(by_value.change(), abs=0.002)
    assert v["unchanged"] < 0.01
    assert margin("flower-photo-shift", counted="all petals") < 0
    assert margin("flower-photo-shift", counted="found before") == 0
