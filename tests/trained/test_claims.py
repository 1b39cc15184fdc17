"""Each claim's numbers from the records, by plain loops and SciPy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers.trained.arms import Arm
from tests.claiming import margin, values
from tests.trained.records import (
    POOLED,
    Number,
    arms,
    dropped,
    each,
    everywhere,
    mean,
    right,
    trained,
    with_none,
)

STILL = "circular-still-1297"
FEW = "flatten-circular-still-100"


def assert_case(
    v: Mapping[str, float], first: list[float], second: list[float], cases: int
) -> None:
    """A pair of arms, compared by SciPy, with an interval for so many cases together."""
    assert_allclose([v["first"], v["second"]], [np.mean(first), np.mean(second)], atol=1e-12)
    assert (v["seeds"], v["cases"]) == (len(first), cases)
    interval = stats.ttest_rel(first, second).confidence_interval(1 - 0.05 / cases)
    found = [v["difference"], v["low"], v["high"]]
    expected = [np.mean(np.subtract(first, second)), interval.low, interval.high]
    assert_allclose(found, np.multiply(expected, 100), rtol=1e-6, atol=1e-9)


def assert_counted(v: Mapping[str, float], pairs: list[tuple[list[float], list[float]]]) -> None:
    """How many pairs differ which way, by SciPy's test, corrected for their number."""
    signs = []
    for first, second in pairs:
        differences = np.subtract(first, second).round(12)
        if not differences.any():
            signs.append(0)
        elif np.ptp(differences) < 1e-9:
            signs.append(int(np.sign(differences[0])))
        else:
            p = stats.ttest_1samp(differences, 0).pvalue * len(pairs)
            signs.append(int(np.sign(differences.mean())) if p < 0.05 else 0)
    counted = tuple(signs.count(sign) for sign in (1, -1, 0))
    assert (v["more"], v["fewer"], v["undecided"]) == counted


def pooled(*, moved: bool = True) -> list[str]:
    """Arms with a pooling."""
    return [a for a in arms() if a.split("-")[0] in POOLED and (moved or "-still-" in a)]


def pairs(number: Number, among: list[str]) -> list[tuple[list[float], list[float]]]:
    """Numbers with a pooling and without."""
    return [(each(arm, number), each(with_none(arm), number)) for arm in among]


def as_trained(row: dict[str, object]) -> float:
    return everywhere(row) if "-moved-" in str(row["arm"]) else right(row)


def lost(move: int) -> Number:
    return lambda row: right(row) - right(row, move)


def test_pooling_raises_accuracy() -> None:
    v = values("pooling-raises-accuracy")
    first, second = (each(f"{name}-mean-{STILL}", right) for name in ("max", "none"))
    assert_case(v, first, second, len(pooled()))
    assert_counted(v, pairs(as_trained, pooled()))
    for name in ("none", "mean", "max", "blurred"):
        assert v[f"few_{name}"] == pytest.approx(mean(f"{name}-{FEW}", right))
        assert v[f"many_{name}"] == pytest.approx(mean(f"{name}-flatten-{STILL}", right))
    for name, network in (("known", "max"), ("known_none", "none")):
        assert v[name] == pytest.approx(mean(f"{network}-mean-{STILL}", trained))
    assert (v["few"], v["many"], v["tested"]) == (100, 1297, 500)


@pytest.mark.parametrize("arm", ["overlap-mean-circular-moved-1297", "max-max-zeros-still-1297"])
def test_accuracy_of_other_arms(arm: str) -> None:
    names = ("pooling", "readout", "border", "training", "size")
    case = dict(zip(names, [*arm.split("-")[:4], 1297], strict=True))
    v = values("pooling-raises-accuracy", **case)
    assert_case(v, each(arm, as_trained), each(with_none(arm), as_trained), len(pooled()))


def test_the_margin_is_in_half_widths_of_the_interval() -> None:
    first, second = (each(f"{name}-mean-{STILL}", right) for name in ("max", "none"))
    differences = np.subtract(first, second)
    bar = stats.t.ppf(1 - 0.025 / len(pooled()), len(first) - 1)
    expected = differences.mean() / stats.sem(differences) / bar
    assert margin("pooling-raises-accuracy") == pytest.approx(expected, rel=1e-6)


def test_max_pooling_at_equal_multiplications() -> None:
    v = values("max-pooling-at-equal-multiplications")
    first, second = (each(f"{name}-max-{STILL}", right) for name in ("max", "narrow"))
    assert_case(v, first, second, 3)
    # Convolutions of 3 × 3 at each place, and one weight for each map and digit.
    assert v["macs_with"] == 256 * 9 * 8 + 64 * 9 * 8 * 16 + 16 * 10
    assert v["macs_without"] == 256 * 9 * 4 + 256 * 9 * 4 * 9 + 9 * 10
    assert (v["channels"], v["more_channels"]) == (4, 9)
    flat = values("max-pooling-at-equal-multiplications", readout="flatten")
    first, second = (each(f"{name}-flatten-{STILL}", right) for name in ("max", "slim"))
    assert_case(flat, first, second, 3)
    assert (v["flat_first"], v["flat_second"]) == (flat["first"], flat["second"])
    assert (v["flat_low"], v["flat_high"]) == (flat["low"], flat["high"])
    assert flat["macs_with"] == 256 * 9 * 8 + 64 * 9 * 8 * 16 + 16 * 16 * 10
    assert flat["macs_without"] == 256 * 9 * 6 + 256 * 9 * 6 * 5 + 256 * 5 * 10
    assert (flat["channels"], flat["more_channels"]) == (6, 5)


def test_strided_convolutions_do_as_well() -> None:
    v = values("strided-convolutions-do-as-well")
    first, second = (each(f"{name}-flatten-{STILL}", right) for name in ("learned", "max"))
    strided = ("stride", "wide", "broad", "learned", "thrifty")
    cases = [a for a in arms() if a.split("-")[0] in strided]
    assert_case(v, first, second, len(cases))
    for name, network in (("pooled", "max"), *((n, n) for n in strided if n != "wide")):
        assert v[name] == pytest.approx(mean(f"{network}-flatten-{STILL}", right))
    assert (v["many"], v["as_well"]) == (1297, 1)
    reach = v["high"] - v["difference"]
    expected = (v["difference"] + 1) / reach
    assert margin("strided-convolutions-do-as-well") == pytest.approx(expected, rel=1e-9)


def test_pooling_reduces_overfitting() -> None:
    v = values("pooling-reduces-overfitting")
    arm = "blurred-max-circular-still-100"

    def gap(row: dict[str, object]) -> float:
        return trained(row) - right(row)

    assert_case(v, each(arm, gap), each(with_none(arm), gap), len(pooled()))
    assert_counted(v, pairs(gap, pooled()))
    for name in ("none", "max", "overlap", "blurred", "mean"):
        assert v[f"gap_{name}"] == pytest.approx(mean(f"{name}-{FEW}", gap))
    for name in ("none", "max"):
        assert v[f"test_{name}"] == pytest.approx(mean(f"{name}-{FEW}", right))
    assert v["few"] == 100


def test_pooling_a_kind_of_dropout() -> None:
    v = values("pooling-a-kind-of-dropout")

    def gap(row: dict[str, object]) -> float:
        return trained(row) - right(row)

    def beside(arm: str) -> list[float]:
        none = "none-" + arm.split("-", 1)[1]
        return [gap(row) for row in dropped(none)[: len(each(none, gap))]]

    among = [a for a in pooled(moved=False) if "-flatten-circular-" in a]
    assert len(among) == 15
    every = [(each(arm, gap), beside(arm)) for arm in among]
    assert_case(v, each(f"max-{FEW}", gap), beside(f"max-{FEW}"), 15)
    assert_counted(v, every)
    for name, rest in (("gap", FEW), ("many", f"flatten-{STILL}")):
        assert v[f"{name}_none"] == pytest.approx(mean(f"none-{rest}", gap))
        assert v[f"{name}_max"] == pytest.approx(mean(f"max-{rest}", gap))
        assert v[f"{name}_dense"] == pytest.approx(mean(f"dense-{rest}", gap))
        assert v[f"{name}_dropout"] == pytest.approx(np.mean(beside(f"none-{rest}")))
    assert (v["few"], v["many"]) == (100, 1297)


def test_pooled_network_trains_all_weights() -> None:
    v = values("pooled-network-trains-all-weights")
    arm = f"max-flatten-{STILL}"

    def reached(layer: int) -> Number:
        return lambda row: row["reached"][layer]

    assert_case(v, each(arm, reached(0)), each(with_none(arm), reached(0)), 2 * len(pooled()))
    for network in ("max", "none"):
        own = f"{network}-flatten-{STILL}"
        assert v[f"reached_{network}"] == pytest.approx(mean(own, reached(0)))
        assert v[f"last_{network}"] == pytest.approx(mean(own, reached(-1)))
        positions = mean(own, lambda row: row["positions"][0])
        assert v[f"positions_{network}"] == pytest.approx(positions)
    last = values("pooled-network-trains-all-weights", layer="last")
    assert last["first"] == pytest.approx(mean(arm, reached(-1)))
    assert v["many"] == 1297


def test_exchanged_parts_noticed() -> None:
    v = values("exchanged-parts-noticed")

    def kept(row: dict[str, int]) -> float:
        return row["kept"] / 500

    networks = ("none", "stride", *POOLED)
    cases = [a for a in arms() if a.split("-")[0] in networks and "-flatten-" not in a]
    found = each(f"max-max-{STILL}", kept)
    assert_case(v, found, [0.0] * len(found), len(cases))
    shown = [(n, r) for n in ("max", "none", "stride") for r in ("max", "mean")]
    for network, readout in [*shown, ("none", "flatten")]:
        expected = mean(f"{network}-{readout}-{STILL}", kept)
        assert v[f"{network}_{readout}"] == pytest.approx(expected)
    expected = (v["difference"] - 50) / (v["high"] - v["difference"])
    assert margin("exchanged-parts-noticed") == pytest.approx(expected, rel=1e-9)
    assert v["many"] == 1297


def test_pooled_network_robust_to_moves() -> None:
    v = values("pooled-network-robust-to-moves")
    arm = f"max-flatten-{STILL}"
    every = [pair for move in range(1, 9) for pair in pairs(lost(move), pooled(moved=False))]
    assert_case(v, each(arm, lost(2)), each(with_none(arm), lost(2)), len(every))
    assert_counted(v, every)
    for name, pooling in (("with", "max"), ("without", "none")):
        for readout in ("flatten", "max"):
            moved = mean(f"{pooling}-{readout}-{STILL}", lambda row: right(row, 2))
            assert v[f"{readout}_{name}"] == pytest.approx(moved)
        one = mean(f"{pooling}-max-{STILL}", lambda row: right(row, 1))
        assert v[f"one_{name}"] == pytest.approx(one)
        assert v[f"there_{name}"] == pytest.approx(mean(f"{pooling}-flatten-{STILL}", right))
    assert (v["moved"], v["many"]) == (2, 1297)


def test_one_pixel_changes_answers() -> None:
    v = values("one-pixel-changes-answers")
    arm = f"max-flatten-{STILL}"

    def changed(row: dict[str, list[int]]) -> float:
        return row["changed"][0] / 500

    assert_case(v, each(arm, changed), each(with_none(arm), changed), len(pooled()))
    assert_counted(v, pairs(changed, pooled()))
    for name, pooling in (("with", "max"), ("without", "none")):
        for readout in ("flatten", "max"):
            expected = mean(f"{pooling}-{readout}-{STILL}", changed)
            assert v[f"{readout}_{name}"] == pytest.approx(expected)
    assert v["max_without"] == 0
    assert v["many"] == 1297


def test_moved_training_does_more() -> None:
    v = values("moved-training-does-more")
    plain, moved = (f"none-flatten-circular-{training}-1297" for training in ("still", "moved"))
    with_max, both = (arm.replace("none-", "max-") for arm in (plain, moved))
    cases = [a for a in pooled() if "-flatten-circular-moved-" in a]
    assert_case(v, each(moved, everywhere), each(with_max, everywhere), len(cases))
    assert v["plain"] == pytest.approx(mean(plain, everywhere))
    assert v["both"] == pytest.approx(mean(both, everywhere))
    assert (v["moves"], v["many"]) == (8, 1297)
    assert v["longer"] == Arm("max", moved=True).steps / Arm("max").steps == 3


def test_pooled_network_robust_to_noise() -> None:
    v = values("pooled-network-robust-to-noise")

    def cost(level: int) -> Number:
        return lambda row: right(row) - row["noise"][level] / 500

    every = [pair for level in range(3) for pair in pairs(cost(level), pooled())]
    arm = f"max-max-{STILL}"
    assert_case(v, each(arm, cost(1)), each(with_none(arm), cost(1)), len(every))
    assert_counted(v, every)
    for name, pooling in (("with", "max"), ("without", "none")):
        for readout in ("flatten", "mean", "max"):
            noisy = mean(f"{pooling}-{readout}-{STILL}", lambda row: row["noise"][1] / 500)
            assert v[f"{readout}_{name}"] == pytest.approx(noisy)
    assert v["fewer"] == 0  # as the answer says
    assert (v["noise_shown"], v["many"]) == (0.2, 1297)


def test_global_pooling_takes_any_size() -> None:
    v = values("global-pooling-takes-any-size")

    def larger(row: dict[str, int]) -> float:
        return row["larger"] / 500

    networks = ("none", "stride", *POOLED)
    cases = [a for a in arms() if a.split("-")[0] in networks and "-flatten-" not in a]
    costs = np.subtract(each(f"max-max-{STILL}", right), each(f"max-max-{STILL}", larger))
    assert_case(v, costs.tolist(), [0.0] * len(costs), len(cases))
    for name, network in (("max", "max-max"), ("mean", "max-mean"), ("none", "none-mean")):
        assert v[f"{name}_small"] == pytest.approx(mean(f"{network}-{STILL}", right))
        assert v[f"{name}_large"] == pytest.approx(mean(f"{network}-{STILL}", larger))
    highs = []
    for arm in cases:
        lost_there = np.subtract(each(arm, right), each(arm, larger))
        reach = stats.t.ppf(1 - 0.025 / len(cases), len(lost_there) - 1) * stats.sem(lost_there)
        highs.append(lost_there.mean() + reach)
    assert v["kept"] == sum(high < 0.01 for high in highs)
    losses = [mean(arm, right) - mean(arm, larger) for arm in cases]
    assert v["worst"] == pytest.approx(100 * max(losses))
    assert (v["side"], v["larger"]) == (16, 24)
