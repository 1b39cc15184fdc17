"""Figures in a real browser: nothing is cut, and words are large enough to read."""

from __future__ import annotations

import pytest

from explainers.catalogue import CHAPTERS
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
    const edge = document.documentElement.clientWidth;
    return {
      id: canvas.closest("figure").id,
      cut: canvas.scrollWidth > canvas.clientWidth ||
        drawings.some((svg) => svg.getBoundingClientRect().right > edge),
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
