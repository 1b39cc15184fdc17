"""The question index in the built site, and whether the site's own search finds the answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page

from explainers.questions import QUESTIONS, Question
from tests.asked import ASKED, BY_ID
from tests.site.reading import content, file_of
from tests.site.searching import address, hits

INDEX = "questions/"
CHAPTERS = sorted({question.page for question in QUESTIONS} - {"index"})
SEARCHED = [
    *((question.text, question.page) for question in QUESTIONS),
    *((question.text.rstrip("?").lower(), question.page) for question in QUESTIONS),
    *((words, BY_ID[id].page) for words, id in ASKED.items()),
]

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


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


@pytest.mark.parametrize(("words", "answers"), SEARCHED)
def test_search_finds_the_page_that_answers(search: Page, words: str, answers: str) -> None:
    found = [hit.page for hit in hits(search, words)]
    assert address(answers) in found[:3], found
