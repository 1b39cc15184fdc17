"""Words in figures touch nothing: no other words, no curve, no edge, whatever is drawn.

Each figure is drawn as it is and at both ends of each of its parameters, and measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.legend import Legend
from matplotlib.text import Text

from explainers import catalogue
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing, inline_svg
from explainers.records import Figure
from tests.drawing import ENDS, drawn

SMALLEST, WIDEST = 9.0, 332.0  # points: of words, and of a panel on a phone
ROOM = 1.0  # points by which the boxes of two texts may overlap: there is air in them
NEAR = 1.0  # points by which a curve may enter a text's box: letters do not fill it
DPI = 72  # so that a dot is a point

# What may be so, with the reason; by figure and kind of fault. None is at present.
ALLOWED: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_words_touch_nothing_and_can_be_read(figure: Figure) -> None:
    ends = [{name: end} for each, name, end in ENDS if each is figure]
    found: dict[str, dict[str, list[str]]] = {}
    for settings in ({}, *ends):
        for kind, fault in _faults(drawn(figure, **settings)):
            found.setdefault(kind, {}).setdefault(str(settings), []).append(fault)
    passed = {kind for id, kind in ALLOWED if id == figure.id}
    assert {kind: where for kind, where in found.items() if kind not in passed} == {}
    assert passed - set(found) == set(), "mended: delete its line above"


def _faults(drawing: Drawing) -> Iterator[tuple[str, str]]:
    for panel in drawing.panels:
        if panel.width > WIDEST:
            yield "wide", f"{panel.width:.0f} points"
    canvas = drawing.canvas
    before, canvas.dpi = canvas.dpi, DPI
    with style.applied():
        yield from _measured(canvas)
    canvas.dpi = before


def _measured(canvas: Any) -> Iterator[tuple[str, str]]:
    renderer = FigureCanvasAgg(canvas).get_renderer()  # type: ignore[no-untyped-call]
    for key in _keys(canvas):
        key.draw(renderer)  # which places its words; all others are in their places
    boxes = {text: _box(text, renderer) for text in _texts(canvas)}
    for text in boxes:
        if float(text.get_fontsize()) < SMALLEST or _has_small_letters(text):
            yield "small", text.get_text()
    width, height = canvas.get_size_inches() * DPI
    for text, (left, bottom, right, top) in boxes.items():
        if left < -ROOM or bottom < -ROOM or right > width + ROOM or top > height + ROOM:
            yield "outside", text.get_text()
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        if _meet(a, b):
            yield "text", f"{one.get_text()!r} and {other.get_text()!r}"
    for axes in canvas.axes:
        lines = [_points(line) for line in axes.lines if line.get_visible()]
        frame = axes.get_window_extent(renderer)
        aside = _of_ticks(axes)
        for text, box in boxes.items():
            own = text.axes is axes and text not in aside
            if own and any(_enters(points, box, frame.extents) for points in lines):
                yield "curve", text.get_text()


def _texts(canvas: Any) -> list[Text]:
    """All words that are seen."""
    keys = _keys(canvas)
    found = [*canvas.texts, *(text for key in keys for text in [key.get_title(), *key.get_texts()])]
    for each in (each for each in canvas.axes if each.get_visible()):
        found += [*each.texts, each.title, each._left_title, each._right_title]
        if each.axison:
            found += [text for axis in (each.xaxis, each.yaxis) for text in _of_axis(axis)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _keys(canvas: Any) -> list[Legend]:
    return [*canvas.legends, *(key for axes in canvas.axes if (key := axes.get_legend()))]


def _of_axis(axis: Any) -> list[Text]:
    """An axis's label and the labels of its ticks: of those that lie on it."""
    if not axis.get_visible():
        return []
    ticks = [text for tick in axis._update_ticks() for text in (tick.label1, tick.label2)]
    return [axis.label, axis.offsetText, *ticks]


def _of_ticks(axes: Axes) -> set[Text]:
    return {*axes.get_xticklabels(), *axes.get_yticklabels()}


def _has_small_letters(text: Text) -> bool:
    """Whether there are indices or exponents, which are smaller than what they belong to."""
    words = text.get_text()
    return "$" in words and any(mark in words for mark in "^_")


def _box(text: Text, renderer: Any) -> tuple[float, ...]:
    """The words' box in points; an annotation's is that of its words without its arrow."""
    return tuple(Text.get_window_extent(text, renderer).extents)


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    across, along = (min(a[i + 2], b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    return min(across, along) > ROOM


def _points(line: Any) -> np.ndarray[Any, Any]:
    """Points along a line, less than a point apart; its marks alone where it has no strokes."""
    points = np.asarray(line.get_transform().transform(line.get_xydata()), float)
    if len(points) < 2 or line.get_linestyle() in ("None", "none", ""):
        return points
    pieces = [
        np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 0.8)))
        for a, b in pairwise(points)
        if np.isfinite([a, b]).all() and np.hypot(*(b - a)) < 1e5
    ]
    return np.concatenate(pieces) if pieces else points[:0]


def _enters(points: np.ndarray[Any, Any], box: tuple[float, ...], frame: Any) -> bool:
    left, bottom, right, top = box
    inside = (points > [left + NEAR, bottom + NEAR]) & (points < [right - NEAR, top - NEAR])
    seen = (points >= frame[:2] - 1) & (points <= frame[2:] + 1)
    return bool((inside & seen).all(axis=1).any())


def test_a_fault_of_each_kind_is_found() -> None:
    with style.applied():
        canvas, axes = style.canvas()
        axes.plot([0, 1], [0, 1])
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.set_xticks([0, 1], ["$10^9$", "one"])
        axes.text(0.5, 0.5, "on the curve")
        axes.text(0.5, 0.52, "on words")
        axes.text(1.3, 0.2, "off")
        axes.text(0.8, 0.2, "tiny", fontsize=7)
        canvas.draw_without_rendering()
    assert {kind for kind, _ in _measured(canvas)} == {"curve", "text", "outside", "small"}


def test_a_legend_is_words_too() -> None:
    with style.applied():
        canvas, axes = style.canvas()
        axes.plot([0, 1], [0, 1], label="a name that is long")
        axes.legend(loc="center")
        canvas.draw_without_rendering()
    assert "curve" in {kind for kind, _ in _measured(canvas)}


@pytest.mark.parametrize(("slope", "keys"), [(0.2, 0), (0.999, 1)])
def test_names_that_find_no_place_stand_in_a_key(slope: float, keys: int) -> None:
    with style.applied():
        canvas, axes = style.canvas()
        for name, end in (("one", 1.0), ("other", slope)):
            axes.plot([0, 1], [0, end], label=name)
        labels.name_curves(canvas)
    assert len(canvas.legends) == keys
    assert len(axes.texts) == (0 if keys else 2)
    drawing = Drawing(canvas, {}, {}, "curves")
    assert inline_svg(drawing).count("plot__key") == keys, "nothing stands beside a key"
    assert not list(_faults(drawing))
