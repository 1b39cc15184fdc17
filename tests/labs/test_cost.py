"""Every setting of the lab of multiplications, by arithmetic on the published layers."""

from __future__ import annotations

from itertools import product

import pytest

from explainers.labs import cost
from explainers.networks.count import count, receptive_field

BLOCKS = (2, 2, 3, 3, 3)
WIDTHS = (64, 128, 256, 512, 512)


@pytest.mark.parametrize("on", ["".join(signs) for signs in product("01", repeat=5)])
def test_vgg16_by_hand(on: str) -> None:
    side, channels, field, jump, macs = 224, 3, 1, 1, []
    for depth, width, sign in zip(BLOCKS, WIDTHS, on, strict=True):
        macs.append(0)
        for _ in range(depth):
            macs[-1] += side**2 * 9 * channels * width
            channels, field = width, field + 2 * jump
        if sign == "1":
            field, jump, side = field + jump, 2 * jump, side // 2
    dense = side**2 * 512 * 4096 + 4096 * 4096 + 4096 * 1000
    assert cost.counted("vgg16", on) == {"blocks": [*macs, dense], "field": field}


@pytest.mark.parametrize(("name", "on"), [("resnet50", "0"), ("vgg16", "00000")])
def test_all_off_is_without_pooling(name: str, on: str) -> None:
    found = cost.counted(name, on)
    assert sum(found["blocks"]) == count(name, pooling="removed").macs
    assert found["field"] == receptive_field(name, "removed").size


def test_all_settings_are_there() -> None:
    networks = cost.first_look()["data"]["networks"]
    assert {name: len(n["settings"]) for name, n in networks.items()} == {
        "vgg16": 32,
        "resnet50": 2,
    }
    assert networks["resnet50"]["settings"]["1"] == cost.counted("resnet50", "1")
