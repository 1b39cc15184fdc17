"""Counting a graph, operator by operator, in exact integers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, NamedTuple

from explainers.kinds import Text, checked
from explainers.networks import graph_rules as rules
from explainers.networks.graph import Graph, Node, Sides, Step  # noqa: F401  (Node: for the example)
from explainers.networks.graph_rules import Load
from explainers.networks.graph_views import Seen, View, looked, pixels
from explainers.networks.layers import LayerError


class Row(NamedTuple):
    """One row of the table.

    Attributes
    ----------
    name, kind
        What the operator is called and is.
    shape
        Of what it hands on; () where that is not known.
    work
        What it multiplies, compares and adds, and its parameters.
    activations
        Values that it hands on and that are held.
    views
        What a value sees along each axis of the picture; () if that cannot be said.
    counted
        Whether it could be counted.
    """

    name: str
    kind: str
    shape: Sides
    work: Load
    activations: int
    views: tuple[View, ...] = ()
    counted: bool = True

    @property
    def block(self) -> str:
        """The part of the name before its first sign that parts: a slash, a dot or a dash below.

        >>> Row("/enc/enc.0/Conv", "Conv", (), Load(), 0).block
        'enc'
        >>> Row("conv1_2", "Conv", (), Load(), 0).block
        'conv1'
        """
        name = self.name.strip("/")
        for sign in "/." if "/" in name else "._":
            name = name.partition(sign)[0]
        return name or self.name


@dataclass(frozen=True)
class GraphCount:
    """A graph's table and totals.

    Attributes
    ----------
    network, pooling
        What was counted.
    inputs
        Shapes of what comes in, by their names.
    layers
        The rows of operators that do or hold something, or that are not counted.
    free
        How many there are of each that counts nothing.
    normalised, places
        What training holds besides: values that come into normalisations, and places from which
        max poolings took a value.
    """

    network: str
    pooling: str
    inputs: Mapping[str, Sides]
    layers: tuple[Row, ...]
    free: Mapping[str, int]
    normalised: int = 0
    places: int = 0

    @cached_property
    def work(self) -> Load:
        """Sums over the operators."""
        return Load(*map(sum, zip(*(row.work for row in self.layers), strict=True)))

    @property
    def macs(self) -> int:
        """Multiply–accumulates for one input."""
        return self.work.macs

    @property
    def parameters(self) -> int:
        """Weights, biases, and those of normalisations."""
        return self.work.weights + self.work.biases + self.work.norms

    @property
    def activations(self) -> int:
        """Values that all operators hand on and that are held."""
        return sum(row.activations for row in self.layers)

    @cached_property
    def uncounted(self) -> Mapping[str, int]:
        """How many there are of each operator that could not be counted."""
        return Counter(row.kind for row in self.layers if not row.counted)

    def layer(self, name: str) -> Row:
        """Return the row of that name."""
        return next(row for row in self.layers if row.name == name)


@checked
def count_graph(graph: Graph, pooling: Annotated[str, Text()] = "as designed") -> GraphCount:
    """Count a graph, operator by operator.

    Parameters
    ----------
    graph
        What is counted.
    pooling
        What was done with its poolings, for the title.

    Raises
    ------
    LayerError
        If two operators have one name, or write one tensor.

    Examples
    --------
    >>> conv = Node("a", "Conv", ("x", "w"), ("y",), {"strides": (2, 2)})
    >>> shapes = {"x": (1, 3, 9, 9), "w": (8, 3, 3, 3), "y": (1, 8, 4, 4)}
    >>> count_graph(Graph("one", ("x",), (conv,), shapes, frozenset("w"))).macs
    3456
    """
    _refuse_twice(graph)
    rows, free, normalised, places = [], Counter[str](), 0, 0
    for step, seen in _steps(graph):
        row = _row(step, seen)
        if row.counted and not (any(row.work) or row.activations):
            free[row.kind] += row.kind != "Constant" and step.node.outputs[0] not in graph.whole
        else:
            rows.append(row)
        if row.counted and row.kind in rules.NORMALISATIONS:
            normalised += math.prod(step.input(0))
        if row.counted and row.kind in rules.BY_THE_LARGEST:
            places += math.prod(row.shape)
    inputs = {name: graph.shapes[name] for name in graph.inputs if name in graph.shapes}
    return GraphCount(graph.name, pooling, inputs, tuple(rows), +free, normalised, places)


def _refuse_twice(graph: Graph) -> None:
    for what, names in (
        ("operators with the name", (node.name for node in graph.nodes)),
        ("operators that write", (name for node in graph.nodes for name in node.outputs if name)),
    ):
        for name, times in Counter(names).items():
            if times > 1:
                raise LayerError(f"{graph.name}: there must not be two {what} {name}")


def _steps(graph: Graph) -> Iterator[tuple[Step, Seen]]:
    """Each operator, and what the values that it hands on see."""
    origin = {name: name for name in graph.weights}
    met: set[str] = set()
    seen = {name: pixels(len(graph.shapes.get(name, ()))) for name in graph.inputs}
    for node in graph.nodes:
        held = tuple(origin.get(name, "") for name in node.inputs)
        if node.op in _KEEP_A_WEIGHT and held and held[0]:
            origin.update(dict.fromkeys(node.outputs, held[0]))
            continue  # a weight, otherwise looked at: nothing that runs
        step = Step(node, graph, held, tuple(name != "" and name not in met for name in held))
        views = looked(step, seen)
        seen.update(dict.fromkeys(node.outputs, views))
        yield step, views
        met.update(held)


_KEEP_A_WEIGHT = {"Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast"}


def _row(step: Step, seen: Seen) -> Row:
    """The row of an operator; if it is not known, or a shape is not, it is not counted."""
    node, shapes = step.node, step.graph.shapes
    row = Row(node.name, node.op, shapes.get(node.outputs[0], ()), Load(), 0, seen.views)
    if node.op in rules.RULES and node.outputs[0] in step.graph.whole:
        return row  # sides and places
    try:
        return row._replace(work=rules.RULES[node.op](step), activations=rules.held(step))
    except LookupError:
        return row._replace(counted=False)
