"""The dahlia's tiles once more, cut out one by one; its petal maps by SciPy and scikit-image."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sklearn.datasets
from numpy.testing import assert_allclose
from scipy import stats

from explainers import flower
from explainers.checks import Floats
from explainers.mirages.dahlia import (
    SCRAMBLES,
    acceptance,
    orders,
    scrambled,
    scrambled_photo,
)
from tests.flower import reference as by_loops
from tests.mirages import reference
from tests.mirages.reference import ends


@pytest.mark.parametrize(("rings", "doublings"), [(1, 0), (3, 3), (4, 5), (2, 1), (1, 4)])
@pytest.mark.parametrize("scramble", SCRAMBLES)
def test_orders_are_permutations(rings: int, doublings: int, scramble: str) -> None:
    sectors = 2**doublings
    found = orders(rings, doublings, scramble, 300)
    assert found.shape == (300, rings * sectors)
    assert (np.sort(found) == np.arange(rings * sectors)).all()
    assert found.tolist() == reference.orders(rings, sectors, scramble, 300, 0)
    assert orders().tolist() == reference.orders(3, 8, "anywhere", 1, 0)
    kept = found // sectors == np.arange(rings * sectors) // sectors
    # whether a tile stays in its ring: always, or by chance, one time in so many rings
    expected = 1 if scramble == "around" else 1 / rings
    assert kept.mean() == pytest.approx(expected, abs=0.06)
    # each tile comes to each place equally often
    stays = (found == np.arange(rings * sectors)).mean()
    assert stays == pytest.approx(
        1 / (sectors if scramble == "around" else rings * sectors), abs=0.05
    )


@pytest.mark.parametrize(("rings", "doublings"), [(3, 3), (4, 5), (2, 1), (1, 0)])
def test_scrambled_by_cutting_and_pasting(rings: int, doublings: int) -> None:
    rng = np.random.default_rng(5)
    tiles = np.array([rng.permutation(rings * 2**doublings) for _ in range(3)])
    pictures = by_loops.sampled(by_loops.blue()) + np.arange(3)[:, None, None]
    ours = scrambled(pictures, tiles, rings, doublings)
    for picture, order, mine in zip(pictures, tiles, ours, strict=True):
        assert (mine == reference.pasted(picture, order.tolist(), rings, 2**doublings)).all()
    assert (scrambled(pictures[0], tiles[0], rings, doublings) == ours[0]).all()


def test_the_scrambled_photograph_pixel_by_pixel() -> None:
    photo = sklearn.datasets.load_sample_image("flower.jpg")
    order = np.random.default_rng(2).permutation(24)
    shown = scrambled_photo(order, 3, 3)
    assert (scrambled_photo(np.arange(24)) == photo[38:406, 122:490]).all()
    rng = np.random.default_rng(0)
    moved = 0
    rim = [[184, 208], [208, 184], [184, 160], [160, 184]]  # where the first ring begins
    for y, x in [*rim, *rng.integers(0, 368, (3000, 2)).tolist()]:
        z = complex(x + 122 - 306, y + 38 - 222)
        row = math.log(abs(z) / 24) / by_loops.STEP if z else -1.0
        column = math.atan2(z.imag, z.real) % math.tau / by_loops.STEP
        if not 0 <= row < 72:
            assert (shown[y, x] == photo[y + 38, x + 122]).all()
            continue
        tile = order[int(row // 24) * 8 + int(column // 32)]
        row, column = tile // 8 * 24 + row % 24, tile % 8 * 32 + column % 32
        at = 222j + 306 + 24 * math.e ** (by_loops.STEP * (row + 1j * column))
        pixels = {
            tuple(photo[round(at.imag + e), round(at.real + f)])
            for e, f in itertools.product((-1e-9, 1e-9), repeat=2)
        }
        assert tuple(shown[y, x]) in pixels
        moved += 1
    assert moved > 900


CASES: list[dict[str, Any]] = [
    {},
    {"noise_sd": 0.5, "accepted": 0.7},
    {"rings": 2, "doublings": 2, "noise_sd": 0.2, "seed": 3, "accepted": 0.75},
]


@pytest.mark.parametrize("settings", CASES, ids=str)
def test_acceptance_photograph_by_photograph(settings: dict[str, Any]) -> None:
    """With the same noise and the same orders: exactly."""
    draws, windows = 12, [1, 4, 16, 64, 256]
    given = {"noise_sd": 0.3, "accepted": 0.95, "rings": 3, "doublings": 3, "seed": 0} | settings
    level, rings, sectors = given["accepted"], int(given["rings"]), 2 ** int(given["doublings"])
    noise = by_loops.noise_pictures(3 * draws, int(given["seed"]))
    grey, sd = by_loops.blue(), given["noise_sd"]
    pictures = [by_loops.sampled(grey + sd * one) for one in noise]

    def maps(those: list[Floats]) -> Floats:
        return np.array([by_loops.matched(one, by_loops.template()) for one in those])

    fresh = pictures[2 * draws :]
    shown = {"true": maps(fresh)}
    for kind in SCRAMBLES:
        orders = reference.orders(rings, sectors, kind, draws, int(given["seed"]))
        wrong = [
            reference.pasted(picture, order, rings, sectors)
            for picture, order in zip(fresh, orders, strict=True)
        ]
        shown[kind] = maps(wrong)
    learnt, tuning = maps(pictures[:draws]), maps(pictures[draws : 2 * draws])
    ours = acceptance(windows, draws=draws, **settings)
    for i, window in enumerate(windows):
        mean = reference.pooled_petals(learnt, window).mean(axis=0)

        def away(those: Floats, window: int = window, mean: Floats = mean) -> Floats:
            pooled = reference.pooled_petals(those, window)
            return np.asarray(((pooled - mean) ** 2).sum(axis=(1, 2)))

        limit = np.quantile(away(tuning), level, method="weibull")
        rates = {name: (away(those) <= limit).mean() for name, those in shown.items()}
        assert ours.true.value[i] == rates["true"]
        assert ours.scrambled.value[:, i].tolist() == [rates[kind] for kind in SCRAMBLES]


def test_intervals_are_wilsons() -> None:
    """Of as many photographs as are drawn unless told otherwise."""
    found = acceptance()
    assert (found.scrambled.value.shape, found.true.value.shape) == ((2, 8), (8,))
    for value, low, high in np.column_stack([end.ravel() for end in found.scrambled]):
        wilson = stats.binomtest(round(value * 100), 100).proportion_ci(0.95, method="wilson")
        assert_allclose((low, high), wilson, atol=1e-12)


def test_what_is_kept_is_the_same_whatever_else_is_asked_for() -> None:
    few = acceptance([64, 4], ["anywhere"], draws=9, seed=8)
    every = acceptance(draws=9, seed=8)
    assert few.scrambled.value[0].tolist() == every.scrambled.value[1, [6, 2]].tolist()
    assert few.true.value.tolist() == every.true.value[[6, 2]].tolist()
    for other in ({"noise_sd": 0.5}, {"rings": 1}, {"doublings": 1}):
        settings: dict[str, Any] = {"draws": 9, "seed": 8} | other
        assert acceptance(**settings).scrambled.value.tolist() != every.scrambled.value.tolist()


def test_where_the_ranges_end() -> None:
    """What is beyond them is refused: tests/test_arguments.py."""
    tiles = {"rings": (1, 4), "doublings": (0, 5)}
    assert ends(orders) == tiles | {"draws": (1, 500)}
    assert ends(scrambled) == ends(scrambled_photo) == tiles
    measured = {"noise_sd": (0, math.inf), "accepted": (0, 1), "repeats": (1, 100)}
    assert ends(acceptance) == tiles | measured | {"draws": (2, 125)}
    assert acceptance([256], draws=2, rings=4, doublings=5).true.value.shape == (1,)


def test_in_one_piece_nothing_is_scrambled() -> None:
    whole = acceptance([1, 256], draws=40, rings=1, doublings=0)
    assert_allclose(whole.scrambled.value, 0.95, atol=0.2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scrambled(flower.unrolled(), np.arange(23)), "tiles must be of 24 tiles, .*23"),
        (lambda: scrambled(flower.petal_map(), np.arange(24)), "tiles must be of 24 tiles"),
        (lambda: scrambled_photo(np.arange(23)), r"tiles must be one order of 24 tiles; got \(23"),
        (lambda: scrambled_photo(orders()), r"tiles must be one order of 24 tiles; got \(1, 24\)"),
        (lambda: acceptance([3]), "windows must be one of 1, 2, .* got 3"),
        (lambda: acceptance([1], ["permuted"]), "scrambles must be one of around, anywhere; got"),
        (lambda: acceptance([1], repeats=5), "repeats must be 1, or at least 6: .* got 5"),
    ],
)
def test_what_is_not_allowed_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
