"""The chooser: four questions lead to a row of the table of the chapter on alternatives.

What a row is chosen by stands here, and so do the words; the script picks among what it is given.
The whole table is here too: it is folded by groups of columns, and a script sorts it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from explainers.alternatives import table
from explainers.alternatives.table import Cell
from explainers.checks import refuse

UNITS = 49
SEEN = {1: "one", 7: "some", 49: "all"}
"""Units of the window that the chooser speaks of, and how many of them may see the feature."""
LIKE = ("none", "Lp", *table.GLOBAL, "attention, query unknown", "attention, query wrong")
"""Rows that are not chosen: no pool, another's like, or what nobody would ask for."""
FEW_MACS = 10
"""What one value may take if every multiplication counts; and less than one function."""

NAMES = {
    "none": "none: the map as it is",
    "Lp": "Lp norm, p = 3",
    "generalised mean": "generalised mean (GeM), p = 3",
    "softmax-weighted": "softmax-weighted mean",
    "mixed": "half max, half mean",
    "stochastic": "stochastic, drawn",
    "stochastic test": "stochastic, weighted",
    "concatenated": "max and mean, concatenated",
    "strided convolution": "strided convolution, 3 × 3",
    "blur": "blur, then every second value",
    "class token": "class token, query known",
}
"""What rows are called for readers, where the table's names are short."""

Cells = Mapping[str, Mapping[str, Cell]]


@dataclass(frozen=True)
class Setting:
    """The answers to the four questions.

    Attributes
    ----------
    place
        The place is the answer.
    known
        It is known where the feature is.
    seen
        How many of `UNITS` see it: one of `SEEN`.
    cheap
        Every multiplication counts.
    """

    place: bool = False
    known: bool = False
    seen: int = 7
    cheap: bool = False

    def __post_init__(self) -> None:
        if self.seen not in SEEN:
            refuse("seen", self.seen, f"one of {', '.join(map(str, SEEN))}")


@cache
def cells() -> Cells:
    """The whole table: it takes half a minute."""
    return table.table()


# The choice


def chosen(setting: Setting, found: Cells) -> str:
    """The row that does best what is asked for; of those that are not told apart, the cheapest.

    If the place is the answer, it is the place of a single pixel; else hits with own noise.
    """
    column = "place of a pixel" if setting.place else f"hit {setting.seen} of {UNITS}, own"
    asked = {row: found[row][column] for row in found if _may(row, setting, found)}
    known = {row: cell for row, cell in asked.items() if not math.isnan(cell.value)}
    if setting.place:
        best = min(known.values(), key=lambda cell: cell.value)
        level = [row for row, cell in known.items() if cell.low <= best.high + table.ROUNDING]
    else:
        best = max(known.values(), key=lambda cell: cell.value)
        level = [row for row, cell in known.items() if cell.high >= best.low - table.ROUNDING]
    return min(level, key=lambda row: _price(found[row]))


def _may(row: str, setting: Setting, found: Cells) -> bool:
    """Whether a row can be had: what knows the place needs somebody who does."""
    if row in LIKE or (row in table.INFORMED and not setting.known):
        return False
    costs = found[row]
    cheap = costs["macs"].value <= FEW_MACS and costs["functions"].value < 1
    return cheap or not setting.cheap


def _price(costs: Mapping[str, Cell]) -> tuple[float, ...]:
    steps = costs["macs"].value + costs["comparisons"].value
    return costs["functions"].value, steps, costs["weights"].value


class Choice(NamedTuple):
    """A line of the decision table: answers that lead to one row; None if any does.

    Attributes
    ----------
    place, known, seen, cheap
        As in `Setting`.
    row
        Of the table.
    """

    place: bool
    known: bool | None
    seen: int | None
    cheap: bool | None
    row: str

    def fits(self, setting: Setting) -> bool:
        """Whether it is the line for these answers."""
        pairs = zip(self[:4], asdict(setting).values(), strict=True)
        return all(asked is None or asked == given for asked, given in pairs)


def choices(found: Cells) -> list[Choice]:
    """The decision table: each setting fits one line."""
    cases: list[tuple[bool, bool | None, int | None]] = [(True, None, None)]
    cases += [(False, known, seen) for known, seen in product((False, True), SEEN)]
    lines = []
    for place, known, seen in cases:
        case = Setting(place, bool(known), seen or 7)
        dear, cheap = (
            chosen(Setting(case.place, case.known, case.seen, thrifty), found)
            for thrifty in (False, True)
        )
        if dear == cheap:
            lines.append(Choice(place, known, seen, None, dear))
        else:
            lines += [
                Choice(place, known, seen, thrifty, row)
                for thrifty, row in ((False, dear), (True, cheap))
            ]
    return lines


# The chooser's page


def first_look() -> dict[str, Any]:
    """What the page is given: the lines, the rows' numbers, the first frame, the whole table."""
    found = cells()
    lines = choices(found)
    return {
        "element": "choose-lab",
        "frame": frame(Setting(), found),
        "data": {
            "setting": asdict(Setting()),
            "seen": {str(number): _seen(number) for number in SEEN},
            "lines": [
                {
                    **dict(zip(("place", "known", "seen", "cheap"), line[:4], strict=True)),
                    "cells": _line_cells(line),
                    "said": said(line, found),
                    "row": line.row,
                }
                for line in lines
            ],
            "numbers": {row: numbers(row, found) for row in sorted({each.row for each in lines})},
        },
        "parts": {"table": {"element": "whole-table", "frame": whole(found)}},
    }


def frame(setting: Setting, found: Cells) -> str:
    """The first frame: what to take, its numbers, and the decision table."""
    lines = choices(found)
    line = next(line for line in lines if line.fits(setting))
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Is the place the answer?", "Is it known where?", "How many see it?",
                     "Does every multiplication count?", "Take")
    )  # fmt: skip
    note = (
        "Each line is the row of the table below that finds most at 5% false alarms, d′ = 2, noise "
        "of each unit's own; or, if the place is the answer, the one behind which a single pixel "
        "is placed most exactly. Of rows that are not told apart, it is the cheapest."
    )
    return (
        '<div class="lab__controls lab__above"></div>'
        f'<p class="lab__said">{said(line, found)}</p>'
        '<div class="lab__stage"><table class="lab__numbers"><caption>what the table says of it'
        f"</caption><tbody>{numbers(line.row, found)}</tbody></table>"
        '<table class="lab__lines"><caption>all answers, and where they lead</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{line_rows(setting, lines)}</tbody></table></div>"
        f'<p class="lab__note">{note}</p>'
    )


def line_rows(setting: Setting, lines: Sequence[Choice]) -> str:
    """The lines of the decision table, the one for these answers marked."""
    return "".join(
        f'<tr class="{"on" if line.fits(setting) else "off"}">{_line_cells(line)}</tr>'
        for line in lines
    )


def _line_cells(line: Choice) -> str:
    words = {True: "yes", False: "no", None: "–"}
    seen = "–" if line.seen is None else _seen(line.seen)
    answers = (words[line.place], words[line.known], seen, words[line.cheap])
    cells = "".join(f"<td>{answer}</td>" for answer in answers)
    return f'{cells}<th scope="row">{name_of(line.row)}</th>'


def name_of(row: str) -> str:
    """What a row is called.

    >>> name_of("concatenated"), name_of("max")
    ('max and mean, concatenated', 'max')
    """
    return NAMES.get(row, row)


def _seen(number: int) -> str:
    return f"{SEEN[number]}, {number} of {UNITS}"


def said(line: Choice, found: Cells) -> str:
    """What to take, and why, in a sentence or two that stand alone.

    >>> hits = {"hit 1 of 49, own": Cell(0.18, 0.18, 0.18, True)}
    >>> hits["hit 1 of 49, shared"] = Cell(0.2, 0.2, 0.2, True)
    >>> said(Choice(False, True, 1, None, "max"), {"max": hits}).partition(". ")[2]
    'It finds 18%, and 20% if half of the noise is shared.'
    """
    row = found[line.row]
    thrift = {None: "", True: ", and every multiplication counts", False: ""}[line.cheap]
    if line.place:
        pixel, wide = (row[f"place of a {what}"].value for what in ("pixel", "wide feature"))
        return (
            f"If the place is the answer{thrift}, take: {name_of(line.row)}. A single pixel is "
            f"placed to {pixel:.3f} pixels behind it, and a wide feature to {wide:.3f}."
        )
    own, shared = (row[f"hit {line.seen} of {UNITS}, {noise}"].value for noise in ("own", "shared"))
    place = "known" if line.known else "unknown"
    joined = " and" if not thrift else ","
    return (
        f"If the place is {place}{joined} {_who(line.seen)} the feature{thrift}, take: "
        f"{name_of(line.row)}. It finds {own:.0%}, and {shared:.0%} if half of the noise is shared"
        f"{_in_shared_noise(line, found)}."
    )


def _in_shared_noise(line: Choice, found: Cells) -> str:
    """What finds clearly more than the line's row where noise is shared, if anything does."""
    column = f"hit {line.seen} of {UNITS}, shared"
    rows = {
        row: cells[column]
        for row, cells in found.items()
        if row not in LIKE and (line.known or row not in table.INFORMED)
    }
    known = {row: cell for row, cell in rows.items() if not math.isnan(cell.value)}
    best = max(known, key=lambda row: known[row].value)
    if known[best].low <= rows[line.row].high:
        return ""
    return f"; there it is {known[best].value:.0%} with {name_of(best)}"


def _who(seen: int | None) -> str:
    if seen == UNITS:
        return f"all {UNITS} units see"
    return f"one of {UNITS} units sees" if seen == 1 else f"{seen} of {UNITS} units see"


SHOWN = (
    *((f"found, {seen} of {UNITS} see it", f"hit {seen} of {UNITS}, own") for seen in SEEN),
    ("the same, shared noise, 7 of 49", "hit 7 of 49, shared"),
    ("place of a pixel, error in pixels", "place of a pixel"),
    ("place of a wide feature", "place of a wide feature"),
    ("change when the map moves by one", "change"),
    ("bits kept of twelve", "bits"),
    ("multiply–accumulates for one value", "macs"),
    ("powers, exponentials, divisions", "functions"),
)
"""What the chooser shows of a row: in words, and by its column."""


def numbers(row: str, found: Cells) -> str:
    """The rows of the small table: what the large one says of a row."""
    return "".join(
        f'<tr><th scope="row">{what}</th><td>{shown(found[row][column], column)}</td></tr>'
        for what, column in SHOWN
    )


def shown(cell: Cell, column: str) -> str:
    """A cell as it is read: the number, with the ends of its interval where it is measured.

    >>> shown(Cell(0.5, 0.48, 0.52, False), "hit 1 of 4, own"), shown(Cell(8, 8, 8, True), "macs")
    ('50.0% <small>48.0–52.0</small>', '8')
    >>> shown(Cell(float("nan"), 0, 0, False, "why"), "bits")
    '–'
    """
    if math.isnan(cell.value):
        return "–"
    plain = cell.exact or column in table.TIMES
    ends = "" if plain else f" <small>{_as(cell.low, column)}–{_as(cell.high, column)}</small>"
    value = _as(cell.value, column)
    if not column.startswith(_SHARES):
        return f"{value}{ends}"
    return f"{value}%{ends}"


_SHARES = ("hit", "lone peak", "values stay", "gradient share", "time")
_PIXELS = ("change", "equivariance", "place")


def _as(number: float, column: str) -> str:
    if column.startswith(_SHARES):
        return f"{100 * number:.1f}"
    if column.startswith(_PIXELS):
        return f"{number:.3f}"
    if column in table.COSTS:
        return f"{number:,.4g}"
    return f"{number:.2f}"


# The whole table


class Group(NamedTuple):
    """Columns that are folded together.

    Attributes
    ----------
    title
        What the fold is called.
    columns
        Of the table, each with its heading and the claim that it is.
    """

    title: str
    columns: tuple[tuple[str, str, str], ...]


def _hits(noise: str) -> Iterator[tuple[str, str, str]]:
    for units in table.UNITS:
        some = math.isqrt(units)
        for seen in (1, some, units):
            claim = {
                1: "log-sum-exp-is-best-for-one",
                some: "generalised-mean-finds-more",
                units: "mean-leads-from-the-root",
            }[seen]
            if noise == "shared":
                claim = "max-less-mean-with-shared-noise"
            yield f"hit {seen} of {units}, {noise}", f"{seen} of {units}", claim


GROUPS = (
    Group("Found, with noise of each unit's own", tuple(_hits("own"))),
    Group("Found, with half of the noise shared", tuple(_hits("shared"))),
    Group(
        "What stays when the map moves by one pixel",
        (
            ("lone peak stays", "a lone peak's map stays", "least-change-when-moved"),
            ("values stay", "values that stay", "least-change-when-moved"),
            ("change", "change", "least-change-when-moved"),
            ("equivariance error", "left after a shift", "polyphase-moves-along"),
        ),
    ),
    Group(
        "Bits and place",
        (
            ("bits", "bits of 12", "bits-by-pool"),
            ("bits, rounded", "bits, rounded", "bits-by-pool"),
            ("place of a pixel", "error, single pixel", "strided-convolution-keeps-the-place"),
            ("place of a wide feature", "error, wide", "strided-convolution-keeps-the-place"),
        ),
    ),
    Group(
        "Gradient",
        (
            ("gradient share", "values that get any", "gradient-by-pool"),
            ("gradient number", "spread over", "gradient-by-pool"),
        ),
    ),
    Group(
        "Cost of one value, with 64 channels",
        tuple(
            (name, heading, "strided-convolution-costs-most")
            for name, heading in zip(
                table.COSTS,
                ("weights", "multiply–accumulates", "comparisons", "powers, exponentials …"),
                strict=True,
            )
        ),
    ),
    Group(
        "Time, as a share of the forward pass of VGG-16",
        tuple(
            (name, name.removeprefix("time, "), "pools-take-more-time-than-operations")
            for name in table.TIMES
        ),
    ),
)
"""The folds of the whole table; together they have all its columns."""


def whole(found: Cells) -> str:
    """The whole table: first where each row wins, then its numbers, group by group."""
    wins = table.wins(found)
    rows = "".join(
        f'<tr><th scope="row">{name_of(row)}</th><td>{won(wins[row], row)}</td></tr>'
        for row in found
    )
    first = (
        '<details open><summary>Where each row wins</summary><div class="data-table" tabindex="0" '
        'role="region" aria-label="Where each row wins"><table><thead><tr><th scope="col">row</th>'
        '<th scope="col">columns in which no other row is ahead</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></details>"
    )
    return first + "".join(_fold(group, found) for group in GROUPS)


def _fold(group: Group, found: Cells) -> str:
    reasons: dict[str, str] = {}
    head = "".join(
        f'<th scope="col"><a href="#claim-{claim}">{html.escape(heading)}</a></th>'
        for _, heading, claim in group.columns
    )
    rows = "".join(
        f'<tr><th scope="row">{name_of(row)}</th>'
        + "".join(_cell(found[row][name], name, reasons) for name, _, _ in group.columns)
        + "</tr>"
        for row in found
    )
    notes = "; ".join(f"{letter}: {reason}" for reason, letter in reasons.items())
    below = f'<p class="whole__notes">{html.escape(notes)}.</p>' if notes else ""
    return (
        f"<details><summary>{group.title}</summary>"
        f'<div class="data-table" tabindex="0" role="region" aria-label="{group.title}"><table>'
        f'<thead><tr><th scope="col">row</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f"{below}</details>"
    )


def _cell(cell: Cell, column: str, reasons: dict[str, str]) -> str:
    """A cell; why it is empty, or how to read it, is told by a letter."""
    sign = ""
    if cell.reason:
        letter = reasons.setdefault(cell.reason, "abcdefghijkl"[len(reasons)])
        sign = f"<sup>{letter}</sup>"
    value = "" if math.isnan(cell.value) else f' data-v="{cell.value:.6g}"'
    number, space, ends = shown(cell, column).partition(" ")
    return f"<td{value}>{number}{sign}{space}{ends}</td>"


def won(columns: Sequence[str], row: str) -> str:
    """Where a row wins, in words; or that it never does.

    >>> won(("hit 1 of 4, own", "hit 7 of 49, own", "bits", "costs"), "max")
    'found, own noise: 1 of 4, 7 of 49; bits of 12; costs nothing'
    >>> won((), "max")
    'never'
    """
    parts = []
    for noise in ("own", "shared"):
        hits = [
            name.removeprefix("hit ").partition(",")[0]
            for name in columns
            if name.startswith("hit") and name.endswith(f", {noise}")
        ]
        if hits:
            parts.append(f"found, {noise} noise: {', '.join(hits)}")
    headings = {name: heading for group in GROUPS for name, heading, _ in group.columns}
    parts += [headings[name] for name in columns if not name.startswith("hit") and name != "costs"]
    parts += ["costs nothing"] if "costs" in columns else []
    if not parts:
        return "never"
    return ("if its query is known: " if row in table.INFORMED else "") + "; ".join(parts)


# Cases for the tests


def settings() -> list[Setting]:
    """All settings of the chooser."""
    booleans = (False, True)
    return [Setting(*each) for each in product(booleans, booleans, SEEN, booleans)]
