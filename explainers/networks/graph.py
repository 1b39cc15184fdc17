"""A graph of operators, as a file of ONNX holds one: any joins, any number of dimensions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Sides = tuple[int, ...]


class Node(NamedTuple):
    """One operator, in ONNX's words; inputs and outputs are names of tensors, "" for none."""

    name: str
    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class Graph:
    """Operators in an order in which they can run.

    Attributes
    ----------
    name
        What it is called.
    inputs
        Tensors that come from outside, the pictures first.
    nodes
        The operators.
    shapes
        Of all tensors, as far as they are known, and weights.
    weights
        Tensors of real numbers that the file holds.
    whole
        Tensors of whole numbers or truths: sides, places, masks.
    constants
        What the short ones among them are.
    """

    name: str
    inputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    shapes: Mapping[str, Sides]
    weights: frozenset[str]
    whole: frozenset[str] = frozenset()
    constants: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """An operator, and what is known of the tensors around it.

    Attributes
    ----------
    node
        The operator.
    graph
        What it stands in.
    held
        By input: the weight that it is, or is a view of; "" if it is none.
    fresh
        By input: whether it is a weight that no operator before had.
    """

    node: Node
    graph: Graph
    held: tuple[str, ...]
    fresh: tuple[bool, ...]

    def has(self, i: int) -> bool:
        """Whether there is an input of that number."""
        return i < len(self.node.inputs) and self.node.inputs[i] != ""

    def input(self, i: int) -> Sides:
        """Shape of an input."""
        return self.graph.shapes[self.node.inputs[i]]

    def output(self, i: int = 0) -> Sides:
        """Shape of an output."""
        return self.graph.shapes[self.node.outputs[i]]

    @property
    def values(self) -> int:
        """How many values are handed on."""
        return math.prod(self.output())

    def learnt(self, i: int) -> int:
        """How many numbers an input is, if it is a weight that no operator before had."""
        return math.prod(self.input(i)) if self.has(i) and self.fresh[i] else 0

    def summand(self, i: int) -> int:
        """The same, but a single number is taken for a constant."""
        return self.learnt(i) if self.learnt(i) > 1 else 0

    def setting(self, name: str, default: Any) -> Any:
        """An attribute."""
        return self.node.attributes.get(name, default)

    def numbers(self, name: str, i: int) -> tuple[int, ...]:
        """Whole numbers that are an attribute, or since some version an input."""
        if name in self.node.attributes:
            return tuple(self.node.attributes[name])
        return self.graph.constants.get(self.node.inputs[i], ()) if self.has(i) else ()
