"""Each claim's numbers, by a route that shares no code with the model."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage, optimize, stats
from sklearn.linear_model import LinearRegression

from explainers.alternatives import table
from explainers.checks import Floats
from explainers.flower.detector import match, near_petals, petals, template
from explainers.flower.photograph import clean, photo_noise
from tests.alternatives.reference import (
    apart,
    halved,
    hits,
    max_hits,
    min_hits,
    silent,
    smooth,
    weighted_hits,
    windows,
)
from tests.claiming import computed, margin, values

SHARED = 0.5


def assert_measured(id: str, name: str, expected: float, error: float) -> None:
    """The number is where another route finds it, and so is its interval."""
    value = computed(id)[name]
    assert value.low is not None
    assert value.high is not None
    assert value.low < value.value < value.high
    assert value.value == pytest.approx(expected, abs=error)
    assert value.low - error < expected < value.high + error


# ---- What is found ----


def test_log_sum_exp_is_best_for_one() -> None:
    id = "log-sum-exp-is-best-for-one"
    v = values(id)
    assert (v["units_shown"], v["d_shown"], v["alarm"]) == (4, 2, 0.05)
    noise, scene = windows(4, 1)
    soft = [np.log(np.exp(2 * each).sum(axis=1)) for each in (noise, scene)]
    assert_measured(id, "soft", hits(*soft), 0.012)
    # The best test: how likely the windows are with the feature, in any of four places.
    likely = [
        sum(
            np.exp(stats.norm.logpdf(each[:, i], 2) - stats.norm.logpdf(each[:, i]))
            for i in range(4)
        )
        for each in (noise, scene)
    ]
    assert_measured(id, "best", hits(*likely), 0.012)
    assert_allclose(v["largest"], max_hits(4, 1), atol=1e-9)
    assert_allclose(v["mean"], weighted_hits([1] * 4, 1), atol=1e-9)
    assert v["behind"] == pytest.approx(0, abs=0.003)


@pytest.mark.parametrize(
    ("seen", "correlation", "yes"), [(1, 0, True), (4, 0, False), (1, 0.9, False)]
)
def test_where_log_sum_exp_is_best(seen: int, correlation: float, yes: bool) -> None:
    case = {"units": 16, "seen": seen, "correlation": correlation, "d_prime": 2.0}
    assert (margin("log-sum-exp-is-best-for-one", **case) > 0) is yes


def test_generalised_mean_finds_more() -> None:
    id = "generalised-mean-finds-more"
    v = values(id)
    assert (v["units_shown"], v["some"], v["d_shown"], v["alarm"]) == (49, 7, 2, 0.05)
    noise, scene = windows(49, 7)
    for name, power in (("found", 3), ("rectified", 1)):
        pooled = [(np.clip(each, 0, None) ** power).sum(axis=1) for each in (noise, scene)]
        assert_measured(id, name, hits(*pooled), 0.012)
    assert_allclose(v["largest"], max_hits(49, 7), atol=1e-9)
    assert_allclose(v["mean"], weighted_hits([1] * 49, 7), atol=1e-9)
    # The sum over all sets of seven, of products: the coefficient of a polynomial.
    few = windows(49, 7, trials=2000, seed=5)
    likely = [np.array([_coefficient(np.exp(2 * row - 2), 7) for row in each]) for each in few]
    assert_measured(id, "best", hits(*likely), 0.03)


def _coefficient(ratios: Floats, degree: int) -> float:
    """Of x to this power in the product of all (1 + rx)."""
    found = np.zeros(degree + 1)
    found[0] = 1
    for ratio in ratios:
        found[1:] += ratio * found[:-1]
    return float(found[degree])


@pytest.mark.parametrize(
    ("units", "seen", "correlation", "yes"),
    [(9, 3, 0, True), (49, 9, 0, True), (49, 1, 0, False), (4, 4, 0, False), (16, 4, 0.7, False)],
)
def test_where_the_generalised_mean_finds_more(
    units: int, seen: int, correlation: float, yes: bool
) -> None:
    d_prime = 3.0 if seen == 1 else 2.0  # of one unit, a strong one tells the two apart
    case = {"units": units, "seen": seen, "correlation": correlation, "d_prime": d_prime}
    assert (margin("generalised-mean-finds-more", **case) > 0) is yes


def test_max_less_mean_with_shared_noise() -> None:
    id = "max-less-mean-with-shared-noise"
    v = values(id)
    assert (v["units_shown"], v["some"], v["d_shown"], v["shared"]) == (49, 7, 2, 0.5)
    assert v["alarm"] == 0.05
    noise, scene = windows(49, 7, SHARED)
    spread = noise.max(axis=1).std(), noise.mean(axis=1).std()
    rules = {
        turn: [
            np.cos(turn) * each.max(axis=1) / spread[0]
            + np.sin(turn) * each.mean(axis=1) / spread[1]
            for each in (noise, scene)
        ]
        for turn in np.linspace(-np.pi, np.pi, 181)
    }
    best = max(rules, key=lambda turn: hits(*rules[turn]))
    assert_measured(id, "both", hits(*rules[best]), 0.012)
    assert_allclose([v["max_weight"], v["weight"]], [np.cos(best), np.sin(best)], atol=0.12)
    assert_allclose(v["largest"], max_hits(49, 7, SHARED), atol=1e-7)
    assert_allclose(v["mean"], weighted_hits([1] * 49, 7, SHARED), atol=1e-9)


@pytest.mark.parametrize(
    ("units", "seen", "correlation", "yes"),
    [(9, 3, 0.9, True), (49, 1, 0.7, True), (9, 9, 0.9, False)],
)
def test_where_both_find_more(units: int, seen: int, correlation: float, yes: bool) -> None:
    case = {"units": units, "seen": seen, "correlation": correlation, "d_prime": 2.0}
    assert (margin("max-less-mean-with-shared-noise", **case) > 0) is yes


def test_attention_needs_its_query() -> None:
    v = values("attention-needs-its-query")
    assert (v["units_shown"], v["d_shown"], v["alarm"]) == (49, 2, 0.05)
    weight = math.e**3
    assert_allclose(v["weight"], weight)
    assert_allclose(v["mean"], weighted_hits([1] * 49, 1), atol=1e-9)
    assert_allclose(v["known"], weighted_hits([weight] + [1] * 48, 1), atol=1e-9)
    assert_allclose(v["wrong"], weighted_hits([1] * 48 + [weight], 1), atol=1e-9)
    assert_allclose(v["largest"], max_hits(49, 1), atol=1e-9)
    signal = weight / math.sqrt(weight**2 + 48)
    assert_allclose(v["gain"], signal * 7, rtol=1e-9)


@pytest.mark.parametrize("correlation", [0.0, 0.7])
@pytest.mark.parametrize(("query", "weights"), [("known", (3, 1)), ("wrong", (1, 3))])
def test_how_much_stronger_attention_is(
    query: str, weights: tuple[int, int], correlation: float
) -> None:
    case = {"units": 4, "seen": 2, "query": query, "fit": math.log(3), "correlation": correlation}
    w = np.array([weights[0]] * 2 + [weights[1]] * 2)
    covariance = np.full((4, 4), correlation) + (1 - correlation) * np.eye(4)
    strength = w[:2].sum() / np.sqrt(w @ covariance @ w)
    plain = 2 / np.sqrt(covariance.sum())
    assert_allclose(values("attention-needs-its-query", **case)["gain"], strength / plain)
    assert_allclose(margin("attention-needs-its-query", **case), strength / plain - 1)


def test_attention_with_no_preference_is_the_mean() -> None:
    assert margin("attention-needs-its-query", query="unknown") == 0
    assert margin("attention-needs-its-query", units=4, seen=4) == 0


def test_mean_leads_from_the_root() -> None:
    v = values("mean-leads-from-the-root")
    names = {"small": 4, "middle": 16, "some": 49, "large": 196}
    assert (v["d_shown"], v["alarm"], v["units_shown"]) == (2, 0.05, 49)
    assert [v[name] for name in ("small", "middle", "large")] == [4, 16, 196]
    for name, units in names.items():
        for suffix, shared in (("from", 0.0), ("shared", SHARED)):
            seen = int(v[f"{name}_{suffix}"])
            for number, leads in ((seen, True), (seen - 1, False)):
                mean = weighted_hits([1] * units, number, shared)
                if number == units:  # both find nearly all: misses are compared
                    continue
                assert (mean > max_hits(units, number, shared)) is leads, (units, shared)


def test_every_second_value_finds_less() -> None:
    v = values("every-second-value-finds-less")
    assert (v["units_shown"], v["d_shown"], v["alarm"]) == (4, 2, 0.05)
    sees = stats.norm.sf(stats.norm.isf(0.05) - 2)
    assert_allclose(v["fixed_all"], sees)
    assert_allclose(v["fixed"], np.mean([sees, 0.05, 0.05, 0.05]))
    assert_allclose(v["largest"], max_hits(4, 1), atol=1e-9)
    assert_allclose(v["largest_all"], max_hits(4, 4), atol=1e-9)
    assert_allclose(v["gain"], v["largest"] - v["fixed"])
    case = {"units": 9, "seen": 4, "d_prime": 2.0, "false_alarm": 0.05, "correlation": 0.7}
    expected = max_hits(9, 4, 0.7) - (4 * sees + 5 * 0.05) / 9
    assert_allclose(margin("every-second-value-finds-less", **case), expected, atol=1e-7)


def test_min_finds_less() -> None:
    v = values("min-finds-less")
    assert (v["units_shown"], v["d_shown"], v["alarm"]) == (4, 2, 0.05)
    assert_allclose(v["smallest"], min_hits(4, 1), atol=1e-9)
    assert_allclose(v["smallest_all"], min_hits(4, 4), atol=1e-9)
    assert_allclose(v["mean"], weighted_hits([1] * 4, 1), atol=1e-9)
    assert_allclose(v["mean_all"], weighted_hits([1] * 4, 4), atol=1e-9)
    signs = list(itertools.product((0, 1), repeat=4))
    assert v["zeros"] == Fraction(sum(min(each) == 0 for each in signs), len(signs))
    assert_allclose(v["behind"], v["mean"] - v["smallest"])
    case = {"units": 9, "seen": 4, "d_prime": 2.0, "false_alarm": 0.05}
    expected = weighted_hits([1] * 9, 4) - min_hits(9, 4)
    assert_allclose(margin("min-finds-less", **case), expected, atol=1e-9)


def test_stochastic_pooling_at_test() -> None:
    id = "stochastic-pooling-at-test"
    v = values(id)
    assert (v["units_shown"], v["d_shown"], v["alarm"]) == (4, 2, 0.05)
    rng = np.random.default_rng(78)
    drawn, weighted = [], []
    for each in windows(4, 1):
        lifted = np.clip(each, 0, None)
        total = lifted.sum(axis=1)
        weighted.append(np.divide((lifted**2).sum(axis=1), total, where=total > 0, out=0 * total))
        # A place on the line of all values laid end to end.
        at = rng.random(len(each)) * total
        place = (lifted.cumsum(axis=1) < at[:, None]).sum(axis=1)
        drawn.append(np.take_along_axis(lifted, place[:, None], axis=1)[:, 0])
    assert_measured(id, "drawn", hits(*drawn), 0.012)
    assert_measured(id, "weighted", hits(*weighted), 0.012)
    assert_allclose(v["largest"], max_hits(4, 1), atol=1e-9)
    assert v["gain"] == pytest.approx(v["weighted"] - v["drawn"], abs=0.04)
    assert margin(id, units=49, seen=1, correlation=0.9, d_prime=2.0) < 0.02


# ---- What stays ----


def test_least_change_when_moved() -> None:
    id = "least-change-when-moved"
    maps = smooth()
    moved = np.roll(maps, 1, axis=2)
    kinds = {
        "blurred": "max blur",
        "blur": "blur",
        "gem": "cubes",
        "mean": "mean",
        "largest": "max",
        "skipped": "every",
    }
    for name, kind in kinds.items():
        change = apart(halved(maps, kind), halved(moved, kind))
        assert_measured(id, name, change, 0.012)
    rng = np.random.default_rng(3)
    drawn = [_drawn(each, rng) for each in (maps, moved)]
    assert_measured(id, "drawn", apart(*drawn), 0.012)


def _drawn(maps: Floats, rng: np.random.Generator) -> Floats:
    cells = np.stack([maps[:, i::2, j::2] for i in (0, 1) for j in (0, 1)], axis=-1)
    chances = np.where(cells.sum(axis=-1, keepdims=True) > 0, cells, 1)
    place = (chances.cumsum(axis=-1) / chances.sum(axis=-1, keepdims=True)) < rng.random(
        (*cells.shape[:-1], 1)
    )
    return np.take_along_axis(cells, place.sum(axis=-1, keepdims=True), axis=-1)[..., 0]


def test_no_other_pool_over_windows_changes_less() -> None:
    changes = {
        row: table.moves(row, maps=60)["change"].value
        for row in table.ROWS
        if row not in (*table.ATTENTION, *table.GLOBAL, "none")
    }
    assert min(changes, key=lambda row: changes[row]) == "blurred max"


def test_polyphase_moves_along() -> None:
    id = "polyphase-moves-along"
    maps = smooth()
    moved = np.roll(maps, 1, axis=2)
    for name, kind in (("largest", "max"), ("blurred", "max blur")):
        before, after = halved(maps, kind), halved(moved, kind)
        left = [
            min(np.mean((b - np.roll(a, s, axis=1)) ** 2) for s in (0, 1))
            for a, b in zip(before, after, strict=True)
        ]
        assert_measured(id, name, math.sqrt(np.mean(left) / 2 / before.var()), 0.012)
    assert values(id)["phase"] < 1e-12
    assert values(id)["left"] < 1e-12


@pytest.mark.parametrize(
    ("pool", "dx", "dy", "yes"),
    [
        ("polyphase", 3, 1, True),
        ("max", 2, 4, True),
        ("max", 1, 0, False),
        ("space to depth", 4, 1, False),
        ("stochastic", 2, 0, False),
    ],
)
def test_which_pools_move_along(pool: str, dx: int, dy: int, yes: bool) -> None:
    assert margin("polyphase-moves-along", pool=pool, dx=dx, dy=dy) is yes


# ---- The place ----


def _read(kind: str, width: float) -> float:
    """Features of other draws, pooled by SciPy and read by scikit-learn."""
    rng = np.random.default_rng(41)
    place = 2 * rng.random((4000, 2)) if width else rng.integers(0, 2, (4000, 2)).astype(float)
    grid = np.arange(10) + (0.5 if width else 0)
    away = (grid - 4 - place[..., None]) ** 2
    profile = np.exp(-away / (2 * width**2)) if width else (away == 0).astype(float)
    maps = np.einsum("ni,nj->nij", profile[:, 0], profile[:, 1])
    maps = np.maximum(maps + rng.normal(0, 0.02, maps.shape), 0)
    pooled = maps if kind == "whole" else halved(maps, kind)
    known = pooled.reshape(4000, -1)
    fitted = LinearRegression().fit(known[:2000], place[:2000])
    return float(np.sqrt(np.mean((fitted.predict(known[2000:]) - place[2000:]) ** 2)))


def test_strided_convolution_keeps_the_place() -> None:
    id = "strided-convolution-keeps-the-place"
    v = values(id)
    assert (v["noise_shown"], v["width_shown"]) == (0.02, 1.5)
    kinds = {
        "largest": "max",
        "mean": "mean",
        "skipped": "every",
        "strided": "blur",
        "depth": "whole",
    }
    for (name, kind), (wide, width) in itertools.product(
        kinds.items(), (("", 0.0), ("_wide", 1.5))
    ):
        error = _read(kind, width)
        value = v[f"{name}{wide}"]
        assert value == pytest.approx(error, rel=0.08), (name, wide)
        found = computed(id)[f"{name}{wide}"]
        assert found.low is not None
        assert found.high is not None
        assert found.low < value < found.high
    assert v["strided_wide"] == min(v[f"{name}_wide"] for name in kinds) or v[
        "strided_wide"
    ] == pytest.approx(min(v[f"{name}_wide"] for name in kinds), abs=0.001)
    assert v["skipped_wide"] == max(v[f"{name}_wide"] for name in kinds)
    assert v["nearer"] == pytest.approx(v["largest"] - v["strided"], abs=0.03)


def test_soft_argmax_reads_between_pixels() -> None:
    id = "soft-argmax-reads-between-pixels"
    v = values(id)
    assert (v["noise_shown"], v["width_shown"], v["warm"]) == (0.02, 1.5, 0.1)
    rng = np.random.default_rng(42)
    place = 4 + 2 * rng.random((4000, 2))
    middles = np.arange(10) + 0.5
    maps = np.exp(
        -((middles[:, None] - place[:, 0, None, None]) ** 2) / 4.5
        - ((middles - place[:, 1, None, None]) ** 2) / 4.5
    ) + rng.normal(0, 0.02, (4000, 10, 10))
    weights = {
        "hard": maps == maps.max(axis=(1, 2), keepdims=True),
        "soft": np.exp(10 * (maps - 1)),
        "hot": np.exp(maps),
    }
    for name, each in weights.items():
        read = np.array([ndimage.center_of_mass(one) for one in each.astype(float)]) + 0.5
        error = math.sqrt(np.mean((read - place) ** 2))
        assert_measured(id, name, error, 0.06 * error)
    assert v["nearer"] == pytest.approx(v["hard"] - v["soft"], abs=0.03)


# ---- Bits and gradient ----


def test_bits_by_pool() -> None:
    v = values("bits-by-pool")
    all_windows = list(itertools.product(range(8), repeat=4))
    assert v["levels"] == 8

    def bits(outputs: list[object]) -> float:
        counts = Counter(outputs).values()
        return sum(n / 4096 * math.log2(4096 / n) for n in counts)

    middles = [sum(sorted(w)[1:3]) for w in all_windows]
    expected = {
        "whole": bits(list(all_windows)),
        "largest": bits([max(w) for w in all_windows]),
        "skipped": bits([w[0] for w in all_windows]),
        "median": bits(list(middles)),
        "mean": bits([sum(w) for w in all_windows]),
        "both": bits([(max(w), sum(w)) for w in all_windows]),
        "mean_rounded": bits([(sum(w) + 2) // 4 for w in all_windows]),
        "both_rounded": bits([(max(w), (sum(w) + 2) // 4) for w in all_windows]),
    }
    for name, each in expected.items():
        assert_allclose(v[name], each, rtol=1e-12)
    assert max(v["largest"], v["mean"]) < v["both"] < v["whole"]  # as it says


def test_gradient_by_pool() -> None:
    id = "gradient-by-pool"
    v = values(id)
    assert (v["largest_share"], v["mean"]) == (0.25, 4)
    rows = np.random.default_rng(43).random((3000, 4))

    def spread(pool: object) -> float:
        """By differences: each value is raised a little."""
        assert callable(pool)
        steps = 1e-6 * np.eye(4)
        slopes = np.array([(pool(rows + step) - pool(rows - step)) / 2e-6 for step in steps])
        return float(np.mean(np.abs(slopes).sum(axis=0) ** 2 / (slopes**2).sum(axis=0)))

    def soft(x: Floats) -> Floats:
        return np.asarray((np.exp(x) * x).sum(axis=1) / np.exp(x).sum(axis=1))

    assert_measured(id, "gem", spread(lambda x: np.cbrt((x**3).mean(axis=1))), 0.03)
    assert_measured(id, "soft", spread(soft), 0.03)
    mixed = spread(lambda x: (x.max(axis=1) + x.mean(axis=1)) / 2)
    assert_allclose(v["mixed"], mixed, rtol=1e-6)
    slopes = np.cbrt(3 * rows**2)
    assert (slopes > 0).all()  # each value is given some


def test_learned_power_is_nan() -> None:
    v = values("learned-power-is-nan")
    assert (v["clamp_shown"], v["number"]) == (1e-6, 1)

    def slope(window: list[float]) -> float:
        def pooled(p: float) -> float:
            return float(np.mean(np.array(window) ** p) ** (1 / p))

        return float(optimize.approx_fprime(np.array([3.0]), lambda p: pooled(p[0]), 1e-7)[0])

    assert_allclose(v["slope"], slope([1e-6, 1, 2, 3]), atol=1e-5)
    assert_allclose(v["others"], slope([1, 2, 3]), atol=1e-5)


@pytest.mark.parametrize(
    ("largest", "clamp", "yes"),
    [(0.0, 0.0, False), (0.0, 1e-6, True), (1e-6, 0.0, True), (0.5, 0.0, True)],
)
@pytest.mark.parametrize("p", [1.0, 2.5, 10.0])
def test_when_the_gradient_is_a_number(largest: float, clamp: float, yes: bool, p: float) -> None:
    """By the chain rule at the root: the slope of a root at zero, times the slope of the sum."""
    window = np.maximum(largest * np.array([0, 1, 2, 3]) / 3, clamp)
    powers = [x**p * math.log(x) if x else 0.0 for x in window]
    with np.errstate(all="ignore"):
        root = np.float64(np.mean(window**p)) ** (1 / p - 1) / p * np.mean(powers)
    if p > 1:  # of p = 1, the root is no root
        assert bool(np.isfinite(root)) is yes
    assert margin("learned-power-is-nan", p=p, largest=largest, clamp=clamp) is yes


# ---- Costs ----


def test_strided_convolution_costs_most() -> None:
    v = values("strided-convolution-costs-most")
    assert v["channels_shown"] == 64
    kernel, window = np.ones((3, 3, 64)), np.ones((2, 2))
    assert v["strided"] == v["weights"] == kernel.size
    assert v["depth"] == window.size * 64
    assert v["blur"] == np.multiply.outer([1, 2, 1], [1, 2, 1]).size
    assert v["mean"] == window.size
    assert v["soft"] == 2 * window.size  # the weights' sum, and the weighted one
    assert v["functions"] == window.size + 1  # an exponential each, one division
    assert v["comparisons"] == window.size - 1
    assert v["more"] == kernel.size - 2 * window.size
    assert margin("strided-convolution-costs-most", other="blur", channels=16) == 9 * 16 - 9


# ---- Over angles ----


def test_bank_finds_turned_petals() -> None:
    id = "bank-finds-turned-petals"
    v = values(id)
    assert (v["noise_shown"], v["alarm"], v["templates"]) == (0.3, 0.05, 12)
    for angle, name in ((0, "upright"), (45, "aslant"), (90, "across")):
        one, bank = _petals_found(angle)
        assert v[name] == pytest.approx(one, abs=0.05)
        assert v[f"bank_{name}"] == pytest.approx(bank, abs=0.05)
    assert v["across"] < 0.005  # “hardly any”
    for name in ("upright", "aslant", "bank_upright", "bank_across"):
        value = computed(id)[name]
        assert value.low is not None
        assert value.high is not None
        assert value.low < value.value < value.high
    assert margin(id, angle=90, bank=12, noise=0.3) == pytest.approx(
        v["bank_across"] - v["across"], abs=0.08
    )
    assert margin(id, angle=0, bank=12, noise=0.3) < 0


def _petals_found(angle: float) -> tuple[float, float]:
    """Templates turned by SciPy, matched by scikit-image, on noise of other draws."""
    row, column = petals()[:2]
    inside = np.hypot(*(np.indices((13, 13)) - 6)) <= 6

    def turned(by: float) -> Floats:
        found = ndimage.rotate(template(), -by, reshape=False, order=1, mode="nearest")
        found = np.where(inside, found - found[inside].mean(), 0)
        return np.asarray(found / np.sqrt((found**2).sum()))

    one: list[float] = []
    bank: list[float] = []
    for noise in photo_noise(6, seed=808):
        noisy = clean() + 0.3 * noise
        scores = np.array([_matched(noisy, turned(angle + 30 * i)) for i in range(12)])
        rows, columns = (place.ravel() for place in np.indices(scores[0].shape))
        far = ~near_petals(rows, columns).any(axis=0)
        for found, kept in ((scores[0], one), (scores.max(axis=0), bank)):
            threshold = np.quantile(found.ravel()[far], 0.95)
            kept.append(float((found[row, column] > threshold).mean()))
    return float(np.mean(one)), float(np.mean(bank))


def _matched(picture: Floats, turned: Floats) -> Floats:
    return np.asarray(match(picture[None], turned)[0])


def test_turn_inside_a_window() -> None:
    v = values("turn-inside-a-window")
    assert (v["turn_shown"], v["near"], v["middle"], v["far"]) == (10, 1, 5, 20)
    for name, radius in (("stay_near", 1), ("stay_middle", 5), ("stay_far", 20)):
        assert v[name] == pytest.approx(_stay(10, radius, 2), abs=0.004)
    assert v["stay_far"] == 0
    here, there = (20 * np.exp(1j * turn) for turn in (0, math.radians(10)))
    assert_allclose(v["moved"], abs(there - here))
    for turn, radius, window in ((2, 10, 2), (5, 10, 3), (45, 1, 4)):
        said = margin("turn-inside-a-window", turn=turn, radius=radius, window=window)
        assert said == pytest.approx(_stay(turn, radius, window) - 0.5, abs=0.005)


def _stay(turn: float, radius: float, window: int) -> float:
    """Features at random in a window that lies anywhere on the circle."""
    rng = np.random.default_rng(9)
    place = window * rng.random((200_000, 2))
    around = radius * np.exp(2j * np.pi * rng.random(200_000))
    step = around * (np.exp(1j * math.radians(turn)) - 1)
    there = place + np.stack([step.real, step.imag], axis=1)
    return float(((there >= 0) & (there < window)).all(axis=1).mean())


def test_silence_is_what_is_left_of_the_max() -> None:
    """The reference's own integral, against windows that are drawn."""
    noise, scene = windows(9, 3, SHARED)
    for each, seen in ((noise, 0), (scene, 3)):
        assert silent(1.5, 9, seen, SHARED) == pytest.approx(
            (each.max(axis=1) < 1.5).mean(), abs=0.01
        )
