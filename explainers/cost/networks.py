"""Networks as data: the known ones, and your own from Python, TOML or YAML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from explainers.checks import choice, integer, shown, text
from explainers.cost.layers import (
    LARGEST_SIDE,
    LAYERS,
    MOST_CHANNELS,
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    LayerError,
    Linear,
    MaxPool2d,
    Residual,
    parameters,
)
from explainers.lookup import did_you_mean

POOLINGS = ("as designed", "removed", "mean", "stride", "strided-conv")
"""What can be done with the pooling layers of a network; see `with_pooling`."""

MOST_LAYERS = 10_000
DEEPEST = 10


@dataclass(frozen=True)
class Network:
    """A list of layers, and the input that it was designed for.

    Layers without a name are given one: what they are, and a number.

    Attributes
    ----------
    name
        What it is called.
    layers
        Of `explainers.cost.layers`, from the picture on.
    input_size
        Height and width of the pictures that it was designed for.
    channels
        Channels of these pictures.

    Examples
    --------
    >>> tiny = Network("tiny", (Conv2d(8, 3), MaxPool2d(2), Linear(10)), input_size=28)
    >>> [layer.name for layer in tiny.layers]
    ['conv1', 'pool1', 'linear1']
    """

    name: str
    layers: tuple[Layer, ...]
    input_size: int = 224
    channels: int = 3

    def __post_init__(self) -> None:
        text("name", self.name)
        integer("input_size", self.input_size, 1, LARGEST_SIDE)
        integer("channels", self.channels, 1, MOST_CHANNELS)
        if not self.layers:
            raise LayerError(f"network {self.name}: layers must be at least one layer; got none")
        _check_extent(self.layers)
        object.__setattr__(self, "layers", _named(self.layers))
        for name, times in Counter(_row_names(self.layers)).items():
            if times > 1:
                raise LayerError(f"network {self.name}: layer names must differ; got {name} twice")


def _check_extent(layers: Any) -> None:
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


# The known networks


def _lenet5() -> Network:
    """LeCun et al. 1998: poolings with a learnt weight, and a table of connections in C3.

    The 840 weights of its last layer are counted as learnt. In the paper they are fixed by hand, so
    that it has 60,000 parameters to learn and 60,840 in all; and they enter as squared distances.
    """
    return Network(
        "lenet5",
        (
            Conv2d(6, 5, name="C1"),
            AvgPool2d(2, affine=True, name="S2"),
            Conv2d(16, 5, connections=(3,) * 6 + (4,) * 9 + (6,), name="C3"),
            AvgPool2d(2, affine=True, name="S4"),
            Conv2d(120, 5, name="C5"),
            Linear(84, name="F6"),
            Linear(10, bias=False, name="RBF"),
        ),
        input_size=32,
        channels=1,
    )


def _alexnet2012() -> Network:
    """Krizhevsky, Sutskever & Hinton 2012: two towers that meet in conv3.

    The paper says 224 × 224; its maps of 55 × 55 take pictures of 227 × 227, the usual correction.
    """
    return Network(
        "alexnet2012",
        (
            Conv2d(96, 11, stride=4, name="conv1"),
            MaxPool2d(3, 2, name="pool1"),
            Conv2d(256, 5, padding=2, groups=2, name="conv2"),
            MaxPool2d(3, 2, name="pool2"),
            Conv2d(384, 3, padding=1, name="conv3"),
            Conv2d(384, 3, padding=1, groups=2, name="conv4"),
            Conv2d(256, 3, padding=1, groups=2, name="conv5"),
            MaxPool2d(3, 2, name="pool5"),
            *_dense(4096, 4096, 1000),
        ),
        input_size=227,
    )


def _alexnet() -> Network:
    """The variant with one tower of Krizhevsky 2014 (arXiv:1404.5997), as torchvision ships it."""
    return Network(
        "alexnet",
        (
            Conv2d(64, 11, stride=4, padding=2, name="conv1"),
            MaxPool2d(3, 2, name="pool1"),
            Conv2d(192, 5, padding=2, name="conv2"),
            MaxPool2d(3, 2, name="pool2"),
            Conv2d(384, 3, padding=1, name="conv3"),
            Conv2d(256, 3, padding=1, name="conv4"),
            Conv2d(256, 3, padding=1, name="conv5"),
            MaxPool2d(3, 2, name="pool5"),
            AdaptiveAvgPool2d(6, name="global"),
            *_dense(4096, 4096, 1000),
        ),
    )


def _dense(*sizes: int) -> tuple[Linear, ...]:
    return tuple(Linear(size, name=f"fc{i}") for i, size in enumerate(sizes, start=6))


def _vgg(name: str, depths: tuple[int, ...]) -> Network:
    """Simonyan & Zisserman 2015: 3 × 3 convolutions, `depths` of them in each of five blocks."""
    widths = (64, 128, 256, 512, 512)
    layers: list[Layer] = []
    for block, (depth, width) in enumerate(zip(depths, widths, strict=True), start=1):
        layers += [Conv2d(width, 3, padding=1, name=f"conv{block}_{i + 1}") for i in range(depth)]
        layers.append(MaxPool2d(2, name=f"pool{block}"))
    return Network(name, (*layers, *_dense(4096, 4096, 1000)))


def _resnet(
    name: str, depths: tuple[int, ...], bottleneck: bool, stride_first: bool = False
) -> Network:
    """He et al. 2016.

    `stride_first`: as in the paper (and in Keras), a bottleneck's first convolution strides; in
    torchvision its second does.
    """
    conv = partial(Conv2d, bias=False, norm=True)
    layers: list[Layer] = [
        conv(64, 7, stride=2, padding=3, name="conv1"),
        MaxPool2d(3, 2, padding=1, name="maxpool"),
    ]
    channels = 64
    for stage, depth in enumerate(depths, start=1):
        width = 64 * 2 ** (stage - 1)
        for i in range(depth):
            stride = 2 if stage > 1 and i == 0 else 1
            first, second = (stride, 1) if stride_first else (1, stride)
            body = (
                (
                    conv(width, 1, stride=first, name="conv1"),
                    conv(width, 3, stride=second, padding=1, name="conv2"),
                    conv(4 * width, 1, name="conv3"),
                )
                if bottleneck
                else (
                    conv(width, 3, stride=stride, padding=1, name="conv1"),
                    conv(width, 3, padding=1, name="conv2"),
                )
            )
            out = body[-1].out_channels
            changed = stride > 1 or channels != out
            shortcut = (conv(out, 1, stride=stride, name="conv"),) if changed else ()
            layers.append(Residual(body, shortcut, name=f"layer{stage}.{i}"))
            channels = out
    return Network(name, (*layers, AdaptiveAvgPool2d(1, name="avgpool"), Linear(1000, name="fc")))


_KNOWN: dict[str, Callable[[], Network]] = {
    "lenet5": _lenet5,
    "alexnet2012": _alexnet2012,
    "alexnet": _alexnet,
    "vgg11": lambda: _vgg("vgg11", (1, 1, 2, 2, 2)),
    "vgg13": lambda: _vgg("vgg13", (2, 2, 2, 2, 2)),
    "vgg16": lambda: _vgg("vgg16", (2, 2, 3, 3, 3)),
    "vgg19": lambda: _vgg("vgg19", (2, 2, 4, 4, 4)),
    "resnet18": lambda: _resnet("resnet18", (2, 2, 2, 2), bottleneck=False),
    "resnet34": lambda: _resnet("resnet34", (3, 4, 6, 3), bottleneck=False),
    "resnet50": lambda: _resnet("resnet50", (3, 4, 6, 3), bottleneck=True),
    "resnet101": lambda: _resnet("resnet101", (3, 4, 23, 3), bottleneck=True),
    "resnet50_2015": lambda: _resnet("resnet50_2015", (3, 4, 6, 3), True, stride_first=True),
    "resnet101_2015": lambda: _resnet("resnet101_2015", (3, 4, 23, 3), True, stride_first=True),
}
NETWORKS = tuple(_KNOWN)
"""Names of the known networks."""


@cache
def network(name: str) -> Network:
    """Return a known network.

    `alexnet2012` is the published one, with two towers, and 227 × 227 pictures (the paper says 224,
    which does not give its maps). `alexnet` is the one with one tower that torchvision ships.
    `resnet50` and `resnet101` are torchvision's too; in the published `resnet50_2015` and
    `resnet101_2015`, as in Keras, the 1 × 1 convolution strides, not the 3 × 3 one.

    Parameters
    ----------
    name
        One of `NETWORKS`.

    Raises
    ------
    ValueError
        If there is no network of that name.

    Examples
    --------
    >>> len(network("vgg16").layers)
    21
    >>> network("vgg61")
    Traceback (most recent call last):
    ValueError: there is no network 'vgg61'; did you mean vgg19 or vgg16 or vgg13?
    """
    if name not in _KNOWN:
        near = did_you_mean(name, _KNOWN) or f"; there is {', '.join(_KNOWN)}"
        raise ValueError(f"there is no network {shown(name)}{near}")
    return _KNOWN[name]()


# Other poolings


def with_pooling(network: Network, pooling: str) -> Network:
    """Return the network with something else in place of its pooling layers.

    Only what subsamples is exchanged. Adaptive and global pooling, which collapse the map before
    the dense layers, stay.

    Parameters
    ----------
    network
        The network as designed.
    pooling
        ``"as designed"``: as it is. ``"removed"``: without. ``"mean"``: mean for max.
        ``"stride"``: the convolution before strides instead, so that of n values along a side
        ⌈n / stride⌉ are left, whatever window, padding and `ceil_mode` the pooling has.
        ``"strided-conv"``: a convolution with the window, stride and padding of the pooling, which
        keeps the number of channels.

    Raises
    ------
    ValueError
        If `pooling` is none of these.
    LayerError
        If a pooling has no convolution before it that could stride, or has a `ceil_mode`, which
        no convolution that stands in its place could have.

    Examples
    --------
    >>> [layer.name for layer in with_pooling(network("vgg11"), "removed").layers[:3]]
    ['conv1_1', 'conv2_1', 'conv3_1']
    """
    choice("pooling", pooling, POOLINGS)
    if pooling == "as designed":
        return network
    return replace(network, layers=_exchanged(network.layers, pooling, network.channels))


def _exchanged(layers: tuple[Layer, ...], pooling: str, channels: int) -> tuple[Layer, ...]:
    """Exchange the poolings in a sequence of layers whose input has so many channels."""
    done: list[Layer] = []
    for layer in layers:
        match layer:
            case MaxPool2d() | AvgPool2d():
                _EXCHANGE[pooling](done, layer, channels)
            case Residual():
                body = _exchanged(layer.body, pooling, channels)
                shortcut = _exchanged(layer.shortcut, pooling, channels)
                done.append(replace(layer, body=body, shortcut=shortcut))
                channels = _channels(body, channels)
            case _:
                done.append(layer)
                channels = _channels((layer,), channels)
    return tuple(done)


def _channels(layers: tuple[Layer, ...], channels: int) -> int:
    """How many channels these layers hand on, if so many come in."""
    for layer in layers:
        match layer:
            case Conv2d():
                channels = layer.out_channels
            case Linear():
                channels = layer.out_features
            case Residual():
                channels = _channels(layer.body, channels)
            case _:
                pass
    return channels


def _mean(done: list[Layer], pool: MaxPool2d | AvgPool2d, channels: int) -> None:
    if isinstance(pool, MaxPool2d):
        window = (pool.kernel_size, pool.stride, pool.padding, pool.ceil_mode)
        pool = AvgPool2d(*window, name=pool.name)
    done.append(pool)


def _stride(done: list[Layer], pool: MaxPool2d | AvgPool2d, channels: int) -> None:
    if not done or not isinstance(done[-1], Conv2d):
        raise LayerError(f"layer {pool.name}: there is no convolution before it that could stride")
    done[-1] = replace(done[-1], stride=done[-1].stride * (pool.stride or pool.kernel_size))


def _strided_conv(done: list[Layer], pool: MaxPool2d | AvgPool2d, channels: int) -> None:
    if pool.ceil_mode:
        raise LayerError(
            f"layer {pool.name}: ceil_mode must be false for a convolution to take its place; "
            "got true"
        )
    norm = bool(done) and isinstance(done[-1], Conv2d) and done[-1].norm
    done.append(
        Conv2d(
            channels,
            pool.kernel_size,
            pool.stride or pool.kernel_size,
            pool.padding,
            bias=not norm,
            norm=norm,
            name=pool.name,
        )
    )


_EXCHANGE: dict[str, Callable[[list[Layer], MaxPool2d | AvgPool2d, int], None]] = {
    "removed": lambda done, pool, channels: None,
    "mean": _mean,
    "stride": _stride,
    "strided-conv": _strided_conv,
}


# Your own, from a file


def read_network(path: Path) -> Network:
    """Read a network from a TOML or YAML file.

    The file has the fields of `Network`, and its layers as a list, each with its ``type`` and the
    type's parameters. In TOML::

        name = "mine"
        input_size = 64

        [[layers]]
        type = "Conv2d"
        out_channels = 32
        kernel_size = 3
        padding = 1

    A residual block has lists of layers as ``body`` and ``shortcut``.

    Parameters
    ----------
    path
        A file that ends in .toml, .yaml or .yml, of at most 50,000 bytes.

    Raises
    ------
    ValueError
        If the file is not there or is not such a file, gives a key twice, or has more than 10,000
        layers or blocks nested more than 10 deep; the message names file and layer.
    """
    from explainers.cost.parsing import parsed

    try:
        return _network(parsed(path), path.stem)
    except ValueError as error:
        plain = path.name.isprintable() and len(path.name) < 100
        name = path.name if plain else shown(path.name)
        raise LayerError(f"{name}: {error}") from error


def _network(content: Any, name: str) -> Network:
    content = _table("the file", content, ("name", "layers", "input_size", "channels"), ("layers",))
    _check_extent(content["layers"])
    layers = tuple(_layers(content["layers"], "layer"))
    return Network(**({"name": name} | content | {"layers": layers}))


def _layers(entries: Any, where: str) -> Iterator[Layer]:
    if not isinstance(entries, list):
        raise LayerError(f"{where}s must be a list of layers; got {shown(entries)}")
    for number, entry in enumerate(entries, start=1):
        yield _layer(entry, f"{where} {number}")


def _layer(entry: Any, where: str) -> Layer:
    entry = dict(_table(where, entry, None, ("type",)))
    kind = entry.pop("type")
    if not isinstance(kind, str) or kind not in LAYERS:
        near = did_you_mean(kind, LAYERS) if isinstance(kind, str) else ""
        raise LayerError(
            f"{where}: type must be one of {', '.join(LAYERS)}; got {shown(kind)}{near}"
        )
    layer = LAYERS[kind]
    _table(f"{where} ({kind})", entry, parameters(layer), ())
    for part in ("body", "shortcut"):
        if part in entry:
            entry[part] = tuple(_layers(entry[part], f"{where}, {part} layer"))
    for name, value in entry.items():
        _check_kind(f"{where} ({kind}): {name}", name, value)
    if "connections" in entry:
        entry["connections"] = tuple(entry["connections"])
    try:
        return layer(**entry)
    except TypeError as error:
        missing = str(error).partition("argument")[2].partition(":")[2].strip()
        raise LayerError(f"{where} ({kind}): it needs {missing}") from error
    except ValueError as error:
        raise LayerError(f"{where}: {error}") from error


def _check_kind(where: str, name: str, value: Any) -> None:
    """Refuse what no layer could be made of: a text or a fraction for a number, for instance."""
    truths = ("bias", "norm", "ceil_mode", "affine")
    if name in truths and not isinstance(value, bool):
        raise LayerError(f"{where} must be true or false; got {shown(value)}")
    if name == "name":
        text(where, value)
    if name == "connections" and not (
        isinstance(value, list) and all(type(count) is int for count in value)
    ):
        raise LayerError(f"{where} must be a list of whole numbers; got {shown(value)}")


def _table(
    where: str, entry: Any, allowed: Iterable[str] | None, needed: Iterable[str]
) -> Mapping[str, Any]:
    if not isinstance(entry, dict):
        raise LayerError(f"{where} must be a table of names and values; got {shown(entry)}")
    for name in entry:
        if allowed is not None and name not in allowed:
            near = did_you_mean(name, allowed) if isinstance(name, str) else ""
            raise LayerError(
                f"{where}: there is no {shown(name)}{near or '; there is ' + ', '.join(allowed)}"
            )
    for name in needed:
        if name not in entry:
            raise LayerError(f"{where}: {name} is missing")
    return entry
