"""Turned templates by another interpolation; hit rates picture by picture; the law by trying."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage, stats
from skimage.feature import match_template

from explainers.alternatives import dahlia
from explainers.flower import petals, template
from explainers.flower.photograph import clean, photo_noise


@pytest.mark.parametrize("angle", [0.0, 17.0, 90.0, 200.0, -45.0])
def test_turned_template_is_scipys(angle: float) -> None:
    row, column = np.indices((13, 13)) - 6
    inside = row**2 + column**2 <= 36
    other = ndimage.rotate(template(), -angle, reshape=False, order=1, mode="nearest")
    other = np.where(inside, other - other[inside].mean(), 0)
    found = dahlia.turned(angle)
    assert_allclose(found, other / np.linalg.norm(other), atol=1e-9)
    assert_allclose(np.linalg.norm(found), 1)
    assert_allclose(found.sum(), 0, atol=1e-12)
    assert not found[~inside].any()


def test_turning_all_around() -> None:
    assert_allclose(dahlia.turned(360), dahlia.turned(0), atol=1e-12)
    assert_allclose(dahlia.turned(-90), dahlia.turned(270), atol=1e-12)
    assert_allclose(dahlia.turned(180), dahlia.turned(0)[::-1, ::-1], atol=1e-12)


def test_hit_rates_picture_by_picture() -> None:
    """By scikit-image's matches; all thresholds from the places far from every petal."""
    pictures = clean() + 0.3 * photo_noise(8, 7)
    row, column = petals()[:2]
    places = np.argwhere(np.ones((60, 256), bool))
    near = np.zeros(len(places), bool)
    for top, left in zip(row.tolist(), column.tolist(), strict=True):
        across = np.abs(places[:, 1] - left)
        near |= (np.abs(places[:, 0] - top) <= 6) & (np.minimum(across, 256 - across) <= 6)
    far = places[~near]

    def scores(angle: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        around = np.pad(pictures, [(0, 0), (0, 0), (6, 6)], mode="wrap")
        return np.array([match_template(one, dahlia.turned(angle % 360)) for one in around])

    found = dahlia.hit_by_angle((10.0, 100.0), 4, draws=8, seed=7)
    for i, angle in enumerate((10.0, 100.0)):
        each = [scores(angle + turn) for turn in (0, 90, 180, 270)]
        for got, maps in ((found.single, each[0]), (found.bank, np.max(each, axis=0))):
            empty = maps[:, far[:, 0], far[:, 1]]
            threshold = np.quantile(empty, 0.95)
            hits = (maps[:, row, column] > threshold).mean(axis=1)
            assert_allclose(got.value[i], hits.mean(), atol=1e-12)
            # A draw that has more above the threshold raises it for all: by the ROC's slope there.
            ends = [np.quantile(empty, 0.95 + step) for step in (0.0475 / 4, -0.0475 / 4)]
            high, low = ((maps[:, row, column] > end).mean() for end in ends)
            own = hits - (low - high) / (0.0475 / 2) * (empty > threshold).mean(axis=1)
            reach = stats.t.isf(0.025, 7) * own.std(ddof=1) / math.sqrt(8)
            assert_allclose(got.high[i] - got.value[i], reach, rtol=0.005)
    assert_allclose(found.gain.value, found.bank.value - found.single.value)
    assert_allclose(found.angle, [10, 100])


def test_one_template_knows_its_angle_and_a_bank_knows_none() -> None:
    found = dahlia.hit_by_angle()
    assert found.single.low[0] > found.bank.high[0]  # nothing is free: more channels, more alarms
    assert (found.single.high[4:] < found.bank.low[4:]).all()  # from 60° on
    assert np.ptp(found.bank.value) < 0.05
    assert found.single.value[0] > 0.75


def test_a_bank_of_one_is_the_template() -> None:
    found = dahlia.hit_by_angle((0.0, 30.0), 1, draws=4)
    assert_allclose(found.bank, found.single)
    assert not found.gain.value.any()


@pytest.mark.parametrize(
    ("angle", "radius", "kernel"), [(5, 10, 2), (30, 3, 3), (90, 2, 2), (60, 2.5, 3), (0, 9, 2)]
)
def test_what_stays_in_its_window_by_trying(angle: float, radius: float, kernel: int) -> None:
    rng, trials = np.random.default_rng(0), 200_000
    place, direction = rng.random((trials, 2)) * kernel, rng.random(trials) * 2 * math.pi
    turn = math.radians(angle)
    before = radius * np.array([np.cos(direction), np.sin(direction)])
    after = radius * np.array([np.cos(direction + turn), np.sin(direction + turn)])
    moved = place + (after - before).T
    stays = ((moved >= 0) & (moved < kernel)).all(axis=1).mean()
    assert abs(dahlia.tolerated(angle, radius, kernel) - stays) < 4 * math.sqrt(0.25 / trials)


def test_what_stays_is_smooth_where_the_law_changes_and_ends() -> None:
    chord = 2 * math.asin(0.5 * 2 / 10)  # δ = k for a radius of 10 and windows of 2
    edge = math.degrees(chord)
    below, above = (dahlia.tolerated(edge + d, 10, 2) for d in (-1e-6, 1e-6))
    assert_allclose(below, above, atol=1e-5)
    assert_allclose(below, 1 - 3 / math.pi, atol=1e-5)
    assert dahlia.tolerated(180, 100, 2) == 0
    assert dahlia.tolerated(77, 0, 2) == 1
