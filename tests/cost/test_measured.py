"""The recorded times: what they are of is counted again, and what is made of them by SciPy."""

from __future__ import annotations

import math
from itertools import product

import pytest
from scipy import stats

from explainers.cost.measured import Timed, log_correlation, recorded, runs, saved
from explainers.networks.count import count

RUNS = {(run.network, run.pooling, run.size): run for run in runs()}


@pytest.mark.parametrize("run", RUNS.values(), ids=lambda run: f"{run[0]}-{run[1]}-{run[2]}")
def test_the_recorded_counts_are_ours_up_to_the_dense_layers(run: Timed) -> None:
    rows = count(run.network, run.size, pooling=run.pooling).layers
    ends = [row.kind in ("Linear", "AdaptiveAvgPool2d") for row in rows].index(True)
    assert run.macs == sum(row.work.macs for row in rows[:ends])
    assert run.milliseconds > 0


def test_everything_was_measured_with_poolings_and_without() -> None:
    networks, poolings, sizes = (set(values) for values in zip(*RUNS, strict=True))
    assert set(RUNS) == set(product(networks, poolings, sizes))
    assert poolings >= {"as designed", "removed"}


def test_the_record_says_when_and_on_what() -> None:
    assert recorded()["date"] >= "2026-11-22"
    assert recorded()["machine"]["cores_used"] == 1
    assert {"python", "torch"} <= set(recorded()["versions"])
    assert recorded()["rounds"] >= 5


def test_correlation_of_the_logarithms() -> None:
    macs = [math.log(run.macs) for run in runs()]
    times = [math.log(run.milliseconds) for run in runs()]
    assert log_correlation(runs()) == pytest.approx(stats.pearsonr(macs, times).statistic)


def test_what_poolings_save() -> None:
    for network, _, size in RUNS:
        designed, removed = (RUNS[network, p, size] for p in ("as designed", "removed"))
        macs, time = saved(network, size)
        assert macs * designed.macs == pytest.approx(removed.macs)
        assert time * designed.milliseconds == pytest.approx(removed.milliseconds)
