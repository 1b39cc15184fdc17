"""A network's names, and how many and how deep its layers may be."""

from __future__ import annotations

from typing import Any

import pytest

from explainers.networks.count import count
from explainers.networks.layers import (
    Conv2d,
    Layer,
    LayerError,
    Linear,
    Residual,
)
from explainers.networks.network import Network
from tests.networks.reference import TINY


def test_layers_are_named_by_kind_and_number() -> None:
    names = [layer.name for layer in count(TINY).layers]
    assert names == [
        "conv1",
        "p",
        "block1.conv1",
        "block1.pool1",
        "block1.conv2",
        "block1.down.conv1",
        "block1.down.pool1",
        "block1.add",
        "pool2",
        "global1",
        "linear1",
    ]


def test_names_must_differ() -> None:
    with pytest.raises(LayerError, match="layer names must differ; got a twice"):
        Network("n", (Conv2d(1, 1, name="a"), Linear(1, name="a")))


def test_names_must_differ_inside_of_blocks_too() -> None:
    twice = (Conv2d(3, 1, name="x"), Conv2d(3, 1, name="x"))
    with pytest.raises(LayerError, match=r"layer names must differ; got b\.x twice"):
        Network("n", (Residual(twice, name="b"),))
    with pytest.raises(LayerError, match=r"layer names must differ; got b\.add twice"):
        Network("n", (Residual((Conv2d(3, 1, name="add"),), name="b"),))
    with pytest.raises(LayerError, match=r"layer names must differ; got b\.x twice"):
        Network("n", (Residual(twice[:1], name="b"), Conv2d(3, 1, name="b.x")))


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31mred", "a\u202eb", "a" * 2001, 3])
def test_names_can_be_printed_in_a_table(name: Any) -> None:
    with pytest.raises(ValueError, match=r"name must be a text of .* printable characters; got"):
        Network("n", (Conv2d(1, 1, name=name),))
    with pytest.raises(ValueError, match=r"name must be a text of .* printable characters; got"):
        Network(name, (Conv2d(1, 1),))
    with pytest.raises(ValueError, match=r"name must be a text of .* printable characters; got"):
        Residual((Conv2d(1, 1),), name=name)


def nested(depth: int) -> Layer:
    layer: Layer = Conv2d(3, 1)
    for _ in range(depth):
        layer = Residual((layer,), (Conv2d(3, 1),))
    return layer


def test_a_network_has_as_many_layers_as_can_be_counted_in_a_moment() -> None:
    Network("n", (Conv2d(3, 1),) * 10**4)
    with pytest.raises(LayerError, match="layers must be at most 10,000, those in blocks included"):
        Network("n", (Conv2d(3, 1),) * (10**4 + 1))
    with pytest.raises(LayerError, match="layers must be at most 10,000, those in blocks included"):
        Network("n", (Residual((Conv2d(3, 1),) * 999),) * 10 + (Conv2d(3, 1),))
    assert len(count(Network("n", (nested(100),))).layers) == 201
    with pytest.raises(LayerError, match="blocks must lie at most 100 deep in one another"):
        Network("n", (nested(101),))
