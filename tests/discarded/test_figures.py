"""What the figures show: their data, by routes of their own."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, stats
from skimage.measure import block_reduce

from explainers.checks import Floats
from explainers.discarded import figures
from tests.claiming import values
from tests.discarded.reference import (
    NOISE,
    dahlia_bytes,
    decoded,
    errors,
    simulated_share,
    spread_of_places,
)
from tests.drawing import assert_says, column, drawn


def flower_bytes() -> Floats:
    """The part of the photograph that is drawn, of scikit-learn's copy."""
    return dahlia_bytes()[78:366, 162:450].astype(float)


def test_winners_in_one_map_window_by_window() -> None:
    drawing = drawn(figures.winners_in_one_map, seed=4)
    plane = column(drawing, "value").reshape(8, 8)
    counts = {name: np.zeros((8, 8), int) for name in ("wins_2x2", "wins_3x3")}
    for name, kernel, begin in (("wins_2x2", 2, 0), ("wins_3x3", 3, -1)):
        for top, left in itertools.product(range(begin, 8 + begin, 2), repeat=2):
            rows, columns = slice(max(top, 0), top + kernel), slice(max(left, 0), left + kernel)
            counts[name] += plane == plane[rows, columns].max()
        assert_array_equal(column(drawing, name), counts[name].ravel())
    assert drawing.values["won"] == (counts["wins_2x2"] > 0).sum() == 16
    assert drawing.values["distinct"] == (counts["wins_3x3"] > 0).sum()
    assert drawing.values["outputs"] == 16
    assert drawing.values["most"] == counts["wins_3x3"].max()
    assert (drawing.values["places"], plane.size) == (64, 64)


def test_survivors_by_channel_by_simulation() -> None:
    drawing = drawn(figures.survivors_by_channel, channels=5)
    rng = np.random.default_rng(3)
    for k, name in ((2, "two"), (3, "three"), (4, "four")):
        for channels in (1, 2, 8, 64, 5):
            chosen = rng.random((2000, channels, k * k)).argmax(axis=2)
            share = np.mean([len(set(row)) for row in chosen.tolist()]) / k**2
            at = list(column(drawing, "channels")).index(channels) if channels != 5 else None
            shown = drawing.values[name] if at is None else column(drawing, f"kept_{k}")[at]
            assert shown == pytest.approx(share, abs=0.012)
        lost = column(drawing, f"lost_{k}")
        for d in column(drawing, "apart"):
            together = [x // k == (x + d) // k for x in range(k)]
            assert lost[d] == pytest.approx(np.mean(together))
    assert drawing.values["lost"] == 0.5


@pytest.mark.parametrize("doublings", [1, 2])
def test_one_pooled_image_is_that_of_both(doublings: int) -> None:
    drawing, window = drawn(figures.one_pooled_image, doublings=doublings), 2**doublings
    photo = flower_bytes()
    image = block_reduce(photo, (window, window), np.max)
    assert_array_equal(column(drawing, "max_of_photograph"), image.ravel())
    assert_array_equal(column(drawing, "max_of_other"), image.ravel())
    assert_array_equal(column(drawing, "row"), np.indices(image.shape)[0].ravel())
    assert_array_equal(column(drawing, "column"), np.indices(image.shape)[1].ravel())
    assert drawing.values["values"] == image.size
    ways = [(int(v) + 1) ** window**2 - int(v) ** window**2 for v in image.ravel()]
    assert drawing.values["alike"] == math.floor(math.fsum(map(math.log10, ways))) + 1
    # the max at a random place, the rest uniform below it: what is to be expected
    blocks = photo.reshape(image.shape[0], window, -1, window).swapaxes(1, 2)
    top = image[..., None, None]
    same = (blocks == top) / window**2 + (1 - window**-2) / (top + 1)
    assert drawing.values["differ"] == pytest.approx(1 - same.mean(), abs=0.004)
    rest = ((blocks - top / 2) ** 2 + ((top + 1) ** 2 - 1) / 12).mean()
    squared = ((blocks - top) ** 2).mean() / window**2 + rest * (1 - window**-2)
    assert drawing.values["distance"] == pytest.approx(math.sqrt(squared) / photo.std(), rel=0.01)


@pytest.mark.parametrize("window", [2, 3])
def test_kept_bits_by_scipy(window: int) -> None:
    drawing, n = drawn(figures.kept_bits, window=window, rare=0.1), window**2

    def bits(name: str, p: float) -> float:
        chances = {
            "max": [(1 - p) ** n, 1 - (1 - p) ** n],
            "subsample": [p, 1 - p],
            "mean": stats.binom(n, p).pmf(np.arange(n + 1)),
        }
        return float(stats.entropy(chances[name], base=2))

    for name in ("max", "mean", "subsample"):
        shown = [bits(name, p) for p in column(drawing, "rate")]
        assert_allclose(column(drawing, name), shown, atol=1e-12)
        assert drawing.values[f"{name}_rare"] == pytest.approx(bits(name, 0.1))
        assert drawing.values[f"{name}_half"] == pytest.approx(bits(name, 0.5))
    cross = optimize.brentq(lambda p: bits("max", p) - bits("subsample", p), 0.05, 0.9)
    assert drawing.values["cross"] == pytest.approx(cross, abs=1e-4)
    assert column(drawing, "rate")[[0, -1]].tolist() == [0, 1]


def test_gradient_shares_by_simulation() -> None:
    drawing = drawn(figures.gradient_shares, maps=40)
    for stride in (1, 2, 3):
        law, found = (
            column(drawing, f"{name}_{stride}").astype(float) for name in ("law", "found")
        )
        assert_allclose(found, law, atol=0.006)
        for kernel in (2, 3, 4):
            share, error = simulated_share(kernel, stride, 0)
            assert law[kernel - 1] == pytest.approx(share, abs=5 * error)
    shown = [drawing.values[name] for name in ("beside", "overlap", "four")]
    assert shown == column(drawing, "law_2")[1:4].tolist()
    assert drawing.values["dense"] == column(drawing, "law_1")[1]


@pytest.mark.parametrize("doublings", [1, 2, 3])
def test_rebuilt_dahlia_by_scikit_image(doublings: int) -> None:
    drawing, photo = drawn(figures.rebuilt_dahlia, doublings=doublings), dahlia_bytes() / 255
    photo = photo[: 426 // 2**doublings * 2**doublings]
    kinds = ("rms", "bias", "rest", "absolute")
    rows = zip(*(drawing.table[name] for name in ("kept", *kinds)), strict=True)
    for name, *found in rows:
        expected = errors(photo, name, 2**doublings)
        assert found == pytest.approx([expected[kind] for kind in kinds])
        assert drawing.values[name] == found[0]
    assert drawing.values["bias"] == drawing.table["bias"][3]
    assert drawing.values["window"] == 2**doublings


def test_rebuilt_by_spectrum_on_noise_and_waves() -> None:
    drawing = drawn(figures.rebuilt_by_spectrum, maps=40)
    assert column(drawing, "exponent")[[0, -1]].tolist() == [0, 3]
    for name in ("mean", "median", "subsample", "max"):
        curve = column(drawing, name)
        assert curve[0] == pytest.approx(errors(NOISE.reshape(-1, 64), name)["rms"], abs=0.015)
        assert (np.diff(curve) < 0).all()
        assert drawing.values[f"{name}_0"] == curve[0]
        assert drawing.values[f"{name}_last"] == curve[-1]


@pytest.mark.parametrize("width", [0.0, 1.0])
def test_decoded_position_by_scikit_learn(width: float) -> None:
    drawing = drawn(figures.decoded_position, width=width, draws=1500)
    for name, kernel, stride, cells in (
        ("beside", 2, 2, 5),
        ("overlap", 3, 2, 5),
        ("whole", 8, 8, 1),
    ):
        error, _ = decoded(kernel, stride, "max", width, 0.02, cells)
        assert drawing.values[name] == pytest.approx(error, rel=0.08)
        chance = spread_of_places(stride, width)
        assert drawing.values[f"{name}_chance"] == pytest.approx(chance, rel=1e-4)
    windows = column(drawing, "windows")
    assert [int((windows == name).sum()) for name in figures.POOLINGS] == [120, 120, 120]
    beside = windows == "2 × 2, side by side"
    difference = column(drawing, "read")[beside] - column(drawing, "true")[beside]
    assert np.sqrt((difference**2).mean()) == pytest.approx(drawing.values["beside"], rel=0.35)


def test_place_error_by_scikit_learn() -> None:
    drawing = drawn(figures.place_error, draws=800)
    at = {width: i for i, width in enumerate(drawing.table["width"])}
    for name, kernel, stride, cells in (
        ("beside", 2, 2, 5),
        ("overlap", 3, 2, 5),
        ("wide", 8, 8, 5),
        ("whole", 8, 8, 1),
    ):
        for width in (0, 1, 4):
            error, _ = decoded(kernel, stride, "max", width, 0.02, cells)
            shown = column(drawing, name)[at[width]]
            assert shown == pytest.approx(error / spread_of_places(stride, width), rel=0.13)
        assert drawing.values[f"{name}_0"] == column(drawing, name)[0]
        assert drawing.values[f"{name}_1"] == column(drawing, name)[at[1]]
        assert drawing.values[f"{name}_last"] == column(drawing, name)[-1]
    assert drawing.values["last"] == 4


def test_rectifier_and_pooling_by_hand() -> None:
    """The default map, and scikit-image on others."""
    drawing = drawn(figures.rectifier_and_pooling)
    assert column(drawing, "clip, mean").tolist() == [2.25, 0.75, 3, 2]
    assert column(drawing, "mean, clip").tolist() == [1.5, 0, 2.5, 0]
    assert column(drawing, "clip, max").tolist() == [8, 3, 9, 5]
    assert drawing.values["mean_differ"] == 4
    for seed in range(5):
        drawing = drawn(figures.rectifier_and_pooling, seed=seed)
        plane = np.random.default_rng(seed).integers(-9, 10, (4, 4))
        for name, pool in (("max", np.max), ("mean", np.mean)):
            early = block_reduce(np.maximum(plane, 0), (2, 2), pool).ravel()
            late = np.maximum(block_reduce(plane, (2, 2), pool), 0).ravel()
            assert_array_equal(column(drawing, f"clip, {name}"), early)
            assert_array_equal(column(drawing, f"{name}, clip"), late)
            assert drawing.values[f"{name}_differ"] == (early != late).sum()
        assert (drawing.values["low"], drawing.values["high"]) == (plane.min(), plane.max())


@pytest.mark.parametrize("size", [5, 6])
def test_padding_a_negative_map_window_by_window(size: int) -> None:
    drawing = drawn(figures.padding_a_negative_map, size=size, seed=1)
    plane = -np.random.default_rng(1).integers(1, 10, (size, size))
    starts = range(-1, size - 1, 2)
    maxima = [plane[max(a, 0) : a + 3, max(b, 0) : b + 3].max() for a in starts for b in starts]
    reaches = [min(a, b) < 0 or max(a, b) + 3 > size for a in starts for b in starts]
    assert_array_equal(column(drawing, "never_wins"), maxima)
    assert_array_equal(column(drawing, "zeros"), np.where(reaches, 0, maxima))
    assert drawing.values["invented"] == sum(reaches)
    assert drawing.values["windows"] == len(reaches)
    assert (drawing.values["low"], drawing.values["high"]) == (plane.min(), plane.max())


def test_figures_say_the_claims_numbers() -> None:
    """What a figure and a claim both say is one number: of the same draws, to the last digit."""
    v = values("per-channel-survivors")
    assert_says(
        figures.survivors_by_channel, {"two": v["some_places"] / 4, "lost": v["one_channel"]}
    )
    v, fewer = values("gradient-reaches-one-in-four"), values("overlap-reaches-fewer")
    assert_says(figures.gradient_shares, {"beside": v["side_by_side"], "overlap": v["overlap"]})
    assert_says(
        figures.gradient_shares, {"beside": fewer["stride_two"], "overlap": fewer["overlapping"]}
    )
    v = values("max-reconstructs-worse")
    rebuilt = ("mean", "median", "subsample", "max")
    assert_says(figures.rebuilt_dahlia, {name: v[f"photo_{name}"] for name in rebuilt}, doublings=1)
    v = values("position-still-decodable")
    whole = {"whole": v["whole"], "whole_chance": v["whole_chance"]}
    beside = {"beside": v["smooth"], "beside_chance": v["smooth_chance"]}
    assert_says(figures.decoded_position, beside | whole | {"overlap": v["smooth_overlap"]})
    sharp = {"beside_0": v["sharp"], "overlap_0": v["sharp_overlap"]}
    assert_says(
        figures.place_error, {name: error / v["sharp_chance"] for name, error in sharp.items()}
    )


def test_the_noise_that_is_rebuilt_errs_by_the_claims_law_to_the_digits_shown() -> None:
    said, v = figures.rebuilt_by_spectrum().values, values("max-reconstructs-worse")
    for name in ("mean", "subsample", "max"):
        assert f"{said[f'{name}_0']:.2f}" == f"{v[f'noise_{name}']:.2f}"


def test_the_place_is_as_uncertain_in_the_curve_as_in_the_claim() -> None:
    drawing, v = figures.place_error(), values("position-still-decodable")
    at = list(drawing.table["width"]).index(v["width_shown"])
    for name, error, chance in (
        ("beside", "smooth", "smooth_chance"),
        ("overlap", "smooth_overlap", "smooth_chance"),
        ("whole", "whole", "whole_chance"),
    ):
        assert column(drawing, name)[at] == pytest.approx(v[error] / v[chance], rel=1e-12)


def test_the_windows_drawn_are_those_that_the_most_frequent_winner_wins() -> None:
    for seed in range(6):
        drawing = drawn(figures.winners_in_one_map, seed=seed)
        plane = column(drawing, "value").reshape(8, 8)
        wins = column(drawing, "wins_3x3").reshape(8, 8)
        lines = [np.asarray(line.get_xydata(), int) for line in drawing.canvas.axes[1].lines]
        boxes = [(*corners.min(axis=0), *corners.max(axis=0)) for corners in lines]
        assert len(boxes) == drawing.values["most"]
        tops = {plane[top:bottom, left:right].max() for left, top, right, bottom in boxes}
        assert len(tops) == 1
        assert wins[plane == tops.pop()] == drawing.values["most"]


def test_one_channel_is_not_called_channels() -> None:
    assert "with one channel 25% of" in drawn(figures.survivors_by_channel, channels=1).caption
    assert "a single pixel" in drawn(figures.decoded_position, width=0.0).caption


def test_every_window_is_said_to_keep_what_it_keeps() -> None:
    for doublings, kept in ((1, "every second value"), (2, "every fourth value")):
        drawing = drawn(figures.rebuilt_dahlia, doublings=doublings)
        assert kept in drawing.caption
        assert kept in [axes.get_title("left") for axes in drawing.canvas.axes]
    third = drawn(figures.kept_bits, window=3)
    assert third.caption.count("every third value") == 2
    assert "second" not in third.caption + third.alt
    assert "every third value" in [line.get_label() for line in third.canvas.axes[0].lines]


def test_few_bits_are_not_called_none() -> None:
    widest = drawn(figures.kept_bits, window=4, rare=0.125)
    assert 0 < widest.values["max_half"] < 0.0005
    assert "at 50% it keeps 0.0003" in widest.alt
    assert "fire at 12.5% of the places" in widest.caption
