"""The question index in the built site, and whether the site's own search finds the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, expect

from explainers.questions import QUESTIONS, Question
from tests.site.reading import content, file_of
from tests.test_questions import ASKED, BY_ID

INDEX = "questions/"
CHAPTERS = sorted({question.page for question in QUESTIONS} - {"index"})
SEARCHED = [
    *((question.text, question.page) for question in QUESTIONS),
    *((question.text.rstrip("?").lower(), question.page) for question in QUESTIONS),
    *((words, BY_ID[id].page) for words, id in ASKED.items()),
]

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def address(page: str) -> str:
    """The page's address, relative to the root of the site."""
    return "" if page == "index" else f"{page}/"


def part(site: Path, page: str, tag: str, css: str) -> list[ET.Element]:
    """The elements of that tag and class; their HTML is ours, and well-formed."""
    html = file_of(site, page).read_text(encoding="utf-8")
    found = re.findall(rf'<{tag} class="{css}">.*?</{tag}>', html, flags=re.DOTALL)
    return [ET.fromstring(element.replace("&para;", "¶")) for element in found]


def leads_to(element: ET.Element, page: str) -> list[str]:
    """The places on the site that the element's links lead to, without the link to itself."""
    links = [a for a in element.iter("a") if a.get("class") != "headerlink"]
    return [urljoin(f"/{page}", link.get("href", "")).lstrip("/") for link in links]


@each_question
def test_index_shows_it_with_its_answer_and_its_claims(site: Path, question: Question) -> None:
    shown = [s for s in part(site, INDEX, "section", "question") if s[0].get("id") == question.id]
    assert len(shown) == 1
    heading, answer, claims = shown[0]
    assert "".join(heading.itertext()).rstrip("¶") == question.text
    assert leads_to(heading, INDEX) == [f"{address(question.page)}#{question.anchor}"]
    assert leads_to(claims, INDEX) == [f"claims/{id}/" for id in question.claims]
    texts = json.loads((site / "claims.json").read_text(encoding="utf-8"))["claims"]
    asked = {claim["id"]: claim["question"] for claim in texts}
    assert ["".join(li.itertext()) for li in claims] == [asked[id] for id in question.claims]
    numbers = [data.get("data-claim") for data in answer.iter("data")]
    assert numbers == re.findall(r"\{\{ ([a-z0-9-]+)\.", question.short)


def test_index_shows_nothing_else(site: Path) -> None:
    shown = [section[0].get("id") for section in part(site, INDEX, "section", "question")]
    assert shown == [question.id for question in QUESTIONS]


@each_question
def test_its_answer_stands_once_under_a_heading(site: Path, question: Question) -> None:
    html = file_of(site, address(question.page)).read_text(encoding="utf-8")
    assert len(re.findall(rf'<h[1-6] id="{question.anchor}"', html)) == 1
    assert len(re.findall(rf'\bid="{question.anchor}"', html)) == 1


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_lists_what_it_answers(site: Path, chapter: str) -> None:
    page = address(chapter)
    (shown,) = part(site, page, "ul", "questions")
    answered = [question for question in QUESTIONS if question.page == chapter]
    assert ["".join(item.itertext()) for item in shown] == [q.text for q in answered]
    assert leads_to(shown, page) == [f"{page}#{question.anchor}" for question in answered]


def test_index_is_in_the_navigation(site: Path) -> None:
    assert INDEX in content(file_of(site, "")).links


@pytest.fixture(scope="module")
def search(browser: Browser, root: str) -> Iterator[Page]:
    """The home page with its search open."""
    page = browser.new_page(reduced_motion="reduce")
    page.goto(root)
    page.keyboard.press("/")
    yield page
    page.close()


@pytest.mark.parametrize(("words", "answers"), SEARCHED)
def test_search_finds_the_page_that_answers(
    search: Page, root: str, words: str, answers: str
) -> None:
    found = [urlsplit(link).path.lstrip("/") for link in _results(search, words)]
    assert address(answers) in list(dict.fromkeys(found))[:3], found[:8]


@pytest.mark.parametrize(
    ("typed", "written"),
    [("3x3", "3 × 3"), ("3×3", "3 × 3"), ("2x2", "2 × 2"), ("2X2", "2 × 2"), ("2×2", "2 × 2")],
)
def test_search_finds_sizes_however_they_are_typed(
    search: Page, site: Path, typed: str, written: str
) -> None:
    for words in ("", " window"):
        found = _results(search, typed + words)
        assert found == _results(search, written + words)
        pages = [file_of(site, urlsplit(link).path.lstrip("/")) for link in found[:3]]
        assert any(written in page.read_text(encoding="utf-8") for page in pages)


def _results(page: Page, words: str) -> list[str]:
    """The addresses that the site's search answers with, best first."""
    results = page.locator(".md-search-result__item > a")
    _ask(page, "")
    expect(results).to_have_count(0)
    _ask(page, words)
    expect(results.first).to_be_visible(timeout=10_000)
    links: list[str] = results.evaluate_all("links => links.map((link) => link.href)")
    return links


def _ask(page: Page, words: str) -> None:
    field = page.locator("[data-md-component=search-query]")
    field.fill(words)
    field.press("End")  # the search listens to keys
