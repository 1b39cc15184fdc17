"""The recorded networks: all there, of this code, found again when trained again, read by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers.trained import comparisons, dropping, experiment, statistics
from explainers.trained.arms import Arm
from explainers.trained.digits import placed, split
from explainers.trained.measured import Row, measure, trained
from tests.trained.records import DROPPED, dropped, each, lines, right, rows_of

AGAIN = [
    (Arm("stride", "flatten", "zeros"), 0),
    (Arm("max", "max", moved=True), 1),
    (Arm("overlap", "mean"), 1),
    (Arm("thrifty", "max"), 0),
]
PAIRS = [(Arm(one, "flatten").id, Arm("none", "flatten").id) for one in ("max", "mean", "stride")]


def test_all_networks_are_recorded_once_by_this_code() -> None:
    """If they are stale: remove them, and run “make trained”. Of a seed there are all or none."""
    assert not experiment.is_stale()
    found = Counter((row["arm"], row["seed"]) for row in lines())
    seeds = range(comparisons.seeds())
    assert 2 <= len(seeds) <= len(experiment.SEEDS)
    assert found == Counter((a.id, seed) for a in experiment.arms() for seed in seeds)


def test_all_networks_with_dropout_are_recorded_once_by_this_code() -> None:
    """If they are stale: remove them, and run “make trained”."""
    assert not experiment.is_stale(experiment.DROPPED, dropping.measure)
    found = Counter((row["arm"], row["seed"]) for row in lines(DROPPED))
    assert found == Counter((a.id, seed) for a in experiment.dropped() for seed in range(20))


def test_rows_are_possible() -> None:
    for row in [*lines(), *lines(DROPPED)]:
        size = int(row["arm"].split("-")[-1])
        counts = [*row["moves"], *row["changed"], *row["noise"], row["apart"], row["kept"]]
        assert 0 <= min(counts) <= max(counts) <= 500
        assert 0 < row["trained"] <= size
        assert (row["larger"] is None) == ("-flatten-" in row["arm"])
        assert all(0 <= share <= 1 for share in [*row["reached"], *row["positions"]])
        # so many answers can have changed between two moves as right answers differ, or more
        for d, changed in enumerate(row["changed"]):
            assert changed >= abs(row["moves"][d + 1] - row["moves"][d])


def test_circular_global_networks_repeat_with_their_strides() -> None:
    """Two strides of 2: a move by 4 pixels moves the last maps by one; without, each move does."""
    for row in lines():
        name, readout, border, _, _ = row["arm"].split("-")
        if border == "circular" and readout != "flatten":
            period = 1 if name in ("none", "dense", "narrow") else 4
            assert row["moves"][:-period] == row["moves"][period:], row["arm"]


@pytest.mark.parametrize(("arm", "seed"), AGAIN, ids=str)
def test_networks_trained_again_answer_the_same(arm: Arm, seed: int) -> None:
    recorded = rows_of(arm.id)[seed]
    again = measure(arm, seed)._asdict()
    for field in Row._fields:
        if field in ("losses", "reached", "positions"):
            assert_allclose(again[field], recorded[field], rtol=1e-4, atol=1e-4)
        else:
            assert again[field] == recorded[field], field


@pytest.mark.slow
def test_before_a_global_mean_more_steps_bring_what_pooling_does() -> None:
    """What the page says of networks without pooling that are trained three times as long."""
    none, pooled = Arm("none", "mean"), Arm("max", "mean")
    longer, tested = [], []
    for seed in (0, 1):
        network = trained(none, seed, steps=3 * none.steps)
        known, test = split(none.size, seed)
        longer.append(np.mean(network.answers(placed(known.pictures)) == known.labels))
        tested.append(np.mean(network.answers(placed(test.pictures)) == test.labels))
    assert np.mean(longer) > np.mean([row["trained"] / 1297 for row in rows_of(none.id)[:2]])
    with_pooling, without = (np.mean(each(arm.id, right)[:2]) for arm in (pooled, none))
    assert np.mean(tested) - without > 0.5 * (with_pooling - without)


def test_a_network_with_dropout_trained_again_answers_the_same() -> None:
    arm = Arm("none", size=100)
    recorded, again = dropped(arm.id)[3], dropping.measure(arm, 3)
    assert (again.trained, again.moves) == (recorded["trained"], recorded["moves"])
    assert_allclose(again.losses, recorded["losses"], rtol=1e-4, atol=1e-4)


def test_statistics_by_another_route() -> None:
    rows = experiment.recorded()
    found = statistics.compared(rows, PAIRS, "accuracy")
    differences = [np.subtract(each(one, right), each(other, right)) for one, other in PAIRS]
    p = sorted((stats.ttest_1samp(d, 0).pvalue, i) for i, d in enumerate(differences))
    for rank, (value, i) in enumerate(p):
        bars = [value * (3 - rank), *((3 - r) * v for r, (v, _) in enumerate(p[:rank]))]
        assert_allclose(found[i].p, min(max(bars), 1), rtol=1e-6, atol=1e-14)
        d = differences[i]
        ends = stats.t.interval(1 - 0.05 / 3, len(d) - 1, d.mean(), stats.sem(d))
        assert_allclose(found[i].found, (d.mean(), *ends), rtol=1e-6, atol=1e-12)
