"""Bytes moved and operations made: why a pool takes more of the time than of the operations.

Each layer is taken to read its input and its parameters once and to write its output once: the
least that it can do, whatever the machine. One multiply–accumulate, one comparison and one addition
count as one operation each. Activation functions and normalisation work in place, and move nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, NamedTuple

from explainers.kinds import Choice, Whole, checked
from explainers.networks import known
from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    Layer,
    LayerError,
    Linear,
    Pool2d,
    Residual,
    Shape,
    Single,
)
from explainers.networks.poolings import Pooling, with_pooling

BYTES = 4
"""Of a value in float32."""

Name = Annotated[str, Choice(known.NETWORKS)]
Side = Annotated[int, Whole(1, 4096, "height and width of the picture")]


class Traffic(NamedTuple):
    """What one layer moves and makes, for one picture.

    Attributes
    ----------
    name
        Of the layer.
    kind
        ``"pool"``, ``"convolution"``, ``"dense"`` or ``"sum"``, of a residual block.
    read, written
        Bytes: of the input and the parameters, and of the output.
    operations
        Multiply–accumulates, comparisons and additions.
    places
        Height times width of the output.
    """

    name: str
    kind: str
    read: int
    written: int
    operations: int
    places: int

    @property
    def intensity(self) -> Fraction:
        """Operations for each byte moved."""
        return Fraction(self.operations, self.read + self.written)


@checked
def traffic(
    network: Name = "vgg16", size: Side = 224, pooling: Pooling = "as designed"
) -> list[Traffic]:
    """Return what each layer of a network moves and makes, from the picture on.

    Parameters
    ----------
    network
        Of `explainers.networks.known`.
    size
        Height and width of the picture.
    pooling
        As in `explainers.networks.poolings.with_pooling`.

    Returns
    -------
    list of Traffic

    Raises
    ------
    LayerError
        If the picture is too small for the network.

    Examples
    --------
    >>> first, _, pool = traffic("vgg16")[:3]
    >>> round(float(first.intensity), 1), float(pool.intensity)
    (6.4, 0.15)
    """
    changed = with_pooling(known.network(network), pooling)
    return list(_moved(changed.layers, Shape(changed.channels, size, size)))


def _moved(layers: tuple[Layer, ...], shape: Shape) -> Iterator[Traffic]:
    for layer in layers:
        if isinstance(layer, Residual):
            yield from _moved(layer.body, shape)
            yield from _moved(layer.shortcut, shape)
            shape = _through(layer.body, shape)
            moved = BYTES * shape.values
            yield Traffic(
                f"{layer.name}.add", "sum", 2 * moved, moved, shape.values, _places(shape)
            )
        else:
            output = layer.output(shape)
            yield _single(layer, shape, output)
            shape = output


def _through(layers: tuple[Layer, ...], shape: Shape) -> Shape:
    for layer in layers:
        shape = _through(layer.body, shape) if isinstance(layer, Residual) else layer.output(shape)
    return shape


def _single(layer: Single, shape: Shape, output: Shape) -> Traffic:
    macs, comparisons, additions, *parameters = layer.work(shape, output)
    read = BYTES * (shape.values + sum(parameters))
    operations = macs + comparisons + additions
    return Traffic(
        layer.name, _kind(layer), read, BYTES * output.values, operations, _places(output)
    )


def _places(shape: Shape) -> int:
    return shape.height * shape.width


def _kind(layer: Single) -> str:
    if isinstance(layer, Pool2d | AdaptiveAvgPool2d):
        return "pool"
    return "dense" if isinstance(layer, Linear) else "convolution"


class Shares(NamedTuple):
    """What the poolings of a network have of all its layers.

    Attributes
    ----------
    operations, moved
        Of the operations, and of the bytes.
    """

    operations: Fraction
    moved: Fraction


@checked
def pools_share(
    network: Name = "vgg16", size: Side = 224, pooling: Pooling = "as designed"
) -> Shares:
    """Return the poolings' share of what the layers before the dense ones make and move.

    Parameters
    ----------
    network, size, pooling
        As in `traffic`.

    Notes
    -----
    Dense layers, and adaptive poolings before them, are left out, as in the recorded times.

    Examples
    --------
    >>> shares = pools_share("vgg16")
    >>> f"{float(shares.operations):.3%} {float(shares.moved):.0%}"
    '0.030% 17%'
    """
    rows = before_dense(network, size, pooling)
    pools = [row for row in rows if row.kind == "pool"]
    moved = sum(row.read + row.written for row in rows)
    return Shares(
        Fraction(sum(row.operations for row in pools), sum(row.operations for row in rows)),
        Fraction(sum(row.read + row.written for row in pools), moved),
    )


@checked
def before_dense(
    network: Name = "vgg16", size: Side = 224, pooling: Pooling = "as designed"
) -> list[Traffic]:
    """Return the rows of `traffic` before the first dense or adaptive layer.

    >>> *_, last = before_dense("vgg11")
    >>> last.name
    'pool5'
    """
    layers = known.network(network).layers
    ends = {layer.name for layer in layers if isinstance(layer, Linear | AdaptiveAvgPool2d)}
    rows = traffic(network, size, pooling)
    cut = next((i for i, row in enumerate(rows) if row.name in ends), len(rows))
    return rows[:cut]


class Extremes(NamedTuple):
    """Operations a byte: of the pooling that makes most, and of the convolution that makes least.

    Attributes
    ----------
    pool, convolution
        Operations a byte.
    least
        Its name, and how many places its output has.
    places
        Of that.
    """

    pool: Fraction
    convolution: Fraction
    least: str
    places: int


@checked
def extremes(network: Name = "vgg16", size: Side = 224) -> Extremes:
    """Compare all poolings of a network with all its convolutions, by operations a byte.

    Parameters
    ----------
    network, size
        As in `traffic`.

    Raises
    ------
    LayerError
        If the picture is too small for the network.

    Examples
    --------
    >>> found = extremes("vgg16")
    >>> float(found.pool), found.least, round(float(found.convolution), 1)
    (0.15, 'conv1_1', 6.4)
    """
    rows = traffic(network, size)
    pools = [row.intensity for row in rows if row.kind == "pool"]
    least = min((row for row in rows if row.kind == "convolution"), key=lambda row: row.intensity)
    return Extremes(max(pools), least.intensity, least.name, least.places)


@checked
def fits(network: Name, size: Side) -> bool:
    """Whether a picture is large enough for a network.

    >>> fits("vgg16", 32), fits("alexnet", 32)
    (True, False)
    """
    try:
        traffic(network, size)
    except LayerError:
        return False
    return True
