"""Networks with something else in place of their poolings."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Annotated

from explainers.kinds import Choice, checked
from explainers.networks.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Free,
    Layer,
    LayerError,
    Linear,
    Pool2d,
    Residual,
)
from explainers.networks.network import Network

POOLINGS = ("as designed", "removed", "mean", "stride", "strided-conv")
"""What can be done with the pooling layers of a network; see `with_pooling`."""
Pooling = Annotated[str, Choice(POOLINGS, "what is done with the poolings")]


@checked
def with_pooling(network: Network, pooling: Pooling) -> Network:
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
    LayerError
        If a pooling has no convolution before it that could stride, or has a `ceil_mode`, which
        no convolution that stands in its place could have.

    Examples
    --------
    >>> from explainers.networks.known import network
    >>> [layer.name for layer in with_pooling(network("vgg11"), "removed").layers[:3]]
    ['conv1_1', 'conv2_1', 'conv3_1']
    """
    if pooling == "as designed":
        return network
    return replace(network, layers=_exchanged(network.layers, pooling, network.channels))


def _exchanged(layers: tuple[Layer, ...], pooling: str, channels: int) -> tuple[Layer, ...]:
    """Exchange the poolings in a sequence of layers whose input has so many channels."""
    done: list[Layer] = []
    for layer in layers:
        if isinstance(layer, Pool2d):
            _exchange(layer, pooling, done, channels)
        elif isinstance(layer, Residual):
            body = _exchanged(layer.body, pooling, channels)
            shortcut = _exchanged(layer.shortcut, pooling, channels)
            done.append(replace(layer, body=body, shortcut=shortcut))
        else:
            done.append(layer)
        channels = _channels(layer, channels)
    return tuple(done)


def _exchange(pool: Pool2d, pooling: str, done: list[Layer], channels: int) -> None:
    """Put what takes a pooling's place behind the layers before it, or into the last of these."""
    if pooling == "mean":
        done.append(_mean(pool))
    elif pooling == "stride":
        at = _last(done)
        done[at:] = [_striding(done[at] if done else None, pool), *done[at:][1:]]
    elif pooling == "strided-conv":
        done.append(_convolution(pool, done[_last(done) :], channels))


def _last(done: list[Layer]) -> int:
    """Where the last layer is that does more than work in place."""
    return max((i for i, layer in enumerate(done) if not isinstance(layer, Free)), default=0)


def _mean(pool: Pool2d) -> AvgPool2d:
    if isinstance(pool, AvgPool2d):
        return pool
    return AvgPool2d(pool.kernel_size, pool.stride, pool.padding, pool.ceil_mode, name=pool.name)


def _striding(before: Layer | None, pool: Pool2d) -> Conv2d:
    """The convolution before a pooling, with both strides."""
    if not isinstance(before, Conv2d):
        raise LayerError(f"layer {pool.name}: there is no convolution before it that could stride")
    return replace(before, stride=before.stride * pool.step)


def _convolution(pool: Pool2d, before: list[Layer], channels: int) -> Conv2d:
    """A convolution with a pooling's windows, normalised if the one before it is."""
    if pool.ceil_mode:
        raise LayerError(
            f"layer {pool.name}: ceil_mode must be false for a convolution to take its place; "
            "got true"
        )
    norm = any(
        layer.norm if isinstance(layer, Conv2d) else isinstance(layer, BatchNorm2d)
        for layer in before
    )
    window = (pool.kernel_size, pool.step, pool.padding)
    return Conv2d(channels, *window, bias=not norm, norm=norm, name=pool.name)


def _channels(layer: Layer, channels: int) -> int:
    """How many channels a layer hands on, if so many come in."""
    match layer:
        case Conv2d():
            return layer.out_channels
        case Linear():
            return layer.out_features
        case Residual():
            return reduce(lambda taken, inner: _channels(inner, taken), layer.body, channels)
        case _:
            return channels
