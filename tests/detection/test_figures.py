"""What the figures show: their data, and the numbers in their captions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers import flower
from explainers.detection import figures
from tests.claiming import values
from tests.detection.reference import searched, votes
from tests.drawing import assert_says, column, drawn
from tests.flower import reference as oracle


def test_or_gate_shows_the_enumerated_rates() -> None:
    drawing = drawn(figures.or_gate, units=3, hit=0.7, false_alarm=0.1)
    for n, all_see, one_sees, alarms in zip(
        *(column(drawing, c) for c in ("detectors", "missed_all_see", "missed_one_sees", "alarms")),
        strict=True,
    ):
        assert_allclose(all_see, 1 - votes(1, [0.7] * n), atol=1e-12)
        assert_allclose(one_sees, 1 - votes(1, [0.7] + [0.1] * (n - 1)), atol=1e-12)
        assert_allclose(alarms, votes(1, [0.1] * n), atol=1e-12)
    assert_allclose(drawing.values["pooled_miss"], 0.3**3)
    assert_allclose(drawing.values["one_sees_miss"], 0.3 * 0.9**2)
    assert_allclose(drawing.values["pooled_alarm"], 1 - 0.9**3)
    assert "2.70%" in drawing.caption


def test_equal_false_alarms_shows_what_the_claim_says() -> None:
    drawing, v = drawn(figures.equal_false_alarms), values("or-at-equal-false-alarm")
    at = int(np.argmin(np.abs(column(drawing, "d_prime") - 2)))
    for name, expected in (
        ("known_place", "known"),
        ("unknown_place", "unknown"),
        ("max_one_sees", "pooled"),
    ):
        assert_allclose(column(drawing, name)[at], v[expected], atol=1e-12)
    z = stats.norm.isf(0.05)
    d = column(drawing, "d_prime")
    assert_allclose(column(drawing, "mean_one_sees"), stats.norm.sf(z - d / 2), atol=1e-12)
    assert_allclose(column(drawing, "mean_all_see"), stats.norm.sf(z - 2 * d), atol=1e-12)
    t = stats.norm.ppf(0.95**0.25)
    assert_allclose(column(drawing, "max_all_see"), 1 - stats.norm.cdf(t - d) ** 4, atol=1e-9)
    assert_allclose(drawing.values["mean_all"], stats.norm.sf(z - 4), atol=1e-12)
    assert_allclose(drawing.values["max_all"], 1 - stats.norm.cdf(t - 2) ** 4, atol=1e-9)
    assert_allclose(drawing.values["mean"], stats.norm.sf(z - 1), atol=1e-12)


def test_roc_curves_have_the_areas_in_their_caption() -> None:
    drawing = drawn(figures.roc_curves)
    alarm = column(drawing, "false_alarm")
    for name, area in (
        ("one_detector", "one"),
        ("max_one_sees", "max_one"),
        ("mean_one_sees", "mean_one"),
        ("max_all_see", "max_all"),
        ("mean_all_see", "mean_all"),
    ):
        by_trapezoids = np.trapezoid(column(drawing, name), alarm)
        assert by_trapezoids == pytest.approx(drawing.values[area], abs=2e-3)
        assert f"{drawing.values[area]:.3f}" in drawing.caption


def test_max_against_mean_changes_sign_at_the_frontier() -> None:
    drawing = drawn(figures.max_against_mean, units=9)
    seen, d, lead = (column(drawing, c) for c in ("seen", "d_prime", "max_minus_mean"))
    for s, strength in itertools.product((1, 4, 9), (1.0, 3.0)):
        [here] = lead[(seen == s) & np.isclose(d, strength, atol=1e-9)]
        rng = np.random.default_rng(2)
        noise, petal = rng.standard_normal((2, 9, 100_000))
        petal[:s] += strength
        beats = [np.mean(pool(petal, axis=0) > pool(noise, axis=0)) for pool in (np.max, np.mean)]
        assert here == pytest.approx(beats[0] - beats[1], abs=0.01)
    last, always = drawing.values["last"], drawing.values["always"]
    assert always == last + 1
    assert (lead[(seen == last) & (d > 4.5)] > 0).all()
    assert (lead[(seen == always) & (d > 0)] < 0).all()
    assert_allclose([drawing.values["most"], -drawing.values["least"]], [lead.max(), lead.min()])


def test_max_of_noise_by_simulation() -> None:
    drawing = drawn(figures.max_of_noise, units=9)
    noise = np.random.default_rng(4).standard_normal((64, 40_000))
    for n in (1, 2, 9, 64):
        largest = noise[:n].max(axis=0)
        assert column(drawing, "mean_of_max")[n - 1] == pytest.approx(largest.mean(), abs=0.02)
        assert column(drawing, "sd_of_max")[n - 1] == pytest.approx(largest.std(), abs=0.02)
    assert f"{drawing.values['mean']:.2f}" in drawing.caption
    assert drawing.values["mean"] == column(drawing, "mean_of_max")[8]
    assert_allclose(column(drawing, "sd_of_mean"), np.arange(1, 65) ** -0.5)


def test_voting_by_the_beta_quantile() -> None:
    drawing = drawn(figures.voting, units=5, false_alarm=0.1, d_prime=1.0)
    for k, one, all_see in zip(
        *(column(drawing, c) for c in ("votes", "one_sees", "all_see")), strict=True
    ):
        alarm = stats.beta.ppf(0.1, k, 6 - k)
        petal = stats.norm.sf(stats.norm.isf(alarm) - 1)
        assert_allclose(one, votes(k, [petal] + [alarm] * 4), rtol=1e-8)
        assert_allclose(all_see, votes(k, [petal] * 5), rtol=1e-8)
    assert drawing.values["best"] == 1 + int(np.argmax(column(drawing, "all_see")))
    assert drawing.values["best_hit"] == column(drawing, "all_see").max()


def test_flower_panels_counts_what_it_marks() -> None:
    drawing = drawn(figures.flower_panels, noise=0.2)
    assert drawing.values["invented"] == sum(drawing.table["invented"])
    assert drawing.values["petals"] == flower.petals().row.size
    assert (column(drawing, "score") > 0.4).all()
    near = sum(not invented for invented in drawing.table["invented"])
    assert 0 < drawing.values["kept"] <= min(near * 2, drawing.values["petals"])


def test_flower_counts_of_the_clean_photograph() -> None:
    """At noise 0 each draw is the clean map, which SciPy's filter searches too."""
    drawing = drawn(figures.flower_counts)
    for method in flower.METHODS:
        heights, near = searched(oracle.clean_map(), method)
        lost = 1 - near[heights > 0.4].any(axis=0).mean()
        invented = np.sum(heights[~near.any(axis=1)] > 0.4)
        assert column(drawing, f"lost_{method}")[0] == pytest.approx(lost, abs=1e-12)
        assert column(drawing, f"invented_{method}")[0] == invented


def test_flower_counts_says_its_largest_differences() -> None:
    drawing = drawn(figures.flower_counts)
    lost = {method: column(drawing, f"lost_{method}") for method in flower.METHODS}
    assert_allclose(drawing.values["max_gap"], np.abs(lost["max"] - lost["none"]).max())
    assert_allclose(drawing.values["subsample_gap"], (lost["subsample"] - lost["none"]).max())
    equal = {method: column(drawing, f"lost_{method}_equal") for method in flower.METHODS}
    assert_allclose(drawing.values["equal_gap"], np.abs(equal["max"] - equal["none"]).max())
    assert_allclose(drawing.values["spread"], np.ptp(list(equal.values()), axis=0).max())


def test_figures_say_the_claims_numbers() -> None:
    """What a figure and a claim both say is one number: of the same draws, to the last digit."""
    hit, alarm = values("or-of-four-hit"), values("or-of-four-false-alarm")
    one = values("or-of-four-one-sees")
    assert_says(
        figures.or_gate,
        {
            "miss": hit["single_miss"],
            "pooled_miss": hit["pooled_miss"],
            "one_sees_miss": 1 - one["pooled"],
            "pooled_alarm": alarm["pooled"],
        },
    )
    v, known = values("or-at-equal-false-alarm"), values("known-place-beats-max")
    rules = {"max": v["pooled"], "known": v["known"], "unknown": v["unknown"]}
    assert_says(figures.equal_false_alarms, rules | {"max_all": known["all"]})
    assert_says(figures.equal_false_alarms, {"max": known["one"], "known": known["known"]})
    one, every = values("max-versus-mean-one-sees"), values("max-versus-mean-all-see")
    assert_says(figures.roc_curves, {"max_one": one["max_2"], "mean_one": one["mean_2"]})
    assert_says(figures.roc_curves, {"max_all": every["max_2"], "mean_all": every["mean_2"]})
    assert_says(figures.max_of_noise, {"mean": values("max-of-noise-is-biased")["mean"]})
    v = values("majority-vote")
    best = {"best": v["best"], "best_hit": v["best_all"]}
    assert_says(figures.voting, best | {"or_hit": v["or_all"], "one_or": v["or_one"]})
    v = values("or-needs-independent-detectors")
    photo = {f"photo_{name}": v[name] for name in ("correlation", "miss")}
    photo |= {"photo_single": v["single_miss"], "photo_promised": v["promised_miss"]}
    own = {"map_miss": v["own_noise_miss"], "map_promised": v["own_noise_promised"]}
    assert_says(figures.correlated_or, photo | own)
    v = values("flower-photo-noise")
    found = ("unit_exact", "max_exact", "unit_far", "max_far")
    assert_says(figures.flower_displaced, {name: v[name] for name in found})
    assert_says(figures.flower_counts, {"petals": values("flower-photo-search")["petals"]})
    assert_says(figures.flower_panels, {"petals": values("flower-photo-search")["petals"]})


def test_curves_and_bars_have_the_claims_numbers() -> None:
    drawing, v = figures.flower_displaced(), values("flower-photo-max-or-mean")
    for noise, gain in (("pixels", "pixels"), ("each detector", "each")):
        largest, mean = (column(drawing, f"{name}, noise on {noise}") for name in ("max", "mean"))
        assert 100 * (largest - mean)[1] == pytest.approx(v[gain], rel=1e-9)
    v = values("flower-photo-noise")
    for watcher in ("unit", "max"):
        found = [v[f"{watcher}_{place}"] for place in ("exact", "beside", "far")]
        assert_allclose(column(drawing, f"{watcher}, noise on pixels")[[0, 1, 3]], found)
    drawing, v = figures.flower_counts(), values("flower-photo-search")
    at = list(drawing.table["noise"]).index(v["noise"])
    for method in flower.METHODS:
        assert column(drawing, f"lost_{method}")[at] == pytest.approx(v[f"{method}_lost"])
        lost = column(drawing, f"lost_{method}_equal")[at]
        assert lost == pytest.approx(1 - v[f"{method}_found"], abs=0.03)  # the claim's: 12 seeds
    more = v["subsample_lost"] - v["none_lost"]
    assert drawing.values["subsample_gap"] >= more - 1e-12
    drawing, v = figures.correlated_or(), values("or-needs-independent-detectors")
    assert column(drawing, "missed_single")[0] == pytest.approx(v["single_miss"])
    assert_allclose(column(drawing, "missed_or"), [v["miss"], v["own_noise_miss"]])
    promised = [v["promised_miss"], v["own_noise_promised"]]
    assert_allclose(column(drawing, "missed_promised"), promised)


def test_correlated_or_has_ends_and_false_alarms() -> None:
    """Each detector by itself raises the alarms it is tuned to, and the OR what its noise tells."""
    drawing = drawn(figures.correlated_or)
    low, found, high = (column(drawing, f"missed_or{end}") for end in ("_low", "", "_high"))
    assert (low < found).all()
    assert (found < high).all()
    single, either, promised = (
        column(drawing, f"alarms_{who}") for who in ("single", "or", "promised")
    )
    assert_allclose(single, 0.05, atol=0.006)  # over all of the window, next to petals too
    assert either[1] == pytest.approx(promised[1], rel=0.03)
    assert single[0] < either[0]
    assert single[0] + 0.7 * (promised[0] - single[0]) > either[0]
    for row in (0, 1):  # of places with one rate all, more would be promised
        assert promised[row] < votes(1, [single[row]] * 4)


def test_a_wider_window_finds_a_petal_farther_off() -> None:
    wide, narrow = (drawn(figures.flower_displaced, window=side).values for side in (4, 2))
    assert wide["max_far"] > narrow["max_far"]
    assert wide["unit_exact"] == narrow["unit_exact"]


def test_voting_names_the_best_number_of_votes_only_if_it_finds_more_than_the_or() -> None:
    more, as_much = drawn(figures.voting), drawn(figures.voting, d_prime=10.0)
    best = column(more, "all_see").max()
    for drawing in (more, drawn(figures.voting, false_alarm=1e-6)):
        hits = column(drawing, "all_see")
        said = f"the largest share, {hits.max():.1%}, is found with {hits.argmax() + 1} votes"
        assert said in drawing.caption
        assert said in drawing.alt
    assert best > column(more, "all_see")[0] + 0.01
    for drawing in (as_much, drawn(figures.voting, d_prime=0.0), drawn(figures.voting, units=64)):
        hits = column(drawing, "all_see")
        assert hits.max() < hits[0] + 0.001
        assert "then no number of votes finds 0.1% more" in drawing.caption
        assert "largest" not in drawing.caption + drawing.alt


def test_more_petals_are_lost_only_if_they_are() -> None:
    none, some = (drawn(figures.flower_counts, threshold=t) for t in (1.0, 0.4))
    assert column(none, "lost_subsample").tolist() == column(none, "lost_none").tolist()
    assert "subsampling loses no more than the full map" in none.caption
    assert "subsampling loses no more, and the mean no more" in none.alt
    assert "max pooling and the full map lose the same share" in none.caption
    gap = (column(some, "lost_subsample") - column(some, "lost_none")).max()
    assert f"subsampling loses up to {gap:.1%} more than the full map" in some.caption


@pytest.mark.parametrize("units", [1, 4, 64])
def test_max_of_noise_names_a_window_once(units: int) -> None:
    drawing = drawn(figures.max_of_noise, units=units)
    answer = f"{abs(column(drawing, 'mean_of_max')[units - 1]):.2f}"
    assert f"{answer} on average" in drawing.caption
    assert (f"; for {units} it is {answer}" in drawing.alt) == (units == 4)
