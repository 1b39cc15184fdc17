"""The dahlia and its petal detector, against scikit-learn, scikit-image and SciPy."""

from __future__ import annotations

import math
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.datasets
from scipy import ndimage, stats
from skimage.feature import peak_local_max
from skimage.measure import block_reduce, label, regionprops

from explainers import flower
from explainers.checks import Floats
from explainers.flower.detector import is_peak, near_petals
from tests.flower import reference as oracle

DRAWS, SEED, NOISE_SD = 6, 3, 0.3
HALF = 6


def photo_maps() -> list[Floats]:
    return oracle.photo_maps(NOISE_SD, DRAWS, SEED)


# The photograph


def test_the_file_is_scikit_learns_and_carries_its_credit() -> None:
    ours = files("explainers.flower")
    theirs = Path(sklearn.datasets.__file__).parent / "images" / "flower.jpg"
    assert ours.joinpath("flower.jpg").read_bytes() == theirs.read_bytes()
    credit = ours.joinpath("flower.txt").read_text(encoding="utf-8")
    assert "vultilion" in credit
    assert "CC BY 2.0" in credit
    assert "adapted" in credit


def test_photo_and_grey_are_scikit_learns_picture() -> None:
    original = sklearn.datasets.load_sample_image("flower.jpg")
    assert flower.photo().dtype == np.uint8
    np.testing.assert_array_equal(flower.photo(), original)
    np.testing.assert_allclose(flower.grey(), oracle.blue(), rtol=1e-15)


def test_shared_arrays_are_read_only() -> None:
    for array in (flower.photo(), flower.grey(), flower.template()):
        assert not array.flags.writeable
    assert flower.petal_map().flags.writeable
    assert flower.unrolled().flags.writeable


def test_importing_needs_no_pillow_and_no_matplotlib() -> None:
    code = (
        "import sys, explainers.flower; "
        "sys.exit(any(name in sys.modules for name in ('PIL', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_centre_and_the_rim_are_the_flowers() -> None:
    red, blue_ = (flower.photo()[..., i].astype(int) for i in (0, 2))
    petals_and_leaves = label(red - blue_ > 60)
    dahlia = max(regionprops(petals_and_leaves), key=lambda region: region.area)
    np.testing.assert_allclose(flower.CENTRE, dahlia.centroid, atol=2.5)
    y, x = flower.photo_position(np.array([71]), np.array([0]))
    rim = math.hypot(y[0] - 222, x[0] - 306)
    assert rim == pytest.approx(dahlia.equivalent_diameter_area / 2, abs=2)


# Unrolling


def test_photo_position_is_a_spiral() -> None:
    y, x = flower.photo_position(*np.ogrid[:72, :256])
    np.testing.assert_allclose([y, x], oracle.places(), rtol=1e-13)


def test_unrolled_is_scipys_bilinear_sampling() -> None:
    np.testing.assert_allclose(flower.unrolled(), oracle.sampled(oracle.blue()), atol=1e-12)


def test_noise_is_on_the_photographs_pixels() -> None:
    [noise] = oracle.noise_pictures(1, SEED)
    np.testing.assert_allclose(
        flower.unrolled(0.2, SEED), oracle.sampled(oracle.blue() + 0.2 * noise), atol=1e-12
    )


def test_noise_of_neighbouring_samples_is_shared_as_their_weights_say() -> None:
    """Near the eye samples are denser than pixels: their noise must correlate, and be weaker."""
    draws = np.stack([flower.unrolled(1.0, seed) for seed in range(120)]) - flower.unrolled()
    inner, outer = draws[:, :10].reshape(120, -1), draws[:, -10:].reshape(120, -1)
    assert draws.mean() == pytest.approx(0, abs=0.005)
    for part, rows in ((inner, range(10)), (outer, range(62, 72))):
        y, x = oracle.places()[:, list(rows)] % 1
        shares = ((1 - y) ** 2 + y**2) * ((1 - x) ** 2 + x**2)
        assert part.var() == pytest.approx(shares.mean(), rel=0.02)
    neighbours = [np.mean(d[:, :, 1:] * d[:, :, :-1]) for d in (draws[:, :10], draws[:, -10:])]
    assert neighbours[0] > 0.15
    assert abs(neighbours[1]) < 0.01


# The detector


@pytest.mark.parametrize("shape", [(13, 13), (3, 7), (1, 5)])
def test_match_is_scikit_images(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    pictures, window = 5 + rng.standard_normal((2, 20, 31)), rng.standard_normal(shape)
    result = flower.match(pictures, window)
    for picture, values in zip(pictures, result, strict=True):
        np.testing.assert_allclose(values, oracle.matched(picture, window), atol=1e-10)


def test_match_is_zero_where_the_picture_is_constant() -> None:
    picture = np.full((8, 12), 0.1)
    window = np.random.default_rng(0).random((3, 3))
    assert not flower.match(picture, window).any()
    assert not flower.match(0 * picture, window).any()
    picture[:, 6:] += np.random.default_rng(1).random((8, 6))
    result = flower.match(picture, window)
    assert not result[:, 1:5].any()
    assert np.all(result[:, 6:] != 0)
    assert np.all(np.abs(result) <= 1 + 1e-12)


def test_match_is_zero_where_the_picture_is_constant_at_its_mean() -> None:
    """There the energy is rounding itself: it must be compared with that of other places."""
    rng = np.random.default_rng(5)
    picture, window, bumps = np.full((8, 12), 0.1), rng.random((3, 3)), rng.random((8, 6))
    picture[:, 6:] += bumps - bumps.mean()
    assert not flower.match(picture, window)[:, 1:5].any()


def test_match_sees_weak_structure_beside_strong() -> None:
    rng = np.random.default_rng(2)
    picture, window = rng.random((9, 40)), rng.random((3, 3))
    picture[:, 20:] *= 1e-4
    np.testing.assert_allclose(
        flower.match(picture, window)[:, 22:38],
        oracle.matched(picture, window)[:, 22:38],
        atol=1e-6,
    )


def test_match_is_blind_to_brightness_and_contrast() -> None:
    rng = np.random.default_rng(4)
    picture, window = rng.random((9, 20)), rng.random((3, 3))
    expected = flower.match(picture, window)
    np.testing.assert_allclose(flower.match(picture + 1e5, window), expected, atol=1e-9)
    for contrast in (1e5, 1e-8):
        result = flower.match(picture * contrast, window)
        np.testing.assert_allclose(result, expected, atol=1e-12)
    np.testing.assert_allclose(flower.match(picture, 7 - window), -expected, atol=1e-12)


def test_the_template_is_found_again_from_the_photograph_alone() -> None:
    """By SciPy's sampling, scikit-image's matching and peaks, and an average of its own."""
    assert oracle.template().shape == (13, 13)
    np.testing.assert_allclose(flower.template(), oracle.template(), atol=1e-10)


def test_the_template_is_the_average_of_its_own_best_matches() -> None:
    """Its fixed point, with scikit-image's matching and peaks."""
    template = flower.template()
    assert template.shape == (13, 13)
    turns = np.tile(oracle.clean_map(), 3)
    peaks = peak_local_max(turns, min_distance=6, threshold_abs=0.4, exclude_border=False)
    best = sorted((-turns[r, c], r, c) for r, c in peaks if 256 <= c < 512)[:16]
    picture = np.tile(oracle.sampled(oracle.blue()), 3)
    tips = [picture[r : r + 13, c - 6 : c + 7] for _, r, c in best]
    average = stats.zscore(sum(stats.zscore(tip, axis=None) for tip in tips), axis=None) / 13
    np.testing.assert_allclose(template, average, atol=1e-10)


def test_the_template_starts_from_the_first_petal() -> None:
    row, column = flower.FIRST_PETAL
    tip = flower.unrolled()[row - 6 : row + 7, column - 6 : column + 7]
    assert np.corrcoef(tip.ravel(), flower.template().ravel())[0, 1] > 0.89
    assert (row - 6, column) in oracle.found_petals()


def test_the_template_looks_like_a_petal() -> None:
    """Dark flesh below, a pale arch that is symmetric, darkness beside its top."""
    template = flower.template()
    assert np.corrcoef(template.ravel(), template[:, ::-1].ravel())[0, 1] > 0.9
    assert template[:3].max() < template[7, [0, 12]].min()
    assert template[12, [0, 12]].max() < 0 < template[10, 5:8].min()


def test_petal_map_is_scikit_images() -> None:
    np.testing.assert_allclose(flower.petal_map(), oracle.clean_map(), atol=1e-9)
    np.testing.assert_allclose(flower.petal_map(NOISE_SD, SEED), photo_maps()[0], atol=1e-9)


def test_map_noise_is_independent_noise_on_each_unit() -> None:
    np.testing.assert_allclose(
        flower.petal_map(0.2, SEED, noise="map"), oracle.map_maps(0.2, 1, SEED)[0], atol=1e-9
    )


def test_petals_are_scikit_images_peaks() -> None:
    petals = flower.petals()
    places = zip(petals.row.tolist(), petals.column.tolist(), strict=True)
    assert sorted(places) == oracle.found_petals()
    assert 35 <= petals.row.size <= 60
    assert flower.PETAL_THRESHOLD == oracle.THRESHOLD
    np.testing.assert_allclose(
        petals.score, oracle.clean_map()[petals.row, petals.column], atol=1e-9
    )
    assert np.all(np.diff(petals.score) <= 0)
    np.testing.assert_allclose(
        [petals.y, petals.x], oracle.places()[:, petals.row + 6, petals.column], rtol=1e-13
    )


@pytest.mark.parametrize("reach", [0, 1, 6])
def test_is_peak_is_scipys_filter(reach: int) -> None:
    maps, size = np.random.default_rng(0).random((3, 20, 31)), 2 * reach + 1
    for each, peak in zip(maps, is_peak(maps, reach), strict=True):
        highest = ndimage.maximum_filter(each, size, mode=["nearest", "wrap"])
        np.testing.assert_array_equal(peak, each == highest)


@pytest.mark.parametrize(("method", "function"), [("max", np.max), ("mean", np.mean)])
@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_pooled_is_scikit_images_block_reduce(method: str, function: Any, window: int) -> None:
    maps = np.random.default_rng(0).standard_normal((2, 12, 24))
    expected = block_reduce(maps, (1, window, window), function)
    np.testing.assert_allclose(flower.pooled(maps, method, window), expected, atol=1e-14)


def test_pooled_leaves_or_subsamples() -> None:
    maps = np.arange(24.0).reshape(4, 6)
    np.testing.assert_array_equal(flower.pooled(maps, "none"), maps)
    np.testing.assert_array_equal(flower.pooled(maps, "subsample"), [[0, 2, 4], [12, 14, 16]])


def test_near_petals_by_their_distance_round_the_flower() -> None:
    rows, columns = (place.ravel() for place in np.indices((60, 256)))
    found = zip(flower.petals().row.tolist(), flower.petals().column.tolist(), strict=True)
    for near, petal in zip(near_petals(rows, columns), found, strict=True):
        places = zip(rows.tolist(), columns.tolist(), strict=True)
        away = np.array([oracle.distance(*place, petal) for place in places])
        np.testing.assert_array_equal(near, away <= HALF)


@pytest.mark.parametrize(
    ("picture", "window", "message"),
    [
        (np.eye(5), np.eye(4), "window must be a matrix with odd"),
        (np.eye(5), np.eye(3)[0], "window must be a matrix"),
        (np.eye(5), np.ones((3, 3)), "window must be .*not constant"),
        (np.eye(5, 9), np.eye(7), "picture must be at least as large"),
        (np.eye(9, 5), np.eye(7), "picture must be at least as large"),
        (np.ones(9), np.eye(3), "picture must be at least as large"),
        (np.full((5, 5), np.inf), np.eye(3), "picture must be finite"),
        (np.eye(5), np.diag([1, np.inf, 0]), "window must be finite"),
    ],
)
def test_pictures_that_no_window_slides_over_are_named(
    picture: Floats, window: Floats, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        flower.match(picture, window)


@pytest.mark.parametrize(
    "maps", [np.eye(4)[:3], np.eye(4)[:, :3], np.ones((2, 4, 3)), np.ones(4), np.ones((0, 4, 4))]
)
def test_maps_that_windows_do_not_tile_are_named(maps: Floats) -> None:
    with pytest.raises(ValueError, match=r"^maps must be divisible into 2 × 2 windows; got"):
        flower.pooled(maps)
