"""What PyTorch counted on real modules, recorded, and a small network with every kind of layer.

The record was made by `tests/oracles/record_counters.py`, which `make test-oracles` repeats. It has
for some networks and poolings, layer by layer: name, shape, parameters, multiply–accumulates; and
for each network, pooling and picture: multiply–accumulates, parameters, activations, or nothing if
PyTorch refuses the picture.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Linear,
    MaxPool2d,
    Residual,
)
from explainers.networks.network import Network

RECORD = json.loads(Path(__file__).with_name("pytorch.json").read_text("utf-8"))


class Row(NamedTuple):
    name: str
    channels: int
    height: int
    width: int
    parameters: int
    macs: int

    @property
    def values(self) -> int:
        return self.channels * self.height * self.width

    @property
    def weights(self) -> int:
        """Without the bias, one a channel."""
        return self.parameters - self.channels


def layers(network: str, pooling: str = "as designed") -> list[Row]:
    return [Row(*row) for row in RECORD["layers"][network][pooling]]


def layer(name: str, pooling: str = "as designed") -> Row:
    """A layer of VGG-16."""
    [row] = [row for row in layers("vgg16", pooling) if row.name == name]
    return row


def total(network: str, pooling: str = "as designed", size: int = 224) -> dict[str, int]:
    [row] = [
        row
        for row in RECORD["totals"]
        if row[:2] == [network, pooling] and row[3:5] == [size, size]
    ]
    return dict(zip(("macs", "parameters", "activations"), row[5:], strict=True))


def convolutions(pooling: str = "as designed") -> list[Row]:
    return [row for row in layers("vgg16", pooling) if row.name.startswith("conv")]


TINY = Network(
    "tiny",
    (
        Conv2d(8, 3, padding=1, norm=True, bias=False),
        MaxPool2d(3, 2, padding=1, name="p"),
        Residual((Conv2d(6, 1), AvgPool2d(2), Conv2d(12, 1)), (Conv2d(12, 1), MaxPool2d(2))),
        MaxPool2d(2),
        AdaptiveAvgPool2d(1),
        Linear(5),
    ),
    input_size=32,
)
