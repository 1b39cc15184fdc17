"""What stands around a figure that stands alone: seen whole, apart from it, and not on its page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from explainers import catalogue
from explainers.artefacts import figures
from explainers.drawing import framing, rendering, style
from explainers.drawing.framing import SOURCE, TITLE, frame
from explainers.drawing.rendering import Drawing
from explainers.records import Figure
from tests.drawing import drawn

ADDRESS = "https://host.example/pooling/"
LONG = f"https://{'long.' * 30}example/"
DPI = 144  # so that a point is a whole number of pixels
every_figure = pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)


@cache
def alone(figure: Figure, address: str = ADDRESS) -> Drawing:
    drawing = drawn(figure)
    return replace(drawing, source=figures.source(drawing, address))


def strips(drawing: Drawing, theme: style.Theme = "light") -> list[np.ndarray]:
    """Where there is ink in the PNG: above the drawing, in it, and below it."""
    picture = np.asarray(rendering.picture(drawing, theme, DPI)).astype(int)
    page = tuple(bytes.fromhex(style.PALETTE[theme]["page"][1:]))
    ink = np.abs(picture - page).max(axis=2) > 24
    below = len(ink) - round(drawing.frame.foot * DPI / 72)
    return np.split(ink, [round(drawing.frame.top * DPI / 72), below])


def is_framed(ink: np.ndarray) -> bool:
    """Whether there is ink, and none at the edge."""
    edge = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    return bool(ink.any() and not edge.any())


@every_figure
def test_title_and_source_are_whole_and_apart_from_the_drawing(figure: Figure) -> None:
    drawing = alone(figure)
    assert " ".join(drawing.frame.title) == figure.title
    assert framing.SEPARATOR.join(drawing.frame.source) == drawing.source
    themes = {theme: strips(drawing, theme) for theme in style.PALETTE}
    for title, shown, source in themes.values():
        assert is_framed(title)
        assert shown.any()
        assert is_framed(source)
    bare = strips(replace(drawing, title="", source=""))[1]
    rows = min(len(bare), len(themes["light"][1]))
    assert np.mean(bare[-rows:] != themes["light"][1][-rows:]) < 0.01, (
        "the drawing is what it is without"
    )


@every_figure
def test_the_svg_has_the_same_words_and_size_as_the_png(figure: Figure) -> None:
    drawing = alone(figure)
    root = ET.fromstring(rendering.svg(drawing))
    width, height = (float(root.get(side, "").removesuffix("pt")) for side in ("width", "height"))
    picture = rendering.picture(drawing, dpi=72)
    assert (width, height) == pytest.approx(picture.size, abs=1)
    assert [child.text for child in root[:2]] == [figure.title, f"{drawing.alt} {drawing.source}"]
    outlined = root.findall(".//{*}g[@transform]")
    tops = [float(found[1]) for g in outlined if (found := _PLACE.match(g.get("transform", "")))]
    lines = len(drawing.frame.title), len(drawing.frame.source)
    assert sum(0 < top < drawing.frame.top for top in tops) == lines[0]
    assert sum(height - drawing.frame.foot < top < height for top in tops) == lines[1]


_PLACE = re.compile(r"translate\([\d.-]+ ([\d.-]+)\) scale")


@every_figure
def test_a_page_shows_neither_title_nor_source(figure: Figure) -> None:
    drawing = alone(figure)
    text = "\n".join(ET.fromstring(drawing.svg).itertext())
    assert figure.title not in text
    assert "host.example" not in text
    assert rendering.inline_svg(drawing) == rendering.inline_svg(
        replace(drawing, title="", source="")
    )


def test_the_source_names_site_address_licence_and_whose_photograph_it_is() -> None:
    for figure in catalogue.figures():
        said = alone(figure).source
        assert said.startswith(f"Why pooling? · host.example/pooling/figures/{figure.id}/ · CC BY")
        credit = "hotograph: vultilion, CC BY 2.0, adapted" in drawn(figure).caption
        assert said.endswith("vultilion, CC BY 2.0, adapted" if credit else "CC BY 4.0")


@pytest.mark.parametrize("id", ["or-gate", "voting", "flower-panels"])
def test_an_address_of_any_length_is_shown_whole(id: str) -> None:
    drawing = alone(catalogue.figure(id), LONG)
    assert f"{LONG}figures/{id}/".removeprefix("https://") in "".join(drawing.frame.source)
    assert is_framed(strips(drawing)[2])


def test_lines_break_where_they_may_and_are_about_equally_long() -> None:
    title = "The max moves along, every second of its values does not"
    first, second = frame((331, 200), title, "").title
    assert f"{first} {second}" == title
    assert 0.7 < TITLE.width(first) / TITLE.width(second) < 1.4
    parts = ["Why pooling?", "host.example/figures/voting/", "CC BY 4.0", "Photograph: somebody"]
    lines = frame((200, 200), "", " · ".join(parts)).source
    assert " · ".join(lines) == " · ".join(parts)
    assert len(lines) > 1
    assert max(map(SOURCE.width, lines)) <= 200


def test_nothing_is_added_where_there_is_nothing_to_say() -> None:
    drawing = replace(drawn(catalogue.figure("voting")), title="", source="")
    assert (drawing.frame.top, drawing.frame.foot) == (0, 0)
    assert rendering.picture(drawing, dpi=72).size == pytest.approx(drawing.size, abs=1)


def test_the_canvas_is_what_it_was_before() -> None:
    drawing = alone(catalogue.figure("comb"))  # which has a key
    before = rendering.inline_svg(replace(drawing))
    rendering.svg(drawing)
    rendering.picture(drawing, "dark")
    assert rendering.inline_svg(replace(drawing)) == before
