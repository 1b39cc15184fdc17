"""The known networks, as data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from explainers.kinds import Choice, kept
from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    Linear,
    MaxPool2d,
    Residual,
)
from explainers.networks.network import Network


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


NetworkName = Annotated[str, Choice(NETWORKS, "network")]


@kept
def network(name: NetworkName) -> Network:
    """Return a known network.

    `alexnet2012` is the published one, with two towers, and 227 × 227 pictures (the paper says 224,
    which does not give its maps). `alexnet` is the one with one tower that torchvision ships.
    `resnet50` and `resnet101` are torchvision's too; in the published `resnet50_2015` and
    `resnet101_2015`, as in Keras, the 1 × 1 convolution strides, not the 3 × 3 one.

    Parameters
    ----------
    name
        One of `NETWORKS`.

    Examples
    --------
    >>> len(network("vgg16").layers)
    21
    """
    return _KNOWN[name]()
