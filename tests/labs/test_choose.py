"""The chooser and the whole table: choices by going through all rows, words by their numbers."""

from __future__ import annotations

import html
import json
import math
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

from explainers import catalogue
from explainers.alternatives import table
from explainers.alternatives.table import ROWS, Cell
from explainers.labs import choose
from explainers.labs.choose import Setting

NAMES = [choose.name_of(row) for row in ROWS]
COLUMNS = [name for group in choose.GROUPS for name, _, _ in group.columns]


def a_cell(value: float, reach: float = 0.0, reason: str = "") -> Cell:
    return Cell(value, value - reach, value + reach, not reach, reason)


def made(**changes: dict[str, Cell]) -> dict[str, dict[str, Cell]]:
    """A small table: three pools and one that knows, all alike but for what is changed."""
    rows = ("max", "mean", "softmax-weighted", "attention, query known")
    plain = {name: a_cell(0.5) for name in COLUMNS}
    names = {"known": "attention, query known", "soft": "softmax-weighted"}
    found = {row: dict(plain) for row in rows}
    for row, cells in changes.items():
        found[names.get(row, row)] |= cells
    return found


HIT = "hit 7 of 49, own"


def test_the_row_that_finds_most_is_chosen() -> None:
    found = made(mean={HIT: a_cell(0.7)}, known={HIT: a_cell(0.9)})
    assert choose.chosen(Setting(), found) == "mean"
    assert choose.chosen(Setting(known=True), found) == "attention, query known"


def test_of_rows_that_are_not_told_apart_it_is_the_cheapest() -> None:
    found = made(mean={HIT: a_cell(0.7, 0.02), "functions": a_cell(3)}, max={HIT: a_cell(0.69)})
    assert choose.chosen(Setting(), found) == "max"
    found["max"][HIT] = a_cell(0.67)
    assert choose.chosen(Setting(), found) == "mean"
    found["softmax-weighted"][HIT] = a_cell(0.71)
    found["softmax-weighted"]["macs"] = a_cell(0)
    assert choose.chosen(Setting(), found) == "softmax-weighted"


def test_of_places_it_is_the_least_error() -> None:
    pixel = "place of a pixel"
    found = made(max={pixel: a_cell(0.1)}, soft={pixel: a_cell(0.02)}, mean={pixel: a_cell(0.3)})
    assert choose.chosen(Setting(place=True), found) == "softmax-weighted"
    found["softmax-weighted"]["macs"] = a_cell(11)
    assert choose.chosen(Setting(place=True, cheap=True), found) == "max"
    found["softmax-weighted"]["macs"] = a_cell(10)
    assert choose.chosen(Setting(place=True, cheap=True), found) == "softmax-weighted"
    found["softmax-weighted"]["functions"] = a_cell(1)
    assert choose.chosen(Setting(place=True, cheap=True), found) == "max"


def test_what_is_empty_is_not_chosen() -> None:
    empty = Cell(math.nan, math.nan, math.nan, False, "why")
    found = made(max={HIT: empty}, soft={HIT: a_cell(0.2)}, mean={HIT: a_cell(0.3)})
    assert choose.chosen(Setting(), found) == "mean"


@pytest.mark.parametrize("setting", choose.settings(), ids=str)
def test_each_setting_has_one_line_and_its_row_is_not_beaten(setting: Setting) -> None:
    """Gone through by hand: all rows that may be had, against the one that is taken."""
    found = choose.cells()
    [line] = [line for line in choose.choices(found) if line.fits(setting)]
    column = "place of a pixel" if setting.place else f"hit {setting.seen} of 49, own"
    taken = found[line.row][column]
    for row, cells in found.items():
        knows = row in ("attention, query known", "class token")
        dear = cells["macs"].value > 10 or cells["functions"].value >= 1
        if row == "none" or (knows and not setting.known) or (dear and setting.cheap):
            continue
        other = cells[column]
        if setting.place:
            assert not other.high < taken.low - 1e-9, row
        else:
            assert not other.low > taken.high + 1e-9, row
    if setting.cheap:
        assert found[line.row]["macs"].value <= 10
        assert found[line.row]["functions"].value < 1


def test_where_the_chooser_leads() -> None:
    lines = choose.choices(choose.cells())
    rows = [(*line[:4], line.row) for line in lines]
    assert rows == [
        (True, None, None, False, "space to depth"),
        (True, None, None, True, "blurred max"),
        (False, False, 1, None, "max"),
        (False, False, 7, False, "log-sum-exp"),
        (False, False, 7, True, "concatenated"),
        (False, False, 49, None, "mean"),
        (False, True, 1, None, "attention, query known"),
        (False, True, 7, None, "attention, query known"),
        (False, True, 49, None, "mean"),
    ]


def test_what_is_said_has_the_tables_numbers() -> None:
    found = choose.cells()
    for line in choose.choices(found):
        said, row = choose.said(line, found), found[line.row]
        assert f"take: {choose.name_of(line.row)}. " in said
        assert ("every multiplication counts" in said) is bool(line.cheap)
        numbers = [float(n) for n in re.findall(r"(\d+(?:\.\d+)?)(?:%| pixels|\.$)", said)]
        if line.place:
            expected = [row["place of a pixel"].value, row["place of a wide feature"].value]
            assert numbers == pytest.approx(expected, abs=0.0005)
        else:
            own, shared = (row[f"hit {line.seen} of 49, {n}"].value for n in ("own", "shared"))
            best = [
                cells[f"hit {line.seen} of 49, shared"]
                for name, cells in found.items()
                if line.known or name not in ("attention, query known", "class token")
            ]
            most = max((cell for cell in best if cell.value == cell.value), key=lambda c: c.value)
            expected = [100 * own, 100 * shared]
            if most.low > row[f"hit {line.seen} of 49, shared"].high:
                expected.append(100 * most.value)
            assert numbers == pytest.approx(expected, abs=0.5)
            who = {1: "one of 49 units sees", 7: "7 of 49 units see", 49: "all 49 units see"}
            assert who[line.seen or 0] in said
            assert ("place is known" in said) is line.known


def texts(markup: str) -> list[list[str]]:
    """What is written in each row of a table."""
    return [
        [
            html.unescape(re.sub(r"<[^>]*>", "", cell))
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        ]
        for row in re.findall(r"<tr.*?</tr>", markup)
    ]


def test_the_first_frame_marks_one_line() -> None:
    found = choose.cells()
    frame = choose.frame(Setting(), found)
    assert frame.count('class="on"') == 1
    [marked] = re.findall(r'<tr class="on">(.*?)</tr>', frame)
    assert texts(f"<tr>{marked}</tr>") == [["no", "no", "some, 7 of 49", "no", "log-sum-exp"]]
    lines = choose.line_rows(Setting(place=True, cheap=True), choose.choices(found))
    [marked] = re.findall(r'<tr class="on">(.*?)</tr>', lines)
    assert texts(f"<tr>{marked}</tr>") == [["yes", "–", "–", "yes", "blurred max"]]
    assert len(texts(lines)) == len(choose.choices(found))


def test_numbers_of_a_row_are_the_tables() -> None:
    found = choose.cells()
    shown = texts(choose.numbers("max", found))
    assert [name for name, _ in shown] == [name for name, _ in choose.SHOWN]
    cells = dict(shown)
    assert cells["found, 7 of 49 see it"] == "66.9%"  # by law: no interval
    assert cells["multiply–accumulates for one value"] == "0"
    place = found["max"]["place of a pixel"]
    expected = f"{place.value:.3f} {place.low:.3f}–{place.high:.3f}"
    assert cells["place of a pixel, error in pixels"] == expected
    assert (
        dict(texts(choose.numbers("attention, query known", found)))["bits kept of twelve"] == "–"
    )


def test_the_page_is_given_all_that_the_script_needs() -> None:
    look = choose.first_look()
    assert json.loads(json.dumps(look)) == look
    data: dict[str, Any] = look["data"]
    assert data["setting"] == {"place": False, "known": False, "seen": 7, "cheap": False}
    assert list(data["seen"]) == ["1", "7", "49"]
    assert set(data["numbers"]) == {line["row"] for line in data["lines"]}
    found = choose.cells()
    for line, choice in zip(data["lines"], choose.choices(found), strict=True):
        assert line["said"] == choose.said(choice, found)
        assert line["row"] == choice.row
        assert f"{line['cells']}</tr>" in look["frame"]
    assert data["numbers"]["log-sum-exp"] in look["frame"]


@pytest.mark.parametrize("seen", [0, 2, 50])
def test_what_is_no_setting_is_refused(seen: int) -> None:
    with pytest.raises(ValueError, match=r"^seen must be one of 1, 7, 49; got"):
        Setting(seen=seen)


def test_each_row_has_a_name_of_its_own() -> None:
    assert set(choose.NAMES) <= set(ROWS)
    assert len(set(NAMES)) == len(ROWS)
    assert [name for name in NAMES if "," in name and "query" in name] == [
        *("attention, query known", "attention, query unknown", "attention, query wrong"),
        "class token, query known",
    ]


# The whole table


def test_the_folds_have_all_columns_each_once() -> None:
    assert Counter(COLUMNS) == Counter(list(next(iter(choose.cells().values()))))


def test_each_column_is_a_claim_of_the_chapter() -> None:
    own = {claim.id for claim in catalogue.chapter("alternatives").claims}
    for group in choose.GROUPS:
        for _, heading, claim in group.columns:
            assert heading
            assert claim in own


def folds() -> list[str]:
    return re.findall(r"<details.*?</details>", choose.whole(choose.cells()))


def test_every_cell_is_there_with_its_number_or_its_reason() -> None:
    found = choose.cells()
    for group, fold in zip(choose.GROUPS, folds()[1:], strict=True):
        head, *rows = re.findall(r"<tr>(.*?)</tr>", fold)
        headings = [heading for _, heading, _ in group.columns]
        assert texts(f"<tr>{head}</tr>") == [["row", *headings]]
        assert [re.findall(r'<th scope="row">(.*?)</th>', row)[0] for row in rows] == NAMES
        [notes] = re.findall(r'<p class="whole__notes">(.*?)\.</p>', fold) or [""]
        reasons = dict(note.split(": ", 1) for note in html.unescape(notes).split("; ") if note)
        for row, line in zip(ROWS, rows, strict=True):
            cells = re.findall(r"<td(.*?)>(.*?)</td>", line)
            for (name, _, _), (value, text) in zip(group.columns, cells, strict=True):
                cell = found[row][name]
                letter = re.findall(r"<sup>(\w)</sup>", text)
                assert [reasons[each] for each in letter] == [cell.reason] * bool(cell.reason)
                if math.isnan(cell.value):
                    assert text.startswith("–<sup>")
                    assert not value
                    continue
                assert float(value.split('"')[1]) == pytest.approx(cell.value, rel=1e-5)
                written = float(re.match(r"[\d.,]+", text)[0].replace(",", ""))  # type: ignore[index]
                shown = cell.value * (100 if "%" in text else 1)
                assert written == pytest.approx(shown, abs=0.0501, rel=1e-3)
                assert ("<small>" in text) is not (cell.exact or name.startswith("time"))


def test_where_each_row_wins_or_that_it_never_does() -> None:
    found = choose.cells()
    lines = texts(folds()[0])[1:]
    wins = table.wins(found)
    assert [name for name, _ in lines] == NAMES
    for row, (_, said) in zip(ROWS, lines, strict=True):
        assert (said == "never") is (not wins[row])
        assert said.startswith("if its query is known: ") is (row in table.INFORMED)
    never = [name for name, said in lines if said == "never"]
    assert never == ["stochastic, drawn"]
    assert dict(lines)["space to depth"].startswith("bits of 12")


# Who wins, on tables that are made up


def test_a_row_wins_where_no_other_interval_is_beyond_its_own() -> None:
    rows = ("max", "mean", "min")
    hits = {"max": a_cell(0.7, 0.02), "mean": a_cell(0.73, 0.02), "min": a_cell(0.6, 0.02)}
    changes = {"max": a_cell(0.3), "mean": a_cell(0.2), "min": a_cell(0.2 + 1e-12)}
    cells = {
        row: {"hit 1 of 4, own": hits[row], "change": changes[row]}
        | {name: a_cell(float(row == "min")) for name in table.COSTS}
        for row in rows
    }
    assert table.wins(cells) == {
        "max": ("hit 1 of 4, own", "costs"),
        "mean": ("hit 1 of 4, own", "change", "costs"),
        "min": ("change",),
    }


def test_like_competes_with_like() -> None:
    rows = ("none", "max", "global max", "attention, query known")
    better = dict(zip(rows, (0.9, 0.5, 0.8, 0.7), strict=True))
    cells = {
        row: {"hit 1 of 4, own": a_cell(value), "values stay": a_cell(value)}
        | {name: a_cell(1) for name in table.COSTS}
        for row, value in better.items()
    }
    found = table.wins(cells)
    assert found["global max"] == ("hit 1 of 4, own", "values stay")
    assert found["max"] == ()  # behind the global one in hits, behind attention in what stays
    assert "hit 1 of 4, own" not in found["attention, query known"]
    assert "values stay" in found["attention, query known"]  # global rows do not count there


def test_a_column_that_most_rows_lead_is_nobodys() -> None:
    many = [row for row in ROWS if row != "none"]
    for number, counted in ((13, True), (14, False)):
        cells = {
            row: {"bits": a_cell(float(row in many[:number]))}
            | {name: a_cell(1) for name in table.COSTS}
            for row in many
        }
        assert bool(table.wins(cells)[many[0]]) is counted


def test_what_is_empty_wins_nothing() -> None:
    cells = choose.cells()
    for row, columns in table.wins(cells).items():
        assert not [
            name for name in columns if name != "costs" and np.isnan(cells[row][name].value)
        ]
