"""A count as a table for a person, and as a record for a machine."""

from __future__ import annotations

import csv
import io
import math
import re
import time

from explainers.networks.count import count
from explainers.networks.layers import AdaptiveAvgPool2d, AvgPool2d, Conv2d, Linear, MaxPool2d
from explainers.networks.network import Network
from explainers.networks.table import (
    as_csv,
    as_markdown,
    as_record,
    as_text,
    compared,
    compared_csv,
    compared_markdown,
    compared_text,
)

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
        "|activations|field|jump|centre",
        "conv1|Conv2d|4 × 12 × 12|5,184|97.0%|0|0|36|4|8|576|3|1|1",
        "pool1|MaxPool2d|4 × 6 × 6|0|0.0%|432|0|0|0|0|144|4|2|1.5",
        "global1|AdaptiveAvgPool2d|4 × 2 × 2|0|0.0%|0|128|0|0|0|16|8|6|3.5",
        "linear1|Linear|10 × 1 × 1|160|3.0%|0|0|160|10|0|10|14|–|6.5",
        "total|5,344|100.0%|432|128|196|14|8|746",
        "training in PyTorch also holds 576 values that come into normalisations and 144 places of "
        "maxima, of eight bytes",
    ]
    assert {len(line) for line in lines[:-2]} == {len(lines[0])}  # numbers are set to the right
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
        "centre",
    ]
    assert row.split()[-6:] == ["0.0%", "48", "16", "2", "2", "0.5"]
    assert total.split() == ["total", "–", "48", "16"]


def test_a_record_has_what_the_table_has() -> None:
    counted = count(SMALL)
    record = as_record(counted)
    assert (record["network"], record["pooling"]) == ("small", "as designed")
    assert record["input"] == [1, 14, 14]
    assert record["layers"][0] == {
        "name": "conv1",
        "kind": "Conv2d",
        "counted": True,
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
        "start": 0,
        "centre": 1.0,
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


def test_a_record_says_its_totals_first() -> None:
    """The names that one looks for; what is left out is said beside them."""
    record = as_record(count("vgg16"))
    assert (record["macs"], record["parameters"]) == (15_470_264_320, 138_357_544)
    assert record["activations"] == record["total"]["activations"]
    assert record["training_holds_besides"] == {
        "normalised": 0,
        "places": sum(math.prod(r["shape"]) for r in record["layers"] if r["kind"] == "MaxPool2d"),
    }
    assert not record["at_least"]
    for name in ("macs", "weights", "activations"):
        assert sum(block[name] for block in record["blocks"]) == record["total"][name]
    assert [block["name"] for block in record["blocks"]][:2] == ["conv1", "pool1"]


def test_what_a_first_value_sees_has_a_centre_and_begins_in_the_padding() -> None:
    """By hand: a 7 × 7 window of stride 2 with padding 3, then 3 × 3 of stride 2 with padding 1."""
    rows = as_record(count("resnet18"))["layers"]
    assert [rows[0][name] for name in ("field", "jump", "start", "centre")] == [7, 2, -3, 0.0]
    assert [rows[1][name] for name in ("field", "jump", "start", "centre")] == [11, 4, -5, 0.0]
    assert as_text(count("resnet18")).splitlines()[1].split()[-2:] == ["centre", "padding"]
    assert as_text(count("resnet18")).splitlines()[2].split()[-2:] == ["0", "3"]


def test_a_spreadsheet_and_a_page_have_the_same_rows() -> None:
    counted = count(SMALL)
    rows = list(csv.DictReader(io.StringIO(as_csv(counted))))
    assert [int(row["macs"]) for row in rows] == [layer.work.macs for layer in counted.layers]
    assert rows[0]["shape"] == "4 × 12 × 12"
    page = as_markdown(counted).splitlines()
    assert page[2].startswith("| layer | kind | shape | multiply–accumulates |")
    assert page[3].startswith("| --- | --- | --- | ---: |")
    assert {line.count("|") for line in page[2:9]} == {page[2].count("|")}
    assert page[-1].startswith("- training in PyTorch also holds")
    blocks = list(csv.DictReader(io.StringIO(as_csv(count("vgg16"), blocks=True))))
    assert sum(int(block["macs"]) for block in blocks) == count("vgg16").macs
    assert as_text(count("vgg16"), blocks=True).splitlines()[2].split()[:3] == [
        *("conv1", "2", "layers")
    ]


def test_two_networks_stand_beside_each_other() -> None:
    one, other = count("vgg11"), count("vgg16")
    rows = {row[0]: row[1:] for row in compared(one, other)}
    assert rows["multiply–accumulates"] == ("7,609,090,048", "15,470,264,320", "2.03")
    assert rows[""] == ("vgg11", "vgg16", "times")
    assert "norms" not in rows
    assert compared_csv(one, other).splitlines()[:2] == [
        "quantity,vgg11,vgg16",
        "macs,7609090048,15470264320",
    ]
    assert "| multiply–accumulates | 7,609,090,048 | 15,470,264,320 | 2.03 |" in (
        compared_markdown(one, other).splitlines()
    )
    assert compared_text(one, other).splitlines()[3].split() == [
        *("multiply–accumulates", "7,609,090,048", "15,470,264,320", "2.03")
    ]
