"""The detectors once more: other random numbers, loops over draws, pooling by scikit-image."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers.mirages.measured import (
    SCRAMBLES,
    WINDOWS,
    acceptance,
    before_or_after,
    example,
    over_thresholds,
    pooled,
    seeds,
)
from tests.mirages import reference
from tests.mirages.reference import PLACES, Garden, ends


@pytest.mark.parametrize("stride", WINDOWS)
def test_pooled_by_other_libraries(stride: int) -> None:
    maps = np.random.default_rng(stride).random((2, 3, 32, 32), dtype=np.float32)
    plain, overlapping = pooled(maps, stride), pooled(maps, stride, overlap=True)
    assert plain.shape == overlapping.shape == (2, 3, 32 // stride, 32 // stride)
    exact = maps.astype(np.float64)
    assert (plain == reference.pool(stride)(exact)).all()
    assert (overlapping == reference.pool(stride, overlap=True)(exact)).all()


CASES: list[tuple[int, bool, dict[str, Any]]] = [
    (1, False, {"noise_sd": 0.3}),
    (4, False, {}),
    (16, False, {"noise_sd": 0.3}),
    (32, False, {}),
    (16, False, {"directed": False}),
    (8, True, {"directed": False}),
    (2, False, {"jitter": 0, "noise_sd": 0.4, "accepted": 0.8}),
    (8, False, {"jitter": 2, "petals": 5, "directed": False}),
    (1, False, {"jitter": 2, "noise_sd": 0.2, "accepted": 0.6}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("stride", "overlap", "settings"), CASES, ids=str)
def test_acceptance_flower_by_flower(stride: int, overlap: bool, settings: dict[str, Any]) -> None:
    """Five standard errors, of both simulations and of both thresholds."""
    ours = acceptance([stride], overlap=overlap, draws=1500, **settings)
    garden = Garden(**settings)
    accept = garden.pooling(reference.pool(stride, overlap=overlap))
    shown = [garden.true_maps(), *(garden.scrambled_maps(kind, stride) for kind in SCRAMBLES)]
    expected = np.array([accept(maps) for maps in shown])
    found = np.concatenate([ours.true.value, ours.scrambled.value[:, 0]])
    error = np.sqrt(2 * (expected * (1 - expected) + 0.01) * (1 / 1500 + 1 / 500))
    assert (np.abs(found - expected) < 5 * error + 0.01).all(), (found, expected)


@pytest.mark.slow
@pytest.mark.parametrize("settings", [{"noise_sd": 0.2}, {"jitter": 2, "accepted": 0.8}])
def test_before_or_after_flower_by_flower(settings: dict[str, Any]) -> None:
    garden = Garden(draws=300, **settings)
    detectors = [
        garden.pooling(reference.pool(1)),
        garden.pooling(reference.pool(32)),
        garden.searching(),
    ]
    kinds = ("moved", "swapped", "anywhere")
    shown = [garden.true_maps(), *(garden.scrambled_maps(kind) for kind in kinds)]
    expected = np.array([[accept(maps) for maps in shown] for accept in detectors])
    ours = before_or_after(draws=1000, **settings).value
    error = np.sqrt(2 * (expected * (1 - expected) + 0.01) * (1 / 1000 + 1 / 300))
    assert (np.abs(ours - expected) < 5 * error + 0.01).all(), (ours, expected)


def test_scrambles_inside_windows_cannot_be_told() -> None:
    for directed in (True, False):
        found = acceptance(scrambles=["inside"], directed=directed, draws=1000)
        assert_allclose(found.scrambled.value[0], found.true.value, atol=0.045)
        assert_allclose(found.true.value, 0.95, atol=0.04)


def test_global_pooling_accepts_whatever_has_the_parts() -> None:
    found = acceptance([32], draws=2000)
    assert_allclose(found.scrambled.value[:, 0], 0.95, atol=0.03)


def test_without_directions_exchanged_petals_are_the_same_flower() -> None:
    found = acceptance([1, 4], ["swapped", "permuted"], directed=False, noise_sd=0, draws=300)
    assert_allclose(found.scrambled.value, np.tile(found.true.value, (2, 1)), atol=1e-12)


def test_without_noise_and_jitter_only_the_scramble_decides() -> None:
    found = acceptance(jitter=0, noise_sd=0, draws=200)
    assert (found.true.value == 1).all()
    inside, swapped, permuted, anywhere = found.scrambled.value
    assert (inside == 1).all()
    assert swapped[-1] == permuted[-1] == anywhere[-1] == 1
    assert (permuted[:-1] == 0).all()
    assert (swapped[:3] == 0).all()
    assert (anywhere[:4] == 0).all()


# Intervals


def test_intervals_are_wilsons() -> None:
    """Of as many flowers as are drawn unless told otherwise."""
    found = acceptance([4, 16], ["swapped", "anywhere"], noise_sd=0.3)
    shares = [np.column_stack([x.ravel() for x in each]) for each in (*found, before_or_after())]
    for value, low, high in np.concatenate(shares):
        wilson = stats.binomtest(round(value * 400), 400).proportion_ci(0.95, method="wilson")
        assert_allclose((low, high), wilson, atol=1e-12)


def test_with_repeats_the_intervals_are_of_the_mean_over_thresholds() -> None:
    """Near Student's where the thresholds scatter, and Wilson's where nothing passes.

    Each repeat takes the next seed, from the first one on.
    """
    asked: tuple[Any, ...] = ([1, 4], ["swapped", "anywhere"])
    found = acceptance(*asked, draws=60, repeats=12).scrambled
    each = np.array([acceptance(*asked, draws=60, seed=s).scrambled.value for s in range(12)])
    assert_allclose(found.value, each.mean(axis=0))
    for at in ((0, 0), (0, 1)):
        sample = each[:, *at]
        low, high = stats.t(11, sample.mean(), stats.sem(sample)).interval(0.95)
        assert_allclose((found.low[at], found.high[at]), (low, high), atol=0.03)
    wilson = stats.t(11).ppf(0.975) ** 2 / 720
    assert_allclose(found.high[1, 1], wilson / (1 + wilson), atol=1e-4)
    assert found.value[1, 1] == found.low[1, 1] == 0


@pytest.mark.parametrize("passed", [[48, 52, 50, 49, 51, 50], [20, 80, 50, 35, 65, 50]])
def test_where_thresholds_scatter_there_are_fewer_flowers(passed: list[int]) -> None:
    """As many as would scatter so by themselves; never more than there are."""
    among = stats.sem([share / 100 for share in passed]) ** 2
    number = min(600.0, 0.25 / among)
    weight = 2.5706**2 / number  # Student's, with 5 degrees of freedom
    reach = math.sqrt(weight * (0.25 + weight / 4)) / (1 + weight)
    found = over_thresholds(np.array(passed), 100)
    assert [float(end) for end in found] == pytest.approx([0.5, 0.5 - reach, 0.5 + reach], rel=2e-3)


@pytest.mark.slow
def test_intervals_with_repeats_hold_what_other_seeds_find() -> None:
    many = acceptance([1], ["swapped"], draws=60, repeats=100, seed=5000).scrambled.value[0, 0]
    trials = [
        acceptance([1], ["swapped"], draws=60, repeats=6, seed=100 * s).scrambled for s in range(20)
    ]
    held = [bool(t.low[0, 0] <= many <= t.high[0, 0]) for t in trials]
    assert sum(held) >= 16


# The same flowers, whatever is asked


def test_what_else_is_asked_changes_nothing() -> None:
    many = acceptance(draws=30, seed=4).scrambled.value
    for row, kind in enumerate(SCRAMBLES):
        for column, window in enumerate(WINDOWS):
            [[one]] = acceptance([window], [kind], draws=30, seed=4).scrambled.value
            assert one == many[row, column]


def test_both_experiments_look_at_the_same_flowers() -> None:
    looked = before_or_after().value
    [*scrambled], true = (shares.value for shares in acceptance([1, 32], ["swapped", "anywhere"]))
    for column, found in ((0, true), (2, scrambled[0]), (3, scrambled[1])):
        assert looked[:2, column].tolist() == found.tolist()


# One flower


def placed(kind: str, stride: int, seed: int) -> list[tuple[int, int]]:
    parts = example(kind, stride, seed)
    return list(zip(parts.row.tolist(), parts.column.tolist(), strict=True))


@pytest.mark.parametrize("seed", [0, 4])
def test_an_example_is_a_flower_or_what_its_scramble_says(seed: int) -> None:
    assert placed("true", 8, seed) == PLACES
    for kind, changed in (("swapped", 2), ("permuted", 8)):
        places = placed(kind, 8, seed)
        assert Counter(places) == Counter(PLACES)
        assert sum(a != b for a, b in zip(places, PLACES, strict=True)) == changed
        assert places[0] == PLACES[0]
    for window in (2, 8):
        inside = placed("inside", window, seed)
        assert np.array_equal(np.array(inside) // window, np.array(PLACES) // window)


def test_examples_cover_their_windows() -> None:
    """Over many seeds each part comes to each place: of its window, or of the map."""
    inside = np.array([example("inside", 4, seed).row for seed in range(200)])
    assert (inside.min(axis=0) == np.array([r // 4 * 4 for r, _ in PLACES])).all()
    assert (inside.max(axis=0) == np.array([r // 4 * 4 + 3 for r, _ in PLACES])).all()
    anywhere = np.array([example("anywhere", 4, seed).column for seed in range(400)])
    assert (anywhere.min(), anywhere.max()) == (0, 31)


# What is imported, and what is refused


def test_importing_draws_nothing() -> None:
    code = (
        "import explainers.mirages.measured, explainers.mirages.dahlia, sys;"
        "sys.exit(bool({'matplotlib', 'PIL', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_where_the_ranges_end() -> None:
    """What is beyond them is refused: tests/test_arguments.py."""
    noise = {"jitter": (0, 2), "noise_sd": (0, math.inf)}
    drawn = {"accepted": (0, 1), "draws": (2, 5000), "repeats": (1, 100)}
    assert ends(acceptance) == {"petals": (2, 63)} | noise | drawn
    assert ends(before_or_after) == noise | drawn | {"reach": (1, 32)}
    assert acceptance([1], draws=2, jitter=2, petals=2).true.value.shape == (1,)
    assert (seeds(7, 1), seeds(7, 6)) == (range(7, 8), range(7, 13))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: acceptance([5]), "windows must be one of 1, 2, 4, .* got 5"),
        (lambda: acceptance([1], ["turned"]), "scrambles must be one of inside, .* got 'turned'"),
        (lambda: acceptance([1], accepted=1), "accepted must be a number above 0 and below 1"),
        (lambda: acceptance([1], repeats=5), "repeats must be 1, or at least 6: .* got 5"),
        (lambda: before_or_after(repeats=2), "repeats must be 1, or at least 6: .* got 2"),
    ],
)
def test_what_is_not_allowed_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
