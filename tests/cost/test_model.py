"""The counts again: by walking over every window, from the output back, or one layer at a time.

What PyTorch and other counters find for the known networks is in test_counters.py.
"""

from __future__ import annotations

import itertools
import time
import tracemalloc
from fractions import Fraction
from typing import Any

import pytest

from explainers.cost import model
from explainers.cost.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    LayerError,
    Linear,
    MaxPool2d,
    Residual,
    Shape,
)
from explainers.cost.model import count, depth_within, layers_to_reach, receptive_field
from explainers.cost.networks import NETWORKS, Network, network, with_pooling
from explainers.cost.table import as_text

# One layer, window by window


def starts(size: int, kernel: int, stride: int, padding: int) -> list[int]:
    """Where windows begin along one axis, found by sliding."""
    return [a for a in range(-padding, size + padding) if (a + padding) % stride == 0][
        : sum(
            a + kernel <= size + padding and (a + padding) % stride == 0
            for a in range(-padding, size + padding)
        )
    ]


def one(layer: Layer, channels: int, height: int, width: int) -> model.LayerCount:
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
    assert one(AvgPool2d(3), 1, 9, 9).field == model.Field(3, 3)


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


def test_four_windows_of_which_three_hang_over_compare_21_times() -> None:
    """9, 6, 6 and 4 values: 8 + 5 + 5 + 3 comparisons."""
    assert one(MaxPool2d(3, 2, ceil_mode=True), 1, 4, 4).work.comparisons == 21
    assert one(AvgPool2d(3, 2, ceil_mode=True), 1, 4, 4).work.additions == 21


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


@pytest.mark.parametrize(("size", "output"), [(7, 1), (12, 6), (13, 6), (5, 6), (10, 4)])
def test_adaptive_pooling_adds_up_pytorchs_windows(size: int, output: int) -> None:
    found = one(AdaptiveAvgPool2d(output), 2, size, size + 1)
    total = 0
    for i, j in itertools.product(range(output), repeat=2):
        rows = [r for r in range(size) if i * size // output <= r < -(-(i + 1) * size // output)]
        wide = size + 1
        columns = [c for c in range(wide) if i >= 0 and _inside(c, j, wide, output)]
        total += 2 * (len(rows) * len(columns) - 1)
    assert found.work.additions == total
    assert found.shape == (2, output, output)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 12, 13, 30, 64])
def test_adaptive_windows_are_pytorchs_whatever_the_output_size(size: int) -> None:
    """Also where more is asked for than there is."""
    for n in range(1, 40):
        windows = [range(i * size // n, -(-(i + 1) * size // n)) for i in range(n)]
        found = one(AdaptiveAvgPool2d(n), 1, size, size)
        assert found.work.additions == sum(map(len, windows)) ** 2 - n * n
        assert found.field.size == max(map(len, windows))


def test_adaptive_pooling_to_a_huge_map_allocates_nothing() -> None:
    tracemalloc.start()
    for output_size in (10**6, 10**6 - 1):
        assert one(AdaptiveAvgPool2d(output_size), 1, 10**6, 10**6).shape.height == output_size
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()
    with pytest.raises(ValueError, match=r"output_size must be .* \[1, 1000000\]; got 1000000000"):
        AdaptiveAvgPool2d(10**9)


def _inside(place: int, window: int, size: int, windows: int) -> bool:
    """Whether a place is in the window: more than not touching it."""
    return place * windows < (window + 1) * size and (place + 1) * windows > window * size


def test_global_pooling_has_no_neighbour_and_sees_all() -> None:
    found = one(AdaptiveAvgPool2d(1), 3, 9, 9)
    assert found.field == model.Field(9, 9)
    assert one(AdaptiveAvgPool2d(4), 1, 9, 9).field == model.Field(3, None)
    then = Network("then", (AdaptiveAvgPool2d(4), Conv2d(1, 3), Conv2d(1, 1)))
    assert [layer.field.size for layer in count(then, 9).layers] == [3, None, None]


def test_a_dense_layer_multiplies_all_by_all() -> None:
    found = one(Linear(10, bias=False), 3, 4, 5)
    assert found.work == (600, 0, 0, 600, 0, 0)
    assert found.shape == (10, 1, 1)
    assert one(Linear(10), 3, 4, 4).work.biases == 10
    assert one(Linear(10), 3, 4, 4).field == model.Field(4, None)


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


# Whole networks


@pytest.mark.parametrize("name", NETWORKS)
def test_totals_are_sums_and_shares_add_up(name: str) -> None:
    found = count(name)
    layers = found.layers
    assert found.macs == sum(layer.work.macs for layer in layers) == found.work.macs
    assert found.parameters == sum(x.work.weights + x.work.biases + x.work.norms for x in layers)
    assert found.activations == sum(layer.activations for layer in layers)
    assert sum(found.share(layer) for layer in layers) == 1
    assert all(type(number) is int for layer in layers for number in layer.work)


@pytest.mark.parametrize("name", NETWORKS)
def test_block_shares_by_the_beginnings_of_the_names(name: str) -> None:
    found = count(name)
    shares = found.block_shares()
    assert sum(shares.values()) == 1
    dense = [row for row in found.layers if row.kind == "Linear"]
    for block, share in shares.items():
        rows = [row for row in found.layers if row.name.startswith(block) and row.kind != "Linear"]
        macs = sum(row.work.macs for row in (dense if block == "dense" else rows))
        assert share == Fraction(macs, found.macs) > 0


def test_a_block_is_what_stands_before_the_first_mark() -> None:
    assert list(count("vgg16").block_shares()) == [f"conv{n}" for n in range(1, 6)] + ["dense"]
    assert list(count("resnet18").block_shares())[:3] == ["conv1", "layer1", "layer2"]


def test_a_table_of_ten_thousand_layers_takes_a_moment() -> None:
    """A share is the layer over the sum of all: the sum is taken once."""
    net = Network("long", (Conv2d(1, 1),) * 10**4, 8, 1)
    start = time.process_time()
    lines = as_text(count(net)).splitlines()
    assert len(lines) == 10**4 + 3
    assert time.process_time() - start < 2


def seen(layers: tuple[Layer, ...], first: int, last: int) -> tuple[int, int]:
    """Pixels that the values first … last of the last map look at: from the output back."""
    for layer in reversed(layers):
        match layer:
            case Residual():
                parts = [seen(part, first, last) for part in (layer.body, layer.shortcut)]
                first, last = min(a for a, _ in parts), max(b for _, b in parts)
            case Conv2d():
                first = first * layer.stride - layer.padding
                last = (
                    last * layer.stride - layer.padding + layer.dilation * (layer.kernel_size - 1)
                )
            case MaxPool2d() | AvgPool2d():
                stride = layer.stride or layer.kernel_size
                first = first * stride - layer.padding
                last = last * stride - layer.padding + layer.kernel_size - 1
            case _:
                raise AssertionError(layer)
    return first, last


@pytest.mark.parametrize("pooling", ["as designed", "removed", "stride", "strided-conv"])
@pytest.mark.parametrize("name", NETWORKS)
def test_receptive_field_is_what_the_output_looks_at(name: str, pooling: str) -> None:
    changed = with_pooling(network(name), pooling)
    spatial = tuple(
        itertools.takewhile(
            lambda layer: not isinstance(layer, Linear | AdaptiveAvgPool2d), changed.layers
        )
    )
    (low, high), (next_low, _) = seen(spatial, 5, 5), seen(spatial, 6, 6)
    assert receptive_field(name, pooling) == (high - low + 1, next_low - low)
    row = count(changed).layers[-1] if len(spatial) == len(changed.layers) else None
    assert row is None or row.field.size == high - low + 1


def test_dilation_widens_the_field() -> None:
    net = Network("wide", (Conv2d(1, 3, dilation=4), MaxPool2d(2), Conv2d(1, 3, dilation=2)))
    low, high = seen(net.layers, 3, 3)
    assert count(net, 64).layers[-1].field == (high - low + 1, 2)


@pytest.mark.parametrize(
    ("body", "shortcut"),
    [
        (Conv2d(1, 2, 2, padding=1), MaxPool2d(2, 2, ceil_mode=True)),
        (Conv2d(1, 3, padding=1), Conv2d(1, 5, padding=2)),
        (Conv2d(1, 3, padding=2), Conv2d(1, 1, padding=1)),
    ],
)
def test_a_sum_sees_from_the_first_pixel_of_its_parts_to_the_last(
    body: Layer, shortcut: Layer
) -> None:
    net = Network("beside", (Conv2d(1, 3, 2), Residual((body,), (shortcut,)), Conv2d(1, 3)), 224, 1)
    (low, high), (next_low, _) = seen(net.layers, 4, 4), seen(net.layers, 5, 5)
    assert count(net, 43).layers[-1].field == (high - low + 1, next_low - low)


def test_size_and_channels_are_the_networks_own_unless_given() -> None:
    assert count("lenet5").input == Shape(1, 32, 32)
    assert count("lenet5", 40, 2).input == Shape(2, 40, 40)
    assert count("vgg11", (32, 64)).layers[0].shape == (64, 32, 64)
    assert count("vgg11", (32, 64)).network == "vgg11"


def test_counting_resnet101_takes_under_5_milliseconds() -> None:
    count("resnet101")
    times = []
    for _ in range(20):
        start = time.perf_counter()
        count("resnet101")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_a_huge_picture_allocates_nothing() -> None:
    assert count("vgg16", 10**6).macs > 10**17


# What follows


@pytest.mark.parametrize("kernel_size", [2, 3, 5])
@pytest.mark.parametrize("pool_every", [None, 1, 2, 3])
@pytest.mark.parametrize("pool_size", [2, 3])
def test_layers_to_reach_by_adding_layers(
    kernel_size: int, pool_every: int | None, pool_size: int
) -> None:
    for field in (1, 2, 3, 7, 28, 100, 213):
        layers: list[Layer] = []
        convolutions = 0
        while not layers or count(Network("n", tuple(layers)), 10**6).layers[-1].field.size < field:  # type: ignore[operator]
            if field == 1:
                break
            layers.append(Conv2d(1, kernel_size))
            convolutions += 1
            if pool_every and convolutions % pool_every == 0:
                layers.append(MaxPool2d(pool_size))
        found = layers_to_reach(field, kernel_size, pool_every=pool_every, pool_size=pool_size)
        assert found == convolutions


def test_depth_within_by_counting_the_network_itself() -> None:
    """Behind each pooling the first layer takes half of the channels in: VGG's own widths."""
    ten = count(Network("ten", (Conv2d(64, 3, padding=1),) * 10, channels=64)).macs
    for poolings, depth in ((1, 10), (2, 11), (4, 12)):
        layers: list[Layer] = []
        for n in range(depth + 1):
            layers += [Conv2d(64 * 2 ** min(n, poolings), 3, padding=1)]
            layers += [MaxPool2d(2)] * (n < poolings)
        assert count(Network("pooled", tuple(layers[:-1]), channels=64)).macs <= ten
        assert count(Network("deeper", tuple(layers), channels=64)).macs > ten
        bought = depth_within(ten, 224, 64, pool_every=1, poolings=poolings, widen=2)
        assert bought == depth


@pytest.mark.parametrize("widen", [1, 2, 3])
@pytest.mark.parametrize(("pool_every", "poolings"), [(None, 0), (1, 1), (2, 3), (3, 2)])
def test_depth_within_by_building_deeper_until_it_is_too_much(
    pool_every: int | None, poolings: int, widen: int
) -> None:
    def cost(depth: int) -> int:
        side, taken, width, total, done = 20, 4, 4, 0, 0
        for layer in range(1, depth + 1):
            total += sum(1 for _ in range(9)) * taken * width * side * side
            taken = width
            if pool_every and layer % pool_every == 0 and done < poolings:
                side, width, done = side // 2, width * widen, done + 1
        return total

    for budget in (0, 57_599, 57_600, 200_000, 700_001):
        depth = depth_within(budget, 20, 4, pool_every=pool_every, poolings=poolings, widen=widen)
        assert cost(depth) <= budget < cost(depth + 1)


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "alexnet2012"])
@pytest.mark.parametrize("pooling", ["as designed", "removed"])
@pytest.mark.parametrize("billions", [1, 3, 9, 1000])
def test_billions_after_by_adding_up(name: str, pooling: str, billions: int) -> None:
    rows = [x for x in count(name, pooling=pooling).layers if x.kind in ("Conv2d", "Linear")]
    sums = list(itertools.accumulate(row.work.macs for row in rows))
    reached = [i for i, total in enumerate(sums, start=1) if total >= billions * 10**9]
    found = model.billions_after(name, billions=billions, pooling=pooling)
    assert found == (reached[0] if reached else None)
    assert model.billions_after(name, 96, billions=10**6) is None


# Bad input: one line that names what is wrong

TOO_SMALL = r"layer pool5: a window of 2 × 2 does not fit its input of 1 × 1 .* too small"
BAD: list[tuple[Any, str]] = [
    (lambda: count("vgg61"), "there is no network 'vgg61'; did you mean vgg19 or"),
    (lambda: count("zzz"), "there is no network 'zzz'; there is lenet5, alexnet2012"),
    (lambda: count(7), "network must be a Network or the name of one; got 7"),  # type: ignore[arg-type]
    (lambda: count("vgg16", 0), r"input_size must be a whole number in \[1, 1000000\]; got 0"),
    (lambda: count("vgg16", (3, 4, 5)), "input_size must be a whole number, or two"),  # type: ignore[arg-type]
    (lambda: count("vgg16", 2.5), "input_size must be a whole number"),  # type: ignore[arg-type]
    (
        lambda: count("vgg16", channels=0),
        r"channels must be .* \[1, 1000000000\]; got 0",
    ),
    (lambda: count("vgg16", pooling="max"), "pooling must be one of 'as designed', 'removed'"),
    (lambda: count("vgg16", 31), TOO_SMALL),
    (lambda: count("vgg16").layer("pool9"), "name must be one of 'conv1_1'"),
    (lambda: layers_to_reach(0), "field must be a whole number ≥ 1; got 0"),
    (lambda: layers_to_reach(9, 1), "kernel_size must be a whole number ≥ 2; got 1"),
    (lambda: layers_to_reach(9, pool_every=0), "pool_every must be a whole number ≥ 1; got 0"),
    (lambda: layers_to_reach(9, pool_every=1, pool_size=1), "pool_size must be"),
    (lambda: depth_within(-1, 8, 1), "budget must be a whole number ≥ 0; got -1"),
    (lambda: depth_within(1, 0, 1), "input_size must be"),
    (lambda: depth_within(1, 8, 0), "channels must be"),
    (lambda: depth_within(1, 8, 1, kernel_size=0), "kernel_size must be"),
    (lambda: depth_within(1, 8, 1, poolings=1), "pool_every must be a whole number ≥ 1, if"),
    (lambda: depth_within(1, 8, 1, pool_every=0, poolings=1), "pool_every must be"),
    (lambda: depth_within(1, 8, 1, pool_every=1, poolings=4), "poolings must be few enough"),
    (lambda: depth_within(1, 8, 1, widen=0), "widen must be"),
    (lambda: model.billions_after("vgg16", billions=0), "billions must be a whole number ≥ 1"),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_arguments(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


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
