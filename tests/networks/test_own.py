"""A network of one's own in a figure: counted as `explainers count` counts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainers import catalogue
from explainers.export import save
from explainers.networks.count import count
from explainers.networks.layers import LayerError
from explainers.networks.own import read_own
from tests.drawing import drawn
from tests.networks.onnx_models import model, node, saved

FIGURE = catalogue.figure("network-by-block")


def written(folder: Path, joined: bool = False) -> str:
    """A network of two blocks; with a stride beside its pooling, that has to stay."""
    nodes = [
        node("Conv", "x w", "a", "first/Conv", pads=[1, 1, 1, 1]),
        node("MaxPool", "a", "b", "first/Pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "b v", "c", "second/Conv", pads=[1, 1, 1, 1]),
    ]
    if joined:
        nodes += [
            node("Conv", "a v", "d", "third/Conv", pads=[1, 1, 1, 1], strides=[2, 2]),
            node("Add", "c d", "e", "sum/Add"),
        ]
    weights = {"w": (4, 3, 3, 3), "v": (4, 4, 3, 3)}
    made = model(nodes, {"x": (1, 3, 8, 8)}, "e" if joined else "c", weights)
    return str(saved(folder, made, "own.onnx"))


def test_the_bars_are_the_sums_of_the_blocks(tmp_path: Path) -> None:
    file = written(tmp_path)
    drawing = save("network-by-block", tmp_path / "a.svg", network=file)
    assert list(drawing.table["block"]) == ["first", "second"]
    assert list(drawing.table["as it is"]) == [108 * 64, 144 * 16]
    assert list(drawing.table["without its pools"]) == [108 * 64, 144 * 64]
    assert drawing.title == "Where own computes, block by block"
    assert "for an input of 1 × 3 × 8 × 8: 9,220 in all" in drawing.caption
    assert "Without its pools it would be 16,100." in drawing.caption
    larger = save("network-by-block", tmp_path / "a.svg", network=file, size=(16,))
    assert list(larger.table["as it is"]) == [4 * 108 * 64, 4 * 144 * 16]


def test_a_network_that_needs_its_pools_says_why(tmp_path: Path) -> None:
    drawing = save("network-by-block", tmp_path / "a.svg", network=written(tmp_path, joined=True))
    assert "without its pools" not in drawing.table
    assert "Without its pools it cannot be: sum/Add (Add) would get" in drawing.caption


def test_known_networks_are_a_setting() -> None:
    drawing = drawn(FIGURE, which="vgg16")
    assert sum(drawing.table["as it is"]) == count("vgg16").macs
    assert sum(drawing.table["without its pools"]) == count("vgg16", pooling="removed").macs
    own = read_own("vgg16")
    assert FIGURE(network=own).table == drawing.table
    assert max(len(drawn(FIGURE, which=n).table["block"]) for n in ("resnet101", "vgg19")) <= 14


def test_what_cannot_be_counted_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"none\.onnx: no such file"):
        save("network-by-block", tmp_path / "a.png", network=str(tmp_path / "none.onnx"))
    with pytest.raises(ValueError, match="voting shows no network of your own; there is"):
        save("voting", tmp_path / "a.png", network="vgg16")
    with pytest.raises(ValueError, match="size must be a whole number, or two"):
        read_own("vgg16", (2, 3, 4))
    assert not (tmp_path / "a.png").exists()
