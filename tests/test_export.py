"""Figures as files, read back by others' readers: as large, and with such words, as asked for."""

from __future__ import annotations

import inspect
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explainers import catalogue
from explainers.artefacts.figures import source
from explainers.drawing import rendering, style
from explainers.drawing.framing import Frame
from explainers.drawing.sheet import room
from explainers.edition import own_address
from explainers.export import save

# One that fills the sheet, and one of squares, which keeps its shape.
SHAPES = ("or-gate", "max-pooling-by-hand")


def opened(path: Path) -> Image.Image:
    """A picture, its file read and closed."""
    with Image.open(path) as picture:
        picture.load()
        return picture


def inches(path: Path, dpi: float = 96) -> tuple[float, float]:
    """Width and height of a file, as another program reads it."""
    if path.suffix == ".png":
        pixels = opened(path).size
        return pixels[0] / dpi, pixels[1] / dpi
    if path.suffix == ".pdf":
        [box] = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", path.read_bytes())
        return float(box[0]) / 72, float(box[1]) / 72
    root = ET.parse(path).getroot()
    width, height = (float(root.get(s, "").removesuffix("pt")) / 72 for s in ("width", "height"))
    return width, height


@pytest.mark.parametrize("id", SHAPES)
@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_a_file_is_as_large_as_asked(id: str, suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"a{suffix}"
    whole: dict[str, Any] = {"abs": 1.5 / 96}
    save(id, target, width="1920px", height="1080px")
    assert inches(target) == pytest.approx((20, 11.25), abs=1e-5)
    save(id, target, width="600px")
    width, height = inches(target)
    assert width == pytest.approx(6.25, abs=1e-5)
    save(id, target, width="1200px")
    assert inches(target) == pytest.approx((2 * width, 2 * height), **whole)
    save(id, target, height="300px")
    assert inches(target)[1] == pytest.approx(3.125, abs=1e-5)
    assert inches(target)[0] / inches(target)[1] == pytest.approx(width / height, rel=0.01)


def test_a_length_in_millimetres_has_as_many_pixels_as_the_resolution_gives(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    save("voting", target, width="127mm", height="76.2mm", dpi=300)
    picture = opened(target)
    assert picture.size == (1500, 900)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.02)


def test_what_a_purpose_asks_for_gives_way_to_what_is_set(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    save("voting", target, purpose="slides")
    assert opened(target).size == (1920, 1080)
    save("voting", target, purpose="web")
    assert opened(target).width == 1200
    save("voting", target, purpose="slides", width="800px")
    assert opened(target).width == 800
    titled = save("voting", target, purpose="paper", dpi=100)
    assert (titled.frame.title, titled.title) == ((), catalogue.figure("voting").title)
    assert inches(target, 100)[0] == pytest.approx(style.NARROW, abs=0.02)  # as it was drawn
    save("or-gate", target, purpose="paper", dpi=100)
    assert inches(target, 100)[0] == pytest.approx(170 / 25.4, abs=0.02)


def ink(path: Path) -> np.ndarray[Any, Any]:
    return np.asarray(opened(path).convert("L")) < 250


def test_what_keeps_its_shape_stands_in_the_middle_and_the_rest_fills_the_sheet(
    tmp_path: Path,
) -> None:
    target = tmp_path / "a.png"
    for id, filled in zip(SHAPES, (True, False), strict=True):
        save(id, target, width="1600px", height="600px", title="", credit="")
        columns = np.flatnonzero(ink(target).any(axis=0))
        left, right = columns[0], 1599 - columns[-1]
        assert (max(left, right) < 60) == filled
        assert abs(left - right) < 100
    save("or-gate", target, width="600px", height="1200px", title="", credit="")
    rows = np.flatnonzero(ink(target).any(axis=1))
    assert rows[0] < 60
    assert rows[-1] > 1140


def test_words_and_lines_grow_within_the_picture_each_by_itself(tmp_path: Path) -> None:
    """As the SVG says: sizes of outlines and of strokes, in its own units."""

    def drawn(**look: Any) -> tuple[float, float, float]:
        target = tmp_path / "a.svg"
        save("voting", target, title="", **look)
        text = target.read_text(encoding="utf-8")
        unit = inches(target)[0] / float(text.partition('viewBox="0 0 ')[2].partition(" ")[0])
        letters = {float(found) for found in re.findall(r"scale\(([\d.]+) -", text)}
        strokes = {float(found) for found in re.findall(r"stroke-width: ([\d.]+)", text)}
        return inches(target)[0], max(letters) * unit, max(strokes) * unit

    width, letters, strokes = drawn()
    assert drawn(font_scale=1.5) == pytest.approx((width, 1.5 * letters, strokes), rel=1e-4)
    assert drawn(line_scale=2.0) == pytest.approx((width, letters, 2 * strokes), rel=1e-4)
    wide = f"{2 * width * 25.4:.6f}mm"
    assert drawn(width=wide) == pytest.approx((2 * width, 2 * letters, 2 * strokes), rel=1e-4)
    assert drawn(width=wide, font_scale=0.5, line_scale=0.5) == pytest.approx(
        (2 * width, letters, strokes), rel=1e-4
    )


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_as_it_is_a_file_is_the_one_that_the_site_offers(tmp_path: Path, suffix: str) -> None:
    """To the byte: drawn once, and laid out for no other room."""
    drawing = catalogue.figure("or-gate")()
    drawing = replace(drawing, source=source(drawing, own_address()))
    offered = {
        ".svg": rendering.svg(drawing),
        ".png": rendering.png(rendering.picture(drawing)),
        ".pdf": rendering.pdf(drawing),
    }
    save("or-gate", tmp_path / f"a{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == offered[suffix]


def test_a_clear_page_shows_through_and_what_is_drawn_does_not(tmp_path: Path) -> None:
    for theme in style.PALETTE:
        clear, solid = tmp_path / "clear.png", tmp_path / "solid.png"
        save("or-gate", clear, transparent=True, theme=theme)
        save("or-gate", solid, theme=theme)
        opacity = np.asarray(opened(clear).getchannel("A"))
        assert (opacity == 0).mean() > 0.5
        assert opacity.max() == 255
        page = Image.new("RGBA", opened(clear).size, style.PALETTE[theme]["page"])
        page.alpha_composite(opened(clear))
        apart = np.abs(np.asarray(page.convert("RGB")).astype(int) - np.asarray(opened(solid)))
        assert apart.max() <= 3  # on the theme's page, it is the same picture
    save("or-gate", tmp_path / "a.svg", transparent=True, theme="dark")
    assert style.PALETTE["dark"]["page"] not in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_title_and_credit_are_what_is_set_or_left_out(tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    own = save("voting", target)
    assert own.frame.title == (own.title,)
    assert "figures/voting/" in own.source
    said = save("voting", target, title="My lecture", credit="After “Why pooling?”, CC BY 4.0")
    assert said.frame.title == ("My lecture",)
    assert said.frame.source == ("After “Why pooling?”, CC BY 4.0",)
    assert ET.parse(target).getroot()[0].text == own.title  # what it is stays what it is
    bare = save("voting", target, title="", credit="")
    assert bare.frame.title + bare.frame.source == ()
    assert inches(target)[1] == pytest.approx(bare.size[1] / 72)


def test_nothing_is_written_where_something_is_wrong(tmp_path: Path) -> None:
    for wrong in (
        {"settings": {"units": 0}},
        {"settings": {"wings": 2}},
        {"width": "12"},
        {"width": 12},
        {"line_scale": 3},
        {"theme": "sepia"},
        {"title": "two\nlines"},
        {"dpi": 7},
        {"width": "1900mm", "dpi": 1200},
    ):
        with pytest.raises(ValueError, match=r" must be | has no | would be "):
            save("or-gate", tmp_path / "a.png", **wrong)
    with pytest.raises(LookupError, match="did you mean or-gate"):
        save("or-gat", tmp_path / "a.png")
    with pytest.raises(ValueError, match="there is no folder"):
        save("or-gate", tmp_path / "b" / "a.png")
    (tmp_path / "c.png").mkdir()
    with pytest.raises(ValueError, match="is a folder"):
        save("or-gate", tmp_path / "c.png")
    assert [path.name for path in tmp_path.iterdir()] == ["c.png"]


def test_words_that_leave_no_room_are_refused(tmp_path: Path) -> None:
    for id, scale in (("roc-curves", 2.0), ("unchanged-table", 1.4)):  # nothing left; a title cut
        with pytest.raises(ValueError, match="no room for words so large: set a smaller font"):
            save(id, tmp_path / "a.png", font_scale=scale)
    assert list(tmp_path.iterdir()) == []


def test_the_function_says_what_it_takes() -> None:
    signature = inspect.signature(save)
    assert [p.name for p in signature.parameters.values()][:2] == ["figure", "output"]
    assert {p.kind for p in [*signature.parameters.values()][2:]} == {
        inspect.Parameter.KEYWORD_ONLY
    }
    for name in signature.parameters:
        assert re.search(rf"\b{name}\b", save.__doc__ or ""), name


@pytest.mark.parametrize("width", [None, 150.0, 600.0])
@pytest.mark.parametrize("height", [None, 100.0, 900.0])
def test_the_room_on_a_sheet_holds_the_drawing(width: float | None, height: float | None) -> None:
    least = Frame(300, 200, ("A title",), ("A source",))
    given = room(least, width, height)
    assert given.width >= 300 - 1e-9
    assert given.height >= least.full - 1e-9
    assert min(given.width - 300, given.height - least.full) == pytest.approx(0, abs=1e-9)
    for side, taken in ((width, given.width), (height, given.height)):
        assert side is None or side == pytest.approx(given.scale * taken)


@pytest.mark.slow
@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_every_figure_becomes_a_slide(figure: Any, tmp_path: Path) -> None:
    quick = {name: 8 for name in ("draws", "maps") if name in figure.parameters}
    target = tmp_path / "a.pdf"
    save(figure.id, target, settings=quick, purpose="slides", font_scale=0.95)
    assert inches(target) == pytest.approx((10, 5.625))
