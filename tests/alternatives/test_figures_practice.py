"""What the figures on use show: their data, by another route."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from explainers import alternatives, catalogue
from explainers.alternatives import rebuilding, today
from explainers.networks.count import count
from tests.drawing import drawn

RECORD = json.loads(Path(alternatives.__file__).with_name("timed.json").read_text("utf-8"))


def shown(id: str, **settings: object) -> dict[str, list[Any]]:
    drawing = drawn(catalogue.figure(id), **settings)
    return {name: list(values) for name, values in drawing.table.items()}


@pytest.mark.parametrize("size", [64, 224])
def test_time_beside_operations(size: int) -> None:
    table = shown("time-beside-operations", size=size)
    assert table["network"] == ["alexnet", "vgg11", "vgg16", "resnet18", "resnet50"]
    for i, network in enumerate(table["network"]):
        layers = count(str(network), size).layers
        ends = [layer.kind in ("Linear", "AdaptiveAvgPool2d") for layer in layers].index(True)
        made = {layer.name: sum(layer.work[:3]) for layer in layers[:ends]}
        pools = [layer.name for layer in layers[:ends] if layer.kind == "MaxPool2d"]
        share = sum(made[name] for name in pools) / sum(made.values())
        assert table["operations"][i] == pytest.approx(share)
        assert share < table["bytes"][i] < 1
        for layout in ("channels first", "channels last"):
            [row] = [
                row
                for row in RECORD["inside"]
                if (row["network"], row["size"], row["layout"], row["pooling"])
                == (network, size, layout, "as designed")
            ]
            name = f"time, {layout}"
            assert table[name][i] == pytest.approx(row["pools_ms"] / row["ms"])
            assert table[f"{name}_low"][i] <= table[name][i] <= table[f"{name}_high"][i]


def test_operations_a_byte() -> None:
    table = shown("operations-a-byte", size=64)
    made = dict(zip(table["layer"], table["a byte"], strict=True))
    for i, layer in enumerate(count("vgg16", 64).layers):
        assert table["layer"][i] == layer.name
        kind = {"Conv2d": "convolution", "MaxPool2d": "pool", "Linear": "dense"}[layer.kind]
        assert table["kind"][i] == kind
    side = 64 * 64
    weights = 9 * 64 * 64
    moved = 4 * (2 * 64 * side + weights + 64)
    assert made["conv1_2"] == pytest.approx(weights * side / moved)
    assert made["pool3"] == pytest.approx(3 / 20)
    assert made["fc7"] == pytest.approx(4096**2 / (4 * (4096**2 + 3 * 4096)))


def test_regions_off() -> None:
    table = shown("regions-off", place=33, side=90, parts=6, stride=8)
    first, last = round(33 / 8), round(123 / 8)
    wide = last - first + 1
    for i in range(6):
        assert table["from"][i] == pytest.approx(33 + 15 * i)
        assert table["to"][i] == pytest.approx(48 + 15 * i)
        low, high = first + i * wide // 6, first - (-(i + 1) * wide // 6)
        assert (table["looked_from"][i], table["looked_to"][i]) == (8 * low, 8 * high)
        middle = (table["from"][i] + table["to"][i]) / 2
        assert table["off"][i] == pytest.approx(4 * (low + high) - middle)


def test_rebuilt_with_indices() -> None:
    table = shown("rebuilt-with-indices", window=4, pictures=20)
    assert table["picture"] == ["natural", "smooth", "noise", "rectified"]
    for kept, (i, picture) in product(rebuilding.KEPT, enumerate(rebuilding.PICTURES)):
        found = rebuilding.rebuilt(kept, 4, picture=picture, maps=20)
        ends = (table[f"{kept}{end}"][i] for end in ("", "_low", "_high"))
        assert tuple(ends) == tuple(found)


def test_gradient_by_place() -> None:
    table = shown("gradient-by-place", length=0.5)
    size = 12
    grids = {name: np.reshape(table[name], (size, size)) for name in rebuilding.DOWN}
    assert np.reshape(table["row"], (size, size))[5, 7] == 5
    assert np.reshape(table["column"], (size, size))[5, 7] == 7
    assert_allclose(grids["mean"], 1 / 4)
    assert_allclose(grids["convolution 4"], 4 / 16)
    cell = np.array([[1, 2], [2, 4]]) / 9
    assert_allclose(grids["convolution 3"], np.tile(cell, (6, 6)))
    assert_allclose(grids["every second value"], np.tile([[1, 0], [0, 0]], (6, 6)))
    windows = grids["max"].reshape(6, 2, 6, 2).sum(axis=(1, 3))
    assert_allclose(windows, 1)
    assert set(np.unique(grids["max"])) == {0, 1}
    assert grids["blurred max"].sum() == pytest.approx(size**2 / 4)
    assert np.count_nonzero(grids["blurred max"]) > size**2 / 4


def test_place_beside_pools() -> None:
    table = shown("place-beside-pools", noise=0.05)
    assert table["width"] == [0, 0.5, 1, 1.5, 2, 3]
    for i, pool in ((0, "max"), (3, "mean"), (5, "strided convolution")):
        read = rebuilding.read_place(
            pool,
            width=float(table["width"][i]),
            noise=0.05,
            samples=1000,
        )
        assert table[f"behind {pool}"][i] == read.pooled.value
        assert table["soft-argmax"][i] == read.soft.value
        assert table["skip connection"][i] == read.skip.value


def test_networks_today() -> None:
    table = shown("networks-today")
    assert len(table["network"]) == len(today.NETWORKS)
    for i, network in enumerate(today.NETWORKS):
        assert table["network"][i] == f"{network.name} ({network.year})"
        steps = (
            table[name][i]
            for name in ("first step", "between stages", "inside blocks", "at the end")
        )
        assert tuple(steps) == (
            network.first.how,
            network.between.how,
            network.within.how,
            network.last.how,
        )
        assert table["read in"][i] == network.read
    numbers = drawn(catalogue.figure("networks-today")).values
    between = [network.between.way for network in today.NETWORKS]
    assert (numbers["max"], numbers["stride"]) == (between.count("max"), between.count("stride"))
    last = [network.last.way for network in today.NETWORKS]
    assert (numbers["mean"], numbers["attention"]) == (last.count("mean"), last.count("attention"))
