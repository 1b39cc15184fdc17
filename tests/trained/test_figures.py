"""What the figures show: their data, from the records by loops and SciPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from explainers.drawing.rendering import Drawing
from explainers.trained import figures
from tests.claiming import values
from tests.drawing import assert_says, column, drawn
from tests.trained.records import (
    POOLED,
    Number,
    arms,
    dropped,
    each,
    everywhere,
    mean,
    right,
    trained,
)

SHOWN = ("none", "stride", "mean", "max", "blurred")
READOUTS = ("flatten", "mean", "max")


def noisy(row: dict[str, list[int]], level: int) -> float:
    """Share told right under one of the noises; of level 0, without."""
    return ([row["moves"][0], *row["noise"]])[level] / 500


def assert_curve(drawing: Drawing, name: str, arm: str, numbers: Sequence[Number]) -> None:
    """A curve of means, between SciPy's intervals of Student's t; a share is from 0 to 1."""
    found = [column(drawing, f"{name}{end}") for end in ("", "_low", "_high")]
    for at, number in enumerate(numbers):
        sample = each(arm, number)
        middle, error = np.mean(sample), stats.sem(sample)
        ends = stats.t.interval(0.95, len(sample) - 1, middle, error) if error else (middle, middle)
        expected = [middle, *np.clip(ends, 0, 1)]
        assert_allclose([column_[at] for column_ in found], expected, rtol=1e-6, atol=1e-9)


def moved_by(move: int) -> Number:
    return lambda row: right(row, move)


def test_moving_comb() -> None:
    drawing = drawn(figures.moving_comb)
    for readout in READOUTS:
        for name in SHOWN:
            arm = f"{name}-{readout}-circular-still-1297"
            assert_curve(drawing, f"{readout}_{name}", arm, [moved_by(move) for move in range(9)])
    v = values("pooled-network-robust-to-moves")
    said = {f"{r}_{n}": v[f"{r}_{w}"] for r in ("flatten", "max")
            for n, w in (("max", "with"), ("none", "without"))}  # fmt: skip
    assert_says(figures.moving_comb, said)


def test_every_fourth_pixel_behind_a_global_max() -> None:
    """What the caption says of the period."""
    drawing = drawn(figures.moving_comb)
    for name in SHOWN:
        for readout in ("mean", "max"):
            curve = column(drawing, f"{readout}_{name}")
            assert_allclose(curve[4:], curve[:-4], atol=1e-12)
    assert drawing.values["period"] == 4


@pytest.mark.parametrize("move", [1, 8])
def test_the_caption_names_any_move(move: int) -> None:
    found = drawn(figures.moving_comb, move=move).values["mean_mean"]
    assert found == pytest.approx(mean("mean-mean-circular-still-1297", moved_by(move)))


def test_moved_training() -> None:
    drawing = drawn(figures.moved_training)
    for name in ("none", "max"):
        for training in ("still", "moved"):
            arm = f"{name}-flatten-circular-{training}-1297"
            assert_curve(drawing, f"{name}_{training}", arm, [moved_by(move) for move in range(9)])
            assert drawing.values[f"{name}_{training}"] == pytest.approx(mean(arm, everywhere))


def assert_forest(drawing: Drawing, second: str, name: str, cases: int) -> None:
    """Rows of paired differences in points, by SciPy, for so many comparisons."""
    rows = zip(*(column(drawing, c) for c in ("readout", name, "gain", "low", "high")), strict=True)
    for readout, network, gain, low, high in rows:
        rest = f"{readout}-circular-still-1297"
        pair = [each(f"{network}-{rest}", right), each(f"{second}-{rest}", right)]
        interval = stats.ttest_rel(*pair).confidence_interval(1 - 0.05 / cases)
        expected = [np.mean(pair[0]) - np.mean(pair[1]), interval.low, interval.high]
        assert_allclose([gain, low, high], np.multiply(expected, 100), rtol=1e-6, atol=1e-9)
    assert drawing.values["cases"] == cases


def test_gains_by_arm() -> None:
    drawing = drawn(figures.gains_by_arm)
    assert_forest(drawing, "none", "pooling", len([a for a in arms() if a.split("-")[0] in POOLED]))
    shown = list(zip(column(drawing, "readout"), column(drawing, "pooling"), strict=True))
    assert shown == [(readout, pooling) for readout in READOUTS for pooling in POOLED]
    gains = dict(zip(shown, column(drawing, "gain"), strict=True))
    assert drawing.values["mean_max"] == gains["mean", "max"]


def test_strided_instead() -> None:
    drawing = drawn(figures.strided_instead)
    assert_forest(drawing, "max", "network", 15)
    networks = column(drawing, "network")
    assert list(networks[:5]) == ["stride", "slim", "broad", "learned", "thrifty"]
    assert list(networks[5:]) == ["stride", "narrow", "wide", "learned", "thrifty"] * 2
    assert drawing.values["flatten_slim"] == column(drawing, "gain")[1]


def test_gaps_by_size() -> None:
    drawing = drawn(figures.gaps_by_size)
    for name in ("none", "max", "blurred"):
        for at, size in enumerate((100, 300, 1297)):
            arm = f"{name}-flatten-circular-still-{size}"
            assert column(drawing, f"{name}_train")[at] == pytest.approx(mean(arm, trained))
            assert column(drawing, f"{name}_test")[at] == pytest.approx(mean(arm, right))
    for at, size in enumerate((100, 300, 1297)):
        rows = dropped(f"none-flatten-circular-still-{size}")
        rows = rows[: len(each(f"none-flatten-circular-still-{size}", right))]
        assert column(drawing, "dropout_test")[at] == pytest.approx(np.mean([*map(right, rows)]))
        assert column(drawing, "dropout_train")[at] == pytest.approx(np.mean([*map(trained, rows)]))
    v = values("pooling-reduces-overfitting")
    assert_says(figures.gaps_by_size, {name: v[name] for name in ("test_max", "test_none")})
    known = mean("max-flatten-circular-still-100", trained)
    assert drawing.values["known"] == pytest.approx(known, abs=1e-12)


def test_noise_by_readout() -> None:
    drawing = drawn(figures.noise_by_readout)
    numbers: list[Number] = [lambda row, n=n: noisy(row, n) for n in range(4)]  # type: ignore[misc]
    for readout in READOUTS:
        for name in SHOWN:
            arm = f"{name}-{readout}-circular-still-1297"
            assert_curve(drawing, f"{readout}_{name}", arm, numbers)
    v = values("pooled-network-robust-to-noise")
    said = {f"{r}_{n}": v[f"{r}_{w}"] for r in READOUTS
            for n, w in (("max", "with"), ("none", "without"))}  # fmt: skip
    assert_says(figures.noise_by_readout, said)
    assert list(column(drawing, "noise")) == [0, 0.1, 0.2, 0.4]
    assert drawing.values["noise"] == 0.2


def test_larger_canvas() -> None:
    drawing = drawn(figures.larger_canvas)
    numbers: list[Number] = [right, lambda row: row["larger"] / 500]
    for readout in ("mean", "max"):
        for name in SHOWN:
            arm = f"{name}-{readout}-circular-still-1297"
            assert_curve(drawing, f"{readout}_{name}", arm, numbers)
    v = values("global-pooling-takes-any-size")
    assert_says(figures.larger_canvas, {"max_max": v["max_large"], "mean_none": v["none_large"]})


ALL = ("none", "stride", "mean", "max", "overlap", "blurred", "dense")


def assert_rows(drawing: Drawing, prefix: str, readout: str, number: Number) -> None:
    """A row for each pooling, with SciPy's interval."""
    assert list(column(drawing, "pooling")) == list(ALL)
    for at, name in enumerate(ALL):
        sample = each(f"{name}-{readout}-circular-still-1297", number)
        error = stats.sem(sample)
        middle = np.mean(sample)
        ends = stats.t.interval(0.95, len(sample) - 1, middle, error) if error else (middle, middle)
        found = [column(drawing, f"{prefix}{end}")[at] for end in ("", "_low", "_high")]
        assert_allclose(found, [middle, *np.clip(ends, 0, 1)], rtol=1e-6, atol=1e-9)


def test_reached_by_gradient() -> None:
    drawing = drawn(figures.reached_by_gradient)
    assert_rows(drawing, "values", "flatten", lambda row: row["positions"][0])
    assert_rows(drawing, "weights", "flatten", lambda row: row["reached"][0])
    v = values("pooled-network-trains-all-weights")
    said = {f"values_{n}": v[f"positions_{n}"] for n in ("max", "none")}
    said |= {f"weights_{n}": v[f"reached_{n}"] for n in ("max", "none")}
    assert_says(figures.reached_by_gradient, said)
    assert drawing.values["values_mean"] == column(drawing, "values")[2]


def test_parts_exchanged() -> None:
    drawing = drawn(figures.parts_exchanged)
    for readout in READOUTS:
        assert_rows(drawing, readout, readout, lambda row: row["kept"] / 500)
        found = column(drawing, readout)
        assert drawing.values[f"{readout}_least"] == min(found)
        assert drawing.values[f"{readout}_most"] == max(found)
    v = values("exchanged-parts-noticed")
    said = {f"{r}_none": v[f"none_{r}"] for r in READOUTS}
    assert_says(figures.parts_exchanged, said)
    assert drawing.values["guessed"] == 0.1
