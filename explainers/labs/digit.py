"""The lab of a moving digit: what trained networks make of it, with pooling and without.

The script runs the networks of `explainers.trained.shown`, once their weights are asked for. The
digits, and the first frame, come from here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from explainers.checks import Floats, Ints, refuse
from explainers.operators import shift2d
from explainers.trained import shown
from explainers.trained.digits import CANVAS, MOVES, SIDE, TESTED, TOP, split

BLACK = 16
"""The highest of the whole numbers that say how dark a cell is."""
NETWORKS = {
    "none": ("no pooling", "without pooling"),
    "max": ("max pooling", "with max pooling"),
    "blurred": ("blurred max", "with blurred max pooling"),
}
"""What each network is called, by its pooling, and how a sentence has it."""

_TONES = 8  # of the maps
_RUN = re.compile("0{2,26}")


@dataclass(frozen=True)
class Setting:
    """What the networks see.

    Attributes
    ----------
    digit
        Which digit it is.
    pooling
        Of the network beside the one without.
    dx, dy
        Pixels that it is moved to the right and down.
    seen
        A bit for each move to the right, from the lowest on: whether the answer there is shown.
    drawn
        256 cells, before the move, each a whole number up to `BLACK` in base 17; or nothing for a
        picture of that digit.
    """

    digit: int = 3
    pooling: str = "max"
    dx: int = 1
    dy: int = 0
    seen: int = 0b11
    drawn: str = ""

    def __post_init__(self) -> None:
        if self.digit not in range(10):
            refuse("digit", self.digit, "a whole number in [0, 9]")
        if self.pooling not in NETWORKS or self.pooling == "none":
            refuse("pooling", self.pooling, f"one of {', '.join([*NETWORKS][1:])}")
        if self.dx not in range(MOVES):
            refuse("dx", self.dx, f"a whole number in [0, {MOVES - 1}]")
        if abs(self.dy) > TOP:
            refuse("dy", self.dy, f"a whole number in [-{TOP}, {TOP}]")
        if self.seen not in range(2**MOVES) or not self.seen >> self.dx & 1:
            refuse("seen", self.seen, f"{MOVES} bits, with the one of dx")
        if self.drawn and not re.fullmatch(f"[0-9a-g]{{{CANVAS**2}}}", self.drawn):
            refuse("drawn", self.drawn, f"{CANVAS**2} digits in base {BLACK + 1}")


# ---- What the networks see, and say ----


@cache
def digits() -> Ints:
    """A picture of each digit, the first of its kind among those to test, shape (10, 8, 8).

    >>> digits()[3, 0]
    array([ 0,  1,  8, 10, 14, 10,  0,  0])
    """
    pictures, labels = split(seed=shown.SEED).test
    first = [int(np.argmax(labels == digit)) for digit in range(10)]
    found: Ints = np.rint(BLACK * pictures[first]).astype(np.int64)
    return found


def canvas(setting: Setting) -> Ints:
    """How dark each cell is, shape (16, 16). What a move takes off one side enters on the other.

    >>> canvas(Setting(dx=2, seen=4))[4]
    array([ 0,  0,  0,  1,  8, 10, 14, 10,  0,  0,  0,  0,  0,  0,  0,  0])
    """
    cells = np.zeros((CANVAS, CANVAS), dtype=np.int64)
    if setting.drawn:
        cells[:] = np.reshape([int(sign, BLACK + 1) for sign in setting.drawn], cells.shape)
    else:
        cells[TOP : TOP + SIDE, :SIDE] = digits()[setting.digit]
    moved: Ints = shift2d(cells, setting.dy, setting.dx, mode="circular")
    return moved


def sure(setting: Setting, name: str) -> Floats:
    """How sure a network is of each digit, after each move to the right: shape (9, 10).

    >>> sure(Setting(), "none").argmax(axis=1)[:2]
    array([3, 2])
    """
    moves = [canvas(replace(setting, dx=dx, seen=2**dx)) for dx in range(MOVES)]
    return shown.seen(name, np.stack(moves) / BLACK).sure


def maps(setting: Setting, name: str) -> Floats:
    """The last maps of a network, shape (16, H, W)."""
    found: Floats = shown.seen(name, canvas(setting)[None] / BLACK).maps[0]
    return found


# ---- The page ----


def first_look() -> dict[str, Any]:
    """What the page of the lab is given: the digits, and the first frame."""
    return {
        "element": "digit-lab",
        "frame": frame(Setting()),
        "data": {
            "setting": asdict(Setting()),
            "networks": NETWORKS,
            "digits": [picture.ravel().tolist() for picture in digits()],
        },
    }


def weights() -> str:
    """The script that gives the lab the weights, when it asks for them."""
    return f"Digit.take({shown.text(shown.layers())});\n"


def frame(setting: Setting) -> str:
    """The first frame: the digit, the last maps of both networks, their answers, and a sentence.

    >>> said(Setting()) in frame(Setting())
    True
    """
    names = _both(setting)
    figures = "".join(
        f'<figure class="lab__maps">{_figure(setting, name)}</figure>' for name in names
    )
    return (
        '<div class="lab__stage lab__digit">'
        '<figure class="lab__drawing"><figcaption>the digit</figcaption>'
        f'<svg class="lab__canvas" viewBox="0 0 {CANVAS} {CANVAS}" role="img"'
        f' aria-label="{alt(setting)}">{cells(setting)}</svg></figure>'
        f'<div class="lab__pad"></div>{figures}'
        f'<table class="lab__comb"><caption>{_COMB}</caption>'
        f"<tbody>{comb(setting)}</tbody></table></div>"
        f'<p class="lab__said">{said(setting)}</p><p class="lab__note">{note()}</p>'
    )


_COMB = "answers after moves to the right; the bar above: how sure it is of the true digit"


def _both(setting: Setting) -> tuple[str, str]:
    """The two networks, by their poolings."""
    return "none", setting.pooling


def alt(setting: Setting) -> str:
    """The picture, for somebody who does not see it."""
    return f"{_what(setting)}, on a canvas of {CANVAS} × {CANVAS}"


def cells(setting: Setting) -> str:
    """The picture's inside: what is dark, and a dashed square where all digits lay in training."""
    home = f'<rect class="lab__home" x="0" y="{TOP}" width="{SIDE}" height="{SIDE}"></rect>'
    return _tones([(0, 0, canvas(setting))], BLACK) + home


def _figure(setting: Setting, name: str) -> str:
    """The last maps of a network, four in a row, each tone from the fewest to the largest value."""
    found = maps(setting, name)
    number, side, _ = found.shape
    step = side + side / 8
    levels = np.floor(_TONES * found / (found.max() or 1) + 0.5).astype(np.int64)
    places = [(step * (m % 4), step * (m // 4), levels[m]) for m in range(number)]
    edges = "".join(f"M{x:g} {y:g}h{side}v{side}h-{side}z" for x, y, _ in places)
    whole = f"{4 * step - side / 8:g}"
    label = (
        f"The last {number} maps of the network {NETWORKS[name][1]}: strong colour is a large value"
    )
    return (
        f"<figcaption>{NETWORKS[name][0]}: {number} maps of {side} × {side}</figcaption>"
        f'<svg viewBox="0 0 {whole} {whole}" role="img" aria-label="{label}">'
        f'<path class="lab__edges" d="{edges}"></path>{_tones(places, _TONES)}</svg>'
    )


def _tones(maps: Iterable[tuple[float, float, Ints]], most: int) -> str:
    """A path for each tone above 0: its cells, row by row, in strokes of height 1."""
    paths: dict[int, str] = dict.fromkeys(range(1, most + 1), "")
    for x, y, levels in maps:
        for row, column, run, level in _runs(levels):
            paths[level] += f"M{x + column:g} {y + row + 0.5:g}h{run}"
    return "".join(
        f'<path opacity="{level / most:g}" d="{path}"></path>' for level, path in paths.items()
    )


def _runs(levels: Ints) -> Iterator[tuple[int, int, int, int]]:
    """Where cells of one level begin in a row, how many they are, and the level, if above 0."""
    for row, values in enumerate(levels.tolist()):
        begins = [c for c, value in enumerate(values) if c == 0 or values[c - 1] != value]
        for column, end in zip(begins, [*begins[1:], len(values)], strict=True):
            if values[column]:
                yield row, column, end - column, values[column]


def comb(setting: Setting) -> str:
    """The rows of the table: the moves, and the answers of both networks, as far as seen."""
    here = [' class="w"' if dx == setting.dx else "" for dx in range(MOVES)]
    head = "".join(f'<th scope="col"{mark}>{dx}</th>' for dx, mark in enumerate(here))
    rows = [f'<tr><th scope="row">move</th>{head}</tr>']
    for name in _both(setting):
        found = sure(setting, name)
        answers = (
            _answer(setting.digit, found[dx], dx == setting.dx)
            if setting.seen >> dx & 1
            else "<td></td>"
            for dx in range(MOVES)
        )
        rows.append(f'<tr><th scope="row">{NETWORKS[name][0]}</th>{"".join(answers)}</tr>')
    return "".join(rows)


def _answer(digit: int, found: Floats, here: bool) -> str:
    """How sure it is of the digit, as a bar, and its answer: x if it is wrong, w if it is here."""
    answer = int(found.argmax())
    signs = " ".join(["x"] * (answer != digit) + ["w"] * here)
    sign = f' class="{signs}"' if signs else ""
    return f'<td{sign}><i style="height:{percent(found[digit])}%"></i><b>{answer}</b></td>'


def percent(share: float) -> int:
    """In whole hundredths.

    >>> percent(0.125), percent(0.994)
    (13, 99)
    """
    return math.floor(100 * share + 0.5)


def said(setting: Setting) -> str:
    """What is seen, and what both networks say.

    >>> said(Setting())  # doctest: +ELLIPSIS
    'A 3, moved 1 to the right: the answer is 2 without pooling (...'
    """
    answers = []
    for name in _both(setting):
        found = sure(setting, name)[setting.dx]
        how = f"{NETWORKS[name][1]} ({percent(found.max())} % sure)"
        answers.append(f"{found.argmax()} {how}")
    return f"{_what(setting)}: the answer is {', '.join(answers)}."


def _what(setting: Setting) -> str:
    ways = [
        f"{abs(d)} {forth if d > 0 else back}"
        for d, forth, back in ((setting.dx, "to the right", ""), (setting.dy, "down", "up"))
        if d
    ]
    where = f"moved {' and '.join(ways)}" if ways else "where digits lay in training"
    article = "A drawn" if setting.drawn else "An" if setting.digit == 8 else "A"
    return f"{article} {setting.digit}, {where}"


def note() -> str:
    """What the networks are, and how good."""
    names = ", ".join(name for name, _ in NETWORKS.values())
    at_home, moved = (
        in_words([f"{int(shown.right(name)[move])}" for name in NETWORKS]) for move in (0, 1)
    )
    trained = len(split(seed=shown.SEED).train.labels)
    return (
        f"Trained on {trained:,} digits, all in the dashed square; the last maps are flattened, "
        f"and the weights rounded. Of {TESTED} other digits the rounded networks ({names}) tell "
        f"{at_home} right there, and {moved} one pixel to the right. How sure one is: the "
        "softmax of its ten scores. The canvas wraps round."
    )


def in_words(texts: Sequence[str]) -> str:
    """Texts in a sentence.

    >>> in_words(["1", "2", "3"])
    '1, 2 and 3'
    """
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


# ---- Cases for the tests ----


def cases(number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Settings of the lab, each with what the networks see and say, and what must be shown."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        dx = int(rng.integers(MOVES))
        setting = Setting(
            digit=int(rng.integers(10)),
            pooling=str(rng.choice([*NETWORKS][1:])),
            dx=dx,
            dy=int(rng.integers(-TOP, TOP + 1)),
            seen=int(rng.integers(2**MOVES)) | 2**dx,
            drawn=_scribble(rng) if rng.random() < 0.5 else "",
        )
        yield {
            "state": asdict(setting),
            "cells": cells(setting),
            "maps": [maps(setting, name).ravel().tolist() for name in _both(setting)],
            "sure": [sure(setting, name).tolist() for name in _both(setting)],
            "comb": comb(setting),
            "said": said(setting),
            "part": encoded(setting.drawn),
        }


def _scribble(rng: np.random.Generator) -> str:
    """Some dark cells."""
    levels = np.where(rng.random(CANVAS**2) < 0.15, rng.integers(1, BLACK + 1, CANVAS**2), 0)
    return "".join("0123456789abcdefg"[level] for level in levels)


def encoded(drawn: str) -> str:
    """Cells as a part of an address: B is for two cells of 0 in a row, C for three, up to 26.

    >>> encoded("000g" + 249 * "0" + "1g0")
    'CgZZZZZZZZZO1g0'
    """
    return _RUN.sub(lambda run: chr(ord("A") + len(run[0]) - 1), drawn) or "-"
