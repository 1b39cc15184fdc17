"""The recorded networks: all there, of this code, found again when trained again, read by hand."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers.trained import experiment, statistics
from explainers.trained.arms import Arm
from explainers.trained.measured import Row, measure

AGAIN = [
    (Arm("stride", "flatten", "zeros"), 0),
    (Arm("max", "max", moved=True), 2),
    (Arm("overlap", "mean"), 1),
    (Arm("thrifty", "max"), 0),
]
PAIRS = [(Arm(one, "flatten").id, Arm("none", "flatten").id) for one in ("max", "mean", "stride")]


@cache
def lines() -> list[dict[str, Any]]:
    """The rows, read without the package."""
    head, *rows = experiment.RECORDS.read_text(encoding="utf-8").splitlines()
    fields = json.loads(head)["fields"]
    return [dict(zip(fields, json.loads(row), strict=True)) for row in rows]


def test_all_networks_are_recorded_once_by_this_code() -> None:
    """If they are stale: remove them, and run “make trained”."""
    assert not experiment.is_stale()
    found = Counter((row["arm"], row["seed"]) for row in lines())
    assert found == Counter((a.id, seed) for a in experiment.arms() for seed in range(20))


def test_rows_are_possible() -> None:
    for row in lines():
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
    recorded = next(r for r in lines() if (r["arm"], r["seed"]) == (arm.id, seed))
    again = measure(arm, seed)._asdict()
    for field in Row._fields:
        if field in ("losses", "reached", "positions"):
            assert_allclose(again[field], recorded[field], rtol=1e-4, atol=1e-4)
        else:
            assert again[field] == recorded[field], field


def test_statistics_by_another_route() -> None:
    rows = experiment.recorded()
    found = statistics.compared(rows, PAIRS, "accuracy")
    each = [np.subtract(accuracy(one), accuracy(other)) for one, other in PAIRS]
    p = sorted((stats.ttest_1samp(d, 0).pvalue, i) for i, d in enumerate(each))
    for rank, (value, i) in enumerate(p):
        bars = [value * (3 - rank), *((3 - r) * v for r, (v, _) in enumerate(p[:rank]))]
        assert_allclose(found[i].p, min(max(bars), 1), rtol=1e-6, atol=1e-14)
        ends = stats.t.interval(1 - 0.05 / 3, 19, each[i].mean(), stats.sem(each[i]))
        assert_allclose(found[i].found, (each[i].mean(), *ends), rtol=1e-6, atol=1e-12)


def accuracy(arm: str) -> list[float]:
    found = {row["seed"]: row["moves"][0] / 500 for row in lines() if row["arm"] == arm}
    return [found[seed] for seed in range(20)]
