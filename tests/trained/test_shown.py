"""The networks that are shown: their weights bit by bit, their maps by rolls, and trained anew."""

from __future__ import annotations

import base64
import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from explainers.checks import Floats
from explainers.trained import experiment, shown
from explainers.trained.digits import placed, split
from explainers.trained.model import Trained

NAMES = ("none", "max", "blurred")
HELD: dict[str, list[dict[str, Any]]] = json.loads(shown.RECORD.read_text(encoding="utf-8"))


def weight(layer: dict[str, Any]) -> Floats:
    """Weights, read bit by bit from the text."""
    binary = "".join(f"{byte:08b}" for byte in base64.b64decode(layer["levels"]))
    width, shape = layer["bits"], layer["shape"]
    highest = int("1" * (width - 1), 2)
    numbers = [
        int(binary[i * width : (i + 1) * width], 2) - highest for i in range(int(np.prod(shape)))
    ]
    rows = np.array(numbers, float).reshape(shape[0], -1)
    return np.stack(
        [row * scale for row, scale in zip(rows, layer["scales"], strict=True)]
    ).reshape(shape)


def last_maps(name: str, picture: Floats) -> Floats:
    """Of one picture: each tap moves the maps round, weighs them, and adds."""
    maps = picture[None]
    for layer in HELD[name][:-1]:
        taps = weight(layer)
        out = np.zeros((len(taps), *maps.shape[1:])) + np.array(layer["biases"])[:, None, None]
        for y, x in product(range(3), repeat=2):
            out += np.tensordot(taps[:, :, y, x], np.roll(maps, (1 - y, 1 - x), (1, 2)), 1)
        maps = np.where(out > 0, out, 0.0)
        if name != "none":
            maps = np.max([np.roll(maps, (-y, -x), (1, 2)) for y in (0, 1) for x in (0, 1)], 0)
        if name == "blurred":
            for axis in (1, 2):
                maps = (np.roll(maps, 1, axis) + 2 * maps + np.roll(maps, -1, axis)) / 4
        if name != "none":
            maps = maps[:, ::2, ::2]
    return maps


def scores(name: str, picture: Floats) -> Floats:
    flat = last_maps(name, picture).ravel()
    found: Floats = weight(HELD[name][-1]) @ flat + HELD[name][-1]["biases"]
    return found


def test_which_are_recorded_and_in_what_shapes() -> None:
    assert tuple(HELD) == tuple(shown.BITS) == NAMES
    for name, layers in HELD.items():
        last = 16 * (16 if name == "none" else 4) ** 2
        assert [layer["shape"] for layer in layers] == [[8, 1, 3, 3], [16, 8, 3, 3], [10, last]]
        assert [layer["bits"] for layer in layers] == [8, 8, 4 if name == "none" else 6]
        assert all(len(layer["scales"]) == layer["shape"][0] for layer in layers)


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_are_those_of_the_record(name: str) -> None:
    parameters = shown.network(name).parameters
    for found, layer in zip(parameters[::2], HELD[name], strict=True):
        assert_allclose(found, weight(layer), rtol=1e-12)
    for found, layer in zip(parameters[1::2], HELD[name], strict=True):
        assert_array_equal(found, layer["biases"])
    architecture = shown.network(name).architecture
    assert [stage.operator for stage in architecture.stages] == [name, name]
    assert (architecture.readout, architecture.border) == ("flatten", "circular")


@pytest.mark.parametrize("name", NAMES)
def test_what_it_sees_and_says(name: str) -> None:
    rng = np.random.default_rng(5)
    pictures = np.concatenate([placed(split().test.pictures[:3], 2), rng.random((3, 16, 16))])
    seen, logits = shown.seen(name, pictures), shown.network(name).logits(pictures)
    for picture, maps, sure, each in zip(pictures, *seen, logits, strict=True):
        assert_allclose(maps, last_maps(name, picture), atol=1e-10)
        expected = scores(name, picture)
        assert_allclose(each, expected, atol=1e-9)
        assert_allclose(np.log(sure / sure[0]), expected - expected[0], atol=1e-9)
        assert sure.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("bits", [2, 4, 6, 8])
def test_rounding_is_to_the_nearest_level_of_each_output(bits: int) -> None:
    weights = np.random.default_rng(bits).normal(size=(5, 3, 2, 2)) * np.arange(1, 6).reshape(
        5, 1, 1, 1
    )
    biases = np.linspace(-1, 1, 5) / 3
    layer = shown.rounded(weights, biases, bits)
    for before, after, levels, scale in zip(
        weights, layer.weight, layer.levels, layer.scales, strict=True
    ):
        assert np.abs(levels).max() == 2 ** (bits - 1) - 1
        assert scale == float(f"{np.abs(before).max() / (2 ** (bits - 1) - 1):.4e}")
        assert np.abs(before - after).max() <= scale * 0.501
    assert layer.biases.tolist() == [float(f"{bias:.5f}") for bias in biases]


@pytest.mark.parametrize("name", NAMES)
def test_trained_anew_it_is_the_same(name: str) -> None:
    """Machines round sums differently: a weight may fall to the level beside."""
    again, recorded = shown.trained_anew(name), shown.layers()[name]
    for new, old in zip(again, recorded, strict=True):
        assert np.abs(new.levels - old.levels).max() <= 1
        assert (new.levels != old.levels).mean() < 0.01
        assert_allclose(new.scales, old.scales, rtol=1e-3)
        assert_allclose(new.biases, old.biases, atol=1e-3)
    parts = [part for layer in again for part in (layer.weight, layer.biases)]
    anew = Trained(shown.network(name).architecture, tuple(parts), ())
    test = placed(split(seed=shown.SEED).test.pictures)
    assert (anew.answers(test) == shown.network(name).answers(test)).mean() > 0.99


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_are_counted_one_by_one(name: str) -> None:
    pictures, labels = split(seed=shown.SEED).test
    found = shown.right(name)
    assert found.shape == (9,)
    for move in (0, 1, 8):
        canvases = np.zeros((500, 16, 16))
        canvases[:, 4:12, move : move + 8] = pictures
        answers = [int(sure.argmax()) for sure in shown.seen(name, canvases).sure]
        assert found[move] == sum(a == b for a, b in zip(answers, labels, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_rounded_it_is_about_as_often_right_as_recorded(name: str) -> None:
    arm = f"{name}-flatten-circular-still-1297"
    row = next(row for row in experiment.recorded() if (row.arm, row.seed) == (arm, shown.SEED))
    assert np.abs(shown.right(name) - row.moves).max() <= 15


def test_they_are_recorded_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown.RECORD.read_bytes()
    monkeypatch.setattr(shown, "trained_anew", dict(shown.layers()).__getitem__)
    monkeypatch.setattr(shown, "RECORD", tmp_path / "again.json")
    shown.main()
    assert (tmp_path / "again.json").read_bytes() == before
