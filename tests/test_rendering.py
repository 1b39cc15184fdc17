from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explainers.drawing import rendering, style
from explainers.drawing.rendering import Drawing
from tests.drawings import picture, png, points

ROOT = Path(__file__).parents[1]


def test_the_same_drawing_gives_the_same_bytes() -> None:
    for make in (rendering.svg, rendering.pdf, png, rendering.table):
        assert make(points()) == make(points())
    first, second = (rendering.inline_svg(points()) for _ in range(2))
    assert first == second


def test_a_stand_alone_svg_says_what_it_shows_and_has_its_theme() -> None:
    for theme, colours in style.PALETTE.items():
        text = rendering.svg(points(), theme).decode()
        root = ET.fromstring(text)
        assert [child.text for child in root[:2]] == ["Points", "Two points at 1."]
        assert colours["max"] in text
        assert colours["page"] in text
        other = style.PALETTE["dark" if theme == "light" else "light"]
        assert other["max"] not in text
        assert other["muted"] not in text


def test_an_inline_svg_takes_its_colours_from_the_page() -> None:
    text = rendering.inline_svg(points())
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Two points at 1."
    assert root.get("viewBox")
    assert root.get("width") is None
    assert f"var(--plot-max, {style.PALETTE['light']['max']})" in text
    assert not re.search(r"(?<!, )#[0-9a-f]{6}\b", text)
    assert "<style" not in text
    assert "<g>" not in text  # a group that says nothing
    assert "metadata" not in text
    assert not re.search("DejaVu|Pooling", text)
    assert "font-family: inherit" in text


def test_ids_carry_the_figures_name_and_lead_somewhere() -> None:
    root = ET.fromstring(rendering.inline_svg(points()))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    text = ET.tostring(root).decode()
    used = set(re.findall(r'(?:url\(#|href="#)([\w.-]+)', text))
    assert ids
    assert set(ids) == used
    assert all(str(name).startswith("points-") for name in ids)


def test_a_png_is_as_large_as_asked() -> None:
    for dpi in (100, 200):
        drawing = points()
        picture = Image.open(io.BytesIO(png(drawing, dpi=dpi)))
        bare = rendering.bare(picture, drawing)
        assert bare.size == (round(style.NARROW * dpi), 2 * dpi)
        assert picture.size == (bare.width, round((144 + drawing.frame.top) * dpi / 72))
        assert picture.info["dpi"] == pytest.approx((dpi, dpi), abs=0.02)
        assert set(picture.info) == {"dpi"}
    dark = rendering.picture(points(), "dark", 50)
    assert "#{:02x}{:02x}{:02x}".format(*np.asarray(dark)[0, 0]) == style.PALETTE["dark"]["page"]


def test_the_dark_forms_differ_from_the_light_ones_in_their_colours_alone() -> None:
    """Drawn anew with the dark palette, a figure must look as its exchanged form does."""
    drawing = points()
    light, dark = style.PALETTE["light"], style.PALETTE["dark"]
    exchanged = rendering.svg(drawing).decode()
    for role, value in light.items():
        exchanged = exchanged.replace(value, f"<{role}>")
    for role, value in dark.items():
        exchanged = exchanged.replace(f"<{role}>", value)
    assert rendering.svg(drawing, "dark").decode() == exchanged


def test_a_picture_in_the_dark_is_what_the_dark_palette_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exchanged = png(points(), "dark")
    monkeypatch.setitem(style.PALETTE, "light", style.PALETTE["dark"])
    assert png(points()) == exchanged


def test_a_picture_is_the_same_before_and_after_its_dark_form() -> None:
    drawing = points()
    before = png(drawing)
    png(drawing, "dark")
    assert png(drawing) == before


def columns(count: int, **keys: Any) -> rendering.Drawing:
    figure, panels = style.canvas(count)
    for panel in np.atleast_1d(panels):
        panel.plot([0, 1], label="line")
    if keys:
        figure.legend(handles=np.atleast_1d(panels)[0].lines, **keys)
    return rendering.Drawing(figure, {}, {}, alt="Lines.")


def test_each_panel_is_a_drawing_of_its_own() -> None:
    drawing = columns(3)
    assert len(drawing.panels) == 3
    assert drawing.panels[0].left == 0
    assert sum(box.width for box in drawing.panels) == pytest.approx(72 * style.WIDE)
    first, *others = re.findall(r"<svg.*?</svg>", rendering.inline_svg(drawing), re.DOTALL)
    assert 'aria-label="Lines."' in first
    assert len(others) == 2
    assert all('aria-hidden="true"' in panel for panel in others)
    words = [re.findall(r"<text", panel) for panel in (first, *others)]
    assert len({len(found) for found in words}) == 1
    assert len(words[0]) >= 8  # the tick labels of both axes
    assert drawing.svg.count("<text") == sum(map(len, words))


def test_a_key_of_all_panels_stands_above_them() -> None:
    drawing = columns(2, loc="outside upper center")
    key, *panels = drawing.panels
    assert key.top == 0
    assert [box.top for box in panels] == [key.height] * 2
    assert rendering.inline_svg(drawing).count("<svg") == 3
    with pytest.raises(ValueError, match="a key of all panels must stand above them"):
        _ = columns(2, loc="outside lower center").panels


def test_columns_of_a_table_stay_together() -> None:
    assert len(columns(6).panels) == 1
    assert len(columns(1).panels) == 1


def test_thumbnails_are_small() -> None:
    drawing = points()
    small = rendering.thumbnail(rendering.bare(rendering.picture(drawing), drawing))
    assert Image.open(io.BytesIO(small)).size == (480, round(480 * 2 / style.NARROW))
    assert len(small) < 15_000


def test_palettes_can_be_exchanged() -> None:
    for palette in style.PALETTE.values():
        assert len(set(palette.values())) == len(palette)
    assert set(style.PALETTE["light"]) == set(style.PALETTE["dark"])


HOSTILE = """
text.usetex: True
svg.image_inline: False
svg.fonttype: path
image.origin: lower
lines.marker: o
lines.linestyle: --
font.weight: bold
font.family: serif
savefig.bbox: tight
savefig.transparent: True
savefig.dpi: 37
figure.dpi: 33
figure.autolayout: True
figure.constrained_layout.use: True
axes.titley: 0.5
axes.labelsize: 20
axes.grid.which: both
axes.xmargin: 0.4
axes.formatter.use_locale: True
axes.unicode_minus: False
xtick.labelcolor: pink
xtick.minor.visible: True
ytick.direction: in
path.sketch: 1, 100, 2
pdf.fonttype: 3
pdf.compression: 0
pdf.use14corefonts: True
patch.force_edgecolor: True
errorbar.capsize: 9
hist.bins: 3
legend.fancybox: False
legend.loc: center
contour.linewidth: 5
scatter.marker: x
image.cmap: jet
agg.path.chunksize: 10
mathtext.default: rm
"""


def test_a_readers_settings_of_matplotlib_change_no_byte(tmp_path: Path) -> None:
    script = """
import sys
from tests.drawings import picture, png, points
from explainers import catalogue
from explainers.drawing import rendering
for figure in (points, picture, catalogue.figure("or-gate"), catalogue.figure("flower-panels")):
    drawing = figure()
    for made in (rendering.svg(drawing, "dark"), png(drawing, dpi=50), rendering.pdf(drawing),
                 rendering.table(drawing), drawing._repr_html_().encode()):
        sys.stdout.buffer.write(made)
"""

    def drawn(**variables: str) -> bytes:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | variables,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    plain = drawn()
    assert len(plain) > 100_000
    (tmp_path / "home/.config/matplotlib").mkdir(parents=True)
    (tmp_path / "home/.config/matplotlib/matplotlibrc").write_text(HOSTILE)
    assert (
        drawn(HOME=str(tmp_path / "home"), XDG_CONFIG_HOME=str(tmp_path / "home/.config")) == plain
    )
    assert drawn(PYTHONHASHSEED="3", SOURCE_DATE_EPOCH="1", TZ="Asia/Tokyo") == plain
    assert drawn(MATPLOTLIBRC=str(tmp_path / "home/.config/matplotlib")) == plain
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    assert drawn() == plain


def test_a_pdf_is_a_page_of_the_pictures_size_with_its_type_and_no_date_in_it() -> None:
    drawing = points()
    content = rendering.pdf(drawing)
    [box] = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content)
    shown = rendering.picture(drawing, dpi=72)
    assert [float(side) for side in box] == pytest.approx(shown.size, abs=1)
    assert b"/Title (Points)" in content
    assert b"/Subject (Two points at 1.)" in content
    assert not re.search(rb"Date|Producer|Creator", content)
    assert b"/FontFile2" in content  # TrueType, as publishers ask
    assert b"/Subtype /Type3" not in content


def test_a_pdf_in_the_dark_has_the_dark_palettes_colours() -> None:
    """Its operators say each colour in three numbers from 0 to 1."""
    for theme, colours in style.PALETTE.items():
        content = b"".join(streams(rendering.pdf(points(), theme)))
        drawn = " ".join(content.decode("latin-1").split())
        other = style.PALETTE["dark" if theme == "light" else "light"]
        assert said(colours["max"]) in drawn
        assert said(colours["muted"]) in drawn
        assert said(other["max"]) not in drawn
        assert (said(style.PALETTE["dark"]["page"]) in drawn) == (theme == "dark")


def streams(pdf: bytes) -> list[bytes]:
    """The parts of a PDF that draw, unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return [zlib.decompressobj().decompress(part) for part in packed if part[:1] == b"x"]


def said(colour: str) -> str:
    """A colour as a PDF has it."""
    parts = [f"{part / 255:.10f}" for part in bytes.fromhex(colour[1:])]
    return " ".join(part.rstrip("0").rstrip(".") for part in parts)


def test_the_order_of_drawing_changes_no_byte() -> None:
    first = [rendering.svg(figure()) for figure in (points, picture, points)]
    second = [rendering.svg(figure()) for figure in (picture, points, picture)]
    assert first[:2] == [second[1], second[0]]
    assert first[0] == first[2]


def test_a_table_is_csv() -> None:
    assert rendering.table(points()).decode() == 'x,name,y\n0,a,0.3\n1,"b, c",1\n'


def test_columns_of_unequal_length_are_an_error() -> None:
    drawing = Drawing(points().canvas, {"x": [1], "y": [1, 2]}, {})
    with pytest.raises(ValueError, match="x has 1, y has 2"):
        rendering.table(drawing)


def test_a_cell_is_empty_where_there_is_no_value_and_never_nan() -> None:
    drawing = Drawing(points().canvas, {"x": [1, None]}, {})
    assert rendering.table(drawing) == b'x\n1\n""\n'
    for bad in (float("nan"), float("inf"), np.float64("nan")):
        with pytest.raises(ValueError, match="x must be finite numbers"):
            rendering.table(Drawing(points().canvas, {"x": [1, bad]}, {}))


def test_a_notebook_shows_the_figure_with_its_caption() -> None:
    text = points()._repr_html_()
    assert text.startswith('<figure class="plot">')
    assert "<figcaption>Two points at 1. And more.</figcaption>" in text
    assert 'aria-label="Two points at 1."' in text


def test_matplotlibs_settings_are_left_as_they_were() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    rendering.svg(points(), "dark")
    assert dict(mpl.rcParams) == before


def test_photographs_in_an_svg_are_small_and_transparency_stays() -> None:
    opaque, clear = (rendering.svg(picture(opacity=o)) for o in (1.0, 0.5))
    [jpeg] = re.findall(rb'"data:image/jpeg;base64,([^"]+)"', opaque)
    shown = Image.open(io.BytesIO(base64.b64decode(jpeg)))
    assert shown.format == "JPEG"
    assert min(shown.size) > 300
    assert b"data:image/jpeg" not in clear
    assert b"data:image/png" in clear
    assert len(opaque) < len(clear) / 2
