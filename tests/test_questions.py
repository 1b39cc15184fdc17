"""The questions that people ask: all of them are there, and each has one place that answers it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from explainers import catalogue
from explainers.questions import QUESTIONS, Question
from tests.asked import ASKED, BY_ID

DOCS = Path(__file__).parents[1] / "docs"


each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def headings(page: str) -> list[str]:
    """The ids of the page's headings, in order; code is not read."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+ .*\{#([a-z0-9-]+)\}$", text, flags=re.MULTILINE)


def test_what_people_ask_is_there() -> None:
    assert set(ASKED.values()) <= set(BY_ID)


def test_ids_and_questions_differ() -> None:
    assert len(BY_ID) == len(QUESTIONS) == len({question.text.lower() for question in QUESTIONS})
    assert [id for id in BY_ID if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id)] == []
    assert set(BY_ID).isdisjoint(headings("questions"))


@each_question
def test_its_answer_is_one_heading_of_a_page(question: Question) -> None:
    assert headings(question.page).count(question.anchor) == 1


@each_question
def test_it_rests_on_claims_that_exist(question: Question) -> None:
    assert question.claims
    assert len(set(question.claims)) == len(question.claims)
    for id in question.claims:
        assert catalogue.claim(id).id == id


@each_question
def test_its_answer_is_short_with_computed_numbers(question: Question) -> None:
    numbers = re.findall(r"\{\{ ([a-z0-9-]+)\.\w+(?::\S+)? \}\}", question.short)
    assert set(numbers) <= set(question.claims)
    plain = re.sub(r"\{\{.*?\}\}", "", question.short)
    assert (
        re.findall(r"\d", re.sub(r"VGG-16|ResNet-\d+|int8|float16|\d × \d|stride 2", "", plain))
        == []
    )
    assert question.short.endswith((".", "}}"))
    assert len(re.findall(r"[.!?] ", plain)) + question.short.count("says") <= 4
    assert question.text.endswith("?")


def test_groups_stand_together_on_the_index_and_are_short() -> None:
    groups = Counter(question.group for question in QUESTIONS)
    assert [name for name, count in groups.items() if not 4 <= count <= 7] == []
    order = [question.group for question in QUESTIONS]
    assert order == [name for name in groups for _ in range(groups[name])]
    page = (DOCS / "questions.md").read_text(encoding="utf-8")
    tags = re.findall(r"^## .+ \{#(\S+)\}\n\n\{\{ questions (\S+) \}\}$", page, flags=re.MULTILINE)
    assert tags == [(name, name) for name in groups]


def test_groups_and_pages_have_different_names() -> None:
    assert {q.group for q in QUESTIONS}.isdisjoint(q.page for q in QUESTIONS)


@pytest.mark.parametrize("chapter", [chapter.id for chapter in catalogue.CHAPTERS])
def test_every_chapter_lists_the_questions_it_answers(chapter: str) -> None:
    text = (DOCS / f"{chapter}.md").read_text(encoding="utf-8")
    assert f"{{#questions}}\n\n{{{{ questions {chapter} }}}}\n" in text
    assert chapter in {question.page for question in QUESTIONS}
