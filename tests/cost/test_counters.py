"""The counts against counters that are not ours: PyTorch's and four others, and published numbers.

What PyTorch and the counters said was recorded by `tests/oracles/record_counters.py`, which
`make test-oracles` repeats live.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pytest

from explainers.cost import counters
from explainers.cost.counters import COUNTERS, compared, recorded
from explainers.cost.layers import LayerError
from explainers.cost.model import Count, count, receptive_field
from explainers.cost.networks import NETWORKS, POOLINGS, network

# PyTorch, layer by layer and in total

TABLES = [(name, p) for name, tables in recorded()["layers"].items() for p in tables]


@pytest.mark.parametrize(("name", "pooling"), TABLES)
def test_every_layer_is_what_pytorch_found(name: str, pooling: str) -> None:
    ours = [
        [row.name, *row.shape, sum(row.work[3:]), row.work.macs]
        for row in count(name, pooling=pooling).layers
    ]
    assert ours == recorded()["layers"][name][pooling]


def test_all_networks_were_recorded_and_some_with_each_pooling() -> None:
    assert {name for name, _ in TABLES} == set(NETWORKS)
    assert {(name, "as designed") for name in NETWORKS} <= set(TABLES)
    assert all(sum(p == pooling for _, p in TABLES) >= 5 for pooling in POOLINGS)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("name", NETWORKS)
def test_totals_are_what_pytorch_found_and_both_refuse_the_same(name: str, pooling: str) -> None:
    rows = [row for row in recorded()["totals"] if row[:2] == [name, pooling]]
    sizes = [tuple(row[3:5]) for row in rows]
    designed = network(name).input_size
    assert (designed, designed) in sizes
    assert any(height != width for height, width in sizes)
    for _, _, channels, height, width, *found in rows:
        if not found:
            with pytest.raises(LayerError, match="does not fit"):
                count(name, (height, width), channels, pooling)
            continue
        ours = count(name, (height, width), channels, pooling)
        assert [ours.macs, ours.parameters, ours.activations] == found


def test_some_pictures_were_refused() -> None:
    refused = {row[0] for row in recorded()["totals"] if len(row) == 5}
    assert {"vgg16", "alexnet2012"} <= refused
    assert "resnet50" not in refused


# The published counters

ROWS = {(row.network, row.counter): row for row in compared()}


@pytest.mark.parametrize(("name", "counter"), ROWS)
def test_every_difference_is_explained_to_the_last_operation(name: str, counter: str) -> None:
    row = ROWS[name, counter]
    assert row.ours == count(name).macs
    assert row.macs == recorded()["counters"][name][counter]["macs"]
    assert row.difference == row.macs - row.ours == sum(row.causes.values())
    assert all(number > 0 for number in row.causes.values())
    assert row.version == recorded()["versions"][counter]


def test_each_network_was_counted_by_each_counter() -> None:
    assert list(ROWS) == [(name, counter) for name in NETWORKS for counter in COUNTERS]
    assert {row.counter for row in ROWS.values() if row.difference} == set(COUNTERS) - {"torch"}


@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_counter_finds_our_parameters(name: str, counter: str) -> None:
    assert recorded()["counters"][name][counter]["parameters"] == count(name).parameters


def parts(name: str, counter: str) -> dict[str, int]:
    found: dict[str, int] = recorded()["counters"][name][counter]["parts"]
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_causes_are_what_the_counters_say_of_their_parts(name: str) -> None:
    fvcore, thop, torchinfo = (ROWS[name, c].causes for c in ("fvcore", "thop", "torchinfo"))
    assert fvcore.get(counters.NORM, 0) == parts(name, "fvcore").get("batch_norm", 0)
    assert fvcore.get(counters.COLLAPSE, 0) == parts(name, "fvcore").get("adaptive_avg_pool2d", 0)
    assert thop.get(counters.NORM, 0) == parts(name, "thop").get("BatchNorm2d", 0)
    assert thop.get(counters.POOLING, 0) == parts(name, "thop").get("AvgPool2d", 0)
    assert thop.get(counters.COLLAPSE, 0) == parts(name, "thop").get("AdaptiveAvgPool2d", 0)
    assert torchinfo.get(counters.NORM, 0) == parts(name, "torchinfo").get("BatchNorm2d", 0)


@pytest.mark.parametrize("name", NETWORKS)
def test_ptflops_sees_activations_and_poolings_twice(name: str) -> None:
    causes = ROWS[name, "ptflops"].causes
    twice = (counters.ACTIVATION, counters.POOLING, counters.COLLAPSE)
    assert sum(causes.get(cause, 0) for cause in twice) == 2 * parts(name, "ptflops")["functions"]


@pytest.mark.parametrize("name", NETWORKS)
def test_convolutions_and_dense_layers_apart(name: str) -> None:
    rows = count(name).layers
    dense = sum(row.work.macs for row in rows if row.kind == "Linear")
    others = sum(row.work.macs for row in rows) - dense
    torch, fvcore, thop = (parts(name, c) for c in ("torch", "fvcore", "thop"))
    assert torch["aten.convolution"] == fvcore["conv"] == thop["Conv2d"] == others
    assert torch["aten.addmm"] + torch.get("aten.mm", 0) == dense
    assert fvcore["linear"] == thop["Linear"] == dense


# Published numbers: receptive fields
# google-research/receptive_field, RECEPTIVE_FIELD_TABLE.md: the table of the library of Araujo,
# Norris & Sim 2019, doi 10.23915/distill.00021; size and jump ("effective stride") at end points.

FIELDS: dict[str, dict[str, tuple[int, int]]] = {
    "alexnet2012": {
        "conv1": (11, 4),
        "pool1": (19, 8),
        "conv2": (51, 8),
        "conv3": (99, 16),
        "conv4": (131, 16),
        "conv5": (163, 16),
        "pool5": (195, 32),
    },
    "vgg11": {
        "conv1_1": (3, 1),
        "pool1": (4, 2),
        "conv2_1": (8, 2),
        "pool2": (10, 4),
        "conv3_1": (18, 4),
        "conv3_2": (26, 4),
        "pool3": (30, 8),
        "conv4_1": (46, 8),
        "conv4_2": (62, 8),
        "pool4": (70, 16),
        "conv5_1": (102, 16),
        "conv5_2": (134, 16),
        "pool5": (150, 32),
    },
    "vgg16": {
        "conv1_1": (3, 1),
        "pool1": (6, 2),
        "conv2_1": (10, 2),
        "pool2": (16, 4),
        "conv3_1": (24, 4),
        "conv3_2": (32, 4),
        "pool3": (44, 8),
        "conv4_1": (60, 8),
        "conv4_2": (76, 8),
        "pool4": (100, 16),
        "conv5_1": (132, 16),
        "conv5_2": (164, 16),
        "pool5": (212, 32),
    },
}
FIELDS["alexnet"] = FIELDS["alexnet2012"]  # alexnet_v2 there: the windows of both


@pytest.mark.parametrize("name", FIELDS)
def test_published_receptive_fields_at_every_end_point(name: str) -> None:
    table = count(name, 321)
    assert {point: tuple(table.layer(point).field) for point in FIELDS[name]} == FIELDS[name]


STAGES = {"resnet50_2015": (35, 99, 291, 483), "resnet101_2015": (35, 99, 835, 1027)}
"""Of resnet_v1_50 and resnet_v1_101 there. They stride at the end of a stage, in the 3 × 3
convolution, not at the beginning of the next, in the 1 × 1 one: the fields are the same, the jump
only behind the last stage, which does not stride."""


@pytest.mark.parametrize("name", STAGES)
def test_published_receptive_fields_behind_every_stage(name: str) -> None:
    ends = {row.block: row.field.size for row in count(name).layers if row.kind == "Add"}
    assert tuple(ends.values()) == STAGES[name]
    assert receptive_field(name) == (STAGES[name][-1], 32)


# Published numbers: operations
# The same table: 10⁹ floating point operations up to an end point, by TensorFlow's profiler.

OPERATIONS = {
    ("vgg11", 224): "0.177 0.180 2.031 2.033 3.883 7.583 7.584 9.434 13.134 13.134 14.059 "
    "14.984 14.984",
    ("vgg11", 321): "0.363 0.369 4.147 4.151 7.927 15.479 15.480 19.256 26.806 26.807 28.695 "
    "30.583 30.583",
    ("vgg16", 224): "0.177 3.882 5.734 9.436 11.287 14.987 18.688 20.538 24.238 27.938 28.863 "
    "29.788 30.713",
    ("vgg16", 321): "0.363 7.973 11.751 19.307 23.084 30.635 38.188 41.964 49.514 57.066 58.954 "
    "60.841 62.729",
}


def operations(table: Count) -> dict[str, int]:
    """Operations up to each layer, as TensorFlow's profiler counts.

    Two for each multiply–accumulate, one for each bias, and one for each value of a window.
    """
    done = accumulate(
        2 * row.work.macs
        + row.shape.values * (row.work.biases > 0)
        + (row.work.comparisons + row.shape.values) * (row.kind == "MaxPool2d")
        for row in table.layers
    )
    return {row.name: total for row, total in zip(table.layers, done, strict=True)}


@pytest.mark.parametrize(("name", "size"), OPERATIONS)
def test_published_operations_of_tensorflow(name: str, size: int) -> None:
    found = operations(count(name, size))
    ours = [f"{found[point] / 10**9:.3f}" for point in FIELDS[name]]
    assert ours == OPERATIONS[name, size].split()


# Published numbers: parameters, 10⁹ multiplications, and the smallest picture
# torchvision's documentation of its weights: num_params, GFLOPS, min_size.

LIBRARY = {
    "alexnet": (61_100_840, "0.714", 63),
    "vgg11": (132_863_336, "7.609", 32),
    "vgg13": (133_047_848, "11.308", 32),
    "vgg16": (138_357_544, "15.470", 32),
    "vgg19": (143_667_240, "19.632", 32),
    "resnet18": (11_689_512, "1.814", 1),
    "resnet34": (21_797_672, "3.664", 1),
    "resnet50": (25_557_032, "4.089", 1),
    "resnet101": (44_549_160, "7.801", 1),
}


@pytest.mark.parametrize("name", LIBRARY)
def test_published_numbers_of_the_libraries_networks(name: str) -> None:
    parameters, billions, smallest = LIBRARY[name]
    table = count(name)
    assert table.parameters == parameters
    assert f"{table.macs / 10**9:.3f}" == billions
    assert count(name, smallest).layers[-1].shape == (1000, 1, 1)
    if smallest > 1:
        with pytest.raises(LayerError, match="too small"):
            count(name, smallest - 1)


# Published numbers: LeNet-5
# LeCun et al. 1998, section II.B: connections and trainable parameters, layer by layer. Those of
# the ten output units, which compare, are set by hand and not trained.

LENET = {
    "C1": (122_304, 156),
    "S2": (5_880, 12),
    "C3": (151_600, 1_516),
    "S4": (2_000, 32),
    "C5": (48_120, 48_120),
    "F6": (10_164, 10_164),
}
CONNECTIONS, TRAINED = 340_908, 60_000


def connections(row: Any) -> int:
    """Each value's inputs, and its bias: a pooling's four share one weight."""
    inputs = row.work.additions + row.shape.values if row.kind == "AvgPool2d" else row.work.macs
    return int(inputs + row.shape.values * (row.work.biases > 0))


def test_published_connections_and_parameters_of_lenet5() -> None:
    rows = {row.name: row for row in count("lenet5").layers}
    ours = {name: (connections(rows[name]), sum(rows[name].work[3:])) for name in LENET}
    assert ours == LENET
    assert sum(parameters for _, parameters in ours.values()) == TRAINED
    assert sum(map(connections, rows.values())) == CONNECTIONS
    assert count("lenet5").parameters - rows["RBF"].work.weights == TRAINED
