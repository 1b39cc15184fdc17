"""Counting: what a network multiplies, holds and looks at, layer by layer, in exact integers.

Closed forms: no array is allocated, whatever the size. The conventions are those of
`explainers.networks.layers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from explainers.checks import refuse
from explainers.kinds import Choice, Whole, checked
from explainers.networks import known
from explainers.networks.layers import (
    LARGEST_SIDE,
    Channels,
    Free,
    Layer,
    LayerError,
    Reach,
    Residual,
    Shape,
    Side,
    Single,
    Work,
)
from explainers.networks.network import Network
from explainers.networks.poolings import Pooling, with_pooling


class Field(NamedTuple):
    """What one value of a map looks at.

    Attributes
    ----------
    size
        Receptive field: pixels along a side; None behind windows that do not lie evenly.
    jump
        Pixels from one value's field to its neighbour's; None if it has no neighbour, or if they
        do not lie evenly.
    """

    size: int | None
    jump: int | None


PIXEL = Field(1, 1)


class LayerCount(NamedTuple):
    """One row of the table.

    Attributes
    ----------
    name, kind
        What the layer is called and is; a residual block ends in a row of kind ``Add``.
    shape
        Of what it hands on.
    work
        What it multiplies, compares and adds, and its parameters.
    activations
        Values that it hands on and that are held.
    field
        Receptive field and jump of these values.
    start
        First pixel that the first value sees, in the padding if below 0; None where its field is.
    """

    name: str
    kind: str
    shape: Shape
    work: Work
    activations: int
    field: Field
    start: int | None = None

    @property
    def block(self) -> str:
        """The part of the name before the first dot or underscore.

        >>> count("vgg16").layers[0].block
        'conv1'
        """
        return self.name.partition("_")[0].partition(".")[0]


@dataclass(frozen=True)
class Count:
    """A network's table and totals.

    Attributes
    ----------
    network, pooling
        What was counted.
    input
        Shape of the picture.
    layers
        The rows, from the picture on.
    """

    network: str
    pooling: str
    input: Shape
    layers: tuple[LayerCount, ...]

    @property
    def work(self) -> Work:
        """Sums over the layers."""
        return Work(*map(sum, zip(*(layer.work for layer in self.layers), strict=True)))

    @cached_property
    def macs(self) -> int:
        """Multiply–accumulates for one picture."""
        return sum(layer.work.macs for layer in self.layers)

    @property
    def parameters(self) -> int:
        """Weights, biases, and two for each channel of batch normalisation."""
        return sum(self.work[3:])

    @property
    def activations(self) -> int:
        """Values that all layers hand on; the picture is not counted.

        Training holds more: the input of each batch normalisation, and for each value of a max
        pooling the place that it came from.
        """
        return sum(layer.activations for layer in self.layers)

    @property
    def normalised(self) -> int:
        """Values that come into normalisations: training holds them, and we do not count them."""
        return sum(
            layer.shape.values
            for layer in self.layers
            if layer.work.norms or layer.kind == "BatchNorm2d"
        )

    @property
    def places(self) -> int:
        """Places of the maxima of poolings: training holds them, and we do not count them."""
        return sum(layer.shape.values for layer in self.layers if layer.kind == "MaxPool2d")

    def share(self, layer: LayerCount) -> Fraction:
        """Return the layer's share of the multiply–accumulates."""
        return Fraction(layer.work.macs, self.macs) if self.macs else Fraction(0)

    def block_shares(self) -> dict[str, Fraction]:
        """Return each block's share of the multiply–accumulates; all dense layers are one block.

        Blocks that multiply nothing are left out.

        >>> {block: f"{float(part):.0%}" for block, part in count("lenet5").block_shares().items()}
        {'C1': '36%', 'S2': '0%', 'C3': '46%', 'S4': '0%', 'C5': '15%', 'dense': '3%'}
        """
        shares: dict[str, Fraction] = {}
        for layer in self.layers:
            if layer.work.macs:
                block = "dense" if layer.kind == "Linear" else layer.block
                shares[block] = shares.get(block, Fraction(0)) + self.share(layer)
        return shares

    def layer(self, name: str) -> LayerCount:
        """Return the row of that name."""
        rows = {layer.name: layer for layer in self.layers}
        return rows[Choice(tuple(rows)).check("name", name)]


@checked
def count(
    network: Network | str,
    input_size: int | tuple[int, int] | None = None,
    channels: Channels | None = None,
    pooling: Pooling = "as designed",
) -> Count:
    """Count a network, layer by layer.

    Parameters
    ----------
    network
        A network, or the name of a known one.
    input_size
        Height and width of the picture in pixels, or one number for both; as the network was
        designed for, unless given.
    channels
        Channels of the picture; as the network was designed for, unless given.
    pooling
        What to do with its poolings, see `with_pooling`.

    Raises
    ------
    LayerError
        If a map shrinks below one value; the message names the layer.

    Examples
    --------
    >>> vgg16 = count("vgg16")
    >>> vgg16.macs, vgg16.parameters
    (15470264320, 138357544)
    >>> count("vgg16", pooling="removed").layer("conv5_3").shape
    Shape(channels=512, height=224, width=224)
    """
    counted = network if isinstance(network, Network) else _known(network)
    height, width = _sides(counted.input_size if input_size is None else input_size)
    picture = Shape(counted.channels if channels is None else channels, height, width)
    changed = with_pooling(counted, pooling)
    rows = _rows(changed.layers, picture, _View(*PIXEL))
    return Count(counted.name, pooling, picture, tuple(row for row, _ in rows))


def _known(name: str) -> Network:
    return known.network(Choice(known.NETWORKS).check("network", name))


def _sides(size: int | tuple[int, int]) -> tuple[int, int]:
    """Height and width."""
    sides = size if isinstance(size, tuple) else (size, size)
    if len(sides) != 2:
        refuse("input_size", size, "a whole number, or two: height and width")
    height, width = (Whole(1, LARGEST_SIDE).check("input_size", side) for side in sides)
    return height, width


class _View(NamedTuple):
    """A field, and the pixel at which the first value's starts: in the padding, if below 0."""

    size: int | None
    jump: int | None
    start: int = 0

    @property
    def field(self) -> Field:
        return Field(self.size, self.jump)

    @property
    def first(self) -> int | None:
        return None if self.size is None else self.start

    def through(self, reach: Reach) -> _View:
        """What a value sees that looks at `extent` of these, `step` apart."""
        if self.size is None or (self.jump is None and reach.extent > 1):
            return _View(None, None)
        jump = self.jump or 0
        step = None if reach.step is None or self.jump is None else jump * reach.step
        size = self.size + (reach.extent - 1) * jump
        return _View(size, step, self.start - reach.before * jump)

    def together(self, other: _View) -> _View:
        """What the sum of a value here and one there sees: from the first pixel to the last."""
        if self.size is None or other.size is None or self.jump != other.jump:
            return _View(None, None)
        start = min(self.start, other.start)
        end = max(self.start + self.size, other.start + other.size)
        return _View(end - start, self.jump, start)


def _rows(
    layers: tuple[Layer, ...], shape: Shape, view: _View
) -> Iterator[tuple[LayerCount, _View]]:
    """The rows of layers whose input has a shape and a view, each with the view behind it."""
    for layer in layers:
        if isinstance(layer, Residual):
            rows = _block(layer, shape, view)
        else:
            rows = [_row(layer, shape, view)]
        yield from rows
        last, view = rows[-1]
        shape = last.shape


def _block(block: Residual, shape: Shape, view: _View) -> list[tuple[LayerCount, _View]]:
    """The rows of a residual block: its body, its shortcut, and their sum."""
    body, shortcut = (list(_rows(layers, shape, view)) for layers in (block.body, block.shortcut))
    last, seen = body[-1]
    through, around = (shortcut[-1][0].shape, shortcut[-1][1]) if shortcut else (shape, view)
    if last.shape != through:
        raise LayerError(
            f"layer {block.name}: body and shortcut must hand on the same shape to be added; "
            f"got {last.shape} and {through}"
        )
    both = seen.together(around)
    add = Work(additions=last.shape.values)
    total = LayerCount(f"{block.name}.add", "Add", last.shape, add, 0, both.field, both.first)
    return [*body, *shortcut, (total, both)]


def _row(layer: Single, shape: Shape, view: _View) -> tuple[LayerCount, _View]:
    output = layer.output(shape)
    seen = view.through(layer.reach(shape))
    work = layer.work(shape, output)
    kind, held = type(layer).__name__, 0 if isinstance(layer, Free) else output.values
    return LayerCount(layer.name, kind, output, work, held, seen.field, seen.first), seen


@checked
def receptive_field(
    network: Network | str, pooling: Pooling = "as designed", *, input_size: Side | None = None
) -> Field:
    """Return the receptive field and jump of the last map, before it is collapsed.

    Parameters
    ----------
    network, pooling, input_size
        As in `count`. The size does not matter, if the picture is large enough.

    Returns
    -------
    Field
        Of the last layer before the first dense or adaptive one.

    Examples
    --------
    >>> receptive_field("vgg16")
    Field(size=212, jump=32)
    >>> receptive_field("vgg16", "removed")
    Field(size=27, jump=1)
    """
    field = PIXEL
    for layer in count(network, input_size, pooling=pooling).layers:
        if layer.kind in ("Linear", "AdaptiveAvgPool2d", "Flatten"):
            break
        field = layer.field
    return field
