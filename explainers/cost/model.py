"""The laws of depth: layers to see far, layers for a budget, layers until the billions."""

from __future__ import annotations

from typing import Annotated

from explainers.checks import refuse
from explainers.kinds import Whole, checked
from explainers.networks.count import count
from explainers.networks.layers import Side
from explainers.networks.network import Network
from explainers.networks.poolings import Pooling

Some = Annotated[int, Whole(1)]
Window = Annotated[int, Whole(2, meaning="side of a kernel or a pooling's window")]


@checked
def layers_to_reach(
    field: Some,
    kernel_size: Window = 3,
    *,
    pool_every: Some | None = None,
    pool_size: Window = 2,
) -> int:
    """Count the convolutions of stride 1 that it takes until a value looks at `field` pixels.

    Parameters
    ----------
    field
        Pixels along a side.
    kernel_size
        Of each convolution: each adds (kernel_size − 1) · jump.
    pool_every
        After so many convolutions comes a pooling, side by side, of `pool_size`: it adds
        (pool_size − 1) · jump, and multiplies the jump by `pool_size`. Without it, no pooling.

    Returns
    -------
    int
        Convolutions; a pooling that completes the field belongs to those before it.

    Examples
    --------
    >>> layers_to_reach(212), layers_to_reach(212, pool_every=2)
    (106, 11)
    """
    if pool_every is None:
        return -(-(field - 1) // (kernel_size - 1))
    size, jump, layers = 1, 1, 0
    while size < field:
        more = min(pool_every, -(-(field - size) // ((kernel_size - 1) * jump)))
        layers += more
        size += more * (kernel_size - 1) * jump + (pool_size - 1) * jump * (more == pool_every)
        jump *= pool_size
    return layers


@checked
def depth_within(
    budget: Annotated[int, Whole(0, meaning="multiply–accumulates")],
    input_size: Side,
    channels: Some,
    *,
    kernel_size: Some = 3,
    pool_every: Some | None = None,
    poolings: Annotated[int, Whole(0, 64)] = 0,
    widen: Some = 1,
) -> int:
    """Count the equal convolution layers that a budget of multiply–accumulates buys.

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
        If the map would vanish, or there are poolings and no `pool_every`.

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
    if poolings and pool_every is None:
        refuse("pool_every", pool_every, "a whole number ≥ 1, if there are poolings")
    if input_size >> poolings == 0:
        refuse("poolings", poolings, f"few enough to leave something of {input_size} pixels")
    every = pool_every or 1
    side, taken, width, depth = input_size, channels, channels, 0
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


@checked
def billions_after(
    network: Network | str,
    input_size: Side | None = None,
    *,
    billions: Some = 1,
    pooling: Pooling = "as designed",
) -> int | None:
    """Count the layers with weights until a network has multiplied so many billion times.

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
    done = layers = 0
    for layer in count(network, input_size, pooling=pooling).layers:
        layers += layer.work.macs > 0
        done += layer.work.macs
        if done >= billions * 10**9:
            return layers
    return None
