"""The laws of pooled detectors, each by a second route that shares no code with the model.

Routes: enumeration of all firing patterns, SciPy's adaptive quadrature and distributions, seeded
simulation with a stated tolerance, closed forms and inequalities from mathematics.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import integrate, optimize, special, stats

from explainers import normal
from explainers.detection.model import (
    any_fires,
    any_fires_correlated,
    at_least,
    known_place_hit_rate,
    max_auc,
    max_hit_rate,
    max_overtakes_mean,
    mean_auc,
    mean_hit_rate,
    unknown_place_hit_rate,
    vote_hit_rate,
)
from tests.detection.reference import votes

PHI, DENSITY, QUANTILE = stats.norm.cdf, stats.norm.pdf, stats.norm.ppf
WINDOWS = [(1, 0), (1, 1), (2, 1), (3, 2), (4, 0), (4, 1), (4, 3), (4, 4), (9, 2), (49, 7)]
repeatable = settings(deadline=None, derandomize=True, max_examples=60)
few_rates = st.lists(st.floats(0, 1), min_size=1, max_size=6)
signals = st.floats(0, 6)


def line_integral(function: Callable[[float], float], *peaks: float) -> float:
    """Adaptive quadrature over the line, told where to look."""
    edges = sorted({-10.0, 14.0, *peaks})
    parts = itertools.pairwise(edges)
    return math.fsum(
        integrate.quad(function, a, b, epsabs=1e-14, epsrel=1e-13, limit=400)[0] for a, b in parts
    )


# Units that fire or do not


@repeatable
@given(few_rates)
def test_any_fires_by_enumeration(rates: list[float]) -> None:
    assert_allclose(any_fires(rates), votes(1, rates), rtol=0, atol=1e-14)


@repeatable
@given(few_rates)
def test_at_least_by_enumeration(rates: list[float]) -> None:
    needed = np.arange(len(rates) + 1)
    expected = [votes(int(k), rates) for k in needed]
    assert_allclose(at_least(needed, rates), expected, rtol=0, atol=1e-14)


def test_at_least_of_equal_units_is_the_binomial_tail() -> None:
    needed = np.arange(1, 51)
    tails = stats.binom.sf(needed - 1, 50, 0.03)
    assert_allclose(at_least(needed, np.full(50, 0.03)), tails, rtol=1e-11)


def test_rare_events_keep_their_digits() -> None:
    assert_allclose(any_fires([1e-20] * 4), 4e-20, rtol=1e-14)
    assert_allclose(at_least(2, [1e-20] * 4), 6e-40, rtol=1e-14)


def test_binary_laws_work_over_the_last_axis_and_broadcast_votes() -> None:
    rates = np.random.default_rng(0).random((2, 3, 4))
    expected = [[votes(1, list(row)) for row in plane] for plane in rates]
    assert_allclose(any_fires(rates), expected, atol=1e-14)
    assert_allclose(at_least(1, rates), expected, atol=1e-14)
    table = at_least(np.arange(5)[:, None, None], rates)
    assert table.shape == (5, 2, 3)
    assert table[3, 1, 2] == pytest.approx(votes(3, list(rates[1, 2])), abs=1e-14)


def test_certain_and_impossible_units() -> None:
    assert any_fires([0, 1]) == at_least(1, [0, 1]) == 1
    assert at_least(2, [0, 1]) == 0
    assert at_least(0, [0, 0]) == 1
    assert not np.signbit(any_fires([0, 0]))


def correlated_by_quadrature(rate: float, n: int, correlation: float) -> float:
    t, a, b = QUANTILE(1 - rate), math.sqrt(correlation), math.sqrt(1 - correlation)
    return 1 - line_integral(lambda z: DENSITY(z) * PHI((t - a * z) / b) ** n, t / a, t / a - b)


@pytest.mark.parametrize("n", [1, 2, 4, 49])
@pytest.mark.parametrize("rate", [0.01, 0.3, 0.8])
@pytest.mark.parametrize("correlation", [0.05, 0.3, 0.5, 0.6, 0.9, 0.99])
def test_correlated_units_against_adaptive_quadrature(
    rate: float, n: int, correlation: float
) -> None:
    expected = correlated_by_quadrature(rate, n, correlation)
    assert_allclose(any_fires_correlated(rate, n, correlation), expected, atol=1e-11)


def test_two_correlated_units_are_a_bivariate_normal() -> None:
    for correlation in (0.2, 0.7):
        both_silent = stats.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])
        expected = 1 - both_silent.cdf([QUANTILE(0.9)] * 2)
        assert_allclose(any_fires_correlated(0.1, 2, correlation), expected, atol=1e-8)


def test_ends_of_the_correlation() -> None:
    rates = np.array([0, 1e-12, 0.05, 0.8, 1])
    independent = -np.expm1(4 * np.log1p(-rates[:-1]))
    assert_allclose(any_fires_correlated(rates[:-1], 4, 0), independent, rtol=1e-12, atol=1e-16)
    assert_allclose(any_fires_correlated(rates, 4, 1), rates, rtol=1e-12, atol=1e-16)
    assert_allclose(any_fires_correlated(0.3, 1, np.linspace(0, 1, 11)), 0.3, rtol=1e-12)
    assert not np.signbit(any_fires_correlated(0, 4, [0, 0.5, 1])).any()
    assert_allclose(any_fires_correlated(1, 4, [0, 0.5, 0.7, 1]), 1, rtol=1e-14)


def test_both_forms_of_the_correlated_law_meet_at_one_half() -> None:
    below, above = any_fires_correlated(
        [0.001, 0.1, 0.9],
        [[2], [49], [10**6]],
        np.array([0.5, np.nextafter(0.5, 1)])[:, None, None],
    )
    assert_allclose(below, above, rtol=1e-12)


@repeatable
@given(st.floats(0, 1), st.integers(2, 50), st.floats(0, 1), st.floats(0, 1))
def test_correlation_only_takes_from_the_or(rate: float, n: int, a: float, b: float) -> None:
    low, high = sorted((a, b))
    less, more = any_fires_correlated(rate, n, [low, high])
    assert more <= less + 1e-13
    assert rate - 1e-13 <= more
    assert less <= any_fires([rate] * n) + 1e-13


# Graded units


def roc_by_quadrature(d_prime: float, n: int, seen: int) -> float:
    """Probability that the max with a petal is above the max of noise, as it is defined."""

    def integrand(x: float) -> float:
        petal_above = 1 - PHI(x - d_prime) ** seen * PHI(x) ** (n - seen)
        return float(petal_above * n * PHI(x) ** (n - 1) * DENSITY(x))

    return line_integral(integrand, d_prime)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "seen"), WINDOWS)
@pytest.mark.parametrize("d_prime", [0, 0.5, 1, 2, 3, 5])
def test_max_auc_against_adaptive_quadrature(d_prime: float, n: int, seen: int) -> None:
    expected = roc_by_quadrature(d_prime, n, seen)
    assert_allclose(max_auc(d_prime, n, seen), expected, rtol=0, atol=1e-12)


def test_max_auc_keeps_its_digits_in_a_million_units() -> None:
    n = 10**6

    def confusion(v: float) -> float:  # v = Φ(x)ⁿ, uniform under noise
        return float(special.ndtr(special.ndtri(v ** (1 / n)) - 2) * v ** ((n - 1) / n))

    expected = 1 - integrate.quad(confusion, 0, 1, epsabs=1e-12, limit=500)[0]
    assert_allclose(max_auc(2, n, 1), expected, atol=1e-10)


def test_areas_of_one_unit_have_the_textbook_form() -> None:
    d_prime = np.linspace(0, 8, 50)
    assert_allclose(max_auc(d_prime, 1, 1), PHI(d_prime / math.sqrt(2)), rtol=1e-14)
    assert_allclose(mean_auc(d_prime, 1, 1), PHI(d_prime / math.sqrt(2)), rtol=1e-14)


def test_areas_and_rates_by_simulation() -> None:
    rng, trials, d_prime, level = np.random.default_rng(1), 200_000, 1.5, 0.1
    noise = rng.normal(size=(trials, 5))
    petal = rng.normal(size=(trials, 5)) + d_prime * np.array([1, 1, 0, 0, 0])
    measured = []
    for pool in (np.max, np.mean):
        without, with_petal = np.sort(pool(noise, axis=1)), pool(petal, axis=1)
        area = np.searchsorted(without, with_petal).mean() / trials
        measured += [area, (with_petal > np.quantile(without, 1 - level)).mean()]
    expected = [
        max_auc(d_prime, 5, 2),
        max_hit_rate(level, d_prime, 5, 2),
        mean_auc(d_prime, 5, 2),
        mean_hit_rate(level, d_prime, 5, 2),
    ]
    assert_allclose(measured, expected, atol=0.006)  # four standard errors


@pytest.mark.parametrize(("n", "seen"), WINDOWS)
def test_mean_laws_against_the_distribution_of_a_mean(n: int, seen: int) -> None:
    d_prime, level = 1.7, 0.03
    noise, petal = stats.norm(0, 1 / math.sqrt(n)), stats.norm(seen * d_prime / n, 1 / math.sqrt(n))
    area = line_integral(lambda x: noise.pdf(x) * petal.sf(x), -1, 0, 1, 2)
    assert_allclose(mean_auc(d_prime, n, seen), area, atol=1e-12)
    assert_allclose(mean_hit_rate(level, d_prime, n, seen), petal.sf(noise.isf(level)), rtol=1e-13)


@pytest.mark.parametrize(("n", "seen"), WINDOWS)
@pytest.mark.parametrize("level", [1e-6, 0.01, 0.05, 0.5, 0.999])
def test_max_hit_rate_at_a_threshold_found_by_root_search(n: int, seen: int, level: float) -> None:
    def too_many(t: float) -> float:
        return float(1 - np.prod(PHI(np.full(n, t))) - level)

    t = optimize.brentq(too_many, -10, 10, xtol=1e-13)
    silent = np.prod(PHI(t - np.where(np.arange(n) < seen, 1.3, 0.0)))
    assert_allclose(max_hit_rate(level, 1.3, n, seen), 1 - silent, rtol=0, atol=1e-10)


def test_single_unit_hit_rates_against_scipy() -> None:
    level, d_prime = np.array([[0.01], [0.05]]), np.array([0, 1, 3])
    known = stats.norm(d_prime, 1).sf(stats.norm.isf(level))
    assert_allclose(known_place_hit_rate(level, d_prime), known, rtol=1e-13)
    places = [known, level + 0 * known, level + 0 * known, known]  # the watched unit sees, or not
    assert_allclose(
        unknown_place_hit_rate(level, d_prime, 4, 2), np.mean(places, axis=0), rtol=1e-13
    )
    assert_allclose(unknown_place_hit_rate(level, d_prime, 3, 3), known, rtol=1e-13)


def test_rare_false_alarms_keep_their_digits() -> None:
    assert_allclose(max_hit_rate(1e-30, 0, 4, 1), 1e-30, rtol=1e-12)
    t = stats.norm.isf(1e-30 / 4)
    assert_allclose(
        max_hit_rate(1e-30, 1, 4, 4), -math.expm1(4 * stats.norm.logcdf(t - 1)), rtol=1e-11
    )


@pytest.mark.parametrize("law", [max_hit_rate, mean_hit_rate, unknown_place_hit_rate])
def test_hit_rates_at_the_ends(law: Callable[..., Any]) -> None:
    seen = np.arange(5)[:, None]
    hits = law([0, 1], 2, 4, seen)
    assert (hits == [0, 1]).all()
    assert not np.signbit(hits).any()
    assert_allclose(law(0.2, 0, 4, seen), 0.2, rtol=1e-13)
    assert_allclose(law(0.2, 3, 4, 0), 0.2, rtol=1e-13)
    assert law(0.2, 1e300, 4, 4) == 1


@pytest.mark.parametrize("law", [max_auc, mean_auc])
def test_areas_at_the_ends(law: Callable[..., Any]) -> None:
    assert_allclose(law([0, 0, 9], [1, 4, 4], [1, 2, 0]), 0.5, rtol=1e-14)
    assert law(1e300, 4, 1) == 1


@repeatable
@given(st.floats(1e-6, 0.999), signals, signals, st.integers(1, 30), st.data())
def test_more_signal_more_units_seeing_and_laxer_thresholds_never_hurt(
    level: float, a: float, b: float, n: int, data: st.DataObject
) -> None:
    low, high = sorted((a, b))
    seen = data.draw(st.integers(0, n - 1))
    for law in (max_auc, mean_auc):
        assert law(low, n, seen) <= law(high, n, seen) + 1e-13
        assert law(low, n, seen) <= law(low, n, seen + 1) + 1e-13
    for rate in (max_hit_rate, mean_hit_rate, unknown_place_hit_rate):
        assert rate(level, low, n, seen) <= rate(level, high, n, seen) + 1e-13
        assert rate(level, low, n, seen) <= rate(level, low, n, seen + 1) + 1e-13
        assert rate(level / 2, low, n, seen) <= rate(level, low, n, seen) + 1e-13


@repeatable
@given(st.floats(1e-4, 0.9), signals, st.integers(1, 30), st.data())
def test_nothing_beats_the_best_test_that_exists(
    level: float, d_prime: float, n: int, data: st.DataObject
) -> None:
    """Knowing which units see, the best test is the mean of those (Neyman and Pearson)."""
    seen = data.draw(st.integers(1, n))
    best = PHI(math.sqrt(seen) * d_prime - QUANTILE(1 - level)) + 1e-12
    assert max_hit_rate(level, d_prime, n, seen) <= best
    assert mean_hit_rate(level, d_prime, n, seen) <= best


@repeatable
@given(st.floats(0.001, 0.999), signals, st.integers(1, 30))
def test_watching_one_known_place_beats_the_or(level: float, d_prime: float, n: int) -> None:
    assert max_hit_rate(level, d_prime, n, 1) <= known_place_hit_rate(level, d_prime) + 1e-12


@pytest.mark.parametrize(("n", "seen"), [(1, 1), (4, 0), (4, 1), (4, 4), (7, 3)])
@pytest.mark.parametrize("level", [1e-6, 0.05, 0.4])
def test_votes_at_a_threshold_from_the_beta_quantile(n: int, seen: int, level: float) -> None:
    for k in range(1, n + 1):
        alarm = stats.beta.ppf(level, k, n - k + 1)  # solves P(Binomial(n, alarm) ≥ k) = level
        rates = [stats.norm.cdf(1.5 - stats.norm.isf(alarm))] * seen + [alarm] * (n - seen)
        assert_allclose(vote_hit_rate(k, level, 1.5, n, seen), votes(k, rates), rtol=1e-13)


def test_votes_at_extreme_false_alarm_rates() -> None:
    """The threshold may have to be as high as 37, or as low as −6."""
    for level, d_prime in ((1e-300, 38.0), (1e-100, 20.0), (1 - 1e-9, 0.0)):
        expected = stats.norm.cdf(d_prime - stats.norm.isf(level))
        assert_allclose(vote_hit_rate(1, level, d_prime, 1, 1), expected, rtol=1e-12)


def test_one_vote_is_the_max_and_votes_broadcast() -> None:
    assert vote_hit_rate(1, 0, 45, 4, 1) == 0
    level = np.array([0.0, 0.01, 0.3, 1.0])
    assert_allclose(vote_hit_rate(1, level, 2, 5, 2), max_hit_rate(level, 2, 5, 2), atol=1e-12)
    grid = vote_hit_rate([[1], [3]], level, 2, 5, 2)
    assert grid.shape == (2, 4)
    assert_allclose(grid[1, 1], vote_hit_rate(3, 0.01, 2, 5, 2), rtol=1e-12)


def test_arguments_broadcast_together() -> None:
    d_prime, n, seen = np.ones((3, 1, 1)), np.array([4, 9]), np.array([[1], [2]])
    assert max_auc(d_prime, n, seen).shape == mean_auc(d_prime, n, seen).shape == (3, 2, 2)
    for law in (max_hit_rate, mean_hit_rate, unknown_place_hit_rate):
        table = law(np.full((5, 1, 1, 1), 0.1), d_prime, n, seen)
        assert table.shape == (5, 3, 2, 2)
        assert table[4, 2, 1, 0] == law(0.1, 1.0, 4, 2)
    assert np.shape(max_auc(1, 4, 1)) == ()


# The max against the mean


def excess_by_area(d_prime: float, n: int, seen: int) -> float:
    """Max's log confusion below the mean's, on a grid and in code of its own."""
    x = np.arange(-10, 30, 0.04)
    log_terms = seen * special.log_ndtr(x - d_prime) + (2 * n - seen - 1) * special.log_ndtr(x)
    log_confusion = special.logsumexp(log_terms + stats.norm.logpdf(x)) + math.log(n * 0.04)
    return float(special.log_ndtr(-seen * d_prime / math.sqrt(2 * n)) - log_confusion)


@pytest.mark.parametrize(("n", "seen"), [(2, 1), (4, 1), (4, 2), (3, 2), (9, 3), (49, 1), (14, 5)])
def test_overtaking_by_area_is_the_root_that_brent_finds(n: int, seen: int) -> None:
    root = optimize.brentq(excess_by_area, 0.3, 5, args=(n, seen), xtol=1e-13)
    assert_allclose(max_overtakes_mean(n, seen), root, rtol=1e-10)


def excess_hits(d_prime: float, n: int, seen: int, level: float) -> float:
    t = stats.norm.isf(-math.expm1(math.log1p(-level) / n))
    miss = seen * special.log_ndtr(t - d_prime) + (n - seen) * special.log_ndtr(t)
    mean_miss = special.log_ndtr(stats.norm.isf(level) - seen * d_prime / math.sqrt(n))
    return float(mean_miss - miss)


@pytest.mark.parametrize(("n", "seen"), [(2, 1), (4, 1), (4, 2), (4, 3), (9, 1), (49, 6)])
@pytest.mark.parametrize("level", [0.001, 0.05, 0.6])
def test_overtaking_by_hits_is_the_root_that_brent_finds(n: int, seen: int, level: float) -> None:
    root = optimize.brentq(excess_hits, 0.05, 50, args=(n, seen, level), xtol=1e-13)
    assert_allclose(max_overtakes_mean(n, seen, level), root, rtol=1e-9)


@pytest.mark.slow
def test_the_law_of_who_leads_in_the_end_by_area() -> None:
    """For good if and only if s(s + 1) ≤ 2n; the exceptions up to n = 20 lead for a while."""
    found = {
        (n, s) for n in range(1, 21) for s in range(n + 1) if np.isfinite(max_overtakes_mean(n, s))
    }
    for_good = {(n, s) for n in range(2, 21) for s in range(1, n) if s * (s + 1) <= 2 * n}
    assert found == for_good | {(14, 5), (19, 6), (20, 6)}
    signs = {pair: excess_by_area(20, *pair) > 0 for pair in found}
    assert signs == {pair: pair in for_good for pair in found}


def test_a_lead_for_a_while_ends_where_the_note_says() -> None:
    start, end = (optimize.brentq(excess_by_area, *ab, args=(14, 5)) for ab in ((3, 5), (8, 12)))
    assert (round(start, 2), round(end, 2)) == (3.64, 9.55)
    assert round(float(max_auc(start, 14, 5)), 4) == 0.9997
    assert 1e-20 < special.ndtr(-5 * end / math.sqrt(28)) < 1e-19
    assert max_overtakes_mean(14, 5) == pytest.approx(start, rel=1e-10)


@pytest.mark.parametrize("level", [None, 0.05])
def test_one_side_of_the_crossing_is_the_means_the_other_the_maxs(level: float | None) -> None:
    for n, seen in ((4, 1), (9, 2), (100, 3)):
        crossing = float(max_overtakes_mean(n, seen, level))
        at = np.linspace(0.05, 4, 200)
        if level is None:
            lead = max_auc(at, n, seen) - mean_auc(at, n, seen)
        else:
            lead = max_hit_rate(level, at, n, seen) - mean_hit_rate(level, at, n, seen)
        assert ((lead > 0) == (at > crossing)).all()


def test_the_max_never_overtakes_where_both_tie_or_all_units_see() -> None:
    assert np.isinf(max_overtakes_mean([1, 1, 4, 4, 9], [0, 1, 0, 4, 9])).all()
    assert np.isinf(max_overtakes_mean([1, 1, 4, 4, 9], [0, 1, 0, 4, 9], 0.05)).all()
    assert np.isinf(max_overtakes_mean(4, 1, [0, 1])).all()


def test_crossings_far_out_are_found() -> None:
    for n, seen, level in ((100, 99, 0.05), (10**6, 10**6 - 1, 0.05), (4, 3, 1e-12)):
        crossing = float(max_overtakes_mean(n, seen, level))
        assert crossing > 10
        lead = [excess_hits(crossing * off, n, seen, level) for off in (1 - 1e-6, 1 + 1e-6)]
        assert lead[0] < 0 < lead[1]


def test_crossings_close_in_are_found() -> None:
    assert excess_hits(0.04, 2, 1, 1e-12) < 0 < excess_hits(0.4, 2, 1, 1e-12)
    root = optimize.brentq(excess_hits, 0.04, 0.4, args=(2, 1, 1e-12), xtol=1e-14)
    assert max_overtakes_mean(2, 1, 1e-12) == pytest.approx(root, rel=1e-3)


def test_overtaking_broadcasts() -> None:
    table = max_overtakes_mean([4, 9], [[1], [2]], np.array([0.01, 0.05])[:, None, None])
    assert table.shape == (2, 2, 2)
    assert table[1, 0, 1] == max_overtakes_mean(9, 1, 0.05)
    assert max_overtakes_mean([4, 9], [[1], [2]]).shape == (2, 2)


# What arguments must be to each other


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: any_fires(0.5), "rates must be an array with at least one unit on its last"),
        (lambda: any_fires([]), "rates must be an array with at least one unit on its last"),
        (lambda: at_least(1, 0.5), "rates must be an array with at least one unit on its last"),
        (lambda: at_least(3, [0.5] * 2), r"k must be a whole number in \[0, 2\].*; got 3"),
        (lambda: at_least([1, 2], np.zeros((3, 4))), r"shapes of k, rates must .*\(2,\), \(3,\)"),
        (lambda: max_auc(1, [9, 4], 5), r"seen must be a whole number in \[0, n\], .*4\]; got 5"),
        (lambda: max_auc([1, 2], [2, 3, 4], 1), "shapes of d_prime, n, seen must be such that"),
        (lambda: mean_auc(1, 4, 5), r"seen must be a whole number in \[0, n\], here \[0, 4\]"),
        (lambda: mean_auc([1, 2], [2, 3, 4], 1), "shapes of d_prime, n, seen must be such that"),
        (lambda: max_hit_rate(0.1, 1, 4, 5), r"seen must be a whole number in \[0, n\]"),
        (lambda: max_hit_rate([0.1] * 2, [1] * 3, 4, 1), "shapes of false_alarm, d_prime, n, seen"),
        (lambda: mean_hit_rate(0.1, 1, 4, 5), r"seen must be a whole number in \[0, n\]"),
        (lambda: unknown_place_hit_rate(0.1, 1, 4, 5), r"seen must be a whole number in \[0, n\]"),
        (lambda: known_place_hit_rate([0.1] * 2, [1] * 3), "shapes of false_alarm, d_prime"),
        (lambda: vote_hit_rate(5, 0.05, 2, 4, 1), r"k must be a whole number in \[1, 4\].*; got 5"),
        (lambda: vote_hit_rate(1, 0.05, 2, 4, 5), r"seen must be .* \[0, 4\]; got 5"),
        (lambda: vote_hit_rate([1, 2], [0.1] * 3, 2, 4, 1), "shapes of k, false_alarm, d_prime"),
        (lambda: max_overtakes_mean(4, 5), r"seen must be a whole number in \[0, n\]"),
        (lambda: max_overtakes_mean(4, 5, 0.1), r"seen must be a whole number in \[0, n\]"),
        (lambda: max_overtakes_mean([4] * 2, 1, [0.1] * 3), "shapes of n, seen, false_alarm must"),
        (
            lambda: any_fires_correlated([0.1] * 2, 4, [0.1] * 3),
            "shapes of rate, n, correlation must be such that they broadcast",
        ),
    ],
)
def test_arguments_that_do_not_go_together_are_named(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_figure_grids_are_fast() -> None:
    """A grid of 200 × 4 areas reuses the distribution of each d′."""
    evaluated: list[int] = []
    original = normal.log_cdf

    def counted(x: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
        evaluated.append(x.size)
        return original(x)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normal, "log_cdf", counted)
        max_auc(np.linspace(0, 4, 200)[:, None], 4, [1, 2, 3, 4])
    assert 0 < sum(evaluated) <= 200 * 1000


@pytest.mark.parametrize(("noise", "max_wins"), [(stats.norm, True), (stats.laplace, False)])
def test_which_noise_it_is_decides(noise: Any, max_wins: bool) -> None:
    """One of four sees a petal of one standard deviation: the max against a fixed detector."""
    sd, alpha = noise.std(), 0.05
    limit, one = noise.isf(1 - (1 - alpha) ** 0.25) / sd, noise.isf(alpha) / sd
    pooled = 1 - noise.cdf((limit - 1) * sd) * noise.cdf(limit * sd) ** 3
    fixed = (noise.sf((one - 1) * sd) + 3 * alpha) / 4
    assert bool(pooled > fixed) is max_wins
