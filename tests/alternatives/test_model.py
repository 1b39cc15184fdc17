"""The laws by other routes: SciPy's quadratures and distributions, counting, and plain sums."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, optimize, special, stats

from explainers.alternatives import model
from explainers.alternatives.aggregates import AGGREGATES
from explainers.alternatives.pools import POOLS
from explainers.detection import model as detection
from explainers.discarded import counts
from explainers.discarded.model import SUMMARIES
from tests.alternatives.reference import PLAIN

CASES = [(1, 1), (4, 0), (4, 1), (4, 4), (16, 3), (49, 7)]
SETTINGS = [(0.05, 2.0), (0.2, 0.7), (0.001, 3.5)]


# Hit rates: weights


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.9])
def test_weighted_sum_by_its_covariance(correlation: float) -> None:
    weights, seen, alarm, strength = np.array([0.5, -1.0, 2.0, 0.3]), 2, 0.03, 1.7
    covariance = np.full((4, 4), correlation)
    np.fill_diagonal(covariance, 1)
    sd = math.sqrt(weights @ covariance @ weights)
    noise, scene = stats.norm(0, sd), stats.norm(strength * (0.5 - 1.0), sd)
    found = model.weighted_hit_rate(
        weights, seen, false_alarm=alarm, d_prime=strength, correlation=correlation
    )
    assert_allclose(found, scene.sf(noise.isf(alarm)), rtol=1e-10)


@pytest.mark.parametrize(("units", "seen"), CASES)
@pytest.mark.parametrize(("alarm", "strength"), SETTINGS)
def test_own_noise_as_in_the_chapter_on_detection(
    units: int, seen: int, alarm: float, strength: float
) -> None:
    case = {"false_alarm": alarm, "d_prime": strength}
    for found, law in (
        (model.mean_hit_rate(units, seen, **case), detection.mean_hit_rate),
        (model.max_hit_rate(units, seen, **case), detection.max_hit_rate),
        (model.fixed_hit_rate(units, seen, **case), detection.unknown_place_hit_rate),
    ):
        assert_allclose(found, law(alarm, strength, units, seen), rtol=1e-9)


@pytest.mark.parametrize("correlation", [0.2, 0.95])
def test_mean_with_shared_noise(correlation: float) -> None:
    sd = math.sqrt(correlation + (1 - correlation) / 9)
    expected = stats.norm.sf(sd * stats.norm.isf(0.1) - 1.5 * 4 / 9, scale=sd)
    found = model.mean_hit_rate(9, 4, false_alarm=0.1, d_prime=1.5, correlation=correlation)
    assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize(("units", "seen"), [(4, 1), (4, 3), (4, 4), (9, 0), (49, 7)])
@pytest.mark.parametrize("fit", [0.0, 1.3, 30.0])
def test_attention_by_its_weights(units: int, seen: int, fit: float) -> None:
    right, wrong = range(seen), range(max(seen, units - seen), units)
    for query, fitting in (("known", right), ("unknown", range(0)), ("wrong", wrong)):
        scores = np.array([fit if unit in fitting else 0.0 for unit in range(units)])
        assert_allclose(model.attention_scores(units, seen, query, fit), scores)
        w = special.softmax(scores)
        signal = 2 * math.fsum(w[:seen])
        variance = 0.4 * math.fsum(w) ** 2 + 0.6 * math.fsum(w**2)
        expected = stats.norm.sf(stats.norm.isf(0.05) - signal / math.sqrt(variance))
        found = model.attention_hit_rate(units, seen, query, fit, correlation=0.4)
        assert_allclose(found, expected, rtol=1e-9)
        number = model.attention_evenness(units, seen, query, fit)
        assert_allclose(number, 1 / math.fsum(w**2), rtol=1e-9)


def test_attention_between_the_mean_and_the_right_units() -> None:
    mean = model.mean_hit_rate(16, 4)
    assert model.attention_hit_rate(16, 4, "unknown", 5) == mean
    assert_allclose(model.attention_hit_rate(16, 4, "known", 0), mean)
    assert_allclose(model.attention_hit_rate(16, 4, "known", 100), model.mean_hit_rate(4, 4))
    assert_allclose(model.attention_hit_rate(16, 4, "wrong", 100), 0.05)


# Hit rates: ranks


def by_quadrature(
    rank: int, units: int, seen: int, alarm: float, strength: float, correlation: float
) -> float:
    """Given the common noise, by all splits of who is above; SciPy's integral and root."""

    def above(threshold: float, sees: int) -> float:
        def given(z: float) -> float:
            noise = stats.norm(math.sqrt(correlation) * z, math.sqrt(1 - correlation))
            other, own = noise.sf(threshold), noise.sf(threshold - strength)
            return sum(
                float(
                    stats.binom.pmf(i, sees, own)
                    * stats.binom.sf(rank - i - 1, units - sees, other)
                )
                for i in range(sees + 1)
            )

        if not correlation:
            return given(0)
        weighted: Callable[[float], float] = lambda z: given(z) * float(stats.norm.pdf(z))  # noqa: E731
        return float(integrate.quad(weighted, -9, 9, epsabs=1e-9, limit=200)[0])

    threshold = optimize.brentq(lambda t: above(t, 0) - alarm, -12, 12, xtol=1e-11)
    return above(threshold, seen)


@pytest.mark.parametrize(
    ("rank", "units", "seen", "correlation"),
    [
        (1, 4, 1, 0.0),
        (4, 4, 2, 0.0),
        (2, 4, 1, 0.0),
        (3, 5, 4, 0.0),
        (3, 5, 5, 0.0),
        (5, 9, 2, 0.0),
        (1, 4, 1, 0.5),
        (4, 4, 2, 0.8),
        (3, 5, 4, 0.5),
    ],
)
def test_ranks_by_quadrature(rank: int, units: int, seen: int, correlation: float) -> None:
    found = model.ranked_hit_rate(
        rank, units, seen, false_alarm=0.07, d_prime=1.6, correlation=correlation
    )
    expected = by_quadrature(rank, units, seen, 0.07, 1.6, correlation)
    assert_allclose(found, expected, rtol=1e-7)


@pytest.mark.parametrize(("units", "seen", "rank"), [(49, 7, 25), (196, 14, 1), (196, 196, 196)])
def test_ranks_of_many_units_by_trying(units: int, seen: int, rank: int) -> None:
    rng, trials = np.random.default_rng(1), 20_000
    threshold = 0.0
    hits, alarms = 0, 0
    for block in range(10):
        values = rng.standard_normal((trials // 10, units)) * math.sqrt(0.6)
        values += rng.standard_normal((trials // 10, 1)) * math.sqrt(0.4)
        without = np.partition(values, units - rank, axis=1)[:, units - rank]
        if not block:
            threshold = float(np.quantile(without, 0.8))
        alarms += int((without > threshold).sum())
        with_it = np.partition(values + 1.2 * (np.arange(units) < seen), units - rank, axis=1)
        hits += int((with_it[:, units - rank] > threshold).sum())
    found = model.ranked_hit_rate(
        rank, units, seen, false_alarm=alarms / trials, d_prime=1.2, correlation=0.4
    )
    assert abs(found - hits / trials) < 4 * math.sqrt(0.5 / trials)


def test_nothing_seen_is_a_false_alarm_and_one_unit_is_itself() -> None:
    for correlation in (0.0, 0.6):
        for rank in (1, 3, 5):
            assert_allclose(
                model.ranked_hit_rate(rank, 5, 0, false_alarm=0.13, correlation=correlation), 0.13
            )
        alone = model.ranked_hit_rate(1, 1, 1, d_prime=1.1, correlation=correlation)
        assert_allclose(alone, stats.norm.sf(stats.norm.isf(0.05) - 1.1), rtol=1e-9)


# Overtaking


@pytest.mark.parametrize(
    ("units", "strength", "correlation"),
    [(1, 2, 0), (4, 2, 0), (16, 1, 0), (16, 3, 0.3), (49, 2, 0), (49, 1, 0.6), (60, 0.3, 0)],
)
def test_mean_leads_from_there_on(units: int, strength: float, correlation: float) -> None:
    case = {"d_prime": strength, "correlation": correlation}
    leads = [
        model.mean_hit_rate(units, seen, **case) > model.max_hit_rate(units, seen, **case)
        for seen in range(1, units)
        if model.max_hit_rate(units, seen, **case) < 1 - 1e-8  # else both find all
    ]
    first = leads.index(True) if True in leads else len(leads)
    assert all(leads[first:])
    assert model.mean_leads_from(units, **case) == first + 1


def test_mean_leads_where_both_find_all_but_nothing() -> None:
    """By the exponents of the misses: s d′² / 2 of the max and (s d′)² / 2n of the mean."""
    found = model.mean_leads_from(900, d_prime=9.5)
    assert 0.3 * 900 < found < 900
    assert model.mean_leads_from(900, d_prime=9.5, correlation=0.5) > found


# Bits


@pytest.mark.parametrize("levels", [2, 5])
@pytest.mark.parametrize("rounded", [False, True])
@pytest.mark.parametrize("name", PLAIN)
def test_bits_by_counting_windows(name: str, levels: int, rounded: bool) -> None:
    def told(window: tuple[int, ...]) -> float:
        if name == "stochastic test" and not any(window):
            return 0.0
        kept = PLAIN[name]([float(value) for value in window])
        return math.floor(kept + 0.5 + 1e-9) if rounded else round(kept, 8)

    assert_allclose(
        model.kept_bits(name, levels, rounded=rounded), entropy(4, levels, told), rtol=1e-9
    )


def entropy(places: int, levels: int, told: Callable[[tuple[int, ...]], object]) -> float:
    seen = Counter(map(told, itertools.product(range(levels), repeat=places)))
    return float(stats.entropy(list(seen.values()), base=2))


def test_bits_of_both_of_blurs_and_of_all() -> None:
    assert_allclose(model.kept_bits("concatenated", 4), entropy(4, 4, lambda w: (max(w), sum(w))))
    weights = (1, 2, 1, 2, 4, 2, 1, 2, 1)

    def blurred(window: tuple[int, ...]) -> int:
        return sum(weight * value for weight, value in zip(weights, window, strict=True))

    for name in ("strided convolution", "blur"):
        assert_allclose(model.kept_bits(name, 3), entropy(9, 3, blurred), rtol=1e-9)
        nearest = entropy(9, 3, lambda w: math.floor(blurred(w) / 16 + 0.5))
        assert_allclose(model.kept_bits(name, 3, rounded=True), nearest, rtol=1e-9)
    for name in ("none", "space to depth"):
        assert_allclose(model.kept_bits(name, 3), entropy(4, 3, lambda w: w), rtol=1e-12)


@pytest.mark.parametrize("summary", SUMMARIES)
def test_bits_as_in_the_chapter_on_what_is_discarded(summary: str) -> None:
    name = "every second value" if summary == "subsample" else summary
    assert_allclose(model.kept_bits(name, 8), counts.kept_bits(summary, 2, 8), rtol=1e-9)


def test_bits_of_a_draw_by_what_window_and_draw_have_in_common() -> None:
    joint: dict[tuple[tuple[int, ...], int], float] = {}
    for window in itertools.product(range(3), repeat=4):
        for value in window:
            share = value / sum(window) if any(window) else 1 / 4
            joint[window, value] = joint.get((window, value), 0) + share / 81
    drawn: Counter[int] = Counter()
    for (_, value), chance in joint.items():
        drawn[value] += chance  # type: ignore[assignment]
    information = math.fsum(
        chance * math.log2(chance / (drawn[value] / 81))
        for (_, value), chance in joint.items()
        if chance
    )
    assert_allclose(model.kept_bits("stochastic", 3), information, rtol=1e-9)


def test_settings_of_bits() -> None:
    mean = model.kept_bits("mean")
    assert_allclose(model.kept_bits("Lp", p=1), mean)
    assert_allclose(model.kept_bits("mixed", share=0), mean)
    for name in ("softmax-weighted", "log-sum-exp"):
        assert_allclose(model.kept_bits(name, temperature=0), model.kept_bits("max"))
    for name in ("blurred max", "polyphase", "max polyphase"):
        with pytest.raises(ValueError, match=r"^method must be one whose outputs can be counted"):
            model.kept_bits(name)


# Costs


NINE = range(9)
PAIRS = len(list(itertools.combinations(NINE, 2)))
WRITTEN = {
    "none": (0, 0, 0, 0),
    "every second value": (0, 0, 0, 0),
    "mean": (0, len(NINE), 0, 0),
    "max": (0, 0, len(NINE) - 1, 0),
    "min": (0, 0, len(NINE) - 1, 0),
    "median": (0, 0, PAIRS, 0),
    "Lp": (0, 9, 0, 10),
    "generalised mean": (1, 9, 9, 10),
    "softmax-weighted": (0, 18, 8, 10),
    "log-sum-exp": (0, 9, 8, 10),
    "mixed": (1, 11, 8, 0),
    "concatenated": (0, 9, 8, 0),
    "stochastic": (0, 18, 9, 1),
    "stochastic test": (0, 18, 0, 1),
    "strided convolution": (54, 54, 0, 0),
    "space to depth": (24, 24, 0, 0),
    "blur": (0, 9, 0, 0),
    "blurred max": (0, 9, 16, 0),
    "polyphase": (0, 4, 0, 0),
    "max polyphase": (0, 4, 16, 0),
    "attention": (1, 18, 0, 3),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_costs_as_written_out(name: str) -> None:
    """Of a window of 3 × 3 and a stride of 2: nine values, four places in a cell; six channels."""
    assert tuple(map(int, model.cost(name, 3, 2, channels=6))) == WRITTEN[name]


def test_costs_know_all_pools_and_take_the_window_for_the_stride() -> None:
    for name in (*POOLS, *AGGREGATES):
        assert model.cost(name, 3) == model.cost(name, 3, 3, 64)


# What is refused


@pytest.mark.parametrize(
    "law",
    [
        model.mean_hit_rate,
        model.fixed_hit_rate,
        model.attention_hit_rate,
        model.attention_scores,
        model.attention_evenness,
        model.max_hit_rate,
    ],
)
def test_no_more_units_see_it_than_there_are(law: Callable[..., object]) -> None:
    with pytest.raises(
        ValueError, match=r"^seen must be a whole number in \[0, n\], here \[0, 4\]"
    ):
        law(4, 5)


def test_other_arguments_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"^rank must be at most the number of units, 4; got 5$"):
        model.ranked_hit_rate(5, 4, 1)
    with pytest.raises(ValueError, match=r"^seen must be"):
        model.ranked_hit_rate(1, 4, 5)
    with pytest.raises(ValueError, match=r"^seen must be"):
        model.weighted_hit_rate([1, 2], 3)
    for weights in (np.zeros(3), np.ones((2, 2)), 1.0):
        with pytest.raises(ValueError, match=r"^weights must be of shape \(n,\), and not all 0"):
            model.weighted_hit_rate(weights, 1)
