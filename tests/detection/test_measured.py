"""The simulation against what mathematics and SciPy know, and its promises about seeds."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers.detection.measured import Estimate, Result, Units, simulate

ISF, SF = stats.norm.isf, stats.norm.sf
WINDOW = Units(n=4, seen=1, d_prime=2)


def agrees(estimate: Estimate, truth: float, errors: float = 4) -> bool:
    return abs(estimate.value - truth) <= errors * estimate.standard_error


class Backwards(Executor):
    """Runs everything in the wrong order, and remembers how much it was given."""

    def __init__(self) -> None:
        self.tasks = 0

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> Any:
        tasks = list(zip(*iterables, strict=True))
        self.tasks = len(tasks)
        return list(reversed([fn(*task) for task in reversed(tasks)]))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        raise NotImplementedError


# Against known distributions


@pytest.mark.parametrize(("n", "seen"), [(1, 1), (4, 1), (4, 4)])
def test_the_mean_is_one_unit_with_less_noise(n: int, seen: int) -> None:
    result = simulate(Units(n, seen, 1.5), "mean", false_alarm=0.1, seed=1)
    d_prime = seen * 1.5 / math.sqrt(n)
    assert agrees(result.auc, stats.norm.cdf(d_prime / math.sqrt(2)))
    assert agrees(result.hit_rate, SF(ISF(0.1) - d_prime))
    assert agrees(result.noise_mean, 0)
    assert agrees(result.noise_sd, 1 / math.sqrt(n))
    assert result.threshold == pytest.approx(ISF(0.1) / math.sqrt(n), abs=0.02)


def test_the_max_by_scipys_quadrature() -> None:
    def noise(x: float) -> float:
        return float(4 * stats.norm.cdf(x) ** 3)

    def area(x: float) -> float:
        return noise(x) * float(1 - stats.norm.cdf(x - 2) * stats.norm.cdf(x) ** 3)

    result = simulate(WINDOW, "max", seed=1)
    t = ISF(1 - 0.95**0.25)
    assert agrees(result.auc, stats.norm.expect(area))
    assert agrees(result.hit_rate, 1 - stats.norm.cdf(t - 2) * stats.norm.cdf(t) ** 3)
    mean = stats.norm.expect(lambda x: x * noise(x))
    assert agrees(result.noise_mean, mean)
    assert agrees(
        result.noise_sd, math.sqrt(stats.norm.expect(lambda x: (x - mean) ** 2 * noise(x)))
    )


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_votes_at_a_given_threshold_are_binomial(k: int) -> None:
    result = simulate(Units(4, 4, 1), k, threshold=0.5, seed=2)
    assert agrees(result.hit_rate, stats.binom.sf(k - 1, 4, SF(0.5 - 1)))
    assert agrees(result.false_alarm, stats.binom.sf(k - 1, 4, SF(0.5)))
    assert result.threshold == 0.5


def test_one_vote_is_the_max() -> None:
    assert simulate(WINDOW, 1, trials=1000) == simulate(WINDOW, "max", trials=1000)


def test_the_single_unit_is_the_first_one() -> None:
    known = simulate(WINDOW, "single", seed=3)
    assert agrees(known.hit_rate, SF(ISF(0.05) - 2))
    anywhere = simulate(Units(4, 3, 2, anywhere=True), "single", seed=3)
    assert agrees(anywhere.hit_rate, 0.75 * SF(ISF(0.05) - 2) + 0.25 * 0.05)


def test_each_unit_has_its_own_shift_and_scale() -> None:
    units = Units(n=3, seen=2, d_prime=[1, 2, 9], sd=[1, 3, 2])
    result = simulate(units, "mean", seed=4)
    d_prime = (1 * 1 + 2 * 3) / math.sqrt(1 + 9 + 4)
    assert agrees(result.auc, stats.norm.cdf(d_prime / math.sqrt(2)))
    assert agrees(result.noise_sd, math.sqrt(1 + 9 + 4) / 3)


def test_the_place_of_the_petal_does_not_matter_to_equal_units() -> None:
    fixed = simulate(WINDOW, "max", seed=5)
    anywhere = simulate(Units(4, 1, 2, anywhere=True), "max", seed=6)
    error = math.hypot(fixed.auc.standard_error, anywhere.auc.standard_error)
    assert abs(fixed.auc.value - anywhere.auc.value) < 4 * error


def test_a_petal_anywhere_turns_the_shifts_unit_by_unit() -> None:
    result = simulate(Units(3, 3, [0, 1, 5], anywhere=True), "single", threshold=0.5, seed=7)
    assert agrees(result.hit_rate, np.mean(SF(0.5 - np.array([0, 1, 5]))))


# Correlated noise


def test_equal_correlation_by_the_bivariate_normal() -> None:
    result = simulate(Units(2, 0, correlation=0.6), "max", threshold=1, seed=8)
    both_silent = stats.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]]).cdf([1, 1])
    assert agrees(result.false_alarm, 1 - both_silent)
    assert agrees(result.hit_rate, 1 - both_silent)


@pytest.mark.parametrize(
    "correlation",
    [-0.3, np.array([[1, 0.9, 0], [0.9, 1, -0.2], [0, -0.2, 1]])],
)
def test_any_correlation_by_the_spread_of_the_mean(correlation: Any) -> None:
    matrix = np.where(np.eye(3) == 1, 1.0, correlation)
    result = simulate(Units(3, 3, 1, correlation=correlation), "mean", seed=9)
    sd = math.sqrt(matrix.mean())
    assert agrees(result.noise_sd, sd)
    assert agrees(result.auc, stats.norm.cdf(1 / sd / math.sqrt(2)))


def test_units_that_hear_the_same_noise_are_one_unit() -> None:
    result = simulate(Units(4, 4, 1, correlation=1), "max", threshold=1.2, seed=10)
    assert agrees(result.false_alarm, SF(1.2))
    assert agrees(result.hit_rate, SF(0.2))
    assert agrees(result.noise_mean, 0)


# Intervals


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    truths = {
        "auc": stats.norm.cdf(1.5 / math.sqrt(2)),
        "hit_rate": SF(ISF(0.05) - 1.5),
        "noise_mean": 0.0,
        "noise_sd": 1.0,
    }
    results = [simulate(Units(1, 1, 1.5), trials=1000, seed=seed) for seed in range(400)]
    for name, truth in truths.items():
        estimates: list[Estimate] = [getattr(result, name) for result in results]
        covered = np.mean([e.low <= truth <= e.high for e in estimates])
        scores = [(e.value - truth) / e.standard_error for e in estimates]
        assert 0.91 <= covered <= 0.98, name
        assert 0.9 <= np.std(scores) <= 1.1, name


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_the_hit_rate_carries_the_error_of_its_threshold(rate: float) -> None:
    """By the delta method, with the slope of the ROC curve: it is steep where alarms are rare."""
    hit_rate = simulate(Units(1, 1, 0.5), false_alarm=rate, trials=200_000, seed=13).hit_rate
    level = ISF(rate)
    hit, slope = SF(level - 0.5), stats.norm.pdf(level - 0.5) / stats.norm.pdf(level)
    error = math.sqrt((hit * (1 - hit) + slope**2 * rate * (1 - rate)) / 200_000)
    assert_allclose(hit_rate.standard_error, error, rtol=0.1)


def test_the_error_of_the_spread_is_how_much_it_varies() -> None:
    spreads = [simulate(Units(9, 1), trials=400, seed=seed).noise_sd for seed in range(400)]
    varies = np.std([spread.value for spread in spreads])
    assert_allclose(np.mean([spread.standard_error for spread in spreads]), varies, rtol=0.1)
    assert all(spread.low < spread.value < spread.high for spread in spreads)


def test_proportions_have_wilsons_interval() -> None:
    result = simulate(WINDOW, threshold=1.5, trials=1000)
    for estimate in (result.hit_rate, result.false_alarm):
        fired = round(estimate.value * 1000)
        wilson = stats.binomtest(fired, 1000).proportion_ci(0.95, method="wilson")
        assert_allclose((estimate.low, estimate.high), wilson, rtol=1e-12)
        assert_allclose(
            estimate.standard_error, stats.binom(1000, estimate.value).std() / 1000, rtol=1e-12
        )


def test_intervals_are_symmetric_at_95_percent_and_stay_in_range() -> None:
    auc = simulate(WINDOW, trials=1000).auc
    half = stats.norm.ppf(0.975) * auc.standard_error
    assert_allclose((auc.low, auc.high), (auc.value - half, auc.value + half), rtol=1e-12)
    strong = simulate(Units(1, 1, 3.5), trials=100, seed=1)
    assert strong.auc.high == strong.hit_rate.high == 1 > max(strong.auc.value, 0.98)
    absent = simulate(Units(1, 1, 0), false_alarm=0.02, trials=100, seed=1)
    assert absent.hit_rate.low == 0 < absent.hit_rate.value
    never = simulate(Units(1, 1, 0), threshold=9, trials=100)
    assert never.hit_rate.low == never.hit_rate.value == 0 < never.hit_rate.high
    always = simulate(Units(1, 1, 0), threshold=-9, trials=100)
    assert always.hit_rate.high == always.hit_rate.value == 1 > always.hit_rate.low


def test_the_area_is_the_mann_whitney_statistic_with_delongs_error() -> None:
    """From a handful of scores, by comparing every pair."""
    from explainers.detection.measured import _area

    noise, petal = np.array([0.0, 1.0, 2.0, 2.0]), np.array([1.0, 2.0, 3.0, 5.0, 8.0])
    pairs = (petal[:, None] > noise) + 0.5 * (petal[:, None] == noise)
    error = math.sqrt(
        pairs.mean(axis=1).var(ddof=1) / petal.size + pairs.mean(axis=0).var(ddof=1) / noise.size
    )
    estimate = _area(noise, petal)
    assert_allclose((estimate.value, estimate.standard_error), (pairs.mean(), error), rtol=1e-12)


def test_the_tuned_threshold_lets_the_asked_share_of_noise_through() -> None:
    for rate in (0.001, 0.05, 0.5, 0.98):
        result = simulate(WINDOW, false_alarm=rate, trials=10_000)
        assert result.false_alarm.value == pytest.approx(rate, abs=2e-4)


# Seeds, workers, progress


def test_any_executor_gives_the_same_result_to_the_last_bit() -> None:
    units = Units(4, 2, 1, correlation=0.3, anywhere=True)
    alone = simulate(units, trials=45_000, seed=11)
    backwards = Backwards()
    assert simulate(units, trials=45_000, seed=11, executor=backwards) == alone
    assert backwards.tasks == 5
    with ThreadPoolExecutor(3) as threads:
        assert simulate(units, trials=45_000, seed=11, executor=threads) == alone


def test_processes_give_the_same_result_too() -> None:
    import multiprocessing

    alone = simulate(WINDOW, "mean", trials=20_000, seed=12)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        assert simulate(WINDOW, "mean", trials=20_000, seed=12, executor=processes) == alone


def test_seeds_and_blocks_differ() -> None:
    assert simulate(WINDOW, trials=100, seed=1) != simulate(WINDOW, trials=100, seed=2)
    one, two = simulate(WINDOW, trials=10_000, seed=1), simulate(WINDOW, trials=20_000, seed=1)
    assert one.noise_mean.value != two.noise_mean.value


def test_blocks_are_small_however_many_units() -> None:
    backwards = Backwards()
    result = simulate(Units(200, 1), trials=6000, executor=backwards)
    assert backwards.tasks == 3
    assert (result.trials, result.seed) == (6000, 0)


@pytest.mark.parametrize(
    ("n", "trials", "blocks"), [(1, 10_000, 1), (1, 10_001, 2), (1000, 500, 1), (1000, 501, 2)]
)
def test_blocks_depend_on_trials_and_units_alone(n: int, trials: int, blocks: int) -> None:
    backwards = Backwards()
    fired = simulate(Units(n, 1), threshold=1, trials=trials, executor=backwards).hit_rate.value
    assert backwards.tasks == blocks
    assert fired * trials == pytest.approx(round(fired * trials), abs=1e-6)  # so many, no more


def test_units_and_results_do_not_change_and_units_can_be_keys() -> None:
    units = Units(2, 1, [1, 2])
    assert {units: "found"}[units] == "found"
    for record, name in ((units, "seen"), (simulate(units, trials=100), "trials")):
        with pytest.raises(FrozenInstanceError):
            setattr(record, name, 0)


def test_work_can_be_pickled() -> None:
    units = pickle.loads(pickle.dumps(Units(2, 1, [1, 2], correlation=0.5)))
    assert_allclose(units.shift, [1, 0])
    assert_allclose(units.mixing @ units.mixing, [[1, 0.5], [0.5, 1]], rtol=1e-14)


def test_progress_is_shown_only_if_asked(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = simulate(WINDOW, trials=100)
    assert capsys.readouterr() == ("", "")
    assert simulate(WINDOW, trials=100, progress=True) == quiet
    assert "1/1" in capsys.readouterr().err


# Wrong arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0, "seen": 0}, r"n must be a whole number in \[1, 1000\]; got 0"),
        ({"n": 1001}, r"n must be a whole number in \[1, 1000\]; got 1001"),
        ({"seen": 5}, r"seen must be a whole number in \[0, 4\]; got 5"),
        ({"seen": -1}, "seen must be a whole number ≥ 0; got -1"),
        ({"d_prime": [1, 1, -1, 1]}, "d_prime must be a finite number ≥ 0; got -1.0"),
        ({"d_prime": [1, 2]}, r"shape of d_prime must be \(\) or \(4,\); got \(2,\)"),
        ({"sd": 0}, "sd must be a finite number above 0; got 0.0"),
        ({"sd": [[1]]}, r"shape of sd must be \(\) or \(4,\); got \(1, 1\)"),
        ({"correlation": 1.1}, r"correlation must be a number in \[-1, 1\]; got 1.1"),
        ({"correlation": -1.1}, r"correlation must be a number in \[-1, 1\]; got -1.1"),
        ({"correlation": -0.34}, "correlation must be at least −1/3 between 4 units; got -0.34"),
        (
            {"correlation": np.where(np.eye(4) == 1, 1, -0.34)},
            "correlation must be a positive semidefinite matrix; got -0.34",
        ),
        ({"correlation": [0.1, 0.2]}, r"shape of correlation must be \(\) or \(4, 4\)"),
        ({"correlation": np.ones((4, 4)) * 0.5}, "correlation must be a symmetric matrix with"),
        ({"correlation": np.eye(4) + np.eye(4, k=1) / 4}, "correlation must be a symmetric"),
        ({"anywhere": 1}, "anywhere must be True or False; got 1"),
    ],
)
def test_wrong_units_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        Units(**{"n": 4, "seen": 1, **arguments})


@pytest.mark.parametrize("correlation", [-1 / 3, np.where(np.eye(4) == 1, 1, -1 / 3)])
def test_the_strongest_negative_correlation_is_allowed(correlation: Any) -> None:
    result = simulate(Units(4, 4, correlation=correlation), "mean", trials=100)
    assert abs(result.noise_mean.value) < 1e-7


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize("correlation", [-1 / 6, 0, 0.4, 1])
def test_mixing_is_the_symmetric_root_of_the_correlations(n: int, correlation: float) -> None:
    matrix = np.where(np.eye(n) == 1, 1.0, correlation)
    for given in (correlation, matrix):
        root = Units(n, 0, correlation=given).mixing
        assert_allclose(root, root.T, atol=1e-14)
        assert_allclose(root @ root, matrix, atol=1e-14)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"pool": "median"}, "pool must be one of max, mean, single, 1, 2, 3, 4; got 'median'"),
        ({"pool": 5}, "pool must be one of max, mean, single, 1, 2, 3, 4; got 5"),
        ({"pool": 0}, "pool must be .*; got 0"),
        ({"false_alarm": 0.0009}, r"false_alarm must be in \[0.001, 1 − 0.001\] with 1000 trials"),
        ({"false_alarm": 0.9991}, r"false_alarm must be in \[0.001, 1 − 0.001\] with 1000 trials"),
        ({"executor": 4}, "executor must be a concurrent.futures.Executor or None; got 4"),
    ],
)
def test_wrong_simulations_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        simulate(WINDOW, **{"trials": 1000, **arguments})


def test_the_rarest_false_alarm_allowed() -> None:
    result: Result = simulate(WINDOW, false_alarm=1 / 101, trials=100)
    assert result.false_alarm.value == 0
    assert simulate(WINDOW, false_alarm=1 - 1 / 101, trials=100).false_alarm.value == 0.99
