"""Whether the words of a figure can be read: as wide as a phone, large, apart, and in contrast."""

from __future__ import annotations

import itertools
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from explainers import style
from explainers.rendering import Drawing

PHONE = 331.3  # points
SMALLEST = 9  # points


def assert_legible(drawing: Drawing) -> None:
    """Each panel fits a phone; no words are small, on other words, or off the drawing."""
    assert [box.width for box in drawing.panels if box.width > PHONE] == []
    canvas = FigureCanvasAgg(drawing.canvas)
    with style.applied():
        canvas.draw()  # type: ignore[no-untyped-call]
        renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
        words = [(t, t.get_window_extent(renderer)) for t in _words(drawing)]
    assert {t.get_text() for t, _ in words if t.get_fontsize() < SMALLEST} == set()
    hits = [
        (a.get_text(), b.get_text())
        for (a, x), (b, y) in itertools.combinations(words, 2)
        if x.x0 < y.x1 and y.x0 < x.x1 and x.y0 < y.y1 and y.y0 < x.y1
    ]
    assert hits == []
    outside = [t.get_text() for t, box in words if box.x0 < 0 or box.y0 < 0]
    assert outside == []


def _words(drawing: Drawing) -> list[Any]:
    """All that is written, but for ticks beyond the ends of their axis."""
    beyond = set()
    for axes in drawing.canvas.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * (high - low)
            for tick in axis.get_major_ticks():
                if not low - slack <= tick.get_loc() <= high + slack:
                    beyond |= {tick.label1, tick.label2}
    found = drawing.canvas.findobj(Text)
    return [t for t in found if t.get_visible() and t.get_text().strip() and t not in beyond]


def least_contrast_on_cells(drawing: Drawing, theme: style.Theme) -> float:
    """The least contrast of words inside filled rectangles to what they stand on."""
    new = {value: style.PALETTE[theme][role] for role, value in style.PALETTE["light"].items()}

    def seen(colour: Any) -> str:
        return new["#{:02x}{:02x}{:02x}".format(*(round(255 * c) for c in to_rgb(colour)))]

    page = to_rgb(style.PALETTE[theme]["page"])
    found = [
        _contrast(to_rgb(seen(text.get_color())), _over(to_rgb(seen(face)), to_rgba(face)[3], page))
        for axes in drawing.canvas.axes
        for text in axes.texts
        for cell in axes.patches
        if isinstance(cell, Rectangle) and cell.get_fill() and text.get_text()
        if cell.get_bbox().contains(*text.get_position())
        for face in [cell.get_facecolor()]
    ]
    return min(found)


def _over(colour: Any, opacity: float, page: Any) -> tuple[float, ...]:
    return tuple(opacity * c + (1 - opacity) * p for c, p in zip(colour, page, strict=True))


def _contrast(one: Any, other: Any) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Any) -> float:
    red, green, blue = (
        float(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
