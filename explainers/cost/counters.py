"""Our multiplications against those of published counters, and why they differ, to the last one.

What the counters said is recorded in `counters.json`, by `tests/oracles/record_counters.py`. Why
they differ follows from what each counts besides the learnt weights: the rules are in `COUNTERS`,
and what they give is computed from our own count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from explainers.kinds import kept
from explainers.networks.count import LayerCount, count
from explainers.networks.known import NETWORKS, NetworkName, network
from explainers.networks.layers import Conv2d, Layer, Linear, Residual


class Besides(NamedTuple):
    """What a network works on besides multiplying by weights: how many values, for one picture.

    Attributes
    ----------
    biased
        Values that a bias is added to.
    normalised, norms
        Values that batch normalisation works on, and its parameters.
    activated
        Values that an activation function works on.
    pooled, averaged
        Values that go into a max or mean pooling, and that come out of a mean pooling.
    collapsed, collapsed_to
        Values that go into an adaptive or global pooling, and that come out of it.
    """

    biased: int
    normalised: int
    norms: int
    activated: int
    pooled: int
    averaged: int
    collapsed: int
    collapsed_to: int


class Counter(NamedTuple):
    """A published counter, and what it counts besides multiplications by learnt weights.

    Attributes
    ----------
    name
        As its makers write it.
    counts
        What it counts, and how many operations it takes that for.
    """

    name: str
    counts: Mapping[str, Callable[[Besides], int]]


BIAS, NORM, ACTIVATION = "bias additions", "batch normalisation", "activation functions"
POOLING, COLLAPSE = "pooling", "adaptive pooling"

COUNTERS = {
    # It prints operations, two for each multiply–accumulate: what is recorded is half of that.
    "torch": Counter("PyTorch's flop counter", {}),
    "fvcore": Counter(
        "fvcore",
        {
            NORM: lambda values: 2 * values.normalised,
            COLLAPSE: lambda values: values.collapsed,
        },
    ),
    "torchinfo": Counter(
        "torchinfo",
        {
            BIAS: lambda values: values.biased,
            # Once for each parameter, however large the map is.
            NORM: lambda values: values.norms,
        },
    ),
    "thop": Counter(
        "THOP",
        {
            NORM: lambda values: 4 * values.normalised,
            POOLING: lambda values: values.averaged,
            COLLAPSE: lambda values: values.collapsed + values.collapsed_to,
        },
    ),
    # Its default way hooks on modules and, besides, on the functions that they call: once each.
    "ptflops": Counter(
        "ptflops",
        {
            BIAS: lambda values: values.biased,
            NORM: lambda values: 2 * values.normalised,
            ACTIVATION: lambda values: 2 * values.activated,
            POOLING: lambda values: 2 * values.pooled,
            COLLAPSE: lambda values: 2 * values.collapsed,
        },
    ),
}
"""The counters, and what each counts besides multiplications by learnt weights."""


class Compared(NamedTuple):
    """One network by one counter.

    Attributes
    ----------
    network, counter, version
        A known network, as designed; a key of `COUNTERS`, and which version was asked.
    macs
        What the counter calls multiply–accumulates, multiply–adds or operations.
    ours
        Our multiply–accumulates.
    causes
        What else it counts, and how many operations that makes; they add up to the difference.
    """

    network: str
    counter: str
    version: str
    macs: int
    ours: int
    causes: Mapping[str, int]

    @property
    def difference(self) -> int:
        """How many more than ours."""
        return self.macs - self.ours


@cache
def recorded() -> Mapping[str, Any]:
    """Return what the counters said.

    ``versions`` has theirs. ``counters`` has for each network and counter its ``macs`` and
    ``parameters``, and its ``parts``, by the counter's own names.

    Examples
    --------
    >>> recorded()["counters"]["vgg16"]["torch"]["macs"]
    15470264320
    """
    text = files("explainers.cost").joinpath("counters.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def compared() -> list[Compared]:
    """Return each known network, as designed, by each counter.

    Examples
    --------
    >>> rows = {(row.network, row.counter): row for row in compared()}
    >>> row = rows["resnet50", "fvcore"]
    >>> row.macs, row.ours, row.difference
    (4111512576, 4089184256, 22328320)
    >>> row.causes
    {'batch normalisation': 22227968, 'adaptive pooling': 100352}
    """
    return [_compared(name, counter) for name in NETWORKS for counter in COUNTERS]


def _compared(name: str, counter: str) -> Compared:
    macs = recorded()["counters"][name][counter]["macs"]
    values = besides(name)
    causes = {cause: number(values) for cause, number in COUNTERS[counter].counts.items()}
    some = {cause: number for cause, number in causes.items() if number}
    return Compared(name, counter, recorded()["versions"][counter], macs, count(name).macs, some)


@kept
def besides(name: NetworkName) -> Besides:
    """Return what a known network, as designed, works on besides multiplying by weights.

    Examples
    --------
    >>> besides("vgg16").biased
    13556712
    """
    rows = count(name).layers
    activated = _activated(name)
    return Besides(
        biased=_values(row for row in rows if row.work.biases),
        normalised=_values(row for row in rows if row.work.norms),
        norms=sum(row.work.norms for row in rows),
        activated=_values(row for row in rows if row.name in activated),
        pooled=_values(_before(rows, "MaxPool2d", "AvgPool2d")),
        averaged=_values(row for row in rows if row.kind == "AvgPool2d"),
        collapsed=_values(_before(rows, "AdaptiveAvgPool2d")),
        collapsed_to=_values(row for row in rows if row.kind == "AdaptiveAvgPool2d"),
    )


def _values(rows: Iterator[LayerCount]) -> int:
    return sum(row.shape.values for row in rows)


def _before(rows: tuple[LayerCount, ...], *kinds: str) -> Iterator[LayerCount]:
    """The rows whose output goes into a layer of these kinds."""
    return (row for row, after in pairwise(rows) if after.kind in kinds)


def _activated(name: str) -> set[str]:
    """The rows that an activation function follows: all with weights but the last."""
    layers = network(name).layers
    return {row for layer in layers[:-1] for row in _followed(layer)}


def _followed(layer: Layer) -> Iterator[str]:
    """In a residual block it follows the sum, not the body's last layer, nor the shortcut."""
    match layer:
        case Residual():
            yield from (inner.name for inner in layer.body[:-1])
            yield f"{layer.name}.add"
        case Conv2d() | Linear():
            yield layer.name
        case _:
            pass
