"""What is heard and what is tabbed to: names that tell links apart, and no stop without a sight."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from playwright.sync_api import expect

from tests.site.conftest import Open
from tests.site.reading import file_of

CHAPTERS = ["detection/", "cost/"]

STOP = """() => {
  const at = document.activeElement, {width, height} = at.getBoundingClientRect()
  // A hidden input shows its focus on its label.
  const seen = at.matches("input[type=radio]") ? at.nextElementSibling : at
  const {outlineStyle, boxShadow} = getComputedStyle(seen)
  return {
    what: at.outerHTML.slice(0, 120),
    typed: at.matches("input:not([type=radio])"),
    seen: outlineStyle !== "none" || boxShadow !== "none",
    empty: seen === at && width * height === 0,
    article: at.closest("article") !== null,
  } }"""


def test_every_stop_of_the_tab_key_is_seen(visit: Open, root: str) -> None:
    page = visit(root).page
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))
        if stops[-1]["article"]:
            break
    assert stops[-1]["article"]
    assert any(stop["typed"] for stop in stops)  # the search, which shows a caret
    assert [stop["what"] for stop in stops if stop["empty"]] == []
    assert [stop["what"] for stop in stops if not (stop["seen"] or stop["typed"])] == []


def test_results_of_a_search_are_reached_by_keyboard(visit: Open, root: str) -> None:
    page = visit(root).page
    page.keyboard.press("/")
    page.keyboard.type("petal detector")
    expect(page.locator(".md-search-result__link").first).to_be_visible(timeout=10_000)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".md-search-result__link").first).to_be_focused()


@pytest.mark.parametrize("place", ["", "detection/", "reference/cost/", "notebooks/detection/"])
def test_the_name_of_a_heading_is_its_words(visit: Open, root: str, place: str) -> None:
    page = visit(root + place).page
    headings = page.locator("article").get_by_role("heading")
    assert headings.count() > 3
    assert headings.filter(has_text="¶").count() > 0  # there for the pointer
    assert page.locator("article").get_by_role("heading", name="¶").count() == 0
    assert page.locator("article").get_by_role("link", name="¶").count() == 0


def test_titles_in_the_search_have_no_sign(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    titles = [entry["title"] for entry in index["docs"]]
    assert len(titles) > 300
    assert [title for title in titles if "¶" in title] == []


@pytest.mark.parametrize("place", ["", *CHAPTERS])
def test_links_of_one_name_lead_to_one_place(site: Path, place: str) -> None:
    page = html.fromstring(file_of(site, place).read_text(encoding="utf-8"))
    places: dict[str, set[str]] = defaultdict(set)
    for link in page.xpath("//article//a[@href and not(@aria-hidden)]"):
        name = link.get("aria-label") or " ".join(link.text_content().split())
        if name.startswith(("Read why", "About this figure", "why")):
            places[name].add(link.get("href"))
            # What is seen is part of what is heard: a voice command says what is seen.
            assert name.startswith(link.text_content())
    assert places
    assert {name: to for name, to in places.items() if len(to) > 1} == {}


def sides_of(file: Path) -> str:
    """Pixels of a PNG, millimetres of what has none; by other readers than the site's."""
    if file.suffix == ".png":
        with Image.open(file) as picture:
            return f"{picture.width} × {picture.height} pixels, "
    if file.suffix == ".csv":
        return ""
    drawn = file.with_suffix(".svg")
    sides = (float(ET.parse(drawn).getroot().get(side, "").removesuffix("pt")) for side in SIDES)
    return f"{' × '.join(f'{side * 25.4 / 72:.0f}' for side in sides)} mm, "


SIDES = ("width", "height")


def test_a_figure_s_files_have_their_sizes_and_a_line_of_credit(site: Path) -> None:
    page = html.fromstring(file_of(site, "figures/flower-panels/").read_text(encoding="utf-8"))
    [files] = page.xpath("//div[@class='files']")
    for item in files.iter("li"):
        [link] = item.iter("a")
        file = site / "figures" / "flower-panels" / link.get("href")
        size = f"{file.stat().st_size / 1000:.0f} kB"
        assert item.text_content() == f"{link.text_content()}, {sides_of(file)}{size}"
    assert [link.text_content() for link in files.iter("a")] == [
        "SVG, light", "SVG, dark", "PDF, light", "PNG, light", "PNG, dark", "Data as CSV",
    ]  # fmt: skip
    [line] = files.xpath(".//pre[@class='copy__text']")
    assert line.text_content().startswith("“A petal detector on a photograph”, ")
    assert "CC BY 4.0." in line.text_content()
    assert "vultilion, CC BY 2.0" in line.text_content()
    plain = html.fromstring(file_of(site, "figures/or-gate/").read_text(encoding="utf-8"))
    assert "vultilion" not in plain.xpath("//div[@class='files']")[0].text_content()
