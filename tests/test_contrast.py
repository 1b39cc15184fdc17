"""Words on filled cells and pictures, measured by the colours that are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from explainers import catalogue
from explainers.drawing import rendering, style
from explainers.drawing.rendering import Drawing
from explainers.drawing.style import PALETTE, Theme
from explainers.records import Figure
from tests.colours import contrast
from tests.drawing import drawn

DPI = 72


class Word(NamedTuple):
    text: str
    colour: str
    box: Bbox


def words(drawing: Drawing) -> Iterator[Word]:
    """What is written in a drawing, in its light colours, and where; it is hidden afterwards."""
    assert drawing.panels  # everything is in its place now
    drawing.canvas.dpi = DPI
    renderer = FigureCanvasAgg(drawing.canvas).get_renderer()  # type: ignore[no-untyped-call]
    for text in drawing.canvas.findobj(Text):
        assert isinstance(text, Text)
        if text.get_text().strip() and text.get_visible() and text.get_path_effects() == []:
            text.get_window_extent(renderer)  # an annotation finds its place
            box = Text.get_window_extent(text, renderer)  # without its arrow
            yield Word(text.get_text(), to_hex(text.get_color()), box)
        text.set_alpha(0)


def contrasts(figure: Figure, theme: Theme) -> dict[str, float]:
    """The contrast of each word to the colour that most of it lies on."""
    drawing = drawn(figure)
    there = list(words(drawing))
    picture = np.asarray(rendering.picture(drawing, theme, DPI))
    roles = {colour: role for role, colour in PALETTE["light"].items()}
    measured: dict[str, float] = {}
    for word in there:
        left, bottom, right, top = (round(side) for side in word.box.extents)
        under = picture[len(picture) - top : len(picture) - bottom, max(left, 0) : right]
        if under.size:
            written = PALETTE[theme].get(roles.get(word.colour, ""), word.colour)
            measured[word.text] = min(
                contrast(written, to_hex(np.median(under, axis=(0, 1)) / 255)),
                measured.get(word.text, 21.0),
            )
    return measured


@pytest.mark.parametrize("theme", PALETTE)
@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_words_are_legible_on_what_they_lie_on(figure: Figure, theme: Theme) -> None:
    low = {word: round(ratio, 2) for word, ratio in contrasts(figure, theme).items() if ratio < 4.5}
    assert low == {}


@pytest.mark.parametrize("role", ["ink", "max", "mean", "single", "known"])
def test_the_house_chooses_ink_that_is_legible_on_a_role(role: str) -> None:
    for opacity in np.linspace(0, style.legible_opacity(role), 20):
        for palette in PALETTE.values():
            assert contrast(palette["ink"], _over(palette, role, opacity)) > 4.45
        assert style.on_fill(role, opacity) == style.colour("ink")
    assert style.on_fill(role) == style.colour("page")


def test_contrast_is_that_of_wcag() -> None:
    for pair in (("#000000", "#ffffff"), ("#ffffff", "#767676"), ("#b8390e", "#14171d")):
        assert style.contrast(*pair) == pytest.approx(contrast(*pair), rel=1e-12)


def _over(palette: dict[str, str], role: str, opacity: float) -> str:
    over, under = (np.array(to_rgba(palette[name])) for name in (role, "page"))
    red, green, blue, _ = opacity * over + (1 - opacity) * under
    return to_hex((red, green, blue))
