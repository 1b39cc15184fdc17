"""Networks with something else in place of their poolings."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from explainers.networks.count import count
from explainers.networks.known import NETWORKS, network
from explainers.networks.layers import (
    AvgPool2d,
    Conv2d,
    LayerError,
    Linear,
    MaxPool2d,
    Residual,
)
from explainers.networks.network import Network
from explainers.networks.poolings import POOLINGS, with_pooling
from tests.networks.reference import TINY


def kinds(changed: Network) -> list[str]:
    return [layer.kind for layer in count(changed).layers]


def test_removed_leaves_only_what_collapses() -> None:
    changed = with_pooling(TINY, "removed")
    assert kinds(changed) == ["Conv2d"] * 4 + ["Add", "AdaptiveAvgPool2d", "Linear"]
    assert count(changed).layers[0].shape == (8, 32, 32)
    assert with_pooling(TINY, "as designed") is TINY


def test_mean_takes_over_the_windows_of_the_max() -> None:
    pools = [layer for layer in with_pooling(TINY, "mean").layers if layer.name in ("p", "pool2")]
    assert pools == [AvgPool2d(3, 2, 1, name="p"), AvgPool2d(2, name="pool2")]
    before, after = count(TINY), count(with_pooling(TINY, "mean"))
    assert [x.shape for x in before.layers] == [x.shape for x in after.layers]
    assert after.work.comparisons == 0
    assert before.work.comparisons + before.work.additions == after.work.additions
    trained = with_pooling(network("lenet5"), "mean")
    assert trained.layers == network("lenet5").layers


def test_stride_moves_into_the_convolution_before() -> None:
    plain = Network("plain", (Conv2d(8, 3, 2, padding=1), MaxPool2d(3, 2), Conv2d(4, 3)))
    first, second = with_pooling(plain, "stride").layers
    assert first == Conv2d(8, 3, stride=4, padding=1, name="conv1")
    assert second == Conv2d(4, 3, name="conv2")
    with pytest.raises(LayerError, match="layer pool2: there is no convolution before it"):
        with_pooling(TINY, "stride")
    with pytest.raises(LayerError, match="layer pool1: there is no convolution before it"):
        with_pooling(Network("n", (MaxPool2d(2),)), "stride")


def test_strided_convolutions_keep_shape_and_channels() -> None:
    changed = with_pooling(TINY, "strided-conv")
    assert changed.layers[1] == Conv2d(8, 3, 2, 1, bias=False, norm=True, name="p")
    assert changed.layers[3] == Conv2d(12, 2, 2, name="pool2")
    assert [x.shape for x in count(TINY).layers] == [x.shape for x in count(changed).layers]
    block = changed.layers[2]
    assert isinstance(block, Residual)
    assert block.body[1] == Conv2d(6, 2, 2, name="block1.pool1")
    assert block.shortcut[1] == Conv2d(12, 2, 2, name="block1.down.pool1")


POOLS = [
    kind(kernel, stride, padding, name="p")
    for kind in (MaxPool2d, AvgPool2d)
    for kernel, stride, padding in [(2, None, 0), (3, 2, 0), (3, 2, 1), (4, 3, 2), (2, 1, 1)]
]


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("pooling", ["mean", "strided-conv"])
def test_what_replaces_a_pooling_has_its_windows(pooling: str, pool: Any) -> None:
    for ceil_mode, size in itertools.product((False, True), range(4, 13)):
        net = Network("n", (Conv2d(2, 1), replace(pool, ceil_mode=ceil_mode), Linear(1)), size)
        if ceil_mode and pooling == "strided-conv":
            with pytest.raises(LayerError, match="layer p: ceil_mode must be false for a convol"):
                count(net, pooling=pooling)
            continue
        designed, changed = count(net), count(net, pooling=pooling)
        assert [row.shape for row in changed.layers] == [row.shape for row in designed.layers]
        assert [row.field for row in changed.layers] == [row.field for row in designed.layers]
        assert changed.layer("linear1") == designed.layer("linear1")


@pytest.mark.parametrize("pool", POOLS)
def test_a_convolution_that_strides_leaves_one_of_so_many_values(pool: Any) -> None:
    """Whatever else the pooling has: no window, no padding, no last incomplete window is left."""
    for ceil_mode, size in itertools.product((False, True), range(4, 13)):
        net = Network("n", (Conv2d(2, 1), replace(pool, ceil_mode=ceil_mode)), size)
        places = range(0, size, pool.stride or pool.kernel_size)
        assert count(net, pooling="stride").layers[-1].shape == (2, len(places), len(places))


def test_a_convolution_in_a_poolings_place_has_the_channels_that_come_in() -> None:
    net = Network("n", (Linear(10), Residual((Linear(7),)), MaxPool2d(1)))
    assert with_pooling(net, "strided-conv").layers[-1] == Conv2d(7, 1, 1, name="pool1")
    net = Network("n", (Linear(10), MaxPool2d(1)))
    assert count(net, pooling="strided-conv").layers[-1].work.weights == 100


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_pooling_of_every_network_counts(name: str, pooling: str) -> None:
    changed = with_pooling(network(name), pooling)
    counted = count(network(name), pooling=pooling)
    pools = {"removed": set(), "stride": set(), "strided-conv": set(), "mean": {"AvgPool2d"}}
    left = {x.kind for x in counted.layers} & {"MaxPool2d", "AvgPool2d"}
    if pooling != "as designed":
        assert left == pools[pooling]
    assert [x.name for x in count(changed).layers] == [x.name for x in counted.layers]
