"""The detectors once more: other random numbers, loops over draws, pooling by scikit-image."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage, stats
from skimage.measure import block_reduce

from explainers.checks import Floats
from explainers.mirages.measured import (
    DETECTORS,
    METHODS,
    SCRAMBLES,
    SIZE,
    WINDOWS,
    acceptance,
    before_or_after,
    pairs_told_apart,
    pooled,
)

Pool = Callable[[Floats], Floats]


def pool_again(stride: int, method: str = "max", *, overlap: bool = False) -> Pool:
    """Pool by scikit-image, or, with overlap, by SciPy's filter at the windows' centres."""
    if not overlap or stride in (1, 32):
        summary = np.max if method == "max" else np.mean
        return lambda maps: np.asarray(block_reduce(maps, (1, 1, stride, stride), summary))
    kernel, padding = {2: (3, 1), 4: (6, 1), 8: (12, 2), 16: (24, 4)}[stride]
    first = kernel // 2 - padding

    def pool(maps: Floats) -> Floats:
        size = (1, 1, kernel, kernel)
        if method == "max":
            dense = ndimage.maximum_filter(maps, size, mode="constant", cval=-np.inf)
        else:
            dense = ndimage.uniform_filter(maps, size, mode="constant")
        return np.asarray(dense[..., first::stride, first::stride])

    return pool


@pytest.mark.parametrize("overlap", [False, True])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("stride", WINDOWS)
def test_pooled_by_other_libraries(stride: int, method: str, overlap: bool) -> None:
    maps = np.random.default_rng(stride).random((2, 3, 32, 32))
    ours = pooled(maps, stride, method=method, overlap=overlap)  # type: ignore[arg-type]
    assert ours.shape == (2, 3, 32 // stride, 32 // stride)
    assert_allclose(ours, pool_again(stride, method, overlap=overlap)(maps), atol=1e-12)


class Garden:
    """Flowers one by one, and a detector trained on them."""

    def __init__(
        self, *, directed: bool = True, petals: int = 8, radius: int = 10, jitter: int = 1,
        noise_sd: float = 0.1, accepted: float = 0.95, draws: int = 500,
    ) -> None:  # fmt: skip
        self.rng = np.random.default_rng(20_000)
        self.directed, self.petals, self.radius = directed, petals, radius
        self.jitter, self.noise_sd, self.accepted = jitter, noise_sd, accepted
        self.draws = draws

    def off(self) -> tuple[int, int]:
        steps = list(range(-self.jitter, self.jitter + 1))
        return int(self.rng.choice(steps)), int(self.rng.choice(steps))

    def true(self) -> list[tuple[int, int]]:
        turns = [math.tau * i / self.petals for i in range(self.petals)]
        ring = [(round(self.radius * math.sin(t)), round(self.radius * math.cos(t))) for t in turns]
        all_down, all_right = self.off()
        placed = []
        for down, right in [(0, 0), *ring]:
            own_down, own_right = self.off()
            placed.append((16 + down + all_down + own_down, 16 + right + all_right + own_right))
        return placed

    def scrambled(self, kind: str, stride: int) -> list[tuple[int, int]]:
        placed, rng = self.true(), self.rng
        if kind == "anywhere":
            return [(int(rng.integers(32)), int(rng.integers(32))) for _ in placed]
        if kind == "inside":
            corners = [(r - r % stride, c - c % stride) for r, c in placed]
            return [
                (r + int(rng.integers(stride)), c + int(rng.integers(stride))) for r, c in corners
            ]
        ring = list(range(1, len(placed)))
        if kind == "swapped":
            a, b = (int(i) for i in rng.choice(ring, 2, replace=False))
            placed[a], placed[b] = placed[b], placed[a]
            return placed
        order = [int(i) for i in rng.permutation(ring)]
        after = dict(zip(order, [*order[1:], order[0]], strict=True))
        return [placed[0]] + [placed[after[i]] for i in ring]

    def moved(self) -> list[tuple[int, int]]:
        down, right = (int(d) for d in self.rng.integers(0, 32, 2))
        return [((r + down) % 32, (c + right) % 32) for r, c in self.true()]

    def maps(self, flowers: list[list[tuple[int, int]]], *, noisy: bool = True) -> Floats:
        maps = np.zeros((len(flowers), self.petals + 1 if self.directed else 2, 32, 32))
        for one, placed in zip(maps, flowers, strict=True):
            for i, (r, c) in enumerate(placed):
                one[i if self.directed else min(i, 1), r, c] = 1
        return maps + noisy * self.noise_sd * self.rng.standard_normal(maps.shape)

    def many(self, draw: Callable[[], list[tuple[int, int]]], *, noisy: bool = True) -> Floats:
        return self.maps([draw() for _ in range(self.draws)], noisy=noisy)

    def accepts(self, stride: int, pool: Pool) -> Callable[[Floats], float]:
        template = pool(self.many(self.true, noisy=False)).mean(axis=0)

        def score(maps: Floats) -> Floats:
            return np.asarray(np.einsum("dcij,cij->d", pool(maps), template))

        threshold = np.quantile(score(self.many(self.true)), 1 - self.accepted)
        return lambda maps: float((score(maps) >= threshold).mean())

    def rates(self, stride: int, kinds: list[str], pool: Pool) -> list[float]:
        accept = self.accepts(stride, pool)
        return [accept(self.many(self.true))] + [
            accept(self.many(lambda kind=kind: self.scrambled(kind, stride)))  # type: ignore[misc]
            for kind in kinds
        ]


CASES: list[tuple[int, str, bool, dict[str, Any]]] = [
    (1, "max", False, {"noise_sd": 0.3}),
    (4, "max", False, {}),
    (16, "max", False, {"noise_sd": 0.3}),
    (32, "max", False, {}),
    (4, "mean", False, {"directed": False}),
    (16, "max", False, {"directed": False}),
    (8, "max", True, {"directed": False}),
    (8, "mean", True, {}),
    (2, "max", False, {"jitter": 0, "noise_sd": 0.4, "accepted": 0.8}),
    (8, "max", False, {"jitter": 2, "petals": 5, "radius": 7, "directed": False}),
    (1, "max", False, {"jitter": 2, "noise_sd": 0.2, "accepted": 0.6}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("stride", "method", "overlap", "settings"), CASES, ids=str)
def test_acceptance_again(
    stride: int, method: str, overlap: bool, settings: dict[str, Any]
) -> None:
    """Five standard errors, of both simulations and of both thresholds."""
    ours = acceptance([stride], method=method, overlap=overlap, draws=1500, **settings)
    garden = Garden(**settings)
    again = garden.rates(stride, list(SCRAMBLES), pool_again(stride, method, overlap=overlap))
    found = np.concatenate([ours.true.value, ours.scrambled.value[:, 0]])
    error = np.sqrt(2 * (np.array(again) * (1 - np.array(again)) + 0.01) * (1 / 1500 + 1 / 500))
    assert (np.abs(found - again) < 5 * error + 0.01).all(), (found, again)


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


def test_intervals_are_wilsons() -> None:
    found = acceptance([4, 16], ["swapped", "anywhere"], draws=300, noise_sd=0.3)
    for shares in found:
        for value, low, high in zip(*(x.ravel() for x in shares), strict=True):
            wilson = stats.binomtest(round(value * 300), 300).proportion_ci(0.95, method="wilson")
            assert_allclose((low, high), wilson, atol=1e-12)


def test_with_repeats_the_intervals_are_of_the_mean_over_thresholds() -> None:
    """Near Student's where the thresholds scatter, and Wilson's where nothing passes."""
    found = acceptance([1, 4], ["swapped", "anywhere"], draws=60, repeats=12, seed=5).scrambled
    again = np.array(
        [acceptance([1, 4], ["swapped", "anywhere"], draws=60, seed=s).scrambled.value
         for s in range(5, 17)]
    )  # fmt: skip
    assert_allclose(found.value, again.mean(axis=0))
    for at in ((0, 0), (0, 1)):
        sample = again[:, *at]
        low, high = stats.t(11, sample.mean(), stats.sem(sample)).interval(0.95)
        assert_allclose((found.low[at], found.high[at]), (low, high), atol=0.03)
    wilson = stats.t(11).ppf(0.975) ** 2 / 720
    assert_allclose(found.high[1, 1], wilson / (1 + wilson), atol=1e-4)
    assert found.value[1, 1] == found.low[1, 1] == 0


@pytest.mark.slow
def test_intervals_with_repeats_hold_what_other_seeds_find() -> None:
    many = acceptance([1], ["swapped"], draws=60, repeats=100, seed=5000).scrambled.value[0, 0]
    trials = [
        acceptance([1], ["swapped"], draws=60, repeats=6, seed=100 * s).scrambled for s in range(20)
    ]
    held = [bool(t.low[0, 0] <= many <= t.high[0, 0]) for t in trials]
    assert sum(held) >= 16


def test_what_else_is_asked_changes_nothing() -> None:
    many = acceptance(draws=30, seed=4).scrambled.value
    for row, kind in enumerate(SCRAMBLES):
        for column, window in enumerate(WINDOWS):
            [[one]] = acceptance([window], [kind], draws=30, seed=4).scrambled.value
            assert one == many[row, column]
    looked = before_or_after(draws=30, seed=4).value
    assert looked[0, 2:].tolist() == many[[1, 3], 0].tolist()
    assert looked[1, 2:].tolist() == many[[1, 3], -1].tolist()


def test_defaults_are_as_documented() -> None:
    told = acceptance(
        (1, 2, 4, 8, 16, 32), ("inside", "swapped", "permuted", "anywhere"), directed=True,
        method="max", overlap=False, petals=8, radius=10, jitter=1, noise_sd=0.1, accepted=0.95,
        draws=400, repeats=1, seed=0,
    )  # fmt: skip
    assert all(
        np.array_equal(a, b) for a, b in zip(told.scrambled, acceptance().scrambled, strict=True)
    )
    assert told.scrambled.value.shape == (4, 6)
    again = before_or_after(
        petals=8,
        radius=10,
        jitter=1,
        noise_sd=0.1,
        accepted=0.95,
        reach=32,
        draws=400,
        repeats=1,
        seed=0,
    )
    assert np.array_equal(again, before_or_after())
    assert not np.array_equal(acceptance(seed=1).scrambled.value, told.scrambled.value)
    assert (SIZE, len(DETECTORS)) == (32, 3)


@pytest.mark.slow
@pytest.mark.parametrize("settings", [{"noise_sd": 0.2}, {"jitter": 2, "accepted": 0.8}])
def test_before_or_after_again(settings: dict[str, Any]) -> None:
    """The match at every place by rolling the maps, one element of the template at a time."""
    garden = Garden(draws=300, **settings)
    template = garden.many(garden.true, noisy=False).mean(axis=0)

    def best(maps: Floats) -> Floats:
        matches = np.zeros((len(maps), 32, 32))
        for c, r, k in np.argwhere(template):
            matches += template[c, r, k] * np.roll(maps[:, c], (-r, -k), (1, 2))
        return np.asarray(matches.max(axis=(1, 2)))

    threshold = np.quantile(best(garden.many(garden.true)), 1 - garden.accepted)
    accepts: list[Callable[[Floats], float]] = [
        garden.accepts(1, pool_again(1)),
        garden.accepts(32, pool_again(32)),
        lambda maps: float((best(maps) >= threshold).mean()),
    ]
    shown = [
        garden.many(garden.true),
        garden.many(garden.moved),
        garden.many(lambda: garden.scrambled("swapped", 1)),
        garden.many(lambda: garden.scrambled("anywhere", 1)),
    ]
    again = np.array([[accept(maps) for maps in shown] for accept in accepts])
    ours = before_or_after(draws=1000, **settings).value
    error = np.sqrt(2 * (again * (1 - again) + 0.01) * (1 / 1000 + 1 / 300))
    assert (np.abs(ours - again) < 5 * error + 0.01).all(), (ours, again)


# Two like parts


def pairs_again(kernel: int, stride: int, periods: int) -> dict[int, tuple[float, float]]:
    """By sets of windows, on a flat map so large that its middle knows no border."""
    size = periods * stride
    begins = range(-kernel + 1, size)

    def held(r: int, c: int) -> frozenset[tuple[int, int]]:
        rows, columns = ([b for b in begins if b % stride == 0 and b <= x < b + kernel]
                         for x in (r, c))  # fmt: skip
        return frozenset(itertools.product(rows, columns))

    codes = {place: held(*place) for place in itertools.product(range(size), repeat=2)}
    count: dict[frozenset[tuple[int, int]], int] = {}
    for a, b in itertools.combinations(codes, 2):
        pattern = codes[a] | codes[b]
        count[pattern] = count.get(pattern, 0) + 1
    start = size // 2 // stride * stride
    found: dict[int, list[int]] = {}
    for a in itertools.product(range(start, start + stride), repeat=2):
        for b in codes:
            distance = max(abs(a[0] - b[0]), abs(a[1] - b[1]))
            if 0 < distance <= 3 * stride:
                found.setdefault(distance, []).append(count[codes[a] | codes[b]])
    return {
        d: (float(np.mean(np.array(n) == 1)), float(np.mean(n))) for d, n in sorted(found.items())
    }


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (4, 2), (5, 2), (1, 1), (2, 1)])
def test_pairs_told_apart_by_sets(kernel: int, stride: int) -> None:
    ours, again = pairs_told_apart(kernel, stride), pairs_again(kernel, stride, periods=11)
    assert ours.distance.tolist() == list(again)
    assert_allclose(np.transpose([ours.told, ours.sharing]), list(again.values()), atol=1e-12)


# What is imported, and what is refused


def test_importing_draws_nothing() -> None:
    code = (
        "import explainers.mirages.measured, explainers.mirages.dahlia, sys;"
        "sys.exit(bool({'matplotlib', 'PIL', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


UNKNOWN: Any = "yes"
MAPS: Any = np.zeros((1, 32, 32))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pooled(MAPS, 3), "stride must be one of 1, 2, 4, 8, 16, 32; got 3"),
        (lambda: pooled(MAPS, 0), "stride must be a whole number ≥ 1; got 0"),
        (lambda: pooled(MAPS, 2, method="min"), "method must be one of 'max', 'mean'; got 'min'"),
        (lambda: pooled(MAPS, 2, overlap=UNKNOWN), "overlap must be True or False; got 'yes'"),
        (lambda: acceptance([5]), "windows must be one of 1, .* got 5"),
        (lambda: acceptance([1], ["turned"]), "scrambles must be one of 'inside', .* got 'turned'"),
        (lambda: acceptance([1], directed=UNKNOWN), "directed must be True or False"),
        (lambda: acceptance([1], petals=1), "petals must be a whole number ≥ 2; got 1"),
        (lambda: acceptance([1], radius=16), r"radius must be .*\[1, 15\]; got 16"),
        (lambda: acceptance([1], jitter=-1), r"jitter must be a whole number in \[0, 2\]; got -1"),
        (lambda: acceptance([1], jitter=3), r"jitter must be .*\[0, 2\]; got 3"),
        (lambda: acceptance([1], radius=3, jitter=5), r"jitter must be .*\[0, 4\]; got 5"),
        (lambda: acceptance([1], noise_sd=-0.1), "noise_sd must be a finite number ≥ 0; got -0.1"),
        (lambda: acceptance([1], accepted=0), "accepted must be one number above 0 and below 1"),
        (lambda: acceptance([1], accepted=1), "accepted must be .* got 1"),
        (lambda: acceptance([1], accepted=[0.5, 0.6]), "accepted must be one number"),  # type: ignore[arg-type]
        (lambda: acceptance([1], draws=1), r"draws must be a whole number in \[2, 5000\]; got 1"),
        (lambda: acceptance([1], draws=5001), "draws must be .* got 5001"),
        (lambda: acceptance([1], repeats=5), "repeats must be 1, or at least 6: .* got 5"),
        (lambda: acceptance([1], repeats=101), r"repeats must be .*\[1, 100\]; got 101"),
        (lambda: before_or_after(reach=33), r"reach must be .*\[1, 32\]; got 33"),
        (lambda: acceptance([1], seed=-1), "seed must be a whole number ≥ 0; got -1"),
        (lambda: before_or_after(draws=1), "draws must be .* got 1"),
        (lambda: before_or_after(accepted=2), "accepted must be .* got 2"),
        (lambda: pairs_told_apart(2, 5), r"stride must be a whole number in \[1, 4\]; got 5"),
        (lambda: pairs_told_apart(2, 0), "stride must be .* got 0"),
        (lambda: pairs_told_apart(1, 2), r"kernel_size must be .*\[2, 6\]; got 1"),
        (lambda: pairs_told_apart(7, 2), "kernel_size must be .* got 7"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as error:
        call()
    assert "\n" not in str(error.value)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    assert acceptance([1], draws=2, jitter=2, petals=2).true.value.shape == (1,)
    assert acceptance([32], draws=10, radius=15, jitter=0).scrambled.value.shape == (4, 1)
    assert pairs_told_apart(12, 4).distance[-1] == 12
