from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from explainers import rendering, style
from explainers.records import Drawing, figure


@figure(title="Points", caption="Two *points* at {x}. And more.", alt="Two points at {x}.")
def points() -> Drawing:
    canvas, axes = style.canvas(height=2)
    axes.plot([0, 1], [0, 1], "o-", color=style.colour("max"))
    axes.fill_between([0, 1], [0, 1], color=style.colour("mean"), alpha=0.5)
    return Drawing(canvas, {"x": [0, 1], "name": ["a", "b, c"], "y": [0.1 + 0.2, 1]}, {"x": 1})


def test_the_same_drawing_gives_the_same_bytes() -> None:
    for make in (rendering.svg, rendering.png, rendering.table):
        assert make(rendering.draw(points)) == make(rendering.draw(points))
    first, second = (rendering.inline_svg(rendering.draw(points)) for _ in range(2))
    assert first == second


def test_a_stand_alone_svg_says_what_it_shows_and_has_its_theme() -> None:
    for theme, colours in style.PALETTE.items():
        text = rendering.svg(rendering.draw(points, theme)).decode()
        root = ET.fromstring(text)
        assert [child.text for child in root[:2]] == ["Two *points* at 1", "Two points at 1."]
        assert colours["max"] in text
        assert colours["page"] in text
        other = style.PALETTE["dark" if theme == "light" else "light"]
        assert other["max"] not in text
        assert other["muted"] not in text


def test_an_inline_svg_takes_its_colours_from_the_page() -> None:
    text = rendering.inline_svg(rendering.draw(points))
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Two points at 1."
    assert root.get("viewBox")
    assert root.get("width") is None
    assert f"var(--plot-max, {style.PALETTE['light']['max']})" in text
    assert not re.search(r"(?<!, )#[0-9a-f]{6}\b", text)
    assert "<style" not in text
    assert "metadata" not in text
    assert "DejaVu" not in text


def test_ids_carry_the_figures_name_and_lead_somewhere() -> None:
    root = ET.fromstring(rendering.inline_svg(rendering.draw(points)))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    text = ET.tostring(root).decode()
    used = set(re.findall(r'(?:url\(#|href="#)([\w.-]+)', text))
    assert ids
    assert set(ids) == used
    assert all(str(name).startswith("points-") for name in ids)


def test_a_png_is_as_large_as_asked() -> None:
    for dpi in (100, 200):
        picture = Image.open(io.BytesIO(rendering.png(rendering.draw(points), dpi)))
        assert picture.size == (round(7.2 * dpi), 2 * dpi)
        assert "Software" not in picture.info
    dark = Image.open(io.BytesIO(rendering.png(rendering.draw(points, "dark"), 50))).convert("RGB")
    assert "#{:02x}{:02x}{:02x}".format(*np.asarray(dark)[0, 0]) == style.PALETTE["dark"]["page"]


def test_a_table_is_csv() -> None:
    assert rendering.table(rendering.draw(points)).decode() == 'x,name,y\n0,a,0.3\n1,"b, c",1\n'


def test_columns_of_unequal_length_are_an_error() -> None:
    drawing = Drawing(rendering.draw(points).canvas, {"x": [1], "y": [1, 2]}, {})
    with pytest.raises(ValueError, match="longer"):
        rendering.table(drawing)


def test_a_notebook_shows_the_figure_with_its_caption() -> None:
    text = rendering.draw(points)._repr_html_()
    assert text.startswith('<figure class="plot">')
    assert "<figcaption>Two points at 1. And more.</figcaption>" in text
    assert 'aria-label="Two points at 1."' in text


def test_matplotlibs_settings_are_left_as_they_were() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    rendering.svg(rendering.draw(points, "dark"))
    assert dict(mpl.rcParams) == before
