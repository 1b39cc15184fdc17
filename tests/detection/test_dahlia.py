"""Pooling on the dahlia: each rate again, by loops and by laws."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import stats
from skimage.measure import block_reduce

from explainers import flower
from explainers.checks import Floats
from explainers.detection import dahlia
from explainers.intervals import Interval
from tests.detection.reference import searched
from tests.flower import reference as oracle

DRAWS, SEED, NOISE_SD = 6, 3, 0.3
HALF = 6


def photo_maps() -> list[Floats]:
    return oracle.photo_maps(NOISE_SD, DRAWS, SEED)


# Hit rates at equal false alarms


def looped_hit_rates(window: int, false_alarm: float) -> tuple[Floats, list[float]]:
    """Return hits (3, 4, draws) and thresholds, one petal, direction and draw at a time."""
    noise = np.array(
        [[oracle.watchers(m, r, c, window) for r, c in oracle.background()] for m in photo_maps()]
    ).reshape(-1, 3)
    thresholds = [stats.scoreatpercentile(each, 100 * (1 - false_alarm)) for each in noise.T]
    hits = np.zeros((3, 4, DRAWS))
    for draw, away in itertools.product(range(DRAWS), range(4)):
        seen = [
            oracle.watchers(photo_maps()[draw], row + away * dy, column + away * dx, window)
            for row, column in oracle.inner_petals()
            for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1))
        ]
        hits[:, away, draw] = np.mean(np.array(seen) > thresholds, axis=0)
    return hits, thresholds


def assert_rates(actual: Interval[Floats], each_draw: Floats) -> None:
    """Compare with SciPy's mean and normal interval over draws."""
    each_draw = each_draw.reshape(-1, each_draw.shape[-1])
    for value, low, high, draws in zip(*(np.ravel(a) for a in actual), each_draw, strict=True):
        sem = stats.sem(draws)
        assert value == pytest.approx(np.mean(draws), abs=1e-12)
        assert high - low == pytest.approx(2 * stats.norm.ppf(0.975) * sem, abs=1e-12)
        assert value - low == pytest.approx(high - value, abs=1e-12)


@pytest.mark.parametrize(("window", "false_alarm"), [(2, 0.05), (3, 0.01)])
def test_hit_rates_by_loops(window: int, false_alarm: float) -> None:
    rates = dahlia.hit_rates(
        NOISE_SD, window=window, false_alarm=false_alarm, draws=DRAWS, seed=SEED
    )
    hits, thresholds = looped_hit_rates(window, false_alarm)
    assert rates.displacement.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(rates.threshold, thresholds, atol=1e-9)
    assert rates.petals == len(oracle.inner_petals())
    assert_rates(rates.hit, hits)
    assert_rates(rates.gain, hits[1:] - hits[0])
    assert_rates(rates.max_over_mean, hits[1] - hits[2])

    first = -((window - 1) // 2)
    places = list(itertools.product(range(first, first + window), repeat=2))
    anywhere = np.array([
        np.mean([
            np.array(oracle.watchers(noisy, row - down, column - across, window)) > thresholds
            for row, column in oracle.inner_petals()
            for down, across in places
        ], axis=0)
        for noisy in photo_maps()
    ]).T  # fmt: skip
    assert_rates(rates.anywhere, anywhere)
    assert_rates(rates.anywhere_gain, anywhere[1:] - anywhere[0])
    over_mean = Interval(*map(np.array, rates.anywhere_over_mean))
    assert_rates(over_mean, anywhere[1] - anywhere[2])


def test_hit_rates_under_map_noise_by_the_normal_law() -> None:
    """Independent units have closed forms: Φ for the unit and the mean, a product for the max."""
    sd = 0.2
    rates = dahlia.hit_rates(sd, noise="map", draws=200)

    def above(row: int, column: int) -> list[float]:
        seen = oracle.cut(oracle.clean_map(), row, column, 2)
        unit, largest, mean = rates.threshold
        return [
            stats.norm.sf((unit - seen[0, 0]) / sd),
            1 - np.prod(stats.norm.cdf((largest - seen) / sd)),
            stats.norm.sf((mean - seen.mean()) / (sd / 2)),
        ]

    alarms = np.mean([above(*place) for place in oracle.background()[::7]], axis=0)
    np.testing.assert_allclose(alarms, 0.05, atol=0.004)
    for away in range(4):
        steps = [(-away, 0), (away, 0), (0, -away), (0, away)]
        hits = [above(r + dy, c + dx) for r, c in oracle.inner_petals() for dy, dx in steps]
        np.testing.assert_allclose(rates.hit.value[:, away], np.mean(hits, axis=0), atol=0.012)


def test_max_beats_mean_under_photo_noise_and_loses_under_map_noise() -> None:
    assert np.all(dahlia.hit_rates(0.3).max_over_mean.low[1:] > 0)
    assert np.all(dahlia.hit_rates(0.2, noise="map").max_over_mean.high < 0)


def test_pooling_costs_at_a_known_place_and_pays_two_pixels_off() -> None:
    gain_of_max = dahlia.hit_rates(0.3).gain
    assert np.all(gain_of_max.high[0, :2] < 0)
    assert np.all(gain_of_max.low[0, 2:] > 0)


# Kept, lost and invented


def counted(
    maps: Sequence[Floats], method: str, window: int, threshold: float | None, invented: float
) -> tuple[list[float], list[int], float]:
    """Return the share kept and the number invented by draw, and the threshold."""
    found = [searched(each, method, window) for each in maps]
    elsewhere = [heights[~near.any(axis=1)] for heights, near in found]
    if threshold is None:
        threshold = float(np.sort(np.concatenate(elsewhere))[-int(invented * len(maps)) - 1])
    kept = [float(near[heights > threshold].any(axis=0).mean()) for heights, near in found]
    return kept, [int(np.sum(heights > threshold)) for heights in elsewhere], threshold


@pytest.mark.parametrize(
    ("window", "invented", "threshold"), [(2, 2.5, None), (2, None, 0.4), (4, 4.0, None)]
)
def test_petal_counts_by_scipys_filter(
    window: int, invented: float | None, threshold: float | None
) -> None:
    counts = dahlia.petal_counts(
        (0, NOISE_SD),
        window=window,
        invented=invented,
        threshold=threshold,
        draws=DRAWS,
        seed=SEED,
    )
    assert counts.petals == len(oracle.found_petals())
    for level, maps in enumerate(([oracle.clean_map()] * DRAWS, photo_maps())):
        expected = [
            counted(maps, method, window, threshold, invented or 0) for method in flower.METHODS
        ]
        kept = np.array([each[0] for each in expected])
        wrong = np.array([each[1] for each in expected], float)
        assert_rates(Interval(*(each[:, level] for each in counts.kept)), kept)
        assert_rates(Interval(*(each[:, level] for each in counts.lost)), 1 - kept)
        assert_rates(Interval(*(each[:, level] for each in counts.invented)), wrong)
        assert_rates(
            Interval(*(each[:, level] for each in counts.kept_over_none)), kept[:3] - kept[3]
        )
        np.testing.assert_allclose(
            counts.threshold[:, level], [each[2] for each in expected], atol=1e-9
        )


@pytest.mark.parametrize("method", flower.METHODS)
@pytest.mark.parametrize("window", [2, 4])
def test_detections_are_those_that_are_counted(method: str, window: int) -> None:
    """Each stands where its value stood, and the numbers are those of the plain loops."""
    found = dahlia.detections(NOISE_SD, SEED, method=method, window=window, threshold=0.35)
    kept, wrong, _ = counted(photo_maps()[:1], method, window, 0.35, 0)
    assert found.kept.mean() == kept[0]
    assert found.invented.sum() == wrong[0]
    assert found.score.min() > 0.35
    pooled = {
        "max": block_reduce(photo_maps()[0], window, np.max),
        "mean": block_reduce(photo_maps()[0], window, np.mean),
    }
    for row, column, score in zip(found.row, found.column, found.score, strict=True):
        own = photo_maps()[0][row, column]
        expected = pooled[method][row // window, column // window] if method in pooled else own
        assert score == pytest.approx(expected, abs=1e-9)
        if method in pooled:
            assert own == pytest.approx(pooled["max"][row // window, column // window], abs=1e-9)
        elif method == "subsample":
            assert row % window == column % window == 0
    petals = zip(flower.petals().row, flower.petals().column, strict=True)
    near = [
        [oracle.distance(r, c, petal) <= HALF for r, c in zip(found.row, found.column, strict=True)]
        for petal in petals
    ]
    np.testing.assert_array_equal(found.invented, ~np.any(near, axis=0))
    np.testing.assert_array_equal(found.kept, np.any(near, axis=1))


@pytest.mark.parametrize("window", [2, 4])
@pytest.mark.parametrize("noise", flower.NOISES)
def test_max_pooling_keeps_each_peak_of_the_full_map(noise: str, window: int) -> None:
    """The largest value within 6 pixels is the largest of its window, and has no higher rival."""
    lowest: dict[str, Any] = {"noise": noise, "window": window, "threshold": -1.0}
    full, left = (dahlia.detections(NOISE_SD, SEED, method=m, **lowest) for m in ("none", "max"))
    peaks, kept = (
        set(zip(f.row.tolist(), f.column.tolist(), f.score.tolist(), strict=True))
        for f in (full, left)
    )
    assert peaks <= kept
    assert np.all(left.kept[full.kept])
    assert left.invented.sum() >= full.invented.sum()


def test_a_detection_is_strictly_above_the_threshold() -> None:
    scores = dahlia.detections(NOISE_SD, SEED).score
    fewer = dahlia.detections(NOISE_SD, SEED, threshold=float(scores.min())).score
    assert sorted(fewer) == sorted(scores)[1:]


def test_a_petal_is_kept_strictly_above_the_threshold() -> None:
    petals = flower.petals()
    scores = flower.petal_map(noise="map")[petals.row, petals.column]
    counts = dahlia.petal_counts((0,), noise="map", threshold=float(scores.min()), draws=2)
    assert counts.kept.value[3, 0] == pytest.approx(1 - 1 / scores.size, rel=1e-12)


def test_the_clean_photograph_keeps_all_its_petals_at_their_own_threshold() -> None:
    counts = dahlia.petal_counts((0,), threshold=oracle.THRESHOLD, draws=2)
    kept = dict(zip(flower.METHODS, counts.kept.value[:, 0], strict=True))
    assert kept["none"] == 1
    assert kept["max"] == 1
    assert kept["mean"] < 1
    assert kept["subsample"] < 1


def test_windows_of_one_unit_change_nothing() -> None:
    counts = dahlia.petal_counts((NOISE_SD,), window=1, draws=3)
    assert np.ptp(counts.kept.value) == 0
    assert (
        dahlia.detections(window=1).row.size == dahlia.detections(window=1, method="none").row.size
    )
    rates = dahlia.hit_rates(NOISE_SD, window=1, draws=3)
    np.testing.assert_array_equal(rates.gain.value, 0)


@pytest.mark.parametrize(("settings", "invented"), [({}, 3), ({"invented": 5.0}, 5)])
def test_invented_petals_are_equal_at_every_noise_level(
    settings: dict[str, float], invented: int
) -> None:
    counts = dahlia.petal_counts((0.1, 0.4), draws=20, seed=0, **settings)  # type: ignore[arg-type]
    np.testing.assert_allclose(counts.invented.value, invented, rtol=1e-12)


def test_a_threshold_leaves_nothing_to_allow() -> None:
    with pytest.raises(ValueError, match=r"^invented must be None where .*; got 5.0"):
        dahlia.petal_counts(threshold=0.4, invented=5)


def test_more_invented_than_there_are_places_keeps_what_there_is() -> None:
    """A bound that no threshold can use up lets every detection pass."""
    counts = dahlia.petal_counts((0.3,), invented=1e6, draws=2)
    assert np.all(counts.threshold == -np.inf)
    assert np.all(counts.kept.value > 0.9)


# The OR


def looped_or(window: int, false_alarm: float) -> dict[str, Any]:
    petals, elsewhere = oracle.inner_petals(), oracle.background()
    noise = [m[place] for m in photo_maps() for place in elsewhere]
    threshold = stats.scoreatpercentile(noise, 100 * (1 - false_alarm))
    units = [[oracle.cut(m, r, c, window).ravel() for r, c in petals] for m in photo_maps()]
    false = [[oracle.cut(m, r, c, window).ravel() for r, c in elsewhere] for m in photo_maps()]
    at_petals = np.array(units)
    pairs = np.triu_indices(window**2, 1)
    correlation = [np.corrcoef(place.T)[pairs] for place in np.moveaxis(at_petals, 1, 0)]
    return {
        "threshold": threshold,
        "hits": at_petals > threshold,
        "alarms": np.array(false) > threshold,
        "correlation": np.mean(correlation),
    }


def or_rates(fires: Any) -> list[float]:
    """Return unit, pooled, independent and gain share of (draws, places, units)."""
    unit = np.mean(fires)
    pooled = np.mean([any(place) for draw in fires for place in draw])
    places = np.moveaxis(fires, 1, 0)
    independent = np.mean([1 - math.prod(1 - place.mean(axis=0)) for place in places])
    return [unit, pooled, independent, (pooled - unit) / (independent - unit)]


@pytest.mark.parametrize(("window", "false_alarm"), [(2, 0.05), (3, 0.01)])
def test_or_gain_by_loops(window: int, false_alarm: float) -> None:
    result = dahlia.or_gain(
        NOISE_SD, window=window, false_alarm=false_alarm, draws=DRAWS, seed=SEED
    )
    looped = looped_or(window, false_alarm)
    assert result.threshold == pytest.approx(looped["threshold"], abs=1e-9)
    np.testing.assert_allclose(result.hit, or_rates(looped["hits"]), rtol=1e-12)
    np.testing.assert_allclose(result.false_alarm, or_rates(looped["alarms"]), rtol=1e-12)
    assert result.correlation == pytest.approx(looped["correlation"], abs=1e-7)

    stream = np.random.SeedSequence(SEED, spawn_key=(1,))
    taken = np.random.default_rng(stream).multinomial(DRAWS, [1 / DRAWS] * DRAWS, size=1000)
    resampled = [or_rates(np.repeat(looped["hits"], times, axis=0)) for times in taken]
    low, high = stats.scoreatpercentile(resampled, (2.5, 97.5), axis=0)
    np.testing.assert_allclose(result.hit_low, low, rtol=1e-9)
    np.testing.assert_allclose(result.hit_high, high, rtol=1e-9)


def test_a_unit_fires_strictly_above_the_threshold() -> None:
    """With an odd number of background values their median is one of them, and does not fire."""
    result = dahlia.or_gain(NOISE_SD, false_alarm=0.5, draws=3, seed=SEED)
    maps, elsewhere = oracle.photo_maps(NOISE_SD, 3, SEED), oracle.background()
    values = np.array([m[place] for m in maps for place in elsewhere])
    assert values.size % 2 == 1
    windows = np.array([[oracle.cut(m, r, c, 2).ravel() for r, c in elsewhere] for m in maps])
    fires = windows > np.sort(values)[values.size // 2]
    assert result.false_alarm.unit == pytest.approx(fires.mean(), rel=1e-12)


def test_bootstrap_interval_agrees_with_the_normal_one() -> None:
    """The OR's mean over draws has a plain standard error, by another route."""
    result = dahlia.or_gain(0.4, draws=60)
    rates = dahlia.hit_rates(0.4, draws=60)
    hits = or_hits_by_draw(result.threshold, 60)
    low, high = stats.norm.interval(0.95, np.mean(hits), stats.sem(hits))
    assert result.hit.pooled == pytest.approx(np.mean(hits), abs=1e-12)
    np.testing.assert_allclose(
        [result.hit_low.pooled, result.hit_high.pooled], [low, high], atol=4e-3
    )
    assert result.threshold == pytest.approx(rates.threshold[0], abs=1e-12)


def or_hits_by_draw(threshold: float, draws: int) -> list[float]:
    """Match each draw's photograph with SciPy and scikit-image; the share of petals that fire."""
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(draws):
        noise = np.zeros((427, 640))
        noise[oracle.read_pixels()] = rng.standard_normal(oracle.read_pixels().sum())
        petal_map = oracle.matched(oracle.sampled(oracle.blue() + 0.4 * noise), oracle.template())
        fired = [oracle.cut(petal_map, r, c, 2).max() > threshold for r, c in oracle.inner_petals()]
        shares.append(float(np.mean(fired)))
    return shares


def test_independent_units_gain_what_the_product_says() -> None:
    result = dahlia.or_gain(0.2, noise="map")
    assert result.hit_low.gain_share < 1 < result.hit_high.gain_share
    assert result.false_alarm.gain_share == pytest.approx(1, abs=0.01)
    assert abs(result.correlation) < 0.02


def test_shared_pixels_cost_the_or_its_gain_and_its_false_alarms() -> None:
    result = dahlia.or_gain(0.3)
    assert result.correlation > 0.6
    assert result.hit_high.gain_share < 0.9
    assert result.false_alarm.gain_share < 0.6


def test_nothing_promised_has_no_share() -> None:
    """With next to no noise each unit always fires, or always does not: all rates agree."""
    result = dahlia.or_gain(1e-6, noise="map", false_alarm=0.9, draws=3)
    np.testing.assert_allclose(result.hit[:3], 1, rtol=1e-12)
    assert math.isnan(result.hit.gain_share)


# Draws


def test_same_seed_same_result_and_the_figure_shows_the_first_draw() -> None:
    assert dahlia.hit_rates(0.1, draws=5) is dahlia.hit_rates(0.1, draws=5)
    many = dahlia.petal_counts((0.3,), threshold=0.4, draws=4, seed=9)
    [kept, _, _] = counted(oracle.photo_maps(0.3, 1, 9), "none", 2, 0.4, 0)
    few = dahlia.petal_counts((0.3,), threshold=0.4, draws=2, seed=9)
    second = 2 * few.kept.value[3, 0] - kept[0]
    assert 0 < second < 1
    assert few.kept.value[3, 0] != many.kept.value[3, 0]
    assert flower.petal_map(0.3, 9)[0, 0] != flower.petal_map(0.3, 10)[0, 0]


@pytest.mark.parametrize("method", ["max", "subsample", "none"])
def test_nothing_is_found_where_nothing_was_kept(method: str) -> None:
    """However low the threshold: what is found is a value of the full map, at its own place."""
    found = dahlia.detections(0, 5, method=method, threshold=-1)
    full = flower.petal_map(0, 5)
    assert found.row.size > 20
    assert found.score.tolist() == full[found.row, found.column].tolist()
