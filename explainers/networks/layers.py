"""What a layer is: its shape, its work, and how far it reaches. PyTorch's names throughout.

Conventions, since published counters disagree by them:

- A *multiply–accumulate* is one multiplication with the addition that follows it. Only learnt
  weights multiply: convolutions, linear layers, and a pooling with a learnt weight.
- Multiplications with the zeros of the padding count, as if the picture went on.
- Biases add, and are counted as parameters apart from the weights; their additions are not counted.
- Batch normalisation is two parameters a channel and no work: after training it is one with the
  convolution before it. Activation functions and local response normalisation count nothing.
- Pooling over n values is n − 1 comparisons (max) or n − 1 additions (mean). A last, incomplete
  window (of `ceil_mode`) has as many values as it meets of the map and its padding.
- The sum of a residual block is one addition for each of its values.
- *Activations* are the values that a layer hands on. Batch normalisation, activation functions and
  the sum of a residual block are taken to work in place, and add none of their own. Training holds
  more than these: PyTorch also keeps the input of each batch normalisation, and the place (eight
  bytes) of each value that a max pooling hands on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, NamedTuple, TypeAlias

from explainers.checks import shown
from explainers.kinds import Number, Text, Whole, check_fields

LARGEST_SIDE = 10**6
MOST_CHANNELS = 10**9

Side = Annotated[int, Whole(1, LARGEST_SIDE, "pixels, or values of a map, along a side")]
Padding = Annotated[int, Whole(0, LARGEST_SIDE, "zeros, or nothing, around a map")]
Channels = Annotated[int, Whole(1, MOST_CHANNELS, "channels, or groups of them")]


class Shape(NamedTuple):
    """Shape of what a layer hands on."""

    channels: int
    height: int
    width: int

    @property
    def values(self) -> int:
        """How many values that is."""
        return self.channels * self.height * self.width

    def __str__(self) -> str:
        """Write it as text.

        >>> str(Shape(64, 112, 112))
        '64 × 112 × 112'
        """
        return " × ".join(map(str, self))


class Work(NamedTuple):
    """What one layer does and holds, for one picture.

    Attributes
    ----------
    macs
        Multiply–accumulates.
    comparisons, additions
        Of pooling, and the additions of a residual block.
    weights, biases, norms
        Parameters: of convolutions, linear layers and learnt poolings; and of batch normalisation.
    """

    macs: int = 0
    comparisons: int = 0
    additions: int = 0
    weights: int = 0
    biases: int = 0
    norms: int = 0


class Reach(NamedTuple):
    """How a layer's windows lie on its input: `extent` values wide, `step` apart, if evenly.

    The first one begins `before` the input, in its padding.
    """

    extent: int
    step: int | None
    before: int = 0


class LayerError(ValueError):
    """A layer does not fit its input, or is not what a layer can be; the message names it."""


@dataclass(frozen=True)
class Conv2d:
    """A convolution with square kernels.

    `norm`: batch normalisation follows. `connections`: to how many input channels each output
    channel is connected, where it is not to all (LeNet-5 has such a table).
    """

    out_channels: Channels
    kernel_size: Side
    stride: Side = 1
    padding: Padding = 0
    dilation: Side = 1
    groups: Channels = 1
    bias: bool = True
    norm: bool = False
    connections: tuple[int, ...] = ()
    name: str = ""
    prefix: ClassVar[str] = "conv"

    def __post_init__(self) -> None:
        _check(self)
        if self.connections and (len(self.connections) != self.out_channels or self.groups > 1):
            raise LayerError(
                f"layer {self.name}: connections must be one number for each of the "
                f"{self.out_channels} output channels, without groups; got "
                f"{shown(self.connections)}"
            )

    def reach(self, input: Shape) -> Reach:
        """Say how its windows lie on the input."""
        return Reach((self.kernel_size - 1) * self.dilation + 1, self.stride, self.padding)

    def output(self, input: Shape) -> Shape:
        """Return the shape of what it hands on."""
        if input.channels % self.groups or self.out_channels % self.groups:
            raise LayerError(
                f"layer {self.name}: groups must divide its channels, {input.channels} in and "
                f"{self.out_channels} out; got {self.groups}"
            )
        if not all(1 <= channels <= input.channels for channels in self.connections):
            raise LayerError(
                f"layer {self.name}: connections must be in [1, {input.channels}], its input "
                f"channels; got {shown(self.connections)}"
            )
        return _slide(self, input, self.out_channels)

    def work(self, input: Shape, output: Shape) -> Work:
        """Each output value is one multiply–accumulate for each weight of its kernel."""
        pairs = sum(self.connections) or input.channels * self.out_channels // self.groups
        weights = pairs * self.kernel_size**2
        return Work(
            macs=weights * output.height * output.width,
            weights=weights,
            biases=self.out_channels * self.bias,
            norms=2 * self.out_channels * self.norm,
        )


def _check(layer: Layer | Pool2d) -> None:
    """Refuse a name that cannot be printed, and fields beyond their range; say whose they are."""
    Text(2000).check("name", layer.name)  # with those of the blocks that it lies in
    try:
        check_fields(layer)
    except ValueError as error:
        raise LayerError(f"{layer.name or type(layer).__name__}: {error}") from None


def _slide(layer: Conv2d | Pool2d, input: Shape, channels: int) -> Shape:
    """Shape of what a layer hands on whose windows slide over the input."""
    height, width = (_windows(layer, input, size) for size in (input.height, input.width))
    if height < 1 or width < 1:
        extent = layer.reach(input).extent
        raise LayerError(
            f"layer {layer.name}: a window of {extent} × {extent} does not fit its input of "
            f"{input.height} × {input.width} with padding {layer.padding}; "
            "the picture is too small for this network"
        )
    return Shape(channels, height, width)


def _windows(layer: Conv2d | Pool2d, input: Shape, size: int) -> int:
    """Number of windows along one axis; 0 or less if none fits."""
    extent, step, _ = layer.reach(input)
    assert step is not None
    room = size + 2 * layer.padding - extent
    if isinstance(layer, Conv2d) or not layer.ceil_mode:
        return room // step + 1
    windows = -(-room // step) + 1
    # PyTorch's rule: no window may start in the padding on the right.
    return windows - ((windows - 1) * step >= size + layer.padding)


@dataclass(frozen=True)
class Pool2d:
    """What max and mean pooling share; `stride` is `kernel_size` unless given."""

    kernel_size: Side
    stride: Side | None = None
    padding: Padding = 0
    ceil_mode: bool = False
    name: str = ""
    prefix: ClassVar[str] = "pool"

    def __post_init__(self) -> None:
        _check(self)
        if 2 * self.padding > self.kernel_size:
            raise LayerError(
                f"layer {self.name or self.prefix}: padding must be at most half of the window, "
                f"{self.kernel_size // 2}; got {self.padding}"
            )

    @property
    def step(self) -> int:
        """From one window to the next."""
        return self.stride or self.kernel_size

    def reach(self, input: Shape) -> Reach:
        """Say how its windows lie on the input."""
        return Reach(self.kernel_size, self.step, self.padding)

    def output(self, input: Shape) -> Shape:
        """Return the shape of what it hands on."""
        return _slide(self, input, input.channels)

    def _repeats(self, input: Shape, output: Shape) -> int:
        """Values in all windows but the first of each: only the last windows may lack some."""
        rows, columns = (
            windows * self.kernel_size - self._lacking(windows, size)
            for windows, size in ((output.height, input.height), (output.width, input.width))
        )
        return output.channels * rows * columns - output.values

    def _lacking(self, windows: int, size: int) -> int:
        """How many places of the last window lie beyond the map and its padding."""
        end = (windows - 1) * self.step + self.kernel_size
        return max(end - (size + 2 * self.padding), 0)


@dataclass(frozen=True)
class MaxPool2d(Pool2d):
    """Max pooling; `stride` is `kernel_size` unless given."""

    def work(self, input: Shape, output: Shape) -> Work:
        """The largest of n values takes n − 1 comparisons."""
        return Work(comparisons=self._repeats(input, output))


@dataclass(frozen=True)
class AvgPool2d(Pool2d):
    """Mean pooling; `stride` is `kernel_size` unless given.

    `affine`: each channel's sum has a learnt weight and a bias, as in LeNet-5.
    """

    affine: bool = field(default=False, kw_only=True)

    def work(self, input: Shape, output: Shape) -> Work:
        """The sum of n values takes n − 1 additions; a learnt weight multiplies each sum."""
        return Work(
            macs=output.values * self.affine,
            additions=self._repeats(input, output),
            weights=output.channels * self.affine,
            biases=output.channels * self.affine,
        )


@dataclass(frozen=True)
class AdaptiveAvgPool2d:
    """Mean pooling to `output_size` × `output_size`; 1 is global average pooling."""

    output_size: Side = 1
    name: str = ""
    prefix: ClassVar[str] = "global"

    def __post_init__(self) -> None:
        _check(self)

    def reach(self, input: Shape) -> Reach:
        """Say how its windows lie: evenly, if the input's size is a multiple of the output's."""
        sides = {input.height, input.width}
        even = len(sides) == 1 and all(side % self.output_size == 0 for side in sides)
        extent = max(self._largest_window(side) for side in sides)
        return Reach(extent, input.height // self.output_size if even else None)

    def _largest_window(self, size: int) -> int:
        """The largest of ⌈(i + 1) · size / n⌉ − ⌊i · size / n⌋, PyTorch's rule for window i of n.

        In lowest terms size / n = s / m, the start i · s / m has each remainder over m: also the
        largest, m − 1, which makes the window end as far beyond as it can.
        """
        common = math.gcd(size, self.output_size)
        s, m = size // common, self.output_size // common
        return -(-(s - 1) // m) + 1

    def output(self, input: Shape) -> Shape:
        """Return the shape of what it hands on."""
        return Shape(input.channels, self.output_size, self.output_size)

    def work(self, input: Shape, output: Shape) -> Work:
        """The sums of all windows."""
        rows, columns = self._values_met(input.height), self._values_met(input.width)
        return Work(additions=input.channels * rows * columns - output.values)

    def _values_met(self, size: int) -> int:
        """The sum of all windows along an axis: each start inside a value is met by two of them."""
        return size + self.output_size - math.gcd(size, self.output_size)


@dataclass(frozen=True)
class Linear:
    """A dense layer on all values of its input."""

    out_features: Channels
    bias: bool = True
    name: str = ""
    prefix: ClassVar[str] = "linear"

    def __post_init__(self) -> None:
        _check(self)

    def reach(self, input: Shape) -> Reach:
        """Say how its one window lies: it looks at everything."""
        return Reach(max(input.height, input.width), None)

    def output(self, input: Shape) -> Shape:
        """Return the shape of what it hands on."""
        return Shape(self.out_features, 1, 1)

    def work(self, input: Shape, output: Shape) -> Work:
        """One multiply–accumulate for each weight."""
        weights = input.values * self.out_features
        return Work(macs=weights, weights=weights, biases=self.out_features * self.bias)


@dataclass(frozen=True)
class Free:
    """What multiplies nothing, and works in place: it hands on what comes in."""

    name: str = field(default="", kw_only=True)
    prefix: ClassVar[str] = "free"

    def __post_init__(self) -> None:
        _check(self)

    def reach(self, input: Shape) -> Reach:
        """Say how its windows lie: on each value."""
        return Reach(1, 1)

    def output(self, input: Shape) -> Shape:
        """Return the shape of what it hands on."""
        return input

    def work(self, input: Shape, output: Shape) -> Work:
        """None."""
        return Work()


@dataclass(frozen=True)
class ReLU(Free):
    """A rectifier."""

    inplace: bool = False
    prefix: ClassVar[str] = "relu"


@dataclass(frozen=True)
class Dropout(Free):
    """Values set to zero in training."""

    p: Annotated[float, Number(0, 1)] = 0.5
    inplace: bool = False
    prefix: ClassVar[str] = "dropout"


@dataclass(frozen=True)
class Identity(Free):
    """Nothing."""

    prefix: ClassVar[str] = "identity"


@dataclass(frozen=True)
class BatchNorm2d(Free):
    """Batch normalisation where no convolution is before it; else see its `norm`."""

    num_features: Channels | None = None
    affine: bool = True
    prefix: ClassVar[str] = "norm"

    def output(self, input: Shape) -> Shape:
        """Return the shape of what it hands on."""
        if self.num_features not in (None, input.channels):
            raise LayerError(
                f"layer {self.name}: num_features must be {input.channels}, the channels that "
                f"come in; got {self.num_features}"
            )
        return input

    def work(self, input: Shape, output: Shape) -> Work:
        """Two parameters a channel."""
        return Work(norms=2 * input.channels * self.affine)


@dataclass(frozen=True)
class Flatten(Free):
    """All values in one row."""

    prefix: ClassVar[str] = "flatten"

    def reach(self, input: Shape) -> Reach:
        """Say how its one window lies: what comes behind may look at everything."""
        return Reach(max(input.height, input.width), None)

    def output(self, input: Shape) -> Shape:
        """Return the shape of what it hands on."""
        return Shape(input.values, 1, 1)


@dataclass(frozen=True)
class Residual:
    """A residual block: what `body` gives, plus what `shortcut` gives (the input, if empty)."""

    body: tuple[Layer, ...]
    shortcut: tuple[Layer, ...] = ()
    name: str = ""
    prefix: ClassVar[str] = "block"

    def __post_init__(self) -> None:
        _check(self)
        if not self.body:
            raise LayerError(f"layer {self.name}: body must have at least one layer; got none")


Single: TypeAlias = Conv2d | MaxPool2d | AvgPool2d | AdaptiveAvgPool2d | Linear | Free
Layer: TypeAlias = Single | Residual
