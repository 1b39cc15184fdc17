"""Page texts: what comes from a record is words, whatever signs are in it."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from explainers import catalogue
from explainers.artefacts import history
from explainers.artefacts.templates import marked, quoted, render, words
from tests.builder.projects import ROOT

NASTY = [
    "plain words",
    "P(a|b) is <b>bold</b>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ x }} and {{ claim none }}",
    "{% raw %} << name >> <# note #>",
    "a line\n\n# and a heading",
    "[text](evil.md) ![x](y) [^1]",
    "*bold* **bolder** _it_ __it__ `code` ~~gone~~",
    "$x$ \\$ &amp; &lt;",
    "# not a heading",
    "- no item",
    "1. no item",
    "{.css #id}",
    "<!-- not a comment -->",
]
EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables"]

TABLE = ("table", "thead", "tbody", "tr", "th", "td")


def shown(text: str) -> BeautifulSoup:
    """The page as the site renders it."""
    rendered = Markdown(
        extensions=[*EXTENSIONS, "toc", "pymdownx.superfences", "pymdownx.tabbed", "explainers"],
        extension_configs={"explainers": {"docs": str(ROOT / "docs")}},
    ).convert(text)
    return BeautifulSoup(rendered, "html.parser")


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("text", NASTY)
def test_words_are_shown_as_they_are(text: str) -> None:
    page = shown(f"# {words(text)} {{#top}}\n\n{words(text)}\n\n| a |\n|---|\n| {words(text)} |\n")
    for place in ("h1", "p", "td"):
        assert page.select_one(place).get_text() == one_line(text)  # type: ignore[union-attr]
    assert len(page.find_all("td")) == 1
    assert {tag.name for tag in page.find_all()} <= {"h1", "p", *TABLE}
    assert page.select_one("h1")["id"] == "top"  # type: ignore[index]


@pytest.mark.parametrize("text", NASTY)
def test_front_matter_keeps_a_text(text: str) -> None:
    import yaml

    # The site builder puts it into the page as it is.
    title = yaml.safe_load(f"title: {quoted(text)}\n")["title"]
    assert html.unescape(title) == one_line(text)
    assert not set(title) & set("<>")


def test_emphasis_may_be_marked_and_nothing_else() -> None:
    page = shown(marked("the *max* of {{ x }} | <b>"))
    assert str(page.p) == "<p>the <em>max</em> of {{ x }} | &lt;b&gt;</p>"


def test_a_name_that_is_not_given_is_an_error() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render("figures.md", figures=[])


# ---- Records of releases can never be changed: nothing in them may stop a later build ----


def release(version: str, text: str, value: float, verdict: str) -> dict[str, Any]:
    return {
        "version": version,
        "edition": {"date": text},
        "claims": [
            {
                "id": "rises",
                "chapter": "detection",
                "question": text,
                "verdict": verdict,
                "condition": text if verdict == "holds" else "",
                "template": "x",
                "values": {"a": {"value": value, "unit": text, "meaning": text}},
            },
            *([] if value > 1 else [{**GONE, "question": text}]),
        ],
        "rulings": [
            {
                "examines": "T1",
                "says": text,
                "part": "",
                "verdict": verdict,
                "condition": "",
                "chapter": "detection",
            }
        ],
    }


GONE: dict[str, Any] = {
    "id": "gone",
    "chapter": "detection",
    "verdict": "holds",
    "condition": "",
    "template": "x",
    "values": {"a": {"value": 1, "unit": "1", "meaning": "m"}},
}


@pytest.mark.parametrize("text", NASTY)
def test_a_released_record_is_words_on_the_page_of_changes(text: str) -> None:
    releases = {
        "0.1.0": release("0.1.0", text, 1.0, "holds"),
        "0.2.0": release("0.2.0", text, 2.0, "does not hold"),
    }
    present = release("0.3.0", text, 3.0, "holds")
    page = shown(history.page(releases, present, "https://x.example/"))
    assert not page.select("script, img, b, input, h1 ~ h1")
    said = page.get_text()
    assert one_line(text.replace("*", "")) in one_line(said.replace("*", ""))
    assert [h.get_text() for h in page.find_all("h2")] == [
        "Since 0.2.0", "Version 0.2.0", "Version 0.1.0", "Released versions",
    ]  # fmt: skip
    cells = [len(row.find_all(["td", "th"])) for row in page.find_all("tr")]
    assert set(cells) == {4}


def test_every_page_of_the_package_has_a_template_and_every_template_a_page() -> None:
    folder = ROOT / "explainers" / "artefacts" / "templates"
    names = {path.name for path in folder.iterdir() if path.suffix in {".md", ".txt"}}
    assert names == {
        "claim.md", "figure.md", "claims.md", "figures.md", "benchmark.md", "changes.md",
        "errata.md", "ranges.md", "worksheet.md", "llms.txt"
    }  # fmt: skip


def test_the_pages_say_what_the_records_say() -> None:
    claims = json.loads((ROOT / "docs" / "claims.json").read_text(encoding="utf-8"))["claims"]
    index = shown((ROOT / "docs" / "claims" / "index.md").read_text(encoding="utf-8"))
    assert [link.get_text() for link in index.select(".claims__question")] == [
        claim["question"] for claim in claims
    ]
    text = (ROOT / "docs" / "llms.txt").read_text(encoding="utf-8")
    for chapter in catalogue.CHAPTERS:
        assert f"\n## {chapter.title}\n" in text
    for claim in claims:
        assert claim["answer"] in text
