"""Bytes and operations of layers, counted once more from PyTorch's shapes or by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from explainers.alternatives.traffic import (
    BYTES,
    before_dense,
    extremes,
    fits,
    pools_share,
    traffic,
)
from explainers.networks.count import count
from explainers.networks.layers import LayerError

KINDS = {
    "Conv2d": "convolution",
    "Linear": "dense",
    "MaxPool2d": "pool",
    "AvgPool2d": "pool",
    "AdaptiveAvgPool2d": "pool",
    "Add": "sum",
}


def by_hand(kernel: int, channels: tuple[int, int], side: int) -> tuple[int, int, int]:
    """A padded convolution of stride 1 with a bias: bytes read, bytes written, multiplications."""
    taken, given = channels
    weights = kernel * kernel * taken * given
    read = 4 * (taken * side * side + weights + given)
    return read, 4 * given * side * side, weights * side * side


def test_a_convolution_and_a_pooling_by_hand() -> None:
    rows = {row.name: row for row in traffic("vgg16")}
    assert rows["conv1_2"][2:5] == by_hand(3, (64, 64), 224)
    assert rows["conv3_1"][2:5] == by_hand(3, (128, 256), 56)
    side = 112
    pool = rows["pool1"]
    assert (pool.kind, pool.places) == ("pool", side * side)
    assert pool[2:5] == (4 * 64 * 4 * side * side, 4 * 64 * side * side, 3 * 64 * side * side)
    assert pool.intensity == Fraction(3, 4 * (4 + 1))
    assert rows["fc6"][2:5] == (
        4 * (512 * 49 + 512 * 49 * 4096 + 4096),
        4 * 4096,
        512 * 49 * 4096,
    )
    assert BYTES == 4


@pytest.mark.parametrize("network", ["lenet5", "alexnet2012", "vgg11", "resnet18", "resnet50"])
def test_names_operations_and_outputs_are_those_of_the_count(network: str) -> None:
    counted = count(network, 224)
    rows = traffic(network, 224)
    assert [row.name for row in rows] == [layer.name for layer in counted.layers]
    for row, layer in zip(rows, counted.layers, strict=True):
        assert row.kind == KINDS[layer.kind]
        assert row.operations == sum(layer.work[:3])
        assert row.written == 4 * layer.shape.values
        assert row.places == layer.shape.height * layer.shape.width


def test_a_block_reads_what_came_in_twice_and_its_sum_reads_both() -> None:
    counted = {layer.name: layer for layer in count("resnet18").layers}
    rows = {row.name: row for row in traffic("resnet18")}
    block = counted["layer1.1.add"].shape.values
    came_in = sum(rows["layer2.0.down.conv"][2:3]) - 4 * sum(counted["layer2.0.down.conv"].work[3:])
    first = rows["layer2.0.conv1"].read - 4 * sum(counted["layer2.0.conv1"].work[3:])
    assert came_in == first == 4 * block
    end = rows["layer2.0.add"]
    values = counted["layer2.0.add"].shape.values
    assert end[2:5] == (2 * 4 * values, 4 * values, values)


def test_what_follows_a_block_reads_what_the_block_hands_on() -> None:
    counted = count("resnet50")
    rows = {row.name: row for row in traffic("resnet50")}
    last = next(layer for layer in counted.layers if layer.name == "layer4.2.add")
    ends = next(row for row in rows.values() if row.name == counted.layers[-2].name)
    assert ends.kind == "pool"
    assert ends.read == 4 * last.shape.values


@pytest.mark.parametrize(("network", "last"), [("vgg16", "pool5"), ("resnet50", "layer4.2.add")])
def test_shares_are_of_what_comes_before_the_dense_layers(network: str, last: str) -> None:
    rows = before_dense(network)
    assert rows[-1].name == last
    made = moved = all_made = all_moved = 0
    for row in rows:
        all_made += row.operations
        all_moved += row.read + row.written
        if row.name.startswith(("pool", "maxpool")):
            made += row.operations
            moved += row.read + row.written
    assert pools_share(network) == (Fraction(made, all_made), Fraction(moved, all_moved))


def test_means_in_place_of_maxima_make_as_many_operations() -> None:
    assert pools_share("vgg16", pooling="mean") == pools_share("vgg16")
    assert pools_share("vgg16", pooling="removed").moved == 0


@pytest.mark.parametrize("network", ["lenet5", "vgg13", "resnet34"])
def test_the_extremes_are_of_all_poolings_and_convolutions(network: str) -> None:
    found = extremes(network, 96)
    rows = traffic(network, 96)
    made = {row.name: Fraction(row.operations, row.read + row.written) for row in rows}
    pools = [made[row.name] for row in rows if row.kind == "pool"]
    convolutions = {row.name: made[row.name] for row in rows if row.kind == "convolution"}
    assert found.pool == sorted(pools)[-1]
    assert found.convolution == sorted(convolutions.values())[0] == convolutions[found.least]
    assert found.places == next(row.places for row in rows if row.name == found.least)


def test_a_picture_that_is_too_small() -> None:
    assert fits("vgg16", 32)
    assert not fits("vgg16", 31)
    with pytest.raises(LayerError, match="too small"):
        traffic("vgg16", 31)
