"""Networks in ONNX files: what operators do on ones, what values see, and what cannot be read."""

from __future__ import annotations

import itertools
import json
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from explainers.networks.count import count
from explainers.networks.graph import Graph, Node
from explainers.networks.graph_count import GraphCount, count_graph
from explainers.networks.known import network
from explainers.networks.layers import LayerError
from explainers.networks.table import as_record, as_text
from tests.networks.onnx_models import counted, model, node, of_network, ones, ran, saved

ONE = {"x": (1, 3, 12, 10)}


def one(op: str, shape: tuple[int, ...], *weights: tuple[int, ...], **settings: Any) -> Any:
    """A model of one operator, whose weights are ones."""
    names = [f"w{i}" for i in range(len(weights))]
    inputs = " ".join(["x", *names])
    return model(
        [node(op, inputs, "y", **settings)],
        {"x": shape},
        "y",
        dict(zip(names, weights, strict=True)),
    )


# What operators multiply: on ones, the sum of all that is handed on is the number of products


@pytest.mark.parametrize(
    ("shape", "weight", "settings"),
    [
        ((1, 3, 12, 10), (4, 3, 3, 5), {}),
        ((1, 3, 12, 10), (4, 3, 3, 5), {"strides": [2, 3], "dilations": [3, 1]}),
        ((1, 6, 9), (4, 3, 4), {"group": 2, "strides": [2]}),
        ((2, 2, 6, 7, 8), (3, 2, 2, 3, 1), {"strides": [1, 2, 3]}),
    ],
)
def test_a_convolution_multiplies_as_often_as_it_adds_ones(
    tmp_path: Path, shape: tuple[int, ...], weight: tuple[int, ...], settings: Any
) -> None:
    made = one("Conv", shape, weight, **settings)
    [row] = counted(tmp_path, made).layers
    assert row.work.macs == ran(made, x=ones(*shape)).sum()
    assert row.work.weights == math.prod(weight)
    assert row.activations == math.prod(row.shape)


@pytest.mark.parametrize("pad", ["SAME_UPPER", "SAME_LOWER", "pads"])
def test_products_with_zeros_of_the_padding_count(tmp_path: Path, pad: str) -> None:
    """A map of ones that goes on: on both sides there is as much of it as is padded."""
    settings: dict[str, Any] = {"strides": [2, 2]}
    settings |= {"pads": [1, 2, 1, 2]} if pad == "pads" else {"auto_pad": pad}
    [row] = counted(tmp_path, one("Conv", (1, 3, 11, 13), (4, 3, 3, 5), **settings)).layers
    around = one("Conv", (1, 3, 13, 17), (4, 3, 3, 5), strides=[2, 2])
    assert row.work.macs == ran(around, x=ones(1, 3, 13, 17)).sum()
    assert [(view.size, view.jump, view.start) for view in row.views] == [(3, 2, -1), (5, 2, -2)]


@pytest.mark.parametrize(("pad", "start"), [("SAME_UPPER", 0), ("SAME_LOWER", -1)])
def test_an_odd_pixel_of_padding_is_where_its_name_says(
    tmp_path: Path, pad: str, start: int
) -> None:
    """Twelve pixels, six windows of three, two apart: one pixel is lacking."""
    made = one("Conv", (1, 1, 12), (1, 1, 3), strides=[2], auto_pad=pad)
    [row] = counted(tmp_path, made).layers
    assert row.shape == (1, 1, 6)
    assert [view.start for view in row.views] == [start]


@pytest.mark.parametrize(
    ("shape", "weight", "settings"),
    [
        ((1, 3, 5, 4), (3, 2, 3, 2), {"strides": [2, 2]}),
        ((1, 4, 6), (4, 3, 4), {"strides": [3]}),
    ],
)
def test_a_transposed_convolution_multiplies_all_that_comes_in(
    tmp_path: Path, shape: tuple[int, ...], weight: tuple[int, ...], settings: Any
) -> None:
    made = one("ConvTranspose", shape, weight, **settings)
    [row] = counted(tmp_path, made).layers
    assert row.work.macs == ran(made, x=ones(*shape)).sum()
    assert row.views == ()


@pytest.mark.parametrize(
    "made",
    [
        one("MatMul", (2, 5, 7), (7, 3)),
        one("Gemm", (5, 7), (7, 3)),
        one("Gemm", (7, 5), (3, 7), transA=1, transB=1),
        model([node("MatMul", "x z", "y")], {"x": (2, 4, 5, 7), "z": (2, 4, 7, 6)}, "y"),
        model([node("Einsum", "x z", "y", equation="bij,bkj->bik")],
              {"x": (2, 5, 7), "z": (2, 6, 7)}, "y"),
    ],
)  # fmt: skip
def test_a_product_of_matrices_multiplies_as_often_as_it_adds_ones(
    tmp_path: Path, made: Any
) -> None:
    inputs = {
        each.name: ones(*(side.dim_value for side in each.type.tensor_type.shape.dim))
        for each in made.graph.input
    }
    [row] = counted(tmp_path, made).layers
    assert row.work.macs == ran(made, **inputs).sum()
    assert row.work.weights == sum(math.prod(held.dims) for held in made.graph.initializer)


def test_attention_is_two_products_of_matrices(tmp_path: Path) -> None:
    """Queries with keys, and what comes of it with values; as one operator, and written out."""
    sides = {"q": (2, 4, 5, 8), "k": (2, 4, 6, 8), "v": (2, 4, 6, 3)}
    whole = model([node("Attention", "q k v", "y")], sides, "y", opset=23)
    turned = {"q": (2, 4, 5, 8), "k": (2, 4, 8, 6), "v": (2, 4, 6, 3)}
    steps = [node("MatMul", "q k", "a"), node("Softmax", "a", "b"), node("MatMul", "b v", "y")]
    parts = counted(tmp_path, model(steps, turned, "y"))
    assert counted(tmp_path, whole).macs == parts.macs == 2 * 4 * 5 * 6 * (8 + 3)
    assert parts.activations == 2 * 4 * 5 * (6 + 3)


def test_a_recurrence_multiplies_all_its_weights_at_each_step_in_time(tmp_path: Path) -> None:
    made = one("LSTM", (7, 2, 5), (1, 12, 5), (1, 12, 3), (1, 24), hidden_size=3)
    [row] = counted(tmp_path, made).layers
    assert (row.work.macs, row.work.biases) == (7 * 2 * 12 * (5 + 3), 24)


# Poolings: each window, written down


def met(size: int, kernel: int, stride: int, dilation: int, pads: tuple[int, int], out: int) -> int:
    """How many places of the map and its padding all windows along an axis have."""
    inside = range(-pads[0], size + pads[1])
    return sum(
        i * stride - pads[0] + tap * dilation in inside for i in range(out) for tap in range(kernel)
    )


@pytest.mark.parametrize("op", ["MaxPool", "AveragePool", "LpPool"])
@pytest.mark.parametrize("ceil_mode", [0, 1])
@pytest.mark.parametrize(
    ("kernel", "stride", "dilation"), [((2, 3), (2, 2), (1, 1)), ((3, 2), (2, 4), (2, 3))]
)
def test_a_window_takes_one_operation_less_than_it_has_values(
    tmp_path: Path, op: str, ceil_mode: int, kernel: Any, stride: Any, dilation: Any
) -> None:
    pads = (1, 0, 0, 1)
    settings = {"kernel_shape": kernel, "strides": stride, "dilations": dilation, "pads": pads}
    made = one(op, (1, 3, 13, 14), ceil_mode=ceil_mode, **settings)
    [row] = counted(tmp_path, made).layers
    axes = zip((13, 14), kernel, stride, dilation, ((1, 0), (0, 1)), row.shape[2:], strict=True)
    operations = 3 * math.prod(itertools.starmap(met, axes)) - row.activations
    expected = (operations, 0) if op == "MaxPool" else (0, operations)
    assert (row.work.comparisons, row.work.additions) == expected
    assert operations > 0


@pytest.mark.parametrize(
    ("op", "settings", "column"),
    [
        ("GlobalMaxPool", {}, "comparisons"),
        ("GlobalAveragePool", {}, "additions"),
        ("GlobalLpPool", {}, "additions"),
    ],
)
def test_what_covers_the_map_takes_one_operation_less_than_that_has_values(
    tmp_path: Path, op: str, settings: Any, column: str
) -> None:
    [row] = counted(tmp_path, one(op, (1, 3, 6, 7), **settings)).layers
    assert row.work._asdict() == {**dict.fromkeys(row.work._fields, 0), column: 3 * (6 * 7 - 1)}


@pytest.mark.parametrize(("side", "out"), [(7, 3), (6, 3), (5, 4), (13, 1)])
def test_an_adaptive_pooling_covers_the_map_as_it_can(side: int, out: int) -> None:
    """ONNX has none: it comes of PyTorch's own graphs."""
    step = Node("p", "AdaptiveAveragePool", ("x",), ("y",), {})
    graph = Graph("one", ("x",), (step,), {"x": (1, 2, side), "y": (1, 2, out)}, frozenset())
    [row] = count_graph(graph).layers
    bounds = [(i * side // out, -(-(i + 1) * side // out)) for i in range(out)]
    assert row.work.additions == 2 * (sum(end - start for start, end in bounds) - out)
    assert row.views[0].size == max(end - start for start, end in bounds)
    steps = {second - first for (first, _), (second, _) in itertools.pairwise(bounds)}
    assert row.views[0].jump == (side // out if len(steps) < 2 and side % out == 0 else None)


# Joins, parameters, what is held


def test_joins_of_several_inputs(tmp_path: Path) -> None:
    nodes = [
        node("Add", "x z", "a", "add"),
        node("Mul", "a z", "b", "gate"),
        node("Mul", "b half", "c", "halved"),
        node("Add", "c bias", "d", "biased"),
        node("Concat", "d x", "y", "joined", axis=1),
    ]
    weights = {"half": np.array(0.5, np.float32), "bias": (4, 1, 1)}
    found = counted(tmp_path, model(nodes, {"x": (1, 4, 5, 6), "z": (1, 4, 5, 6)}, "y", weights))
    assert found.inputs == {"x": (1, 4, 5, 6), "z": (1, 4, 5, 6)}
    assert found.layer("add").work.additions == found.layer("gate").work.products == 120
    assert found.layer("biased").work == (0, 0, 0, 0, 0, 4, 0)
    assert [row.activations for row in found.layers] == [0, 0, 0, 240]
    assert found.free == {"Mul": 1}
    assert {(v.size, v.jump) for v in found.layer("joined").views} == {(1, 1)}


def test_a_weight_that_is_shared_is_a_parameter_once(tmp_path: Path) -> None:
    """An embedding whose table is the last layer's matrix, turned round."""
    nodes = [
        node("Gather", "table tokens", "a", "embedding"),
        node("LayerNormalization", "a scale shift", "b", "norm"),
        node("Transpose", "table", "turned", perm=[1, 0]),
        node("MatMul", "b turned", "y", "head"),
    ]
    weights = {"table": (100, 8), "scale": (8,), "shift": (8,)}
    made = model(nodes, {"tokens": ("batch", "time")}, "y", weights, whole=["tokens"])
    found = counted(tmp_path, made, sides={"time": 6})
    assert found.parameters == 100 * 8 + 16
    assert found.macs == 6 * 8 * 100
    assert found.activations == 6 * 8 + 6 * 100
    assert (found.normalised, found.work.norms) == (48, 16)


def test_values_that_only_move_are_held_if_they_are_a_map_of_their_own(tmp_path: Path) -> None:
    nodes = [
        node("Resize", "x  scales", "a", "up", mode="nearest"),
        node("Pad", "a pads", "b", "pad"),
        node("Transpose", "b", "c", perm=[0, 2, 3, 1]),
        node("Slice", "c zero two three", "y"),
    ]
    nodes[0].input[:] = ["x", "", "scales"]
    weights = {
        "scales": np.array([1, 1, 2, 2], np.float32),
        "pads": np.array([0, 0, 1, 2, 0, 0, 3, 4]),
        "zero": np.array([0]),
        "two": np.array([2]),
        "three": np.array([3]),
    }
    found = counted(tmp_path, model(nodes, {"x": (1, 2, 3, 4)}, "y", weights))
    assert [(row.name, row.activations) for row in found.layers] == [
        ("up", 2 * 6 * 8),
        ("pad", 2 * 10 * 14),
    ]
    assert found.free == {"Transpose": 1, "Slice": 1}
    assert found.parameters == 0


def test_sides_that_are_computed_in_the_graph_are_followed(tmp_path: Path) -> None:
    """As older exporters write a view: its sides are the map's own, put together again."""
    nodes = [
        node("Shape", "x", "sides"),
        node("Gather", "sides first", "batch"),
        node("Concat", "batch rest", "all", axis=0),
        node("Reshape", "x all", "a"),
        node("Expand", "token", "b", "unused"),
        node("MatMul", "a w", "y", "dense"),
    ]
    del nodes[4]
    weights = {"first": np.array([0]), "rest": np.array([-1]), "w": (48, 5)}
    found = counted(tmp_path, model(nodes, {"x": ("n", 3, 4, 4)}, "y", weights))
    assert found.layer("dense").work.macs == 48 * 5
    assert not found.uncounted


def test_sides_that_the_library_does_not_follow_are_computed(tmp_path: Path) -> None:
    """As older exporters write a token that is put before others: its sides by a choice."""
    nodes = [
        node("Shape", "x", "sides"),
        node("Equal", "sides none", "open"),
        node("Where", "open one sides", "wanted"),
        node("Expand", "x wanted", "a", "expanded"),
        node("Conv", "a w", "y", "conv"),
    ]
    weights = {"none": np.array([-1]), "one": np.array([1]), "w": (4, 3, 3, 3)}
    made = model(nodes, ONE, "y", weights)
    inferred = onnx.shape_inference.infer_shapes(made, data_prop=True).graph.value_info
    assert "a" not in {
        each.name
        for each in inferred
        if all(side.dim_value for side in each.type.tensor_type.shape.dim)
        and each.type.tensor_type.shape.dim
    }
    found = counted(tmp_path, made)
    assert found.layer("conv").work.macs == 108 * 10 * 8
    assert not found.uncounted


# What is not known


def test_an_operator_that_is_not_known_is_named_and_makes_the_totals_the_least(
    tmp_path: Path,
) -> None:
    nodes = [
        node("Conv", "x w", "a", "conv"),
        node("Conv", "a v", "b", "own", domain="mine"),
        node("NonMaxSuppression", "a c", "d", "nms"),
        node("Relu", "b", "e", "relu"),
        node("Conv", "e w", "y", "blind"),
    ]
    made = model(nodes, ONE, "y", {"w": (3, 3, 3, 3), "v": (3,), "c": (1, 1, 5)})
    made.opset_import.append(onnx.helper.make_opsetid("mine", 1))
    found = counted(tmp_path, made)
    assert found.uncounted == {"mine.Conv": 1, "NonMaxSuppression": 1, "Conv": 1}
    assert found.macs == found.layer("conv").work.macs
    text = as_text(found).splitlines()
    assert text[-3].startswith("at least")
    assert "not counted" in next(line for line in text if line.startswith("own"))
    assert "1 mine.Conv, 1 NonMaxSuppression, 1 Conv" in text[-2]
    record = as_record(found)
    assert record["at_least"]
    assert record["uncounted"] == dict(found.uncounted)
    assert [row["name"] for row in record["layers"] if not row["counted"]] == [
        "own",
        "nms",
        "blind",
    ]


# What values see, by asking which pixels change them


def support(made: Any, side: int) -> Any:
    """For each value of the last map, the first and the last pixel that it depends on."""
    pictures = np.eye(side, dtype=np.float32)[:, None, :]
    given = ran(made, x=pictures)[:, 0, :]
    return [(np.flatnonzero(column)[0], np.flatnonzero(column)[-1]) for column in given.T]


@pytest.mark.parametrize(
    "steps",
    [
        ["Conv k3 p1", "AveragePool k2 s2", "Conv k3 d2 p2", "AveragePool k3 s2 p1"],
        ["Conv k5 s2 p2", "Conv k3 s2", "Conv k1"],
        ["AveragePool k2 s2", "AveragePool k2 s2", "AveragePool k2 s2"],
        ["Conv k2 s3", "Conv k4 d3 p4"],
    ],
)
def test_what_a_value_sees_is_what_changes_it(tmp_path: Path, steps: list[str]) -> None:
    nodes: list[Any] = []
    weights: dict[str, Any] = {}
    last = "x"
    for i, step in enumerate(steps):
        op, *said = step.split()
        at = {sign[0]: int(sign[1:]) for sign in said}
        settings: dict[str, Any] = {"strides": [at.get("s", 1)], "pads": [at.get("p", 0)] * 2}
        settings |= {"kernel_shape": [at["k"]], "dilations": [at.get("d", 1)]}
        if op == "AveragePool":
            settings["count_include_pad"] = 1
        weights |= {f"w{i}": (1, 1, at["k"])} if op == "Conv" else {}
        nodes.append(node(op, f"{last} w{i}" if op == "Conv" else last, f"y{i}", **settings))
        last = f"y{i}"
    made = model(nodes, {"x": ("n", 1, 64)}, last, weights)
    [view] = counted(tmp_path, made).layers[-1].views
    found = support(made, 64)
    middle = len(found) // 2
    first, end = found[middle]
    assert (first, end) == (
        view.start + middle * (view.jump or 0),
        view.start + middle * (view.jump or 0) + view.size - 1,
    )
    assert found[middle + 1][0] - first == view.jump


def test_what_is_seen_goes_through_joins_and_turns_and_ends_where_it_cannot_be_said(
    tmp_path: Path,
) -> None:
    nodes = [
        node("Conv", "x w", "a", "wide", pads=[1, 1, 1, 1]),
        node("Conv", "x v", "b", "narrow"),
        node("Add", "b a", "c", "sum"),
        node("Transpose", "c", "d", "turned", perm=[0, 2, 3, 1]),
        node("LayerNormalization", "d s", "e", "norm"),
        node("MatMul", "e m", "f", "mixed"),
        node("Transpose", "f", "g", perm=[0, 3, 1, 2]),
        node("GlobalAveragePool", "g", "h", "all"),
        node("Sigmoid", "h", "i"),
        node("Mul", "g i", "j", "gated"),
        node("Conv", "j v", "y", "behind"),
    ]
    weights = {"w": (3, 3, 3, 3), "v": (3, 3, 1, 1), "s": (3,), "m": (3, 3)}
    found = counted(tmp_path, model(nodes, {"x": (1, 3, 12, 9)}, "y", weights))
    assert {
        row.name: row.views for row in found.layers if row.name in ("sum", "norm", "mixed")
    } == dict.fromkeys(("sum", "norm", "mixed"), ((3, 1, -1), (3, 1, -1)))
    assert found.layer("all").views == ((14, 12, -1), (11, 9, -1))
    assert found.layer("gated").views == found.layer("behind").views == ()


# The same as our other counter


@pytest.mark.parametrize("pooling", ["as designed", "removed", "mean"])
@pytest.mark.parametrize("name", ["vgg11", "resnet18", "resnet50_2015"])
def test_a_known_network_in_a_file_is_counted_as_by_its_name(
    tmp_path: Path, name: str, pooling: str
) -> None:
    theirs = counted(tmp_path, of_network(network(name)), pooling=pooling)
    ours = count(name, pooling=pooling)
    assert theirs.parameters == ours.parameters
    assert (theirs.activations, theirs.macs) == (ours.activations, ours.macs)
    assert (theirs.normalised, theirs.places) == (ours.normalised, ours.places)
    for row in ours.layers:
        other = theirs.layer(row.name)
        assert other.work.comparisons == row.work.comparisons
        assert other.work.additions == row.work.additions
        assert other.shape[1:2] == row.shape[:1]
        if row.kind != "Linear":
            assert {(v.size, v.jump, v.start) for v in other.views} == {(*row.field, row.start)}


# Without its poolings


def test_what_cannot_do_without_its_poolings_says_why(tmp_path: Path) -> None:
    joined = [
        node("MaxPool", "x", "a", "pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "x w", "b", "strided", kernel_shape=[2, 2], strides=[2, 2]),
        node("Concat", "a b", "y", "join", axis=1),
    ]
    made = model(joined, ONE, "y", {"w": (3, 3, 2, 2)})
    with pytest.raises(LayerError, match=r"^net\.onnx: it cannot do without its poolings: join"):
        counted(tmp_path, made, pooling="removed")
    places = [
        node("MaxPool", "x", "a p", "pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("MaxUnpool", "a p", "y", "back", kernel_shape=[2, 2], strides=[2, 2]),
    ]
    for pooling in ("removed", "mean"):
        with pytest.raises(LayerError, match="cannot do without pool: back needs the places"):
            counted(tmp_path, model(places, ONE, "y"), pooling=pooling)
    tokens = [
        node("MaxPool", "x", "a", "pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Reshape", "a s", "b"),
        node("Add", "b place", "y", "placed"),
    ]
    for first in (1, -1):  # else it would be several pictures
        weights = {"s": np.array([first, 3, 30]), "place": (1, 3, 30)}
        with pytest.raises(LayerError, match="cannot do without its poolings: Reshape"):
            counted(tmp_path, model(tokens, ONE, "y", weights), pooling="removed")


def test_weights_behind_a_flattening_are_as_many_as_then_come_in(tmp_path: Path) -> None:
    nodes = [
        node("MaxPool", "x", "a", "pool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        node("Reshape", "a s", "b", "flat"),
        node("MatMul", "b w", "c", "first"),
        node("Add", "c v", "d"),
        node("Gemm", "d u", "y", "second"),
    ]
    weights = {"s": np.array([1, -1]), "w": (3 * 6 * 5, 8), "v": (8,), "u": (8, 2)}
    made = model(nodes, ONE, "y", weights)
    designed = counted(tmp_path, made)
    removed = counted(tmp_path, made, pooling="removed")
    assert designed.layer("first").work.weights == 3 * 6 * 5 * 8  # the last row is a cut window
    assert removed.layer("first").work.weights == removed.layer("first").work.macs == 3 * 120 * 8
    assert removed.layer("second").work == designed.layer("second").work
    mean = counted(tmp_path, made, pooling="mean").layer("pool")
    assert mean.work.additions == designed.layer("pool").work.comparisons
    assert mean.kind == "AveragePool"


def test_a_pooling_of_the_whole_map_stays(tmp_path: Path) -> None:
    nodes = [
        node("MaxPool", "x", "a", "pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("AveragePool", "a", "b", "all", kernel_shape=[6, 5]),
        node("Flatten", "b", "c"),
        node("Gemm", "c w", "y", "dense"),
    ]
    made = model(nodes, ONE, "y", {"w": (3, 7)})
    removed = counted(tmp_path, made, pooling="removed")
    assert removed.layer("all").work.additions == 3 * (12 * 10 - 1)
    assert removed.macs == counted(tmp_path, made).macs == 21


# Sizes, limits, and what is no file


def test_a_picture_has_the_sides_that_are_asked_for(tmp_path: Path) -> None:
    made = model([node("Conv", "x w", "y")], {"x": ("n", 3, "h", "w")}, "y", {"w": (4, 3, 3, 3)})
    assert counted(tmp_path, made, size=(7, 9)).inputs == {"x": (1, 3, 7, 9)}
    assert counted(tmp_path, made, size=(8,)).inputs == {"x": (1, 3, 8, 8)}
    assert counted(tmp_path, made, sides={"h": 4, "w": 5, "n": 2}).inputs == {"x": (2, 3, 4, 5)}
    for asked, message in (
        ({}, "side 3 of x is open: set it with --size or --channels, or by its name, --side h=N"),
        ({"size": (3, 4, 5)}, "size must be one whole number, or 2, as the picture has sides"),
        ({"size": (10**6 + 1,)}, r"size must be a whole number in \[1, 1000000\]"),
        ({"sides": {"hight": 4}}, "there is no open side 'hight'; there is h, n, w"),
        ({"sides": {"h": 0, "w": 1}}, r"must be a whole number in \[1, 1000000\]; got 0"),
    ):
        with pytest.raises(LayerError, match=message):
            counted(tmp_path, made, **asked)
    flat = model([node("Relu", "x", "y")], {"x": ("n", 5)}, "y")
    with pytest.raises(LayerError, match="none of its inputs is a picture"):
        counted(tmp_path, flat, size=(3,))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this is no ONNX file"),
        (b"layers = 3", "this is no ONNX file"),
        (b"\x00" * 1000, "this is no ONNX file"),
        (onnx.helper.make_model(onnx.GraphProto(name="none")).SerializeToString(), "or an empty"),
    ],
)
def test_what_is_no_onnx_file_is_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    from explainers.networks.onnx_count import count_onnx

    file = tmp_path / "a.onnx"
    file.write_bytes(content)
    with pytest.raises(LayerError, match=rf"^a\.onnx: .*{message}") as error:
        count_onnx(file)
    assert "\n" not in str(error.value)
    with pytest.raises(LayerError, match=r"^none\.onnx: no such file"):
        count_onnx(tmp_path / "none.onnx")


def test_what_is_there_twice_is_refused(tmp_path: Path) -> None:
    twice = [node("Relu", "x", "a", "one"), node("Relu", "a", "y", "one")]
    with pytest.raises(LayerError, match="must not be two operators with the name one"):
        counted(tmp_path, model(twice, ONE, "y"))
    graph = Graph(
        "g", ("x",), (Node("a", "Relu", ("x",), ("y",), {}), Node("b", "Relu", ("x",), ("y",), {})),
        {"x": (1,), "y": (1,)}, frozenset(),
    )  # fmt: skip
    with pytest.raises(LayerError, match="must not be two operators that write y"):
        count_graph(graph)
    named = model([node("Relu", "x", "y", "\x1b[31m")], ONE, "y")
    with pytest.raises(LayerError, match="no operator with the name") as error:
        counted(tmp_path, named)
    assert str(error.value).isprintable()


def test_weights_that_lie_in_another_file_need_not_be_there(tmp_path: Path) -> None:
    made = one("Conv", (1, 3, 8, 8), (4, 3, 3, 3), (4,))
    expected = counted(tmp_path, made)
    assert expected.parameters == 4 * 27 + 4
    onnx.save(
        made, tmp_path / "out.onnx", save_as_external_data=True, location="w.bin", size_threshold=0
    )
    (tmp_path / "w.bin").unlink()
    from explainers.networks.onnx_count import count_onnx

    found = count_onnx(tmp_path / "out.onnx")
    assert (found.macs, found.parameters) == (expected.macs, expected.parameters)


def test_functions_of_a_file_are_written_out(tmp_path: Path) -> None:
    """Newer exporters write a module as a function of the file's own."""
    function = onnx.helper.make_function(
        "own", "Twice", ["a", "b"], ["d"],
        [node("Conv", "a b", "c"), node("Conv", "c b", "d")],
        [onnx.helper.make_opsetid("", 21)],
    )  # fmt: skip
    made = model([node("Twice", "x w", "y", "t", domain="own")], ONE, "y", {"w": (3, 3, 3, 3)})
    made.functions.append(function)
    made.opset_import.append(onnx.helper.make_opsetid("own", 1))
    found = counted(tmp_path, made)
    assert found.macs == 81 * (10 * 8 + 8 * 6)
    assert found.parameters == 81


def long(number: int) -> Any:
    """As many operators in a row, every second one without work."""
    nodes = [
        node("Conv", f"y{i} w", f"y{i + 1}", pads=[1, 1, 1, 1])
        if i % 2
        else node("Relu", f"y{i}", f"y{i + 1}")
        for i in range(number)
    ]
    return model(nodes, {"y0": ("n", 3, 9, 9)}, f"y{number}", {"w": (3, 3, 3, 3)})


def test_ten_thousand_operators_take_less_than_two_seconds(tmp_path: Path) -> None:
    file = saved(tmp_path, long(10_000))
    from explainers.networks.onnx_count import count_onnx

    for pooling in ("as designed", "removed"):
        start = time.process_time()
        found = count_onnx(file, pooling=pooling)
        assert len(as_text(found).splitlines()) == 5_004
        json.dumps(as_record(found))
        assert time.process_time() - start < 2
    assert found.macs == 5_000 * 81 * 81
    assert found.parameters == 81


def test_blocks_are_the_parts_of_a_module(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w", "a", "/enc/enc.0/conv/Conv"),
        node("Conv", "a w", "b", "/enc/enc.1/Conv"),
        node("Conv", "b w", "y"),
    ]
    nodes[2].metadata_props.add(
        key="pkg.torch.onnx.name_scopes", value="['', 'dec', 'dec.0', 'conv2d']"
    )
    found = counted(tmp_path, model(nodes, ONE, "y", {"w": (3, 3, 3, 3)}))
    assert [(row.name, row.block) for row in found.layers] == [
        ("/enc/enc.0/conv/Conv", "enc"),
        ("/enc/enc.1/Conv", "enc"),
        ("dec.0/Conv", "dec"),
    ]
    blocks = {block["name"]: block for block in as_record(found)["blocks"]}
    assert blocks["enc"]["macs"] + blocks["dec"]["macs"] == found.macs
    assert blocks["enc"]["layers"] == 2


def test_without_the_library_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    file = saved(tmp_path, one("Relu", (1, 3, 4, 4)))
    from explainers.networks.onnx_count import count_onnx

    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(LayerError, match="the package onnx is needed: pip install onnx"):
        count_onnx(file)


def test_a_count_of_a_graph_is_frozen(tmp_path: Path) -> None:
    found = counted(tmp_path, one("Relu", (1, 3, 4, 4)))
    assert isinstance(found, GraphCount)
    assert replace(found, pooling="mean").macs == 0
