"""How a chapter reads: the thing first, few numbers, all else one press away."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainers.catalogue import CHAPTERS
from explainers.chapter import Chapter
from tests.site.conftest import Open
from tests.site.reading import Prose, content, file_of

SCREEN = ("details", "table", "pre", "code", "svg", "math", "claim", "cite", "headerlink", "lab")
# Sizes, 2 × 2, are one number each; VGG-16 and conv1_2 are names.
NUMBER = re.compile(r"(?<![\w.-])[−+-]?\d[\d,./]*(?: × \d+)*")
PASSAGE = 150  # words
MOST = 6  # numbers in a hundred words

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.id)


def html(site: Path, chapter: Chapter) -> str:
    return file_of(site, f"{chapter.id}/").read_text(encoding="utf-8")


def sections(page: str, *without: str) -> dict[str, str]:
    return Prose(page, frozenset(without)).sections


def before(id: str, page: str) -> str:
    """The page's article, up to the heading with that id."""
    return page[page.index("<article") : page.index(f'id="{id}"')]


def passages(page: str) -> Iterator[str]:
    """What is read at a stretch: sections in a row, as many as make a passage. Sources are none."""
    passage = ""
    for id, words in sections(page, *SCREEN).items():
        if id == "cite":
            return
        passage += f" {words}"
        if len(passage.split()) >= PASSAGE:
            yield passage
            passage = ""


def dense(page: str) -> list[str]:
    """The passages with too many numbers, each with how many there are in a hundred words."""
    found = [(100 * len(NUMBER.findall(p)) / len(p.split()), p) for p in passages(page)]
    return [f"{share:.1f}: {' '.join(p.split())[:60]}" for share, p in found if share > MOST]


@each_chapter
def test_every_claim_and_figure_of_a_chapter_is_on_its_page(site: Path, chapter: Chapter) -> None:
    shown = content(file_of(site, f"{chapter.id}/")).ids
    wanted = {f"claim-{claim.id}" for claim in chapter.claims}
    wanted |= {f"figure-{figure.id}" for figure in chapter.figures}
    assert wanted
    assert wanted - shown == set()


@each_chapter
def test_it_opens_with_a_picture_a_quoted_judgement_and_one_number(
    site: Path, chapter: Chapter
) -> None:
    opening = before("try-it", html(site, chapter))
    assert opening.index('class="answer"') < opening.index("plot__canvas")
    assert "says" in re.findall(r'class="(\w+)"', opening)
    assert opening.count('class="value"') == 1
    box = opening[opening.index('<div class="answer"') : opening.index("</div>")]
    assert 'class="value"' in box
    assert len(re.sub(r"<[^>]*>", "", box).split()) <= 70


@each_chapter
def test_no_formula_and_no_greek_before_the_reader_has_tried_it(
    site: Path, chapter: Chapter
) -> None:
    opening = before("try-it", html(site, chapter))
    assert "<math" not in opening
    assert re.findall(r"[\u0370-\u03ff]", re.sub(r"<[^>]*>", "", opening)) == []


@each_chapter
def test_there_is_something_to_try(site: Path, chapter: Chapter) -> None:
    text = html(site, chapter)
    rest = text[text.index('<h2 id="try-it"') + 1 :]
    tried = re.findall(r'<details class="question">(.*?)</details>', rest, re.DOTALL)
    assert len(tried) in (2, 3)
    assert rest.index("<h2") > rest.rindex('<details class="question">')
    for question in tried:
        summary, answer = question.split("</summary>")
        assert summary.rstrip().endswith("?")
        assert 'class="value"' in answer
        assert re.search(r'href="#[a-z0-9-]+"', answer)


@each_chapter
def test_numbers_are_few_in_what_is_read(site: Path, chapter: Chapter) -> None:
    page = html(site, chapter)
    assert dense(page) == []
    # Not because little is left that is read.
    assert sum(len(passage.split()) for passage in passages(page)) > 1500


def test_a_passage_of_numbers_is_found() -> None:
    words = "Of 4 of them 2 × 2 are VGG-16's, and in 1.5% it rains all day long. " * 20
    [found] = dense(f"<article><h1 id='top'>Why?</h1><p>{words}</p></article>")
    assert found.startswith("17.6")
    folded = f"<article><h1 id='top'>Why?</h1><details><p>{words}</p></details></article>"
    assert dense(folded) == []


@each_chapter
def test_whose_words_they_are_is_told_where_sources_are_named(site: Path, chapter: Chapter) -> None:
    """The reader has not seen the documents: elsewhere the thing itself is said."""
    said = sections(html(site, chapter))
    assert "thread" in said.pop("verdict")
    del said["cite"]
    named = {
        id: found
        for id, words in said.items()
        if (found := re.findall(r"\bT[1-8]\b|\bthe (?:thread|excerpt|tutorial)\b", words, re.I))
    }
    assert named == {}


# ---- What is folded is one press away ----


OPEN = """id => {
  const target = document.getElementById(id), {top} = target.getBoundingClientRect()
  return [target.closest("details").open, top >= 0 && top < innerHeight]
}"""
FOLDED = "figure-max-against-mean"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_into_a_fold_opens_it(visit: Open, root: str, scripts: bool) -> None:
    address = f"{root}detection/#{FOLDED}"
    page = visit(address, java_script_enabled=scripts).page
    assert page.evaluate(OPEN, FOLDED) == [True, True]


def test_a_link_into_a_fold_opens_it_from_the_same_page(visit: Open, root: str) -> None:
    page = visit(f"{root}detection/").page
    assert page.evaluate(OPEN, FOLDED)[0] is False
    page.evaluate("id => { location.hash = id }", FOLDED)
    page.wait_for_function(f"({OPEN})({FOLDED!r}).every(Boolean)")


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_is_folded_on_paper(visit: Open, root: str, scripts: bool) -> None:
    page = visit(f"{root}detection/", java_script_enabled=scripts).page
    visible = (
        f"document.getElementById('{FOLDED}').checkVisibility({{contentVisibilityAuto: true}})"
    )
    assert page.evaluate(visible) is False
    page.emulate_media(media="print")
    # Asked from here: the browser's own waiting is a script of the page, which may have none.
    deadline = time.monotonic() + 30
    while not (shown := page.evaluate(visible)) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert shown
