"""Networks as data: other poolings, and files of one's own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explainers.cost.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    LayerError,
    Linear,
    MaxPool2d,
    Residual,
)
from explainers.cost.model import count
from explainers.cost.networks import (
    NETWORKS,
    POOLINGS,
    Network,
    network,
    read_network,
    with_pooling,
)

TINY = Network(
    "tiny",
    (
        Conv2d(8, 3, padding=1, norm=True, bias=False),
        MaxPool2d(3, 2, padding=1, name="p"),
        Residual((Conv2d(6, 1), AvgPool2d(2), Conv2d(12, 1)), (Conv2d(12, 1), MaxPool2d(2))),
        MaxPool2d(2),
        AdaptiveAvgPool2d(1),
        Linear(5),
    ),
    input_size=32,
)


def kinds(changed: Network) -> list[str]:
    return [layer.kind for layer in count(changed).layers]


def test_layers_are_named_by_kind_and_number() -> None:
    names = [layer.name for layer in count(TINY).layers]
    assert names == [
        "conv1",
        "p",
        "block1.conv1",
        "block1.pool1",
        "block1.conv2",
        "block1.down.conv1",
        "block1.down.pool1",
        "block1.add",
        "pool2",
        "global1",
        "linear1",
    ]


def test_names_must_differ() -> None:
    with pytest.raises(LayerError, match="layer names must differ; got a twice"):
        Network("n", (Conv2d(1, 1, name="a"), Linear(1, name="a")))


def test_names_must_differ_inside_of_blocks_too() -> None:
    twice = (Conv2d(3, 1, name="x"), Conv2d(3, 1, name="x"))
    with pytest.raises(LayerError, match=r"layer names must differ; got b\.x twice"):
        Network("n", (Residual(twice, name="b"),))
    with pytest.raises(LayerError, match=r"layer names must differ; got b\.add twice"):
        Network("n", (Residual((Conv2d(3, 1, name="add"),), name="b"),))
    with pytest.raises(LayerError, match=r"layer names must differ; got b\.x twice"):
        Network("n", (Residual(twice[:1], name="b"), Conv2d(3, 1, name="b.x")))


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31mred", "a\u202eb", "a" * 201, 3])
def test_names_can_be_printed_in_a_table(name: Any) -> None:
    with pytest.raises(ValueError, match=r"name must be a text of .* printable characters; got"):
        Network("n", (Conv2d(1, 1, name=name),))
    with pytest.raises(ValueError, match=r"name must be a text of .* printable characters; got"):
        Network(name, (Conv2d(1, 1),))
    with pytest.raises(ValueError, match=r"name must be a text of .* printable characters; got"):
        Residual((Conv2d(1, 1),), name=name)


def nested(depth: int) -> Layer:
    layer: Layer = Conv2d(3, 1)
    for _ in range(depth):
        layer = Residual((layer,), (Conv2d(3, 1),))
    return layer


def test_a_network_has_as_many_layers_as_can_be_counted_in_a_moment() -> None:
    Network("n", (Conv2d(3, 1),) * 10**4)
    with pytest.raises(LayerError, match="layers must be at most 10,000, those in blocks included"):
        Network("n", (Conv2d(3, 1),) * (10**4 + 1))
    with pytest.raises(LayerError, match="layers must be at most 10,000, those in blocks included"):
        Network("n", (Residual((Conv2d(3, 1),) * 999),) * 10 + (Conv2d(3, 1),))
    assert len(count(Network("n", (nested(10),))).layers) == 21
    with pytest.raises(LayerError, match="blocks must lie at most 10 deep in one another"):
        Network("n", (nested(11),))


def test_removed_leaves_only_what_collapses() -> None:
    changed = with_pooling(TINY, "removed")
    assert kinds(changed) == ["Conv2d"] * 4 + ["Add", "AdaptiveAvgPool2d", "Linear"]
    assert count(changed).layers[0].shape == (8, 32, 32)
    assert with_pooling(TINY, "as designed") is TINY


def test_mean_takes_over_the_windows_of_the_max() -> None:
    pools = [layer for layer in with_pooling(TINY, "mean").layers if layer.name in ("p", "pool2")]
    assert pools == [AvgPool2d(3, 2, 1, name="p"), AvgPool2d(2, name="pool2")]
    before, after = count(TINY), count(with_pooling(TINY, "mean"))
    assert [x.shape for x in before.layers] == [x.shape for x in after.layers]
    assert after.work.comparisons == 0
    assert before.work.comparisons + before.work.additions == after.work.additions
    trained = with_pooling(network("lenet5"), "mean")
    assert trained.layers == network("lenet5").layers


def test_stride_moves_into_the_convolution_before() -> None:
    plain = Network("plain", (Conv2d(8, 3, 2, padding=1), MaxPool2d(3, 2), Conv2d(4, 3)))
    first, second = with_pooling(plain, "stride").layers
    assert first == Conv2d(8, 3, stride=4, padding=1, name="conv1")
    assert second == Conv2d(4, 3, name="conv2")
    with pytest.raises(LayerError, match="layer pool2: there is no convolution before it"):
        with_pooling(TINY, "stride")
    with pytest.raises(LayerError, match="layer pool1: there is no convolution before it"):
        with_pooling(Network("n", (MaxPool2d(2),)), "stride")


def test_strided_convolutions_keep_shape_and_channels() -> None:
    changed = with_pooling(TINY, "strided-conv")
    assert changed.layers[1] == Conv2d(8, 3, 2, 1, bias=False, norm=True, name="p")
    assert changed.layers[3] == Conv2d(12, 2, 2, name="pool2")
    assert [x.shape for x in count(TINY).layers] == [x.shape for x in count(changed).layers]
    block = changed.layers[2]
    assert isinstance(block, Residual)
    assert block.body[1] == Conv2d(6, 2, 2, name="block1.pool1")
    assert block.shortcut[1] == Conv2d(12, 2, 2, name="block1.down.pool1")


POOLS = [
    kind(kernel, stride, padding, name="p")
    for kind in (MaxPool2d, AvgPool2d)
    for kernel, stride, padding in [(2, None, 0), (3, 2, 0), (3, 2, 1), (4, 3, 2), (2, 1, 1)]
]


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("pooling", ["mean", "strided-conv"])
def test_what_replaces_a_pooling_has_its_windows(pooling: str, pool: Any) -> None:
    for ceil_mode, size in itertools.product((False, True), range(4, 13)):
        net = Network("n", (Conv2d(2, 1), replace(pool, ceil_mode=ceil_mode), Linear(1)), size)
        if ceil_mode and pooling == "strided-conv":
            with pytest.raises(LayerError, match="layer p: ceil_mode must be false for a convol"):
                count(net, pooling=pooling)
            continue
        designed, changed = count(net), count(net, pooling=pooling)
        assert [row.shape for row in changed.layers] == [row.shape for row in designed.layers]
        assert [row.field for row in changed.layers] == [row.field for row in designed.layers]
        assert changed.layer("linear1") == designed.layer("linear1")


@pytest.mark.parametrize("pool", POOLS)
def test_a_convolution_that_strides_leaves_one_of_so_many_values(pool: Any) -> None:
    """Whatever else the pooling has: no window, no padding, no last incomplete window is left."""
    for ceil_mode, size in itertools.product((False, True), range(4, 13)):
        net = Network("n", (Conv2d(2, 1), replace(pool, ceil_mode=ceil_mode)), size)
        places = range(0, size, pool.stride or pool.kernel_size)
        assert count(net, pooling="stride").layers[-1].shape == (2, len(places), len(places))


def test_a_convolution_in_a_poolings_place_has_the_channels_that_come_in() -> None:
    net = Network("n", (Linear(10), Residual((Linear(7),)), MaxPool2d(1)))
    assert with_pooling(net, "strided-conv").layers[-1] == Conv2d(7, 1, 1, name="pool1")
    net = Network("n", (Linear(10), MaxPool2d(1)))
    assert count(net, pooling="strided-conv").layers[-1].work.weights == 100


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_pooling_of_every_network_counts(name: str, pooling: str) -> None:
    changed = with_pooling(network(name), pooling)
    counted = count(network(name), pooling=pooling)
    pools = {"removed": set(), "stride": set(), "strided-conv": set(), "mean": {"AvgPool2d"}}
    left = {x.kind for x in counted.layers} & {"MaxPool2d", "AvgPool2d"}
    if pooling != "as designed":
        assert left == pools[pooling]
    assert [x.name for x in count(changed).layers] == [x.name for x in counted.layers]


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


# Files

TOML = """
name = "mine"
input_size = 20
channels = 1

[[layers]]
type = "Conv2d"
out_channels = 8
kernel_size = 3
padding = 1
norm = true
bias = false

[[layers]]
type = "MaxPool2d"
kernel_size = 2

[[layers]]
type = "Residual"
[[layers.body]]
type = "Conv2d"
out_channels = 8
kernel_size = 1
connections = [1, 2, 3, 4, 5, 6, 7, 8]

[[layers]]
type = "Linear"
out_features = 10
"""
YAML = """
name: mine
input_size: 20
channels: 1
layers:
  - {type: Conv2d, out_channels: 8, kernel_size: 3, padding: 1, norm: true, bias: false}
  - {type: MaxPool2d, kernel_size: 2}
  - type: Residual
    body:
      - {type: Conv2d, out_channels: 8, kernel_size: 1, connections: [1, 2, 3, 4, 5, 6, 7, 8]}
  - {type: Linear, out_features: 10}
"""
MINE = Network(
    "mine",
    (
        Conv2d(8, 3, padding=1, norm=True, bias=False),
        MaxPool2d(2),
        Residual((Conv2d(8, 1, connections=(1, 2, 3, 4, 5, 6, 7, 8)),)),
        Linear(10),
    ),
    input_size=20,
    channels=1,
)


@pytest.mark.parametrize(("ending", "text"), [("toml", TOML), ("yaml", YAML), ("yml", YAML)])
def test_a_file_gives_the_network_that_it_says(tmp_path: Path, ending: str, text: str) -> None:
    file = tmp_path / f"net.{ending}"
    file.write_text(text, encoding="utf-8")
    assert read_network(file) == MINE


def test_a_file_without_a_name_is_called_as_the_file(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text("layers: [{type: Linear, out_features: 3}]", encoding="utf-8")
    assert read_network(file) == Network("small", (Linear(3),))


def edit(old: str, new: str) -> Callable[[], str]:
    assert old in TOML
    return lambda: TOML.replace(old, new, 1)


BROKEN: list[tuple[Any, str]] = [
    (
        edit("kernel_size = 3", "kernal_size = 3"),
        r"layer 1 \(Conv2d\): there is no 'kernal_size'; did",
    ),
    (edit("kernel_size = 3", ""), r"layer 1 \(Conv2d\): it needs 'kernel_size'"),
    (
        edit("kernel_size = 3", "kernel_size = 0"),
        r"layer 1: Conv2d: kernel_size must be .* in \[1, 1000000\]; got 0",
    ),
    (
        edit("kernel_size = 3", "kernel_size = 2.5"),
        r"kernel_size must be a whole number in \[1, 1000000\]; got 2.5",
    ),
    (
        edit("kernel_size = 3", 'kernel_size = "3"'),
        r"kernel_size must be a whole number in \[1, 1000000\]; got '3'",
    ),
    (edit("norm = true", "norm = 1"), r"layer 1 \(Conv2d\): norm must be true or false; got 1"),
    (
        edit('"MaxPool2d"', '"MaxPool"'),
        "layer 2: type must be one of Conv2d, .*did you mean MaxPool2d",
    ),
    (edit('type = "MaxPool2d"', ""), "layer 2: type is missing"),
    (
        edit('"MaxPool2d"', '"MaxPool2d"\nname = 3'),
        r"layer 2 \(MaxPool2d\): name must be a text of .* printable characters; got 3",
    ),
    (
        edit("[1, 2, 3, 4", '["1", 2, 3, 4'),
        "layer 3, body layer 1 .*connections must be a list of whole",
    ),
    (
        edit("[1, 2, 3, 4", "[2, 3, 4"),
        "layer 3, body layer 1: .*connections must be one number for each",
    ),
    (edit("input_size = 20", "input_size = 0"), r"input_size must be .* in \[1, 1000000\]; got 0"),
    (edit("input_size = 20", "depth = 20"), "the file: there is no 'depth'"),
    (lambda: "name = 'x'", "the file: layers is missing"),
    (lambda: "layers = 3", "layers must be a list of layers; got 3"),
    (lambda: "layers = [1]", "layer 1 must be a table of names and values; got 1"),
    (lambda: "layers = []", "layers must be at least one layer; got none"),
    (lambda: "layers = [", "net.toml: "),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_malformed_file_is_one_line_that_names_the_layer(
    tmp_path: Path, text: Callable[[], str], message: str
) -> None:
    file = tmp_path / "net.toml"
    file.write_text(text(), encoding="utf-8")
    with pytest.raises(LayerError, match=message) as error:
        read_network(file)
    assert str(error.value).startswith("net.toml: ")
    assert "\n" not in str(error.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"none\.toml: no such file"):
        read_network(tmp_path / "none.toml")
    with pytest.raises(LayerError, match=r"net\.txt: the file must end in \.toml, \.yaml, \.yml"):
        read_network(tmp_path / "net.txt")
    (tmp_path / "list.yaml").write_text("- 1", encoding="utf-8")
    with pytest.raises(LayerError, match=r"list\.yaml: the file must be a table"):
        read_network(tmp_path / "list.yaml")
    (tmp_path / "bad.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(LayerError, match=r"bad\.yaml: while parsing"):
        read_network(tmp_path / "bad.yaml")


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
