from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET
from typing import Annotated

import numpy as np
import pytest
from PIL import Image

from explainers import rendering, style
from explainers.records import Number, figure
from explainers.rendering import Drawing


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


@figure(title="A picture", caption="Noise.", alt="Noise, opaque or half transparent.")
def picture(opacity: Annotated[float, Number(0, 1, "opacity")] = 1.0) -> Drawing:
    canvas, axes = style.canvas(height=3)
    noise = np.random.default_rng(0).random((300, 300, 3))
    axes.imshow(np.dstack([noise, np.full((300, 300), opacity)]))
    return Drawing(canvas, {"x": [0]}, {})


def test_photographs_in_an_svg_are_small_and_transparency_stays() -> None:
    opaque, clear = (rendering.svg(rendering.draw(picture, opacity=o)) for o in (1.0, 0.5))
    [jpeg] = re.findall(rb'"data:image/jpeg;base64,([^"]+)"', opaque)
    shown = Image.open(io.BytesIO(base64.b64decode(jpeg)))
    assert shown.format == "JPEG"
    assert min(shown.size) > 300
    assert b"data:image/jpeg" not in clear
    assert b"data:image/png" in clear
    assert len(opaque) < len(clear) / 2
