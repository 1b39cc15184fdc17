"""Judgement is quoted: where readers look for answers, words that judge are a claim's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainers.catalogue import CHAPTERS
from explainers.questions import QUESTIONS

DOCS = Path(__file__).parents[2] / "docs"
JUDGING = re.compile(
    r"\b(always|never|only|better|worse|best|worst|every time|exactly the same)\b", re.IGNORECASE
)
# Where such a word judges nothing: the place, the words around it, and why.
ALLOWED: dict[tuple[str, str], str] = {}


def places() -> Iterator[tuple[str, str]]:
    """The home page, the answer boxes, the verdicts on the thread, and the answers."""
    yield "index", (DOCS / "index.md").read_text(encoding="utf-8")
    for chapter in CHAPTERS:
        page = (DOCS / f"{chapter.id}.md").read_text(encoding="utf-8")
        [box] = re.findall(r'<div class="answer" markdown>(.*?)</div>', page, re.DOTALL)
        yield f"{chapter.id}, answer", box
        for ruling in chapter.rulings:
            yield f"{chapter.id}, {ruling.examines}", ruling.condition
    for question in QUESTIONS:
        yield f"question {question.id}", question.short


@pytest.mark.parametrize(("place", "text"), list(places()), ids=[place for place, _ in places()])
def test_words_that_judge_are_quoted_from_claims(place: str, text: str) -> None:
    own = re.sub(r"\{\{.*?\}\}|\]\([^)]*\)", " ", text)
    found = [
        own[max(0, match.start() - 40) : match.end() + 40]
        for match in JUDGING.finditer(own)
        if not any(place == where and words in own for where, words in ALLOWED)
    ]
    assert not found


def test_no_exception_is_left_over() -> None:
    known = dict(places())
    for (place, words), why in ALLOWED.items():
        assert words in known[place]
        assert why
