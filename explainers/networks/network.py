"""What a network is: named layers, no more and no deeper than can be counted in a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from explainers.kinds import Text, check_fields
from explainers.networks.layers import Channels, Layer, LayerError, Residual, Side

MOST_LAYERS = 10_000
DEEPEST = 100


@dataclass(frozen=True)
class Network:
    """A list of layers, and the input that it was designed for.

    Layers without a name are given one: what they are, and a number.

    Attributes
    ----------
    name
        What it is called.
    layers
        Of `explainers.networks.layers`, from the picture on.
    input_size
        Height and width of the pictures that it was designed for.
    channels
        Channels of these pictures.

    Examples
    --------
    >>> from explainers.networks.layers import Conv2d, Linear, MaxPool2d
    >>> tiny = Network("tiny", (Conv2d(8, 3), MaxPool2d(2), Linear(10)), input_size=28)
    >>> [layer.name for layer in tiny.layers]
    ['conv1', 'pool1', 'linear1']
    """

    name: str
    layers: tuple[Layer, ...]
    input_size: Side = 224
    channels: Channels = 3

    def __post_init__(self) -> None:
        Text().check("name", self.name)
        check_fields(self)
        if not self.layers:
            raise LayerError(f"network {self.name}: layers must be at least one layer; got none")
        check_extent(self.layers)
        object.__setattr__(self, "layers", _named(self.layers))
        for name, times in Counter(_row_names(self.layers)).items():
            if times > 1:
                raise LayerError(f"network {self.name}: layer names must differ; got {name} twice")


def check_extent(layers: Any) -> None:
    """Refuse more than can be counted in a moment, be it layers or what a file says of them."""
    for number, depth in enumerate(_depths(layers), start=1):
        if number > MOST_LAYERS:
            raise LayerError(
                f"layers must be at most {MOST_LAYERS:,}, those in blocks included; got more"
            )
        if depth > DEEPEST:
            raise LayerError(f"blocks must lie at most {DEEPEST} deep in one another; got deeper")


def _depths(layers: Any, depth: int = 0) -> Iterator[int]:
    """How many blocks each layer lies in."""
    for layer in layers if isinstance(layers, list | tuple) else ():
        yield depth
        parts = vars(layer) if isinstance(layer, Residual) else layer
        if isinstance(parts, dict):
            for part in ("body", "shortcut"):
                yield from _depths(parts.get(part), depth + 1)


def _named(layers: Iterable[Layer], inside: str = "") -> tuple[Layer, ...]:
    """Give each layer a name, and the layers of a residual block the block's name in front."""
    met: Counter[str] = Counter()
    named = []
    for layer in layers:
        met[layer.prefix] += 1
        name = layer.name or f"{layer.prefix}{met[layer.prefix]}"
        name = name if name.startswith(inside) else inside + name
        if isinstance(layer, Residual):
            body, shortcut = _named(layer.body, f"{name}."), _named(layer.shortcut, f"{name}.down.")
            layer = replace(layer, body=body, shortcut=shortcut)
        named.append(replace(layer, name=name))
    return tuple(named)


def _row_names(layers: Iterable[Layer]) -> Iterator[str]:
    """The names in the table of the network, and those of its blocks."""
    for layer in layers:
        yield layer.name
        if isinstance(layer, Residual):
            yield from _row_names(layer.body + layer.shortcut)
            yield f"{layer.name}.add"
