"""Each claim's numbers again, by a route that shares no code with the model."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy import integrate, ndimage, optimize, stats

from explainers.checks import Floats
from tests.claiming import computed, values
from tests.detection.reference import searched, votes
from tests.flower import reference as oracle


def assert_inside(id: str, *names: str) -> None:
    """The interval holds its own number, and is no wider than its size tells."""
    for name in names:
        value = computed(id)[name]
        assert value.low is not None
        assert value.high is not None
        assert value.low < value.value < value.high


def test_or_of_four_hit() -> None:
    v = values("or-of-four-hit")
    assert (v["units"], v["single"]) == (4, 0.8)
    assert_allclose(v["pooled"], votes(1, [0.8] * 4), rtol=1e-12)
    assert_allclose([v["single_miss"], v["pooled_miss"]], [0.2, 0.2**4], rtol=1e-9)


def test_or_of_four_hit_with_noise_in_common() -> None:
    """By simulation of a common and an own part of the noise; 4 standard errors."""
    rng = np.random.default_rng(3)
    common, own = rng.standard_normal((1, 200_000)), rng.standard_normal((9, 200_000))
    noise = np.sqrt(0.7) * common + np.sqrt(0.3) * own
    fires = (noise > stats.norm.isf(0.5)).any(axis=0)
    v = values("or-of-four-hit", units=9, hit=0.5, correlation=0.7)
    assert v["pooled"] == pytest.approx(fires.mean(), abs=4 * fires.std() / 200_000**0.5)


def test_or_of_four_false_alarm() -> None:
    v = values("or-of-four-false-alarm")
    assert (v["units"], v["single"]) == (4, 0.05)
    assert_allclose(v["pooled"], votes(1, [0.05] * 4), rtol=1e-12)
    assert_allclose(v["times"], votes(1, [0.05] * 4) / 0.05, rtol=1e-12)


def test_or_of_four_one_sees() -> None:
    v = values("or-of-four-one-sees")
    assert (v["units"], v["single"], v["false_alarm"]) == (4, 0.8, 0.05)
    pooled = votes(1, [0.8, 0.05, 0.05, 0.05])
    assert_allclose(v["pooled"], pooled, rtol=1e-12)
    assert_allclose(v["luck"], 100 * (pooled - 0.8), rtol=1e-9)
    assert_allclose(v["fixed"], np.mean([0.8, 0.05, 0.05, 0.05]), rtol=1e-12)
    assert_allclose(v["alarm"], votes(1, [0.05] * 4), rtol=1e-12)


def test_or_at_equal_false_alarm() -> None:
    """By simulation: thresholds from the empirical quantiles of noise; 4 standard errors."""
    v = values("or-at-equal-false-alarm")
    assert (v["units"], v["d_prime"], v["false_alarm"], v["seen"]) == (4, 2, 0.05, 1)
    rng = np.random.default_rng(5)
    noise, scenes = rng.standard_normal((2, 4, 400_000))
    place = rng.integers(4, size=scenes.shape[1])
    scenes[place, np.arange(scenes.shape[1])] += 2
    watched = {
        "pooled": (noise.max(axis=0), scenes.max(axis=0)),
        "known": (noise[0], scenes[place, np.arange(scenes.shape[1])]),
        "unknown": (noise[0], scenes[0]),
    }
    for name, (background, petal) in watched.items():
        found = np.mean(petal > np.quantile(background, 0.95))
        assert found == pytest.approx(v[name], abs=0.006)


def test_known_place_beats_max() -> None:
    """By SciPy's distributions, the thresholds by bisection; and with another window."""
    for units, d, alarm in ((4, 2.0, 0.05), (9, 1.0, 0.2)):
        v = values("known-place-beats-max", units=units, d_prime=d, false_alarm=alarm)
        t = optimize.brentq(lambda x, n=units, a=alarm: stats.norm.cdf(x) ** n - 1 + a, -5, 9)
        assert_allclose(v["known"], stats.norm.sf(stats.norm.isf(alarm) - d), rtol=1e-9)
        for name, seen in (("one", 1), ("two", 2), ("all", units), ("pooled", 1)):
            missed = stats.norm.cdf(t - d) ** seen * stats.norm.cdf(t) ** (units - seen)
            assert_allclose(v[name], 1 - missed, rtol=1e-8)


@pytest.mark.parametrize(
    ("id", "seen"), [("max-versus-mean-one-sees", 1), ("max-versus-mean-all-see", 4)]
)
def test_max_versus_mean(id: str, seen: int) -> None:
    """By adaptive quadrature of the probability that a petal's answer beats noise's."""
    v = values(id)
    assert (v["units"], v["seen"]) == (4, seen)
    for d in (1, 2, 3):

        def density(x: float, d: int = d) -> float:
            below_petal = stats.norm.cdf(x - d) ** seen * stats.norm.cdf(x) ** (4 - seen)
            return float(4 * stats.norm.cdf(x) ** 3 * stats.norm.pdf(x) * (1 - below_petal))

        area = integrate.quad(density, -10, 14, points=[0, d], epsabs=1e-12)[0]
        assert_allclose(v[f"max_{d}"], area, atol=1e-9)
        difference = stats.norm(seen * d / 4, np.sqrt(2 / 4))  # of the two means
        assert_allclose(v[f"mean_{d}"], difference.sf(0), atol=1e-12)


def test_max_versus_mean_turns_where_the_areas_are_equal() -> None:
    v = values("max-versus-mean-one-sees")
    assert v["overtakes"] == values("max-overtakes-mean")["by_area"]


def test_max_overtakes_mean() -> None:
    """By Brent's method on SciPy's distributions."""
    v = values("max-overtakes-mean")
    assert (v["units"], v["false_alarm"]) == (4, 0.05)

    def lead(d: float) -> float:
        def density(x: float) -> float:
            return float(4 * stats.norm.cdf(x) ** 6 * stats.norm.pdf(x) * stats.norm.cdf(x - d))

        confused = integrate.quad(density, -10, 14, points=[0, d], epsabs=1e-13)[0]
        return float(stats.norm.sf(d / np.sqrt(8)) - confused)

    def tuned_lead(d: float) -> float:
        t = stats.norm.ppf(0.95**0.25)
        missed = stats.norm.cdf(t - d) * stats.norm.cdf(t) ** 3
        return float(stats.norm.cdf(stats.norm.ppf(0.95) - d / 2) - missed)

    assert_allclose(v["by_area"], optimize.brentq(lead, 0.3, 2, xtol=1e-12), atol=1e-8)
    assert_allclose(v["by_hits"], optimize.brentq(tuned_lead, 0.3, 2, xtol=1e-12), atol=1e-8)


def test_max_of_noise() -> None:
    v = values("max-of-noise-is-biased")
    assert (v["units"], v["false_alarm"]) == (4, 0.05)

    def moment(power: int) -> float:
        return float(
            integrate.quad(
                lambda x: x**power * 4 * stats.norm.cdf(x) ** 3 * stats.norm.pdf(x), -12, 12
            )[0]
        )

    assert_allclose(v["mean"], moment(1), atol=1e-8)
    assert_allclose(v["sd"], np.sqrt(moment(2) - moment(1) ** 2), atol=1e-8)
    assert_allclose(v["threshold"], stats.norm.isf(0.05), rtol=1e-9)
    assert_allclose(stats.norm.cdf(v["pooled_threshold"]) ** 4, 0.95, rtol=1e-9)


def test_majority_vote() -> None:
    v = values("majority-vote")
    assert (v["units"], v["d_prime"], v["false_alarm"]) == (4, 2, 0.05)

    def tuned(k: int, seen: int) -> float:
        alarm = optimize.brentq(lambda q: votes(k, [q] * 4) - 0.05, 1e-9, 1 - 1e-9, xtol=1e-15)
        petal = stats.norm.sf(stats.norm.isf(alarm) - 2)
        return votes(k, [petal] * seen + [alarm] * (4 - seen))

    assert_allclose([v["or_one"], v["next_one"]], [tuned(1, 1), tuned(2, 1)], rtol=1e-8)
    all_see = [tuned(k, 4) for k in (1, 2, 3, 4)]
    assert v["best"] == 1 + int(np.argmax(all_see))
    assert_allclose([v["or_all"], v["best_all"]], [all_see[0], max(all_see)], rtol=1e-8)


# The photograph, by SciPy's and scikit-image's filters, with noise of another seed. The numbers
# differ by the draws: the tolerance is 4 standard errors of the mean over 60 of them, rounded up.

DRAWS, SEED = 60, 11


@cache
def maps(kind: str) -> list[Floats]:
    if kind == "map":
        return list(oracle.map_maps(0.2, DRAWS, SEED))
    return oracle.photo_maps(0.3, DRAWS, SEED)


def watched(petal_map: Floats) -> dict[str, Floats]:
    """What stands at each unit: its own answer, and the max and mean of the window to its right."""
    here = {"mode": ["nearest", "wrap"], "origin": -1}
    return {
        "unit": petal_map,
        "max": ndimage.maximum_filter(petal_map, 2, **here),
        "mean": ndimage.uniform_filter(petal_map, 2, **here),
    }


IN_THE_WINDOW = ((0, 0), (-1, 0), (0, -1), (-1, -1))


@cache
def hits(kind: str, displacement: int | None) -> dict[str, float]:
    """With the petal so far to four sides; or at each place of the 2 × 2 window."""
    rows, columns = np.transpose(oracle.background())
    petals = np.array(oracle.inner_petals())
    seen = [watched(petal_map) for petal_map in maps(kind)]
    sides = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])
    steps = np.array(IN_THE_WINDOW) if displacement is None else sides * displacement
    around = (petals[:, None] + steps).reshape(-1, 2)
    found = {}
    for name in ("unit", "max", "mean"):
        limit = np.quantile([each[name][rows, columns] for each in seen], 0.95)
        answers = [each[name][around[:, 0], around[:, 1] % 256] for each in seen]
        found[name] = float(np.mean(np.array(answers) > limit))
    return found


def test_flower_photo_noise() -> None:
    v = values("flower-photo-noise")
    assert (v["far"], v["noise"], v["petals"]) == (3, 0.3, len(oracle.inner_petals()))
    for place, displacement in (("exact", 0), ("beside", 1), ("far", 3), ("anywhere", None)):
        found = hits("photo", displacement)
        assert v[f"unit_{place}"] == pytest.approx(found["unit"], abs=0.02)
        assert v[f"max_{place}"] == pytest.approx(found["max"], abs=0.02)
        gain = 100 * (found["max"] - found["unit"])
        assert v[f"gain_{place}"] == pytest.approx(gain, abs=1.5)
        assert_inside("flower-photo-noise", f"gain_{place}")
    assert v["gain"] == v["gain_far"]


def test_flower_photo_max_or_mean() -> None:
    v = values("flower-photo-max-or-mean")
    for name, kind in (("pixels", "photo"), ("each", "map")):
        found = hits(kind, 1)
        assert v[name] == pytest.approx(100 * (found["max"] - found["mean"]), abs=1.5)
        assert_inside("flower-photo-max-or-mean", name)
        found = hits(kind, None)
        inside = 100 * (found["max"] - found["mean"])
        assert v[f"{name}_inside"] == pytest.approx(inside, abs=1.5)
        assert_inside("flower-photo-max-or-mean", f"{name}_inside")


def test_or_needs_independent_detectors() -> None:
    v = values("or-needs-independent-detectors")
    rows, columns = np.transpose(oracle.inner_petals())
    measured = {}
    for kind in ("photo", "map"):
        limit = np.quantile([m[tuple(np.transpose(oracle.background()))] for m in maps(kind)], 0.95)
        units = np.array(
            [[m[rows + i, (columns + j) % 256] for i in (0, 1) for j in (0, 1)] for m in maps(kind)]
        )
        silent = units <= limit  # (draws, units, petals)
        own = silent.mean(axis=0)
        measured[kind] = (own.mean(), silent.all(axis=1).mean(), own.prod(axis=0).mean())
        if kind == "photo":
            each = [np.corrcoef(units[..., petal].T) for petal in range(units.shape[-1])]
            correlation = np.mean([c[np.triu_indices(4, 1)].mean() for c in each])
    single, missed, promised = measured["photo"]
    assert v["correlation"] == pytest.approx(correlation, abs=0.03)
    assert v["single_miss"] == pytest.approx(single, abs=0.02)
    assert v["miss"] == pytest.approx(missed, abs=0.015)
    assert v["promised_miss"] == pytest.approx(promised, abs=0.005)
    assert v["share"] == pytest.approx((single - missed) / (single - promised), abs=0.05)
    assert_inside("or-needs-independent-detectors", "miss")
    assert v["own_noise_miss"] == pytest.approx(measured["map"][1], abs=0.006)
    assert v["own_noise_promised"] == pytest.approx(measured["map"][2], abs=0.006)


Peaks = list[tuple[Floats, NDArray[np.bool_]]]


def peaks(method: str, within: int = 6, reach: int = 6) -> Peaks:
    return [searched(noisy, method, within=within, reach=reach) for noisy in maps("photo")]


def kept_above(found: Peaks, limit: float) -> float:
    """Share of the petals with a peak above the limit near them."""
    return float(np.mean([near[height > limit].any(axis=0).mean() for height, near in found]))


def kept_at_three_invented(method: str, within: int = 6, reach: int = 6) -> float:
    """Share of the petals found when the threshold leaves three peaks a map without one."""
    found = peaks(method, within, reach)
    alone = np.sort(np.concatenate([height[~near.any(axis=1)] for height, near in found]))
    return kept_above(found, alone[-3 * len(found) - 1])


def test_flower_photo_search() -> None:
    v = values("flower-photo-search")
    assert (v["petals"], v["noise"]) == (len(oracle.found_petals()), 0.3)
    methods = ("max", "mean", "subsample", "none")
    for method in methods:
        lost = 1 - kept_above(peaks(method), 0.4)
        assert v[f"{method}_lost"] == pytest.approx(lost, abs=0.03)
    found = {method: kept_at_three_invented(method) for method in methods}
    for method in methods:  # 60 draws here, 600 there; 4 standard errors
        assert v[f"{method}_found"] == pytest.approx(found[method], abs=0.05)
    assert v["gain"] == pytest.approx(100 * (found["max"] - found["none"]), abs=1)
    subsampled = 100 * (found["subsample"] - found["none"])
    assert v["subsample_gain"] == pytest.approx(subsampled, abs=2.5)
    assert v["gain"] == pytest.approx(100 * (v["max_found"] - v["none_found"]), abs=1e-9)
    assert_inside("flower-photo-search", "max_found", "none_found", "subsample_gain")


@pytest.mark.parametrize(("within", "reach"), [(5, 6), (7, 6), (8, 6), (6, 2), (6, 3), (6, 4)])
def test_the_search_does_not_hang_on_what_is_near(within: int, reach: int) -> None:
    """Whatever distance is called near, and however far a peak must be the highest."""
    found = {m: kept_at_three_invented(m, within, reach) for m in ("max", "subsample", "none")}
    assert abs(found["max"] - found["none"]) < 0.01
    assert found["subsample"] < found["none"]
