"""One layer, window by window: its shape, its work, its reach; and what no layer can be."""

from __future__ import annotations

import itertools
import tracemalloc
from typing import Any

import pytest

from explainers.networks.count import Field, LayerCount, count
from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    LayerError,
    Linear,
    MaxPool2d,
    Residual,
)
from explainers.networks.network import Network


def starts(size: int, kernel: int, stride: int, padding: int) -> list[int]:
    """Where windows begin along one axis, found by sliding."""
    return [a for a in range(-padding, size + padding) if (a + padding) % stride == 0][
        : sum(
            a + kernel <= size + padding and (a + padding) % stride == 0
            for a in range(-padding, size + padding)
        )
    ]


def one(layer: Layer, channels: int, height: int, width: int) -> LayerCount:
    net = Network("one", (layer,), channels=channels)
    return count(net, (height, width)).layers[0]


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "dilation"),
    [(1, 1, 0, 1), (3, 1, 1, 1), (3, 2, 1, 1), (5, 3, 2, 1), (3, 1, 2, 2), (2, 2, 0, 3)],
)
def test_a_convolution_multiplies_once_for_each_weight_at_each_place(
    kernel: int, stride: int, padding: int, dilation: int, groups: int
) -> None:
    layer = Conv2d(6, kernel, stride, padding, dilation, groups)
    found = one(layer, 4, 11, 14)
    extent = 1 + (kernel - 1) * dilation
    rows, columns = (starts(side, extent, stride, padding) for side in (11, 14))
    assert found.shape == (6, len(rows), len(columns))
    connected = [
        (i, o)
        for i, o in itertools.product(range(4), range(6))
        if i * groups // 4 == o * groups // 6
    ]
    taps = list(itertools.product(range(kernel), repeat=2))
    multiplied = sum(1 for _ in itertools.product(connected, taps, rows, columns))
    assert found.work.macs == multiplied
    assert (found.work.weights, found.work.biases) == (len(connected) * len(taps), 6)
    assert found.activations == 6 * len(rows) * len(columns)
    assert (found.work.comparisons, found.work.additions, found.work.norms) == (0, 0, 0)


@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(2, 2, 0), (3, 2, 0), (3, 2, 1), (2, 1, 0), (4, 3, 2)]
)
def test_pooling_compares_or_adds_each_value_of_a_window_to_the_one_before(
    kind: Any, kernel: int, stride: int, padding: int
) -> None:
    found = one(kind(kernel, stride, padding), 3, 10, 13)
    rows, columns = (starts(side, kernel, stride, padding) for side in (10, 13))
    work = 0
    for _ in itertools.product(range(3), rows, columns):
        work += sum(1 for _ in itertools.pairwise(itertools.product(range(kernel), repeat=2)))
    assert found.shape == (3, len(rows), len(columns))
    asked = found.work.comparisons if kind is MaxPool2d else found.work.additions
    assert asked == work
    assert sum(found.work) == work


def test_a_pooling_without_a_stride_puts_windows_side_by_side() -> None:
    assert one(MaxPool2d(3), 1, 9, 9).shape == one(MaxPool2d(3, 3), 1, 9, 9).shape
    assert one(AvgPool2d(3), 1, 9, 9).field == Field(3, 3)


@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(3, 2, 0), (3, 2, 1), (5, 3, 2), (2, 3, 1), (4, 1, 0)]
)
def test_an_incomplete_window_works_on_the_values_that_it_has(
    kind: Any, kernel: int, stride: int, padding: int
) -> None:
    for height, width in itertools.product(range(kernel, 11), repeat=2):
        layer = kind(kernel, stride, padding, ceil_mode=True)
        found = one(layer, 2, height, width)
        sides = [range(-padding, side + padding) for side in (height, width)]
        begins = [
            [side[0] + n * stride for n in range(windows)]
            for side, windows in zip(sides, found.shape[1:], strict=True)
        ]
        met = sum(
            (y + a in sides[0]) and (x + b in sides[1])
            for y, x in itertools.product(*begins)
            for a, b in itertools.product(range(kernel), repeat=2)
        )
        assert sum(found.work) == 2 * (met - len(begins[0]) * len(begins[1]))


def test_ceil_mode_adds_a_window_that_begins_on_the_map_only() -> None:
    for size, kernel, stride, padding in itertools.product(
        range(1, 12), (2, 3, 4), (1, 2, 3, 5), (0, 1)
    ):
        if size + 2 * padding < kernel:
            continue
        begins = range(-padding, size, stride)  # a window may begin on the map or in its left rim
        whole = [a for a in begins if a + kernel <= size + padding]
        cut = [a for a in begins if a + kernel > size + padding][:1]
        layer = MaxPool2d(kernel, stride, padding, ceil_mode=True)
        covered = whole and whole[-1] + kernel == size + padding
        expected = len(whole) + (0 if covered else len(cut))
        assert one(layer, 1, size, size).shape.height == expected


def test_learnt_poolings_multiply_each_sum_once() -> None:
    found = one(AvgPool2d(2, affine=True), 6, 28, 28)
    assert found.work == (6 * 14 * 14, 0, 3 * 6 * 14 * 14, 6, 6, 0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 12, 13, 30, 64])
def test_adaptive_windows_are_pytorchs_whatever_the_output_size(size: int) -> None:
    """Also where more is asked for than there is."""
    for n in range(1, 40):
        rows, columns = (
            [len(range(i * side // n, -(-(i + 1) * side // n))) for i in range(n)]
            for side in (size, size + 1)
        )
        found = one(AdaptiveAvgPool2d(n), 2, size, size + 1)
        assert found.shape == (2, n, n)
        assert found.work.additions == 2 * sum(a * b - 1 for a in rows for b in columns)
        assert found.field.size == max(rows + columns)


def test_adaptive_pooling_to_a_huge_map_allocates_nothing() -> None:
    tracemalloc.start()
    for output_size in (10**6, 10**6 - 1):
        assert one(AdaptiveAvgPool2d(output_size), 1, 10**6, 10**6).shape.height == output_size
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()
    with pytest.raises(ValueError, match=r"output_size must be .* \[1, 1000000\]; got 1000000000"):
        AdaptiveAvgPool2d(10**9)


def test_global_pooling_has_no_neighbour_and_sees_all() -> None:
    found = one(AdaptiveAvgPool2d(1), 3, 9, 9)
    assert found.field == Field(9, 9)
    assert one(AdaptiveAvgPool2d(4), 1, 9, 9).field == Field(3, None)
    then = Network("then", (AdaptiveAvgPool2d(4), Conv2d(1, 3), Conv2d(1, 1)))
    assert [layer.field.size for layer in count(then, 9).layers] == [3, None, None]


def test_a_dense_layer_multiplies_all_by_all() -> None:
    found = one(Linear(10, bias=False), 3, 4, 5)
    assert found.work == (600, 0, 0, 600, 0, 0)
    assert found.shape == (10, 1, 1)
    assert one(Linear(10), 3, 4, 4).work.biases == 10
    assert one(Linear(10), 3, 4, 4).field == Field(4, None)


def test_connections_are_those_of_the_table() -> None:
    found = one(Conv2d(3, 5, connections=(1, 2, 4)), 4, 10, 10)
    assert (found.work.weights, found.work.macs) == (7 * 25, 7 * 25 * 36)


def test_a_residual_block_adds_its_parts() -> None:
    block = Residual((Conv2d(8, 3, stride=2, padding=1, norm=True),), (Conv2d(8, 1, 2),))
    net = count(Network("one", (block,), channels=4), 9)
    assert [layer.kind for layer in net.layers] == ["Conv2d", "Conv2d", "Add"]
    body, shortcut, add = net.layers
    assert add.work == (0, 0, 8 * 25, 0, 0, 0)
    assert (add.activations, add.shape) == (0, (8, 5, 5))
    assert body.work.norms == 16
    assert net.macs == body.work.macs + shortcut.work.macs == 8 * 4 * (9 + 1) * 25
    assert (add.field.size, shortcut.field.size) == (3, 1)
    assert net.activations == 2 * 8 * 25


def test_layers_refuse_what_they_cannot_be() -> None:
    with pytest.raises(LayerError, match="padding must be at most half of the window, 1; got 2"):
        MaxPool2d(3, padding=2)
    with pytest.raises(LayerError, match="body must have at least one layer"):
        Residual(())
    with pytest.raises(ValueError, match=r"conv9: out_channels must be .* \[1, 1000000000\]; "):
        Conv2d(0, 3, name="conv9")
    with pytest.raises(ValueError, match=r"pool9: stride must be .* in \[1, 1000000\]; got 0"):
        AvgPool2d(2, 0, name="pool9")
    with pytest.raises(ValueError, match="AdaptiveAvgPool2d: output_size must be"):
        AdaptiveAvgPool2d(0)
    with pytest.raises(LayerError, match="network n: layers must be at least one"):
        Network("n", ())


def test_layers_that_do_not_fit_are_named() -> None:
    cases: list[tuple[tuple[Layer, ...], str]] = [
        (
            (Conv2d(4, 3, groups=2, name="g"),),
            "layer g: groups must divide its channels, 3 in and 4",
        ),
        (
            (Conv2d(2, 3, connections=(1, 9), name="c"),),
            r"layer c: connections must be in \[1, 3\]",
        ),
        (
            (Residual((Conv2d(4, 3),), name="r"),),
            "layer r: body and shortcut must hand on the same",
        ),
    ]
    for layers, message in cases:
        with pytest.raises(LayerError, match=message):
            count(Network("bad", layers), 16)
