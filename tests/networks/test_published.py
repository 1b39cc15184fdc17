"""The known networks against what others published: fields, operations, parameters, connections."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pytest

from explainers.networks.count import Count, count, receptive_field
from explainers.networks.known import NETWORKS, network
from explainers.networks.layers import (
    LayerError,
)
from explainers.networks.poolings import with_pooling

# Receptive fields
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


# Operations
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


# Parameters, 10⁹ multiplications, and the smallest picture
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


# LeNet-5
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


# Depths


def test_the_published_designs() -> None:
    """Depths as the names say: layers with weights, shortcuts apart."""
    for name in NETWORKS:
        weighted = [
            x
            for x in count(name).layers
            if x.kind in ("Conv2d", "Linear") and ".down" not in x.name
        ]
        digits = "".join(c for c in name.partition("_")[0] if c.isdigit())
        if name.startswith(("vgg", "resnet")):
            assert len(weighted) == int(digits)
    assert with_pooling(network("alexnet2012"), "removed").layers[1].name == "conv2"
