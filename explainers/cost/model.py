"""Counting: what a network multiplies, holds and looks at, layer by layer, in exact integers.

Closed forms: no array is allocated, whatever the size. The conventions are those of
`explainers.cost.layers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from explainers.checks import choice, integer, refuse
from explainers.cost.layers import (
    LARGEST_SIDE,
    MOST_CHANNELS,
    Layer,
    LayerError,
    Reach,
    Residual,
    Shape,
    Work,
)
from explainers.cost.networks import POOLINGS, Network, network, with_pooling


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


class _View(NamedTuple):
    """A field, and the pixel at which the first value's starts: in the padding, if below 0."""

    size: int | None
    jump: int | None
    start: int = 0

    @property
    def field(self) -> Field:
        return Field(self.size, self.jump)

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
    """

    name: str
    kind: str
    shape: Shape
    work: Work
    activations: int
    field: Field

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

    def share(self, layer: LayerCount) -> Fraction:
        """The layer's share of the multiply–accumulates."""
        return Fraction(layer.work.macs, self.macs) if self.macs else Fraction(0)

    def block_shares(self) -> dict[str, Fraction]:
        """Each block's share of the multiply–accumulates; the dense layers are the block "dense".

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
        """The row of that name.

        Raises
        ------
        ValueError
            If there is none.
        """
        rows = {layer.name: layer for layer in self.layers}
        choice("name", name, rows)
        return rows[name]


def count(
    network: Network | str,
    input_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    pooling: str = "as designed",
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
        What to do with its poolings: one of `POOLINGS`, see `with_pooling`.

    Returns
    -------
    Count

    Raises
    ------
    ValueError
        If the network or the pooling is not known, or a size is not a whole number ≥ 1.
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
    found = _network(network)
    height, width = _sides(found.input_size if input_size is None else input_size)
    channels = found.channels if channels is None else channels
    picture = Shape(integer("channels", channels, 1, MOST_CHANNELS), height, width)
    changed = with_pooling(found, choice("pooling", pooling, POOLINGS))
    rows = _rows(changed.layers, picture, _View(*PIXEL))
    return Count(found.name, pooling, picture, tuple(row for row, _ in rows))


def _network(given: Network | str) -> Network:
    if isinstance(given, Network):
        return given
    if not isinstance(given, str):
        refuse("network", given, "a Network or the name of one")
    return network(given)


def _sides(size: int | tuple[int, int]) -> tuple[int, int]:
    sides = size if isinstance(size, tuple) else (size, size)
    if len(sides) != 2:
        refuse("input_size", size, "a whole number, or two: height and width")
    height, width = (integer("input_size", side, 1, LARGEST_SIDE) for side in sides)
    return height, width


def _rows(
    layers: tuple[Layer, ...], shape: Shape, view: _View
) -> Iterator[tuple[LayerCount, _View]]:
    for layer in layers:
        rows = _block(layer, shape, view) if isinstance(layer, Residual) else None
        for row, seen in rows or [_row(layer, shape, view)]:
            yield row, seen
        shape, view = row.shape, seen


def _row(layer: Layer, shape: Shape, view: _View) -> tuple[LayerCount, _View]:
    assert not isinstance(layer, Residual)
    output = layer.output(shape)
    seen = view.through(layer.reach(shape))
    work = layer.work(shape, output)
    kind = type(layer).__name__
    return LayerCount(layer.name, kind, output, work, output.values, seen.field), seen


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
    total = LayerCount(f"{block.name}.add", "Add", last.shape, add, 0, both.field)
    return [*body, *shortcut, (total, both)]


# What follows from the table


def receptive_field(
    network: Network | str, pooling: str = "as designed", *, input_size: int | None = None
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
        if layer.kind in ("Linear", "AdaptiveAvgPool2d"):
            break
        field = layer.field
    return field


def layers_to_reach(
    field: int, kernel_size: int = 3, *, pool_every: int | None = None, pool_size: int = 2
) -> int:
    """How many convolutions of stride 1 it takes until a value looks at `field` pixels.

    Parameters
    ----------
    field
        Pixels along a side.
    kernel_size
        Of each convolution, 2 or more: each adds (kernel_size − 1) · jump.
    pool_every
        After so many convolutions comes a pooling, side by side, of `pool_size`: it adds
        (pool_size − 1) · jump, and multiplies the jump by `pool_size`. Without it, no pooling.

    Returns
    -------
    int
        Convolutions; a pooling that completes the field belongs to those before it.

    Raises
    ------
    ValueError
        If an argument is not a whole number in its range.

    Examples
    --------
    >>> layers_to_reach(212), layers_to_reach(212, pool_every=2)
    (106, 11)
    """
    field = integer("field", field, 1)
    kernel_size = integer("kernel_size", kernel_size, 2)
    pool_size = integer("pool_size", pool_size, 2)
    if pool_every is None:
        return -(-(field - 1) // (kernel_size - 1))
    pool_every = integer("pool_every", pool_every, 1)
    size, jump, layers = 1, 1, 0
    while size < field:
        more = min(pool_every, -(-(field - size) // ((kernel_size - 1) * jump)))
        layers += more
        size += more * (kernel_size - 1) * jump + (pool_size - 1) * jump * (more == pool_every)
        jump *= pool_size
    return layers


def depth_within(
    budget: int,
    input_size: int,
    channels: int,
    *,
    kernel_size: int = 3,
    pool_every: int | None = None,
    poolings: int = 0,
    widen: int = 1,
) -> int:
    """How many equal convolution layers a budget of multiply–accumulates buys.

    All layers have stride 1 and keep the size of the map. The first one has as many channels in as
    out; where a pooling widens, the layer behind it takes the old width in and hands on the new.

    Parameters
    ----------
    budget
        Multiply–accumulates.
    input_size, channels
        Height and width, and channels, of the first layer's map.
    kernel_size
        Of each convolution.
    pool_every
        After so many layers comes a pooling, 2 × 2 side by side, which halves height and width
        (rounding down).
    poolings
        How many poolings there are at most; after the last one, layers go on at its size.
    widen
        The layer behind each pooling hands on so many times the channels that it takes in: 1 for
        fixed width, 2 to double them.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If an argument is not a whole number in its range, or the map would vanish.

    Examples
    --------
    The cost of ten layers, with poolings after the first ones: four for one at fixed width. With
    doubled channels one for one, but for the layer behind a pooling, which costs half.

    >>> ten = 10 * 9 * 64**2 * 224**2
    >>> depth_within(ten, 224, 64)
    10
    >>> depth_within(ten, 224, 64, pool_every=1, poolings=1)
    37
    >>> [depth_within(ten, 224, 64, pool_every=1, poolings=n, widen=2) for n in (1, 2, 3, 4, 5)]
    [10, 11, 11, 12, 12]
    """
    budget, poolings = integer("budget", budget, 0), integer("poolings", poolings, 0, 64)
    side = integer("input_size", input_size, 1, LARGEST_SIDE)
    width, kernel_size = integer("channels", channels, 1), integer("kernel_size", kernel_size, 1)
    widen = integer("widen", widen, 1)
    if poolings and pool_every is None:
        refuse("pool_every", pool_every, "a whole number ≥ 1, if there are poolings")
    if side >> poolings == 0:
        refuse("poolings", poolings, f"few enough to leave something of {side} pixels")
    every = 1 if pool_every is None else integer("pool_every", pool_every, 1)
    depth, taken = 0, width
    for stage in range(poolings + 1):
        first, other = (kernel_size * side) ** 2 * taken * width, (kernel_size * side * width) ** 2
        if budget < first:
            return depth
        affordable = 1 + (budget - first) // other
        layers = affordable if stage == poolings else min(every, affordable)
        depth, budget = depth + layers, budget - first - (layers - 1) * other
        if layers < every and stage < poolings:
            return depth
        side, taken, width = side // 2, width, width * widen
    return depth


def billions_after(
    network: Network | str,
    input_size: int | None = None,
    *,
    billions: int = 1,
    pooling: str = "as designed",
) -> int | None:
    """After how many layers with weights a network has multiplied so many billion times.

    Parameters
    ----------
    network, input_size, pooling
        As in `count`.
    billions
        Multiply–accumulates, in 10⁹.

    Returns
    -------
    int or None
        Layers, or None if the whole network stays below. Those of a shortcut count as well.

    Examples
    --------
    >>> billions_after("vgg16"), billions_after("lenet5")
    (2, None)
    """
    wanted = integer("billions", billions, 1) * 10**9
    done = layers = 0
    for layer in count(network, input_size, pooling=pooling).layers:
        layers += layer.work.macs > 0
        done += layer.work.macs
        if done >= wanted:
            return layers
    return None
