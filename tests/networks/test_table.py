"""A count as a table for a person, and as a record for a machine."""

from __future__ import annotations

import re
import time

from explainers.networks.count import count
from explainers.networks.layers import AdaptiveAvgPool2d, AvgPool2d, Conv2d, Linear, MaxPool2d
from explainers.networks.network import Network
from explainers.networks.table import as_record, as_text

SMALL = Network(
    "small",
    (Conv2d(4, 3, norm=True), MaxPool2d(2), AdaptiveAvgPool2d(2), Linear(10)),
    input_size=14,
    channels=1,
)


def test_a_table_has_aligned_columns_and_totals() -> None:
    """By hand: maps of 12 × 12, 6 × 6 and 2 × 2, the last from windows of 3 × 3."""
    title, *lines = as_text(count(SMALL)).splitlines()
    assert title == "small, input 1 × 14 × 14, pooling as designed"
    rows = [re.sub("  +", "|", line) for line in lines]
    assert rows == [
        "layer|kind|shape|multiply–accumulates|share|comparisons|additions|weights|biases|norms"
        "|activations|field|jump",
        "conv1|Conv2d|4 × 12 × 12|5,184|97.0%|0|0|36|4|8|576|3|1",
        "pool1|MaxPool2d|4 × 6 × 6|0|0.0%|432|0|0|0|0|144|4|2",
        "global1|AdaptiveAvgPool2d|4 × 2 × 2|0|0.0%|0|128|0|0|0|16|8|6",
        "linear1|Linear|10 × 1 × 1|160|3.0%|0|0|160|10|0|10|14|–",
        "total|5,344|100.0%|432|128|196|14|8|746",
    ]
    assert {len(line) for line in lines[:-1]} == {len(lines[0])}  # numbers are set to the right
    assert [line.index(kind) for line, kind in zip(lines[1:4], "CMA", strict=True)] == [9] * 3


def test_a_column_of_zeros_is_left_out_and_a_share_of_nothing_is_none() -> None:
    _, head, row, total = as_text(count(Network("p", (AvgPool2d(2),), 8, 1))).splitlines()
    assert head.split() == [
        "layer",
        "kind",
        "shape",
        "share",
        "additions",
        "activations",
        "field",
        "jump",
    ]
    assert row.split()[-5:] == ["0.0%", "48", "16", "2", "2"]
    assert total.split() == ["total", "–", "48", "16"]


def test_a_record_has_what_the_table_has() -> None:
    counted = count(SMALL)
    record = as_record(counted)
    assert (record["network"], record["pooling"]) == ("small", "as designed")
    assert record["input"] == [1, 14, 14]
    assert record["layers"][0] == {
        "name": "conv1",
        "kind": "Conv2d",
        "shape": [4, 12, 12],
        "macs": 5184,
        "comparisons": 0,
        "additions": 0,
        "weights": 36,
        "biases": 4,
        "norms": 8,
        "activations": 576,
        "share": 5184 / 5344,
        "field": 3,
        "jump": 1,
    }
    sums = {key: sum(row[key] for row in record["layers"]) for key in counted.work._asdict()}
    assert record["total"] == {**sums, "parameters": 218, "activations": 746}


def test_a_table_of_ten_thousand_layers_takes_a_moment() -> None:
    """A share is the layer over the sum of all: the sum is taken once."""
    net = Network("long", (Conv2d(1, 1),) * 10**4, 8, 1)
    start = time.process_time()
    lines = as_text(count(net)).splitlines()
    assert len(lines) == 10**4 + 3
    assert time.process_time() - start < 2
