"""The laws of depth: by building networks, layer by layer, and counting them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from explainers.cost.model import billions_after, depth_within, layers_to_reach
from explainers.networks.count import count
from explainers.networks.layers import (
    Conv2d,
    Layer,
    Linear,
    MaxPool2d,
)
from explainers.networks.network import Network


@pytest.mark.parametrize("kernel_size", [2, 3, 5])
@pytest.mark.parametrize("pool_every", [None, 1, 2, 3])
@pytest.mark.parametrize("pool_size", [2, 3])
def test_layers_to_reach_by_adding_layers(
    kernel_size: int, pool_every: int | None, pool_size: int
) -> None:
    for field in (1, 2, 3, 7, 28, 100, 213):
        layers: list[Layer] = []
        convolutions = 0
        while not layers or count(Network("n", tuple(layers)), 10**6).layers[-1].field.size < field:  # type: ignore[operator]
            if field == 1:
                break
            layers.append(Conv2d(1, kernel_size))
            convolutions += 1
            if pool_every and convolutions % pool_every == 0:
                layers.append(MaxPool2d(pool_size))
        found = layers_to_reach(field, kernel_size, pool_every=pool_every, pool_size=pool_size)
        assert found == convolutions


@pytest.mark.parametrize("widen", [1, 2, 3])
@pytest.mark.parametrize(("pool_every", "poolings"), [(None, 0), (1, 1), (2, 3), (3, 2)])
@pytest.mark.parametrize("kernel_size", [3, 5])
def test_depth_within_by_building_deeper_until_it_is_too_much(
    kernel_size: int, pool_every: int | None, poolings: int, widen: int
) -> None:
    def cost(depth: int) -> int:
        layers: list[Layer] = []
        width, pooled = 4, 0
        for n in range(1, depth + 1):
            layers.append(Conv2d(width, kernel_size, padding=kernel_size // 2))
            if pool_every and n % pool_every == 0 and pooled < poolings:
                layers.append(MaxPool2d(2))
                width, pooled = width * widen, pooled + 1
        return count(Network("n", tuple(layers), 20, channels=4)).macs if layers else 0

    settings: dict[str, Any] = {"pool_every": pool_every, "poolings": poolings, "widen": widen}
    for budget in (0, 57_599, 57_600, 200_000, 700_001):
        depth = depth_within(budget, 20, 4, kernel_size=kernel_size, **settings)
        assert cost(depth) <= budget < cost(depth + 1)


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "alexnet2012"])
@pytest.mark.parametrize("pooling", ["as designed", "removed"])
@pytest.mark.parametrize("billions", [1, 3, 9, 1000])
def test_billions_after_by_adding_up(name: str, pooling: str, billions: int) -> None:
    rows = [x for x in count(name, pooling=pooling).layers if x.kind in ("Conv2d", "Linear")]
    sums = list(itertools.accumulate(row.work.macs for row in rows))
    reached = [i for i, total in enumerate(sums, start=1) if total >= billions * 10**9]
    found = billions_after(name, billions=billions, pooling=pooling)
    assert found == (reached[0] if reached else None)
    assert billions_after(name, 96, billions=10**6) is None


def test_a_layer_that_multiplies_once_counts_until_the_billion() -> None:
    two = Network("two", (Conv2d(1, 1), Linear(10**9)), input_size=1, channels=1)
    assert billions_after(two) == 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"poolings": 1}, "pool_every must be a whole number ≥ 1, if there are poolings; got None"),
        ({"pool_every": 1, "poolings": 4}, "poolings must be few enough .* of 8 pixels; got 4"),
    ],
)
def test_poolings_come_after_so_many_layers_and_leave_something(
    settings: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        depth_within(1, 8, 1, **settings)
