"""Files of one's own; and such as confuse, fill the memory or last: a short line each, at once."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from explainers.networks.count import count
from explainers.networks.files import read_network
from explainers.networks.layers import (
    Conv2d,
    LayerError,
    Linear,
    MaxPool2d,
    Residual,
)
from explainers.networks.network import Network
from explainers.networks.poolings import POOLINGS

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


def test_json_gives_the_same_and_a_key_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    file.write_text(json.dumps(yaml.safe_load(YAML)), encoding="utf-8")
    assert read_network(file) == MINE
    for text, message in (
        ('{"name": "a", "name": "b"}', "'name' must be there once; got 2"),
        ('{"layers": [{"type": "Linear", "type": "ReLU"}]}', "'type' must be there once; got 2"),
        ('{"layers": NaN}', "there must be no NaN"),
        ("[" * 100_000, "must be nested less deeply"),
        ("{", "Expecting property name"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(LayerError, match=message) as error:
            read_network(file)
        assert "\n" not in str(error.value)


FREE = """
layers:
  - {type: Conv2d, out_channels: 8, kernel_size: 3, bias: false}
  - {type: BatchNorm2d, num_features: 8}
  - {type: ReLU, inplace: true}
  - {type: MaxPool2d, kernel_size: 2}
  - {type: Identity}
  - {type: Flatten}
  - {type: Dropout, p: 0.2}
  - {type: Linear, out_features: 10}
"""


def test_layers_that_cost_nothing_may_stand_in_a_file(tmp_path: Path) -> None:
    """They change nothing but the two parameters a channel of a normalisation."""
    file = tmp_path / "net.yaml"
    file.write_text(FREE, encoding="utf-8")
    plain = Network("n", (Conv2d(8, 3, bias=False, norm=True), MaxPool2d(2), Linear(10)))
    for pooling in POOLINGS:
        found, expected = count(read_network(file), 20, 3, pooling), count(plain, 20, 3, pooling)
        assert found.work == expected.work
        assert found.activations == expected.activations
        assert found.normalised == expected.normalised
        assert found.places == expected.places
        assert found.layers[-1].field == expected.layers[-1].field
    assert [row.activations for row in count(read_network(file), 20).layers] == [
        *(8 * 18 * 18, 0, 0, 8 * 9 * 9, 0, 0, 0, 10)
    ]
    file.write_text(FREE.replace("num_features: 8", "num_features: 9"), encoding="utf-8")
    with pytest.raises(LayerError, match="layer norm1: num_features must be 8, the channels that"):
        count(read_network(file))
    file.write_text(FREE.replace("p: 0.2", "p: 1.2"), encoding="utf-8")
    with pytest.raises(LayerError, match=r"layer 7: Dropout: p must be a number in \[0, 1\]"):
        read_network(file)


def test_ten_thousand_layers_in_a_file_take_less_than_two_seconds(tmp_path: Path) -> None:
    layers = '[[layers]]\ntype = "Conv2d"\nout_channels = 8\nkernel_size = 3\npadding = 1\n'
    (tmp_path / "net.toml").write_text(layers * 10_000, encoding="utf-8")
    many = [{"type": "Conv2d", "out_channels": 8, "kernel_size": 3, "padding": 1}] * 10_000
    (tmp_path / "net.json").write_text(json.dumps({"layers": many}), encoding="utf-8")
    for ending in ("toml", "json"):
        start = time.process_time()
        assert len(count(read_network(tmp_path / f"net.{ending}")).layers) == 10_000
        assert time.process_time() - start < 2


def test_blocks_may_lie_a_hundred_deep(tmp_path: Path) -> None:
    (tmp_path / "net.toml").write_text(nested_tables(100), encoding="utf-8")
    assert len(count(read_network(tmp_path / "net.toml"), 1, 1).layers) == 101


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
    (edit("norm = true", "norm = 1"), "layer 1: Conv2d: norm must be True or False; got 1"),
    (
        edit('"MaxPool2d"', '"MaxPool"'),
        "layer 2: type must be one of Conv2d, .*did you mean MaxPool2d",
    ),
    (edit('type = "MaxPool2d"', ""), "layer 2: type is missing"),
    (
        edit('"MaxPool2d"', '"MaxPool2d"\nname = 3'),
        "layer 2: name must be a text of .* printable characters; got 3",
    ),
    (
        edit("[1, 2, 3, 4", '["1", 2, 3, 4'),
        "layer 3, body layer 1: connections must be a list of whole",
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
    with pytest.raises(
        LayerError, match=r"net\.txt: the file must end in \.toml, \.json, \.yaml, \.yml"
    ):
        read_network(tmp_path / "net.txt")
    (tmp_path / "list.yaml").write_text("- 1", encoding="utf-8")
    with pytest.raises(LayerError, match=r"list\.yaml: the file must be a table"):
        read_network(tmp_path / "list.yaml")
    (tmp_path / "bad.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(LayerError, match=r"bad\.yaml: while parsing"):
        read_network(tmp_path / "bad.yaml")


# Made to harm

CONV = "{type: Conv2d, out_channels: 8, kernel_size: 3}"


LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


MERGES = "a0: &a0 {b: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 10)
)


BLOCKS = f"- &b0 {CONV}\n" + "".join(
    f"- &b{n} {{type: Residual, body: [{', '.join([f'*b{n - 1}'] * 9)}]}}\n" for n in range(1, 10)
)


def toml(layer: str) -> str:
    return f"[[layers]]\n{layer}\n"


def conv(number: str) -> str:
    return toml(f'type = "Conv2d"\nkernel_size = 1\nout_channels = {number}')


def nested_tables(depth: int) -> str:
    inner = '{type = "Linear", out_features = 1}'
    for _ in range(depth):
        inner = f'{{type = "Residual", body = [{inner}]}}'
    return f"layers = [{inner}]"


def nested_blocks(depth: int) -> str:
    inner = "{type: Linear, out_features: 1}"
    for _ in range(depth):
        inner = f"{{type: Residual, body: [{inner}]}}"
    return f"layers: [{inner}]"


BAD: dict[str, tuple[str, str, str]] = {
    # Two answers to one question
    "a key twice": (
        "yaml",
        "layers:\n  - {type: Conv2d, out_channels: 8, kernel_size: 3, kernel_size: 5}",
        "line 2: 'kernel_size' must be there once; got 2",
    ),
    "layers twice": (
        "yaml",
        f"layers: [{CONV}]\nlayers: [{CONV}, {CONV}]",
        "line 1: 'layers' must be there once; got 2",
    ),
    "a key twice in a block": (
        "yaml",
        f"layers:\n- type: Residual\n  body:\n  - {CONV[:-1]}, type: Linear}}",
        "line 4: 'type' must be there once; got 2",
    ),
    "a key twice, once in quotes": ("yaml", 'name: a\n"name": b', "'name' must be there once"),
    "a name twice in a block": (
        "yaml",
        "layers: [{type: Residual, name: b, body: [{type: Linear, out_features: 1, name: x}, "
        "{type: Linear, out_features: 1, name: x}]}]",
        "layer names must differ; got b.x twice",
    ),
    "a key twice in TOML": ("toml", "name = 'a'\nname = 'b'", "Cannot overwrite a value"),
    # Numbers that are read in two ways
    "octal": (
        "yaml",
        "layers: [{type: Linear, out_features: 011}]",
        "line 1: a whole number must have no leading zero, no colon and few digits; got '011'",
    ),
    "base sixty": ("yaml", "input_size: 1:30", "no colon and few digits; got '1:30'"),
    "Boolean for a number": (
        "yaml",
        "layers: [{type: Linear, out_features: yes}]",
        "out_features must be a whole number in [1, 1000000000]; got True",
    ),
    # Kinds
    "a list for a type": (
        "yaml",
        "layers: [{type: [Conv2d]}]",
        "layer 1: type must be one of Conv2d, MaxPool2d, AvgPool2d, AdaptiveAvgPool2d, Linear, "
        "Residual, ReLU, BatchNorm2d, Dropout, Flatten, Identity; got ['Conv2d']",
    ),
    "a table for a type": ("yaml", "layers: [{type: {a: 1}}]", "Identity; got {'a': 1}"),
    "a number for a key": ("yaml", "layers: [{type: Linear, 1: 2}]", "(Linear): there is no 1; "),
    "a list for a name": ("yaml", f"name: [1]\nlayers: [{CONV}]", "printable characters; got [1]"),
    "a list for a layer's name": (
        "yaml",
        f"layers: [{CONV[:-1]}, name: [1, 2]}}]",
        "layer 1: name must be a text of at most 2000 printable characters; got [1, 2]",
    ),
    "a name of two lines": (
        "yaml",
        f'layers: [{CONV[:-1]}, name: "a\\nb"}}]',
        r"printable characters; got 'a\nb'",
    ),
    "a name that colours the terminal": (
        "toml",
        'name = "\\u001b[31mred"\n' + conv("1"),
        r"printable characters; got '\x1b[31mred'",
    ),
    "a long name": ("toml", f'name = "{"a" * 45_000}"\n' + conv("1"), "characters; got 'aaa"),
    "a long type": ("toml", toml(f'type = "{"a" * 45_000}"'), "Identity; got 'aaa"),
    "a long key": ("toml", toml(f'type = "Linear"\n{"a" * 45_000} = 1'), "there is no 'aaa"),
    "a date that is none": ("toml", "name = 2020-02-31", "Invalid date"),
    "a date that is none in YAML": ("yaml", "name: 2020-99-99", "month must be in 1..12"),
    "tags": ("yaml", "name: !!python/name:os.system x", "line 1: there must be no tag; got 'tag:"),
    "a tag of what is none": ("yaml", "name: !!bool perhaps", "there must be no tag; got 'tag:"),
    "bytes that are no text": ("toml", "name = '\udcff'", "can't decode byte 0xff"),
    # Without end
    "an alias": ("yaml", f"layers: [&c {CONV}, *c]", "line 1: there must be no alias; got *c"),
    "an alias to itself": (
        "yaml",
        "layers: &l\n  - type: Residual\n    body: *l",
        "line 3: there must be no alias; got *l",
    ),
    "a billion laughs": ("yaml", LAUGHS, "line 2: there must be no alias; got *a0"),
    "a billion merges": ("yaml", MERGES, "line 2: there must be no alias; got *a0"),
    "a billion blocks": ("yaml", "layers:\n" + BLOCKS, "there must be no alias; got *b0"),
    "a merge": (
        "yaml",
        f"<<: {{name: a}}\nlayers: [{CONV}]",
        "line 1: there must be no merge; got '<<'",
    ),
    "twenty thousand layers": (
        "yaml",
        "layers:\n" + f"- {CONV}\n" * 20_000,
        "the file must be of at most 50,000 bytes",
    ),
    "nested lists": ("yaml", "layers: " + "[" * 2000, "must be nested less deeply"),
    "nested lists without end": ("yaml", "[" * 49_000, "must be nested less deeply"),
    "nested lists in TOML": ("toml", "layers = " + "[" * 5000 + "]" * 5000, "nested less deeply"),
    "blocks in one another in YAML": ("yaml", nested_blocks(150), "must be nested less deeply"),
    "a hundred and one blocks in TOML": (
        "toml",
        nested_tables(101),
        "blocks must lie at most 100 deep",
    ),
    "a list of many": (
        "yaml",
        f"layers: {{a: [{'1,' * 20_000}]}}",
        "must be a list of layers; got",
    ),
    "a deep key": ("toml", ".".join("a" * 20_000) + " = 1", "line 1 must have at most 500 dots"),
    "deep keys": ("toml", "name = ''\n" + ".".join("a" * 502), "line 2 must have at most 500 dots"),
    "many connections": (
        "toml",
        conv("2") + f"connections = [{'1,' * 20_000}]",
        "connections must be one number for each of the 2 output channels, without groups; got (1,",
    ),
    # Numbers beyond all use
    "a map of a billion": (
        "toml",
        toml('type = "AdaptiveAvgPool2d"\noutput_size = 1000000000'),
        "output_size must be a whole number in [1, 1000000]; got 1000000000",
    ),
    "a kernel of a billion": (
        "toml",
        toml('type = "MaxPool2d"\nkernel_size = 1000000000'),
        "kernel_size must be a whole number in [1, 1000000]; got 1000000000",
    ),
    "4,001 digits": ("toml", conv("1" + "0" * 4000), "; got a number of 4001 digits"),
    "5,001 digits": ("toml", conv("1" + "0" * 5000), "5001 digits"),
    "5,001 digits in YAML": (
        "yaml",
        f"layers: [{{type: Linear, out_features: 1{'0' * 5000}}}]",
        "a whole number must have no leading zero, no colon and few digits; got '1000",
    ),
    "5,001 hexadecimal digits": ("toml", conv("0x1" + "0" * 5000), "got a number of 6021 digits"),
    "5,001 hexadecimal digits in YAML": (
        "yaml",
        f"channels: 0x1{'0' * 5000}\nlayers: [{CONV}]",
        "channels must be a whole number in [1, 1000000000]; got a number of 6021 digits",
    ),
    "a picture of a billion": (
        "yaml",
        f"input_size: 1000000000\nlayers: [{CONV}]",
        "input_size must be a whole number in [1, 1000000]; got 1000000000",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_no_network_is_ends_in_one_short_line_at_once(tmp_path: Path, bad: str) -> None:
    ending, text, message = BAD[bad]
    file = tmp_path / f"net.{ending}"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    start = time.process_time()
    with pytest.raises(LayerError) as error:
        count(read_network(file))
    assert time.process_time() - start < 2  # a second, on a slow machine
    line = str(error.value)
    assert message in line
    assert line.startswith(f"net.{ending}: ")
    assert len(line) < 320
    assert line.isprintable()


@pytest.mark.parametrize("bad", [bad for bad in BAD if "billion" in bad or "many" in bad])
def test_what_no_network_is_takes_little_memory(tmp_path: Path, bad: str) -> None:
    ending, text, _ = BAD[bad]
    file = tmp_path / f"net.{ending}"
    file.write_text(text, encoding="utf-8")
    tracemalloc.start()
    with pytest.raises(LayerError):
        count(read_network(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * 2**20


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("yaml", "layers: [{type: Conv2d, out_channels: 8, kernel_size: 0x3}]"),
        ("toml", toml('type = "Conv2d"\nout_channels = 8\nkernel_size = 3')),
    ],
)
def test_a_file_may_begin_with_the_mark_of_its_encoding(
    tmp_path: Path, ending: str, text: str
) -> None:
    file = tmp_path / f"net.{ending}"
    file.write_text(text, encoding="utf-8-sig")
    assert read_network(file) == Network("net", (Conv2d(8, 3),))


def test_a_file_whose_name_cannot_be_printed_is_named_as_python_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "a\x1b\nb.toml"
    file.write_text(conv("0"), encoding="utf-8")
    with pytest.raises(LayerError) as error:
        read_network(file)
    assert str(error.value).startswith(r"'a\x1b\nb.toml': layer 1: ")
    assert str(error.value).isprintable()


def test_a_long_file_name_is_cut_short(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"^'aaa.*\.toml': file name too long$") as error:
        read_network(tmp_path / f"{'a' * 5000}.toml")
    assert len(str(error.value)) < 100


def test_an_endless_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "net.toml"
    file.symlink_to("/dev/zero")
    with pytest.raises(LayerError, match=r"net\.toml: the file must be of at most 2,000,000 bytes"):
        read_network(file)
