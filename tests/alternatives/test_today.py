"""The table of today's networks: complete, in order, and where ours are known, as we count them."""

from __future__ import annotations

import re

import pytest

from explainers.alternatives.today import NETWORKS, STEPS, VERIFIED, WAYS, Network, counted
from explainers.networks import known
from explainers.networks.layers import AdaptiveAvgPool2d, Conv2d, Layer, MaxPool2d, Residual
from explainers.sources import SOURCES

WHERE = r"[\w.-]+/[\w.-]+@[0-9a-f]{7}: [\w./-]+"


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_each_cell_is_filled_and_says_where_it_was_read(network: Network) -> None:
    for step in STEPS:
        way, how = getattr(network, step)
        assert way in WAYS
        assert how
        assert (way == "none") == how.startswith("none"), how
    assert network.source in SOURCES
    for place in network.read.split("; "):
        assert place == "paper" or re.fullmatch(WHERE, place), place
    year = re.search(r"\((\d{4})\)", SOURCES[network.source].reference)
    assert year is not None
    assert 0 <= int(year[1]) - network.year <= 2  # the code before the proceedings
    assert int(VERIFIED[:4]) >= network.year


def test_the_rows_are_by_year_and_each_once() -> None:
    years = [network.year for network in NETWORKS]
    assert years == sorted(years)
    assert len({network.name for network in NETWORKS}) == len(NETWORKS) == 25


def test_all_ways_are_gone_and_are_counted() -> None:
    for i, step in enumerate(STEPS):
        for way in WAYS:
            assert counted(step, way) == [n.ways[i] for n in NETWORKS].count(way)
    assert {way for network in NETWORKS for way in network.ways} == set(WAYS)


def flat(layers: tuple[Layer, ...]) -> list[Layer]:
    """All layers, those of blocks among them, shortcuts left out."""
    return [
        inner
        for layer in layers
        for inner in (flat(layer.body) if isinstance(layer, Residual) else [layer])
    ]


def test_networks_that_we_count_are_what_the_table_says() -> None:
    rows = {network.name: network for network in NETWORKS}
    vgg = flat(known.network("vgg16").layers)
    pools = [layer for layer in vgg if isinstance(layer, MaxPool2d)]
    assert [(p.kernel_size, p.step) for p in pools] == [(2, 2)] * 5
    assert rows["VGG-16"].between.how == "max of 2 × 2, five times"
    assert all(layer.stride == 1 for layer in vgg if isinstance(layer, Conv2d))
    resnet = flat(known.network("resnet50").layers)
    assert isinstance(resnet[0], Conv2d)
    assert isinstance(resnet[1], MaxPool2d)
    assert (resnet[0].kernel_size, resnet[0].stride) == (7, 2)
    assert (resnet[1].kernel_size, resnet[1].step) == (3, 2)
    strided = [layer for layer in resnet[2:] if isinstance(layer, Conv2d) and layer.stride == 2]
    assert len(strided) == 3
    assert any(isinstance(layer, AdaptiveAvgPool2d) for layer in resnet)
    assert "three times" in rows["ResNet-50"].between.how
