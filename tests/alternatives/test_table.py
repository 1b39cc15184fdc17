"""The table: each cell is what its column's function says, or has a reason."""

from __future__ import annotations

import math

import pytest
from numpy.testing import assert_allclose

from explainers.alternatives import measured, model, table, timed
from explainers.alternatives.table import ROWS, Cell

SMALL = table.table(units=(4, 9), trials=400, maps=4, samples=200)


def test_no_cell_is_empty_without_a_reason() -> None:
    assert tuple(SMALL) == ROWS
    columns = {tuple(cells) for cells in SMALL.values()}
    assert len(columns) == 1
    for row, cells in SMALL.items():
        for column, cell in cells.items():
            empty = math.isnan(cell.value)
            assert cell.reason or not empty, (row, column)
            assert empty or cell.low <= cell.value <= cell.high, (row, column)
            assert not cell.exact or cell.low == cell.value == cell.high, (row, column)
            assert not (cell.exact and empty)


def test_columns_of_hits_are_of_one_some_and_all() -> None:
    hits = [column for column in SMALL["max"] if column.startswith("hit")]
    assert hits == [
        f"hit {seen} of {n}, {noise}"
        for n, number in ((4, (1, 2, 4)), (9, (1, 3, 9)))
        for seen in number
        for noise in ("own", "shared")
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("max", model.max_hit_rate(9, 3, correlation=0.5)),
        ("global max", model.max_hit_rate(9, 3, correlation=0.5)),
        ("mean", model.mean_hit_rate(9, 3, correlation=0.5)),
        ("global mean", model.mean_hit_rate(9, 3, correlation=0.5)),
        ("blur", model.mean_hit_rate(9, 3, correlation=0.5)),
        ("strided convolution", model.mean_hit_rate(9, 3, correlation=0.5)),
        ("min", model.ranked_hit_rate(9, 9, 3, correlation=0.5)),
        ("median", model.ranked_hit_rate(5, 9, 3, correlation=0.5)),
        ("every second value", model.fixed_hit_rate(9, 3)),
        ("attention, query known", model.attention_hit_rate(9, 3, correlation=0.5)),
        ("class token", model.attention_hit_rate(9, 3, correlation=0.5)),
        ("attention, query wrong", model.attention_hit_rate(9, 3, "wrong", correlation=0.5)),
        ("attention, query unknown", model.mean_hit_rate(9, 3, correlation=0.5)),
    ],
)
def test_hits_by_law(row: str, expected: float) -> None:
    cell = SMALL[row]["hit 3 of 9, shared"]
    assert cell.exact
    assert_allclose(cell.value, expected, rtol=1e-12)
    assert SMALL[row]["hit 3 of 9, own"].value != cell.value or row == "every second value"


@pytest.mark.parametrize(
    "row",
    [
        *("Lp", "generalised mean", "softmax-weighted", "log-sum-exp", "mixed"),
        *("stochastic", "stochastic test"),
    ],
)
def test_hits_that_are_tried(row: str) -> None:
    expected = measured.hit_rate(row, 9, 3, correlation=0.5, trials=400)
    cell = SMALL[row]["hit 3 of 9, shared"]
    assert cell[:3] == tuple(expected)
    assert bool(cell.reason) == (row in measured.RECTIFIED)
    if row == "generalised mean":
        assert SMALL["global generalised mean"]["hit 3 of 9, shared"] == cell


def test_median_of_an_even_number_and_both_are_tried() -> None:
    even = SMALL["median"]["hit 2 of 4, own"]
    assert not even.exact
    assert even[:3] == tuple(measured.hit_rate("median", 4, 2, trials=400))
    both = SMALL["concatenated"]["hit 2 of 4, own"]
    assert both[:3] == tuple(measured.concatenated_hit_rate(4, 2, trials=400).hit)


def test_other_columns_are_those_of_their_functions() -> None:
    for row in ("max", "polyphase", "Lp"):
        cells = SMALL[row]
        found = measured.moved(row, maps=4)
        assert cells["lone peak stays"].value == float(measured.lone_peak_stays(row))
        assert [cells[name][:3] for name in table.MOVES[1:]] == [tuple(each) for each in found]
        for name, width in (("place of a pixel", 0.0), ("place of a wide feature", 1.5)):
            place = measured.place_error(row, width=width, samples=200)
            assert cells[name][:3] == tuple(place)
        assert [cells[name].value for name in table.COSTS] == list(map(float, model.cost(row)))
    for row, name in (("Lp", "Lp"), ("max polyphase", "max"), ("polyphase", "every second value")):
        assert SMALL[row]["bits"].value == model.kept_bits(name)
    for row in ("mean", "stochastic", "blur"):
        assert SMALL[row]["bits, rounded"].value == model.kept_bits(row, rounded=True)
    blurred = measured.blurred_max_bits(rounded=True)
    assert SMALL["blurred max"]["bits, rounded"][:3] == tuple(blurred)
    reach = measured.gradient_reach("Lp")
    assert [SMALL["Lp"][name][:3] for name in table.GRADIENT] == [tuple(each) for each in reach]


def test_gradients_by_law() -> None:
    taps = [1, 2, 1, 2, 4, 2, 1, 2, 1]
    for row in ("blur", "strided convolution"):
        number = SMALL[row]["gradient number"].value
        assert_allclose(number, sum(taps) ** 2 / sum(tap**2 for tap in taps))
    for row in ("polyphase", "max polyphase"):
        assert [SMALL[row][name].value for name in table.GRADIENT] == [1 / 4, 1]
    for row in ("none", "space to depth"):
        assert [SMALL[row][name].value for name in table.GRADIENT] == [1, 1]
    for row, query in (("class token", "known"), ("attention, query unknown", "unknown")):
        expected = model.attention_evenness(4, 1, query)
        assert_allclose(SMALL[row]["gradient number"].value, expected)


def test_what_is_global_has_one_window() -> None:
    cost = [SMALL["global mean"][name].value for name in table.COSTS]
    assert cost == list(map(float, model.cost("mean", 14)))
    for row in table.GLOBAL:
        assert [SMALL[row][name].value for name in table.MOVES[:3]] == [1, 1, 0]
        said = {SMALL[row][name].reason for name in table.MOVES[:3]}
        keys = row == "class token"
        assert said == {"if keys move along" if keys else "on a map that goes on round"}
    token = [SMALL["class token"][name].value for name in table.COSTS]
    assert token == list(map(float, model.cost("attention", 14)))
    assert SMALL["attention, query known"]["macs"].value == 8


def test_a_cell_has_its_settings() -> None:
    found = table.hit("max", 16, 2, correlation=0.2, false_alarm=0.1, d_prime=1.0)
    expected = model.max_hit_rate(16, 2, false_alarm=0.1, d_prime=1, correlation=0.2)
    assert found == Cell(expected, expected, expected, True)
    assert table.costs("strided convolution", 7)["macs"].value == 63
    assert table.gradient("max", 10)["gradient share"].value == pytest.approx(0.1)
    with pytest.raises(ValueError, match=r"^row must be one of"):
        table.table(("something else",))


def test_times_are_the_recorded_shares() -> None:
    """Of VGG-16 as recorded: the pool's milliseconds beside those of all that is no pooling."""
    for row, cells in SMALL.items():
        for layout in ("channels first", "channels last"):
            found = cells[f"time, {layout}"]
            assert found[:3] == (timed.share_of_forward(row, layout),) * 3
            assert 0 <= found.value < 1
            assert not found.exact
    assert not any("time" in name for columns in table.wins(SMALL).values() for name in columns)
