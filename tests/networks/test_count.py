"""Whole networks: by PyTorch, recorded; by published numbers; and from the output back."""

from __future__ import annotations

import itertools
import time
from fractions import Fraction
from typing import Any

import pytest

from explainers.networks.count import count, receptive_field
from explainers.networks.known import NETWORKS, network
from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    LayerError,
    Linear,
    MaxPool2d,
    Residual,
    Shape,
)
from explainers.networks.network import Network
from explainers.networks.poolings import POOLINGS, with_pooling
from tests.networks.reference import RECORD

# PyTorch, layer by layer and in total

TABLES = [(name, p) for name, tables in RECORD["layers"].items() for p in tables]


@pytest.mark.parametrize(("name", "pooling"), TABLES)
def test_every_layer_is_what_pytorch_found(name: str, pooling: str) -> None:
    ours = [
        [row.name, *row.shape, sum(row.work[3:]), row.work.macs]
        for row in count(name, pooling=pooling).layers
    ]
    assert ours == RECORD["layers"][name][pooling]


def test_all_networks_were_recorded_and_some_with_each_pooling() -> None:
    assert {name for name, _ in TABLES} == set(NETWORKS)
    assert {(name, "as designed") for name in NETWORKS} <= set(TABLES)
    assert all(sum(p == pooling for _, p in TABLES) >= 5 for pooling in POOLINGS)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("name", NETWORKS)
def test_totals_are_what_pytorch_found_and_both_refuse_the_same(name: str, pooling: str) -> None:
    rows = [row for row in RECORD["totals"] if row[:2] == [name, pooling]]
    sizes = [tuple(row[3:5]) for row in rows]
    designed = network(name).input_size
    assert (designed, designed) in sizes
    assert any(height != width for height, width in sizes)
    for _, _, channels, height, width, *found in rows:
        if not found:
            with pytest.raises(LayerError, match="does not fit"):
                count(name, (height, width), channels, pooling)
            continue
        ours = count(name, (height, width), channels, pooling)
        assert [ours.macs, ours.parameters, ours.activations] == found


def test_some_pictures_were_refused() -> None:
    refused = {row[0] for row in RECORD["totals"] if len(row) == 5}
    assert {"vgg16", "alexnet2012"} <= refused
    assert "resnet50" not in refused


# Sums, shares and blocks


@pytest.mark.parametrize("name", NETWORKS)
def test_shares_of_layers_and_blocks_add_up(name: str) -> None:
    found = count(name)
    assert found.macs == found.work.macs
    assert sum(found.share(layer) for layer in found.layers) == 1
    assert all(type(number) is int for layer in found.layers for number in layer.work)
    shares = found.block_shares()
    assert sum(shares.values()) == 1
    dense = [row for row in found.layers if row.kind == "Linear"]
    for block, share in shares.items():
        rows = [row for row in found.layers if row.name.startswith(block) and row.kind != "Linear"]
        macs = sum(row.work.macs for row in (dense if block == "dense" else rows))
        assert share == Fraction(macs, found.macs) > 0


def test_a_block_is_what_stands_before_the_first_mark() -> None:
    assert list(count("vgg16").block_shares()) == [f"conv{n}" for n in range(1, 6)] + ["dense"]
    assert list(count("resnet18").block_shares())[:3] == ["conv1", "layer1", "layer2"]


# Receptive fields, from the output back


def seen(layers: tuple[Layer, ...], first: int, last: int) -> tuple[int, int]:
    """Pixels that the values first … last of the last map look at: from the output back."""
    for layer in reversed(layers):
        match layer:
            case Residual():
                parts = [seen(part, first, last) for part in (layer.body, layer.shortcut)]
                first, last = min(a for a, _ in parts), max(b for _, b in parts)
            case Conv2d():
                first = first * layer.stride - layer.padding
                last = (
                    last * layer.stride - layer.padding + layer.dilation * (layer.kernel_size - 1)
                )
            case MaxPool2d() | AvgPool2d():
                stride = layer.stride or layer.kernel_size
                first = first * stride - layer.padding
                last = last * stride - layer.padding + layer.kernel_size - 1
            case _:
                raise AssertionError(layer)
    return first, last


@pytest.mark.parametrize("pooling", ["as designed", "removed", "stride", "strided-conv"])
@pytest.mark.parametrize("name", NETWORKS)
def test_receptive_field_is_what_the_output_looks_at(name: str, pooling: str) -> None:
    changed = with_pooling(network(name), pooling)
    spatial = tuple(
        itertools.takewhile(
            lambda layer: not isinstance(layer, Linear | AdaptiveAvgPool2d), changed.layers
        )
    )
    (low, high), (next_low, _) = seen(spatial, 5, 5), seen(spatial, 6, 6)
    assert receptive_field(name, pooling) == (high - low + 1, next_low - low)
    row = count(changed).layers[-1] if len(spatial) == len(changed.layers) else None
    assert row is None or row.field.size == high - low + 1


def test_dilation_widens_the_field() -> None:
    net = Network("wide", (Conv2d(1, 3, dilation=4), MaxPool2d(2), Conv2d(1, 3, dilation=2)))
    low, high = seen(net.layers, 3, 3)
    assert count(net, 64).layers[-1].field == (high - low + 1, 2)


@pytest.mark.parametrize(
    ("body", "shortcut"),
    [
        (Conv2d(1, 2, 2, padding=1), MaxPool2d(2, 2, ceil_mode=True)),
        (Conv2d(1, 3, padding=1), Conv2d(1, 5, padding=2)),
        (Conv2d(1, 3, padding=2), Conv2d(1, 1, padding=1)),
    ],
)
def test_a_sum_sees_from_the_first_pixel_of_its_parts_to_the_last(
    body: Layer, shortcut: Layer
) -> None:
    net = Network("beside", (Conv2d(1, 3, 2), Residual((body,), (shortcut,)), Conv2d(1, 3)), 224, 1)
    (low, high), (next_low, _) = seen(net.layers, 4, 4), seen(net.layers, 5, 5)
    assert count(net, 43).layers[-1].field == (high - low + 1, next_low - low)


def test_adaptive_windows_that_divide_a_map_lie_as_plain_ones_do() -> None:
    """21 values to 7 are windows of three from the first value on, as those beside them are."""

    def beside(body: Layer) -> Network:
        layers = (Conv2d(1, 3, 2), Residual((body,), (MaxPool2d(3),)), Conv2d(1, 3))
        return Network("beside", layers, 43, 1)

    (low, high), (next_low, _) = (seen(beside(AvgPool2d(3)).layers, n, n) for n in (4, 5))
    found = count(beside(AdaptiveAvgPool2d(7))).layers[-1].field
    assert found == (high - low + 1, next_low - low)


# Pictures


def test_size_and_channels_are_the_networks_own_unless_given() -> None:
    assert count("lenet5").input == Shape(1, 32, 32)
    assert count("lenet5", 40, 2).input == Shape(2, 40, 40)
    assert count("vgg11", (32, 64)).layers[0].shape == (64, 32, 64)
    assert count("vgg11", (32, 64)).network == "vgg11"


def test_counting_resnet101_takes_under_5_milliseconds() -> None:
    count("resnet101")
    times = []
    for _ in range(20):
        start = time.perf_counter()
        count("resnet101")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_a_huge_picture_allocates_nothing() -> None:
    assert count("vgg16", 10**6).macs > 10**17


# Bad input: one line that names what is wrong

TOO_SMALL = r"layer pool5: a window of 2 × 2 does not fit its input of 1 × 1 .* too small"


BAD: list[tuple[Any, str]] = [
    (lambda: count("vgg61"), "network must be one of lenet5, .*; got 'vgg61'"),
    (lambda: count(7), "network must be one of lenet5, .*; got 7"),  # type: ignore[arg-type]
    (lambda: count("vgg16", 0), r"input_size must be a whole number in \[1, 1000000\]; got 0"),
    (lambda: count("vgg16", (3, 4, 5)), "input_size must be a whole number, or two"),  # type: ignore[arg-type]
    (lambda: count("vgg16", 2.5), "input_size must be a whole number"),  # type: ignore[arg-type]
    (lambda: count("vgg16", 31), TOO_SMALL),
    (lambda: count("vgg16").layer("pool9"), "name must be one of conv1_1, conv1_2"),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_arguments(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)
