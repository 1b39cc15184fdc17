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
from skimage.measure import block_reduce

from explainers import flower
from explainers.checks import Floats
from explainers.mirages.dahlia import (
    SCRAMBLES,
    WINDOWS,
    acceptance,
    orders,
    scrambled,
    scrambled_photo,
)
from tests.flower import dahlia_again as again


def cut_again(picture: Floats, order: list[int], rings: int, sectors: int) -> Floats:
    """Cut tiles out, one by one, and paste them."""
    height, width = 72 // rings, 256 // sectors
    corners = [(height * i, width * j) for i in range(rings) for j in range(sectors)]
    pasted = np.empty_like(picture)
    for (top, left), tile in zip(corners, order, strict=True):
        up, over = corners[tile]
        pasted[top : top + height, left : left + width] = picture[
            up : up + height, over : over + width
        ]
    return pasted


def orders_again(rings: int, sectors: int, scramble: str, draws: int, seed: int) -> list[list[int]]:
    """Sort the tiles by lot, with the same lots: each ring's own, or all of them."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    tiles = range(rings * sectors)
    found = []
    for lots in rng.random((draws, rings * sectors)).tolist():
        alone = [
            (tile // sectors if scramble == "around" else 0, lots[tile], tile) for tile in tiles
        ]
        found.append([tile for _, _, tile in sorted(alone)])
    return found


@pytest.mark.parametrize(("rings", "doublings"), [(1, 0), (3, 3), (4, 5), (2, 1), (1, 4)])
@pytest.mark.parametrize("scramble", SCRAMBLES)
def test_orders_are_permutations(rings: int, doublings: int, scramble: str) -> None:
    sectors = 2**doublings
    found = orders(rings, doublings, scramble, 300)
    assert found.shape == (300, rings * sectors)
    assert (np.sort(found) == np.arange(rings * sectors)).all()
    assert found.tolist() == orders_again(rings, sectors, scramble, 300, 0)
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
    pictures = again.sampled(again.blue()) + np.arange(3)[:, None, None]
    ours = scrambled(pictures, tiles, rings, doublings)
    for picture, order, mine in zip(pictures, tiles, ours, strict=True):
        assert (mine == cut_again(picture, order.tolist(), rings, 2**doublings)).all()
    assert (scrambled(pictures[0], tiles[0], rings, doublings) == ours[0]).all()


def test_the_scrambled_photograph_pixel_by_pixel() -> None:
    photo = sklearn.datasets.load_sample_image("flower.jpg")
    order = np.random.default_rng(2).permutation(24)
    shown = scrambled_photo(order, 3, 3)
    assert (scrambled_photo(np.arange(24)) == photo[38:406, 122:490]).all()
    rng = np.random.default_rng(0)
    moved = 0
    for y, x in rng.integers(0, 368, (3000, 2)).tolist():
        z = complex(x + 122 - 306, y + 38 - 222)
        row = math.log(abs(z) / 24) / again.STEP if z else -1.0
        column = math.atan2(z.imag, z.real) % math.tau / again.STEP
        if not 0 <= row < 72:
            assert (shown[y, x] == photo[y + 38, x + 122]).all()
            continue
        tile = order[int(row // 24) * 8 + int(column // 32)]
        row, column = tile // 8 * 24 + row % 24, tile % 8 * 32 + column % 32
        at = 222j + 306 + 24 * math.e ** (again.STEP * (row + 1j * column))
        pixels = {
            tuple(photo[round(at.imag + e), round(at.real + f)])
            for e, f in itertools.product((-1e-9, 1e-9), repeat=2)
        }
        assert tuple(shown[y, x]) in pixels
        moved += 1
    assert moved > 900


def pooled_again(maps: Floats, window: int, method: str) -> Floats:
    """Pool side by side; what the last windows lack is not counted."""
    rows, columns = (min(window, side) for side in maps.shape[-2:])
    summary = np.nanmax if method == "max" else np.nanmean
    return np.array([block_reduce(one, (rows, columns), summary, cval=np.nan) for one in maps])


CASES: list[tuple[str, dict[str, Any]]] = [
    ("max", {}),
    ("mean", {"noise_sd": 0.5, "accepted": 0.7}),
    ("max", {"rings": 2, "doublings": 2, "noise_sd": 0.2, "seed": 3, "accepted": 0.75}),
]


@pytest.mark.parametrize(("method", "settings"), CASES, ids=str)
def test_acceptance_again(method: str, settings: dict[str, Any]) -> None:
    """With the same noise and the same orders: exactly."""
    draws = 12
    given = {"noise_sd": 0.3, "accepted": 0.95, "rings": 3, "doublings": 3, "seed": 0} | settings
    sd, level, rings, doublings, seed = given.values()
    noise = again.noise_pictures(3 * draws, int(seed))
    pictures = np.array([again.sampled(again.blue() + sd * one) for one in noise])
    learnt, tuned, fresh = pictures.reshape(3, draws, 72, 256)
    shown = {"true": fresh}
    for kind in SCRAMBLES:
        tiles = orders_again(int(rings), 2 ** int(doublings), kind, draws, int(seed))
        shown[kind] = np.array(
            [
                cut_again(picture, order, int(rings), 2 ** int(doublings))
                for picture, order in zip(fresh, tiles, strict=True)
            ]
        )
    windows = [1, 4, 16, 64, 256]
    ours = acceptance(windows, method=method, draws=draws, **settings)

    def maps(those: Floats) -> Floats:
        return np.array([again.matched(one, again.template()) for one in those])

    all_maps = {name: maps(those) for name, those in shown.items()}
    learnt, tuned = maps(learnt), maps(tuned)
    for i, window in enumerate(windows):
        mean = pooled_again(learnt, window, method).mean(axis=0)

        def away(those: Floats, window: int = window, mean: Floats = mean) -> Floats:
            return np.asarray(((pooled_again(those, window, method) - mean) ** 2).sum(axis=(1, 2)))

        limit = np.quantile(away(tuned), level, method="weibull")
        rates = {name: (away(those) <= limit).mean() for name, those in all_maps.items()}
        assert ours.true.value[i] == rates["true"]
        assert ours.scrambled.value[:, i].tolist() == [rates[kind] for kind in SCRAMBLES]


def test_what_is_kept_is_the_same_whatever_else_is_asked_for() -> None:
    few = acceptance([64, 4], ["anywhere"], draws=9, seed=8)
    every = acceptance(draws=9, seed=8)
    assert few.scrambled.value[0].tolist() == every.scrambled.value[1, [6, 2]].tolist()
    assert few.true.value.tolist() == every.true.value[[6, 2]].tolist()
    for other in ({"noise_sd": 0.5}, {"method": "mean"}, {"rings": 1}, {"doublings": 1}):
        settings: dict[str, Any] = {"draws": 9, "seed": 8} | other
        assert acceptance(**settings).scrambled.value.tolist() != every.scrambled.value.tolist()


def test_defaults_are_as_documented() -> None:
    told = acceptance(
        (1, 2, 4, 8, 16, 32, 64, 256), ("around", "anywhere"), method="max", rings=3, doublings=3,
        noise_sd=0.3, accepted=0.95, draws=100, seed=0,
    )  # fmt: skip
    assert np.array_equal(told.scrambled, acceptance().scrambled)
    assert told.scrambled.value.shape == (2, 8)
    assert_allclose(told.true.value, 0.95, atol=0.1)
    assert (told.scrambled.low <= told.scrambled.value).all()
    assert (orders(3, 3, "anywhere", 1, 0) == orders()).all()
    assert (scrambled_photo(orders()[0]) == scrambled_photo(orders()[0], 3, 3)).all()
    assert WINDOWS[-1] == 256


UNKNOWN: Any = "two"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: orders(0), r"rings must be a whole number in \[1, 4\]; got 0"),
        (lambda: orders(5), "rings must be .* got 5"),
        (lambda: orders(3, -1), r"doublings must be a whole number in \[0, 5\]; got -1"),
        (lambda: orders(3, 6), "doublings must be .* got 6"),
        (lambda: orders(scramble="inside"), "scramble must be one of 'around', 'anywhere'; got"),
        (lambda: orders(draws=0), r"draws must be a whole number in \[1, 500\]; got 0"),
        (lambda: orders(draws=501), "draws must be .* got 501"),
        (lambda: orders(seed=-1), "seed must be a whole number ≥ 0; got -1"),
        (lambda: scrambled(flower.unrolled(), np.arange(23)), "tiles must be of 24 tiles, .*23"),
        (lambda: scrambled(flower.petal_map(), np.arange(24)), "tiles must be of 24 tiles"),
        (lambda: scrambled_photo(np.arange(23)), r"tiles must be one order of 24 tiles; got \(23"),
        (lambda: scrambled_photo(orders()), r"tiles must be one order of 24 tiles; got \(1, 24\)"),
        (lambda: acceptance([3]), "windows must be one of 1, 2, .* got 3"),
        (lambda: acceptance([0]), "windows must be a whole number ≥ 1; got 0"),
        (lambda: acceptance([1], ["permuted"]), "scrambles must be one of"),
        (lambda: acceptance([1], method="min"), "method must be one of 'max', 'mean'; got 'min'"),
        (lambda: acceptance([1], rings=5), "rings must be .* got 5"),
        (lambda: acceptance([1], doublings=6), "doublings must be .* got 6"),
        (lambda: acceptance([1], noise_sd=-1), "noise_sd must be a finite number ≥ 0; got -1"),
        (lambda: acceptance([1], accepted=1), "accepted must be one number above 0 and below 1"),
        (lambda: acceptance([1], draws=1), r"draws must be a whole number in \[2, 125\]; got 1"),
        (lambda: acceptance([1], draws=126), "draws must be .* got 126"),
        (lambda: acceptance([1], draws=UNKNOWN), "draws must be .* got 'two'"),
        (lambda: acceptance([1], seed=-1), "seed must be a whole number ≥ 0; got -1"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as error:
        call()
    assert "\n" not in str(error.value)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert acceptance([256], draws=2, rings=4, doublings=5).true.value.shape == (1,)
    assert orders(4, 5, draws=500).shape == (500, 128)
    # in one piece, nothing is scrambled
    whole = acceptance([1, 256], draws=40, rings=1, doublings=0)
    assert_allclose(whole.scrambled.value, 0.95, atol=0.2)
