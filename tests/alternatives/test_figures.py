"""What the figures show: their data, by routes of their own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from explainers.alternatives import dahlia, figures, figures_practice, measured
from explainers.alternatives.pools import POOLS
from explainers.checks import Floats
from explainers.drawing import style
from explainers.drawing.rendering import Drawing
from tests.alternatives.reference import (
    apart,
    halved,
    hits,
    max_hits,
    min_hits,
    smooth,
    weighted_hits,
    windows,
)
from tests.drawing import assert_says, column, drawn


def rows(drawing: Drawing, name: str) -> dict[str, float]:
    """A column by the pool."""
    return dict(zip(drawing.table["pool"], map(float, drawing.table[name]), strict=True))


def assert_inside(drawing: Drawing, name: str) -> None:
    """A number lies in its interval, and what is measured has one."""
    value, low, high = (column(drawing, f"{name}{end}") for end in ("", "_low", "_high"))
    assert ((low <= value) & (value <= high)).all()


def marks(drawing: Drawing, panel: int = 0, series: int = 0) -> Floats:
    """Where the marks of a panel's rows stand, from the top."""
    axes = drawing.canvas.axes[panel]
    return np.asarray(axes.collections[series].get_offsets())[:, 0]


def test_the_figures_are_in_their_order() -> None:
    assert [figure.id for figure in figures.FIGURES if figure not in figures_practice.FIGURES] == [
        "hits-by-pool",
        "frontier-of-powers",
        "where-the-mean-leads",
        "attention-by-fit",
        "change-by-pool",
        "place-by-pool",
        "soft-argmax-by-temperature",
        "kept-by-pool",
        "slope-of-the-power",
        "costs-by-pool",
        "bank-of-angles",
        "turn-inside-a-window",
    ]


# What is found


def test_hits_by_pool() -> None:
    drawing = drawn(figures.hits_by_pool, units=9, seen=3)
    own, shared = rows(drawing, "own"), rows(drawing, "shared")
    for found, name, correlation in ((own, "own", 0.0), (shared, "shared", 0.5)):
        low, high = (rows(drawing, f"{name}_{end}") for end in ("low", "high"))
        assert_allclose(found["max"], max_hits(9, 3, correlation), atol=1e-7)
        assert_allclose(found["mean"], weighted_hits([1] * 9, 3, correlation), atol=1e-9)
        assert_allclose(found["attention, unknown"], found["mean"], atol=1e-12)
        fits = [math.e**3] * 3 + [1] * 6
        assert_allclose(found["attention, known"], weighted_hits(fits, 3, correlation), atol=1e-9)
        assert_allclose(
            found["attention, wrong"], weighted_hits(fits[::-1], 3, correlation), atol=1e-9
        )
        noise, scene = windows(9, 3, correlation)
        pooled = {
            "median": [np.sort(each, axis=1)[:, 4] for each in (noise, scene)],
            "mixed": [each.max(axis=1) + each.mean(axis=1) for each in (noise, scene)],
            "log-sum-exp": [np.exp(2 * each).sum(axis=1) for each in (noise, scene)],
            "generalised mean": [
                (np.clip(each, 0, None) ** 3).sum(axis=1) for each in (noise, scene)
            ],
        }
        for row, ends in pooled.items():
            assert low[row] - 0.01 < hits(*ends) < high[row] + 0.01
            assert low[row] <= found[row] <= high[row]
            assert 0.02 < high[row] - low[row] < 0.12 or (row, high[row]) == ("median", low[row])
        one = weighted_hits([1], 1)
        assert_allclose(found["every second value"], (one + 2 * 0.05) / 3)
    assert_allclose(own["min"], min_hits(9, 3), atol=1e-9)
    assert shared["concatenated"] > max(shared["max"], shared["mean"]) + 0.1
    for name in ("own", "shared"):
        assert_inside(drawing, name)
    assert_allclose(marks(drawing), list(own.values()))
    assert_allclose(marks(drawing, 1), list(shared.values()))
    names = {"max": "max", "mean": "mean", "generalised mean": "gem", "concatenated": "both"}
    for row, short in names.items():
        assert drawing.values[short] == own[row]
        assert drawing.values[f"{short}_shared"] == shared[row]
    assert drawing.caption.startswith("3 of 9 units see a feature")


def test_hits_say_how_many_see() -> None:
    drawing = drawn(figures.hits_by_pool, units=4, seen=1)
    assert drawing.caption.startswith("One of 4 units sees a feature")
    assert "one of 4 units sees the feature" in drawing.alt
    more = drawn(figures.hits_by_pool, units=4, seen=9)
    assert more.caption.startswith("4 of 4 units see")


def test_hits_are_those_of_the_claims() -> None:
    drawing = figures.hits_by_pool()
    assert drawing.values["max"] == pytest.approx(max_hits(49, 7), abs=1e-9)
    assert drawing.values["mean"] == pytest.approx(weighted_hits([1] * 49, 7), abs=1e-9)
    assert drawing.values["max_shared"] == pytest.approx(max_hits(49, 7, 0.5), abs=1e-7)


def test_frontier_of_powers() -> None:
    drawing = drawn(figures.frontier_of_powers, units=16)
    powers = column(drawing, "p")
    assert tuple(powers) == measured.POWERS
    for seen, name in ((1, "one"), (4, "some"), (16, "all")):
        shown = column(drawing, f"hits_{name}")
        noise, scene = windows(16, seen)
        for i in (0, 3, 6):
            pooled = [(np.clip(each, 0, None) ** powers[i]).sum(axis=1) for each in (noise, scene)]
            assert shown[i] == pytest.approx(hits(*pooled), abs=0.025)
        best = int(np.argmax(shown))
        said = "one" if name == "one" else f"{name}_best"
        assert drawing.values[said] == powers[best]
        assert drawing.values[f"{name}_hits"] == shown[best]
    assert drawing.values["some"] == 4
    assert drawing.values["one"] > drawing.values["some_best"] > drawing.values["all_best"]
    lines = [line for line in drawing.canvas.axes[0].lines if np.size(line.get_xdata()) > 1]
    names = ("hits_one", "hits_some", "hits_all")
    for line, name in zip(lines, names, strict=True):
        assert_allclose(np.asarray(line.get_ydata()), column(drawing, name))


def test_where_the_mean_leads() -> None:
    drawing = drawn(figures.where_the_mean_leads)
    for name, correlation in (("own", 0.0), ("shared", 0.5)):
        for units, seen in zip(column(drawing, "units"), column(drawing, name), strict=True):
            if units == 4 or units > 49 or seen == units:
                continue  # the claim's test has the others
            for number, leads in ((seen, True), (seen - 1, False)):
                mean = weighted_hits([1] * units, number, correlation)
                assert (mean > max_hits(int(units), int(number), correlation)) is bool(leads)
    units = column(drawing, "units").tolist()
    for short, number in (("some", 49), ("large", 196)):
        assert drawing.values[short] == column(drawing, "own")[units.index(number)]
        assert drawing.values[f"{short}_shared"] == column(drawing, "shared")[units.index(number)]
    assert_says(
        figures.where_the_mean_leads,
        {"some": 8, "large": 15, "some_shared": 44, "large_shared": 180},
    )


def test_attention_by_fit() -> None:
    drawing = drawn(figures.attention_by_fit, units=9, d_prime=2.0)
    for weight, known, wrong in zip(
        *(column(drawing, name) for name in ("weight", "known", "wrong")), strict=True
    ):
        assert_allclose(known, weighted_hits([weight] + [1] * 8, 1), atol=1e-9)
        assert_allclose(wrong, weighted_hits([1] * 8 + [weight], 1), atol=1e-9)
    assert_allclose(drawing.values["mean"], weighted_hits([1] * 9, 1), atol=1e-9)
    assert_allclose(drawing.values["max"], max_hits(9, 1), atol=1e-9)
    assert_allclose(drawing.values["known"], weighted_hits([math.e**3] + [1] * 8, 1), atol=1e-9)
    assert drawing.values["most"] == column(drawing, "known")[-1]
    assert column(drawing, "weight")[-1] == pytest.approx(math.e**6)


# What stays, and where it was


def test_change_by_pool() -> None:
    drawing = figures.change_by_pool(maps=60)
    assert list(drawing.table["pool"]) == [row for row in POOLS if row != "none"]
    maps = smooth()
    moved = np.roll(maps, 1, axis=2)
    change, left = rows(drawing, "change"), rows(drawing, "left")
    for row, kind in (
        ("max", "max"),
        ("mean", "mean"),
        ("every second value", "every"),
        ("blurred max", "max blur"),
        ("blur", "blur"),
        ("generalised mean", "cubes"),
    ):
        assert change[row] == pytest.approx(
            apart(halved(maps, kind), halved(moved, kind)), abs=0.02
        )
        assert 0.8 * change[row] < left[row] <= change[row]
    assert left["polyphase"] == left["max polyphase"] == 0
    for name in ("change", "left"):
        assert_inside(drawing, name)
    assert_allclose(marks(drawing, 0, 0), list(change.values()))
    assert_allclose(marks(drawing, 0, 1), list(left.values()))
    for row, short in (("max", "max"), ("mean", "mean"), ("blurred max", "blurred")):
        assert drawing.values[short] == change[row]
        assert drawing.values[f"{short}_left"] == left[row]
    assert drawing.values["skipped"] == change["every second value"]
    assert drawing.values["skipped_left"] == left["every second value"]
    assert drawing.values["rows"] == 19


def test_place_by_pool() -> None:
    drawing = drawn(figures.place_by_pool, noise=0.1)
    pixel, blob = rows(drawing, "pixel"), rows(drawing, "blob")
    for found, name, width in ((pixel, "pixel", 0.0), (blob, "blob", 1.5)):
        for row in ("max", "mean", "every second value", "strided convolution"):
            other = measured.place_error(row, width=width, noise=0.1, samples=1500, seed=9)
            assert found[row] == pytest.approx(other.value, rel=0.12)
        assert_inside(drawing, name)
    # Without anything to read it is the spread of two places, half a pixel on either side.
    assert pixel["max"] == pytest.approx(0.5, abs=0.03)
    assert not {"polyphase", "max polyphase", "none"} & set(pixel)
    assert_allclose(marks(drawing), list(pixel.values()))
    assert_allclose(marks(drawing, 1), list(blob.values()))
    names = {"max": "max", "mean": "mean", "skipped": "every second value"}
    for short, row in (names | {"strided": "strided convolution"}).items():
        assert drawing.values[short] == pixel[row]
        assert drawing.values[f"{short}_wide"] == blob[row]


def test_soft_argmax_by_temperature() -> None:
    drawing = drawn(figures.soft_argmax_by_temperature)
    steps, errors = (column(drawing, name) for name in ("temperature", "error"))
    rng = np.random.default_rng(12)
    place = 4 + 2 * rng.random((3000, 2))
    middles = np.arange(10) + 0.5
    away = (middles[:, None] - place[:, 0, None, None]) ** 2
    maps = np.exp(-(away + (middles - place[:, 1, None, None]) ** 2) / 4.5)
    maps += rng.normal(0, 0.02, maps.shape)
    for step, error in zip(steps, errors, strict=True):
        weights = np.exp((maps - 1) / step)
        weights /= weights.sum(axis=(1, 2), keepdims=True)
        read = np.stack([weights.sum(axis=2) @ middles, weights.sum(axis=1) @ middles], axis=1)
        assert error == pytest.approx(np.sqrt(np.mean((read - place) ** 2)), rel=0.1)
    assert_inside(drawing, "error")
    assert drawing.values["least"] == errors.min()
    assert drawing.values["best"] == steps[errors.argmin()]
    assert drawing.values["hot"] == errors[steps.tolist().index(1)]
    whole = np.unravel_index(maps.reshape(3000, -1).argmax(axis=1), (10, 10))
    hard = np.sqrt(np.mean((np.stack(whole, axis=1) + 0.5 - place) ** 2))
    assert drawing.values["hard"] == pytest.approx(hard, rel=0.08)


def test_kept_by_pool() -> None:
    drawing = drawn(figures.kept_by_pool, levels=4)
    exact, rounded, reach = (rows(drawing, name) for name in ("exact", "rounded", "gradient"))
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*[np.arange(4)] * 4)], axis=1)

    def bits(outputs: Floats) -> float:
        chances = np.unique(outputs, return_counts=True)[1] / len(outputs)
        return float(-(chances * np.log2(chances)).sum())

    assert_allclose(exact["max"], bits(grid.max(axis=1)))
    assert_allclose(exact["mean"], bits(grid.sum(axis=1)))
    assert_allclose(rounded["mean"], bits((grid.sum(axis=1) + 2) // 4))
    assert_allclose(exact["concatenated"], bits(100 * grid.max(axis=1) + grid.sum(axis=1)))
    assert_allclose(exact["every second value"], 2)
    assert_allclose(drawing.values["whole"], 8)
    assert (reach["max"], reach["mean"], reach["median"]) == (1, 4, 2)
    assert 2 < reach["generalised mean"] < reach["softmax-weighted"] < 4
    assert_inside(drawing, "gradient")
    assert_allclose(marks(drawing, 0, 0), list(exact.values()))
    assert_allclose(marks(drawing, 0, 1), list(rounded.values()))
    assert_allclose(marks(drawing, 1), list(reach.values()))
    named = {"max": "max", "mean": "mean", "both": "concatenated", "gem": "generalised mean"}
    for short, row in named.items():
        assert drawing.values[short] == exact[row]
        assert drawing.values[f"{short}_reach"] == reach[row]


def test_slope_of_the_power() -> None:
    drawing = drawn(figures.slope_of_the_power, p=2.0)
    for smallest, gradient in zip(
        column(drawing, "smallest"), column(drawing, "gradient"), strict=True
    ):
        window = np.array([smallest, 1, 2, 3])
        ends = [np.mean(window**p) ** (1 / p) for p in (2 - 1e-5, 2 + 1e-5)]
        assert_allclose(gradient, (ends[1] - ends[0]) / 2e-5, atol=1e-6)
    sizes, shares = (column(drawing, name) for name in ("values", "all_zero"))
    signs = np.random.default_rng(2).random((20_000, 81)) < 0.5
    for size, share in zip(sizes, shares, strict=True):
        assert share == pytest.approx(signs[:, :size].all(axis=1).mean(), abs=0.02)
    assert [drawing.values[name] for name in ("two", "four", "nine")] == [0.25, 1 / 16, 1 / 512]
    assert drawing.values["end"] == column(drawing, "gradient")[-1]
    assert drawing.values["limit"] == pytest.approx(column(drawing, "gradient")[0], abs=1e-4)


# What it costs


def test_costs_by_pool() -> None:
    drawing = drawn(figures.costs_by_pool, channels=8)
    macs, comparisons, functions, weights = (
        rows(drawing, name) for name in ("macs", "comparisons", "functions", "weights")
    )
    assert macs["strided convolution"] == weights["strided convolution"] == 9 * 8
    assert macs["space to depth"] == 4 * 8
    assert (macs["mean"], macs["blur"], macs["max"]) == (4, 9, 0)
    assert (comparisons["max"], comparisons["median"], comparisons["mean"]) == (3, 6, 0)
    assert (functions["generalised mean"], functions["max"]) == (5, 0)
    assert drawing.values["rows"] == len(macs) == 19
    for short, row in (("strided", "strided convolution"), ("depth", "space to depth")):
        assert drawing.values[short] == macs[row]
    assert [drawing.values[name] for name in ("blur", "mean", "max")] == [9, 4, 3]
    for series, found in enumerate((macs, comparisons, functions)):
        shown = [value or math.nan for value in found.values()]
        assert_allclose(np.ma.filled(marks(drawing, 0, series), np.nan), shown)


# Over angles


def test_bank_of_angles() -> None:
    drawing = figures.bank_of_angles(draws=6)
    angles = column(drawing, "angle")
    assert tuple(angles) == dahlia.ANGLES
    other = dahlia.hit_by_angle(draws=6, seed=5)
    for name, rates in (("single", other.single), ("bank", other.bank)):
        assert_allclose(column(drawing, name), rates.value, atol=0.09)
        assert_inside(drawing, name)
    for name, angle in (("upright", 0), ("aslant", 45), ("across", 90)):
        at = angles.tolist().index(angle)
        assert drawing.values[name] == column(drawing, "single")[at]
        assert drawing.values[f"bank_{name}"] == column(drawing, "bank")[at]
    assert drawing.values["lowest"] == column(drawing, "bank").min()
    assert drawing.values["highest"] == column(drawing, "bank").max()
    lines = drawing.canvas.axes[0].lines
    assert_allclose(np.asarray(lines[0].get_ydata()), column(drawing, "single"))
    assert_allclose(np.asarray(lines[1].get_ydata()), column(drawing, "bank"))
    assert lines[1].get_color() == style.colour("max")


def test_turn_inside_a_window() -> None:
    drawing = drawn(figures.turn_inside_a_window, window=3)
    rng = np.random.default_rng(14)
    place = 3 * rng.random((40_000, 2))
    around = np.exp(2j * np.pi * rng.random(40_000))
    turns = column(drawing, "turn")
    for name, radius in (("near", 1), ("middle", 5), ("far", 20)):
        for turn, share in list(zip(turns, column(drawing, name), strict=True))[::8]:
            step = radius * around * (np.exp(1j * math.radians(turn)) - 1)
            there = place + np.stack([step.real, step.imag], axis=1)
            stays = ((there >= 0) & (there < 3)).all(axis=1).mean()
            assert share == pytest.approx(stays, abs=0.01)
        assert drawing.values[name] == column(drawing, name)[turns.tolist().index(10)]
