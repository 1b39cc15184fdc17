"""A term says what it means where it stands: to pointer, focus and touch, and to screen readers."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from lxml import html
from markdown import Markdown
from playwright.sync_api import Locator, Page, ViewportSize, expect

from explainers.site import terms
from explainers.site.extension import makeExtension
from tests.site.conftest import ROOT, Open
from tests.site.reading import addresses, file_of

CHAPTER = "detection/"
PHONE: ViewportSize = {"width": 390, "height": 844}
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
KNOWN = terms.meanings(GLOSSARY)
NOTE = ".meaning"


# ---- Written once, in the glossary ----


def test_every_entry_of_the_glossary_has_a_short_meaning() -> None:
    assert list(KNOWN) == re.findall(r"^### .*\{#(.+)\}$", GLOSSARY, re.MULTILINE)
    lengths = {term: len(meaning.split()) for term, meaning in KNOWN.items()}
    assert {term: n for term, n in lengths.items() if not 7 <= n <= 20} == {}
    assert [m for m in KNOWN.values() if not m.endswith(".") or set(m) & set("*$`[{")] == []


def test_a_link_to_the_glossary_is_described_by_the_entry(tmp_path: Path) -> None:
    (tmp_path / "glossary.md").write_text("### Window {#window}\n\nWhat it *sees*. And so on.\n")
    text = (
        "A [window](glossary.md#window), one [more](../glossary.md#window), [none](how.md#window)."
    )
    made = Markdown(extensions=[makeExtension(docs=str(tmp_path))]).convert(text)
    page = html.fragment_fromstring(made, create_parent="div")
    one, two, none = page.iter("a")
    assert one.get("aria-describedby") == two.get("aria-describedby") == "meaning-window"
    assert none.get("aria-describedby") is None
    [meaning] = page.xpath("//*[@id='meaning-window']")
    assert meaning.text == "What it sees."
    assert meaning.getparent().get("hidden") is not None


def test_every_link_to_a_term_carries_its_meaning(site: Path) -> None:
    found = 0
    for address in addresses(site):
        page = html.fromstring(file_of(site, address).read_text(encoding="utf-8"))
        for link in page.xpath("//article//a[contains(@href, 'glossary/#')]"):
            term = link.get("href").partition("#")[2]
            if term not in KNOWN:
                continue  # a group of terms
            [told] = page.xpath("//*[@id=$id]", id=link.get("aria-describedby"))
            assert told.text_content() == KNOWN[term]
            found += 1
    assert found > 100


# ---- Shown where the term stands ----


def first_term(page: Page) -> Locator:
    return page.locator("article p a[aria-describedby^=meaning-]").first


def meaning_of(term: Locator) -> str:
    return KNOWN[(term.get_attribute("href") or "").partition("#")[2]]


def is_whole(page: Page) -> bool:
    """Whether the note is within the window, whole."""
    whole: bool = page.evaluate(
        """note => {
          const {left, top, right, bottom} = document.querySelector(note).getBoundingClientRect()
          const {clientWidth, clientHeight} = document.documentElement
          return left >= 0 && top >= 0 && right <= clientWidth && bottom <= clientHeight }""",
        NOTE,
    )
    return whole


@pytest.mark.parametrize("from_file", [False, True], ids=["host", "file"])
def test_the_pointer_shows_it_and_may_go_to_it(
    visit: Open, root: str, site: Path, from_file: bool
) -> None:
    address = (site / CHAPTER / "index.html").as_uri() if from_file else root + CHAPTER
    page = visit(address).page
    term, note = first_term(page), page.locator(NOTE)
    expect(note).to_be_hidden()
    term.hover()
    expect(note).to_be_visible()
    expect(note).to_have_text(meaning_of(term))
    note.hover()
    page.wait_for_timeout(400)
    expect(note).to_be_visible()
    page.mouse.move(2, 2)
    expect(note).to_be_hidden()


def test_the_focus_shows_it_and_escape_puts_it_away(visit: Open, root: str) -> None:
    page = visit(root + CHAPTER).page
    term, note = first_term(page), page.locator(NOTE)
    page.keyboard.press("Tab")  # so that the browser takes this for a reader with a keyboard
    term.focus()
    expect(note).to_have_text(meaning_of(term))
    expect(note).to_be_visible()
    expect(term).to_have_accessible_description(meaning_of(term))
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(term).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/#*")


def test_escape_puts_it_away_under_the_pointer(visit: Open, root: str) -> None:
    page = visit(root + CHAPTER).page
    first_term(page).hover()
    expect(page.locator(NOTE)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(NOTE)).to_be_hidden()


def test_a_first_touch_shows_it_and_a_second_follows(visit: Open, root: str) -> None:
    page = visit(root + CHAPTER, viewport=PHONE, has_touch=True, is_mobile=True).page
    term, note = first_term(page), page.locator(NOTE)
    term.tap()
    expect(note).to_be_visible()
    assert page.url == root + CHAPTER
    page.locator("h1").tap()
    expect(note).to_be_hidden()
    term.tap()
    expect(note).to_be_visible()
    term.tap()
    page.wait_for_url("**/glossary/#*")


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_every_note_is_whole_and_moves_nothing(visit: Open, root: str, size: ViewportSize) -> None:
    page = visit(root + CHAPTER, viewport=size).page
    size_of_page = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    before = page.evaluate(size_of_page)
    page.keyboard.press("Tab")
    for term in page.locator("article a[aria-describedby^=meaning-]:visible").all()[:12]:
        term.focus()
        expect(page.locator(NOTE)).to_have_text(meaning_of(term))
        assert is_whole(page)
        assert page.evaluate(size_of_page) == before


def test_without_script_the_link_leads_to_the_glossary(visit: Open, root: str) -> None:
    page = visit(root + CHAPTER, java_script_enabled=False).page
    first_term(page).click()
    page.wait_for_url("**/glossary/#*")


def test_its_script_is_small() -> None:
    script = (ROOT / "docs" / "assets" / "site.js").read_text(encoding="utf-8")
    own = script[script.index("// A term says what it means") : script.index("// The reference")]
    assert len(gzip.compress(own.encode())) < 1000
