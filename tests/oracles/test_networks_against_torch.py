"""The counts of networks against PyTorch, live, on the known networks and random ones.

Shapes, parameters and multiplications from real modules; receptive fields from gradients.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explainers.networks.count import Count, count, receptive_field
from explainers.networks.known import NETWORKS, network
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
from explainers.networks.poolings import POOLINGS, with_pooling
from tests.oracles import record_counters as recorder
from tests.oracles.torch_networks import Found, Picture, asked, built, features, jacobian, thin

torch.set_num_threads(1)
often = settings(max_examples=1000, deadline=None, derandomize=True)


def as_found(ours: Count) -> list[Found]:
    """Our table in PyTorch's terms."""
    return [Found(r.name, tuple(r.shape), sum(r.work[3:]), r.work.macs) for r in ours.layers]


def counted(net: Network, picture: Picture) -> Count | None:
    """Our table, or None if we refuse."""
    channels, height, width = picture
    try:
        return count(net, (height, width), channels)
    except ValueError:
        return None


# The known networks


def test_recording_is_what_is_found_now() -> None:
    for path, found in recorder.records().items():
        now = json.loads(recorder.written(found))
        assert now == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_of_every_network(name: str, pooling: str) -> None:
    picture = (2, 131, 96)
    ours = counted(with_pooling(network(name), pooling), picture)
    assert ours
    assert as_found(ours) == asked(with_pooling(network(name), pooling), picture)


# Random networks


def options(**names: Any) -> Any:
    return st.fixed_dictionaries({}, optional=names)


CONVOLUTIONS = st.builds(
    lambda channels, kernel, others, table: _made(
        Conv2d,
        channels,
        kernel,
        connections=tuple(table[:channels]) if table else (),
        **others,
    ),
    st.sampled_from([6, 6, 6, 12, 4, 1]),
    st.sampled_from([1, 2, 3, 3, 4]),
    options(
        stride=st.integers(1, 3),
        padding=st.integers(0, 3),
        dilation=st.integers(1, 3),
        groups=st.sampled_from([2, 1, 2, 3]),
        bias=st.booleans(),
        norm=st.booleans(),
    ),
    st.just([]) | st.just([]) | st.lists(st.integers(1, 3), min_size=12, max_size=12),
)
WINDOWS = options(stride=st.integers(1, 3), padding=st.integers(0, 2), ceil_mode=st.booleans())
POOLS = st.one_of(
    st.builds(lambda k, others: _made(MaxPool2d, k, **others), st.integers(1, 4), WINDOWS),
    st.builds(
        lambda k, affine, others: _made(AvgPool2d, k, affine=affine, **others),
        st.integers(1, 4),
        st.booleans(),
        WINDOWS,
    ),
)
ENDS = st.builds(AdaptiveAvgPool2d, st.integers(1, 7)) | st.builds(
    Linear, st.sampled_from([6, 12, 5]), st.booleans()
)
PLAIN = CONVOLUTIONS | CONVOLUTIONS | CONVOLUTIONS | POOLS | ENDS


def _made(kind: Any, *sizes: int, **others: Any) -> Layer | None:
    """A layer, or None if it could not be one; PyTorch must then refuse it too."""
    try:
        made: Layer = kind(*sizes, **others)
    except ValueError:
        if kind is not Conv2d:  # a convolution's table of connections is ours alone
            with pytest.raises((RuntimeError, ValueError)):
                _torch_pool(kind, sizes[0], **others)
        return None
    return made


def _torch_pool(kind: Any, k: int, affine: bool = False, **others: Any) -> None:
    getattr(nn, kind.__name__)(k, **others)(torch.zeros(1, 1, 9, 9))


def keeping(channels: int) -> Any:
    """Layers that keep the shape of the map: what a residual block's body often is."""
    return st.builds(
        lambda half, dilation, norm: Conv2d(
            channels, 2 * half + 1, padding=half * dilation, dilation=dilation, norm=norm
        ),
        st.integers(0, 2),
        st.integers(1, 2),
        st.booleans(),
    )


@st.composite
def blocks(draw: Any) -> Residual:
    """Residual blocks: some fit, some do not."""
    channels = draw(st.sampled_from([6, 6, 4]))
    if draw(st.integers(0, 3)) == 0:
        body = draw(st.lists(PLAIN.filter(bool), min_size=1, max_size=3))
        return Residual(tuple(body), tuple(draw(st.lists(PLAIN.filter(bool), max_size=2))))
    stride = draw(st.sampled_from([1, 1, 2, 3]))
    inside = draw(st.lists(keeping(draw(st.sampled_from([2, 5]))), max_size=2))
    first = Conv2d(channels, 3, stride, 1, bias=False, norm=True)
    body = [replace(layer, name="") for layer in [*inside, first]]
    shortcut = Conv2d(channels, 1, stride, bias=False, norm=draw(st.booleans()))
    return Residual(tuple(body), (shortcut,) if stride > 1 or draw(st.booleans()) else ())


LAYERS = PLAIN | PLAIN | PLAIN | blocks()
PICTURES = st.tuples(st.sampled_from([6, 6, 12, 4, 1]), st.integers(1, 40), st.integers(1, 40))


PARTICULAR = ("groups", "dilation", "connections", "norm", "ceil_mode", "affine")
PLAINLY = (None, False, 1, ())


def traits(layers: tuple[Layer, ...]) -> Iterator[str]:
    """What is particular in a network, for the tally of what was answered."""
    for layer in layers:
        yield type(layer).__name__
        if isinstance(layer, Residual):
            yield from traits(layer.body + layer.shortcut)
        values = {name: getattr(layer, name, None) for name in PARTICULAR}
        yield from (name for name, value in values.items() if value is True or value not in PLAINLY)


def test_random_networks() -> None:
    """Both refuse, or both find the same; and all kinds of layers are found, and refused, often."""
    answered: Counter[str] = Counter()
    refused: Counter[str] = Counter()

    @often
    @given(st.lists(LAYERS, min_size=1, max_size=6), PICTURES)
    def agree(layers: list[Layer | None], picture: Picture) -> None:
        net = Network("random", tuple(filter(None, layers)) or (Conv2d(1, 1),))
        ours, theirs = counted(net, picture), asked(net, picture)
        assert (as_found(ours) if ours else None) == theirs
        (refused if ours is None else answered).update(traits(net.layers))

    agree()
    assert len(answered) == 6 + len(PARTICULAR)
    assert answered.keys() == refused.keys()
    assert min(*answered.values(), *refused.values()) >= 10


# Comparisons and additions


@often
@given(POOLS.filter(bool), PICTURES)
def test_a_window_takes_one_operation_less_than_it_has_values(pool: Any, picture: Picture) -> None:
    """Ones, padded with ones, are summed: a last, incomplete window has a smaller sum."""
    net = Network("pool", (replace(pool, name="pool"),))
    ours, theirs = counted(net, picture), asked(net, picture)
    if ours is None or theirs is None:
        return
    work = ours.layers[0].work
    ones = torch.ones([side + 2 * pool.padding for side in picture[1:]])[None]
    step = pool.stride or pool.kernel_size
    sums = nn.functional.avg_pool2d(
        ones, pool.kernel_size, step, ceil_mode=True, divisor_override=1
    )
    channels, height, width = theirs[0].shape
    operations = channels * (int(sums[0, :height, :width].sum()) - height * width)
    expected = (operations, 0) if isinstance(pool, MaxPool2d) else (0, operations)
    assert (work.comparisons, work.additions) == expected
    assert ours.activations == math.prod(theirs[0].shape)


@pytest.mark.parametrize("output_size", range(1, 8))
@pytest.mark.parametrize("sides", [(7, 7), (6, 6), (13, 4), (3, 11), (1, 2)])
def test_adaptive_pooling_adds_all_values_of_its_windows(
    output_size: int, sides: tuple[int, int]
) -> None:
    reached = jacobian(nn.AdaptiveAvgPool2d(output_size), torch.zeros(1, 2, *sides))
    additions = int(reached.sum()) - len(reached)
    layers = count(Network("one", (AdaptiveAvgPool2d(output_size),)), sides, channels=2).layers
    assert layers[0].work.additions == additions


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_a_residual_block_adds_once_for_each_value(name: str) -> None:
    theirs = asked(network(name), (3, 97, 160))
    assert theirs is not None
    sums = {row.name: math.prod(row.shape) for row in theirs if row.name.endswith(".add")}
    ours = {row.name: row for row in count(name, (97, 160)).layers if row.kind == "Add"}
    assert {row: ours[row].work.additions for row in ours} == sums
    assert not any(row.activations for row in ours.values())


# Receptive fields


def looked_at(net: Network, side: int) -> tuple[int, int]:
    """How many pixels wide the gradient of one value is, and how far on that of its neighbour.

    One channel, positive weights, and means for maxima: no two ways from a pixel to a value can
    cancel out, and none is left out.
    """
    thinned = Network("thin", thin(with_pooling(net, "mean").layers), channels=1)
    module = built(thinned, (1, side, side)).to_empty(device="cpu").double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(1 / parameter.numel())
    picture = torch.ones(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    output = module(picture)[0, 0]
    middle = output.shape[-1] // 2
    top, bottom = touched(output[middle, middle], picture)
    assert top > 0, "the picture must be larger than the field"
    assert bottom < side - 1
    moved, _ = touched(output[middle + 1, middle + 1], picture)
    return bottom - top + 1, moved - top


def touched(value: Any, picture: Any) -> tuple[int, int]:
    """The first and the last row that a value looks at; the columns are the same."""
    (gradient,) = torch.autograd.grad(value, picture, retain_graph=True)
    rows, columns = (gradient[0, 0].any(axis).nonzero()[:, 0].tolist() for axis in (1, 0))
    assert rows == columns
    return rows[0], rows[-1]


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("name", NETWORKS)
def test_receptive_field_of_every_network_by_gradient(name: str, pooling: str) -> None:
    ours = receptive_field(name, pooling)
    assert ours.size
    assert ours.jump
    side = ours.size + 6 * ours.jump
    assert looked_at(features(with_pooling(network(name), pooling)), side) == ours


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists((CONVOLUTIONS | POOLS).filter(bool), min_size=1, max_size=5))
def test_receptive_field_of_random_networks_by_gradient(layers: list[Layer]) -> None:
    net = Network("random", thin(layers), channels=1)
    found = count(net, 4000).layers[-1].field
    assert found.size
    assert found.jump
    if (side := found.size + 8 * found.jump) < 600:
        assert looked_at(net, side) == found
