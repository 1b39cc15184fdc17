"""Figures in a real browser: nothing is cut, and words are large enough to read."""

from __future__ import annotations

import pytest

from explainers.catalogue import CHAPTERS
from explainers.drawing import typeface
from tests.site.conftest import Open

PAGES = {"": 1, **{f"{chapter.id}/": len(chapter.figures) for chapter in CHAPTERS}}
SMALLEST = {1280: 12.0, 390: 9.0}  # pixels, of a word in a figure

MEASURED = """() => [...document.querySelectorAll(".plot:not(.plot--small) .plot__canvas")].map(
  (canvas) => {
    const drawings = [...canvas.querySelectorAll(":scope > svg")].filter((svg) => svg.clientWidth);
    const words = drawings.flatMap((svg) => {
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return [...svg.querySelectorAll("text")].map((text) => [
        scale * parseFloat(getComputedStyle(text).fontSize), text.textContent.trim(),
      ]);
    });
    const beyond = (svg) => {
      const { left, right, top, bottom } = svg.getBoundingClientRect();
      return [...svg.querySelectorAll("text")].filter((text) => {
        const box = text.getBoundingClientRect();
        // A line is higher than its letters.
        const beside = box.left < left - 1 || box.right > right + 1;
        return beside || box.top < top - 3 || box.bottom > bottom + 3;
      });
    };
    const edge = document.documentElement.clientWidth;
    return {
      id: canvas.closest("figure").id,
      cut: canvas.scrollWidth > canvas.clientWidth ||
        drawings.some((svg) => svg.getBoundingClientRect().right > edge),
      beyond: drawings.flatMap(beyond).map((text) => text.textContent.trim()),
      smallest: words.sort((a, b) => a[0] - b[0])[0] ?? [99, ""],
    };
  })"""


@pytest.mark.parametrize("width", SMALLEST)
@pytest.mark.parametrize("place", PAGES)
def test_nothing_is_cut_and_words_can_be_read(
    visit: Open, root: str, place: str, width: int
) -> None:
    page = visit(root + place, viewport={"width": width, "height": 844}).page
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    found = page.evaluate(MEASURED)
    assert len(found) >= PAGES[place]
    assert [figure["id"] for figure in found if figure["cut"]] == []
    assert {figure["id"]: figure["beyond"] for figure in found if figure["beyond"]} == {}
    small = {f["id"]: f["smallest"] for f in found if f["smallest"][0] < SMALLEST[width] - 0.05}
    assert small == {}


@pytest.mark.parametrize(("width", "rows"), [(1280, 1), (390, 2)])
def test_panels_stand_beside_each_other_where_there_is_room(
    visit: Open, root: str, width: int, rows: int
) -> None:
    page = visit(f"{root}detection/", viewport={"width": width, "height": 844}).page
    panels = page.locator("#figure-or-gate .plot__canvas > svg").all()
    tops = [box["y"] for panel in panels if (box := panel.bounding_box())]
    assert len(tops) == 2
    assert len(set(tops)) == rows


WIDTHS = """([font, words]) => document.fonts.load(font, words).then(() => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  pen.fontKerning = "none";
  return pen.measureText(words).width;
})"""


@pytest.mark.parametrize(
    ("font", "face"),
    [("1000px Text", "text"), ("bold 1000px Text", "text-bold"), ("1000px Code", "code")],
)
def test_words_are_as_wide_as_where_figures_are_drawn(
    visit: Open, root: str, font: str, face: str
) -> None:
    """So that a figure, measured in the package's fonts, has room for its words on a page."""
    words = "Why pooling? 0123456789, 2 × 2 windows: −50% of d′ (max, mean)"
    page = visit(root).page
    width = page.evaluate(WIDTHS, [font, words])
    assert width == pytest.approx(1000 * typeface.width(words, face), rel=2e-3)
