"""The recorded times of pools: what they are of, and what is made of them."""

from __future__ import annotations

from itertools import product

import pytest

from explainers.alternatives import timed
from explainers.alternatives.table import ROWS

RECORD = timed.recorded()


def test_every_network_was_timed_in_all_ways() -> None:
    found = [
        (row["network"], row["pooling"], row["layout"], row["size"]) for row in RECORD["inside"]
    ]
    assert found == list(product(timed.TIMED, timed.POOLINGS, timed.LAYOUTS, timed.SIZES))


def test_the_record_says_when_and_on_what() -> None:
    assert RECORD["date"] >= "2026-11-29"
    assert RECORD["machine"]["cores_used"] == 1
    assert {"python", "torch"} <= set(RECORD["versions"])
    assert RECORD["rounds"] >= 5


@pytest.mark.parametrize("row", RECORD["inside"])
def test_a_share_is_of_the_same_pass(row: dict[str, float]) -> None:
    assert 0 < row["low"] <= row["high"] < 1
    assert 0.8 * row["low"] < row["pools_ms"] / row["ms"] < 1.25 * row["high"]


def test_what_is_found_is_what_was_recorded() -> None:
    for row in RECORD["inside"]:
        found = timed.inside(row["network"], row["layout"], row["size"], row["pooling"])
        assert (found.pools, found.all) == (row["pools_ms"], row["ms"])
        share, low, high = found.share
        assert share * row["ms"] == pytest.approx(row["pools_ms"])
        assert low == sorted((share, row["low"]))[0]
        assert high == sorted((share, row["high"]))[1]
    for row in RECORD["instead"]:
        assert timed.milliseconds(row["row"], row["layout"]) == row["ms"]


def test_all_rows_of_the_table_have_a_time() -> None:
    assert {"none", *timed.rows(), *timed.ALIKE} - {"attention"} == set(ROWS)
    for row, layout in product(ROWS, timed.LAYOUTS):
        assert 0 <= timed.share_of_forward(row, layout) < 1


@pytest.mark.parametrize("layout", timed.LAYOUTS)
def test_a_share_of_the_pass_without_its_own_poolings(layout: str) -> None:
    own = timed.inside("vgg16", layout)
    others = own.all - own.pools
    for row, name in (("median", "median"), ("attention, query wrong", "attention")):
        took = timed.milliseconds(name, layout)
        share = timed.share_of_forward(row, layout)
        assert share * (others + took) == pytest.approx(took)
    behind = timed.milliseconds("global max", layout)
    share = timed.share_of_forward("global max", layout)
    assert share * (own.all + behind) == pytest.approx(behind)
    token = timed.milliseconds("class token", layout)
    share = timed.share_of_forward("class token", layout)
    assert share * (own.all + token) == pytest.approx(token)


@pytest.mark.parametrize("layout", timed.LAYOUTS)
def test_the_pool_alone_takes_about_as_long_as_in_the_network(layout: str) -> None:
    alone, within = timed.milliseconds("max", layout), timed.inside("vgg16", layout).pools
    assert 0.5 < alone / within < 2
