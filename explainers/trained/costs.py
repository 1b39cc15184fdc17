"""What a network costs, by the package's own counter: what is equal between two of them."""

from __future__ import annotations

from typing import NamedTuple

from explainers.kinds import checked
from explainers.networks import layers as counting
from explainers.networks.count import count
from explainers.networks.network import Network
from explainers.trained.arms import NETWORKS, NetworkName
from explainers.trained.digits import CANVAS
from explainers.trained.layers import POOLINGS, Pooling, Readout
from explainers.trained.model import CLASSES


class Cost(NamedTuple):
    """What a network multiplies for one picture of 16 × 16, and what it learns."""

    macs: int
    parameters: int


@checked
def cost(network: NetworkName, readout: Readout = "flatten") -> Cost:
    """Count a network's multiply–accumulates and parameters.

    Notes
    -----
    The conventions are those of `explainers.networks`. Only learned weights multiply: a blur counts
    nothing, nor does a pooling. A convolution before a plain subsampling is counted as one with a
    stride, as which it is in use: here it computes all places, and keeps some.

    Examples
    --------
    >>> for name in ("max", "stride", "none", "narrow", "wide", "learned", "thrifty"):
    ...     print(name, *cost(name, "max"))
    max 92320 1418
    stride 23200 1418
    none 313504 1418
    narrow 92250 473
    wide 92520 5750
    learned 166048 4322
    thrifty 41632 1414
    """
    layers: list[counting.Layer] = []
    for channels, operator in NETWORKS[network]:
        layers += _stage(channels, POOLINGS[operator])
    if readout != "flatten":  # a global max multiplies no more than a global mean
        layers.append(counting.AdaptiveAvgPool2d(1))
    built = Network(network, (*layers, counting.Linear(CLASSES)), input_size=CANVAS, channels=1)
    found = count(built)
    return Cost(found.macs, found.parameters)


def _stage(channels: int, pooling: Pooling) -> list[counting.Layer]:
    if not pooling.aggregate:
        return [counting.Conv2d(channels, 3, pooling.stride, padding=1)]
    # Windows that overlap go on beyond the border: there are as many as of 3 × 3, padded.
    over = pooling.blur > 1 or pooling.window > pooling.stride
    pool = counting.MaxPool2d(3, pooling.stride, padding=1) if over else counting.MaxPool2d(2)
    return [counting.Conv2d(channels, 3, padding=1), pool]
