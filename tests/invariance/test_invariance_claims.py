"""Each claim's numbers again, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
import pytest
from scipy import ndimage, signal
from skimage.measure import block_reduce

from explainers import flower
from explainers.checks import Floats
from explainers.invariance import claims
from explainers.invariance.claims import CLAIMS, RULINGS
from explainers.records import Claim, Verdict
from explainers.sources import THREAD
from tests.flower import dahlia_again as again

BINOMIAL = {3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1]}
NOISE = np.random.default_rng(77).standard_normal((40, 64, 64))


def values(id: str) -> Mapping[str, float]:
    [claim] = [claim for claim in CLAIMS if claim.id == id]
    return {name: value.value for name, value in claim.computed().items()}


def peak_windows(
    k: int, stride: int, row: int, column: int, size: int = 60
) -> set[tuple[int, int]]:
    """The windows that a peak is in: all that its max-pooled map shows."""
    starts = range(0, size, stride)
    return {
        (a, b)
        for a, b in itertools.product(starts, starts)
        if a <= row < a + k and b <= column < b + k
    }


def peaks_unchanged(k: int, stride: int, moves: list[tuple[int, int]]) -> Fraction:
    """Share of places and moves, in the middle of a large map, with the same windows after."""
    places = list(itertools.product(range(24, 24 + stride), repeat=2))
    same = [
        peak_windows(k, stride, r, c) == peak_windows(k, stride, r + dy, c + dx)
        for r, c in places
        for dy, dx in moves
    ]
    return Fraction(sum(same), len(same))


def busy_unchanged(k: int, dy: int, dx: int, zeros: float = 0, maps: int = 60_000) -> float:
    """Two windows of one random patch, by simulation."""
    rng = np.random.default_rng(9)
    patch = np.maximum(rng.random((maps, k + dy, k + dx)) - zeros, 0)
    first, second = patch[:, :k, :k], patch[:, dy:, dx:]
    return float(np.mean(first.max(axis=(1, 2)) == second.max(axis=(1, 2))))


def max_at_every_place(maps: Floats) -> Floats:
    """The max over 2 × 2, below and to the right, round."""
    corners = [np.roll(maps, (-i, -j), (1, 2)) for i in (0, 1) for j in (0, 1)]
    return np.asarray(np.max(corners, axis=0))


def relative(difference: Floats, values: Floats) -> float:
    return float(np.sqrt((difference**2).mean() / (2 * values.var())))


def half_width(of_maps: Callable[[Floats], float], maps: Floats, published: int = 300) -> float:
    """Half of a 95% interval for as many maps as the claim has, by resampling ours."""
    rng = np.random.default_rng(5)
    again = [of_maps(maps[rng.integers(len(maps), size=len(maps))]) for _ in range(300)]
    return float(1.96 * np.std(again) * np.sqrt(len(maps) / published))


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


def test_lone_peak_stays() -> None:
    v = values("lone-peak-stays")
    for k in (2, 3, 4):
        assert v[f"window_{k}"] == float(peaks_unchanged(k, k, [(0, 1)]))
        assert peaks_unchanged(k, k, [(0, 1)]) == peaks_unchanged(k, k, [(-1, 0)])
    assert v["diagonal_2"] == float(peaks_unchanged(2, 2, [(1, 1)]))
    assert v["two_pixels_2"] == float(peaks_unchanged(2, 2, [(0, 2)]))


def test_eight_neighbours() -> None:
    v = values("eight-neighbours")
    eight = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0)]
    assert v["window_2"] == float(peaks_unchanged(2, 2, eight))
    assert v["window_3"] == float(peaks_unchanged(3, 3, eight))
    edge = [peak_windows(3, 3, 24, 25) == peak_windows(3, 3, 24 + dy, 25 + dx) for dy, dx in eight]
    assert v["edge"] == np.mean(edge)


def test_busy_map_stays() -> None:
    v = values("busy-map-stays")
    for k in (2, 3, 4):
        assert v[f"window_{k}"] == pytest.approx(busy_unchanged(k, 0, 1), abs=0.008)
    assert v["diagonal_2"] == pytest.approx(busy_unchanged(2, 1, 1), abs=0.006)
    assert v["clipped_2"] == pytest.approx(busy_unchanged(2, 0, 1, zeros=0.5), abs=0.008)
    before, after = [0.1, 1.0, 0.2, 0.1], [0.3, 0.1, 1.0, 0.2]
    maxima = [[max(row[max(i - 1, 0) : i + 2]) for i in range(4)] for row in (before, after)]
    assert v["textbook"] == sum(a == b for a, b in zip(*maxima, strict=True)) == 2
    assert v["textbook_of"] == 4
    assert v["textbook_detectors"] == sum(a == b for a, b in zip(before, after, strict=True))


def test_mean_never_stays() -> None:
    """Exactly: which of the values that leave and enter are zero, enumerated."""
    v = values("mean-never-stays")
    assert v["busy"] == 0
    silent = [not any(pattern) for pattern in itertools.product((0, 1), repeat=4)]
    assert v["clipped"] == np.mean(silent)
    assert v["max"] == pytest.approx(busy_unchanged(2, 0, 1), abs=0.008)
    assert v["lone_peak"] == float(peaks_unchanged(2, 2, [(0, 1)]))


def test_smooth_map_change() -> None:
    """Smooth maps by SciPy's filter: a Gaussian of width ℓ/√2 gives the correlation length ℓ."""
    v = values("smooth-map-change")
    assert v["length"] == 4
    smooth = ndimage.gaussian_filter(NOISE, (0, 4 / 2**0.5, 4 / 2**0.5), mode="wrap")
    pools: dict[str, Callable[[Floats], Floats]] = {
        "max": lambda maps: block_reduce(maps, (1, 2, 2), np.max),
        "mean": lambda maps: block_reduce(maps, (1, 2, 2), np.mean),
        "subsample": lambda maps: maps[:, ::2, ::2],
    }
    for name, pool in pools.items():
        for kind, maps, tolerance in (("rough", NOISE, 0.01), ("smooth", smooth, 0.006)):

            def change(maps: Floats, pool: Callable[[Floats], Floats] = pool) -> float:
                before, after = pool(maps), pool(np.roll(maps, 1, 2))
                return relative(after - before, before)

            value = v[f"{name}_{kind}"]
            assert value == pytest.approx(change(maps), abs=tolerance)
            width = pytest.approx(half_width(change, maps), rel=0.35)
            assert value - v[f"{name}_{kind}_low"] == width
            assert v[f"{name}_{kind}_high"] - value == width


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


def test_subsampling_breaks_it() -> None:
    v = values("subsampling-breaks-it")
    moved = np.roll(max_at_every_place(NOISE), 1, 2)
    assert v["dense"] == np.abs(max_at_every_place(np.roll(NOISE, 1, 2)) - moved).max() == 0
    kept = error(lambda maps: max_at_every_place(maps)[:, ::2, ::2], 1, 2)
    assert v["kept"] == pytest.approx(kept, abs=0.01)
    assert v["kept_low"] < v["kept"] < v["kept_high"]
    assert v["plain"] == pytest.approx(error(lambda maps: maps[:, ::2, ::2], 1, 2), abs=0.015)


def test_exact_only_at_multiples_of_stride() -> None:
    v = values("exact-only-at-multiples-of-stride")
    for depth in (1, 2, 3):
        period = 2**depth

        def pooled(maps: Floats, period: int = period) -> Floats:
            return np.asarray(block_reduce(maps, (1, period, period), np.max))

        assert v[f"period_{depth}"] == period
        errors = [error(pooled, d, period) for d in range(1, period + 1)]
        d = 1 + int(np.argmin(errors[:-1]))

        def least_error(maps: Floats, d: int = d, period: int = period) -> float:
            return error(pooled, d, period, maps=maps)

        width = half_width(least_error, NOISE)
        least = v[f"least_{depth}"]
        assert least - v[f"least_{depth}_low"] == pytest.approx(width, rel=0.35)
        assert v[f"least_{depth}_high"] - least == pytest.approx(width, rel=0.35)
        assert v[f"at_period_{depth}"] == errors[-1] == 0
        assert v[f"least_{depth}"] == pytest.approx(min(errors[:-1]), abs=0.03)
        assert v[f"most_{depth}"] == pytest.approx(max(errors[:-1]), abs=0.03)


def test_blur_before_subsampling() -> None:
    """With SciPy's one-dimensional filters and resampling."""
    v = values("blur-before-subsampling")

    def blurred(taps: int) -> Callable[[Floats], Floats]:
        weights = np.array(BINOMIAL[taps]) / sum(BINOMIAL[taps])

        def operator(maps: Floats) -> Floats:
            dense = max_at_every_place(maps)
            for axis in (1, 2):
                dense = ndimage.correlate1d(dense, weights, axis=axis, mode="wrap")
            return dense[:, ::2, ::2]

        return operator

    none = error(lambda maps: max_at_every_place(maps)[:, ::2, ::2], 1, 2, fractional=True)
    assert v["none"] == pytest.approx(none, abs=0.015)
    for taps in (3, 5, 7):
        left = error(blurred(taps), 1, 2, fractional=True)
        assert v[f"taps_{taps}"] == pytest.approx(left, abs=0.01)
    phases = [max_at_every_place(NOISE[:1])[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    moved = [
        max_at_every_place(np.roll(NOISE[:1], 1, 2))[:, i::2, j::2] for i in (0, 1) for j in (0, 1)
    ]
    first, second = (max(choice, key=lambda phase: (phase**2).sum()) for choice in (phases, moved))
    shifts = [np.abs(second - np.roll(first, d, 2)).max() for d in (0, 1)]
    assert v["adaptive"] == min(shifts) == 0


def test_depth_widens_the_window() -> None:
    v = values("depth-widens-the-window")
    peaks = np.eye(64)[:, None]  # a row of 64 with a peak at each place
    for depth in (1, 2, 3):
        before, after = peaks, np.roll(peaks, 1, 2)
        for _ in range(depth):
            before, after = (block_reduce(x, (1, 1, 2), np.max) for x in (before, after))
        assert v[f"depth_{depth}"] == np.mean((before == after).all(axis=(1, 2)))
    assert v["one_window"] == float(peaks_unchanged(8, 8, [(0, 1)]))


def test_overlap_never_exact() -> None:
    v = values("overlap-never-exact")
    assert v["overlap"] == float(peaks_unchanged(3, 2, [(0, 1)]))
    assert peaks_unchanged(3, 2, [(0, 1), (1, 0), (1, 1), (0, 2), (-1, 0)]) == 0
    assert v["side_by_side"] == float(peaks_unchanged(3, 3, [(0, 1)]))
    assert v["busy"] == pytest.approx(busy_unchanged(3, 0, 1), abs=0.008)


def test_global_pool_is_invariant() -> None:
    v = values("global-pool-is-invariant")
    assert v["busy"] == np.mean(NOISE.max(axis=(1, 2)) == np.roll(NOISE, 5, 2).max(axis=(1, 2)))
    assert v["lost"] == pytest.approx(1 / v["side"])


def test_flower_photo_shift() -> None:
    """The photograph moved as pixels, unrolled by SciPy and matched by scikit-image."""
    v = values("flower-photo-shift")
    picture, template = again.blue(), flower.template()

    def petal_map(dy: int, dx: int) -> Floats:
        return again.matched(again.sampled(np.roll(picture, (dy, dx), (0, 1))), template)

    def pooled(petal_map: Floats, top: int, left: int) -> dict[str, Floats]:
        cut = np.roll(petal_map[top : top + 58], -left, axis=1)
        return {
            "max": block_reduce(cut, (2, 2), np.max),
            "mean": block_reduce(cut, (2, 2), np.mean),
            "subsample": cut[::2, ::2],
        }

    ways = list(itertools.product((0, 1), repeat=2))
    still = [pooled(petal_map(0, 0), *way) for way in ways]
    limit = {
        name: np.quantile([cells[name] for cells in still], np.mean(again.clean_map() <= 0.5))
        for name in still[0]
    }
    rows, columns = np.transpose(again.found_petals())
    for d in (1, 2):
        moves = [(d, 0), (-d, 0), (0, d), (0, -d)]
        full = np.mean([petal_map(*move)[rows, columns] > 0.5 for move in moves])
        assert v[f"stays_full_{d}"] == pytest.approx(full, abs=0.005)
        after = [[pooled(petal_map(*move), *way) for way in ways] for move in moves]
        for name in still[0]:
            stays, squares, spread = [], [], []
            for moved in after:
                for (top, left), before, now in zip(ways, still, moved, strict=True):
                    squares.append(((now[name] - before[name]) ** 2).mean())
                    spread += [before[name], now[name]]
                    for row, column in again.found_petals():
                        r, c = (row - top) // 2, (column - left) % 256 // 2
                        if 0 <= r < 29 and row >= top and before[name][r, c] > limit[name]:
                            stays.append(now[name][r, c] > limit[name])
            assert v[f"stays_{name}_{d}"] == pytest.approx(np.mean(stays), abs=0.005)
            change = np.sqrt(np.mean(squares) / (2 * np.var(spread)))
            assert v[f"change_{name}_{d}"] == pytest.approx(change, abs=0.002)
    assert v["unchanged"] < 0.01


# What all claims have in common


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_refuses_other_numbers(claim: Claim) -> None:
    computed = claim.computed()
    assert claim.condition or claim.verdict is not Verdict.ON_CONDITION
    assert not claim.bears_out(dict.fromkeys(computed, 0.0))


def test_rulings_rest_on_claims() -> None:
    known = {claim.id for claim in CLAIMS}
    assert [ruling.examines for ruling in RULINGS] == ["T1", "T2", "T4", "T5"]
    assert {ruling.examines for ruling in RULINGS} <= set(THREAD)
    assert all(set(ruling.rests_on) <= known for ruling in RULINGS)
    assert claims.SIDE == 224
