"""What is tried: by laws where there are some, by other chapters' measures, by plain loops."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from explainers.alternatives import measured, model
from explainers.alternatives.aggregates import aggregate
from explainers.alternatives.pools import BINOMIAL, POOLS, pool
from explainers.discarded.measured import decode_position
from explainers.intervals import Interval
from explainers.invariance import measured as invariance
from explainers.invariance import model as laws
from explainers.laws import lone_peak_unchanged
from explainers.maps import busy_maps, smooth_maps


def holds(found: Interval[float], expected: float, widths: float = 1) -> bool:
    """Within so many widths of the interval; a share's is not even about it."""
    below, above = found.value - found.low, found.high - found.value
    return found.value - widths * below <= expected <= found.value + widths * above


# Hit rates

CASES = [(4, 1, 0.0), (16, 4, 0.5), (5, 5, 0.3), (49, 7, 0.0)]


@pytest.mark.parametrize(("units", "seen", "correlation"), CASES)
def test_hit_rates_where_there_is_a_law(units: int, seen: int, correlation: float) -> None:
    ranks = {"max": 1, "min": units} | ({"median": (units + 1) // 2} if units % 2 else {})
    case: dict[str, Any] = {"false_alarm": 0.1, "d_prime": 1.5}
    for name in ("max", "min", "mean", "every second value", *ranks):
        law = (
            model.fixed_hit_rate(units, seen, **case)
            if name == "every second value"
            else model.mean_hit_rate(units, seen, **case, correlation=correlation)
            if name == "mean"
            else model.ranked_hit_rate(ranks[name], units, seen, **case, correlation=correlation)
        )
        found = measured.hit_rate(name, units, seen, **case, correlation=correlation, seed=11)
        assert holds(found, law, 2), (name, found, law)
        assert found.high - found.low < 0.04


def test_intervals_hold_the_law_as_often_as_they_say() -> None:
    law = model.max_hit_rate(4, 2)
    found = [measured.hit_rate("max", 4, 2, trials=1000, seed=seed) for seed in range(200)]
    inside = sum(holds(each, law) for each in found)
    assert stats.binomtest(inside, 200, 0.95).pvalue > 0.001
    errors = np.array([each.value - law for each in found])
    width = np.mean([each.high - each.low for each in found]) / 2 / 1.96
    assert_allclose(errors.std(), width, rtol=0.2)
    # the threshold's own error is in them
    assert width > 1.2 * math.sqrt(law * (1 - law) / 1000)


def test_a_rate_of_all_has_an_interval_too() -> None:
    found = measured.hit_rate("mean", 16, 16, d_prime=10, trials=1000)
    assert found.value == found.high == 1
    assert_allclose(found.low, stats.binomtest(1000, 1000).proportion_ci(method="wilson").low)


@pytest.mark.parametrize("name", measured.RECTIFIED)
def test_what_needs_it_is_given_rectified_units(name: str) -> None:
    """By hand, on windows of its own; a plain threshold and a plain share."""
    rng, trials = np.random.default_rng(77), 40_000
    values = rng.standard_normal((2, trials, 9)) * math.sqrt(0.7)
    values += rng.standard_normal((2, trials, 1)) * math.sqrt(0.3)
    values[1, :, :3] += 1.8
    one = aggregate(name, p=2, seed=5).pool
    without, scene = one(np.maximum(values, 0))
    expected = float((scene > np.quantile(without, 0.9)).mean())
    found = measured.hit_rate(
        name, 9, 3, false_alarm=0.1, d_prime=1.8, correlation=0.3, p=2, trials=40_000, seed=5
    )
    assert abs(found.value - expected) < 3 * (found.high - found.low) / 2


def test_settings_are_passed_on() -> None:
    case: dict[str, Any] = {"trials": 5000, "correlation": 0.4}
    largest, average = (measured.hit_rate(name, 9, 2, **case) for name in ("max", "mean"))
    assert measured.hit_rate("softmax-weighted", 9, 2, temperature=0, **case) == largest
    assert measured.hit_rate("mixed", 9, 2, share=1, **case) == largest
    assert_allclose(measured.hit_rate("mixed", 9, 2, share=0, **case), average, rtol=1e-12)
    high = measured.hit_rate("generalised mean", 9, 2, p=1000, **case)
    assert_allclose(high, largest, atol=0.01)


def test_best_rule_of_max_and_mean_beats_both_where_they_tell_of_one_another() -> None:
    """Shared noise is taken off by the mean: the fewer see the feature, the more."""
    for correlation, sign in ((0.5, -1), (0.0, 1)):
        found = measured.concatenated_hit_rate(16, 4, correlation=correlation)
        assert np.sign(found.mean_weight) == sign
        assert_allclose(found.max_weight**2 + found.mean_weight**2, 1)
        for law in (model.max_hit_rate, model.mean_hit_rate):
            assert found.hit.low > law(16, 4, correlation=correlation) + 0.05
    every = measured.concatenated_hit_rate(16, 16, correlation=0.5)
    assert abs(every.mean_weight) > 0.99  # of all, the mean is the best test there is
    assert holds(every.hit, model.mean_hit_rate(16, 16, correlation=0.5), 2)


def test_best_rule_by_another_search() -> None:
    """By shares of max and mean as they are, on windows of its own."""
    rng = np.random.default_rng(5)
    values = rng.standard_normal((2, 30_000, 9)) + rng.standard_normal((2, 30_000, 1))
    values /= math.sqrt(2)
    values[1, :, :2] += 2
    largest, average = values.max(axis=2), values.mean(axis=2)
    rates = []
    for weight in np.linspace(-2, 2, 81):
        noise, scene = largest + weight * average
        rates.append((scene > np.quantile(noise, 0.95)).mean())
    found = measured.concatenated_hit_rate(9, 2, correlation=0.5)
    assert abs(found.hit.value - max(rates)) < 0.03


# The best test


@pytest.mark.parametrize("correlation", [0.0, 0.4])
@pytest.mark.parametrize("seen", [1, 2, 4])
def test_best_test_by_the_likelihoods_of_all_sets(seen: int, correlation: float) -> None:
    covariance = np.full((4, 4), correlation)
    np.fill_diagonal(covariance, 1)
    rng = np.random.default_rng(3)
    noise, scene = rng.multivariate_normal(np.zeros(4), covariance, (2, 40_000))
    scene[:, :seen] += 1.5

    def ratio(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Any:
        density = [
            stats.multivariate_normal(1.5 * np.isin(np.arange(4), some), covariance).pdf(values)
            for some in itertools.combinations(range(4), seen)
        ]
        return np.sum(density, axis=0) / stats.multivariate_normal(None, covariance).pdf(values)

    expected = float((ratio(scene) > np.quantile(ratio(noise), 0.9)).mean())
    found = measured.best_hit_rate(
        4, seen, false_alarm=0.1, d_prime=1.5, correlation=correlation, trials=40_000
    )
    assert abs(found.value - expected) < 3 * (found.high - found.low) / 2


def test_best_test_where_it_is_a_pool() -> None:
    case: dict[str, Any] = {"d_prime": 1.5, "trials": 4000}
    one = measured.best_hit_rate(9, 1, **case)
    assert_allclose(one, measured.hit_rate("log-sum-exp", 9, 1, temperature=1 / 1.5, **case))
    for correlation in (0.0, 0.5):
        every = measured.best_hit_rate(9, 9, correlation=correlation, **case)
        mean = measured.hit_rate("mean", 9, 9, correlation=correlation, **case)
        assert_allclose(every, mean, atol=1e-9)


@pytest.mark.parametrize(("seen", "correlation"), [(1, 0.0), (4, 0.0), (1, 0.5), (4, 0.5)])
def test_no_pool_is_better_than_the_best_test(seen: int, correlation: float) -> None:
    ceiling = measured.best_hit_rate(16, seen, correlation=correlation).high
    for name in ("max", "mean", "generalised mean", "log-sum-exp", "mixed", "median"):
        pooled = measured.hit_rate(name, 16, seen, correlation=correlation)
        assert pooled.low < ceiling
    assert measured.concatenated_hit_rate(16, seen, correlation=correlation).hit.low < ceiling


def test_products_of_some_of_a_row() -> None:
    logs = np.random.default_rng(0).standard_normal((3, 7))
    for degree in range(8):
        sums = [
            math.fsum(math.exp(math.fsum(some)) for some in itertools.combinations(row, degree))
            for row in logs.tolist()
        ]
        assert_allclose(measured._log_symmetric(logs, degree), np.log(sums), atol=1e-12)


# Overtaking


@pytest.mark.parametrize(
    ("family", "mean", "largest"),
    [("softmax-weighted", 1e9, 0.0), ("log-sum-exp", 1e9, 0.0), ("mixed", 0.0, 1.0)],
)
@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_ends_of_a_family_are_the_laws(
    family: str, mean: float, largest: float, correlation: float
) -> None:
    found = measured.frontier(
        family, 9, (1, 3, 9), (mean, largest), correlation=correlation, seed=2
    )
    assert found.hit.value.shape == (3, 2)
    for i, seen in enumerate((1, 3, 9)):
        for j, law in enumerate((model.mean_hit_rate, model.max_hit_rate)):
            one = Interval(*(float(end[i, j]) for end in found.hit))
            assert holds(one, law(9, seen, correlation=correlation), 2)


def test_frontier_is_made_of_hit_rates() -> None:
    case: dict[str, Any] = {"correlation": 0.2, "trials": 2000, "seed": 4, "d_prime": 1.5}
    found = measured.frontier("generalised mean", 9, (1, 4), (1.0, 2.0, 8.0), **case)
    for i, j in np.ndindex(2, 3):
        single = measured.hit_rate("generalised mean", 9, (1, 4)[i], p=(1, 2, 8)[j], **case)
        assert_allclose([end[i, j] for end in found.hit], single, rtol=1e-12)
    assert_array_equal(found.best, found.hit.value.argmax(axis=1))
    for i, best in enumerate(found.best):
        leader = found.hit.value[i, best]
        assert_allclose(found.behind.value[i], leader - found.hit.value[i], atol=1e-12)
        assert_allclose([end[i, best] for end in found.behind], 0, atol=1e-12)


def test_paired_intervals_of_the_frontier_by_repeating() -> None:
    """The difference of two neighbours, over many seeds, spreads as its interval says."""
    found = [
        measured.frontier("mixed", 9, (3,), (0.4, 1.0), trials=1000, seed=seed)
        for seed in range(150)
    ]
    gap = np.array([each.hit.value[0, 0] - each.hit.value[0, 1] for each in found])
    width = np.mean([(each.behind.high - each.behind.low).max() for each in found]) / 2 / 1.96
    assert_allclose(gap.std(), width, rtol=0.25)


def test_the_fewer_see_it_the_nearer_to_the_max() -> None:
    for family, settings in (
        ("generalised mean", measured.POWERS),
        ("softmax-weighted", [-t for t in measured.TEMPERATURES]),
        ("log-sum-exp", [-t for t in measured.TEMPERATURES]),
        ("mixed", measured.SHARES),
    ):
        found = measured.frontier(family, 16, (1, 4, 16), d_prime=1.5)
        assert_array_equal(np.abs(settings), found.settings)
        best = [settings[int(i)] for i in found.best]
        assert best[0] > best[1] > best[2], family


def test_what_the_frontier_refuses() -> None:
    with pytest.raises(ValueError, match=r"^seen must be a whole number in"):
        measured.frontier("mixed", 4, (5,))
    with pytest.raises(ValueError, match=r"^p must be a number in"):
        measured.frontier("generalised mean", 4, (1,), (0.5,))
    with pytest.raises(ValueError, match=r"^share must be a number in"):
        measured.frontier("mixed", 4, (1,), (1.5,))


# What stays


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 3), (3, 2), (4, 2)])
@pytest.mark.parametrize("move", [(0, 1), (1, 1), (0, 2), (-1, 0)])
def test_lone_peak_by_the_law(kernel: int, stride: int, move: tuple[int, int]) -> None:
    law = lone_peak_unchanged(kernel, *move, stride=stride)
    for name in ("max", "mean", "Lp", "softmax-weighted", "mixed", "stochastic test"):
        found = measured.lone_peak_stays(name, kernel, stride, dy=move[0], dx=move[1])
        assert found == law, name


@pytest.mark.parametrize("name", POOLS)
@pytest.mark.parametrize("move", [(0, 1), (1, 2)])
def test_lone_peak_by_loops(name: str, move: tuple[int, int]) -> None:
    """All places of a larger map, one by one."""
    one, stay = pool(name), 0
    for row, column in np.ndindex(8, 8):
        before, after = np.zeros((16, 16)), np.zeros((16, 16))
        before[row, column] = 1
        after[(row + move[0]) % 16, (column + move[1]) % 16] = 1
        stay += np.allclose(one(before), one(after), rtol=0, atol=1e-12)
    assert measured.lone_peak_stays(name, dy=move[0], dx=move[1]) == Fraction(stay, 64)


def test_lone_peak_behind_a_subsampling() -> None:
    """A peak in a row that is not looked at stays unseen; along others it comes and goes."""
    assert measured.lone_peak_stays("every second value", dx=1) == Fraction(1, 2)
    assert measured.lone_peak_stays("every second value", dy=1, dx=1) == Fraction(1, 2)
    assert measured.lone_peak_stays("every second value", 3, dx=1) == Fraction(7, 9)
    with pytest.raises(ValueError, match=r"^kernel_size must be smaller"):
        measured.lone_peak_stays("max", 20)


@pytest.mark.parametrize("dx", [1, 2, 3])
def test_busy_maps_by_the_law(dx: int) -> None:
    for name in ("max", "min"):
        found = measured.moved(name, 3, 1, dx=dx, maps=60, size=30)
        assert holds(found.stays, float(laws.busy_map_unchanged(3, dx=dx)), 2)
    for name in ("mean", "Lp", "blur", "softmax-weighted"):
        assert measured.moved(name, 2, dx=dx, maps=4).stays.value == 0


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("max", "max"),
        ("mean", "mean"),
        ("every second value", "subsample"),
        ("blurred max", "max blur"),
        ("blur", "blur"),
        ("max polyphase", "max polyphase"),
    ],
)
@pytest.mark.parametrize("move", [(0, 1), (1, 0), (1, 3)])
def test_moves_as_in_the_chapter_on_invariance(
    name: str, known: str, move: tuple[int, int]
) -> None:
    smooth = np.maximum(smooth_maps(12, 16, 1.5, seed=3), 0)
    operator = invariance.pooling(known, 2)
    found = measured.moved(name, dy=move[0], dx=move[1], length=1.5, maps=12, size=16, seed=3)
    assert_allclose(found.change, invariance.change(operator, smooth, *move), rtol=1e-9)
    error = invariance.equivariance_error(operator, smooth, *move)
    assert_allclose(found.equivariance, error, rtol=1e-9, atol=1e-12)
    busy = busy_maps(12, 16, seed=3)
    assert_allclose(found.stays, invariance.unchanged(operator, busy, *move), atol=1e-12)


def test_change_of_several_channels_and_of_draws() -> None:
    both, one = (measured.moved(name, maps=10, size=16) for name in ("concatenated", "max"))
    assert_allclose(both.stays.value, one.stays.value / 2)
    smooth = np.maximum(smooth_maps(10, 16, 2), 0)
    before, after = (pool("concatenated")(m) for m in (smooth, np.roll(smooth, 1, axis=2)))
    square = ((after - before) ** 2).mean()
    spread = np.mean([np.var([before[:, c], after[:, c]]) for c in range(2)])
    assert_allclose(both.change.value, math.sqrt(square / 2 / spread), rtol=1e-9)
    still = measured.moved("stochastic", dx=0, maps=10, size=16)
    assert 0.2 < still.stays.value < 0.5  # other draws: the same value by chance, 1/4 or more
    assert measured.moved("none", maps=4).equivariance.value == 0
    assert measured.moved("max", dx=2, maps=4).equivariance.value == 0
    for name in ("polyphase", "max polyphase"):
        assert measured.moved(name, maps=10).equivariance.value == 0


def test_a_map_that_is_the_same_everywhere_does_not_change() -> None:
    found = measured._relative(np.zeros(2), np.ones((2, 1, 2, 2)), np.ones((2, 1, 2, 2)))
    assert found == (0, 0, 0)


# Places


@pytest.mark.parametrize("width", [0.0, 1.5])
@pytest.mark.parametrize("name", ["max", "mean"])
def test_places_as_in_the_chapter_on_what_is_discarded(name: str, width: float) -> None:
    found = measured.place_error(name, width=width, rectified=False, seed=6)
    expected = decode_position(2, method=name, width=width, seed=6).error
    assert_allclose(found, expected, rtol=1e-7)


def test_places_of_a_subsampled_pixel_by_what_can_be_seen() -> None:
    """One place of four is seen; of the other three, the best guess is their mean."""
    others = np.array([[0, 1], [1, 0], [1, 1]])
    squares = ((others - others.mean(axis=0)) ** 2).mean(axis=1)
    expected = math.sqrt(math.fsum(squares) / 4)
    assert_allclose(measured.place_error("every second value", width=0).value, expected, rtol=0.02)


@pytest.mark.parametrize("name", ["generalised mean", "concatenated", "strided convolution"])
def test_places_by_other_least_squares(name: str) -> None:
    maps, true = measured._features(2, 1.5, 0.1, 300, 9)
    answers = pool(name, p=2)(np.maximum(maps, 0)).reshape(600, -1)
    augmented = np.column_stack([np.ones(600), answers])
    known, asked = augmented[:300], augmented[300:]
    weights = np.linalg.solve(known.T @ known, known.T @ true[:300])
    error = math.sqrt(((asked @ weights - true[300:]) ** 2).mean())
    found = measured.place_error(name, noise=0.1, p=2, samples=300, seed=9)
    assert_allclose(found.value, error, rtol=1e-6)
    assert found.low < error < found.high


def test_features_are_drawn_where_they_are_said_to_be() -> None:
    maps, true = measured._features(3, 1.2, 0, 100, 1)
    pixel = np.arange(15) + 0.5
    for plane, place in zip(maps[:5], true[:5], strict=True):
        assert_allclose((plane.sum(axis=1) @ pixel) / plane.sum(), place[0] + 6, atol=1e-3)
        assert_allclose((plane.sum(axis=0) @ pixel) / plane.sum(), place[1] + 6, atol=1e-3)
        assert 0.8 < plane.max() <= 1
    assert (true >= 0).all()
    assert (true < 3).all()


def test_a_convolution_that_overlaps_tells_places_apart_and_a_window_does_not() -> None:
    found = {name: measured.place_error(name, width=0).value for name in ("max", "blur")}
    assert found["blur"] < 0.1 < 0.45 < found["max"]
    assert BINOMIAL.min() > 0


@pytest.mark.parametrize("temperature", [0.0, 0.1, 1.0])
def test_soft_argmax_by_hand(temperature: float) -> None:
    maps, true = measured._features(2, 1.5, 0.02, 200, 3)
    errors = []
    for plane, place in zip(maps[200:], true[200:], strict=True):
        weights = (
            np.exp((plane - plane.max()) / temperature) if temperature else plane == plane.max()
        )
        for axis in range(2):
            read = (weights.sum(axis=1 - axis) @ (np.arange(10) + 0.5)) / weights.sum()
            errors.append(read - 4 - place[axis])
    found = measured.soft_argmax_error(temperature, samples=200, seed=3)
    assert_allclose(found.value, math.sqrt(np.mean(np.square(errors))), rtol=1e-9)
    assert found.low < found.value < found.high


# Bits and gradients


@pytest.mark.parametrize("rounded", [False, True])
def test_bits_of_a_blurred_max_of_two_levels_by_counting(rounded: bool) -> None:
    told: dict[float, int] = {}
    bits = np.array(list(itertools.product((0.0, 1.0), repeat=16))).reshape(-1, 4, 4)
    maxima = np.max([bits[:, i : i + 3, j : j + 3] for i, j in np.ndindex(2, 2)], axis=0)
    for value in (maxima * BINOMIAL).sum(axis=(1, 2)).tolist():
        key = math.floor(value + 0.5) if rounded else value
        told[key] = told.get(key, 0) + 1
    expected = stats.entropy(list(told.values()), base=2)
    found = measured.blurred_max_bits(2, rounded=rounded)
    assert holds(found, float(expected), 2)
    assert found.high - found.low < 0.03


LAWS: dict[str, Callable[[int], tuple[float, float]]] = {
    "every second value": lambda n: (1 / n, 1),
    "mean": lambda n: (1, n),
    "max": lambda n: (1 / n, 1),
    "min": lambda n: (1 / n, 1),
    "median": lambda n: (2 / n, 2) if n % 2 == 0 else (1 / n, 1),
    "stochastic": lambda n: (1 / n, 1),
    # (1/2 + 1/2n) once, 1/2n for the others: they add to 1
    "mixed": lambda n: (1, 1 / ((0.5 + 0.5 / n) ** 2 + (n - 1) / (4 * n**2))),
    "concatenated": lambda n: (1, 1 / ((0.5 + 0.5 / n) ** 2 + (n - 1) / (4 * n**2))),
}


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("n", [4, 9])
def test_gradients_where_there_is_a_law(name: str, n: int) -> None:
    found = measured.gradient_reach(name, n)
    assert_allclose((found.share.value, found.number.value), LAWS[name](n), rtol=1e-9)


def test_gradients_by_an_integral() -> None:
    """Of two uniform values with p = 2: (x + y)² / (x² + y²) is 1 + π/2 − ... on average."""
    grid = (np.arange(1000) + 0.5) / 1000
    x, y = np.meshgrid(grid, grid)
    for name in ("generalised mean", "Lp"):
        expected = ((x**2 + y**2) ** 2 / (x**4 + y**4)).mean()
        assert holds(measured.gradient_reach(name, 2).number, float(expected), 2)
        assert measured.gradient_reach(name, 2).share.value == 1
    weight = 1 / (1 + np.exp((y - x) / 0.5))
    pooled = weight * x + (1 - weight) * y
    slopes = np.abs([weight * (1 + (x - pooled) / 0.5), (1 - weight) * (1 + (y - pooled) / 0.5)])
    expected = (slopes.sum(axis=0) ** 2 / (slopes**2).sum(axis=0)).mean()
    found = measured.gradient_reach("softmax-weighted", 2, temperature=0.5)
    assert holds(found.number, float(expected), 2)
    mixed = measured.gradient_reach("mixed", 4, share=0.2)
    assert_allclose(mixed.number.value, 1 / (0.4**2 + 3 * 0.2**2))


def test_a_higher_power_gathers_the_gradient() -> None:
    numbers = [measured.gradient_reach("generalised mean", 49, p=p).number.value for p in (1, 3, 9)]
    assert_allclose(numbers[0], 49, rtol=1e-4)  # a few values are below the clamp
    assert numbers[0] > 1.5 * numbers[1] > 3 * numbers[2]


# What is refused


def test_units_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"^seen must be a whole number in \[0, n\]"):
        measured.hit_rate("max", 4, 5)
    with pytest.raises(ValueError, match=r"^seen must be a whole number in \[0, n\]"):
        measured.concatenated_hit_rate(4, 5)
    with pytest.raises(ValueError, match=r"^seen must be a whole number in \[0, n\]"):
        measured.best_hit_rate(4, 5)
    with pytest.raises(ValueError, match=r"^seen must be at least 1"):
        measured.best_hit_rate(4, 0)
    with pytest.raises(ValueError, match=r"^units must be at least 2"):
        measured.concatenated_hit_rate(1, 1)


def test_maps_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"^maps must be of shape"):
        measured.moved("max", size=33)
    with pytest.raises(ValueError, match=r"^length must be at most size / 4"):
        measured.moved("max", size=16, length=5)
